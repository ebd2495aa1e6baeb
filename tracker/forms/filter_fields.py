"""What the filters above lists read: a period, a reporting period by its code, a day, a body by its name."""

from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from tracker.figures.periods import Period
from tracker.forms.fields import DayField
from tracker.models import Agency, ReportingPeriod
from tracker.vietnamese.text import fold

LONGEST_SEARCH = 200
UNKNOWN = {"invalid_choice": _("“%(value)s” is not one of the choices.")}


class PeriodField(forms.ChoiceField):
    """A period by its code: any that exists can be asked for, the usual ones are offered."""

    def to_python(self, value: Any) -> Period | None:
        return Period.parse(str(value)) if value else None

    def validate(self, value: Any) -> None:
        """Judged in ``clean``, where the text is still known."""

    def clean(self, value: Any) -> Period | None:
        period = super().clean(value)
        if value and period is None:
            raise ValidationError(UNKNOWN["invalid_choice"], params={"value": value})
        return period


class AgencyField(forms.CharField):
    """A body by its code or name, also without accents; a part of a name will do when only one body has it."""

    found: Agency | None = None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Names are offered while typing, where scripts run; the list of all bodies is never sent."""
        return super().widget_attrs(widget) | {
            "list": "co-quan-chon",
            "autocomplete": "off",
            "placeholder": _("Type a name"),
            "hx-get": reverse_lazy("agency_choices"),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": "#co-quan-chon",
            "hx-sync": "this:replace",
            "hx-push-url": "false",
        }

    def to_python(self, value: Any) -> Agency | None:
        text = super().to_python(value)
        if not text:
            return None
        super().run_validators(text)
        matches = Agency.objects.filter(Q(code__iexact=text) | Q(search__contains=fold(text)))
        self.found = self._choose(text, list(matches.by_name()[:50]))
        return self.found

    def run_validators(self, value: Any) -> None:
        """Done on the text, before it is looked up."""

    def prepare_value(self, value: Any) -> Any:
        return self.found.name if self.found else value

    @staticmethod
    def _choose(text: str, matches: list[Agency]) -> Agency:
        exact = [body for body in matches if body.code.lower() == text.lower()]
        exact = exact or [body for body in matches if fold(text) in {fold(body.name), fold(body.short_name)}]
        if len(exact or matches) == 1:
            return (exact or matches)[0]
        if not matches:
            raise ValidationError(_("No agency is called “%(text)s”."), params={"text": text})
        names = "; ".join(body.name for body in matches[:4])
        raise ValidationError(
            _("Several agencies match “%(text)s”: %(names)s … Choose one."),
            params={"text": text, "names": names},
        )


class WindowField(forms.CharField):
    """A reporting period by its code: the days of its legal window."""

    def to_python(self, value: Any) -> ReportingPeriod | None:
        text = super().to_python(value)
        if not text:
            return None
        super().run_validators(text)
        found = ReportingPeriod.objects.of_all().filter(code=text).first()
        if found is None:
            raise ValidationError(UNKNOWN["invalid_choice"], params={"value": text})
        return found

    def run_validators(self, value: Any) -> None:
        """Done on the text, before it is looked up."""


class PeriodFilter(filters.Filter):
    field_class = PeriodField


class WindowFilter(filters.Filter):
    field_class = WindowField


class DayFilter(filters.Filter):
    field_class = DayField


class AgencyFilter(filters.Filter):
    field_class = AgencyField


def field_filter(path: str) -> filters.CharFilter:
    """A field of work by its code, for lists that have no control for it."""
    return filters.CharFilter(label=_("Field of work"), field_name=path, lookup_expr="iexact", max_length=40)
