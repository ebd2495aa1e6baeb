"""The rows of an import as they stand: read with a person's corrections, judged against the register."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from tracker.agency_directory import agency_directory
from tracker.appendices import Directory, Doubt, Kind, RowClass, read_row
from tracker.importing.checked import Checked
from tracker.importing.dictionaries import Dictionaries
from tracker.importing.directives import match_directives
from tracker.importing.indicators import match_indicators
from tracker.models import Import, ImportRow
from tracker.vietnamese.dates import format_date

_WORK = {RowClass.TASK, RowClass.SUB_ITEM}
Choice = ImportRow.Choice


def check_rows(batch: Import, *, today: dt.date) -> list[Checked]:
    """Every row of the import in its order, with what writing it would do now. Reads only."""
    rows = list(batch.rows.select_related("directive", "indicator").order_by("number", "part"))
    directory = agency_directory()
    found = _read(batch, rows, directory)
    _settle_fields(batch, found)
    work = [one for one in found if one.is_work]
    if batch.kind == Import.Kind.DIRECTIVES:
        match_directives(batch, work, directory)
    else:
        match_indicators(batch, work)
    for one in work:
        _look_at_days(one, today)
        _look_above(one, batch)
    return found


def _read(batch: Import, rows: list[ImportRow], directory: Directory) -> list[Checked]:
    """Read each row; words joined to a row by a person are part of it."""
    joined, targets = _joined(rows)
    by_number: dict[int, Checked] = {}
    tasks: dict[int, Checked] = {}  # the last task of each table, imported or left out
    found: list[Checked] = []
    by_row: dict[int, Checked] = {}
    for row in rows:
        row_class = RowClass(row.row_class)
        above = None
        if row_class is RowClass.SUB_ITEM:
            above = _task_of(by_number.get(row.parent_number) if row.parent_number else tasks.get(row.table))
        one = Checked(
            row,
            read_row(
                joined.get(row.pk, row.cells),
                kind=Kind(batch.kind),
                directory=directory,
                year=batch.year,
                row_class=row_class,
                number=row.number,
                heading=row.heading,
                above=above.read if above else None,
            ),
            parent=above,
        )
        one.joined_to = by_row.get(targets.get(row.pk, 0))
        one.left_out = _left_out(one, row_class)
        one.doubts = list(one.read.doubts) if one.is_work else []
        if row_class is RowClass.TASK:
            tasks[row.table] = one
        if one.is_work or row.number not in by_number:
            by_number[row.number] = one
        by_row[row.pk] = one
        found.append(one)
    return found


def _task_of(above: Checked | None) -> Checked | None:
    """The task that a part of this row belongs to: that of which it is a part itself, or to which it is joined."""
    while above and (above.joined_to or above.parent):
        above = above.joined_to or above.parent
    return above


def _joined(rows: Iterable[ImportRow]) -> tuple[dict[int, dict[str, str]], dict[int, int]]:
    """The cells of rows to which others were joined, and which row each of those was joined to."""
    cells: dict[int, dict[str, str]] = {}
    targets: dict[int, int] = {}
    last: ImportRow | None = None
    for row in rows:
        if row.choice == Choice.MERGE and last:
            targets[row.pk] = last.pk
            whole = cells.setdefault(last.pk, dict(last.cells))
            for role, text in row.cells.items():
                if text and role not in {"index", "code"} and text != whole.get(role):
                    whole[role] = "\n".join(filter(None, [whole.get(role, ""), text]))
        elif row.row_class in _WORK and row.choice != Choice.SKIP:
            last = row
    return cells, targets


def _left_out(one: Checked, row_class: RowClass) -> str:
    if one.row.choice == Choice.SKIP:
        return _("Left out by choice.")
    if one.joined_to:
        return _("Joined to row %(row)s.") % {"row": one.joined_to.row.name}
    return {
        RowClass.HEADING: _("A heading."),
        RowClass.CONTINUATION: _("The rest of the row above; its words stand there."),
        RowClass.NOISE: _("Nothing to import: a title, a sum, a signature."),
    }.get(row_class, "")


def _settle_fields(batch: Import, found: list[Checked]) -> None:
    """The field of work and the tracking officer of each row."""
    dictionaries = Dictionaries()
    for one in found:
        if not one.is_work:
            continue
        printed = one.read.cells.get("field", "")
        one.field, doubt = dictionaries.field(printed, heading=one.read.heading, default=batch.field)
        if doubt:
            one.doubts.append(doubt)
        one.officer, doubt = dictionaries.officer(one.read.cells.get("watcher", ""))
        if doubt:
            one.doubts.append(doubt)


def _look_at_days(one: Checked, today: dt.date) -> None:
    due_on = one.read.deadline.due_on
    if due_on is None:
        return
    if one.match is None and due_on < today:
        sentence = _("The deadline %(day)s has passed: it will be overdue as soon as it is imported.")
        one.doubts.append(Doubt("past", "deadline", False, sentence % {"day": format_date(due_on)}))
    above = one.parent.read.deadline.due_on if one.parent else None
    if above and due_on > above:
        sentence = _("Later than the deadline of the task it is part of: %(day)s.")
        one.doubts.append(Doubt("after_parent", "deadline", False, sentence % {"day": format_date(above)}))


def _look_above(one: Checked, batch: Import) -> None:
    """A part cannot be written before the task that it belongs to, nor under another."""
    is_new = batch.kind == Import.Kind.DIRECTIVES and one.match is None
    above = one.parent
    if is_new and above and above.left_out and not (above.match or above.joined_to):
        sentence = _(
            "The task that it is part of, row %(row)s, is left out: import that too, or this as a task."
        )
        one.doubts.append(Doubt("parent_left_out", "index", True, sentence % {"row": above.row.name}))
    if one.parent and one.parent.is_problem:
        sentence = _("The task that it is part of, row %(row)s, has to be put right first.")
        one.doubts.append(Doubt("parent", "index", True, sentence % {"row": one.parent.row.name}))
