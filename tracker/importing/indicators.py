"""Which indicator a row is: by its code, else by source document, printed number and name; and what it must reach."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from tracker.appendices import Doubt, TargetReading
from tracker.importing.checked import Checked, Difference
from tracker.importing.differences import (
    Earlier,
    Says,
    field_difference,
    one_line,
    settle_what_stands,
    text_difference,
)
from tracker.importing.directives import code_of, identity
from tracker.models import Import, ImportRow, Indicator, Target
from tracker.models.search import ViFold
from tracker.vietnamese.quantities import format_quantity
from tracker.vietnamese.text import fold

_MOST = Indicator._meta.get_field("name").max_length


def match_indicators(batch: Import, rows: list[Checked]) -> None:
    """Find for each row the indicator that it already is, and what would change. Three queries, however many rows."""
    codes = [code for one in rows if (code := code_of(one))]
    names = [identity(one.read.text) for one in rows]
    known = Indicator.objects.in_use().annotate(folded=ViFold("name"))
    found = list(
        known.filter(Q(code__in=codes) | Q(folded__in=names))
        .select_related("field", "owner", "directive")
        .prefetch_related("targets", "measurements")
        .order_by("pk")
    )
    register = _Register(batch, found)
    for one in rows:
        register.match(one)
    earlier = Earlier.of(batch, indicators=[one.match.pk for one in rows if one.match])
    for one in rows:
        _judge(one, batch, earlier.get(one.match.pk) if one.match else None)


class _Register:
    """The indicators that rows of this import may be."""

    def __init__(self, batch: Import, found: list[Indicator]) -> None:
        self.batch, self.found = batch, found
        self.by_code = {indicator.code: indicator for indicator in found}
        self.seen: dict[tuple[str, str], Checked] = {}
        self.taken: set[int] = set()

    def match(self, one: Checked) -> None:
        name, number = identity(one.read.text), one.read.index[:20]
        if self.batch.document_id is None and not code_of(one):
            sentence = _("Choose the source document: a target has one.")
            one.doubts.append(Doubt("no_document", "content", True, sentence))
        if code := code_of(one):
            self._by_code(one, code)
        elif (number, name) in self.seen and name and one.row.choice != ImportRow.Choice.AS_NEW:
            above = self.seen[(number, name)]
            one.left_out = _("The same as row %(row)s.") % {"row": above.row.name}
            one.joined_to, one.doubts = above, []
        else:
            self._by_name(one, name, number)
        self.seen.setdefault((number, name), one)

    def _by_code(self, one: Checked, code: str) -> None:
        indicator = self.by_code.get(code)
        if indicator is None or indicator.pk in self.taken:
            sentence = _("There is no indicator %(code)s, or another row is it already.") % {"code": code}
            one.doubts.append(Doubt("unknown_code", "code", True, sentence, _("Import as a new one"), ""))
        else:
            self._take(one, indicator)

    def _by_name(self, one: Checked, name: str, number: str) -> None:
        same = [
            one_of for one_of in self.found if identity(one_of.name) == name and one_of.pk not in self.taken
        ]
        same.sort(
            key=lambda indicator: (not self._is_printed(indicator, number), not self._is_printed(indicator))
        )
        if not same:
            return
        nearest = same[0]
        if self._is_printed(nearest, number) or self._is_printed(nearest, ""):
            self._take(one, nearest)
        elif one.row.choice != ImportRow.Choice.AS_NEW:
            self._take(one, nearest)
            sentence = _("100%% like %(code)s, which is there already: its target is set by this document.")
            one.doubts.append(Doubt("like", "content", False, sentence % {"code": nearest.code}))

    def _is_printed(self, indicator: Indicator, number: str | None = None) -> bool:
        return any(
            target.document_id == self.batch.document_id is not None
            and (number is None or target.printed_number == number)
            for target in indicator.targets.all()
        )

    def _take(self, one: Checked, indicator: Indicator) -> None:
        self.taken.add(indicator.pk)
        one.match = indicator


def indicator_values(one: Checked) -> dict[str, Any]:
    """The row as the register writes an indicator."""
    reading = one.read.target or TargetReading("")
    unit = reading.unit or one_line(one.read.cells.get("unit", ""))
    folded = fold(unit)
    kind, direction = Indicator.ValueKind.NUMBER, Indicator.Direction.UP
    if unit.startswith("%") or folded.startswith("phan tram"):
        kind = Indicator.ValueKind.PERCENT
    elif "hang" in folded.split() or folded.startswith(("xep hang", "thu hang", "thu tu")):
        kind = Indicator.ValueKind.RANK
    elif "dong" in folded.split():
        kind = Indicator.ValueKind.MONEY
    elif reading.words and reading.value is None:
        kind = Indicator.ValueKind.WORDS
    if reading.operator in {"le", "lt"} or kind == Indicator.ValueKind.RANK:
        direction = Indicator.Direction.DOWN
    return {
        "name": one.read.text[:_MOST],
        "unit": unit[:60],
        "field": one.field,
        "value_kind": kind,
        "direction": direction,
        "owner_id": one.read.leads.found[0].pk if one.read.leads.found else None,
        "note": one.read.cells.get("note", "")[:2000],
    }


def target_values(one: Checked, batch: Import) -> dict[str, Any]:
    """The row as the register writes a target: without a day of its own it is due at the end of the year."""
    reading = one.read.target
    if reading is None:
        return {}
    printed = one_line(one.read.cells["target"])[:500]
    operator = Target.Operator.ALL if reading.operator == "all" else reading.operator or "ge"
    return {
        "due_on": one.read.deadline.due_on or dt.date(batch.year, 12, 31),
        "operator": operator,
        "value": reading.value,
        "upper": reading.upper,
        "words": (reading.words or printed) if reading.value is None else "",
        "printed": printed,
        "printed_number": one.read.index[:20],
        "document_id": batch.document_id,
    }


def _judge(one: Checked, batch: Import, earlier: dict[str, str] | None) -> None:
    """What writing the row would set; a bound against the indicator's direction cannot be written."""
    if one.left_out:
        return
    values = target_values(one, batch)
    if not values and one.match is None:
        one.doubts.append(Doubt("no_target", "target", True, _("What is to be reached is missing.")))
    known = one.match if isinstance(one.match, Indicator) else None
    direction = known.direction if known else indicator_values(one)["direction"]
    if one.read.target and one.read.target.is_bare:
        values["operator"] = "le" if direction == Indicator.Direction.DOWN else "ge"
    if not isinstance(one.match, Indicator):
        one.target = values
    else:
        owner = one.match.owner.name if one.match.owner else ""
        settle_what_stands(
            one, {"content": one.match.name, "lead": owner, "unit": one.match.unit, "note": one.match.note}
        )
        says = Says(one, earlier)
        new = indicator_values(one)
        found = [
            _name(one.match, new) if says.something("content") else None,
            _unit(one.match, new) if says.something("unit") else None,
            _owner(one, one.match) if says.something("lead") else None,
            field_difference(one, one.match) if says.something("field") else None,
            text_difference("note", one.match, "note", new) if says.something("note") else None,
        ]
        one.differences = [difference for difference in found if difference]
        if values and (says.something("target") or says.something("deadline") or earlier is None):
            _compare_target(one, one.match, values)
    against = {"up": {"le", "lt"}, "down": {"ge", "gt"}}
    if one.target and values["value"] is not None and values["operator"] in against.get(direction, set()):
        sentence = _("This bound goes against the direction in which the indicator improves.")
        one.doubts.append(Doubt("against", "target", True, sentence))


