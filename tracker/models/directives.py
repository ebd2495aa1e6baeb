import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.models.documents import Document
from tracker.models.lifecycle import (
    DIRECTIVE_NEXT,
    OPEN,
    Status,
    Versioned,
    WrongStep,
    because,
    step_guard,
)
from tracker.models.numbering import CodeCounter
from tracker.models.organisations import Agency, Field
from tracker.models.people import User
from tracker.models.search import search_column, search_index
from tracker.models.sources import DirectiveSource
from tracker.models.standing import Work, WorkQuerySet
from tracker.models.steps import DirectiveEvent
from tracker.vietnamese.text import fold

if TYPE_CHECKING:
    from tracker.models.assignments import Assignment

TITLE_LENGTH = 2000
DUE_RANGE = (dt.date(2000, 1, 1), dt.date(2100, 12, 31))


class DirectiveQuerySet(WorkQuerySet):
    def visible_to(self, user: User) -> Self:
        """The department reads the whole register; another body what it leads or cooperates in."""
        if user.sees_everything:
            return self
        from tracker.models.assignments import Assignment

        return self.filter(Exists(Assignment.objects.filter(directive=OuterRef("pk"), agency=user.agency_id)))

    def search(self, text: str) -> Self:
        """By everything printed of it, its document's number in any spelling, or the name of an assigned body.

        Accents and case do not matter.
        """
        from tracker.models.assignments import Assignment

        folded = fold(text)
        documents = Document.objects.called(text)
        by_document = DirectiveSource.objects.filter(document__in=documents).order_by().values("directive")
        by_agency = Assignment.objects.filter(agency__search__contains=folded).values("directive")
        printed = Q(search__contains=folded) | Q(printed_search__contains=folded)
        return self.filter(printed | Q(pk__in=by_document) | Q(pk__in=by_agency))

    def for_list(self) -> Any:
        """Everything that a row of a list shows, in one query.

        ``source`` is the first document it comes from, ``wish`` what waits to be decided: a stop before a pause.
        """
        from tracker.models.progress import ProgressReport

        wishes = ProgressReport.objects.wishes().filter(assignment__directive=OuterRef("pk"))
        first = DirectiveSource.objects.filter(directive=OuterRef("pk")).order_by("position", "pk")
        facts = JSONObject(kind="document__kind", number="document__number", issued_on="document__issued_on")
        return self.select_related("field", "lead").annotate(
            source=Subquery(first.values(found=facts)[:1]),
            wish=Subquery(wishes.order_by("-claim").values("claim")[:1]),
        )

    def assigned_to(self, agency: Agency, role: str = "") -> Self:
        """What a body has to do, leading or co-operating; ``role`` narrows to one of the two."""
        from tracker.models.assignments import Assignment

        given = Assignment.objects.active().filter(directive=OuterRef("pk"), agency=agency)
        return self.filter(Exists(given.filter(role=role) if role else given))

    def led_by(self, agency: Agency) -> Self:
        from tracker.models.assignments import Assignment

        leads = Assignment.objects.leading().active().filter(directive=OuterRef("pk"), agency=agency)
        return self.filter(Exists(leads) | Q(lead=agency))

    def steps_until(self, moment: dt.datetime) -> "models.QuerySet[DirectiveEvent]":
        return DirectiveEvent.objects.filter(directive=OuterRef("pk"), assignment=None, at__lt=moment)

    def moves_from(self, moment: dt.datetime) -> "models.QuerySet[DirectiveEvent]":
        steps = DirectiveEvent.objects.filter(directive=OuterRef("pk"), assignment=None, at__gte=moment)
        return steps.moving_deadlines()

    def completions_until(self, moment: dt.datetime) -> models.QuerySet[Any]:
        from tracker.models.progress import ProgressReport

        led = ProgressReport.objects.completions_until(moment).filter(assignment__role="lead")
        return led.filter(assignment__directive=OuterRef("pk"))


