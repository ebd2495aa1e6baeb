"""Figures of targets to geometry for the SVG templates. No Django, no words: templates add these.

Places are percentages of the drawing, so that a chart is as wide as its page; only the sparkline, which has
one size everywhere, is in pixels. Figures come as exact decimals and go into tables as they came; None means
that there is no figure, which is never drawn as zero. Lines are ready for ``<polyline points>`` in a 100 by
100 view box: one text for each unbroken stretch, so that no line runs through a missing month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter

from tracker.chart_places import (
    Axis,
    EndLabel,
    PeriodFigures,
    ValueMark,
    axis,
    end_labels,
    filled,
    inside,
    is_crowded,
    level_polylines,
    period_middles,
    place,
    polyline,
    polylines,
    share,
)

BULLET_HEADROOM = Decimal("1.04")
"""The longest part of a bullet ends a little before the frame, so that its mark is drawn whole."""

HEAT_STEPS = ((Decimal(90), "q4"), (Decimal(70), "q3"), (Decimal(40), "q2"), (Decimal(0), "q1"))


# Bars


@dataclass(frozen=True, slots=True)
class Bullet:
    """Ends of the bars and places of the marks in percent; None where there is no figure."""

    actual: float | None
    plan: float | None
    before: float | None
    target: float | None
    projection: float | None

    @property
    def projection_start(self) -> float:
        """The dotted line goes on where the bar ends."""
        return self.actual or 0.0


def bullet(
    actual: Decimal | None,
    plan_to_date: Decimal | None,
    before: Decimal | None,
    target: Decimal | None,
    projection: Decimal | None,
) -> Bullet | None:
    """One target's figures on one scale from 0 to a little more than the largest; None without any figure.

    ``before`` is the whole year before. Where less is better the scale is the same: a bar's length is its
    figure. A figure below zero has no length and stands at the start.
    """
    figures = (actual, plan_to_date, before, target, projection)
    known = [figure for figure in figures if figure is not None]
    if not known:
        return None

    full = max(known) * BULLET_HEADROOM
    places = [None if figure is None else share(figure, full) for figure in figures]
    return Bullet(*places)


def heat_step(percent: Decimal | None) -> str:
    """The colour step of a cell: q0 none at all, q1 below 40 %, q2 below 70 %, q3 below 90 %, q4 reached.

    Only a real zero is q0: whoever has begun is not shown as not having begun. Empty without a figure.
    """
    if percent is None:
        return ""
    if percent <= 0:
        return "q0"
    return next(step for least, step in HEAT_STEPS if percent >= least)


# A small line beside the figures


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Places in pixels of a drawing ``width`` by ``height``; the dot is the last figure there is."""

    width: int
    height: int
    lines: list[str]
    target_y: float | None
    dot_x: float
    dot_y: float


def sparkline(
    values: Sequence[Decimal | None], target_line: Decimal | None, width: int = 92, height: int = 24
) -> Sparkline | None:
    """The course of the figures, with the level that they should have; None without any figure."""
    known = [value for value in values if value is not None]
    if not known:
        return None

    left, right, margin = 3.0, width - 5.0, 4.3
    scaled = known if target_line is None else [*known, target_line]
    low, high = min(scaled), max(scaled)

    def y(value: Decimal) -> float:
        if low == high:
            return height / 2
        return round(margin + float((high - value) / (high - low)) * (height - 2 * margin), 1)

    step = (right - left) / (len(values) - 1) if len(values) > 1 else 0.0
    points = [
        (round(right - step * (len(values) - 1 - index), 1), None if value is None else y(value))
        for index, value in enumerate(values)
    ]
    dot_x, dot_y = next((x, at) for x, at in reversed(points) if at is not None)
    return Sparkline(
        width=width,
        height=height,
        lines=polylines(points, digits=1),
        target_y=None if target_line is None else y(target_line),
        dot_x=dot_x,
        dot_y=dot_y,
    )


# Month by month


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """A month's figures; ``y`` and what follows only mean something when there is a value."""

    label: str
    x: float
    value: Decimal | None
    planned: Decimal | None
    needed: Decimal | None
    is_minor: bool
    """The name under the axis is left out where there is little room."""
    y: float
    label_above: bool
    label_is_minor: bool
    """Neither the last nor an extreme: the first figures to go where there is little room."""


