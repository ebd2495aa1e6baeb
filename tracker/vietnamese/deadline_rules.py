"""A printed deadline as it was read, with its sentences in the reader's language: the rule, or what is to be asked."""

import calendar
import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tracker.vietnamese.dates import format_date


@dataclass(frozen=True)
class Deadline:
    """A deadline as read. ``each_year``: month and day by which yearly work is due every year, where printed."""

    kind: str
    due_on: dt.date | None = None
    rule_code: str = ""
    question_code: str = ""
    is_inferred: bool = False
    each_year: tuple[int, int] | None = None

    @property
    def rule(self) -> str:
        """How the date was found, in one sentence; empty when nothing is printed or something is to be asked."""
        if self.question_code or not self.rule_code:
            return ""
        sentence = _rules()[self.rule_code]
        if self.due_on:
            sentence = sentence % {"day": format_date(self.due_on)}
        elif self.each_year:
            sentence = sentence % {"day": f"{self.each_year[1]}/{self.each_year[0]}"}
        if self.is_inferred:
            inferred = _("The year is inferred from the year of the plan.")
            sentence = f"{sentence} {inferred}"
        return sentence

    @property
    def question(self) -> str:
        """What a person still has to say, in one sentence; empty when the words are clear."""
        return _questions()[self.question_code] if self.question_code else ""

    def due_in(self, year: int) -> dt.date:
        """When yearly work is due in a year: by the printed day, else at the end of the year."""
        month, day = self.each_year or (12, 31)
        return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _rules() -> dict[str, str]:
    return {
        "said_none": _("The words say that there is no deadline."),
        "placeholder": _("01/01/1970 is how lists write that there is no deadline."),
        "day": _("The printed day: %(day)s."),
        "before_day": _("The printed day: %(day)s; on the day itself it is still in time."),
        "month_end": _("The last day of the month: %(day)s."),
        "quarter_end": _("The last day of the quarter: %(day)s."),
        "year_end": _("The last day of the year: %(day)s."),
        "range": _("The last day of the last year: %(day)s."),
        "yearly": _("Every year: one result each year, by the end of the year."),
        "yearly_by": _("Every year by %(day)s: one result each year."),
        "recurring": _("Every period: one note each reporting period, no single deadline."),
        "ongoing": _("Ongoing: no deadline, never late."),
    }


def _questions() -> dict[str, str]:
    return {
        "unreadable": _(
            "These words could not be read as a deadline: give the date yourself, or choose that there is none."
        ),
        "impossible": _("The calendar has no such day between 2000 and 2100: check the date."),
        "backwards": _("The end stands before the beginning: check the words, or give the date yourself."),
        "year": _("Which year is meant?"),
        "short_year": _("Which year is meant? Write it with four digits."),
        "serial": _(
            "This number is how a spreadsheet stores a day: write the day as the document prints it."
        ),
        "weekday": _("The weekday is not the one of this date: check the date, or give it yourself."),
        "vague": _("These words name no day of their own: give the date yourself."),
        "several": _(
            "Several moments are named: say that the work comes back every period, or give its one date yourself."
        ),
        "before_period": _("“Before” a month, quarter or year may mean two days: give the date yourself."),
        "depends": _(
            "This depends on something else and names no day: give the date yourself, or choose that there is none."
        ),
        "open_range": _(
            "These words have a beginning and no end: give the date yourself, or choose how the work goes on."
        ),
    }
