"""Everything that the page of one directive shows, as one person may see it, in a fixed number of queries."""

import datetime as dt
import itertools
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Left, NullIf
from django.utils.translation import get_language

from tracker.figures.behind import Measure, calendar_along, calendar_of
from tracker.figures.counting import count_of
from tracker.figures.coverage import coverages
from tracker.figures.directive_targets import DirectiveTargets, directive_targets
from tracker.figures.extensions import DEADLINE_STEPS
from tracker.figures.scope import Scope
from tracker.figures.urged import opened_count
from tracker.figures.warnings import EarlyWarning, last_content, warning_of
from tracker.figures.work import REPORTABLE, period_start
from tracker.models import (
    Assignment,
    Directive,
    DirectiveEvent,
    Evidence,
    ExtensionRequest,
    ExtensionStatus,
    Indicator,
    Instruction,
    Obstacle,
    ProgressReport,
    ReportEvent,
    ReportStatus,
    Status,
    Suggestion,
    Urging,
)
from tracker.models.standing import official_cell, standing

AGENCIES_SHOWN = 10
MOMENTS_SHOWN = 10
EXTENSIONS_SHOWN = 8
MOST_MOMENTS = 300
WORDS_SHOWN = 400

# Steps of assignments that the log of the directive, or the log of the report, tells already.
_TOLD_ELSEWHERE = {
    "paused",
    "resumed",
    "stopped",
    "withdrawn",
    "restored",
    "reopened",
    "closed_with",
    "started",
    "reported_done",
    "confirmed",
    "sent_back",
    "taken_back",
    "deadline_followed",
}


@dataclass(frozen=True)
class Moment:
    """One line of the timeline: a step of the directive, or of one of its progress reports."""

    origin: str
    key: int
    at: dt.datetime
    kind: str
    by: str
    by_position: str
    agency: str
    count: int
    note: str
    report: int | None
    before: int | None
    percent: int | None
    fix_by: dt.date | None
    evidence: int
    done: str
    document: str
    is_waiting: bool
    due_before: dt.date | None
    due_after: dt.date | None

    @property
    def is_report(self) -> bool:
        return self.origin == "report"

    @property
    def is_about_deadline(self) -> bool:
        """An extension asked for or decided on, or a corrected deadline."""
        return self.kind in DEADLINE_STEPS

    @property
    def shows_percent(self) -> bool:
        """Not for a hand-in that was returned and written anew: its figures are no longer known."""
        return self.percent is not None