@dataclass(frozen=True, slots=True)
class MonthLine:
    """Month by month beside the plan, the year before and the pace still needed."""

    axis: list[ValueMark]
    months: list[MonthPoint]
    lines: list[str]
    plan_lines: list[str]
    before_mean: Decimal | None
    before_y: float | None
    needed: Decimal | None
    needed_x: float
    needed_y: float | None
    today_x: float | None
    ends: list[EndLabel]
    starts_above_zero: bool

    @property
    def bottom(self) -> Decimal:
        return self.axis[0].value

    @property
    def has_room_for_ends(self) -> bool:
        """Late in the year the last months stand where the words at the right end would."""
        return not any(month.value is not None and month.x > 75 for month in self.months)


def month_line(
    labels: Sequence[str],
    values: Sequence[Decimal | None],
    plan: Sequence[Decimal | None],
    before_mean: Decimal | None,
    needed: Decimal | None,
    today_x: float | None,
) -> MonthLine:
    """The months of a year one by one.

    ``plan`` may be shorter than ``labels`` or empty; ``values`` ends with the last month that is over.
    ``before_mean``: the mean month of the year before. ``needed``: what each month after the last figure
    must bring. ``today_x``: how much of the year is over, in percent.
    Raises ValueError when there is no month, or more figures than months.
    """
    xs = period_middles(labels, values, plan)
    every_value, every_plan = filled(values, xs), filled(plan, xs)
    last = max((index for index, value in enumerate(every_value) if value is not None), default=-1)
    to_come = None if last == len(xs) - 1 else needed
    shown = [value for value in (*every_value, *every_plan, before_mean, to_come) if value is not None] or [
        Decimal(0)
    ]
    scale = axis(min(shown), max(shown), may_start_above_zero=True)

    def y(value: Decimal | None) -> float | None:
        return None if value is None else scale.y(value)

    ends = {
        "needed": to_come,
        "plan": next((value for value in reversed(every_plan) if value is not None), None),
        "before": before_mean,
    }
    return MonthLine(
        axis=scale.marks,
        months=_month_points(labels, xs, every_value, every_plan, to_come, last, scale),
        lines=polylines([(x, y(value)) for x, value in zip(xs, every_value, strict=True)]),
        plan_lines=level_polylines([y(value) for value in every_plan]),
        before_mean=before_mean,
        before_y=y(before_mean),
        needed=to_come,
        needed_x=place(last + 1, len(xs)),
        needed_y=y(to_come),
        today_x=inside(today_x),
        ends=end_labels(ends, scale, above=5, below=6),
        starts_above_zero=scale.bottom > 0,
    )


def _month_points(
    labels: Sequence[str],
    xs: Sequence[float],
    values: Sequence[Decimal | None],
    plan: Sequence[Decimal | None],
    needed: Decimal | None,
    last: int,
    scale: Axis,
) -> list[MonthPoint]:
    known = [value for value in values if value is not None]
    telling = {min(known), max(known)} if known else set()
    crowded = is_crowded(labels)

    points = []
    for index, (label, x, value) in enumerate(zip(labels, xs, values, strict=True)):
        at = 0.0 if value is None else scale.y(value)
        beside = [
            scale.y(near)
            for near in (*values[max(0, index - 1) : index], *values[index + 1 : index + 2])
            if near is not None
        ]
        # In a valley the line leaves upwards, so there is room below; on the axis there never is.
        in_valley = bool(beside) and sum(beside) / len(beside) < at < 88
        points.append(
            MonthPoint(
                label=label,
                x=x,
                value=value,
                planned=plan[index],
                needed=needed if index > last else None,
                is_minor=crowded and index % 2 == 1,
                y=at,
                label_above=not in_valley,
                label_is_minor=len(labels) > 6 and index != last and value not in telling,
            )
        )
    return points


# Cumulative


@dataclass(frozen=True, slots=True)
class CumulativeLine:
    """The year's sum so far beside its plan, and where the pace leads; the axis holds zero."""

    axis: list[ValueMark]
    periods: list[PeriodFigures]
    lines: list[str]
    plan_lines: list[str]
    projection_points: str
    projection: Decimal | None
    target: Decimal | None
    last_value: Decimal | None
    last_x: float
    last_y: float
    today_x: float | None
    ends: list[EndLabel]

    @property
    def is_early(self) -> bool:
        """A label to the left of the last figure would leave the drawing."""
        return self.last_x < 25


