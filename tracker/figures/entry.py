"""The figures that an agency is asked for in a period, each beside what is known of it; a fixed number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F, Prefetch, Q

from tracker.figures.asked import Pair, asked_in_report, asked_of_agency, followed, place_of
from tracker.judgement import growth, points, rank_change, share_of_plan
from tracker.models import (
    Assignment,
    Configuration,
    Indicator,
    IndicatorPart,
    Measurement,
    PeriodPlan,
    ProgressReport,
    ReportingPeriod,
    ReportStatus,
    Target,
    User,
)
from tracker.models.period_names import short_period_name
from tracker.models.questions import far_from
from tracker.vietnamese.calendar import PeriodKind, count_in

ValueKind = Indicator.ValueKind


FEW = 10
"""Below so many a per cent says nothing: from 1 to 2 is “+1”, not “+100%”."""

_LONG = ("half", "nine_months", "year")
_DAYS_BACK = 400
"""For so long a period can still be chosen."""


@dataclass(frozen=True)
class Comparison:
    """A figure beside that of the period before and the plan.

    ``kind`` says in what ``change`` is: growth (per cent), points, rank (positions gained) or count (the unit itself).
    """

    kind: str
    change: Decimal | None
    share: Decimal | None
    """Of the plan, in per cent."""
    gap: Decimal | None
    """What is still missing to the plan, where numbers are small."""
    is_worse: bool
    far: Decimal | None
    """The mean of the figures before, when this one lies far from it."""
    points: Decimal | None = None
    """Of a ratio: how its per cent has moved, in points."""

    @property
    def is_rise(self) -> bool:
        return self.change is not None and self.change > 0


@dataclass
class Entry:
    """One figure that is asked for: of an indicator or of a part of it, for a period."""

    indicator: Indicator
    part: IndicatorPart | None
    period: ReportingPeriod
    role: str = Measurement.Role.OWN
    figure: Measurement | None = None
    """In hand: a draft, returned, or waiting."""
    confirmed: Measurement | None = None
    """The newest confirmed one of the same role."""
    in_use: Measurement | None = None
    before: Measurement | None = None
    """In use for the period before; None is missing, whatever older figures there are."""
    history: list[Decimal] = field(default_factory=list)
    plan: Decimal | None = None
    target: Target | None = None
    far_percent: int = 50

    @property
    def key(self) -> str:
        """Tells the figures of one page apart."""
        return f"s{self.indicator.pk}" + (f"_{self.part.pk}" if self.part else "")

    @property
    def cell(self) -> tuple[int, int | None]:
        return self.indicator.pk, self.part.pk if self.part else None

    @property
    def label(self) -> str:
        """An agency's own part needs no name on its own pages and in its own report."""
        is_named = self.part is not None and self.part.agency_id is None
        return f"{self.indicator.label} – {self.part}" if is_named else self.indicator.label

    @property
    def stored(self) -> Measurement | None:
        """What the page starts from: what is in hand, else what was confirmed."""
        return self.figure or self.confirmed

    @property
    def is_missing(self) -> bool:
        """Nobody has handed it in yet."""
        return self.confirmed is None and (self.figure is None or self.figure.is_editable)

    @property
    def previous_label(self) -> str:
        year, number = number_before(self.period)
        return short_period_name(self.period.kind, year, number)

    def is_open(self, report: ProgressReport | None = None) -> bool:
        """Can be written here: nothing is in hand, or it can be changed and no other report is going to take it along.

        A draft that was begun by itself goes along with the report in which it is written on.
        """
        figure = self.figure
        if figure is None or not figure.is_editable:
            return figure is None
        if figure.report_id is None or figure.report_id == (report.pk if report else None):
            return True
        return figure.report is not None and figure.report.status == ReportStatus.CONFIRMED

    @property
    def is_doubtful(self) -> bool:
        """Worse than the period before, far from its history, or asked about; for a reviewer to look at."""
        compared = self.compare()
        return compared.is_worse or compared.far is not None or bool(self.questions)

    @property
    def questions(self) -> list[Any]:
        """About the figure in hand; needs them prefetched."""
        return list(self.figure.questions.all()) if self.figure else []

    def compare(self, figure: Any = None) -> Comparison:
        """The figure (by default the stored one) beside the period before and the plan."""
        figure = figure or self.stored
        value = figure.value if figure else None
        before = self.before.value if self.before else None
        kind, change = self._change(figure, value, before)
        falls = None if value is None or before is None else value - before
        is_down = self.indicator.direction == Indicator.Direction.DOWN
        lower_is_better = self.indicator.value_kind == ValueKind.RANK or is_down
        is_worse = falls is not None and (falls > 0 if lower_is_better else falls < 0)
        gap = self.plan - value if kind == "count" and value is not None and self.plan is not None else None
        return Comparison(
            kind=kind,
            change=change,
            share=share_of_plan(value, self.plan, self.indicator.direction),
            gap=gap if gap is not None and gap > 0 else None,
            is_worse=is_worse,
            far=self._far(value),
            points=points(value, before) if self.indicator.is_ratio else None,
        )

    def _change(
        self, figure: Any, value: Decimal | None, before: Decimal | None
    ) -> tuple[str, Decimal | None]:
        if self.indicator.value_kind == ValueKind.RANK:
            return "rank", rank_change(value, before)
        if self.indicator.is_ratio:
            value = figure.numerator if figure else None
            before = self.before.numerator if self.before else None
        elif self.indicator.is_percent:
            return "points", points(value, before)
        if self.indicator.value_kind in {ValueKind.YES_NO, ValueKind.WORDS}:
            return "growth", None
        if value is not None and before is not None and 0 <= before < FEW:
            return "count", value - before
        return "growth", growth(value, before)

    def _far(self, value: Decimal | None) -> Decimal | None:
        odd = {ValueKind.RANK, ValueKind.YES_NO, ValueKind.WORDS}
        if value is None or self.indicator.value_kind in odd:
            return None
        return far_from(value, self.history, self.far_percent)


