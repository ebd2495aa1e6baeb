"""What is told on one morning, whoever reads it: each rule's rows with the list behind it, loaded once for all.

The office's rules (``Configuration``). Work that runs is reminded of its deadline; what waits for somebody else's
confirmation, was paused or declined is not. What only lasts (silence, waiting, an assignment that nobody has received,
overdue work that has come before the head or the leader) is told on the morning it crosses its limit, then weekly.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.utils import timezone

from tracker.figures.asked import agency_of, asked_by
from tracker.figures.completeness import Handing, judged
from tracker.figures.entry import Entry, still_missing
from tracker.figures.register import count_by_agency
from tracker.figures.reminded import reminded
from tracker.figures.scope import Scope
from tracker.figures.work import REPORTABLE
from tracker.models import (
    CalendarDay,
    Configuration,
    ExtensionRequest,
    ExtensionStatus,
    Notice,
    PeriodStatus,
    ProgressReport,
    ReminderDay,
    ReportingPeriod,
    Standing,
    UrgingRecipient,
    User,
)
from tracker.permissions import can_decide_extension
from tracker.reminder_days import Morning
from tracker.vietnamese.working_days import WorkingDays

Kind = Notice.Kind

ANSWER_BEFORE = (1, 0)
"""Days before the answer to an urging is due on which it is reminded of."""


@dataclass
class Cut:
    """One list: by agency the rows told this morning, and how many rows the agency's list has in all."""

    told: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    totals: Counter[int] = field(default_factory=Counter)

    @property
    def all_told(self) -> list[Any]:
        """Of all agencies."""
        return [row for rows in self.told.values() for row in rows]

    def add(self, row: Any, *, is_told: bool) -> None:
        self.totals[row.agency_id] += 1
        if is_told:
            self.told[row.agency_id].append(row)


@dataclass
class Waiting:
    """Reports that wait for review, each with its ``days_waited`` (working days), and which are told this morning."""

    reports: list[Any] = field(default_factory=list)
    told: set[int] = field(default_factory=set)


@dataclass
class Requests:
    """Requests for an extension: for a decision, for the lead's answer; and which of them are told this morning."""

    waiting: list[Any] = field(default_factory=list)
    proposed: list[Any] = field(default_factory=list)
    told: set[int] = field(default_factory=set)
    deciders: dict[int, list[User]] = field(default_factory=dict)
    """Request → who tracks or directs the work, as far as they may decide; none: the leaders decide."""


@dataclass(frozen=True)
class Day:
    """The morning with all that its rules are judged by, and whose rows are loaded: None is every agency's."""

    morning: Morning
    calendar: WorkingDays
    office: Configuration
    agencies: frozenset[int] | None = None

    @classmethod
    def of(cls, day: dt.date) -> "Day | None":
        """None on a day off. Three queries."""
        calendar = CalendarDay.objects.working_days_around(day)
        morning = Morning.of(day, calendar, ReminderDay.last_before(day))
        return cls(morning, calendar, Configuration.current()) if morning else None

    def only(self, agencies: Iterable[int]) -> "Day":
        """The same morning, for the people of these agencies."""
        return replace(self, agencies=frozenset(agencies))

    @property
    def today(self) -> dt.date:
        return self.morning.day

    @property
    def scope(self) -> Scope:
        return Scope.of_office(self.office, self.today)

    def of_agencies(self, rows: Any) -> Any:
        return rows if self.agencies is None else rows.filter(agency__in=self.agencies)

    def assignments(self) -> Any:
        """Those of these agencies, with all that a line about them shows."""
        return self.of_agencies(self.scope.assignments()).for_list().order_by("due_on", "pk")


