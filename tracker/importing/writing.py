"""Writing an import into the register: all rows that can be written, in one transaction, each through its verbs."""

import datetime as dt
from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tracker import clock
from tracker.appendices import Row
from tracker.importing.checked import Checked
from tracker.importing.differences import directive_values
from tracker.importing.indicators import indicator_values
from tracker.importing.rows import check_rows
from tracker.importing.sources import FurtherSources
from tracker.models import (
    Agency,
    Directive,
    DirectiveEvent,
    DirectiveSource,
    Document,
    Import,
    ImportRow,
    ImportStatus,
    Indicator,
    Target,
    User,
)
from tracker.models.assigning import Gift, assign_all
from tracker.models.lifecycle import StaleVersion
from tracker.models.registering import Entry, register_all

Outcome = ImportRow.Outcome

_WITHOUT_DOCUMENT = 0x696D706F7274
"""The database's key for the turn of imports without a document."""


@transaction.atomic
def apply(
    batch: Import, *, by: User, today: dt.date, expected_version: int | None = None, assign: bool = False
) -> Import:
    """Write every row that has nothing to be settled, or nothing at all. Raises WrongStep when it is written already,
    StaleVersion when rows have changed since the person saw them, ValidationError with the row when a record refuses.

    ``assign``: give new directives to the bodies that they name; only then are these told.
    """
    _wait_for_others(batch)
    stored = batch.locked()
    if expected_version is not None and stored.version != expected_version:
        raise StaleVersion(stored)
    checked = check_rows(stored, today=today)
    if not any(one.is_written for one in checked):
        raise ValidationError(_("No row can be imported yet."))
    writer = _Writer(stored, by=by, today=today, assign=assign)
    writer.register(checked)
    writer.give_out(checked)
    for one in checked:
        writer.write(one)
    rows = [one.row for one in checked]
    written = ["outcome", "outcome_reason", "directive", "indicator", "before", "version_after"]
    # All rows are there: written over at once, which is three times as fast as ``bulk_update``.
    ImportRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["pk"], update_fields=written, batch_size=1000
    )
    _close(stored, rows, by, writer)
    return stored


def _wait_for_others(batch: Import) -> None:
    """Let one import of a document be written after the other: what the first enters, the second finds there.

    Imports without a document wait for each other. The lock lets others go on citing the document meanwhile.
    """
    if batch.document_id:
        held = Document.objects.select_for_update(no_key=True).filter(pk=batch.document_id)
        list(held.values_list("pk"))
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WITHOUT_DOCUMENT])


def _close(batch: Import, rows: list[ImportRow], by: User, writer: "_Writer") -> None:
    counts = Counter(row.outcome for row in rows)
    last_event = DirectiveEvent.objects.aggregate(last=Max("pk"))["last"]
    last_target = Target.objects.aggregate(last=Max("pk"))["last"]
    batch.outcome = {outcome.value: counts[outcome.value] for outcome in Outcome} | {
        "assigned": writer.assigned,
        "last_event": last_event or 0,
        "last_target": last_target or 0,
    }
    batch.status = ImportStatus.APPLIED
    batch.applied_by, batch.applied_at = by, clock.now()
    batch.version += 1
    batch.save(update_fields=["outcome", "status", "applied_by", "applied_at", "version"])


