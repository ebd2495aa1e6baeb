"""Progress reports in the admin: read, confirmed, returned and taken back by the same forms and verbs."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from tracker.admin.assignments import PressForm
from tracker.admin.base import Step, TrackerAdmin, posted, today
from tracker.forms.reviews import ConfirmForm, SendBackForm
from tracker.models import ProgressReport, User
from tracker.permissions import can_confirm, can_review, can_take_back


def _may_confirm(user: User, report: Any) -> bool:
    return can_confirm(user, report, has_evidence=report.evidence.exists())


def _read_version(request: HttpRequest, report: ProgressReport) -> dict[str, Any]:
    return {"version": report.version}


def _confirm(request: HttpRequest, report: ProgressReport, form: Any) -> None:
    read = form.cleaned_data
    report.confirm(by=request.user, note=read["note"], expected_version=read["version"])


def _send_back(request: HttpRequest, report: ProgressReport, form: Any) -> None:
    read = form.cleaned_data
    report.send_back(
        by=request.user, note=form.words, fix_by=read["fix_by"], expected_version=read["version"]
    )


def _take_back(request: HttpRequest, report: ProgressReport, form: Any) -> None:
    report.take_back(by=request.user)


@admin.register(ProgressReport)
class ProgressReportAdmin(TrackerAdmin):
    """Written through the assignment's step “Report progress”; read-only once confirmed."""

    list_display = ("directive_code", "agency", "author", "as_of_on", "percent", "status")
    list_filter = ("status", "claim")
    list_select_related = ("assignment__directive", "assignment__agency", "agency", "author")
    search_fields = ("assignment__directive__code",)
    reading = (
        "assignment",
        "author",
        "agency",
        "status",
        "claim",
        "as_of_on",
        "percent",
        "percent_before",
        "decrease_reason",
        "done",
        "obstacles",
        "proposal",
        "proposal_to",
        "next_steps",
        "completed_on",
        "output_document",
        "no_output_reason",
        "submitted_at",
        "reviewer",
        "reviewed_at",
        "review_note",
        "fix_by",
    )
    steps = (
        Step(
            "duyet",
            gettext_lazy("Confirm"),
            _may_confirm,
            posted(ConfirmForm, initial=_read_version),
            _confirm,
        ),
        Step(
            "tra-lai",
            gettext_lazy("Return for changes"),
            can_review,
            posted(SendBackForm, today=today, initial=_read_version),
            _send_back,
        ),
        Step("rut-lai", gettext_lazy("Take back"), can_take_back, posted(PressForm), _take_back),
    )

    @admin.display(description=gettext_lazy("directive"), ordering="assignment__directive__code")
    def directive_code(self, report: ProgressReport) -> str:
        return report.assignment.directive.code

    @admin.display(description=gettext_lazy("reviewed by"))
    def reviewer(self, report: ProgressReport) -> str:
        return report.reviewed_by.full_name if report.reviewed_by else ""

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return super(TrackerAdmin, self).get_search_results(
            request, queryset, search_term.replace("\x00", "")
        )
