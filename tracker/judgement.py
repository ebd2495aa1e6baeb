"""How figures are judged: against the plan, the past and the days left. Exact decimals in, decimals or None out.

None says that a figure is missing or that nothing can be said (pages print “—”); it is never treated as 0. Results are
not rounded: how many decimals are shown is the page's business. Nothing here reads the database, so that a page, a
summary and the programming interface come to the same judgement from the same figures.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum
from typing import Any

ZERO, HUNDRED = Decimal(0), Decimal(100)


class Direction(StrEnum):
    """Which way is better. A rank improves downwards: 33 is better than 40."""

    UP = "up"
    DOWN = "down"
    KEEP = "keep"


class Operator(StrEnum):
    """How the target binds the figure: =, ≥, >, ≤, <, from … to …, “tất cả”."""

    EQUAL = "eq"
    AT_LEAST = "ge"
    MORE = "gt"
    AT_MOST = "le"
    LESS = "lt"
    RANGE = "range"
    ALL = "all"


class Verdict(StrEnum):
    """Đạt, nguy cơ, khó đạt; none: cannot be said."""

    MET = "met"
    RISK = "risk"
    OFF = "off"
    NONE = "none"


class Level(StrEnum):
    """Early warning: an toàn, cần chú ý, nguy cơ, báo động."""

    SAFE = "safe"
    CAUTION = "caution"
    RISK = "risk"
    ALARM = "alarm"


# Is the target reached, will it be?


def meets(
    value: Decimal | None,
    operator: str,
    target: Decimal | None,
    upper: Decimal | None = None,
    direction: str | None = None,
) -> bool | None:
    """Whether a figure satisfies its target, in the target's unit; None when the figure or the target is missing.

    A range is met inside ``target`` … ``upper``, both ends included. “Tất cả” (all) means a coverage of exactly 100 per
    cent, whatever ``target`` is. “=” means that very number, unless ``direction`` is given: then a plan is met by
    going beyond it too (1.850 of 1.800), which is how :func:`verdict` reads it.
    """
    if value is None:
        return None
    if operator == Operator.ALL:
        return value == HUNDRED
    if target is None:
        return None
    if operator == Operator.RANGE:
        return None if upper is None else target <= value <= upper
    if operator == Operator.EQUAL and direction is None:
        return value == target
    return _reaches(value, target, operator, direction, HUNDRED, is_strict=_is_strict(operator, direction))


def verdict(
    expected: Decimal | None,
    target: Decimal | None,
    operator: str,
    direction: str,
    safe: Decimal = HUNDRED,
    risk: Decimal = Decimal(95),
    upper: Decimal | None = None,
) -> Verdict:
    """What the figure expected at the end of the period says about the target; both in the target's unit.

    The office's rule, its thresholds settings: đạt from ``safe`` per cent of the plan, nguy cơ from ``risk`` to below
    that, khó đạt under ``risk``. The share is that of :func:`share_of_plan`, so where lower is better it is mirrored.
    A range: inside is đạt, within 100 − ``risk`` per cent of the nearest bound nguy cơ. To be kept: as good as the
    level to be kept (``target``) or better is đạt. Of a target of 0 where lower is better nothing can be a share: 0 is
    đạt, anything above khó đạt. A negative target gives way by the same per cent of its size.
    """
    if operator == Operator.ALL:
        target = HUNDRED
    if expected is None or target is None:
        return Verdict.NONE
    if operator == Operator.RANGE:
        return Verdict.NONE if upper is None else _range_verdict(expected, target, upper, risk)
    enough = HUNDRED if direction == Direction.KEEP else safe
    if _reaches(expected, target, operator, direction, enough, is_strict=_is_strict(operator, direction)):
        return Verdict.MET
    if _reaches(expected, target, operator, direction, risk, is_strict=False):
        return Verdict.RISK
    return Verdict.OFF


def lower_is_better(operator: str, direction: str | None) -> bool:
    """A bound says which way is better; “=” leaves it to the direction of the indicator."""
    if operator in {Operator.AT_MOST, Operator.LESS}:
        return True
    return operator == Operator.EQUAL and direction == Direction.DOWN


def _is_strict(operator: str, direction: str | None) -> bool:
    """“Trên 50” is not met by 50; but what is to be kept is kept when it stays where it was."""
    return operator in {Operator.MORE, Operator.LESS} and direction != Direction.KEEP


def _reaches(
    value: Decimal,
    target: Decimal,
    operator: str,
    direction: str | None,
    percent: Decimal,
    *,
    is_strict: bool,
) -> bool:
    """Whether the share of the plan is at least ``percent`` (above it when strict), without dividing by anything."""
    give = abs(target) * (HUNDRED - percent)
    if not lower_is_better(operator, direction):
        got, needed = value * 100, target * 100 - give
    elif target > 0:
        got, needed = target * 100, value * percent
    else:
        got, needed = target * 100 + give, value * 100
    return got > needed if is_strict else got >= needed


def _range_verdict(value: Decimal, lower: Decimal, upper: Decimal, risk: Decimal) -> Verdict:
    if lower <= value <= upper:
        return Verdict.MET
    bound = lower if value < lower else upper
    is_near = abs(value - bound) * 100 <= abs(bound) * (HUNDRED - risk)
    return Verdict.RISK if is_near else Verdict.OFF


# Against the plan


def ratio(numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """Numerator ÷ denominator × 100, in per cent; None when one is missing or the denominator is not above 0."""
    if numerator is None or denominator is None or denominator <= 0:
        return None
    return numerator * 100 / denominator


def share_of_plan(
    actual: Decimal | None, plan: Decimal | None, direction: str = Direction.UP
) -> Decimal | None:
    """So với kế hoạch, in per cent (100 = the plan): actual ÷ plan × 100; where lower is better plan ÷ actual × 100.

    None when one is missing or has no share: a plan of 0 or less, and where lower is better an actual of 0 or less or a
    plan of 0. Such figures are judged by :func:`meets` and their share is printed “—”.
    """
    if direction == Direction.DOWN:
        return ratio(plan, actual) if plan is not None and plan > 0 else None
    return ratio(actual, plan)


def way_from_baseline(
    baseline: Decimal | None, value: Decimal | None, target: Decimal | None
) -> Decimal | None:
    """How much of the way is done: (value − baseline) ÷ (target − baseline) × 100, in per cent, up or down alike.

    Below 0: moved away from the target; above 100: beyond it. None when one is missing or there is no way to go.
    """
    if baseline is None or value is None or target is None or target == baseline:
        return None
    return (value - baseline) * 100 / (target - baseline)


def needed_rate(
    target: Decimal | None, so_far: Decimal | None, periods_left: int | Decimal
) -> Decimal | None:
    """(target − so far) ÷ periods left: what each remaining period has to bring, in the target's unit a period.

    0 or less where more is better: reached already. None when one is missing or no period is left. Weeks left may be
    a fraction.
    """
    if target is None or so_far is None or periods_left <= 0:
        return None
    return (target - so_far) / periods_left


# Against the past


def growth(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """So với cùng kỳ: (now − before) ÷ before × 100, in per cent; None when before is missing, 0 or negative.

    Not for per cents, whose difference is in :func:`points`, nor for ranks, see :func:`rank_change`.
    """
    if now is None or before is None:
        return None
    return ratio(now - before, before)


def points(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """Now − before of two per cents, in percentage points (điểm): from 42% to 46,8% is +4,8 points, not +11,4%."""
    if now is None or before is None:
        return None
    return now - before


def rank_change(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """Before − now, in positions gained (bậc): from 40 to 33 is +7, which is better."""
    return points(before, now)


def implied_before(
    value: Decimal | None, growth_percent: Decimal | None, decimals: int = 2
) -> Decimal | None:
    """The figure before that a printed growth implies: value ÷ (1 + growth ÷ 100), rounded half up.

    100 tỷ đồng, “tăng 26%”: 79,37 the year before. Only ever a hint: it was printed by nobody. None when one is
    missing or the growth is −100 per cent or less, which no figure before can give.
    """
    if value is None or growth_percent is None or growth_percent <= -HUNDRED:
        return None
    return _rounded(value * 100 / (HUNDRED + growth_percent), decimals)


def agrees(printed: Decimal | None, computed: Decimal | None, decimals: int | None = None) -> bool | None:
    """Whether the computed growth, rounded half up to ``decimals``, is the printed one; None when one is missing.

    Without ``decimals`` as many as were printed: 26 agrees with 25,99; 8,6 with 8,55 and not with 8,54.
    """
    if printed is None or computed is None:
        return None
    if decimals is None:
        exponent: Any = printed.as_tuple().exponent
        decimals = max(0, -exponent)
    return _rounded(computed, decimals) == printed


def _rounded(value: Decimal, decimals: int) -> Decimal:
    """As people round: half up, away from 0. The wide context lets the largest stored figures through."""
    with localcontext(prec=100):
        return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


# What the figures so far lead to: a column of its own, never part of “thực hiện”


class Formula(StrEnum):
    """How a projection was made; printed beside it with its parts."""

    MEAN_RATE = "mean_rate"
    MEAN_CHANGE = "mean_change"
    RECENT_PACE = "recent_pace"


@dataclass(frozen=True)
class Projection:
    """A figure not reached yet (dự báo), in the indicator's unit, with the formula and the numbers put into it."""

    value: Decimal
    formula: Formula
    parts: Mapping[str, Decimal]


