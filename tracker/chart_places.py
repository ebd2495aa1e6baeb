"""Axes and places of charts: where a figure stands in a drawing of 100 by 100. No Django, no words.

Places across and from the top are percentages. A line is ready for ``<polyline points>``.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

ROUND_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5))
MOST_STEPS = 5
"""An axis has at most this many parts: more lines than figures would be noise."""

LABELS_APART = 7.0
LOWEST_LABEL = 96.0
"""Percent of the height: a line of words in a drawing of some 220 pixels."""


@dataclass(frozen=True, slots=True)
class ValueMark:
    """A line of the value axis; ``y`` in percent from the top."""

    value: Decimal
    y: float


@dataclass(frozen=True, slots=True)
class EndLabel:
    """A figure written at the right end: its line is at ``line_y``, the middle of its words at ``y``."""

    kind: str
    value: Decimal
    line_y: float
    y: float


@dataclass(frozen=True, slots=True)
class Axis:
    """A value axis with round marks, lowest first."""

    bottom: Decimal
    top: Decimal
    marks: list[ValueMark]

    def y(self, value: Decimal | int) -> float:
        """The place of a figure in percent from the top; what lies outside stays at the edge."""
        return round(100 - share(value - self.bottom, self.top - self.bottom), 2)


def axis(low: Decimal, high: Decimal, *, may_start_above_zero: bool) -> Axis:
    """A round axis that holds ``low`` to ``high`` and, unless the figures lie far above it, zero.

    Far above: with zero, more than half of the drawing would be empty. Even then a tenth of the figures'
    size fills the drawing at least, so that chance does not look like a leap.
    """
    if may_start_above_zero and low > high / 2:
        spread = max(high - low, high / 10)
        # Labels stand below the lowest point too and must not touch the names of the months.
        low = max(Decimal(0), high - spread * Decimal("1.15"))
    else:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high:
        high = low + 1

    step = _round_step(low, high)
    first, last = floor(Fraction(low) / Fraction(step)), ceil(Fraction(high) / Fraction(step))
    bottom, top = first * step, last * step
    bare = Axis(bottom, top, [])
    return Axis(bottom, top, [ValueMark(n * step, bare.y(n * step)) for n in range(first, last + 1)])


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """A period's name at ``x`` under the axis and its figures for the table."""

    label: str
    x: float
    value: Decimal | int | None
    planned: Decimal | int | None
    is_minor: bool
    """Left out where there is little room."""


def share(part: Decimal | int, whole: Decimal) -> float:
    """A share that fits into its frame; nothing of nothing is nothing."""
    if whole <= 0:
        return 0.0
    return round(min(max(float(100 * part / whole), 0.0), 100.0), 2)


def place(position: float, parts: int) -> float:
    return round(100 * position / parts, 2)


def inside(percent: float | None) -> float | None:
    return round(float(percent), 2) if percent is not None and 0 <= percent <= 100 else None


def _round_step(low: Decimal, high: Decimal) -> Decimal:
    """The smallest round step that needs no more parts than an axis may have."""
    span = high - low
    return next(
        step
        for exponent in itertools.count(span.adjusted() - 1)
        for step in (factor.scaleb(exponent) for factor in ROUND_STEPS)
        # Fractions: a decimal's own division gives up when a large figure meets a tiny step.
        if ceil(Fraction(high) / Fraction(step)) - floor(Fraction(low) / Fraction(step)) <= MOST_STEPS
    )


def polyline(points: Iterable[tuple[float, float]], digits: int = 2) -> str:
    return " ".join(f"{x:.{digits}f},{y:.{digits}f}" for x, y in points)


def polylines(points: Sequence[tuple[float, float | None]], digits: int = 2) -> list[str]:
    """One line for each unbroken stretch; a lone point twice, so that its round cap is drawn."""
    stretches: list[list[tuple[float, float]]] = [[]]
    for x, y in points:
        if y is None:
            stretches.append([])
        else:
            stretches[-1].append((x, y))
    return [
        polyline(stretch * 2 if len(stretch) == 1 else stretch, digits) for stretch in stretches if stretch
    ]


def level_polylines(ys: Sequence[float | None]) -> list[str]:
    """A plan's line: it holds for whole periods, so it begins and ends at their edges."""
    points: list[tuple[float, float | None]] = []
    for index, y in enumerate(ys):
        before = ys[index - 1] if index else None
        after = ys[index + 1] if index + 1 < len(ys) else None
        if y is not None and before is None:
            points.append((place(index, len(ys)), y))
        points.append((place(index + 0.5, len(ys)), y))
        if y is not None and after is None:
            points.append((place(index + 1, len(ys)), y))
    return polylines(points)


def end_labels(
    figures: dict[str, Decimal | None], scale: Axis, *, above: float, below: float
) -> list[EndLabel]:
    """The words at the right end: the highest above its line, the others below, none upon another."""
    lines = sorted((scale.y(value), kind, value) for kind, value in figures.items() if value is not None)
    middles = [y - above if index == 0 else y + below for index, (y, _, _) in enumerate(lines)]
    for index in range(1, len(middles)):
        middles[index] = max(middles[index], middles[index - 1] + LABELS_APART)
    lowest = LOWEST_LABEL
    for index in reversed(range(len(middles))):
        middles[index] = min(middles[index], lowest)
        lowest = middles[index] - LABELS_APART
    return [
        EndLabel(kind, value, y, round(middle, 2))
        for (y, kind, value), middle in zip(lines, middles, strict=True)
    ]


def period_middles(labels: Sequence[str], *figures: Sequence[Decimal | None]) -> list[float]:
    if not labels or any(len(row) > len(labels) for row in figures):
        raise ValueError("A chart of periods needs a period for every figure.")
    return [place(index + 0.5, len(labels)) for index in range(len(labels))]


def filled(figures: Sequence[Decimal | None], xs: Sequence[float]) -> list[Decimal | None]:
    return [*figures, *[None] * (len(xs) - len(figures))]


def is_crowded(labels: Sequence[str]) -> bool:
    """Whether the names do not fit side by side into a phone's width, at about 40 letters."""
    return sum(len(label) + 1 for label in labels) > 40