@dataclass
class Dossier:
    """One directive with all its parts. Each part is loaded once, when it is asked for."""

    directive: Any
    scope: Scope

    @classmethod
    def find(cls, code: str, scope: Scope, along: dict[str, Any] | None = None) -> "Dossier | None":
        """The directive of this code when the person sees it; ``standing`` is “outside” for one withdrawn.

        ``along`` are further lists to be counted in the same query.
        """
        counts = {f"along_{name}": count_of(rows) for name, rows in (along or {}).items()}
        rows = Directive.objects.visible_to(scope.user).select_related(
            "field", "lead", "directing_leader", "tracking_officer", "parent"
        )
        rows = rows.annotate(
            standing=standing(scope.as_of, scope.due_soon_days),
            cell=official_cell(scope.as_of),
            period_start=period_start(scope.as_of),
            last_content=last_content(),
            is_held_up=Exists(Obstacle.objects.filter(directive=OuterRef("pk"))),
            is_extended=Exists(ExtensionRequest.objects.filter(assignment__directive=OuterRef("pk"))),
            is_urged=Exists(Urging.objects.filter(directives=OuterRef("pk"))),
            is_instructed=Exists(Instruction.objects.filter(directive=OuterRef("pk"))),
            is_suggested_to=Exists(_wanted_suggestions().filter(directive=OuterRef("pk"))),
            is_divided=Exists(Directive.objects.filter(parent=OuterRef("pk"))),
            is_proven=Exists(Evidence.objects.filter(report__assignment__directive=OuterRef("pk"))),
            calendar=calendar_along(scope.today, scope.office),
            is_measured=Exists(Indicator.objects.in_use().under(OuterRef("pk")).order_by()),
            **counts,
        )
        found = rows.filter(code=code).first()
        return cls(found, scope) if found else None

    def along(self, name: str) -> int:
        """What a caller had counted along."""
        return getattr(self.directive, f"along_{name}")

    @cached_property
    def targets(self) -> DirectiveTargets | None:
        """What the directive is measured by; None where nothing is, or nothing that the person sees."""
        return directive_targets(self.directive, self.scope) if self.directive.is_measured else None

    @cached_property
    def warning(self) -> EarlyWarning | None:
        """Early warning of running work; nothing else warns."""
        is_running = self.directive.status in REPORTABLE and self.directive.assigned_on
        return warning_of(self.directive, self.scope) if is_running and self.asks_itself else None

    @cached_property
    def obstacles(self) -> list[Obstacle]:
        """What holds the work up, the open ones first."""
        rows = self.directive.obstacles.for_list() if self.directive.is_held_up else ()
        return sorted(rows, key=lambda one: (one.is_solved, one.needed_by, one.pk))

    @cached_property
    def sources(self) -> list[Any]:
        return list(self.directive.sources.select_related("document"))

    @cached_property
    def _suggestions(self) -> list[Suggestion]:
        if not self.directive.is_suggested_to:
            return []
        wanted = _wanted_suggestions().filter(directive=self.directive)
        return list(wanted.select_related("agency"))

    @property
    def open_suggestions(self) -> list[Suggestion]:
        return [row for row in self._suggestions if row.state == Suggestion.State.OPEN]

    @property
    def accepted_suggestions(self) -> list[Suggestion]:
        return [row for row in self._suggestions if row.state == Suggestion.State.ACCEPTED]

    @cached_property
    def instructions(self) -> list[Instruction]:
        if not self.directive.is_instructed:
            return []
        return list(self.directive.instructions.select_related("by", "addressee", "answered_by"))

    @cached_property
    def _below(self) -> list[Any]:
        """What is part of it, the years of yearly work too."""
        return list(self._parts_of(self.directive).order_by("code")) if self.directive.is_divided else []

    @property
    def children(self) -> list[Any]:
        """The parts of the directive; the years of yearly work stand apart."""
        return [row for row in self._below if row.occurrence_year is None]

    @property
    def is_yearly(self) -> bool:
        return self.directive.deadline_kind == Directive.DeadlineKind.YEARLY

    @property
    def asks_itself(self) -> bool:
        """Not yearly work of which a year is opened: the year is reported on instead."""
        return not (self.is_yearly and self.years)

    @cached_property
    def years(self) -> list[Any]:
        """The years of the yearly work, or of the yearly work that this is a year of; the newest first.

        ``continues`` is the year before when it is not completed: it stays open beside this one.
        """
        rows = self._below
        if self.directive.occurrence_year:
            rows = list(self._parts_of(self.directive.parent))
        years = sorted(
            (row for row in rows if row.occurrence_year), key=lambda row: row.occurrence_year, reverse=True
        )
        for row, before in itertools.zip_longest(years, years[1:]):
            row.continues = before if before and before.is_open else None
        return years

    def _parts_of(self, whole: Directive) -> Any:
        parts = Directive.objects.visible_to(self.scope.user).filter(parent=whole)
        return parts.annotate(standing=standing(self.scope.as_of, self.scope.due_soon_days))

    @cached_property
    def urgings(self) -> list[Urging]:
        """The urgings about it that the person may read, the newest first."""
        if not self.directive.is_urged:
            return []
        rows = self.directive.urgings.visible_to(self.scope.user).for_list()
        return list(rows.annotate(opened_count=opened_count()))

    @cached_property
    def extensions(self) -> list[ExtensionRequest]:
        """The requests for an extension that the person sees: those in hand first, then the newest."""
        if not self.directive.is_extended:
            return []
        seen = ExtensionRequest.objects.visible_to(self.scope.user).for_list()
        rows = list(seen.filter(assignment__directive=self.directive))
        return sorted(rows, key=lambda one: not one.is_in_hand)

    @property
    def extensions_shown(self) -> list[ExtensionRequest]:
        """All that are in hand, and as many of the others as there is room for."""
        in_hand = sum(one.is_in_hand for one in self.extensions)
        return self.extensions[: max(in_hand, EXTENSIONS_SHOWN)]

    @property
    def extensions_asked(self) -> int:
        """How many wait for a decision."""
        return sum(one.is_in_hand and one.status == ExtensionStatus.ASKED for one in self.extensions)

    @property
    def in_hand_of_mine(self) -> ExtensionRequest | None:
        """The request that the person's own agency has in hand."""
        own = [one for one in self.extensions if one.is_in_hand and self.mine == one.assignment]
        return own[0] if own else None

    # Agencies

    @cached_property
    def assignments(self) -> list[Any]:
        """Every assignment that the person sees, what needs attention first; each with its latest report."""
        reports = ProgressReport.objects.visible_to(self.scope.user).filter(assignment=OuterRef("pk"))
        in_hand = reports.in_hand()
        rows = (
            self._visible()
            .as_of(self.scope.as_of, self.scope.today)
            .with_wish()
            .select_related("agency", "person", "via_group")
            .annotate(
                standing=standing(self.scope.as_of, self.scope.due_soon_days),
                in_hand=Subquery(in_hand.values("status")[:1]),
                in_hand_pk=Subquery(in_hand.values("pk")[:1]),
                in_hand_percent=Subquery(in_hand.values("percent")[:1]),
                latest=Subquery(reports.confirmed().newest_first().values("pk")[:1]),
                refusal=Subquery(_refusals().values("reason")[:1]),
            )
            .in_attention_order()
        )
        listed = list(rows)
        for row in listed:
            row.directive = self.directive
        return listed

    @property
    def active(self) -> list[Any]:
        """In the register: neither transferred nor withdrawn."""
        return [row for row in self.assignments if row.standing != "outside"]

    @property
    def shown(self) -> list[Any]:
        return self.active[:AGENCIES_SHOWN]

    @property
    def gone(self) -> list[Any]:
        """Transferred or withdrawn, listed apart."""
        return [row for row in self.assignments if row.standing == "outside"]

    @property
    def leading(self) -> list[Any]:
        return [row for row in self.active if row.is_lead]

    @property
    def cooperating(self) -> list[Any]:
        return [row for row in self.active if not row.is_lead]

    @property
    def mine(self) -> Any:
        """The assignment of the person's own agency."""
        own = [row for row in self.active if row.agency_id == self.scope.user.agency_id]
        return own[0] if own else None

    @property
    def standing_counts(self) -> dict[str, int]:
        """How many assignments stand where, in the order of attention."""
        return dict(Counter(row.standing for row in self.active))

    @cached_property
    def behind(self) -> int:
        """Agencies that are behind with their work, or not in use yet on a list that measures it."""
        found = self.directive
        calendar = calendar_of(found.calendar)
        measure = Measure.beside(self.scope.today, self.scope.office, found.period_start, calendar)
        late = {row.agency_id for row in self.active if measure.reasons(row)}
        return len(late | self._missing_on_lists)

    @property
    def _missing_on_lists(self) -> set[int]:
        if self.targets or not self.directive.is_measured:
            return self.targets.bodies_missing if self.targets else set()
        # Lists count also before the year's reporting periods have been made.
        seen = Indicator.objects.in_use().visible_to(self.scope.user)
        lists = seen.under(self.directive).filter(rule=Indicator.Rule.ROSTER).order_by()
        covered = coverages(lists, self.scope.today).values()
        return {body.agency.pk for coverage in covered for body in coverage.missing}

    @property
    def return_count(self) -> int:
        return sum(row.return_count for row in self.assignments)

    @property
    def reported(self) -> int:
        """Assignments with a report submitted, or one confirmed since the period in hand began."""
        start = self.directive.period_start
        return sum(
            row.in_hand == ReportStatus.SUBMITTED or bool(row.progress_on and row.progress_on >= start)
            for row in self.active
        )

    @property
    def waiting(self) -> int:
        """Reports to be reviewed; of paused or stopped work none is."""
        takes_reviews = [row for row in self.active if row.is_open and row.status != Status.PAUSED]
        return sum(row.in_hand == ReportStatus.SUBMITTED for row in takes_reviews)

    @property
    def unstaffed(self) -> int:
        """Open assignments without a person in charge."""
        return sum(row.person is None and row.is_open for row in self.active)

    def _visible(self) -> Any:
        return Assignment.objects.visible_to(self.scope.user).filter(directive=self.directive)

    # Files and timeline

    @cached_property
    def files(self) -> list[Evidence]:
        """Evidence of reports that were handed in, the newest first."""
        if not self.directive.is_proven:
            return []
        reports = ProgressReport.objects.visible_to(self.scope.user).filter(
            assignment__directive=self.directive,
            status__in=[ReportStatus.SUBMITTED, ReportStatus.CONFIRMED],
        )
        files = Evidence.objects.filter(report__in=reports).select_related("report__agency")
        return list(files.order_by("-pk")[:MOST_MOMENTS])

    @cached_property
    def moments(self) -> list[Moment]:
        """Steps and reviews, the newest first, in one query; at most ``MOST_MOMENTS``."""
        rows = _steps(self).union(_assigned(self), _reviews(self), all=True)
        return [Moment(*row) for row in rows.order_by("-at", "-key")[:MOST_MOMENTS]]