def number_before(period: ReportingPeriod) -> tuple[int, int]:
    """Year and number of the period of the same kind before this one."""
    if period.number > 1:
        return period.year, period.number - 1
    return period.year - 1, count_in(PeriodKind(period.kind), period.year - 1)


# Periods


def periods_to_enter(today: dt.date, kinds: Iterable[str]) -> list[ReportingPeriod]:
    """The periods that have begun, the newest first."""
    since = today - dt.timedelta(days=_DAYS_BACK)
    rows = ReportingPeriod.objects.of_all().filter(
        kind__in=kinds, starts_on__lte=today, agencies_send_on__gte=since
    )
    return list(rows.select_related("closed_by").order_by("-ends_on", "-starts_on", "-pk"))


def current_periods(periods: Iterable[ReportingPeriod], today: dt.date) -> dict[str, ReportingPeriod]:
    """Of each kind the one whose figures are sent next: on 16/6 that of June, closed on the 14th, sent by the 17th."""
    found: dict[str, ReportingPeriod] = {}
    for period in sorted(periods, key=lambda one: one.ends_on):
        known = found.get(period.kind)
        if known is None or known.agencies_send_on < today:
            found[period.kind] = period
    return found


def entries_due(user: User, today: dt.date) -> dict[ReportingPeriod, list[Entry]]:
    """What the person's agency still has to enter by itself, by the period in which it is due."""
    asked = asked_of_agency(user)
    if not asked.alone:
        return {}
    periods = current_periods(periods_to_enter(today, asked.kinds), today)
    due: dict[ReportingPeriod, list[Entry]] = defaultdict(list)
    for entry in load_entries(asked.alone, periods):
        if entry.is_missing:
            due[entry.period].append(entry)
    return dict(due)


def entries_for_report(report: ProgressReport, assignment: Assignment) -> list[Entry]:
    """What a report asks its agency for, in the periods that its as-of day lies in."""
    pairs = asked_in_report(assignment, report.agency_id)
    if not pairs:
        return []
    kinds = {indicator.frequency for indicator, _part in pairs}
    rows = ReportingPeriod.objects.of_all().filter(kind__in=kinds).covering(report.as_of_on)
    periods = {period.kind: period for period in rows.select_related("closed_by")}
    return load_entries(pairs, periods, report=report)


def entries_of(reports: Iterable[ProgressReport]) -> dict[int, list[Entry]]:
    """The figures entered inside reports, each beside the period before, the plan and what is asked about it."""
    rows = Measurement.objects.filter(report__in=list(reports)).select_related(
        "part__agency", "period", "author", "reviewed_by", "report"
    )
    rows = rows.prefetch_related(Prefetch("indicator", queryset=followed()), "questions__answered_by")
    entries = [
        Entry(row.indicator, row.part, row.period, row.role, figure=row) for row in rows if row.has_figure
    ]
    _fill(entries)
    found: dict[int, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda one: place_of((one.indicator, one.part))):
        if entry.figure and entry.figure.report_id:
            found[entry.figure.report_id].append(entry)
    return found


# Loading


