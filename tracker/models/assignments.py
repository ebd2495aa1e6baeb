import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracker.models.directives import Directive
from tracker.models.documents import Document
from tracker.models.lifecycle import NEXT, OPEN, OUTSIDE, Status, Versioned, WrongStep, because, step_guard
from tracker.models.organisations import Agency
from tracker.models.people import User
from tracker.models.standing import Work, WorkQuerySet
from tracker.models.steps import DirectiveEvent
from tracker.vietnamese.text import fold


class AssignmentQuerySet(WorkQuerySet):
    def visible_to(self, user: User) -> Self:
        """The department sees all; a body its own, and those of the directives that it alone leads."""
        if user.sees_everything:
            return self
        leads = Assignment.objects.leading().exclude(status=Status.TRANSFERRED)
        led = leads.filter(agency=user.agency_id, via_group=None)
        return self.filter(Q(agency=user.agency_id) | Q(directive__in=led.values("directive")))

    def steps_until(self, moment: dt.datetime) -> "models.QuerySet[DirectiveEvent]":
        return DirectiveEvent.objects.filter(assignment=OuterRef("pk"), at__lt=moment)

    def moves_from(self, moment: dt.datetime) -> "models.QuerySet[DirectiveEvent]":
        return DirectiveEvent.objects.filter(assignment=OuterRef("pk"), at__gte=moment).moving_deadlines()

    def completions_until(self, moment: dt.datetime) -> models.QuerySet[Any]:
        from tracker.models.progress import ProgressReport

        return ProgressReport.objects.completions_until(moment).filter(assignment=OuterRef("pk"))

    def search(self, text: str) -> Self:
        """By the body's name, or by what finds the directive; accents and case do not matter."""
        by_directive = Directive.objects.search(text).values("pk")
        return self.filter(Q(agency__search__contains=fold(text)) | Q(directive__in=by_directive))

    def for_list(self) -> Any:
        """Everything that a row of a list shows, in one query; ``wish``: what its agency asks for."""
        return self.select_related("agency", "directive__field").with_wish()

    def with_wish(self) -> Any:
        """Annotate ``wish``: “pause” or “stop” while the agency's report that asks for it waits."""
        from tracker.models.progress import ProgressReport

        wishes = ProgressReport.objects.wishes().filter(assignment=OuterRef("pk"))
        return self.annotate(wish=Subquery(wishes.values("claim")[:1]))

    def leading(self) -> Self:
        return self.filter(role=Assignment.Role.LEAD)

    def cooperating(self) -> Self:
        return self.filter(role=Assignment.Role.COOPERATING)

    def active(self) -> Self:
        """Neither transferred nor withdrawn."""
        return self.exclude(status__in=list(OUTSIDE))

    def open(self) -> Self:
        return self.filter(status__in=list(OPEN))

    def of(self, user: User) -> Self:
        """What this person's agency has to do."""
        return self.filter(agency=user.agency_id)


@dataclass(frozen=True)
class Summary:
    """What the lead assignments say about their directive."""

    status: Status
    facts: dict[str, Any]


