"""Public holidays of Vietnam: Labour Code, lunar days, days in lieu, and working days the Government swapped."""

import datetime as dt
import re
from dataclasses import dataclass

import holidays

from tracker.vietnamese.dates import format_date

FIRST_YEAR, LAST_YEAR = 2013, 2099
"""Since 2013 Tết has five days off (Labour Code 2012, Article 115); the table of lunar days ends with 2099."""

KNOWN_TO = 2026
"""The last year whose notice by the Government has been compared with what is worked out here."""

_LABEL_OF_A_SWAP = re.compile(r"thay cho ngày (\d{2})/(\d{2})/(\d{4})")

_SWAPPED = {dt.date(2026, 1, 2): dt.date(2026, 1, 10)}
"""Day off → the day at the weekend worked for it, where the library lacks it: 12729/VPCP-KGVX of 25/12/2025."""


@dataclass(frozen=True)
class PublicHoliday:
    """A day off, or a day at the weekend that is worked for one. ``is_forecast``: its year's notice is not known."""

    day: dt.date
    is_made_up: bool
    name: str
    name_en: str
    is_forecast: bool


def public_holidays(year: int) -> list[PublicHoliday]:
    """The days of one year on which the office's week is not as usual, in their order.

    Holidays at the weekend are named too. Raises ValueError for a year outside FIRST_YEAR–LAST_YEAR.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"No holidays are known for {year}.")
    years = range(year - 1, year + 2)
    names = holidays.country_holidays("VN", years=years, language="vi")
    names_en = holidays.country_holidays("VN", years=years, language="en_US")
    swapped = _swapped(names)
    days = {day: (False, name, names_en[day]) for day, name in names.items()}
    for off, worked in swapped.items():
        one, other = format_date(off), format_date(worked)
        days[off] = (
            False,
            f"Nghỉ hoán đổi, làm bù ngày {other}",
            f"Day off in exchange, worked on {other}",
        )
        days[worked] = (True, f"Làm bù cho ngày nghỉ {one}", f"Worked for the day off on {one}")
    return [
        PublicHoliday(day, *days[day], is_forecast=year > KNOWN_TO)
        for day in sorted(days)
        if day.year == year
    ]


def _swapped(names: "holidays.HolidayBase") -> dict[dt.date, dt.date]:
    """Each weekday that is off with the day at the weekend worked for it."""
    found = {day: _LABEL_OF_A_SWAP.search(name) for day, name in names.items()}
    return _SWAPPED | {
        day: dt.date(int(label[3]), int(label[2]), int(label[1])) for day, label in found.items() if label
    }
