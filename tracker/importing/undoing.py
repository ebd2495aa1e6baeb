"""Undoing an import within a day, as long as nobody has touched what it wrote."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from tracker import clock
from tracker.models import (
    Directive,
    DirectiveEvent,
    DirectiveSource,
    Import,
    ImportRow,
    ImportStatus,
    Indicator,
    IndicatorPart,
    Measurement,
    PeriodPlan,
    Target,
    User,
)
from tracker.models.withdrawing import withdraw_all

Outcome = ImportRow.Outcome


class Touched(ValidationError):
    """People have worked with what the import wrote; ``records`` are the directives and indicators."""

    def __init__(self, records: list[Directive | Indicator]) -> None:
        super().__init__(_("Not undone: people have already worked with what was imported."))
        self.records = records


@transaction.atomic
def undo(batch: Import, *, by: User, today: dt.date) -> Import:
    """Withdraw what was created, put back what was changed. Raises WrongStep, ValidationError after a day, Touched."""
    stored = batch.locked(status=ImportStatus.APPLIED)
    now = clock.now()
    if stored.undo_until is None or now > stored.undo_until:
        raise ValidationError(_("An import can be undone within 24 hours only."))
    rows = list(_written(stored))
    _hold(rows)
    if records := touched(stored):
        raise Touched(records)
    counts: Counter[str] = Counter()
    reason = _("The import of “%(name)s” was undone.") % {"name": stored.label}
    created = [row for row in rows if row.outcome == Outcome.CREATED]
    withdraw_all([row.directive for row in created if row.directive], by=by, reason=reason)
    if indicators := [row.indicator for row in created if row.indicator]:
        Indicator.retire_all(indicators, by=by, on=today, reason=reason)
    for row in reversed(rows):
        counts[_put_back(row, by=by, reason=reason)] += 1
    stored.outcome |= {
        "withdrawn": counts["withdrawn"],
        "put_back": counts["put_back"],
        "left": counts["left"],
    }
    stored.status, stored.undone_by, stored.undone_at = ImportStatus.UNDONE, by, now
    stored.version += 1
    stored.save(update_fields=["outcome", "status", "undone_by", "undone_at", "version"])
    return stored


def touched(batch: Import) -> list[Directive | Indicator]:
    """What people have changed, worked with or given figures for since the import wrote it."""
    rows = list(_written(batch))
    return [*_touched_directives(batch, rows), *_touched_indicators(batch, rows)]


def _written(batch: Import) -> Iterable[ImportRow]:
    done = batch.rows.filter(outcome__in=[Outcome.CREATED, Outcome.UPDATED])
    return done.select_related("directive", "indicator").order_by("number", "part")


def _hold(rows: list[ImportRow]) -> None:
    """Lock all records in one order, so that nobody touches them while they are judged."""
    keys = sorted(row.directive_id for row in rows if row.directive_id)
    list(Directive.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    keys = sorted(row.indicator_id for row in rows if row.indicator_id)
    held = Indicator.objects.select_for_update(no_key=True).filter(pk__in=keys)
    list(held.order_by("pk").values_list("pk"))


def _touched_directives(batch: Import, rows: list[ImportRow]) -> list[Directive]:
    versions = {row.directive_id: row.version_after for row in rows if row.directive_id}
    later = DirectiveEvent.objects.filter(directive=OuterRef("pk"), pk__gt=batch.outcome.get("last_event", 0))
    created = [row.directive_id for row in rows if row.outcome == Outcome.CREATED]
    others = Directive.objects.filter(parent=OuterRef("pk")).exclude(pk__in=versions)
    used = Q(pk__in=created) & (Exists(others) | Exists(Indicator.objects.filter(directive=OuterRef("pk"))))
    used_keys = set(Directive.objects.filter(used, pk__in=versions).values_list("pk", flat=True))
    found = Directive.objects.filter(pk__in=versions).annotate(has_later=Exists(later))
    return [one for one in found if one.has_later or one.pk in used_keys or one.version != versions[one.pk]]


def _touched_indicators(batch: Import, rows: list[ImportRow]) -> list[Indicator]:
    by_key = {row.indicator_id: row for row in rows if row.indicator_id}
    newer = Target.objects.filter(indicator=OuterRef("pk"), pk__gt=batch.outcome.get("last_target", 0))
    created = [key for key, row in by_key.items() if row.outcome == Outcome.CREATED]
    used = Q(pk__in=created) & (
        Exists(Measurement.objects.filter(indicator=OuterRef("pk")))
        | Exists(PeriodPlan.objects.filter(indicator=OuterRef("pk")))
        | Exists(IndicatorPart.objects.filter(indicator=OuterRef("pk")))
        | Exists(Indicator.objects.filter(parent=OuterRef("pk")))
    )
    found = Indicator.objects.filter(pk__in=by_key).annotate(has_newer=Exists(newer))
    used_keys = set(Indicator.objects.filter(used, pk__in=by_key).values_list("pk", flat=True))
    return [
        one
        for one in found
        if one.has_newer or one.pk in used_keys or one.version != by_key[one.pk].version_after
    ]


def _put_back(row: ImportRow, *, by: User, reason: str) -> str:
    if row.outcome == Outcome.CREATED:
        return "withdrawn"
    if row.directive:
        return _put_directive_back(row.directive, row.before, by=by, reason=reason)
    if row.indicator:
        return _put_indicator_back(row.indicator, row.before, by=by, reason=reason)
    return "left"


def _put_directive_back(directive: Directive, before: dict[str, Any], *, by: User, reason: str) -> str:
    if "fields" in before:
        old = _values(Directive, before["fields"])
        directive.edit(by=by, expected_version=None, reason=reason, **old)
    if "sentence" in before:
        source = DirectiveSource.objects.get(pk=before["source"])
        source.correct(by=by, sentence=before["sentence"], gloss=before["gloss"], reason=reason)
    if "cited" in before:
        cited = DirectiveSource.objects.filter(pk=before["cited"]).first()
        if cited:
            directive.log("edited", by=by, reason=reason, document=cited.document)
            cited.delete()
    return "put_back"


def _put_indicator_back(indicator: Indicator, before: dict[str, Any], *, by: User, reason: str) -> str:
    if "fields" in before:
        old = _values(Indicator, before["fields"])
        indicator.edit(by=by, expected_version=None, reason=reason, **old)
    target = before.get("target")
    if target is None:
        return "put_back"
    replaced = Target.objects.filter(pk=target["replaced"] or 0).first()
    if replaced is None:
        return "left"
    same = ("operator", "value", "upper", "words", "printed", "printed_number", "document")
    values = {name: getattr(replaced, name) for name in same}
    Target.set(indicator, by=by, due_on=replaced.due_on, reason=reason, **values)
    return "put_back"


def _values(model: type[Directive] | type[Indicator], stored: dict[str, Any]) -> dict[str, Any]:
    """Values read back from JSON: days are days again."""
    return {
        name: value if name.endswith("_id") else model._meta.get_field(name).to_python(value)
        for name, value in stored.items()
    }
