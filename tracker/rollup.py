"""Parts into a whole: sums, ratios, weighted means. Exact decimals; what is missing is never treated as 0."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tracker.judgement import ZERO, ratio


@dataclass(frozen=True)
class RollUp:
    """The figure of a whole made from ``present`` of its ``expected`` parts (“đã có 7/10 huyện”); None without any.

    ``numerator`` and ``denominator`` are the sums behind a ratio or a weighted mean.
    """

    value: Decimal | None
    present: int
    expected: int
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    @property
    def is_partial(self) -> bool:
        return self.present < self.expected


def sum_of_parts(values: Mapping[Any, Decimal | None]) -> RollUp:
    """The parts added up, in their unit, by part (district, bloc, operator); a missing one is never taken for 0."""
    known = [value for value in values.values() if value is not None]
    return RollUp(sum(known, ZERO) if known else None, len(known), len(values))


def ratio_of_parts(pairs: Iterable[tuple[Decimal | None, Decimal | None]]) -> RollUp:
    """Numerators added ÷ denominators added × 100, in per cent: never the mean of the parts' per cents.

    A part of which either is missing is left out of both sums and counted as missing.
    """
    listed = list(pairs)
    known = [(part, whole) for part, whole in listed if part is not None and whole is not None]
    numerator, denominator = sum((part for part, _ in known), ZERO), sum((whole for _, whole in known), ZERO)
    if not known:
        return RollUp(None, 0, len(listed))
    return RollUp(ratio(numerator, denominator), len(known), len(listed), numerator, denominator)


def weighted(shares: Iterable[tuple[Decimal | None, Decimal | None]]) -> RollUp:
    """Mean of (share, weight) by weight: Σ share × weight ÷ Σ weight, in the shares' unit.

    A share that is missing is left out with its weight and counted as missing; so is one without a weight. None when
    the weights present add up to nothing.
    """
    listed = list(shares)
    known = [(share, weight) for share, weight in listed if share is not None and weight is not None]
    if not known:
        return RollUp(None, 0, len(listed))
    numerator = sum((share * weight for share, weight in known), ZERO)
    denominator = sum((weight for _, weight in known), ZERO)
    value = numerator / denominator if denominator > 0 else None
    return RollUp(value, len(known), len(listed), numerator, denominator)


def all_children(met: Iterable[bool | None]) -> bool | None:
    """Whether all below are reached: no as soon as one is not, None while one cannot be said or there are none."""
    listed = list(met)
    if any(each is False for each in listed):
        return False
    if not listed or any(each is None for each in listed):
        return None
    return True
