"""A list that went through a Vietnamese Excel, which writes days and numbers its own way, comes back unchanged."""

import csv
import datetime as dt
import io
import re

import pytest
from openpyxl import load_workbook

from tests.factories import (
    TODAY,
    make_agency,
    make_directive,
    make_indicator,
    make_period,
    make_target,
    make_user,
)
from tests.test_round_trip import file_of, is_unchanged, some_directives
from tracker.appendices import open_tables
from tracker.importing import begin, check_rows
from tracker.models import Directive, Indicator

pytestmark = pytest.mark.django_db

LISTS = {"nhiem-vu": ("directives", Directive), "chi-tieu": ("indicators", Indicator)}


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def register(db):
    some_directives()
    make_period()
    for day in ("5/6/2020", "30/6/2020", "6/2020", "hết quý II", "Hàng năm"):
        make_directive(title=f"Rà soát hồ sơ hạn {day}", deadline_printed=day)
    owner = make_agency(name="Sở Thông tin và Truyền thông")
    for at, planned in enumerate(["1720", "1234567", "62.5", "0.125", "1000.5", "0"]):
        make_target(make_indicator(name=f"Số trạm loại {at}", owner=owner, unit="trạm"), planned)
    rate = make_indicator(name="Tỷ lệ hộ", unit="%", value_kind="percent", is_cumulative=False)
    make_target(rate, "99.99")


def short_day(text):
    """``05/06/2020`` as ``5/6/2020``."""
    return re.sub(r"\b0(\d)/", r"\1/", text) if re.fullmatch(r"\d\d/\d\d/\d{4}", text) else text


def plain_number(text):
    """``1.720,5`` in a column of the General format: ``1720,5``."""
    return text.replace(".", "") if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", text) else text


def moved(row):
    """The second column dragged to the end, the last one to the front."""
    return [row[-1], row[0], *row[2:-1], row[1]]


def lines_of(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def saved_text(content, *, move, separator=";", encoding="utf-8-sig"):
    """The list with semicolons opened in Excel and saved as text, with the blank lines that were once filled."""
    lines = [[plain_number(short_day(cell)) for cell in line] for line in lines_of(content)]
    lines += [[""] * len(lines[0])] * 40
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(
        map(moved, lines) if move else lines
    )
    return out.getvalue().encode(encoding)


def saved_book(content, *, move):
    """The workbook after a day's work: a filter left on, a column hidden, days and numbers in other formats."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[-1]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    for at, row in enumerate(map(moved, rows) if move else rows, start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(at, place, value)
            cell.value = value
            cell.number_format = "d/m/yyyy" if isinstance(value, dt.datetime) else "General"
    for at in range(len(rows) + 1, len(rows) + 200):
        for place in range(1, len(rows[0]) + 1):
            sheet.cell(at, place).number_format = "d/m/yyyy"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.auto_filter.add_filter_column(2, ["Huyện ủy Giao Thủy"])
    for at in range(3, len(rows), 2):
        sheet.row_dimensions[at].hidden = True
    sheet.column_dimensions["C"].hidden = sheet.column_dimensions["H"].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


SAVED = {
    "xlsx": ("xlsx", "xlsx", saved_book),
    "csv": ("csv-phay", "csv", saved_text),
    "Unicode text": (
        "csv-phay",
        "csv",
        lambda content, *, move: saved_text(content, move=move, separator="\t", encoding="utf-16"),
    ),
}


@pytest.mark.parametrize("move", [False, True], ids=["columns as exported", "columns moved"])
@pytest.mark.parametrize("saved", SAVED)
@pytest.mark.parametrize("name", LISTS)
def test_what_excel_saved_again_comes_back_unchanged(register, name, saved, move):
    kind, model = LISTS[name]
    form, ending, save = SAVED[saved]
    officer = make_user("officer")

    file = save(file_of(name, form, officer), move=move)
    batch = begin(open_tables(file, f"{name}.{ending}"), by=officer, kind=kind, year=2020)

    assert is_unchanged(batch, officer) == set(model.objects.values_list("code", flat=True))


@pytest.mark.parametrize("saved", ["xlsx", "csv"])
def test_only_what_was_changed_in_excel_is_a_change(register, saved):
    form, ending, save = SAVED[saved]
    officer = make_user("officer")
    changed = Directive.objects.get(title="Rà soát hồ sơ hạn 30/6/2020")
    Directive.objects.filter(pk=changed.pk).update(title="Rà soát hồ sơ khác")
    file = save(file_of("nhiem-vu", form, officer), move=True)
    Directive.objects.filter(pk=changed.pk).update(title=changed.title)

    batch = begin(open_tables(file, f"nhiem-vu.{ending}"), by=officer, kind="directives", year=2020)
    rows = [one for one in check_rows(batch, today=TODAY) if one.is_work and one.outcome != "unchanged"]

    assert [(one.match, one.outcome) for one in rows] == [(changed, "updated")]
