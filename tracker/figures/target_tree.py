"""Indicators with those below them: how a row is made from figures, plans, lists of agencies and children."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from tracker.figures.coverage import Coverage, coverages
from tracker.figures.series import NOTHING, Cell, Series, load_series, targets_of
from tracker.figures.target_outlook import Judge, Outlook, target_of, worst
from tracker.figures.target_rows import Change, IndicatorRow, PeriodRow, better, goal_of
from tracker.judgement import HUNDRED, Verdict, growth, points, rank_change, share_of_plan
from tracker.models import Indicator, ReportingPeriod, Target, User
from tracker.rollup import RollUp, all_children, ratio_of_parts, sum_of_parts, weighted

Rule, ValueKind = Indicator.Rule, Indicator.ValueKind

_PLACES = Decimal("0.000001")


class Tree:
    """Indicators with those below them, and all their figures; makes the rows."""

    def __init__(
        self,
        indicators: list[Indicator],
        user: User,
        periods: list[ReportingPeriod],
        upto: ReportingPeriod,
        day: dt.date,
        judge: Judge,
        against: str,
        *,
        with_frozen: bool = True,
    ) -> None:
        self.indicators, self.upto, self.day, self.judge, self.against = indicators, upto, day, judge, against
        self.is_frozen = with_frozen and upto.is_closed
        """The numbers asked for are those of a closing."""
        self.keys = {one.pk for one in indicators}
        self.series: Series = load_series(indicators, user, periods, with_frozen=with_frozen)
        # Who sees everything has the indicators below the others at hand.
        below = [one for one in indicators if not (one.is_suggested or one.retired_on)]
        self.coverages = coverages(indicators, day, children=below if user.sees_everything else None)

    def is_head(self, indicator: Indicator) -> bool:
        """Not below another indicator that this person sees."""
        return indicator.parent_id not in self.keys

    def children(self, indicator: Indicator) -> list[Indicator]:
        """The accepted ones; a suggested one counts nowhere, so neither here."""
        return [one for one in self.indicators if one.parent_id == indicator.pk and not one.is_suggested]

    def row(self, indicator: Indicator) -> IndicatorRow:
        targets = targets_of(indicator)
        target = target_of(targets, self.upto.year, self.day)
        children = [self.row(child) for child in self.children(indicator)]
        coverage = self.coverages.get(indicator.pk)
        rows = self._period_rows(indicator, target)
        year_before = self._year_before(indicator)
        is_whole = self._is_whole(indicator)
        outlook = Outlook(indicator, target, rows, self.upto, self.day, year_before, is_whole=is_whole)
        cell, actual, rollup = self._actual(indicator, outlook.past, coverage, children)
        plan, is_spread = outlook.plan_to_date()
        made = IndicatorRow(
            indicator=indicator,
            year=self.upto.year,
            upto=self.upto,
            day=self.day,
            target=target,
            targets=targets,
            rows=rows,
            cell=cell,
            actual=actual,
            plan_to_date=plan,
            is_plan_spread=is_spread,
            change=self._change(indicator, actual, outlook, year_before),
            year_before=year_before,
            projection=outlook.projection(actual, coverage),
            verdict=Verdict.NONE,
            coverage=coverage,
            children=children,
            rollup=rollup,
            is_whole=is_whole,
        )
        made.is_reached = outlook.is_reached(made)
        made.verdict = self._of_children(made) if self._sums_up(made) else outlook.verdict(made, self.judge)
        return made

    # the parts of a row

    def _is_whole(self, indicator: Indicator) -> bool:
        """False where parts that the reader may not see belong into the sum."""
        adds_up = indicator.rule == Rule.PARTS and not indicator.is_percent
        return not adds_up or indicator.pk not in self.series.partial

    def _period_rows(self, indicator: Indicator, target: Target | None) -> list[PeriodRow]:
        way = better(indicator, target)
        rows: list[PeriodRow] = []
        total: Decimal | None = None
        plan_total: Decimal | None = Decimal(0)
        for period in self.series.of_kind(indicator.frequency, self.upto.year):
            cell, rollup = self._cell(indicator, period)
            if period.ends_on > self.upto.ends_on:
                cell, rollup = NOTHING, None
            plan = self._plan(indicator, period)
            reached, planned = cell.value, plan
            if indicator.is_cumulative:
                # What was confirmed after an earlier period's closing counts in the totals of the later, open ones.
                if cell.now.value is not None:
                    total = (total or Decimal(0)) + cell.now.value
                plan_total = None if plan is None or plan_total is None else plan_total + plan
                frozen = self.series.to_date[indicator.pk, None].get(period.pk)
                reached = None if cell.value is None else total if frozen is None else frozen
                planned = plan_total
            share = share_of_plan(cell.value, plan, way)
            rows.append(PeriodRow(period, cell, plan, share, reached, planned, rollup))
        return rows

    def _plan(self, indicator: Indicator, period: ReportingPeriod) -> Decimal | None:
        """The plan of the whole; for a reader who sees some parts only that of these."""
        if self._is_whole(indicator):
            return self.series.plans[indicator.pk, None].get(period.pk)
        parts = self.series.cells_of_parts(indicator, period)
        plans = [self.series.plans[indicator.pk, part].get(period.pk) for part in parts]
        known = [plan for plan in plans if plan is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(plans) else None

    def _cell(self, indicator: Indicator, period: ReportingPeriod) -> tuple[Cell, RollUp | None]:
        """The whole's figure in a period: its own, or made from its parts."""
        own = self.series.cells[indicator.pk, None].get(period.pk, NOTHING)
        if indicator.rule != Rule.PARTS:
            return own, None
        parts = self.series.cells_of_parts(indicator, period)
        rollup = _rolled_up(indicator, parts, lambda cell: cell)
        today = _rolled_up(indicator, parts, lambda cell: cell.now).value
        made = own if own.is_frozen else _made(parts, rollup)
        if any(cell.is_frozen for cell in (own, *parts.values())) and not _are_same(made.value, today):
            made = _with_live(made, today)
        return made, rollup

    def _actual(
        self,
        indicator: Indicator,
        past: list[PeriodRow],
        coverage: Coverage | None,
        children: list[IndicatorRow],
    ) -> tuple[Cell, Decimal | None, RollUp | None]:
        if coverage:
            return NOTHING, coverage.percent, None
        frozen = self._frozen(indicator)
        if indicator.rule in {Rule.WEIGHTED, Rule.ALL_CHILDREN}:
            rollup = _of_shares(children) if indicator.rule == Rule.WEIGHTED else _of_reached(children)
            return (frozen, frozen.value, rollup) if frozen else (NOTHING, rollup.value, rollup)
        if whole := self._whole_year(indicator):
            return whole, whole.value, None
        rollup_of_parts = past[-1].rollup if past else None
        done = [row for row in past if row.value is not None or row.cell.words]
        last = done[-1].cell if done else NOTHING
        if not indicator.is_cumulative:
            if self.is_frozen and indicator.frequency != self.upto.kind:
                last = frozen or NOTHING  # of a quarter that was closed the level that was frozen with it
            return last, last.value, rollup_of_parts
        if self.is_frozen:
            return last, self.series.to_date[indicator.pk, None].get(self.upto.pk), rollup_of_parts
        values = [row.cell.now.value for row in past if row.cell.now.value is not None]
        return last, sum(values, Decimal(0)) if values else None, rollup_of_parts

    def _frozen(self, indicator: Indicator) -> Cell | None:
        """The number that was frozen when the period asked for was closed."""
        cell = self.series.cells[indicator.pk, None].get(self.upto.pk, NOTHING)
        return cell if cell.is_frozen and cell.value is not None else None

    def _whole_year(self, indicator: Indicator) -> Cell | None:
        """Of a year asked for as a whole the figure confirmed for the year itself, such as a year-end review gives."""
        if self.upto.kind != ReportingPeriod.Kind.YEAR or indicator.frequency == ReportingPeriod.Kind.YEAR:
            return None
        cell = self.series.cells[indicator.pk, None].get(self.upto.pk, NOTHING)
        return cell if cell.value is not None and not cell.is_frozen else None

    def _year_before(self, indicator: Indicator) -> Decimal | None:
        """The whole of the year before: its confirmed year figure, else the baseline when it is of that year."""
        year = self.upto.year - 1
        whole = self.series.of_kind("year", year)
        cells = self.series.cells[indicator.pk, None]
        found = cells.get(whole[0].pk) if whole else None
        if found and found.value is not None:
            return found.value
        return indicator.baseline_value if indicator.baseline_year == year else None

    # against the past

    def _change(
        self, indicator: Indicator, actual: Decimal | None, outlook: Outlook, year_before: Decimal | None
    ) -> Change:
        now, before, basis = self._compared(indicator, actual, outlook, year_before)
        if indicator.is_percent:
            return Change(before, basis, "points", points(now, before))
        if indicator.value_kind == ValueKind.RANK:
            return Change(before, basis, "rank", rank_change(now, before))
        return Change(before, basis, "growth", growth(now, before))

    def _compared(
        self, indicator: Indicator, actual: Decimal | None, outlook: Outlook, year_before: Decimal | None
    ) -> tuple[Decimal | None, Decimal | None, str]:
        """The figure, the one before, and what that is: of what adds up the same periods, or the last two."""
        nothing = (actual, None, "none")
        if indicator.value_kind in {ValueKind.YES_NO, ValueKind.WORDS} or not outlook.past:
            return nothing
        if not outlook.is_whole and self.against != "previous":
            year_before = None  # the whole's; the reader's parts are compared with themselves
        known = outlook.known or outlook.past
        if self.against == "previous":
            before = self._value_before(indicator, known[-1].period)
            now = known[-1].value if indicator.is_cumulative else actual
            return nothing if before is None else (now, before, "previous")
        if self.against != "year_end":
            same = self._same_period(indicator, known)
            if same is not None:
                return actual, same, "same_period"
        if year_before is None:
            return nothing
        if indicator.is_cumulative and self.against != "year_end":
            count = len(self.series.of_kind(indicator.frequency, self.upto.year))
            return actual, year_before * len(known) / count, "spread"
        return actual, year_before, "year_end"

    def _value_before(self, indicator: Indicator, period: ReportingPeriod) -> Decimal | None:
        """The figure of the very period before, in January that of December; nothing older stands for it."""
        kind = [
            one for one in self.series.periods if one.kind == period.kind and one.ends_on < period.ends_on
        ]
        return self._cell(indicator, kind[-1])[0].value if kind else None

    def _same_period(self, indicator: Indicator, known: list[PeriodRow]) -> Decimal | None:
        """Last year's figure for the same periods; None unless all of them are there. Of a level for the same one."""
        numbers = {row.period.number for row in (known if indicator.is_cumulative else known[-1:])}
        same = [
            self._cell(indicator, period)[0].value
            for period in self.series.of_kind(indicator.frequency, self.upto.year - 1)
            if period.number in numbers
        ]
        values = [value for value in same if value is not None]
        return sum(values, Decimal(0)) if values and len(values) == len(numbers) else None

    # parents

    def _sums_up(self, row: IndicatorRow) -> bool:
        return row.indicator.rule == Rule.ALL_CHILDREN and row.coverage is None

    def _of_children(self, row: IndicatorRow) -> Verdict:
        """All of them: as far as the one furthest behind. Children without a target are only informative."""
        goal = goal_of(row.target)
        verdicts = [child.verdict for child in row.children if child.target is not None]
        if goal is None or not verdicts:
            return Verdict.NONE
        if goal == HUNDRED or Verdict.NONE in verdicts:
            return worst(verdicts)
        met = Decimal(verdicts.count(Verdict.MET) * 100) / len(verdicts)
        return Verdict.MET if row.target is not None and row.target.is_met_by(met) else worst(verdicts)


