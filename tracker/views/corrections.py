"""Corrected deadlines (đính chính): of one directive, of several at once, and their own list."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from tracker import clock
from tracker.corrections import MOST, correct_many
from tracker.forms.corrections import CorrectForm, CorrectionFilter, CorrectManyForm
from tracker.htmx import render_page, wants_fragment
from tracker.models import Directive, StaleVersion, User
from tracker.once import once
from tracker.permissions import Act, allows, can_correct_deadline, holds, require
from tracker.tables.base import ROWS_A_PAGE
from tracker.vietnamese.dates import format_date
from tracker.views.transitions import refuse_now

LONGEST_KEY = 9
"""Digits of a key that an address may carry."""


@require_safe
def correction_list(request: HttpRequest) -> HttpResponse:
    """Every corrected deadline with the reason and the document; an extension is none."""
    filters = CorrectionFilter(request.GET, user=request.user, today=clock.today())
    rows = filters.rows().select_related("directive", "by", "document")
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("trang", 1))
    total = page.paginator.count
    context = {
        "filters": filters,
        "form": filters.form,
        "page": page,
        "total": total,
        "today": filters.today,
        "is_fragment": wants_fragment(request),
        "to_drop": [] if total else filters.to_drop,
    }
    return render_page(request, "corrections/list.html", "corrections/_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def deadline_correct(request: HttpRequest, code: str) -> HttpResponse:
    """The right day, what was wrong and the document that says so; who comes second sees both dates."""
    directive, user = _find(request.user, code), request.user
    require(holds(user, Act.CORRECT_DEADLINE, directive))
    if not can_correct_deadline(user, directive):
        return refuse_now(request, directive)

    form = CorrectForm(request.POST if request.method == "POST" else None, directive=directive, user=user)
    is_readable = form.is_valid()
    if is_readable and form.is_agreed:
        read = form.cleaned_data
        try:
            directive.correct_deadline(
                read["due_on"],
                by=user,
                reason=read["reason"],
                source=read["source"],
                expected_version=read["version"],
            )
        except StaleVersion as refusal:
            directive = _find(user, code)
            form.compare_with(directive)
            form.refuse(refusal)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _corrected(directive))
            return redirect(directive)
    status = 409 if form.is_stale else 422 if form.errors else 200
    context = {
        "form": form,
        "later": form.later if is_readable else [],
        "directive": directive,
        "today": clock.today(),
        "crumbs": [
            (_("Directives"), reverse("directive_list")),
            (directive.code, directive.get_absolute_url()),
            (_("Correct the deadline"), ""),
        ],
    }
    return render(request, "corrections/form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def deadline_correct_many(request: HttpRequest) -> HttpResponse:
    """First exactly what moves from where to where, what cannot and why; agreed to, all of it moves or nothing."""
    require(allows(request.user, Act.CORRECT_DEADLINE))
    asked = [key for key in request.GET.getlist("nv") if key.isascii() and key.isdigit()]
    keys = {int(key) for key in asked if len(key) <= LONGEST_KEY}
    seen = Directive.objects.visible_to(request.user).filter(pk__in=keys)
    directives = list(seen.select_related("lead", "parent").order_by("code"))
    if not directives or len(keys) > MOST:
        text = _("Tick at least one directive, at most %(most)s, and choose “Change the deadline” again.")
        messages.warning(request, text % {"most": MOST})
        return redirect("directive_list")

    data = request.POST if request.method == "POST" else None
    form = CorrectManyForm(data, directives=directives, user=request.user)
    is_readable = form.is_valid()
    if is_readable and form.is_agreed and _correct_all(form, request.user):
        count = len(form.moving)
        text = ngettext(
            "The deadline of %(n)d directive has been corrected.",
            "The deadlines of %(n)d directives have been corrected.",
            count,
        )
        messages.success(request, text % {"n": count})
        return redirect("correction_list")
    context = {
        "form": form,
        "directives": directives,
        # Judged once a date can be read, also when no directive can take it.
        "is_judged": request.method == "POST" and not (set(form.errors) - {"__all__"}),
        "is_moved_meanwhile": is_readable and bool(form.cleaned_data["agreed"]) and not form.errors,
        "today": clock.today(),
        "crumbs": [(_("Directives"), reverse("directive_list")), (_("Change deadlines"), "")],
    }
    return render(request, "corrections/many.html", context, status=422 if form.errors else 200)


def _correct_all(form: CorrectManyForm, user: User) -> bool:
    read = form.cleaned_data
    try:
        correct_many(form.versions, read["due_on"], by=user, reason=read["reason"], source=read["source"])
    except ValidationError as refusal:
        form.refuse(refusal)
        return False
    return True


def _find(user: User, code: str) -> Any:
    seen = Directive.objects.visible_to(user).select_related("field", "lead", "parent")
    return get_object_or_404(seen, code=code)


def _corrected(directive: Directive) -> str:
    if directive.due_on is None:
        return _("Corrected: the work has no deadline.")
    return _("Corrected: the deadline is %(day)s.") % {"day": format_date(directive.due_on)}
