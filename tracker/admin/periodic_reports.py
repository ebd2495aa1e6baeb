"""Official reports in the admin: read only. They are written, signed and corrected on their own pages."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from tracker.admin.base import TrackerAdmin
from tracker.models import PeriodicReport


@admin.register(PeriodicReport)
class PeriodicReportAdmin(TrackerAdmin):
    """Frame, state and signature; the text stands on the report's page."""

    list_display = ("title", "period", "revision", "status", "number", "symbol", "signed_on")
    list_filter = ("status", "form", "period__kind")
    list_select_related = ("period",)
    search_fields = ("title",)
    ordering = ("-pk",)
    reading = (
        "period",
        "agency",
        "field",
        "form",
        "title",
        "revision",
        "status",
        "figures_on",
        "governing_body",
        "issuing_body",
        "symbol",
        "place",
        "recipients",
        "authority",
        "authority_of",
        "signer_post",
        "signer_name",
        "number",
        "signed_on",
        "drafter",
        "created_at",
    )

    @admin.display(description=gettext_lazy("Drafted by"))
    def drafter(self, report: PeriodicReport) -> str:
        return report.created_by.full_name
