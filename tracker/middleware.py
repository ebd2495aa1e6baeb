"""What every request is given: the account's language, who and from where for the history, and an answer."""

import contextlib

from django.conf import settings
from django.contrib import auth
from django.shortcuts import redirect
from django.utils import timezone, translation
from pghistory.middleware import HistoryMiddleware as BaseHistoryMiddleware

from tracker import clock, sessions
from tracker.passwords import is_too_old


class LanguageMiddleware:
    """The account's language, Vietnamese for everybody else.

    Never the browser's: an English browser would turn 12/01 into another day.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = getattr(request.user, "language", "") or settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class SessionMiddleware:
    """A session ends so many hours after its log-in, however busy it is; its owner sees when it was last used."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            now = timezone.now()
            if sessions.is_over(request.session, now):
                auth.logout(request)
            else:
                sessions.mark_seen(request.session, now)
        return self.get_response(request)


class HistoryMiddleware(BaseHistoryMiddleware):
    """Write into each history row who made the change and from which address."""

    def get_context(self, request):
        """The person, the page and the address of this request."""
        return super().get_context(request) | {
            "address": request.META.get(settings.CLIENT_ADDRESS_HEADER, "")
        }


class PasswordChangeMiddleware:
    """Whoever must choose a new password, or has too old a one as an administrator, does so before anything else."""

    ALLOWED = {"password_change", "logout"}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        must_change = user.is_authenticated and (user.must_change_password or is_too_old(user, clock.now()))
        if must_change and request.resolver_match.url_name not in self.ALLOWED:
            return redirect("password_change")
        return None


class PrivatePagesMiddleware:
    """Pages stay in no store: on a shared computer the next person reads none of them with the back button."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class ReadToTheEndMiddleware:
    """Take in the rest of a refused request: a browser that is still sending shows no answer."""

    PIECE = 64 * 1024
    AT_MOST = 200 * 1024 * 1024

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code >= 400:
            with contextlib.suppress(OSError):  # whoever sent it has gone
                for _piece in range(self.AT_MOST // self.PIECE):
                    if not request.read(self.PIECE):
                        break
        return response
