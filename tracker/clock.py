"""Today and now, read once in a view or a command and passed in.

The demonstration year stands still on the day named by ``TRACKER_TODAY``; everywhere else the real clock of
Asia/Ho_Chi_Minh counts. Field-level history is always stamped by the database's real clock.
"""

import contextlib
import datetime as dt
from collections.abc import Iterator
from contextvars import ContextVar

from django.conf import settings
from django.utils import timezone

END_OF_WORK = dt.time(17, 30)

_standing: ContextVar[dt.datetime | None] = ContextVar("standing", default=None)


@contextlib.contextmanager
def standing_at(moment: dt.datetime) -> Iterator[None]:
    """Let the clock stand at one moment: how the demonstration year is played through the verbs."""
    token = _standing.set(moment)
    try:
        yield
    finally:
        _standing.reset(token)


def today() -> dt.date:
    """The office's day: the demonstration's fixed day, else the local date in Asia/Ho_Chi_Minh."""
    if standing := _standing.get():
        return timezone.localdate(standing)
    return settings.TRACKER_TODAY or timezone.localdate()


def now() -> dt.datetime:
    """This moment, moved to the evening of the demonstration's day when there is one."""
    if standing := _standing.get():
        return timezone.localtime(standing)
    moment = timezone.localtime()
    if settings.TRACKER_TODAY:
        # Nobody acts before what the demonstration has played on that day.
        time = max(moment.timetz(), END_OF_WORK.replace(tzinfo=moment.tzinfo))
        return dt.datetime.combine(settings.TRACKER_TODAY, time)
    return moment
