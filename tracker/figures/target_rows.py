"""What one indicator says in a year: its periods, what was reached, what is expected, how that is judged."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from tracker.figures.coverage import Coverage
from tracker.figures.series import Cell
from tracker.judgement import (
    HUNDRED,
    Direction,
    Projection,
    Verdict,
    lower_is_better,
    needed_rate,
    points,
    share_of_plan,
    way_from_baseline,
)
from tracker.models import Indicator, ReportingPeriod, Target
from tracker.rollup import RollUp


def goal_of(target: Target | None) -> Decimal | None:
    """The number to be reached; “tất cả” asks for 100 per cent, with or without a number beside it."""
    if target is None:
        return None
    return HUNDRED if target.operator == Target.Operator.ALL else target.value


def better(indicator: Indicator, target: Target | None) -> Direction:
    """Which way is better for a share of the plan: the target's bound says so, else the indicator's direction."""
    if target is None:
        return Direction(indicator.direction)
    is_down = lower_is_better(target.operator, indicator.direction)
    return Direction.DOWN if is_down else Direction.UP


@dataclass(frozen=True)
class Change:
    """Against an earlier figure: ``kind`` says of what the difference is (per cent, points, positions)."""

    before: Decimal | None
    basis: str
    """same_period · spread (the year before shared out evenly, “quy đổi”) · year_end · previous · none"""
    kind: str
    """growth · points · rank"""
    difference: Decimal | None


@dataclass(frozen=True)
class PeriodRow:
    """One period of an indicator's year: its own figure, its plan, and both added up to date."""

    period: ReportingPeriod
    cell: Cell
    plan: Decimal | None
    share: Decimal | None
    to_date: Decimal | None
    plan_to_date: Decimal | None
    rollup: RollUp | None = None

    @property
    def value(self) -> Decimal | None:
        return self.cell.value


@dataclass
class IndicatorRow:
    """Everything that a list, a page or a document says about one indicator in a year, up to a period."""

    indicator: Indicator
    year: int
    upto: ReportingPeriod
    day: dt.date
    target: Target | None
    targets: list[Target]
    rows: list[PeriodRow]
    """All periods of the year in the indicator's frequency; those after ``upto`` without figures."""
    cell: Cell
    """The figure that counts now: the newest level, or the newest period of what adds up."""
    actual: Decimal | None
    plan_to_date: Decimal | None
    is_plan_spread: bool
    """No plan was set by period: the year's plan is shared out evenly."""
    change: Change
    year_before: Decimal | None
    """The whole of the year before: its year figure, else the baseline."""
    projection: Projection | None
    verdict: Verdict
    coverage: Coverage | None = None
    children: "list[IndicatorRow]" = field(default_factory=list)
    rollup: RollUp | None = None
    is_reached: bool | None = None
    """The target is met by what was done by its day, whatever is expected; None: cannot be said."""
    is_whole: bool = True
    """False where the reader sees some parts of the sum only: it is not held against the target of the whole."""

    # what was done

    @property
    def done_rows(self) -> list[PeriodRow]:
        """The periods up to the one asked for that have a figure."""
        return [row for row in self.past_rows if row.value is not None or row.cell.words]

    @property
    def past_rows(self) -> list[PeriodRow]:
        return [row for row in self.rows if row.period.ends_on <= self.upto.ends_on]

    @property
    def missing(self) -> int:
        """Periods up to the one asked for, and over by the day looked at, that have no confirmed figure."""
        if not self.indicator.is_entered:
            return 0
        done = {row.period.pk for row in self.done_rows}
        over = [row for row in self.past_rows if row.period.ends_on <= self.day]
        return sum(row.period.pk not in done for row in over)

    @property
    def is_carried(self) -> bool:
        """The level shown is older than the period asked for: print it grey, with its day."""
        if self.coverage or self.indicator.is_cumulative or not self.past_rows or self.actual is None:
            return False
        return self.past_rows[-1].value is None

    @property
    def is_self_reported(self) -> bool:
        """A share that an agency typed, with no list, no numerator and no denominator behind it (tự báo cáo)."""
        typed = self.indicator.is_percent and not self.indicator.is_ratio and self.coverage is None
        return typed and self.actual is not None and self.cell.role == "own"

    @property
    def as_of_on(self) -> dt.date | None:
        return self.coverage.day if self.coverage else self.cell.as_of_on

    @property
    def waiting(self) -> int:
        """Figures submitted and not confirmed: they do not count yet."""
        return self.indicator.waiting  # type: ignore[attr-defined]

    @property
    def open_questions(self) -> int:
        return self.indicator.open_questions  # type: ignore[attr-defined]

    # judged

    @property
    def share(self) -> Decimal | None:
        """Of the plan to date, in per cent."""
        return share_of_plan(self.actual, self.plan_to_date, better(self.indicator, self.target))

    @property
    def gap(self) -> Decimal | None:
        """What is missing against the plan to date (negative: beyond it), in the indicator's unit."""
        return points(self.plan_to_date, self.actual)

    @property
    def share_of_year(self) -> Decimal | None:
        """The projection in per cent of the target; a range has no share."""
        return share_of_plan(self.projected, self._single_goal, better(self.indicator, self.target))

    @property
    def _single_goal(self) -> Decimal | None:
        """The one number to be reached: a range has two."""
        is_range = self.target is not None and self.target.operator == Target.Operator.RANGE
        return None if is_range or not self.is_whole else goal_of(self.target)

    @property
    def projected(self) -> Decimal | None:
        """In the indicator's unit; of a coverage in per cent of the bodies in scope."""
        if self.projection is None:
            return None
        return self.projection.parts.get("percent", self.projection.value)

    @property
    def way(self) -> Decimal | None:
        """From the baseline to the target, in per cent; nothing of what adds up, which starts at nothing every year."""
        if self.indicator.is_cumulative:
            return None
        return way_from_baseline(self.indicator.baseline_value, self.actual, self._single_goal)

    @property
    def periods_left(self) -> int:
        """Periods after the last one with a figure that close by the target's day."""
        done = {row.period.pk for row in self.done_rows}
        last = max((index for index, row in enumerate(self.rows) if row.period.pk in done), default=-1)
        due_on = self.target.due_on if self.target else None
        return sum(due_on is None or row.period.ends_on <= due_on for row in self.rows[last + 1 :])

    @property
    def needed(self) -> Decimal | None:
        """What each period left has to bring, in the indicator's unit; of a coverage bodies a week."""
        goal = self._single_goal
        if goal is None or self.target is None:
            return None
        if self.coverage:
            weeks = Decimal((self.target.due_on - self.day).days) / 7
            return needed_rate(Decimal(self.coverage.in_scope), Decimal(self.coverage.in_use), weeks)
        return needed_rate(goal, self.actual, self.periods_left)

    @property
    def mean(self) -> Decimal | None:
        """What a period has brought on average so far."""
        values = [row.value for row in self.done_rows if row.value is not None]
        return sum(values, Decimal(0)) / len(values) if values else None
