"""Reporting periods in the admin: read, entered, moved and closed by the same verbs; closed ones are only read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from tracker import clock
from tracker.admin.base import Step, TrackerAdmin, posted
from tracker.closing import close_period
from tracker.forms.periods import PeriodCloseForm, PeriodDatesForm, PeriodForm
from tracker.models import ReportingPeriod, User
from tracker.permissions import can_close_period, can_manage_periods


def _this(request: HttpRequest, period: ReportingPeriod) -> ReportingPeriod:
    return period


def _may_set_dates(user: User, period: Any) -> bool:
    return can_manage_periods(user) and not period.is_closed


def _set_dates(request: HttpRequest, period: ReportingPeriod, form: Any) -> None:
    read = form.cleaned_data
    period.set_dates(by=request.user, expected_version=read["version"], reason=read["reason"], **form.dates)


def _close(request: HttpRequest, period: ReportingPeriod, form: Any) -> None:
    close_period(period, request.user, form.cleaned_data["closed_for"])


@admin.register(ReportingPeriod)
class ReportingPeriodAdmin(TrackerAdmin):
    """Changed only by steps; a leader reopens closed figures on the period's own page."""

    list_display = (
        "label",
        "code",
        "starts_on",
        "ends_on",
        "agencies_send_on",
        "department_sends_on",
        "status",
    )
    list_filter = ("kind", "year", "status")
    ordering = ("-year", "ends_on", "pk")
    list_select_related = ("agency", "closed_by")
    add_form = PeriodForm
    reading = (
        "code",
        "kind",
        "year",
        "name",
        "agency",
        "starts_on",
        "ends_on",
        "agencies_send_on",
        "department_sends_on",
        "status",
        "revision",
        "closer",
        "closed_at",
        "closed_for",
    )
    steps = (
        Step(
            "ngay",
            gettext_lazy("Change the dates"),
            _may_set_dates,
            posted(PeriodDatesForm, period=_this),
            _set_dates,
        ),
        Step(
            "chot",
            gettext_lazy("Close the figures"),
            can_close_period,
            posted(PeriodCloseForm, period=_this),
            _close,
        ),
    )

    @admin.display(description=gettext_lazy("reporting period"))
    def label(self, period: ReportingPeriod) -> str:
        return period.label

    @admin.display(description=gettext_lazy("closed by"))
    def closer(self, period: ReportingPeriod) -> str:
        return period.closed_by.full_name if period.closed_by else ""

    def may_add(self, user: User) -> bool:
        return can_manage_periods(user)

    def form_arguments(self, request: HttpRequest) -> dict[str, Any]:
        return {"today": clock.today()}

    def save_through_verb(self, request: HttpRequest, form: Any, record: Any) -> Any:
        return ReportingPeriod.announce(by=request.user, **form.words)
