"""Yearly work (nhiệm vụ hằng năm): below it one directive a year, with its own deadline and result.

The yearly directive itself stays in the register without a deadline and is never late. Each year counts as a directive
of its own; an unfinished one stays open, and late, beside the next.
"""

import datetime as dt
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.models.directives import Directive
from tracker.models.lifecycle import OPEN, Status, WrongStep
from tracker.models.numbering import CodeCounter
from tracker.models.organisations import Agency
from tracker.models.people import User
from tracker.models.sources import DirectiveSource
from tracker.models.standing import end_of
from tracker.vietnamese.dates import LAST_YEAR
from tracker.vietnamese.deadlines import read_deadline

_SAME = (
    "title",
    "title_en",
    "field",
    "kind",
    "force",
    "lead",
    "lead_printed",
    "cooperating_printed",
    "directing_leader",
    "tracking_officer",
    "deadline_printed",
    "output_expected",
    "is_key",
    "note",
)


def waiting_for(year: int) -> "models.QuerySet[Directive]":
    """Yearly work that is assigned and running and has nothing for this year yet."""
    opened = Directive.objects.filter(parent=OuterRef("pk"), occurrence_year=year)
    running = Directive.objects.filter(
        deadline_kind=Directive.DeadlineKind.YEARLY,
        status__in=OPEN - {Status.UNASSIGNED, Status.PAUSED},
        assigned_on__lte=dt.date(year, 12, 31),
    )
    return running.filter(~Exists(opened)).order_by("pk")


def asks_itself(day: dt.date, directive: str = "pk") -> Q:
    """Condition: not yearly work of which a year was opened by the end of a day, since the year is reported on instead.

    ``directive`` names the directive as seen from the filtered rows.
    """
    years = Directive.objects.filter(
        parent=OuterRef(directive), occurrence_year__isnull=False, created_at__lt=end_of(day)
    )
    prefix = "" if directive == "pk" else f"{directive}__"
    return ~Q(**{f"{prefix}deadline_kind": Directive.DeadlineKind.YEARLY}) | Q(~Exists(years))


def due_in(directive: Directive, year: int) -> dt.date:
    """When yearly work is due in a year: by the printed day (“15/6 hằng năm”), else on 31 December."""
    return read_deadline(directive.deadline_printed).due_in(year)


def is_wanted(directive: Directive, year: int) -> bool:
    """Whether assigned yearly work has a result to give in a year: not when it was given after that year's day."""
    given = directive.assigned_on
    return given is not None and year <= LAST_YEAR and given <= due_in(directive, year)


def assigner(directive: Directive) -> User:
    """Who gave the yearly work to its lead, in whose name the daily run opens its years."""
    return directive.assignments.active().order_by("-role", "pk").select_related("assigned_by")[0].assigned_by


@transaction.atomic
def open_year(
    directive: Directive, year: int, *, by: User, today: dt.date, at: dt.datetime | None = None
) -> Directive:
    """Register the work of a year and give it to the bodies that have the yearly work and exist today.

    The row lock of the yearly work and a unique constraint keep it to one a year: whoever comes second gets the
    same. Raises ``WrongStep`` where there is no such year's work, ``ValidationError`` where nobody can be given it.
    """
    at = at or clock.now()
    stored = directive.locked()
    if found := stored.children.filter(occurrence_year=year).first():
        return found
    if stored.deadline_kind != Directive.DeadlineKind.YEARLY:
        raise WrongStep(_("Only yearly work has a result each year."))
    if not (stored.is_assigned and stored.is_open) or stored.status == Status.PAUSED:
        raise WrongStep(_("The yearly work is not assigned, is paused or is closed: no year can be opened."))
    if not is_wanted(stored, year):
        raise WrongStep(_("The yearly work was given after that year's deadline."))
    opened = _register(stored, year, by=by, at=at)
    _assign(stored, opened, by=by, today=today, at=at)
    stored.log("year_opened", by=by, at=at, reason=opened.code)
    return opened


def _register(stored: Directive, year: int, *, by: User, at: dt.datetime) -> Directive:
    kinds = Directive.DeadlineKind
    due_on = due_in(stored, year)
    same: dict[str, Any] = {name: getattr(stored, name) for name in _SAME}
    opened = Directive.objects.create(
        code=CodeCounter.take(f"NV-{year}-"),
        parent=stored,
        occurrence_year=year,
        deadline_kind=kinds.YEAR_END if due_on == dt.date(year, 12, 31) else kinds.DAY,
        deadline_inferred=True,
        due_on=due_on,
        created_by=by,
        created_at=at,
        **same,
    )
    opened.log("registered", by=by, at=at, to=Status.UNASSIGNED)
    sources = [
        DirectiveSource(
            directive=opened,
            document_id=row.document_id,
            sentence=row.sentence,
            gloss=row.gloss,
            position=row.position,
        )
        for row in stored.sources.all()
    ]
    DirectiveSource.objects.bulk_create(sources)
    return opened


def _assign(stored: Directive, opened: Directive, *, by: User, today: dt.date, at: dt.datetime) -> None:
    """Lead, person in charge and co-operating bodies of the yearly work, as far as they exist on this day."""
    rows = list(stored.assignments.active().select_related("agency__merged_into", "via_group", "person"))
    lead = stored.lead and _present(stored.lead, today)
    leads = [row for row in rows if row.carries_the_directive and row.agency == lead]
    person = leads[0].person if leads else None
    helping = {_present(row.via_group or row.agency, today) for row in rows if not row.is_lead}
    opened.assign(
        by=by,
        lead=lead,
        cooperating=sorted((one for one in helping if one and one != lead), key=lambda one: one.pk),
        person=person if person and person.is_active and person.agency == lead else None,
        today=today,
        at=at,
    )


def _present(agency: Agency, today: dt.date) -> Agency | None:
    """The body itself, or the one that it has merged into; None where there is none today."""
    passed: set[int] = set()
    body: Agency | None = agency
    while body and body.pk not in passed:
        if Agency.objects.in_force(today).filter(pk=body.pk).exists():
            return body
        passed.add(body.pk)
        body = body.merged_into
    return None
