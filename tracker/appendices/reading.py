"""What the reader of appendices takes in and gives back: tables of text, and rows with what they mean."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy

from tracker.appendices.directory import Bodies
from tracker.vietnamese.deadlines import Deadline

Role = str
"""What a column holds: one of ``ROLES``, or "" for a column that is not read."""

ROLES: tuple[Role, ...] = (
    "index",
    "code",
    "content",
    "lead",
    "coordinate",
    "deadline",
    "product",
    "note",
    "source_up",
    "source_party",
    "watcher",
    "field",
    "unit",
    "target",
)
"""The columns of official appendices: Decree 30/2020/NĐ-CP leaves them free, offices print these."""


class Kind(StrEnum):
    """Which of the two official appendices it is: of tasks (nhiệm vụ) or of indicators (chỉ tiêu)."""

    DIRECTIVES = "directives"
    INDICATORS = "indicators"


class RowClass(StrEnum):
    """What a line of a table is.

    A section's heading, a task or an indicator, a part of one, the rest of a text above, or nothing that counts
    (titles, repeated heads, totals, signatures).
    """

    HEADING = "heading"
    TASK = "task"
    SUB_ITEM = "sub_item"
    CONTINUATION = "continuation"
    NOISE = "noise"


class Unreadable(Exception):
    """The file cannot be read. ``sentence`` says to the user why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


FOR_READING = gettext_lazy("This list is for reading; it is not imported.")
"""What an export of ours says of itself that is neither directives nor indicators."""


@dataclass(frozen=True)
class Table:
    """A table as printed. Text merged across stands in its first cell, text merged down in each row."""

    title: str
    rows: list[list[str]]


@dataclass(frozen=True)
class Doubt:
    """Something a person should look at (or ``must`` settle). ``fix`` is the text to put into the cell of ``role``."""

    code: str
    role: Role
    must: bool
    sentence: str
    fix_label: str = ""
    fix: str | None = None


@dataclass(frozen=True)
class TargetReading:
    """What an indicator must reach: ``operator`` is eq, ge, gt, le, lt, range or all; "" when there are only ``words``.

    ``value`` and ``upper`` are in ``unit``, the one of the indicator.
    """

    operator: str
    value: Decimal | None = None
    upper: Decimal | None = None
    unit: str = ""
    words: str = ""
    is_bare: bool = False
    """The number is printed without a bound; ``operator`` is then that of an indicator that shall rise."""


@dataclass(frozen=True)
class Row:
    """One line: ``cells`` as printed, by role, and what they mean.

    ``number`` is its line, from 1 over all tables. ``text`` is the content in one line, with what continues it below.
    ``parent`` is the number of the row that a sub-item or a continuation belongs to.
    """

    number: int
    table: int
    row_class: RowClass
    cells: dict[Role, str]
    index: str = ""
    text: str = ""
    parent: int | None = None
    heading: str = ""
    leads: Bodies = field(default_factory=Bodies)
    cooperating: Bodies = field(default_factory=Bodies)
    deadline: Deadline = field(default_factory=lambda: Deadline("none"))
    target: TargetReading | None = None
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_work(self) -> bool:
        """A task, an indicator or a part of one: what is entered into the register."""
        return self.row_class in {RowClass.TASK, RowClass.SUB_ITEM}

    def as_json(self) -> dict[str, Any]:
        target = self.target
        return {
            "number": self.number,
            "table": self.table,
            "class": self.row_class.value,
            "index": self.index,
            "text": self.text,
            "parent": self.parent,
            "heading": self.heading,
            "leads": [body.code for body in self.leads.found],
            "cooperating": [body.code for body in self.cooperating.found],
            "deadline": {
                "kind": self.deadline.kind,
                "due_on": self.deadline.due_on and self.deadline.due_on.isoformat(),
                "rule": self.deadline.rule,
                "question": self.deadline.question,
            },
            "target": target
            and {
                "operator": target.operator,
                "value": None if target.value is None else str(target.value),
                "upper": None if target.upper is None else str(target.upper),
                "unit": target.unit,
                "words": target.words,
            },
            "doubts": [
                {"code": doubt.code, "role": doubt.role, "must": doubt.must, "sentence": doubt.sentence}
                | ({} if doubt.fix is None else {"fix": doubt.fix})
                for doubt in self.doubts
            ],
        }


@dataclass(frozen=True)
class Reading:
    """A whole appendix as it was read: by table the role of each column, and the rows in their order."""

    kind: Kind
    year: int
    columns: list[list[Role]]
    rows: list[Row] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows there are of each class."""
        found: Mapping[str, int] = Counter(row.row_class.value for row in self.rows)
        return {row_class.value: found.get(row_class.value, 0) for row_class in RowClass}

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "year": self.year,
            "columns": self.columns,
            "counts": self.counts,
            "rows": [row.as_json() for row in self.rows],
        }
