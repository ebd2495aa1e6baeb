"""Forms about reporting periods: making a year's, entering one of a person's own, its dates, closing, reopening."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tracker.forms.base import TrackerForm, TrackerModelForm, WithFormToken
from tracker.forms.fields import AgencyChoice, DayField
from tracker.forms.progress import Difference
from tracker.models import Agency, ReportingPeriod
from tracker.templatetags.display import WEEKDAYS
from tracker.vietnamese.calendar import THURSDAY
from tracker.vietnamese.dates import FIRST_YEAR, LAST_YEAR, format_date

UNKNOWN = {"invalid_choice": _("“%(value)s” is not one of the choices.")}
DATES = ("starts_on", "ends_on", "agencies_send_on", "department_sends_on")


def _year_field() -> forms.IntegerField:
    limits = _("A year lies between %(first)d and %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
    return forms.IntegerField(
        label=_("Year"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={"min_value": limits, "max_value": limits, "invalid": limits},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "w-date"}),
    )


def _only_for() -> AgencyChoice:
    field = AgencyChoice(
        label=_("Only for one agency"),
        help_text=_("Leave empty when it holds for every agency."),
        required=False,
    )
    field.widget.attrs["list"] = "ds-co-quan"
    return field


class YearForm(WithFormToken, TrackerForm):
    """A year's months, quarters, halves, nine months and the year itself, by the legal rule."""

    year = _year_field()

    def make(self) -> int:
        return ReportingPeriod.generate(self.cleaned_data["year"])


class WeeksForm(WithFormToken, TrackerForm):
    """A year's weekly windows: the law leaves them to each body, so each may have its own first day."""

    year = _year_field()
    agency = _only_for()
    first_weekday = forms.TypedChoiceField(
        label=_("The week begins on"),
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        initial=THURSDAY,
        error_messages=UNKNOWN,
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["agency"]
        body.queryset = Agency.objects.in_force(today).bodies()

    def make(self) -> int:
        read = self.cleaned_data
        return ReportingPeriod.generate(
            read["year"], kinds=["week"], agency=read["agency"], first_weekday=read["first_weekday"]
        )


class PeriodForm(WithFormToken, TrackerModelForm):
    """A thematic or ad hoc period: whoever asks for the report says which days it covers."""

    name = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("As the report is called: “Chuyên đề chữ ký số”.")
    )
    agency = _only_for()
    starts_on = DayField(label=_("Figures from"))
    ends_on = DayField(
        label=_("Closing day of the figures"), help_text=_("The last day whose figures belong in it.")
    )
    agencies_send_on = DayField(label=_("Agencies send by"))
    department_sends_on = DayField(label=_("The department sends by"))

    class Meta:
        model = ReportingPeriod
        fields = ["kind", "name", "agency", *DATES]
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = (ReportingPeriod.Kind.THEMATIC, ReportingPeriod.Kind.AD_HOC)
        kind: Any = self.fields["kind"]
        kind.choices = [(one.value, one.label) for one in kinds]
        kind.label = _("Kind of report")
        kind.error_messages |= UNKNOWN
        body: Any = self.fields["agency"]
        body.queryset = Agency.objects.in_force(today).bodies()

    @property
    def words(self) -> dict[str, Any]:
        """What the verb is told. A period belongs to the year in which its figures close."""
        read = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return read | {"year": read["ends_on"].year}


class PeriodDatesForm(WithFormToken, TrackerForm):
    """The window and the sending dates, until the figures are closed; with the reason."""

    starts_on = DayField(label=_("Figures from"))
    ends_on = DayField(
        label=_("Closing day of the figures"), help_text=_("The last day whose figures belong in it.")
    )
    agencies_send_on = DayField(label=_("Agencies send by"))
    department_sends_on = DayField(label=_("The department sends by"))
    reason = forms.CharField(
        label=_("Why the dates change"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args: Any, period: ReportingPeriod, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflict: list[Difference] = []
        for name in DATES:
            self.fields[name].initial = getattr(period, name)
        self.fields["version"].initial = period.version

    @property
    def dates(self) -> dict[str, dt.date]:
        return {name: self.cleaned_data[name] for name in DATES}

    def compare_with(self, stored: Any) -> None:
        """Somebody saved meanwhile: show both versions; sent again, the form changes what is stored now."""
        self.conflict = [
            Difference(
                str(self.fields[name].label),
                format_date(getattr(stored, name)),
                format_date(self.cleaned_data[name]),
            )
            for name in DATES
            if getattr(stored, name) != self.cleaned_data[name]
        ]
        self.data = self.data.copy()
        self.data["version"] = str(stored.version)


class PeriodCloseForm(WithFormToken, TrackerForm):
    """For which report the figures are closed: the lock names it."""

    closed_for = forms.CharField(
        label=_("For which report"),
        max_length=300,
        help_text=_("Named wherever the closed figures stand."),
    )

    def __init__(self, *args: Any, period: ReportingPeriod, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closed_for"].initial = _now("Report of %(period)s") % {"period": period.label_in_text}


class PeriodReopenForm(WithFormToken, TrackerForm):
    """Why closed figures are opened again; it stands in the period's log and in its next revision."""

    reason = forms.CharField(
        label=_("Why the closed figures are opened again"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def chosen_year(asked_for: str | None, years: list[int], this_year: int) -> int:
    """The year of the address, else this one, else the last of which there are periods."""
    known = {str(year): year for year in years}
    usual = this_year if this_year in years or not years else years[-1]
    return known.get(asked_for or "", usual)
