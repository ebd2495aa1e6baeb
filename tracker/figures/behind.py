"""Who is behind with what, in the words that are sent: the one reckoning behind every button that urges.

Behind is work that is overdue, due soon without a report for the period in hand, returned and not handed in again,
or not received in time; and a place on a list that is not in use yet. The words are Vietnamese whatever language
the sender reads: they go on record and to the agencies.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from tracker.figures.work import REPORTABLE
from tracker.models import (
    Agency,
    Assignment,
    CalendarDay,
    Configuration,
    Directive,
    Indicator,
    ProgressReport,
    ReportingPeriod,
    ReportStatus,
    Standing,
    Status,
)
from tracker.reminder_days import working_day_back
from tracker.templatetags.display import days_left, status_word
from tracker.vietnamese.dates import format_date
from tracker.vietnamese.working_days import WorkingDays

LONGEST_LINE = 1000
LONGEST_TITLE = 90


class Reason(StrEnum):
    """Why an assignment counts as behind."""

    LATE = "late"
    RETURNED = "returned"
    SILENT = "silent"
    NOT_RECEIVED = "not_received"


@dataclass(frozen=True)
class Measure:
    """What work is held against today: the start of the period in hand, and since when it should be received."""

    today: dt.date
    period_start: dt.date
    received_until: dt.date
    """Work assigned on this day or before it should have been received by now."""

    @classmethod
    def of(cls, today: dt.date, office: Configuration) -> "Measure":
        """In two queries."""
        calendar = CalendarDay.objects.working_days(*_calendar_window(today, office))
        return cls.beside(today, office, ReportingPeriod.in_hand(today).starts_on, calendar)

    @classmethod
    def beside(
        cls, today: dt.date, office: Configuration, period_start: dt.date, calendar: WorkingDays
    ) -> "Measure":
        """For a page that has loaded the start of the period and the calendar along with its rows."""
        return cls(today, period_start, working_day_back(today, office.not_received_days, calendar))

    def reasons(self, row: Any) -> list[Reason]:
        """Why an assignment is behind, nothing when it is not; it has its ``standing`` and the state ``in_hand``."""
        is_running = row.status in REPORTABLE
        found = [
            (Reason.LATE, row.standing == Standing.LATE),
            (Reason.RETURNED, is_running and row.in_hand == ReportStatus.RETURNED),
            (Reason.SILENT, is_running and row.standing == Standing.SOON and not self.has_reported(row)),
            (
                Reason.NOT_RECEIVED,
                row.status == Status.NEW and row.assigned_on <= self.received_until and _is_asked(row),
            ),
        ]
        return [reason for reason, holds in found if holds]

    def has_reported(self, row: Any) -> bool:
        """For the period in hand: confirmed, waiting for review, or returned."""
        return row.in_hand in {ReportStatus.SUBMITTED, ReportStatus.RETURNED} or bool(
            row.progress_on and row.progress_on >= self.period_start
        )


def _is_asked(row: Any) -> bool:
    """Yearly work asks for nothing itself: its years do."""
    return row.directive.deadline_kind != Directive.DeadlineKind.YEARLY


def calendar_along(today: dt.date, office: Configuration) -> ArraySubquery:
    """SQL for the days of the calendar that ``Measure`` needs, brought along by another query."""
    rows = CalendarDay.objects.between(*_calendar_window(today, office)).order_by()
    return ArraySubquery(rows.values(found=JSONObject(day="day", kind="kind")))


def calendar_of(rows: Iterable[dict[str, str]]) -> WorkingDays:
    """What ``calendar_along`` brought."""
    days: dict[str, set[dt.date]] = {kind: set() for kind in CalendarDay.Kind.values}
    for row in rows:
        days[row["kind"]].add(dt.date.fromisoformat(row["day"]))
    return WorkingDays(
        off=frozenset(days[CalendarDay.Kind.OFF]), made_up=frozenset(days[CalendarDay.Kind.MADE_UP])
    )


def _calendar_window(today: dt.date, office: Configuration) -> tuple[dt.date, dt.date]:
    """Tết is the longest time without a working day, nine days."""
    return today - dt.timedelta(days=2 * office.not_received_days + 31), today


def with_report(rows: Any) -> Any:
    """Annotate assignments with the state of the report that is being written or reviewed."""
    in_hand = ProgressReport.objects.in_hand().filter(assignment=OuterRef("pk"))
    return rows.annotate(in_hand=Subquery(in_hand.values("status")[:1]))


@dataclass(frozen=True)
class Lack:
    """One thing that an agency is behind with: its assignment, or its place on a list."""

    words: str
    directive: Directive | None
    assignment: Assignment | None = None
    indicator: Indicator | None = None
    is_theirs: bool = True
    """The next step is the agency's; not while its report of completion waits, or the work rests."""


