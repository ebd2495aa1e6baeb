"""Requests for an extension in the admin: read only; they are asked, decided and answered on their own pages."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from tracker.admin.base import TrackerAdmin
from tracker.models import ExtensionRequest


@admin.register(ExtensionRequest)
class ExtensionRequestAdmin(TrackerAdmin):
    """Read-only."""

    list_display = ("directive_code", "agency", "due_on_before", "new_due_on", "status", "asked_at")
    list_filter = ("status", "is_after_deadline")
    list_select_related = ("assignment__directive", "assignment__agency", "agency", "author")
    search_fields = ("assignment__directive__code",)
    reading = (
        "assignment",
        "author",
        "agency",
        "asked_at",
        "status",
        "due_on_before",
        "new_due_on",
        "reason",
        "document",
        "is_after_deadline",
        "ordinal",
        "proposed_due_on",
        "proposal_note",
        "proposed_by",
        "answered_by",
        "answered_at",
        "answer_note",
        "granted_due_on",
        "moved_from",
        "decided_by",
        "decided_at",
        "decision_note",
    )

    @admin.display(description=gettext_lazy("directive"), ordering="assignment__directive__code")
    def directive_code(self, request: ExtensionRequest) -> str:
        return request.assignment.directive.code
