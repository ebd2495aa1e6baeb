"""What the acts of the demonstration year are made of: a moment, a person, a deed."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pghistory
from django.utils import timezone

from tracker.models import User

LAST_DAY = dt.date(2020, 6, 16)

Deed = Callable[[], None]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def moment(on: dt.date | str, time: str) -> dt.datetime:
    on = day(on) if isinstance(on, str) else on
    return timezone.make_aware(dt.datetime.combine(on, dt.time.fromisoformat(time)))


def acting(person: User) -> Any:
    """Who did it, for the field-level history."""
    return pghistory.context(user=person.pk, command="seed_demo")
