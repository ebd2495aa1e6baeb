"""Sessions (phiên đăng nhập): where somebody is logged in. Whoever deletes the row ends the session."""

import hashlib

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserSession(AbstractBaseSession):
    """Django's session with the person, the place and the times beside its data; visitors have one without a person."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="sessions",
        verbose_name=_("user"),
    )
    address = models.CharField(_("address"), max_length=60, default="")
    agent = models.CharField(_("browser"), max_length=200, default="")
    signed_in_at = models.DateTimeField(_("logged in at"), null=True)
    seen_at = models.DateTimeField(_("last active at"), default=timezone.now)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    @property
    def handle(self) -> str:
        """What names the session on a page: the key itself would open it."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:20]

    @property
    def device(self) -> str:
        """Browser and system, as far as the browser tells, for example ``Firefox, Windows``; empty when unknown."""
        browsers = {
            "Edg": "Edge",
            "coc_coc": "Cốc Cốc",
            "Firefox": "Firefox",
            "Chrome": "Chrome",
            "Safari": "Safari",
        }
        systems = {
            "Windows": "Windows",
            "Android": "Android",
            "iPhone": "iPhone",
            "iPad": "iPad",
            "Mac OS": "macOS",
        }
        found = [
            next((name for sign, name in names.items() if sign in self.agent), "")
            for names in (browsers, systems | {"Linux": "Linux"})
        ]
        return ", ".join(filter(None, found))
