"""Everything that the overview says, counted once so that its parts agree with each other."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from tracker.figures.calendar import Curve, completion_curve, upcoming
from tracker.figures.counting import count_together
from tracker.figures.decisions import Decision, decisions, may_decide
from tracker.figures.register import Counted, Row, count_by_agency, count_by_field, late_directives
from tracker.figures.reviews import review_queue
from tracker.figures.scope import Scope
from tracker.models import ProgressReport, Standing
from tracker.permissions import can_see_review_queue

FEWEST_DUE = 5
"""With fewer tasks due no percentage is compared: one late task would decide everything."""


@dataclass(frozen=True)
class Overview:
    """One reading of the register for one person, as of a day, in a period."""

    scope: Scope
    fields: Counted
    agencies: Counted
    late_week_ago: int
    waiting: int
    may_decide: bool
    decisions: list[Decision]
    upcoming: list[Any]
    curve: Curve

    @property
    def directives(self) -> Row:
        """All directives of the period."""
        return self.fields.total

    @property
    def late(self) -> int:
        """Overdue directives."""
        return self.fields.total.late

    @property
    def soon(self) -> int:
        """Directives due within the office's days of warning."""
        return self.fields.total.standings[Standing.SOON]

    @property
    def late_change(self) -> int:
        """How many more directives are overdue than a week before."""
        return self.late - self.late_week_ago

    @property
    def late_agencies(self) -> list[Row]:
        """Agencies with overdue assignments, the most first."""
        return [row for row in self.agencies.rows if row.late]

    @property
    def calm_agencies(self) -> int:
        """How many other agencies have assignments and none of them overdue."""
        return len(self.agencies.rows) - len(self.late_agencies)

    @property
    def late_assignments(self) -> int:
        return self.agencies.total.late

    @property
    def newest_progress(self) -> dt.date | None:
        """The day of the newest confirmed progress."""
        return self.agencies.total.last_progress

    @property
    def silent_days(self) -> int:
        """Days without any confirmed progress when that is too many, else 0. Says nothing about past days."""
        if self.scope.is_past or not self.newest_progress:
            return 0
        days = (self.scope.as_of - self.newest_progress).days
        return days if days > self.scope.stale_days else 0


def overview(scope: Scope) -> Overview:
    """Eight queries, however many rows there are."""
    user = scope.user
    waiting = review_queue(user) if can_see_review_queue(user) else _waiting_reports(scope)
    numbers = count_together(
        user, week_ago=late_directives(scope.on(scope.as_of - dt.timedelta(days=7))), waiting=waiting
    )
    return Overview(
        scope=scope,
        fields=count_by_field(scope),
        agencies=count_by_agency(scope),
        late_week_ago=numbers["week_ago"],
        waiting=numbers["waiting"],
        may_decide=may_decide(scope),
        decisions=decisions(scope),
        upcoming=list(upcoming(scope)),
        curve=completion_curve(scope),
    )


def _waiting_reports(scope: Scope) -> Any:
    return ProgressReport.objects.visible_to(scope.user).waiting()
