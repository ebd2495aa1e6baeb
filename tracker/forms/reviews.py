"""What a reviewer decides about progress reports."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tracker.forms.base import TrackerForm, WithFormToken
from tracker.forms.fields import DayField
from tracker.models import CalendarDay

PHRASES = {
    "evidence": _("Evidence is missing"),
    "figures": _("The figures do not agree"),
    "reason": _("The reason for the delay is missing"),
    "form": _("Not in the required form"),
}
"""What is wrong most often; ticked phrases stand before the reviewer's own sentence."""

WORKING_DAYS_TO_CORRECT = 2


class ReviewForm(WithFormToken, TrackerForm):
    """What both decisions have in common: which text was read, and where the reviewer came from."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    back = forms.ChoiceField(
        widget=forms.HiddenInput, required=False, choices=[("queue", ""), ("overview", "")]
    )


class ConfirmForm(ReviewForm):
    note = forms.CharField(label=_("Remark for the agency"), required=False, max_length=2000)


class SendBackForm(ReviewForm):
    phrases = forms.MultipleChoiceField(
        label=_("What has to be corrected"),
        choices=list(PHRASES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label=_("Be exact so that the agency can correct it at once"),
        help_text=_("Required. The person who reported sees this sentence first in “My work”."),
        max_length=1800,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what has to be corrected.")},
    )
    fix_by = DayField(
        label=_("Correct by"),
        help_text=_("Two working days unless you change it"),
        error_messages={"required": _("Give the day by which it must be corrected.")},
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["fix_by"].initial = CalendarDay.objects.working_day_after(today, WORKING_DAYS_TO_CORRECT)

    def clean_fix_by(self) -> dt.date:
        day = self.cleaned_data["fix_by"]
        if not self.today <= day <= self.today + dt.timedelta(days=366):
            raise ValidationError(_("Choose a day from today on, within a year."))
        return day

    @property
    def words(self) -> str:
        """The ticked phrases, then the reviewer's own sentence."""
        ticked = [str(PHRASES[key]) for key in self.cleaned_data["phrases"]]
        note = self.cleaned_data["note"]
        return f"{'; '.join(ticked)}. {note}" if ticked else note


class ConfirmManyForm(WithFormToken, TrackerForm):
    """The ticked reports, each with the version that was listed: ``reports=88-3``."""

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.listed = data.getlist("reports") if data is not None else []

    def clean(self) -> dict[str, Any]:
        """``versions``: pk → version."""
        read = [re.fullmatch(r"(\d{1,18})-(\d{1,9})", text, re.ASCII) for text in self.listed]
        if not read or None in read:
            raise ValidationError(_("Tick at least one report."))
        return {**self.cleaned_data, "versions": {int(match[1]): int(match[2]) for match in read if match}}
