"""Lock accounts that nobody has used for long: run by a timer in the night."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import ngettext

from tracker import clock
from tracker.models import User, WrongStep


class Command(BaseCommand):
    help = "Lock the accounts without a log-in for TRACKER_UNUSED_ACCOUNT_DAYS; never the last administrator."

    def handle(self, **options: Any) -> None:
        days = settings.TRACKER_UNUSED_ACCOUNT_DAYS
        with translation.override(settings.LANGUAGE_CODE):
            text = ngettext("Not used for %(n)d day", "Not used for %(n)d days", days) % {"n": days}
            locked = [person for person in User.objects.unused(clock.now()) if _lock(person, text)]
        if options["verbosity"] > 0:
            self.stdout.write(f"{len(locked)} accounts locked")
            for person in locked:
                self.stdout.write(f"  {person.username}")


def _lock(person: User, reason: str) -> bool:
    """Whether it was locked: not the last administrator, nor one whom somebody else has just locked."""
    try:
        person.lock(by=None, reason=reason)
    except WrongStep:
        return False
    return True
