"""Imports in the admin: read only. They are checked, written and undone on their own pages."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from tracker.admin.base import TrackerAdmin
from tracker.models import Import, ImportRow


@admin.register(Import)
class ImportAdmin(TrackerAdmin):
    """What was read in, by whom, and what became of it; the rows stand on the import's page."""

    list_display = ("source", "kind", "year", "document", "status", "created_by", "applied_at", "undone_at")
    list_filter = ("status", "kind", "year")
    list_select_related = ("document", "created_by")
    search_fields = ("file_name", "document__number")
    ordering = ("-pk",)
    reading = (
        "kind",
        "year",
        "document",
        "field",
        "file_name",
        "file_sha256",
        "status",
        "result",
        "created_by",
        "created_at",
        "applied_by",
        "applied_at",
        "undone_by",
        "undone_at",
    )

    @admin.display(description=gettext_lazy("File"))
    def source(self, batch: Import) -> str:
        return batch.label

    @admin.display(description=gettext_lazy("Result"))
    def result(self, batch: Import) -> str:
        """How many rows of each outcome; nothing before the import is written."""
        counts = {outcome.label: batch.outcome.get(outcome) for outcome in ImportRow.Outcome}
        return ", ".join(f"{label}: {count}" for label, count in counts.items() if count is not None) or "–"
