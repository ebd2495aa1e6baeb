"""Logging in, one's own password and one's own settings."""

import datetime as dt
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off, get_failure_limit
from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tracker.forms.base import TrackerForm, TrackerModelForm
from tracker.models import User

LONGEST_PASSWORD = 200


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
        max_length=LONGEST_PASSWORD,
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


class PasswordForm(TrackerForm):
    """One's own new password, typed twice, against the present one."""

    old_password = forms.CharField(
        label=_("Present password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = forms.CharField(
        label=_("New password"),
        help_text=_("Not only digits, not like your name. A short sentence is easy to remember."),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    new_password_again = forms.CharField(
        label=_("New password, once more"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_old_password(self) -> str:
        if not self.user.check_password(self.cleaned_data["old_password"]):
            raise ValidationError(_("This is not your present password."))
        return self.cleaned_data["old_password"]

    def clean_new_password(self) -> str:
        password = self.cleaned_data["new_password"]
        password_validation.validate_password(password, self.user)
        if self.user.check_password(password):
            raise ValidationError(_("Choose a password that differs from the present one."))
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("new_password") and data.get("new_password_again") not in (None, data["new_password"]):
            self.add_error("new_password_again", _("The two new passwords differ. Type them again."))
        return data

    def save(self) -> None:
        """Set the new password; whoever had to change it no longer has to."""
        self.user.set_password(self.cleaned_data["new_password"])
        self.user.must_change_password = False
        self.user.save(update_fields=["password", "password_changed_at", "must_change_password"])


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
