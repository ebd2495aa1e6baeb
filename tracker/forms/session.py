"""Logging in and one's own settings."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tracker import lockout
from tracker.forms.base import TrackerForm, TrackerModelForm
from tracker.models import AccountPause, User
from tracker.passwords import LONGEST


class LoginForm(TrackerForm):
    """Account name or work e-mail, and password. The same words for a wrong name and a wrong password."""

    username = forms.CharField(
        label=_("Account name or work e-mail"),
        help_text=_("For example: ten.ban@namdinh.gov.vn"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    remember = forms.BooleanField(label=_("Stay logged in for 12 hours on this computer"), required=False)

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        self.user: User | None = None
        self.pause: AccountPause | None = None
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "username" not in data or "password" not in data:
            return data
        with lockout.turn(data["username"]):
            user = authenticate(self.request, username=data["username"], password=data["password"])
        if user is None:
            self.add_error(
                "password",
                ValidationError(
                    _("The account name or the password is not right. Check Caps Lock and the typing tool.")
                ),
            )
            self.pause = lockout.pause_of(data["username"])
        self.user = user  # type: ignore[assignment]
        return data

    @property
    def warning(self) -> str:
        """How many tries are left and for how long the account is locked after the last."""
        if self.pause is None:
            return ""
        tries = self.pause.tries_left(timezone.now())
        return ngettext(
            "%(tries)d try left. After that the account is locked for %(minutes)d minutes.",
            "%(tries)d tries left. After that the account is locked for %(minutes)d minutes.",
            tries,
        ) % {"tries": tries, "minutes": self.pause.next_lock.total_seconds() // 60}


class ProfileForm(TrackerModelForm):
    """What a person sets alone: language and colours."""

    class Meta:
        model = User
        fields = ["language", "theme"]
        widgets = {"language": forms.RadioSelect, "theme": forms.RadioSelect}

    def save(self, commit: bool = True) -> User:
        """Only these two columns: an administrator may be changing the others."""
        self.instance.save(update_fields=["language", "theme"])
        return self.instance
