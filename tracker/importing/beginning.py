"""Beginning an import: the file is read into rows, and what was decided about the same rows before is remembered."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from tracker.agency_directory import agency_directory
from tracker.appendices import (
    Kind,
    Role,
    Row,
    RowClass,
    Table,
    open_tables,
    pasted_tables,
    read_appendix,
)
from tracker.importing.directives import identity
from tracker.models import Import, ImportRow, ImportStatus, User
from tracker.models.lifecycle import StaleVersion

Memory = dict[tuple[str, str], list[list[ImportRow]]]
"""By printed number and text: the rows, with their parts, of earlier imports of the same document."""


@transaction.atomic
def begin(tables: Iterable[Table], *, by: User, **fields: Any) -> Import:
    """Keep the file and its rows as they were read; the register is left alone."""
    batch = Import(created_by=by, **fields)
    batch.full_clean(exclude=["file"])
    batch.save()
    _keep(batch, list(tables), columns=None)
    return batch


def tables_of(batch: Import) -> list[Table]:
    """The tables of the file or the pasted text of an import, read again."""
    if not batch.file:
        return pasted_tables(batch.pasted)
    with batch.file.open("rb") as file:
        return open_tables(file.read(), batch.file_name)


@transaction.atomic
def read_again(
    batch: Import, tables: list[Table], *, columns: list[list[Role]], expected_version: int
) -> bool:
    """Read the rows anew with other columns; what a person had put right in them is given up. Says whether it did."""
    stored = batch.locked()
    if stored.version != expected_version:
        raise StaleVersion(stored)
    if stored.columns == columns:
        return False
    stored.rows.all().delete()
    stored.version += 1
    _keep(stored, tables, columns=columns)
    return True


def _keep(batch: Import, tables: list[Table], *, columns: list[list[Role]] | None) -> None:
    reading = read_appendix(
        tables, directory=agency_directory(), year=batch.year, kind=Kind(batch.kind), columns=columns
    )
    batch.columns = reading.columns
    earlier = _earlier(batch)
    memory = _remembered(earlier) if earlier else {}
    kept: list[ImportRow] = []
    taken_over = 0
    for row in reading.rows:
        before = _take(memory, row)
        kept += _rows(batch, row, before)
        taken_over += bool(before)
    ImportRow.objects.bulk_create(kept, batch_size=1000)
    batch.outcome = {"read_in_version": batch.version, "taken_over": taken_over}
    if earlier and taken_over:
        batch.outcome["taken_from"] = earlier.pk
    batch.save(update_fields=["columns", "outcome", "version"])


def _take(memory: Memory, row: Row) -> list[ImportRow]:
    """What was decided about the same line before, once. What was the rest of a row then may be a task now."""
    same = memory.get(_key(row.cells), [])
    found = same.pop(0) if same else []
    if found and found[0].row_class == RowClass.CONTINUATION != row.row_class:
        return []
    return found


def _rows(batch: Import, row: Row, before: list[ImportRow]) -> list[ImportRow]:
    """One line of the file, with the parts into which a person split the same line before."""
    first = ImportRow(
        batch=batch,
        number=row.number,
        table=row.table,
        row_class=row.row_class.value,
        parent_number=row.parent,
        heading=row.heading,
        printed=row.cells,
    )
    if not before:
        return [first]
    known, *parts = before
    first.row_class, first.choice = known.row_class, known.choice
    first.edited = {
        role: text
        for role, text in known.edited.items()
        if row.cells.get(role, "") == known.printed.get(role, "")
    }
    return [
        first,
        *(
            ImportRow(
                batch=batch,
                number=row.number,
                part=part.part,
                table=row.table,
                row_class=part.row_class,
                parent_number=row.parent,
                heading=row.heading,
                edited=part.edited,
                choice=part.choice,
            )
            for part in parts
        ),
    ]


def _earlier(batch: Import) -> Import | None:
    """The last import of the same document that was written into the register."""
    if batch.document_id is None:
        return None
    same = Import.objects.filter(document=batch.document_id, kind=batch.kind, status=ImportStatus.APPLIED)
    return same.order_by("-applied_at", "-pk").first()


def _remembered(earlier: Import) -> Memory:
    lines: dict[int, list[ImportRow]] = defaultdict(list)
    for row in earlier.rows.order_by("number", "part"):
        lines[row.number].append(row)
    memory: Memory = defaultdict(list)
    for rows in lines.values():
        if any(row.edited or row.choice != ImportRow.Choice.TAKE for row in rows) or len(rows) > 1:
            memory[_key(rows[0].printed)].append(rows)
    return memory


def _key(cells: dict[Role, str]) -> tuple[str, str]:
    return cells.get("index", ""), identity(cells.get("content", ""))
