"""New passwords: behind a one-time link, against the present one, and the wish for a link by mail."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tracker import lockout, passwords
from tracker.forms.base import TrackerForm
from tracker.models import User


def _password(label: Any, autocomplete: str) -> forms.CharField:
    """Taken as typed: with spaces around it, and whole."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=passwords.LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class NewPasswordForm(TrackerForm):
    """A new password, typed twice; ``rules`` stand on the page before anything is typed."""

    new_password = _password(_("New password"), "new-password")
    new_password_again = _password(_("New password, once more"), "new-password")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    @property
    def rules(self) -> list[str]:
        return passwords.rules(self.user)

    def clean_new_password(self) -> str:
        password = self.cleaned_data["new_password"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("new_password") and data.get("new_password_again") not in (None, data["new_password"]):
            self.add_error("new_password_again", _("The two new passwords differ. Type them again."))
        return data


class PasswordForm(NewPasswordForm):
    """One's own new password, against the present one."""

    old_password = _password(_("Present password"), "current-password")
    field_order = ("old_password", "new_password", "new_password_again")

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        super().__init__(cast(User, request.user), *args, **kwargs)

    def clean_old_password(self) -> str:
        """Whoever sits down at an open page guesses no longer than at the log-in."""
        typed: str = self.cleaned_data["old_password"]
        if not lockout.proves(self.request, self.user, lambda: self.user.check_password(typed)):
            raise ValidationError(_("This is not your present password."))
        return typed

    def save(self, *, at: dt.datetime) -> None:
        """Set the new password; whoever had to change it no longer has to."""
        self.user.choose_password(self.cleaned_data["new_password"], at=at)


class ForgottenForm(TrackerForm):
    """Whose password is forgotten: the account name or the work e-mail."""

    username = forms.CharField(
        label=_("Account name or work e-mail"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    @property
    def account(self) -> User | None:
        """The account in use that is meant, when it has an address to write to."""
        try:
            user = User.objects.get_by_natural_key(self.cleaned_data["username"])
        except User.DoesNotExist:
            return None
        return user if user.is_active and user.email else None