def _compare_target(one: Checked, indicator: Indicator, values: dict[str, Any]) -> None:
    stands = [target for target in indicator.targets.all() if target.due_on == values["due_on"]]
    last = max(stands, key=lambda target: target.revision) if stands else None
    same = ("operator", "value", "upper", "words")
    if last and (
        all(getattr(last, name) == values[name] for name in same)
        or one_line(last.printed) == values["printed"]
    ):
        return
    one.target = values
    one.differences.append(Difference("target", shown_target(last) if last else "", values["printed"]))


def shown_target(target: Target) -> str:
    """A target as it was printed, else by its numbers."""
    if target.printed or target.words:
        return target.printed or target.words
    ends = [format_quantity(end) for end in (target.value, target.upper) if end is not None]
    return f"{target.get_operator_display()} {' – '.join(ends)}"


def _name(indicator: Indicator, new: dict[str, Any]) -> Difference | None:
    if one_line(indicator.name) == new["name"]:
        return None
    return Difference("content", indicator.name, new["name"], {"name": new["name"]})


def _unit(indicator: Indicator, new: dict[str, Any]) -> Difference | None:
    if not new["unit"] or one_line(indicator.unit) == new["unit"]:
        return None
    if indicator.measurements.all():
        why = _("Figures have been entered already: the unit stays, or the row becomes a new indicator.")
        return Difference("unit", indicator.unit, new["unit"], {}, why, indicator.get_absolute_url())
    return Difference("unit", indicator.unit, new["unit"], {"unit": new["unit"]})


def _owner(one: Checked, indicator: Indicator) -> Difference | None:
    named = one.read.leads.found[:1]
    if not named or named[0].pk == indicator.owner_id:
        return None
    old = indicator.owner.name if indicator.owner else ""
    return Difference("lead", old, named[0].name, {"owner_id": named[0].pk})
