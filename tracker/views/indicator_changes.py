"""Changing indicators: what they are, what they must reach, their plans and parts, accepting and retiring them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tracker import clock
from tracker.figures.plans import spread_evenly
from tracker.forms.indicators import AcceptForm, IndicatorForm, PartsForm, PlanForm, RetireForm, TargetForm
from tracker.models import (
    Document,
    Indicator,
    IndicatorPart,
    PeriodPlan,
    ReportingPeriod,
    StaleVersion,
    Target,
)
from tracker.once import once
from tracker.permissions import can_manage_indicators, require
from tracker.views.indicators import find

SHOWN_DOCUMENTS = 100
LAST_YEAR = 2100


@require_http_methods(["GET", "HEAD", "POST"])
@once
def indicator_create(request: HttpRequest) -> HttpResponse:
    """A new indicator; its target is set next, by the document that demands it."""
    require(can_manage_indicators(request.user))

    form = IndicatorForm(_sent(request), user=request.user, instance=Indicator())
    if form.is_valid():
        try:
            made = Indicator.register(by=request.user, year=clock.today().year, **form.content)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("%(code)s has been entered. Set its target now.") % {"code": made.code}
            )
            return redirect("target_set", code=made.code)
    return _form_page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def indicator_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change what describes the indicator; the second of two people sees both versions."""
    indicator = find(request, code)
    require(can_manage_indicators(request.user))

    form = IndicatorForm(_sent(request), user=request.user, instance=find(request, code))
    if form.is_valid():
        try:
            indicator.edit(by=request.user, expected_version=form.cleaned_data["version"], **form.content)
        except StaleVersion as refusal:
            conflict = form.go_on_from(refusal.current)
            form.refuse(refusal)
            return _form_page(request, form, indicator, conflict)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The changes to the indicator have been saved."))
            return redirect(indicator)
    return _form_page(request, form, indicator)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def target_set(request: HttpRequest, code: str) -> HttpResponse:
    """What must be reached by a day. An earlier target stays readable beside it."""
    indicator = find(request, code)
    require(can_manage_indicators(request.user))

    about = {"indicator": indicator, "user": request.user, "today": clock.today()}
    form = TargetForm(_sent(request), **about)
    if form.is_valid():
        try:
            Target.set(indicator, by=request.user, **form.content)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The target has been set."))
            return redirect(indicator)
    documents = Document.objects.visible_to(request.user).order_by("-issued_on", "-pk")
    context = {
        "versions": list(indicator.targets.select_related("document")),
        "documents": list(documents[:SHOWN_DOCUMENTS]),
    }
    return _page(request, "indicators/target.html", form, indicator, _("Set the target"), context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def plan_edit(request: HttpRequest, code: str) -> HttpResponse:
    """The plan of a year, period by period, of the whole or of one part; shared out evenly on demand."""
    indicator = find(request, code)
    require(can_manage_indicators(request.user))

    year = _year(request)
    part = _part(request, indicator)
    periods = _periods(indicator, year)
    form = PlanForm(_sent(request), indicator=indicator, part=part, periods=periods)
    if request.method == "POST" and "chia" in request.POST:
        shared = spread_evenly(indicator, periods)
        names = {form.name_of(period): value for period, value in shared.items()}
        form = PlanForm(initial=names, indicator=indicator, part=part, periods=periods)
        if not names:
            messages.warning(request, _("There is no target of that year in numbers to share out."))
    elif form.is_valid():
        try:
            PeriodPlan.set_many(indicator, by=request.user, values=form.values, part=part)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The plan has been saved."))
            return redirect(indicator)
    context = {
        "year": year,
        "part": part,
        "parts": list(indicator.parts.select_related("agency")),
        "years": sorted({year - 1, year, year + 1}),
        "target": indicator.target_on(dt.date(year, 1, 1)),
    }
    return _page(request, "indicators/plan.html", form, indicator, _("Plan by period"), context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def part_edit(request: HttpRequest, code: str) -> HttpResponse:
    """The parts of the breakdown: which are added, which end."""
    indicator = find(request, code)
    require(can_manage_indicators(request.user))

    parts = list(indicator.parts.select_related("agency"))
    form = PartsForm(_sent(request), indicator=indicator, parts=parts)
    if form.is_valid():
        add = [*form.cleaned_data["agencies"], *form.cleaned_data["names"]]
        try:
            IndicatorPart.change_many(
                indicator, add=add, from_day=form.cleaned_data["from_day"], end=form.ends
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The breakdown has been saved."))
            return redirect(indicator)
    return _page(request, "indicators/parts.html", form, indicator, _("Breakdown"))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def indicator_step(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """Take a suggested indicator into the plan, or follow one no longer."""
    indicator = find(request, code)
    if step not in STEPS:
        raise Http404
    require(can_manage_indicators(request.user))

    make, act, title, button = STEPS[step]
    form = make(_sent(request))
    if form.is_valid():
        try:
            done = act(indicator, form, request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, done)
            return redirect(indicator)
    return _page(
        request, "indicators/step.html", form, indicator, title(), {"button": button(), "step": step}
    )


def _accept(indicator: Indicator, form: Any, by: Any) -> str:
    indicator.accept(by=by)
    return _("%(code)s now belongs to the plan.") % {"code": indicator.code}


def _retire(indicator: Indicator, form: Any, by: Any) -> str:
    indicator.retire(by=by, on=form.cleaned_data["on"], reason=form.cleaned_data["reason"])
    return _("%(code)s is no longer followed; its figures stay.") % {"code": indicator.code}


Step = tuple[Callable[..., Any], Callable[..., str], Callable[[], str], Callable[[], str]]
STEPS: dict[str, Step] = {
    "nhan": (
        AcceptForm,
        _accept,
        lambda: _("Take the suggested indicator into the plan"),
        lambda: _("Take it into the plan"),
    ),
    "thoi": (
        lambda data: RetireForm(data, today=clock.today()),
        _retire,
        lambda: _("Follow the indicator no longer"),
        lambda: _("Follow it no longer"),
    ),
}
"""Steps by their part of the address: the form, the verb, the page's title, the button."""


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _year(request: HttpRequest) -> int:
    """The plan's year as the address names it; anything else is the present year."""
    text = request.GET.get("nam", "")
    is_year = len(text) == 4 and text.isascii() and text.isdecimal()
    return int(text) if is_year and 2000 <= int(text) <= LAST_YEAR else clock.today().year


def _part(request: HttpRequest, indicator: Indicator) -> IndicatorPart | None:
    text = request.GET.get("phan", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Http404
    return get_object_or_404(indicator.parts.select_related("agency"), pk=int(text))


def _periods(indicator: Indicator, year: int) -> list[ReportingPeriod]:
    rows = ReportingPeriod.objects.of_all().of_kind(indicator.frequency).filter(year=year)
    return list(rows.select_related("closed_by").in_order())


def _form_page(
    request: HttpRequest, form: IndicatorForm, indicator: Indicator | None = None, conflict: Any = None
) -> HttpResponse:
    title = _("Change an indicator") if indicator else _("Enter an indicator")
    return _page(request, "indicators/form.html", form, indicator, title, {"conflict": conflict})


def _page(
    request: HttpRequest,
    template: str,
    form: Any,
    indicator: Indicator | None,
    title: str,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    crumbs = [(_("Indicators"), reverse("indicator_list"))]
    if indicator:
        crumbs.append((indicator.code, indicator.get_absolute_url()))
    context = {"form": form, "indicator": indicator, "title": title, "crumbs": [*crumbs, (title, "")]}
    more = more or {}
    status = 409 if more.get("conflict") else 422 if form.errors else 200
    return render(request, template, context | more, status=status)
