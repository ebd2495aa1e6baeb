"""Files and pasted text into tables: what is taken, how large it may be, and a sentence for all that is refused."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.sax import parse
from django.conf import settings
from django.utils.translation import gettext as _

from tracker.appendices.delimited import delimited_rows
from tracker.appendices.reading import Table, Unreadable
from tracker.appendices.sheets import sheet_tables
from tracker.appendices.word_tables import word_tables
from tracker.templatetags.display import file_size

MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_CELLS = 200_000
"""How much a file may hold, empty rows and columns at the ends not counted."""

_MOST_PARTS = 2000
_MOST_UNPACKED = {
    ".docx": 40_000_000,
    ".xlsx": 100_000_000,
}  # bytes; a Word file is held whole while it is read
_MOST_CHARACTERS = 20_000_000
_MOST_RATIO = 300  # of a part to its packed form; a table of repeated text reaches about 100
_SMALL_PART = 1_000_000  # bytes; smaller parts may pack as well as they like
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, SAXException, SyntaxError, OSError, EOFError, RuntimeError,
    NotImplementedError, KeyError, ValueError, TypeError, AttributeError, IndexError,
)  # fmt: skip


def open_tables(content: bytes, name: str) -> list[Table]:
    """The tables of a .docx, .xlsx or .csv file. Raises ``Unreadable`` with a sentence for the user."""
    ending = PurePosixPath(name.lower()).suffix
    _check_size(content)
    if ending in {".xlsm", ".docm", ".xltm", ".dotm"}:
        raise Unreadable(_with_macros())
    if content.startswith(_OLE):
        raise Unreadable(_old_or_locked(content))
    if ending not in {".docx", ".xlsx", ".csv"}:
        raise Unreadable(_("Only .docx, .xlsx and .csv files can be read; save the file as one of these."))
    if ending == ".csv":
        if content.startswith((b"PK\x03\x04", b"%PDF")):
            raise Unreadable(_not_what_it_says(ending))
        return _text_table(_decoded(content), ";,\t")
    _check_archive(content, ending)
    read = word_tables if ending == ".docx" else sheet_tables
    try:
        return _within_limits(read(io.BytesIO(content)))
    except DefusedXmlException as refusal:
        raise Unreadable(_dangerous()) from refusal
    except _BROKEN as fault:
        raise Unreadable(_damaged()) from fault


def pasted_tables(text: str) -> list[Table]:
    """The table that was copied out of Word, Excel or a page: cells parted by tabs, else by ``|``, ``;`` or commas."""
    if len(text.encode("utf-8", "replace")) > _largest():
        raise Unreadable(_("The text is too long; send it as a file, or in parts."))
    return _text_table(text, "\t|;,", copied=True)


def _text_table(text: str, separators: str, *, copied: bool = False) -> list[Table]:
    try:
        return _within_limits(iter([Table("", delimited_rows(text, separators, copied=copied))]))
    except csv.Error as fault:
        raise Unreadable(_too_much()) from fault


def _within_limits(tables: Iterator[Table]) -> list[Table]:
    """The tables that hold anything, as long as all together are not too large."""
    kept: list[Table] = []
    rows = cells = characters = 0
    for table in tables:
        trimmed: list[list[str]] = []
        for row in table.rows:
            while row and not row[-1].strip():
                row.pop()
            trimmed.append(row)
            rows += bool(row)
            cells += len(row)
            characters += sum(map(len, row))
            if rows > MOST_ROWS or cells > MOST_CELLS or len(row) > MOST_COLUMNS:
                raise Unreadable(_too_much())
            if characters > _MOST_CHARACTERS:
                raise Unreadable(_too_much())
        while trimmed and not trimmed[-1]:
            trimmed.pop()
        if any(trimmed):
            width = max(map(len, trimmed))
            if width * sum(map(bool, trimmed)) > MOST_CELLS:
                raise Unreadable(_too_much())
            kept.append(
                Table(table.title, [row + [""] * (width - len(row)) if row else row for row in trimmed])
            )
    if not kept:
        raise Unreadable(_("No table was found in it."))
    return kept


# what is looked at before anything is opened


def _largest() -> int:
    return settings.IMPORT_MAX_MB * 1024 * 1024


def _check_size(content: bytes) -> None:
    if not content:
        raise Unreadable(_("The file is empty."))
    if len(content) > _largest():
        raise Unreadable(
            _("The file has %(size)s; a file to be read may have at most %(limit)s.")
            % {"size": file_size(len(content)), "limit": f"{settings.IMPORT_MAX_MB} MB"}
        )


def _old_or_locked(content: bytes) -> str:
    """Files before 2007 and files with a password are both packed in the old way (OLE)."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _("The file has a password; take it off and send the file again.")
    return _("This is a file of the kind before 2007; save it as .docx or .xlsx and send that.")


def _check_archive(content: bytes, ending: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_parts(parts, ending)
            types = archive.read("[Content_Types].xml").decode("utf-8", "replace").lower()
            if "macroenabled" in types:
                raise Unreadable(_with_macros())
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        parse(stream, ContentHandler(), forbid_dtd=True)
    except DefusedXmlException as refusal:
        raise Unreadable(_dangerous()) from refusal
    except _BROKEN as fault:
        raise Unreadable(_not_what_it_says(ending)) from fault


def _check_parts(parts: list[zipfile.ZipInfo], ending: str) -> None:
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(_("The file has a password; take it off and send the file again."))
    if any("vbaproject" in name.lower() for name in names):
        raise Unreadable(_with_macros())
    if (
        len(parts) > _MOST_PARTS
        or sum(part.file_size for part in parts if part.filename.endswith(".xml")) > _MOST_UNPACKED[ending]
        or any(
            part.file_size > _SMALL_PART and part.file_size > _MOST_RATIO * part.compress_size
            for part in parts
        )
    ):
        raise Unreadable(_("Unpacked, the file is far too large; it is not opened."))
    if len(names) < len(parts) or _MAIN[ending] not in names or "[Content_Types].xml" not in names:
        raise Unreadable(_not_what_it_says(ending))


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as fault:
        sentence = _("The letters of this file cannot be read; save it as “CSV UTF-8” or as .xlsx.")
        raise Unreadable(sentence) from fault


# sentences


def _with_macros() -> str:
    return _("The file holds macros and is not opened; save it without macros and send that.")


def _not_what_it_says(ending: str) -> str:
    return _("The content is not that of a %(ending)s file; save it again and send that.") % {
        "ending": ending
    }


def _damaged() -> str:
    return _("The file is damaged and cannot be read; open it, save it again and send that.")


def _dangerous() -> str:
    return _(
        "The file holds instructions that no table needs and is not opened; save it again and send that."
    )


def _too_much() -> str:
    return _(
        "The file holds too much: at most 20,000 rows, 100 columns and 200,000 cells can be read at once."
    )
