from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracker import messages_catalogue
from tracker.demonstration import seed_demonstration


class Command(BaseCommand):
    help = "Add the demonstration year up to 16/6/2020 (dữ liệu minh hoạ), once; run load_reference first."

    def handle(self, *args: Any, **options: Any) -> None:
        if stale := messages_catalogue.not_compiled():
            names = ", ".join(str(one.relative_to(settings.BASE_DIR)) for one in stale)
            raise CommandError(
                f"Not compiled: {names}. Run “manage.py update_messages --compile” first: "
                "the demonstration's reports and notices are written in Vietnamese once and for all."
            )
        played = seed_demonstration()
        self.stdout.write(
            f"{played} acts of the year played." if played else "The demonstration is already there."
        )
