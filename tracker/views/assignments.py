"""One assignment: received, declined, given again, transferred, put in somebody's charge."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tracker import clock
from tracker.forms.assignments import DeclineForm, GiveAgainForm, InChargeForm, TransferForm
from tracker.models import Assignment, User
from tracker.once import once
from tracker.permissions import (
    Act,
    can_decline,
    can_put_in_charge,
    can_receive,
    can_take_step,
    holds,
    require,
)
from tracker.views.transitions import refuse_now


@require_POST
@once
def assignment_receive(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = _find(request.user, pk)
    require(holds(request.user, Act.RECEIVE, assignment))
    if not can_receive(request.user, assignment):
        return refuse_now(request, assignment)

    try:
        assignment.receive(by=request.user)
    except ValidationError as refusal:
        messages.warning(request, refusal.messages[0])
    else:
        messages.success(request, _("Received: %(code)s.") % {"code": assignment.directive.code})
    return redirect(assignment)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def assignment_decline(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = _find(request.user, pk)
    require(holds(request.user, Act.DECLINE, assignment))
    if not can_decline(request.user, assignment):
        return refuse_now(request, assignment)

    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            assignment.decline(by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Declined; the assigner reads your reason and answers."))
            return redirect(assignment)
    return _page(request, "assignments/decline.html", assignment, form, _("Decline"))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def assignment_give_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The assigner answers a refusal; the same agency has the directive again."""
    assignment = _find(request.user, pk)
    require(holds(request.user, Act.GIVE_AGAIN, assignment))
    if not can_take_step(request.user, Act.GIVE_AGAIN, assignment):
        return refuse_now(request, assignment)

    form = GiveAgainForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            assignment.give_again(by=request.user, answer=form.cleaned_data["answer"])
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Assigned again, with your answer."))
            return redirect(assignment)
    return _page(request, "assignments/give_again.html", assignment, form, _("Answer, assign again"))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def assignment_transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """To another body: this assignment closes, a linked one opens with the same original deadline."""
    assignment, today = _find(request.user, pk), clock.today()
    require(holds(request.user, Act.TRANSFER, assignment))
    if not can_take_step(request.user, Act.TRANSFER, assignment):
        return refuse_now(request, assignment)

    form = TransferForm(request.POST if request.method == "POST" else None, today=today)
    if form.is_valid():
        read = form.cleaned_data
        try:
            linked = assignment.transfer(by=request.user, to=read["to"], reason=read["reason"], today=today)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            text = _("Transferred to %(agency)s.") % {"agency": linked.agency.label}
            messages.success(request, text)
            return redirect(linked)
    return _page(request, "assignments/transfer.html", assignment, form, _("Transfer"))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def assignment_put_in_charge(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = _find(request.user, pk)
    require(holds(request.user, Act.PUT_IN_CHARGE, assignment))
    if not can_put_in_charge(request.user, assignment):
        return refuse_now(request, assignment)

    form = InChargeForm(request.POST if request.method == "POST" else None, assignment=assignment)
    if form.is_valid():
        try:
            assignment.put_in_charge(by=request.user, person=form.cleaned_data["person"])
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The person in charge has been named."))
            return redirect(assignment)
    return _page(request, "assignments/put_in_charge.html", assignment, form, _("Person in charge"))


def _find(user: User, pk: int) -> Assignment:
    seen = Assignment.objects.visible_to(user).select_related("directive", "agency", "person")
    return get_object_or_404(seen, pk=pk)


def _page(request: HttpRequest, template: str, assignment: Assignment, form: Any, here: str) -> HttpResponse:
    directive = assignment.directive
    refusal = assignment.events.filter(to_status="declined").order_by("-pk").select_related("by").first()
    context = {
        "form": form,
        "assignment": assignment,
        "directive": directive,
        "refusal": refusal if assignment.status == "declined" else None,
        "crumbs": [
            (_("Directives"), reverse("directive_list")),
            (directive.code, directive.get_absolute_url()),
            (here, ""),
        ],
    }
    return render(request, template, context, status=422 if form.errors else 200)
