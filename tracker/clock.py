"""Today and now, read once in a view or a command and passed in.

The demonstration year stands still on the day named by ``TRACKER_TODAY``; everywhere else the real clock of
Asia/Ho_Chi_Minh counts. Field-level history is always stamped by the database's real clock.
"""

import datetime as dt

from django.conf import settings
from django.utils import timezone


def today() -> dt.date:
    """The office's day: the demonstration's fixed day, else the local date in Asia/Ho_Chi_Minh."""
    return settings.TRACKER_TODAY or timezone.localdate()


def now() -> dt.datetime:
    """This moment, moved to the demonstration's day when there is one."""
    moment = timezone.localtime()
    if settings.TRACKER_TODAY:
        return dt.datetime.combine(settings.TRACKER_TODAY, moment.timetz())
    return moment
