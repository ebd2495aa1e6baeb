"""Printed deadlines: what they say, the date they mean, and what a person still has to say.

The wordings are those of appendices of plans and programmes. “Trước 15/6” is kept as 15/6: in administrative practice
what is handed in on the day itself is in time. “Trước tháng 6” may mean its first or its last day, so it is asked.
"""

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tracker.vietnamese.dates import FIRST_YEAR, LAST_YEAR
from tracker.vietnamese.deadline_rules import Deadline
from tracker.vietnamese.text import fold

LONGEST = 200
"""Characters that are read; nobody prints a longer deadline."""

_ENDS_A_PERIOD = {"month_end", "quarter_end", "year_end"}
_LEAP_YEAR = 2000
_NUMBERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def read_deadline(text: str, year: int | None = None) -> Deadline:
    """Read printed words such as “hết quý II”, ``12/2025``, ``30-6-2020``; the day first, never the month.

    ``year`` completes words that name none; the date is then inferred. Words that cannot be read, or can be read in
    two ways, come back with a question, never with a guess.
    """
    if len(text) > LONGEST:
        return Deadline("none", question_code="unreadable")
    words = _plain(text)
    if words in _SAYS_NONE:
        return Deadline("none", rule_code="said_none" if words else "")
    if _PLACEHOLDER.fullmatch(words):
        return Deadline("none", rule_code="placeholder")
    if _SERIAL.fullmatch(words):
        return Deadline("none", question_code="serial")
    words = _without_note(words)
    found = _again_and_again(words) or _every_year(words) or _once(words, year)
    return found or Deadline("none", question_code="depends" if _DEPENDS.search(words) else "unreadable")


# The words

_SAYS_NONE = {"", "khong", "khong co", "khong han", "khong thoi han", "khong co thoi han", "khong quy dinh"}
_PLACEHOLDER = re.compile(r"0?1([/.-])0?1(?:\1)1970|1970-01-01")
_SERIAL = re.compile(r"[34]\d{4}(\.\d+)?", re.ASCII)
_DEPENDS = re.compile(
    r"\b(?:theo|khi|(?<!thu )sau|ke tu|trong vong|dai hoi|som nhat|kip thoi|dot xuat|yeu cau|\d+ (?:ngay|thang|tuan))\b"
)
_NOTE = re.compile(r" ?(?:\(([^()]*)\)|; ?([^;]*))$")
_SAYS_TIME = re.compile(
    r"\d|\b(?:ngay|tuan|thang|quy|nam|hang|moi|truoc|sau|thuong xuyen|lien tuc|dinh ky|thu|tiep theo|tro di)\b"
)
_IN_WORDS = {
    "mot": 1,
    "hai": 2,
    "ba": 3,
    "tu": 4,
    "bon": 4,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
    "muoi": 10,
    "muoi mot": 11,
    "muoi hai": 12,
}
_WORD_NUMBER = re.compile(r"\b(thang|quy) (muoi mot|muoi hai|mot|hai|ba|tu|bon|sau|bay|tam|chin|muoi)\b")


def _plain(text: str) -> str:
    """Lower case without marks, one space between words, the same dash everywhere, no clock behind a date."""
    words = " ".join(fold(text).lower().replace("–", "-").replace("—", "-").split())
    words = words.strip(" .;,*:-…")
    words = re.sub(r"(?<=\d)[ t]00:00(:00)?$", "", words)
    words = re.sub(r"(?<=\d) ?([/.-]) ?(?=\d)", r"\1", words, flags=re.ASCII)
    return _WORD_NUMBER.sub(lambda match: f"{match[1]} {_IN_WORDS[match[2]]}", words)


def _without_note(words: str) -> str:
    """Without a remark behind the deadline, as long as the remark says nothing about time."""
    note = _NOTE.search(words)
    if note and note.start() and not _SAYS_TIME.search(note[0]) and not _DEPENDS.search(note[0]):
        return words[: note.start()].strip(" .;,*")
    return words


