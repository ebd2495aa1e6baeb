"""An official report in a real browser: drafted, completed, approved and signed; with and without a script."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_people import log_in
from tests.factories import TODAY, make_assignment, make_user
from tracker.models import PeriodicReport, ReportingPeriod

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.mark.parametrize(("width", "javascript"), [(1440, True), (360, True), (1440, False)])
def test_a_report_from_its_figures_to_its_signature(open_page, axe, width, javascript):
    ReportingPeriod.generate(2020)
    make_assignment()
    officer, leader = (open_page(width=width, javascript=javascript) for _person in range(2))
    look = axe if javascript else lambda page: None
    log_in(officer, make_user("officer", full_name="Trần Minh Quang"))
    log_in(leader, make_user("leader", full_name="Vũ Đức Hòa"))

    officer.goto("/bao-cao-dinh-ky/")
    look(officer)
    officer.click(".page-head__actions a:has-text('Lập báo cáo')")
    look(officer)
    officer.click("form[method=post] button:has-text('Lập dự thảo')")
    officer.wait_for_url("**/bao-cao-dinh-ky/*/")
    paper = PeriodicReport.objects.get()
    look(officer)
    assert javascript is False or officer.evaluate("document.documentElement.scrollWidth") <= width

    officer.click("#phan-results a:has-text('Sửa')")
    look(officer)
    officer.fill("[name=text]", officer.input_value("[name=text]") + "\nPhấn đấu đạt 123 xã.")
    officer.click("button:has-text('Lưu mục này')")
    expect(officer.locator(".typed")).to_have_text("123")
    officer.goto(f"{paper.get_absolute_url()}the-thuc/")
    look(officer)
    officer.goto(f"{paper.get_absolute_url()}so-lieu/")
    look(officer)
    officer.goto(paper.get_absolute_url())
    officer.click("button:has-text('Trình lãnh đạo')")
    expect(officer.locator("text=Đang chờ lãnh đạo duyệt")).to_be_visible()

    leader.goto(paper.get_absolute_url())
    leader.click("button:has-text('Duyệt')")
    expect(leader.locator("text=Đã duyệt, chờ ký")).to_be_visible()
    leader.click("a:has-text('Ghi số, ngày ký')")
    look(leader)
    leader.fill("[name=number]", "45")
    leader.fill("[name=signed_on]", "16/6/2020")
    leader.fill("[name=signer_name]", "Vũ Đức Hòa")
    leader.click("form.panel button[type=submit]")

    expect(leader.locator("h1")).to_contain_text("45/BC-STTTT")
    look(leader)
    assert set(paper.files.values_list("format", flat=True)) == {"docx", "pdf", "xlsx"}
