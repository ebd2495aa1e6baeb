"""The small dictionaries that administrators keep: fields of work, official words, the office's settings."""

from typing import Any

from django import forms

from tracker.forms.base import TrackerModelForm
from tracker.models import Configuration, Field, StatusTerm


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

    class Meta:
        model = Configuration
        fields = SETTINGS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.pk = 1
        for name in self.Meta.fields:
            self.fields[name].label = str(Configuration._meta.get_field(name).verbose_name).capitalize()
