"""A list as comma separated text: for Excel with a byte order mark, numbers and days as people here write them."""

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import islice

from tracker.exports.harmless import are_harmless, harmless
from tracker.exports.sheet import Sheet, Value, are_printable, printable
from tracker.vietnamese.quantities import format_quantity

COMMA, SEMICOLON = ",", ";"
"""A Vietnamese Windows expects the semicolon, since its numbers have the comma."""

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_ROWS_AT_ONCE = 500


class _Lines(list[str]):
    write = list.append


def write_csv(sheet: Sheet, separator: str = COMMA) -> Iterator[bytes]:
    """The file in parts: the head, then the rows."""
    lines = _Lines()
    writer = csv.writer(lines, delimiter=separator)
    lines.append(BYTE_ORDER_MARK)
    writer.writerow(_texts([column.title for column in sheet.columns]))
    rows = iter(sheet.rows())
    while block := list(islice(rows, _ROWS_AT_ONCE)):
        writer.writerows(zip(*map(_texts, zip(*block, strict=True)), strict=True))
        yield "".join(lines).encode()
        lines.clear()
    yield "".join(lines).encode()


def _texts(values: Sequence[Value]) -> list[str]:
    """The cells of one column: ``16/06/2020``, ``08:30 16/06/2020``, ``1.720,5``; text as it is, made harmless."""
    texts = [
        value if isinstance(value, str) else "" if value is None else in_words(value) for value in values
    ]
    if are_printable(texts) and are_harmless(texts):
        return texts
    return [harmless(printable(text)) for text in texts]


def in_words(value: int | Decimal | dt.date | dt.datetime) -> str:
    if isinstance(value, dt.datetime):
        return f"{value:%H:%M %d/%m/%Y}"
    if isinstance(value, dt.date):
        return _day(value)
    if isinstance(value, int) and 0 <= value < 1000:
        return str(value)
    return format_quantity(Decimal(value))


@lru_cache(maxsize=5000)
def _day(value: dt.date) -> str:
    return f"{value.day:02d}/{value.month:02d}/{value.year}"
