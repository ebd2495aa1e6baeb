"""The progress reports that a person sees."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from tracker.tables.base import ListTable


class ProgressTable(ListTable):
    """Who reported what, as of when, and what became of the report."""

    agency = tables.Column(_("Agency"))
    assignment = tables.Column(_("Directive"))
    status = tables.Column(_("Status"))
    as_of_on = tables.Column(_("As of"), orderable=True, order_by=("as_of_on", "pk"))
    percent = tables.Column(_("Progress"), attrs={"kind": "c-bar"})
    submitted_at = tables.Column(_("Submitted on"), attrs={"kind": "c-hide"})

    ORDERS = {"moi": ("-as_of_on", _("Newest first")), "cu": ("as_of_on", _("Oldest first"))}

    class Meta(ListTable.Meta):
        empty_text = _("No progress report yet")
