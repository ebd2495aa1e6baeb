"""Targets: plan, actual, projection and verdict of every indicator, from one function for all pages and the API.

Only confirmed figures count. A figure that is missing is None and prints as “–”; nothing is carried forward
silently: a level that is older than the period asked for says from when it is. The projection stands apart and is
never part of what was done.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import Q

from tracker.figures.series import NOTHING, Cell, load_indicators, load_periods, targets_of
from tracker.figures.target_rows import IndicatorRow
from tracker.figures.target_tree import Judge, Tree
from tracker.judgement import Verdict
from tracker.models import Configuration, Indicator, ReportingPeriod, User


def selectable_periods(
    periods: Iterable[ReportingPeriod], today: dt.date, year: int
) -> list[ReportingPeriod]:
    """Months, quarters and the longer periods of a year that have begun, the newest first."""
    begun = [period for period in periods if period.year == year and period.starts_on <= today]
    return sorted(
        (period for period in begun if period.kind != "week"), key=lambda one: one.ends_on, reverse=True
    )


def default_period(periods: Iterable[ReportingPeriod], today: dt.date) -> ReportingPeriod | None:
    """The newest month for which the agencies' time for sending is over; at the year's start the first month."""
    months = [period for period in periods if period.kind == "month" and period.starts_on <= today]
    sent = [period for period in months if period.agencies_send_on < today]
    return max(sent or months, key=lambda one: one.ends_on, default=None)


@dataclass
class Plan:
    """The indicators of a year's plan for one reader: what the pages 07 and 08 show."""

    rows: list[IndicatorRow]
    upto: ReportingPeriod | None
    periods: list[ReportingPeriod]
    judge: Judge
    suggested: list[Indicator] = field(default_factory=list)
    """Proposed by nobody's document and not accepted yet: shown apart, counted nowhere."""
    unplanned: list[IndicatorRow] = field(default_factory=list)
    """Without a target in the year: shown apart with their figure, so that somebody can set one."""

    def with_verdict(self, value: Verdict) -> list[IndicatorRow]:
        return [row for row in self.rows if row.verdict == value]

    @property
    def judged(self) -> list[IndicatorRow]:
        """The indicators of which something can be said."""
        return [row for row in self.rows if row.verdict != Verdict.NONE]

    @property
    def unsafe(self) -> list[IndicatorRow]:
        """Not expected to be reached, the worst first."""
        order = {Verdict.OFF: 0, Verdict.RISK: 1}
        bad = [row for row in self.rows if row.verdict in order]
        return sorted(bad, key=lambda row: (order[row.verdict], row.share_of_year or Decimal(0)))

    @property
    def waiting(self) -> int:
        return sum(row.waiting + sum(_waiting_below(row)) for row in self.rows)


def _waiting_below(row: IndicatorRow) -> Iterable[int]:
    for child in row.children:
        yield child.waiting
        yield from _waiting_below(child)


def year_plan(
    user: User,
    today: dt.date,
    office: Configuration,
    *,
    upto: ReportingPeriod | None = None,
    year: int | None = None,
    against: str = "same_period",
    periods: list[ReportingPeriod] | None = None,
) -> Plan:
    """The headline indicators with a target in the year, as this person sees them; at most six queries.

    Who has loaded the year's ``periods`` to choose among them gives them along.
    """
    year = upto.year if upto else year or today.year
    periods = load_periods(year) if periods is None else periods
    default = default_period([period for period in periods if period.year == year], today)
    upto = upto or default
    judge = Judge.of(office)
    if upto is None:
        return Plan([], None, periods, judge)
    day = today if default and upto.pk == default.pk else min(upto.ends_on, today)
    loaded = load_indicators(Indicator.objects.visible_to(user).filter(retired_on=None), user)
    indicators = [one for one in loaded if not one.is_suggested]
    tree = Tree(indicators, user, periods, upto, day, judge, against)
    heads = [one for one in indicators if tree.is_head(one)]
    return Plan(
        rows=[tree.row(one) for one in heads if _due_in(one, year)],
        upto=upto,
        periods=periods,
        judge=judge,
        suggested=[one for one in loaded if one.is_suggested],
        unplanned=[tree.row(one) for one in heads if not _due_in(one, year)],
    )


