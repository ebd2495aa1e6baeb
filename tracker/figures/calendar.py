"""Work along the year: what falls due next, and completion against plan."""

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import JSONObject

from tracker.figures.counting import count_together
from tracker.figures.scope import Scope
from tracker.models import Standing, Status


def upcoming(scope: Scope) -> Any:
    """Open directives due from the day itself within the office's days of warning, the nearest first."""
    return scope.directives().filter(standing=Standing.SOON).order_by("due_then", "pk")


@dataclass(frozen=True)
class Curve:
    """Cumulative numbers at each month's end: planned by deadline, completed by completion date.

    ``done`` ends with the month of ``as_of``; ``projected`` carries the pace so far to the year's end and is never
    mixed with what was done.
    """

    year: int
    as_of: dt.date
    planned: list[int]
    done: list[int]
    projected: float
    planned_by_now: int
    done_by_now: int

    @property
    def total(self) -> int:
        return self.planned[-1]

    @property
    def behind(self) -> int:
        """How many should be completed by now and are not; negative when ahead."""
        return self.planned_by_now - self.done_by_now


def curve_dates(scope: Scope) -> ArraySubquery:
    """What the curve is made of, as one value that another query can bring along."""
    rows = scope.in_period(None).directives().filter(due_then__year=scope.as_of.year)
    rows = rows.exclude(status_then=Status.STOPPED).order_by()
    dates = JSONObject(due="due_then", done="completed_then", status="status_then")
    return ArraySubquery(rows.values(found=dates))


def completion_curve(scope: Scope, dates: Iterable[dict[str, Any]] | None = None) -> Curve:
    """Directives with a deadline in the year of ``as_of``, whatever the period of the scope.

    ``dates`` are those of ``curve_dates``; one query where nobody has brought them.
    """
    year, as_of = scope.as_of.year, scope.as_of
    if dates is None:
        dates = count_together(scope.user, dates=curve_dates(scope))["dates"]
    dates = list(dates)
    due = [dt.date.fromisoformat(row["due"]) for row in dates]
    completed = [
        dt.date.fromisoformat(row["done"])
        for row in dates
        if row["status"] == Status.COMPLETED and row["done"]
    ]
    done = [day for day in completed if day <= as_of]
    ends = [dt.date(year, month, calendar.monthrange(year, month)[1]) for month in range(1, 13)]
    done_by_now = len(done)
    passed = (as_of - dt.date(year, 1, 1)).days + 1
    days = (ends[-1] - dt.date(year, 1, 1)).days + 1
    return Curve(
        year=year,
        as_of=as_of,
        planned=[sum(day <= end for day in due) for end in ends],
        done=[sum(day <= min(end, as_of) for day in done) for end in ends[: as_of.month]],
        projected=min(done_by_now * days / passed, float(len(due))),
        planned_by_now=sum(day < as_of for day in due),
        done_by_now=done_by_now,
    )
