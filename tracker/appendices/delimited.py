"""Tables written as text: CSV files of any separator, and what is copied out of Word or Excel."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from tracker.exports.harmless import as_written

_LOOKED_AT = 50  # records from which the separator is told
_LONGEST_CELL = 1_000_000


def delimited_rows(text: str, separators: str) -> list[list[str]]:
    """The rows of a text; of the separators the one that parts most of its rows alike, the first if none does.

    ``csv.Error``: a cell has no end, or is longer than any text.
    """
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip("\n\ufeff")
    separator = separators[0]
    if text[:4].lower() == "sep=" and text[4:5]:
        separator, text = text[4], text.partition("\n")[2]
    else:
        separator = max(separators, key=lambda one: (_sameness(text, one), -separators.index(one)))
    return [[as_written(cell) for cell in row] for row in _records(text, separator)]


def _records(text: str, separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _sameness(text: str, separator: str) -> int:
    """How many columns the rows have in common, times the rows that have them; 0 when nothing is parted."""
    widths: Counter[int] = Counter()
    try:
        widths.update(len(row) for row in islice(_records(text, separator), _LOOKED_AT))
    except csv.Error:
        return 0
    return max(((width - 1) * rows for width, rows in widths.items()), default=0)
