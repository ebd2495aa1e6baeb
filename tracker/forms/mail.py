"""What the address of the list of outgoing mail may ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.forms.base import TrackerForm
from tracker.models import OutgoingMessage


class MailFilter(TrackerForm):
    """What cannot be read is left out and said."""

    q = forms.CharField(
        label=_("Find a name or an address"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    loai = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All")), *OutgoingMessage.Kind.choices], required=False
    )

    def cut(self, messages: Any) -> Any:
        """Only the messages that fit."""
        self.is_valid()
        wanted = self.cleaned_data
        if wanted.get("q"):
            messages = messages.search(wanted["q"])
        if wanted.get("loai"):
            messages = messages.filter(kind=wanted["loai"])
        return messages
