"""What waits for a decision: answered in the row of the overview, or one after another."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tracker import clock
from tracker.figures.decisions import Matter, decisions
from tracker.figures.scope import Scope
from tracker.forms.overview import DecisionForm
from tracker.models import (
    Assignment,
    Directive,
    ExtensionRequest,
    Instruction,
    ProgressReport,
    ReportStatus,
    Status,
    User,
    WrongStep,
)
from tracker.once import once
from tracker.permissions import (
    WISHES,
    Act,
    allows,
    can_confirm,
    can_instruct,
    is_extension_decider,
    is_reviewer,
    require,
)
from tracker.views.extensions import OVERVIEW, say_decided


@require_http_methods(["GET", "HEAD", "POST"])
@once
def decision_take(request: HttpRequest, matter: str, pk: int) -> HttpResponse:
    """One matter with its facts; the answer goes through the same verb as everywhere else."""
    matter, record = _find(request, matter, pk)
    require(_may_decide(request.user, matter, record))

    form = DecisionForm(request.POST or None, matter=matter, user=request.user, today=clock.today())
    if request.method != "POST":
        return _answer(request, matter, record, form, 200)
    if not form.is_valid():
        return _answer(request, matter, record, form, 422)
    try:
        with transaction.atomic():
            _ACTS[matter, form.cleaned_data["answer"]](record, request.user, form.cleaned_data)
    except ValidationError as refusal:
        form.refuse(refusal)
        status = 422 if hasattr(refusal, "error_dict") else 409
        return _answer(request, *_find(request, matter, pk), form, status)
    if matter == Matter.EXTENSION:
        say_decided(request, record, back=OVERVIEW)
    else:
        messages.success(request, _DONE[matter, form.cleaned_data["answer"]])
    return redirect(_next_page(request, form.cleaned_data["one_by_one"]))


def _find(request: HttpRequest, matter: str, pk: int) -> tuple[Matter, Any]:
    """What the decision acts on, when this person sees it."""
    user = request.user
    reports = ProgressReport.objects.visible_to(user).exclude(status=ReportStatus.DRAFT).for_review()
    assignments = Assignment.objects.visible_to(user).select_related("directive", "agency")
    if matter not in Matter.values:
        raise Http404
    rows: dict[str, Any] = {
        Matter.EXTENSION: ExtensionRequest.objects.visible_to(user).for_list(),
        Matter.RESUME: Directive.objects.visible_to(user),
        Matter.DECLINED: assignments,
    }
    return Matter(matter), get_object_or_404(rows.get(Matter(matter), reports), pk=pk)


def _may_decide(user: User, matter: Matter, record: Any) -> bool:
    """Role and relation; whether the step is still possible is judged by the verb, which says so in a sentence."""
    match matter:
        case Matter.EXTENSION:
            return is_extension_decider(user, record)
        case Matter.COMPLETION:
            waits = record.status == ReportStatus.SUBMITTED
            has_evidence = record.evidence_count > 0
            return is_reviewer(user, record) and (
                not waits or can_confirm(user, record, has_evidence=has_evidence)
            )
        case Matter.PAUSE | Matter.STOP:
            return is_reviewer(user, record) and allows(user, WISHES[matter])
        case Matter.PROPOSAL:
            return can_instruct(user, record.assignment.directive)
        case Matter.RESUME:
            return allows(user, Act.RESUME)
        case Matter.DECLINED:
            return allows(user, Act.GIVE_AGAIN)


def _confirm(report: ProgressReport, by: User, read: dict[str, Any]) -> None:
    report.confirm(by=by, note=read["note"], expected_version=read["version"])


def _extend(extension: ExtensionRequest, by: User, read: dict[str, Any]) -> None:
    extension.grant(by=by, note=read["note"], expected_version=read["version"])


def _pause(report: ProgressReport, by: User, read: dict[str, Any]) -> None:
    """The report is confirmed, and the whole directive pauses for the reason that it gives."""
    _confirm(report, by, read)
    directive = Directive.objects.get(pk=report.assignment.directive_id)
    directive.pause(by=by, reason=report.obstacles, review_on=read["day"])


def _stop(report: ProgressReport, by: User, read: dict[str, Any]) -> None:
    """The report is confirmed, and the whole directive stops by the document, for the reason that it gives."""
    _confirm(report, by, read)
    directive = Directive.objects.get(pk=report.assignment.directive_id)
    directive.stop(by=by, document=read["document"], reason=report.obstacles)


def _instruct(report: ProgressReport, by: User, read: dict[str, Any]) -> None:
    directive = report.assignment.directive
    Instruction.give(directive, by=by, at=clock.now(), text=read["note"])


def _resume(directive: Directive, by: User, read: dict[str, Any]) -> None:
    directive.resume(by=by, reason=read["note"])


def _put_off(directive: Directive, by: User, read: dict[str, Any]) -> None:
    directive.look_again_on(read["day"], by=by, reason=read["note"])


def _give_again(assignment: Assignment, by: User, read: dict[str, Any]) -> None:
    assignment.directive.locked()
    if Assignment.objects.get(pk=assignment.pk).status != Status.DECLINED:
        raise WrongStep(_("This step has already been taken."))
    assignment.give_again(by=by, answer=read["note"])


_ACTS: dict[tuple[Matter, str], Callable[[Any, User, dict[str, Any]], None]] = {
    (Matter.EXTENSION, "yes"): _extend,
    (Matter.COMPLETION, "yes"): _confirm,
    (Matter.PAUSE, "yes"): _pause,
    (Matter.STOP, "yes"): _stop,
    (Matter.PROPOSAL, "yes"): _instruct,
    (Matter.RESUME, "yes"): _resume,
    (Matter.RESUME, "later"): _put_off,
    (Matter.DECLINED, "yes"): _give_again,
}
_DONE = {
    (Matter.COMPLETION, "yes"): gettext_lazy("Completion confirmed."),
    (Matter.PAUSE, "yes"): gettext_lazy("The directive is paused."),
    (Matter.STOP, "yes"): gettext_lazy("The directive has been stopped."),
    (Matter.PROPOSAL, "yes"): gettext_lazy("The instruction has been given."),
    (Matter.RESUME, "yes"): gettext_lazy("The directive goes on."),
    (Matter.RESUME, "later"): gettext_lazy("The directive stays paused; the day to look again has moved."),
    (Matter.DECLINED, "yes"): gettext_lazy("Assigned again, with your answer."),
}


def _answer(request: HttpRequest, matter: Matter, record: Any, form: Any, status: int) -> HttpResponse:
    waiting = _waiting(request)
    keys = [(item.matter, item.pk) for item in waiting]
    place = keys.index((matter, record.pk)) if (matter, record.pk) in keys else None
    others = waiting if place is None else waiting[place + 1 :] + waiting[:place]
    context = {
        "matter": matter,
        "item": None if place is None else waiting[place],
        "place": 0 if place is None else place + 1,
        "waiting": waiting,
        "following": next(iter(others), None),
        "form": form,
        "may_transfer": allows(request.user, Act.TRANSFER),
        "today": clock.today(),
        "one_by_one": "lan-luot" in request.GET or request.POST.get("one_by_one") == "on",
        "directive": record
        if isinstance(record, Directive)
        else getattr(record, "assignment", record).directive,
    }
    return render(request, "overview/decision_take.html", context, status=status)


def _waiting(request: HttpRequest) -> list[Any]:
    return decisions(Scope.of(request.user, clock.today()))


def _next_page(request: HttpRequest, one_by_one: bool) -> str:
    """The next matter when they are taken one by one, else the overview where the row was."""
    following = next(iter(_waiting(request)), None) if one_by_one else None
    if following is None:
        return f"{resolve_url('overview')}#quyet"
    return f"{resolve_url('decision_take', following.matter, following.pk)}?lan-luot=1"
