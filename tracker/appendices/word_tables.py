"""The tables of a Word file, with merged cells resolved and numbers that Word counts itself.

Read straight from its XML: python-docx takes seconds for a long table and knows neither numbering nor content controls.
"""

import zipfile
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from tracker.appendices.reading import Table

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": " ", f"{_W}noBreakHyphen": "-"}
_LEFT_OUT = {_FALLBACK, f"{_W}del", f"{_W}moveFrom", f"{_W}tbl", f"{_W}pPr", f"{_W}rPr"}


def word_tables(file: BytesIO) -> Iterator[Table]:
    """The tables of the text in their order; each has the last line of text above it as its title."""
    with zipfile.ZipFile(file) as archive:
        document = fromstring(
            archive.read("word/document.xml").replace(_STRICT, _W[1:-1].encode()), forbid_dtd=True
        )
        numbering = None
        if "word/numbering.xml" in archive.namelist():
            numbering = fromstring(
                archive.read("word/numbering.xml").replace(_STRICT, _W[1:-1].encode()), forbid_dtd=True
            )
    counted = _Numbering(numbering)
    title = ""
    for block in _blocks(document):
        if block.tag == f"{_W}p":
            title = _text_of(block).strip() or title
        else:
            yield Table(title, _rows(block, counted))


def _blocks(parent: Element) -> Iterator[Element]:
    """Paragraphs and tables of the text, also inside content controls, tracked insertions and text boxes.

    A table inside a cell belongs to that cell, unless the cell is all there is of the table around it.
    """
    for child in parent:
        if child.tag == f"{_W}p":
            yield child
            yield from _blocks(child)
        elif child.tag == f"{_W}tbl" and (frame := _only_cell(child)) is not None:
            yield from _blocks(frame)
        elif child.tag == f"{_W}tbl":
            yield child
        elif child.tag not in {_FALLBACK, f"{_W}del", f"{_W}moveFrom"}:
            yield from _blocks(child)


def _only_cell(table: Element) -> Element | None:
    """The one cell of a table that is only a frame around other tables."""
    cells = [tc for tr in _inside(table, f"{_W}tr") for tc in _inside(tr, f"{_W}tc")]
    return cells[0] if len(cells) == 1 and cells[0].find(f".//{_W}tbl") is not None else None


def _inside(parent: Element, tag: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, through content controls."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"}:
            yield from _inside(child, tag)


def _rows(table: Element, counted: "_Numbering") -> list[list[str]]:
    rows: list[list[str]] = []
    above: dict[int, str] = {}
    for tr in _inside(table, f"{_W}tr"):
        if tr.find(f"{_W}trPr/{_W}del") is not None:
            continue
        row = [""] * _number(tr.find(f"{_W}trPr/{_W}gridBefore"), 0)
        for tc in _inside(tr, f"{_W}tc"):
            at = len(row)
            text = _cell(tc, counted)
            merged = tc.find(f"{_W}tcPr/{_W}vMerge")
            if merged is not None and merged.get(f"{_W}val", "continue") == "continue":
                text = above.get(at, "")
            elif merged is not None:
                above[at] = text
            span = min(_number(tc.find(f"{_W}tcPr/{_W}gridSpan"), 1), _WIDEST)
            row += [text, *[""] * (span - 1)]
            if len(row) > _WIDEST:
                break
        rows.append(row)
    return rows


_WIDEST = 1000  # columns; the limit on columns answers with its sentence long before


def _number(element: Element | None, default: int) -> int:
    value = element.get(f"{_W}val", "") if element is not None else ""
    return min(int(value), _WIDEST) if value.isdecimal() else default


def _cell(tc: Element, counted: "_Numbering") -> str:
    """The paragraphs of a cell; those of a table inside it too."""
    lines = []
    for paragraph in tc.iter(f"{_W}p"):
        text = _text_of(paragraph)
        label = counted.label(paragraph)
        lines.append(f"{label} {text}" if label and text.strip() else label or text)
    return "\n".join(lines).strip()


def _text_of(element: Element) -> str:
    parts: list[str] = []
    stack: list[Any] = [element]
    while stack:
        one = stack.pop()
        if one.tag == f"{_W}t":
            parts.append(one.text or "")
        elif one.tag in _BREAKS:
            parts.append(_BREAKS[one.tag])
        elif one is element or one.tag not in _LEFT_OUT:
            stack.extend(reversed(one))
    return "".join(parts)


class _Numbering:
    """What Word prints before the paragraphs that it counts: the numbers of a column are often made so."""

    def __init__(self, numbering: Element | None) -> None:
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self.counts: dict[str, dict[int, int]] = defaultdict(dict)
        if numbering is None:
            return
        abstract = {
            one.get(f"{_W}abstractNumId", ""): dict(map(_level, one.findall(f"{_W}lvl")))
            for one in numbering.findall(f"{_W}abstractNum")
        }
        for one in numbering.findall(f"{_W}num"):
            of = one.find(f"{_W}abstractNumId")
            self.levels[one.get(f"{_W}numId", "")] = abstract.get(
                of.get(f"{_W}val", "") if of is not None else "", {}
            )

    def label(self, paragraph: Element) -> str:
        """“1.” for the first counted paragraph of a list, “2.” for the next; "" for one that is not counted."""
        number = paragraph.find(f"{_W}pPr/{_W}numPr/{_W}numId")
        levels = self.levels.get(number.get(f"{_W}val", ""), {}) if number is not None else {}
        level = _number(paragraph.find(f"{_W}pPr/{_W}numPr/{_W}ilvl"), 0)
        if number is None or level not in levels:
            return ""
        form, text, start = levels[level]
        counts = self.counts[number.get(f"{_W}val", "")]
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        if form in {"bullet", "none"}:
            return "-" if form == "bullet" else ""
        for upper in range(level + 1):
            upper_form, _text, first = levels.get(upper, ("decimal", "", 1))
            text = text.replace(f"%{upper + 1}", _written(counts.get(upper, first), upper_form))
        return text


def _level(element: Element) -> tuple[int, tuple[str, str, int]]:
    def said(name: str, default: str) -> str:
        found = element.find(f"{_W}{name}")
        return default if found is None else found.get(f"{_W}val", default)

    start = said("start", "1")
    level = element.get(f"{_W}ilvl", "0")
    return int(level) if level.isdecimal() else 0, (
        said("numFmt", "decimal"),
        said("lvlText", "%1."),
        int(start) if start.isdecimal() else 1,
    )


def _written(number: int, form: str) -> str:
    if form in {"upperRoman", "lowerRoman"} and 0 < number < 40:
        tens, ones = divmod(number, 10)
        roman = "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]
        return roman if form == "upperRoman" else roman.lower()
    if form in {"upperLetter", "lowerLetter"} and 0 < number <= 26:
        letter = chr(ord("A") + number - 1)
        return letter if form == "upperLetter" else letter.lower()
    return str(number)
