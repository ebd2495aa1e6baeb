"""The lines of the official table as they are printed: by field, or by agency under the sums of the blocs."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tracker.figures.counting import count_together
from tracker.figures.punctuality import beside
from tracker.figures.register import Counted, Row, agency_groups, count_by_agency
from tracker.figures.scope import Scope
from tracker.models import Agency


class Kind(StrEnum):
    """What a line stands for."""

    FIELD = "field"
    BLOC = "bloc"
    AGENCY = "agency"
    TOTAL = "total"


@dataclass(frozen=True)
class Line:
    """One line by the current and by the original deadlines; ``query`` is what opens its numbers in the list."""

    kind: Kind
    row: Row
    original: Row
    query: dict[str, str] = field(default_factory=dict)

    @property
    def is_bloc(self) -> bool:
        return self.kind == Kind.BLOC

    @property
    def is_agency(self) -> bool:
        return self.kind == Kind.AGENCY


def field_lines(fields: Counted, originals: Counted) -> list[Line]:
    """A line for each field of work, and their sum."""
    lines = [Line(Kind.FIELD, row, original, {"lv": row.code}) for row, original in beside(fields, originals)]
    return [*lines, Line(Kind.TOTAL, fields.total, originals.total)]


def agency_lines(agencies: Counted, originals: Counted, shown: Collection[int] | None = None) -> list[Line]:
    """A line for each bloc with its agencies below, what is most overdue first; and the sum of the blocs.

    ``shown`` are the keys of the agencies to be printed; their bloc sums up all.
    """
    pairs = beside(agencies, originals)
    blocs = [_under(bloc, [pair for pair in pairs if pair[0].bloc == bloc]) for bloc in Agency.Bloc]
    lines: list[Line] = []
    for bloc in sorted(blocs, key=lambda found: (-found[0].row.late, -found[0].row.total)):
        head, *below = bloc
        if below:
            lines += [head, *(line for line in below if shown is None or line.row.key in shown)]
    return [*lines, Line(Kind.TOTAL, agencies.total, originals.total)]


def all_agencies(scope: Scope, along: dict[str, Any]) -> tuple[Counted, Counted, dict[str, int]]:
    """Assignments by agency by the current and by the original deadlines; ``along`` is counted in the same query."""
    original = scope.against_original()
    found = count_together(
        scope.user,
        current_groups=agency_groups(scope),
        original_groups=agency_groups(original),
        **{f"along_{name}": rows for name, rows in along.items()},
    )
    return (
        count_by_agency(scope, found["current_groups"]),
        count_by_agency(original, found["original_groups"]),
        {name: found[f"along_{name}"] for name in along},
    )


def _under(bloc: Agency.Bloc, pairs: Iterable[tuple[Row, Row]]) -> list[Line]:
    """The line of a bloc, and those of its agencies."""
    head = Line(Kind.BLOC, Row(name=str(bloc.label)), Row(), {"khoi": bloc.value})
    lines = [head]
    for row, original in pairs:
        head.row.join(row)
        head.original.join(original)
        lines.append(Line(Kind.AGENCY, row, original, {"cq": row.code}))
    return lines
