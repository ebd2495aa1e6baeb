"""Make the large files that people asked for, and remove the old ones: run by a timer, or in a loop."""

import signal
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from tracker import clock
from tracker.exports.making import make_waiting
from tracker.models import Export

NAP = 0.5
"""Seconds between two looks at whether to stop."""


class Command(BaseCommand):
    help = "Make the exported files that wait, and remove those that are over a week old. Safe to run twice."

    stopping = False

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="go on, once in so many seconds")

    def handle(self, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        if options["loop"] is None:
            try:
                self._run(options)
            except (OperationalError, InterfaceError) as reason:
                raise CommandError(f"The database is away: {reason}") from reason
            return
        while not self.stopping:
            try:
                self._run(options)
            except (OperationalError, InterfaceError) as reason:
                self.stderr.write(f"The database is away: {reason}")
                connection.close()
            close_old_connections()
            self._wait(options["loop"])

    def _run(self, options: Any) -> None:
        removed = Export.expire(clock.now())
        made = make_waiting(stop=lambda: self.stopping)
        if options["verbosity"] > 0 and (options["loop"] is None or made or removed):
            self.stdout.write(f"{made} files made, {removed} removed")
            self.stdout.flush()

    def _stop(self, *_: Any) -> None:
        """The file in hand is finished first."""
        self.stopping = True

    def _wait(self, seconds: int) -> None:
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(NAP)
