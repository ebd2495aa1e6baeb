"""Places on lists of named bodies: what each list asks for, how far one body is on it, what it still lacks."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tracker.figures.coverage import BodyRow, Coverage
from tracker.figures.criteria import Cell, Criterion, Figures, kind_of, newest_figures
from tracker.models import BodyState, Indicator


@dataclass(frozen=True)
class Block:
    """The columns of one list: what it counts, how far it is as a whole, its criteria."""

    indicator: Indicator
    coverage: Coverage
    criteria: list[Criterion]
    due_on: dt.date | None

    @property
    def label(self) -> str:
        return capfirst(self.indicator.short_label)

    @property
    def width(self) -> int:
        """Columns: the criteria; a list without any has its state."""
        return len(self.criteria) or 1

    @property
    def in_sentence(self) -> str:
        """The name inside a sentence: “còn chữ ký số”; what begins with capitals is an abbreviation and keeps them."""
        label = self.label
        return label if label[1:2].isupper() else label[:1].lower() + label[1:]


@dataclass(frozen=True)
class Place:
    """Where one body stands on one list; ``body`` is None when the list does not count it."""

    block: Block
    body: BodyRow | None
    cells: list[Cell]

    @property
    def is_in_use(self) -> bool:
        return self.body is not None and self.body.is_in_use

    @property
    def is_missing(self) -> bool:
        return self.body is not None and self.body.is_missing

    @property
    def lack(self) -> str:
        """What the body still has to do, for the one who urges it."""
        open_cells = [cell.lack for cell in self.cells if not cell.is_met]
        if not open_cells:
            begun = self.body is not None and self.body.state == BodyState.IN_PROGRESS
            open_cells = [_("under way, not confirmed as in use") if begun else _("not in use")]
        return f"{self.block.label}: {'; '.join(open_cells)}"


@dataclass(frozen=True)
class Places:
    """Some lists with the newest figures of the bodies that they count."""

    blocks: list[Block]
    figures: Figures

    def of(self, agency: int) -> list[Place]:
        """Where one body stands on each of the lists."""
        return [self._place(block, agency) for block in self.blocks]

    def _place(self, block: Block, agency: int) -> Place:
        body = next((row for row in block.coverage.bodies if row.agency.pk == agency), None)
        cells = [Cell(one, self.figures.get((one.indicator.pk, agency))) for one in block.criteria]
        return Place(block, body, cells)


def load_places(
    lists: list[Any], found: dict[int, Coverage], indicators: Iterable[Any], day: dt.date
) -> Places:
    """The lists with their criteria, which are among ``indicators``, as of a day; ``found`` has their coverage."""
    entered = [one for one in indicators if one.rule == Indicator.Rule.PARTS]
    criteria = {
        one.pk: sorted(
            (child for child in entered if child.parent_id == one.pk),
            key=lambda child: (child.position, child.pk),
        )
        for one in lists
    }
    figures = newest_figures([one for own in criteria.values() for one in own], day)
    blocks = [
        Block(
            one,
            found[one.pk],
            [Criterion(each, each.target_on(day), kind_of(each, figures)) for each in criteria[one.pk]],
            _due_on(one, day),
        )
        for one in lists
    ]
    return Places(blocks, figures)


def _due_on(indicator: Indicator, day: dt.date) -> dt.date | None:
    target = indicator.target_on(day)
    return target.due_on if target else None
