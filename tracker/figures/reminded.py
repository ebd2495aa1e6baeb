"""The lists behind the reminders: work whose deadline is near, that has been silent, that nobody has received.

A reminder names some rows of such a list on a morning; its link opens the whole list as it is now.
"""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from tracker.figures.work import REPORTABLE
from tracker.models import Configuration, Notice, ProgressReport, Status
from tracker.models.occurrences import asks_itself
from tracker.reminder_days import farthest, working_day_back
from tracker.vietnamese.working_days import WorkingDays

Kind = Notice.Kind
LISTED: tuple[Notice.Kind, ...] = (Kind.DUE, Kind.SILENT, Kind.NOT_RECEIVED)
"""The kinds with a list of their own; overdue work is listed by its standing."""


def reminded(kind: str, rows: Any, office: Configuration, today: dt.date, calendar: WorkingDays) -> Any:
    """Of these assignments those that a reminder of this kind is about today; the silent with ``silent_since``."""
    rows = rows.filter(asks_itself(today, "directive"))
    if kind == Kind.NOT_RECEIVED:
        since = working_day_back(today, office.not_received_days, calendar)
        return rows.filter(status=Status.NEW, assigned_on__lte=since)
    running = rows.filter(status__in=REPORTABLE)
    if kind == Kind.DUE:
        return running.filter(due_on__range=(today, farthest(today, office.remind_before, calendar)))
    quiet = today - dt.timedelta(days=office.stale_days)
    return running.annotate(silent_since=silent_since()).filter(silent_since__lt=quiet)


def silent_since() -> Coalesce:
    """SQL for the as-of day of an assignment's newest entry with content; without one the day it was given."""
    entries = ProgressReport.objects.with_content().filter(assignment=OuterRef("pk"))
    newest = Subquery(entries.order_by("-as_of_on").values("as_of_on")[:1])
    return Coalesce(newest, "assigned_on", output_field=models.DateField())
