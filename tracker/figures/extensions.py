"""Requests for an extension as lists: what waits for whom, what became of the others."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.models import OPEN, Directive, DirectiveEvent, ExtensionRequest, ExtensionStatus, User
from tracker.models.extensions import OPEN_REQUESTS

_STEPS = frozenset(
    {
        DirectiveEvent.Kind.EXTENSION_ASKED,
        DirectiveEvent.Kind.EXTENSION_TAKEN_BACK,
        DirectiveEvent.Kind.EXTENDED,
        DirectiveEvent.Kind.EXTENSION_REFUSED,
        DirectiveEvent.Kind.DATE_PROPOSED,
        DirectiveEvent.Kind.PROPOSAL_DECLINED,
        DirectiveEvent.Kind.DECISION_UNDONE,
    }
)

DEADLINE_STEPS = _STEPS | {DirectiveEvent.Kind.DEADLINE_CORRECTED}
"""What the page of a directive tells about its deadlines."""


class Tab(models.TextChoices):
    """The parts of the list; the first four have no row in common and together are all."""

    WAITING = "waiting", _("Waiting for a decision")
    PROPOSED = "proposed", _("Waiting for the agency's answer")
    GRANTED = "granted", _("Agreed")
    CLOSED = "closed", _("Refused, not accepted, taken back")
    ALL = "all", _("All")


def cut(rows: Any, tab: str) -> Any:
    """The rows of one tab. A request of work that has ended meanwhile waits for nobody any more."""
    match tab:
        case Tab.WAITING:
            return rows.waiting()
        case Tab.PROPOSED:
            return rows.proposed()
        case Tab.GRANTED:
            return rows.granted()
        case Tab.CLOSED:
            in_hand = models.Q(status__in=OPEN_REQUESTS, assignment__status__in=list(OPEN))
            return rows.exclude(in_hand).exclude(status=ExtensionStatus.GRANTED)
    return rows


def extension_queue(user: User) -> Any:
    """What the person sees waiting for a decision, whoever takes it: the first tab of the list."""
    return ExtensionRequest.objects.visible_to(user).waiting()


def corrections(user: User) -> Any:
    """Corrected deadlines (đính chính) of the directives that the person sees, the newest first."""
    seen = Directive.objects.visible_to(user).order_by().values("pk")
    rows = DirectiveEvent.objects.corrections().filter(directive__in=seen)
    return rows.order_by("-at", "-pk")


def steps_of(request: ExtensionRequest) -> list[DirectiveEvent]:
    """What happened to one request, in order, read from the log: also a decision that was taken back.

    The log names the assignment, or the directive alone when the whole deadline moved with its only lead. The
    requests of an assignment follow one another, so that its n-th request begins at the n-th step “asked”.
    """
    assignment = request.assignment
    before = assignment.extensions.filter(pk__lt=request.pk).count()
    told = DirectiveEvent.objects.filter(directive=assignment.directive_id, kind__in=_STEPS)
    if not assignment.carries_the_directive:
        told = told.filter(assignment=assignment)
    asked = 0
    found: list[DirectiveEvent] = []
    for step in told.select_related("by", "by_agency").order_by("pk"):
        begins = step.kind == DirectiveEvent.Kind.EXTENSION_ASKED
        if begins and found:
            break
        asked += begins and step.assignment_id == assignment.pk
        if found or (begins and asked == before + 1):
            found.append(step)
    return found
