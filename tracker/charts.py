"""Numbers to geometry for the SVG templates. No Django, no words: templates add these.

Horizontal and vertical places are percentages of the drawing, so that a chart is as wide as its page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

STATUS_ORDER = ("late", "soon", "ontime", "nodue", "todo", "paused", "stopped", "donelate", "done")
"""What needs somebody comes first, what is finished last."""

PATTERNS = {"todo": "p-todo", "nodue": "p-nodue", "paused": "p-pause", "donelate": "p-late"}
"""Filled with a pattern, so that the bar can be read in grey print too."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One state's share of a stacked bar; ``x`` and ``width`` in percent."""

    key: str
    count: int
    x: float
    width: float

    @property
    def pattern(self) -> str | None:
        return PATTERNS.get(self.key)


def status_bar(counts: Mapping[str, int]) -> list[Segment]:
    """The segments of a stacked bar in the order of attention; states without a row take no place.

    Raises ValueError for a state the bar does not know: a total that hides rows would be a lie.
    """
    unknown = {key for key, count in counts.items() if count} - set(STATUS_ORDER)
    if unknown:
        raise ValueError(f"A status bar cannot show {sorted(unknown)}.")

    shown = [(key, counts[key]) for key in STATUS_ORDER if counts.get(key, 0) > 0]
    total = sum(count for _, count in shown)
    segments: list[Segment] = []
    before = 0
    for key, count in shown:
        # Both edges are rounded, never the width alone: the segments then meet without a gap.
        left, right = (round(100 * edge / total, 3) for edge in (before, before + count))
        segments.append(Segment(key, count, left, round(right - left, 3)))
        before += count
    return segments


def clamped(percent: float | None) -> float:
    """A share that fits into a bar: nothing counts as 0, and no bar is longer than its frame."""
    return round(min(max(float(percent or 0), 0), 100), 3)


def shares(values: Sequence[float]) -> list[float]:
    """Bar lengths in percent of the largest value, for bars that are compared with each other."""
    largest = max(values, default=0)
    return [clamped(100 * value / largest) if largest > 0 else 0.0 for value in values]


@dataclass(frozen=True, slots=True)
class AxisMark:
    """A line of the value axis; ``y`` in percent from the top."""

    value: int
    y: float


@dataclass(frozen=True, slots=True)
class PeriodMark:
    """A period's name under the axis and its numbers for the table; ``done`` is None for the future."""

    label: str
    x: float
    planned: int
    done: int | None


@dataclass(frozen=True, slots=True)
class SCurve:
    """Cumulative plan, what is done, and where the present pace leads.

    The points are ready for ``<polyline points>`` in a 100 by 100 view box.
    """

    total: int
    planned_now: int
    done_now: int
    projected: int | None
    axis: list[AxisMark]
    periods: list[PeriodMark]
    plan_points: str
    done_points: str
    projection_points: str
    gap_points: str
    today_x: float
    planned_y: float
    done_y: float
    total_y: float
    projected_y: float | None

    @property
    def behind(self) -> int:
        """How many too few are done today; negative when ahead of the plan."""
        return self.planned_now - self.done_now

    @property
    def ahead(self) -> int:
        return -self.behind

    @property
    def is_early(self) -> bool:
        """Labels to the left of today would leave the drawing."""
        return self.today_x < 25

    @property
    def is_late(self) -> bool:
        """Labels to the right of today would leave the drawing."""
        return self.today_x > 75


def s_curve(
    labels: Sequence[str],
    planned: Sequence[int],
    done: Sequence[int],
    *,
    elapsed: float,
    planned_now: int,
    done_now: int,
    projected: int | None,
) -> SCurve:
    """The S-curve of a period of ``len(labels)`` equal parts.

    ``planned``: how many must be done by the end of each part, cumulative. ``done``: the same for the parts
    that are over. ``elapsed``: how much of the whole period is over, 0 to 1. ``projected``: what the present
    pace gives at the end, None when nothing can be said.
    """
    parts = len(labels)
    if parts == 0 or len(planned) != parts or len(done) > parts:
        raise ValueError("An S-curve needs a plan for every part and no result for the future.")

    step = max(1, -(-max(*planned, *done, planned_now, done_now, projected or 0) // 4))
    top = 4 * step
    today = clamped(100 * elapsed)

    def y(value: float) -> float:
        return round(100 - 100 * value / top, 2)

    def line(points: Sequence[tuple[float, float]]) -> str:
        return " ".join(f"{round(at, 2):g},{y(value):g}" for at, value in points)

    ends = [round(100 * (index + 1) / parts, 2) for index in range(parts)]
    plan_before = [(0.0, 0)] + [(at, value) for at, value in zip(ends, planned, strict=True) if at < today]
    plan_after = [(at, value) for at, value in zip(ends, planned, strict=True) if at > today]
    done_line = [(0.0, 0)] + [(at, value) for at, value in zip(ends, done, strict=False) if at < today]
    done_line.append((today, done_now))
    plan_before.append((today, planned_now))

    return SCurve(
        total=planned[-1],
        planned_now=planned_now,
        done_now=done_now,
        projected=projected,
        axis=[AxisMark(value, y(value)) for value in range(0, top + 1, step)],
        periods=[
            PeriodMark(label, round(100 * (index + 0.5) / parts, 2), planned[index], _at(done, index))
            for index, label in enumerate(labels)
        ],
        plan_points=line(plan_before + plan_after),
        done_points=line(done_line),
        projection_points="" if projected is None else line([(today, done_now), (100.0, projected)]),
        gap_points=line(plan_before + done_line[::-1]) if planned_now > done_now else "",
        today_x=today,
        planned_y=y(planned_now),
        done_y=y(done_now),
        total_y=y(planned[-1]),
        projected_y=None if projected is None else y(projected),
    )


def _at(values: Sequence[int], index: int) -> int | None:
    return values[index] if index < len(values) else None