@dataclass
class Told:
    """Everything that is told on a morning."""

    day: Day
    due: Cut
    milestones: dict[int, frozenset[int]]
    """Assignment → which days before its deadline are told now; people choose among them."""
    late: Cut
    overdue: dict[int, list[Any]]
    """Agency → its running overdue work, told now or not."""
    silent: Cut
    not_received: Cut
    with_reporters: frozenset[int]
    """Agencies in which somebody can report."""
    closing: Cut
    period: ReportingPeriod | None
    owed: list[tuple[ReportingPeriod, dict[int, list[Entry]]]]
    """Periods about to close, with the figures that agencies have still to enter by themselves."""
    answers: Cut
    unanswered: list[Any]
    """Urged agencies that still owe an answer."""
    waiting: Waiting
    requests: Requests

    @classmethod
    def load(cls, day: Day, *, watched: bool) -> "Told":
        """``watched``: also what the department's people are told. As many queries, whatever there is."""
        due, milestones = _due(day)
        late, overdue = _late(day)
        closing, period = _closing(day)
        answers, unanswered = _answers(day)
        return cls(
            day=day,
            due=due,
            milestones=milestones,
            late=late,
            overdue=overdue,
            silent=_silent(day),
            not_received=_not_received(day),
            with_reporters=_with_reporters() if watched else frozenset(),
            closing=closing,
            period=period,
            owed=_owed(day),
            answers=answers,
            unanswered=unanswered,
            waiting=_waiting(day) if watched else Waiting(),
            requests=_requests(day),
        )

    def escalated_to_head(self, agency: int) -> list[Any]:
        """Running work of an agency that is overdue for too long, on the morning it comes to that, then weekly."""
        return self._overdue_for(self.day.office.head_after_days, self.overdue[agency])

    @cached_property
    def escalated_to_leaders(self) -> list[Any]:
        """The same of all agencies, after the longer time."""
        rows = [row for rows in self.overdue.values() for row in rows]
        return self._overdue_for(self.day.office.leader_after_days, rows)

    def _overdue_for(self, days: int, rows: list[Any]) -> list[Any]:
        wait = dt.timedelta(days=max(days, 1))
        return [row for row in rows if self.day.morning.tells_since(row.due_on + wait)]

    @cached_property
    def answers_escalated(self) -> list[Any]:
        """Answers to an urging overdue so long that who urged and the leaders are told, then weekly."""
        wait = dt.timedelta(days=max(self.day.office.leader_after_days, 1))
        tells = self.day.morning.tells_since
        return [row for row in self.unanswered if tells(row.urging.answer_due_on + wait)]


def _due(day: Day) -> tuple[Cut, dict[int, frozenset[int]]]:
    cut, milestones = Cut(), {}
    for row in reminded(Kind.DUE, day.assignments(), day.office, day.today, day.calendar):
        told = day.morning.days_ahead(row.due_on, day.office.remind_before)
        cut.add(row, is_told=bool(told))
        milestones[row.pk] = told
    return cut, milestones


def _late(day: Day) -> tuple[Cut, dict[int, list[Any]]]:
    """The list behind it is all overdue work, as the registers count it; only what runs is told."""
    totals = {row.key: row.late for row in count_by_agency(day.scope).rows}
    cut = Cut(totals=Counter(totals))
    overdue: dict[int, list[Any]] = defaultdict(list)
    running = day.assignments().filter(standing=Standing.LATE, status__in=REPORTABLE)
    for row in running.select_related("directive__directing_leader"):
        overdue[row.agency_id].append(row)
        if _tells_deadline(day, row.due_on, day.office.remind_before):
            cut.told[row.agency_id].append(row)
    return cut, overdue


def _tells_deadline(day: Day, due_on: dt.date, before: Collection[int]) -> bool:
    """Also when a day before the deadline was missed together with the deadline itself: what was untold is told."""
    office = day.office
    late = day.morning.tells_late(due_on, office.remind_after, weekly=office.remind_weekly)
    return late or bool(day.morning.days_ahead(due_on, before))


def _silent(day: Day) -> Cut:
    cut, limit = Cut(), dt.timedelta(days=day.office.stale_days + 1)
    for row in reminded(Kind.SILENT, day.assignments(), day.office, day.today, day.calendar):
        cut.add(row, is_told=day.morning.tells_since(row.silent_since + limit))
    return cut


