"""Early warning (cảnh báo): the running directives, the worst first, each with the sentence that explains it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.figures.warnings import WORST_FIRST, warnings
from tracker.forms.watch_filters import LEVELS, WarningFilter
from tracker.htmx import render_page, wants_fragment
from tracker.tables.base import ROWS_A_PAGE


@require_safe
def warning_list(request: HttpRequest) -> HttpResponse:
    """Directives by level; how many have which is the length of the list that it opens."""
    filters = WarningFilter(request.GET, user=request.user, today=clock.today())
    found = warnings(filters.scope, filters.rows())
    shown = filters.shown(found)
    page = Paginator(shown, ROWS_A_PAGE).get_page(request.GET.get("trang", 1))
    context = {
        "filters": filters,
        "form": filters.form,
        "levels": [
            (level, LEVELS[level], sum(one.level == level for one in found), filters.address(md=level.value))
            for level in WORST_FIRST
        ],
        "page": page,
        "total": len(shown),
        "office": filters.scope.office,
        "today": filters.today,
        "is_fragment": wants_fragment(request),
        "to_drop": [],
    }
    return render_page(request, "warnings/list.html", "warnings/_list.html", context)
