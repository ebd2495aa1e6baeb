"""On which working mornings a deadline is told: so many days before it, on it, so many after it, then every week.

The office's rule. What lies before a deadline, or on it, and falls on a day off is told on the last working day
before; what lies after it on the next working day. What a morning without reminders left untold (the server was off)
is told on the next one that has them. Whatever comes together on one morning is told once.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from tracker.vietnamese.working_days import WorkingDays

WEEK = 7
CATCH_UP_DAYS = 14
"""So far back a morning makes up for mornings without reminders; what is older says nothing new."""
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Morning:
    """One working morning: what it tells lies between the last morning with reminders and the next working day."""

    day: dt.date
    before: dt.date
    """The last day before it whose reminders were worked out: the last working day, when none was missed."""
    first: dt.date
    """The working day after ``before``, the first that was not told yet: the day itself, when none was missed."""
    after: dt.date

    @classmethod
    def of(cls, day: dt.date, calendar: WorkingDays, last: dt.date | None = None) -> "Morning | None":
        """None on a day off: nobody is told anything. ``last``: see ``before``; None when there was none ever."""
        if not calendar.is_working(day):
            return None
        before = calendar.before(day)
        if last is not None:
            before = max(last, min(before, day - _DAY * CATCH_UP_DAYS))
        return cls(day, before, calendar.after(before), calendar.after(day))

    def days_ahead(self, due_on: dt.date, milestones: Collection[int]) -> frozenset[int]:
        """Which of these numbers of days before a deadline are told this morning; 0 is the day itself.

        After mornings without reminders the deadline may be over.
        """
        return frozenset(
            days for days in milestones if self.first <= due_on - dt.timedelta(days=days) < self.after
        )

    def tells_late(self, due_on: dt.date, milestones: Collection[int], *, weekly: bool) -> bool:
        """Is a missed deadline told this morning? Days after it, 1 or more; then weekly from the last of them."""
        if any(self._reaches(due_on + dt.timedelta(days=days)) for days in milestones):
            return True
        return weekly and self._reaches_week_of(
            due_on + dt.timedelta(days=max(milestones, default=0)), first=1
        )

    def tells_since(self, start: dt.date) -> bool:
        """Is what began to matter on a day told this morning? On that day, then every week."""
        return self._reaches_week_of(start, first=0)

    def tells_weekday(self, weekday: int) -> bool:
        """Is this the morning of a weekday, 0–6 from Monday, or the next one when that was a day off?"""
        return any((self.before + _DAY * (1 + passed)).weekday() == weekday for passed in range(self.span))

    @property
    def span(self) -> int:
        """Days since the last morning with reminders: 1 on most days, 3 on Mondays."""
        return (self.day - self.before).days

    def _reaches(self, day: dt.date) -> bool:
        """Has the day come since the last morning with reminders?"""
        return self.before < day <= self.day

    def _reaches_week_of(self, start: dt.date, *, first: int) -> bool:
        """Has one of the days come that lie whole weeks after the start, the ``first`` week or later?"""
        weeks = max((self.day - start).days // WEEK, first - 1)
        return weeks >= first and self._reaches(start + dt.timedelta(days=WEEK * weeks))


def farthest(day: dt.date, milestones: Collection[int], calendar: WorkingDays) -> dt.date:
    """The latest deadline that has been told ahead by this day, which may be a day off."""
    return calendar.after(day) + _DAY * (max(milestones, default=0) - 1)


def working_day_back(day: dt.date, count: int, calendar: WorkingDays) -> dt.date:
    """The latest day since which, by ``day``, at least ``count`` working days have come, ``day`` itself among them."""
    for _step in range(count):
        day = calendar.on_or_before(day) - _DAY
    return day