def _wanted_suggestions() -> Any:
    return Suggestion.objects.exclude(state=Suggestion.State.DISMISSED)


def _refusals() -> Any:
    refused = DirectiveEvent.objects.filter(assignment=OuterRef("pk"), to_status=Status.DECLINED)
    return refused.order_by("-pk")


_COLUMNS = (
    "origin",
    "key",
    "at",
    "kind",
    "by_name",
    "by_position",
    "agency_name",
    "count",
    "note",
    "report_key",
    "before",
    "now",
    "fix_on",
    "evidence",
    "done_words",
    "document_number",
    "waits",
    "due_before",
    "due_after",
)


_NO_REPORT: dict[str, Any] = {
    "report_key": Cast(Value(None), BigIntegerField()),
    "before": Cast(Value(None), IntegerField()),
    "now": Cast(Value(None), IntegerField()),
    "fix_on": Cast(Value(None), DateField()),
    "evidence": Value(0),
    "done_words": Value(""),
    "waits": Value(False),
}


_NO_DATES: dict[str, Any] = {
    "due_before": Cast(Value(None), DateField()),
    "due_after": Cast(Value(None), DateField()),
}


def _agency_named(agency: str) -> Any:
    """The name of a body for this reader; the Vietnamese one where there is no English."""
    name = F(f"{agency}__name")
    if get_language() != "en":
        return name
    return Coalesce(NullIf(F(f"{agency}__name_en"), Value("")), name)


