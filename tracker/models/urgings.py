import datetime as dt
from typing import Any, Self

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.models.assignments import Assignment
from tracker.models.directives import Directive
from tracker.models.documents import Document
from tracker.models.indicators import Indicator
from tracker.models.lifecycle import WrongStep
from tracker.models.organisations import Agency
from tracker.models.people import User
from tracker.models.rosters import BodyState, RosterBody
from tracker.models.standing import end_of


def _never_deleted() -> pgtrigger.Protect:
    """What was sent stays on record, whoever asks the database to delete it."""
    return pgtrigger.Protect(name="stays_on_record", operation=pgtrigger.Delete)


class UrgingQuerySet(models.QuerySet["Urging"]):
    def visible_to(self, user: User) -> Self:
        """The department reads all; another body what was sent to it."""
        if user.sees_everything:
            return self
        sent = UrgingRecipient.objects.filter(urging=OuterRef("pk"), agency=user.agency_id)
        return self.filter(Exists(sent))

    def search(self, text: str) -> Self:
        """By what finds the directive or the urged body, or by words of the reason."""
        about = Directive.objects.search(text).order_by().values("pk")
        sent = UrgingRecipient.objects.filter(
            urging=OuterRef("pk"), agency__in=Agency.objects.search(text).order_by().values("pk")
        )
        link = Urging.directives.through.objects.filter(urging=OuterRef("pk"), directive__in=about)
        return self.filter(Q(reason__icontains=text) | Exists(sent) | Exists(link))

    def with_recipient(self, recipients: "UrgingRecipientQuerySet") -> Self:
        """Those that were sent to one of these."""
        return self.filter(Exists(recipients.order_by().filter(urging=OuterRef("pk"))))

    def sent_in(self, start: dt.date, end: dt.date) -> Self:
        """Sent on one of these days, both inclusive."""
        midnight = timezone.make_aware(dt.datetime.combine(start, dt.time.min))
        return self.filter(at__gte=midnight, at__lt=end_of(end))

    def with_answer_of(self, agency: Agency) -> Self:
        """Annotate whether this body has answered as ``own_answered``."""
        own = UrgingRecipient.objects.answered().filter(urging=OuterRef("pk"), agency=agency)
        return self.annotate(own_answered=Exists(own.order_by()))

    def for_list(self) -> Self:
        """Everything that a row of a list shows."""
        answered = Q(recipients__answered_at__isnull=False)
        counted = self.select_related("by", "document").annotate(
            recipient_count=models.Count("recipients", distinct=True),
            answered_count=models.Count("recipients", filter=answered, distinct=True),
        )
        return counted.order_by("-at", "-pk")


class Urging(models.Model):
    """A formal push to bodies that are behind (đôn đốc), on the record: by whom, to whom, about what, why."""

    class Grade(models.TextChoices):
        """Five grades; the regulation of Quyết định 42/2014 asks that each stands on record."""

        REMIND = "remind", _("Reminder")
        LETTER = "letter", _("Official letter of urging")
        EXPLAIN = "explain", _("Demand for an explanation")
        CRITICISE = "criticise", _("Criticism")
        CALL_TO_ACCOUNT = "call_to_account", _("Review of responsibility")

    LEADER_ONLY = frozenset({Grade.CRITICISE, Grade.CALL_TO_ACCOUNT})
    NEEDS_ANSWER_DAY = frozenset({Grade.EXPLAIN, Grade.CALL_TO_ACCOUNT})

    grade = models.CharField(_("grade"), max_length=16, choices=Grade, default=Grade.REMIND)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="urgings", verbose_name=_("document")
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="urgings", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=clock.now)
    reason = models.TextField(_("reason"), max_length=1000)
    answer_due_on = models.DateField(_("answer by"), null=True, blank=True)
    directives = models.ManyToManyField(
        Directive, related_name="urgings", verbose_name=_("directives"), blank=True
    )
    indicators = models.ManyToManyField(
        Indicator, related_name="urgings", verbose_name=_("indicators"), blank=True
    )

    objects = UrgingQuerySet.as_manager()

    class Meta:
        verbose_name = _("urging")
        verbose_name_plural = _("urgings")
        ordering = ["-at", "-pk"]
        triggers = [_never_deleted()]

    def __str__(self) -> str:
        return self.reason[:80]

    def get_absolute_url(self) -> str:
        return reverse("urging_detail", args=[self.pk])

    @classmethod
    @transaction.atomic
    def send(
        cls,
        *,
        by: User,
        agencies: dict[Agency, str],
        reason: str,
        indicators: list[Indicator],
        directives: list[Directive],
        assignments: dict[Agency, list[Assignment]] | None = None,
        **fields: Any,
    ) -> "Urging":
        """Urge exactly these agencies; ``agencies`` gives each one's own line: what it still lacks.

        ``assignments``: what each is urged about, where it is behind with work and not only on a list.
        """
        from tracker import notifying

        if not agencies:
            raise ValidationError(_("No agency is behind: nobody is urged."))
        urging = cls(by=by, reason=reason, **fields)
        if urging.grade in cls.NEEDS_ANSWER_DAY and not urging.answer_due_on:
            raise ValidationError({"answer_due_on": _("An explanation needs a day by which it is due.")})
        urging.full_clean()
        urging.save()
        urging.indicators.set(indicators)
        urging.directives.set(directives)
        recipients = UrgingRecipient.objects.bulk_create(
            UrgingRecipient(urging=urging, agency=agency, lacks=lacks) for agency, lacks in agencies.items()
        )
        about = assignments or {}
        link = UrgingRecipient.assignments.through
        link.objects.bulk_create(
            link(urgingrecipient_id=one.pk, assignment_id=row.pk)
            for one in recipients
            for row in about.get(one.agency, ())
        )
        notifying.urged(urging, recipients)
        return urging

    @transaction.atomic
    def attach_document(self, document: Document) -> None:
        """Name the signed letter once it has its number; it is named only once."""
        stored = Urging.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if stored.document_id:
            raise WrongStep(_("The document of this urging has already been named."))
        self.document = document
        self.save(update_fields=["document"])


