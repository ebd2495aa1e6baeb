"""The figures of many indicators over a year and the year before, loaded in a fixed number of queries.

A cell holds what counts for an indicator (or a part of it) in a period: of a closed period the frozen number, else
the value in use. What is missing stays missing: no cell, never 0.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, DecimalField, F, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, JSONObject

from tracker.models import (
    FrozenFigure,
    Indicator,
    IndicatorPart,
    Measurement,
    PeriodPlan,
    PeriodStatus,
    ReportingPeriod,
    Target,
    User,
)

Key = tuple[int, int | None]
"""Indicator and part (None: the whole), by primary key."""


@dataclass(frozen=True)
class Cell:
    """One figure in use. ``live`` is today's value where it differs from the frozen one."""

    value: Decimal | None
    words: str
    numerator: Decimal | None
    denominator: Decimal | None
    qualifier: str
    certainty: str
    role: str
    as_of_on: dt.date | None
    figure_pk: int | None = None
    is_frozen: bool = False
    live: "Cell | None" = None

    @property
    def role_label(self) -> str:
        """Whose figure it is, named wherever the figure stands."""
        return str(Measurement.Role(self.role).label) if self.role else ""

    @property
    def certainty_label(self) -> str:
        return str(Measurement.Certainty(self.certainty).label) if self.certainty else ""

    @property
    def now(self) -> "Cell":
        """Today's value, whatever was frozen."""
        return self.live or self

    @property
    def same_as(self) -> tuple[Any, ...]:
        """What makes two cells say the same."""
        return self.value, self.words, self.numerator, self.denominator


