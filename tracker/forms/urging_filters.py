"""The filters above the list of urgings."""

from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker.forms.filter_fields import LONGEST_SEARCH, UNKNOWN, AgencyFilter, WindowFilter
from tracker.forms.filters import ListFilter
from tracker.models import ReportingPeriod, Urging, UrgingRecipient


class UrgingFilter(ListFilter):
    """The filters of the list of urgings; without a state all are shown."""

    ALL, WAITING, OVERDUE, ANSWERED = "all", "waiting", "overdue", "answered"
    STATES = (
        (ALL, _("All")),
        (WAITING, pgettext_lazy("urging", "Waiting for an answer")),
        (OVERDUE, pgettext_lazy("urging", "Answer overdue")),
        (ANSWERED, pgettext_lazy("urging", "Answered")),
    )

    tt = filters.ChoiceFilter(label=_("Status"), method="leave", choices=STATES, error_messages=UNKNOWN)
    muc = filters.ChoiceFilter(
        label=_("Grade of urging"),
        field_name="grade",
        choices=Urging.Grade.choices,
        empty_label=_("All"),
        error_messages=UNKNOWN,
    )
    cq = AgencyFilter(label=_("Urged agency"), method="leave", max_length=LONGEST_SEARCH)
    kbc = WindowFilter(label=_("Reporting period"), method="in_window", max_length=40)

    @property
    def SHOWN(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("muc", "cq") if self.user.sees_everything else ("muc",)

    def start(self, values: dict[str, Any]) -> Any:
        """State and agency together: of one agency the lines that it has still to answer."""
        rows = Urging.objects.visible_to(self.user)
        lines = UrgingRecipient.objects.visible_to(self.user)
        if agency := values.get("cq"):
            lines = lines.filter(agency=agency)
            rows = rows.with_recipient(lines)
        match values.get("tt") or self.ALL:
            case self.WAITING:
                return rows.with_recipient(lines.unanswered())
            case self.OVERDUE:
                return rows.with_recipient(lines.answer_overdue(self.today))
            case self.ANSWERED:
                return rows.with_recipient(lines.answered())
        return rows

    def in_window(self, rows: Any, name: str, window: ReportingPeriod) -> Any:
        return rows.sent_in(window.starts_on, window.ends_on)

    def rows_of_state(self, state: str) -> Any:
        """The rows of another state with the other filters as they are."""
        values = self.form.cleaned_data | {"tt": state}
        rows = self.start(values)
        for name, value in values.items():
            rows = self.filters[name].filter(rows, value)
        return rows
