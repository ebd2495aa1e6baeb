"""How often somebody guessed wrong at an account, and until when it lets nobody try (tạm khoá)."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

FORGOTTEN_AFTER = dt.timedelta(hours=24)
"""So long after the last wrong guess, and after the end of the lock, everything is forgotten."""

SWEPT_AT_ONCE = 100
"""At most so many forgotten rows go each time one is written: guesses at invented names leave nothing for good."""


class AccountPauseQuerySet(models.QuerySet["AccountPause"]):
    def forgotten(self, now: dt.datetime) -> Self:
        since = now - FORGOTTEN_AFTER
        return self.filter(Q(locked_until=None) | Q(locked_until__lt=since), failed_at__lt=since)


class AccountPause(models.Model):
    """Wrong guesses at one account since it was last entered, over all pages that ask for a secret."""

    account = models.CharField(_("account"), max_length=64, primary_key=True)
    failures = models.PositiveSmallIntegerField(_("wrong guesses"), default=0)
    locks = models.PositiveSmallIntegerField(_("locks in succession"), default=0)
    failed_at = models.DateTimeField(_("last wrong guess"), db_index=True)
    locked_until = models.DateTimeField(_("locked until"), null=True, blank=True)

    objects = AccountPauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause of an account")
        verbose_name_plural = _("pauses of accounts")

    def __str__(self) -> str:
        return f"{self.account}: {self.failures}"

    @classmethod
    def of(cls, account: str, now: dt.datetime) -> "AccountPause":
        """The account's row, or a fresh one that is not stored yet."""
        row = cls.objects.exclude(pk__in=cls.objects.forgotten(now)).filter(pk=account).first()
        return row or cls(account=account, failed_at=now)

    def is_locked(self, now: dt.datetime) -> bool:
        return self.locked_until is not None and now < self.locked_until

    def tries_left(self, now: dt.datetime) -> int:
        return 0 if self.is_locked(now) else max(0, settings.AXES_FAILURE_LIMIT - self.failures)

    @property
    def next_lock(self) -> dt.timedelta:
        """How long the next lock lasts: each in succession twice as long as the one before, to a limit."""
        longest = dt.timedelta(hours=settings.TRACKER_LOCK_HOURS_AT_MOST)
        doubled = dt.timedelta(minutes=settings.TRACKER_LOCK_MINUTES) * 2 ** min(self.locks, 16)
        return min(doubled, longest)

    def count_failure(self, now: dt.datetime) -> None:
        """One wrong guess more; the last that is allowed locks. The caller lets one at a time in."""
        self.failed_at = now
        self.failures += 1
        if self.failures >= settings.AXES_FAILURE_LIMIT:
            self.locked_until = now + self.next_lock
            self.locks += 1
            self.failures = 0
        self.save()
        old = (
            AccountPause.objects.forgotten(now)
            .select_for_update(skip_locked=True)
            .values_list("pk", flat=True)
        )
        AccountPause.objects.filter(pk__in=list(old[:SWEPT_AT_ONCE])).delete()
