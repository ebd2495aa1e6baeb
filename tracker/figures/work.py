"""What one agency's people have to do now: returned, overdue, to report this month, waiting."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from tracker.figures.scope import Scope
from tracker.models import Assignment, ProgressReport, ReportStatus, Standing, Status, User

REPORTABLE = (Status.NEW, Status.RECEIVED, Status.IN_PROGRESS)


@dataclass
class MyWork:
    """Assignments in the order in which they need the person."""

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
        """What has been reported this month, reviewed or not."""
        return [*self.waiting, *self.up_to_date]

    @property
    def asked(self) -> list[Assignment]:
        """What this month asks for: reported and still to report. Paused and declined work is not asked for."""
        return [*self.to_do, *self.submitted]


def open_work(user: User, today: dt.date, due_soon_days: int) -> Any:
    """The open assignments of the person's agency, each with the state of its report in hand."""
    in_hand = ProgressReport.objects.in_hand().filter(assignment=OuterRef("pk"))
    return (
        Assignment.objects.of(user)
        .open()
        .as_of(today, today)
        .standing_on(today, due_soon_days)
        .annotate(
            in_hand=Subquery(in_hand.values("status")[:1]), in_hand_pk=Subquery(in_hand.values("pk")[:1])
        )
    )


def to_do(user: User, today: dt.date, due_soon_days: int) -> Any:
    """Assignments that ask for a report now: returned, overdue, or not reported on in this calendar month."""
    reported = Q(progress_on__gte=today.replace(day=1), progress_on__lte=today)
    asks = Q(in_hand=ReportStatus.RETURNED) | Q(standing=Standing.LATE) | ~reported | Q(progress_on=None)
    rows = open_work(user, today, due_soon_days).filter(status__in=REPORTABLE)
    waiting = Q(in_hand__isnull=False, in_hand=ReportStatus.SUBMITTED)
    return rows.filter(asks).exclude(waiting)


def my_work(user: User, today: dt.date, due_soon_days: int) -> MyWork:
    """The page's groups; ``to_do`` here and the count in the navigation are the same rows."""
    work = MyWork()
    asked = set(to_do(user, today, due_soon_days).values_list("pk", flat=True))
    rows = (
        open_work(user, today, due_soon_days)
        .select_related("directive__field", "person")
        .in_attention_order()
    )
    for row in rows:
        _group(work, row, asked).append(row)
    return work


def _group(work: MyWork, row: Any, asked: set[int]) -> list[Assignment]:
    if row.pk in asked:
        if row.in_hand == ReportStatus.RETURNED:
            return work.returned
        return work.late if row.standing == Standing.LATE else work.due
    if row.in_hand == ReportStatus.SUBMITTED:
        return work.waiting
    return work.up_to_date if row.status in REPORTABLE else work.paused


def tracked_late(scope: Scope) -> Any:
    """Overdue directives that the person tracks, whoever has to do them, the oldest first."""
    rows = scope.directives().filter(tracking_officer=scope.user, standing=Standing.LATE)
    return rows.select_related("lead").order_by("due_on", "pk")
