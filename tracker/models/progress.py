import datetime as dt
from typing import Any, Self

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.models.assignments import Assignment
from tracker.models.directives import Directive
from tracker.models.lifecycle import OPEN, Status, Versioned, WrongStep, append_only, step_guard
from tracker.models.organisations import Agency
from tracker.models.people import User

TEXT_LENGTH = 10_000


class ReportStatus(models.TextChoices):
    """Where a progress report stands (trạng thái báo cáo)."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for review")
    RETURNED = "returned", _("Returned")
    CONFIRMED = "confirmed", _("Confirmed")


NEXT: dict[Any, set[Any]] = {
    ReportStatus.DRAFT: {ReportStatus.SUBMITTED},
    ReportStatus.SUBMITTED: {ReportStatus.CONFIRMED, ReportStatus.RETURNED, ReportStatus.DRAFT},
    ReportStatus.RETURNED: {ReportStatus.SUBMITTED},
    ReportStatus.CONFIRMED: set(),
}
"""The whole life of a progress report; a confirmed one is read-only."""


class ProgressReportQuerySet(models.QuerySet["ProgressReport"]):
    def visible_to(self, user: User) -> Self:
        """Reports of the assignments that the person sees; a draft only inside the agency that writes it."""
        seen = self.filter(assignment__in=Assignment.objects.visible_to(user))
        return seen.filter(~Q(status=ReportStatus.DRAFT) | Q(agency=user.agency_id))

    def search(self, text: str) -> Self:
        """By what finds the assignment: the body, the directive, its documents."""
        return self.filter(assignment__in=Assignment.objects.search(text).values("pk"))

    def for_list(self) -> Self:
        """Everything that a row of a list shows, in one query."""
        return self.select_related("author", "agency", "assignment__directive")

    def waiting(self) -> Self:
        """Submitted and still to be reviewed; work that was paused, stopped or withdrawn asks for no review."""
        return self.filter(status=ReportStatus.SUBMITTED, assignment__status__in=list(OPEN - {Status.PAUSED}))

    def wishes(self) -> Self:
        """Of what waits: where the agency asks to pause or to stop (xin tạm dừng, xin dừng)."""
        return self.waiting().filter(claim__in=ProgressReport.WISHES)

    def confirmed(self) -> Self:
        return self.filter(status=ReportStatus.CONFIRMED)

    def in_hand(self) -> Self:
        """Not confirmed yet: an assignment has at most one of these."""
        return self.exclude(status=ReportStatus.CONFIRMED)

    def with_content(self) -> Self:
        """More than “nothing new”, waiting or confirmed: what ends a silence."""
        return self.filter(status__in=[ReportStatus.SUBMITTED, ReportStatus.CONFIRMED], nothing_new=False)

    def newest_first(self) -> Self:
        return self.order_by("-as_of_on", "-pk")

    def completions_until(self, moment: dt.datetime) -> Self:
        """Completion confirmed before a moment; of work that was reopened and completed again the later one."""
        confirmed = self.confirmed().filter(claim="completed", reviewed_at__lt=moment)
        later = confirmed.filter(assignment=OuterRef("assignment"), reviewed_at__gt=OuterRef("reviewed_at"))
        return confirmed.exclude(Exists(later))

    def for_review(self) -> Self:
        """Everything a reviewer reads about a report, in a fixed number of queries."""
        earlier = (
            ProgressReport.objects.confirmed()
            .filter(assignment=OuterRef("assignment"), as_of_on__lte=OuterRef("as_of_on"))
            .exclude(pk=OuterRef("pk"))
            .newest_first()
        )
        return self.select_related(
            "author", "agency", "reviewed_by", "assignment__agency", "assignment__directive__field"
        ).annotate(
            evidence_count=Count("evidence", distinct=True),
            doubted_figures=Count(
                "measurements", filter=Q(measurements__questions__isnull=False), distinct=True
            ),
            earlier=Subquery(earlier.values("pk")[:1]),
        )


class ProgressReport(Versioned):
    """What an agency says it has done on its assignment as of a day, with evidence (báo cáo tiến độ)."""

    class Claim(models.TextChoices):
        IN_PROGRESS = "in_progress", _("In progress")
        COMPLETED = "completed", _("Completed")
        PAUSE = "pause", _("Asks to pause")
        STOP = "stop", _("Asks to stop")

    WISHES = (Claim.PAUSE, Claim.STOP)
    """What an agency asks for and a leader decides; until then the work is open work like any other."""

    class Recipient(models.TextChoices):
        OFFICER = "officer", _("Tracking officer")
        LEADER = "leader", _("Department leader")
        PROVINCE = "province", _("Provincial People's Committee")

    CONTENT = (
        "claim",
        "as_of_on",
        "percent",
        "decrease_reason",
        "done",
        "obstacles",
        "proposal",
        "proposal_to",
        "next_steps",
        "completed_on",
        "output_document",
        "no_output_reason",
        "nothing_new",
    )

    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="reports", verbose_name=_("assignment")
    )
    author = models.ForeignKey(User, models.PROTECT, related_name="reports", verbose_name=_("author"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="reports", verbose_name=_("agency"))
    status = models.CharField(
        _("status"), max_length=10, choices=ReportStatus, default=ReportStatus.DRAFT, editable=False
    )
    claim = models.CharField(_("situation"), max_length=12, choices=Claim, default=Claim.IN_PROGRESS)
    as_of_on = models.DateField(_("as of"))
    percent = models.PositiveSmallIntegerField(_("percent complete"), default=0)
    percent_before = models.PositiveSmallIntegerField(_("percent before"), default=0, editable=False)
    decrease_reason = models.TextField(
        _("why the percentage went down"), max_length=1000, blank=True, default=""
    )
    done = models.TextField(_("result of the period"), max_length=TEXT_LENGTH, blank=True, default="")
    obstacles = models.TextField(_("difficulties, obstacles"), max_length=TEXT_LENGTH, blank=True, default="")
    proposal = models.TextField(_("proposal"), max_length=TEXT_LENGTH, blank=True, default="")
    proposal_to = models.CharField(_("proposal to"), max_length=10, choices=Recipient, blank=True, default="")
    next_steps = models.TextField(_("next steps"), max_length=TEXT_LENGTH, blank=True, default="")
    completed_on = models.DateField(_("completed on (date of the output document)"), null=True, blank=True)
    output_document = models.CharField(
        _("output document: number, date"), max_length=300, blank=True, default=""
    )
    no_output_reason = models.CharField(
        _("why there is no output document"), max_length=500, blank=True, default=""
    )
    nothing_new = models.BooleanField(_("nothing new in this period"), default=False)

    saved_at = models.DateTimeField(_("saved at"), default=clock.now, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="reviewed_reports", editable=False
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True, editable=False)
    review_note = models.TextField(
        _("reviewer's words"), max_length=2000, blank=True, default="", editable=False
    )
    fix_by = models.DateField(_("correct by"), null=True, blank=True, editable=False)

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        ordering = ["-as_of_on", "-pk"]
        indexes = [
            models.Index(fields=["assignment", "-as_of_on", "-id"], name="report_assignment_latest"),
            models.Index(fields=["status", "submitted_at", "id"], name="report_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=~Q(status="confirmed"),
                name="one_report_in_hand",
                violation_error_message=_("This assignment already has a report in hand."),
            ),
            models.CheckConstraint(
                condition=Q(percent__lte=100),
                name="report_percent_to_100",
                violation_error_message=_("The percentage lies between 0 and 100."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | ~Q(done=""),
                name="report_says_what_was_done",
                violation_error_message=_("Write the result of the period, at least one sentence."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | ~Q(claim="completed") | Q(completed_on__isnull=False),
                name="report_of_completion_has_a_date",
                violation_error_message=_("Give the completion date: the date of the output document."),
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | ~Q(review_note=""),
                name="return_needs_a_reason",
                violation_error_message=_("Write what has to be corrected."),
            ),
            models.CheckConstraint(
                condition=~Q(status="confirmed") | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="confirmation_has_a_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("author")),
                name="nobody_reviews_their_own_report",
                violation_error_message=_("Nobody reviews their own report."),
            ),
        ]
        triggers = [
            step_guard(NEXT),
            pgtrigger.Protect(
                name="confirmed_is_read_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status="confirmed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} {self.as_of_on:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("progress_detail", args=[self.pk])

    # Facts

    @property
    def is_editable(self) -> bool:
        return self.status in {ReportStatus.DRAFT, ReportStatus.RETURNED}

    def warnings(self, today: dt.date) -> list[str]:
        """What a reviewer should look at, as codes; doubts never stop a report. Needs ``for_review``."""
        due = self.assignment.due_on
        doubts = {
            "percent_fell": self.percent < self.percent_before,
            "no_evidence": not self.nothing_new and not self.evidence_count,  # type: ignore[attr-defined]
            "overdue": bool(due and due < today and self.claim != self.Claim.COMPLETED),
            "asks_pause": self.claim == self.Claim.PAUSE,
            "asks_stop": self.claim == self.Claim.STOP,
            "no_output": self.claim == self.Claim.COMPLETED and not self.output_document,
            "done_late": bool(due and self.completed_on and self.completed_on > due),
            "figures": self.doubted_figures > 0,  # type: ignore[attr-defined]
            "full_but_open": self.percent == 100 and self.claim == self.Claim.IN_PROGRESS,
        }
        return [code for code, holds in doubts.items() if holds]

    # Verbs of the agency

    @classmethod
    @transaction.atomic
    def in_hand_of(cls, assignment: Assignment, *, by: User, today: dt.date) -> "ProgressReport":
        """The agency's report not yet confirmed, or a new draft that starts from the last confirmed one."""
        assignment.directive.locked()
        found = cls.objects.in_hand().filter(assignment=assignment).first()
        if found:
            return found
        stored = Assignment.objects.get(pk=assignment.pk)
        return cls.objects.create(
            assignment=stored,
            author=by,
            agency=by.agency,
            as_of_on=today,
            percent=stored.percent,
            percent_before=stored.percent,
        )

    @transaction.atomic
    def save_draft(self, *, by: User, expected_version: int | None = None, **content: Any) -> None:
        """Keep what has been typed so far; nothing is judged yet. A stale version is refused with both texts."""
        stored = self._locked()
        if not stored.is_editable:
            raise WrongStep(_("This report has been submitted and can no longer be changed."))
        stored.take_next_version(expected_version)
        for name in self.CONTENT:
            if name in content:
                setattr(stored, name, content[name])
        stored.author, stored.saved_at = by, clock.now()
        stored.save(update_fields=[*self.CONTENT, "author", "saved_at", "version"])
        self.refresh_from_db()

    @transaction.atomic
    def submit(self, *, by: User, today: dt.date, at: dt.datetime | None = None) -> None:
        """Hand the report in for review. A report of completion makes the assignment wait for confirmation."""
        stored = self._locked()
        assignment = stored.assignment
        stored.percent_before = stored._percent_before()
        stored.author = by
        stored.check_complete(today=today)
        for status, kind in stored._steps_of_the_assignment():
            assignment.move_to(status, kind, by=by, at=at)
            assignment.directive.sum_up(by=by, at=at)
        stored.submitted_at = at or clock.now()
        stored.reviewed_by, stored.reviewed_at, stored.fix_by = None, None, None
        stored._move_to(
            ReportStatus.SUBMITTED,
            by=by,
            at=at,
            save=["percent_before", "author", "submitted_at", "reviewed_by", "reviewed_at", "fix_by"],
        )
        stored._move_figures(by=by, today=today, at=at)
        self.refresh_from_db()

    def _steps_of_the_assignment(self) -> list[tuple[Status, str]]:
        """What handing this report in does to the assignment: a first report also receives and starts it."""
        steps = {
            Status.NEW: [(Status.RECEIVED, "received"), (Status.IN_PROGRESS, "started")],
            Status.RECEIVED: [(Status.IN_PROGRESS, "started")],
            Status.IN_PROGRESS: [],
        }.get(Status(self.assignment.status))
        if steps is None:
            raise WrongStep(_("This assignment takes no reports in its present state."))
        done = [(Status.AWAITING, "reported_done")] if self.claim == self.Claim.COMPLETED else []
        return steps + done

    @transaction.atomic
    def take_back(self, *, by: User, at: dt.datetime | None = None) -> None:
        """The agency takes a submitted report back before anybody has reviewed it (rút lại)."""
        stored = self._locked()
        stored._move_to(ReportStatus.DRAFT, by=by, at=at)
        stored._move_figures(by=by, at=at)
        if stored.assignment.status == Status.AWAITING:
            stored.assignment.move_to(Status.IN_PROGRESS, "taken_back", by=by, at=at)
            stored.assignment.directive.sum_up(by=by, at=at)
        self.refresh_from_db()

    def check_complete(self, *, today: dt.date) -> None:
        """Raise what keeps the report from being submitted, each sentence at its field."""
        problems: dict[str, Any] = {}
        if not self.done.strip():
            problems["done"] = _("Write the result of the period, at least one sentence.")
        if self.as_of_on > today:
            problems["as_of_on"] = _("The as-of date cannot lie in the future.")
        if self.percent > 100:
            problems["percent"] = _("The percentage lies between 0 and 100.")
        if self.percent < self._percent_before() and not self.decrease_reason.strip():
            problems["decrease_reason"] = _("Lower than last time: write why.")
        if self.claim == self.Claim.PAUSE and not self.obstacles.strip():
            problems["obstacles"] = _("Write why the work should pause.")
        if self.claim == self.Claim.STOP and not self.obstacles.strip():
            problems["obstacles"] = _("Write why the work should stop.")
        if self.claim == self.Claim.STOP and not self.assignment.is_lead:
            problems["claim"] = _("Only the lead agency asks to stop; write what hinders your part instead.")
        if self.claim == self.Claim.COMPLETED:
            problems |= self._completion_problems(today)
        if problems:
            raise ValidationError(problems)

    def _completion_problems(self, today: dt.date) -> dict[str, Any]:
        problems: dict[str, Any] = {}
        if self.completed_on is None:
            problems["completed_on"] = _("Give the completion date: the date of the output document.")
        elif self.completed_on > today:
            problems["completed_on"] = _("The completion date cannot lie in the future.")
        if self.percent != 100:
            problems["percent"] = _("Completed work stands at 100%.")
        has_evidence = self.pk is not None and self.evidence.exists()
        if not (self.output_document.strip() or has_evidence or self.no_output_reason.strip()):
            problems["output_document"] = _(
                "Completion needs the output document or a file of evidence; if there is none, write why."
            )
        return problems

    # Verbs of the reviewer

    @transaction.atomic
    def confirm(
        self,
        *,
        by: User,
        note: str = "",
        at: dt.datetime | None = None,
        expected_version: int | None = None,
    ) -> None:
        """Confirm (duyệt): the figures count from now on; a report of completion closes the assignment.

        ``expected_version`` is the one that was read: what has been handed in anew since is refused.
        """
        stored = self._locked()
        stored._refuse_unread(expected_version)
        stored._review(ReportStatus.CONFIRMED, by=by, note=note, at=at)
        stored._move_figures(by=by, note=note, at=at)
        assignment = stored.assignment
        if stored.claim == self.Claim.COMPLETED:
            assignment.completed_on = stored.completed_on
            assignment.move_to(
                Status.COMPLETED, "confirmed", by=by, at=at, reason=note, save=["completed_on"]
            )
        stored._bring_progress_up_to_date(assignment)
        stored._mark_rosters(by=by, at=at)
        assignment.directive.sum_up(by=by, at=at)
        self.refresh_from_db()

    @transaction.atomic
    def send_back(
        self,
        *,
        by: User,
        note: str,
        fix_by: dt.date | None = None,
        at: dt.datetime | None = None,
        expected_version: int | None = None,
    ) -> None:
        """Return for changes (trả lại) with a reason and a day; the agency corrects the same report."""
        if not note.strip():
            raise ValidationError({"note": _("Write what has to be corrected.")})
        stored = self._locked()
        stored._refuse_unread(expected_version)
        stored.fix_by = fix_by
        stored._review(ReportStatus.RETURNED, by=by, note=note, at=at)
        stored._move_figures(by=by, note=note, at=at)
        assignment = stored.assignment
        assignment.return_count += 1
        if assignment.status == Status.AWAITING:
            assignment.move_to(
                Status.IN_PROGRESS, "sent_back", by=by, at=at, reason=note, save=["return_count"]
            )
        else:
            assignment.save(update_fields=["return_count"])
        assignment.directive.sum_up(by=by, at=at)
        self.refresh_from_db()

    def _review(self, status: ReportStatus, *, by: User, note: str, at: dt.datetime | None) -> None:
        is_waiting = self.status == ReportStatus.SUBMITTED  # one dealt with already gets its own sentence
        if is_waiting and self.assignment.status not in OPEN - {Status.PAUSED}:
            raise WrongStep(_("This assignment takes no reports in its present state."))
        self.reviewed_by, self.reviewed_at, self.review_note = by, at or clock.now(), note
        self._move_to(
            status, by=by, at=at, note=note, save=["reviewed_by", "reviewed_at", "review_note", "fix_by"]
        )

    # Inside the verbs

    def _move_figures(
        self, *, by: User, today: dt.date | None = None, note: str = "", at: dt.datetime | None
    ) -> None:
        """The figures entered inside the report take the same step, in the same transaction."""
        from tracker.models.measurements import Measurement

        status = ReportStatus(self.status)
        Measurement.follow(self, status, by=by, today=today or clock.today(), note=note, at=at)

    def _mark_rosters(self, *, by: User, at: dt.datetime | None) -> None:
        """A confirmed report may bring its agency forward on the lists that the directive is counted over."""
        from tracker.models.rosters import RosterBody

        RosterBody.take_from(self, by=by, at=at)

    def _refuse_unread(self, read_version: int | None) -> None:
        """Nobody decides on words that they have not read. A report already dealt with gets its own sentence."""
        if self.status == ReportStatus.SUBMITTED and read_version not in {None, self.version}:
            raise WrongStep(
                _("The agency has changed this report since you opened it. Read the new text, then decide.")
            )

    def _locked(self) -> "ProgressReport":
        """Directive, assignment, report: locked always in this order."""
        directive = Directive.objects.filter(assignments__reports=self.pk).values("pk")
        held = Directive.objects.select_for_update().get(pk__in=directive)
        assignment = Assignment.objects.select_for_update().get(reports=self.pk)
        assignment.directive = held
        stored = ProgressReport.objects.select_for_update().get(pk=self.pk)
        stored.assignment = assignment
        return stored

    def _percent_before(self) -> int:
        """The percentage of the newest confirmed report up to this one's day."""
        earlier = ProgressReport.objects.confirmed().filter(
            assignment=self.assignment_id, as_of_on__lte=self.as_of_on
        )
        newest = earlier.exclude(pk=self.pk).newest_first().values_list("percent", flat=True).first()
        return newest or 0

    def _move_to(
        self,
        status: ReportStatus,
        *,
        by: User,
        at: dt.datetime | None,
        note: str = "",
        save: list[str] | None = None,
    ) -> None:
        from tracker import notifying

        if status not in NEXT[self.status]:
            raise WrongStep(_("This report has already been dealt with."))
        self.status = status
        self.version += 1
        self.save(update_fields=["status", "version", *(save or [])])
        ReportEvent.objects.create(
            report=self, status=status, by=by, by_agency_id=by.agency_id, at=at or clock.now(), note=note
        )
        notifying.report_moved(self, by=by, at=at, note=note)

    def _bring_progress_up_to_date(self, assignment: Assignment) -> None:
        newest = assignment.reports.confirmed().newest_first()[0]  # the one just confirmed at least
        assignment.percent = newest.percent
        assignment.progress_on = newest.as_of_on
        assignment.progress_note = newest.done[:200]
        assignment.save(update_fields=["percent", "progress_on", "progress_note"])


class ReportEvent(models.Model):
    """One step of a progress report: submitted, taken back, returned, confirmed. An append-only log."""

    report = models.ForeignKey(
        ProgressReport, models.PROTECT, related_name="events", verbose_name=_("report")
    )
    status = models.CharField(_("status"), max_length=10, choices=ReportStatus)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    by_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    at = models.DateTimeField(_("at"))
    note = models.TextField(_("note"), blank=True, default="")

    class Meta:
        verbose_name = _("step of a report")
        verbose_name_plural = _("steps of reports")
        ordering = ["-at", "-pk"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.report_id} {self.status}"