class Assignment(Work, Versioned):
    """One directive given to one agency, leading or co-operating (lượt giao), with a life of its own."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead")
        COOPERATING = "cooperating", _("Co-operating")

    directive = models.ForeignKey(
        Directive, models.PROTECT, related_name="assignments", verbose_name=_("directive")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="assignments", verbose_name=_("agency"))
    role = models.CharField(_("role"), max_length=12, choices=Role)
    via_group = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("as a member of")
    )
    continues = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="continued_by",
        verbose_name=_("continues"),
    )
    person = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("person in charge"),
    )
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.NEW, editable=False)
    status_before = models.CharField(max_length=12, choices=Status, blank=True, default="", editable=False)
    assigned_on = models.DateField(_("assigned on"), editable=False)
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    original_due_on = models.DateField(_("original deadline"), null=True, blank=True, editable=False)
    due_on = models.DateField(_("deadline"), null=True, blank=True, editable=False)
    completed_on = models.DateField(_("completed on"), null=True, blank=True, editable=False)
    return_count = models.PositiveSmallIntegerField(_("times returned"), default=0, editable=False)
    extension_count = models.PositiveSmallIntegerField(_("times extended"), default=0, editable=False)

    # The latest confirmed progress, kept by the verbs of the report in the same transaction.
    percent = models.PositiveSmallIntegerField(_("percent complete"), default=0, editable=False)
    progress_on = models.DateField(_("progress as of"), null=True, blank=True, editable=False)
    progress_note = models.CharField(
        _("latest result"), max_length=200, blank=True, default="", editable=False
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["directive", "role", "pk"]
        indexes = [
            models.Index(fields=["agency", "status", "due_on", "id"], name="assignment_agency_status"),
            models.Index(fields=["status", "due_on", "id"], name="assignment_status_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["directive", "agency"],
                condition=~Q(status__in=[Status.TRANSFERRED, Status.WITHDRAWN]),
                name="one_assignment_an_agency",
                violation_error_message=_("This agency already has this directive."),
            ),
            models.UniqueConstraint(
                fields=["directive"],
                condition=Q(role="lead", via_group=None)
                & ~Q(status__in=[Status.TRANSFERRED, Status.WITHDRAWN]),
                name="one_lead_a_directive",
                violation_error_message=_("Exactly one body leads a directive."),
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="assignment_status_known"),
            models.CheckConstraint(
                condition=Q(percent__lte=100),
                name="assignment_percent_to_100",
                violation_error_message=_("The percentage lies between 0 and 100."),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.COMPLETED) | Q(completed_on__isnull=False),
                name="assignment_completion_has_a_date",
                violation_error_message=_("A completed assignment has a completion date."),
            ),
        ]
        triggers = [step_guard(NEXT)]

    def __str__(self) -> str:
        return f"{self.directive.code} · {self.agency}"

    def get_absolute_url(self) -> str:
        return f"{reverse('directive_detail', args=[self.directive.code])}#luot-giao-{self.pk}"

    # Facts

    @property
    def is_lead(self) -> bool:
        return self.role == self.Role.LEAD

    @property
    def carries_the_directive(self) -> bool:
        """Leads alone, so that its deadline is the directive's; a member of a group has a deadline of its own."""
        return self.is_lead and self.via_group_id is None

    @classmethod
    def summary(cls, directive: Directive) -> Summary:
        """The directive's status, completion and progress as its lead assignments give them.

        One lead: its own. A group: completed when all are, waiting when all wait or are done, in progress as soon
        as one is; the percentage is the mean, rounded down.
        """
        rows = list(directive.assignments.active())
        leads = [row for row in rows if row.is_lead]
        states = {Status(row.status) for row in leads}
        counting = [row for row in leads if row.status != Status.STOPPED] or leads
        dates = [row.completed_on for row in counting if row.completed_on]
        newest = max((row for row in leads if row.progress_on), key=lambda row: row.progress_on, default=None)
        status = _summed_status(states, Status(directive.status))
        facts = {
            "agency_count": len(rows),
            "percent": sum(row.percent for row in counting) // len(counting) if counting else 0,
            "progress_on": newest.progress_on if newest else None,
            "progress_note": newest.progress_note if newest else "",
            "completed_on": max(dates) if status == Status.COMPLETED else None,
            "extension_count": max((row.extension_count for row in leads), default=0),
        }
        return Summary(status, facts)

    # Verbs

    def move_deadline(
        self, day: dt.date | None, kind: str, *, by: User, at: dt.datetime | None = None, reason: str = ""
    ) -> None:
        """Give the work another current deadline and log it; the original stays. Call with both rows locked.

        The only lead moves the whole directive; a member of a group moves its own assignment and nobody else's.
        """
        if self.carries_the_directive:
            self.directive.move_deadline(day, kind, by=by, at=at, reason=reason)
            self.due_on = day
        else:
            self._take_deadline(day, kind, by=by, at=at, reason=reason)

    def follow_deadline(self, day: dt.date | None, *, by: User, at: dt.datetime | None, reason: str) -> None:
        """The directive's deadline has moved, and this assignment's with it. Call with both rows locked."""
        self._take_deadline(day, "deadline_followed", by=by, at=at, reason=reason)

    def _take_deadline(
        self, day: dt.date | None, kind: str, *, by: User, at: dt.datetime | None, reason: str
    ) -> None:
        before, self.due_on = self.due_on, day
        self.version += 1
        with because(reason):
            self.save(update_fields=["due_on", "version"])
        self.directive.log(kind, by=by, at=at, reason=reason, assignment=self, moved=(before, day))

    @classmethod
    def give(
        cls,
        directive: Directive,
        agency: Agency,
        role: "Assignment.Role",
        *,
        by: User,
        today: dt.date,
        person: User | None = None,
        at: dt.datetime | None = None,
    ) -> list["Assignment"]:
        """Assign to a body, or to each member that a group has today. Call with the directive locked."""
        bodies = bodies_of([agency], today)[agency.pk]
        refuse_nobody(agency, bodies)
        if person and person.agency_id not in {body.pk for body in bodies}:
            raise ValidationError({"person": _("The person in charge works in another agency.")})
        taken = {row.agency_id: row for row in directive.assignments.active()}
        given = []
        for body in bodies:
            if body.pk in taken:
                taken[body.pk].answer_decline(by=by, at=at)
                continue
            assignment = cls.objects.create(
                directive=directive,
                agency=body,
                role=role,
                via_group=agency if agency.is_group else None,
                person=person,
                assigned_on=today,
                assigned_by=by,
                original_due_on=directive.due_on,
                due_on=directive.due_on,
            )
            directive.log("assigned", by=by, at=at, to=Status.NEW, assignment=assignment)
            given.append(assignment)
        return given

    def answer_decline(self, *, by: User, at: dt.datetime | None = None) -> None:
        """A body that declined is given the directive again, after an answer of the assigner."""
        if self.status == Status.DECLINED:
            self.move_to(Status.NEW, "answered", by=by, at=at)

    @transaction.atomic
    def receive(self, *, by: User, at: dt.datetime | None = None) -> None:
        """The agency confirms that the directive has arrived (tiếp nhận)."""
        self._alone(Status.RECEIVED, "received", by=by, at=at)

    @transaction.atomic
    def decline(self, *, by: User, reason: str, at: dt.datetime | None = None) -> None:
        """The agency refuses to take it (từ chối nhận), with a reason; it goes back to the assigner."""
        self._alone(Status.DECLINED, "declined", by=by, at=at, reason=reason)

    @transaction.atomic
    def give_again(self, *, by: User, answer: str, at: dt.datetime | None = None) -> None:
        """The assigner answers a refusal and the body has the directive again."""
        self._alone(Status.NEW, "answered", by=by, at=at, reason=answer)

    @transaction.atomic
    def transfer(
        self, *, by: User, to: Agency, reason: str, today: dt.date, at: dt.datetime | None = None
    ) -> "Assignment":
        """Close this assignment and open a linked one for another body with the same original deadline."""
        from tracker import notifying

        directive, stored = self._locked()
        if to.is_group:
            raise ValidationError({"to": _("Transfer to one body, not to a group.")})
        if to.pk == stored.agency_id:
            raise ValidationError({"to": _("This agency already has this directive.")})
        stored.move_to(Status.TRANSFERRED, "transferred", by=by, at=at, reason=reason)
        if directive.lead_id == stored.agency_id:
            directive.lead = to
            directive.save(update_fields=["lead"])
        given = Assignment.give(directive, to, Assignment.Role(stored.role), by=by, today=today, at=at)
        if not given:
            raise ValidationError({"to": _("This agency already has this directive.")})
        linked = given[0]
        # The new body takes over both deadlines and the extensions that were granted on the way.
        taken_over = ("original_due_on", "due_on", "extension_count", "via_group")
        linked.continues = stored
        for name in taken_over:
            setattr(linked, name, getattr(stored, name))
        linked.save(update_fields=["continues", *taken_over])
        notifying.assigned([linked], by=by, at=at)
        if directive.status == Status.PAUSED:
            linked.move_to(Status.PAUSED, "paused", by=by, at=at, reason=reason)
        directive.sum_up(by=by, at=at)
        self.refresh_from_db()
        return linked

    @transaction.atomic
    def put_in_charge(
        self, *, by: User, person: User | None, at: dt.datetime | None = None, tell: bool = True
    ) -> None:
        """Name the person inside the agency who does the work. ``tell=False``: one message tells of all that moves."""
        from tracker import notifying

        _directive, stored = self._locked()
        if person and person.agency_id != stored.agency_id:
            raise ValidationError({"person": _("The person in charge works in another agency.")})
        is_new = person != stored.person
        stored.person = person
        stored.save(update_fields=["person"])
        if tell and is_new:
            notifying.put_in_charge(stored, by=by, at=at)
        self.refresh_from_db()

    def locked(self) -> "Assignment":
        """This assignment read again under a lock, after its directive, which comes along locked."""
        return self._locked()[1]

    def _locked(self) -> tuple[Directive, "Assignment"]:
        """The directive first, then the assignment: always in this order, so that two verbs cannot deadlock."""
        directive = self.directive.locked()
        stored = Assignment.objects.select_for_update().get(pk=self.pk)
        stored.directive = directive
        return directive, stored

    def _alone(
        self, status: Status, kind: str, *, by: User, at: dt.datetime | None, reason: str = ""
    ) -> None:
        directive, stored = self._locked()
        stored.move_to(status, kind, by=by, at=at, reason=reason)
        directive.sum_up(by=by, at=at)
        self.refresh_from_db()

    def move_to(
        self,
        status: Status,
        kind: str,
        *,
        by: User | None,
        at: dt.datetime | None = None,
        reason: str = "",
        document: Document | None = None,
        save: Iterable[str] = (),
    ) -> None:
        """Take one step and log it; restoring is the only way out of a withdrawal. Call with both rows locked."""
        before = Status(self.status)
        if (before == Status.WITHDRAWN and kind != "restored") or status not in NEXT[before]:
            raise WrongStep(_("This step is no longer possible: the assignment has changed in the meantime."))
        self.status_before, self.status = before, status
        self.version += 1
        with because(reason):
            self.save(update_fields=["status", "status_before", "version", *save])
        self.directive.log(
            kind, by=by, at=at, reason=reason, document=document, frm=before, to=status, assignment=self
        )


