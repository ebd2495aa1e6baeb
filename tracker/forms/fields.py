"""Form fields that read dates and percentages as people here write them."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tracker.vietnamese.dates import NotADate, format_date, read_date

_WHOLE = re.compile(r"(\d{1,3})(?:[.,]0+)?\s*%?", re.ASCII)


class DayField(forms.Field):
    """A date, the day always first: ``16/6/2020``, ``16-6-2020``. Years 2000 to 2100."""

    widget = forms.TextInput
    default_error_messages = {
        "unreadable": _("Write the date as day/month/year, for example 16/6/2020."),
        "impossible": _("There is no such day in the calendar."),
        "year": _("The year lies between 2000 and 2100."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        attrs = {"inputmode": "numeric", "autocomplete": "off"}
        self.widget.attrs = attrs | self.widget.attrs
        self.widget.attrs["class"] = f"{self.widget.attrs.get('class', '')} w-date".strip()

    def prepare_value(self, value: Any) -> Any:
        return format_date(value) if isinstance(value, dt.date) else value

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, dt.date):
            return value
        try:
            return read_date(str(value))
        except NotADate as refusal:
            raise ValidationError(self.error_messages[refusal.code], code=refusal.code) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != data


class PercentField(forms.Field):
    """A whole percentage from 0 to 100, with or without the sign."""

    widget = forms.TextInput
    default_error_messages = {"range": _("Write a whole number from 0 to 100.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs = {"inputmode": "numeric", "autocomplete": "off"} | self.widget.attrs

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        match = _WHOLE.fullmatch(str(value).strip())
        if not match or int(match[1]) > 100:
            raise ValidationError(self.error_messages["range"], code="range")
        return int(match[1])