@dataclass
class Behind:
    """One agency with all that it is behind with; with nothing it is left out, and ``spared`` says why."""

    agency: Agency
    lacks: list[Lack] = field(default_factory=list)
    spared: str = ""
    updated_on: dt.date | None = None
    has_reporter: bool = True
    times: int = 0
    """How often it has been urged about the same before."""
    last_on: dt.date | None = None
    last_grade: str = ""

    @property
    def is_behind(self) -> bool:
        return bool(self.lacks)

    @property
    def is_theirs(self) -> bool:
        """Something waits for the agency itself and not for the department."""
        return any(lack.is_theirs for lack in self.lacks)

    @property
    def told(self) -> list[str]:
        """What fits into the line that is sent, thing by thing."""
        room, words = LONGEST_LINE - 40, []
        for lack in self.lacks:
            room -= len(lack.words) + 3
            if room < 0:
                break
            words.append(lack.words)
        left = len(self.lacks) - len(words)
        if left:
            with override("vi"):
                words.append(ngettext("and %(n)s more matter", "and %(n)s more matters", left) % {"n": left})
        return words

    @property
    def line(self) -> str:
        """The line that the agency reads."""
        return Truncator(" · ".join(self.told)).chars(LONGEST_LINE)

    @property
    def assignments(self) -> list[Assignment]:
        return [lack.assignment for lack in self.lacks if lack.assignment]


def lack_of(row: Any, measure: Measure) -> Lack | None:
    """What one assignment is behind with, in words; None when it is not."""
    reasons = measure.reasons(row)
    if not reasons:
        return None
    said = [_said(reason, row, measure.today) for reason in reasons]
    if row.status in _RESTS:
        said.append(str(_RESTS[row.status]()))
    title = Truncator(row.directive.label).chars(LONGEST_TITLE)
    words = f"{row.directive.code} {title}: {'; '.join(said)}"
    return Lack(words, row.directive, row, is_theirs=row.status in REPORTABLE)


_RESTS = {
    Status.AWAITING: lambda: _("completion reported, waits for confirmation"),
    Status.PAUSED: lambda: _("paused by the leader"),
    Status.DECLINED: lambda: _("declined, waits for an answer"),
}
"""Open work whose next step is the department's."""


def _said(reason: Reason, row: Any, today: dt.date) -> str:
    if reason == Reason.RETURNED:
        return _("the report was returned and has not been handed in again")
    if reason == Reason.NOT_RECEIVED:
        return _("assigned on %(day)s, not received yet") % {"day": format_date(row.assigned_on)}
    due = _("%(left)s (deadline %(day)s)") % {
        "left": days_left(row.due_on, today),
        "day": format_date(row.due_on),
    }
    return due if reason == Reason.LATE else _("%(due)s, no report for the period yet") % {"due": due}


def spared_because(rows: list[Any], measure: Measure) -> str:
    """Why an agency is left out of an urging: how its assignments stand."""
    reasons = Counter(_why_not(row, measure) for row in rows)
    if len(reasons) == 1:
        return next(iter(reasons))
    return "; ".join(f"{words} ({count})" for words, count in reasons.items())


def _why_not(row: Any, measure: Measure) -> str:
    if row.status in _RESTS:
        return str(_RESTS[row.status]())
    if row.in_hand == ReportStatus.SUBMITTED:
        return _("has reported, waits for review")
    words = status_word(row.standing).lower()
    if measure.has_reported(row) and row.status in REPORTABLE:
        return _("%(state)s, reported as of %(day)s") % {
            "state": words,
            "day": format_date(row.progress_on),
        }
    return words
