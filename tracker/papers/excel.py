import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tracker.decree30 import neutral
from tracker.models import PeriodicReport
from tracker.papers.frame import appendices_of, frame_of
from tracker.vietnamese.dates import NotADate, read_date

_NUMBER = re.compile(r"-?\d{1,3}(?:\.\d{3})*(?:,\d+)?|-?\d+(?:,\d+)?")
_DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "dd/mm/yyyy",
}


def report_xlsx(report: PeriodicReport) -> bytes:
    """The appendices as sheets, in the official column order, with true numbers and days."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        book.set_properties({"title": neutral(report.title), "author": neutral(report.issuing_body)})
        looks = _Looks(book)
        for number, appendix in enumerate(appendices_of(report), 1):
            sheet = book.add_worksheet(f"Phụ lục {number}")
            _write(sheet, appendix.title, appendix.table, frame_of(report).attached_to, looks)
        if not book.worksheets():
            book.add_worksheet("Phụ lục")
    return stream.getvalue()


class _Looks:
    """The few ways a cell looks."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        base = {"font_name": "Times New Roman", "font_size": 12, "text_wrap": True, "valign": "top"}
        boxed = {**base, "border": 1}
        self.title: Format = book.add_format({**base, "bold": True, "align": "center", "font_size": 14})
        self.note: Format = book.add_format({**base, "italic": True, "align": "center"})
        self.head: Format = book.add_format({**boxed, "bold": True, "align": "center", "valign": "vcenter"})
        self.group: Format = book.add_format({**boxed, "bold": True})
        aligned = {"l": "left", "c": "center", "r": "right"}
        self.text: dict[str, Format] = {
            letter: book.add_format({**boxed, "align": side}) for letter, side in aligned.items()
        }
        self._book, self._boxed = book, boxed
        self._numbers: dict[tuple[int, str], Format] = {}
        self.day: Format = book.add_format({**boxed, "num_format": "dd/mm/yyyy", "align": "center"})

    def number(self, decimals: int, side: str) -> Format:
        """With so many decimals as were printed."""
        key = decimals, side
        if key not in self._numbers:
            pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
            self._numbers[key] = self._book.add_format({**self._boxed, "num_format": pattern, "align": side})
        return self._numbers[key]


def _write(sheet: Worksheet, title: str, table: Mapping[str, Any], note: str, looks: _Looks) -> None:
    last = len(table["head"]) - 1
    shares = table["widths"]
    for place, share in enumerate(shares):
        sheet.set_column(place, place, max(6, 130 * share / sum(shares)))
    _write_across(sheet, 0, last, title, looks.title)
    _write_across(sheet, 1, last, note, looks.note)
    sheet.write_row(3, 0, table["head"], looks.head)
    for number, row in enumerate(table["rows"], 4):
        if isinstance(row, Mapping):
            _write_across(sheet, number, last, row["group"], looks.group)
            continue
        for place, text in enumerate(row):
            _write_cell(sheet, number, place, text, table["align"][place], looks)
    sheet.freeze_panes(4, 0)
    sheet.repeat_rows(3)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=1.18, right=0.59, top=0.79, bottom=0.79)


def _write_across(sheet: Worksheet, row: int, last: int, text: str, look: Format) -> None:
    """One text over all columns; Excel merges no single cell."""
    if last:
        sheet.merge_range(row, 0, row, last, text, look)
    else:
        sheet.write_string(row, 0, text, look)


def _write_cell(sheet: Worksheet, row: int, place: int, text: str, letter: str, looks: _Looks) -> None:
    """A number in a column of numbers and a day are written as what they are, everything else as text."""
    side = {"l": "left", "c": "center", "r": "right"}[letter]
    if _DAY.fullmatch(text):
        try:
            day = read_date(text)
        except NotADate:
            sheet.write_string(row, place, text, looks.text[letter])
            return
        sheet.write_datetime(row, place, dt.datetime.combine(day, dt.time()), looks.day)
    elif letter == "r" and _NUMBER.fullmatch(text):
        plain = text.replace(".", "").replace(",", ".")
        decimals = len(plain.partition(".")[2])
        sheet.write_number(row, place, float(Decimal(plain)), looks.number(decimals, side))
    else:
        sheet.write_string(row, place, text, looks.text[letter])
