"""A report as a tagged PDF (PDF/UA-1), set by Typst. Data go in as JSON: nothing that people typed is ever markup."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import timezone

from tracker.decree30 import neutral
from tracker.models import PeriodicReport
from tracker.papers.frame import (
    KIND,
    PARTY_NAME,
    STATE_MOTTO,
    STATE_NAME,
    appendices_of,
    frame_of,
    sections_of,
    table_of,
    words_of,
)
from tracker.vietnamese.text import ALPHABET, TONES, compose

TEMPLATE = Path(__file__).with_name("report.typ")
_STANDARDS = ["ua-1"]
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_MISSING = re.compile(r'the text `?"(.+?)"`? could not be displayed')


@dataclass(frozen=True)
class Place:
    """Where a printed text stands: the title of its part, "" around the text; whether it was filled in from data."""

    part: str
    text: str
    is_filled_in: bool = False


class MissingGlyph(Exception):
    """The font lacks a character of the report; a PDF with an empty box in it is not made.

    ``text``: which; ``place``: the first text that holds it, where it can be told.
    """

    def __init__(self, text: str, place: Place | None = None) -> None:
        super().__init__(text)
        self.text, self.place = text, place


class NoFont(Exception):
    """No font of the settings has every Vietnamese letter."""


def report_pdf(report: PeriodicReport) -> bytes:
    """The report as a PDF. Raises MissingGlyph for a character that the font does not have."""
    data = _data_of(report)
    try:
        return _set(TEMPLATE.read_bytes(), data, font())
    except MissingGlyph as missing:
        place = next((one for one in _places(data) if missing.text in one.text), None)
        raise MissingGlyph(missing.text, place) from None


@cache
def font() -> str:
    """The first font of ``PDF_FONTS`` that is there and has every Vietnamese letter.

    Times New Roman itself may not be shipped; Libertinus Serif comes with Typst.
    """
    families = {name.lower() for name in typst.Fonts().families()}
    probe = b"#set document(title: [x])\n#set text(font: sys.inputs.font, fallback: false)\n#sys.inputs.data"
    for name in settings.PDF_FONTS:
        if name.lower() in families:
            try:
                _set(probe, vietnamese_letters(), name)
            except MissingGlyph:
                continue
            return str(name)
    raise NoFont(", ".join(settings.PDF_FONTS))


def vietnamese_letters() -> str:
    """Every letter of Vietnamese with every tone, small and large."""
    toned = (compose(letter + tone) for letter in "aăâeêioôơuưy" for tone in TONES)
    letters = "".join(sorted({*ALPHABET, *toned}))
    return letters + letters.upper()


def _set(template: bytes, data: Any, family: str) -> bytes:
    try:
        made = typst.compile(
            template,
            sys_inputs={"data": data if isinstance(data, str) else json.dumps(data), "font": family},
            pdf_standards=_STANDARDS,
            timestamp=int(timezone.now().timestamp()),
        )
    except typst.TypstError as error:
        if found := _MISSING.search(str(error)):
            raise MissingGlyph(_ESCAPED.sub(lambda code: chr(int(code[1], 16)), found[1])) from None
        raise
    if not isinstance(made, bytes):
        raise TypeError("one PDF was expected")
    return made


def _data_of(report: PeriodicReport) -> dict[str, Any]:
    frame = frame_of(report)
    return {
        "party": frame.is_party,
        "draft": frame.is_draft,
        "governing": frame.governing_body,
        "body": frame.issuing_body,
        "state": PARTY_NAME if frame.is_party else STATE_NAME,
        "motto": "" if frame.is_party else STATE_MOTTO,
        "number": frame.number,
        "day": frame.place_and_day,
        "kind": KIND,
        "title": frame.title,
        "notes": frame.notes,
        "sections": [
            {"title": neutral(one["title"]), "blocks": [_block(block) for block in one["blocks"]]}
            for one in sections_of(report)
        ],
        "recipients": frame.recipients,
        "office": frame.office,
        "signer": frame.signer,
        "attached": frame.attached_to,
        "appendices": [
            {"label": one.label, "title": one.title, **_table(one.table)} for one in appendices_of(report)
        ],
    }


def _places(data: dict[str, Any]) -> Iterator[Place]:
    """Every text that is printed, with its place."""
    for name in ("governing", "body", "number", "day", "title", "signer"):
        yield Place("", data[name])
    for name in ("notes", "recipients", "office"):
        yield from (Place("", text) for text in data[name])
    for section in data["sections"]:
        yield Place(section["title"], section["title"])
        for block in section["blocks"]:
            if block["kind"] == "table":
                yield from _places_of_table(section["title"], block, block["caption"])
            else:
                yield Place(section["title"], block["text"])
    for one in data["appendices"]:
        yield from _places_of_table(one["label"], one, one["title"])


def _places_of_table(part: str, table: dict[str, Any], name: str) -> Iterator[Place]:
    cells = (cell for row in table["rows"] for cell in (row.values() if isinstance(row, Mapping) else row))
    yield from (Place(part, text, is_filled_in=True) for text in (name, *table["head"], *cells))


def _block(block: dict[str, Any]) -> dict[str, Any]:
    if block["kind"] == "table":
        return {"kind": "table", "caption": neutral(block.get("caption", "")), **_table(table_of(block))}
    return {"kind": block["kind"], "text": words_of(block["runs"])}


def _table(table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "head": table["head"],
        "rows": table["rows"],
        "align": list(table["align"]),
        "widths": table["widths"],
    }
