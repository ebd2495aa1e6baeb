"""The notes “không phát sinh mới” between the demonstration year's reports, so that most periods were answered.

They are written in bulk: some five hundred acts through the verbs would take longer than the rest of the year. They
change nothing else: only periods before an assignment's newest confirmed report get one, with the progress known then.
"""

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pghistory

from tracker.demonstration_acts import moment
from tracker.models import Assignment, ProgressReport, ReportEvent, ReportingPeriod, ReportStatus, User
from tracker.permissions import Act, holds, require
from tracker.vietnamese.working_days import WorkingDays

if TYPE_CHECKING:
    from tracker.demonstration import Year


def write_notes(year: "Year") -> int:
    """One note for each period that an assignment under way has said nothing about. Returns how many."""
    rules = year.data["notes"]
    months = ReportingPeriod.objects.of_all().of_kind("month").filter(year=2020).in_order()
    periods = list(months.filter(ends_on__lt=dt.date.fromisoformat(rules["until"])))
    told = defaultdict(list)
    for report in ProgressReport.objects.order_by("as_of_on", "pk"):
        told[report.assignment_id].append(report)
    notes = []
    for assignment in Assignment.objects.select_related("directive__tracking_officer", "agency").order_by(
        "pk"
    ):
        silent = rules["silent"].get(assignment.agency.code, [])
        author = year.reporter(assignment.agency.code)
        for period in periods:
            if author and period.code not in silent and _is_open(assignment, period, told[assignment.pk]):
                is_late = period.code in rules["late"].get(assignment.agency.code, [])
                notes.append(_note(year, assignment, period, author, told[assignment.pk], is_late=is_late))
    with pghistory.context(command="seed_demo"):
        ProgressReport.objects.bulk_create(notes)
        ReportEvent.objects.bulk_create(event for note in notes for event in _events(note))
    return len(notes)


def _is_open(assignment: Assignment, period: ReportingPeriod, reports: list[ProgressReport]) -> bool:
    """Given by then, silent in the period, and heard of again later."""
    is_given = assignment.assigned_on <= period.ends_on
    has_said = any(period.starts_on <= report.as_of_on <= period.ends_on for report in reports)
    later = any(
        report.status == ReportStatus.CONFIRMED and report.as_of_on > period.ends_on for report in reports
    )
    return is_given and later and not has_said


def _note(
    year: "Year",
    assignment: Assignment,
    period: ReportingPeriod,
    author: User,
    reports: list[ProgressReport],
    *,
    is_late: bool,
) -> ProgressReport:
    reviewer = year.reviewer(assignment)
    require(holds(author, Act.REPORT, assignment))
    known = [report.percent for report in reports if report.as_of_on < period.starts_on]
    percent = known[-1] if known else 0
    written = _day_of_sending(year.office, period, assignment.pk, is_late=is_late)
    submitted, reviewed = moment(written, "10:40"), moment(year.office.after(written), "16:45")
    note = ProgressReport(
        assignment=assignment,
        author=author,
        agency=assignment.agency,
        status=ReportStatus.CONFIRMED,
        as_of_on=period.ends_on,
        percent=percent,
        percent_before=percent,
        done=year.data["notes"]["words"],
        nothing_new=True,
        saved_at=submitted,
        submitted_at=submitted,
        reviewed_by=reviewer,
        reviewed_at=reviewed,
    )
    require(holds(reviewer, Act.REVIEW, note))
    return note


def _day_of_sending(office: WorkingDays, period: ReportingPeriod, number: int, *, is_late: bool) -> dt.date:
    """A working day after the figures close: spread over those in time, or the first one too late."""
    if is_late:
        return office.after(period.agencies_send_on)
    days = [office.add(period.ends_on, count) for count in (1, 2, 3)]
    in_time = [day for day in days if day <= period.agencies_send_on]
    return in_time[number % len(in_time)]


def _events(note: ProgressReport) -> list[ReportEvent]:
    def event(status: ReportStatus, by: User, at: Any) -> ReportEvent:
        return ReportEvent(report=note, status=status, by=by, by_agency_id=by.agency_id, at=at)

    return [
        event(ReportStatus.SUBMITTED, note.author, note.submitted_at),
        event(ReportStatus.CONFIRMED, note.reviewed_by, note.reviewed_at),
    ]
