"""Logging in and one's own settings."""

import datetime as dt
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off, get_failure_limit
from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tracker.forms.base import TrackerForm, TrackerModelForm
from tracker.models import User
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
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "username" not in data or "password" not in data:
            return data
        # The account's own spelling, so that wrong tries by name, by e-mail and in capitals count together.
        account = User.objects.filter(pk__in=self._accounts(data["username"])).first()
        username = account.username if account else data["username"].lower()
        user = authenticate(self.request, username=username, password=data["password"])
        if user is None:
            self.add_error(
                "password",
                ValidationError(
                    _("The account name or the password is not right. Check Caps Lock and the typing tool.")
                ),
            )
            self.tries_left = self._tries_left(username)
        self.user = user  # type: ignore[assignment]
        return data

    @property
    def warning(self) -> str:
        """How many tries are left and for how long the account is locked after the last."""
        tries = getattr(self, "tries_left", None)
        if tries is None:
            return ""
        locked = get_cool_off(self.request) or dt.timedelta()
        return ngettext(
            "%(tries)d try left. After that the account is locked for %(minutes)d minutes.",
            "%(tries)d tries left. After that the account is locked for %(minutes)d minutes.",
            tries,
        ) % {"tries": tries, "minutes": locked.total_seconds() // 60}

    @staticmethod
    def _accounts(name: str) -> Any:
        by_name = User.objects.filter(username__iexact=name)
        return (by_name | User.objects.filter(email__iexact=name) if "@" in name else by_name).values("pk")

    def _tries_left(self, username: str) -> int:
        credentials = {"username": username}
        failures = AxesProxyHandler.get_failures(self.request, credentials)
        return max(0, get_failure_limit(self.request, credentials) - failures)


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
