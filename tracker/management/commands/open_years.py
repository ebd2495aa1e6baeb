"""Open the year's work of all yearly directives: run by the daily timer, safe to repeat."""

from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from tracker import clock
from tracker.models import occurrences
from tracker.vietnamese.dates import FIRST_YEAR


class Command(BaseCommand):
    help = "Give yearly work its directive of this year, in the name of who assigned it. Opened years stay as they are."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--year", type=int, help="this year when left out; at most the next one")

    def handle(self, *args: Any, **options: Any) -> None:
        today = clock.today()
        year = today.year if options["year"] is None else options["year"]
        if not FIRST_YEAR <= year <= today.year + 1:
            raise CommandError(f"The year lies between {FIRST_YEAR} and {today.year + 1}.")
        opened = 0
        with pghistory.context(command="open_years"):
            for directive in occurrences.waiting_for(year):
                if not occurrences.is_wanted(directive, year):
                    continue
                try:
                    directive.open_year(year, by=occurrences.assigner(directive), today=today)
                    opened += 1
                except ValidationError as refusal:
                    self.stderr.write(f"{directive.code}: {' '.join(refusal.messages)}")
        if options["verbosity"] > 0:
            self.stdout.write(f"{opened} opened for {year}.")
