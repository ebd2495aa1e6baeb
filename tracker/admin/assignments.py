"""Assignments in the admin: received, declined, transferred and reported on by the same forms and verbs."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import clock
from tracker.admin.base import Step, TrackerAdmin, posted, today
from tracker.forms.assignments import DeclineForm, GiveAgainForm, InChargeForm, TransferForm
from tracker.forms.base import TrackerForm, WithFormToken
from tracker.forms.progress import ReportForm
from tracker.models import Assignment, User
from tracker.permissions import (
    Act,
    can_decline,
    can_put_in_charge,
    can_receive,
    can_report,
    can_take_step,
)
from tracker.views.progress import work_and_report


class PressForm(WithFormToken, TrackerForm):
    """A step that needs no words."""


def _report_form(request: HttpRequest, assignment: Assignment) -> ReportForm:
    _found, report = work_and_report(request.user, assignment.pk, clock.today())
    if request.method != "POST":
        return ReportForm(report=report)
    return ReportForm(request.POST, request.FILES, report=report)


def _report(request: HttpRequest, assignment: Assignment, form: Any) -> str | None:
    """Save first, judge then, so that no word is lost."""
    day = clock.today()
    report = form.keep(assignment, by=request.user, today=day)
    if form.submit(report, by=request.user, today=day):
        return None
    form.go_on_from(report)
    return _("Your draft has been saved. It is not submitted yet.")


def _give_again(request: HttpRequest, assignment: Assignment, form: Any) -> None:
    assignment.give_again(by=request.user, answer=form.cleaned_data["answer"])


def _transfer(request: HttpRequest, assignment: Assignment, form: Any) -> None:
    read = form.cleaned_data
    assignment.transfer(by=request.user, to=read["to"], reason=read["reason"], today=clock.today())


def _receive(request: HttpRequest, assignment: Assignment, form: Any) -> None:
    assignment.receive(by=request.user)


def _decline(request: HttpRequest, assignment: Assignment, form: Any) -> None:
    assignment.decline(by=request.user, reason=form.cleaned_data["reason"])


def _put_in_charge(request: HttpRequest, assignment: Assignment, form: Any) -> None:
    assignment.put_in_charge(by=request.user, person=form.cleaned_data["person"])


def _may_give_again(user: User, assignment: Any) -> bool:
    return can_take_step(user, Act.GIVE_AGAIN, assignment)


def _may_transfer(user: User, assignment: Any) -> bool:
    return can_take_step(user, Act.TRANSFER, assignment)


@admin.register(Assignment)
class AssignmentAdmin(TrackerAdmin):
    """Read here; changed only by steps."""

    list_display = ("directive", "agency", "role", "status", "due_on", "percent")
    list_filter = ("status", "role")
    list_select_related = ("directive", "agency")
    search_fields = ("directive__code",)
    ordering = ("-directive__code", "role", "pk")
    reading = (
        "directive",
        "agency",
        "role",
        "via_group",
        "person",
        "status",
        "assigned_on",
        "giver",
        "original_due_on",
        "due_on",
        "percent",
        "progress_on",
        "progress_note",
        "return_count",
        "completed_on",
    )
    steps = (
        Step("bao-cao", gettext_lazy("Report progress"), can_report, _report_form, _report),
        Step("tiep-nhan", gettext_lazy("Receive"), can_receive, posted(PressForm), _receive),
        Step("tu-choi", gettext_lazy("Decline"), can_decline, posted(DeclineForm), _decline),
        Step(
            "giao-lai",
            gettext_lazy("Answer, assign again"),
            _may_give_again,
            posted(GiveAgainForm),
            _give_again,
        ),
        Step("chuyen", gettext_lazy("Transfer"), _may_transfer, posted(TransferForm, today=today), _transfer),
        Step(
            "phu-trach",
            gettext_lazy("Person in charge"),
            can_put_in_charge,
            posted(InChargeForm, assignment=lambda request, record: record),
            _put_in_charge,
        ),
    )

    @admin.display(description=gettext_lazy("assigned by"))
    def giver(self, assignment: Assignment) -> str:
        return assignment.assigned_by.full_name

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return super(TrackerAdmin, self).get_search_results(
            request, queryset, search_term.replace("\x00", "")
        )
