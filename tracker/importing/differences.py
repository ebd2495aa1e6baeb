"""What a row says otherwise than the register: cell by cell, by meaning and not by spelling."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.appendices import Bodies, Directory, Role
from tracker.importing.checked import Checked, Difference
from tracker.models import Directive, Document, Import, ImportRow, ImportStatus
from tracker.vietnamese.dates import format_date
from tracker.vietnamese.text import compose


class Earlier:
    """What the last import that wrote a record had read: a cell that says the same again changes nothing."""

    @staticmethod
    def of(
        batch: Import, *, directives: Iterable[int] = (), indicators: Iterable[int] = ()
    ) -> dict[int, dict[Role, str]]:
        """By record the cells of the newest import that is written and not undone."""
        rows = ImportRow.objects.filter(batch__status=ImportStatus.APPLIED).exclude(batch=batch.pk)
        if batch.kind == Import.Kind.DIRECTIVES:
            rows = rows.filter(directive__in=list(directives))
        else:
            rows = rows.filter(indicator__in=list(indicators))
        return {
            (row.directive_id or row.indicator_id or 0): row.cells
            for row in rows.order_by("batch__applied_at", "batch", "number", "part")
        }


def directive_values(one: Checked, batch: Import) -> dict[str, Any]:
    """The row as the register writes a directive."""
    cells = one.read.cells
    spoken = batch.document is not None and batch.document.kind == Document.Kind.SPOKEN
    return {
        "title": one.read.text,
        "field": one.field,
        "kind": Directive.Kind.SPOKEN if spoken else Directive.Kind.TASK,
        "tracking_officer": one.officer,
        "lead_printed": one_line(cells.get("lead", ""))[:300],
        "cooperating_printed": one_line(cells.get("coordinate", ""))[:500],
        "output_expected": cells.get("product", "")[:1000],
        "note": cells.get("note", "")[:2000],
        **deadline_values(one),
    } | ({"lead_id": one.read.leads.found[0].pk} if one.read.leads.found else {})


def deadline_values(one: Checked) -> dict[str, Any]:
    deadline = one.read.deadline
    return {
        "deadline_printed": one_line(one.read.cells.get("deadline", ""))[:200],
        "deadline_kind": deadline.kind,
        "due_on": deadline.due_on,
        "deadline_inferred": deadline.is_inferred,
    }


def one_line(text: str) -> str:
    return " ".join(compose(text).split())


def directive_differences(
    one: Checked,
    directive: Directive,
    *,
    directory: Directory,
    helping: set[int],
    earlier: dict[Role, str] | None,
    batch: Import,
) -> list[Difference]:
    """Every cell that changes the directive, or that a person has to change there."""
    says = Says(one, earlier)
    new = directive_values(one, batch)
    found = [
        _title(directive, new) if says.something("content") else None,
        _lead(one, directive, new) if says.something("lead") else None,
        _cooperating(one, directive, new, directory, helping) if says.something("coordinate") else None,
        _deadline(one, directive) if says.something("deadline") else None,
        text_difference("product", directive, "output_expected", new) if says.something("product") else None,
        text_difference("note", directive, "note", new) if says.something("note") else None,
        field_difference(one, directive) if says.something("field") else None,
        _officer(one, directive) if says.something("watcher") else None,
    ]
    differences = [difference for difference in found if difference]
    if directive.is_open:
        return differences
    closed = _("The directive is closed: reopen it before changing it.")
    return [
        Difference(each.role, each.old, each.new, {}, closed, directive.get_absolute_url())
        for each in differences
    ]


class Says:
    """Which cells have something to say: those printed, and those emptied since the last import."""

    def __init__(self, one: Checked, earlier: dict[Role, str] | None) -> None:
        self.cells, self.earlier = one.read.cells, earlier

    def something(self, role: Role) -> bool:
        now = one_line(self.cells.get(role, ""))
        if self.earlier is None:
            return bool(now)
        return now != one_line(self.earlier.get(role, ""))


def _title(directive: Directive, new: dict[str, Any]) -> Difference | None:
    if one_line(directive.title) == new["title"]:
        return None
    return Difference("content", directive.title, new["title"], {"title": new["title"]})


def _lead(one: Checked, directive: Directive, new: dict[str, Any]) -> Difference | None:
    named = one.read.leads.found[:1]
    if (named and named[0].pk == directive.lead_id) or (
        not named and one_line(directive.lead_printed) == new["lead_printed"]
    ):
        return None
    old = directive.lead.name if directive.lead else directive.lead_printed
    said = named[0].name if named else new["lead_printed"]
    if directive.is_assigned:
        why = _("The directive is assigned: another body gets it by a transfer.")
        return Difference("lead", old, said, {}, why, directive.get_absolute_url())
    lead = {"lead_id": named[0].pk if named else None}
    return Difference("lead", old, said, {"lead_printed": new["lead_printed"], **lead})


def _cooperating(
    one: Checked, directive: Directive, new: dict[str, Any], directory: Directory, helping: set[int]
) -> Difference | None:
    said, known = one.read.cooperating, directory.read(directive.cooperating_printed)
    if one_line(directive.cooperating_printed) == new["cooperating_printed"]:
        return None
    if (
        not said.unknown
        and _keys(said)
        and _keys(said) in (_keys(known) if not known.unknown else set(), helping)
    ):
        return None
    old = directive.cooperating_printed
    if directive.is_assigned:
        why = _("The directive is assigned: add or end co-operating bodies on its page.")
        return Difference(
            "coordinate", old, new["cooperating_printed"], {}, why, directive.get_absolute_url()
        )
    changes = {"cooperating_printed": new["cooperating_printed"]}
    return Difference("coordinate", old, new["cooperating_printed"], changes)


def _keys(bodies: Bodies) -> set[int]:
    return {body.pk for body in bodies.found}


def _deadline(one: Checked, directive: Directive) -> Difference | None:
    """A day is compared as a day; words without a day by their kind. An assigned deadline is only ever corrected."""
    new = deadline_values(one)
    if one_line(directive.deadline_printed) == new["deadline_printed"]:
        return None
    if new["due_on"]:
        if new["due_on"] in {directive.due_on, directive.original_due_on}:
            return None
    elif directive.due_on is None and new["deadline_kind"] == directive.deadline_kind:
        return None
    old, said = shown_deadline(directive), new["deadline_printed"]
    if directive.is_assigned:
        why = _("The directive is assigned: its deadline needs a correction.")
        return Difference("deadline", old, said, {}, why, reverse("deadline_correct", args=[directive.code]))
    return Difference("deadline", old, said, new)


def shown_deadline(directive: Directive) -> str:
    """The deadline in the words of the register."""
    if directive.due_on:
        return format_date(directive.due_on)
    return directive.deadline_printed or str(Directive.DeadlineKind(directive.deadline_kind).label)


def settle_what_stands(one: Checked, stands: dict[Role, str]) -> None:
    """A cell that says word for word what the register has needs no putting right, even where it looks wrong."""
    cells = one.read.cells

    def stands_so(role: Role) -> bool:
        said = one_line(cells.get(role, ""))
        return bool(said) and said == one_line(stands.get(role, ""))

    one.doubts = [
        doubt
        for doubt in one.doubts
        if not doubt.must or not (doubt.code == "no_field" or stands_so(doubt.role))
    ]


def text_difference(role: Role, record: Any, name: str, new: dict[str, Any]) -> Difference | None:
    old = getattr(record, name)
    if one_line(old) == one_line(new[name]):
        return None
    return Difference(role, old, new[name], {name: new[name]})


def field_difference(one: Checked, record: Any) -> Difference | None:
    if one.field is None or one.field.pk == record.field_id:
        return None
    return Difference("field", record.field.label, one.field.label, {"field_id": one.field.pk})


def _officer(one: Checked, directive: Directive) -> Difference | None:
    if one.officer is None or one.officer.pk == directive.tracking_officer_id:
        return None
    old = directive.tracking_officer.full_name if directive.tracking_officer else ""
    return Difference("watcher", old, one.officer.full_name, {"tracking_officer_id": one.officer.pk})
