"""Answering a question about a figure."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.forms.base import TrackerForm, WithFormToken
from tracker.models import DataQuestion


class AnswerForm(WithFormToken, TrackerForm):
    """Does the figure stand, or does a corrected one follow; always with words."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=DataQuestion.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the figure stands.")},
    )
    answer = forms.CharField(
        label=_("Answer"),
        help_text=_("Where the figure comes from, why it differs, or what was wrong with it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the answer.")},
    )
