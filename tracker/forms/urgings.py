"""Urging bodies that are behind: exactly who, why, answered until when."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tracker.figures.matrix import Row
from tracker.forms.base import TrackerForm, WithFormToken
from tracker.forms.fields import DayField
from tracker.models import Agency


class UrgingForm(WithFormToken, TrackerForm):
    """The agencies ticked in the preview. Who has reached it meanwhile falls out, whatever was ticked."""

    agencies = forms.MultipleChoiceField(
        label=_("Agencies"), error_messages={"required": _("Choose at least one agency.")}
    )
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    answer_due_on = DayField(label=_("Answer by"), required=False)

    def __init__(self, *args: Any, rows: list[Row], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows, self.today = rows, today
        self.fields["agencies"].choices = [(str(row.agency.pk), row.agency.label) for row in rows]
        self.fields["agencies"].initial = [str(row.agency.pk) for row in rows if row.is_missing]

    def clean_answer_due_on(self) -> dt.date | None:
        day = self.cleaned_data["answer_due_on"]
        if day and not self.today <= day <= self.today + dt.timedelta(days=366):
            raise ValidationError(_("Choose today or a later day, within a year."))
        return day

    @property
    def ticked(self) -> set[str]:
        """The agencies that stand ticked on the page."""
        return {str(value) for value in self["agencies"].value() or []}

    def _chosen(self) -> list[Row]:
        return [row for row in self.rows if str(row.agency.pk) in self.cleaned_data["agencies"]]

    @property
    def behind(self) -> list[Row]:
        """Of those chosen the ones that are still behind."""
        return [row for row in self._chosen() if row.is_missing]

    @property
    def fell_out(self) -> list[Agency]:
        """Chosen, but in use or exempt by now."""
        return [row.agency for row in self._chosen() if not row.is_missing]
