"""The register counted: by standing, and in the official four-cell table with named denominators.

Cells after the Government working group's report 1270/BC-TCTTTg of 27/12/2017: completed (on time, late, no
deadline) + not completed (in time, overdue, no deadline) + stopped = total. A table whose cells do not add up is
not printed.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Max, Min
from django.db.models.functions import JSONObject

from tracker.figures.scope import Scope
from tracker.models import Agency, Cell, Field, Standing

DUE = [Cell.DONE_ON_TIME, Cell.DONE_LATE, Cell.OPEN_OVERDUE]
"""What fell due: completed with a deadline, or overdue."""

DONE = [Cell.DONE_ON_TIME, Cell.DONE_LATE, Cell.DONE_NO_DEADLINE]
NOT_DONE = [Cell.OPEN_IN_TIME, Cell.OPEN_OVERDUE, Cell.OPEN_NO_DEADLINE]

CELLS = [cell for cell in Cell if cell != Cell.OUTSIDE]
STANDINGS = [standing for standing in Standing if standing != Standing.OUTSIDE]


class CellsDoNotAddUp(ValueError):
    """The cells of a table do not sum to its total, or its rows to its bottom line: nothing is printed."""


@dataclass(frozen=True)
class Share:
    """A percentage that never travels without its two numbers. Denominator 0 has no percentage."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> float | None:
        return 100 * self.numerator / self.denominator if self.denominator else None


@dataclass
class Row:
    """One line of a table: what it counts, how many stand where, and in which official cell."""

    key: Any = None
    code: str = ""
    name: str = ""
    bloc: str = ""
    """Of an agency."""
    place: Any = None
    total: int = 0
    cells: Counter[str] = field(default_factory=Counter)
    standings: Counter[str] = field(default_factory=Counter)
    oldest_overdue: dt.date | None = None
    last_progress: dt.date | None = None

    PUNCTUAL = [Cell.DONE_ON_TIME, Cell.DONE_LATE, Cell.DONE_NO_DEADLINE, Cell.OPEN_OVERDUE]
    """The cells on which another deadline tells otherwise."""

    @property
    def done(self) -> int:
        return sum(self.cells[cell] for cell in DONE)

    @property
    def open(self) -> int:
        return sum(self.cells[cell] for cell in NOT_DONE)

    @property
    def late(self) -> int:
        return self.standings[Standing.LATE]

    @property
    def done_of_all(self) -> Share:
        """Completed, of all but the stopped (trên tổng số)."""
        return Share(self.done, self.total - self.cells[Cell.STOPPED])

    @property
    def on_time_of_due(self) -> Share:
        """Completed on time, of those that fell due: completed with a deadline, or overdue (trên số đến hạn)."""
        on_time = self.cells[Cell.DONE_ON_TIME]
        return Share(on_time, on_time + self.cells[Cell.DONE_LATE] + self.cells[Cell.OPEN_OVERDUE])

    @property
    def due(self) -> int:
        """What fell due: the denominator of ``on_time_of_due``."""
        return self.on_time_of_due.denominator

    def add(self, group: dict[str, Any]) -> None:
        count = group["n"]
        self.total += count
        self.cells[group["cell"]] += count
        self.standings[group["standing"]] += count
        if group["standing"] == Standing.LATE:
            self._see(_day(group["oldest"]), None)
        self._see(None, _day(group["newest"]))

    def join(self, other: "Row") -> None:
        """Count in what another line counts."""
        self.total += other.total
        self.cells.update(other.cells)
        self.standings.update(other.standings)
        self._see(other.oldest_overdue, other.last_progress)

    def _see(self, overdue: dt.date | None, progress: dt.date | None) -> None:
        self.oldest_overdue = min(filter(None, (self.oldest_overdue, overdue)), default=None)
        self.last_progress = max(filter(None, (self.last_progress, progress)), default=None)

    def worst_days(self, as_of: dt.date) -> int:
        """Days since the oldest deadline that was missed; 0 when nothing is overdue."""
        return (as_of - self.oldest_overdue).days if self.oldest_overdue else 0


