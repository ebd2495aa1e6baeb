"""The morning's digest of each person and the leaders' weekly one: what to do, counted as the screens count it.

Each line names the rows that are told on this morning and opens the list behind them, with how many rows that has
now. A digest can be made again at any moment: what was closed meanwhile is gone from it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from tracker.figures.completeness import Handing
from tracker.figures.digest_rows import Day, Told
from tracker.figures.entry import Entry
from tracker.figures.extensions import Tab
from tracker.figures.overview import overview
from tracker.figures.periods import Period
from tracker.figures.reviews import reviewable
from tracker.figures.scope import Scope
from tracker.models import Deputyship, Notice, NoticePreference, Standing, User
from tracker.permissions import (
    Act,
    allows,
    can_answer_proposal,
    can_decide_extension,
    can_enter_figures,
    can_see_review_queue,
)

Kind = Notice.Kind
Role = User.Role

REPORTERS = frozenset({Role.STAFF, Role.AGENCY_HEAD, Role.OFFICER})
WATCHERS = frozenset({Role.OFFICER, Role.LEADER})


@dataclass(frozen=True)
class Line:
    """One matter of a digest: the rows told today, and the list behind them with its length at this moment."""

    kind: Notice.Kind
    rows: list[Any]
    total: int
    url: str
    words: dict[str, Any]
    """What a sentence needs besides, as plain values; see ``tracker/notice_words.py``."""
    about: str = ""
    """Tells lines of one kind apart: the period whose figures are owed."""


@dataclass(frozen=True)
class Digest:
    """What one person is told on a morning, for themselves or in place of somebody who is away."""

    user: User
    day: dt.date
    for_person: User | None = None
    lines: list[Line] = field(default_factory=list)


Heard = tuple[str, str, int | str]
"""What a reader has been told: the kind, what it is about, the row."""


@dataclass(frozen=True)
class _Reader:
    """Who reads (``user``), and whose work it is about (``person``); two people where a deputy stands in."""

    user: User
    person: User

    @property
    def for_person(self) -> User | None:
        return None if self.user == self.person else self.person


def digests(users: Iterable[User], day: dt.date) -> list[Digest]:
    """The digests of these people that say something, of each person first their own; none on a day off.

    Nobody is told of the same thing twice: what a deputy reads in place of others is what is not in the own digest.
    The number of queries depends neither on how many people nor on how many rows there are.
    """
    found = Day.of(day)
    readers = _readers(users, day) if found else []
    if found is None or not readers:
        return []
    watched = any(one.person.role in WATCHERS for one in readers)
    if not watched:
        found = found.only(one.person.agency_id for one in readers)
    chosen = NoticePreference.objects.in_bulk({one.person.pk for one in readers})
    told = Told.load(found, watched=watched)
    heard: dict[User, set[Heard]] = defaultdict(set)
    made = []
    for one in readers:
        lines = _unheard(_lines(told, one, chosen.get(one.person.pk)), heard[one.user])
        made.append(Digest(one.user, day, one.for_person, lines))
    return [digest for digest in made if digest.lines]


def _unheard(lines: list[Line], heard: set[Heard]) -> list[Line]:
    """Without what the reader is told already, for themselves or in place of somebody else; noted as told now."""
    left = []
    for line in lines:
        rows = [row for row in line.rows if (line.kind, line.about, _key(row)) not in heard]
        heard.update((line.kind, line.about, _key(row)) for row in rows)
        if rows:
            left.append(replace(line, rows=rows, words=line.words | _words(line.kind, rows)))
    return left


def digest_of(user: User, day: dt.date) -> Digest | None:
    """The person's own digest as things stand now; None when there is nothing to say."""
    return next((one for one in digests([user], day) if one.for_person is None), None)


def _readers(users: Iterable[User], day: dt.date) -> list[_Reader]:
    """Active people for themselves, then for those active ones in whose place they read on this day."""
    people = [user for user in users if user.is_active]
    away = Deputyship.objects.on(day).filter(deputy__in=people, person__is_active=True)
    deputies = {
        (row.deputy_id, row.person_id): _Reader(row.deputy, row.person)
        for row in away.select_related("person__agency", "deputy__agency").order_by("pk")
    }
    return [*(_Reader(user, user) for user in people), *deputies.values()]


# The lines of one reader


def _lines(told: Told, reader: _Reader, chosen: NoticePreference | None) -> list[Line]:
    """In the order in which they need the person."""
    person = reader.person
    lines: list[Line | None] = []
    if person.role == Role.LEADER:
        lines.append(_escalated_to_leader(told, person))
    if person.role in REPORTERS:
        lines += _of_agency(told, reader, chosen)
    if person.role in WATCHERS:
        lines.append(_to_review(told, reader))
    lines += [_not_received(told, person), _to_decide(told, reader), _answers(told, person)]
    return [line for line in lines if line and line.rows]


