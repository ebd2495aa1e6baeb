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


class ConfigurationForm(TrackerModelForm):
    """The office's settings: one row."""

    due_soon_days = forms.IntegerField(min_value=1, max_value=90)
    review_days = forms.IntegerField(min_value=1, max_value=30)
    stale_days = forms.IntegerField(min_value=1, max_value=365)

    class Meta:
        model = Configuration
        fields = ["due_soon_days", "review_days", "stale_days", "support"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.pk = 1
        for name in self.Meta.fields:
            self.fields[name].label = str(Configuration._meta.get_field(name).verbose_name).capitalize()
