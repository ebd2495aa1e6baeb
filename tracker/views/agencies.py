"""Agencies (cơ quan, đơn vị) as administrators keep them."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tracker import clock
from tracker.figures.counting import count_together
from tracker.figures.people import agency_views
from tracker.forms.agencies import AgencyForm
from tracker.forms.people import offered
from tracker.models import Agency, Assignment, StaleVersion, User
from tracker.once import once
from tracker.permissions import can_manage_agencies, require
from tracker.vietnamese.text import contains_forbidden

TABS = [
    ("hien-hanh", gettext_lazy("In force")),
    ("khong-nguoi", gettext_lazy("Nobody reports")),
    ("can-kiem-tra", gettext_lazy("Name to be checked")),
    ("het-hieu-luc", gettext_lazy("No longer in force")),
]


@require_safe
def agency_list(request: HttpRequest) -> HttpResponse:
    """All agencies by bloc, with people, open work and how sure their names are."""
    require(can_manage_agencies(request.user))

    views = agency_views(clock.today())
    view = request.GET.get("xem")
    view = view if view in views else TABS[0][0]
    text = request.GET.get("q", "")[:200]
    text = "" if contains_forbidden(text) else text
    rows = views[view].search(text) if text else views[view]
    found = sorted(rows.by_name(), key=lambda agency: Agency.Bloc.values.index(agency.bloc))
    counts = count_together(request.user, **{key.replace("-", "_"): views[key] for key, _label in TABS})
    context = {
        "view": view,
        "text": text,
        "tabs": [(key, label, counts[key.replace("-", "_")]) for key, label in TABS],
        "total": len(found),
        "blocs": [(Agency.Bloc(key).label, list(part)) for key, part in groupby(found, lambda row: row.bloc)],
    }
    return render(request, "agencies/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def agency_create(request: HttpRequest) -> HttpResponse:
    require(can_manage_agencies(request.user))

    return _answer(request, Agency(), "agencies/create.html")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def agency_edit(request: HttpRequest, pk: int) -> HttpResponse:
    require(can_manage_agencies(request.user))
    agency = get_object_or_404(Agency, pk=pk)

    return _answer(request, agency, "agencies/edit.html")


def _answer(request: HttpRequest, agency: Agency, template: str) -> HttpResponse:
    form = AgencyForm(
        request.POST if request.method == "POST" else None, instance=agency, today=clock.today()
    )
    if form.is_valid():
        try:
            saved = form.save()
        except StaleVersion as refusal:  # saved by somebody else between the check and the lock
            form.add_error(None, refusal)
        else:
            messages.success(request, _("%(name)s has been saved.") % {"name": saved.name})
            return redirect("agency_list")
    status = 409 if form.conflict else 422 if form.errors else 200
    return render(request, template, _page(form, agency.pk), status=status)


def _page(form: AgencyForm, pk: int | None) -> dict[str, Any]:
    stored = Agency.objects.filter(pk=pk).first()
    return {
        "form": form,
        "agency": stored,
        "agencies": offered(Agency.objects.by_name()),
        "people": User.objects.active().filter(agency=pk).by_given_name() if pk else [],
        "work": _open_work(pk),
        "has_reporter": User.objects.reporters().filter(agency=pk).exists(),
        "crumbs": [
            (_("Agencies"), reverse("agency_list")),
            (stored.label if stored else _("Add an agency"), ""),
        ],
    }


def _open_work(pk: int | None) -> Any:
    rows = Assignment.objects.open().filter(agency=pk).order_by("directive__code", "pk")
    return list(rows.select_related("directive", "person"))
