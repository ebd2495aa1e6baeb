"""The tables of an Excel file: values as a person sees them, merged cells resolved, formulas by their last value."""

import datetime as dt
import re
import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from tracker.appendices.reading import FOR_READING, Table, Unreadable
from tracker.vietnamese.dates import format_date
from tracker.vietnamese.text import fold

_ABOUT = {"thong tin", "information"}
"""The first sheet of our own exports, which says what was exported."""
_WIDEST = 1000  # columns that are looked at; the limit on columns answers with its sentence long before
_MOST_CELLS = 1_000_000  # also empty ones with a format


def sheet_tables(file: BytesIO) -> Iterator[Table]:
    """One table a visible sheet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's remarks about what it leaves out: pictures, styles
        book = load_workbook(file, read_only=True, data_only=True)
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if len(sheets) > 1:
            about = [sheet for sheet in sheets if fold(sheet.title).lower().strip() in _ABOUT]
            if any(map(_is_for_reading, about)):
                raise Unreadable(
                    _(
                        "This file was exported for reading; only lists of directives and of indicators are imported."
                    )
                )
            sheets = [sheet for sheet in sheets if sheet not in about]
        for sheet in sheets:
            sheet.reset_dimensions()  # programs write wrong ones
            yield Table(sheet.title, _rows(sheet, *_merged_and_uncomputed(sheet)))
    finally:
        book.close()


def _is_for_reading(about: Any) -> bool:
    """Does the first sheet of one of our exports say, in either language, that its list is not imported?"""
    said = set()
    for language in ("vi", "en"):
        with override(language):
            said.add(str(FOR_READING))
    return any(value in said for row in about.iter_rows(max_row=60, values_only=True) for value in row)


def _rows(sheet: Any, merged: list[str], formulas: dict[tuple[int, int], str]) -> list[list[str]]:
    rows: list[list[str]] = []
    looked_at = 0
    for line in sheet.iter_rows():
        row: list[str] = []
        for cell in line[:_WIDEST]:
            row.append(_shown(cell))
        looked_at += len(row)
        if looked_at > _MOST_CELLS:
            raise ValueError("a sheet of empty cells")
        while row and not row[-1]:
            row.pop()
        rows.append(row)
    for (row_number, column), formula in formulas.items():
        if row_number <= len(rows) and column <= _WIDEST:
            _put(rows[row_number - 1], column, formula)
    while rows and not rows[-1]:
        rows.pop()
    for reference in merged:
        _spread(rows, reference)
    return rows


def _put(row: list[str], column: int, text: str) -> None:
    row.extend([""] * (column - len(row)))
    row[column - 1] = text


def _spread(rows: list[list[str]], reference: str) -> None:
    """The text of cells that are merged downwards stands in each of their rows."""
    left, top, _right, bottom = range_boundaries(reference)
    if not (left and top and bottom) or top > len(rows) or left > len(rows[top - 1]):
        return
    for number in range(top, min(bottom, len(rows))):
        _put(rows[number], left, rows[top - 1][left - 1])


# What is merged, and formulas without a value, stand in the XML only: openpyxl leaves them out when it streams.


def _merged_and_uncomputed(sheet: Any) -> tuple[list[str], dict[tuple[int, int], str]]:
    merged: list[str] = []
    formulas: dict[tuple[int, int], str] = {}
    with sheet._get_source() as source:
        cells = None
        for event, element in iterparse(source, events=("start", "end"), forbid_dtd=True):
            tag = element.tag.rpartition("}")[2]
            if event == "start":
                cells = element if tag == "sheetData" else cells
            elif tag == "mergeCell":
                merged.append(element.get("ref", ""))
            elif tag == "c":
                parts = {child.tag.rpartition("}")[2]: child.text or "" for child in element}
                if "f" in parts and not parts.get("v") and "is" not in parts and element.get("r"):
                    formulas[coordinate_to_tuple(element.get("r"))] = f"={parts['f'] or '…'}"[:200]
            elif tag == "row" and cells is not None:
                cells.clear()  # a long sheet is never in memory as a whole
    return merged, formulas


# values as a person sees them


def _shown(cell: Any) -> str:
    """A cell as printed: a date as day/month/year or month/year, a number with a decimal comma, a share in per cent."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, dt.datetime | dt.date):
        return _shown_day(value, str(cell.number_format or ""))
    if isinstance(value, int | float):
        return _shown_number(value, str(cell.number_format or ""))
    return str(value)


def _shown_day(value: dt.datetime | dt.date, printed_as: str) -> str:
    """Excel turns a typed “6/2020” into the first of June and shows the month alone."""
    day = value.date() if isinstance(value, dt.datetime) else value
    pattern = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", printed_as).lower()
    if "d" not in pattern and "y" in pattern:
        return f"{day.month}/{day.year}" if "m" in pattern else str(day.year)
    return format_date(day)


def _shown_number(value: float, printed_as: str) -> str:
    if "%" in printed_as:
        return f"{_plain(value * 100)}%"
    places = re.fullmatch(r"0\.(0+)", printed_as)
    if places:  # “11.10” typed as a number keeps its zero on the screen only
        return f"{value:.{len(places[1])}f}".replace(".", ",")
    return _plain(value)


def _plain(value: float) -> str:
    text = f"{value:.10f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return text.replace(".", ",")
