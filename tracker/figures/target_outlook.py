"""What is planned to date, what is expected by the target's day, and how that is judged.

A target is judged on its own day: what comes later is too late, and what was reached by then stays reached. A flow
with a period missing is never said to be better than the periods that are there allow.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import cached_property

from tracker.figures.coverage import Coverage
from tracker.figures.target_rows import IndicatorRow, PeriodRow, better, goal_of
from tracker.judgement import (
    HUNDRED,
    Direction,
    Operator,
    Projection,
    Verdict,
    meets,
    project_coverage,
    project_flow,
    project_stock,
    verdict,
)
from tracker.models import Configuration, Indicator, ReportingPeriod, Target

Rule, ValueKind = Indicator.Rule, Indicator.ValueKind

_WITHOUT_STEPS = {ValueKind.YES_NO, ValueKind.WORDS, ValueKind.RANK}
_SHORT_OF_THE_DAY = 45
"""Days between the last window of a year and a day of the same year: 14/12 and 31/12, never a whole period."""


@dataclass(frozen=True)
class Judge:
    """The office's limits between đạt, nguy cơ and khó đạt, in per cent of the plan."""

    safe: Decimal
    risk: Decimal

    @classmethod
    def of(cls, office: Configuration) -> "Judge":
        return cls(Decimal(office.safe_percent), Decimal(office.risk_percent))


def target_of(targets: list[Target], year: int, day: dt.date) -> Target | None:
    """The year's target: the next one due, else the last of the year; of another year where this one has none."""
    of_year = [target for target in targets if target.due_on.year == year] or targets
    ahead = [target for target in of_year if target.due_on >= day]
    return next(iter(ahead or of_year[-1:]), None)


