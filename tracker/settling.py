"""What a step settles: who was asked to act and has not read it yet is asked no longer, whoever has acted.

Marked as read in the transaction of the step. The morning's reminders are left alone: each morning says how it stands.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import F

from tracker import clock
from tracker.models import (
    DirectiveEvent,
    ExtensionRequest,
    ExtensionStatus,
    Instruction,
    Measurement,
    Notice,
    PeriodicReport,
    ProgressReport,
    ReportStatus,
    Status,
    UrgingRecipient,
    User,
)

Kind = Notice.Kind

ASKED_BY_REQUESTS = {
    ExtensionStatus.ASKED: Kind.EXTENSION_ASKED,
    ExtensionStatus.PROPOSED: Kind.DATE_PROPOSED,
}


def assignments_stepped(events: Sequence[DirectiveEvent]) -> None:
    """New assignments are received or refused, refusals answered, in one act.

    The person in charge still reads of their work.
    """
    left: dict[str, list[int | None]] = defaultdict(list)
    for event in events:
        left[event.from_status].append(event.assignment_id)
    if Status.NEW in left:
        asked = Notice.objects.filter(assignment__in=left[Status.NEW], kind=Kind.ASSIGNED)
        _settle(asked.exclude(user=F("assignment__person")), events[0].at)
    if Status.DECLINED in left:
        asked = Notice.objects.filter(assignment__in=left[Status.DECLINED], kind=Kind.DECLINED)
        _settle(asked, events[0].at)


def extension_moved(request: ExtensionRequest, before: str, at: dt.datetime | None) -> None:
    """Decided, answered or taken back. A decision that is undone asks all of them anew."""
    about = Notice.objects.filter(
        directive=request.assignment.directive_id, cause__startswith=f"extension:{request.pk}:"
    )
    if before:
        _settle(about.filter(kind=ASKED_BY_REQUESTS.get(ExtensionStatus(before))), at)
    if request.status == ExtensionStatus.ASKED:
        about.filter(kind=Kind.EXTENSION_ASKED).update(read_at=None)


def report_moved(report: ProgressReport, at: dt.datetime | None) -> None:
    """A returned report has been handed in again."""
    if report.status == ReportStatus.SUBMITTED:
        about = Notice.objects.filter(directive=report.assignment.directive_id, kind=Kind.RETURNED)
        _settle(about.filter(cause__startswith=f"report:{report.pk}:"), at)


def figure_moved(figure: Measurement, at: dt.datetime | None) -> None:
    """A returned figure has been handed in again, by itself or with a report."""
    if figure.status == ReportStatus.SUBMITTED:
        about = _of_people(figure.agency_id).filter(kind=Kind.FIGURE_RETURNED)
        _settle(about.filter(cause__startswith=f"figure:{figure.pk}:"), at)


def paper_moved(report: PeriodicReport, at: dt.datetime | None) -> None:
    """An official report went on: the other leaders need not look at it, nor its writers at what was returned."""
    asked = Notice.objects.filter(kind__in=[Kind.PAPER_SUBMITTED, Kind.PAPER_RETURNED])
    _settle(asked.filter(cause__startswith=f"paper:{report.pk}:"), at)


def instruction_answered(instruction: Instruction) -> None:
    about = Notice.objects.filter(directive=instruction.directive_id, kind=Kind.INSTRUCTED)
    _settle(about.filter(cause=f"instruction:{instruction.pk}"), instruction.answered_at)


def urging_answered(recipient: UrgingRecipient) -> None:
    """By anybody of the agency; the other urged agencies are asked still."""
    about = _of_people(recipient.agency_id).filter(kind=Kind.URGED)
    _settle(about.filter(cause=f"urging:{recipient.urging_id}"), recipient.answered_at)


def _of_people(agency: int) -> Any:
    """What the people who work in an agency have been told."""
    return Notice.objects.filter(user__in=User.objects.filter(agency=agency).order_by().values("pk"))


def _settle(asked: Any, at: dt.datetime | None) -> None:
    asked.mark_read(at or clock.now())