# Ongoing work, and what comes back every period or every year

_ONGOING = re.compile(
    r"(?:thuc hien |bao cao )?(?:thuong xuyen|lien tuc)"
    r"(?:(?:,| va)? (?:thuong xuyen|lien tuc|hang ngay))*(?:,? (?:trong|ca) nam)?"
)
_SPAN = r"(?:ngay|tuan|thang|quy|[69] thang|nam hoc)"
_EACH_SPAN = rf"(?:hang|moi|theo) {_SPAN}(?:(?:,| va|,? den) (?:(?:hang|moi) )?(?:{_SPAN}|nam))*"
_UP_TO = r"(?:(?:truoc|vao|cham nhat|cham nhat la|den) )?(?:ngay )?"
_RECURRING = re.compile(
    r"dinh ky"
    rf"|(?:thuc hien |bao cao )?(?:dinh ky,? )?(?:{_UP_TO}(\d{{1,2}}) )?{_EACH_SPAN}(?: mot lan| 1 lan)?"
    rf"|(?:bao cao )?(?:dinh ky )?{_EACH_SPAN},? {_UP_TO}(\d{{1,2}})"
    r"|(?:dinh ky )?(?:moi )?\d{1,2} (?:tuan|thang|quy)(?: ?/ ?| | mot | 1 )lan"
    r"|(?:moi )?(?:tuan|thang|quy) (?:mot|\d{1,2}) lan|\d{1,2} lan ?/ ?(?:tuan|thang|quy)"
    r"|(?:[2-9]|1\d) lan ?/ ?nam",
    re.ASCII,
)
_PERIODIC = re.compile(r"dinh ky[:,]? ")
_YEARLY = re.compile(r"(?:(?P<before>.+?),? )?(?:dinh ky )?(?:hang|moi) nam(?:,? (?P<behind>.+))?")
_ONCE_A_YEAR = {
    "thuong nien",
    "1 lan/nam",
    "mot lan mot nam",
    "moi nam mot lan",
    "moi nam 1 lan",
    "1 nam/lan",
}


def _again_and_again(words: str) -> Deadline | None:
    if _ONGOING.fullmatch(words):
        return Deadline("ongoing", rule_code="ongoing")
    if periodic := _PERIODIC.match(words):
        read = _once(words[periodic.end() :], _LEAP_YEAR)
        if read and read.question_code == "several":
            return Deadline("recurring", rule_code="recurring")
    match = _RECURRING.fullmatch(words)
    if match is None:
        return None
    printed = match[1] or match[2]
    if printed and not 1 <= int(printed) <= 31:
        return Deadline("none", question_code="impossible")
    return Deadline("recurring", rule_code="recurring")


def _every_year(words: str) -> Deadline | None:
    """“Hằng năm”, with the day in the year where one is printed beside it."""
    match = _YEARLY.fullmatch(words)
    if words not in _ONCE_A_YEAR and (match is None or (match["before"] and match["behind"])):
        return None
    beside = (match and (match["before"] or match["behind"])) or ""
    if not _opening(f"{beside} ").rest or words in _ONCE_A_YEAR:
        return Deadline("yearly", rule_code="yearly")
    read = _once(beside, _LEAP_YEAR)
    if read is None or read.question_code:
        return read and replace(read, kind="none")
    if read.due_on is None or not read.is_inferred:
        return None
    return Deadline("yearly", rule_code="yearly_by", each_year=(read.due_on.month, read.due_on.day))


# A single deadline