def _due_in(indicator: Indicator, year: int) -> bool:
    return any(target.due_on.year == year for target in targets_of(indicator))


def one_target(
    user: User,
    indicator: Indicator,
    today: dt.date,
    office: Configuration,
    *,
    upto: ReportingPeriod | None = None,
) -> tuple[IndicatorRow, Tree] | None:
    """One indicator, suggested and retired ones too, with those below it; None before any period was made."""
    periods = load_periods(upto.year if upto else today.year)
    default = default_period([period for period in periods if period.year == today.year], today)
    upto = upto or default
    if upto is None:
        return None
    day = today if default and upto.pk == default.pk else min(upto.ends_on, today)
    below = Q(parent=indicator) | Q(parent__parent=indicator) | Q(parent__parent__parent=indicator)
    seen = Indicator.objects.visible_to(user)
    found = load_indicators(seen.filter(Q(pk=indicator.pk) | below & Q(retired_on=None)), user)
    tree = Tree(found, user, periods, upto, day, Judge.of(office), "same_period")
    return tree.row(next(one for one in found if one.pk == indicator.pk)), tree


@dataclass(frozen=True)
class PeriodFigure:
    """What is frozen when a period is closed: one indicator, or one part of it."""

    indicator: Indicator
    part_pk: int | None
    cell: Cell
    plan: Decimal | None
    to_date: Decimal | None
    plan_to_date: Decimal | None


def period_figures(
    period: ReportingPeriod, user: User, office: Configuration, today: dt.date
) -> list[PeriodFigure]:
    """The numbers of a period as they stand now, to be frozen: of every indicator entered in periods of this kind."""
    day = min(period.ends_on, today)
    indicators = load_indicators(Indicator.objects.visible_to(user).in_use(), user)
    periods, judge = load_periods(period.year), Judge.of(office)
    tree = Tree(indicators, user, periods, period, day, judge, "same_period", with_frozen=False)
    return [figure for one in indicators for figure in _figures(tree, one, period)]


def _figures(tree: Tree, indicator: Indicator, period: ReportingPeriod) -> Iterable[PeriodFigure]:
    row = tree.row(indicator)
    mine = next((one for one in row.rows if one.period.pk == period.pk), None)
    if indicator.frequency == period.kind and mine is not None and indicator.is_entered:
        # A period without a figure still has a total to date, which later corrections must not move.
        if (
            mine.cell.value is not None
            or mine.cell.words
            or (indicator.is_cumulative and row.actual is not None)
        ):
            planned = row.plan_to_date if mine.plan_to_date is None else mine.plan_to_date
            yield PeriodFigure(indicator, None, mine.cell, mine.plan, row.actual, planned)
        for part in tree.series.parts_of(indicator):
            cell = tree.series.cells[indicator.pk, part].get(period.pk, NOTHING)
            if cell.value is not None or cell.words:
                plan = tree.series.plans[indicator.pk, part].get(period.pk)
                yield PeriodFigure(indicator, part, cell, plan, None, None)
    elif row.actual is not None:
        cell = Cell(
            row.actual, "", None, None, row.cell.qualifier, row.cell.certainty, row.cell.role, row.as_of_on
        )
        if row.coverage:
            in_use, in_scope = Decimal(row.coverage.in_use), Decimal(row.coverage.in_scope)
            cell = Cell(row.actual, "", in_use, in_scope, "", "", "", row.coverage.day)
        plan = row.plan_to_date
        if indicator.is_cumulative and indicator.is_entered:
            value, plan = _within(row, period)
            cell = replace(cell, value=value)
        yield PeriodFigure(indicator, None, cell, plan, row.actual, row.plan_to_date)


def _within(row: IndicatorRow, period: ReportingPeriod) -> tuple[Decimal | None, Decimal | None]:
    """Figures and plans added up over the windows inside the period: a quarter's own sum beside the year's to date."""
    inside = [
        one
        for one in row.rows
        if period.starts_on <= one.period.starts_on and one.period.ends_on <= period.ends_on
    ]
    values = [one.value for one in inside if one.value is not None]
    plans = [one.plan for one in inside if one.plan is not None]
    value = sum(values, Decimal(0)) if values else None
    return value, sum(plans, Decimal(0)) if plans and len(plans) == len(inside) else None
