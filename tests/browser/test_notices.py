"""Notices in a real browser: found by the bell, opened, all read; settings, a deputy kept, without script too."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from tests.browser.test_shell import log_in
from tests.factories import TODAY, make_agency, make_assignment, make_report, make_user
from tracker.models import Deputyship, Notice, NoticePreference

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def clerk():
    """A clerk with work newly assigned, a report returned, and a colleague."""
    agency = make_agency(name="Huyện ủy Hải Hậu")
    clerk = make_user(agency=agency, full_name="Nguyễn Thu Hà")
    make_user(agency=agency, full_name="Trần Văn Bình", username="binh.tv")
    make_assignment(agency)
    make_report(make_assignment(agency), state="returned", by=clerk)
    Notice.objects.filter(user=clerk, kind="assigned").update(day=TODAY - dt.timedelta(days=9))
    return clerk


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (360, False), (1440, True), (360, True)])
def test_the_page_is_accessible_and_fits(open_page, axe, clerk, width, dark):
    page = open_page(width=width, dark=dark)
    log_in(page, clerk)

    page.get_by_role("link", name="Thông báo, 2 chưa đọc").click()

    expect(page.get_by_role("heading", level=1, name="Thông báo")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_bell_to_the_returned_report_and_all_read(open_page, axe, clerk, javascript):
    page = open_page(javascript=javascript)
    log_in(page, clerk)
    page.goto("/thong-bao/")

    returned = page.get_by_role("article").filter(has_text="Bị trả lại:")
    returned.get_by_role("button", name="Sửa").click()
    page.wait_for_url("**/bao-cao/")
    expect(page.get_by_role("link", name="Thông báo, 1 chưa đọc")).to_be_visible()

    page.goto("/thong-bao/")
    page.get_by_role("button", name="Đánh dấu đã đọc cả").click()
    expect(page.get_by_text("Đã đánh dấu đã đọc 1 thông báo.")).to_be_visible()
    assert not clerk.notices.unread().exists()
    if javascript:
        axe(page)


def test_choices_and_a_deputy_are_kept(open_page, axe, clerk):
    page = open_page(width=360)
    log_in(page, clerk)
    page.goto("/thong-bao/")

    page.get_by_label("3 ngày").uncheck()
    page.get_by_label("Đã duyệt, đã quyết định: gửi ngay").check()
    page.get_by_role("button", name="Lưu cài đặt").click()
    expect(page.get_by_text("Đã lưu cài đặt.")).to_be_visible()
    expect(page.get_by_label("3 ngày")).not_to_be_checked()

    page.get_by_label("Họ tên người nhận thay").fill("ai đó")
    page.get_by_label("Đến hết ngày").fill("31/2/2020")
    page.get_by_role("button", name="Cử người nhận thay").click()
    expect(page.get_by_role("alert")).to_contain_text("Không tìm thấy ai tên “ai đó”")
    expect(page.get_by_label("Đến hết ngày")).to_have_value("31/2/2020")
    axe(page)

    page.get_by_label("Họ tên người nhận thay").fill("tran van binh")
    page.get_by_label("Đến hết ngày").fill("20/6/2020")
    page.get_by_role("button", name="Cử người nhận thay").click()
    expect(page.get_by_text("từ 16/6/2020 đến hết 20/6/2020")).to_be_visible()
    axe(page)

    kept, named = NoticePreference.of(clerk), Deputyship.objects.get()
    assert (kept.remind_before, kept.mail_decided) == ([7, 1, 0], True)
    assert (named.person, named.deputy.username) == (clerk, "binh.tv")


def test_a_reminder_opens_the_rows_that_it_counts(open_page, axe, clerk):
    row = make_assignment(clerk.agency, due_on=dt.date(2020, 6, 10))
    words = {"count": 1, "rows": [row.pk], "first": "2020-06-10"}
    Notice.objects.create(user=clerk, kind="late", day=TODAY, words=words, url="/luot-giao/")
    page = open_page()
    log_in(page, clerk)
    page.goto("/thong-bao/?loai=nhac")

    page.get_by_role("button", name="Báo cáo").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("1 việc quá hạn, lâu nhất từ thứ Tư 10/6")
    expect(page.get_by_role("article")).to_have_count(1)
    axe(page)
