"""Reporting periods and the days whose figures they cover: Article 12 of Decree 09/2019/NĐ-CP.

A report does not cover the calendar month, quarter or year that it is named for: figures close on day 14, so the year
2020 runs from 15/12/2019 to 14/12/2020. A deadline “hết quý II” (30/6) and the closing of quarter II's figures (14/6)
are two different days.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tracker.vietnamese.dates import FIRST_YEAR, LAST_YEAR

THURSDAY = 3

# The office's days for sending, where a superior body names no others: after the cascade of Article 9 of
# Circular 55/2020/TT-BCT (the lower unit by day 17, the province by day 20 of the month in which figures close).
AGENCIES_SEND_DAY, DEPARTMENT_SENDS_DAY = 17, 20


class PeriodKind(StrEnum):
    """Kinds of reports: periodic (định kỳ) of six lengths, on a theme (chuyên đề), when asked for (đột xuất)."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    NINE_MONTHS = "nine_months"
    YEAR = "year"
    THEMATIC = "thematic"
    AD_HOC = "ad_hoc"


# The others have no rule: whoever asks for a report on a theme says which days it covers.
RULED_KINDS = (
    PeriodKind.WEEK,
    PeriodKind.MONTH,
    PeriodKind.QUARTER,
    PeriodKind.HALF,
    PeriodKind.NINE_MONTHS,
    PeriodKind.YEAR,
)

_MONTHS = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF: 6,
    PeriodKind.NINE_MONTHS: 9,
    PeriodKind.YEAR: 12,
}
_CODE = re.compile(
    r"(?P<year>20\d\d|2100)(?:-(?:6t(?P<half>[12])|(?P<nine_months>9t)|q(?P<quarter>[1-4])"
    r"|t(?P<week>\d\d)|(?P<month>\d\d)))?",
    re.ASCII,
)


@dataclass(frozen=True)
class Window:
    """The days whose figures a period's report covers, both inclusive, and the last days for sending it.

    ``number`` counts the periods of one kind in a year from 1; ``code`` names the window in addresses and files.
    """

    kind: PeriodKind
    year: int
    number: int
    starts_on: dt.date
    ends_on: dt.date
    agencies_send_on: dt.date
    department_sends_on: dt.date
    code: str

    def covers(self, day: dt.date) -> bool:
        return self.starts_on <= day <= self.ends_on


