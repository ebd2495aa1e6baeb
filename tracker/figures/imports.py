"""The numbers above the rows of an import, and the rows behind each of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracker.importing import Checked
from tracker.models import ImportRow, ImportStatus

Outcome = ImportRow.Outcome


@dataclass(frozen=True)
class Tab:
    """One cut of the rows: the word in the address, its name, its icon and how many rows it has."""

    word: str
    label: Promise | str
    icon: str
    count: int


_CHECKING: dict[str, tuple[Promise | str, str, Callable[[Checked], bool]]] = {
    "can-xem": (_("To look at"), "", lambda one: one.is_problem or one.is_doubtful),
    "loi": (_("Errors"), "bad", lambda one: one.is_problem),
    "canh-bao": (_("Warnings"), "warn", lambda one: one.is_doubtful),
    "hop-le": (_("Valid"), "ok", lambda one: one.is_written and not one.is_doubtful),
    "bo": (_("Not imported"), "", lambda one: not one.is_work),
    "tat-ca": (_("All"), "", lambda one: True),
}
"""While the rows are checked: errors, warnings, valid rows and those left out are all rows, each once."""

_WRITTEN: dict[str, tuple[Promise | str, str, Callable[[ImportRow], bool]]] = {
    "tao": (_("Created"), "plus", lambda row: row.outcome == Outcome.CREATED),
    "sua": (_("Updated"), "", lambda row: row.outcome == Outcome.UPDATED),
    "giu": (_("Unchanged"), "", lambda row: row.outcome == Outcome.UNCHANGED),
    "bo": (_("Left out"), "", lambda row: row.outcome == Outcome.SKIPPED),
    "tat-ca": (_("All"), "", lambda row: True),
}


_UNDONE = _WRITTEN | {
    "tao": (_("Withdrawn again"), "", _WRITTEN["tao"][2]),
    "sua": (_("Put back as before"), "", _WRITTEN["sua"][2]),
}
"""After undoing: what was created is withdrawn, what was updated is as it was."""

_CUTS = {ImportStatus.CHECKING: _CHECKING, ImportStatus.UNDONE: _UNDONE}


def cut(rows: list[Any], asked: str, *, status: str) -> tuple[list[Tab], str, list[Any]]:
    """The tabs with their counts, the one that is shown, and its rows; an unknown word means the first with rows."""
    table: Any = _CUTS.get(ImportStatus(status), _WRITTEN)
    lists = {word: [row for row in rows if fits(row)] for word, (_label, _icon, fits) in table.items()}
    tabs = [Tab(word, label, icon, len(lists[word])) for word, (label, icon, _fits) in table.items()]
    shown = asked if asked in lists else next((word for word, found in lists.items() if found), "tat-ca")
    return tabs, shown, lists[shown]
