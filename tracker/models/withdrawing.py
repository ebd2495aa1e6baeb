"""Taking many directives out of the register at once: what ``Directive.withdraw`` leaves of each, in few queries."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from tracker import clock
from tracker.models.assignments import Assignment
from tracker.models.directives import Directive
from tracker.models.lifecycle import OUTSIDE, Status, WrongStep, because
from tracker.models.people import User
from tracker.models.steps import DirectiveEvent

_AT_ONCE = 1000


@transaction.atomic
def withdraw_all(directives: Iterable[Directive], *, by: User, reason: str) -> None:
    """Withdraw all of them with their assignments, or none: raises WrongStep when one is withdrawn already."""
    from tracker import notifying, settling

    at = clock.now()
    chosen = Directive.objects.filter(pk__in=[directive.pk for directive in directives])
    locked = chosen.select_for_update(of=("self",)).select_related("tracking_officer__agency").order_by("pk")
    held = {directive.pk: directive for directive in locked}
    if any(directive.status == Status.WITHDRAWN for directive in held.values()):
        raise WrongStep(_("This step is no longer possible: the directive has changed in the meantime."))
    given = Assignment.objects.filter(directive__in=held).exclude(status__in=list(OUTSIDE))
    leaving = list(given.select_for_update().order_by("directive", "pk"))
    about = {
        "kind": "withdrawn",
        "to_status": Status.WITHDRAWN,
        "by": by,
        "by_agency_id": by.agency_id,
        "at": at,
        "reason": reason,
    }
    steps = [
        DirectiveEvent(directive=directive, from_status=directive.status, **about)
        for directive in held.values()
    ]
    parts = [
        DirectiveEvent(directive=held[row.directive_id], assignment=row, from_status=row.status, **about)
        for row in leaving
    ]
    with because(reason):
        _hide(chosen)
        _hide(Assignment.objects.filter(pk__in=[row.pk for row in leaving]))
    DirectiveEvent.objects.bulk_create([*steps, *parts], batch_size=_AT_ONCE)
    notifying.directives_stepped(steps)
    settling.assignments_stepped(parts)


def _hide(records: QuerySet[Directive] | QuerySet[Assignment]) -> None:
    records.update(status_before=F("status"), status=Status.WITHDRAWN, version=F("version") + 1)
