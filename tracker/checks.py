"""What ``manage.py check --deploy`` looks at besides Django's own checks."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register


@register(deploy=True)
def links_in_mail_lead_here(**_: Any) -> list[CheckMessage]:
    """Mail goes out, and its links would lead each reader to their own machine."""
    host = urlsplit(settings.TRACKER_SITE_URL).hostname
    if not settings.MAIL_IS_ON or host not in (None, "localhost", "127.0.0.1"):
        return []
    hint = "Set TRACKER_SITE_URL to the address under which people open the site."
    return [Warning("Links in mails lead to localhost.", hint=hint, id="tracker.W001")]