_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5, "chu nhat": 6, "cn": 6} | {
    str(number): number - 2 for number in range(2, 8)
}
_WEEKDAY = r"(?:thu (hai|ba|tu|nam|sau|bay|[2-7])|(chu nhat|cn))"
_WEEKDAY_BEHIND = re.compile(rf",? \(?{_WEEKDAY}\)?$")
_OPENING = re.compile(
    r"(?:(?P<before>truoc)|(?P<end>het|cuoi(?: cung)?(?: cua)?|ket thuc|khi het|khi ket thuc)|(?P<day>ngay)"
    r"|phan dau|du kien|co ban|hoan thanh|thuc hien|bao cao|gui|nop|xong|thoi han|han|tu nay|cham nhat|muon nhat"
    r"|khong qua|khong muon hon|la|vao|den|toi|trong|luc"
    rf"|(?:[01]?\d|2[0-4]) ?(?:h|g|gio|:)(?: ?[0-5]\d(?: ?phut)?)?|{_WEEKDAY})[ ,:]+",
    re.ASCII,
)


@dataclass(frozen=True)
class _Opening:
    """What stands before the date itself, and what is left when it is taken away."""

    rest: str
    is_before: bool
    names_a_day: bool
    weekday: int | None


def _opening(words: str) -> _Opening:
    is_before = names_a_day = False
    weekday = None
    while match := _OPENING.match(words):
        is_before = (is_before or bool(match["before"])) and not match["end"]
        names_a_day = (names_a_day or bool(match["day"])) and not match["end"]
        if named := match[4] or match[5]:
            weekday = _WEEKDAYS[named]
        words = words[match.end() :]
    return _Opening(words.strip(), is_before, names_a_day, weekday)


def _once(words: str, year: int | None) -> Deadline | None:
    weekday = None
    if behind := _WEEKDAY_BEHIND.search(words):
        weekday, words = _WEEKDAYS[behind[1] or behind[2]], words[: behind.start()]
    opening = _opening(words)
    weekday = opening.weekday if weekday is None else weekday
    rest = re.sub(r"(?<=[\div]),? nam (\d{4})\b", r"/\1", opening.rest, flags=re.ASCII)
    readers: tuple[Callable[[], Deadline | None], ...] = (
        lambda: _years(rest, year),
        lambda: _day(rest, year),
        lambda: _days(rest, year),
        lambda: _several_days(rest),
        lambda: _months(rest, year),
        lambda: _quarters(rest, year),
        lambda: _first_months(rest, year),
        lambda: _vague_or_open(rest),
    )
    found = next((read for reader in readers if (read := reader())), None)
    if found is None or found.question_code:
        return found
    if found.kind == "day":
        if weekday is not None and found.due_on and found.due_on.weekday() != weekday:
            return Deadline("day", question_code="weekday")
        return replace(found, rule_code="before_day") if opening.is_before else found
    if weekday is not None or opening.names_a_day:
        return None
    if opening.is_before and found.kind in _ENDS_A_PERIOD:
        return Deadline(found.kind, question_code="before_period")
    return found


_VAGUE = re.compile(r"(?:dau|giua|khoang|trung tuan|thuong tuan|ha tuan|nua|tuan|trong tuan)\b.*")
_OPEN = re.compile(
    r"(?:tu|bat dau|bat dau tu|ke tu) .*\d.*"
    r"|.*\d.* (?:tro di|va (?:nhung|cac) nam (?:tiep theo|ke tiep|tiep|sau|sau do))",
    re.ASCII,
)


def _vague_or_open(words: str) -> Deadline | None:
    if _VAGUE.fullmatch(words):
        return Deadline("none", question_code="vague")
    if _OPEN.fullmatch(words):
        return Deadline("range", question_code="open_range")
    return None


_LINK = r"(?: ?[,;-] ?|,? va | den | den het | toi )"
_LISTS = re.compile(r"[,;]|\bva\b")
_YEARS = re.compile(rf"(?:giai doan |nhiem ky |tu )*(?:nam )?\d{{4}}(?:{_LINK}(?:nam )?\d{{4}})*", re.ASCII)


def _years(words: str, year: int | None) -> Deadline | None:
    if words in {"nam", "nam nay", "ca nam"}:
        return _end("year_end", None, year, 12)
    if not _YEARS.fullmatch(words):
        return None
    years = [int(found) for found in re.findall(r"\d{4}", words)]
    if _has_no_end(words, years):
        return None
    if years != sorted(set(years)):
        return Deadline("none", question_code="backwards")
    if not FIRST_YEAR <= years[0] <= years[-1] <= LAST_YEAR:
        return Deadline("none", question_code="impossible")
    if _names_several(words, years):
        return Deadline("none", question_code="several")
    kind = "year_end" if len(years) == 1 else "range"
    return Deadline(kind, dt.date(years[-1], 12, 31), kind)


