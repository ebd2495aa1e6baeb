"""Indicators as the department keeps them: what they are, what they must reach, their plans and their parts."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.figures.target_rows import IndicatorRow
from tracker.forms.base import TrackerForm, TrackerModelForm, WithFormToken
from tracker.forms.fields import AgencyChoice, DayField, DirectiveChoice, DocumentChoice
from tracker.forms.progress import Difference
from tracker.forms.quantities import QuantityField
from tracker.judgement import Direction
from tracker.models import (
    Agency,
    Directive,
    Document,
    Indicator,
    IndicatorPart,
    PeriodPlan,
    Qualifier,
    ReportingPeriod,
    Target,
    User,
)
from tracker.target_words import VERDICT_CHOICES
from tracker.vietnamese.quantities import format_quantity

AGAINST = [
    ("same_period", _("Same period of the year before")),
    ("year_end", _("End of the year before")),
    ("previous", _("Period before")),
]
MOST_PARTS = 200


class PlanCut(TrackerForm):
    """Which rows of the plan a page shows, as the address says. What cannot be read is said and left out."""

    ky = forms.CharField(label=_("Period"), required=False, max_length=40)
    lv = forms.CharField(label=_("Field of work"), required=False, max_length=60)
    kl = forms.ChoiceField(label=_("Forecast"), required=False, choices=VERDICT_CHOICES)
    ss = forms.ChoiceField(label=_("Compared with"), required=False, choices=AGAINST)

    def clean_ky(self) -> ReportingPeriod | None:
        code = self.cleaned_data["ky"]
        if not code:
            return None
        found = ReportingPeriod.objects.of_all().exclude(kind=ReportingPeriod.Kind.WEEK).filter(code=code)
        period = found.first()
        if period is None:
            raise ValidationError(_("There is no reporting period “%(code)s”."), params={"code": code})
        return period

    def value(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name) or None

    @property
    def against(self) -> str:
        return self.value("ss") or "same_period"

    def of_field(self, rows: Iterable[IndicatorRow]) -> list[IndicatorRow]:
        code = self.value("lv")
        return [row for row in rows if code in {None, row.indicator.field.code}]

    def rows(self, rows: Iterable[IndicatorRow]) -> list[IndicatorRow]:
        """Of the whole plan what the page shows."""
        return [row for row in self.of_field(rows) if self.value("kl") in {None, row.verdict}]


class IndicatorForm(WithFormToken, TrackerModelForm):
    """What an indicator is; its targets have a form of their own, since each is set by a document."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)
    owner = AgencyChoice(
        label=_("Agency that answers for the figure"),
        required=False,
        help_text=_("It enters the figure; where parts are agencies, each enters its own"),
    )
    directive = DirectiveChoice(
        label=_("Directive it measures"),
        required=False,
        help_text=_("Code or words of the title; may be none"),
    )
    weight = QuantityField(
        label=_("Weight in the indicator above"),
        required=False,
        help_text=_("Only where the indicator above is a weighted mean"),
    )
    baseline_value = QuantityField(
        label=_("Baseline"),
        required=False,
        help_text=_("Empty when there is none; never 0 for what is missing"),
    )

    class Meta:
        model = Indicator
        fields = [
            "name",
            "name_en",
            "short_name",
            "field",
            "level",
            "unit",
            "unit_en",
            "value_kind",
            "direction",
            "is_cumulative",
            "frequency",
            "decimals",
            "owner",
            "directive",
            "figures_from",
            "definition",
            "method",
            "parent",
            "rule",
            "weight",
            "dimension",
            "numerator_name",
            "denominator_name",
            "baseline_value",
            "baseline_year",
            "baseline_qualifier",
            "baseline_source",
            "position",
            "note",
        ]
        widgets = {
            "definition": forms.Textarea(attrs={"rows": 2}),
            "method": forms.Textarea(attrs={"rows": 2}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {
            "dimension": _("Broken down"),
            "frequency": _("Entered every"),
            "parent": _("Part of the indicator"),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["owner"].queryset = Agency.objects.bodies()
        fields["directive"].queryset = Directive.objects.visible_to(user)
        fields["parent"].queryset = _may_be_above(self.instance)
        fields["parent"].empty_label = _("none: an indicator of its own")
        fields["field"].empty_label = _("Choose the field")
        fields["decimals"].max_value = 6
        fields["dimension"].choices = [("", _("not broken down")), *Indicator.Dimension.choices]
        fields["baseline_qualifier"].choices = [("", _("none")), *Qualifier.choices]
        fields["baseline_value"].unit = self._typed_unit()
        fields["version"].initial = self.instance.version
        for name in ("owner", "directive", "weight", "baseline_value"):
            self.initial[name] = getattr(self.instance, name)
        if not self.instance.pk:
            fields["decimals"].initial = 1

    def _typed_unit(self) -> str:
        """The baseline is read in the unit that stands in the same form."""
        return str(self.data.get("unit", ""))[:60].strip() if self.is_bound else self.instance.unit

    def clean_decimals(self) -> int:
        decimals = self.cleaned_data["decimals"]
        if decimals > 6:
            raise ValidationError(_("At most 6 decimals."))
        return decimals

    def clean_baseline_year(self) -> int | None:
        year = self.cleaned_data["baseline_year"]
        if year is not None and not 1990 <= year <= 2100:
            raise ValidationError(_("The year lies between 1990 and 2100."))
        return year

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("value_kind") in {"percent", "rank", "yes_no", "words"} and data.get("is_cumulative"):
            self.add_error("is_cumulative", _("Shares, ranks, yes or no and words do not add up."))
        if data.get("rule") == Indicator.Rule.PARTS and not data.get("dimension"):
            self.add_error("dimension", _("Say what the parts are."))
        return data

    @property
    def content(self) -> dict[str, Any]:
        """What the verbs take."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def go_on_from(self, stored: Indicator) -> list[Difference]:
        """Sent again, this form changes what is stored now. Returns where the two versions differ."""
        self.data = self.data.copy()
        self.data["version"] = str(stored.version)
        return [
            Difference(str(self.fields[name].label), self._shown(name, theirs), self._shown(name, mine))
            for name in self.Meta.fields
            if (theirs := getattr(stored, name)) != (mine := self.cleaned_data.get(name))
        ]

    def _shown(self, name: str, value: Any) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return str(_("Yes") if value else _("No"))
        if isinstance(value, Decimal):
            return format_quantity(value)
        choices = dict(Indicator._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
        return str(choices.get(value, value))


def _may_be_above(indicator: Indicator) -> Any:
    """Every indicator except itself and those below it."""
    rows = Indicator.objects.filter(retired_on=None)
    if not indicator.pk:
        return rows
    below = Q(parent=indicator) | Q(parent__parent=indicator) | Q(parent__parent__parent=indicator)
    return rows.exclude(Q(pk=indicator.pk) | below)


class TargetForm(WithFormToken, TrackerForm):
    """What must be reached by a day, by which document. A second one for the same day is a new version."""

    due_on = DayField(label=_("To be reached by"), help_text=_("day/month/year"))
    operator = forms.ChoiceField(label=_("The figure must be"), choices=Target.Operator.choices)
    value = QuantityField(label=_("Target value"), required=False)
    upper = QuantityField(label=_("Upper end of the range"), required=False)
    words = forms.CharField(
        label=_("Target in words"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    document = DocumentChoice(
        label=_("Document that sets it"), required=False, help_text=_("Number or words of the abstract")
    )
    printed = forms.CharField(label=_("As printed"), required=False, max_length=500)
    reason = forms.CharField(
        label=_("Reason for the change"),
        required=False,
        max_length=500,
        help_text=_("Where a target for this day exists and no later document changes it"),
    )

    def __init__(self, *args: Any, indicator: Indicator, user: User, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        fields: Any = self.fields
        fields["document"].queryset = Document.objects.visible_to(user)
        for name in ("value", "upper"):
            fields[name].unit = indicator.unit
        fields["due_on"].initial = dt.date(today.year, 12, 31)
        is_lower_better = indicator.direction == Direction.DOWN
        fields["operator"].initial = Target.Operator.AT_MOST if is_lower_better else Target.Operator.AT_LEAST
        if indicator.value_kind == Indicator.ValueKind.YES_NO:
            fields["value"] = forms.TypedChoiceField(
                label=_("Target value"),
                choices=[("1", _("Yes")), ("0", _("No"))],
                coerce=Decimal,
                empty_value=None,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind, value = data.get("operator"), data.get("value")
        if kind == Target.Operator.ALL and value is None and "value" not in self.errors:
            data["value"] = Decimal(100)
        if kind == Target.Operator.RANGE and data.get("upper") is None and "upper" not in self.errors:
            self.add_error("upper", _("A range has two ends: write the upper one."))
        if kind != Target.Operator.RANGE:
            data["upper"] = None
        if data.get("value") is None and not data.get("words") and "value" not in self.errors:
            self.add_error("value", _("Give the target as a number or in words."))
        return data

    @property
    def content(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.cleaned_data if name != "form_token"}


class PlanForm(WithFormToken, TrackerForm):
    """The plan period by period. ``seen`` carries the plans that stood there, so that a second person is told."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)

    def __init__(
        self,
        *args: Any,
        indicator: Indicator,
        part: IndicatorPart | None,
        periods: Iterable[ReportingPeriod],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.indicator, self.part, self.periods = indicator, part, list(periods)
        rows = PeriodPlan.objects.filter(indicator=indicator, part=part, period__in=self.periods)
        self.stored = {plan.period_id: plan.value for plan in rows}
        for period in self.periods:
            field = QuantityField(
                label=period.label,
                required=False,
                unit=indicator.unit,
                initial=self.stored.get(period.pk),
                disabled=period.is_closed,
                help_text=_("closed: stays as it is") if period.is_closed else "",
            )
            self.fields[self.name_of(period)] = field
        self.fields["seen"].initial = self._trace()

    @staticmethod
    def name_of(period: ReportingPeriod) -> str:
        return f"ky-{period.pk}"

    @property
    def plan_fields(self) -> list[forms.BoundField]:
        return [self[self.name_of(period)] for period in self.periods]

    def _trace(self) -> str:
        return ";".join(f"{pk}={format_quantity(value)}" for pk, value in sorted(self.stored.items()))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.is_bound and data.get("seen", "") != self._trace():
            self.data = self.data.copy()
            self.data["seen"] = self._trace()
            for period in self.periods:
                stored = self.stored.get(period.pk)
                text = format_quantity(stored) if stored is not None else "–"
                self[self.name_of(period)].help_text = _("saved: %(value)s") % {"value": text}
            self.add_error(
                None,
                _(
                    "Somebody else changed this plan while you were editing. Beside each field stands what is saved;"
                    " sent again, yours counts."
                ),
            )
        return data

    @property
    def values(self) -> dict[ReportingPeriod, Decimal | None]:
        """The plans of the periods that are still open."""
        return {
            period: self.cleaned_data[self.name_of(period)] for period in self.periods if not period.is_closed
        }


class PartsForm(WithFormToken, TrackerForm):
    """The parts of a breakdown: new ones a line each, and the last day of those that end."""

    agencies = forms.CharField(
        label=_("Agencies to add"),
        required=False,
        max_length=20_000,
        help_text=_("One a line, by code or name; each enters its own figure"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    names = forms.CharField(
        label=_("Other parts to add"),
        required=False,
        max_length=20_000,
        help_text=_("One a line, such as an operator; who answers for the whole enters them"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    from_day = DayField(label=_("Counted from"), required=False, help_text=_("empty: from the beginning"))

    def __init__(self, *args: Any, indicator: Indicator, parts: list[IndicatorPart], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator, self.parts = indicator, parts
        for part in parts:
            if part.valid_to is None:
                self.fields[f"den-{part.pk}"] = DayField(label=part.label, required=False)

    @property
    def end_fields(self) -> list[tuple[IndicatorPart, forms.BoundField | None]]:
        return [(part, self[f"den-{part.pk}"] if part.valid_to is None else None) for part in self.parts]

    def clean_agencies(self) -> list[Agency]:
        lines = _lines(self.cleaned_data["agencies"])
        choice = AgencyChoice(queryset=Agency.objects.bodies())
        found: list[Agency] = []
        problems: list[ValidationError] = []
        for line in lines:
            try:
                found.append(choice.clean(line))
            except ValidationError as refusal:
                problems.append(refusal)
        if problems:
            raise ValidationError(problems)
        present = {part.agency_id for part in self.parts if part.valid_to is None}
        doubled = [agency.name for agency in found if agency.pk in present]
        if doubled:
            raise ValidationError(_("A part already: %(names)s."), params={"names": "; ".join(doubled)})
        return list(dict.fromkeys(found))

    def clean_names(self) -> list[str]:
        names = list(dict.fromkeys(_lines(self.cleaned_data["names"])))
        if any(len(name) > 200 for name in names):
            raise ValidationError(_("A name has at most 200 characters."))
        doubled = [name for name in names if name in {part.name for part in self.parts}]
        if doubled:
            raise ValidationError(_("A part already: %(names)s."), params={"names": "; ".join(doubled)})
        return names

    @property
    def ends(self) -> dict[IndicatorPart, dt.date]:
        """The parts that end, each with its last day."""
        found = {part: self.cleaned_data.get(f"den-{part.pk}") for part in self.parts}
        return {part: day for part, day in found.items() if day}


def _lines(text: str) -> list[str]:
    lines = [" ".join(line.split()) for line in text.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) > MOST_PARTS:
        raise ValidationError(_("At most %(most)d lines at once."), params={"most": MOST_PARTS})
    return lines


class RetireForm(WithFormToken, TrackerForm):
    """Why an indicator is no longer followed, and from which day on."""

    on = DayField(label=_("No longer followed from"))
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today


class AcceptForm(WithFormToken, TrackerForm):
    """Nothing to fill in: a suggestion is taken into the plan."""
