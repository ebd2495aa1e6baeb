from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker import messages_catalogue


class Command(BaseCommand):
    help = "Bring the Vietnamese message catalogue in line with the source, check it, or compile it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when the catalogue is not complete")
        parser.add_argument("--compile", action="store_true", help="only compile what has changed")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if check:
            faults = messages_catalogue.faults()
            if faults:
                raise CommandError("\n".join(map(str, faults)))
            self.stdout.write("The message catalogue is complete.")
            return
        if not options["compile"]:
            messages_catalogue.save(messages_catalogue.merged())
        messages_catalogue.compile_all()