def window(kind: PeriodKind, year: int, number: int = 1, first_weekday: int = THURSDAY) -> Window:
    """The legal window of a period. ``number``: month 1-12, quarter 1-4, half 1-2, week of ISO 8601; else 1.

    Decree 09/2019/NĐ-CP, Article 12: from day 15 of the month before the period to day 14 of its last month. Nine
    months, 15/12 to 14/9, follow the same rule as provinces apply it (Khánh Hòa, Decision 01/2023/QĐ-UBND, Article 4).
    The decree leaves weeks to each body, hence ``first_weekday`` (Monday is 0); by default Thursday of the week before
    to Wednesday (Circular 55/2020/TT-BCT, Article 8).

    Raises ValueError for kinds without a rule (a theme, when asked for), numbers and years that do not exist.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"no windows are kept for {year}")
    if not 1 <= number <= count_in(kind, year):
        raise ValueError(f"{year} has no {kind} {number}")
    if kind == PeriodKind.WEEK:
        return _week(year, number, first_weekday)
    last_month = _months(kind) * number
    month_before = last_month - _months(kind)
    return Window(
        kind=kind,
        year=year,
        number=number,
        starts_on=dt.date(year, month_before, 15) if month_before else dt.date(year - 1, 12, 15),
        ends_on=dt.date(year, last_month, 14),
        agencies_send_on=dt.date(year, last_month, AGENCIES_SEND_DAY),
        department_sends_on=dt.date(year, last_month, DEPARTMENT_SENDS_DAY),
        code=_code(kind, year, number),
    )


def count_in(kind: PeriodKind, year: int) -> int:
    """How many periods of a kind a year has: 12 months, 52 or 53 weeks. Raises ValueError for kinds without a rule."""
    if kind == PeriodKind.WEEK:
        return dt.date(year, 12, 28).isocalendar().week  # 28 December is always in the last ISO week
    return 12 // _months(kind)


def windows_of(
    year: int, kinds: Iterable[PeriodKind] = RULED_KINDS, first_weekday: int = THURSDAY
) -> list[Window]:
    """All windows of a year in the order in which they close; of those closing on one day the shortest first."""
    windows = [
        window(kind, year, number, first_weekday)
        for kind in kinds
        for number in range(1, count_in(kind, year) + 1)
    ]
    return sorted(windows, key=lambda each: (each.ends_on, each.ends_on - each.starts_on))


def window_on(kind: PeriodKind, day: dt.date, first_weekday: int = THURSDAY) -> Window | None:
    """The window that a figure of this day belongs to: 15/12/2019 is in the year 2020, quarter I and month 1/2020.

    None when the kind has none on that day: nine months end on 14/9 and start on 15/12. Raises ValueError like
    :func:`window`.
    """
    if kind == PeriodKind.WEEK:
        _check_weekday(first_weekday)
        closing = day + dt.timedelta(days=(first_weekday - 1 - day.weekday()) % 7)
        year, number, _weekday = closing.isocalendar()
        return window(kind, year, number, first_weekday)
    # From day 15 on a figure counts in the next month; months are counted through, so that December turns the year.
    year, month = divmod(day.year * 12 + day.month - (day.day < 15), 12)
    number = month // _months(kind) + 1
    if kind == PeriodKind.NINE_MONTHS and number == 2:
        return None
    return window(kind, year, number)


def window_in_hand(day: dt.date) -> Window:
    """The month that lower units report on now: until day 17 the one whose figures closed on day 14.

    Raises ValueError like :func:`window`.
    """
    found = window_on(PeriodKind.MONTH, day - dt.timedelta(days=AGENCIES_SEND_DAY - 14))
    if found is None:
        raise ValueError(f"no month is reported on {day}")
    return found


def parse_code(code: str) -> tuple[PeriodKind, int, int] | None:
    """Kind, year and number of a window's code, or None when it names none; only as :attr:`Window.code` writes it."""
    match = _CODE.fullmatch(code)
    if match is None:
        return None
    name = match.lastgroup or ""
    kind = PeriodKind.YEAR if name == "year" else PeriodKind(name)
    year = int(match["year"])
    number = 1 if kind in (PeriodKind.YEAR, PeriodKind.NINE_MONTHS) else int(match[name])
    return (kind, year, number) if 1 <= number <= count_in(kind, year) else None


def _months(kind: PeriodKind) -> int:
    if kind not in _MONTHS:
        raise ValueError(f"{kind} has no legal window")
    return _MONTHS[kind]


def _week(year: int, number: int, first_weekday: int) -> Window:
    _check_weekday(first_weekday)
    monday = dt.date.fromisocalendar(year, number, 1)
    starts_on = monday - dt.timedelta(days=-first_weekday % 7)
    ends_on = starts_on + dt.timedelta(days=6)
    return Window(
        kind=PeriodKind.WEEK,
        year=year,
        number=number,
        starts_on=starts_on,
        ends_on=ends_on,
        agencies_send_on=ends_on + dt.timedelta(days=1),
        department_sends_on=ends_on + dt.timedelta(days=2),
        code=_code(PeriodKind.WEEK, year, number),
    )


def _check_weekday(first_weekday: int) -> None:
    if not 0 <= first_weekday <= 6:
        raise ValueError(f"{first_weekday} is no day of the week")


def _code(kind: PeriodKind, year: int, number: int) -> str:
    """In ASCII for addresses and files: 2020, 2020-6t1, 2020-9t, 2020-q2, 2020-06, 2020-t25."""
    return {
        PeriodKind.YEAR: f"{year}",
        PeriodKind.HALF: f"{year}-6t{number}",
        PeriodKind.NINE_MONTHS: f"{year}-9t",
        PeriodKind.QUARTER: f"{year}-q{number}",
        PeriodKind.MONTH: f"{year}-{number:02d}",
        PeriodKind.WEEK: f"{year}-t{number:02d}",
    }[kind]