def load_entries(
    pairs: Iterable[Pair],
    periods: Mapping[str, ReportingPeriod],
    *,
    role: str = Measurement.Role.OWN,
    report: ProgressReport | None = None,
) -> list[Entry]:
    """Each pair with what is known of it in the period of its frequency; five queries, however many there are.

    A pair whose frequency has no period here, or whose part is not in force at its end, is left out. Figures that
    ``report`` holds from another period count as in hand: they follow its day.
    """
    entries = _in_hand(pairs, periods, role, report)
    _fill(entries)
    return entries


def still_missing(pairs: Iterable[Pair], period: ReportingPeriod) -> list[Entry]:
    """Of these pairs those that nobody has handed in for the period; one query, without what lies beside them."""
    entries = _in_hand(pairs, {period.kind: period}, Measurement.Role.OWN, None)
    return [entry for entry in entries if entry.is_missing]


def _in_hand(
    pairs: Iterable[Pair], periods: Mapping[str, ReportingPeriod], role: str, report: ProgressReport | None
) -> list[Entry]:
    entries = [
        Entry(indicator, part, periods[indicator.frequency], role)
        for indicator, part in pairs
        if indicator.frequency in periods
        and (part is None or part.is_in_force(periods[indicator.frequency].ends_on))
    ]
    if entries:
        shown, indicators = {one.period.pk for one in entries}, {one.indicator.pk for one in entries}
        in_hand, confirmed = _own_figures(indicators, shown, role, report)
        for entry in entries:
            place = *entry.cell, entry.period.pk
            entry.figure = in_hand.get(entry.cell) or in_hand.get(place)
            entry.confirmed = confirmed.get(place)
    return entries


def _fill(entries: list[Entry]) -> None:
    """Put beside each figure what was before it, the plan and the target; three queries."""
    if not entries:
        return
    far_percent = Configuration.current().far_percent
    indicators = {entry.indicator.pk for entry in entries}
    in_use = _figures_in_use(indicators, [entry.period for entry in entries])
    rows = PeriodPlan.objects.filter(
        indicator__in=indicators, period__in={entry.period.pk for entry in entries}
    )
    plans = {(plan.indicator_id, plan.part_id, plan.period_id): plan.value for plan in rows}
    for entry in entries:
        entry.far_percent = far_percent
        entry.plan = plans.get((*entry.cell, entry.period.pk))
        entry.target = entry.indicator.target_on(entry.period.ends_on)
        _put_earlier(entry, in_use[entry.cell])


def _own_figures(
    indicators: set[int], periods: set[int], role: str, report: ProgressReport | None
) -> tuple[dict[Any, Measurement], dict[Any, Measurement]]:
    """In hand (those of the report under their cell alone) and newest confirmed, by indicator, part, period."""
    wanted = Q(period__in=periods)
    if report and report.pk:
        wanted |= Q(report=report)
    rows = (
        Measurement.objects.filter(wanted, indicator__in=indicators, role=role)
        .select_related("author", "reviewed_by", "period", "report")
        .order_by(F("reviewed_at").asc(nulls_last=True), "pk")
    )
    in_hand: dict[Any, Measurement] = {}
    confirmed: dict[Any, Measurement] = {}
    for figure in rows:
        cell = figure.indicator_id, figure.part_id
        if figure.status == ReportStatus.CONFIRMED:
            confirmed[*cell, figure.period_id] = figure
        else:
            own = report and report.pk and figure.report_id == report.pk
            in_hand[cell if own else (*cell, figure.period_id)] = figure
    return in_hand, confirmed


def _figures_in_use(indicators: set[int], periods: list[ReportingPeriod]) -> dict[Any, list[Measurement]]:
    """By indicator and part, oldest first; of months and quarters those of this year and the one before."""
    first = min(period.year for period in periods) - 1
    last = max(period.ends_on for period in periods)
    near = Q(period__year__gte=first) | Q(period__kind__in=_LONG)
    rows = Measurement.objects.filter(near, indicator__in=indicators, period__ends_on__lte=last)
    found: dict[Any, list[Measurement]] = defaultdict(list)
    for figure in sorted(rows.in_force().select_related("period"), key=lambda one: one.period.ends_on):
        found[figure.indicator_id, figure.part_id].append(figure)
    return found


def _put_earlier(entry: Entry, figures: list[Measurement]) -> None:
    same = [figure for figure in figures if figure.period.kind == entry.period.kind]
    before = number_before(entry.period)
    for figure in same:
        if figure.period_id == entry.period.pk:
            entry.in_use = figure
        if (figure.period.year, figure.period.number) == before:
            entry.before = figure
    earlier = [figure for figure in same if figure.period.ends_on < entry.period.ends_on]
    entry.history = [figure.value for figure in earlier if figure.value is not None]