class UrgingRecipientQuerySet(models.QuerySet["UrgingRecipient"]):
    def visible_to(self, user: User) -> Self:
        """The department reads all; another body its own line."""
        return self if user.sees_everything else self.filter(agency=user.agency_id)

    def unanswered(self) -> Self:
        """Asked for an answer and not given one yet."""
        return self.filter(answered_at=None, urging__answer_due_on__isnull=False)

    def answer_overdue(self, day: dt.date) -> Self:
        """The answer was due before this day."""
        return self.unanswered().filter(urging__answer_due_on__lt=day)

    def answered(self) -> Self:
        return self.filter(answered_at__isnull=False)

    def unsettled(self, day: dt.date) -> Self:
        """Asked for an answer, or with something that may still be missing: open work, a place not in use."""
        places = RosterBody.objects.in_scope(day).standing_on(day)
        open_places = places.filter(
            agency=OuterRef("agency"), roster__indicator__urgings=OuterRef("urging")
        ).exclude(state__in=[BodyState.IN_USE, BodyState.EXEMPT])
        work = Assignment.objects.open().filter(urged=OuterRef("pk"))
        asked = Q(answered_at=None, urging__answer_due_on__isnull=False)
        return self.filter(asked | Exists(open_places) | Exists(work.order_by()))


class UrgingRecipient(models.Model):
    """One agency that was urged, with what it lacked on that day."""

    urging = models.ForeignKey(Urging, models.PROTECT, related_name="recipients", verbose_name=_("urging"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="urged", verbose_name=_("agency"))
    lacks = models.CharField(_("what it lacks"), max_length=1000)
    assignments = models.ManyToManyField(
        Assignment, related_name="urged", verbose_name=_("assignments"), blank=True
    )
    answer = models.TextField(_("answer"), max_length=2000, blank=True, default="")
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = UrgingRecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("urged agency")
        verbose_name_plural = _("urged agencies")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["urging", "agency"], name="one_urging_an_agency"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="answer_to_urging_has_words",
            ),
        ]
        triggers = [
            _never_deleted(),
            pgtrigger.Protect(
                name="answer_stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}"

    @property
    def is_editable(self) -> bool:
        """Files may be added until the answer is given."""
        return self.answered_at is None

    @transaction.atomic
    def reply(self, *, by: User, answer: str, at: dt.datetime | None = None) -> None:
        """The agency answers once (giải trình); the answer stays beside the urging."""
        from tracker import notifying

        if not answer.strip():
            raise ValidationError({"answer": _("Write the answer.")})
        stored = UrgingRecipient.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if stored.answered_at:
            raise WrongStep(_("Your agency has already answered this urging."))
        self.answer, self.answered_by, self.answered_at = answer.strip(), by, at or clock.now()
        self.save(update_fields=["answer", "answered_by", "answered_at"])
        notifying.urging_answered(self)
