"""What a person is told inside the application (thông báo), how they want to be told, and who stands in for them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.models.assignments import Assignment
from tracker.models.directives import Directive
from tracker.models.organisations import Agency
from tracker.models.people import User


def _sees_everything(path: str = "") -> Q:
    """SQL for ``User.sees_everything``; ``path`` leads to the person."""
    inside = Q(**{f"{path}agency__is_department": True}) | Q(**{f"{path}agency__bloc": Agency.Bloc.INTERNAL})
    return inside | Q(**{f"{path}role__in": User.SEE_EVERYTHING})


class DeputyshipQuerySet(models.QuerySet["Deputyship"]):
    def of(self, person: User) -> Self:
        return self.filter(person=person)

    def concerning(self, user: User) -> Self:
        """Whose deputy the person is, or who is the person's."""
        return self.filter(Q(person=user) | Q(deputy=user))

    def not_over(self, day: dt.date) -> Self:
        """In force on a day, or still to come."""
        return self.filter(ends_on__gte=day)

    def on(self, day: dt.date) -> Self:
        """Those in force on a day, both days included, whose two people see the same still: one may have moved."""
        alike = Q(deputy__agency=F("person__agency")) | (
            _sees_everything("person__") & _sees_everything("deputy__")
        )
        return self.filter(alike, starts_on__lte=day, ends_on__gte=day, deputy__is_active=True)