def cumulative_line(
    labels: Sequence[str],
    cumulative: Sequence[Decimal | None],
    plan: Sequence[Decimal | None],
    projection: Decimal | None,
    target: Decimal | None,
    today_x: float | None,
) -> CumulativeLine:
    """Sums from the year's start to the end of each period; ``plan`` is cumulative as well.

    ``projection``: what the whole year will bring at this pace. ``today_x`` in percent of the year.
    Raises ValueError when there is no period, or more figures than periods.
    """
    xs = period_middles(labels, cumulative, plan)
    every_value, every_plan = filled(cumulative, xs), filled(plan, xs)
    shown = [value for value in (*every_value, *every_plan, projection, target) if value is not None]
    scale = axis(min(shown, default=Decimal(0)), max(shown, default=Decimal(0)), may_start_above_zero=False)

    def points(figures: Sequence[Decimal | None]) -> list[tuple[float, float | None]]:
        start = [(0.0, scale.y(0))] if figures[0] is not None else []
        return start + [
            (place(index + 1, len(xs)), None if figure is None else scale.y(figure))
            for index, figure in enumerate(figures)
        ]

    known = [(index, value) for index, value in enumerate(every_value) if value is not None]
    last_index, last_value = known[-1] if known else (-1, None)
    last_x = place(last_index + 1, len(xs))
    last_y = scale.y(0 if last_value is None else last_value)
    projection_points = ""
    if known and projection is not None and last_x < 100:
        projection_points = polyline([(last_x, last_y), (100.0, scale.y(projection))])
    crowded = is_crowded(labels)
    return CumulativeLine(
        axis=scale.marks,
        periods=[
            PeriodFigures(label, x, value, planned, crowded and index % 2 == 1)
            for index, (label, x, value, planned) in enumerate(
                zip(labels, xs, every_value, every_plan, strict=True)
            )
        ],
        lines=polylines(points(every_value)),
        plan_lines=polylines(points(every_plan)),
        projection_points=projection_points,
        projection=projection,
        target=target,
        last_value=last_value,
        last_x=last_x,
        last_y=last_y,
        today_x=inside(today_x),
        ends=end_labels({"target": target, "projection": projection}, scale, above=5, below=14),
    )


# Coverage


@dataclass(frozen=True, slots=True)
class CoverageCurve:
    """How many bodies of a list are in use, as steps, beside the plan."""

    axis: list[ValueMark]
    periods: list[PeriodFigures]
    points: str
    plan_points: str
    total: int
    count: int
    last_x: float
    last_y: float
    today_x: float | None

    @property
    def is_early(self) -> bool:
        """A label to the left of the last figure would leave the drawing."""
        return self.last_x < 25


def coverage_curve(
    points: Sequence[tuple[float, int]],
    plan: Sequence[tuple[float, int]],
    total: int,
    today_x: float,
    periods: Sequence[tuple[str, int | None, int | None]] = (),
) -> CoverageCurve:
    """Bodies in use over a span of equal ``periods``.

    ``points``: where in the span, in percent, how many were in use from then on; the count before the first
    point is 0. ``plan``: how many should be in use by then, joined by straight lines. ``total``: how many are
    on the list. ``today_x``: the steps end here. Points after today are not drawn: they are no facts yet.
    ``periods``: name, how many were in use at its end (None while it runs) and how many should have been;
    counted by the caller on calendar days, for the table and the names under the axis.
    """
    today = min(max(float(today_x), 0.0), 100.0)
    # Sorted by place alone: two steps of one day keep the order in which they were taken.
    steps = sorted(((max(float(x), 0.0), count) for x, count in points if x <= today), key=itemgetter(0))
    planned = sorted(((min(max(float(x), 0.0), 100.0), count) for x, count in plan), key=itemgetter(0))
    top = max(total, 1, *(count for _, count in (*steps, *planned)))
    scale = Axis(Decimal(0), Decimal(top), [])

    corners = [(0.0, 0)]
    for x, count in steps:
        corners += [(x, corners[-1][1]), (x, count)]
    corners.append((today, corners[-1][1]))
    count = corners[-1][1]

    crowded = is_crowded([label for label, _, _ in periods])
    return CoverageCurve(
        axis=[ValueMark(Decimal(n), scale.y(n)) for n in sorted({0, total // 2, total})],
        periods=[
            PeriodFigures(label, place(index + 0.5, len(periods)), done, due, crowded and index % 2 == 1)
            for index, (label, done, due) in enumerate(periods)
        ],
        points=polyline([(x, scale.y(n)) for x, n in corners]),
        plan_points=polyline([(x, scale.y(n)) for x, n in planned]),
        total=total,
        count=count,
        last_x=round(today, 2),
        last_y=scale.y(count),
        today_x=round(today, 2),
    )