def project_flow(values: Iterable[Decimal | None], periods_in_year: int) -> Projection | None:
    """Of what adds up over the year (revenue, new subscribers): mean of the approved periods × periods of the year.

    ``values`` are the periods' own figures, not running totals. A period without one is left out of the mean. None
    without any figure. Parts: sum, count, mean, periods.
    """
    known = [value for value in values if value is not None]
    if not known:
        return None
    total = sum(known, ZERO)
    return Projection(
        value=total * periods_in_year / len(known),
        formula=Formula.MEAN_RATE,
        parts={
            "sum": total,
            "count": Decimal(len(known)),
            "mean": total / len(known),
            "periods": Decimal(periods_in_year),
        },
    )


def project_stock(
    first: Decimal | None,
    last: Decimal | None,
    periods_passed: int,
    periods_left: int,
    lowest: Decimal | None = None,
    highest: Decimal | None = None,
) -> Projection | None:
    """Of a stock, a share or a rank: last + mean change a period × periods left, within ``lowest`` … ``highest``.

    ``first`` stood ``periods_passed`` periods before ``last`` (the end of the year before: 5 by the end of May). A
    share never passes 100 per cent, a count never falls below 0: say so by the bounds. None when one is missing or no
    period lies between them. Parts: first, last, periods_passed, mean_change, periods_left.
    """
    if first is None or last is None or periods_passed < 1:
        return None
    left = max(periods_left, 0)
    value = last + (last - first) * left / periods_passed
    if highest is not None:
        value = min(value, highest)
    if lowest is not None:
        value = max(value, lowest)
    return Projection(
        value=value,
        formula=Formula.MEAN_CHANGE,
        parts={
            "first": first,
            "last": last,
            "periods_passed": Decimal(periods_passed),
            "mean_change": (last - first) / periods_passed,
            "periods_left": Decimal(left),
        },
    )


