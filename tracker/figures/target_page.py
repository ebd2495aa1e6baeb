"""One target's own page: periods with their review state, parts with the check of their sum, printed figures, doubts.

The number of queries does not depend on how many periods, parts, targets or figures there are.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count

from tracker.figures.series import NOTHING, Cell
from tracker.figures.target_rows import IndicatorRow, PeriodRow
from tracker.figures.target_tree import Tree
from tracker.figures.targets import one_target
from tracker.judgement import agrees, growth, implied_before, share_of_plan
from tracker.models import (
    Configuration,
    DataQuestion,
    Indicator,
    IndicatorPart,
    Measurement,
    ReportingPeriod,
    ReportStatus,
    Target,
    User,
)


@dataclass(frozen=True)
class PeriodLine:
    """A period of the table: its figures, and how many of them are where in the review."""

    row: PeriodRow
    submitted: int = 0
    returned: int = 0
    drafts: int = 0

    @property
    def cell(self) -> Cell:
        return self.row.cell

    @property
    def has_figure(self) -> bool:
        return self.cell.value is not None or bool(self.cell.words)


@dataclass(frozen=True)
class PartLine:
    """One part of the breakdown up to the period asked for."""

    part: IndicatorPart
    value: Decimal | None
    words: str
    plan: Decimal | None
    share: Decimal | None
    periods: int
    """How many periods have a figure."""
    role_label: str
    waiting: int


@dataclass(frozen=True)
class SumCheck:
    """The parts held against the whole. ``difference``: sum − whole; None while a part is missing."""

    present: int
    expected: int
    total: Decimal | None
    difference: Decimal | None
    plan: Decimal | None
    share: Decimal | None

    @property
    def is_partial(self) -> bool:
        return self.present < self.expected


@dataclass(frozen=True)
class Printed:
    """A figure with what was printed beside it: ``computed`` is our growth, ``implied`` what it needs a year before."""

    figure: Measurement
    before: Decimal | None
    computed: Decimal | None
    implied: Decimal | None
    agrees: bool | None

    @property
    def year_before(self) -> int:
        return self.figure.period.year - 1


@dataclass(frozen=True)
class TargetVersion:
    """A target as it was set on a day; ``is_in_force`` unless a later document replaced it."""

    target: Target
    is_in_force: bool


@dataclass
class TargetPage:
    """What the page of one indicator shows."""

    row: IndicatorRow
    tree: Tree
    periods: list[PeriodLine] = field(default_factory=list)
    parts: list[PartLine] = field(default_factory=list)
    sum_check: SumCheck | None = None
    versions: list[TargetVersion] = field(default_factory=list)
    printed: list[Printed] = field(default_factory=list)
    questions: list[DataQuestion] = field(default_factory=list)
    suggested: list[Indicator] = field(default_factory=list)

    @property
    def indicator(self) -> Indicator:
        return self.row.indicator

    @property
    def open_questions(self) -> list[DataQuestion]:
        return [question for question in self.questions if question.answered_at is None]

    @property
    def answered(self) -> list[DataQuestion]:
        return [question for question in self.questions if question.answered_at is not None]

    @property
    def whole_years(self) -> list[tuple[ReportingPeriod, Cell]]:
        """Figures of whole years where the indicator is entered more often."""
        if self.indicator.frequency == "year":
            return []
        cells = self.tree.series.cells[self.indicator.pk, None]
        years = [period for period in self.tree.series.periods if period.kind == "year"]
        return [(period, cells[period.pk]) for period in years if period.pk in cells]


def target_page(
    user: User,
    indicator: Indicator,
    today: dt.date,
    office: Configuration,
    upto: ReportingPeriod | None = None,
) -> TargetPage | None:
    """Everything about one indicator; None before any period was made."""
    found = one_target(user, indicator, today, office, upto=upto)
    if found is None:
        return None
    row, tree = found
    page = TargetPage(row, tree)
    in_hand = _in_hand(user, indicator, [one.period.pk for one in row.rows])
    page.periods = [PeriodLine(one, **_states(in_hand, one.period.pk)) for one in row.rows]
    page.parts = _parts(page, user, in_hand)
    page.sum_check = _sum_check(page) if user.sees_everything else None
    page.versions = _versions(indicator)
    page.printed = _printed(user, indicator)
    questions = DataQuestion.objects.visible_to(user).filter(measurement__indicator=indicator)
    page.questions = list(
        questions.select_related("measurement__period", "measurement__part__agency", "answered_by")
    )
    page.suggested = [one for one in tree.indicators if one.is_suggested and one.parent_id == indicator.pk]
    return page


def _in_hand(user: User, indicator: Indicator, periods: list[int]) -> list[dict[str, Any]]:
    """Figures that are not confirmed, counted by period, part and state."""
    rows: Any = Measurement.objects.visible_to(user).in_hand().filter(indicator=indicator, period__in=periods)
    return list(rows.order_by().values("period_id", "part_id", "status").annotate(n=Count("pk")))


def _states(in_hand: list[dict[str, Any]], period: int) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for one in in_hand:
        if one["period_id"] == period:
            counts[one["status"]] += one["n"]
    return {
        "submitted": counts[ReportStatus.SUBMITTED],
        "returned": counts[ReportStatus.RETURNED],
        "drafts": counts[ReportStatus.DRAFT],
    }


def _parts(page: TargetPage, user: User, in_hand: list[dict[str, Any]]) -> list[PartLine]:
    parts = IndicatorPart.objects.filter(indicator=page.indicator).select_related("agency")
    if not user.sees_everything:
        parts = parts.filter(agency=user.agency_id)
    year = dt.date(page.row.year, 1, 1)
    return [
        _part_line(page, part, in_hand)
        for part in parts
        if (part.valid_to is None or part.valid_to >= year)
        and (part.valid_from is None or part.valid_from <= page.row.upto.ends_on)
    ]


def _part_line(page: TargetPage, part: IndicatorPart, in_hand: list[dict[str, Any]]) -> PartLine:
    indicator, series = page.indicator, page.tree.series
    cells, plans = series.cells[indicator.pk, part.pk], series.plans[indicator.pk, part.pk]
    past = [one.period.pk for one in page.row.past_rows]
    done = [_counted(page, cells[period]) for period in past if period in cells]
    done = [cell for cell in done if cell.value is not None or cell.words]
    values = [cell.value for cell in done if cell.value is not None]
    plan: Decimal | None
    if indicator.is_cumulative:
        value = sum(values, Decimal(0)) if values else None
        known = [plans[period] for period in past if period in plans]
        plan = sum(known, Decimal(0)) if known and len(known) == len(past) else None
    else:
        value = done[-1].value if done else None
        plan = plans.get(past[-1]) if past else None
    return PartLine(
        part=part,
        value=value,
        words=done[-1].words if done else "",
        plan=plan,
        share=share_of_plan(value, plan, indicator.direction),
        periods=len(done),
        role_label=str(done[-1].role_label) if done else "",
        waiting=sum(
            one["n"]
            for one in in_hand
            if one["part_id"] == part.pk and one["status"] == ReportStatus.SUBMITTED
        ),
    )


def _counted(page: TargetPage, cell: Cell) -> Cell:
    """As in the whole: of a closed period asked for the frozen number, else today's."""
    return cell if page.row.upto.is_closed else cell.now


