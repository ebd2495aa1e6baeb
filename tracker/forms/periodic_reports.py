"""Official reports: which one is drafted, its text and frame, the steps of its life, the filters of their list."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker import linked_text
from tracker.forms.base import TrackerForm, WithFormToken
from tracker.forms.fields import DayField
from tracker.forms.filter_fields import UNKNOWN
from tracker.forms.filters import ListFilter
from tracker.forms.progress import Difference
from tracker.models import (
    Agency,
    Field,
    PaperStatus,
    PeriodicReport,
    ReportingPeriod,
    ReportPart,
    User,
)
from tracker.models.periodic_reports import FROZEN
from tracker.report_defaults import first_frame
from tracker.vietnamese.dates import format_date

WHOLE = "tat-ca"
_OWN_WINDOWS = (ReportingPeriod.Kind.THEMATIC, ReportingPeriod.Kind.AD_HOC)
_NUMBER = re.compile(r"0*([1-9]\d{0,4})([A-Za-zĐđ]?)", re.ASCII)
_SYMBOLS = {
    PeriodicReport.Form.STATE: re.compile(r"[A-ZĐ]{2,8}(-[A-ZĐ&]{2,12})+"),
    PeriodicReport.Form.PARTY: re.compile(r"[A-ZĐ]{2,8}/[A-ZĐ&.]{2,20}"),
}


class ReportChoiceForm(TrackerForm):
    """Which report: of which period, about whom, with which parts, in whose form. Read from the address."""

    nam = forms.TypedChoiceField(label=_("Year"), coerce=int, error_messages=UNKNOWN)
    ky = forms.ChoiceField(label=_("Reporting period"), error_messages=UNKNOWN)
    pv = forms.ChoiceField(label=_("Scope"), error_messages=UNKNOWN)
    phan = forms.MultipleChoiceField(
        label=_("Contents"),
        choices=ReportPart.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages=UNKNOWN | {"required": _("Choose at least one part.")},
    )
    mau = forms.ChoiceField(label=_("Form"), choices=PeriodicReport.Form.choices, error_messages=UNKNOWN)

    def __init__(self, data: Any, *, user: User, today: dt.date) -> None:
        self.user, self.today = user, today
        periods = ReportingPeriod.objects.visible_to(user)
        years = sorted(set(periods.order_by().values_list("year", flat=True)), reverse=True)
        data = data if "ky" in data else self._usual(periods, years)
        super().__init__(data)
        asked_for = str(data.get("nam", ""))
        year = next((one for one in years if str(one) == asked_for), None)
        self.periods = {_code(one): one for one in _listed(periods.filter(year=year))} if year else {}
        choices: Any = self.fields
        choices["nam"].choices = [(one, str(one)) for one in years]
        choices["ky"].choices = list(_grouped(self.periods.values()))
        self._name_scopes(choices["pv"])

    def _usual(self, periods: Any, years: list[int]) -> dict[str, Any]:
        """The period whose report the department sends next, the longest of those; all of it, in the State's form."""
        ruled = periods.of_all().exclude(kind__in=[ReportingPeriod.Kind.WEEK, *_OWN_WINDOWS])
        begun = ruled.filter(starts_on__lte=self.today)
        coming = begun.filter(department_sends_on__gte=self.today).order_by(
            "department_sends_on", "starts_on"
        )
        period = coming.first() or begun.order_by("-ends_on", "starts_on").first()
        return {
            "nam": period.year if period else years[0] if years else "",
            "ky": _code(period) if period else "",
            "pv": WHOLE,
            "phan": ReportPart.values,
            "mau": PeriodicReport.Form.STATE,
        }

    def _name_scopes(self, field: Any) -> None:
        self.fields_of_work = {f"lv:{one.code}": one for one in Field.objects.all()}
        bodies = Agency.objects.in_force(self.today).bodies().by_name()
        self.agencies = {f"cq:{one.code}": one for one in bodies}
        field.choices = [
            (WHOLE, pgettext_lazy("scope of a report", "The whole sector")),
            (_("One field of work"), [(key, one.label) for key, one in self.fields_of_work.items()]),
            (_("One agency"), [(key, one.label) for key, one in self.agencies.items()]),
        ]

    def clean_ky(self) -> ReportingPeriod:
        period = self.periods[self.cleaned_data["ky"]]
        if period.starts_on > self.today:
            text = _("This period begins on %(day)s: there is nothing to report yet.")
            raise ValidationError(text, params={"day": format_date(period.starts_on)})
        return period

    @property
    def frame(self) -> dict[str, Any]:
        """The fields of the report that is asked for. Call on a valid form."""
        read = self.cleaned_data
        frame = first_frame(
            read["ky"],
            by=self.user,
            today=self.today,
            form=read["mau"],
            agency=self.agencies.get(read["pv"]),
            field=self.fields_of_work.get(read["pv"]),
        )
        return frame | {"parts": read["phan"]}

    @property
    def chosen(self) -> Iterator[tuple[str, str]]:
        """The choice as hidden inputs of the form that stores it. Call on a valid form."""
        for name in self.fields:
            value = self[name].value()
            yield from ((name, str(one)) for one in (value if isinstance(value, list) else [value]))