class Directive(Work, Versioned):
    """One piece of work handed down by a document or a spoken direction (nhiệm vụ), with the body that answers."""

    class Kind(models.TextChoices):
        TASK = "task", _("Task")
        TARGET = "target", _("Target")
        ORIENTATION = "orientation", _("Orientation")
        SPOKEN = "spoken", _("Spoken direction")

    class Force(models.TextChoices):
        ASSIGN = "assign", _("Assigned")
        STRIVE = "strive", _("Strive")
        RESOLUTE = "resolute", _("Resolutely")
        STRICT = "strict", _("Strictly")
        FOCUS = "focus", _("Concentrate")
        ESPECIALLY = "especially", _("Especially")

    class DeadlineKind(models.TextChoices):
        NONE = "none", _("No deadline")
        DAY = "day", _("By a day")
        MONTH_END = "month_end", _("End of a month")
        QUARTER_END = "quarter_end", _("End of a quarter")
        YEAR_END = "year_end", _("End of a year")
        RANGE = "range", _("Range of years")
        YEARLY = "yearly", _("Every year")
        RECURRING = "recurring", _("Every period")
        ONGOING = "ongoing", _("Ongoing")

    code = models.CharField(_("code"), max_length=20, unique=True, editable=False)
    title = models.TextField(_("title as printed"), max_length=TITLE_LENGTH)
    title_en = models.TextField(_("English title"), max_length=TITLE_LENGTH, blank=True, default="")
    field = models.ForeignKey(
        Field, models.PROTECT, related_name="directives", verbose_name=_("field of work")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.TASK)
    force = models.CharField(_("force"), max_length=12, choices=Force, default=Force.ASSIGN)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    occurrence_year = models.PositiveSmallIntegerField(
        _("year of yearly work"), null=True, blank=True, editable=False
    )
    lead = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_directives",
        verbose_name=_("lead agency"),
    )
    lead_printed = models.CharField(_("lead as printed"), max_length=300, blank=True, default="")
    cooperating_printed = models.CharField(
        _("co-operating bodies as printed"), max_length=500, blank=True, default=""
    )
    directing_leader = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="directed",
        verbose_name=_("directing leader"),
    )
    tracking_officer = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tracked",
        verbose_name=_("tracking officer"),
    )
    deadline_printed = models.CharField(_("deadline as printed"), max_length=200, blank=True, default="")
    deadline_kind = models.CharField(
        _("kind of deadline"), max_length=12, choices=DeadlineKind, default=DeadlineKind.NONE
    )
    deadline_inferred = models.BooleanField(_("date inferred from the printed words"), default=False)
    original_due_on = models.DateField(_("original deadline"), null=True, blank=True, editable=False)
    due_on = models.DateField(_("deadline"), null=True, blank=True)
    output_expected = models.TextField(_("output expected"), max_length=1000, blank=True, default="")
    is_key = models.BooleanField(_("key directive"), default=False)
    note = models.TextField(_("note"), max_length=2000, blank=True, default="")

    status = models.CharField(
        _("status"), max_length=12, choices=Status, default=Status.UNASSIGNED, editable=False
    )
    status_before = models.CharField(max_length=12, choices=Status, blank=True, default="", editable=False)
    review_on = models.DateField(_("review of the pause"), null=True, blank=True, editable=False)
    assigned_on = models.DateField(_("assigned on"), null=True, blank=True, editable=False)
    completed_on = models.DateField(_("completed on"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("entered at"), default=clock.now, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    # The latest confirmed progress of the lead, kept by the verbs in the same transaction.
    percent = models.PositiveSmallIntegerField(_("percent complete"), default=0, editable=False)
    progress_on = models.DateField(_("progress as of"), null=True, blank=True, editable=False)
    progress_note = models.CharField(
        _("latest result"), max_length=200, blank=True, default="", editable=False
    )
    agency_count = models.PositiveSmallIntegerField(_("agencies assigned"), default=0, editable=False)
    extension_count = models.PositiveSmallIntegerField(_("times extended"), default=0, editable=False)

    search = search_column("code", "title", "title_en")
    printed_search = search_column(
        "lead_printed", "cooperating_printed", "deadline_printed", "output_expected", "note"
    )

    objects = DirectiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("directive")
        verbose_name_plural = _("directives")
        ordering = ["code"]
        indexes = [
            search_index("directive_search_trgm"),
            search_index("directive_printed_trgm", "printed_search"),
            models.Index(fields=["status", "due_on", "id"], name="directive_status_due"),
            models.Index(fields=["field", "due_on", "id"], name="directive_field_due"),
            models.Index(fields=["lead", "due_on", "id"], name="directive_lead_due"),
            models.Index(F("progress_on").desc(nulls_last=True), F("id").desc(), name="directive_progress"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="directive_status_known"),
            models.CheckConstraint(
                condition=Q(percent__lte=100),
                name="directive_percent_to_100",
                violation_error_message=_("The percentage lies between 0 and 100."),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.COMPLETED) | Q(completed_on__isnull=False),
                name="directive_completion_has_a_date",
                violation_error_message=_("A completed directive has a completion date."),
            ),
            models.UniqueConstraint(
                fields=["parent", "occurrence_year"],
                condition=Q(occurrence_year__isnull=False),
                name="one_occurrence_a_year",
            ),
            models.CheckConstraint(
                condition=Q(occurrence_year=None) | Q(parent__isnull=False),
                name="occurrence_belongs_to_yearly_work",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                name="directive_not_its_own_parent",
                violation_error_message=_("A directive cannot be part of itself."),
            ),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__range=DUE_RANGE),
                name="directive_due_in_this_century",
                violation_error_message=_("The deadline lies between the years 2000 and 2100."),
            ),
        ]
        triggers = [step_guard(DIRECTIVE_NEXT)]

    def __str__(self) -> str:
        return f"{self.code} {self.title[:80]}{self._year('năm')}"

    def get_absolute_url(self) -> str:
        return reverse("directive_detail", args=[self.code])

    # Facts

    @property
    def label(self) -> str:
        """The title for this reader, with its year; the Vietnamese one where there is no English."""
        if get_language() == "en" and self.title_en:
            return f"{self.title_en}{self._year('year')}"
        return self.official_title

    @property
    def official_title(self) -> str:
        """The title as printed; behind it the year, where this is one year's result of yearly work."""
        return f"{self.title}{self._year('năm')}"

    def _year(self, word: str) -> str:
        return f" ({word} {self.occurrence_year})" if self.occurrence_year else ""

    @property
    def source_label(self) -> str:
        """After ``for_list``: “Nghị định 49/2017/NĐ-CP”, or the kind and day of a document without a number."""
        facts = getattr(self, "source", None)
        return Document.short_label(**facts) if facts else ""

    @property
    def is_assigned(self) -> bool:
        return self.status != Status.UNASSIGNED

    @property
    def latest_due_on(self) -> dt.date | None:
        """No deadline of this directive's work may lie after this day: the deadline of what it is part of."""
        return self.parent.due_on if self.parent and self.occurrence_year is None else None

    # Verbs

    @classmethod
    @transaction.atomic
    def register(cls, *, by: User, year: int, **fields: Any) -> "Directive":
        """Enter a directive in the register under the year's next code; nobody has it yet."""
        directive = cls(code=CodeCounter.take(f"NV-{year}-"), created_by=by, **fields)
        directive.full_clean(exclude=["code"])
        directive.save()
        directive.log("registered", by=by, to=Status.UNASSIGNED)
        return directive

    @transaction.atomic
    def edit(self, *, by: User, expected_version: int | None, reason: str = "", **changes: Any) -> None:
        """Change the register's own words. After the assignment a new title needs a reason, and the deadline stays.

        What was read wrongly is then put right by ``correct_deadline``, what is too early by an extension.
        """
        stored = self.locked()
        stored.take_next_version(expected_version)
        due_on_before = stored.due_on
        if stored.is_assigned:
            if changes.get("due_on", stored.due_on) != stored.due_on:
                raise ValidationError(
                    {
                        "due_on": _(
                            "After the assignment the deadline moves by a correction or an extension only."
                        )
                    }
                )
            if changes.get("title", stored.title) != stored.title and not reason.strip():
                raise ValidationError(
                    {"reason": _("Changing the title after the assignment needs a reason.")}
                )
        for name, value in changes.items():
            setattr(stored, name, value)
        stored.full_clean()
        with because(reason):
            stored.save(update_fields=[*changes, "version"])
        moved = (due_on_before, stored.due_on) if stored.due_on != due_on_before else (None, None)
        stored.log("edited", by=by, reason=reason, moved=moved)
        self.refresh_from_db()

    @transaction.atomic
    def assign(
        self,
        *,
        by: User,
        lead: Agency | None = None,
        cooperating: Iterable[Agency] = (),
        today: dt.date,
        person: User | None = None,
        at: dt.datetime | None = None,
    ) -> list["Assignment"]:
        """Give the directive to its lead and to co-operating bodies; a group becomes one assignment a member.

        Needs a source, and a deadline or a kind that has none. The original deadline is fixed here for ever.
        Bodies that already have the directive are left as they are; one that declined has it again. Without ``lead``
        only co-operating bodies are added to a directive that is led already.
        """
        from tracker import notifying
        from tracker.models.assignments import Assignment

        at = at or clock.now()  # one act, one moment, however many bodies
        stored = self.locked()
        is_led = stored.assignments.leading().active().exists()
        adds_only = lead is None and is_led
        stored.lead = lead = stored.lead_to_assign(lead, has_source=stored.sources.exists(), is_led=is_led)
        if stored.assigned_on is None:
            stored.assigned_on, stored.original_due_on = today, stored.due_on
        stored.version += 1
        stored.save(update_fields=["lead", "assigned_on", "original_due_on", "version"])
        created: list[Assignment] = []
        if not adds_only:
            created += Assignment.give(
                stored, lead, Assignment.Role.LEAD, by=by, today=today, person=person, at=at
            )
        for agency in cooperating:
            created += Assignment.give(stored, agency, Assignment.Role.COOPERATING, by=by, today=today, at=at)
        notifying.assigned(created, by=by, at=at)
        stored.sum_up(by=by, at=at)
        self.refresh_from_db()
        return created

    def lead_to_assign(self, lead: Agency | None, *, has_source: bool, is_led: bool) -> Agency:
        """Who leads once this is assigned to ``lead``. Raises what stands against assigning it."""
        if self.status in {Status.COMPLETED, Status.STOPPED, Status.WITHDRAWN, Status.PAUSED}:
            raise WrongStep(_("This directive is closed or paused: reopen or resume it before assigning it."))
        lead = lead or self.lead
        if lead is None:
            raise ValidationError(
                {"lead": _("Choose the lead agency: exactly one body answers for the work.")}
            )
        if not has_source:
            raise ValidationError(_("Name the source document before assigning: every directive has one."))
        dateless = {
            self.DeadlineKind.NONE,
            self.DeadlineKind.ONGOING,
            self.DeadlineKind.YEARLY,
            self.DeadlineKind.RECURRING,
        }
        if self.due_on is None and self.deadline_kind not in dateless:
            raise ValidationError(_("Give a deadline, or say that there is none."))
        if self.lead_id not in {None, lead.pk} and is_led:
            raise WrongStep(_("Another body already leads this directive: transfer it instead."))
        return lead

    @transaction.atomic
    def correct_deadline(
        self,
        due_on: dt.date | None,
        *,
        by: User,
        reason: str,
        source: Document,
        at: dt.datetime | None = None,
        expected_version: int | None = None,
    ) -> None:
        """Put a deadline right that was read or entered wrongly (đính chính): no extension, and listed apart.

        ``source``: the document that says the right day. The original deadline and the printed words stay.
        """
        stored = self.locked()
        stored.take_next_version(expected_version)
        if not (stored.is_assigned and stored.is_open):
            raise WrongStep(_("Only a directive that is assigned and open has a deadline to correct."))
        if due_on == stored.due_on:
            raise ValidationError({"due_on": _("This is the present deadline already.")})
        if due_on and stored.deadline_kind == self.DeadlineKind.YEARLY:
            raise ValidationError(
                {"due_on": _("Yearly work has no deadline itself: correct the deadline of a year.")}
            )
        if due_on and stored.latest_due_on and due_on > stored.latest_due_on:
            raise ValidationError(
                {"due_on": _("Not later than the deadline of the directive it is part of.")}
            )
        if not reason.strip():
            raise ValidationError({"reason": _("Write what was wrong.")})
        stored.move_deadline(due_on, "deadline_corrected", by=by, at=at, reason=reason, document=source)
        self.refresh_from_db()

    def move_deadline(
        self,
        day: dt.date | None,
        kind: str,
        *,
        by: User,
        at: dt.datetime | None = None,
        reason: str = "",
        document: Document | None = None,
    ) -> None:
        """Give the directive another current deadline, and every open assignment that had the same one.

        An assignment with a day of its own, as a member of a group after an extension, keeps it. Call with the
        row locked.
        """
        before, self.due_on = self.due_on, day
        self.version += 1
        with because(reason):
            self.save(update_fields=["due_on", "version"])
        self.log(kind, by=by, at=at, reason=reason, document=document, moved=(before, day))
        shared = Q(due_on=before) if before else Q(due_on=None)
        same = self.assignments.filter(shared | Q(role="lead", via_group=None), status__in=OPEN)
        for assignment in same.select_for_update().order_by("pk"):
            assignment.directive = self
            assignment.follow_deadline(day, by=by, at=at, reason=reason)

    def open_year(self, year: int, *, by: User, today: dt.date, at: dt.datetime | None = None) -> "Directive":
        """Open a year of yearly work, once; see ``tracker.models.occurrences``."""
        from tracker.models.occurrences import open_year

        return open_year(self, year, by=by, today=today, at=at)

    @transaction.atomic
    def pause(self, *, by: User, reason: str, review_on: dt.date, at: dt.datetime | None = None) -> None:
        """Pause (tạm dừng) with a day to look again. The clock goes on."""
        self._everywhere(Status.PAUSED, "paused", by=by, reason=reason, at=at, review_on=review_on)

    @transaction.atomic
    def resume(self, *, by: User, reason: str = "", at: dt.datetime | None = None) -> None:
        """Go on after a pause, each body where it stood before."""
        self._back("resumed", Status.PAUSED, by=by, reason=reason, at=at)

    @transaction.atomic
    def look_again_on(
        self, day: dt.date, *, by: User, reason: str = "", at: dt.datetime | None = None
    ) -> None:
        """Leave a paused directive paused and look at the pause again on a later day."""
        stored = self.locked()
        if stored.status != Status.PAUSED:
            raise WrongStep(_("This step has already been taken."))
        stored.review_on = day
        stored.version += 1
        with because(reason):
            stored.save(update_fields=["review_on", "version"])
        stored.log("edited", by=by, at=at, reason=reason)
        self.refresh_from_db()

    @transaction.atomic
    def stop(self, *, by: User, document: Document, reason: str = "", at: dt.datetime | None = None) -> None:
        """Stop for good (dừng thực hiện): only with the stopping document; leaves the percentages."""
        self._everywhere(Status.STOPPED, "stopped", by=by, reason=reason, document=document, at=at)

    @transaction.atomic
    def withdraw(self, *, by: User, reason: str, at: dt.datetime | None = None) -> None:
        """Take the directive out of the register (thu hồi); it is listed apart and its code is not used again."""
        self._everywhere(Status.WITHDRAWN, "withdrawn", by=by, reason=reason, at=at)

    @transaction.atomic
    def restore(self, *, by: User, reason: str, at: dt.datetime | None = None) -> None:
        """Put a withdrawn directive back where it stood."""
        self._back("restored", Status.WITHDRAWN, by=by, reason=reason, at=at)

    @transaction.atomic
    def reopen(self, *, by: User, reason: str, at: dt.datetime | None = None) -> None:
        """Open a completed directive again; the old completion stays in the log."""
        stored = self.locked()
        if stored.status != Status.COMPLETED:
            raise WrongStep(_("Only a completed directive can be reopened."))
        for assignment in stored.assignments.leading().filter(status=Status.COMPLETED).select_for_update():
            assignment.completed_on = None
            assignment.move_to(
                Status.IN_PROGRESS, "reopened", by=by, reason=reason, at=at, save=["completed_on"]
            )
        stored.sum_up(by=by, at=at, reason=reason, kind="reopened")
        self.refresh_from_db()

    def locked(self) -> "Directive":
        """This directive read again under a lock: every verb of it and of its parts starts here."""
        return Directive.objects.select_for_update().get(pk=self.pk)

    def _everywhere(self, to: Status, kind: str, *, by: User, at: dt.datetime | None, **details: Any) -> None:
        stored = self.locked()
        # A withdrawal hides the whole record, with the day on which a pause was to be looked at again.
        hides = to == Status.WITHDRAWN
        review_on = details.pop("review_on", stored.review_on if hides else None)
        leaving = stored.assignments.exclude(status__in=[Status.TRANSFERRED, to])
        if not hides:
            leaving = leaving.exclude(status__in=[Status.COMPLETED, Status.STOPPED])
        stored.move_to(to, kind, by=by, at=at, save=["review_on"], review_on=review_on, **details)
        for assignment in leaving.select_for_update().order_by("pk"):
            assignment.move_to(to, kind, by=by, at=at, **details)
        self.refresh_from_db()

    def _back(self, kind: str, status: Status, *, by: User, reason: str, at: dt.datetime | None) -> None:
        stored = self.locked()
        if stored.status != status:
            raise WrongStep(_("This step has already been taken."))
        steps = stored.events.filter(assignment=None)
        stood = _stood_before(steps, status) or Status(stored.status_before)
        review_on = stored.review_on if stood == Status.PAUSED else None
        stored.move_to(stood, kind, by=by, at=at, reason=reason, save=["review_on"], review_on=review_on)
        for assignment in stored.assignments.filter(status=status).select_for_update().order_by("pk"):
            stood = _stood_before(assignment.events, status) or Status(assignment.status_before)
            assignment.move_to(stood, kind, by=by, at=at, reason=reason)
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
        review_on: dt.date | None = None,
        save: Iterable[str] = (),
    ) -> None:
        """Take one step of the life cycle and log it. Call with the row locked."""
        leaves_withdrawal = self.status == Status.WITHDRAWN and kind != "restored"
        if leaves_withdrawal or status not in DIRECTIVE_NEXT[Status(self.status)]:
            raise WrongStep(_("This step is no longer possible: the directive has changed in the meantime."))
        before = Status(self.status)
        self.status_before, self.status, self.review_on = before, status, review_on
        self.version += 1
        with because(reason):
            self.save(update_fields=["status", "status_before", "version", *save])
        self.log(kind, by=by, at=at, reason=reason, document=document, frm=before, to=status)

    def log(
        self,
        kind: str,
        *,
        by: User | None,
        at: dt.datetime | None = None,
        reason: str = "",
        document: Document | None = None,
        frm: str = "",
        to: str = "",
        assignment: "Assignment | None" = None,
        moved: tuple[dt.date | None, dt.date | None] = (None, None),
    ) -> None:
        """Add a line to the append-only log of steps and tell whom it concerns. ``moved``: the old and new deadline."""
        from tracker import notifying

        event = DirectiveEvent.objects.create(
            directive=self,
            assignment=assignment,
            kind=kind,
            from_status=frm,
            to_status=to,
            by=by,
            by_agency_id=by.agency_id if by else None,
            at=at or clock.now(),
            reason=reason,
            document=document,
            due_on_before=moved[0],
            due_on_after=moved[1],
        )
        notifying.stepped(event)

    def sum_up(
        self, *, by: User | None, at: dt.datetime | None = None, reason: str = "", kind: str = "summed_up"
    ) -> None:
        """Bring status, completion and latest progress in line with the assignments. Call with the row locked."""
        from tracker.models.assignments import Assignment

        summary = Assignment.summary(self)
        for name, value in summary.facts.items():
            setattr(self, name, value)
        # A stop or a withdrawal is decided for the directive itself; nothing below it ends that.
        if summary.status == self.status or self.status in {Status.STOPPED, Status.WITHDRAWN}:
            self.save(update_fields=list(summary.facts))
        else:
            self.move_to(summary.status, kind, by=by, at=at, reason=reason, save=summary.facts)
        if self.status == Status.COMPLETED:
            # Co-operating bodies have nothing left to do; their part is closed with the directive.
            for assignment in self.assignments.cooperating().filter(status__in=OPEN).select_for_update():
                assignment.move_to(Status.STOPPED, "closed_with", by=by, at=at)


def _stood_before(steps: Any, status: Status) -> Status | None:
    """Where a record stood when it went into ``status``: a pause that was withdrawn meanwhile is still that pause."""
    into = steps.filter(to_status=status).exclude(from_status__in=["", Status.WITHDRAWN])
    found = into.order_by("-pk").values_list("from_status", flat=True).first()
    return Status(found) if found else None