_DAY = re.compile(r"(\d{1,2})(?P<s>[/. -])(\d{1,2})(?:(?P=s)(\d{4}|\d{2}))?", re.ASCII)
_DAY_IN_WORDS = re.compile(r"(\d{1,2}),? thang (\d{1,2})(?:[/ -](\d{4}|\d{2}))?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DAYS = re.compile(
    r"(?:tu )?(?:ngay )?(\d{1,2})(?:/(\d{1,2})(?:/(\d{4}))?)?(?: ?- ?| den | den het | toi )(?:ngay )?"
    r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?",
    re.ASCII,
)


def _day(words: str, year: int | None) -> Deadline | None:
    if match := _ISO.fullmatch(words):
        return _on(match[3], match[2], match[1], year)
    if match := _DAY_IN_WORDS.fullmatch(words):
        return _on(match[1], match[2], match[3], year)
    match = _DAY.fullmatch(words)
    if match is None:
        return None
    # “6-7” may be a day, two days or two months, “6 7” anything; “30-6” is a day.
    if not match[4] and (match["s"] == " " or (match["s"] == "-" and int(match[1]) <= 12)):
        return None
    return _on(match[1], match[3], match[4], year)


def _days(words: str, year: int | None) -> Deadline | None:
    """“15-30/6/2020”, “từ 1/6 đến 15/7”: the last of the days."""
    match = _DAYS.fullmatch(words)
    if match is None or (match[3] and not match[6]):
        return None
    last = _on(match[4], match[5], match[6], year)
    first = _on(match[1], match[2] or match[5], match[3] or match[6], year)
    if first.due_on is None or last.due_on is None:
        return last if last.question_code else first
    return last if first.due_on <= last.due_on else Deadline("none", question_code="backwards")


_ONE_DAY = r"(?:ngay )?\d{1,2}(?:(?:[/.-]| thang )\d{1,2}(?:(?:[/.-]| nam )\d{4})?)?"
_SEVERAL_DAYS = re.compile(
    rf"(?=.*\d(?:[/.-]| thang )\d){_ONE_DAY}(?:(?:,|;|,? va) ?{_ONE_DAY})+|\d{{1,2}},? (?:cua )?cac thang \d.*",
    re.ASCII,
)


def _several_days(words: str) -> Deadline | None:
    """“30/6 và 31/12”, “15 các tháng 3, 6, 9”: work that comes back, or days of which one was meant."""
    return Deadline("none", question_code="several") if _SEVERAL_DAYS.fullmatch(words) else None


def _on(day: str, month: str, printed: str | None, year: int | None) -> Deadline:
    if printed and len(printed) == 2:
        return Deadline("day", question_code="short_year")
    found = int(printed) if printed else year
    try:
        # 29/2 without a year is a day that some years have.
        due_on = dt.date(_LEAP_YEAR if found is None else found, int(month), int(day))
    except ValueError:
        return Deadline("none", question_code="impossible")
    if found is None:
        return Deadline("day", question_code="year")
    if not FIRST_YEAR <= found <= LAST_YEAR:
        return Deadline("none", question_code="impossible")
    return Deadline("day", due_on, "day", is_inferred=not printed)


