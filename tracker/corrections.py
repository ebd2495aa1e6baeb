"""Corrected deadlines (đính chính) of several directives at once: what would move, what cannot, all or nothing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from tracker.models import Agency, Assignment, Directive, Document, StaleVersion, User, WrongStep
from tracker.models.lifecycle import OPEN
from tracker.permissions import can_correct_deadline

MOST = 200
"""Directives that are corrected in one act."""


@dataclass(frozen=True)
class Later:
    """Open work that would be due after the directive that it belongs to: a part, or what one body has to do."""

    directive: Directive
    due_on: dt.date
    agency: Agency | None = None


@dataclass(frozen=True)
class Move:
    """One directive of a correction: its new deadline, or why it stays as it is; and what would be due after it."""

    directive: Directive
    due_on: dt.date | None
    refusal: str = ""
    later: list[Later] = field(default_factory=list)


def moves(directives: Iterable[Directive], due_on: dt.date | None, *, by: User) -> list[Move]:
    """What giving these directives another deadline would do, each judged as its own correction would be.

    A part may move with the whole: beside a directive that moves too, its new deadline is the limit.
    """
    rows = list(directives)
    barred = {row.pk: _barred(row, due_on, by) for row in rows}
    together = {pk for pk, refusal in barred.items() if not refusal}
    # Where the whole cannot move, its parts keep to its present deadline, and theirs to theirs.
    while late := {row.pk for row in rows if row.pk in together and _is_too_late(row, due_on, together)}:
        together -= late
    too_late = _("later than the deadline of the directive it is part of")
    refusals = {row.pk: "" if row.pk in together else barred[row.pk] or too_late for row in rows}
    later = later_work(together, due_on, by=by)
    return [Move(row, due_on, refusals[row.pk], later.get(row.pk, [])) for row in rows]


def later_work(moving: set[int], due_on: dt.date | None, *, by: User) -> dict[int, list[Later]]:
    """By the key of each of these directives: what keeps a later day of its own when they all move to this one.

    A part that moves too, and an assignment that follows the directive's deadline, keep none.
    """
    found: dict[int, list[Later]] = {}
    if due_on is None:
        return found
    parts = Directive.objects.visible_to(by).filter(parent__in=moving, status__in=OPEN, due_on__gt=due_on)
    for part in parts.exclude(pk__in=moving).order_by("code"):
        found.setdefault(part.parent_id or 0, []).append(Later(part, part.due_on or due_on))
    given = Assignment.objects.visible_to(by).open().filter(directive__in=moving, due_on__gt=due_on)
    own = given.exclude(Q(due_on=F("directive__due_on")) | Q(role=Assignment.Role.LEAD, via_group=None))
    for row in own.select_related("directive", "agency").order_by("due_on", "pk"):
        found.setdefault(row.directive_id, []).append(Later(row.directive, row.due_on or due_on, row.agency))
    return found


def _barred(directive: Directive, due_on: dt.date | None, by: User) -> str:
    """Why this directive cannot have the date, its larger directive left aside."""
    if not can_correct_deadline(by, directive):
        state = directive.get_status_display().lower()
        return _("the state is “%(state)s”") % {"state": state}
    if due_on and directive.deadline_kind == Directive.DeadlineKind.YEARLY:
        return _("yearly work has no deadline itself")
    return _("this is its deadline already") if directive.due_on == due_on else ""


def _is_too_late(directive: Directive, due_on: dt.date | None, together: set[int]) -> bool:
    latest = directive.latest_due_on
    moves_along = directive.parent_id in together
    return due_on is not None and latest is not None and due_on > latest and not moves_along


@transaction.atomic
def correct_many(
    versions: dict[int, int],
    due_on: dt.date | None,
    *,
    by: User,
    reason: str,
    source: Document,
    at: dt.datetime | None = None,
) -> list[Directive]:
    """Correct all of these, or none: ``versions`` is each directive as it was read. The whole before its parts."""
    # Locked in one order, whatever the order of the corrections: two people correcting the same do not deadlock.
    locked = Directive.objects.select_for_update(of=("self",)).select_related("parent").order_by("pk")
    rows = {row.pk: row for row in locked.filter(pk__in=versions)}
    for row in sorted(rows.values(), key=lambda row: (_depth(row, rows), row.pk)):
        try:
            row.correct_deadline(
                due_on, by=by, reason=reason, source=source, at=at, expected_version=versions[row.pk]
            )
        except StaleVersion as refusal:
            text = _("%(code)s has changed meanwhile. Nothing was corrected: look at the list again.")
            raise WrongStep(text % {"code": row.code}) from refusal
        except ValidationError as refusal:
            raise ValidationError(f"{row.code}: {refusal.messages[0]}") from refusal
    return list(rows.values())


def _depth(directive: Directive, rows: dict[int, Any]) -> int:
    """How many of the directives it is part of are corrected along."""
    above, depth = rows.get(directive.parent_id or 0), 0
    while above is not None and depth < len(rows):
        above, depth = rows.get(above.parent_id or 0), depth + 1
    return depth
