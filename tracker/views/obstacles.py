"""What holds work up (vướng mắc): reported on a directive, listed, solved."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tracker import clock
from tracker.figures.counting import count_together
from tracker.forms.obstacles import ObstacleForm, SolutionForm
from tracker.forms.watch_filters import ObstacleFilter
from tracker.htmx import render_page, wants_fragment
from tracker.models import Directive, Obstacle
from tracker.once import once
from tracker.permissions import can_raise_obstacle, can_solve_obstacle, is_obstacle_raiser, require
from tracker.tables.base import ROWS_A_PAGE
from tracker.views.transitions import refuse_now


@require_safe
def obstacle_list(request: HttpRequest) -> HttpResponse:
    """Open, overdue and solved obstacles, what is needed first on top."""
    filters = ObstacleFilter(request.GET, user=request.user, today=clock.today())
    rows = filters.rows()
    states = dict(filters.STATES)
    cleaned = filters.form.cleaned_data
    counts = count_together(request.user, **{state: _of_state(filters, cleaned, state) for state in states})
    page = Paginator(rows.for_list(), ROWS_A_PAGE).get_page(request.GET.get("trang", 1))
    context = {
        "filters": filters,
        "form": filters.form,
        "states": [(state, states[state], counts[state], filters.address(tt=state)) for state in states],
        "chosen": cleaned.get("tt") or filters.OPEN,
        "page": page,
        "total": page.paginator.count,
        "may_solve": can_solve_obstacle(request.user),
        "today": filters.today,
        "is_fragment": wants_fragment(request),
        "to_drop": [],
    }
    return render_page(request, "obstacles/list.html", "obstacles/_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def obstacle_add(request: HttpRequest, code: str) -> HttpResponse:
    """What, why, who must solve it, by when."""
    directive = get_object_or_404(Directive.objects.visible_to(request.user), code=code)
    mine = directive.assignments.active().filter(agency=request.user.agency_id).first()
    require(is_obstacle_raiser(request.user, directive, mine))
    if not can_raise_obstacle(request.user, directive, mine):
        return refuse_now(request, directive)

    form = ObstacleForm(request.POST if request.method == "POST" else None, today=clock.today())
    if form.is_valid():
        try:
            obstacle = Obstacle.raise_on(directive, by=request.user, **form.content)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The obstacle has been reported. The deadline goes on."))
            return redirect(obstacle)
    return _page(request, "obstacles/form.html", directive, form, _("Report an obstacle"))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def obstacle_solve(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how it was solved; the record stays."""
    obstacle = get_object_or_404(Obstacle.objects.visible_to(request.user).for_list(), pk=pk)
    require(can_solve_obstacle(request.user))
    if obstacle.is_solved:
        messages.warning(request, _("This obstacle has already been solved."))
        return redirect(obstacle)

    form = SolutionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            obstacle.solve(by=request.user, solution=form.cleaned_data["solution"])
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The obstacle is solved."))
            return redirect(obstacle)
    return _page(
        request, "obstacles/solve.html", obstacle.directive, form, _("Solve an obstacle"), obstacle=obstacle
    )


def _of_state(filters: ObstacleFilter, cleaned: dict[str, Any], state: str) -> Any:
    """The rows of another state with the other filters as they are."""
    rows = filters.start(cleaned | {"tt": state})
    for name, value in cleaned.items():
        rows = filters.filters[name].filter(rows, value)
    return rows


def _page(
    request: HttpRequest, template: str, directive: Directive, form: Any, here: str, **more: Any
) -> HttpResponse:
    crumbs = [
        (_("Directives"), reverse("directive_list")),
        (directive.code, directive.get_absolute_url()),
        (here, ""),
    ]
    context = {"form": form, "directive": directive, "crumbs": crumbs, "today": clock.today(), **more}
    return render(request, template, context, status=422 if form.errors else 200)
