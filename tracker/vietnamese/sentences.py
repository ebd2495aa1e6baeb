"""Vietnamese prose cut into sentences and clauses, and what a clause says of deadline and force."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.vietnamese.deadlines import read_deadline
from tracker.vietnamese.text import compose

_END = re.compile(
    r"(?<![.!?…])[.!?…]++[”\"»)]*(?=\s+[“\"«(\-–]*[A-ZÀ-ỸĐ0-9])|(?<![.!?…])[.!?…]++[”\"»)/]*(?=\s*$)"
)
_SHORT = re.compile(r"(?:^|[\s(])(?:v\.v|tp|tx|tt|đ/c|ths|ts|pgs|gs|bs|ks|st|no|[a-zà-ỹđ])\.$", re.IGNORECASE)
_LONGEST_SHORT = 12  # characters before a full stop in which an abbreviation is looked for
_NUMBER = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5})\.")
_CLAUSE = re.compile(r"\s*;\s*")
_TRAILING = " \t.;,:/–-"

_DAY = r"\d{1,2}\s+tháng\s+\d{1,2}(?:\s+năm\s+\d{4})?|\d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?\d{4})?"
_OF_YEAR = r"(?:\s*(?:/|năm)\s*\d{4})?"
_BEHIND = r"(?=\s*(?:[,;./)]|(?:và|năm)\b|$))"
"""What a further number of a list is followed by: “tháng 3, 6, 9.”, yet not “tháng 3, 6 đơn vị”."""
_ORDINAL = r"(?:I{1,3}|IV|[1-4])\b"
_QUARTER = rf"quý\s+{_ORDINAL}(?:{_OF_YEAR}(?:,|\s+và)\s*(?:quý\s+)?{_ORDINAL}{_BEHIND})*{_OF_YEAR}"
_MONTH = rf"tháng\s+\d{{1,2}}\b(?:{_OF_YEAR}(?:,|\s+và)\s*(?:tháng\s+)?\d{{1,2}}\b{_BEHIND})*{_OF_YEAR}"
_EACH = (
    r"(?:định kỳ\s+)?(?:hằng|(?<!khách )(?<!ngân )(?<!cửa )(?<!mặt )(?<!nhà )(?<!đơn )(?<!bán )hàng|mỗi)"
    r"\s+(?:tuần|tháng|quý|năm)\b"
)
_DEADLINE = re.compile(
    rf"(?:(?:trước|đến|chậm nhất|hết)\s+(?:hết\s+)?(?:ngày\s+)?(?:{_DAY}|{_QUARTER}|{_MONTH}|năm\s+\d{{4}}))"
    rf"|(?:trong|hết)\s+(?:{_QUARTER}|{_MONTH})|{_EACH}|thường xuyên",
    re.IGNORECASE,
)

_FORCES = re.compile(
    r"\b(?:(?P<strive>phấn đấu)|(?P<resolute>kiên quyết|quyết liệt)|(?P<strict>nghiêm túc|chặt chẽ)"
    r"|(?P<especially>đặc biệt)|(?P<focus>tập trung))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sentence:
    """One sentence of a text: its place, from 0, the paragraph it stands in, its words and where they lie."""

    number: int
    paragraph: int
    start: int
    end: int
    text: str

    @property
    def clauses(self) -> list[str]:
        """What semicolons part, each as a title; the whole sentence where there are none."""
        found = [clause.strip(_TRAILING) for clause in _CLAUSE.split(self.text)]
        return [clause[:1].upper() + clause[1:] for clause in found if clause]


def tidy(text: str) -> str:
    """Composed, one paragraph a line, runs of blanks as one; the text in which places are counted."""
    lines = (" ".join(line.split()) for line in compose(text).splitlines())
    return "\n".join(line for line in lines if line)


def sentences(text: str) -> list[Sentence]:
    """The sentences of a tidied text. Abbreviations (“v.v.”, “TP.”), numbers and dates end none."""
    found: list[Sentence] = []
    offset = 0
    for paragraph, line in enumerate(text.split("\n")):
        for start, end in _cut(line):
            found.append(Sentence(len(found), paragraph, offset + start, offset + end, line[start:end]))
        offset += len(line) + 1
    return found


def _cut(line: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(line):
        last = line[max(start, match.end() - _LONGEST_SHORT) : match.end()]
        if match[0] == "." and (_SHORT.search(last) or _NUMBER.fullmatch(line, start, match.end())):
            continue
        yield start, match.end()
        start = match.end() + len(line[match.end() :]) - len(line[match.end() :].lstrip())
    if line[start:].strip():
        yield start, len(line)


def deadline_in(text: str, year: int | None = None) -> str:
    """The words of a clause that say a deadline which can be read: “hết quý II”; empty where there are none."""
    for match in _DEADLINE.finditer(compose(text)):
        read = read_deadline(match[0], year)
        if read.kind != "none" and not read.question:
            return match[0]
    return ""


def force_in(text: str) -> str:
    """How strongly a clause asks, by its first word of force, as ``Directive.Force`` names it; else ``assign``."""
    found = _FORCES.search(compose(text))
    return str(found.lastgroup) if found else "assign"
