"""The reports that wait for this person's review: the same rows for the queue, its counts and the navigation."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tracker.figures.entry import Entry, entries_of
from tracker.models import Evidence, ProgressReport, ReportEvent, ReportStatus, User
from tracker.models.standing import end_of


def review_queue(user: User) -> Any:
    """Waiting reports that this person may confirm or return: of other agencies, never their own, oldest first."""
    rows = ProgressReport.objects.visible_to(user).waiting()
    return rows.exclude(agency=user.agency_id).exclude(author=user.pk).order_by("submitted_at", "pk")


def reviewable(user: User, waiting: Iterable[Any]) -> list[Any]:
    """``review_queue`` of rows that have been loaded for many: all that wait, for who reviews at all."""
    return [row for row in waiting if row.agency_id != user.agency_id and row.author_id != user.pk]


@dataclass
class Queue:
    """What waits, oldest first: reports with something to look at, and those without."""

    doubtful: list[Any] = field(default_factory=list)
    plain: list[Any] = field(default_factory=list)

    @property
    def reports(self) -> list[Any]:
        """All of them in the order in which they are read."""
        return [*self.doubtful, *self.plain]

    @property
    def oldest(self) -> Any:
        return min(self.reports, key=lambda report: (report.submitted_at, report.pk), default=None)

    def next_after(self, pk: int) -> Any:
        """The report to read after this one; from the end back to the start, None when no other waits."""
        keys = [report.pk for report in self.reports]
        place = keys.index(pk) + 1 if pk in keys else 0
        others = self.reports[place:] + self.reports[:place]
        return next((report for report in others if report.pk != pk), None)


def queue(user: User, today: dt.date) -> Queue:
    """The person's queue, each report with all that its row shows, in a fixed number of queries."""
    waiting = Queue()
    for report in with_figures(review_queue(user).for_review()):
        (waiting.doubtful if report.warnings(today) else waiting.plain).append(report)
    return waiting


def with_figures(reports: Iterable[Any]) -> list[Any]:
    """Reports after ``for_review``, each with its figures (``figure_entries``) and how many of them to look at."""
    rows = list(reports)
    entries = entries_of(rows)
    for report in rows:
        report.figure_entries = entries.get(report.pk, [])
        report.doubted_figures = sum(entry.is_doubtful for entry in report.figure_entries)
    return rows


@dataclass(frozen=True)
class Reading:
    """One report beside what was confirmed before it."""

    report: Any
    earlier: Any
    evidence: list[Evidence]
    figures: list[Entry]
    last_words: ReportEvent | None


def reading(report: Any) -> Reading:
    """Everything that a reviewer reads about a report; needs ``with_figures``."""
    earlier = (
        ProgressReport.objects.for_review().filter(pk=report.earlier).first() if report.earlier else None
    )
    decided = ReportEvent.objects.filter(
        report__assignment=report.assignment_id, status__in=[ReportStatus.RETURNED, ReportStatus.CONFIRMED]
    )
    if report.status in {ReportStatus.RETURNED, ReportStatus.CONFIRMED}:
        decided = decided.exclude(at__gte=report.reviewed_at)
    return Reading(
        report,
        earlier,
        list(report.evidence.all()),
        report.figure_entries,
        decided.select_related("by").first(),
    )


def reviewed_on(user: User, day: dt.date) -> Any:
    """What this person confirmed or returned on a day, the newest first."""
    return (
        ReportEvent.objects.filter(
            by=user, status__in=[ReportStatus.RETURNED, ReportStatus.CONFIRMED], at__lt=end_of(day)
        )
        .filter(at__gte=end_of(day - dt.timedelta(days=1)))
        .select_related("report__assignment__agency", "report__assignment__directive")
    )
