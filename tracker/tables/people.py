"""The list of users: its columns and their order."""

from typing import Any, ClassVar

import django_tables2 as tables
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from tracker.tables.base import ListTable


class UserTable(ListTable):
    """One line a person: name, agency, role, whether the account is in use, the last log-in."""

    full_name = tables.Column(_("Full name"), orderable=True)
    agency = tables.Column(_("Agency"), orderable=True)
    role = tables.Column(_("Role"))
    state = tables.Column(_("State"), empty_values=())
    last_login = tables.Column(_("Last log-in"), orderable=True, attrs={"kind": "c-hide"})

    ORDERS: ClassVar[dict[str, tuple[str, Any]]] = {
        "ten": ("full_name", _("By given name")),
        "co-quan": ("agency", _("By agency")),
        "dang-nhap": ("-last_login", _("Last log-in first")),
    }

    class Meta(ListTable.Meta):
        empty_text = _("Nobody fits. Drop a condition to see more.")

    def order_full_name(self, rows: Any, is_descending: bool) -> tuple[Any, bool]:
        """By given name, in the Vietnamese alphabet."""
        return rows.by_given_name(), True

    def order_agency(self, rows: Any, is_descending: bool) -> tuple[Any, bool]:
        return rows.order_by("agency__sort_key", "sort_key", "pk"), True

    def order_last_login(self, rows: Any, is_descending: bool) -> tuple[Any, bool]:
        return rows.order_by(F("last_login").desc(nulls_last=True), "sort_key", "pk"), True
