"""Entering many directives at once: what ``Directive.register`` and ``DirectiveSource.cite`` leave, in few queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tracker import clock
from tracker.models.directives import DUE_RANGE, Directive
from tracker.models.lifecycle import Status
from tracker.models.numbering import CodeCounter
from tracker.models.people import User
from tracker.models.sources import DirectiveSource
from tracker.models.steps import DirectiveEvent

_AT_ONCE = 1000


@dataclass
class Entry:
    """One directive to enter: its fields, its sources in order, and what it is part of.

    ``parent``: another entry that stands before this one; ``under``: a directive that is there already.
    """

    fields: dict[str, Any]
    sources: list[dict[str, Any]]
    """The document, the exact sentence and the printed number of each."""
    parent: "Entry | None" = None
    under: Directive | None = None
    name: str = ""
    """How people call it, when it is refused."""
    directive: Directive | None = None


@transaction.atomic
def register_all(entries: Sequence[Entry], *, by: User, year: int, reason: str) -> None:
    """Enter all of them under the year's next codes. Raises ValidationError, with the name, when one is refused.

    Steps that nobody is told of are logged only; the records that fields point to are taken as they are.
    """
    at = clock.now()
    codes = CodeCounter.take_many(f"NV-{year}-", len(entries)) if entries else []
    for entry, code in zip(entries, codes, strict=True):
        entry.directive = _directive(entry, code=code, created_by=by, created_at=at)
    waiting = list(entries)
    while waiting:
        ready = [entry for entry in waiting if entry.parent is None or _stands(entry.parent)]
        for entry in ready:
            if entry.directive:
                entry.directive.parent = entry.parent.directive if entry.parent else entry.under
        Directive.objects.bulk_create([one.directive for one in ready if one.directive], batch_size=_AT_ONCE)
        waiting = [entry for entry in waiting if not _stands(entry)]
    sources: list[DirectiveSource] = []
    events: list[DirectiveEvent] = []
    about = {"by": by, "by_agency_id": by.agency_id, "at": at}
    for entry in entries:
        one = {"directive": entry.directive, **about}
        events.append(DirectiveEvent(kind="registered", to_status=Status.UNASSIGNED, **one))
        for position, said in enumerate(entry.sources):
            sources.append(DirectiveSource(directive=entry.directive, position=position, **said))
            events.append(DirectiveEvent(kind="edited", reason=reason, document=said["document"], **one))
    DirectiveSource.objects.bulk_create(sources, batch_size=_AT_ONCE)
    DirectiveEvent.objects.bulk_create(events, batch_size=_AT_ONCE)


def _directive(entry: Entry, **own: Any) -> Directive:
    """The record, tried as ``full_clean`` tries it without asking the database."""
    directive = Directive(**entry.fields, **own)
    related = {field.name for field in Directive._meta.concrete_fields if field.is_relation}
    try:
        directive.clean_fields(exclude={*related, "code"})
        if directive.due_on and not DUE_RANGE[0] <= directive.due_on <= DUE_RANGE[1]:
            directive.validate_constraints()
    except ValidationError as refusal:
        said = _("Row %(row)s: %(why)s") % {"row": entry.name, "why": " ".join(refusal.messages)}
        raise ValidationError(said) from refusal
    return directive


def _stands(entry: Entry) -> bool:
    return bool(entry.directive and entry.directive.pk)