def _code(period: ReportingPeriod) -> str:
    """``half-1``: the same in every year, so that a year can be changed by itself."""
    return f"{period.kind}-{period.number}"


def _listed(periods: Any) -> Any:
    """Periods that hold for all, and thematic ones of one agency: those have numbers of their own."""
    return (periods.of_all() | periods.filter(kind__in=_OWN_WINDOWS)).distinct().in_order()


def _grouped(periods: Iterable[ReportingPeriod]) -> Iterator[tuple[Any, list[tuple[str, str]]]]:
    rows = list(periods)
    for kind in reversed(ReportingPeriod.Kind):
        named = [(_code(one), one.label) for one in rows if one.kind == kind]
        if named:
            yield kind.label, named


class VersionedForm(WithFormToken, TrackerForm):
    """A form about the report as it was read: the version goes along."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args: Any, report: PeriodicReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report = report
        self.conflict: list[Difference] = []
        self.fields["version"].initial = report.version

    def compare_with(self, stored: PeriodicReport) -> None:
        """Somebody saved meanwhile; sent again, the form changes what is stored now."""
        self.data = self.data.copy()
        self.data["version"] = str(stored.version)


class SectionForm(VersionedForm):
    """The text of one section, a line for each paragraph; the numbers left as they were stay linked."""

    text = forms.CharField(
        label=_("Text, one paragraph a line"),
        widget=forms.Textarea(attrs={"rows": 24}),
        max_length=60_000,
        error_messages={
            "required": _("A section is never left empty: write at least one sentence, such as “Không có.”")
        },
    )

    def __init__(self, *args: Any, section: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section
        self.fields["text"].initial = linked_text.text_of(section)

    def clean_text(self) -> str:
        """Every line must find its place: a table is named as the section names it, and once."""
        text = self.cleaned_data["text"]
        kept = linked_text.text_of(linked_text.rewrite(self.section, text)).splitlines()
        for line in filter(None, (" ".join(line.split()) for line in text.splitlines())):
            if line in kept:
                kept.remove(line)
            elif line.startswith("["):
                refusal = _("“%(line)s” names no table of this section, or one that stands in it already.")
                raise ValidationError(refusal, params={"line": line[:100]})
        return text

    @property
    def written(self) -> dict[str, Any]:
        """The section with the text that was sent."""
        return linked_text.rewrite(self.section, self.cleaned_data["text"])

    def compare_with(self, stored: PeriodicReport) -> None:
        """Somebody saved meanwhile: both texts are shown; sent again, this one takes the place of the stored."""
        now = next(one for one in stored.content["sections"] if one["key"] == self.section["key"])
        mine, theirs = self.cleaned_data["text"], linked_text.text_of(now)
        if mine != theirs:
            self.conflict = [Difference(str(self.section["title"]), theirs, mine)]
        super().compare_with(stored)


class FrameForm(VersionedForm):
    """What stands around the text: bodies, symbol, place, title, recipients, who signs."""

    title = forms.CharField(
        label=_("Abstract under “BÁO CÁO”"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    governing_body = forms.CharField(label=_("Governing body"), max_length=200, required=False)
    issuing_body = forms.CharField(label=_("Issuing body"), max_length=200)
    symbol = forms.CharField(label=_("Symbol"), max_length=40)
    place = forms.CharField(label=_("Place"), max_length=100)
    recipients = forms.CharField(
        label=_("Recipients, one a line"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("“Lưu: VT” is added when it is not there."),
    )
    authority = forms.ChoiceField(
        label=_("How it is signed"), choices=PeriodicReport.Authority, required=False, error_messages=UNKNOWN
    )
    authority_of = forms.CharField(
        label=_("For whom (collective or head)"),
        max_length=120,
        required=False,
        help_text=_("Such as “Giám đốc” after KT.; only with TM., KT., TL., TUQ."),
    )
    signer_post = forms.CharField(label=_("Signer's post"), max_length=120)
    signer_name = forms.CharField(label=_("Signer's name"), max_length=120, required=False)

    NAMES = (
        *("title", "governing_body", "issuing_body", "symbol", "place", "recipients"),
        *("authority", "authority_of", "signer_post", "signer_name"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.NAMES:
            self.fields[name].initial = getattr(self.report, name)
        is_party = self.report.form == PeriodicReport.Form.PARTY
        self.fields["symbol"].help_text = (
            _("Behind the number, as the Party writes it: BC/STTTT in 12-BC/STTTT.")
            if is_party
            else _("Behind the number, as the State writes it: BC-STTTT in 12/BC-STTTT.")
        )

    def clean_symbol(self) -> str:
        symbol = self.cleaned_data["symbol"].upper()
        if not _SYMBOLS[PeriodicReport.Form(self.report.form)].fullmatch(symbol):
            raise ValidationError(self.fields["symbol"].help_text)
        return symbol

    def clean(self) -> dict[str, Any]:
        read = super().clean() or self.cleaned_data
        if "authority_of" not in self.errors:
            if read.get("authority") and not read.get("authority_of"):
                self.add_error("authority_of", _("Write for whom it is signed."))
            elif read.get("authority_of") and not read.get("authority"):
                self.add_error("authority_of", _("Choose TM., KT., TL. or TUQ. above, or leave this empty."))
        return read

    @property
    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.NAMES}

    def compare_with(self, stored: PeriodicReport) -> None:
        """Somebody saved meanwhile: both versions are shown; sent again, this one takes the place of the stored."""
        labels = dict(PeriodicReport.Authority.choices)
        for name, mine in self.words.items():
            theirs = getattr(stored, name)
            if theirs != mine:
                label = str(self.fields[name].label)
                self.conflict.append(
                    Difference(label, str(labels.get(theirs, theirs)), str(labels.get(mine, mine)))
                )
        super().compare_with(stored)


class StepForm(VersionedForm):
    """A step that asks nothing."""


class ReturnForm(StepForm):
    """Why the report goes back to its writers."""

    reason = forms.CharField(
        label=_("What has to be changed"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ReviseForm(StepForm):
    """Why a signed report is followed by a new revision."""

    reason = forms.CharField(
        label=_("What the new revision corrects"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class SendForm(StepForm):
    """How it went out."""

    note = forms.CharField(
        label=_("How and to whom it was sent"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SignForm(StepForm):
    """What the clerk writes on the signed paper: number and day; and who signed."""

    number = forms.CharField(
        label=_("Number"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "w-date"}),
    )
    signed_on = DayField(label=_("Day of the signature"))
    signer_name = forms.CharField(label=_("Signer"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signer_name"].initial = self.report.signer_name
        self.fields["number"].help_text = _("The number alone; the symbol %(symbol)s follows it.") % {
            "symbol": self.report.symbol
        }

    def clean_number(self) -> str:
        """Numbers below ten have a leading zero (Decree 30/2020/NĐ-CP, Annex I): 5 and 05 are one number."""
        match = _NUMBER.fullmatch(self.cleaned_data["number"].strip())
        if match is None:
            raise ValidationError(_("Write the number alone, for example 45 or 45a."))
        return f"{int(match[1]):02d}{match[2].lower()}"


class ReportFilter(ListFilter):
    """The filters of the list of official reports; what was given up is listed only when it is asked for."""

    SHOWN = ("tt", "nam", "loai")

    tt = filters.ChoiceFilter(
        label=_("Status"),
        method="leave",
        choices=PaperStatus.choices,
        empty_label=_("All"),
        error_messages=UNKNOWN,
    )
    nam = filters.ChoiceFilter(
        label=_("Year"), field_name="period__year", empty_label=_("All"), error_messages=UNKNOWN
    )
    loai = filters.ChoiceFilter(
        label=_("Kind of report"),
        field_name="period__kind",
        choices=ReportingPeriod.Kind.choices,
        empty_label=_("All"),
        error_messages=UNKNOWN,
    )

    def prepare(self) -> None:
        seen = PeriodicReport.objects.visible_to(self.user).order_by()
        years = sorted(set(seen.values_list("period__year", flat=True)), reverse=True)
        self.filters["nam"].extra["choices"] = [(str(one), str(one)) for one in years]
        if not self.user.sees_everything:
            choices = [choice for choice in PaperStatus.choices if choice[0] in FROZEN]
            self.filters["tt"].extra["choices"] = choices

    def start(self, values: dict[str, Any]) -> Any:
        rows = PeriodicReport.objects.visible_to(self.user)
        if status := values.get("tt"):
            return rows.filter(status=status)
        return rows.exclude(status=PaperStatus.DISCARDED)
