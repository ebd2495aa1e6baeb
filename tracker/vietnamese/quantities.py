"""Numbers as Vietnamese people write, print and say them.

Reading never guesses in silence. The office's rule for marks: a dot before exactly three digits is a thousands
mark (``1.720``, ``2.012``), any other dot and every comma is the decimal mark (``8.6``, ``8,6``, ``2,012``). What
somebody may have meant the other way carries a ``doubt``, so that it is shown back in words and seen by a person
before it counts. Values are exact decimals; nothing here rounds.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from tracker.vietnamese.text import compose, fold

LONGEST = 100
"""Characters of a number with its words; anything longer was pasted by mistake."""
INTEGER_DIGITS = 20
DECIMALS = 6
"""Digits that a value keeps before and after the decimal mark."""

THOUSANDS_OR_DECIMAL = "thousands_or_decimal"
"""The doubt of ``1.720`` and ``2,012``: the one mark may part thousands or decimals."""
SIZE_OF_UNIT = "size_of_unit"
"""The doubt of “160 nghìn” where “tỷ đồng” are asked for: 160 nghìn đồng, or 160 nghìn tỷ đồng?"""

QUALIFIERS = {"estimate": "ước", "nearly": "gần", "over": "hơn", "about": "khoảng"}
"""What may stand before a number, and the word that prints it."""


class NotAQuantity(ValueError):
    """The text is not such a number. ``code`` says why.

    empty · too_long · unreadable · range (too many digits before the decimal mark, or a percentage above 100) ·
    decimals (too many after it) · unit (it is measured in something else).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it was read.

    ``value`` is the full number in ``unit``: “1.720 tỷ đồng” is 1720000000000 in “đồng”, “160 nghìn” is 160000 in
    “”. ``scale`` and ``printed_unit`` keep how it was written: 1000000000 and “tỷ đồng”, 1000 and “nghìn”.
    ``qualifier`` is a key of ``QUALIFIERS`` or "". ``doubt`` names why a person must look, or is None.
    """

    value: Decimal
    unit: str = ""
    qualifier: str = ""
    doubt: str | None = None
    scale: Decimal = Decimal(1)
    printed_unit: str = ""

    @property
    def is_bare(self) -> bool:
        """Nothing but a number: its unit is that of the field or column it stands in."""
        return not self.printed_unit


def read_quantity(text: str) -> Quantity:
    """A number with what may stand around it: ``ước đạt 1.720,5 tỷ đồng``, ``160 nghìn``, ``8,6%``, ``-3,5``.

    Thousands are parted by dots or spaces, or by commas where the rest shows that they part nothing else
    (``1,720.5``, ``1,720,500``). Wrong grouping, other scripts' digits, ``1_000``, ``1e9`` and words for digits
    are refused with ``NotAQuantity``.
    """
    if len(text) > LONGEST:
        raise NotAQuantity("too_long")
    text = compose(text).translate(_SPACES).strip(" \t\r\n")
    if not text:
        raise NotAQuantity("empty")
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise NotAQuantity("unreadable")
    before, sign, digits, after = shape.groups()
    qualifier = _BEFORE.get(" ".join(_words(before.lower())))
    if qualifier is None:
        raise NotAQuantity("unreadable")
    number, doubt = _read_digits(digits)
    power, scale_words, unit = _read_after(after)
    return Quantity(
        value=_within_limits(_moved(number.copy_negate() if sign in _MINUS else number, power)),
        unit=unit,
        qualifier=qualifier,
        doubt=doubt,
        scale=Decimal(10**power),
        printed_unit=" ".join(filter(None, [scale_words, unit])),
    )


def in_unit(quantity: Quantity, unit: str) -> Decimal:
    """The value in ``unit``: “160 nghìn” in “nghìn thuê bao” is 160, “1.720 tỷ đồng” in “triệu đồng” 1720000.

    A bare number is already in that unit. ``NotAQuantity``: unit (đồng is no per cent), decimals (a đồng in
    “tỷ đồng” is smaller than what a value keeps).
    """
    if quantity.is_bare:
        return quantity.value
    power, _said, base = _split_unit(_words(unit))
    if quantity.unit and quantity.unit.lower() not in _spellings(base.lower()):
        raise NotAQuantity("unit")
    if not quantity.unit and "%" in base:
        raise NotAQuantity("unit")
    return _within_limits(_moved(quantity.value, -power))


def doubt_in_unit(quantity: Quantity, unit: str) -> str | None:
    """Why a person must look when the text stands for a number in ``unit``: the text's own doubt, or its size's."""
    power, _said, _base = _split_unit(_words(unit))
    is_half_said = quantity.scale != 1 and not quantity.unit
    return quantity.doubt or (
        SIZE_OF_UNIT if is_half_said and power and quantity.scale != 10**power else None
    )


def format_quantity(value: Decimal) -> str:
    """As it is printed: ``1.720,5``, ``8,6``, ``−3,5``; no zeros at the end. Read again it is the same value."""
    sign, whole, decimals = _parts(value)
    return f"{sign}{int(whole):,}".replace(",", ".") + (f",{decimals}" if decimals else "")


def in_words(value: Decimal, unit: str = "") -> str:
    """As it is said: “một nghìn bảy trăm hai mươi tỷ đồng”, “tám phẩy sáu phần trăm”, “âm ba”.

    The northern standard: “linh”, “nghìn”, and of the two forms in use “hai mươi tư”. Groups of zeros are left
    out (1.000.005 “một triệu không trăm linh năm”), above 10^9 the number of “tỷ” is said as a number. Digits
    after the comma are said one by one.
    """
    sign, whole, decimals = _parts(value)
    words = ["âm"] if sign else []
    words += _say(int(whole)) or ["không"]
    if decimals:
        words += ["phẩy", *(_DIGITS[int(digit)] for digit in decimals)]
    return " ".join([*words, *unit.replace("%", " phần trăm ").split()])


def read_percent(text: str) -> int:
    """``70``, ``70%``, ``70 %``, ``70,0``: whole per cent from 0 to 100; anything else is refused, never guessed."""
    match = _PERCENT.fullmatch(text.strip())
    if match is None:
        raise NotAQuantity("unreadable")
    percent = int(match[1])
    if percent > 100:
        raise NotAQuantity("range")
    return percent


# reading

_PERCENT = re.compile(r"(\d{1,3})(?:[,.]0{1,2})? ?%?", re.ASCII)
_MINUS = ("-", "−")
# no-break, figure, thin and narrow no-break space: programs part thousands with them
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f"), " ")
_SHAPE = re.compile(r"([^\d+−-]*)([+−-]?)(\d(?:[\d., ]*\d)?)(.*)", re.ASCII)

_VIETNAMESE = re.compile(r"([1-9]\d{0,2}(?:\.\d{3})+),(\d+)", re.ASCII)
_SPACED = re.compile(r"([1-9]\d{0,2}(?: \d{3})+)(?:([,.])(\d+))?", re.ASCII)
_ENGLISH = re.compile(r"([1-9]\d{0,2}(?:,\d{3})+)\.(\d+)", re.ASCII)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3})+|(?:,\d{3}){2,})", re.ASCII)
_PLAIN = re.compile(r"(\d+)(?:([,.])(\d+))?", re.ASCII)

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def _read_digits(text: str) -> tuple[Decimal, str | None]:
    """The number and its doubt; what follows no rule of grouping is refused."""
    if match := _VIETNAMESE.fullmatch(text):
        return _decimal(match[1], match[2]), None
    if match := _ENGLISH.fullmatch(text):
        return _decimal(match[1], match[2]), _doubt_of(match[2])
    if _GROUPED.fullmatch(text):
        return _decimal(text), THOUSANDS_OR_DECIMAL if text.count(".") == 1 else None
    match = _SPACED.fullmatch(text) or _PLAIN.fullmatch(text)
    if match is None:
        raise NotAQuantity("unreadable")
    whole, mark, decimals = match.groups(default="")
    if mark == "." and len(decimals) == 3 and whole != "0":
        raise NotAQuantity("unreadable")  # a thousands mark, but “1720.500” is no grouping
    # Nobody parts thousands after a lone zero; yet “0.125” uses the dot in the way that is not ours.
    clear = mark == "," and not whole.strip("0")
    return _decimal(whole, decimals), None if clear else _doubt_of(decimals)


def _doubt_of(decimals: str) -> str | None:
    """Exactly three digits may have been meant as thousands."""
    return THOUSANDS_OR_DECIMAL if len(decimals) == 3 else None


def _decimal(whole: str, decimals: str = "") -> Decimal:
    return Decimal(f"{re.sub('[., ]', '', whole)}.{decimals}")


def _words(text: str) -> list[str]:
    """Parted by spaces alone: a control character is no space."""
    return [word for word in text.split(" ") if word]


def _spellings(word: str) -> set[str]:
    """With all its accents, or typed without any."""
    return {word, fold(word)}


def _each_spelling(words: dict[str, str]) -> dict[str, str]:
    return {spelling: meaning for word, meaning in words.items() for spelling in _spellings(word)}


_ESTIMATES = ("ước", "ước đạt", "ước tính", "ước thực hiện")
_BEFORE = _each_spelling(
    {"": "", "đạt": ""}
    | dict.fromkeys(_ESTIMATES, "estimate")
    | {
        said + word: code
        for said in ("", "đạt ")
        for word, code in (("gần", "nearly"), ("hơn", "over"), ("trên", "over"), ("khoảng", "about"))
    }
)
_SCALE = _each_spelling({"nghìn": "nghìn", "ngàn": "nghìn", "triệu": "triệu", "tỷ": "tỷ", "tỉ": "tỷ"})
_POWER = {"nghìn": 3, "triệu": 6, "tỷ": 9}
_UNIT_NAMES = _each_spelling(
    {"phần trăm": "%", "điểm phần trăm": "điểm %", "đồng": "đồng", "vnđ": "đồng", "đ": "đồng"}
)
_UNIT = re.compile(r"%|[a-z]+(?:[ /-][a-z]+)*(?: %)?", re.ASCII)
_PARTS_OF_NUMBERS = frozenset(_each_spelling(dict.fromkeys(("rưỡi", "trăm", "chục", "vạn", "mươi"), "")))
"""“2 triệu rưỡi”, “5 trăm”: still the number, which this reader does not do; never a unit."""


def _read_after(text: str) -> tuple[int, str, str]:
    """Power of ten, scale words and unit of what follows the digits; “5e” and “5m” are no units."""
    words = _words(text)
    power, scale_words, unit = _split_unit(words)
    if words and not text.startswith((" ", "%")) and not power:
        raise NotAQuantity("unreadable")
    if unit and not _is_unit(unit, scaled=power > 0):
        raise NotAQuantity("unreadable")
    return power, scale_words, unit


def _split_unit(words: list[str]) -> tuple[int, str, str]:
    """“nghìn tỷ đồng” as 12, “nghìn tỷ”, “đồng”; units of one meaning get one name."""
    scales = [_SCALE.get(word.lower(), "") for word in words[:2]]
    taken = 2 if scales == ["nghìn", "tỷ"] else 1 if scales and scales[0] else 0
    unit = " ".join(words[taken:])
    power = sum(_POWER[scale] for scale in scales[:taken])
    return power, " ".join(scales[:taken]), _UNIT_NAMES.get(unit.lower(), unit)


def _is_unit(unit: str, *, scaled: bool) -> bool:
    """Words that name what is counted; “1 triệu hai” and “1 nghìn triệu” go on with the number instead."""
    first = _words(unit.lower())[0]
    goes_on = first in _SCALE or first in _PARTS_OF_NUMBERS or (scaled and first in {*_DIGITS, "%"})
    return not goes_on and _UNIT.fullmatch(fold(unit)) is not None


def _moved(value: Decimal, power: int) -> Decimal:
    """Times ten to ``power``, by moving the mark alone: exact, whatever precision the process calculates with."""
    sign, digits, exponent = value.as_tuple()
    text = format(Decimal((sign, digits, int(exponent) + power)), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return Decimal("0" if text == "-0" else text)


def _within_limits(value: Decimal) -> Decimal:
    whole, _mark, decimals = format(value, "f").lstrip("-").partition(".")
    if len(whole) > INTEGER_DIGITS:
        raise NotAQuantity("range")
    if len(decimals) > DECIMALS:
        raise NotAQuantity("decimals")
    return value


# printing and saying


def _parts(value: Decimal) -> tuple[str, str, str]:
    """Minus or nothing, the digits before the mark, those after it without zeros at the end."""
    if not value.is_finite():
        raise NotAQuantity("unreadable")
    if value.adjusted() >= INTEGER_DIGITS:
        raise NotAQuantity("range")
    whole, _mark, decimals = format(value, "f").lstrip("-").partition(".")
    return "−" if value < 0 else "", whole, decimals.rstrip("0")


def _say(number: int, *, goes_on: bool = False) -> list[str]:
    """Words of a whole number, none for 0. After a higher group (``goes_on``) hundreds are always said."""
    billions, number = divmod(number, 10**9)
    words = [*_say(billions, goes_on=goes_on), "tỷ"] if billions else []
    for power, name in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group, number = divmod(number, power)
        if group:
            words += _say_group(group, goes_on=goes_on or bool(words))
            words += [name] if name else []
    return words


def _say_group(number: int, *, goes_on: bool) -> list[str]:
    """1 to 999: “năm”, “mười lăm”, “hai mươi mốt”, “một trăm linh năm”; 5 after a group “không trăm linh năm”."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or goes_on else []
    if tens > 1:
        words += [_DIGITS[tens], "mươi"]
        last = {1: "mốt", 4: "tư", 5: "lăm"}.get(ones, _DIGITS[ones])
    elif tens:
        words.append("mười")
        last = "lăm" if ones == 5 else _DIGITS[ones]
    else:
        words += ["linh"] if words and ones else []
        last = _DIGITS[ones]
    return [*words, last] if ones else words
