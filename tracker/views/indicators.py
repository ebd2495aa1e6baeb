"""Indicators (chỉ tiêu): the year's plan field by field, and one target with everything that explains its figure."""

import datetime as dt
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker import clock, target_drawings, target_words
from tracker.figures.coverage import join_names
from tracker.figures.target_page import TargetPage, target_page
from tracker.figures.target_rows import IndicatorRow
from tracker.figures.targets import Plan, selectable_periods, year_plan
from tracker.forms.indicators import AGAINST, PlanCut
from tracker.judgement import Verdict
from tracker.models import Configuration, Indicator, ReportingPeriod, User
from tracker.permissions import (
    Act,
    allows,
    can_answer_question,
    can_enter_figure,
    can_manage_indicators,
    can_verify_figure,
)

COUNTED = (Verdict.MET, Verdict.RISK, Verdict.OFF, Verdict.NONE)


@require_safe
def indicator_list(request: HttpRequest) -> HttpResponse:
    """The year's plan: what was reached, what is expected, whether that is enough."""
    today, office = clock.today(), Configuration.current()
    cut = PlanCut(request.GET)
    plan = year_plan(request.user, today, office, upto=cut.value("ky"), against=cut.against)
    of_field, rows = cut.of_field(plan.rows), cut.rows(plan.rows)
    context = {
        "today": today,
        "office": office,
        "plan": plan,
        "year": plan.upto.year if plan.upto else today.year,
        "cut": cut,
        "against": cut.against,
        "all": of_field,
        "shown": len(rows),
        "counts": _counts(of_field),
        "groups": [
            (field, [target_drawings.drawn(row) for row in part])
            for field, part in groupby(rows, key=lambda row: row.indicator.field)
        ],
        "periods": _offered(plan, today),
        "fields": list({row.indicator.field.pk: row.indicator.field for row in plan.rows}.values()),
        "choices": {"kl": target_words.VERDICT_CHOICES, "ss": AGAINST},
        "silent": _silent(rows),
        "in_hand": _in_hand(plan.periods, today) if _enters_figures(request.user) else None,
        "may_manage": can_manage_indicators(request.user),
    }
    return render(request, "indicators/list.html", context)


@require_safe
def indicator_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One target: its figure, the rate still needed, its periods and parts, how it is made and who stands for it."""
    today, office = clock.today(), Configuration.current()
    indicator = find(request, code)
    cut = PlanCut(request.GET)
    page = target_page(request.user, indicator, today, office, cut.value("ky"))
    context = {
        "indicator": indicator,
        "today": today,
        "cut": cut,
        "crumbs": [(_("Indicators"), reverse("indicator_list")), (indicator.field.label, "")],
        "may_manage": can_manage_indicators(request.user),
        "page": page,
    }
    if page is not None:
        context |= _about(page, request.user, today)
    return render(request, "indicators/detail.html", context)


def find(request: HttpRequest, code: str) -> Indicator:
    """The indicator, suggested and retired ones too, if this person sees it."""
    seen = Indicator.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("field", "owner", "directive", "parent"), code=code)


def _about(page: TargetPage, user: User, today: dt.date) -> dict[str, Any]:
    row = page.row
    periods = page.tree.series.periods
    shown = [one for one in page.periods if one.row.period.starts_on <= today or one.has_figure]
    return {
        "row": row,
        "year": row.year,
        "upto": row.upto,
        "periods": _choices(periods, row.upto, today),
        "lines": shown,
        "needed": target_words.still_needed(row),
        "gained": target_words.gained(row),
        "formula": target_words.formula(row),
        "projection_rule": target_words.projection_rule(row.indicator),
        "months": target_drawings.months(row, today),
        "months_finding": target_words.months_finding(row),
        "year_sum": target_drawings.year_sum(row, today),
        "sum_finding": target_words.sum_finding(row),
        "steps": target_drawings.coverage_steps(row),
        "parts_present": _parts_present(page),
        "in_hand": _in_hand(periods, today) if _may_enter(page, user) else None,
        "answerable": {one.pk for one in page.questions if can_answer_question(user, one)},
    }


def _counts(rows: list[IndicatorRow]) -> list[tuple[Verdict, int]]:
    """How many rows each verdict has, without those that have none."""
    counts = [(key, sum(row.verdict == key for row in rows)) for key in COUNTED]
    return [(key, n) for key, n in counts if n]


def _parts_present(page: TargetPage) -> str:
    check = page.sum_check
    if check is None:
        return ""
    return target_words.parts_present(check.present, check.expected, page.indicator.dimension)


def _offered(plan: Plan, today: dt.date) -> list[ReportingPeriod]:
    return _choices(plan.periods, plan.upto, today) if plan.upto else []


def _choices(periods: list[ReportingPeriod], upto: ReportingPeriod, today: dt.date) -> list[ReportingPeriod]:
    """The periods of this year and the year before that can be read, and the one that the address names."""
    begun = selectable_periods(periods, today, upto.year)
    offered = [one for one in begun if one.kind in {"month", "year"} or one.ends_on <= today]
    offered += [one for one in periods if one.kind == "year" and one.year == upto.year - 1]
    return offered if upto in offered else [upto, *offered]


def _in_hand(periods: list[ReportingPeriod], today: dt.date) -> ReportingPeriod | None:
    """The month that agencies report on now."""
    open_ones = [
        one
        for one in periods
        if one.kind == "month" and one.starts_on <= today <= one.agencies_send_on and not one.is_closed
    ]
    return min(open_ones, key=lambda one: one.agencies_send_on, default=None)


def _enters_figures(user: User) -> bool:
    return allows(user, Act.ENTER_FIGURE) or allows(user, Act.VERIFY_FIGURE)


def _may_enter(page: TargetPage, user: User) -> bool:
    indicator = page.indicator
    if indicator.retired_on or indicator.is_suggested:
        return False
    own_parts = any(can_enter_figure(user, indicator, one.part) for one in page.parts)
    return own_parts or can_enter_figure(user, indicator) or can_verify_figure(user, indicator)


def _silent(rows: list[IndicatorRow]) -> str:
    """Who must still send when nothing at all has come in yet."""
    if not rows or any(row.actual is not None or row.cell.words for row in rows):
        return ""
    owners = {row.indicator.owner_id: row.indicator.owner for row in rows if row.indicator.owner}
    return join_names([owner for owner in owners.values() if owner])
