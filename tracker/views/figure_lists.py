"""The lists of figures: all that a person sees, or those of one indicator."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.forms.figure_filters import FigureFilter
from tracker.models import Indicator
from tracker.permissions import can_enter_figures
from tracker.tables.measurements import FigureTable
from tracker.views.registers import asked, list_page


@require_safe
def figure_list(request: HttpRequest) -> HttpResponse:
    """Every figure that the person sees, the newest period first."""
    filters = FigureFilter(request.GET, user=request.user, today=clock.today())
    return _list(request, filters, {"may_enter": can_enter_figures(request.user)})


@require_safe
def measurement_list(request: HttpRequest, code: str) -> HttpResponse:
    """The figures of one indicator, of all its periods and parts."""
    indicator = get_object_or_404(Indicator.objects.visible_to(request.user), code=code)
    filters = FigureFilter(request.GET, user=request.user, today=clock.today())
    filters.indicator = indicator
    crumbs = [
        (_("Targets"), reverse("indicator_list")),
        (indicator.code, indicator.get_absolute_url()),
        (_("Figures"), ""),
    ]
    return _list(request, filters, {"indicator": indicator, "crumbs": crumbs})


def _list(request: HttpRequest, filters: FigureFilter, context: dict[str, Any]) -> HttpResponse:
    rows = filters.rows()
    table = FigureTable.show(rows.for_list().with_in_use(), **asked(request), total=rows.count())
    return list_page(request, "measurements", filters, table, context)
