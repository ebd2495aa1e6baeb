"""Printed deadlines: what they say, the date they mean, and by which rule."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from tracker.vietnamese.dates import FIRST_YEAR, LAST_YEAR, NotADate, read_date
from tracker.vietnamese.text import fold

_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_LEADING = re.compile(
    r"^(phan dau |hoan thanh |xong )*(den het |truoc |den |het |trong |cuoi |toi )*(ngay )?"
)
_QUARTER = re.compile(r"quy (iv|i{1,3}|[1-4])(?:[/ ]|nam| )*(\d{4})?", re.ASCII)
_MONTH = re.compile(r"(?:thang )?(\d{1,2})[/-](\d{4})|thang (\d{1,2})(?: nam (\d{4}))?", re.ASCII)
_YEAR = re.compile(r"(?:nam )?(\d{4})", re.ASCII)
_RANGE = re.compile(r"(\d{4}) ?[-–] ?(\d{4})|(\d{4}) va nhung nam tiep theo", re.ASCII)
_YEARLY = {"hang nam", "moi nam"}
_RECURRING = {"hang quy", "hang thang", "hang tuan", "moi quy", "moi thang", "dinh ky"}
_ONGOING = {"thuong xuyen", "lien tuc"}


@dataclass(frozen=True)
class Deadline:
    """A deadline as read. ``rule`` names how the date was found, ``question`` what a person still has to say."""

    kind: str
    due_on: dt.date | None = None
    rule: str = ""
    question: str = ""
    is_inferred: bool = False


def read_deadline(text: str, year: int | None = None) -> Deadline:
    """Read printed words such as “hết quý II”, ``12/2025``, ``30-6-2020``; the day first, never the month.

    ``year`` completes words that name none; the date is then inferred. Words that cannot be read give kind
    ``none`` with a question, never a guess.
    """
    words = " ".join(fold(text).split()).strip(" .;,")
    if not words:
        return Deadline("none", rule="none")
    for known, kind in ((_YEARLY, "yearly"), (_RECURRING, "recurring"), (_ONGOING, "ongoing")):
        if words in known:
            return Deadline(kind, rule=kind)
    words = _LEADING.sub("", words)
    return (
        _range(words)
        or _day(words, year)
        or _end_of_period(words, year)
        or Deadline("none", question="unreadable")
    )


def _range(words: str) -> Deadline | None:
    match = _RANGE.fullmatch(words)
    if not match:
        return None
    if match[3]:
        return Deadline("range", question="open_range", rule="range")
    first, last = int(match[1]), int(match[2])
    if not FIRST_YEAR <= first <= last <= LAST_YEAR:
        return Deadline("none", question="impossible")
    return Deadline("range", dt.date(last, 12, 31), "range")


def _day(words: str, year: int | None) -> Deadline | None:
    try:
        return Deadline("day", read_date(words), "day")
    except NotADate as refusal:
        if refusal.code != "unreadable":
            return Deadline("none", question="impossible")
    try:
        return Deadline("day", read_date(words, year), "day", is_inferred=True)
    except NotADate as refusal:
        return Deadline("none", question="impossible") if refusal.code != "unreadable" else None


def _end_of_period(words: str, year: int | None) -> Deadline | None:
    if match := _QUARTER.fullmatch(words):
        return _end("quarter_end", match[2], year, _QUARTERS[match[1]] * 3)
    if match := _MONTH.fullmatch(words):
        return _end("month_end", match[2] or match[4], year, int(match[1] or match[3]))
    if match := _YEAR.fullmatch(words):
        return _end("year_end", match[1], year, 12)
    if words == "nam":
        return _end("year_end", None, year, 12)
    return None


def _end(kind: str, printed: str | None, year: int | None, month: int) -> Deadline:
    found = int(printed) if printed else year
    if found is None:
        return Deadline(kind, question="year")
    if not (FIRST_YEAR <= found <= LAST_YEAR and 1 <= month <= 12):
        return Deadline("none", question="impossible")
    last = dt.date(found, month, calendar.monthrange(found, month)[1])
    return Deadline(kind, last, kind, is_inferred=not printed)
