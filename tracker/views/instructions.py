"""A leader's instructions on a directive, and the answers to them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tracker import clock
from tracker.forms.instructions import AnswerForm, InstructionForm
from tracker.models import Directive, Instruction
from tracker.once import once
from tracker.permissions import Act, can_answer, can_instruct, holds, require
from tracker.views.transitions import refuse_now


@require_http_methods(["GET", "HEAD", "POST"])
@once
def instruction_add(request: HttpRequest, code: str) -> HttpResponse:
    """What is to be done, by whom, answered until when."""
    directive = get_object_or_404(Directive.objects.visible_to(request.user), code=code)
    require(holds(request.user, Act.INSTRUCT, directive))
    if not can_instruct(request.user, directive):
        return refuse_now(request, directive)

    data = request.POST if request.method == "POST" else None
    form = InstructionForm(data, directive=directive, user=request.user, today=clock.today())
    if form.is_valid():
        Instruction.give(directive, by=request.user, at=clock.now(), **form.words)
        messages.success(request, _("The instruction has been given."))
        return redirect(f"{directive.get_absolute_url()}#chi-dao")
    return _page(request, "instructions/form.html", directive, form, _("Give an instruction"))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def instruction_answer(request: HttpRequest, pk: int) -> HttpResponse:
    seen = Instruction.objects.visible_to(request.user).select_related("directive", "by", "addressee")
    instruction = get_object_or_404(seen, pk=pk)
    directive = instruction.directive
    require(instruction.by_id != request.user.pk and holds(request.user, Act.ANSWER, instruction))

    form = AnswerForm(request.POST if request.method == "POST" else None)
    if not can_answer(request.user, instruction):
        messages.warning(request, _("This instruction has already been answered."))
        return redirect(f"{directive.get_absolute_url()}#chi-dao")
    if form.is_valid():
        try:
            instruction.reply(by=request.user, answer=form.cleaned_data["answer"], at=clock.now())
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Your answer has been sent."))
            return redirect(f"{directive.get_absolute_url()}#chi-dao")
    return _page(
        request,
        "instructions/answer.html",
        directive,
        form,
        _("Answer an instruction"),
        instruction=instruction,
    )


def _page(
    request: HttpRequest, template: str, directive: Directive, form: Any, here: str, **more: Any
) -> HttpResponse:
    crumbs = [
        (_("Directives"), reverse("directive_list")),
        (directive.code, directive.get_absolute_url()),
        (here, ""),
    ]
    context = {"form": form, "directive": directive, "crumbs": crumbs, **more}
    return render(request, template, context, status=422 if form.errors else 200)
