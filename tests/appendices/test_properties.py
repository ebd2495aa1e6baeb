"""Whatever stands in a table, it is read, and read again it is the same."""

import json
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.appendices.files import make_directory
from tracker.appendices import (
    Kind,
    RowClass,
    Table,
    Unreadable,
    open_tables,
    pasted_tables,
    read_appendix,
    read_row,
)
from tracker.appendices.columns import HEADERS
from tracker.appendices.reading import ROLES

DIRECTORY = make_directory()
WORDS = [
    "", "1", "1.1", "11.10", "I", "II.", "A", "a)", "-", "x", "X", "CT", "31/11/2020", "hết quý II", "44000",
    "Hằng năm", "Sở Y tế", "Sở Nội vụ Sở Tài chính", "UBND các huyện, thành phố", "Rà soát", "thủ tục", "LĨNH VỰC",
    "Tổng cộng", "Nơi nhận:", "≥ 80%", "40 - 50", "1.720", "(1)", "(2)", "(3)", "=SUM(A1)", "…", "\n", "“",
    *(head for heads in HEADERS.values() for head in heads[:2]),
]  # fmt: skip
CELLS = st.one_of(st.sampled_from(WORDS), st.text(max_size=20))
ROWS = st.lists(st.lists(CELLS, max_size=6), max_size=10)


@settings(max_examples=300, deadline=None)
@given(st.lists(ROWS, max_size=3), st.sampled_from([None, *Kind]), st.integers(2000, 2100))
def test_any_tables_are_read_and_always_in_the_same_way(tables, kind, year):
    made = [Table("", rows) for rows in tables]

    reading = read_appendix(made, directory=DIRECTORY, year=year, kind=kind)

    assert reading == read_appendix(made, directory=DIRECTORY, year=year, kind=kind, columns=reading.columns)
    assert json.loads(json.dumps(reading.as_json()))["counts"] == reading.counts
    numbers = [row.number for row in reading.rows]
    assert numbers == sorted(set(numbers))
    lines = [row for rows in tables for row in rows]
    assert {number for number, row in enumerate(lines, 1) if any(cell.isalnum() for cell in row)} <= set(
        numbers
    )
    work = {row.number for row in reading.rows if row.is_work or row.row_class is RowClass.HEADING}
    assert {row.parent for row in reading.rows if row.parent} <= work


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(ROLES), CELLS), st.sampled_from(list(Kind)))
def test_any_row_is_read_and_its_printed_cells_read_again_are_the_same(cells, kind):
    row = read_row(cells, kind=kind, directory=DIRECTORY, year=2020)

    assert read_row(row.cells, kind=kind, directory=DIRECTORY, year=2020) == row


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(ROLES), CELLS), st.sampled_from(list(Kind)))
def test_a_fix_settles_the_doubt_it_belongs_to(cells, kind):
    row = read_row(cells, kind=kind, directory=DIRECTORY, year=2020)

    for doubt in row.doubts:
        if doubt.fix is not None:
            fixed = read_row(row.cells | {doubt.role: doubt.fix}, kind=kind, directory=DIRECTORY, year=2020)
            assert doubt not in fixed.doubts


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), ROWS.map(lambda rows: "\n".join("\t".join(row) for row in rows))))
def test_any_pasted_text_is_a_table_or_refused_with_a_sentence(text):
    with suppress(Unreadable):
        assert any(cell for table in pasted_tables(text) for row in table.rows for cell in row)


@settings(max_examples=200, deadline=None)
@given(st.binary(), st.sampled_from(["a.docx", "a.xlsx", "a.csv"]))
def test_any_bytes_are_a_table_or_refused_with_a_sentence(content, name):
    with suppress(Unreadable):
        assert open_tables(content, name) != []
