"""A period's numbers: as they were frozen at each closing, as they stand today, and what has changed between."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tracker.closing import exact
from tracker.figures.targets import period_figures
from tracker.models import (
    Configuration,
    FrozenFigure,
    Indicator,
    IndicatorPart,
    Measurement,
    PeriodEvent,
    ReportingPeriod,
    User,
)

Key = tuple[int, int | None]
"""Indicator and part (None: the whole), by primary key."""


@dataclass(frozen=True)
class Number:
    """One number of a period with all that is said beside it; the same shape frozen and today."""

    value: Decimal | None
    words: str
    numerator: Decimal | None
    denominator: Decimal | None
    qualifier: str
    certainty: str
    role: str
    as_of_on: dt.date | None
    plan: Decimal | None
    to_date: Decimal | None
    plan_to_date: Decimal | None

    @property
    def role_label(self) -> str:
        return str(Measurement.Role(self.role).label) if self.role else ""

    @property
    def certainty_label(self) -> str:
        return str(Measurement.Certainty(self.certainty).label) if self.certainty else ""

    @property
    def said(self) -> tuple[Any, ...]:
        """What makes two numbers the same."""
        return self.value, self.words, self.numerator, self.denominator


@dataclass
class Line:
    """One indicator or one part of it. ``late``: figures of it that were confirmed after the closing."""

    indicator: Indicator
    part: IndicatorPart | None
    frozen: Number | None = None
    earlier: Number | None = None
    now: Number | None = None
    late: int = 0
    parts: "list[Line]" = field(default_factory=list)

    @property
    def has_moved(self) -> bool:
        """Today's number is another one than the frozen one."""
        return (self.now.said if self.now else None) != (self.frozen.said if self.frozen else None)

    @property
    def has_been_corrected(self) -> bool:
        """This closing froze another number than the closing before it."""
        return (self.earlier.said if self.earlier else None) != (self.frozen.said if self.frozen else None)

    @property
    def shown(self) -> Number | None:
        return self.frozen or self.now

    @property
    def is_counted(self) -> bool:
        """Nobody enters it: it changes with a list of agencies or with the indicators below it."""
        return not self.indicator.is_entered


@dataclass
class ClosedNumbers:
    """All numbers of a period for one reader. ``revision`` None: it has never been closed, only today's stand."""

    period: ReportingPeriod
    revision: int | None
    closings: list[PeriodEvent]
    """Each closing, the first one first."""
    lines: list[Line]
    late: Any
    """The figures confirmed after this closing."""

    @property
    def closing(self) -> PeriodEvent | None:
        return next((event for event in self.closings if event.revision == self.revision), None)

    @property
    def earlier_closing(self) -> PeriodEvent | None:
        before = [event for event in self.closings if event.revision < (self.revision or 0)]
        return before[-1] if before else None

    @property
    def moved(self) -> list[Line]:
        return [line for line in self.lines if line.has_moved]


def closed_numbers(
    period: ReportingPeriod,
    user: User,
    office: Configuration,
    today: dt.date,
    *,
    events: Iterable[PeriodEvent],
    revision: int | None = None,
) -> ClosedNumbers:
    """The numbers of a period, of the revision asked for or the last one closed, beside today's and the one before."""
    closings = sorted((event for event in events if event.step == "closed"), key=lambda event: event.revision)
    known = [event.revision for event in closings]
    chosen = revision if revision in known else (known[-1] if known else None)
    page = ClosedNumbers(period, chosen, closings, [], Measurement.objects.none())
    lines: dict[Key, Line] = {}
    shown = {chosen, page.earlier_closing.revision if page.earlier_closing else None} - {None}
    for row in _frozen_for(user, period, shown):
        line = lines.setdefault((row.indicator_id, row.part_id), Line(row.indicator, row.part))
        setattr(line, "frozen" if row.revision == chosen else "earlier", _of_row(row))
    _add_today(lines, period, user, office, today)
    if page.closing:
        late = Measurement.objects.visible_to(user).confirmed().filter(period=period)
        page.late = late.filter(reviewed_at__gt=page.closing.at)
        counts = Counter(page.late.values_list("indicator_id", "part_id"))
        for (indicator, part), number in counts.items():
            for key in {(indicator, part), (indicator, None)} & lines.keys():
                lines[key].late += number
    page.lines = _as_tree(lines)
    return page


def _frozen_for(user: User, period: ReportingPeriod, revisions: set[Any]) -> Any:
    rows = FrozenFigure.objects.filter(period=period, revision__in=revisions).visible_to(user)
    return rows.select_related("indicator", "part__agency")


def _add_today(
    lines: dict[Key, Line], period: ReportingPeriod, user: User, office: Configuration, today: dt.date
) -> None:
    figures = period_figures(period, user, office, today)
    keys = [figure.part_pk for figure in figures if figure.part_pk]
    parts = IndicatorPart.objects.select_related("agency").in_bulk(keys)
    for figure in figures:
        part = parts.get(figure.part_pk) if figure.part_pk else None
        if not _may_read(user, figure.indicator, part):
            continue
        line = lines.setdefault((figure.indicator.pk, figure.part_pk), Line(figure.indicator, part))
        cell = figure.cell
        line.now = Number(
            exact(cell.value),
            cell.words,
            exact(cell.numerator),
            exact(cell.denominator),
            cell.qualifier,
            cell.certainty,
            cell.role,
            cell.as_of_on,
            exact(figure.plan),
            exact(figure.to_date),
            exact(figure.plan_to_date),
        )


def _may_read(user: User, indicator: Indicator, part: IndicatorPart | None) -> bool:
    """As ``FrozenFigureQuerySet.visible_to``: another agency reads its own numbers only, no sum over others' parts."""
    is_own_measure = part is not None or indicator.rule == Indicator.Rule.OWN
    owner = (part.agency_id if part else None) or indicator.owner_id
    return user.sees_everything or (is_own_measure and owner == user.agency_id)


def _of_row(row: FrozenFigure) -> Number:
    return Number(
        row.value,
        row.value_words,
        row.numerator,
        row.denominator,
        row.qualifier,
        row.certainty,
        row.role,
        row.as_of_on,
        row.plan,
        row.to_date,
        row.plan_to_date,
    )


def _as_tree(lines: dict[Key, Line]) -> list[Line]:
    """The wholes in the order of the register, each with its parts; a part whose whole has no number stands alone."""
    wholes = {indicator: line for (indicator, part), line in lines.items() if part is None}
    alone: dict[int, Line] = {}
    for (indicator, part), line in lines.items():
        if part is None:
            continue
        head = wholes.get(indicator) or alone.setdefault(indicator, Line(line.indicator, None))
        head.parts.append(line)
    heads = [*wholes.values(), *alone.values()]
    for head in heads:
        head.parts.sort(key=lambda line: (line.part.position, line.part.pk) if line.part else (0, 0))
    return sorted(heads, key=lambda line: line.indicator.code)
