from typing import Any

from django.core.management.base import BaseCommand

from tracker.register_data import load_article, load_reference


class Command(BaseCommand):
    help = (
        "Add fields, agencies, status terms and the source article's directives; never overwrites a change."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        added = load_reference() + load_article()
        self.stdout.write(f"{added} rows added." if added else "Nothing to add.")