class _Writer:
    """Enters what is new, then writes one row after the other."""

    def __init__(self, batch: Import, *, by: User, today: dt.date, assign: bool) -> None:
        self.batch, self.by, self.today, self.assign = batch, by, today, assign
        self.reason = _("Imported from “%(name)s”.") % {"name": batch.label}
        self.created: dict[int, Directive] = {}
        self.assigned = 0
        self.not_assigned: dict[int, str] = {}

    def register(self, checked: list[Checked]) -> None:
        """Enter all new directives at once, with their sources; parts come behind their task."""
        if self.batch.kind != Import.Kind.DIRECTIVES:
            return
        new = [one for one in checked if one.is_written and one.match is None]
        others = FurtherSources(new, self.batch)
        entries: dict[int, Entry] = {}
        for one in new:
            above = _above(one)
            entries[one.row.pk] = Entry(
                directive_values(one, self.batch) | {"note": others.note(one)},
                [self._citation(one), *others.citations(one)],
                parent=entries.get(above.row.pk) if above else None,
                under=above.match if above and isinstance(above.match, Directive) else None,
                name=one.row.name,
            )
        register_all(list(entries.values()), by=self.by, year=self.batch.year, reason=self.reason)
        self.created = {key: entry.directive for key, entry in entries.items() if entry.directive}

    def give_out(self, checked: list[Checked]) -> None:
        """Assign what is new to whom its row names; what cannot be assigned stays unassigned, and its row says why."""
        named = {
            one.row.pk: [body.pk for body in (*one.read.leads.found[1:], *one.read.cooperating.found)]
            for one in checked
            if self.assign and one.row.pk in self.created and one.read.leads.found
        }
        bodies = Agency.objects.in_bulk({key for keys in named.values() for key in keys})
        gifts = {row: Gift(self.created[row], [bodies[key] for key in keys]) for row, keys in named.items()}
        assign_all(list(gifts.values()), by=self.by, today=self.today)
        for row, gift in gifts.items():
            self.created[row] = gift.directive
            if gift.refusal:
                self.not_assigned[row] = _("Not assigned: %(why)s") % {"why": gift.refusal}
        self.assigned = len(gifts) - len(self.not_assigned)

    def write(self, one: Checked) -> None:
        row = one.row
        row.outcome = one.outcome
        row.outcome_reason = (one.reason or self.not_assigned.get(row.pk, ""))[:300]
        if not one.is_written:
            return
        try:
            record = (
                self._directive(one) if self.batch.kind == Import.Kind.DIRECTIVES else self._indicator(one)
            )
        except ValidationError as refusal:
            said = _("Row %(row)s: %(why)s") % {"row": row.name, "why": " ".join(refusal.messages)}
            raise ValidationError(said) from refusal
        if isinstance(record, Directive):
            row.directive = record
        else:
            row.indicator = record
        row.version_after = record.version
        by_hand = [each.by_hand for each in one.differences if each.by_hand]
        row.outcome_reason = row.outcome_reason or " ".join(dict.fromkeys(by_hand))[:300]

    # directives

    def _directive(self, one: Checked) -> Directive:
        if not isinstance(one.match, Directive):
            return self.created[one.row.pk]
        directive, before = one.match, dict[str, Any]()
        if changes := one.changes:
            before["fields"] = {name: _plain(getattr(directive, name)) for name in changes}
            directive.edit(by=self.by, expected_version=directive.version, reason=self.reason, **changes)
        if "title" in changes and one.source:
            source = one.source
            before |= {"source": source.pk, "sentence": source.sentence, "gloss": source.gloss}
            source.correct(by=self.by, sentence=_sentence(one.read), gloss=source.gloss, reason=self.reason)
        if one.cites and self.batch.document:
            said = self._citation(one)
            before["cited"] = DirectiveSource.cite(directive, by=self.by, reason=self.reason, **said).pk
        one.row.before = before
        return directive

    def _citation(self, one: Checked) -> dict[str, Any]:
        return {
            "document": self.batch.document,
            "sentence": _sentence(one.read),
            "printed_number": one.read.index[:20],
        }

    # indicators

    def _indicator(self, one: Checked) -> Indicator:
        before: dict[str, Any] = {}
        if isinstance(one.match, Indicator):
            indicator = one.match
            if changes := one.changes:
                before["fields"] = {name: _plain(getattr(indicator, name)) for name in changes}
                version = indicator.version
                indicator.edit(by=self.by, expected_version=version, reason=self.reason, **changes)
        else:
            indicator = Indicator.register(by=self.by, year=self.batch.year, **indicator_values(one))
        if one.target:
            before["target"] = self._set_target(one, indicator)
        one.row.before = before
        return indicator

    def _set_target(self, one: Checked, indicator: Indicator) -> dict[str, Any]:
        """Set what is to be reached; gives back the key of the version that it replaces, if there is one."""
        last = indicator.targets.filter(due_on=one.target["due_on"]).order_by("-revision").first()
        Target.set(indicator, by=self.by, reason=self.reason, **one.target)
        return {"replaced": last.pk if last else None}


def _above(one: Checked) -> Checked | None:
    """The task that a part belongs to; the row that stands for it, if it is a repetition."""
    above = one.parent
    while above and above.joined_to:
        above = above.joined_to
    return above


def _sentence(read: Row) -> str:
    return read.cells.get("content", read.text)[:4000]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
