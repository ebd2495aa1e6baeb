"""Accounts and who can report: the views of the user list, agencies that nobody reports for, the journal."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now

from tracker.figures.counting import count_together
from tracker.models import OPEN, Agency, Assignment, User, UserHistory

JOURNAL = (
    "full_name",
    "username",
    "email",
    "phone",
    "agency",
    "role",
    "position",
    "is_active",
)
"""What the journal of an account tells; the rest of its history is for auditors."""


def account_views(users: Any, now: dt.datetime) -> dict[str, Any]:
    """The tabs of the user list. The first three are all accounts without overlap."""
    active = users.filter(is_active=True)
    in_use = active.exclude(last_login=None)
    return {
        "dang-dung": in_use,
        "chua-kich-hoat": active.filter(last_login=None),
        "da-khoa": users.filter(is_active=False),
        "khong-dung": users.unused(now),
        "can-ra-soat": users.to_review(now),
        "con-dung": active,
        "tat-ca": users,
    }


def account_counts(user: User, users: Any, now: dt.datetime) -> dict[str, int]:
    """How many accounts each tab lists."""
    views = {name.replace("-", "_"): rows for name, rows in account_views(users, now).items()}
    counts = count_together(user, **views)
    return {name.replace("_", "-"): number for name, number in counts.items()}


def agency_register() -> Any:
    """All agencies with the number of people who can log in, of reporters, and of open assignments."""
    people = User.objects.active().filter(agency=OuterRef("pk"))
    reporters = User.objects.reporters().filter(agency=OuterRef("pk"))
    return Agency.objects.annotate(
        people_count=_how_many(people, "agency"),
        has_reporter=Exists(reporters),
        open_work=_how_many(Assignment.objects.open().filter(agency=OuterRef("pk")), "agency"),
    )


def agency_views(today: dt.date) -> dict[str, Any]:
    """The tabs of the agency list."""
    rows = agency_register()
    in_force = Q(pk__in=Agency.objects.in_force(today).values("pk"))
    return {
        "hien-hanh": rows.filter(in_force),
        "khong-nguoi": rows.filter(open_work__gt=0, has_reporter=False),
        "can-kiem-tra": rows.filter(in_force).exclude(certainty=Agency.Certainty.HIGH),
        "het-hieu-luc": rows.exclude(in_force),
        "co-nguoi": rows.filter(pk__in=User.objects.values("agency")),
    }


def agencies_nobody_reports_for() -> list[Any]:
    """Agencies with open work and nobody who can report it, most work first; each with ``open_work``."""
    silent = agency_register().filter(open_work__gt=0, has_reporter=False)
    return list(silent.order_by("-open_work", "sort_key", "pk"))


def open_work_of(person: User) -> Any:
    """Open assignments that the person is in charge of."""
    return Assignment.objects.open().filter(person=person).select_related("directive", "agency")


def tracked_by(person: User) -> Any:
    """Open directives that the person tracks."""
    return person.tracked.filter(status__in=list(OPEN)).order_by("pk")


@dataclass(frozen=True)
class Change:
    """One field of an account before and after."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Entry:
    """One change of an account: when, by whom, why, and what."""

    at: dt.datetime
    by: str
    reason: str
    is_new: bool
    password_reset: bool = False
    changes: list[Change] = field(default_factory=list)


def account_journal(person: User) -> list[Entry]:
    """What was changed on an account, the newest first, from the database's own history."""
    rows = list(UserHistory.objects.filter(pgh_obj=person).order_by("pgh_id"))
    names = dict(Agency.objects.filter(pk__in={row.agency_id for row in rows}).values_list("pk", "name"))
    authors = {row.pgh_context.get("user") for row in rows if row.pgh_context}
    people = dict(User.objects.filter(pk__in=authors - {None}).values_list("pk", "full_name"))
    entries = [
        _entry(row, rows[place - 1] if place else None, names, people) for place, row in enumerate(rows)
    ]
    told = [entry for entry in entries if entry.is_new or entry.changes or entry.password_reset]
    return told[::-1]


def _entry(row: Any, before: Any, agencies: dict[int, str], people: dict[int, str]) -> Entry:
    context = row.pgh_context or {}
    given = before is not None and row.must_change_password
    return Entry(
        at=row.pgh_created_at if before else row.created_at,
        by=people.get(context.get("user", 0), ""),
        reason=context.get("reason", ""),
        is_new=before is None,
        password_reset=bool(given and row.password_changed_at != before.password_changed_at),
        changes=list(_changes(row, before, agencies)) if before else [],
    )


def _changes(row: Any, before: Any, agencies: dict[int, str]) -> Iterable[Change]:
    for name in JOURNAL:
        column: Any = User._meta.get_field(name)
        old, new = getattr(before, column.attname), getattr(row, column.attname)
        if old != new:
            yield Change(str(column.verbose_name), _shown(name, old, agencies), _shown(name, new, agencies))


def _shown(name: str, value: Any, agencies: dict[int, str]) -> str:
    match name:
        case "agency":
            return agencies.get(value, "")
        case "role":
            return str(User.Role(value).label)
        case "is_active":
            return _now("in use") if value else _now("locked")
    return str(value) or "–"


def _how_many(rows: Any, key: str) -> Coalesce:
    counted = rows.order_by().values(key).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
