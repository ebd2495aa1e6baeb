"""The small dictionaries that administrators keep: fields of work, official words, the calendar, the settings."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tracker.forms.base import TrackerModelForm
from tracker.forms.fields import DayField
from tracker.models import CalendarDay, Configuration, Field, StatusTerm

MOST_REMINDERS = 10


class FieldForm(TrackerModelForm):
    """A field of work; one that is no longer used is switched off, never removed."""

    class Meta:
        model = Field
        fields = ["code", "name", "name_en", "position", "is_active"]


class StatusTermForm(TrackerModelForm):
    """The words and the source of an official status; its code and axis belong to the program."""

    class Meta:
        model = StatusTerm
        fields = ["name", "name_en", "official_use", "rule", "source"]


class CalendarDayForm(TrackerModelForm):
    """A holiday, or a day at the weekend that is worked."""

    day = DayField(label=_("Day"))

    class Meta:
        model = CalendarDay
        fields = ["day", "kind", "name", "name_en", "is_forecast"]


class DaysField(forms.Field):
    """Numbers of days in one line, ``7, 3, 1, 0``: each between two limits, each once, in their order."""

    widget = forms.TextInput

    def __init__(self, *, least: int, most: int, descending: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.least, self.most, self.descending = least, most, descending

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else ", ".join(map(str, value))

    def to_python(self, value: Any) -> list[int]:
        """The numbers; what is none of them is refused with the limits."""
        parts = re.split(r"[\s,;]+", str(value or "").strip(" \t\r\n,;"))
        read = [int(part) if re.fullmatch(r"\d{1,4}", part, re.ASCII) else -1 for part in parts if part]
        if any(not self.least <= number <= self.most for number in read):
            raise ValidationError(
                _("Write whole numbers from %(least)s to %(most)s, separated by commas.")
                % {"least": self.least, "most": self.most}
            )
        if len(set(read)) != len(read):
            raise ValidationError(_("Each number of days stands here once."))
        if len(read) > MOST_REMINDERS:
            raise ValidationError(_("Write at most %(n)s numbers.") % {"n": MOST_REMINDERS})
        return sorted(read, reverse=self.descending)


SETTINGS = (
    "due_soon_days",
    "review_days",
    "stale_days",
    "closing_soon_days",
    "safe_percent",
    "risk_percent",
    "far_percent",
    "caution_points",
    "risk_points",
    "alarm_points",
    "extension_limit",
    "remind_before",
    "remind_after",
    "remind_weekly",
    "not_received_days",
    "head_after_days",
    "leader_after_days",
    "digest_at",
    "weekly_digest_on",
    "support",
)


class ConfigurationForm(TrackerModelForm):
    """The office's settings: one row."""

    due_soon_days = forms.IntegerField(min_value=1, max_value=90)
    review_days = forms.IntegerField(min_value=1, max_value=30)
    stale_days = forms.IntegerField(min_value=1, max_value=365)
    closing_soon_days = forms.IntegerField(min_value=0, max_value=30)
    safe_percent = forms.IntegerField(min_value=1, max_value=200)
    risk_percent = forms.IntegerField(min_value=1, max_value=200)
    far_percent = forms.IntegerField(min_value=1, max_value=1000)
    caution_points = forms.IntegerField(min_value=0, max_value=100)
    risk_points = forms.IntegerField(min_value=0, max_value=100)
    alarm_points = forms.IntegerField(min_value=0, max_value=100)
    extension_limit = forms.IntegerField(min_value=0, max_value=10)
    remind_before = DaysField(least=0, most=60, descending=True, required=False)
    remind_after = DaysField(least=1, most=365, required=False)
    not_received_days = forms.IntegerField(min_value=1, max_value=30)
    head_after_days = forms.IntegerField(min_value=1, max_value=365)
    leader_after_days = forms.IntegerField(min_value=1, max_value=365)
    digest_at = forms.TimeField(
        widget=forms.TimeInput(format="%H:%M"),
        error_messages={"invalid": _("Write the time as hours:minutes, for example 7:00.")},
    )

    class Meta:
        model = Configuration
        fields = SETTINGS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.pk = 1
        for name in self.Meta.fields:
            self.fields[name].label = str(Configuration._meta.get_field(name).verbose_name).capitalize()
