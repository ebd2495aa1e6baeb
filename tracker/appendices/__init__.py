"""Reading appendices as offices print them: files into tables, tables into rows, and what each row means."""

from tracker.appendices.appendix import read_appendix, read_row
from tracker.appendices.directory import Bodies, Body, Directory
from tracker.appendices.files import open_tables, pasted_tables
from tracker.appendices.reading import (
    ROLES,
    Doubt,
    Kind,
    Reading,
    Role,
    Row,
    RowClass,
    Table,
    TargetReading,
    Unreadable,
)

__all__ = [
    "ROLES",
    "Bodies",
    "Body",
    "Directory",
    "Doubt",
    "Kind",
    "Reading",
    "Role",
    "Row",
    "RowClass",
    "Table",
    "TargetReading",
    "Unreadable",
    "open_tables",
    "pasted_tables",
    "read_appendix",
    "read_row",
]
