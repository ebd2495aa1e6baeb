"""The register of assignments: one line for each agency that has a directive."""

from typing import Any

import django_tables2 as tables
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from tracker.tables.base import ListTable


class AssignmentTable(ListTable):
    """Who has to do what, in which role, and how far they are."""

    agency = tables.Column(_("Agency"), orderable=True)
    directive = tables.Column(_("Directive"))
    role = tables.Column(_("Role"))
    standing = tables.Column(_("Status"), orderable=True)
    due_on = tables.Column(_("Deadline"), orderable=True)
    percent = tables.Column(_("Progress"), attrs={"kind": "c-bar"})
    progress_on = tables.Column(_("Updated"), orderable=True, attrs={"kind": "c-hide"})

    ORDERS = {
        "chu-y": ("standing", _("Needs attention first")),
        "han": ("due_on", _("Nearest deadline first")),
        "cap-nhat": ("-progress_on", _("Newest update first")),
        "co-quan": ("agency", _("By agency")),
    }

    class Meta(ListTable.Meta):
        empty_text = _("No assignment yet")

    def order_agency(self, rows: Any, is_descending: bool) -> tuple[Any, bool]:
        return rows.order_by("agency__sort_key", F("due_then").asc(nulls_last=True), "pk"), True

    def order_standing(self, rows: Any, is_descending: bool) -> tuple[Any, bool]:
        return rows.in_attention_order(), True

    def order_due_on(self, rows: Any, is_descending: bool) -> tuple[Any, bool]:
        return rows.order_by(F("due_then").asc(nulls_last=True), "pk"), True

    def order_progress_on(self, rows: Any, is_descending: bool) -> tuple[Any, bool]:
        return rows.order_by(F("progress_on").desc(nulls_last=True), "-pk"), True
