"""The deadline state of work, never stored: derived as of a day by one SQL expression.

Due today is still in time; overdue starts the day after. What waits for confirmation is not completed. A pause
does not stop the clock. Without a deadline nothing is late. The official cells are those of the Government
working group's report 1270/BC-TCTTTg of 27/12/2017.
"""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Case, DateField, F, IntegerField, Q, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker.models.lifecycle import OPEN, OUTSIDE, Status


class Standing(models.TextChoices):
    """How work stands on a day, in the order of attention."""

    LATE = "late", _("Overdue")
    SOON = "soon", _("Due soon")
    PAUSED = "paused", _("Paused")
    TODO = "todo", _("Not started")
    ONTIME = "ontime", _("In time")
    NODUE = "nodue", _("No deadline")
    DONELATE = "donelate", _("Completed late")
    DONE = "done", _("Completed")
    STOPPED = "stopped", _("Stopped")
    OUTSIDE = "outside", _("Outside the register")


ATTENTION: dict[str, int] = {standing.value: rank for rank, standing in enumerate(Standing)}

_NOT_STARTED = [Status.UNASSIGNED, Status.NEW, Status.RECEIVED, Status.DECLINED]


NOW = ("status", "completed_on", "due_on")
"""Where a record keeps its status, its completion date and its deadline."""

THEN = ("status_then", "completed_then", "due_then")
"""The same as of a day: the annotations of ``WorkQuerySet.as_of``."""


def standing(as_of: dt.date, due_soon_days: int, names: tuple[str, str, str] = NOW) -> Case:
    """SQL for the standing on ``as_of``; ``names`` are those of status, completion date and deadline."""
    state, completed, due = names
    return Case(
        When(**{f"{state}__in": list(OUTSIDE)}, then=Value(Standing.OUTSIDE)),
        When(**{state: Status.STOPPED}, then=Value(Standing.STOPPED)),
        When(Q(**{state: Status.COMPLETED, f"{completed}__gt": F(due)}), then=Value(Standing.DONELATE)),
        When(**{state: Status.COMPLETED}, then=Value(Standing.DONE)),
        When(**{f"{due}__lt": as_of}, then=Value(Standing.LATE)),
        When(**{f"{due}__lte": as_of + dt.timedelta(days=due_soon_days)}, then=Value(Standing.SOON)),
        When(**{state: Status.PAUSED}, then=Value(Standing.PAUSED)),
        When(**{f"{state}__in": _NOT_STARTED}, then=Value(Standing.TODO)),
        When(**{f"{due}__isnull": True}, then=Value(Standing.NODUE)),
        default=Value(Standing.ONTIME),
        output_field=TextField(),
    )


class Cell(models.TextChoices):
    """The official table: completed (on time, late, no deadline) + open (in time, overdue, no deadline) + stopped."""

    DONE_ON_TIME = "done_on_time", _("Completed on time")
    DONE_LATE = "done_late", _("Completed late")
    DONE_NO_DEADLINE = "done_no_deadline", _("Completed, no deadline")
    OPEN_IN_TIME = "open_in_time", _("Not completed, in time")
    OPEN_OVERDUE = "open_overdue", _("Not completed, overdue")
    OPEN_NO_DEADLINE = "open_no_deadline", _("Not completed, no deadline")
    STOPPED = "stopped", _("Stopped")
    OUTSIDE = "outside", _("Outside the register")


def official_cell(as_of: dt.date, names: tuple[str, str, str] = NOW) -> Case:
    """SQL for the official cell on ``as_of``."""
    state, completed, due = names
    return Case(
        When(**{f"{state}__in": list(OUTSIDE)}, then=Value(Cell.OUTSIDE)),
        When(**{state: Status.STOPPED}, then=Value(Cell.STOPPED)),
        When(Q(**{state: Status.COMPLETED, f"{due}__isnull": True}), then=Value(Cell.DONE_NO_DEADLINE)),
        When(Q(**{state: Status.COMPLETED, f"{completed}__gt": F(due)}), then=Value(Cell.DONE_LATE)),
        When(**{state: Status.COMPLETED}, then=Value(Cell.DONE_ON_TIME)),
        When(**{f"{due}__isnull": True}, then=Value(Cell.OPEN_NO_DEADLINE)),
        When(**{f"{due}__lt": as_of}, then=Value(Cell.OPEN_OVERDUE)),
        default=Value(Cell.OPEN_IN_TIME),
        output_field=TextField(),
    )


def attention(expression: Any) -> Case:
    """SQL rank for the default order: what needs somebody comes first."""
    return Case(
        *[When(**{expression: value}, then=Value(rank)) for value, rank in ATTENTION.items()],
        output_field=IntegerField(),
    )


