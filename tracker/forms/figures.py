"""The controls of one figure, as they stand in a row among others or on a page of their own.

Saving keeps what can be read as a draft; handing in judges it.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.figures.entry import Comparison, Entry
from tracker.forms.base import TrackerForm
from tracker.forms.fields import DayField
from tracker.forms.quantities import QuantityField
from tracker.models import Indicator, Measurement, Qualifier, ReportStatus, StaleVersion, User, WrongStep
from tracker.vietnamese.dates import format_date
from tracker.vietnamese.quantities import Quantity, format_quantity

ValueKind = Indicator.ValueKind

OWN_SAVE_UNDER_WAY = dt.timedelta(seconds=10)
"""A page saves its draft by itself; pressing a button meanwhile is not a second person's edit."""

VALUES = ("value", "numerator", "denominator", "value_words")
"""What makes a figure one; all the rest only speaks about it."""


ABOUT_A_FIGURE = {"as_of_on", "qualifier", "certainty", "replace_by"}
"""What alone, without a figure or words, is nothing to keep."""


class Wanted:
    """A control that a figure needs when it is handed in; a draft may leave it empty for now."""

    def validate(self, value: Any) -> None:
        if value not in forms.Field.empty_values:
            super().validate(value)  # type: ignore[misc]


class FigureField(Wanted, QuantityField):
    """A number of the figure."""


class FigureWords(Wanted, forms.CharField):
    """A figure that is words."""


