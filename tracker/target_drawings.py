"""From what a target says (``tracker.figures``) to its pictures (``tracker.target_charts``)."""

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from tracker.figures.coverage import Coverage
from tracker.figures.target_rows import IndicatorRow, goal_of
from tracker.judgement import ratio
from tracker.models import Indicator, Target
from tracker.target_charts import (
    Bullet,
    CoverageCurve,
    CumulativeLine,
    MonthLine,
    Sparkline,
    bullet,
    coverage_curve,
    cumulative_line,
    month_line,
    sparkline,
)

_WITHOUT_PICTURE = {Indicator.ValueKind.YES_NO, Indicator.ValueKind.WORDS}


@dataclass(frozen=True)
class Drawn:
    """A row of the list with its two pictures."""

    row: IndicatorRow
    bullet: Bullet | None
    sparkline: Sparkline | None


def drawn(row: IndicatorRow) -> Drawn:
    return Drawn(row, bullet_of(row), sparkline_of(row))


def bullet_of(row: IndicatorRow) -> Bullet | None:
    if row.indicator.value_kind in _WITHOUT_PICTURE:
        return None
    goal = goal_of(row.target)
    if row.target and row.target.operator == Target.Operator.RANGE:
        goal = row.target.upper
    return bullet(row.actual, row.plan_to_date, row.year_before, goal, row.projected)


def sparkline_of(row: IndicatorRow) -> Sparkline | None:
    if row.indicator.value_kind in _WITHOUT_PICTURE:
        return None
    if row.coverage:
        months = [_percent_on(row.coverage, day) for day in _month_ends(row.year) if day < row.day]
        return sparkline([*months, row.coverage.percent], None)
    return sparkline([one.value for one in row.past_rows], _usual_plan(row))


def _usual_plan(row: IndicatorRow) -> Decimal | None:
    """What a period of a flow should bring: its plan, else an even share of the year's. Levels have no such line."""
    if not row.indicator.is_cumulative or not row.past_rows:
        return None
    if row.past_rows[-1].plan is not None:
        return row.past_rows[-1].plan
    if row.is_plan_spread and row.target and row.target.value is not None:
        return row.target.value / len(row.rows)
    return None


def months(row: IndicatorRow, today: dt.date) -> MonthLine | None:
    """Period by period beside the plan and the pace needed; None without periods."""
    if not row.rows or row.coverage or row.indicator.value_kind in _WITHOUT_PICTURE:
        return None
    if not row.done_rows and not any(one.plan is not None for one in row.rows):
        return None
    is_flow = row.indicator.is_cumulative
    before = row.year_before
    if before is not None and is_flow:
        before = (before / len(row.rows)).quantize(Decimal(1).scaleb(-row.indicator.decimals))
    needed = row.needed.quantize(Decimal("0.1")) if is_flow and row.needed and row.needed > 0 else None
    return month_line(
        _labels(row),
        [_as_shown(one.value, row.indicator) for one in row.past_rows],
        [one.plan for one in row.rows],
        before,
        needed,
        _share_of_year(row.year, today),
    )


def _as_shown(value: Decimal | None, indicator: Indicator) -> Decimal | None:
    """A ratio has as many decimals as the division gives: its label has as many as the indicator shows."""
    if value is None:
        return None
    return value.quantize(Decimal(1).scaleb(-indicator.decimals), ROUND_HALF_UP)


def year_sum(row: IndicatorRow, today: dt.date) -> CumulativeLine | None:
    """The year's sum beside its plan; only of what adds up."""
    if not row.indicator.is_cumulative or not row.done_rows:
        return None
    projected = row.projected
    if projected is not None:
        projected = projected.quantize(Decimal(1) if projected >= 1000 else Decimal("0.1"))
    goal = row.target.value if row.target else None
    plan = [one.plan_to_date for one in row.rows]
    if row.is_plan_spread and goal is not None:
        plan = [
            (goal * (index + 1) / len(row.rows)).quantize(Decimal("0.1")) for index in range(len(row.rows))
        ]
    return cumulative_line(
        _labels(row),
        [one.to_date for one in row.past_rows],
        plan,
        projected,
        goal,
        _share_of_year(row.year, today),
    )


def coverage_steps(row: IndicatorRow) -> CoverageCurve | None:
    """Bodies in use since the year began, up to the day by which all of them have to be."""
    coverage = row.coverage
    if not coverage or not coverage.bodies:
        return None
    start = dt.date(row.year, 1, 1)
    due_on = row.target.due_on if row.target else dt.date(row.year, 12, 31)
    end = due_on if row.day <= due_on and due_on > start else dt.date(max(row.year, row.day.year), 12, 31)
    end = max(end, row.day)

    def x(day: dt.date) -> float:
        return (day - start).days * 100 / max((end - start).days, 1)

    corners = _planned_bodies(row, start, due_on, coverage.in_scope)
    months = [day for day in _month_ends(row.year) if day <= end]
    return coverage_curve(
        [(x(day), in_use) for day, in_use, _scope in coverage.history],
        [(x(day), round(count)) for day, count in corners],
        coverage.in_scope,
        x(row.day),
        [
            (
                _month_label(day.month),
                _in_use_on(coverage, day) if day <= row.day else None,
                _planned_on(corners, day),
            )
            for day in months
        ],
    )


def _planned_bodies(
    row: IndicatorRow, start: dt.date, due_on: dt.date, total: int
) -> list[tuple[dt.date, Decimal]]:
    """The corners of the planned line: nobody at the year's start, the plan of each period, all by the target's day."""
    planned = [
        (one.period.ends_on, one.plan * total / 100)
        for one in row.rows
        if one.plan is not None and start < one.period.ends_on < due_on
    ]
    return [(start, Decimal(0)), *planned, (max(due_on, start), Decimal(total))]


def _planned_on(corners: list[tuple[dt.date, Decimal]], day: dt.date) -> int:
    """On the straight line between the corners around a day."""
    for (left, low), (right, high) in pairwise(corners):
        if day <= right:
            return round(low + (high - low) * max((day - left).days, 0) / max((right - left).days, 1))
    return round(corners[-1][1])


def _labels(row: IndicatorRow) -> list[str]:
    if row.indicator.frequency == "month":
        return [_month_label(one.period.number) for one in row.rows]
    return [one.period.short_label for one in row.rows]


def _month_label(number: int) -> str:
    return _("T%(month)s") % {"month": number} if number == 1 else str(number)


def _share_of_year(year: int, today: dt.date) -> float | None:
    if today.year != year:
        return None
    first = dt.date(year, 1, 1)
    return (today - first).days * 100 / (dt.date(year, 12, 31) - first).days


def _month_ends(year: int) -> list[dt.date]:
    return [dt.date(year, month, monthrange(year, month)[1]) for month in range(1, 13)]


def _step_on(coverage: Coverage, day: dt.date) -> tuple[int, int]:
    before = [step for step in coverage.history if step[0] <= day]
    return before[-1][1:] if before else (0, coverage.in_scope)


def _in_use_on(coverage: Coverage, day: dt.date) -> int:
    return _step_on(coverage, day)[0]


def _percent_on(coverage: Coverage, day: dt.date) -> Decimal | None:
    in_use, in_scope = _step_on(coverage, day)
    return ratio(Decimal(in_use), Decimal(in_scope))
