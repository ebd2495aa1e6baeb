"""A year's target shared out over its periods."""

from decimal import ROUND_DOWN, Decimal

from tracker.models import Indicator, ReportingPeriod, Target


def spread_evenly(indicator: Indicator, periods: list[ReportingPeriod]) -> dict[ReportingPeriod, Decimal]:
    """The same for every period of what adds up, the rest in the last one; of a level even steps from the baseline.

    Rounded to the indicator's decimals; closed periods are left out of the answer. Empty without a target in numbers
    for that year, and for what has no steps in between (yes or no, words, a rank, a range).
    """
    if not periods:
        return {}
    target = _target_of(indicator, periods[-1].year)
    kinds = {Indicator.ValueKind.YES_NO, Indicator.ValueKind.WORDS, Indicator.ValueKind.RANK}
    if target is None or target.value is None or indicator.value_kind in kinds:
        return {}
    if target.operator == Target.Operator.RANGE:
        return {}
    shared = _steps(target.value, len(periods), indicator)
    return {period: value for period, value in zip(periods, shared, strict=True) if not period.is_closed}


def _target_of(indicator: Indicator, year: int) -> Target | None:
    """The newest version of the last target of the year."""
    rows = indicator.targets.filter(due_on__year=year)
    return max(rows, key=lambda one: (one.due_on, one.revision), default=None)


def _steps(goal: Decimal, count: int, indicator: Indicator) -> list[Decimal]:
    unit = Decimal(1).scaleb(-indicator.decimals)
    if indicator.is_cumulative:
        each = (goal / count).quantize(unit, ROUND_DOWN)
        return [each] * (count - 1) + [goal - each * (count - 1)]
    start = indicator.baseline_value
    if start is None:
        return [goal] * count
    levels = [(start + (goal - start) * step / count).quantize(unit) for step in range(1, count)]
    return [*levels, goal]
