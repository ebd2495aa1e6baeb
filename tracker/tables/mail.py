"""The list of outgoing mail: its columns and their order."""

from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from tracker.tables.base import ListTable


class MailTable(ListTable):
    """One line a message: to whom, about what, how it stands, what the mail server said."""

    person = tables.Column(_("Person"), empty_values=())
    subject = tables.Column(_("Message"))
    day = tables.Column(_("Of day"), orderable=True)
    status = tables.Column(_("State"))
    attempts = tables.Column(_("Attempts"), attrs={"kind": "num"})
    outcome = tables.Column(_("What became of it"))

    ORDERS: ClassVar[dict[str, tuple[str, Any]]] = {
        "moi": ("-day", _("Newest first")),
        "cu": ("day", _("Oldest first")),
    }

    class Meta(ListTable.Meta):
        empty_text = _("No message fits. Drop a condition to see more.")

    def order_day(self, rows: Any, is_descending: bool) -> tuple[Any, bool]:
        return rows.order_by(*(["-day", "-pk"] if is_descending else ["day", "pk"])), True
