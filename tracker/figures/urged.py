"""What has become of urgings: how each thing stands now, who has opened them, who owes an answer."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from tracker.figures.behind import Measure, with_report
from tracker.figures.coverage import BodyRow, coverages
from tracker.figures.scope import Scope
from tracker.figures.work import REPORTABLE
from tracker.models import (
    Assignment,
    Directive,
    Indicator,
    Notice,
    Standing,
    Urging,
    UrgingRecipient,
    User,
)
from tracker.models.standing import standing

SHOWN = 3
"""So many urgings stand above an agency's own work; the others are in the list."""

MOST_LOOKED_AT = 30


def cause_of(urging: Urging) -> str:
    """What the notices of an urging name as their cause."""
    return f"urging:{urging.pk}"


@dataclass(frozen=True)
class Matter:
    """One thing that was urged about and how it stands now: work by its standing, or a place on a list."""

    is_settled: bool
    assignment: Any = None
    indicator: Indicator | None = None
    place: BodyRow | None = None

    @property
    def directive(self) -> Directive | None:
        return self.assignment.directive if self.assignment else None


@dataclass
class Urged:
    """One agency's line of an urging as it stands today."""

    recipient: UrgingRecipient
    today: dt.date
    matters: list[Matter] = field(default_factory=list)
    is_opened: bool = False

    @property
    def is_settled(self) -> bool:
        """Everything that it was urged about has been done or handed in."""
        return all(matter.is_settled for matter in self.matters)

    @property
    def is_about_lists(self) -> bool:
        return any(matter.indicator for matter in self.matters)

    @property
    def owes_answer(self) -> bool:
        return self.recipient.answered_at is None and self.recipient.urging.answer_due_on is not None

    @property
    def is_answer_overdue(self) -> bool:
        due_on = self.recipient.urging.answer_due_on
        return self.recipient.answered_at is None and due_on is not None and due_on < self.today


def urged(recipients: Iterable[UrgingRecipient], scope: Scope) -> list[Urged]:
    """These lines, which have their urging and agency loaded, with how each thing stands; in six queries at most."""
    lines = {one.pk: Urged(one, scope.today) for one in recipients}
    if not lines:
        return []
    _add_work(lines, scope)
    _add_places(lines, scope)
    return list(lines.values())


def still_urged(user: User, scope: Scope) -> list[Urged]:
    """What the person's agency was urged about and has not settled, or has to answer; the newest first."""
    own = UrgingRecipient.objects.filter(agency=user.agency_id).unsettled(scope.today)
    rows = own.select_related("urging__by", "agency").order_by("-urging__at", "-pk")
    return [one for one in urged(rows[:MOST_LOOKED_AT], scope) if one.owes_answer or not one.is_settled]


def mark_opened(lines: list[Urged], urging: Urging) -> None:
    """Say of each line whether somebody there has opened the notice."""
    read = Notice.objects.filter(kind=Notice.Kind.URGED, cause=cause_of(urging), read_at__isnull=False)
    agencies = set(read.order_by().values_list("user__agency", flat=True))
    for line in lines:
        line.is_opened = line.recipient.agency_id in agencies


def opened_count() -> Coalesce:
    """SQL for how many of the agencies of an urging have opened it."""
    cause = Concat(Value("urging:"), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    read = Notice.objects.filter(kind=Notice.Kind.URGED, cause=cause, read_at__isnull=False).order_by()
    counted = read.values("cause").annotate(n=Count("user__agency", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _add_work(lines: dict[int, Urged], scope: Scope) -> None:
    links = UrgingRecipient.assignments.through.objects.filter(urgingrecipient__in=lines)
    pairs = list(links.order_by("pk").values_list("urgingrecipient", "assignment"))
    if not pairs:
        return
    measure = Measure.of(scope.today, scope.office)
    rows = Assignment.objects.filter(pk__in={assignment for _line, assignment in pairs})
    loaded = with_report(rows.select_related("directive", "agency")).annotate(
        standing=standing(scope.today, scope.due_soon_days)
    )
    found = {row.pk: row for row in loaded}
    for line, assignment in pairs:
        row = found[assignment]
        lines[line].matters.append(Matter(_is_settled(row, measure), assignment=row))


def _is_settled(row: Any, measure: Measure) -> bool:
    """No longer behind, or the next step is the department's."""
    return row.standing == Standing.OUTSIDE or row.status not in REPORTABLE or not measure.reasons(row)


def _add_places(lines: dict[int, Urged], scope: Scope) -> None:
    urgings = {line.recipient.urging_id for line in lines.values()}
    links = Urging.indicators.through.objects.filter(urging__in=urgings).order_by("pk")
    pairs = list(links.select_related("indicator"))
    covered = coverages({pair.indicator for pair in pairs}, scope.today)
    for line in lines.values():
        for pair in pairs:
            if pair.urging_id != line.recipient.urging_id or pair.indicator_id not in covered:
                continue
            bodies = covered[pair.indicator_id].bodies
            place = next((one for one in bodies if one.agency.pk == line.recipient.agency_id), None)
            if place:
                line.matters.append(Matter(not place.is_missing, indicator=pair.indicator, place=place))