def _not_received(day: Day) -> Cut:
    cut, days = Cut(), day.office.not_received_days
    for row in reminded(Kind.NOT_RECEIVED, day.assignments(), day.office, day.today, day.calendar):
        cut.add(row, is_told=day.morning.tells_since(day.calendar.add(row.assigned_on, days)))
    return cut


def _with_reporters() -> frozenset[int]:
    return frozenset(User.objects.reporters().order_by().values_list("agency", flat=True).distinct())


def _closing(day: Day) -> tuple[Cut, ReportingPeriod | None]:
    """Told when the closing of a month's figures comes near, and on the day by which agencies send."""
    months = ReportingPeriod.objects.in_hand_on(day.today).filter(status=PeriodStatus.OPEN)
    for period in months:
        if _tells_closing(day, period):
            cut = Cut()
            owing = judged(day.scope, period).filter(handing=Handing.PENDING)
            for row in day.of_agencies(owing).for_list().order_by("due_on", "pk"):
                cut.add(row, is_told=True)
            return cut, period
    return Cut(), None


def _tells_closing(day: Day, period: ReportingPeriod) -> bool:
    days = max(day.office.closing_soon_days - 1, 0)
    ahead = day.morning.days_ahead
    return bool(ahead(period.ends_on, {days}) or ahead(period.agencies_send_on, {0}))


def _owed(day: Day) -> list[tuple[ReportingPeriod, dict[int, list[Entry]]]]:
    """Of periods of every length; what goes with a progress report is told with it."""
    running = ReportingPeriod.objects.of_all().filter(status=PeriodStatus.OPEN, starts_on__lte=day.today)
    near = running.filter(agencies_send_on__gte=day.today).order_by("agencies_send_on", "pk")
    periods = [period for period in near if _tells_closing(day, period)]
    asked = asked_by(day.agencies) if periods else {}
    pairs = [pair for one in asked.values() for pair in one.alone]
    found = []
    for period in periods:
        by_agency: dict[int, list[Entry]] = defaultdict(list)
        for entry in still_missing(pairs, period):
            by_agency[agency_of((entry.indicator, entry.part))].append(entry)
        found.append((period, by_agency))
    return found


def _answers(day: Day) -> tuple[Cut, list[Any]]:
    cut = Cut()
    rows = day.of_agencies(UrgingRecipient.objects.unanswered())
    unanswered = list(rows.select_related("agency", "urging__by").order_by("urging__answer_due_on", "pk"))
    for row in unanswered:
        due_on = row.urging.answer_due_on
        cut.add(row, is_told=_tells_deadline(day, due_on, ANSWER_BEFORE))
    return cut, unanswered


def _waiting(day: Day) -> Waiting:
    found = Waiting()
    rows: Any = ProgressReport.objects.waiting().select_related("author", "agency", "assignment__directive")
    for report in rows.order_by("submitted_at", "pk"):
        since = _local_day(report.submitted_at)
        found.reports.append(report)
        report.days_waited = day.calendar.count(since, day.today)
        if day.morning.tells_since(day.calendar.add(since, day.office.review_days + 1)):
            found.told.add(report.pk)
    return found


def _requests(day: Day) -> Requests:
    """Told on the first morning after they were asked, or another date was proposed, and then weekly."""
    found = Requests()
    rows = day.of_agencies(ExtensionRequest.objects.in_hand()).for_list()
    directive = "assignment__directive"
    people = (f"{directive}__tracking_officer", f"{directive}__directing_leader")
    for request in rows.select_related(*people).order_by("asked_at", "pk"):
        (found.waiting if request.status == ExtensionStatus.ASKED else found.proposed).append(request)
        named = (request.assignment.directive.tracking_officer, request.assignment.directive.directing_leader)
        found.deciders[request.pk] = [one for one in named if one and can_decide_extension(one, request)]
        since = _local_day(request.decided_at or request.asked_at)
        if day.morning.tells_since(day.calendar.after(since)):
            found.told.add(request.pk)
    return found


def _local_day(moment: dt.datetime) -> dt.date:
    """The office's day, whatever zone the process has been set to."""
    return timezone.localdate(moment, timezone.get_default_timezone())
