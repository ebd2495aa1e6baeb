"""Mail that is to go out (hộp thư đi): written with what causes it, sent later by ``manage.py send_notices``."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.models.people import User

if TYPE_CHECKING:
    from tracker.models.notices import Notice

UNSENT = ("waiting", "failing")


class OutgoingMessageQuerySet(models.QuerySet["OutgoingMessage"]):
    def unsent(self) -> Self:
        """Still to be sent, tried already or not."""
        return self.filter(status__in=UNSENT)

    def due(self, now: dt.datetime) -> Self:
        """To be tried now, the oldest first."""
        return self.unsent().filter(next_try_at__lte=now).order_by("next_try_at", "pk")

    def for_list(self) -> Self:
        return self.select_related("user", "notice__directive", "notice__by", "notice__for_person")


class OutgoingMessage(models.Model):
    """One mail to one person. The unique key keeps it one, however often and in however many processes it is made."""

    class Kind(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        DIGEST = "digest", _("Morning message")
        WEEKLY = "weekly", _("Weekly message")

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        FAILING = "failing", _("Will be tried again")
        SENDING = "sending", _("Being handed over")
        SENT = "sent", _("Sent")
        UNSURE = "unsure", _("Handed over, no answer")
        GIVEN_UP = "given_up", _("Given up")
        DROPPED = "dropped", _("Not needed any more")

    user = models.ForeignKey(User, models.CASCADE, related_name="mail", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    day = models.DateField(_("day"))
    cause = models.CharField(_("cause"), max_length=80, blank=True, default="")
    notice = models.ForeignKey("Notice", models.SET_NULL, null=True, blank=True, related_name="mail")
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt at"))
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    address = models.EmailField(_("address"), blank=True, default="")
    subject = models.CharField(_("subject"), max_length=200, blank=True, default="")
    outcome = models.CharField(_("outcome"), max_length=500, blank=True, default="")

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
