"""Calendar periods in which work counts: a year, a quarter, a month, written ``2020``, ``2020-q2``, ``2020-06``."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

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
        if self.is_year:
            return _("Year %(year)s") % {"year": self.start.year}
        if "q" in self.code:
            roman = ("I", "II", "III", "IV")[int(self.code[-1]) - 1]
            return _("Quarter %(quarter)s/%(year)s") % {"quarter": roman, "year": self.start.year}
        return _("Month %(month)s/%(year)s") % {"month": self.start.month, "year": self.start.year}

    @property
    def short_label(self) -> str:
        """Without the year, where the year stands beside it."""
        if self.is_year:
            return self.label
        return self.label.rsplit("/", 1)[0]

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