@dataclass(frozen=True)
class Table:
    """Rows and their sum; made only when everything adds up."""

    rows: list[Row]
    total: Row

    def __post_init__(self) -> None:
        for row in [*self.rows, self.total]:
            if row.done + row.open + row.cells[Cell.STOPPED] != row.total:
                raise CellsDoNotAddUp(row.name or "total")
        for name in [*CELLS, "total"]:
            cell = [row.total if name == "total" else row.cells[name] for row in [*self.rows, self.total]]
            if self.rows and sum(cell[:-1]) != cell[-1]:
                raise CellsDoNotAddUp(str(name))


class Counted(NamedTuple):
    """Lines and their bottom line as they were counted, before anybody has checked that they add up."""

    rows: list[Row]
    total: Row

    @property
    def table(self) -> Table | None:
        """The table, or None when its cells do not add up and it must not be printed."""
        try:
            return Table(self.rows, self.total)
        except CellsDoNotAddUp:
            return None


def by_field(scope: Scope) -> Table:
    """Directives by field of work, in the fields' own order. Raises CellsDoNotAddUp."""
    return Table(*count_by_field(scope))


def by_agency(scope: Scope) -> Table:
    """Assignments by agency, most overdue first. Raises CellsDoNotAddUp."""
    return Table(*count_by_agency(scope))


def count_by_field(scope: Scope, groups: Iterable[dict[str, Any]] | None = None) -> Counted:
    """``groups`` are those of ``field_groups``; one query where nobody has brought them."""
    rows, total = _count(_field_groups(scope) if groups is None else groups, Field)
    return Counted(sorted(rows, key=lambda row: (row.place, row.key)), total)


def count_by_agency(scope: Scope, groups: Iterable[dict[str, Any]] | None = None) -> Counted:
    """``groups`` are those of ``agency_groups``; one query where nobody has brought them."""
    rows, total = _count(_agency_groups(scope) if groups is None else groups, Agency)
    return Counted(sorted(rows, key=lambda row: (-row.late, -row.total, row.place)), total)


def field_groups(scope: Scope) -> ArraySubquery:
    """What ``count_by_field`` counts, as one value that another query can bring along."""
    return ArraySubquery(_field_groups(scope))


def agency_groups(scope: Scope) -> ArraySubquery:
    """What ``count_by_agency`` counts, as one value that another query can bring along."""
    return ArraySubquery(_agency_groups(scope))


def standing_counts(rows: Any) -> dict[str, int]:
    """How many of these annotated rows stand where; every standing is there, also with 0."""
    counted = dict(rows.order_by().values_list("standing").annotate(n=Count("*")))
    return {standing.value: counted.get(standing.value, 0) for standing in STANDINGS}


def late_count(scope: Scope) -> int:
    """Overdue directives."""
    return late_directives(scope).count()


def late_directives(scope: Scope) -> Any:
    """The overdue directives themselves."""
    return scope.directives().filter(standing=Standing.LATE)


def _field_groups(scope: Scope) -> Any:
    return _groups(scope.directives(), "field", ["position"])


def _agency_groups(scope: Scope) -> Any:
    return _groups(scope.assignments(), "agency", ["bloc", "short_name", "sort_key"])


def _groups(rows: Any, link: str, more: list[str]) -> Any:
    """The rows counted by line, standing and cell; each group also has what its line's name and place are made of."""
    columns = {name: f"{link}__{name}" for name in ["id", "code", "name", "name_en", *more]}
    measured = {"n": Count("*"), "oldest": Min("due_then"), "newest": Max("progress_on")}
    found = JSONObject(line=JSONObject(**columns), standing="standing", cell="cell", **measured)
    groups = rows.order_by().values(*columns.values(), "standing", "cell").annotate(group=found)
    return groups.values_list("group", flat=True)


def _count(groups: Iterable[dict[str, Any]], noun: type[Field] | type[Agency]) -> Counted:
    lines: dict[Any, Row] = {}
    total = Row()
    for group in groups:
        line = group["line"]
        if line["id"] not in lines:
            lines[line["id"]] = _line(line, noun)
        lines[line["id"]].add(group)
        total.add(group)
    return Counted(list(lines.values()), total)


def _line(line: dict[str, Any], noun: type[Field] | type[Agency]) -> Row:
    named = noun(**{name: value for name, value in line.items() if name != "sort_key"})
    place = line["position"] if noun is Field else line["sort_key"]
    return Row(key=line["id"], code=line["code"], name=named.label, bloc=line.get("bloc", ""), place=place)


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
