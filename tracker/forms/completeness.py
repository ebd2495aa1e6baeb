"""What the page of completeness shows: which kind of period, which year, whose rows; and which values are listed."""

import datetime as dt
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.figures.completeness import CHOICES, KINDS, periods_of
from tracker.forms.base import TrackerForm
from tracker.forms.filter_fields import LONGEST_SEARCH, UNKNOWN, AgencyField
from tracker.models import Agency, ReportingPeriod
from tracker.vietnamese.calendar import window_in_hand

KIND_CHOICES = [(kind.value, kind.label) for kind in KINDS]


class CompletenessForm(TrackerForm):
    """What cannot be read is said and left out; the page is shown all the same."""

    loai = forms.ChoiceField(
        label=_("Kind of period"), choices=KIND_CHOICES, required=False, error_messages=UNKNOWN
    )
    nam = forms.TypedChoiceField(
        label=_("Year"), coerce=int, empty_value=None, required=False, error_messages=UNKNOWN
    )
    khoi = forms.ChoiceField(
        label=_("Bloc"),
        choices=[("", _("All")), *Agency.Bloc.choices],
        required=False,
        error_messages=UNKNOWN,
    )
    cq = AgencyField(label=_("Agency"), required=False, max_length=LONGEST_SEARCH)
    kbc = forms.ChoiceField(label=_("Reporting period"), required=False, error_messages=UNKNOWN)
    nop = forms.ChoiceField(label=_("Status"), choices=CHOICES, required=False, error_messages=UNKNOWN)

    def __init__(self, data: Any, *, today: dt.date) -> None:
        super().__init__(data)
        self.today = today
        self.stored = list(ReportingPeriod.objects.of_all().filter(kind__in=KINDS).in_order())
        years = sorted({self.this_year, *(row.year for row in self.stored)})
        choices: Any = self.fields
        choices["nam"].choices = [(year, str(year)) for year in years if year <= self.this_year]
        choices["kbc"].choices = [(row.code, row.label) for row in self.stored]
        self.is_valid()

    @cached_property
    def this_year(self) -> int:
        """The year of the period in hand: from 18 December on the next one."""
        return window_in_hand(self.today).year

    @property
    def kind(self) -> str:
        return self.cleaned_data.get("loai") or KINDS[0].value

    @property
    def year(self) -> int:
        return self.cleaned_data.get("nam") or self.this_year

    @property
    def bloc(self) -> str:
        return self.cleaned_data.get("khoi", "")

    @property
    def agency(self) -> Agency | None:
        return self.cleaned_data.get("cq")

    @property
    def is_about_figures(self) -> bool:
        """The second tab."""
        return self.data.get("xem") == "so-lieu"

    @property
    def periods(self) -> list[ReportingPeriod]:
        return periods_of(self.kind, self.year, self.today, self.stored)

    @property
    def listed(self) -> tuple[ReportingPeriod, str] | None:
        """The period and the state whose values are listed one by one."""
        code, choice = self.cleaned_data.get("kbc"), self.cleaned_data.get("nop")
        period = next((row for row in self.periods if row.code == code), None)
        return (period, choice) if period and choice and choice != "nothing_new" else None

    @property
    def kept(self) -> dict[str, str]:
        """What a link to the same page in another state carries along; what is usual is left out."""
        found = {
            "loai": self.kind if self.kind != KINDS[0].value else "",
            "nam": str(self.year) if self.year != self.this_year else "",
            "khoi": self.bloc,
            "cq": self.agency.code if self.agency else "",
            "xem": "so-lieu" if self.is_about_figures else "",
        }
        return {name: value for name, value in found.items() if value}
