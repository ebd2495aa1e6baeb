"""The help page: who may do what, the steps of a directive's life, the official words, how to write dates."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.models import (
    NEXT,
    OPEN,
    Configuration,
    ExtensionStatus,
    ImportStatus,
    PaperStatus,
    PeriodStatus,
    ReportStatus,
    Status,
    StatusTerm,
    User,
)
from tracker.permissions import Line, Relation, Rule, printed_table
from tracker.vietnamese.deadlines import read_deadline

PRINTED_DEADLINES = ["hết quý II", "trước 30/6/2020", "Tháng 10/2020", "12/2020", "Hằng năm", "Thường xuyên"]
"""As documents write them; what the product makes of each is shown beside it."""


@require_safe
def help(request: HttpRequest) -> HttpResponse:
    """For everybody, with the reader's own role first."""
    context = {
        "roles": User.Role,
        "rows": [_row(line) for line in printed_table()],
        "mine": User.Role.values.index(request.user.role),
        "steps": [
            (Status(status).label, [Status(to).label for to in _sorted(NEXT[status])]) for status in _LIFE
        ],
        "terms": StatusTerm.objects.filter(official_use="yes").order_by("axis", "pk"),
        "deadlines": [_example(text, clock.today().year) for text in PRINTED_DEADLINES],
        "support": Configuration.current().support,
    }
    return render(request, "help/help.html", context)


@dataclass(frozen=True)
class Cell:
    """What the table says of one role: allowed or not, to which records, in which states if roles differ."""

    is_allowed: bool
    relation: str = ""
    states: str = ""


@dataclass(frozen=True)
class Row:
    """One act: in which states it is possible, and a cell for each role."""

    act: Any
    states: str
    cells: list[Cell]


def _row(line: Line) -> Row:
    kinds = {rule.states for rule in line.rules if rule}
    common = in_words(line.act, kinds.pop()) if len(kinds) == 1 else ""
    return Row(line.act, common, [_cell(rule, has_own_states=not common) for rule in line.rules])


def _cell(rule: Rule | None, *, has_own_states: bool) -> Cell:
    if rule is None:
        return Cell(is_allowed=False)
    relation = "" if rule.relation == Relation.ANY else str(rule.relation.label)
    return Cell(True, relation, in_words(rule.act, rule.states) if has_own_states else "")


def in_words(act: str, states: frozenset[str]) -> str:
    """The states of a rule as people read them; "" for any."""
    if not states:
        return ""
    if states == OPEN:
        return _("as long as it is open")
    if states == OPEN - {Status.UNASSIGNED}:
        return _("assigned and open")
    kinds: tuple[Any, ...] = (ReportStatus, ExtensionStatus, PeriodStatus, ImportStatus, Status)
    if act.endswith("_paper"):  # official reports share some words of progress reports
        kinds = (PaperStatus,)
    kind = next(kind for kind in kinds if states <= set(kind.values))
    return ", ".join(str(kind(state).label).lower() for state in kind.values if state in states)


_LIFE = [status for status in Status if status != Status.WITHDRAWN]


def _sorted(states: set[Status]) -> list[Status]:
    return [status for status in Status if status in states]


def _example(text: str, year: int) -> tuple[str, Any, str]:
    read = read_deadline(text, year)
    return text, read.due_on, read.rule or read.question