@dataclass(frozen=True)
class PartSpan:
    """A part with the days between which it exists."""

    pk: int
    valid_from: dt.date | None
    valid_to: dt.date | None

    def is_in_force(self, day: dt.date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


NOTHING = Cell(None, "", None, None, "", "", "", None)


@dataclass
class Series:
    """Figures and plans by indicator, part and period."""

    periods: list[ReportingPeriod]
    cells: dict[Key, dict[int, Cell]] = field(default_factory=lambda: defaultdict(dict))
    plans: dict[Key, dict[int, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    to_date: dict[Key, dict[int, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    """Running totals as they were frozen."""
    parts: dict[int, list[PartSpan]] = field(default_factory=lambda: defaultdict(list))
    """By indicator the parts whose figures the reader may see."""
    partial: set[int] = field(default_factory=set)
    """The indicators of which the reader may not see every part."""

    def of_kind(self, kind: str, year: int) -> list[ReportingPeriod]:
        """The year's periods of a kind, in order."""
        return [period for period in self.periods if period.kind == kind and period.year == year]

    def parts_of(self, indicator: Indicator) -> list[int]:
        """The parts of an indicator that have a figure or a plan."""
        keys = {*self.cells, *self.plans}
        return sorted(part for owner, part in keys if owner == indicator.pk and part is not None)

    def cells_of_parts(self, indicator: Indicator, period: ReportingPeriod) -> dict[int, Cell]:
        """Of each part in force on the period's last day, and of each that has a figure in it, what it has there."""
        found: dict[int, Cell] = {}
        for part in self.parts[indicator.pk]:
            cell = self.cells[indicator.pk, part.pk].get(period.pk, NOTHING)
            if part.is_in_force(period.ends_on) or cell is not NOTHING:
                found[part.pk] = cell
        return found


def load_periods(year: int) -> list[ReportingPeriod]:
    """The periods of a year and of the year before that hold for every body; one query."""
    rows = ReportingPeriod.objects.of_all().filter(year__in=[year - 1, year]).select_related("closed_by")
    return list(rows.in_order())


def load_indicators(rows: Any, user: User) -> list[Indicator]:
    """Indicators with their targets, plans and parts in one query: ``target_rows``, ``plan_rows``, ``part_rows``."""
    parts = IndicatorPart.objects.filter(indicator=OuterRef("pk")).order_by("position", "pk")
    targets = Target.objects.filter(indicator=OuterRef("pk")).order_by("due_on", "revision")
    plans = PeriodPlan.objects.filter(indicator=OuterRef("pk")).order_by()
    return list(
        rows.for_list().annotate(
            target_rows=ArraySubquery(
                targets.values(
                    found=JSONObject(
                        pk="pk",
                        due_on="due_on",
                        revision="revision",
                        operator="operator",
                        # Numbers pass through JSON as text: as numbers they would become floats.
                        value=Cast("value", TextField()),
                        upper=Cast("upper", TextField()),
                        words="words",
                        printed="printed",
                        is_suggested="is_suggested",
                        document_id="document_id",
                    )
                )
            ),
            plan_rows=ArraySubquery(
                plans.values(
                    found=JSONObject(part="part_id", period="period_id", value=Cast("value", TextField()))
                )
            ),
            part_rows=ArraySubquery(
                parts.values(
                    found=JSONObject(
                        pk="pk", agency="agency_id", valid_from="valid_from", valid_to="valid_to"
                    )
                )
            ),
            waiting=_count(Measurement.objects.visible_to(user).waiting()),
            open_questions=_count(
                Measurement.objects.visible_to(user).filter(
                    questions__isnull=False, questions__answered_at=None
                )
            ),
        )
    )


def _count(rows: Any) -> Any:
    found = (
        rows.filter(indicator=OuterRef("pk"))
        .order_by()
        .values("indicator")
        .annotate(n=Count("pk", distinct=True))
    )
    return Coalesce(Subquery(found.values("n")), 0)


def targets_of(indicator: Any) -> list[Target]:
    """After ``load_indicators``: the newest version of each day's target, in order of the days.

    What is only suggested stands where nothing else does: it never replaces what a document says.
    """
    newest: dict[str, Target] = {}
    for row in indicator.target_rows:
        known = newest.get(row["due_on"])
        if known and row["is_suggested"] and not known.is_suggested:
            continue
        newest[row["due_on"]] = Target(
            **row
            | {
                "indicator": indicator,
                "due_on": dt.date.fromisoformat(row["due_on"]),
                "value": _decimal(row["value"]),
                "upper": _decimal(row["upper"]),
            }
        )
    return list(newest.values())


def load_series(
    indicators: Iterable[Any], user: User, periods: list[ReportingPeriod], *, with_frozen: bool = True
) -> Series:
    """Figures in use, plans and frozen numbers of these periods, in one query after ``load_indicators``.

    Without the frozen numbers every cell holds today's value, whatever has been closed.
    """
    rows = list(indicators)
    by_pk = {period.pk: period for period in periods}
    series = Series(periods)
    within: dict[str, Any] = {"indicator__in": [row.pk for row in rows], "period__in": list(by_pk)}
    has_frozen = with_frozen and any(period.is_closed for period in periods)
    frozen = []
    for figure in _figures(within, user, with_frozen=has_frozen):
        if figure["is_frozen"]:
            frozen.append(figure)
            continue
        key = figure["indicator_id"], figure["part_id"]
        series.cells[key][figure["period_id"]] = _cell(figure, figure_pk=figure["pk"])
    for row in rows:
        _put_parts(series, row, user)
        seen = {None, *(part.pk for part in series.parts[row.pk])}
        for plan in row.plan_rows:
            if plan["period"] in by_pk and plan["part"] in seen:
                series.plans[row.pk, plan["part"]][plan["period"]] = Decimal(plan["value"])
    if has_frozen:
        _put_frozen(series, frozen)
    return series


def _figures(within: dict[str, Any], user: User, *, with_frozen: bool) -> Any:
    """The rows of the figures in use and, of closed periods, of those frozen at the last closing."""
    in_use = Measurement.objects.visible_to(user).filter(**within).in_force()
    found = _rows(in_use, is_frozen=False, frozen_to_date=Value(None, DecimalField()))
    if not with_frozen:
        return found
    closed = FrozenFigure.objects.visible_to(user).filter(
        **within, period__status=PeriodStatus.CLOSED, revision=F("period__revision")
    )
    return found.union(_rows(closed.order_by(), is_frozen=True, frozen_to_date=F("to_date")), all=True)


def _rows(figures: Any, *, is_frozen: bool, frozen_to_date: Any) -> Any:
    return figures.annotate(is_frozen=Value(is_frozen), frozen_to_date=frozen_to_date).values(
        *_COLUMNS, "pk", "is_frozen", "frozen_to_date"
    )


def _put_parts(series: Series, row: Any, user: User) -> None:
    """A part is its agency's; one that is no agency belongs to who answers for the whole."""
    for part in row.part_rows:
        owner = part["agency"] or row.owner_id
        if user.sees_everything or owner == user.agency_id:
            days = (part["valid_from"], part["valid_to"])
            span = PartSpan(part["pk"], *(day and dt.date.fromisoformat(day) for day in days))
            series.parts[row.pk].append(span)
        else:
            series.partial.add(row.pk)


_COLUMNS = (
    "indicator_id",
    "part_id",
    "period_id",
    "value",
    "value_words",
    "numerator",
    "denominator",
    "qualifier",
    "certainty",
    "role",
    "as_of_on",
)


def _put_frozen(series: Series, rows: Iterable[dict[str, Any]]) -> None:
    """In closed periods the numbers of the last closing stand; what differs today is kept beside them."""
    for row in rows:
        key, period = (row["indicator_id"], row["part_id"]), row["period_id"]
        today = series.cells[key].get(period)
        frozen = _cell(row, is_frozen=True, figure_pk=today.figure_pk if today else None)
        if today and today.same_as != frozen.same_as:
            frozen = replace(frozen, live=today)
        series.cells[key][period] = frozen
        if row["frozen_to_date"] is not None:
            series.to_date[key][period] = row["frozen_to_date"]
    closed_pks = {period.pk for period in series.periods if period.is_closed}
    for cells in series.cells.values():
        for period in closed_pks & cells.keys():
            if not cells[period].is_frozen:  # it came after the closing: not in the closed numbers
                cells[period] = replace(NOTHING, is_frozen=True, live=cells[period])


def _cell(row: dict[str, Any], **more: Any) -> Cell:
    names = ("value", "numerator", "denominator", "qualifier", "certainty", "role", "as_of_on")
    return Cell(words=row["value_words"], **{name: row[name] for name in names}, **more)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
