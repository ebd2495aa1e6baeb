"""Who has sent what for which reporting period (tình hình nộp báo cáo): on time, late, not sent, not asked for.

The office's rule. A report counts for the period in which its as-of day lies; it is on time when it was first handed
in by the day on which agencies send. “Nothing new” is a report too and is counted once more by itself. An assignment
is asked for when it was running at the end of the window (today, while the window is open); one completed or paused
before the end is not, unless it has reported for the period.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Case, Count, Exists, Max, Min, OuterRef, Q, Subquery, TextField, Value, When
from django.utils.translation import gettext_lazy as _

from tracker.figures.scope import Scope
from tracker.figures.work import REPORTABLE
from tracker.models import Agency, ProgressReport, ReportEvent, ReportingPeriod, ReportStatus, User
from tracker.models.occurrences import asks_itself
from tracker.models.standing import end_of
from tracker.vietnamese.calendar import window_in_hand

KINDS = (
    ReportingPeriod.Kind.MONTH,
    ReportingPeriod.Kind.QUARTER,
    ReportingPeriod.Kind.HALF,
    ReportingPeriod.Kind.YEAR,
)
HANDED_IN = (ReportStatus.SUBMITTED, ReportStatus.RETURNED, ReportStatus.CONFIRMED)


class Handing(models.TextChoices):
    """What has become of one report that a period may ask for."""

    ON_TIME = "on_time", _("Sent on time")
    LATE = "late", _("Sent late")
    MISSING = "missing", _("Not sent")
    PENDING = "pending", _("Not due yet")
    NOT_ASKED = "not_asked", _("Not asked for")


SENT = frozenset({Handing.ON_TIME, Handing.LATE})
ASKED = frozenset(Handing) - {Handing.NOT_ASKED}

CUTS: dict[str, frozenset[Handing]] = {
    **{state.value: frozenset({state}) for state in Handing},
    "asked": ASKED,
    "sent": SENT,
}
CHOICES: list[tuple[str, Any]] = [
    *Handing.choices,
    ("asked", _("Asked for")),
    ("sent", _("Sent")),
    ("nothing_new", _("Nothing new")),
]
"""What the lists can be cut by: each count of the page is one of these."""


# The periods


def periods_of(
    kind: str, year: int, today: dt.date, stored: Iterable[ReportingPeriod]
) -> list[ReportingPeriod]:
    """The year's periods of a kind up to the one in hand, in their order."""
    latest = window_in_hand(today).starts_on
    return [row for row in stored if row.kind == kind and row.year == year and row.starts_on <= latest]


# Assignments


def judged(scope: Scope, period: ReportingPeriod) -> Any:
    """The assignments that the person sees as they stood at the end of the window; see ``with_handing``."""
    standing = scope.on(min(period.ends_on, scope.today)).in_period(None)
    return with_handing(standing.assignments(), period, scope.today)


def with_handing(rows: Any, period: ReportingPeriod, today: dt.date) -> Any:
    """Of rows as they stood when the window closed: annotate ``sent_at``, ``handing`` and ``has_content``."""
    window = (period.starts_on, period.ends_on)
    reports = ProgressReport.objects.filter(
        assignment=OuterRef("pk"), status__in=HANDED_IN, as_of_on__range=window
    )
    taken_back = ReportEvent.objects.filter(
        report=OuterRef("report"), status=ReportStatus.DRAFT, pk__gt=OuterRef("pk")
    )
    handed_in = ReportEvent.objects.filter(
        report__assignment=OuterRef("pk"),
        report__status__in=HANDED_IN,
        report__as_of_on__range=window,
        status=ReportStatus.SUBMITTED,
    ).exclude(Exists(taken_back))
    owing = Handing.MISSING if today > period.agencies_send_on else Handing.PENDING
    asks = asks_itself(min(period.ends_on, today), "directive")
    return rows.annotate(
        sent_at=Subquery(handed_in.order_by("at").values("at")[:1]),
        has_content=Exists(reports.filter(nothing_new=False)),
    ).annotate(
        handing=Case(
            When(sent_at__lt=end_of(period.agencies_send_on), then=Value(Handing.ON_TIME)),
            When(sent_at__isnull=False, then=Value(Handing.LATE)),
            When(asks, status_then__in=REPORTABLE, then=Value(owing)),
            default=Value(Handing.NOT_ASKED),
            output_field=TextField(),
        )
    )


def cut(rows: Any, choice: str) -> Any:
    """After ``with_handing``: the rows behind one count."""
    if choice == "nothing_new":
        return rows.filter(handing__in=SENT, has_content=False)
    return rows.filter(handing__in=CUTS[choice])


# The matrix


