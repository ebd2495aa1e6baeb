"""A list as an Excel workbook: what it is on the first sheet, the rows on the second; nothing in it is ever live."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from tracker.exports.information import About, lines
from tracker.exports.sheet import Column, Kind, Sheet, Value, printable
from tracker.vietnamese.quantities import format_quantity

LONGEST_CELL = 32_767
"""Letters that a cell of Excel can hold."""

_EXACT_DIGITS = 15
"""What a number of Excel keeps; a longer one is written as text, so that no digit is lost."""

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
    "default_date_format": "dd/mm/yyyy",
}
_BODY = {"font_name": "Times New Roman", "font_size": 11, "valign": "top", "border": 1}


def write_excel(sheet: Sheet, about: About, target: IO[bytes]) -> int:
    """Write the workbook into ``target``, row by row; returns how many rows it has."""
    book = xlsxwriter.Workbook(target, _OPTIONS)
    book.set_properties({"title": sheet.title, "author": about.by})
    first = book.add_worksheet(_("Information"))
    table = book.add_worksheet(_sheet_name(sheet.title))
    written, cut = _Table(book, table, sheet.columns).write(sheet)
    _write_information(book, first, lines(sheet, about, written, cut))
    table.activate()
    book.close()
    return written


class _Table:
    """The second sheet."""

    def __init__(self, book: Any, table: Any, columns: list[Column]) -> None:
        self.book, self.table, self.columns = book, table, columns
        self.text = book.add_format(_BODY | {"text_wrap": True})
        self.index = book.add_format(_BODY | {"align": "center"})
        self.date = book.add_format(_BODY | {"num_format": "dd/mm/yyyy", "align": "center"})
        self.moment = book.add_format(_BODY | {"num_format": "hh:mm dd/mm/yyyy", "align": "center"})
        self.numbers: dict[int, Any] = {}
        self.cut = 0

    def write(self, sheet: Sheet) -> tuple[int, int]:
        """How many rows were written, and how many of their texts are longer than a cell."""
        self._lay_out()
        written = 0
        for written, row in enumerate(sheet.rows(), start=1):
            self._write_row(written, row)
        self.table.autofilter(0, 0, max(written, 1), len(self.columns) - 1)
        return written, self.cut

    def _lay_out(self) -> None:
        head = self.book.add_format(
            _BODY
            | {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "bg_color": "#E8EEF4"}
        )
        table = self.table
        table.set_landscape()
        table.set_paper(9)  # A4
        table.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.6)
        table.fit_to_pages(1, 0)
        table.repeat_rows(0)
        table.set_footer("&C&P/&N")
        table.freeze_panes(1, 2 if self.columns[0].kind is Kind.INDEX else 1)
        for place, column in enumerate(self.columns):
            table.set_column(place, place, column.width)
            table.write_string(0, place, column.title, head)

    def _write_row(self, line: int, row: Sequence[Value]) -> None:
        """The cells by what they hold; the commonest are asked for first."""
        string, text = self.table.write_string, self.text
        for place, value in enumerate(row):
            if isinstance(value, str):
                if len(value) > LONGEST_CELL or not value.isprintable():
                    value = self._short_enough(printable(value))
                string(line, place, value, text)
            elif value is None:
                self.table.write_blank(line, place, None, text)
            elif isinstance(value, dt.datetime):
                self.table.write_datetime(line, place, value, self.moment)
            elif isinstance(value, dt.date):
                self.table.write_datetime(line, place, value, self.date)
            elif self.columns[place].kind is Kind.INDEX:
                self.table.write_number(line, place, value, self.index)
            else:
                self._write_number(line, place, Decimal(value))

    def _write_number(self, line: int, place: int, value: Decimal) -> None:
        value = value.normalize()
        _sign, digits, exponent = value.as_tuple()
        if len(digits) > _EXACT_DIGITS:
            self.table.write_string(line, place, format_quantity(value), self.text)
        else:
            self.table.write_number(line, place, float(value), self._format(max(0, -int(exponent))))

    def _format(self, decimals: int) -> Any:
        """Thousands parted, as many decimals as the number has; Excel prints the marks of its reader's language."""
        if decimals not in self.numbers:
            form = "#,##0" + ("." + "0" * decimals if decimals else "")
            self.numbers[decimals] = self.book.add_format(_BODY | {"num_format": form})
        return self.numbers[decimals]

    def _short_enough(self, text: str) -> str:
        if len(text) <= LONGEST_CELL:
            return text
        self.cut += 1
        end = " " + _("[… Excel holds 32,767 letters in a cell; the CSV file has the whole text]")
        return text[: LONGEST_CELL - len(end)] + end


def _write_information(book: Any, page: Any, told: list[tuple[str, str]]) -> None:
    name = book.add_format({"font_name": "Times New Roman", "font_size": 12, "bold": True, "valign": "top"})
    words = book.add_format(
        {"font_name": "Times New Roman", "font_size": 12, "text_wrap": True, "valign": "top"}
    )
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 90)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    for line, (label, said) in enumerate(told):
        page.write_string(line, 0, label, name)
        page.write_string(line, 1, printable(said), words)


def _sheet_name(title: str) -> str:
    """What Excel allows as the name of a sheet: 31 letters, none of []:*?/\\ and no apostrophe at an end."""
    name = title.translate(dict.fromkeys(map(ord, "[]:*?/\\"), " "))
    return name[:31].strip("' ") or "1"
