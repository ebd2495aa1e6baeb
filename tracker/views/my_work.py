"""The page where agency staff begin: what they have to report, in the order in which it needs them."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.figures.entry import entries_due
from tracker.figures.scope import Scope
from tracker.figures.urged import SHOWN, still_urged
from tracker.figures.work import NOTE_A_PERIOD, MyWork, day_to_report, tracked_late
from tracker.figures.work import my_work as work_of
from tracker.forms.progress import ReportForm, new_report
from tracker.models import CalendarDay, ExtensionRequest, ProgressReport, ReportStatus, User
from tracker.permissions import (
    can_answer_proposal,
    can_answer_urging,
    can_ask_extension,
    can_decline,
    can_enter_figures,
    can_receive,
    can_report,
    can_see_review_queue,
    can_take_back,
)
from tracker.views.progress import short_ids

SHOWN_TO_CHASE = 5

SHORT_WEEKDAYS = (
    pgettext_lazy("short weekday", "Mon"),
    pgettext_lazy("short weekday", "Tue"),
    pgettext_lazy("short weekday", "Wed"),
    pgettext_lazy("short weekday", "Thu"),
    pgettext_lazy("short weekday", "Fri"),
    pgettext_lazy("short weekday", "Sat"),
    pgettext_lazy("short weekday", "Sun"),
)


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """Returned, overdue, due, waiting; ``?mo=`` opens the short report in one row."""
    user, today = request.user, clock.today()
    scope = Scope.of(user, today)
    work = work_of(user, today, scope.due_soon_days)
    _add_reports(work, user, today)
    urgings = still_urged(user, scope)
    context = {
        "work": work,
        "opened": _opened(request, work, today),
        "week": week(work, today),
        "period": work.period,
        "position": Position.of(work, today),
        "tracks": can_see_review_queue(user),
        "tracked": _tracked(user, scope),
        "shown_to_chase": SHOWN_TO_CHASE,
        "urged": [(one, can_answer_urging(user, one.recipient)) for one in urgings[:SHOWN]],
        "more_urged": max(len(urgings) - SHOWN, 0),
        "figures_due": entries_due(user, today) if can_enter_figures(user) else {},
        "today": today,
    }
    return render(request, "my_work/list.html", context)


def _everything(work: MyWork) -> list[Any]:
    return [*work.asked, *work.paused]


def _add_reports(work: MyWork, user: User, today: dt.date) -> None:
    """Each row with its report and its request for an extension in hand, and with what this person may do."""
    rows = _everything(work)
    asked = {row.pk for row in work.to_do}
    keys = [row.in_hand_pk for row in rows if row.in_hand_pk]
    reports = ProgressReport.objects.select_related("author", "reviewed_by__agency").in_bulk(keys)
    asked_for = ExtensionRequest.objects.in_hand().filter(assignment__in=[row.pk for row in rows])
    extensions = {one.assignment_id: one for one in asked_for.select_related("assignment")}
    for row in rows:
        row.report = reports.get(row.in_hand_pk)
        row.extension = extensions.get(row.pk)
        row.may_ask_extension = row.extension is None and can_ask_extension(user, row)
        row.may_answer_proposal = row.extension is not None and can_answer_proposal(user, row.extension)
        row.may_report = can_report(user, row)
        row.may_receive = can_receive(user, row)
        row.may_decline = can_decline(user, row)
        row.may_take_back = row.report is not None and can_take_back(user, row.report)
        row.fix_days = (row.report.fix_by - today).days if row.report and row.report.fix_by else None
        row.is_draft = row.in_hand == ReportStatus.DRAFT
        row.asks_note = row.directive.deadline_kind in NOTE_A_PERIOD
        row.is_silent = row.pk in asked


def _opened(request: HttpRequest, work: MyWork, today: dt.date) -> dict[str, Any]:
    """The row whose short report is open, with its form; nothing when the address names no such row."""
    wanted = request.GET.get("mo", "")
    row: Any = next((row for row in _everything(work) if str(row.pk) == wanted and row.may_report), None)
    if row is None:
        return {}
    report = row.report or new_report(row, by=request.user, today=today)
    form = ReportForm(report=report, auto_id=short_ids(row))
    return {"pk": row.pk, "form": form, "report": report, "as_of": day_to_report(row, today)}


def _tracked(user: User, scope: Scope) -> list[Any]:
    return list(tracked_late(scope)) if can_see_review_queue(user) else []


# The week


@dataclass(frozen=True)
class Day:
    """One day of this week, with how many tasks have to be done on it; ``unusual``: a holiday or make-up day."""

    date: dt.date
    name: Any
    is_today: bool
    returned: int
    late: int
    due: int
    unusual: CalendarDay | None

    @property
    def is_off(self) -> bool:
        return self.unusual is not None and self.unusual.kind == CalendarDay.Kind.OFF

    @property
    def is_due(self) -> bool:
        return bool(self.returned or self.due)


@dataclass(frozen=True)
class Week:
    """This week's days, and how many tasks of the period have no day in it."""

    days: list[Day]
    later: int


def week(work: MyWork, today: dt.date) -> Week:
    """Where in this week what is to do has its day; what is overdue belongs to today.

    A report is due when agencies send, or when the work itself falls due before that.
    """
    monday = today - dt.timedelta(days=today.weekday())
    sunday = monday + dt.timedelta(days=6)
    returned = Counter(max(row.report.fix_by or row.due_on or sunday, today) for row in work.returned)
    send_on = work.period.agencies_send_on
    due = Counter(min(row.due_on or send_on, send_on) for row in work.due)
    unusual = {row.day: row for row in CalendarDay.objects.between(monday, sunday)}
    days = []
    for number in range(7):
        date = monday + dt.timedelta(days=number)
        late = len(work.late) if date == today else 0
        name = SHORT_WEEKDAYS[number]
        days.append(Day(date, name, date == today, returned[date], late, due[date], unusual.get(date)))
    placed = sum(day.returned + day.late + day.due for day in days)
    return Week(days, len(work.to_do) - placed)


# Where the agency stands


@dataclass(frozen=True)
class Position:
    """Confirmed progress of the open work that has a deadline, beside what the time passed leads one to expect."""

    percent: int
    expected: int
    count: int
    behind: list[Any]

    @classmethod
    def of(cls, work: MyWork, today: dt.date) -> "Position | None":
        """The means over the agency's open assignments, and the three furthest behind; None without a deadline."""
        rows: list[Any] = _everything(work)
        for row in rows:
            row.expected = row.expected_percent(today)
        judged = [row for row in rows if row.expected is not None]
        if not judged:
            return None
        behind = sorted(
            (row for row in judged if row.percent < row.expected), key=lambda row: row.percent - row.expected
        )
        percent = sum(row.percent for row in judged) // len(judged)
        return cls(percent, sum(row.expected for row in judged) // len(judged), len(judged), behind[:3])