@dataclass
class Cell:
    """One agency (or all) in one period."""

    period: ReportingPeriod
    counts: Counter[str] = field(default_factory=Counter)
    nothing_new: int = 0

    @property
    def asked(self) -> int:
        return sum(self.counts[state] for state in ASKED)

    @property
    def sent(self) -> int:
        return sum(self.counts[state] for state in SENT)

    @property
    def handing(self) -> Handing:
        """The one word for the cell: what somebody still has to do goes first."""
        order = (Handing.MISSING, Handing.PENDING, Handing.LATE, Handing.ON_TIME)
        return next((state for state in order if self.counts[state]), Handing.NOT_ASKED)

    def add(self, other: "Cell") -> None:
        self.counts.update(other.counts)
        self.nothing_new += other.nothing_new


@dataclass
class Line:
    """One agency over the periods, and since when it has said nothing new."""

    agency: Any
    cells: list[Cell]
    silent_days: int | None = None
    """Days since its last entry with content, of an agency with running work; see ``has_spoken``."""
    has_spoken: bool = False


@dataclass
class Matrix:
    """Agencies by bloc, and the sum of each period."""

    periods: list[ReportingPeriod]
    blocs: list[tuple[Any, list[Line]]]
    totals: list[Cell]

    @property
    def lines(self) -> list[Line]:
        return [line for _bloc, lines in self.blocs for line in lines]


def matrix(
    scope: Scope, periods: list[ReportingPeriod], *, bloc: str = "", agency: Agency | None = None
) -> Matrix:
    """Assignments by agency and period, in a fixed number of queries; agencies asked for nothing are left out."""
    cells = _cells(scope, periods, bloc, agency)
    agencies = Agency.objects.select_related("merged_into").in_bulk(list(cells))
    silence = _silence(scope, agencies)
    lines = [
        Line(
            agencies[pk],
            [by_period.get(row.pk) or Cell(row) for row in periods],
            *silence.get(pk, (None, False)),
        )
        for pk, by_period in cells.items()
    ]
    return lay_out(periods, lines)


def lay_out(periods: list[ReportingPeriod], lines: list[Line]) -> Matrix:
    """Lines that were asked for something, under their blocs, by name; with the sum of each column."""
    asked = [line for line in lines if any(cell.asked for cell in line.cells)]
    asked.sort(key=lambda line: (line.agency.sort_key, line.agency.pk))
    blocs = [
        (label, [line for line in asked if line.agency.bloc == bloc]) for bloc, label in Agency.Bloc.choices
    ]
    totals = [Cell(period) for period in periods]
    for line in lines:
        for total, cell in zip(totals, line.cells, strict=True):
            total.add(cell)
    return Matrix(periods, [(label, found) for label, found in blocs if found], totals)


def own_row(user: User) -> Q:
    """The department reads every agency's row, everybody else their own."""
    return Q() if user.sees_everything else Q(agency=user.agency_id)


def _cells(
    scope: Scope, periods: list[ReportingPeriod], bloc: str, agency: Agency | None
) -> dict[int, dict[int, Cell]]:
    """Agency → period → cell, all periods in one query."""
    chosen = own_row(scope.user)
    if bloc:
        chosen &= Q(agency__bloc=bloc)
    if agency:
        chosen &= Q(agency=agency)
    without_content = Count("pk", filter=Q(handing__in=SENT, has_content=False))
    groups = [
        judged(scope, period)
        .filter(chosen)
        .order_by()
        .annotate(period_pk=Value(period.pk))
        .values("period_pk", "agency", "handing")
        .annotate(n=Count("pk"), silent=without_content)
        .values_list("period_pk", "agency", "handing", "n", "silent")
        for period in periods
    ]
    by_key = {period.pk: period for period in periods}
    cells: dict[int, dict[int, Cell]] = defaultdict(dict)
    for period_pk, agency_pk, handing, n, silent in groups[0].union(*groups[1:], all=True) if groups else ():
        cell = cells[agency_pk].setdefault(period_pk, Cell(by_key[period_pk]))
        cell.counts[handing] += n
        cell.nothing_new += silent
    return dict(cells)


def _silence(scope: Scope, agencies: Iterable[int]) -> dict[int, tuple[int, bool]]:
    """Days without a new entry for each agency with running work, and whether it ever made one; two queries.

    Counted from the as-of day of its last report with content, or from its first assignment; never from a click.
    """
    running = scope.on(scope.today).in_period(None).assignments().filter(status__in=REPORTABLE)
    running = running.filter(asks_itself(scope.today, "directive"))
    given = running.filter(agency__in=list(agencies)).order_by().values("agency")
    since = dict(given.annotate(first=Min("assigned_on")).values_list("agency", "first"))
    entries = ProgressReport.objects.with_content().filter(assignment__agency__in=list(since))
    spoken = dict(
        entries.order_by()
        .values("assignment__agency")
        .annotate(last=Max("as_of_on"))
        .values_list("assignment__agency", "last")
    )
    return {pk: ((scope.today - (spoken.get(pk) or first)).days, pk in spoken) for pk, first in since.items()}