class Deputyship(models.Model):
    """Somebody reads another person's messages while that one is away (người nhận thay), from a day to a day."""

    person = models.ForeignKey(
        User, models.CASCADE, related_name="deputyships", verbose_name=_("person who is away")
    )
    deputy = models.ForeignKey(User, models.PROTECT, related_name="stands_in", verbose_name=_("deputy"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))

    objects = DeputyshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="deputyship_ends_after_it_starts",
                violation_error_message=_("The last day is not before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(person=F("deputy")),
                name="deputy_is_somebody_else",
                violation_error_message=_("Choose somebody else as deputy."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.deputy}"

    def clean(self) -> None:
        """The deputy works in the same agency, or both work in the department: they see the same."""
        if not (self.person_id and self.deputy_id and self.starts_on and self.ends_on):
            return
        both_see_all = self.person.sees_everything and self.deputy.sees_everything
        if self.person.agency_id != self.deputy.agency_id and not both_see_all:
            raise ValidationError({"deputy": _("The deputy works in the same agency.")})
        others = Deputyship.objects.filter(person=self.person, deputy=self.deputy).exclude(pk=self.pk)
        if others.filter(starts_on__lte=self.ends_on, ends_on__gte=self.starts_on).exists():
            raise ValidationError({"deputy": _("This person is your deputy on some of these days already.")})

    @classmethod
    def candidates(cls, person: User) -> Any:
        """Who may stand in for this person: who sees the same; see ``clean``."""
        everybody = User.objects.active().exclude(pk=person.pk).by_given_name()
        same = Q(agency=person.agency_id)
        if person.sees_everything:
            same |= _sees_everything()
        return everybody.filter(same)

    # Verbs

    @classmethod
    @transaction.atomic
    def name(
        cls, person: User, deputy: User, *, starts_on: dt.date, ends_on: dt.date, at: dt.datetime
    ) -> "Deputyship":
        """The person names who reads their messages from a day to a day; the deputy is told."""
        User.objects.select_for_update(of=("self",)).get(pk=person.pk)  # two forms at once: judged one by one
        named = cls(person=person, deputy=deputy, starts_on=starts_on, ends_on=ends_on)
        named.full_clean()
        named.save()
        days = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
        cause, url = f"deputy:{named.pk}", reverse("notice_list")
        Notice.tell([deputy], Notice.Kind.DEPUTY, cause=cause, url=url, at=at, by=person, words=days)
        return named

    @transaction.atomic
    def end(self, today: dt.date) -> None:
        """The person is back: from today on nobody reads in their place. What has not begun is taken away."""
        if self.starts_on >= today:
            Notice.take_back(f"deputy:{self.pk}")
            self.delete()
            return
        self.ends_on = min(self.ends_on, today - dt.timedelta(days=1))
        self.save(update_fields=["ends_on"])


def _all_before() -> list[int]:
    return [7, 3, 1, 0]


class NoticePreference(models.Model):
    """How one person wants to be told (cách nhận). Inside the application everything is told; this is about mail."""

    user = models.OneToOneField(User, models.CASCADE, related_name="notice_preference", primary_key=True)
    mail_at_once = models.BooleanField(
        _("Returned, newly assigned, urged, instructed: at once"), default=True
    )
    mail_decided = models.BooleanField(_("Confirmed, decided: at once"), default=False)
    mail_digest = models.BooleanField(_("Reminders: one message each working morning"), default=True)
    mail_weekly = models.BooleanField(_("The week's summary for leaders"), default=True)
    remind_before = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("Reminded before a deadline"),
        default=_all_before,
        blank=True,
        size=10,
    )

    class Meta:
        verbose_name = _("way of being told")
        verbose_name_plural = _("ways of being told")

    def __str__(self) -> str:
        return f"{self.user}"

    @classmethod
    def of(cls, user: User) -> "NoticePreference":
        """The person's choice, or the defaults when nothing has been chosen. Never writes."""
        return cls.objects.filter(pk=user.pk).first() or cls(user=user)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> Self:
        """One's own; nobody reads another person's, administrators neither."""
        return self.filter(user=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def in_group(self, group: str) -> Self:
        """Of one tab of the page; see ``Notice.GROUPS``."""
        return self.filter(kind__in=Notice.GROUPS[group])

    def asking(self) -> Self:
        """What asks the person to do something and has not been read."""
        return self.unread().filter(kind__in=Notice.ASKS)

    def for_list(self) -> Self:
        """Everything that a line shows, in one query."""
        return self.select_related("by__agency", "directive", "assignment__agency", "for_person")

    def mark_read(self, at: dt.datetime) -> int:
        """How many were unread until now."""
        return self.unread().update(read_at=at)


class Notice(models.Model):
    """One thing said to one person, once: ``user``, ``kind``, ``day`` and ``cause`` together are unique."""

    class Kind(models.TextChoices):
        # steps of somebody else, told in the transaction of the step
        ASSIGNED = "assigned", _("Newly assigned")
        RETURNED = "returned", _("Report returned")
        CONFIRMED = "confirmed", _("Report confirmed")
        FIGURE_RETURNED = "figure_returned", _("Figure returned")
        FIGURE_CONFIRMED = "figure_confirmed", _("Figure confirmed")
        DECLINED = "declined", _("Declined by the agency")
        CHANGED = "changed", _("Paused, stopped, withdrawn, reopened, transferred or corrected")
        INSTRUCTED = "instructed", _("Instruction")
        ANSWERED = "answered", _("Instruction answered")
        URGED = "urged", _("Urged")
        URGING_ANSWERED = "urging_answered", _("Urging answered")
        EXTENSION_ASKED = "extension_asked", _("Extension requested")
        EXTENSION_DECIDED = "extension_decided", _("Extension decided")
        DATE_PROPOSED = "date_proposed", _("Another date proposed")
        PROPOSAL_ANSWERED = "proposal_answered", _("Proposed date answered")
        PAPER_SUBMITTED = "paper_submitted", _("Official report submitted")
        PAPER_RETURNED = "paper_returned", _("Official report returned")
        PAPER_APPROVED = "paper_approved", _("Official report approved")
        PAPER_SIGNED = "paper_signed", _("Official report signed")
        DEPUTY = "deputy", _("Named as deputy")
        EXPORT_MADE = "export_made", _("File prepared")
        # worked out each morning
        DUE = "due", _("Deadline near")
        LATE = "late", _("Deadline missed")
        SILENT = "silent", _("No report for long")
        NOT_RECEIVED = "not_received", _("Not received yet")
        TO_REVIEW = "to_review", _("Waiting for review too long")
        TO_DECIDE = "to_decide", _("Waiting for a decision")
        CLOSING = "closing", _("Figures about to close")
        ANSWER_DUE = "answer_due", _("Answer to an urging is due")
        ESCALATED = "escalated", _("Overdue, told to the head or the leader")
        WEEK = "week", _("The week's summary")

    GROUPS: dict[str, tuple[str, ...]] = {
        "duyet": (
            Kind.RETURNED,
            Kind.CONFIRMED,
            Kind.FIGURE_RETURNED,
            Kind.FIGURE_CONFIRMED,
            Kind.TO_REVIEW,
            Kind.EXTENSION_ASKED,
            Kind.EXTENSION_DECIDED,
            Kind.DATE_PROPOSED,
            Kind.PROPOSAL_ANSWERED,
            Kind.PAPER_SUBMITTED,
            Kind.PAPER_RETURNED,
            Kind.PAPER_APPROVED,
            Kind.PAPER_SIGNED,
            Kind.TO_DECIDE,
        ),
        "nhac": (
            Kind.DUE,
            Kind.LATE,
            Kind.SILENT,
            Kind.NOT_RECEIVED,
            Kind.CLOSING,
            Kind.URGED,
            Kind.URGING_ANSWERED,
            Kind.ANSWER_DUE,
            Kind.ESCALATED,
            Kind.WEEK,
            Kind.EXPORT_MADE,
        ),
        "chi-dao": (
            Kind.INSTRUCTED,
            Kind.ANSWERED,
            Kind.ASSIGNED,
            Kind.DECLINED,
            Kind.CHANGED,
            Kind.DEPUTY,
        ),
    }
    """The tabs of the page: reviews and decisions, reminders, directions; together they hold every kind once."""

    ASKS = frozenset(
        {
            Kind.ASSIGNED,
            Kind.RETURNED,
            Kind.FIGURE_RETURNED,
            Kind.DECLINED,
            Kind.INSTRUCTED,
            Kind.URGED,
            Kind.EXTENSION_ASKED,
            Kind.DATE_PROPOSED,
            Kind.PAPER_SUBMITTED,
            Kind.PAPER_RETURNED,
            Kind.DUE,
            Kind.LATE,
            Kind.SILENT,
            Kind.NOT_RECEIVED,
            Kind.TO_REVIEW,
            Kind.TO_DECIDE,
            Kind.CLOSING,
            Kind.ANSWER_DUE,
        }
    )
    """Kinds that ask the person to do something (cần tôi làm)."""

    DECIDED = frozenset(
        {
            Kind.CONFIRMED,
            Kind.FIGURE_CONFIRMED,
            Kind.EXTENSION_DECIDED,
            Kind.ANSWERED,
            Kind.URGING_ANSWERED,
            Kind.PAPER_APPROVED,
            Kind.PAPER_SIGNED,
        }
    )
    """Good to know: mailed at once only to those who want it."""

    DAILY = frozenset(
        {
            Kind.DUE,
            Kind.LATE,
            Kind.SILENT,
            Kind.NOT_RECEIVED,
            Kind.TO_REVIEW,
            Kind.TO_DECIDE,
            Kind.CLOSING,
            Kind.ANSWER_DUE,
            Kind.ESCALATED,
            Kind.WEEK,
        }
    )
    """Worked out each morning and mailed together, never at once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notices", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    day = models.DateField(_("day"))
    at = models.DateTimeField(_("at"), default=clock.now)
    cause = models.CharField(_("cause"), max_length=80, blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    directive = models.ForeignKey(Directive, models.PROTECT, null=True, related_name="+")
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="+")
    for_person = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("in place of")
    )
    words = models.JSONField(_("words"), default=dict)
    url = models.CharField(_("address"), max_length=300)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["user", "-at", "-id"], name="notice_newest"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "day", "cause"], name="one_notice_a_person_kind_day_cause"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.kind}"

    def get_absolute_url(self) -> str:
        """Opens what it is about and counts as read."""
        return reverse("notice_open", args=[self.pk])

    @property
    def asks(self) -> bool:
        return self.kind in self.ASKS

    @classmethod
    def tell(
        cls,
        people: Iterable[User],
        kind: str,
        *,
        at: dt.datetime,
        by: User | None = None,
        hold_seconds: int = 0,
        **about: Any,
    ) -> None:
        """Tell these people one thing; ``about``: the other values of a ``Telling``. See ``tell_all``."""
        cls.tell_all([Telling(list(people), kind, **about)], at=at, by=by, hold_seconds=hold_seconds)

    @classmethod
    def tell_all(
        cls, tellings: "Sequence[Telling]", *, at: dt.datetime, by: User | None, hold_seconds: int = 0
    ) -> None:
        """Tell people, and the deputies of those who are away, in the transaction of the step itself.

        Nobody is told of their own step. All is of one act, and takes few queries however many things are told. Mail
        goes out to those who want it, not before ``hold_seconds`` have passed, so that an undone decision tells nobody.
        """
        from tracker.models.outbox import OutgoingMessage

        day = timezone.localdate(at)
        named = {person.pk for one in tellings for person in one.people}
        deputies = Deputyship.objects.on(day).filter(person__in=named)
        away = list(deputies.select_related("person__agency", "deputy__agency").order_by("pk"))
        rows = [
            cls(user=user, for_person=for_person, day=day, at=at, by=by, **one.as_read_by(for_person or user))
            for one in tellings
            for user, for_person in cls._receivers(one.people, by, away).items()
        ]
        cls.objects.bulk_create(rows, ignore_conflicts=True)
        OutgoingMessage.put_at_once(rows, not_before=at + dt.timedelta(seconds=hold_seconds))

    @classmethod
    def take_back(cls, cause: str) -> None:
        """An undone decision has told nobody: its notices go, and its mail that waits."""
        from tracker.models.outbox import OutgoingMessage

        OutgoingMessage.objects.unsent().filter(notice__cause=cause).delete()
        cls.objects.filter(cause=cause).delete()

    @staticmethod
    def _receivers(
        people: Iterable[User], by: User | None, away: Iterable[Deputyship]
    ) -> dict[User, User | None]:
        """Active people, each once, then deputies with whom they stand in for; without who took the step."""
        told: dict[User, User | None] = {user: None for user in people if user.is_active and user != by}
        for one in [one for one in away if one.person in told and one.deputy != by]:
            told.setdefault(one.deputy, one.person)
        return told


@dataclass(frozen=True)
class Telling:
    """One thing said to some people, of what it is about.

    ``words``: what the sentence needs besides the directive, as plain values (``tracker/notice_words.py`` makes the
    sentence in the reader's language). ``own``: by agency what its people read instead, so that one act on many
    agencies is told at once.
    """

    people: Sequence[User]
    kind: str
    cause: str
    url: str
    directive: Directive | None = None
    assignment: Assignment | None = None
    words: dict[str, Any] = field(default_factory=dict)
    own: dict[int, dict[str, Any]] = field(default_factory=dict)

    def as_read_by(self, person: User) -> dict[str, Any]:
        """The notice's values for a person, or for who stands in for them."""
        common: dict[str, Any] = {"kind": self.kind, "cause": self.cause, "url": self.url}
        common |= {"directive": self.directive, "assignment": self.assignment, "words": self.words}
        return common | self.own.get(person.agency_id, {})
