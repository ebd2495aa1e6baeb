"""What waits for a decision of this person: each item with its facts and the acts offered in the row."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker.figures.scope import Scope
from tracker.models import (
    Assignment,
    Directive,
    DirectiveEvent,
    ExtensionRequest,
    Instruction,
    ProgressReport,
    Status,
)
from tracker.permissions import WISHES, Act, allows, can_confirm, can_decide_extension, can_review


class Matter(models.TextChoices):
    """Why something needs a decision."""

    EXTENSION = "extension", _("Extension asked for")
    COMPLETION = "completion", _("Completion to be confirmed")
    PAUSE = "pause", _("Asks to pause")
    STOP = "stop", _("Asks to stop")
    PROPOSAL = "proposal", _("Proposal")
    RESUME = "resume", _("Pause to be reviewed")
    DECLINED = "declined", _("Declined by the agency")


@dataclass(frozen=True)
class Decision:
    """One thing to decide; ``report``, ``extension``, ``assignment`` or ``directive`` is what the buttons act on."""

    matter: Matter
    directive: Directive
    since: dt.date
    report: Any = None
    extension: Any = None
    assignment: Any = None
    reason: str = ""

    @property
    def pk(self) -> int:
        """The key of what the decision acts on: the report, the request, the assignment or the directive."""
        return (self.report or self.extension or self.assignment or self.directive).pk

    @property
    def is_unproven(self) -> bool:
        """Completion with neither evidence nor an output document; leaders alone decide it."""
        completed = self.matter == Matter.COMPLETION
        return completed and not self.report.evidence_count and not self.report.output_document


def may_decide(scope: Scope) -> bool:
    """Does this person decide anything at all? Others are not told that nothing waits for them."""
    return any(
        allows(scope.user, act) for act in (Act.REVIEW, Act.DECIDE_EXTENSION, Act.RESUME, Act.GIVE_AGAIN)
    )


def decisions(scope: Scope, pauses: Iterable[Any] | None = None) -> list[Decision]:
    """All that this person may decide today, the longest waiting first. Decisions are always about now.

    Who has loaded ``pauses_over`` with ``reason_of_pause`` as ``reason`` gives them along.
    """
    found = _on_reports(scope) + _on_extensions(scope) + _on_pauses(scope, pauses) + _on_refusals(scope)
    return sorted(found, key=lambda item: (item.since, item.directive.code))


def _on_reports(scope: Scope) -> list[Decision]:
    claims: dict[str, Matter] = {
        ProgressReport.Claim.COMPLETED: Matter.COMPLETION,
        ProgressReport.Claim.PAUSE: Matter.PAUSE,
        ProgressReport.Claim.STOP: Matter.STOP,
    }
    answered = Instruction.objects.filter(
        directive=OuterRef("assignment__directive"), at__gte=OuterRef("submitted_at")
    )
    to_leader = Q(proposal_to=ProgressReport.Recipient.LEADER) & ~Q(proposal="") & ~Exists(answered)
    waiting = (
        ProgressReport.objects.visible_to(scope.user)
        .waiting()
        .filter(Q(claim__in=claims) | to_leader)
        .for_review()
    )
    return [
        Decision(
            claims.get(report.claim, Matter.PROPOSAL),
            report.assignment.directive,
            _day(report),
            report=report,
        )
        for report in waiting
        if _may_decide(scope, report)
    ]


def _may_decide(scope: Scope, report: Any) -> bool:
    if report.claim == ProgressReport.Claim.COMPLETED:
        return can_confirm(scope.user, report, has_evidence=report.evidence_count > 0)
    if act := WISHES.get(report.claim):
        return allows(scope.user, act, report.assignment.directive) and can_review(scope.user, report)
    return allows(scope.user, Act.INSTRUCT, report.assignment.directive)


def _day(report: ProgressReport) -> dt.date:
    return timezone.localdate(report.submitted_at) if report.submitted_at else report.as_of_on


def _on_extensions(scope: Scope) -> list[Decision]:
    if not allows(scope.user, Act.DECIDE_EXTENSION):
        return []
    waiting = ExtensionRequest.objects.visible_to(scope.user).waiting().for_list()
    return [
        Decision(
            Matter.EXTENSION,
            request.assignment.directive,
            timezone.localdate(request.asked_at),
            extension=request,
        )
        for request in waiting
        if can_decide_extension(scope.user, request)
    ]


def pauses_over(scope: Scope) -> Any:
    """The paused directives that the person may let go on and that are to be looked at again by today."""
    if not allows(scope.user, Act.RESUME):
        return Directive.objects.none()
    seen = Directive.objects.visible_to(scope.user)
    return seen.filter(status=Status.PAUSED, review_on__lte=scope.today)


def reason_of_pause() -> Subquery:
    """SQL for why a directive was paused the last time."""
    paused = DirectiveEvent.objects.filter(directive=OuterRef("pk"), assignment=None, to_status=Status.PAUSED)
    return _latest_reason(paused)


def _on_pauses(scope: Scope, pauses: Iterable[Any] | None) -> list[Decision]:
    if pauses is None:
        pauses = pauses_over(scope).annotate(reason=reason_of_pause())
    return [
        Decision(Matter.RESUME, directive, directive.review_on, reason=directive.reason or "")
        for directive in pauses
    ]


def _on_refusals(scope: Scope) -> list[Decision]:
    if not allows(scope.user, Act.GIVE_AGAIN):
        return []
    declined = Assignment.objects.visible_to(scope.user).filter(status=Status.DECLINED)
    refused = DirectiveEvent.objects.filter(assignment=OuterRef("pk"), to_status=Status.DECLINED)
    return [
        Decision(Matter.DECLINED, row.directive, row.assigned_on, assignment=row, reason=row.reason or "")
        for row in declined.select_related("directive", "agency").annotate(reason=_latest_reason(refused))
    ]


def _latest_reason(steps: Any) -> Subquery:
    return Subquery(steps.order_by("-at", "-pk").values("reason")[:1])