def _of_agency(told: Told, reader: _Reader, chosen: NoticePreference | None) -> list[Line | None]:
    """What the people of an agency are told about its own work."""
    person = reader.person
    agency = person.agency_id
    code = {"cq": person.agency.code}
    late, escalated = told.late.told[agency], []
    if person.role == Role.AGENCY_HEAD:
        escalated = told.escalated_to_head(agency)
        late = [row for row in late if row not in escalated]
    due = [row for row in told.due.told[agency] if _wants(told.milestones[row.pk], chosen)]
    silent = told.silent.told[agency]
    overdue = _assignments(**code, tt=Standing.LATE)
    return [
        _line(Kind.ESCALATED, escalated, told.late.totals[agency], overdue),
        _line(Kind.LATE, late, told.late.totals[agency], overdue),
        _line(Kind.DUE, due, told.due.totals[agency], _assignments(**code, nhac=Kind.DUE)),
        _closing(told, agency, code),
        *_owed(told, reader),
        _line(Kind.SILENT, silent, told.silent.totals[agency], _assignments(**code, nhac=Kind.SILENT)),
    ]


def _closing(told: Told, agency: int, code: dict[str, str]) -> Line | None:
    """What the agency has still to report for the month whose figures are about to close."""
    period, cut = told.period, told.closing
    if period is None:
        return None
    url = _assignments(**code, kbc=period.code, nop=Handing.PENDING)
    send_by = period.agencies_send_on.isoformat()
    return _line(Kind.CLOSING, cut.told[agency], cut.totals[agency], url, period=period.code, send_by=send_by)


def _owed(told: Told, reader: _Reader) -> list[Line]:
    """The figures that the agency enters by itself, for each period about to close; to who can enter them."""
    agency = reader.person.agency_id
    both = {reader.person, reader.user}
    if not all(one.agency_id == agency and can_enter_figures(one) for one in both):
        return []
    lines = []
    for period, by_agency in told.owed:
        rows = by_agency[agency]
        url = f"{reverse('figures_enter')}?{urlencode({'ky': period.code})}"
        days = {"period": period.code, "send_by": period.agencies_send_on.isoformat()}
        line = _line(Kind.CLOSING, rows, len(rows), url, figures=True, **days)
        lines.append(replace(line, about=period.code))
    return lines


def _wants(milestones: frozenset[int], chosen: NoticePreference | None) -> bool:
    """The office's days before a deadline, less those that the person does not want."""
    return chosen is None or not milestones.isdisjoint(chosen.remind_before)


def _not_received(told: Told, person: User) -> Line | None:
    """To the agency; where nobody can receive it, to who tracks the directive."""
    if person.role not in REPORTERS:
        return None
    cut = told.not_received
    rows, total, query = (
        list(cut.told[person.agency_id]),
        cut.totals[person.agency_id],
        {"cq": person.agency.code},
    )
    if person.role in WATCHERS:
        orphans = [
            row
            for row in cut.all_told
            if row.agency_id not in told.with_reporters and row.directive.tracking_officer_id == person.pk
        ]
        if orphans:
            rows, total, query = [*rows, *orphans], cut.totals.total(), {}
    url = _assignments(**query, nhac=Kind.NOT_RECEIVED)
    return _line(Kind.NOT_RECEIVED, rows, total, url)


def _escalated_to_leader(told: Told, person: User) -> Line:
    """To the leader who directs the work; where no active leader is named, to all of them."""
    rows = [row for row in told.escalated_to_leaders if _directs(person, row.directive.directing_leader)]
    return _line(Kind.ESCALATED, rows, told.late.totals.total(), _assignments(tt=Standing.LATE))


def _directs(person: User, named: User | None) -> bool:
    in_office = named is not None and named.is_active and named.role == Role.LEADER
    return named == person if in_office else True


def _to_review(told: Told, reader: _Reader) -> Line | None:
    """Reports that wait longer than the office allows, of those that the reader may review."""
    if not can_see_review_queue(reader.user):
        return None
    waiting = told.waiting
    queue = reviewable(reader.user, waiting.reports)
    rows = [row for row in reviewable(reader.person, queue) if row.pk in waiting.told]
    return _line(Kind.TO_REVIEW, rows, len(queue), reverse("review_queue"))


def _to_decide(told: Told, reader: _Reader) -> Line:
    """Requests for more time: for the assigner's side to decide, for the lead's people to answer."""
    requests, both = told.requests, {reader.person, reader.user}
    decides = []
    if reader.person.role in WATCHERS:
        decides = [
            row
            for row in requests.waiting
            if row.pk in requests.told
            and _decides(reader.person, row, requests.deciders[row.pk])
            and can_decide_extension(reader.user, row)
        ]
    answers = [
        row
        for row in requests.proposed
        if row.pk in requests.told and all(can_answer_proposal(one, row) for one in both)
    ]
    tab, listed = (Tab.WAITING, requests.waiting) if decides else (Tab.PROPOSED, requests.proposed)
    seen = [row for row in listed if reader.user.sees_everything or row.agency_id == reader.user.agency_id]
    url = f"{reverse('extension_list')}?{urlencode({'tt': tab})}"
    return _line(Kind.TO_DECIDE, [*decides, *answers], len(seen), url)


