"""An appendix in a real browser: read, three rows put right on the page, written, and read once more."""

import io

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser.test_people import log_in
from tests.factories import TODAY, make_agency, make_field, make_user
from tracker.models import Directive

pytestmark = pytest.mark.django_db(transaction=True)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GROUPS = ["Viễn thông", "Ứng dụng CNTT", "Tuyên truyền"]
WRONG = {
    7: ["Việc số 7", "Huyện ủy Hải Hậu", "31/11/2020"],
    15: ["Việc số 15", "Huyện ủy Giao Thủyy", "30/9/2020"],
    22: ["", "Huyện ủy Hải Hậu", "25/9/2020"],
}


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def appendix():
    """150 numbered rows under three headings in Roman numerals; three rows cannot be imported as they are."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["STT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Thời gian hoàn thành"])
    for number in range(1, 151):
        if number % 50 == 1:
            sheet.append([["I", "II", "III"][number // 50], GROUPS[number // 50]])
        usual = [f"Việc số {number}", "Huyện ủy Hải Hậu", "31/12/2020"]
        sheet.append([number, *WRONG.get(number, usual)])
    content = io.BytesIO()
    book.save(content)
    return {"name": "giao-nhiem-vu.xlsx", "mimeType": XLSX, "buffer": content.getvalue()}


def looked_at(page, axe):
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 900})
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1440, "height": 900})


def tab(page, name):
    return page.locator(f".views a:has-text('{name}') .n")


def test_an_appendix_is_put_right_written_and_the_second_time_unchanged(page, axe, appendix):
    for name in ("Huyện ủy Hải Hậu", "Huyện ủy Giao Thủy"):
        make_agency(name=name)
    for name in GROUPS:
        make_field(name=name)
    log_in(page, make_user("officer"))

    page.goto("/nhap/tao/")
    looked_at(page, axe)
    page.set_input_files("[name=file]", appendix)
    page.check("[name=source_mode][value=new]")
    page.select_option("[name=vb-kind]", index=1)
    page.fill("[name=vb-number]", "12/KH-UBND")
    page.fill("[name=vb-issued_on]", "10/1/2020")
    page.fill("[name=vb-issuer]", "UBND tỉnh")
    page.fill("[name=vb-abstract]", "Kế hoạch năm 2020")
    page.click(".sticky-actions button")

    page.wait_for_url("**/cot/")
    expect(page.locator("select[name=c-0-1]")).to_have_value("content")
    looked_at(page, axe)
    page.click(".sticky-actions button")

    expect(tab(page, "Lỗi")).to_have_text("3")
    looked_at(page, axe)
    expect(page.locator("a:has-text('Tải 3 dòng lỗi (Excel)')")).to_be_visible()
    assert len(page.content().encode()) < 60_000

    # The headings and the line of names stand above: 7, 15 and 22 are the lines 9, 17 and 24 of the file.
    page.fill("[name=d9-0-o-deadline]", "30/11/2020")
    page.click("button[name=d9-0-act][value=save]")
    expect(tab(page, "Lỗi")).to_have_text("2")
    page.click("button:has-text('Huyện ủy Giao Thủy')")
    expect(tab(page, "Lỗi")).to_have_text("1")
    page.fill("[name=d24-0-o-content]", "Việc số 22")
    page.click("button[name=d24-0-act][value=save]")
    expect(page.locator(".error-summary")).to_have_count(0)

    page.goto(f"{page.url.split('?')[0]}?xem=hop-le")
    page.click("a:has-text('Sửa dòng 3')")
    expect(page.locator("[name=d3-0-o-content]")).to_have_value("Việc số 1")
    looked_at(page, axe)
    page.click("button:has-text('Nhập 150 dòng hợp lệ')")

    expect(page.locator("h1")).to_have_text("Kết quả nhập")
    expect(page.locator(".views a[href='?xem=tao'] .n")).to_have_text("150")
    looked_at(page, axe)
    assert Directive.objects.count() == 150
    assert Directive.objects.get(title="Việc số 7").due_on.isoformat() == "2020-11-30"

    appendix_again(page, appendix)
    expect(tab(page, "Lỗi")).to_have_text("0")  # what was put right is remembered
    page.click(".sticky-actions button")
    expect(page.locator(".views a[href='?xem=giu'] .n")).to_have_text("150")
    expect(page.locator(".views a[href='?xem=tao'] .n")).to_have_text("0")
    assert Directive.objects.count() == 150


def appendix_again(page, appendix):
    page.goto("/nhap/tao/")
    page.set_input_files("[name=file]", appendix)
    page.fill("[name=document]", "12/KH-UBND")
    page.click(".sticky-actions button")
    page.wait_for_url("**/cot/")
    page.click(".sticky-actions button")
