"""The leader's page: what is late, who is late, what needs a decision, whether targets are reached."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker import charts, clock
from tracker.figures.calendar import Curve
from tracker.figures.navigation import badges, navigation_lists
from tracker.figures.official_table import Line, agency_lines, all_agencies, field_lines
from tracker.figures.overview import FEWEST_DUE, Overview
from tracker.figures.overview import overview as read_register
from tracker.figures.periods import Period
from tracker.figures.register import CELLS
from tracker.figures.sentence import lead_line
from tracker.forms.overview import DAYS_OF_PAUSE, CutForm
from tracker.permissions import Act, allows, can_see_review_queue, can_urge, require
from tracker.target_drawings import bullet_of

SHOWN_AGENCIES = 12
SHOWN_IN_TABLE = 4
SHOWN_DECISIONS = 8
SHOWN_UPCOMING = 10
SHOWN_TARGETS = 8
SHOWN_NAMES = 8


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every number is counted once and opens exactly its rows; period and day are in the address."""
    require(allows(request.user, Act.SEE_OVERVIEW))

    today = clock.today()
    form = CutForm(request.GET, today=today)
    by_agency = request.GET.get("bang") == "co-quan"
    page = read_register(
        form.scope(request.user),
        along=navigation_lists(request.user, today),
        with_original_agencies=by_agency,
    )
    request.menu_counts = badges(page.along)  # type: ignore[attr-defined]
    sees_queue = can_see_review_queue(request.user)
    table = (page.agencies if by_agency else page.fields).table
    context = {
        "today": today,
        "scope": page.scope,
        "page": page,
        "cut": form,
        "periods": Period.around(page.scope.as_of),
        "sentence": lead_line(page),
        "bar": charts.status_bar(page.directives.standings),
        "field_bars": [(row, charts.status_bar(row.standings)) for row in page.fields.rows],
        "decisions": page.decisions
        if request.GET.get("quyet") == "het"
        else page.decisions[:SHOWN_DECISIONS],
        "late_bars": _with_bars(page.late_agencies[:SHOWN_AGENCIES]),
        "more_late": page.late_agencies[SHOWN_AGENCIES:],
        "agenda": page.upcoming[:SHOWN_UPCOMING],
        "target_bars": [(row, bullet_of(row)) for row in page.plan.unsafe[:SHOWN_TARGETS]],
        "more_targets": page.plan.unsafe[SHOWN_TARGETS:],
        "names_shown": SHOWN_NAMES,
        "curve": _drawn(page.curve),
        "by_agency": by_agency,
        "table": table,
        "lines": _lines(page) if table else [],
        "all_at": f"{reverse('agency_summary')}?{urlencode(page.scope.query)}",
        "agency_count": len(page.agency_keys),
        "cells": CELLS,
        "fewest_due": FEWEST_DUE if by_agency else 0,
        "look_again_on": today + dt.timedelta(days=DAYS_OF_PAUSE),
        "may_urge": can_urge(request.user) and not page.scope.is_past,
        "may_transfer": allows(request.user, Act.TRANSFER),
        "sees_queue": sees_queue,
        "waiting_figures_at": reverse("figure_queue")
        if sees_queue
        else f"{reverse('figure_list')}?tt=submitted",
    }
    return render(request, "overview/overview.html", context)


@require_safe
def agency_summary(request: HttpRequest) -> HttpResponse:
    """The official table of all agencies; the overview has their blocs and those that are late."""
    require(allows(request.user, Act.SEE_OVERVIEW))

    today = clock.today()
    form = CutForm(request.GET, today=today)
    scope = form.scope(request.user)
    agencies, originals, along = all_agencies(scope, navigation_lists(request.user, today))
    request.menu_counts = badges(along)  # type: ignore[attr-defined]
    table = agencies.table
    lines = agency_lines(agencies, originals) if table else []
    context = {
        "scope": scope,
        "cut": form,
        "periods": Period.around(scope.as_of),
        "by_agency": True,
        "table": table,
        "lines": lines,
        "cells": CELLS,
        "fewest_due": FEWEST_DUE,
        "shown": sum(line.is_agency for line in lines),
        "crumbs": [(_("Overview"), reverse("overview")), (_("Assignments by agency"), "")],
    }
    return render(request, "overview/agencies.html", context)


def _lines(page: Overview) -> list[Line]:
    """The lines of the official table: by field, or by bloc with the agencies that are most overdue."""
    if page.original_agencies is None:
        return field_lines(page.fields, page.originals)
    shown = {row.key for row in page.late_agencies[:SHOWN_IN_TABLE]}
    return agency_lines(page.agencies, page.original_agencies, shown)


def _with_bars(rows: list[Any]) -> list[tuple[Any, float]]:
    return list(zip(rows, charts.shares([row.late for row in rows]), strict=True))


def _drawn(curve: Curve) -> charts.SCurve | None:
    """The year's curve; nothing is drawn for a year without a deadline."""
    if not curve.total:
        return None
    days = (dt.date(curve.year, 12, 31) - dt.date(curve.year, 1, 1)).days + 1
    return charts.s_curve(
        [_("T%(month)s") % {"month": month} if month == 1 else str(month) for month in range(1, 13)],
        curve.planned,
        curve.done,
        elapsed=((curve.as_of - dt.date(curve.year, 1, 1)).days + 1) / days,
        planned_now=curve.planned_by_now,
        done_now=curve.done_by_now,
        projected=round(curve.projected),
    )
