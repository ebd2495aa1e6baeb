"""Which figures an agency is asked for: by itself, or with the progress report of a directive."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

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
    """The figures of the person's agency: its own indicators and its parts of others.

    What goes with the progress report of a running assignment is not asked for a second time.
    """
    agency = user.agency_id
    wholes = followed().filter(owner=agency, rule=Indicator.Rule.OWN)
    parts = _parts(Q(agency=agency) | Q(agency=None, indicator__owner=agency))
    pairs: list[Pair] = [*((one, None) for one in wholes), *((part.indicator, part) for part in parts)]
    asked, reports = Asked(), _in_reports(user) if pairs else {}
    for pair in _in_order(pairs):
        taken = next((reports[one] for one in _directives(pair[0]) if one in reports), None)
        (asked.alone if taken is None else asked.with_report[taken]).append(pair)
    return asked


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


def _in_reports(user: User) -> dict[int, int]:
    """Directive → the agency's assignment whose report takes its figures."""
    rows = Assignment.objects.filter(agency=user.agency_id, status__in=REPORTING)
    return dict(rows.order_by("pk").values_list("directive_id", "pk"))