def _seen_steps(dossier: Dossier) -> Any:
    steps = DirectiveEvent.objects.filter(directive=dossier.directive).exclude(kind="summed_up").order_by()
    if dossier.scope.user.sees_everything:
        return steps
    return steps.filter(Q(assignment=None) | Q(assignment__in=dossier._visible()))


def _steps(dossier: Dossier) -> Any:
    told = Q(assignment__isnull=False, kind__in=_TOLD_ELSEWHERE)
    steps = _seen_steps(dossier).exclude(kind="assigned").exclude(told)
    return steps.annotate(
        origin=Value("step"),
        key=F("pk"),
        by_name=F("by__full_name"),
        by_position=F("by__position"),
        agency_name=_agency_named("assignment__agency"),
        count=Value(1),
        note=F("reason"),
        document_number=Coalesce(F("document__number"), Value("")),
        due_before=F("due_on_before"),
        due_after=F("due_on_after"),
        **_NO_REPORT,
    ).values_list(*_COLUMNS)


def _assigned(dossier: Dossier) -> Any:
    """One line an act of assigning, however many bodies got the directive in it."""
    given = _seen_steps(dossier).filter(kind="assigned")
    return (
        given.values("at", "kind", by_name=F("by__full_name"), by_position=F("by__position"))
        .annotate(
            origin=Value("step"),
            key=Min("pk"),
            agency_name=Min(_agency_named("assignment__agency")),
            count=Count("pk"),
            note=Value(""),
            document_number=Value(""),
            **_NO_DATES,
            **_NO_REPORT,
        )
        .values_list(*_COLUMNS)
    )


def _reviews(dossier: Dossier) -> Any:
    """The log of the reports. A hand-in that was written anew later shows no figures: they have changed since."""
    reports = ProgressReport.objects.visible_to(dossier.scope.user).filter(
        assignment__directive=dossier.directive
    )
    written_anew = ReportEvent.objects.filter(
        report=OuterRef("report"),
        pk__gt=OuterRef("pk"),
        status__in=[ReportStatus.SUBMITTED, ReportStatus.DRAFT],
    )
    events = ReportEvent.objects.filter(report__in=reports).order_by()
    evidence = (
        Evidence.objects.filter(report=OuterRef("report")).order_by().values("report").annotate(n=Count("pk"))
    )
    stands = ~Exists(written_anew)
    return events.annotate(
        origin=Value("report"),
        key=F("pk"),
        kind=F("status"),
        by_name=F("by__full_name"),
        by_position=F("by__position"),
        agency_name=_agency_named("report__agency"),
        count=Value(1),
        report_key=F("report_id"),
        before=Case(When(stands, then=F("report__percent_before"))),
        now=Case(When(stands, then=F("report__percent"))),
        fix_on=Case(When(Q(status=ReportStatus.RETURNED) & stands, then=F("report__fix_by"))),
        evidence=Coalesce(Subquery(evidence.values("n")), Value(0)),
        done_words=Case(
            When(Q(status=ReportStatus.SUBMITTED) & stands, then=Left("report__done", WORDS_SHOWN)),
            default=Value(""),
            output_field=TextField(),
        ),
        document_number=Value(""),
        waits=Case(
            When(Q(status=ReportStatus.SUBMITTED, report__status=ReportStatus.SUBMITTED) & stands, then=True),
            default=False,
            output_field=BooleanField(),
        ),
        **_NO_DATES,
    ).values_list(*_COLUMNS)
