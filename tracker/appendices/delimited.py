"""Tables written as text: CSV files of any separator, and what is copied out of Word or Excel."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from tracker.exports.harmless import as_written

_LOOKED_AT = 50  # records from which the separator is told
_LONGEST_CELL = 1_000_000
_LAST = "\x00"  # a row of its own behind the text, where no text has it


def delimited_rows(text: str, separators: str) -> list[list[str]]:
    """The rows of a text; of the separators the one that parts most of its rows alike, the first if none does.

    ``csv.Error``: a cell is longer than any text.
    """
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip("\n\ufeff")
    separator = separators[0]
    if text[:4].lower() == "sep=" and text[4:5]:
        separator, text = text[4], text.partition("\n")[2]
    else:
        separator = max(separators, key=lambda one: (_sameness(text, one), -separators.index(one)))
    rows = list(_records(f"{text}\n{_LAST}", separator))
    if rows.pop() != [_LAST]:  # a quotation mark that nothing closes would swallow the rows below it
        rows = list(_records(text, separator, csv.QUOTE_NONE))
    return [[as_written(cell) for cell in row] for row in rows]


def _records(text: str, separator: str, quoting: int = csv.QUOTE_MINIMAL) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting)


def _sameness(text: str, separator: str) -> int:
    """How many columns the rows have in common, times the rows that have them; 0 when nothing is parted."""
    widths: Counter[int] = Counter()
    try:
        widths.update(len(row) for row in islice(_records(text, separator), _LOOKED_AT))
    except csv.Error:
        return 0
    return max(((width - 1) * rows for width, rows in widths.items()), default=0)
