"""How a person wants to be told, and who reads their messages while they are away."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tracker.forms.base import TrackerForm, TrackerModelForm, WithFormToken
from tracker.forms.fields import DayField, PersonChoice
from tracker.forms.filter_fields import UNKNOWN
from tracker.models import Configuration, Deputyship, NoticePreference, User

LONGEST_ABSENCE = dt.timedelta(days=366)
REMINDED = frozenset({User.Role.STAFF, User.Role.AGENCY_HEAD, User.Role.OFFICER})
"""Roles that are reminded of deadlines: who may report."""


class PreferenceForm(TrackerModelForm):
    """Which mail, and how long before a deadline. What does not concern the role is not asked and stays."""

    remind_before = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Reminded before a deadline"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=UNKNOWN,
    )

    class Meta:
        model = NoticePreference
        fields = ["mail_at_once", "mail_digest", "mail_decided", "mail_weekly", "remind_before"]

    def __init__(self, *args: Any, office: Configuration, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = sorted(set(office.remind_before), reverse=True)
        self.fields["remind_before"].choices = [(day, _before(day)) for day in days]
        self.fields["mail_digest"].label = _("Reminders: one message at %(time)s each working day") % {
            "time": f"{office.digest_at:%H:%M}"
        }
        if user.role not in REMINDED or not days:
            del self.fields["remind_before"]
        if user.role != User.Role.LEADER:
            del self.fields["mail_weekly"]

    @property
    def mails(self) -> list[forms.BoundField]:
        """The boxes about mail, in their order."""
        return [bound for bound in self if bound.name != "remind_before"]


def _before(day: int) -> str:
    if day == 0:
        return _("On the day itself")
    return ngettext("%(n)d day before", "%(n)d days before", day) % {"n": day}


class DeputyForm(WithFormToken, TrackerForm):
    """Who, from which day to which."""

    deputy = PersonChoice(label=gettext_lazy("Name of the deputy"))
    starts_on = DayField(label=gettext_lazy("From"))
    ends_on = DayField(label=gettext_lazy("To, that day included"))

    def __init__(self, *args: Any, user: User, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        field: Any = self.fields["deputy"]
        field.queryset = Deputyship.candidates(user)
        field.widget.attrs["list"] = "nguoi-nhan-thay"

    def clean_ends_on(self) -> dt.date:
        day = self.cleaned_data["ends_on"]
        if day < self.today:
            raise ValidationError(_("The last day has passed already."))
        if day > self.today + LONGEST_ABSENCE:
            raise ValidationError(_("Choose today or a later day, within a year."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is not before the first."))
        return data

    @property
    def offered(self) -> list[str]:
        """What the browser offers while the name is typed."""
        field: Any = self.fields["deputy"]
        return [field.name_of(person) for person in field.queryset]
