"""Coverage by name (mức bao phủ): how many of the named bodies are in use, judged on a day.

What counts is the day from which a state was true, not the day on which it was reported: a body in use by 30/6 counts
on 30/6 even when that is written down in July, and one that is unticked later counts until the day it was unticked.
Exempt bodies leave the denominator, bodies that merge change it from the day of the merger on.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import FilteredRelation, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.judgement import ratio
from tracker.models import Agency, BodyState, Indicator, RosterBody, RosterMark
from tracker.vietnamese.dates import format_date
from tracker.vietnamese.text import fold

ADVISERS = gettext_lazy("Advisory bodies and public service units of the Provincial Party Committee")
COMMITTEES = gettext_lazy("Party committees directly under the Provincial Party Committee")
DISTRICTS = gettext_lazy("District and City Party Committees")
FRONT = gettext_lazy("Fatherland Front and socio-political organisations")
_PARTY_GROUPS = {"dang uy": COMMITTEES, "huyen uy": DISTRICTS, "thanh uy": DISTRICTS}
_GROUP_ORDER = [ADVISERS, COMMITTEES, DISTRICTS, FRONT]
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class BodyRow:
    """One body counted on the day: its state (a ``BodyState``) and the day since which it has been so.

    ``mark`` is the entry that says so (none before the first one), ``body`` the place on the list; both are None where
    several lists are counted together.
    """

    agency: Agency
    state: str
    since: dt.date | None
    body: RosterBody | None = None
    mark: RosterMark | None = None

    @property
    def is_in_use(self) -> bool:
        return self.state == BodyState.IN_USE

    @property
    def is_exempt(self) -> bool:
        return self.state == BodyState.EXEMPT

    @property
    def is_missing(self) -> bool:
        """Has to be in use and is not."""
        return not (self.is_in_use or self.is_exempt)


@dataclass(frozen=True)
class Change:
    """A day in the year from which the number of bodies to be counted is another one, and why."""

    day: dt.date
    before: int
    after: int
    joined: list[Agency]
    left: list[Agency]
    exempted: list[Agency]
    no_longer_exempt: list[Agency]
    reason: str
    is_merger: bool = False

    @property
    def sentence(self) -> str:
        head = _("From %(day)s: %(after)s agencies (before that %(before)s)") % {
            "day": format_date(self.day),
            "after": self.after,
            "before": self.before,
        }
        what = "; ".join(self._what())
        return f"{head}: {what} ({self.reason})." if self.reason else f"{head}: {what}."

    def _what(self) -> list[str]:
        words = []
        if self.is_merger:
            names = {"old": join_names(self.left), "new": join_names(self.joined)}
            words.append(_("%(old)s merge into %(new)s") % names)
        elif self.left:
            words.append(_("%(agencies)s no longer on the list") % {"agencies": join_names(self.left)})
        if self.joined and not self.is_merger:
            words.append(_("%(agencies)s added") % {"agencies": join_names(self.joined)})
        if self.exempted:
            words.append(_("%(agencies)s exempt") % {"agencies": join_names(self.exempted)})
        if self.no_longer_exempt:
            words.append(_("%(agencies)s no longer exempt") % {"agencies": join_names(self.no_longer_exempt)})
        return words


@dataclass(frozen=True)
class Coverage:
    """What a list of bodies says on a day. Counts are numbers of bodies; ``in_scope`` is the denominator.

    ``adopted_on`` has one day for each body in use: since when it has been so without a break. ``history`` has, for
    each day on which a count changed, the bodies in use and in scope from then on. ``changes`` are those of the
    denominator within the day's calendar year, ahead ones included.
    """

    indicator: Indicator
    day: dt.date
    bodies: list[BodyRow] = field(default_factory=list)
    history: list[tuple[dt.date, int, int]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    is_suggested: bool = False

    def _count(self, state: str) -> int:
        return sum(row.state == state for row in self.bodies)

    @property
    def in_use(self) -> int:
        return self._count(BodyState.IN_USE)

    @property
    def in_progress(self) -> int:
        return self._count(BodyState.IN_PROGRESS)

    @property
    def not_started(self) -> int:
        return self._count(BodyState.NOT_STARTED)

    @property
    def exempt(self) -> int:
        return self._count(BodyState.EXEMPT)

    @property
    def in_scope(self) -> int:
        """The denominator: the bodies on the list on that day without the exempt ones."""
        return len(self.bodies) - self.exempt

    @property
    def percent(self) -> Decimal | None:
        """Share of the bodies in use, in per cent; None for an empty list."""
        return ratio(Decimal(self.in_use), Decimal(self.in_scope))

    def percent_on(self, day: dt.date) -> Decimal | None:
        """The share on an earlier day, whenever it was reported; before the first step nobody was in use."""
        if day >= self.day:
            return self.percent
        steps = [step for step in self.history if step[0] <= day]
        if not steps:
            return Decimal(0) if self.bodies else None
        _day, in_use, in_scope = steps[-1]
        return ratio(Decimal(in_use), Decimal(in_scope))

    @property
    def missing(self) -> list[BodyRow]:
        """The bodies that still have to come into use."""
        return [row for row in self.bodies if row.is_missing]

    @property
    def adopted_on(self) -> list[dt.date]:
        return sorted(row.since for row in self.bodies if row.is_in_use and row.since)

    @property
    def by_bloc(self) -> list[tuple[str, list[BodyRow]]]:
        """The bodies under the name of their group, in the order in which lists print the groups."""
        return grouped(self.bodies)


def coverages(
    indicators: Iterable[Indicator], day: dt.date, *, children: Iterable[Indicator] | None = None
) -> dict[int, Coverage]:
    """The coverage on a day by indicator key, in two queries at most; others are left out.

    Covered are indicators counted from a list and those reached when all lists below them are (in use in every one).
    Who has the accepted indicators below these at hand gives them as ``children``.
    """
    asked = list(indicators)
    parents = [one for one in asked if one.rule == Indicator.Rule.ALL_CHILDREN]
    if children is None:
        children = Indicator.objects.in_use().filter(parent__in=parents) if parents else ()
    below = list(children)
    counted = {one.pk for one in [*asked, *below] if one.rule == Indicator.Rule.ROSTER}
    if not counted:
        return {}
    lists = {pk: _List() for pk in counted}
    for body in _bodies(counted, day):
        lists[body.roster.indicator_id].add(body)

    found = {one.pk: _cover(one, day, lists[one.pk]) for one in asked if one.pk in counted}
    for parent in parents:
        own = [child for child in below if child.parent_id == parent.pk]
        if own and all(child.pk in lists for child in own):
            found[parent.pk] = _cover(parent, day, _AllOf([lists[child.pk] for child in own]))
    return found


def grouped(rows: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    """Rows that have an ``agency``, under the printed name of its group, by the agencies' official order."""
    groups: dict[str, list[Any]] = {}
    for row in sorted(rows, key=lambda one: (_group_place(one.agency), one.agency.code)):
        groups.setdefault(str(_group(row.agency)), []).append(row)
    return list(groups.items())


