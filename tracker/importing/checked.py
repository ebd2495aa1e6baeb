"""What is known of one row of an import: what it says, what it is in the register, what writing it would change."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from tracker.appendices import Doubt, Role, Row
from tracker.models import Directive, DirectiveSource, Field, ImportRow, Indicator, User

Outcome = ImportRow.Outcome


@dataclass(frozen=True)
class Difference:
    """A cell that says something else than the register. ``by_hand``: why the import does not change it itself."""

    role: Role
    old: str
    new: str
    changes: dict[str, Any] = dataclasses.field(default_factory=dict)
    by_hand: str = ""
    url: str = ""


@dataclass
class Checked:
    """One row with what it means now; nothing of it is stored."""

    row: ImportRow
    read: Row
    parent: "Checked | None" = None
    joined_to: "Checked | None" = None
    field: Field | None = None
    officer: User | None = None
    match: Directive | Indicator | None = None
    source: DirectiveSource | None = None
    cites: bool = False
    """The document of the import becomes one more source of the matching directive."""
    target: dict[str, Any] = dataclasses.field(default_factory=dict)
    """For an indicator: the values of the target that would be set; empty when it stands already."""
    differences: list[Difference] = dataclasses.field(default_factory=list)
    doubts: list[Doubt] = dataclasses.field(default_factory=list)
    left_out: str = ""
    """Why the row is not imported, in one sentence; empty when it is."""

    @property
    def is_work(self) -> bool:
        return not self.left_out

    @property
    def is_problem(self) -> bool:
        return self.is_work and any(doubt.must for doubt in self.doubts)

    @property
    def is_doubtful(self) -> bool:
        if not self.is_work or self.is_problem:
            return False
        return bool(self.doubts) or any(difference.by_hand for difference in self.differences)

    @property
    def is_written(self) -> bool:
        return self.is_work and not self.is_problem

    @property
    def changes(self) -> dict[str, Any]:
        """What the import itself changes on the record."""
        found: dict[str, Any] = {}
        for difference in self.differences:
            found |= difference.changes
        return found

    @property
    def outcome(self) -> str:
        """What writing this row does to the register."""
        if not self.is_written:
            return Outcome.SKIPPED
        if self.match is None:
            return Outcome.CREATED
        return Outcome.UPDATED if self.changes or self.cites or self.target else Outcome.UNCHANGED

    @property
    def reason(self) -> str:
        """Why the row is left out: a choice, its class, or the first thing that must be settled."""
        return self.left_out or next((doubt.sentence for doubt in self.doubts if doubt.must), "")
