"""Calendar periods in which work counts: a year, a quarter, a month, written ``2020``, ``2020-q2``, ``2020-06``."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from tracker.models.period_names import period_name, short_period_name

_CODE = re.compile(r"(20\d\d|2100)(?:-(?:q([1-4])|(0[1-9]|1[0-2])))?", re.ASCII)


@dataclass(frozen=True)
class Period:
    """Both ends inclusive. Work without a deadline counts in the year only."""

    code: str
    start: dt.date
    end: dt.date

    @property
    def is_year(self) -> bool:
        return len(self.code) == 4

    @property
    def label(self) -> str:
        return period_name(*self._named)

    @property
    def short_label(self) -> str:
        """Without the year, where the year stands beside it."""
        return short_period_name(*self._named)

    @property
    def _named(self) -> tuple[str, int, int]:
        year = self.start.year
        if self.is_year:
            return "year", year, 1
        return (
            ("quarter", year, int(self.code[-1])) if "q" in self.code else ("month", year, self.start.month)
        )

    @classmethod
    def parse(cls, code: str) -> "Period | None":
        """The period of a code, or None when it is not one."""
        match = _CODE.fullmatch(code)
        if not match:
            return None
        year, quarter, month = int(match[1]), match[2], match[3]
        if quarter:
            first, last = int(quarter) * 3 - 2, int(quarter) * 3
        elif month:
            first = last = int(month)
        else:
            first, last = 1, 12
        end = dt.date(year, last, calendar.monthrange(year, last)[1])
        return cls(code, dt.date(year, first, 1), end)

    @classmethod
    def around(cls, day: dt.date) -> "list[Period]":
        """The month, the quarter and the year that a day lies in."""
        codes = f"{day.year}-{day.month:02d}", f"{day.year}-q{(day.month + 2) // 3}", str(day.year)
        return [period for code in codes if (period := cls.parse(code))]
