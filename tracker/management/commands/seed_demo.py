from typing import Any

from django.core.management.base import BaseCommand

from tracker.demonstration import seed_demonstration


class Command(BaseCommand):
    help = "Add the demonstration year up to 16/6/2020 (dữ liệu minh hoạ), once; run load_reference first."

    def handle(self, *args: Any, **options: Any) -> None:
        played = seed_demonstration()
        self.stdout.write(
            f"{played} acts of the year played." if played else "The demonstration is already there."
        )
