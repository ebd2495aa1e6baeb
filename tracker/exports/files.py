"""A list written as a file in one of its formats: at once, or piece by piece for a background process."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import IO, Any

from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tracker.exports import word
from tracker.exports.csv import COMMA, SEMICOLON, write_csv
from tracker.exports.excel import write_excel
from tracker.exports.information import About
from tracker.exports.sheet import CHUNK, Sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class Format:
    """A kind of file: what it is called, how its name ends, how many rows it may have (None: any number)."""

    label: Any
    ending: str
    content_type: str
    icon: str = "download"
    most: int | None = None


FORMATS = {
    "xlsx": Format(_("Excel"), "xlsx", XLSX),
    "csv": Format(_("CSV, comma"), "csv", CSV),
    "csv-phay": Format(_("CSV, semicolon"), "csv", CSV),
    "docx": Format(_("Word"), "docx", DOCX, most=word.MOST_ROWS),
    "in": Format(_("Print"), "", "text/html", "print", word.MOST_ROWS),
}
"""By the word in the address; “in” is a page for the printer."""


def write_file(sheet: Sheet, name: str, about: About, target: IO[bytes]) -> None:
    """Write the whole file into ``target``."""
    if name == "xlsx":
        write_excel(sheet, about, target)
    elif name == "docx":
        target.write(word.write_word(sheet, about))
    else:
        target.writelines(parts(sheet, name))


def parts(sheet: Sheet, name: str) -> Iterator[bytes]:
    """A text file as it is written, in the language of this moment: the first rows leave before the last are read."""
    language = get_language()
    written = write_csv(sheet, SEMICOLON if name == "csv-phay" else COMMA)
    return _in_language(written, language)


def _in_language(written: Iterator[bytes], language: str | None) -> Iterator[bytes]:
    with translation.override(language):
        yield from written


def whole(sheet: Sheet, name: str, about: About) -> IO[bytes]:
    """The finished file on the disk, at its start; it vanishes when it is closed."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 closed by the answer that sends it
    write_file(sheet, name, about, target)
    target.seek(0)
    return target


def file_name(sheet: Sheet, name: str) -> str:
    """“nhiem-vu-2020-06-16.xlsx”: letters without marks go through every system."""
    return f"{slugify(sheet.title.replace('đ', 'd').replace('Đ', 'D'))}-{sheet.as_of:%Y-%m-%d}.{FORMATS[name].ending}"


def counted(sheet: Sheet, tell: Callable[[int], None]) -> Sheet:
    """The same list; ``tell`` hears how many rows have been read, after each thousand."""

    def rows() -> Iterator[Any]:
        for n, row in enumerate(sheet.rows(), start=1):
            yield row
            if n % CHUNK == 0:
                tell(n)

    return replace(sheet, rows=rows)