def _sum_check(page: TargetPage) -> SumCheck | None:
    """The parts of the newest period against those expected, and their sum against the whole when all are there."""
    indicator, row = page.indicator, page.row
    if not page.parts:
        return None
    last = row.done_rows[-1].period if row.done_rows else row.upto
    in_force = [one.part for one in page.parts if one.part.is_in_force(last.ends_on)]
    present = sum(
        _counted(page, page.tree.series.cells[indicator.pk, part.pk].get(last.pk, NOTHING)).value is not None
        for part in in_force
    )
    adds_up = not indicator.is_percent and indicator.value_kind in {
        Indicator.ValueKind.NUMBER,
        Indicator.ValueKind.MONEY,
    }
    values = [one.value for one in page.parts if one.value is not None]
    total = sum(values, Decimal(0)) if values and adds_up else None
    plans = [one.plan for one in page.parts if one.plan is not None]
    plan = sum(plans, Decimal(0)) if len(plans) == len(page.parts) and adds_up else None
    complete = present == len(in_force) and all(
        one.periods >= len(row.done_rows) for one in page.parts if one.part in in_force
    )
    whole = row.actual if complete or not indicator.is_cumulative else None
    difference = total - whole if total is not None and whole is not None and complete else None
    share = share_of_plan(total, plan, indicator.direction)
    return SumCheck(present, len(in_force), total, difference, plan, share)


def _versions(indicator: Indicator) -> list[TargetVersion]:
    rows = list(indicator.targets.select_related("document", "set_by", "indicator"))
    newest = {target.due_on: target.pk for target in rows}
    return [TargetVersion(target, newest[target.due_on] == target.pk) for target in rows]


def _printed(user: User, indicator: Indicator) -> list[Printed]:
    """Confirmed figures in use that stood in print, each with the growth that our own figures give."""
    seen = Measurement.objects.visible_to(user).filter(indicator=indicator)
    kept = seen.in_force().select_related("period", "part__agency", "document")
    by_period: dict[Any, Measurement] = {}
    for figure in kept:
        by_period[figure.part_id, figure.period.kind, figure.period.number, figure.period.year] = figure
    printed = [
        figure for figure in by_period.values() if figure.printed_growth is not None or figure.printed_text
    ]
    return [_compared(indicator, figure, by_period) for figure in sorted(printed, key=_place)]


def _place(figure: Measurement) -> tuple[dt.date, int]:
    return figure.period.ends_on, figure.pk


def _compared(indicator: Indicator, figure: Measurement, by_period: dict[Any, Measurement]) -> Printed:
    period = figure.period
    earlier = by_period.get((figure.part_id, period.kind, period.number, period.year - 1))
    before = earlier.value if earlier else None
    if before is None and period.kind == "year" and indicator.baseline_year == period.year - 1:
        before = indicator.baseline_value if figure.part_id is None else None
    computed = growth(figure.value, before)
    printed = figure.printed_growth.normalize() if figure.printed_growth is not None else None
    return Printed(
        figure=figure,
        before=before,
        computed=computed,
        implied=implied_before(figure.value, figure.printed_growth) if before is None else None,
        agrees=agrees(printed, computed),
    )
