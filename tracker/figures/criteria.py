"""What a body has to show before it counts as in use: its newest figures beside what is asked for."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tracker.models import Indicator, Measurement, Target
from tracker.target_charts import heat_step
from tracker.vietnamese.quantities import format_quantity

MOST_COUNTED_ONE_BY_ONE = 20
"""Up to this many things “2/3” says more than a share; a body has few leaders and many documents."""

Figures = dict[tuple[int, int], Any]
"""(indicator, agency) → the newest confirmed figure."""


@dataclass(frozen=True)
class Criterion:
    """A column: one figure that each body gives, with the target that it must reach (none: only informative)."""

    indicator: Indicator
    target: Target | None
    kind: str

    @property
    def label(self) -> str:
        return self.indicator.label

    @property
    def head(self) -> str:
        """For the head of a narrow column."""
        return capfirst(self.indicator.short_label)

    @property
    def needs(self) -> str:
        """What is asked for, in words; “” where any figure will do."""
        if self.target is None or self.target.value is None or self.kind == "yes_no":
            return ""
        value = format_quantity(self.target.value) + self._unit
        return _("needs %(target)s") % {"target": f"{self._sign}{value}"}

    @property
    def _sign(self) -> str:
        if self.target is None or (self._unit == "%" and self.target.value == 100):
            return ""
        return {"ge": "≥ ", "gt": "> ", "le": "≤ ", "lt": "< "}.get(self.target.operator, "")

    @property
    def _unit(self) -> str:
        if self.indicator.is_percent or self.indicator.is_ratio:
            return "%"
        return f" {self.indicator.unit_label}" if self.indicator.unit_label else ""

    def in_words(self, figure: Any) -> str:
        if figure is None or figure.value is None:
            return _("no figure yet")
        if self.kind == "yes_no":
            return _("yes") if figure.value else _("not yet")
        if self.kind == "fraction" and figure.denominator:
            return f"{format_quantity(figure.numerator)}/{format_quantity(figure.denominator)}"
        return f"{format_quantity(round(figure.value, 1))}{self._unit}"


@dataclass(frozen=True)
class Cell:
    """One body's newest confirmed figure for a criterion; none when it has not reported one."""

    criterion: Criterion
    figure: Any

    @property
    def mark(self) -> str:
        """Whose figure is in use, where it is not the agency's own; the table's foot explains the sign."""
        return {"verified": "¹", "published": "²"}.get(self.figure.role, "") if self.figure else ""

    @property
    def step(self) -> str:
        """The heat of the cell."""
        return heat_step(self.figure.value) if self.figure else ""

    @property
    def is_met(self) -> bool:
        target = self.criterion.target
        return target is None or (self.figure is not None and target.is_met_by(self.figure.value))

    @property
    def lack(self) -> str:
        words = f"{self.criterion.label}: {self.criterion.in_words(self.figure)}"
        return f"{words} ({self.criterion.needs})" if self.criterion.needs else words


def newest_figures(criteria: Iterable[Indicator], day: dt.date) -> Figures:
    """(indicator, agency) → the newest confirmed figure as of a day not after this one."""
    in_force = Measurement.objects.filter(
        indicator__in=[one.pk for one in criteria], part__agency__isnull=False, as_of_on__lte=day
    ).in_force()
    rows = Measurement.objects.filter(pk__in=in_force.values("pk")).select_related("indicator", "part")
    newest = rows.order_by("indicator_id", "part__agency_id", "-as_of_on", "-pk")
    found: Iterable[Any] = newest.distinct("indicator_id", "part__agency_id")
    return {(figure.indicator_id, figure.part.agency_id): figure for figure in found}


def kind_of(indicator: Indicator, figures: Figures) -> str:
    """How the column is shown: yes_no, fraction (few things, “2/3”), percent, number."""
    if indicator.value_kind == Indicator.ValueKind.YES_NO:
        return "yes_no"
    if indicator.is_ratio:
        wholes = [one.denominator or 0 for (key, _agency), one in figures.items() if key == indicator.pk]
        return "fraction" if wholes and max(wholes) <= MOST_COUNTED_ONE_BY_ONE else "percent"
    return "percent" if indicator.is_percent else "number"