class YesNoField(Wanted, forms.TypedChoiceField):
    """Yes is 1, no is 0; nothing chosen is a missing figure."""

    def __init__(self, **options: Any) -> None:
        choices = [("", _("not chosen")), ("1", _("Yes")), ("0", _("No"))]
        super().__init__(choices=choices, coerce=Decimal, empty_value=None, **options)

    def prepare_value(self, value: Any) -> Any:
        return str(int(value)) if isinstance(value, Decimal) else value


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of a figure that two people wrote differently."""

    label: str
    stored: str
    mine: str


def _choices(choices: type[Any], label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", _("none")), *choices.choices], required=False)


class FigureForm(TrackerForm):
    """The figure of one entry. Without its fields in the data it counts as not sent and changes nothing."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    shown = forms.IntegerField(widget=forms.HiddenInput, required=False)
    value = FigureField(label=_("Figure"), with_qualifier=True)
    numerator = FigureField(label=_("Numerator"))
    denominator = FigureField(label=_("Denominator"))
    value_words = FigureWords(label=_("Figure in words"), max_length=1000)
    qualifier = _choices(Qualifier, _("Word before the figure"))
    certainty = _choices(Measurement.Certainty, _("Certainty"))
    replace_by = DayField(label=_("A better figure comes by"), required=False)
    explanation = forms.CharField(
        label=_("Why it differs"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, entry: Entry, data: Any = None, files: Any = None, *, report: Any = None, prefix: Any = None
    ) -> None:
        self.entry, self.report = entry, report
        self.figure = entry.figure
        self.conflict: list[Difference] = []
        stored = entry.stored
        known = [name for name in Measurement.CONTENT if name in self.base_fields]
        initial = {name: getattr(stored, name) for name in known} if stored else {}
        initial["version"] = entry.figure.version if entry.figure else 0
        initial["shown"] = entry.confirmed.pk if entry.confirmed and not entry.figure else None
        if data is not None and not any(name.startswith(f"{prefix}-") for name in data) and prefix:
            data = None
        super().__init__(data, files, prefix=prefix, initial=initial)
        self._fit_to_the_indicator()

    def _fit_to_the_indicator(self) -> None:
        """Only the controls that this kind of value needs, in its unit."""
        indicator = self.entry.indicator
        kind = indicator.value_kind
        fields: dict[str, Any] = self.fields
        wanted = {"value"}
        if indicator.is_ratio:
            wanted = {"numerator", "denominator"}
            fields["numerator"].label = indicator.numerator_name
            fields["denominator"].label = indicator.denominator_name
        elif kind == ValueKind.WORDS:
            wanted = {"value_words"}
        elif kind == ValueKind.YES_NO:
            fields["value"] = YesNoField(label=fields["value"].label)
        else:
            fields["value"].unit = indicator.unit_label
        for name in set(VALUES) - wanted:
            del fields[name]
        if kind in {ValueKind.YES_NO, ValueKind.WORDS}:
            del fields["qualifier"]
        for name in ("value", "numerator", "denominator"):
            if name in fields:
                fields[name].widget.attrs["class"] = "num ms-auto w-num" if self.prefix else "num w-num"

    # What the templates ask for

    @property
    def main(self) -> Any:
        """The first control of the figure."""
        return self[next(name for name in VALUES if name in self.fields)]

    @property
    def is_open(self) -> bool:
        return self.entry.is_open(self.report)

    @property
    def comparison(self) -> Comparison:
        """Of what is stored now."""
        return self.entry.compare(self.figure)

    @property
    def more_is_used(self) -> bool:
        """Something stands in the part that is folded, or is asked for there."""
        names = ("qualifier", "certainty", "replace_by", "explanation", "note")
        return any(name in self.fields and (self[name].value() or self[name].errors) for name in names)

    # Reading

    @property
    def content(self) -> dict[str, Any]:
        """What can be stored as it stands: each field that could be read."""
        self.is_valid()
        found = {name: self.cleaned_data[name] for name in Measurement.CONTENT if name in self.cleaned_data}
        for name, value in found.items():
            if isinstance(value, str):
                found[name] = value.replace("\r\n", "\n")
        amount = found.get("value")
        if isinstance(amount, Quantity):
            found["value"] = amount.value
            found["qualifier"] = amount.qualifier or found.get("qualifier", "")
        return found

    # Saving

    @transaction.atomic
    def keep(self, *, by: User, as_of_on: dt.date | None = None) -> None:
        """Save what can be read as a draft. A confirmed figure that was only shown makes no new one.

        ``conflict`` then says where another person saved another figure meanwhile.
        """
        if not self.is_bound or not self.is_open:
            return
        content = self.content
        if self.figure is None and self._says_nothing_new(content):
            if self.cleaned_data.get("shown") and not self.errors:
                # What was only shown, perhaps of another period before the day was changed, is not typed text.
                self.__init__(self.entry, report=self.report, prefix=self.prefix)  # type: ignore[misc]
            return
        if self._is_taken_away(content):
            self.figure.discard()
            self.figure = self.entry.figure = None
            return
        if as_of_on is not None:
            content["as_of_on"] = as_of_on
        try:
            with transaction.atomic():
                here = self.report.pk if self.report else None
                is_here = self.figure is not None and self.figure.report_id == here
                self._save(self.figure if is_here else self._begin(by), by, content)
        except StaleVersion as refusal:
            current: Any = refusal.current
            self.figure = self.entry.figure = current
            self.conflict = self._differences(current)
            self.add_error(None, refusal)
        except ValidationError as refusal:
            self.refuse(refusal)

    def _begin(self, by: User) -> Measurement:
        entry = self.entry
        return Measurement.in_hand_of(
            entry.indicator, entry.period, by=by, part=entry.part, role=entry.role, report=self.report
        )

    def _save(self, figure: Measurement, by: User, content: dict[str, Any]) -> None:
        self._refuse_elsewhere(figure)
        is_new = figure.version == 1 and not figure.has_figure
        if is_new or self._differs(figure, content):
            figure.save_draft(by=by, expected_version=self._started_from(figure, by, content), **content)
        self.figure = self.entry.figure = figure

    def _refuse_elsewhere(self, figure: Measurement) -> None:
        """Somebody began the same figure in another place, or handed it in, at this moment."""
        if figure.report_id != (self.report.pk if self.report else None):
            raise WrongStep(_("This figure is already being entered elsewhere."))
        if not figure.is_editable:
            raise WrongStep(_("This figure has been submitted and can no longer be changed."))

    def _says_nothing_new(self, content: dict[str, Any]) -> bool:
        """Nothing was typed, or only what stands confirmed, which the page had shown."""
        confirmed, pk = self.entry.confirmed, self.cleaned_data.get("shown")
        if confirmed and confirmed.pk == pk:
            if not self._differs(confirmed, content):
                return True
        elif pk:
            # Shown for another period, before the day was changed: its numbers are not those of this one.
            cell = {"indicator": self.entry.indicator, "part": self.entry.part}
            other = Measurement.objects.confirmed().filter(**cell, pk=pk).first()
            values = {name: value for name, value in content.items() if name in VALUES}
            if other and not self._differs(other, values):
                return True
        speaks = [value for name, value in content.items() if name not in ABOUT_A_FIGURE]
        return all(value in (None, "") for value in speaks)

    def _is_taken_away(self, content: dict[str, Any]) -> bool:
        """A draft that was never handed in and holds nothing any more; an unreadable number is not nothing."""
        figure = self.figure
        if figure is None or figure.status != ReportStatus.DRAFT or figure.submitted_at:
            return False
        is_empty = all(value in (None, "") for value in content.values()) and not self.errors
        same = (self.cleaned_data.get("version") or 0) == figure.version
        return is_empty and same and not figure.evidence.exists()

    def _started_from(self, stored: Measurement, by: User, content: dict[str, Any]) -> int:
        posted = self.cleaned_data.get("version") or 0
        is_new = stored.version == 1 and not stored.has_figure
        saved_by_this_page = (
            stored.version == (posted + 1 if posted else 2)  # a new figure is made and then saved
            and stored.author_id == by.pk
            and clock.now() - stored.saved_at < OWN_SAVE_UNDER_WAY
        )
        return stored.version if is_new or saved_by_this_page else posted

    def _differs(self, stored: Measurement, content: dict[str, Any]) -> bool:
        return any(getattr(stored, name) != value for name, value in content.items())

    def _differences(self, stored: Measurement) -> list[Difference]:
        return [
            Difference(str(self.fields[name].label), _shown(getattr(stored, name)), _shown(value))
            for name, value in self.content.items()
            if name in self.fields and value != getattr(stored, name)
        ]

    def go_on_from_stored(self) -> None:
        """Sent again, this form changes what is stored now."""
        if self.is_bound:
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = str(self.figure.version if self.figure else 0)

    # Submitting

    def check(self, *, today: dt.date) -> bool:
        """Whether the stored figure can be handed in; what keeps it from that stands at its fields."""
        if not self.is_valid_or_unsent:
            return False
        if self.figure is None or not self.is_open or not self.figure.has_figure:
            return True
        try:
            self.figure.indicator = self.entry.indicator
            self.figure.check_complete(today=today)
        except ValidationError as refusal:
            self.is_valid()
            if not hasattr(self, "cleaned_data"):
                self.cleaned_data = {}
            self.refuse(refusal)
            return False
        return True

    @property
    def is_valid_or_unsent(self) -> bool:
        return not self.is_bound or self.is_valid()


def _shown(value: Any) -> str:
    if isinstance(value, dt.date):
        return format_date(value)
    return format_quantity(value) if isinstance(value, Decimal) else str(value or "")
