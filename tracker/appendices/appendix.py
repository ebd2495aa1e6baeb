"""A whole appendix: which lines are tasks, which are parts of them, which belong to the line above."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tracker.appendices.cells import clean, in_our_letters, read_number
from tracker.appendices.columns import Layout, guessed_layout, kind_of, layout_of
from tracker.appendices.directory import Directory
from tracker.appendices.lines import Line, lines_of
from tracker.appendices.reading import ROLES, Kind, Reading, Role, Row, RowClass, Table
from tracker.appendices.rows import interpret


def read_appendix(
    tables: Sequence[Table],
    *,
    directory: Directory,
    year: int,
    kind: Kind | None = None,
    columns: list[list[Role]] | None = None,
) -> Reading:
    """Read tables as printed. ``columns`` gives the roles as a person has put them right; else the heads say them."""
    texts = [[[clean(cell) for cell in row] for row in table.rows] for table in tables]
    kind = kind or kind_of(texts)
    layouts = _layouts(texts, kind, directory, year, columns or [])
    rows: list[Row] = []
    first = 1
    for at, (text, layout) in enumerate(zip(texts, layouts, strict=True)):
        lines = lines_of(text, layout, directory=directory, year=year, first=first)
        rows += _rows(lines, at, kind=kind, directory=directory, year=year)
        first += len(text)
    return Reading(kind, year, [layout.roles for layout in layouts], rows)


def read_row(
    cells: Mapping[Role, str],
    *,
    kind: Kind,
    directory: Directory,
    year: int,
    row_class: RowClass | None = None,
    number: int = 0,
    heading: str = "",
    above: Row | None = None,
) -> Row:
    """Read one row alone, as ``read_appendix`` does; without a class it is what its number says.

    ``heading`` and ``above`` (the task that a sub-item belongs to) give the lead where the row names none.
    """
    if row_class is None:
        index = read_number(in_our_letters(clean(cells.get("index", ""))))
        is_part = index and (index.depth > 1 or index.style == "item")
        row_class = RowClass.SUB_ITEM if is_part and above else RowClass.TASK
    return interpret(
        cells,
        kind=kind,
        directory=directory,
        year=year,
        row_class=row_class,
        number=number,
        heading=heading,
        above=above,
    )


def _layouts(
    texts: list[list[list[str]]], kind: Kind, directory: Directory, year: int, columns: list[list[Role]]
) -> list[Layout]:
    """How each table is built. One without a head goes on with the table before, if it is as wide."""
    layouts: list[Layout] = []
    before: Layout | None = None
    for at, rows in enumerate(texts):
        width = max(map(len, rows), default=0)
        layout = layout_of(rows, kind, directory, year)
        if layout is None and before and len(before.roles) == width:
            layout = replace(before, head=())
        layout = layout or guessed_layout(rows, kind, directory, year) or Layout([])
        if at < len(columns):
            layout = replace(layout, roles=[role if role in ROLES else "" for role in columns[at]])
        roles = (layout.roles + [""] * width)[:width]
        layouts.append(replace(layout, roles=roles))
        before = layouts[-1] if "content" in roles else before
    return layouts


def _rows(lines: list[Line], table: int, *, kind: Kind, directory: Directory, year: int) -> Iterator[Row]:
    tasks: dict[int, Row] = {}
    for line in lines:
        is_part = line.row_class is RowClass.SUB_ITEM and line.parent is not None
        row = interpret(
            line.cells(directory),
            kind=kind,
            directory=directory,
            year=year,
            row_class=line.row_class,
            number=line.number,
            heading=line.heading,
            above=tasks.get(line.parent or 0) if is_part else None,
            table=table,
            parent=line.parent,
        )
        if line.row_class is RowClass.TASK:
            tasks[line.number] = row
        yield replace(row, doubts=(*row.doubts, *line.doubts))