_MONTH = r"\d{1,2}(?:[/. -]\d{4}|/\d{2})?(?!\d)"
_MONTHS = re.compile(rf"(?:tu )?(?:cac )?thang {_MONTH}(?:{_LINK}(?:thang )?{_MONTH})*", re.ASCII)
_BARE_MONTH = re.compile(r"\d{1,2}[/.-]\d{4}", re.ASCII)
_QUARTER = r"(?:iv|i{1,3}|0?[1-4])(?:[/. -]\d{4}|/\d{2})?(?!\d)"
_QUARTERS = re.compile(
    rf"(?:tu )?(?:cac )?(?:quy|q)[ .]*{_QUARTER}(?:{_LINK}(?:(?:quy|q)[ .]*)?{_QUARTER})*", re.ASCII
)
_PART = re.compile(
    r"(\d{1,2}|\b(?:iv|i{1,3})\b|(?<=q)(?:iv|i{1,3})\b)(?:[/. -](\d{4})|/(\d{2}))?(?!\d)", re.ASCII
)


def _months(words: str, year: int | None) -> Deadline | None:
    if not (_MONTHS.fullmatch(words) or _BARE_MONTH.fullmatch(words)):
        return None
    return _last_of(words, "month_end", year, 12, 1)


def _quarters(words: str, year: int | None) -> Deadline | None:
    return _last_of(words, "quarter_end", year, 4, 3) if _QUARTERS.fullmatch(words) else None


def _has_no_end(words: str, parts: list[Any]) -> bool:
    """“Từ tháng 6” names the beginning only."""
    return words.startswith("tu ") and len(parts) == 1


def _names_several(words: str, parts: list[int]) -> bool:
    """“Tháng 3, 6, 9” names moments; two neighbours (“tháng 6, 7”) are one stretch, as “tháng 3 - 9” is."""
    return len(parts) > 1 and bool(_LISTS.search(words)) and parts != [parts[0], parts[0] + 1]


def _last_of(words: str, kind: str, year: int | None, most: int, months: int) -> Deadline | None:
    """The end of the last of the months or quarters named; a year printed behind holds for those before it."""
    parts = [(_NUMBERS.get(one) or int(one), full, short) for one, full, short in _PART.findall(words)]
    if _has_no_end(words, parts):
        return None
    if any(short for _number, _full, short in parts):
        return Deadline(kind, question_code="short_year")
    if not all(1 <= number <= most for number, _full, _short in parts):
        return Deadline("none", question_code="impossible")
    following, named = parts[-1][1], []
    if not following and any(full for _number, full, _short in parts):
        return Deadline(kind, question_code="year")
    for number, full, _short in reversed(parts):
        following = full or following
        named.append((following, number))
    if named != sorted(set(named), reverse=True):
        return Deadline("none", question_code="backwards")
    if _names_several(words, [int(full or 0) * most + number for full, number in reversed(named)]):
        return Deadline("none", question_code="several")
    return _end(kind, parts[-1][1] or None, year, parts[-1][0] * months)


_FIRST_MONTHS = re.compile(
    r"(\d{1,2}|sau|chin) thang(?: (dau|cuoi))?(?: nam)?(?:(?: nay)?|[/ ](\d{4}))|nua (dau|cuoi) nam(?:[/ ](\d{4}))?",
    re.ASCII,
)


def _first_months(words: str, year: int | None) -> Deadline | None:
    """“6 tháng đầu năm”, “9 tháng”: periods of the year (Decree 09/2019/NĐ-CP); other “n tháng” are durations."""
    match = _FIRST_MONTHS.fullmatch(words)
    if match is None:
        return None
    half, printed = match[2] or match[4], match[3] or match[5]
    if half == "cuoi":
        return _end("year_end", printed, year, 12)
    number = {"sau": 6, "chin": 9}.get(match[1]) or int(match[1] or 6)
    if not 1 <= number <= 12 or (half is None and number not in {6, 9}):
        return None
    return _end("month_end", printed, year, number)


def _end(kind: str, printed: str | None, year: int | None, month: int) -> Deadline:
    found = int(printed) if printed else year
    if found is None:
        return Deadline(kind, question_code="year")
    if not FIRST_YEAR <= found <= LAST_YEAR:
        return Deadline("none", question_code="impossible")
    last = dt.date(found, month, calendar.monthrange(found, month)[1])
    return Deadline(kind, last, kind, is_inferred=not printed)
