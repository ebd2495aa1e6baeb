"""The adoption matrix: named bodies × what each has to bring into use, with the figures that say how far it is."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from tracker.figures.coverage import BodyRow, Coverage, coverages, grouped
from tracker.figures.criteria import Cell
from tracker.figures.places import Block, Place, load_places
from tracker.judgement import needed_rate, project_coverage
from tracker.models import (
    Agency,
    Directive,
    Indicator,
    Measurement,
    ProgressReport,
    ReportingPeriod,
    ReportStatus,
    Target,
    User,
)
from tracker.vietnamese.quantities import format_quantity

Rule = Indicator.Rule


@dataclass(frozen=True)
class Row:
    """One body of the matrix. ``verdict``: met, partial, none or exempt."""

    agency: Agency
    overall: BodyRow
    places: list[Place]
    has_reported: bool

    @property
    def is_missing(self) -> bool:
        return self.overall.is_missing

    @property
    def is_silent(self) -> bool:
        """Has reported nothing for the period in hand though it should have."""
        return not self.has_reported and not self.overall.is_exempt

    @property
    def verdict(self) -> str:
        if self.overall.is_exempt:
            return "exempt"
        if self.overall.is_in_use:
            return "met"
        return "partial" if any(place.is_in_use for place in self.places) else "none"

    @property
    def words(self) -> str:
        """The verdict as people say it: “Đạt cả hai”, “Còn chữ ký số”, “Chưa đạt”, “Miễn”."""
        if self.verdict == "exempt":
            return _("Exempt")
        if self.verdict == "none":
            return _("Not reached")
        if self.verdict == "partial":
            names = [place.block.in_sentence for place in self.places if place.is_missing]
            return _("Still missing: %(names)s") % {"names": _(" and ").join(names)}
        excused = [place.block.in_sentence for place in self.places if place.body and place.body.is_exempt]
        if excused:
            return _("Reached (exempt: %(names)s)") % {"names": ", ".join(excused)}
        if len(self.places) == 2:
            return _("Both reached")
        return _("Reached") if len(self.places) == 1 else _("All reached")

    @property
    def updated_on(self) -> dt.date | None:
        """The day of its newest confirmed figure or of its newest mark on a list."""
        days = [cell.figure.as_of_on for place in self.places for cell in place.cells if cell.figure]
        days += [place.body.mark.since_on for place in self.places if place.body and place.body.mark]
        return max(days, default=None)


@dataclass(frozen=True)
class Pace:
    """Bodies a week: what the days left ask for and what the last four weeks brought."""

    needed: Decimal | None
    present: Decimal | None


@dataclass
class Matrix:
    """The matrix of one subject for one reader on one day; a body that is not the department sees its own row only."""

    subject: Indicator
    day: dt.date
    period: ReportingPeriod
    coverage: Coverage
    blocks: list[Block]
    rows: list[Row]
    due_on: dt.date | None = None
    target: Target | None = None
    directives: list[Directive] = field(default_factory=list)
    is_past: bool = False

    FILTERS = ("dat", "chua-dat", "chua-noi-dung-nao", "chua-bao-cao", "mien")

    @property
    def width(self) -> int:
        """Columns of the table: the body, those of the lists, verdict, day."""
        return 3 + sum(block.width for block in self.blocks)

    @property
    def den_query(self) -> str:
        """The end of an address that keeps the day, so that a number opens its own rows."""
        return f"&den={self.day:%d/%m/%Y}" if self.is_past else ""

    @property
    def is_suggested(self) -> bool:
        return self.coverage.is_suggested

    @property
    def goal(self) -> str:
        """“26/26 cơ quan đạt cả hai nội dung”; a target below everybody says its share."""
        whole, target = self.coverage.in_scope, self.target
        if target and target.operator != Target.Operator.ALL and target.value and target.value < 100:
            who = _("%(share)s%% of the agencies") % {"share": f"≥ {format_quantity(target.value)}"}
        else:
            who = _("%(n)s/%(n)s agencies") % {"n": whole}
        count = len(self.blocks)
        if count == 1:
            return _("%(who)s in use") % {"who": who}
        if count == 2:
            return _("%(who)s reach both contents") % {"who": who}
        return _("%(who)s reach all %(count)s contents") % {"who": who, "count": count}

    def chosen(self, wanted: str) -> list[Row]:
        """The rows of a filter: every number above the table is the length of one of these lists."""
        if wanted.startswith("dat-"):
            return [
                row
                for row in self.rows
                if any(one.is_in_use for one in self._on(row, wanted.removeprefix("dat-")))
            ]
        return [row for row in self.rows if self._passes(row, wanted)]

    def _on(self, row: Row, code: str) -> Iterator[Place]:
        return (place for place in row.places if place.block.indicator.code == code)

    def _passes(self, row: Row, wanted: str) -> bool:
        return {
            "": True,
            "dat": row.verdict == "met",
            "chua-dat": row.is_missing,
            "chua-noi-dung-nao": row.verdict == "none",
            "chua-bao-cao": row.is_silent,
            "mien": row.verdict == "exempt",
        }[wanted]

    @property
    def missing(self) -> list[Row]:
        return self.chosen("chua-dat")

    @property
    def none_reached(self) -> int:
        return len(self.chosen("chua-noi-dung-nao"))

    @property
    def chips(self) -> list[tuple[str, str, int]]:
        """The filters above the table: name in the address, words, rows."""
        words = {
            "": _("All"),
            "chua-dat": _("Not reached"),
            "chua-noi-dung-nao": _("None of them reached"),
            "chua-bao-cao": _("Nothing reported for %(period)s:") % {"period": self.period_name},
            "mien": _("Exempt"),
        }
        if len(self.blocks) == 1:
            del words["chua-noi-dung-nao"]
        chips = [(name, label, len(self.chosen(name))) for name, label in words.items()]
        return [chip for chip in chips if chip[2] or chip[0] != "mien"]

    @property
    def period_name(self) -> str:
        label = self.period.short_label
        return label[:1].lower() + label[1:]

    def grouped(self, wanted: str = "") -> list[tuple[str, list[Row]]]:
        return grouped(self.chosen(wanted))

    @property
    def pace(self) -> Pace | None:
        """None when nobody is missing or no deadline is known."""
        if not self.missing or self.due_on is None:
            return None
        whole, days_left = self.coverage.in_scope, (self.due_on - self.day).days
        forecast = project_coverage(self.coverage.adopted_on, self.day, self.due_on, whole)
        return Pace(
            needed=needed_rate(Decimal(whole), Decimal(self.coverage.in_use), Decimal(days_left) / 7),
            present=forecast.parts["pace"] if forecast else None,
        )

    @property
    def roles(self) -> set[str]:
        """Whose figures the cells show (own, verified, published)."""
        return {cell.figure.role for cell in self._cells() if cell.figure}

    @property
    def has_self_reported(self) -> bool:
        return any(cell.figure and cell.figure.is_self_reported for cell in self._cells())

    def _cells(self) -> Iterator[Cell]:
        return (cell for row in self.rows for place in row.places for cell in place.cells)


@dataclass(frozen=True)
class Choice:
    """What a matrix can be about: one list, or several under one indicator that asks for all of them."""

    indicator: Indicator
    lists: list[Indicator]


def counted_lists(user: User) -> Any:
    """The indicators counted from a list of bodies that a person sees."""
    return Indicator.objects.in_use().visible_to(user).filter(rule=Rule.ROSTER).order_by()


class Tree:
    """The lists that a person sees with what stands above and below them; two queries."""

    def __init__(self, user: User) -> None:
        seen = counted_lists(user)
        above = Indicator.objects.in_use().filter(rule=Rule.ALL_CHILDREN, children__in=seen.values("pk"))
        directives = Directive.objects.visible_to(user).filter(pk=OuterRef("directive"))
        wanted = (
            Q(pk__in=seen.values("pk"))
            | Q(parent__in=seen.values("pk"))
            | Q(pk__in=above.order_by().values("pk"))
            | Q(parent__in=above.order_by().values("pk"))
        )
        rows = Indicator.objects.in_use().filter(wanted).annotate(sees_directive=Exists(directives))
        self.user = user
        self.all: list[Any] = list(rows.select_related("directive").prefetch_related("targets"))
        self.lists = [one for one in self.all if one.rule == Rule.ROSTER]

    def below(self, indicator: Indicator) -> list[Any]:
        return [one for one in self.all if one.parent_id == indicator.pk]

    @cached_property
    def choices(self) -> list[Choice]:
        """Several lists under one indicator first, then those that stand alone."""
        parents = [one for one in self.all if one.rule == Rule.ALL_CHILDREN]
        together = [
            Choice(one, below)
            for one in parents
            if (below := self.below(one)) and all(child.rule == Rule.ROSTER for child in below)
        ]
        held = {one.pk for choice in together for one in choice.lists}
        return together + [Choice(one, [one]) for one in self.lists if one.pk not in held]

    def find(self, code: str) -> Choice | None:
        """The choice of this code; a list below another indicator can be asked for alone too."""
        alone = (Choice(one, [one]) for one in self.lists)
        return next((one for one in (*self.choices, *alone) if one.indicator.code == code), None)


def matrix(tree: Tree, choice: Choice, day: dt.date, today: dt.date) -> Matrix:
    """Everything that the page shows, in a fixed number of queries."""
    found = coverages([choice.indicator, *choice.lists], day, children=choice.lists)
    overall = found[choice.indicator.pk]
    places = load_places(choice.lists, found, tree.all, day)
    user = tree.user
    bodies = [row for row in overall.bodies if user.sees_everything or row.agency.pk == user.agency_id]
    period = ReportingPeriod.in_hand(day)
    reported = _reported(places.blocks, period.starts_on, day)
    due = [block.due_on for block in places.blocks if block.due_on]
    target = choice.indicator.target_on(day)
    return Matrix(
        subject=choice.indicator,
        day=day,
        period=period,
        coverage=overall,
        blocks=places.blocks,
        rows=[
            Row(body.agency, body, places.of(body.agency.pk), body.agency.pk in reported) for body in bodies
        ],
        due_on=target.due_on if target else max(due, default=None),
        target=target,
        directives=_directives([choice.indicator, *choice.lists]),
        is_past=day < today,
    )


def _reported(blocks: list[Block], start: dt.date, day: dt.date) -> set[int]:
    """The agencies that have handed in a figure or a report as of a day since ``start``, reviewed or not."""
    handed_in = {
        "as_of_on__range": (start, day),
        "status__in": [ReportStatus.SUBMITTED, ReportStatus.CONFIRMED],
    }
    entered = [one.indicator.pk for block in blocks for one in block.criteria]
    figures = Measurement.objects.filter(indicator__in=entered, part__agency=OuterRef("pk"), **handed_in)
    directives = [block.indicator.directive_id for block in blocks if block.indicator.directive_id]
    reports = ProgressReport.objects.filter(
        assignment__directive__in=directives, assignment__agency=OuterRef("pk"), **handed_in
    )
    return set(Agency.objects.filter(Exists(figures) | Exists(reports)).values_list("pk", flat=True))


def _directives(indicators: Iterable[Any]) -> list[Directive]:
    seen: dict[int, Directive] = {}
    for one in indicators:
        if one.directive_id and one.sees_directive:
            seen[one.directive_id] = one.directive
    return list(seen.values())
