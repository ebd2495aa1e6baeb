"""Lists of named bodies: the adoption matrix, keeping a list, saying how far one body is."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tracker import clock
from tracker.figures.coverage import coverages
from tracker.figures.matrix import Tree, matrix
from tracker.forms.rosters import ROSTER_FORMS, MarkForm, MatrixForm
from tracker.models import Agency, Indicator, Roster, RosterBody, RosterMark
from tracker.once import once
from tracker.permissions import can_manage_indicators, can_mark_body, can_urge, require

DONE = {
    "them": gettext_lazy("The agency is on the list."),
    "ket-thuc": gettext_lazy("The agency is counted no longer from the day after."),
    "hop-nhat": gettext_lazy("The merger is on the list; the number of agencies changes from that day on."),
    "chap-nhan": gettext_lazy("The list has been confirmed."),
}
MARKS_SHOWN = 10


@require_safe
def adoption_matrix(request: HttpRequest) -> HttpResponse:
    """Bodies × what each has to bring into use (ma trận triển khai), as of a day; every number opens its rows."""
    user, today = request.user, clock.today()
    tree = Tree(user)
    form = MatrixForm(request.GET, tree=tree, today=today)
    form.is_valid()
    context: dict[str, Any] = {"form": form, "today": today, "tree": tree}
    if form.choice:
        page = matrix(tree, form.choice, form.day, today)
        context |= {
            "page": page,
            "wanted": form.wanted,
            "groups": page.grouped(form.wanted),
            "sees_all": user.sees_everything,
            "may_urge": can_urge(user),
            "may_manage": can_manage_indicators(user),
        }
    return render(request, "rosters/matrix.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def roster_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Who is counted, from when to when: add, end, merge, confirm a suggested list."""
    seen = Indicator.objects.visible_to(request.user).filter(rule=Indicator.Rule.ROSTER)
    indicator = get_object_or_404(seen, code=code)
    require(can_manage_indicators(request.user))

    roster = Roster.objects.filter(indicator=indicator).first()
    forms = {step: form(roster=roster) for step, form in ROSTER_FORMS.items()}
    form = None
    if request.method == "POST":
        step = request.POST.get("viec", "")
        step = step if step in ROSTER_FORMS else "them"
        form = forms[step] = ROSTER_FORMS[step](request.POST, roster=roster)
        if form.is_valid():
            try:
                with transaction.atomic():
                    form.save(Roster.of(indicator), by=request.user)
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, DONE[step])
                return redirect("roster_edit", code)
    shown = {step.replace("-", "_"): form for step, form in forms.items()}
    context = _roster_page(indicator, roster) | {"forms": shown, "form": form}
    return render(request, "rosters/edit.html", context, status=422 if form else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def body_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how far one body is and since when; what was said before stays below."""
    seen = RosterBody.objects.visible_to(request.user).select_related("agency", "roster__indicator")
    body = get_object_or_404(seen, pk=pk)
    require(can_mark_body(request.user, body))

    form = MarkForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        try:
            body.set_state(by=request.user, today=clock.today(), **form.words)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Marked: %(agency)s.") % {"agency": body.agency.label})
            return redirect("roster_edit", body.roster.indicator.code)
    indicator = body.roster.indicator
    crumbs = [*_crumbs(indicator), (_("List of agencies"), reverse("roster_edit", args=[indicator.code]))]
    context = {
        "form": form,
        "body": body,
        "indicator": indicator,
        "marks": body.marks.select_related("document", "report", "by", "by_agency").order_by("-pk"),
        "crumbs": [*crumbs, (body.agency.label, "")],
    }
    return render(request, "rosters/mark.html", context, status=422 if form.errors else 200)


def _roster_page(indicator: Indicator, roster: Roster | None) -> dict[str, Any]:
    today = clock.today()
    bodies = RosterBody.objects.filter(roster__indicator=indicator).select_related("agency")
    marks = RosterMark.objects.filter(body__roster__indicator=indicator)
    return {
        "indicator": indicator,
        "roster": roster,
        "today": today,
        "coverage": coverages([indicator], today)[indicator.pk],
        "outside": bodies.exclude(pk__in=bodies.in_scope(today).values("pk")).order_by("valid_from", "pk"),
        "marks": marks.select_related("body__agency", "document", "report", "by").order_by("-pk")[
            :MARKS_SHOWN
        ],
        "agencies": Agency.objects.in_force(today).bodies().by_name(),
        "crumbs": [*_crumbs(indicator), (_("List of agencies"), "")],
    }


def _crumbs(indicator: Indicator) -> list[tuple[str, str]]:
    return [
        (_("Indicators"), reverse("indicator_list")),
        (indicator.code, indicator.get_absolute_url()),
    ]
