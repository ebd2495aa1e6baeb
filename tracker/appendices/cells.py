"""The text of one cell: invisible characters, letters of other alphabets, numbers of rows."""

import re
import unicodedata
from dataclasses import dataclass

from tracker.vietnamese.text import compose, fold

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufffc"))
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000\t\x0b\x0c\x1f"), " ")
_LINES = dict.fromkeys(map(ord, "\u0085\u2028\u2029"), "\n")

_LOOKALIKES = str.maketrans(
    "АВЕКМНОРСТУХІЈЅаеорсухіјѕԁԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοικνρυÐðƉ",
    "ABEKMHOPCTYXIJSaeopcyxijsdqwhABEZHIKMNOPTYXoikvpuĐđĐ",
)


def clean(text: str) -> str:
    """As printed, in composed Unicode: no control or invisible characters, plain spaces, no spaces at line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_LINES).translate(_SPACES)
    text = compose(text.translate(_INVISIBLE))
    if not text.isprintable():
        text = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in _UNWANTED)
    return "\n".join(" ".join(line.split(" ")).strip() for line in text.split("\n")).strip()


_UNWANTED = {"Cc", "Cf", "Cs", "Co", "Cn"}


def in_our_letters(text: str) -> str:
    """Cyrillic and Greek letters, and the Icelandic Ð, that look like Vietnamese ones replaced by those."""
    if text.isascii():
        return text
    return compose(text.translate(_LOOKALIKES))


def one_line(text: str) -> str:
    """The text with its hard line breaks and repeated spaces as single spaces."""
    return " ".join(text.split())


@dataclass(frozen=True)
class Number:
    """The number of a row. ``style``: letter (A), roman (I), number (1, 1.1), item (a), mark (-).

    ``text`` is without dots and brackets behind it; ``depth`` counts the levels of a number.
    """

    style: str
    text: str
    depth: int = 1

    @property
    def is_heading(self) -> bool:
        return self.style in {"letter", "roman"}

    @property
    def above(self) -> str:
        """The number that this one is a part of: “11” for “11.10”."""
        return self.text.rpartition(".")[0]


_ROMAN = r"(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})"
_NUMBERS = (
    ("roman", re.compile(_ROMAN)),
    ("letter", re.compile("[A-HK-UYZĐ]")),
    (
        "number",
        re.compile(rf"(?:(?:{_ROMAN}|[A-H])[.,])?\d{{1,4}}(?:[.,]\d{{1,3}})*(?:[.]?[a-eđ])?", re.ASCII),
    ),
    ("item", re.compile("[a-zđ]")),
    ("mark", re.compile("[-–—+*•▪●○◦]")),
)
_PREFIX = re.compile(
    rf"(?P<number>(?:{_ROMAN}|[A-HĐ])(?=[.)/:\-–] ?\S)|\d{{1,4}}(?:\.\d{{1,2}})*(?=[.)] ?\D)"
    rf"|\d{{1,4}}(?:\.\d{{1,2}})+(?= )|[a-zđ](?=\) ?\S)|[-–+•](?= ))[.)/:\-–]?\s*(?P<rest>\S.*)",
    re.ASCII | re.DOTALL,
)


def read_number(text: str) -> Number | None:
    """``I``, ``II.``, ``1``, ``01``, ``1.``, ``1)``, ``(1)``, ``11.10``, ``I.1``, ``a)``, ``-``; None for other text.

    ``1.0`` is how a spreadsheet writes 1, ``11,1`` how it writes 11.1.
    """
    text = one_line(text)
    if len(text) > 20:
        return None
    bare = text.strip(" ()[]/:;") if text.strip("-–—+*• ") else text[:1]
    bare = bare.rstrip(". ")
    for style, pattern in _NUMBERS:
        if pattern.fullmatch(bare):
            return _numbered(style, bare)
    return None


def _numbered(style: str, text: str) -> Number:
    if style != "number":
        return Number(style, text)
    parts = text.replace(",", ".").split(".")
    parts = [
        part.lstrip("0") or "0" if part.isdecimal() and at == 0 else part for at, part in enumerate(parts)
    ]
    if len(parts) == 2 and parts[1] == "0":
        parts = parts[:1]
    named = not parts[0][:1].isdecimal()
    lettered = parts[-1][-1:].isalpha()
    return Number(style, ".".join(parts), len(parts) - named + lettered * (len(parts[-1]) > 1))


def split_number(text: str) -> tuple[Number | None, str]:
    """The number that stands before a text in the same cell: “II. Lĩnh vực viễn thông”, “1.2 Rà soát …”."""
    match = _PREFIX.match(text)
    number = read_number(match["number"]) if match else None
    return (number, match["rest"]) if match and number else (None, text)


def is_in_capitals(text: str) -> bool:
    """Printed in capitals, as headings are."""
    letters = [character for character in text if character.isalpha()]
    return len(letters) > 3 and all(character.isupper() for character in letters)


def key(text: str) -> str:
    """What headers are compared by: lower case without marks, punctuation and what stands in brackets."""
    said = re.sub(r"\([^()]*\)", " ", text)
    return " ".join(re.findall(r"[^\W_]+", fold(said if said.strip() else text).lower()))
