"""Reporting periods (kỳ báo cáo): the calendar, one period with its closed numbers, dates, closing, reopening."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from tracker import clock
from tracker.closing import close_period
from tracker.figures.closed import closed_numbers
from tracker.figures.readiness import Readiness
from tracker.forms.people import offered
from tracker.forms.periods import (
    PeriodCloseForm,
    PeriodDatesForm,
    PeriodForm,
    PeriodReopenForm,
    WeeksForm,
    YearForm,
    chosen_year,
)
from tracker.models import Agency, Configuration, ReportingPeriod, StaleVersion, WrongStep
from tracker.once import once
from tracker.permissions import (
    Act,
    can_close_period,
    can_manage_periods,
    can_reopen_period,
    holds,
    require,
)
from tracker.tables.base import ROWS_A_PAGE, CappedPaginator
from tracker.tables.periods import PeriodTable
from tracker.views.registers import asked

WAYS = {"nam": YearForm, "tuan": WeeksForm, "rieng": PeriodForm}
"""How periods come to be: a year by the legal rule, weekly windows, one of a person's own."""


@require_safe
def period_list(request: HttpRequest) -> HttpResponse:
    """The calendar of a year: every period with its window, its sending dates and how it stands today."""
    today = clock.today()
    seen = ReportingPeriod.objects.visible_to(request.user)
    years = sorted(set(seen.order_by().values_list("year", flat=True)))
    year = chosen_year(request.GET.get("nam"), years, today.year)
    of_year = seen.filter(year=year)
    counts = dict(of_year.order_by().values_list("kind").annotate(n=Count("pk")))
    kind = request.GET.get("loai") if request.GET.get("loai") in counts else ""
    rows = of_year.of_kind(kind) if kind else of_year
    table = PeriodTable.show(
        rows.for_list(), **asked(request), total=counts[kind] if kind else sum(counts.values())
    )
    soon = Configuration.current().closing_soon_days
    context = {
        "today": today,
        "year": year,
        "years": years,
        "kind": kind,
        "tabs": [("", _("All"), sum(counts.values()))]
        + [(one.value, one.label, counts[one]) for one in ReportingPeriod.Kind if one in counts],
        "table": table,
        "page": table.page,
        "rows": [(period, period.state_on(today, soon)) for period in table.records],
        "may_manage": can_manage_periods(request.user),
        "next_year": _next_year(today.year),
        "lacks_next_year": today.month >= 10 and _next_year(today.year) == today.year + 1,
    }
    return render(request, "periods/list.html", context)


