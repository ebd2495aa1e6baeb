import datetime as dt
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models, transaction
from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.models.assignments import Assignment
from tracker.models.lifecycle import OPEN, Status, Versioned, WrongStep, step_guard
from tracker.models.organisations import Agency, Configuration
from tracker.models.people import User

UNDO_SECONDS = 10
"""So long the page offers to take a decision back."""

UNDO_GRACE = 5
"""Seconds more that the server allows, for a slow network."""

LONGEST_REASON = 1000

OFTEN = 3
"""From the third extension on the record says “gia hạn nhiều lần”."""

ASKABLE = frozenset({Status.NEW, Status.RECEIVED, Status.IN_PROGRESS, Status.PAUSED})
"""The states of an assignment in which more time may be asked for."""


class ExtensionStatus(models.TextChoices):
    """Where a request for an extension stands; see facts of the status vocabulary (xin gia hạn)."""

    ASKED = "asked", _("Extension requested")
    PROPOSED = "proposed", _("Another date proposed")
    GRANTED = "granted", _("Extension approved")
    REFUSED = "refused", _("Extension refused")
    NOT_ACCEPTED = "not_accepted", _("Proposed date not accepted")
    TAKEN_BACK = "taken_back", _("Taken back")


NEXT: dict[Any, set[Any]] = {
    ExtensionStatus.ASKED: {
        ExtensionStatus.GRANTED,
        ExtensionStatus.REFUSED,
        ExtensionStatus.PROPOSED,
        ExtensionStatus.TAKEN_BACK,
    },
    ExtensionStatus.PROPOSED: {
        ExtensionStatus.GRANTED,
        ExtensionStatus.NOT_ACCEPTED,
        ExtensionStatus.ASKED,
    },
    # Back within ten seconds only: a decision taken by mistake.
    ExtensionStatus.GRANTED: {ExtensionStatus.ASKED},
    ExtensionStatus.REFUSED: {ExtensionStatus.ASKED},
    ExtensionStatus.NOT_ACCEPTED: set(),
    ExtensionStatus.TAKEN_BACK: set(),
}
OPEN_REQUESTS = (ExtensionStatus.ASKED, ExtensionStatus.PROPOSED)


class ExtensionQuerySet(models.QuerySet["ExtensionRequest"]):
    def visible_to(self, user: User) -> Self:
        """With the assignment that it is about."""
        return self.filter(assignment__in=Assignment.objects.visible_to(user).order_by())

    def in_hand(self) -> Self:
        """Neither decided for good nor taken back; of work that has ended meanwhile none is."""
        return self.filter(status__in=OPEN_REQUESTS, assignment__status__in=list(OPEN))

    def waiting(self) -> Self:
        """For a decision of the assigner's side."""
        return self.in_hand().filter(status=ExtensionStatus.ASKED)

    def proposed(self) -> Self:
        """For the lead's answer to another date."""
        return self.in_hand().filter(status=ExtensionStatus.PROPOSED)

    def granted(self) -> Self:
        return self.filter(status=ExtensionStatus.GRANTED)

    def search(self, text: str) -> Self:
        """By what finds the assignment: the body, the directive, its documents."""
        return self.filter(assignment__in=Assignment.objects.search(text).order_by().values("pk"))

    def for_list(self) -> Any:
        """Everything that a row or a decision shows and asks, in one query."""
        limit = Configuration.objects.values("extension_limit")[:1]
        return self.select_related(
            "assignment__directive__parent", "agency", "author", "proposed_by", "decided_by", "answered_by"
        ).annotate(office_limit=Coalesce(Subquery(limit), Configuration().extension_limit))


