"""Django's sessions in the database, each with its person and place (``SESSION_ENGINE``), and how long they last."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

SIGNED_IN, SEEN, ADDRESS, AGENT = "signed_in", "seen", "address", "agent"

SEEN_EVERY = dt.timedelta(minutes=1)
"""A session is written at most so often for nothing but that its person is active."""


class SessionStore(DatabaseStore):
    """The columns beside the data are copied out of it each time it is saved."""

    @classmethod
    def get_model_class(cls) -> Any:
        from tracker.models import UserSession

        return UserSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.address, row.agent = data.get(ADDRESS, ""), data.get(AGENT, "")
        row.signed_in_at = _moment(data[SIGNED_IN]) if SIGNED_IN in data else None
        row.seen_at = _moment(data[SEEN]) if SEEN in data else timezone.now()
        return row


@receiver(user_logged_in, dispatch_uid="tracker.sessions")
def note_log_in(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Write down when and from where the session begins."""
    now = timezone.now().timestamp()
    request.session[SIGNED_IN] = request.session[SEEN] = now
    request.session[ADDRESS] = request.META.get(settings.CLIENT_ADDRESS_HEADER, "")[:60]
    request.session[AGENT] = request.META.get("HTTP_USER_AGENT", "").replace("\x00", "")[:200]


def is_over(session: SessionBase, now: dt.datetime) -> bool:
    """Whether a log-in has lasted its ``TRACKER_SESSION_HOURS``, however active its person is."""
    longest = dt.timedelta(hours=settings.TRACKER_SESSION_HOURS)
    return now - _moment(session.get(SIGNED_IN, 0)) >= longest


def mark_seen(session: SessionBase, now: dt.datetime) -> None:
    if now - _moment(session.get(SEEN, 0)) >= SEEN_EVERY:
        session[SEEN] = now.timestamp()


def _moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
