"""The life of a directive and of its assignments: one table of steps, used by the verbs and by the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a directive or an assignment stands in its life (trạng thái). The deadline is judged elsewhere."""

    UNASSIGNED = "unassigned", _("Not assigned yet")
    NEW = "new", _("Newly assigned")
    RECEIVED = "received", _("Received")
    IN_PROGRESS = "in_progress", _("In progress")
    AWAITING = "awaiting", _("Waiting for confirmation")
    COMPLETED = "completed", _("Completed")
    PAUSED = "paused", _("Paused")
    STOPPED = "stopped", _("Stopped")
    TRANSFERRED = "transferred", _("Transferred to another agency")
    DECLINED = "declined", _("Declined by the agency")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN = frozenset(
    {
        Status.UNASSIGNED,
        Status.NEW,
        Status.RECEIVED,
        Status.IN_PROGRESS,
        Status.AWAITING,
        Status.PAUSED,
        Status.DECLINED,
    }
)
OUTSIDE = frozenset({Status.TRANSFERRED, Status.WITHDRAWN})
"""Outside the register: counted nowhere, listed apart."""

_LEAVING = {Status.PAUSED, Status.STOPPED, Status.TRANSFERRED, Status.WITHDRAWN}

NEXT: dict[Status, set[Status]] = {
    Status.UNASSIGNED: {Status.NEW, Status.STOPPED, Status.WITHDRAWN},
    Status.NEW: {Status.RECEIVED, Status.DECLINED} | _LEAVING,
    Status.DECLINED: {Status.NEW} | _LEAVING,
    Status.RECEIVED: {Status.IN_PROGRESS} | _LEAVING,
    Status.IN_PROGRESS: {Status.AWAITING} | _LEAVING,
    Status.AWAITING: {Status.COMPLETED, Status.IN_PROGRESS} | _LEAVING,
    Status.PAUSED: {
        Status.NEW,
        Status.RECEIVED,
        Status.IN_PROGRESS,
        Status.AWAITING,
        Status.DECLINED,
        Status.STOPPED,
        Status.TRANSFERRED,
        Status.WITHDRAWN,
    },
    Status.COMPLETED: {Status.IN_PROGRESS, Status.WITHDRAWN},
    Status.STOPPED: {Status.WITHDRAWN},
    Status.TRANSFERRED: {Status.WITHDRAWN},
    # A withdrawn record can be restored to where it stood.
    Status.WITHDRAWN: {status for status in Status if status != Status.WITHDRAWN},
}
"""Every step that exists, for an assignment; the database refuses the others."""

_SUMMED_UP = {Status.RECEIVED, Status.IN_PROGRESS, Status.AWAITING, Status.PAUSED, Status.DECLINED}

DIRECTIVE_NEXT: dict[Status, set[Status]] = {
    status: following
    # A directive sums up its lead assignments: a transfer to another body may bring it back to the start.
    | (
        {Status.NEW, Status.RECEIVED, Status.DECLINED, Status.IN_PROGRESS} - {status}
        if status in _SUMMED_UP
        else set()
    )
    for status, following in NEXT.items()
}


class WrongStep(ValidationError):
    """A step that the record's present state does not allow; the form shows the sentence."""


class StaleVersion(ValidationError):
    """Somebody else saved the record first. ``current`` is the record as it now stands."""

    def __init__(self, current: models.Model) -> None:
        super().__init__(
            _(
                "Somebody else changed this while you were editing. Compare the two versions below; nothing is lost."
            )
        )
        self.current = current


class Versioned(models.Model):
    """A record that two people may edit: each edit names the version it started from."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True

    def take_next_version(self, expected: int | None) -> None:
        """Refuse an edit that started from an older version. Call with the row locked."""
        if expected is not None and expected != self.version:
            raise StaleVersion(self)
        self.version += 1


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Write the reason into the history rows of the changes made inside, and into no others."""
    with pghistory.context(reason=reason):
        yield
    # A context inside another one leaves its words behind.
    with pghistory.context(reason=""):
        pass


def step_guard(table: dict[Any, set[Any]]) -> pgtrigger.FSM:
    """The database's own guard of a life cycle, made from the same table as the verbs."""
    return pgtrigger.FSM(
        name="status_follows_the_life_cycle",
        field="status",
        transitions=[(str(old), str(new)) for old, following in table.items() for new in sorted(following)],
    )


def append_only() -> list[pgtrigger.Trigger]:
    """Triggers for a log: rows can be added, never changed, deleted or emptied, not even by raw SQL."""
    return [
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name="no_truncate",
            when=pgtrigger.Before,
            level=pgtrigger.Statement,
            operation=pgtrigger.Truncate,
            # Throwaway test databases are emptied between browser tests.
            func="""
                IF current_database() NOT LIKE 'test!_%' ESCAPE '!' THEN
                    RAISE EXCEPTION 'this log may not be truncated';
                END IF;
                RETURN NULL;
            """,
        ),
    ]
