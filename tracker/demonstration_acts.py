"""What the acts of the demonstration year are made of: a moment, a person, a deed."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pghistory
from django.utils import timezone

from tracker.demonstration_files import sample_file
from tracker.forms.uploads import check_upload
from tracker.models import Evidence, User
from tracker.models.evidence import Entry

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


def attach_samples(entry: Entry, row: dict[str, Any], *, by: User, label: str) -> None:
    """The small files that stand in for the evidence named in a row."""
    for name in row.get("evidence", []):
        file = sample_file(name, f"{label}: {name}")
        checked = check_upload(file)
        Evidence.attach_file(
            entry,
            by=by,
            file=file,
            title=checked.safe_title,
            stored_name=checked.stored_name,
            content_type=checked.content_type,
            sha256=checked.sha256,
        )