def join_names(agencies: Sequence[Agency]) -> str:
    """“A”, “A và B”, “A, B và C”."""
    names = [agency.label for agency in agencies]
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _group(agency: Agency) -> Any:
    """A Party body's group is in its name: Đảng ủy …, Huyện ủy …, Thành ủy …; the others advise or serve."""
    if agency.bloc == Agency.Bloc.FRONT:
        return FRONT
    if agency.bloc == Agency.Bloc.PARTY:
        return _PARTY_GROUPS.get(" ".join(fold(agency.name).split()[:2]), ADVISERS)
    return agency.get_bloc_display()


def _group_place(agency: Agency) -> tuple[int, int]:
    group = _group(agency)
    return (
        _GROUP_ORDER.index(group) if group in _GROUP_ORDER else len(_GROUP_ORDER),
        Agency.Bloc.values.index(agency.bloc),
    )


def _bodies(indicators: Iterable[int], day: dt.date) -> Iterable[Any]:
    """The bodies on these lists, each with its marks until the day in order (``marks_then``); one query."""
    marked = FilteredRelation("marks", condition=Q(marks__since_on__lte=day))
    # Any: that annotated relations can be selected and ordered by is not known to the type checker.
    found: Any = RosterBody.objects.filter(roster__indicator__in=indicators).annotate(mark_then=marked)
    rows = found.select_related("agency", "roster", "mark_then__document").order_by(
        "pk", "mark_then__since_on", "mark_then__pk"
    )
    bodies: dict[int, Any] = {}
    for row in rows:
        body = bodies.setdefault(row.pk, row)
        if body is row:
            body.marks_then = []
        # Django leaves the attribute out where nothing is joined.
        if mark := getattr(row, "mark_then", None):
            body.marks_then.append(mark)
    return bodies.values()


class _Counted(Protocol):
    """Bodies that can be looked at on any day."""

    is_suggested: bool
    turning_days: set[dt.date]
    reasons: dict[tuple[int, dt.date], str]

    def on(self, day: dt.date) -> dict[int, BodyRow]: ...