def project_coverage(
    adopted_on: Iterable[dt.date], as_of: dt.date, due_on: dt.date, total: int, days: int = 28
) -> Projection | None:
    """Of bodies on a list: those in use now + pace of the last ``days`` × days left, never over ``total``.

    ``adopted_on``: one day for each body in use, from when it has been; days after ``as_of`` do not count yet. The
    value is in bodies and may be a fraction. None for an empty list. Parts: now, recent, pace (bodies a week),
    weeks_left, total, percent (of the value in the total).
    """
    if total <= 0:
        return None
    adopted = [day for day in adopted_on if day <= as_of]
    recent = sum(day > as_of - dt.timedelta(days=days) for day in adopted)
    days_left = max((due_on - as_of).days, 0)
    value = min(len(adopted) + Decimal(recent * days_left) / days, Decimal(total))
    return Projection(
        value=value,
        formula=Formula.RECENT_PACE,
        parts={
            "now": Decimal(len(adopted)),
            "recent": Decimal(recent),
            "pace": Decimal(recent * 7) / days,
            "weeks_left": Decimal(days_left) / 7,
            "total": Decimal(total),
            "percent": value * 100 / total,
        },
    )


# Early warning of work


def warning_level(
    expected_percent: Decimal | None,
    reported_percent: Decimal | None,
    thresholds: tuple[int, int, int] = (5, 15, 30),
) -> Level | None:
    """How far reported progress lags behind the progress expected by now, both in per cent.

    The office's rule, its thresholds settings: up to 5 points behind (or ahead) an toàn, up to 15 cần chú ý, up to 30
    nguy cơ, more báo động. None when one is missing: work without a deadline, in words only or never reported warns
    by its silence alone.
    """
    behind = points(expected_percent, reported_percent)
    if behind is None:
        return None
    for level, most in zip((Level.SAFE, Level.CAUTION, Level.RISK), thresholds, strict=True):
        if behind <= most:
            return level
    return Level.ALARM
