"""A list as comma separated text: for Excel with a byte order mark, numbers and days as people here write them."""

import csv
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from tracker.exports.harmless import harmless
from tracker.exports.sheet import Sheet, Value, printable
from tracker.vietnamese.quantities import format_quantity

COMMA, SEMICOLON = ",", ";"
"""A Vietnamese Windows expects the semicolon, since its numbers have the comma."""

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_LINES_AT_ONCE = 500


class _Lines(list[str]):
    write = list.append


def write_csv(sheet: Sheet, separator: str = COMMA) -> Iterator[bytes]:
    """The file in parts: the head, then the rows."""
    lines = _Lines()
    writer = csv.writer(lines, delimiter=separator)
    lines.append(BYTE_ORDER_MARK)
    writer.writerow([harmless(column.title) for column in sheet.columns])
    for row in sheet.rows():
        writer.writerow([in_text(value) for value in row])
        if len(lines) >= _LINES_AT_ONCE:
            yield "".join(lines).encode()
            lines.clear()
    yield "".join(lines).encode()


def in_text(value: Value) -> str:
    """``16/06/2020``, ``08:30 16/06/2020``, ``1.720,5``; text as it is, made harmless."""
    if isinstance(value, str):
        return harmless(printable(value))
    if value is None:
        return ""
    return in_words(value)


def in_words(value: int | Decimal | dt.date | dt.datetime) -> str:
    if isinstance(value, dt.datetime):
        return f"{value:%H:%M %d/%m/%Y}"
    if isinstance(value, dt.date):
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    return format_quantity(Decimal(value))
