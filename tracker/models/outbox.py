"""Mail that is to go out (hộp thư đi): written with what causes it, sent later by ``manage.py send_notices``."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from tracker.models.lifecycle import WrongStep
from tracker.models.people import User

if TYPE_CHECKING:
    from tracker.models.account_links import AccountLink
    from tracker.models.notices import Notice

UNSENT = ("waiting", "failing")

BACK_OFF = tuple(dt.timedelta(minutes=n) for n in (1, 5, 15, 60, 180, 360, 720, 720, 720))
"""How long to wait after each failure: nearly two days in all, then the message is given up."""

LEASE = dt.timedelta(minutes=15)
"""How long a mail server may take to answer; after that nobody knows what became of the message."""

SILENCE = dt.timedelta(minutes=15)
"""A timer runs the sender each minute; without a run for so long something is wrong with it."""

FRESH_DAYS = 14
"""Days after which a message that never went out says nothing new any more."""

_CHANGING = (
    "status",
    "outcome",
    "attempts",
    "next_try_at",
    "sent_at",
    "address",
    "subject",
    "again_by",
    "again_at",
)

# Outcomes are kept in English and shown in the reader's language; a mail server's own words stay as they are.
NO_ANSWER = gettext_noop("The mail server took the message and gave no answer. It may have arrived.")
NO_ADDRESS = gettext_noop("The person has no e-mail address.")
INACTIVE = gettext_noop("The account is locked.")
UNWANTED = gettext_noop("The person does not want these messages by mail any more.")
TAKEN_BACK = gettext_noop("What it told of was undone.")
CLOSED = gettext_noop("The work was closed before the message went out.")
NOTHING_LEFT = gettext_noop("Nothing is left to remind of.")
LINK_CLOSED = gettext_noop("The link in it has been used, taken back or is too old.")
REPLACED = gettext_noop("A newer message took its place.")
TOO_OLD = gettext_noop("It waited for more than 14 days.")
UNREADABLE = gettext_noop("The message could not be written. The program's log says why.")
NO_DIGESTS = gettext_noop("The morning's reminders could not be worked out. The program's log says why.")


class OutgoingMessageQuerySet(models.QuerySet["OutgoingMessage"]):
    def unsent(self) -> Self:
        """Still to be sent, tried already or not."""
        return self.filter(status__in=UNSENT)

    def due(self, now: dt.datetime) -> Self:
        """To be tried now, the oldest first."""
        return self.unsent().filter(next_try_at__lte=now).order_by("next_try_at", "pk")

    def answer_overdue(self, now: dt.datetime) -> Self:
        """Handed over to a mail server that never said what it did with them, or by a process that was killed."""
        return self.filter(status=OutgoingMessage.Status.SENDING, next_try_at__lte=now)

    def stale(self, today: dt.date) -> Self:
        """Unsent for so long that they say nothing new."""
        return self.unsent().filter(day__lt=today - dt.timedelta(days=FRESH_DAYS))

    def settled_before(self, day: dt.date) -> Self:
        """Of earlier days, and nothing will happen to them by itself."""
        return self.exclude(status__in=[*UNSENT, OutgoingMessage.Status.SENDING]).filter(day__lt=day)

    def for_writing(self) -> Self:
        """Load what the words of a message need."""
        return self.select_related(
            "user__agency",
            "notice__directive",
            "notice__assignment__agency",
            "notice__by__agency",
            "notice__for_person",
            "link__user",
        )

    def for_list(self) -> Self:
        return self.select_related("user__agency", "again_by")

    def search(self, text: str) -> Self:
        """Of people whose name, account or address holds the text, or sent to such an address."""
        found = User.objects.search(text).values("pk")
        return self.filter(Q(user__in=found) | Q(address__icontains=text))


class OutgoingMessage(models.Model):
    """One mail to one person. The unique key keeps it one, however often and in however many processes it is made."""

    class Kind(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        DIGEST = "digest", _("Morning message")
        WEEKLY = "weekly", _("Weekly message")
        LINK = "link", _("One-time link")

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        FAILING = "failing", _("Will be tried again")
        SENDING = "sending", _("Being handed over")
        SENT = "sent", pgettext_lazy("mail", "Sent")
        UNSURE = "unsure", _("Handed over, no answer")
        GIVEN_UP = "given_up", _("Given up")
        DROPPED = "dropped", _("Not needed any more")

    user = models.ForeignKey(User, models.CASCADE, related_name="mail", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    day = models.DateField(_("day"))
    cause = models.CharField(_("cause"), max_length=80, blank=True, default="")
    notice = models.ForeignKey("Notice", models.SET_NULL, null=True, blank=True, related_name="mail")
    link = models.ForeignKey("AccountLink", models.SET_NULL, null=True, blank=True, related_name="mail")
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt at"))
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    address = models.EmailField(_("address"), blank=True, default="")
    subject = models.CharField(_("subject"), max_length=200, blank=True, default="")
    outcome = models.CharField(_("outcome"), max_length=500, blank=True, default="")
    again_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sent again by")
    )
    again_at = models.DateTimeField(_("sent again at"), null=True, blank=True)

    objects = OutgoingMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"], condition=Q(status__in=UNSENT), name="outgoing_message_due"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "day", "cause"], name="one_message_a_person_kind_day_cause"
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False), name="sent_message_says_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.kind} {self.day:%d/%m/%Y}"

    @property
    def can_be_sent_again(self) -> bool:
        """Given up, of unknown fate, or without a person or an address to go to at the time."""
        if self.status == self.Status.DROPPED:
            return self.outcome in (NO_ADDRESS, INACTIVE)
        return self.status in (self.Status.GIVEN_UP, self.Status.UNSURE)

    # Steps. What happens to a message is the sender's to say (``tracker/sending.py``); nobody else writes these.

    def hand_over(self, *, at: dt.datetime) -> None:
        """About to be given to the mail server for good: from here on it may have arrived."""
        self._settle(self.Status.SENDING, NO_ANSWER, next_try_at=at + LEASE)

    def mark_sent(self, reply: str, *, at: dt.datetime) -> None:
        """The mail server has answered for it; its words find the message in the server's own log."""
        self._settle(self.Status.SENT, reply, sent_at=at)

    def mark_unsure(self) -> None:
        """Handed over, and the line broke before the answer: it is not sent again by itself."""
        self._settle(self.Status.UNSURE, NO_ANSWER)

    def fail(self, outcome: str, *, at: dt.datetime) -> None:
        """Not sent this time; it is tried again after a while, and given up when that has gone on too long."""
        if self.attempts > len(BACK_OFF):
            self.give_up(outcome)
            return
        wait = BACK_OFF[max(0, self.attempts - 1)]
        self._settle(self.Status.FAILING, outcome, next_try_at=at + wait)

    def give_up(self, outcome: str) -> None:
        self._settle(self.Status.GIVEN_UP, outcome)

    def drop(self, outcome: str) -> None:
        """There is nothing to send any more, or nobody to send it to."""
        self._settle(self.Status.DROPPED, outcome)

    @transaction.atomic
    def send_again(self, *, by: User, at: dt.datetime) -> None:
        """An administrator has it tried anew. Raises WrongStep when it is not at rest (any more)."""
        stored = OutgoingMessage.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if not stored.can_be_sent_again:
            raise WrongStep(_("This message is being dealt with already."))
        stored.attempts, stored.again_by, stored.again_at = 0, by, at
        stored._settle(self.Status.WAITING, "", next_try_at=at)

    def _settle(self, status: str, outcome: str, **values: dt.datetime) -> None:
        self.status, self.outcome = status, outcome[:500]
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=_CHANGING)

    @classmethod
    def put_at_once(cls, notices: "Iterable[Notice]", *, not_before: dt.datetime) -> None:
        """A mail for each of these notices whose receiver wants it and has an address. Call in their transaction."""
        from tracker.models.notices import Notice, NoticePreference

        wanted = [one for one in notices if one.kind not in Notice.DAILY and one.user.email]
        chosen = NoticePreference.objects.in_bulk({one.user_id for one in wanted})
        mails = []
        for one in wanted:
            choice = chosen.get(one.user_id) or NoticePreference(user=one.user)
            if choice.mail_decided if one.kind in Notice.DECIDED else choice.mail_at_once:
                mails.append(one)
        stored = {
            (row.user_id, row.kind, row.cause): row
            for row in Notice.objects.filter(
                user__in={one.user_id for one in mails}, cause__in={one.cause for one in mails}
            )
        }
        OutgoingMessage.objects.bulk_create(
            [
                OutgoingMessage(
                    user=one.user,
                    kind=cls.Kind.AT_ONCE,
                    day=one.day,
                    cause=f"{one.kind}:{one.cause}"[:80],
                    notice=stored.get((one.user_id, one.kind, one.cause)),
                    next_try_at=not_before,
                )
                for one in mails
            ],
            ignore_conflicts=True,
        )

    @classmethod
    def put_link(cls, link: "AccountLink") -> None:
        """The letter that brings a one-time link to its owner, at once. Call in the link's transaction."""
        cls.objects.create(
            user=link.user,
            kind=cls.Kind.LINK,
            day=timezone.localdate(link.made_at),
            cause=f"link:{link.pk}",
            link=link,
            next_try_at=link.made_at,
        )


