"""Requests for an extension (xin gia hạn): asked by the lead, decided by the assigner's side, answered, taken back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker import clock
from tracker.figures.counting import count_together
from tracker.figures.extensions import Tab, corrections, steps_of
from tracker.forms.evidence import attach
from tracker.forms.extensions import AnswerForm, AskForm, DecideForm, ExtensionFilter
from tracker.htmx import render_page, wants_fragment
from tracker.models import Assignment, Configuration, ExtensionRequest, User, WrongStep
from tracker.once import once
from tracker.permissions import (
    Act,
    can_answer_proposal,
    can_ask_extension,
    can_decide_extension,
    can_take_back_extension,
    holds,
    is_extension_decider,
    require,
)
from tracker.tables.base import ROWS_A_PAGE
from tracker.vietnamese.dates import format_date
from tracker.views.transitions import refuse_now

OVERVIEW = "overview"
"""The page that a decision goes back to when its address says ``?ve=overview``."""


@require_safe
def extension_list(request: HttpRequest) -> HttpResponse:
    """What waits for a decision or an answer, and what became of the others."""
    filters = ExtensionFilter(request.GET, user=request.user, today=clock.today())
    tabs = filters.tabs
    counts = count_together(request.user, corrected=corrections(request.user), **tabs)
    rows = tabs[filters.tab].for_list().select_related("assignment__agency")
    paginator = Paginator(rows, ROWS_A_PAGE)
    paginator.count = counts[filters.tab]
    page = paginator.get_page(request.GET.get("trang", 1))
    for row in page:
        row.may_decide = can_decide_extension(request.user, row)
        row.may_answer = can_answer_proposal(request.user, row)
    context = {
        "filters": filters,
        "form": filters.form,
        "tabs": [(tab, tab.label, counts[tab.value], filters.address(tt=tab.value)) for tab in Tab],
        "chosen": filters.tab,
        "corrected": counts["corrected"],
        "page": page,
        "total": paginator.count,
        "today": filters.today,
        "is_fragment": wants_fragment(request),
        "to_drop": [] if paginator.count else filters.to_drop,
    }
    return render_page(request, "extensions/list.html", "extensions/_list.html", context)


@require_safe
def extension_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One request with both dates, the decision, its files and what happened to it."""
    extension, user = _find(request.user, pk), request.user
    context = {
        "files": extension.evidence.all(),
        "steps": steps_of(extension),
        "may_decide": can_decide_extension(user, extension),
        "may_answer": can_answer_proposal(user, extension),
        "may_take_back": can_take_back_extension(user, extension),
    }
    return render(request, "extensions/detail.html", _about(extension) | context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def extension_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The lead body asks for a later deadline."""
    seen = Assignment.objects.visible_to(request.user).select_related("directive__parent", "agency")
    assignment, today = get_object_or_404(seen, pk=pk), clock.today()
    require(assignment.is_lead and holds(request.user, Act.ASK_EXTENSION, assignment))
    if waiting := assignment.extensions.in_hand().first():
        messages.warning(request, _("A request for this work already waits for a decision."))
        return redirect(waiting)
    if assignment.due_on is None:
        messages.warning(request, _("This work has no deadline that could be extended."))
        return redirect(assignment)
    if not can_ask_extension(request.user, assignment):
        return refuse_now(request, assignment)

    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AskForm(*data, assignment=assignment, today=today)
    if form.is_valid():
        try:
            extension = _ask(assignment, form, by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The request for an extension has been sent."))
            return redirect(extension)
    limit = Configuration.current().extension_limit
    context = {
        "form": form,
        "assignment": assignment,
        "directive": assignment.directive,
        "ordinal": assignment.extension_count + 1,
        "limit": limit,
        "is_beyond": assignment.extension_count >= limit,
        "is_late": today > assignment.due_on,
        "today": today,
        "crumbs": _way(assignment, _("Ask for an extension")),
    }
    return render(request, "extensions/ask.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def extension_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree, refuse with the reason, or propose another date; ten seconds to take it back."""
    extension, user = _find(request.user, pk), request.user
    require(is_extension_decider(user, extension))
    if not can_decide_extension(user, extension):
        return _dealt_with(request, extension)

    back = OVERVIEW if request.GET.get("ve") == OVERVIEW else ""
    form = DecideForm(request.POST if request.method == "POST" else None, extension=extension)
    if form.is_valid():
        try:
            _decide(extension, form.cleaned_data, by=user)
        except WrongStep as refusal:
            extension = _find(user, pk)
            if not can_decide_extension(user, extension):
                return _dealt_with(request, extension)
            form.go_on_from(extension)
            form.refuse(refusal)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            say_decided(request, extension, back)
            return redirect(_page_after(extension, back))
    context = {"form": form, "files": extension.evidence.all(), "back": back}
    about = _about(extension, _("Decision on the extension"))
    status = 409 if form.is_stale else 422 if form.errors else 200
    return render(request, "extensions/decide.html", about | context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def extension_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The lead accepts the date that was proposed instead, or says why it will not do."""
    extension, user = _find(request.user, pk), request.user
    require(holds(user, Act.ANSWER_PROPOSAL, extension))
    if not can_answer_proposal(user, extension):
        return _dealt_with(request, extension)

    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        accepts = form.cleaned_data["answer"] == AnswerForm.ACCEPT
        answer = extension.accept if accepts else extension.decline
        try:
            answer(by=user, note=form.cleaned_data["note"])
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            done = _("The proposed date is accepted; the new deadline is %(day)s.")
            closed = _("The proposed date is not accepted; the deadline stays.")
            words = {"day": format_date(extension.granted_due_on)} if accepts else {}
            messages.success(request, (done if accepts else closed) % words)
            return redirect(extension)
    about = _about(extension, _("Answer to the proposed date"))
    return render(
        request, "extensions/answer.html", about | {"form": form}, status=422 if form.errors else 200
    )


@require_POST
@once
def extension_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The lead no longer asks."""
    extension = _find(request.user, pk)
    require(holds(request.user, Act.TAKE_BACK_EXTENSION, extension))

    try:
        extension.take_back(by=request.user)
    except ValidationError as refusal:
        messages.warning(request, refusal.messages[0])
    else:
        messages.success(request, _("The request has been taken back."))
    return redirect(extension)


@require_POST
@once
def extension_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own decision back within ten seconds; afterwards it stands, and the page says so."""
    extension = _find(request.user, pk)
    require(holds(request.user, Act.DECIDE_EXTENSION, extension))

    try:
        extension.undo(by=request.user)
    except ValidationError as refusal:
        messages.warning(request, refusal.messages[0])
    else:
        messages.success(
            request,
            _("The decision has been taken back; the request waits again and the deadline is as before."),
        )
    back = OVERVIEW if request.GET.get("ve") == OVERVIEW else ""
    return redirect(_page_after(extension, back))


def say_decided(request: HttpRequest, extension: ExtensionRequest, back: str = "") -> None:
    """Say what was decided, with the button that takes it back: the message's tag is the button's address."""
    facts = {
        "agency": extension.agency.label,
        "code": extension.assignment.directive.code,
        "before": format_date(extension.moved_from or extension.due_on_before),
        "after": format_date(extension.granted_due_on or extension.proposed_due_on or extension.new_due_on),
    }
    sentences = {
        "granted": _("Extension agreed for %(agency)s, %(code)s: %(before)s → %(after)s."),
        "refused": _("Extension refused for %(agency)s, %(code)s: the deadline stays %(before)s."),
        "proposed": _("Proposed to %(agency)s, %(code)s: %(after)s instead. The agency answers."),
    }
    undo = reverse("extension_undo", args=[extension.pk]) + (f"?ve={back}" if back else "")
    messages.success(request, sentences[extension.status] % facts, extra_tags=undo)


def _ask(assignment: Assignment, form: AskForm, *, by: User) -> ExtensionRequest:
    """The request with its files and its link, or nothing of it."""
    read = form.cleaned_data
    with transaction.atomic():
        extension = ExtensionRequest.ask(assignment, by=by, today=form.today, **form.words)
        attach(extension, read["files"], read["link"], by=by)
    return extension


def _decide(extension: ExtensionRequest, read: dict[str, Any], *, by: User) -> None:
    common = {"by": by, "note": read["note"], "expected_version": read["version"]}
    match read["answer"]:
        case DecideForm.GRANT:
            extension.grant(**common)
        case DecideForm.REFUSE:
            extension.refuse(**common)
        case DecideForm.PROPOSE:
            extension.propose(read["due_on"], today=clock.today(), **common)


def _find(user: User, pk: int) -> Any:
    rows = ExtensionRequest.objects.visible_to(user).for_list()
    return get_object_or_404(rows.select_related("assignment__agency"), pk=pk)


def _dealt_with(request: HttpRequest, extension: ExtensionRequest) -> HttpResponse:
    """Role and relation would do, the state does not: somebody was faster, or the work has ended."""
    if extension.is_open and not extension.assignment.is_open:
        messages.warning(request, _("The work has ended meanwhile: the request waits for nobody any more."))
    else:
        state = extension.get_status_display().lower()
        messages.warning(request, _("This is not possible now: the state is “%(state)s”.") % {"state": state})
    return redirect(extension)


def _about(extension: ExtensionRequest, here: str = "") -> dict[str, Any]:
    """What every page about one request shows."""
    assignment = extension.assignment
    crumbs = [(_("Extensions"), reverse("extension_list"))]
    crumbs += [(assignment.directive.code, extension.get_absolute_url()), (here, "")] if here else []
    return {
        "extension": extension,
        "assignment": assignment,
        "directive": assignment.directive,
        "today": clock.today(),
        "crumbs": crumbs if here else [*crumbs, (assignment.directive.code, "")],
    }


def _way(assignment: Assignment, here: str) -> list[tuple[str, str]]:
    code = assignment.directive.code
    return [(_("Directives"), reverse("directive_list")), (code, assignment.get_absolute_url()), (here, "")]


def _page_after(extension: ExtensionRequest, back: str) -> str:
    return f"{resolve_url('overview')}#quyet" if back else extension.get_absolute_url()
