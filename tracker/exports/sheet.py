"""A list as it is taken out: its columns, its rows one after another, and what they were cut by."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum
from itertools import count
from operator import itemgetter
from typing import Any

from django.utils import timezone

from tracker.decree30 import neutral

Value = str | int | Decimal | dt.date | dt.datetime | None
"""What a cell holds: text, a number, a day or a moment of the office's clock; None is an empty cell."""

CHUNK = 1000
"""Rows that are in memory at a time."""


class Kind(Enum):
    """How a column's cells are printed: a running number, text, a day, a day with its time, a number."""

    INDEX = "index"
    TEXT = "text"
    DATE = "date"
    MOMENT = "moment"
    NUMBER = "number"


@dataclass(frozen=True)
class Column:
    """One column: its head, its kind, its width in letters.

    ``path`` names the value for rows of a QuerySet, ``show`` makes the cell of what the database holds.
    """

    title: str
    path: str = ""
    kind: Kind = Kind.TEXT
    width: int = 16
    show: Callable[[Any], Value] | None = None
    on_paper: bool = True
    """Also in Word and in print, where the width of a page is all there is."""

    def off_paper(self) -> "Column":
        return replace(self, on_paper=False)


@dataclass
class Sheet:
    """A whole list. ``rows`` can be walked once each time it is called and holds few rows in memory."""

    title: str
    columns: list[Column]
    rows: Callable[[], Iterator[Sequence[Value]]]
    total: int
    as_of: dt.date
    filters: list[tuple[str, str]] = field(default_factory=list)
    is_importable: bool = False
    """Its columns are those of an official appendix, which the import reads."""

    def on_paper(self) -> "Sheet":
        """The same list with the columns that fit on a page."""
        places = [place for place, column in enumerate(self.columns) if column.on_paper]
        take = itemgetter(*places)
        return replace(
            self, columns=[self.columns[place] for place in places], rows=lambda: map(take, self.rows())
        )


def index(title: str) -> Column:
    """The running number (TT)."""
    return Column(title, kind=Kind.INDEX, width=5)


def text(title: str, path: str = "", width: int = 24, show: Callable[[Any], Value] | None = None) -> Column:
    return Column(title, path, Kind.TEXT, width, show)


def day(title: str, path: str = "") -> Column:
    return Column(title, path, Kind.DATE, 12)


def moment(title: str, path: str = "") -> Column:
    return Column(title, path, Kind.MOMENT, 17)


def number(title: str, path: str = "", show: Callable[[Any], Value] | None = None) -> Column:
    return Column(title, path, Kind.NUMBER, 12, show)


def choice(title: str, path: str, choices: Iterable[tuple[Any, Any]], width: int = 18) -> Column:
    """The word for a stored value, in the language of the file."""
    words = {value: str(label) for value, label in choices}
    return Column(title, path, Kind.TEXT, width, lambda value: words.get(value, ""))


def yes(title: str, path: str, word: str) -> Column:
    """``word`` where something is so, else an empty cell."""
    return Column(title, path, Kind.TEXT, 10, lambda value: word if value else "")


def from_queryset(columns: list[Column], queryset: Any) -> Callable[[], Iterator[Sequence[Value]]]:
    """The rows of a QuerySet in one query, read in parts by a cursor of the database."""

    def rows() -> Iterator[Sequence[Value]]:
        found = queryset.values_list(*(column.path for column in columns if column.path)).iterator(CHUNK)
        return complete(columns, found)

    return rows


def from_records(
    columns: list[Column], records: Iterable[Any], cells: Callable[[Any], Sequence[Value]]
) -> Callable[[], Iterator[Sequence[Value]]]:
    """The rows of records that the page has worked out; ``cells`` gives all but the running number."""
    return lambda: complete(columns, map(cells, records))


def complete(columns: list[Column], found: Iterable[Sequence[Any]]) -> Iterator[Sequence[Value]]:
    """Each row with its running number, words for stored values and local times."""
    numbered = columns[0].kind is Kind.INDEX
    changes = [
        (place, change)
        for place, column in enumerate(columns)
        if (change := column.show or (local if column.kind is Kind.MOMENT else None))
    ]
    for n, cells in zip(count(1), found, strict=False):
        row = [n, *cells] if numbered else list(cells)
        for place, change in changes:
            row[place] = change(row[place])
        yield row


def local(value: dt.datetime | None) -> dt.datetime | None:
    """By the clock of the office, without its zone, which spreadsheets do not know."""
    return timezone.make_naive(value) if value else None


def printable(value: str) -> str:
    """Composed text without controls and marks that turn the direction; the quick answer for what has none."""
    return value if value.isprintable() else neutral(value)


def are_printable(texts: Iterable[str]) -> bool:
    """The quick answer for many: none of them has a control or a mark that turns the direction."""
    return "".join(texts).isprintable()
