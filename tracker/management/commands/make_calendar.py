import re
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError

from tracker import clock
from tracker.office_calendar import enter_holidays
from tracker.vietnamese.public_holidays import FIRST_YEAR, LAST_YEAR


class Command(BaseCommand):
    help = (
        "Enter public holidays and make-up working days into the office's calendar. "
        "Days that were ever entered stay as an administrator left them, removed ones too."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--years", help="2021, or 2019-2027; this year and the next when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        with pghistory.context(command="make_calendar"):
            made = sum(enter_holidays(year) for year in _years(options["years"]))
        self.stdout.write(f"{made} days entered." if made else "Nothing to enter.")


def _years(text: str | None) -> range:
    if text is None:
        return range(clock.today().year, clock.today().year + 2)
    read = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", text.strip(), re.ASCII)
    first, last = (int(read[1]), int(read[2] or read[1])) if read else (0, 0)
    if not FIRST_YEAR <= first <= last <= LAST_YEAR:
        raise CommandError(f"Years are written 2021 or 2019-2027, from {FIRST_YEAR} to {LAST_YEAR}.")
    return range(first, last + 1)
