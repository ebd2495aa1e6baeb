"""What an indicator must reach, as tables print it: “≥ 80”, “40 - 50”, “100%”, or words."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from tracker.appendices.cells import one_line
from tracker.appendices.reading import Doubt, TargetReading
from tracker.vietnamese.quantities import (
    THOUSANDS_OR_DECIMAL,
    NotAQuantity,
    Quantity,
    doubt_in_unit,
    format_quantity,
    in_unit,
    in_words,
    read_quantity,
)
from tracker.vietnamese.text import fold

_SIGNS = {
    "≥": "ge",
    ">=": "ge",
    "=>": "ge",
    "≤": "le",
    "<=": "le",
    "=<": "le",
    ">": "gt",
    "<": "lt",
    "=": "eq",
}
_SIGN = re.compile(r"(>=|=>|<=|=<|[≥≤<>=])\s*(.+)")
_BEFORE = re.compile(
    r"(?:(?P<ge>tu|toi thieu|it nhat|khong duoi|khong thap hon|khong it hon|dat it nhat|dat toi thieu|dat tu)"
    r"|(?P<le>toi da|khong qua|khong vuot qua|khong cao hon|nhieu nhat)|(?P<gt>tren|hon|dat tren)|(?P<lt>duoi|it hon))"
    r"\s+(?=[\d-])"
)
_BEHIND = re.compile(r"\s*(?:(?P<ge>tro len)|(?P<le>tro xuong))$")
_RANGE = re.compile(
    r"(?:từ\s+)?(\d[\d., ]*?)\s*(%?)\s*(?:-|–|—|÷|đến|tới)\s*(\d[\d., ]*(?:\s*\D.*)?)", re.IGNORECASE
)
_ALL = {"tat ca", "toan bo", "100 phan tram"}


def read_target(text: str, unit: str = "") -> tuple[TargetReading | None, list[Doubt]]:
    """The target of a cell in the unit of the indicator, and what a person should look at; None for an empty cell."""
    printed, unit = one_line(text), one_line(unit)
    if not printed:
        return None, []
    if fold(printed) in _ALL:
        return TargetReading("all", unit=unit), []
    words = TargetReading("", unit=unit, words=printed)
    if match := _RANGE.fullmatch(printed):
        return _range(match, unit) or (words, [])
    operator, rest = _operator(printed)
    try:
        quantity = read_quantity(rest)
        value = in_unit(quantity, unit or quantity.printed_unit)
    except NotAQuantity:
        return words, []
    is_bare = not operator and quantity.qualifier != "over"
    if not operator:
        operator = "ge" if is_bare else "gt"
    reading = TargetReading(operator, value, unit=unit or quantity.printed_unit, is_bare=is_bare)
    return reading, _doubts(printed, rest, quantity, value, unit)


def _operator(printed: str) -> tuple[str, str]:
    """The bound in front of or behind a number, and the rest."""
    if match := _SIGN.fullmatch(printed):
        return _SIGNS[match[1]], match[2]
    folded = fold(printed)
    if len(folded) != len(printed):
        return "", printed
    behind = _BEHIND.search(folded)
    end = behind.start() if behind else len(printed)
    before = _BEFORE.match(folded)
    said = (behind and behind.lastgroup) or (before and before.lastgroup) or ""
    return said, printed[before.end() if before else 0 : end]


def _range(match: re.Match[str], unit: str) -> tuple[TargetReading, list[Doubt]] | None:
    """“40 - 50”, “40% - 50%”, “từ 40 đến 50 triệu đồng”; None when its end lies below its start or words follow."""
    try:
        last = read_quantity(match[3])
        first = read_quantity(match[1])
        if unit:
            upper = in_unit(last, unit)
            lower = in_unit(first, unit) if not last.printed_unit else in_unit(_like(first, last), unit)
        else:
            upper, lower = in_unit(last, last.printed_unit), first.value
    except NotAQuantity:
        return None
    if lower > upper:
        return None
    return TargetReading("range", lower, upper, unit or last.printed_unit or match[2]), []


def _like(first: Quantity, last: Quantity) -> Quantity:
    """The first end of a range has the unit that is printed once, behind the second."""
    return Quantity(first.value * last.scale, last.unit, scale=last.scale, printed_unit=last.printed_unit)


def _doubts(printed: str, rest: str, quantity: Quantity, value: Decimal, unit: str) -> list[Doubt]:
    doubt = doubt_in_unit(quantity, unit) if unit else quantity.doubt
    if doubt is None:
        return []
    says = in_words(value, unit or quantity.printed_unit)
    if doubt != THOUSANDS_OR_DECIMAL:
        sentence = _("“%(printed)s” is read as %(words)s: check it against the unit.")
        return [Doubt("size", "target", False, sentence % {"printed": printed, "words": says})]
    digits = re.match(r"\D*([\d.,]+)", rest)
    other = _other_way(digits[1]) if digits else ""
    sentence = _("“%(printed)s” is read as %(words)s.")
    return [
        Doubt(
            "thousands",
            "target",
            False,
            sentence % {"printed": printed, "words": says},
            _("Change to %(text)s") % {"text": other} if other else "",
            printed.replace(digits[1], other) if digits and other else None,
        )
    ]


def _other_way(digits: str) -> str:
    """``38.000`` with its dot as a decimal mark is 38, ``2,012`` with its comma as a thousands mark 2012."""
    if digits.count(".") == 1 and "," not in digits:
        return format_quantity(Decimal(digits))
    return digits.replace(",", "") if digits.count(",") == 1 and "." not in digits else ""
