"""The calendar of reporting periods."""

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from tracker.tables.base import ListTable


class PeriodTable(ListTable):
    """One line a period: its window, when it is sent, how it stands, who closed it."""

    label = tables.Column(_("Reporting period"))
    ends_on = tables.Column(_("Figures from – closing day"), orderable=True)
    agencies_send_on = tables.Column(_("Agencies send by"))
    department_sends_on = tables.Column(_("The department sends by"))
    state = tables.Column(_("State of the period"), empty_values=())
    closed_by = tables.Column(_("Closed by"))

    ORDERS = {
        "som": ("ends_on", _("First to close first")),
        "muon": ("-ends_on", _("Last to close first")),
    }

    class Meta(ListTable.Meta):
        empty_text = _("No reporting period yet")

    def order_ends_on(self, rows: Any, is_descending: bool) -> tuple[Any, bool]:
        """Of those that close on one day the shorter first: month, quarter, half, year."""
        names = ["ends_on", "-starts_on", "pk"]
        return rows.order_by(*([f"-{names[0]}", *names[1:]] if is_descending else names)), True
