"""Former passwords (mật khẩu cũ) of each account, as hashes only: a new one differs from them."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.models.people import User


class FormerPassword(models.Model):
    """The hash of a password that was replaced. As many are kept as ``TRACKER_PASSWORD_HISTORY`` compares with."""

    user = models.ForeignKey(User, models.PROTECT, related_name="former_passwords", verbose_name=_("person"))
    password = models.CharField(_("password"), max_length=128)
    replaced_at = models.DateTimeField(_("replaced at"))

    class Meta:
        verbose_name = _("former password")
        verbose_name_plural = _("former passwords")
        ordering = ["-replaced_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.replaced_at:%d/%m/%Y}"

    @classmethod
    def keep(cls, user: User, password: str, *, at: dt.datetime) -> None:
        """Keep the hash that has just been replaced and drop those too old to be compared with."""
        cls.objects.create(user=user, password=password, replaced_at=at)
        kept = cls.objects.filter(user=user).values_list("pk", flat=True)[: settings.TRACKER_PASSWORD_HISTORY]
        cls.objects.filter(user=user).exclude(pk__in=list(kept)).delete()