def bodies_of(agencies: Iterable[Agency], today: dt.date) -> dict[int, list[Agency]]:
    """By key who gets what is given to each: itself while it exists, or the members that a group has on the day."""
    named = list(agencies)
    alone = [agency.pk for agency in named if not agency.is_group]
    existing = set(Agency.objects.in_force(today).filter(pk__in=alone).values_list("pk", flat=True))
    return {
        agency.pk: list(agency.members_on(today)) if agency.is_group else [agency] * (agency.pk in existing)
        for agency in named
    }


def refuse_nobody(agency: Agency, bodies: list[Agency]) -> None:
    """Raises ValidationError when nobody would get what is given to this body."""
    if bodies:
        return
    if agency.is_group:
        raise ValidationError({"lead": _("This group has no member on this day.")})
    raise ValidationError({"lead": _("This agency does not exist on this day: see what it merged into.")})


def _summed_status(states: set[Status], present: Status) -> Status:
    """One status out of the leads' statuses; a directive without leads keeps its own."""
    states = states - {Status.STOPPED} or states
    if not states:
        return present
    if Status.PAUSED in states:
        return Status.PAUSED
    if len(states) == 1:
        return next(iter(states))
    if states <= {Status.AWAITING, Status.COMPLETED}:
        return Status.AWAITING
    if states & {Status.IN_PROGRESS, Status.AWAITING, Status.COMPLETED}:
        return Status.IN_PROGRESS
    if Status.RECEIVED in states:
        return Status.RECEIVED
    return Status.NEW
