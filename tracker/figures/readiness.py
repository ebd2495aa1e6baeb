"""What still waits or is missing before a period's figures are closed, each number with exactly its rows."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tracker.figures.completeness import Handing, cut, judged
from tracker.figures.completeness_figures import Owed, owed_figures
from tracker.figures.scope import Scope
from tracker.models import Measurement, ProgressReport, ReportingPeriod, ReportStatus, User

OWING = frozenset({Handing.MISSING, Handing.PENDING})


@dataclass(frozen=True)
class Readiness:
    """For one reader, of one period. A quarter asks for its months' figures too: their windows lie inside its own."""

    period: ReportingPeriod
    user: User
    today: dt.date

    @cached_property
    def periods(self) -> list[ReportingPeriod]:
        return list(ReportingPeriod.objects.within(self.period).in_order())

    @property
    def figures(self) -> Any:
        return Measurement.objects.visible_to(self.user).filter(period__in=self.periods)

    @property
    def waiting(self) -> Any:
        """Figures handed in and not yet reviewed: they would not be in the closed numbers."""
        return self.figures.waiting().for_list().order_by("submitted_at", "pk")

    @property
    def returned(self) -> Any:
        """Figures sent back to their agency."""
        return self.figures.filter(status=ReportStatus.RETURNED).for_list().order_by("reviewed_at", "pk")

    @cached_property
    def missing(self) -> list[Owed]:
        """Every figure that is asked for and of which nothing has been handed in, due yet or not."""
        scope = Scope.of(self.user, self.today)
        periods = [period for period in self.periods if period.agency_id is None]
        return [one for one in owed_figures(scope, periods) if one.handing in OWING]

    @property
    def reports_waiting(self) -> Any:
        """Progress reports as of a day in the window that are handed in and not yet reviewed."""
        window = (self.period.starts_on, self.period.ends_on)
        return ProgressReport.objects.visible_to(self.user).waiting().filter(as_of_on__range=window)

    @property
    def owing(self) -> Handing:
        """Whether the reports that have not come are late already."""
        return Handing.MISSING if self.today > self.period.agencies_send_on else Handing.PENDING

    @property
    def reports_missing(self) -> Any:
        """Assignments whose report for the period has not come."""
        return cut(judged(Scope.of(self.user, self.today), self.period), self.owing)