class ExtensionRequest(Versioned):
    """The lead body asks the assigner for more time (xin gia hạn), and what was decided.

    At most one is open for an assignment (Quyết định 790/QĐ-UBND-HC of Đồng Tháp allows one extension in all; here
    the office sets the limit, and a leader may go beyond it with a reason). The asker, their agency and
    administrators never decide.
    """

    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="extensions", verbose_name=_("assignment")
    )
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=ExtensionStatus,
        default=ExtensionStatus.ASKED,
        editable=False,
    )
    due_on_before = models.DateField(_("deadline when it was asked"), editable=False)
    new_due_on = models.DateField(_("new deadline asked for"))
    reason = models.TextField(
        _("reason"),
        max_length=LONGEST_REASON,
        validators=[MinLengthValidator(3, _("Write the reason in at least three letters."))],
    )
    document = models.CharField(
        _("document of request: number, date"), max_length=200, blank=True, default=""
    )
    is_after_deadline = models.BooleanField(_("asked after the deadline"), default=False, editable=False)
    ordinal = models.PositiveSmallIntegerField(_("which extension this would be"), default=1, editable=False)

    proposed_due_on = models.DateField(_("deadline proposed instead"), null=True, blank=True, editable=False)
    proposal_note = models.TextField(_("why another date"), max_length=1000, blank=True, default="")
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)
    answer_note = models.TextField(_("answer to the proposal"), max_length=1000, blank=True, default="")

    granted_due_on = models.DateField(_("deadline granted"), null=True, blank=True, editable=False)
    moved_from = models.DateField(_("deadline before the extension"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decision_note = models.TextField(_("note on the decision"), max_length=1000, blank=True, default="")

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for an extension")
        verbose_name_plural = _("requests for an extension")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(status__in=OPEN_REQUESTS),
                name="one_open_request_an_assignment",
                violation_error_message=_("A request for this work already waits for a decision."),
            ),
            models.CheckConstraint(
                condition=Q(new_due_on__gt=models.F("due_on_before")), name="extension_lies_after_deadline"
            ),
            models.CheckConstraint(
                condition=~Q(status=ExtensionStatus.GRANTED)
                | Q(granted_due_on__isnull=False, moved_from__isnull=False),
                name="granted_extension_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(status=ExtensionStatus.PROPOSED) | Q(proposed_due_on__isnull=False),
                name="proposal_has_a_date",
            ),
        ]
        triggers = [step_guard(NEXT)]

    def __str__(self) -> str:
        return f"{self.assignment} → {self.new_due_on:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("extension_detail", args=[self.pk])

    # Facts

    @property
    def is_editable(self) -> bool:
        """Files may be added while nobody has decided."""
        return self.status == ExtensionStatus.ASKED

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_REQUESTS

    @property
    def is_in_hand(self) -> bool:
        """Waits for somebody: a request of work that has ended meanwhile does not."""
        return self.is_open and self.assignment.is_open

    @property
    def needs_leader(self) -> bool:
        """One more than the office's limit: only a leader agrees, and says why."""
        limit = getattr(self, "office_limit", None)
        if limit is None:
            limit = Configuration.current().extension_limit
        return self.assignment.extension_count >= limit

    def can_be_undone(self, user: User, now: dt.datetime, grace: int = 0) -> bool:
        """By who decided, in the first ten seconds; ``grace``: seconds more."""
        if self.decided_at is None or self.decided_by_id != user.pk or self.answered_at:
            return False
        decided = {ExtensionStatus.GRANTED, ExtensionStatus.REFUSED, ExtensionStatus.PROPOSED}
        passed = (now - self.decided_at).total_seconds()
        return self.status in decided and passed <= UNDO_SECONDS + grace

    # Verbs of the lead

    @classmethod
    @transaction.atomic
    def ask(
        cls,
        assignment: Assignment,
        *,
        by: User,
        new_due_on: dt.date,
        reason: str,
        today: dt.date,
        document: str = "",
        at: dt.datetime | None = None,
    ) -> "ExtensionRequest":
        """Ask for a later deadline. Errors stand at their fields: ``new_due_on``, ``reason``, ``document``."""
        from tracker import notifying

        stored, reason = assignment.locked(), reason.strip()
        if len(reason) > LONGEST_REASON:
            raise ValidationError({"reason": _("Write the reason in 3 to 1,000 characters.")})
        if not stored.is_lead:
            raise ValidationError(_("Only the lead agency asks for an extension."))
        if stored.status not in ASKABLE:
            raise WrongStep(_("No extension can be asked for in the present state of this work."))
        if stored.due_on is None:
            raise ValidationError(_("This work has no deadline that could be extended."))
        if cls.objects.filter(assignment=stored, status__in=OPEN_REQUESTS).exists():
            raise WrongStep(_("A request for this work already waits for a decision."))
        request = cls(
            assignment=stored,
            author=by,
            agency_id=stored.agency_id,
            asked_at=at or clock.now(),
            due_on_before=stored.due_on,
            new_due_on=new_due_on,
            reason=reason,
            document=document.strip(),
            is_after_deadline=today > stored.due_on,
            ordinal=stored.extension_count + 1,
        )
        request._check_day(new_due_on, "new_due_on", today=today)
        request.full_clean()
        request.save()
        request._log("extension_asked", by=by, at=at, reason=reason, to=new_due_on)
        notifying.extension_moved(request, before="")
        return request

    @transaction.atomic
    def take_back(self, *, by: User, at: dt.datetime | None = None) -> None:
        """The lead no longer asks (rút lại)."""
        stored = self._locked()
        stored._move_to(ExtensionStatus.TAKEN_BACK)
        stored._log("extension_taken_back", by=by, at=at)
        self.refresh_from_db()

    @transaction.atomic
    def accept(self, *, by: User, note: str = "", at: dt.datetime | None = None) -> None:
        """The lead accepts the date that was proposed instead: the deadline moves to it."""
        stored = self._locked()
        day = stored._need_proposal()
        if not stored._lies_after(day):
            raise WrongStep(_("The deadline has moved meanwhile: the proposal no longer holds."))
        stored._check_day(day, "answer")
        stored.answered_by, stored.answered_at, stored.answer_note = by, at or clock.now(), note
        stored._grant(day, by=by, at=at, reason=stored.reason)
        self.refresh_from_db()

    @transaction.atomic
    def decline(self, *, by: User, note: str, at: dt.datetime | None = None) -> None:
        """The lead does not accept the proposed date: the deadline stays, the request is closed."""
        if not note.strip():
            raise ValidationError({"note": _("Write why the proposed date will not do.")})
        stored = self._locked()
        stored._need_proposal()
        stored.answered_by, stored.answered_at, stored.answer_note = by, at or clock.now(), note
        stored._move_to(ExtensionStatus.NOT_ACCEPTED)
        stored._log("proposal_declined", by=by, at=at, reason=note, to=stored.proposed_due_on)
        self.refresh_from_db()

    # Verbs of the assigner's side

    @transaction.atomic
    def grant(
        self,
        *,
        by: User,
        note: str = "",
        at: dt.datetime | None = None,
        expected_version: int | None = None,
    ) -> None:
        """Agree (đồng ý): the current deadline moves, the original stays. Beyond the limit a reason is needed."""
        stored = self._to_decide(expected_version)
        if stored.needs_leader and not note.strip():
            raise ValidationError(
                {"note": _("This goes beyond the number of extensions allowed: write why it is granted.")}
            )
        stored._check_day(stored.new_due_on, "new_due_on")
        stored._decided(by, note, at)
        stored._grant(stored.new_due_on, by=by, at=at, reason=note or stored.reason)
        self.refresh_from_db()

    @transaction.atomic
    def refuse(
        self, *, by: User, note: str, at: dt.datetime | None = None, expected_version: int | None = None
    ) -> None:
        """Refuse (từ chối), with the reason."""
        if not note.strip():
            raise ValidationError({"note": _("Write why the extension is refused.")})
        stored = self._to_decide(expected_version)
        stored._decided(by, note, at)
        stored._move_to(ExtensionStatus.REFUSED)
        stored._log("extension_refused", by=by, at=at, reason=note, to=stored.new_due_on)
        self.refresh_from_db()

    @transaction.atomic
    def propose(
        self,
        due_on: dt.date,
        *,
        by: User,
        note: str = "",
        today: dt.date,
        at: dt.datetime | None = None,
        expected_version: int | None = None,
    ) -> None:
        """Propose another date; the lead accepts it or not. Nothing moves until then."""
        stored = self._to_decide(expected_version)
        if due_on == stored.new_due_on:
            raise ValidationError({"due_on": _("This is the date that was asked for: agree to it instead.")})
        if stored.needs_leader and not note.strip():
            raise ValidationError(
                {"note": _("This goes beyond the number of extensions allowed: write why it is granted.")}
            )
        stored._check_day(due_on, "due_on", today=today)
        stored._decided(by, note, at)
        stored.proposed_by, stored.proposed_due_on, stored.proposal_note = by, due_on, note
        stored._move_to(ExtensionStatus.PROPOSED)
        stored._log("date_proposed", by=by, at=at, reason=note, to=due_on)
        self.refresh_from_db()

    @transaction.atomic
    def undo(self, *, by: User, at: dt.datetime | None = None) -> None:
        """Take one's own decision back within ten seconds; the request waits again and a moved deadline returns."""
        stored = self._locked()
        now = at or clock.now()
        if stored.decided_by_id not in {None, by.pk}:
            raise WrongStep(_("Only who decided can take the decision back."))
        if not stored.can_be_undone(by, now, UNDO_GRACE):
            raise WrongStep(_("The ten seconds are over: the decision stands."))
        assignment, granted = stored.assignment, stored.granted_due_on
        others = assignment.extensions.filter(status__in=OPEN_REQUESTS).exclude(pk=stored.pk)
        if assignment.status not in OPEN or others.exists():
            raise WrongStep(
                _("The work has ended or its agency has asked anew meanwhile: the decision stands.")
            )
        if stored.status == ExtensionStatus.GRANTED:
            if assignment.due_on != granted:
                raise WrongStep(_("The deadline has moved again meanwhile: the decision stands."))
            assignment.extension_count -= 1
            assignment.save(update_fields=["extension_count"])
            assignment.move_deadline(stored.moved_from, "decision_undone", by=by, at=at)
            assignment.directive.sum_up(by=by, at=at)
        else:
            stored._log("decision_undone", by=by, at=at)
        stored.decided_by = stored.decided_at = stored.granted_due_on = stored.moved_from = None
        stored.proposed_by = stored.proposed_due_on = None
        stored.decision_note = stored.proposal_note = ""
        stored._move_to(ExtensionStatus.ASKED)
        self.refresh_from_db()

    # Inside the verbs

    def _locked(self) -> "ExtensionRequest":
        """Directive, assignment, request: locked always in this order."""
        assignment = self.assignment.locked()
        stored = ExtensionRequest.objects.select_for_update(of=("self",)).get(pk=self.pk)
        stored.assignment = assignment
        return stored

    def _to_decide(self, read_version: int | None) -> "ExtensionRequest":
        stored = self._locked()
        if stored.status != ExtensionStatus.ASKED or stored.assignment.status not in OPEN:
            raise WrongStep(_("This request no longer waits for a decision."))
        if read_version not in {None, stored.version}:
            raise WrongStep(_("This request has changed since you opened it. Read it again, then decide."))
        return stored

    def _need_proposal(self) -> dt.date:
        """The date that waits for the lead's answer."""
        day = self.proposed_due_on
        if day is None or self.status != ExtensionStatus.PROPOSED or self.assignment.status not in OPEN:
            raise WrongStep(_("No proposed date waits for an answer."))
        return day

    def _check_day(self, day: dt.date, field: str, today: dt.date | None = None) -> None:
        """After the current deadline, not in the past, and not after the deadline of what the work is part of."""
        latest = self.assignment.directive.latest_due_on
        if not self._lies_after(day):
            raise ValidationError({field: _("The new deadline lies after the present one.")})
        if today and day < today:
            raise ValidationError({field: _("The new deadline cannot lie in the past.")})
        if latest and day > latest:
            raise ValidationError({field: _("Not later than the deadline of the directive it is part of.")})
        if day.year > 2100:
            raise ValidationError({field: _("The deadline lies between the years 2000 and 2100.")})

    def _lies_after(self, day: dt.date) -> bool:
        return self.assignment.due_on is not None and day > self.assignment.due_on

    def _decided(self, by: User, note: str, at: dt.datetime | None) -> None:
        self.decided_by, self.decided_at, self.decision_note = by, at or clock.now(), note

    def _grant(self, day: dt.date, *, by: User, at: dt.datetime | None, reason: str) -> None:
        assignment = self.assignment
        self.granted_due_on, self.moved_from = day, assignment.due_on
        self._move_to(ExtensionStatus.GRANTED)
        assignment.extension_count += 1
        assignment.save(update_fields=["extension_count"])
        assignment.move_deadline(day, "extended", by=by, at=at, reason=reason)
        assignment.directive.sum_up(by=by, at=at)

    def _move_to(self, status: ExtensionStatus) -> None:
        from tracker import notifying

        if status not in NEXT[self.status]:
            raise WrongStep(_("This request has already been dealt with."))
        before, self.status = self.status, status
        self.version += 1
        self.save()
        notifying.extension_moved(self, before)

    def _log(
        self,
        kind: str,
        *,
        by: User,
        at: dt.datetime | None,
        reason: str = "",
        to: dt.date | None = None,
    ) -> None:
        moved = (self.due_on_before if to else None, to)
        self.assignment.directive.log(
            kind, by=by, at=at, reason=reason, assignment=self.assignment, moved=moved
        )