def end_of(day: dt.date) -> dt.datetime:
    """Midnight after ``day`` in Asia/Ho_Chi_Minh."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))


class Work:
    """The facts about dates that directives and assignments share."""

    status: Any
    due_on: Any
    assigned_on: Any

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def expected_percent(self, today: dt.date) -> int | None:
        """What the time passed since the assignment would lead one to expect, 0–100."""
        if not (self.due_on and self.assigned_on) or self.due_on <= self.assigned_on:
            return None
        passed = (today - self.assigned_on).days / (self.due_on - self.assigned_on).days
        return round(min(max(passed, 0), 1) * 100)


_NO_DEADLINE = Value(dt.date.max, output_field=DateField())
"""Stands for “no deadline” inside SQL, where NULL already means that nothing was found."""


class WorkQuerySet(models.QuerySet[Any]):
    """What directives and assignments share: how they stand on a day, and in which period they count."""

    def steps_until(self, moment: dt.datetime) -> models.QuerySet[Any]:
        """The log of steps of the outer row before a moment, newest first. Each noun knows its own."""
        raise NotImplementedError

    def completions_until(self, moment: dt.datetime) -> models.QuerySet[Any]:
        """The confirmed reports of completion of the outer row that counted at a moment."""
        raise NotImplementedError

    def moves_from(self, moment: dt.datetime) -> models.QuerySet[Any]:
        """The steps of the outer row's deadline from a moment on. Each noun knows its own."""
        raise NotImplementedError

    def as_of(self, day: dt.date, today: dt.date) -> Any:
        """Annotate ``status_then``, ``completed_then``, ``due_then``: how work and deadline were at a day's end.

        Past days are read from the log of steps and from the reports confirmed until then, so that work reopened,
        confirmed or given another deadline since then stands as it stood.
        """
        if day >= today:
            # What is open again or withdrawn has no completion, whatever date it once had.
            completed = Case(When(status=Status.COMPLETED, then=F("completed_on")))
            return self.annotate(status_then=F("status"), completed_then=completed, due_then=F("due_on"))
        steps = self.steps_until(end_of(day)).exclude(to_status="")
        latest = Subquery(steps.order_by("-at", "-pk").values("to_status")[:1])
        completions = self.completions_until(end_of(day)).order_by("-completed_on")
        return self.annotate(
            status_then=latest,
            completed_then=Case(
                When(status_then=Status.COMPLETED, then=Subquery(completions.values("completed_on")[:1]))
            ),
            due_then=self._due_at(end_of(day)),
        ).exclude(status_then=None)

    def _due_at(self, moment: dt.datetime) -> NullIf:
        """SQL for the deadline at a moment: what it was before its first move after that, else the present one."""
        before = Coalesce("due_on_before", _NO_DEADLINE)
        moved = self.moves_from(moment).order_by("at", "pk").values(before=before)[:1]
        return NullIf(Coalesce(Subquery(moved), F("due_on"), _NO_DEADLINE), _NO_DEADLINE)

    def against_original(self, day: dt.date) -> Any:
        """After ``as_of``: what follows judges by the original deadline, which work has from its assignment on.

        Annotate ``current_then``, the deadline of the day itself.
        """
        original = Case(When(assigned_on__lte=day, then=F("original_due_on")), default=F("current_then"))
        return self.annotate(current_then=F("due_then")).annotate(due_then=original)

    def standing_on(self, as_of: dt.date, due_soon_days: int) -> Any:
        """After ``as_of``: annotate ``standing`` and ``cell``, without what lies outside the register then."""
        return (
            self.exclude(status_then__in=list(OUTSIDE))
            .annotate(standing=standing(as_of, due_soon_days, THEN))
            .annotate(cell=official_cell(as_of, THEN))
        )

    def in_attention_order(self) -> Any:
        """After ``as_of`` and with ``standing``: overdue first, ties by deadline."""
        return self.annotate(rank=attention("standing")).order_by(
            "rank", F("due_then").asc(nulls_last=True), "pk"
        )

    def in_period(self, start: dt.date, end: dt.date, *, with_no_deadline: bool) -> Any:
        """After ``as_of``. Work of a period: due in it, or carried over unfinished from before.

        Work without a deadline counts on demand.
        """
        due = Q(due_then__range=(start, end))
        carried = Q(due_then__lt=start) & (Q(completed_then=None) | Q(completed_then__gte=start))
        return self.filter(due | carried | Q(due_then=None) if with_no_deadline else due | carried)
