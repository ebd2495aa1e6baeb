"""Everything that the overview says, counted once so that its parts agree with each other."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from tracker.figures.calendar import Curve, completion_curve, curve_dates
from tracker.figures.counting import count_together
from tracker.figures.decisions import Decision, decisions, may_decide
from tracker.figures.figure_reviews import figure_queue
from tracker.figures.named import named_directives
from tracker.figures.plan_beside import plan_beside
from tracker.figures.punctuality import Moved, Punctuality, moved_lists
from tracker.figures.register import (
    Counted,
    Row,
    agency_groups,
    count_by_agency,
    count_by_field,
    field_groups,
    late_directives,
)
from tracker.figures.reviews import review_queue
from tracker.figures.scope import Scope
from tracker.figures.targets import Plan
from tracker.figures.warnings import EarlyWarning, top_warnings
from tracker.models import Measurement, Obstacle, ProgressReport, Standing
from tracker.permissions import can_see_review_queue

FEWEST_DUE = 5
"""With fewer tasks due no percentage is compared: one late task would decide everything."""

MOST_WARNINGS = 3


@dataclass(frozen=True)
class Overview:
    """One reading of the register for one person, as of a day, in a period."""

    scope: Scope
    fields: Counted
    agencies: Counted
    originals: Counted
    """The directives by field once more, judged by their original deadlines."""
    original_agencies: Counted | None
    """The assignments by agency, judged by their original deadlines; None where the caller has not asked for it."""
    moved: dict[str, int]
    """How many directives had their deadline moved, or ask for it."""
    late_week_ago: int
    waiting: int
    waiting_figures: int
    unsolved: int
    """Obstacles that should have been solved before today."""
    may_decide: bool
    decisions: list[Decision]
    upcoming: list[Any]
    curve: Curve
    plan: Plan
    warnings: list[EarlyWarning]
    """The directives to look at first; about now, so none on past days."""
    along: dict[str, int]
    """What a caller had counted along."""

    @property
    def directives(self) -> Row:
        """All directives of the period."""
        return self.fields.total

    @property
    def punctuality(self) -> Punctuality:
        """The directives on time by their current and by their original deadlines."""
        return Punctuality(self.fields.total, self.originals.total, self.moved)

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
    def agency_keys(self) -> set[int]:
        """The agencies of the official table: with assignments by the current or by the original deadlines."""
        originals = self.original_agencies.rows if self.original_agencies else []
        return {row.key for row in [*self.agencies.rows, *originals]}

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


def overview(
    scope: Scope, along: dict[str, Any] | None = None, *, with_original_agencies: bool = False
) -> Overview:
    """Ten queries at most, however many rows there are; ``along``: further lists to be counted with them."""
    user, along = scope.user, along or {}
    original = scope.against_original()
    reviews = can_see_review_queue(user)
    more = {"original_agencies": agency_groups(original)} if with_original_agencies else {}
    numbers = count_together(
        user,
        week_ago=late_directives(scope.on(scope.as_of - dt.timedelta(days=7))),
        waiting=review_queue(user) if reviews else ProgressReport.objects.visible_to(user).waiting(),
        waiting_figures=figure_queue(user) if reviews else Measurement.objects.visible_to(user).waiting(),
        unsolved=Obstacle.objects.visible_to(user).overdue(scope.today),
        dates=curve_dates(scope),
        fields=field_groups(scope),
        agencies=agency_groups(scope),
        originals=field_groups(original),
        **more,
        **{f"moved_{name}": rows for name, rows in moved_lists(scope).items()},
        **{f"along_{name}": rows for name, rows in along.items()},
    )
    named = named_directives(scope)
    return Overview(
        scope=scope,
        fields=count_by_field(scope, numbers["fields"]),
        agencies=count_by_agency(scope, numbers["agencies"]),
        originals=count_by_field(original, numbers["originals"]),
        original_agencies=count_by_agency(original, numbers["original_agencies"]) if more else None,
        moved={name: numbers[f"moved_{name}"] for name in Moved.values},
        late_week_ago=numbers["week_ago"],
        waiting=numbers["waiting"],
        waiting_figures=numbers["waiting_figures"],
        unsolved=numbers["unsolved"],
        may_decide=may_decide(scope),
        decisions=decisions(scope, named.pauses),
        upcoming=named.upcoming,
        curve=completion_curve(scope, numbers["dates"]),
        plan=plan_beside(scope),
        warnings=[] if scope.is_past else top_warnings(scope, MOST_WARNINGS, named.watched),
        along={name: numbers[f"along_{name}"] for name in along},
    )
