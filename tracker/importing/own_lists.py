"""Lists of our own that were taken out as text: the two that are read in again, and those that are for reading only."""

from collections.abc import Sequence

from django.utils.translation import gettext, override
from django.utils.translation import gettext as _

from tracker.appendices import Table, Unreadable

_MARKS = (
    ("Code of the directive", "Official table"),  # assignments
    ("Code of the directive", "Result of the period"),  # progress reports, those that wait
    ("Code of the directive", "New deadline asked for"),  # extensions
    ("Code of the directive", "Document that says so"),  # corrected deadlines
    ("Code of the directive", "What holds the work up"),  # obstacles
    ("Code of the directive", "What the level comes from"),  # early warning
    ("Number and symbol", "Abstract", "Speaker"),  # documents
    ("Indicator", "Reporting period", "Qualifier"),  # figures
    ("Indicator", "Reporting period", "Whose figure"),  # figures that wait
    ("Indicator", "What is doubtful"),  # questions
    ("Reporting period", "Not sent", "Not due yet"),  # reports sent by agencies
    ("Grade of urging", "Urged agencies"),  # urgings
    ("Kind of period", "Figures close on"),  # reporting periods
    ("Short name", "How sure the name is"),  # agencies
    ("Account name", "Last log-in"),  # users
    ("Person", "Attempts", "What became of it"),  # outgoing mail
)
"""By list heads that stand together in no appendix."""

_MATRIX = ("No.", "Agency"), ("Result", "Updated on")
"""The heads with which the matrix begins and ends; between them are names of indicators."""


def importable(tables: list[Table]) -> list[Table]:
    """The same tables. Raises Unreadable for one of our lists that is not read in."""
    if is_for_reading(tables):
        raise Unreadable(
            _("This file was exported for reading; only lists of directives and of indicators are imported.")
        )
    return tables


def is_for_reading(tables: Sequence[Table]) -> bool:
    """Is it one of our lists other than directives and indicators, in either language?"""
    heads = tables[0].rows[0] if len(tables) == 1 else []
    for language in ("vi", "en"):
        with override(language):
            if any(set(map(gettext, mark)) <= set(heads) for mark in _MARKS):
                return True
            first, last = ([gettext(head) for head in part] for part in _MATRIX)
            if heads[:2] == first and heads[-2:] == last:
                return True
    return False
