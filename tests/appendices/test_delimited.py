"""Tables written as text: the quotation marks that part cells, and those that belong to the words."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.appendices import open_tables, pasted_tables
from tracker.appendices.delimited import delimited_rows

TITLE = 'PHỤ LỤC\n"Chuyển đổi số"'
ROWS = [
    [TITLE, "", ""],
    ["STT", "Nội dung; nhiệm vụ", "Chủ trì"],
    ["1", '"Một cửa" điện tử', "Sở Nội vụ\nSở Y tế"],
    ["2", '"Toàn văn"', "Sở Y tế"],
    ["3", 'Màn hình 5"', "Sở Y tế"],
]


def written(rows: list[list[str]], **how) -> str:
    target = io.StringIO()
    csv.writer(target, **how).writerows(rows)
    return target.getvalue()


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16"])
def test_a_file_of_excel_or_libreoffice_keeps_its_marks_and_line_breaks(
    separator, quoting, line_end, encoding
):
    text = written(ROWS, delimiter=separator, quoting=quoting)
    text = text.replace("\r\n", "\n").replace("\n", line_end)

    (table,) = open_tables(text.encode(encoding), "phu-luc.csv")

    assert table.rows == ROWS


def test_a_separator_said_in_the_first_line_leaves_the_first_cell_whole():
    text = "sep=;\r\n" + written(ROWS, delimiter=";")

    assert open_tables(text.encode("utf-8-sig"), "phu-luc.csv")[0].rows == ROWS


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('"Một cửa" điện tử;Sở Y tế', ['"Một cửa" điện tử', "Sở Y tế"]),
        ('"Một cửa;Sở Y tế', ['"Một cửa', "Sở Y tế"]),
        ('1;"Một cửa" và "một dấu";"Sở; Y tế"', ["1", '"Một cửa" và "một dấu"', "Sở; Y tế"]),
        ('"";"""";"a"', ["", '"', "a"]),
        ('1;"a""', ["1", '"a""']),
    ],
)
def test_marks_that_do_not_close_before_the_next_cell_belong_to_the_words(line, cells):
    assert delimited_rows(f"{line}\n1;2;3", ";")[0] == cells


def test_a_mark_that_nothing_closes_spoils_no_other_cell():
    text = 'STT;Nội dung;Chủ trì\n1;"Màn hình;Sở Y tế\n2;"Rà soát;\nthủ tục";Sở Nội vụ\n'

    assert delimited_rows(text, ";") == [
        ["STT", "Nội dung", "Chủ trì"],
        ["1", '"Màn hình', "Sở Y tế"],
        ["2", "Rà soát;\nthủ tục", "Sở Nội vụ"],
    ]


def test_cells_copied_out_of_a_spreadsheet_keep_their_marks():
    text = (
        'STT\tNội dung\tChủ trì\r\n1\t"Toàn văn"\t"Sở Nội vụ\nSở Y tế"\r\n2\t"Một ""cửa""\nsố"\tSở Y tế\r\n'
    )

    assert pasted_tables(text)[0].rows == [
        ["STT", "Nội dung", "Chủ trì"],
        ["1", '"Toàn văn"', "Sở Nội vụ\nSở Y tế"],
        ["2", 'Một "cửa"\nsố', "Sở Y tế"],
    ]


CELLS = st.text('aB1 "“;,\t\n', max_size=8)


@given(
    st.lists(st.tuples(st.just("x"), CELLS, CELLS).map(list), min_size=1, max_size=6),
    st.sampled_from(";,\t"),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_written_table_reads_back(rows, separator, quoting):
    text = written([*rows, ["end", "", "."]], delimiter=separator, quoting=quoting)

    assert delimited_rows(text, separator) == [*rows, ["end", "", "."]]


@given(st.text('a"; \n', max_size=60), st.booleans())
def test_no_letter_is_lost_but_marks_that_part(text, copied):
    rows = delimited_rows(text, ";\t", copied=copied)

    assert "".join("".join(row) for row in rows).count("a") == text.count("a")


def test_a_long_file_of_open_marks_is_read():
    rows = delimited_rows('"Màn;"hình\n' * 100_000, ";")

    assert (len(rows), rows[-1]) == (100_000, ['"Màn', '"hình'])
