"""The register of documents."""

from typing import Any

import django_tables2 as tables
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from tracker.tables.base import ListTable


class DocumentTable(ListTable):
    """One line a document: what it is, whose, of which day, and what has become of its directives."""

    number = tables.Column(_("Document"))
    issuer = tables.Column(_("Issuer"))
    issued_on = tables.Column(_("Date"), orderable=True)
    directive_count = tables.Column(_("Directives completed"), orderable=True, attrs={"kind": "num"})

    ORDERS = {
        "ngay": ("-issued_on", _("Newest first")),
        "nhiem-vu": ("-directive_count", _("Most directives first")),
    }

    class Meta(ListTable.Meta):
        empty_text = _("No document yet")

    def order_issued_on(self, rows: Any, is_descending: bool) -> tuple[Any, bool]:
        return rows.order_by(F("issued_on").desc(nulls_last=True), "-pk"), True

    def order_directive_count(self, rows: Any, is_descending: bool) -> tuple[Any, bool]:
        return rows.order_by("-directive_count", "-pk"), True
