"""Guessing at secrets (khoá tạm): five wrong ones lock an account, on whichever page they were typed.

django-axes hears of each log-in that failed and answers with 429; the counting is here, because its own is neither
serialised nor does it know that a name and an e-mail are one account.
"""

import contextlib
import datetime as dt
import hashlib
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from axes.handlers.base import AbstractAxesHandler, AxesBaseHandler
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.db import connection, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from tracker.models import AccountPause, User


def account_of(name: str) -> str:
    """The account that a typed name means, whether as name or e-mail: its own name in small letters.

    An unknown name is kept as a digest alone: people type their password into the wrong field.
    """
    name = unicodedata.normalize("NFC", name.replace("\x00", "")).strip()
    accounts = User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name, email__contains="@"))
    if username := accounts.values_list("username", flat=True).first():
        return username.lower()
    return "?" + hashlib.sha256(name.lower().encode("utf-8", "replace")).hexdigest()[:40]


def pause_of(name: str) -> AccountPause:
    return AccountPause.of(account_of(name), timezone.now())


def locked_until(name: str) -> dt.datetime | None:
    """Until when the account lets nobody try; None when it does."""
    pause = pause_of(name)
    return pause.locked_until if pause.is_locked(timezone.now()) else None


@contextlib.contextmanager
def turn(name: str) -> Iterator[None]:
    """One guess at an account after another: of forty at the same moment, the sixth already finds it locked."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            key = f"tracker.lockout:{account_of(name)}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        yield


def proves(request: HttpRequest, user: User, is_right: Callable[[], bool]) -> bool:
    """Whether somebody who is known already gave a right secret: the password once more, a code.

    Wrong ones count with those of the log-in. At a locked account nothing is compared, and the request is answered
    with 429.
    """
    credentials = {"username": user.username}
    with turn(user.username):
        if not AxesProxyHandler.is_allowed(request, credentials):
            request.axes_locked_out, request.axes_credentials = True, credentials  # type: ignore[attr-defined]
            return False
        if is_right():
            return True
        user_login_failed.send(__name__, credentials=credentials, request=request)
        return False


class Handler(AbstractAxesHandler, AxesBaseHandler):
    """What django-axes asks and tells at each log-in."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        return locked_until((credentials or {}).get("username") or "") is not None

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        return pause_of((credentials or {}).get("username") or "").failures

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any
    ) -> None:
        """Count a wrong guess. While the account is locked none counts: the lock does not grow longer."""
        if request is None or "username" not in credentials:  # e.g. a refused single sign-on
            return
        now, pause = timezone.now(), pause_of(credentials["username"] or "")
        if not pause.is_locked(now):
            pause.count_failure(now)
        if pause.is_locked(now):
            request.axes_locked_out, request.axes_credentials = True, credentials

    def user_logged_in(self, sender: Any, request: Any, user: User, **kwargs: Any) -> None:
        self.reset_attempts(username=user.username)

    def user_logged_out(self, sender: Any, request: Any, user: User | None, **kwargs: Any) -> None:
        """Nothing was guessed."""

    def reset_attempts(
        self, *, ip_address: str | None = None, username: str | None = None, ip_or_username: bool = False
    ) -> int:
        """Forget the wrong guesses at one account, or at all. Addresses are not counted."""
        pauses = AccountPause.objects.all()
        return (pauses.filter(pk=account_of(username)) if username else pauses).delete()[0]