class Outlook:
    """One indicator in a year, up to a period, towards its target."""

    def __init__(
        self,
        indicator: Indicator,
        target: Target | None,
        rows: list[PeriodRow],
        upto: ReportingPeriod,
        day: dt.date,
        year_before: Decimal | None,
        *,
        is_whole: bool = True,
    ) -> None:
        self.indicator, self.target, self.rows = indicator, target, rows
        self.upto, self.day, self.year_before, self.is_whole = upto, day, year_before, is_whole
        self.past = [row for row in rows if row.period.ends_on <= upto.ends_on]

    @property
    def goal(self) -> Decimal | None:
        return goal_of(self.target)

    @property
    def is_of_year(self) -> bool:
        return self.target is not None and self.target.due_on.year == self.upto.year

    @property
    def is_past(self) -> bool:
        """The target's day lies behind the day looked at."""
        return self.target is not None and self.day > self.target.due_on

    @cached_property
    def in_time(self) -> list[PeriodRow]:
        """The periods that close by the target's day; of a target of another year all of the year's."""
        if self.target is None or not self.is_of_year:
            return self.rows
        return [row for row in self.rows if row.period.ends_on <= self.target.due_on]

    @property
    def is_over(self) -> bool:
        """No period is left that could still bring something."""
        return all(row.period.ends_on <= self.upto.ends_on for row in self.in_time)

    @cached_property
    def known(self) -> list[PeriodRow]:
        """The periods up to the one asked for that have a figure."""
        return [row for row in self.past if row.cell.now.value is not None]

    # planned

    def plan_to_date(self) -> tuple[Decimal | None, bool]:
        """The plan to be held against what was done, and whether the year's target was shared out evenly for it.

        Of what adds up only the periods that have a figure: a missing one is not held against the others.
        """
        if self.indicator.is_cumulative:
            counted = self.known or self.past
            plans = [row.plan for row in counted if row.plan is not None]
            if plans and len(plans) == len(counted):
                return sum(plans, Decimal(0)), False
            shared = None if self.goal is None else self._shared(Decimal(0), self.goal, len(counted))
        else:
            if self.past and self.past[-1].plan is not None:
                return self.past[-1].plan, False
            shared = None if self.goal is None else self._level(self.goal)
        return shared, shared is not None

    def _level(self, goal: Decimal) -> Decimal | None:
        """Where a level should stand: straight on from the end of the year before; what is to be kept stays."""
        if self.indicator.direction == Direction.KEEP:
            return goal if self._can_be_shared else None
        if self.indicator.rule in {Rule.ROSTER, Rule.ALL_CHILDREN}:
            return self._by_days(goal)
        start = self.year_before
        return None if start is None else self._shared(start, goal, len(self.past))

    def _by_days(self, goal: Decimal) -> Decimal | None:
        if self.target is None:
            return None
        begin = dt.date(self.upto.year, 1, 1)
        span = (self.target.due_on - begin).days
        if span <= 0:
            return None
        start = self.year_before or Decimal(0)
        passed = min(max((self.day - begin).days, 0), span)
        return start + (goal - start) * passed / span

    def _shared(self, start: Decimal, goal: Decimal, passed: int) -> Decimal | None:
        count = len(self.in_time)
        if not (passed and count and self._can_be_shared and self._reaches_the_day):
            return None
        return start + (goal - start) * min(passed, count) / count

    @property
    def _can_be_shared(self) -> bool:
        odd = self.indicator.value_kind in _WITHOUT_STEPS or self.indicator.rule == Rule.WEIGHTED
        is_range = self.target is not None and self.target.operator == Operator.RANGE
        return self.is_whole and self.is_of_year and not odd and not is_range

    @property
    def _reaches_the_day(self) -> bool:
        """The periods together last until the target's day; nine months say nothing about a year."""
        if self.target is None or not self.in_time or not self.is_of_year:
            return bool(self.in_time)
        if self.indicator.frequency != ReportingPeriod.Kind.NINE_MONTHS:
            return True
        return (self.target.due_on - self.in_time[-1].period.ends_on).days <= _SHORT_OF_THE_DAY

    # expected

    def projection(self, actual: Decimal | None, coverage: Coverage | None) -> Projection | None:
        """Up to the target's day; nothing is expected any more once that is past."""
        if self.is_past:
            return None
        if coverage:
            due_on = self.target.due_on if self.target else dt.date(self.upto.year, 12, 31)
            return project_coverage(coverage.adopted_on, self.day, due_on, coverage.in_scope)
        entered = self.indicator.rule in {Rule.OWN, Rule.PARTS}
        if (
            not entered
            or not self.is_whole
            or self.indicator.value_kind in {ValueKind.YES_NO, ValueKind.WORDS}
        ):
            return None
        if self.indicator.is_cumulative:
            if not self._reaches_the_day:
                return None
            return project_flow((row.cell.now.value for row in self.past), len(self.in_time))
        return self._stock(actual)

    def _stock(self, actual: Decimal | None) -> Projection | None:
        done = [index for index, row in enumerate(self.past) if row.value is not None]
        if not done:
            return None
        start, passed = self.year_before, done[-1] + 1
        if start is None:
            start, passed = self.past[done[0]].value, done[-1] - done[0]
        highest = HUNDRED if self.indicator.is_percent else None
        lowest = Decimal(1) if self.indicator.value_kind == ValueKind.RANK else Decimal(0)
        is_below = any(value is not None and value < lowest for value in (start, actual))
        left = len(self.in_time) - done[-1] - 1
        return project_stock(start, actual, passed, left, None if is_below else lowest, highest)

    # judged

    def reached_by_the_day(self, row: IndicatorRow) -> Decimal | None:
        """What stood on the target's day, whenever it was reported; None when nothing is known."""
        if self.target is None:
            return None
        due_on = self.target.due_on
        if row.coverage:
            return row.coverage.percent_on(due_on)
        if not self.indicator.is_entered or self.upto.ends_on <= due_on:
            return row.actual
        if self.indicator.is_cumulative:
            values = [one.cell.now.value for one in self.known if one.period.ends_on <= due_on]
            return sum((value for value in values if value is not None), Decimal(0)) if values else None
        levels = [
            one.value
            for one in self.past
            if one.value is not None and (one.cell.as_of_on or one.period.ends_on) <= due_on
        ]
        return levels[-1] if levels else None

    def is_reached(self, row: IndicatorRow) -> bool | None:
        """The target is met by what was done by its day, whatever is expected; None when that cannot be said.

        What adds up and must stay below a bound is met at the end only, and only when no period is missing.
        """
        target = self.target
        if target is None or self.goal is None or not self._is_judged(row):
            return None
        value = self.reached_by_the_day(row) if self.is_past else row.actual
        met = meets(value, target.operator, target.value, target.upper, self.indicator.direction)
        if met is None or not self._adds_up:
            return met
        can_still_change = not self.is_over or self._has_gaps
        grows_into = better(self.indicator, target) == Direction.UP and target.operator != Operator.RANGE
        if can_still_change and met != grows_into:
            return None
        return met

    def verdict(self, row: IndicatorRow, judge: Judge) -> Verdict:
        """By what is expected on the target's day; once that is past, by what was reached on it."""
        target = self.target
        if target is None or self.goal is None or not self._is_judged(row):
            return Verdict.NONE
        if self.is_past or self.indicator.value_kind == ValueKind.YES_NO:
            met = self.is_reached(row)
            if met:
                return Verdict.MET
            return Verdict.OFF if met is False and self.is_past else Verdict.NONE
        return verdict(
            self._expected(row),
            target.value,
            target.operator,
            self.indicator.direction,
            judge.safe,
            judge.risk,
            target.upper,
        )

    def _is_judged(self, row: IndicatorRow) -> bool:
        """Not words, nor a sum of which this reader sees some parts only, nor a year by another year's target."""
        if self.indicator.value_kind == ValueKind.WORDS or not self.is_whole:
            return False
        return self.is_of_year or row.coverage is not None

    @property
    def _adds_up(self) -> bool:
        return self.indicator.is_cumulative and self.indicator.is_entered

    @property
    def _has_gaps(self) -> bool:
        return any(one.cell.now.value is None for one in self.in_time)

    def _expected(self, row: IndicatorRow) -> Decimal | None:
        """The projection, else what was reached; when all periods are over, no mean stands in for a missing one."""
        if row.projected is None or row.actual is None:
            return row.actual if row.projected is None else row.projected
        if not (self._adds_up and self.is_over and self._has_gaps):
            return row.projected
        is_down = better(self.indicator, self.target) == Direction.DOWN
        return max(row.actual, row.projected) if is_down else min(row.actual, row.projected)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """All of them reached, or as far as the one furthest behind; nothing while one cannot be said."""
    found = set(verdicts)
    order = (Verdict.OFF, Verdict.RISK, Verdict.NONE, Verdict.MET)
    return next((one for one in order if one in found), Verdict.NONE)
