"""Working days of a Vietnamese office: Monday to Friday, without holidays, with the Saturdays that make up for one."""

import datetime as dt
from dataclasses import dataclass, field

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class WorkingDays:
    """The office's calendar over some years. ``off``: holidays; ``made_up``: days at the weekend that are worked."""

    off: frozenset[dt.date] = field(default_factory=frozenset)
    made_up: frozenset[dt.date] = field(default_factory=frozenset)

    def is_working(self, day: dt.date) -> bool:
        """A make-up day counts even where a holiday was entered on it by mistake."""
        return day in self.made_up or (day.weekday() < 5 and day not in self.off)

    def on_or_after(self, day: dt.date) -> dt.date:
        """This day, or the next working day when it is none."""
        while not self.is_working(day):
            day += _DAY
        return day

    def on_or_before(self, day: dt.date) -> dt.date:
        """This day, or the working day before it when it is none."""
        while not self.is_working(day):
            day -= _DAY
        return day

    def after(self, day: dt.date) -> dt.date:
        """The first working day after this one."""
        return self.on_or_after(day + _DAY)

    def before(self, day: dt.date) -> dt.date:
        """The last working day before this one."""
        return self.on_or_before(day - _DAY)

    def add(self, day: dt.date, count: int) -> dt.date:
        """So many working days later; with 0 the day itself, whatever it is."""
        for _step in range(count):
            day = self.after(day)
        return day

    def count(self, start: dt.date, end: dt.date) -> int:
        """Working days after ``start`` up to and with ``end``; 0 when ``end`` is not later."""
        days = range(1, (end - start).days + 1)
        return sum(self.is_working(start + dt.timedelta(days=passed)) for passed in days)
