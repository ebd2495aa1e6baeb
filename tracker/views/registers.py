"""The lists of the register: directives, assignments, progress reports. Each state of a list is an address."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracker import charts, clock
from tracker.figures.register import standing_counts
from tracker.figures.saved_views import tabs
from tracker.forms.filters import AssignmentFilter, DirectiveFilter, ListFilter, ProgressFilter
from tracker.htmx import render_page, wants_fragment
from tracker.models import Agency
from tracker.permissions import Act, allows, can_register, can_urge, require
from tracker.tables.assignments import AssignmentTable
from tracker.tables.base import ListTable
from tracker.tables.directives import DirectiveTable
from tracker.tables.progress import ProgressTable

OFFERED_AGENCIES = 8


@require_safe
def directive_list(request: HttpRequest) -> HttpResponse:
    """The register (nhiệm vụ): saved views as tabs, filters, the stacked bar, the page that is asked for."""
    filters = DirectiveFilter(request.GET, user=request.user, today=clock.today())
    rows = filters.rows()
    counts = {} if filters.is_outside else standing_counts(filters.rows(without={"tt"}))
    total = rows.count() if filters.is_outside else _total(filters, counts)
    table = DirectiveTable.show(rows.for_list(), **asked(request), total=total)
    context = {
        "tabs": tabs(filters.office),
        "bar": charts.status_bar(counts),
        "may_register": can_register(request.user),
        "may_correct": allows(request.user, Act.CORRECT_DEADLINE),
        "may_pick": can_urge(request.user) and not (filters.is_outside or filters.scope.is_past),
    }
    return list_page(request, "directives", filters, table, context)


@require_safe
def assignment_list(request: HttpRequest) -> HttpResponse:
    """Who has what to do (lượt giao): the rows behind every number about an agency."""
    filters = AssignmentFilter(request.GET, user=request.user, today=clock.today())
    counts = standing_counts(filters.rows(without={"tt"}))
    total = _total(filters, counts)
    table = AssignmentTable.show(filters.rows().for_list(), **asked(request), total=total)
    return list_page(request, "assignments", filters, table, {"bar": charts.status_bar(counts)})


@require_safe
def progress_list(request: HttpRequest) -> HttpResponse:
    """The progress reports that the person sees, the newest first."""
    filters = ProgressFilter(request.GET, user=request.user, today=clock.today())
    rows = filters.rows()
    table = ProgressTable.show(rows.for_list(), **asked(request), total=rows.count())
    return list_page(request, "progress", filters, table)


@require_safe
def agency_choices(request: HttpRequest) -> HttpResponse:
    """The few bodies that a typed part of a name may mean, for the fields that ask for one."""
    require(request.user.sees_everything)

    text = next((text for _name, text in request.GET.items()), "").replace("\x00", "")
    found = Agency.objects.search(text[:100]).by_name()[:OFFERED_AGENCIES] if text.strip() else []
    return render(request, "tables/_agency_choices.html", {"agencies": found})


def asked(request: HttpRequest) -> dict[str, Any]:
    """Order and page as the address names them; the table takes the nearest that exist."""
    return {"order": request.GET.get("sx", ""), "page": request.GET.get("trang", 1)}


def list_page(
    request: HttpRequest,
    stem: str,
    filters: ListFilter,
    table: ListTable,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """Answer with a list: the page, or for htmx what changes when a filter does, under an address without gaps."""
    scope = getattr(filters, "scope", None)
    is_past = scope is not None and scope.is_past
    if is_past:
        # Percentages and days of progress are only known as they are now.
        table.columns.hide("percent")
        table.columns.hide("progress_on")
    total = table.paginator.count
    everything = {
        "filters": filters,
        "form": filters.form,
        "table": table,
        "page": table.page,
        "total": total,
        "today": scope.as_of if scope else filters.today,
        "is_past": is_past,
        "by_original": scope is not None and scope.by_original,
        "is_fragment": wants_fragment(request),
        "to_drop": [] if total else filters.to_drop,
        **(context or {}),
    }
    response = render_page(request, f"{stem}/list.html", f"{stem}/_list.html", everything)
    if wants_fragment(request):
        page = {"trang": str(table.page.number)} if table.page.number > 1 else {}
        response["HX-Push-Url"] = (request.path + filters.address(**page)).removesuffix("?")
    return response


def _total(filters: ListFilter, counts: dict[str, int]) -> int:
    """The length of the list, from the counts above it."""
    standing = filters.form.cleaned_data.get("tt")
    return counts[standing] if standing else sum(counts.values())
