"""Figures (số liệu) as an agency enters them: a period's all at once, or one with all that can be said of it."""

import datetime as dt
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tracker import clock
from tracker.figures.asked import Asked, asked_of_agency
from tracker.figures.entry import (
    Entry,
    current_periods,
    load_entries,
    periods_to_enter,
)
from tracker.forms.figure_sets import FigureForms, MonthForm
from tracker.forms.measurements import MeasurementForm
from tracker.models import (
    Assignment,
    Configuration,
    Indicator,
    IndicatorPart,
    Measurement,
    PeriodState,
    ReportingPeriod,
    ReportStatus,
    User,
    WrongStep,
)
from tracker.once import keep_writes, once
from tracker.permissions import (
    Act,
    can_edit_figure,
    can_enter_figure,
    can_enter_figures,
    can_verify_figure,
    holds,
    require,
)

# All figures of a period


@dataclass
class Month:
    """What one agency enters in one period, and the other periods that it could choose."""

    asked: Asked
    period: ReportingPeriod | None = None
    periods: list[tuple[ReportingPeriod, PeriodState]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    @classmethod
    def of(cls, user: User, today: dt.date, code: str) -> "Month":
        """Of the period that the address names, else of the one whose figures are to be sent next."""
        asked = asked_of_agency(user)
        periods = periods_to_enter(today, asked.kinds)
        near = Configuration.current().closing_soon_days
        current = current_periods(periods, today)
        named = next((period for period in periods if period.code == code), None)
        period = named or min(current.values(), key=lambda one: (one.ends_on, one.pk), default=None)
        if period is None:
            return cls(asked)
        entries = load_entries(asked.alone, {period.kind: period})
        return cls(asked, period, [(one, one.state_on(today, near)) for one in periods], entries)

    @property
    def missing(self) -> int:
        return sum(entry.is_missing for entry in self.entries)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def figures_enter(request: HttpRequest) -> HttpResponse:
    """All figures that the person's agency owes for a period; sent, they are saved first and judged then."""
    require(can_enter_figures(request.user))
    today = clock.today()
    month = _month(request, today)
    if request.method != "POST":
        return _month_page(request, month, MonthForm(figures=FigureForms(month.entries)))

    form = _keep_month(request, month)
    sent = _hand_in(form.figures, request.user, today) if form.is_valid() else 0
    if not sent:
        if not form.error_list:
            form.add_error(None, _("No figure has been written yet that could be handed in."))
        return keep_writes(_month_page(request, month, form))
    done = ngettext("%(n)s figure has been handed in.", "%(n)s figures have been handed in.", sent)
    messages.success(request, done % {"n": sent})
    return redirect(_month_address(month))


@require_POST
def figures_save_draft(request: HttpRequest) -> HttpResponse:
    """Keep what has been typed so far: by itself while typing, or at the press of a button."""
    require(can_enter_figures(request.user))
    month = _month(request, clock.today())
    form = _keep_month(request, month)
    if request.htmx:  # type: ignore[attr-defined]
        context = {"figures": form.figures, "saved_at": clock.now()}
        return render(
            request, "measurements/_saved.html", context, status=409 if form.figures.conflict else 200
        )
    if form.is_valid() and not form.error_list:
        messages.success(request, _("The draft has been saved."))
        return redirect(_month_address(month))
    return _month_page(request, month, form)


def _month(request: HttpRequest, today: dt.date) -> Month:
    return Month.of(request.user, today, request.POST.get("ky") or request.GET.get("ky") or "")


def _month_address(month: Month) -> str:
    code = month.period.code if month.period else ""
    return f"{reverse('figures_enter')}?{urlencode({'ky': code})}"


def _keep_month(request: HttpRequest, month: Month) -> MonthForm:
    figures = FigureForms(month.entries, request.POST)
    form = MonthForm(request.POST, figures=figures)
    figures.keep(by=request.user)
    figures.go_on_from_stored()
    return form


def _hand_in(figures: FigureForms, user: User, today: dt.date) -> int:
    """Hand in every figure that is written; none when one of them is wrong. Returns how many."""
    if not figures.is_valid() or not figures.check(today=today):
        return 0
    ready = [form for form in figures if form.figure and form.is_open and form.figure.has_figure]
    try:
        with transaction.atomic():
            for form in ready:
                form.figure.submit(by=user, today=today)
    except ValidationError as refusal:
        form.refuse(refusal)
        return 0
    return len(ready)


def _month_page(request: HttpRequest, month: Month, form: MonthForm) -> HttpResponse:
    with_report = month.asked.with_report
    assignments = Assignment.objects.filter(pk__in=with_report).select_related("directive").order_by("pk")
    context = {
        "month": month,
        "period": month.period,
        "form": form,
        "figures": form.figures,
        "in_reports": [(one, len(with_report[one.pk])) for one in assignments],
        "today": clock.today(),
        "crumbs": [(_("My work"), reverse("my_work")), (_("Figures of the period"), "")],
    }
    status = 409 if form.figures.conflict else 422 if form.error_list else 200
    return render(request, "measurements/enter_many.html", context, status=status)


# One figure


@require_http_methods(["GET", "HEAD", "POST"])
@once
def measurement_enter(request: HttpRequest, code: str) -> HttpResponse:
    """One figure of an indicator, or of a part of it, in a role: the agency's own, verified, published."""
    entry = _entry(request, code)
    figure = entry.figure
    if figure and figure.report_id:
        messages.info(request, _("This figure is entered in the progress report."))
        if figure.is_editable and figure.report:
            return redirect("progress_log", figure.report.assignment_id)
        return redirect(figure)
    if figure and not figure.is_editable:
        return redirect(figure)
    require(figure is None or can_edit_figure(request.user, figure))
    if request.method != "POST":
        return enter_page(request, entry, MeasurementForm(entry, user=request.user))

    form = MeasurementForm(entry, request.POST, request.FILES, user=request.user)
    form.keep(by=request.user)
    if "luu" in request.POST:
        if form.is_valid() and form.figure:
            messages.success(request, _("The draft has been saved."))
            return redirect(enter_address(form.figure))
        if form.is_valid():
            form.add_error(None, _("Nothing was written that could be kept."))
    elif form.submit(by=request.user, today=clock.today()):
        messages.success(request, _("The figure has been handed in for review."))
        return redirect(form.figure)
    form.go_on_from_stored()
    return keep_writes(enter_page(request, entry, form))


@require_POST
@once
def measurement_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a submitted figure back to change it, as long as nobody has reviewed it."""
    figure = get_object_or_404(Measurement.objects.visible_to(request.user).for_list(), pk=pk)
    require(holds(request.user, Act.TAKE_BACK_FIGURE, figure))

    try:
        figure.take_back(by=request.user)
    except WrongStep as refusal:
        messages.warning(request, refusal.messages[0])
        return redirect(figure)
    messages.success(request, _("The figure has been taken back. Change it and hand it in again."))
    return redirect(enter_address(figure))


def enter_address(figure: Measurement) -> str:
    """The page on which this figure is written."""
    asked = {"ky": figure.period.code}
    if figure.part_id:
        asked["phan"] = str(figure.part_id)
    if figure.role != Measurement.Role.OWN:
        asked["vai"] = figure.role
    return f"{reverse('measurement_enter', args=[figure.indicator.code])}?{urlencode(asked)}"


def cell_of(figure: Measurement) -> Entry:
    """A figure in hand with what is known beside it."""
    pairs = [(figure.indicator, figure.part)]
    return load_entries(pairs, {figure.indicator.frequency: figure.period}, role=figure.role)[0]


def _entry(request: HttpRequest, code: str) -> Entry:
    """The cell that the address names; 404 for one that the person does not see, 403 for one they may not write."""
    indicators = Indicator.objects.visible_to(request.user).select_related("owner", "field")
    indicator = get_object_or_404(indicators.prefetch_related("targets"), code=code)
    role = request.GET.get("vai", Measurement.Role.OWN)
    if role not in Measurement.Role.values:
        raise Http404
    part = _part(indicator, request.GET.get("phan", ""))
    own = role == Measurement.Role.OWN
    require(
        can_enter_figure(request.user, indicator, part) if own else can_verify_figure(request.user, indicator)
    )
    period = _period(indicator, request.GET.get("ky", ""))
    entries = load_entries([(indicator, part)], {indicator.frequency: period}, role=role)
    if not entries:
        raise Http404
    figure = entries[0].figure
    if figure and figure.status == ReportStatus.DRAFT and figure.agency_id != request.user.agency_id:
        raise PermissionDenied  # another body's draft: nobody else reads it
    return entries[0]


def _part(indicator: Indicator, asked: str) -> IndicatorPart | None:
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
        raise Http404
    return get_object_or_404(indicator.parts.select_related("agency", "indicator"), pk=int(asked))


def _period(indicator: Indicator, code: str) -> ReportingPeriod:
    """The period of the indicator's frequency that is named, else the one to be sent next."""
    today = clock.today()
    rows = ReportingPeriod.objects.of_all().of_kind(indicator.frequency).select_related("closed_by")
    if code:
        return get_object_or_404(rows.filter(starts_on__lte=today), code=code.replace("\x00", "")[:40])
    found = current_periods(periods_to_enter(today, [indicator.frequency]), today).get(indicator.frequency)
    found = found or rows.filter(starts_on__lte=today).order_by("-ends_on").first()
    if found is None:
        raise Http404
    return found


def enter_page(request: HttpRequest, entry: Entry, form: MeasurementForm) -> HttpResponse:
    """The page on which one figure is written."""
    figure, indicator = form.figure, entry.indicator
    context = {
        "entry": entry,
        "form": form,
        "figure": figure,
        "indicator": indicator,
        "period": figure.period if figure else entry.period,
        "comparison": entry.compare(),
        "role_label": Measurement.Role(entry.role).label,
        "evidence": figure.evidence.all() if figure else [],
        "events": figure.events.select_related("by", "by_agency") if figure else [],
        "today": clock.today(),
        "crumbs": [
            (_("Targets"), reverse("indicator_list")),
            (indicator.code, indicator.get_absolute_url()),
            (_("Enter a figure"), ""),
        ],
    }
    status = 409 if form.conflict else 422 if form.errors else 200
    return render(request, "measurements/enter.html", context, status=status)
