from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker import clock
from tracker.models import ReportingPeriod
from tracker.vietnamese.dates import FIRST_YEAR, LAST_YEAR


class Command(BaseCommand):
    help = "Make a year's reporting periods by Decree 09/2019/NĐ-CP, Article 12; those that exist stay as they are."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("year", nargs="?", type=int, help="the year; next year when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        year = options["year"] or clock.today().year + 1
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise CommandError(f"No windows are kept for {year}: {FIRST_YEAR} to {LAST_YEAR} only.")
        made = ReportingPeriod.generate(year)
        self.stdout.write(f"{made} periods of {year} made." if made else f"The periods of {year} are there.")
