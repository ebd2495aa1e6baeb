"""Giving out many directives at once: what ``Directive.assign`` leaves of each, in few queries."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.utils.translation import gettext as _

from tracker import clock
from tracker.models.assignments import Assignment, bodies_of, refuse_nobody
from tracker.models.directives import Directive
from tracker.models.lifecycle import Status, WrongStep, because
from tracker.models.organisations import Agency
from tracker.models.people import User
from tracker.models.sources import DirectiveSource
from tracker.models.steps import DirectiveEvent

_AT_ONCE = 1000


@dataclass
class Gift:
    """One directive that nobody has yet, to be given to the lead that it names and to co-operating bodies."""

    directive: Directive
    cooperating: Sequence[Agency] = ()
    refusal: str = ""
    """Why it was not given; empty once it was."""


@transaction.atomic
def assign_all(gifts: Sequence[Gift], *, by: User, today: dt.date) -> None:
    """Give each to its bodies; a group becomes one assignment a member. What cannot be given stays as it is.

    The directive of each gift is then the record as it stands now.
    """
    at = clock.now()
    held = _hold(gifts)
    sourced = set(DirectiveSource.objects.filter(directive__in=held).values_list("directive", flat=True))
    named = {one.pk: one for gift in gifts for one in gift.cooperating}
    named |= {one.lead.pk: one.lead for one in held.values() if one.lead}
    bodies = bodies_of(named.values(), today)
    given: list[Assignment] = []
    for gift in gifts:
        gift.directive = held[gift.directive.pk]
        try:
            given += _assignments(gift, bodies, by=by, today=today, has_source=gift.directive.pk in sourced)
        except ValidationError as refusal:
            gift.refusal = " ".join(refusal.messages)
    _write(given, by=by, today=today, at=at)
    stand = Directive.objects.in_bulk([gift.directive.pk for gift in gifts if not gift.refusal])
    for gift in gifts:
        gift.directive = stand.get(gift.directive.pk, gift.directive)


def _hold(gifts: Sequence[Gift]) -> dict[int, Directive]:
    """The directives read again under their locks, always taken in one order."""
    chosen = Directive.objects.filter(pk__in=[gift.directive.pk for gift in gifts])
    locked = chosen.select_for_update(of=("self",)).select_related("lead").order_by("pk")
    return {directive.pk: directive for directive in locked}


def _assignments(
    gift: Gift, bodies: dict[int, list[Agency]], *, by: User, today: dt.date, has_source: bool
) -> list[Assignment]:
    """What a directive's bodies are given, each once, the lead first. Raises what stands against it."""
    directive = gift.directive
    if directive.is_assigned:
        raise WrongStep(_("This step has already been taken."))
    lead = directive.lead_to_assign(None, has_source=has_source, is_led=False)
    found: dict[int, Assignment] = {}
    for agency in (lead, *gift.cooperating):
        refuse_nobody(agency, bodies[agency.pk])
        for body in bodies[agency.pk]:
            found.setdefault(
                body.pk,
                Assignment(
                    directive=directive,
                    agency=body,
                    role=Assignment.Role.LEAD if agency.pk == lead.pk else Assignment.Role.COOPERATING,
                    via_group=agency if agency.is_group else None,
                    assigned_on=today,
                    assigned_by=by,
                    original_due_on=directive.due_on,
                    due_on=directive.due_on,
                ),
            )
    return list(found.values())


def _write(given: list[Assignment], *, by: User, today: dt.date, at: dt.datetime) -> None:
    """The assignments, their steps and those of the directives, and who is told."""
    from tracker import notifying

    directives = {row.directive_id: row.directive for row in given}
    chosen = Directive.objects.filter(pk__in=directives)
    chosen.update(assigned_on=today, original_due_on=F("due_on"), version=F("version") + 1)
    Assignment.objects.bulk_create(given, batch_size=_AT_ONCE)
    about = {"by": by, "by_agency_id": by.agency_id, "at": at}
    steps = [
        DirectiveEvent(
            directive=row.directive, assignment=row, kind="assigned", to_status=Status.NEW, **about
        )
        for row in given
    ]
    notifying.assigned(given, by=by, at=at)
    count = Assignment.objects.active().filter(directive=OuterRef("pk")).order_by().values("directive")
    with because(""):
        chosen.update(
            status_before=F("status"),
            status=Status.NEW,
            agency_count=Subquery(count.annotate(number=Count("pk")).values("number")),
            version=F("version") + 1,
        )
    steps += [
        DirectiveEvent(
            directive=directive,
            kind="summed_up",
            from_status=Status.UNASSIGNED,
            to_status=Status.NEW,
            **about,
        )
        for directive in directives.values()
    ]
    DirectiveEvent.objects.bulk_create(steps, batch_size=_AT_ONCE)
