"""Which figures an agency is asked for: by itself, or with the progress report of a directive."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from django.db.models import Prefetch, Q

from tracker.models import Assignment, Indicator, IndicatorPart, Status, User

Pair = tuple[Indicator, IndicatorPart | None]
"""An indicator and one of its parts; None: the whole."""

REPORTING = (Status.NEW, Status.RECEIVED, Status.IN_PROGRESS, Status.AWAITING)
"""An assignment in one of these takes the figures under its directive with its progress report."""


@dataclass
class Asked:
    """What an agency enters by itself, and what goes with a progress report (assignment → its figures)."""

    alone: list[Pair] = field(default_factory=list)
    with_report: dict[int, list[Pair]] = field(default_factory=lambda: defaultdict(list))

    @property
    def kinds(self) -> set[str]:
        """The kinds of period in which something is asked for."""
        return {indicator.frequency for indicator, _part in self.alone}


def asked_of_agency(user: User) -> Asked:
    """The figures of the person's agency; see ``asked_by``."""
    return asked_by([user.agency_id]).get(user.agency_id, Asked())


def asked_by(agencies: Collection[int] | None) -> dict[int, Asked]:
    """Agency → its figures: of its own indicators and of its parts of others; None: every agency that has some.

    What goes with the progress report of a running assignment is not asked for a second time. The number of queries
    does not depend on how many agencies there are.
    """
    mine, of_part = Q(owner__isnull=False), Q(agency__isnull=False) | Q(indicator__owner__isnull=False)
    if agencies is not None:
        mine = Q(owner__in=agencies)
        of_part = Q(agency__in=agencies) | Q(agency=None, indicator__owner__in=agencies)
    wholes = followed().filter(mine, rule=Indicator.Rule.OWN)
    pairs: list[Pair] = [*((one, None) for one in wholes), *((one.indicator, one) for one in _parts(of_part))]
    found: dict[int, Asked] = defaultdict(Asked)
    reports = _in_reports({agency_of(pair) for pair in pairs}) if pairs else {}
    for pair in _in_order(pairs):
        agency = agency_of(pair)
        taken = next((pk for one in _directives(pair[0]) if (pk := reports.get((agency, one)))), None)
        asked = found[agency]
        (asked.alone if taken is None else asked.with_report[taken]).append(pair)
    return dict(found)


def agency_of(pair: Pair) -> int:
    """Who enters a pair that is asked for: the part's own agency, else who answers for the indicator."""
    indicator, part = pair
    return cast(int, part.agency_id if part and part.agency_id else indicator.owner_id)


def asked_in_report(assignment: Assignment, agency_pk: int) -> list[Pair]:
    """What one assignment's progress report asks its agency for."""
    asked = {one.pk: one for one in followed().filter(pk__in=_asked(assignment))}
    if not asked:
        return []
    wholes = [one for one in asked.values() if one.owner_id == agency_pk and one.rule == Indicator.Rule.OWN]
    pairs: list[Pair] = [(one, None) for one in wholes]
    parts = _parts(
        Q(indicator__in=asked) & (Q(agency=agency_pk) | Q(agency=None, indicator__owner=agency_pk))
    )
    return _in_order([*pairs, *((part.indicator, part) for part in parts)])


def _asked(assignment: Assignment) -> Any:
    return Indicator.objects.asked_of(assignment).order_by().values("pk")


def followed() -> Any:
    """Indicators that are followed, with what an entry reads of them."""
    return Indicator.objects.in_use().select_related("parent__parent", "owner").prefetch_related("targets")


def _parts(wanted: Q) -> list[IndicatorPart]:
    entered = [Indicator.Rule.OWN, Indicator.Rule.PARTS]
    rows = IndicatorPart.objects.filter(
        wanted, indicator__is_suggested=False, indicator__retired_on=None, indicator__rule__in=entered
    )
    return list(rows.select_related("agency").prefetch_related(Prefetch("indicator", queryset=followed())))


def _in_order(pairs: Iterable[Pair]) -> list[Pair]:
    return sorted(pairs, key=place_of)


def place_of(pair: Pair) -> tuple[int, ...]:
    """Where a pair stands on a page: its indicator's place, the whole before its parts."""
    indicator, part = pair
    inside = (part.position, part.pk) if part else (-1, 0)
    return (indicator.position, indicator.pk, *inside)


def _directives(indicator: Indicator) -> list[int]:
    """The directives whose reports take the indicator's figures: its own, or that of an indicator above it."""
    chain = [indicator, indicator.parent, indicator.parent and indicator.parent.parent]
    return [one.directive_id for one in chain if one is not None and one.directive_id]


def _in_reports(agencies: Iterable[int]) -> dict[tuple[int, int], int]:
    """(Agency, directive) → the agency's assignment whose report takes its figures."""
    rows = Assignment.objects.filter(agency__in=agencies, status__in=REPORTING).order_by("pk")
    return {
        (agency, directive): pk for agency, directive, pk in rows.values_list("agency", "directive", "pk")
    }