@require_safe
def period_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One period: its window, how it stands, its numbers as closed and as of today, what has happened to it."""
    period, today, office = _find(request, code), clock.today(), Configuration.current()
    events = list(period.events.select_related("by", "by_agency"))
    numbers = closed_numbers(
        period, request.user, office, today, events=events, revision=_revision(request.GET.get("ban"))
    )
    chosen = request.GET.get("ct", "")
    late = numbers.late.for_list().order_by("reviewed_at", "pk")
    context = {
        "period": period,
        "today": today,
        "state": period.state_on(today, office.closing_soon_days),
        "numbers": numbers,
        "opened": chosen,
        "late": late.filter(indicator__code=chosen[:20]) if _is_code(chosen) else late,
        "events": events,
        "acts": _acts(request, period),
        "crumbs": [(_("Reporting periods"), reverse("period_list")), (period.label, "")],
        **_readiness(request, period),
    }
    return render(request, "periods/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def period_create(request: HttpRequest) -> HttpResponse:
    """Make a year's periods, a year's weekly windows, or enter a thematic or ad hoc period."""
    require(can_manage_periods(request.user))

    today = clock.today()
    way = request.GET.get("loai", "")
    way = way if way in WAYS else "nam"
    arguments = {} if way == "nam" else {"today": today}
    data = request.POST if request.method == "POST" else None
    form = WAYS[way](data, initial={"year": _next_year(today.year)}, **arguments)
    if form.is_valid():
        if way != "rieng":
            return _made(request, form.make(), form.cleaned_data["year"], "week" if way == "tuan" else "")
        try:
            period = ReportingPeriod.announce(by=request.user, **form.words)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(period)s has been entered.") % {"period": period.label})
            return redirect(period)
    context = {
        "form": form,
        "way": way,
        "agencies": offered(Agency.objects.in_force(today).bodies().by_name()),
        "crumbs": [(_("Reporting periods"), reverse("period_list")), (_("Make periods"), "")],
    }
    return render(request, "periods/create.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def period_dates(request: HttpRequest, code: str) -> HttpResponse:
    """Move the window or the sending dates, until the figures are closed."""
    period = _find(request, code)
    require(can_manage_periods(request.user))
    if period.is_closed:
        return _refuse_now(request, period)

    form = PeriodDatesForm(request.POST if request.method == "POST" else None, period=period)
    if form.is_valid():
        try:
            period.set_dates(
                by=request.user,
                expected_version=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"],
                **form.dates,
            )
        except ValidationError as refusal:
            if isinstance(refusal, StaleVersion):
                form.compare_with(refusal.current)
            form.refuse(refusal)
        else:
            messages.success(request, _("The dates have been changed."))
            return redirect(period)
    return _form_page(request, "periods/dates.html", period, form, _("Change the dates"))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def period_close(request: HttpRequest, code: str) -> HttpResponse:
    """Freeze the period's numbers (chốt số liệu), after reading what still waits or is missing."""
    period = _find(request, code)
    require(holds(request.user, Act.CLOSE_PERIOD, period))
    if not can_close_period(request.user, period):
        return _refuse_now(request, period)

    form = PeriodCloseForm(request.POST if request.method == "POST" else None, period=period)
    if form.is_valid():
        try:
            close_period(period, request.user, form.cleaned_data["closed_for"])
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("The figures of %(period)s are closed.") % {"period": period.label_in_text}
            )
            return redirect(period)
    context = {
        "readiness": Readiness(period, request.user, clock.today()),
        "is_early": clock.today() < period.ends_on,
    }
    return _form_page(request, "periods/close.html", period, form, _("Close the figures"), context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def period_reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Open closed figures again as the next revision; the numbers of the earlier one stay."""
    period = _find(request, code)
    require(holds(request.user, Act.REOPEN_PERIOD, period))
    if not can_reopen_period(request.user, period):
        return _refuse_now(request, period)

    form = PeriodReopenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            period.reopen(by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request,
                _("The figures are open again as revision %(revision)s.") % {"revision": period.revision},
            )
            return redirect(period)
    return _form_page(request, "periods/reopen.html", period, form, _("Reopen the figures"))


def _find(request: HttpRequest, code: str) -> ReportingPeriod:
    seen = ReportingPeriod.objects.visible_to(request.user).for_list()
    return get_object_or_404(seen, code=code)


def _next_year(this_year: int) -> int:
    """The first year from this one on whose periods have not been made."""
    years = ReportingPeriod.objects.of_all().of_kind("month").filter(year__gte=this_year)
    made = set(years.order_by().values_list("year", flat=True))
    return next(year for year in range(this_year, this_year + len(made) + 1) if year not in made)


def _revision(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else None


def _is_code(text: str) -> bool:
    return bool(text) and "\x00" not in text


def _acts(request: HttpRequest, period: ReportingPeriod) -> dict[str, bool]:
    return {
        "close": can_close_period(request.user, period),
        "reopen": can_reopen_period(request.user, period),
        "dates": can_manage_periods(request.user) and not period.is_closed,
    }


def _readiness(request: HttpRequest, period: ReportingPeriod) -> dict[str, Any]:
    """What waits and what is missing, for those who read every agency's figures; the list that a number opens."""
    if not request.user.sees_everything:
        return {}
    readiness = Readiness(period, request.user, clock.today())
    lists = {
        "cho-duyet": readiness.waiting,
        "tra-lai": readiness.returned,
        "thieu": readiness.missing,
    }
    shown = request.GET.get("xem", "")
    if shown not in lists:
        return {"readiness": readiness}
    rows = lists[shown]
    total = len(rows) if isinstance(rows, list) else rows.count()
    paginator = CappedPaginator(rows, ROWS_A_PAGE, total=total)
    return {"readiness": readiness, "shown": shown, "page": paginator.get_page(request.GET.get("trang", 1))}


def _made(request: HttpRequest, count: int, year: int, kind: str) -> HttpResponse:
    if count:
        text = ngettext(
            "%(n)d reporting period of %(year)d has been made.",
            "%(n)d reporting periods of %(year)d have been made.",
            count,
        )
        messages.success(request, text % {"n": count, "year": year})
    else:
        messages.info(request, _("These periods of %(year)d are already there.") % {"year": year})
    return redirect(f"{reverse('period_list')}?nam={year}" + (f"&loai={kind}" if kind else ""))


def _refuse_now(request: HttpRequest, period: ReportingPeriod) -> HttpResponse:
    """Role would do, the state does not: say how the period stands and show it. Nothing is changed."""
    text = period.lock_sentence() if period.is_closed else _("The figures of this period are open.")
    messages.warning(request, text)
    return redirect(period)


def _form_page(
    request: HttpRequest,
    template: str,
    period: ReportingPeriod,
    form: Any,
    title: str,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    everything = {
        "period": period,
        "form": form,
        "title": title,
        "crumbs": [
            (_("Reporting periods"), reverse("period_list")),
            (period.label, period.get_absolute_url()),
            (title, ""),
        ],
        **(context or {}),
    }
    return render(request, template, everything, status=_status(form))


def _status(form: Any) -> int:
    """409 when the period's state or somebody else stands in the way, 422 when the input has to be corrected."""
    refusals = form.errors.as_data().get("__all__", []) if form.errors else []
    if any(isinstance(refusal, StaleVersion | WrongStep) for refusal in refusals):
        return 409
    return 422 if form.errors else 200
