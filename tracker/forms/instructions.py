"""A leader's instruction on a directive under way, and the answer to it."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.forms.base import TrackerForm, WithFormToken
from tracker.forms.fields import DayField
from tracker.models import Directive, User


class InstructionForm(WithFormToken, TrackerForm):
    """What is to be done, by whom, answered until when."""

    text = forms.CharField(label=_("Instruction"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    addressee = forms.ModelChoiceField(
        label=_("Who acts on it"),
        help_text=_("Without a name the lead agency and the tracking officer answer."),
        queryset=User.objects.none(),
        required=False,
    )
    answer_due_on = DayField(label=_("Answer by"), required=False)

    def __init__(self, *args: Any, directive: Directive, user: User, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        agencies = directive.assignments.active().values("agency")
        concerned = Q(role=User.Role.OFFICER) | Q(agency__in=agencies)
        people = User.objects.reporters().filter(concerned).exclude(pk=user.pk).by_given_name()
        self.fields["addressee"].queryset = people
        self.fields["addressee"].label_from_instance = lambda one: f"{one.full_name} – {one.agency.label}"
        self.fields["addressee"].empty_label = _("– lead agency and tracking officer –")
        self.fields["addressee"].initial = directive.tracking_officer_id

    def clean_answer_due_on(self) -> dt.date | None:
        day = self.cleaned_data["answer_due_on"]
        if day and not self.today <= day <= self.today + dt.timedelta(days=366):
            raise ValidationError(_("Choose today or a later day, within a year."))
        return day

    @property
    def words(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "form_token"}


class AnswerForm(WithFormToken, TrackerForm):
    """What has been done on the instruction."""

    answer = forms.CharField(label=_("Answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
