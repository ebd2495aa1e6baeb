"""Dates as Vietnamese people write them: the day always first, never the month."""

import datetime as dt
import re

FIRST_YEAR, LAST_YEAR = 2000, 2100
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{4}))?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


class NotADate(ValueError):
    """The text is not a date of the years 2000–2100. ``code`` says why: unreadable, impossible, year."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_date(text: str, year: int | None = None) -> dt.date:
    """``16/6/2020``, ``16-6-2020``, ``16.6.2020``, ``2020-06-16``; ``16/6`` when a year is given."""
    text = text.strip()
    if iso := _ISO.fullmatch(text):
        parts = int(iso[1]), int(iso[2]), int(iso[3])
    elif (match := _DAY_FIRST.fullmatch(text)) and (match[3] or year):
        parts = int(match[3] or year or 0), int(match[2]), int(match[1])
    else:
        raise NotADate("unreadable")
    if not FIRST_YEAR <= parts[0] <= LAST_YEAR:
        raise NotADate("year")
    try:
        return dt.date(*parts)
    except ValueError:
        raise NotADate("impossible") from None


def format_date(day: dt.date) -> str:
    """``16/6/2020``: no leading zeros."""
    return f"{day.day}/{day.month}/{day.year}"