class _List:
    """The bodies of one roster."""

    def __init__(self) -> None:
        self.is_suggested = False
        self.bodies: list[Any] = []
        self.turning_days: set[dt.date] = set()
        self.reasons: dict[tuple[int, dt.date], str] = {}

    def add(self, body: Any) -> None:
        self.is_suggested = body.roster.is_suggested
        self.bodies.append(body)
        if body.valid_from:
            self._turn(body, body.valid_from, body.reason)
        if body.valid_to and body.valid_to < dt.date.max:
            self._turn(body, body.valid_to + _ONE_DAY, body.reason)
        for mark in body.marks_then:
            self._turn(body, mark.since_on, mark.note)

    def _turn(self, body: RosterBody, day: dt.date, reason: str) -> None:
        self.turning_days.add(day)
        self.reasons[body.agency_id, day] = reason.strip()

    def on(self, day: dt.date) -> dict[int, BodyRow]:
        return {body.agency_id: _row(body, day) for body in self.bodies if _is_counted(body, day)}


class _AllOf:
    """The bodies of several lists: in use when they are in every list that counts them."""

    def __init__(self, lists: list[_List]) -> None:
        self.lists = lists
        self.is_suggested = any(one.is_suggested for one in lists)
        self.turning_days = {day for one in lists for day in one.turning_days}
        self.reasons = {key: reason for one in lists for key, reason in one.reasons.items()}

    def on(self, day: dt.date) -> dict[int, BodyRow]:
        places: dict[int, list[BodyRow]] = {}
        for one in self.lists:
            for agency, row in one.on(day).items():
                places.setdefault(agency, []).append(row)
        return {agency: _together(rows) for agency, rows in places.items()}


def _is_counted(body: RosterBody, day: dt.date) -> bool:
    return (body.valid_from is None or body.valid_from <= day) and (
        body.valid_to is None or day <= body.valid_to
    )


def _row(body: Any, day: dt.date) -> BodyRow:
    """The newest mark of the newest day counts; ``since`` goes back over marks that say the same."""
    state, since, newest = BodyState.NOT_STARTED.value, None, None
    by_day = {mark.since_on: mark for mark in body.marks_then if mark.since_on <= day}
    for mark in by_day.values():
        if newest is None or mark.state != state:
            state, since = mark.state, mark.since_on
        newest = mark
    return BodyRow(body.agency, state, since, body, newest)


def _together(rows: list[BodyRow]) -> BodyRow:
    asked = [row for row in rows if not row.is_exempt] or rows
    states = {row.state for row in asked}
    state = states.pop() if len(states) == 1 else BodyState.IN_PROGRESS.value
    return BodyRow(rows[0].agency, state, max((row.since for row in asked if row.since), default=None))


def _cover(indicator: Indicator, day: dt.date, counted: _Counted) -> Coverage:
    rows = sorted(counted.on(day).values(), key=lambda row: (_group_place(row.agency), row.agency.code))
    return Coverage(
        indicator=indicator,
        day=day,
        bodies=rows,
        history=_history(counted, day),
        changes=_changes(counted, day.year),
        is_suggested=counted.is_suggested,
    )


def _history(counted: _Counted, day: dt.date) -> list[tuple[dt.date, int, int]]:
    steps: list[tuple[dt.date, int, int]] = []
    for turn in sorted(one for one in counted.turning_days if one <= day):
        rows = counted.on(turn).values()
        step = (turn, sum(row.is_in_use for row in rows), sum(not row.is_exempt for row in rows))
        if not steps or steps[-1][1:] != step[1:]:
            steps.append(step)
    return steps


def _changes(counted: _Counted, year: int) -> list[Change]:
    changes = []
    for turn in sorted(one for one in counted.turning_days if one.year == year):
        before, after = counted.on(turn - _ONE_DAY), counted.on(turn)
        change = _change(turn, before, after, counted.reasons)
        if before and change.before != change.after:
            changes.append(change)
    return changes


def _change(
    day: dt.date,
    before: dict[int, BodyRow],
    after: dict[int, BodyRow],
    reasons: dict[tuple[int, dt.date], str],
) -> Change:
    joined = [after[agency] for agency in after if agency not in before]
    left = [before[agency] for agency in before if agency not in after]
    stayed = [(before[agency], after[agency]) for agency in after if agency in before]
    exempted = [new for old, new in stayed if new.is_exempt and not old.is_exempt]
    asked_again = [new for old, new in stayed if old.is_exempt and not new.is_exempt]

    def told(rows: list[BodyRow]) -> list[str]:
        return list(dict.fromkeys(filter(None, (reasons.get((row.agency.pk, day), "") for row in rows))))

    return Change(
        day=day,
        before=sum(not row.is_exempt for row in before.values()),
        after=sum(not row.is_exempt for row in after.values()),
        joined=[row.agency for row in joined],
        left=[row.agency for row in left],
        exempted=[row.agency for row in exempted],
        no_longer_exempt=[row.agency for row in asked_again],
        reason="; ".join(told([*joined, *left, *exempted, *asked_again])),
        # A merger is one entry: the old bodies and the new one bear the same reason.
        is_merger=bool(told(left)) and len(joined) == 1 and told(left) == told(joined),
    )