def _of_reached(children: list[IndicatorRow]) -> RollUp:
    """How many of the children that have a target have reached it, in per cent; None while nothing is known of any."""
    counted = [child for child in children if child.target is not None]
    known = [child for child in counted if child.actual is not None]
    reached = Decimal(sum(child.is_reached is True for child in counted))
    value = reached * 100 / len(counted) if known else None
    return RollUp(value, len(known), len(counted), reached, Decimal(len(counted)))


def _of_shares(children: list[IndicatorRow]) -> RollUp:
    """The mean of the shares of plan by weight; where nobody has given a weight all weigh the same."""
    is_weighed = any(child.indicator.weight is not None for child in children)
    shares = [(child.share, child.indicator.weight if is_weighed else Decimal(1)) for child in children]
    return weighted(shares)


def _rolled_up(indicator: Indicator, parts: dict[int, Cell], which: Callable[[Cell], Cell]) -> RollUp:
    values = {part: which(cell).value for part, cell in parts.items()}
    present = sum(value is not None for value in values.values())
    if indicator.is_ratio:
        return ratio_of_parts((which(cell).numerator, which(cell).denominator) for cell in parts.values())
    if indicator.value_kind == ValueKind.YES_NO:
        yes = sum(value == 1 for value in values.values())
        answer = all_children(None if value is None else value == 1 for value in values.values())
        value = None if answer is None else Decimal(answer)
        return RollUp(value, present, len(values), Decimal(yes), Decimal(present))
    if indicator.is_percent or indicator.value_kind == ValueKind.RANK:
        return RollUp(None, present, len(values))  # neither shares nor ranks can be added up
    return sum_of_parts(values)


def _made(parts: dict[int, Cell], rollup: RollUp) -> Cell:
    """The whole's figure as its parts make it."""
    if rollup.value is None:
        return NOTHING
    known = [cell for cell in parts.values() if cell.value is not None]
    roles = {cell.role for cell in known}
    return Cell(
        value=rollup.value,
        words="",
        numerator=rollup.numerator,
        denominator=rollup.denominator,
        qualifier=next((cell.qualifier for cell in known if cell.qualifier), ""),
        certainty=next((cell.certainty for cell in known if cell.certainty == "estimate"), ""),
        role=roles.pop() if len(roles) == 1 else "",
        as_of_on=max((cell.as_of_on for cell in known if cell.as_of_on), default=None),
    )


def _are_same(frozen: Decimal | None, today: Decimal | None) -> bool:
    """Frozen numbers are kept to six decimals; a ratio worked out today has more."""
    if frozen is None or today is None:
        return frozen is today
    return abs(frozen - today) < _PLACES


def _with_live(frozen: Cell, value: Decimal | None) -> Cell:
    return replace(frozen, live=replace(frozen, value=value, is_frozen=False, live=None))
