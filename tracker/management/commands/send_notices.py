"""Work out the morning's reminders when their time has come, and send the mail that waits: run by a timer."""

import datetime as dt
import logging
import signal
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from tracker import clock
from tracker.models import CalendarDay, Configuration, OutgoingRun, ReminderDay
from tracker.models.outbox import NO_DIGESTS
from tracker.reminders import write_digests
from tracker.sending import SECONDS, Tally, send_due

logger = logging.getLogger(__name__)

NAP = 0.5
"""Seconds between two looks at whether to stop."""


class Command(BaseCommand):
    help = (
        "Work out the morning's reminders when it is time, then send the mail that waits. Safe to run twice."
    )

    stopping = False

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="go on, once in so many seconds")
        parser.add_argument(
            "--day", type=dt.date.fromisoformat, help="work the reminders of this day out anew"
        )
        parser.add_argument(
            "--at", type=dt.time.fromisoformat, metavar="HH:MM", help="as if it were that late"
        )

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
            self._turn(options)
            self._wait(options["loop"])

    def _turn(self, options: Any) -> None:
        """One turn of the loop, which outlives a restart of the database."""
        try:
            self._run(options)
        except (OperationalError, InterfaceError) as reason:
            self.stderr.write(f"The database is away: {reason}")
            connection.close()
        close_old_connections()

    def _run(self, options: Any) -> None:
        day, now = self._moment(options)
        fault = ""
        if self._is_morning(day, now, again=options["day"] is not None):
            fault = _work_out(day, now)
        tally = send_due(now, seconds=options["loop"] or SECONDS, stop=lambda: self.stopping)
        OutgoingRun.note(tally.fault or fault, at=clock.now())
        if options["verbosity"] > 0 and (options["loop"] is None or tally != Tally()):
            self.stdout.write(_sentence(tally))
            self.stdout.flush()

    def _moment(self, options: Any) -> tuple[dt.date, dt.datetime]:
        now = clock.now()
        day, at = options["day"] or now.date(), options["at"]
        if options["day"] or at:
            now = timezone.make_aware(dt.datetime.combine(day, at or now.time()))
        return day, now

    def _is_morning(self, day: dt.date, now: dt.datetime, *, again: bool) -> bool:
        """Whether this day's reminders are due and nobody has worked them out; a late start catches up."""
        if not again and ReminderDay.has(day):
            return False
        is_time = now.time() >= Configuration.current().digest_at
        return is_time and CalendarDay.objects.working_days(day, day).is_working(day)

    def _stop(self, *_: Any) -> None:
        """The message in hand is finished first."""
        self.stopping = True

    def _wait(self, seconds: int) -> None:
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(NAP)


def _work_out(day: dt.date, now: dt.datetime) -> str:
    """The reminders of a day; returns what went wrong, since other mail goes out all the same."""
    try:
        write_digests(day, at=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("the reminders of %s cannot be worked out", day)
        return NO_DIGESTS
    return ""


def _sentence(tally: Tally) -> str:
    text = (
        f"{tally.sent} sent, {tally.failing} to be tried again, {tally.given_up} given up, "
        f"{tally.unsure} without an answer, {tally.dropped} not needed any more"
    )
    return f"{text}; the mail server is away: {tally.fault}" if tally.fault else text
