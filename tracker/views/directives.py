"""One directive: entering it, its page, changing it, giving it to agencies, the steps of its life, its history."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from tracker import clock, history
from tracker.figures.directive_targets import DirectiveTargets
from tracker.figures.dossier import MOMENTS_SHOWN, Dossier
from tracker.figures.navigation import badges, navigation_lists
from tracker.figures.reporting import closing_beside
from tracker.figures.scope import Scope
from tracker.forms.assignments import AssignForm
from tracker.forms.deadlines import DeadlineFields, year_of_source
from tracker.forms.directives import CreateForm, StepForm, edit_form_of
from tracker.htmx import render_page
from tracker.models import Assignment, Directive, Document, StaleVersion, User
from tracker.models.occurrences import is_wanted
from tracker.once import once
from tracker.permissions import (
    Act,
    allows,
    can_answer,
    can_answer_proposal,
    can_ask_extension,
    can_assign,
    can_correct_deadline,
    can_decide_extension,
    can_decide_suggestion,
    can_decline,
    can_edit,
    can_instruct,
    can_open_year,
    can_put_in_charge,
    can_raise_obstacle,
    can_receive,
    can_register,
    can_report,
    can_solve_obstacle,
    can_take_step,
    can_urge,
    holds,
    require,
)
from tracker.target_drawings import bullet_of, coverage_steps
from tracker.vietnamese.sentences import deadline_in, force_in, sentences, tidy
from tracker.views.change_lists import changes_asked_for, more_changes
from tracker.views.transitions import CHANGES, refuse_now

LISTED = re.compile(r"\d{1,9}", re.ASCII)


@require_safe
def directive_detail(request: HttpRequest, code: str) -> HttpResponse:
    """The whole directive on one page, as this person may see it."""
    today = clock.today()
    menu = navigation_lists(request.user, today)
    dossier = Dossier.find(code, Scope.of(request.user, today), along=menu)
    if dossier is None:
        raise Http404
    request.menu_counts = badges({name: dossier.along(name) for name in menu})  # type: ignore[attr-defined]
    targets = dossier.targets
    moments = dossier.moments
    for extension in dossier.extensions_shown:
        extension.may_decide = can_decide_extension(request.user, extension)
        extension.may_answer = can_answer_proposal(request.user, extension)
    shown = len(moments) if request.GET.get("muc") == "tat-ca" else MOMENTS_SHOWN
    context = {
        "dossier": dossier,
        "directive": dossier.directive,
        "today": today,
        "expected": dossier.directive.expected_percent(today),
        "closing": closing_beside(dossier.directive.due_on, targets.periods if targets else ()),
        "moments": moments[:shown],
        "earlier": len(moments) - shown,
        "urgings": dossier.urgings,
        "instructions": [(row, can_answer(request.user, row)) for row in dossier.instructions],
        "rows": [(row, *_row_acts(request.user, row), _cells(targets, row)) for row in dossier.shown],
        "targets": targets,
        "curves": [(row, coverage_steps(row)) for row in targets.lists] if targets else [],
        "bars": [(row, bullet_of(row)) for row in targets.numbers] if targets else [],
        "places": targets.places(request.user.agency_id) if targets else [],
        "may_decide": can_decide_suggestion(request.user, dossier.directive),
        "may_raise_obstacle": can_raise_obstacle(request.user, dossier.directive, dossier.mine),
        "may_solve_obstacle": can_solve_obstacle(request.user),
        "own": _own_work(request.user, dossier),
        "year_to_open": today.year,
        "open_at": _open_at(request.user, dossier, today),
        "ask_at": _ask_at(request.user, dossier),
        "acts": _acts(request.user, dossier),
        "crumbs": [
            (_("Directives"), reverse("directive_list")),
            (dossier.directive.field.label, ""),
            (dossier.directive.code, ""),
        ],
    }
    return render(request, "directives/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def directive_create(request: HttpRequest) -> HttpResponse:
    require(can_register(request.user))

    typed = {"initial": _from_text(request)} | _typed(request)
    form = CreateForm(**typed, user=request.user, today=clock.today())
    if form.is_valid():
        try:
            with transaction.atomic():
                directive = form.save()
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("Entered as %(code)s. Assign it when it is ready.") % {"code": directive.code}
            )
            return redirect(directive)
    return _form_page(request, form, None)


@require_safe
def deadline_preview(request: HttpRequest) -> HttpResponse:
    """The date that printed words mean and by which rule, while they are being typed."""
    require(can_register(request.user))

    form = DeadlineFields(request.GET)
    form.plan_year = _plan_year(request) or clock.today().year
    return render_page(request, "directives/deadline.html", "directives/_deadline.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@once
def directive_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change the register's words; who comes second sees both versions and loses nothing."""
    directive = _find(request.user, code)
    require(holds(request.user, Act.EDIT, directive))
    if not can_edit(request.user, directive):
        return refuse_now(request, directive)

    form = edit_form_of(directive)(
        **_typed(request), instance=directive, user=request.user, today=clock.today()
    )
    if form.is_valid():
        read = form.cleaned_data
        try:
            directive.edit(
                by=request.user,
                expected_version=read["version"],
                reason=read["reason"],
                **form.register_words,
            )
        except StaleVersion as refusal:
            form.compare_with(_find(request.user, code))
            form.refuse(refusal)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The changes have been saved."))
            return redirect(directive)
    return _form_page(request, form, directive)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def directive_assign(request: HttpRequest, code: str) -> HttpResponse:
    """First who gets what, a group as its members of this day; agreed to, it is assigned."""
    directive, today = _find(request.user, code), clock.today()
    require(holds(request.user, Act.ASSIGN, directive))
    if not can_assign(request.user, directive):
        return refuse_now(request, directive)

    typed = {"initial": {"cooperating": _accepted_bodies(directive)}} | _typed(request)
    form = AssignForm(**typed, directive=directive, today=today)
    if form.is_valid() and form.is_agreed:
        read = form.cleaned_data
        try:
            given = directive.assign(
                by=request.user,
                lead=read.get("lead"),
                cooperating=read["cooperating"],
                person=read.get("person"),
                today=today,
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            text = ngettext("Assigned to %(n)d agency.", "Assigned to %(n)d agencies.", len(given))
            messages.success(request, text % {"n": len(given)})
            return redirect(directive)
    context = {
        "form": form,
        "directive": directive,
        "today": today,
        "crumbs": _crumbs(directive, _("Assign")),
    }
    status = 422 if form.errors else 200
    return render_page(request, "directives/assign.html", "directives/_bodies.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def directive_step(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """Pause, resume, stop, reopen, withdraw, restore: one small form each."""
    change = CHANGES.get(step)
    directive = _find(request.user, code)
    if change is None:
        raise Http404
    require(holds(request.user, change.act, directive))
    if not can_take_step(request.user, change.act, directive):
        return refuse_now(request, directive)

    data = request.POST if request.method == "POST" else None
    form = StepForm(data, needs=change.needs, may=change.may, user=request.user, today=clock.today())
    if form.is_valid():
        try:
            change.take(directive, by=request.user, **form.details)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, change.done)
            return redirect(directive)
    context = {
        "form": form,
        "directive": directive,
        "change": change,
        "crumbs": _crumbs(directive, change.title),
    }
    return render(request, "directives/step.html", context, status=422 if form.errors else 200)


@require_safe
def directive_history(request: HttpRequest, code: str) -> HttpResponse:
    """Every change of the directive and its parts, the newest first."""
    directive = _find(request.user, code)
    require(allows(request.user, Act.SEE_HISTORY))

    most = changes_asked_for(request)
    told = history.of_directive(directive, request.user, most)
    context = {
        "directive": directive,
        "told": told,
        "more": more_changes(told, most),
        "crumbs": _crumbs(directive, _("History of changes")),
    }
    return render_page(request, "directives/history.html", "directives/_changes.html", context)


def _open_at(user: User, dossier: Dossier, today: dt.date) -> str:
    """Where the person opens this year of yearly work; "" when it is open already, or there is none this year."""
    directive = dossier.directive
    may = can_open_year(user, directive) and is_wanted(directive, today.year)
    is_open = today.year in {row.occurrence_year for row in dossier.years}
    return reverse("occurrence_open", args=[directive.code]) if may and not is_open else ""


def _plan_year(request: HttpRequest) -> int | None:
    """The year that the form already knows, or that of the source which is being typed."""
    known = request.GET.get("nam", "")
    if known.isascii() and known.isdigit() and len(known) == 4:
        return int(known)
    typed = [request.GET.get(name, "") for name in ("source_mode", "document", "nguon-issued_on")]
    return year_of_source(Document.objects.visible_to(request.user), *typed)


def _find(user: User, code: str) -> Directive:
    seen = Directive.objects.visible_to(user).select_related("field", "lead", "parent")
    return get_object_or_404(seen, code=code)


def _crumbs(directive: Directive, here: Any) -> list[tuple[Any, str]]:
    return [
        (_("Directives"), reverse("directive_list")),
        (directive.code, directive.get_absolute_url()),
        (here, ""),
    ]


def _form_page(request: HttpRequest, form: Any, directive: Directive | None) -> HttpResponse:
    if directive is None:
        crumbs = [(_("Directives"), reverse("directive_list")), (_("Enter a directive"), "")]
    else:
        crumbs = _crumbs(directive, _("Change"))
    status = 422 if form.errors else 200
    context = {
        "form": form,
        "directive": directive,
        "may_correct": directive and can_correct_deadline(request.user, directive),
        "crumbs": crumbs,
    }
    return render(
        request, "directives/form.html", context, status=409 if getattr(form, "conflict", None) else status
    )


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What a form starts from. A button that only looks something up keeps what was typed and judges nothing yet."""
    if request.method != "POST":
        return {}
    if not {"xem-han", "tim"} & set(request.POST):
        return {"data": request.POST}
    kept = {name: request.POST[name] for name in request.POST}
    return {"initial": kept | {"cooperating": request.POST.getlist("cooperating")}}


def _from_text(request: HttpRequest) -> dict[str, Any]:
    """What a directive starts from that is taken out of a document's text: ``?vb=<document>&cau=<sentence>``."""
    documents = Document.objects.visible_to(request.user)
    asked, number = request.GET.get("vb", ""), request.GET.get("cau", "")
    document = documents.filter(pk=int(asked)).first() if LISTED.fullmatch(asked) else None
    found = sentences(tidy(document.full_text)) if document else []
    sentence = next((one for one in found if str(one.number) == number), None)
    if document is None or sentence is None:
        return {}
    year = document.issued_on.year if document.issued_on else clock.today().year
    return {
        "source_mode": "known",
        "document": document,
        "sentence": sentence.text,
        "title": sentence.clauses[0] if len(sentence.clauses) == 1 else "",
        "force": force_in(sentence.text),
        "deadline_printed": deadline_in(sentence.text, year),
    }


def _accepted_bodies(directive: Directive) -> list[Any]:
    """Co-operating bodies that somebody accepted from the suggestions are ticked from the start."""
    accepted = directive.suggestions.filter(state="accepted", kind="cooperating", agency__isnull=False)
    return list(accepted.values_list("agency", flat=True))


# What this person may do, as the page offers it


@dataclass(frozen=True)
class Offer:
    """A thing the page offers: its words, where it leads, its picture; a form's button when it changes at once."""

    text: Any
    href: str
    icon: str = ""
    is_post: bool = False


@dataclass(frozen=True)
class Acts:
    """One main button, further buttons, and the menu."""

    primary: Offer | None
    second: list[Offer]
    menu: list[Offer]


def _acts(user: User, dossier: Dossier) -> Acts:
    """The main button goes by role: report, then instruct, then urge, then assign."""
    directive = dossier.directive
    offers = []
    if dossier.mine and can_report(user, dossier.mine):
        offers.append(Offer(_("Report"), reverse("progress_log", args=[dossier.mine.pk]), "report"))
    if can_instruct(user, directive):
        offers.append(
            Offer(_("Give an instruction"), reverse("instruction_add", args=[directive.code]), "chat")
        )
    if can_urge(user) and dossier.behind:
        count = dossier.behind
        text = ngettext("Urge %(n)s agency that is behind", "Urge the %(n)s agencies that are behind", count)
        offers.append(Offer(text % {"n": count}, f"{reverse('urging_create')}?nv={directive.pk}", "mega"))
    if can_assign(user, directive):
        words = _("Assign to more agencies") if directive.is_assigned else _("Assign")
        offers.append(Offer(words, reverse("directive_assign", args=[directive.code]), "plus"))
    menu = []
    if can_edit(user, directive):
        menu.append(
            Offer(_("Change the directive"), reverse("directive_edit", args=[directive.code]), "s-draft")
        )
    if ask_at := _ask_at(user, dossier):
        menu.append(Offer(_("Ask for an extension"), ask_at, "cal"))
    if can_correct_deadline(user, directive):
        menu.append(
            Offer(_("Correct the deadline"), reverse("deadline_correct", args=[directive.code]), "cal")
        )
    for slug, change in CHANGES.items():
        if can_take_step(user, change.act, directive):
            menu.append(
                Offer(change.title, reverse("directive_step", args=[directive.code, slug]), change.icon)
            )
    return Acts(offers[0] if offers else None, offers[1:], menu)


def _ask_at(user: User, dossier: Dossier) -> str:
    """Where the person's agency asks for more time; "" when it cannot, or has asked already."""
    row = dossier.mine
    may = row and can_ask_extension(user, row) and not dossier.in_hand_of_mine
    return reverse("extension_ask", args=[row.pk]) if may else ""


def _cells(targets: DirectiveTargets | None, row: Assignment) -> list[Any]:
    """What an agency has reached in the columns of its directive's lists."""
    return targets.cells(row.agency_id) if targets else []


def _own_work(user: User, dossier: Dossier) -> list[Offer]:
    """What the person's own agency is asked first: to receive the directive."""
    row = dossier.mine
    return _row_acts(user, row)[0] if row and can_receive(user, row) else []


def _row_acts(user: User, row: Assignment) -> tuple[list[Offer], list[Offer]]:
    """What this assignment asks of the person now, and what else can be done with it."""
    return _offers(_ASKED, user, row), _offers(_FURTHER, user, row)


def _offers(possible: list[tuple[Any, Any, str]], user: User, row: Assignment) -> list[Offer]:
    return [
        Offer(text, reverse(name, args=[row.pk]), is_post=name == "assignment_receive")
        for may, text, name in possible
        if may(user, row)
    ]


def _can_give_again(user: User, row: Assignment) -> bool:
    return can_take_step(user, Act.GIVE_AGAIN, row)


def _can_transfer(user: User, row: Assignment) -> bool:
    return can_take_step(user, Act.TRANSFER, row)


_ASKED: list[tuple[Any, Any, str]] = [
    (can_receive, gettext_lazy("Receive"), "assignment_receive"),
    (can_decline, gettext_lazy("Decline"), "assignment_decline"),
    (_can_give_again, gettext_lazy("Answer, assign again"), "assignment_give_again"),
]
_FURTHER: list[tuple[Any, Any, str]] = [
    (_can_transfer, gettext_lazy("Transfer"), "assignment_transfer"),
    (can_put_in_charge, gettext_lazy("Person in charge"), "assignment_put_in_charge"),
]
