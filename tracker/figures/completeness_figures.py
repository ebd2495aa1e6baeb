"""Completeness of figures: which owner still owes which value for which period (số liệu còn thiếu).

The same states as for reports. A figure is asked for in every period of its frequency in a year for which it, or an
indicator above it, has a target, and in every period that has a plan. Where the department or a higher body has given
the figure, its owner owes none.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from tracker.figures.completeness import CUTS, HANDED_IN, Cell, Handing, Line, Matrix, lay_out
from tracker.figures.scope import Scope
from tracker.models import (
    Agency,
    Indicator,
    IndicatorPart,
    Measurement,
    MeasurementEvent,
    PeriodPlan,
    ReportingPeriod,
    ReportStatus,
)
from tracker.models.standing import end_of

ENTERED = [Indicator.Rule.OWN, Indicator.Rule.PARTS]


@dataclass(frozen=True)
class Owed:
    """One value of one period: of an indicator, or of one of its parts, and how its owner stands with it."""

    indicator: Indicator
    part: IndicatorPart | None
    owner: Agency
    period: ReportingPeriod
    handing: Handing
    sent_at: dt.datetime | None


def owed_figures(
    scope: Scope, periods: list[ReportingPeriod], *, bloc: str = "", agency: Agency | None = None
) -> list[Owed]:
    """Every value that the periods ask for, also those that are not asked for; a fixed number of queries."""
    if not periods:
        return []
    owners = _owners(scope, bloc, agency)
    indicators = _indicators(periods)
    planned = set(
        PeriodPlan.objects.filter(period__in=periods, indicator__in=list(indicators)).values_list(
            "indicator", "period"
        )
    )
    sent = _sent(periods)
    found = []
    for indicator in indicators.values():
        for period in (one for one in periods if one.kind == indicator.frequency):
            is_asked = (indicator.pk, period.pk) in planned or _has_target(indicator, indicators, period.year)
            for part, owner_pk in _places(indicator, period.ends_on):
                if owner_pk in owners:
                    place = (indicator.pk, part.pk if part else None, period.pk)
                    handing, at = _judge(sent.get(place, {}), period, scope.today, is_asked=is_asked)
                    found.append(Owed(indicator, part, owners[owner_pk], period, handing, at))
    return found


def figure_matrix(periods: list[ReportingPeriod], owed: list[Owed]) -> Matrix:
    """The values by owner and period."""
    by_owner: dict[int, dict[int, Cell]] = defaultdict(dict)
    owners = {}
    for value in owed:
        owners[value.owner.pk] = value.owner
        cell = by_owner[value.owner.pk].setdefault(value.period.pk, Cell(value.period))
        cell.counts[value.handing] += 1
    lines = [
        Line(owners[pk], [cells.get(period.pk) or Cell(period) for period in periods])
        for pk, cells in by_owner.items()
    ]
    return lay_out(periods, lines)


def cut_figures(owed: list[Owed], period: ReportingPeriod, choice: str) -> list[Owed]:
    """The values behind one count."""
    return [value for value in owed if value.period.pk == period.pk and value.handing in CUTS[choice]]


def _owners(scope: Scope, bloc: str, agency: Agency | None) -> dict[int, Agency]:
    rows = Agency.objects.select_related("merged_into")
    if not scope.user.sees_everything:
        rows = rows.filter(pk=scope.user.agency_id)
    if bloc:
        rows = rows.filter(bloc=bloc)
    if agency:
        rows = rows.filter(pk=agency.pk)
    return {row.pk: row for row in rows}


def _indicators(periods: list[ReportingPeriod]) -> dict[int, Indicator]:
    """Accepted indicators that were followed at the end of at least one of the periods."""
    kept = Q(retired_on=None) | Q(retired_on__gt=min(period.ends_on for period in periods))
    rows = Indicator.objects.filter(kept, is_suggested=False)
    return {row.pk: row for row in rows.prefetch_related("targets", "parts").order_by("position", "pk")}


def _has_target(indicator: Indicator, known: dict[int, Indicator], year: int) -> bool:
    above: Indicator | None = indicator
    while above is not None:
        if any(target.due_on.year == year for target in above.targets.all()):
            return True
        above = known.get(above.parent_id) if above.parent_id else None
    return False


def _places(indicator: Indicator, day: dt.date) -> list[tuple[IndicatorPart | None, int | None]]:
    """Whose value is entered: the whole, and each part in force, with who writes it."""
    if indicator.rule not in ENTERED or (indicator.retired_on and indicator.retired_on <= day):
        return []
    parts = [
        (part, part.agency_id or indicator.owner_id)
        for part in indicator.parts.all()
        if part.is_in_force(day)
    ]
    whole = [(None, indicator.owner_id)] if indicator.rule == Indicator.Rule.OWN else []
    return [*whole, *parts]


def _sent(periods: list[ReportingPeriod]) -> dict[Any, dict[str, dt.datetime]]:
    """Indicator, part, period → whose figure was first handed in when. One loaded as it was printed has no steps."""
    taken_back = MeasurementEvent.objects.filter(
        measurement=OuterRef("measurement"), status=ReportStatus.DRAFT, pk__gt=OuterRef("pk")
    )
    handed_in = MeasurementEvent.objects.filter(
        measurement=OuterRef("pk"), status=ReportStatus.SUBMITTED
    ).exclude(Exists(taken_back))
    rows = (
        Measurement.objects.filter(period__in=periods, status__in=HANDED_IN)
        .annotate(
            first=Coalesce(Subquery(handed_in.order_by("at").values("at")[:1]), "submitted_at", "saved_at")
        )
        .order_by()
        .values("indicator", "part", "period", "role")
        .annotate(sent=Min("first"))
    )
    found: dict[Any, dict[str, dt.datetime]] = defaultdict(dict)
    for row in rows:
        found[row["indicator"], row["part"], row["period"]][row["role"]] = row["sent"]
    return found


def _judge(
    sent: dict[str, dt.datetime], period: ReportingPeriod, today: dt.date, *, is_asked: bool
) -> tuple[Handing, dt.datetime | None]:
    own = sent.get(Measurement.Role.OWN)
    if own:
        return (Handing.ON_TIME if own < end_of(period.agencies_send_on) else Handing.LATE), own
    if sent or not is_asked:
        return Handing.NOT_ASKED, None
    return (Handing.MISSING if today > period.agencies_send_on else Handing.PENDING), None
