import datetime as dt
from io import BytesIO

import openpyxl

from tests.papers.sample import a_report, content
from tracker.papers import report_xlsx


def opened(report):
    return openpyxl.load_workbook(BytesIO(report_xlsx(report)))


def test_each_appendix_is_a_sheet_in_its_columns():
    book = opened(a_report())

    assert book.sheetnames == ["Phụ lục 1", "Phụ lục 2"]
    sheet = book["Phụ lục 1"]
    assert [cell.value for cell in sheet[4]] == ["TT", "Nội dung nhiệm vụ", "Thời gian hoàn thành"]
    assert sheet["A5"].value == "I. Bưu chính"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$4:$4"


def test_figures_and_days_are_true_ones():
    book = opened(a_report())

    assert book["Phụ lục 1"]["C6"].value == dt.datetime(2020, 6, 30)
    figures = book["Phụ lục 2"]
    assert [figures[f"C{row}"].value for row in (5, 6, 7)] == [1720, 8.6, "–"]
    assert figures["C6"].number_format == "#,##0.0"


def test_nothing_that_people_typed_becomes_a_formula_or_a_link():
    cell = opened(a_report())["Phụ lục 1"]["B6"]

    assert (cell.value, cell.data_type) == ("=1+1 nguy hiểm", "s")
    assert cell.hyperlink is None


def test_an_impossible_day_stays_text():
    appendix = content()["appendices"][0] | {"rows": [["1", "Việc", "31/2/2020"]]}

    sheet = opened(a_report(content=content(appendices=[appendix])))["Phụ lục 1"]

    assert sheet["C5"].value == "31/2/2020"


def test_a_report_without_appendices_is_still_a_workbook():
    assert opened(a_report(content=content(appendices=[]))).sheetnames == ["Phụ lục"]