def _decides(person: User, request: Any, named: list[User]) -> bool:
    """Who tracks or directs the work, as far as they may decide; where neither may, the leaders."""
    if named:
        return person in named
    return person.role == Role.LEADER and can_decide_extension(person, request)


def _answers(told: Told, person: User) -> Line:
    """To the urged agency; overdue for long, to who urged it as well, and to the leaders where an officer did."""
    agency, query = person.agency_id, {"tt": "waiting", "cq": person.agency.code}
    rows = list(told.answers.told[agency]) if allows(person, Act.ANSWER_URGING) else []
    listed = [row for row in told.unanswered if row.agency_id == agency]
    missing = [row for row in told.answers_escalated if _misses(person, row) and row not in rows]
    if missing:
        day, query = told.day.today, {"tt": "overdue"}
        listed = [row for row in told.unanswered if row.urging.answer_due_on < day]
        if rows:
            query, listed = {"tt": "waiting"}, told.unanswered
    rows += missing
    total = len({row.urging_id for row in listed})
    url = f"{reverse('urging_list')}?{urlencode(query)}"
    return _line(Kind.ANSWER_DUE, rows, total, url)


def _misses(person: User, recipient: Any) -> bool:
    """Does this person of the department wait for the answer?"""
    urged_by = recipient.urging.by
    if person.role not in WATCHERS:
        return False
    return urged_by == person or (person.role == Role.LEADER and urged_by.role != Role.LEADER)


def _assignments(**query: Any) -> str:
    return f"{reverse('assignment_list')}?{urlencode({key: str(value) for key, value in query.items()})}"


def _line(kind: Notice.Kind, rows: list[Any], total: int, url: str, **words: Any) -> Line:
    return Line(kind, rows, total, url, words | _words(kind, rows))


def _key(row: Any) -> int | str:
    return row.key if isinstance(row, Entry) else row.pk


def _words(kind: Notice.Kind, rows: list[Any]) -> dict[str, Any]:
    """What a sentence says of these rows. Figures are listed by the page that takes them alone, never here."""
    keys = [row.pk for row in rows if not isinstance(row, Entry)]
    words: dict[str, Any] = {"count": len(rows), "rows": keys}
    if kind in _FIRST:
        words["first"] = min((_FIRST[kind](row).isoformat() for row in rows), default="")
    if kind == Kind.ESCALATED:
        words["agencies"] = len({row.agency_id for row in rows})
    if kind == Kind.TO_REVIEW:
        words["days"] = max((row.days_waited for row in rows), default=0)
    return words


_FIRST: dict[Notice.Kind, Callable[[Any], dt.date]] = {
    Kind.LATE: lambda row: row.due_on,
    Kind.DUE: lambda row: row.due_on,
    Kind.SILENT: lambda row: row.silent_since,
    Kind.NOT_RECEIVED: lambda row: row.assigned_on,
    Kind.ANSWER_DUE: lambda row: row.urging.answer_due_on,
}
"""The day of a row whose earliest is told."""


# The week


def weeks(users: Iterable[User], day: dt.date) -> list[Digest]:
    """The week's summaries of the leaders among these people, and of their deputies, on the office's day for it.

    Of each agency a person reads one, for themselves or in place of somebody else. The numbers are those of the
    overview as it opens, read once for all leaders of an agency.
    """
    found = Day.of(day)
    if found is None or not found.morning.tells_weekday(found.office.weekly_digest_on):
        return []
    readers = [one for one in _readers(users, day) if one.person.role == Role.LEADER]
    read: dict[int, Line] = {}
    made: dict[tuple[User, int], Digest] = {}
    for one in readers:
        agency = one.person.agency_id
        line = read[agency] if agency in read else read.setdefault(agency, _week(one.person, day))
        if any(line.words.values()):
            made.setdefault((one.user, agency), Digest(one.user, day, one.for_person, [line]))
    return list(made.values())


def _week(leader: User, day: dt.date) -> Line:
    page = overview(Scope.of(leader, day, period=Period.parse(str(day.year))))
    words = {
        "late": page.late,
        "late_agencies": len(page.late_agencies),
        "decisions": len(page.decisions),
        "at_risk": len(page.plan.unsafe),
        "waiting": page.waiting,
    }
    return Line(Kind.WEEK, [], page.late, reverse("overview"), words)
