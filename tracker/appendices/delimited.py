"""Tables written as text: CSV files of any separator, and what is copied out of Word or Excel."""

import csv
import io
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from tracker.exports.harmless import as_written

_LOOKED_AT = 50  # records from which the separator is told
_LONGEST_CELL = 1_000_000
_MARKS = re.compile('"+')


def delimited_rows(text: str, separators: str, *, copied: bool = False) -> list[list[str]]:
    """The rows of a text; of the separators the one that parts most of its rows alike, the first if none does.

    ``copied``: the text comes from the clipboard. ``csv.Error``: a cell is longer than any text.
    """
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip("\n\ufeff")
    separator = separators[0]
    if text[:4].lower() == "sep=" and text[4:5]:
        separator, text = text[4], text.partition("\n")[2]
    else:
        separator = max(separators, key=lambda one: (_sameness(text, one), -separators.index(one)))
    text = _marked(text, separator, copied=copied and separator == "\t")
    return [[as_written(cell) for cell in row] for row in _records(text, separator)]


def _marked(text: str, separator: str, *, copied: bool) -> str:
    """The text with all cells that begin with a quotation mark of their own quoted, as CSV wants it.

    The marks around a cell part nothing when they do not close right before the next cell: “"Một cửa" điện tử”.
    Spreadsheets copy such a text as it is and put marks only around what holds a tab or a line break.
    """
    begins = re.compile(rf'(?:\A|(?<=[{re.escape(separator)}\n]))"')
    ends = re.compile(rf"[{re.escape(separator)}\n]|\Z")
    closings = [run.end() for run in _MARKS.finditer(text) if len(run[0]) % 2]
    parts: list[str] = []
    done = 0
    begun = begins.search(text)
    while begun:
        start = begun.start()
        stop = _closing(text, start, closings)
        needed = not copied or re.search(r'["\t\n]', text[start + 1 : stop - 1])
        if not (stop and ends.match(text, stop) and needed):
            ended = ends.search(text, start)
            stop = ended.start() if ended else len(text)
            cell = text[start:stop].replace('"', '""')
            parts += [text[done:start], f'"{cell}"']
            done = stop
        begun = begins.search(text, stop)
    return "".join([*parts, text[done:]])


def _closing(text: str, start: int, closings: list[int]) -> int:
    """Where the quoted cell ends that begins at ``start``; 0 when nothing closes it. Two marks in it mean one."""
    own = _MARKS.match(text, start)
    end = own.end() if own else start
    if (end - start) % 2 == 0:
        return end
    following = bisect_right(closings, end)
    return closings[following] if following < len(closings) else 0


def _records(text: str, separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _sameness(text: str, separator: str) -> int:
    """How many columns the rows have in common, times the rows that have them; 0 when nothing is parted."""
    widths: Counter[int] = Counter()
    try:
        records = _records(_marked(text, separator, copied=False), separator)
        widths.update(len(row) for row in islice(records, _LOOKED_AT))
    except csv.Error:
        return 0
    return max(((width - 1) * rows for width, rows in widths.items()), default=0)
