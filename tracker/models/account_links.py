"""One-time links (liên kết một lần) by which people choose their password: an invitation or a reset."""

import base64
import datetime as dt
import hashlib
import secrets
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from tracker.models.lifecycle import WrongStep
from tracker.models.outbox import OutgoingMessage
from tracker.models.people import User

ASKED_AT_MOST = 3
"""Letters that a person may ask for within the hour in which one is good; more say nothing new."""


class AccountLinkQuerySet(models.QuerySet["AccountLink"]):
    def open(self) -> Self:
        """Neither used nor taken back; the time may have run out."""
        return self.filter(used_at=None, revoked_at=None)

    def revoke(self, *, at: dt.datetime) -> int:
        return self.update(revoked_at=at)

    def of_token(self, token: str) -> "AccountLink | None":
        """The link that this token opens. Only a digest of it is stored."""
        return self.select_related("user__agency").filter(token_sha256=_digest(token)).first()


class AccountLink(models.Model):
    """A link to one account. The token is worked out from the secret key, so that no copy of the database opens it."""

    class Purpose(models.TextChoices):
        INVITE = "invite", _("Invitation")
        RESET = "reset", _("New password")

    class State(models.TextChoices):
        OPEN = "open", _("Not used yet")
        USED = "used", _("Used")
        REVOKED = "revoked", _("Taken back")
        EXPIRED = "expired", _("Too old")

    user = models.ForeignKey(User, models.PROTECT, related_name="links", verbose_name=_("person"))
    purpose = models.CharField(_("purpose"), max_length=6, choices=Purpose)
    seed = models.CharField(max_length=32, editable=False)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("good until"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    objects = AccountLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("one-time link")
        verbose_name_plural = _("one-time links")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at=None, revoked_at=None),
                name="one_open_link_an_account",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.purpose} {self.made_at:%d/%m/%Y}"

    @property
    def token(self) -> str:
        """What stands in the address: worked out each time it is shown or mailed."""
        return _token(self.seed, settings.SECRET_KEY)

    @property
    def is_readable(self) -> bool:
        """Whether the token can still be worked out: not after the secret key was changed."""
        return _digest(self.token) == self.token_sha256

    @property
    def url(self) -> str:
        """The whole address, as it is handed over or mailed."""
        return f"{settings.TRACKER_SITE_URL}{reverse('account_link', args=[self.token])}"

    def state(self, now: dt.datetime) -> State:
        if self.used_at:
            return self.State.USED
        if self.revoked_at or not self.user.is_active:
            return self.State.REVOKED
        return self.State.EXPIRED if self.expires_at <= now else self.State.OPEN

    # Verbs. The account's row is locked before its links.

    @classmethod
    @transaction.atomic
    def make(cls, person: User, *, by: User | None, at: dt.datetime, by_mail: bool) -> "AccountLink":
        """A new link, which takes back the one before. ``by`` None: the person asked for it and gets it by mail."""
        stored = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
        if not stored.is_active:
            raise WrongStep(_("This account is locked: unlock it first."))
        cls.objects.filter(user=stored).open().revoke(at=at)
        invites = by is not None and stored.last_login is None
        seed = secrets.token_hex(16)
        link = cls.objects.create(
            user=stored,
            purpose=cls.Purpose.INVITE if invites else cls.Purpose.RESET,
            seed=seed,
            token_sha256=_digest(_token(seed, settings.SECRET_KEY)),
            made_by=by,
            made_at=at,
            expires_at=at + dt.timedelta(hours=_hours(by)),
        )
        if by_mail:
            OutgoingMessage.put_link(link)
        return link

    @classmethod
    def ask(cls, person: User, *, at: dt.datetime) -> "AccountLink | None":
        """A letter with a link to whoever has forgotten the password; None when it has been asked too often."""
        asked = cls.objects.filter(user=person, made_by=None, made_at__gt=at - dt.timedelta(hours=1))
        if asked.count() >= ASKED_AT_MOST:
            return None
        return cls.make(person, by=None, at=at, by_mail=True)

    @transaction.atomic
    def use(self, password: str, *, at: dt.datetime) -> None:
        """Set the password, once. Raises WrongStep when the link has been used, taken back or is too old."""
        person = User.objects.select_for_update(of=("self",)).get(pk=self.user_id)
        stored = AccountLink.objects.select_for_update(of=("self",)).get(pk=self.pk)
        stored.user = person
        if (state := stored.state(at)) != self.State.OPEN:
            raise WrongStep(state.label)
        person.choose_password(password, at=at)
        stored.used_at = at
        stored.save(update_fields=["used_at"])


def _hours(by: User | None) -> int:
    """An own request is answered within the hour; what is handed over by people may take days."""
    return settings.TRACKER_LINK_HOURS if by else settings.TRACKER_RESET_LINK_HOURS


def _token(seed: str, secret: str) -> str:
    mac = salted_hmac("tracker.account_link", seed, secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
