"""The register of directives."""

from typing import Any

import django_tables2 as tables
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from tracker.tables.base import ListTable


class DirectiveTable(ListTable):
    """One line a directive: what, how it stands, until when, who leads, how far."""

    code = tables.Column(_("Directive"), orderable=True)
    standing = tables.Column(_("Status"), orderable=True)
    due_on = tables.Column(_("Deadline"), orderable=True)
    lead = tables.Column(_("Lead"))
    percent = tables.Column(_("Progress"), attrs={"kind": "c-bar"})
    progress_on = tables.Column(_("Updated"), orderable=True, attrs={"kind": "c-hide"})

    ORDERS = {
        "chu-y": ("standing", _("Needs attention first")),
        "han": ("due_on", _("Nearest deadline first")),
        "cap-nhat": ("-progress_on", _("Newest update first")),
        "ma": ("code", _("By code")),
    }

    class Meta(ListTable.Meta):
        empty_text = _("No directive yet")

    def order_standing(self, rows: Any, is_descending: bool) -> tuple[Any, bool]:
        return rows.in_attention_order(), True

    def order_due_on(self, rows: Any, is_descending: bool) -> tuple[Any, bool]:
        return rows.order_by(F("due_then").asc(nulls_last=True), "pk"), True

    def order_progress_on(self, rows: Any, is_descending: bool) -> tuple[Any, bool]:
        return rows.order_by(F("progress_on").desc(nulls_last=True), "-pk"), True
