"""The sentence that says how a printed deadline was read, or what still has to be asked."""

from django.utils.translation import gettext as _

from tracker.vietnamese.dates import format_date
from tracker.vietnamese.deadlines import Deadline


def rule_sentence(deadline: Deadline) -> str:
    """One sentence in the reader's language; empty when nothing is printed."""
    if deadline.question:
        return _questions()[deadline.question]
    sentences = {
        "none": "",
        "day": _("The printed day: %(day)s."),
        "month_end": _("The last day of the month: %(day)s."),
        "quarter_end": _("The last day of the quarter: %(day)s."),
        "year_end": _("The last day of the year: %(day)s."),
        "range": _("The last day of the last year: %(day)s."),
        "yearly": _("Every year: one result each year, no single deadline."),
        "recurring": _("Every period: one note each reporting period, no single deadline."),
        "ongoing": _("Ongoing: no deadline, never late."),
    }
    sentence = sentences[deadline.rule]
    if deadline.due_on:
        sentence = sentence % {"day": format_date(deadline.due_on)}
    if deadline.is_inferred:
        inferred = _("The year is inferred from the year of the plan.")
        sentence = f"{sentence} {inferred}"
    return sentence


def _questions() -> dict[str, str]:
    return {
        "unreadable": _(
            "These words could not be read as a deadline: give the date yourself, or choose that there is none."
        ),
        "impossible": _("There is no such day between 2000 and 2100: check the date."),
        "year": _("Which year is meant?"),
        "open_range": _("“And the following years” has no end: choose the deadline yourself."),
    }
