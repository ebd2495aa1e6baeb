"""What one agency's people have to do now: returned, overdue, to report in the period in hand, waiting."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, DateField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from tracker.figures.scope import Scope
from tracker.models import (
    Assignment,
    Directive,
    ProgressReport,
    ReportingPeriod,
    ReportStatus,
    Standing,
    Status,
    User,
)
from tracker.models.occurrences import asks_itself
from tracker.vietnamese.calendar import window_in_hand

REPORTABLE = (Status.NEW, Status.RECEIVED, Status.IN_PROGRESS)

NOTE_A_PERIOD = frozenset(
    {
        Directive.DeadlineKind.NONE,
        Directive.DeadlineKind.YEARLY,
        Directive.DeadlineKind.RECURRING,
        Directive.DeadlineKind.ONGOING,
    }
)
"""Work without a single deadline: it asks for one note each reporting period and is updated or silent."""


def period_start(day: dt.date) -> Coalesce:
    """SQL for the first day of the month that is reported on a day; see ``ReportingPeriod.in_hand``."""
    stored = ReportingPeriod.objects.in_hand_on(day).values("starts_on")[:1]
    return Coalesce(Subquery(stored), Value(window_in_hand(day).starts_on), output_field=DateField())


def day_to_report(assignment: Assignment, today: dt.date) -> dt.date:
    """As of which day a report that is begun today speaks: the closing day of the period in hand, or today before it.

    Work that was given, or has been reported on, since the figures closed belongs to the next period: today.
    """
    closing = min(today, ReportingPeriod.in_hand(today).ends_on)
    since = max(filter(None, (assignment.assigned_on, assignment.progress_on)))
    return today if since > closing else closing


@dataclass
class MyWork:
    """Assignments in the order in which they need the person, and the period that is reported on."""

    period: ReportingPeriod
    returned: list[Assignment] = field(default_factory=list)
    late: list[Assignment] = field(default_factory=list)
    due: list[Assignment] = field(default_factory=list)
    waiting: list[Assignment] = field(default_factory=list)
    up_to_date: list[Assignment] = field(default_factory=list)
    paused: list[Assignment] = field(default_factory=list)

    @property
    def to_do(self) -> list[Assignment]:
        """What to report one after another."""
        return [*self.returned, *self.late, *self.due]

    @property
    def submitted(self) -> list[Assignment]:
        """What has been reported in the period, reviewed or not."""
        return [*self.waiting, *self.up_to_date]

    @property
    def asked(self) -> list[Assignment]:
        """What the period asks for: reported and still to report. Paused and declined work is not asked for."""
        return [*self.to_do, *self.submitted]


def open_work(user: User, today: dt.date, due_soon_days: int) -> Any:
    """The open assignments of the person's agency, each with the state of its report in hand.

    Yearly work speaks through its years as soon as one is opened.
    """
    in_hand = ProgressReport.objects.in_hand().filter(assignment=OuterRef("pk"))
    return (
        Assignment.objects.of(user)
        .open()
        .filter(asks_itself(today, "directive"))
        .as_of(today, today)
        .standing_on(today, due_soon_days)
        .annotate(
            in_hand=Subquery(in_hand.values("status")[:1]), in_hand_pk=Subquery(in_hand.values("pk")[:1])
        )
    )


def to_do(user: User, today: dt.date, due_soon_days: int) -> Any:
    """Assignments that ask for a report now: returned, overdue, or not reported on for the period in hand."""
    return open_work(user, today, due_soon_days).filter(_asks(today))


def _asks(today: dt.date) -> Q:
    """Of ``open_work``: a report is asked for now, and none waits for review."""
    reported = Q(progress_on__gte=period_start(today), progress_on__lte=today)
    asks = Q(in_hand=ReportStatus.RETURNED) | Q(standing=Standing.LATE) | ~reported | Q(progress_on=None)
    waiting = Q(in_hand__isnull=False, in_hand=ReportStatus.SUBMITTED)
    return Q(status__in=REPORTABLE) & asks & ~waiting


def my_work(user: User, today: dt.date, due_soon_days: int) -> MyWork:
    """The page's groups; ``to_do`` here and the count in the navigation are the same rows."""
    work = MyWork(ReportingPeriod.in_hand(today))
    rows = (
        open_work(user, today, due_soon_days)
        .annotate(asks=Case(When(_asks(today), then=True), default=False))
        .select_related("directive__field", "person")
        .in_attention_order()
    )
    for row in rows:
        _group(work, row).append(row)
    return work


def _group(work: MyWork, row: Any) -> list[Assignment]:
    if row.asks:
        if row.in_hand == ReportStatus.RETURNED:
            return work.returned
        return work.late if row.standing == Standing.LATE else work.due
    if row.in_hand == ReportStatus.SUBMITTED:
        return work.waiting
    return work.up_to_date if row.status in REPORTABLE else work.paused


def tracked_late(scope: Scope) -> Any:
    """Overdue directives that the person tracks, whoever has to do them, the oldest first."""
    rows = scope.directives().filter(tracking_officer=scope.user, standing=Standing.LATE)
    return rows.select_related("lead").order_by("due_then", "pk")
