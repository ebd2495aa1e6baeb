"""What a directive is measured by: its indicators, how far they are, and what each agency has to show."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tracker.figures.coverage import BodyRow
from tracker.figures.criteria import Cell as CriterionCell
from tracker.figures.criteria import Criterion, Figures, kind_of
from tracker.figures.scope import Scope
from tracker.figures.series import load_indicators, load_periods
from tracker.figures.target_rows import IndicatorRow
from tracker.figures.target_tree import Judge, Tree
from tracker.figures.targets import default_period
from tracker.models import Indicator, ReportingPeriod

Rule = Indicator.Rule


@dataclass
class DirectiveTargets:
    """The indicators of a directive for one reader; ``heads`` are those not below another one of it."""

    heads: list[IndicatorRow]
    periods: list[ReportingPeriod]
    columns: list[Criterion] = field(default_factory=list)
    """For each list of agencies the figure that says most of an agency."""
    figures: Figures = field(default_factory=dict)

    @property
    def main(self) -> IndicatorRow:
        """What the line of facts speaks of."""
        return self.heads[0]

    @property
    def shown(self) -> list[IndicatorRow]:
        """The lists under an indicator that asks for all of them stand for it."""
        return [row for head in self.heads for row in _drawn(head)]

    @property
    def lists(self) -> list[IndicatorRow]:
        """Those counted from a list of agencies."""
        return [row for row in self.shown if row.coverage]

    @property
    def numbers(self) -> list[IndicatorRow]:
        """All others."""
        return [row for row in self.shown if not row.coverage]

    @property
    def bodies_missing(self) -> set[int]:
        """The agencies, by key, that are not in use yet on a list."""
        lists = [row for head in self.heads for row in _counted(head)]
        return {body.agency.pk for row in lists if row.coverage for body in row.coverage.missing}

    def cells(self, agency: int) -> list[CriterionCell]:
        """What an agency has reached in each column."""
        return [CriterionCell(one, self.figures.get((one.indicator.pk, agency))) for one in self.columns]

    def places(self, agency: int | None) -> list[tuple[IndicatorRow, BodyRow]]:
        """Where one agency stands on each list that counts it."""
        return [
            (row, body)
            for row in self.lists
            for body in row.coverage.bodies  # type: ignore[union-attr]
            if body.agency.pk == agency
        ]


def directive_targets(directive: Any, scope: Scope) -> DirectiveTargets | None:
    """The indicators under a directive; None where it has none. Seven queries at most, one where there is none."""
    user, today = scope.user, scope.today
    seen = Indicator.objects.visible_to(user).in_use().under(directive)
    indicators = load_indicators(seen, user)
    if not indicators:
        return None
    periods = load_periods(today.year)
    upto = default_period([period for period in periods if period.year == today.year], today)
    if upto is None:
        return None
    tree = Tree(indicators, user, periods, upto, today, Judge.of(scope.office), "same_period")
    heads = [tree.row(one) for one in indicators if tree.is_head(one)]
    found = DirectiveTargets(heads, periods)
    asked = list(filter(None, (_criterion(row) for row in found.lists)))
    found.figures = _newest(tree, [row.indicator for row in asked], today)
    found.columns = [
        Criterion(row.indicator, row.target, kind_of(row.indicator, found.figures)) for row in asked
    ]
    return found


def bodies_planned(row: IndicatorRow) -> int | None:
    """How many agencies of a list the plan asks for by ``planned_by``; None without a list or a plan."""
    if row.coverage is None or row.plan_to_date is None:
        return None
    return round(row.plan_to_date * row.coverage.in_scope / 100)


def planned_by(row: IndicatorRow) -> dt.date:
    """The day that the plan to date is of: the close of the period, or today where it is shared out evenly."""
    return row.day if row.is_plan_spread else row.upto.ends_on


def bodies_expected(row: IndicatorRow) -> int | None:
    """How many agencies the pace of the last weeks leads to by the target's day."""
    return round(row.projection.value) if row.coverage and row.projection else None


def behind_plan(row: IndicatorRow) -> Decimal | None:
    """Points missing to the plan of a coverage; None when there are none."""
    return row.gap if row.coverage and row.gap is not None and row.gap > 0 else None


def _drawn(row: IndicatorRow) -> list[IndicatorRow]:
    lists = [child for child in row.children if child.coverage]
    return lists if row.indicator.rule == Rule.ALL_CHILDREN and lists else [row]


def _counted(row: IndicatorRow) -> list[IndicatorRow]:
    """The lists among a row and those below it."""
    if row.indicator.rule == Rule.ROSTER:
        return [row]
    return [below for child in row.children for below in _counted(child)]


def _criterion(row: IndicatorRow) -> IndicatorRow | None:
    entered = [child for child in row.children if child.indicator.rule == Rule.PARTS]
    return min(entered, key=_tells_most, default=None)


def _tells_most(row: IndicatorRow) -> tuple[bool, bool, int, int]:
    """A share before a yes or no, what has a target before what only informs."""
    one = row.indicator
    return row.target is None, one.value_kind == Indicator.ValueKind.YES_NO, one.position, one.pk


def _newest(tree: Tree, indicators: list[Any], day: dt.date) -> Figures:
    """As in ``criteria.newest_figures``, from figures that have been loaded already."""
    found: Figures = {}
    for one in indicators:
        for part in one.part_rows:
            cells = [cell.now for cell in tree.series.cells[one.pk, part["pk"]].values()]
            dated = [
                cell for cell in cells if cell.value is not None and cell.as_of_on and cell.as_of_on <= day
            ]
            if dated and part["agency"]:
                found[one.pk, part["agency"]] = max(dated, key=lambda cell: (cell.as_of_on, cell.figure_pk))
    return found