class OutgoingRun(models.Model):
    """How the sending of mail stands (lần gửi gần nhất), one row: is the timer alive, does the server answer."""

    ended_at = models.DateTimeField(_("last run at"), null=True)
    fault = models.CharField(_("fault"), max_length=500, blank=True, default="")
    fault_since = models.DateTimeField(_("fault since"), null=True)

    class Meta:
        verbose_name = _("run of the sender")
        verbose_name_plural = _("runs of the sender")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_outgoing_run")]

    def __str__(self) -> str:
        return f"{self.ended_at}"

    def is_silent(self, now: dt.datetime) -> bool:
        """No run has ended for so long that the timer must have stopped, or has never been set up."""
        return self.ended_at is None or self.ended_at < now - SILENCE

    @classmethod
    def last(cls) -> "OutgoingRun":
        """How it stands now; empty before the first run. Never writes."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @classmethod
    def note(cls, fault: str, *, at: dt.datetime) -> None:
        """A run has ended; a fault keeps the moment from which it has lasted."""
        cls.objects.get_or_create(pk=1)
        since = Coalesce("fault_since", at) if fault else None
        cls.objects.filter(pk=1).update(ended_at=at, fault=fault[:500], fault_since=since)


class ReminderDay(models.Model):
    """A day whose morning's reminders have been written down (ngày đã nhắc hạn), written together with them."""

    day = models.DateField(_("reminders worked out for"), primary_key=True)

    class Meta:
        verbose_name = _("day with reminders")
        verbose_name_plural = _("days with reminders")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"

    @classmethod
    def has(cls, day: dt.date) -> bool:
        return cls.objects.filter(pk=day).exists()

    @classmethod
    def note(cls, day: dt.date) -> None:
        """Safe in two processes at once. Call in the transaction that writes the reminders."""
        ReminderDay.objects.bulk_create([ReminderDay(day=day)], ignore_conflicts=True)

    @classmethod
    def last_before(cls, day: dt.date) -> dt.date | None:
        """The last one before a day; None when nothing was ever worked out."""
        return cls.objects.filter(day__lt=day).values_list("day", flat=True).first()
