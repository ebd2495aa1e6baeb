"""The year's plan and one target in a real browser: wide and narrow, without a script, and what axe says."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD, TODAY, make_share, make_user
from tests.views.plan_year import make_plan_year

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY
    settings.TRACKER_DEMO = True


@pytest.fixture
def telecoms():
    make_user("officer", username="quang.tm", full_name="Trần Minh Quang")
    make_share(name="Tỷ lệ văn bản ký số", is_suggested=True, suggestion_note="Suy ra từ bài báo")
    return make_plan_year()


def log_in(page):
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill("quang.tm")
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "dang-nhap" not in url)


def test_from_the_list_to_the_verdict_and_the_plan(open_page, axe, telecoms):
    page = open_page()
    log_in(page)
    page.goto("/chi-tieu/")
    axe(page)

    page.get_by_label("Dự báo").select_option("Khó đạt")
    expect(page).to_have_url(re.compile("kl=off"))
    expect(page.locator("tbody tr:not(.grp)")).to_have_count(2)

    page.get_by_role("link", name="12 chỉ tiêu năm 2020").click()
    page.get_by_role("link", name="Doanh thu viễn thông, internet").click()
    expect(page.get_by_text("bảy tháng còn lại phải bình quân")).to_be_visible()
    expect(page.get_by_text("các phần cộng lại 731,0, khớp")).to_be_visible()
    axe(page)

    page.get_by_text("Quản lý").click()
    page.get_by_role("link", name="Kế hoạch từng kỳ").click()
    axe(page)
    page.get_by_role("button", name="Chia đều mức cả năm").click()
    expect(page.get_by_label("Tháng 12/2020")).to_have_value("150")
    page.get_by_role("button", name="Lưu kế hoạch").click()
    expect(page.get_by_text("Đã lưu kế hoạch.")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_a_phone_reads_the_list_and_the_target(open_page, axe, telecoms, dark):
    page = open_page(width=360, height=740, dark=dark)
    log_in(page)

    for address in ("/chi-tieu/", telecoms.get_absolute_url(), f"{telecoms.get_absolute_url()}sua/"):
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_suggestion_is_taken_in_and_an_indicator_entered_without_a_script(open_page, telecoms):
    page = open_page(javascript=False)
    log_in(page)
    page.goto("/chi-tieu/")

    page.get_by_role("button", name="Nhận vào kế hoạch").click()
    expect(page.get_by_text("đã vào kế hoạch")).to_be_visible()

    page.goto("/chi-tieu/tao/")
    page.get_by_label("Tên", exact=True).fill("Số thuê bao 5G")
    page.get_by_label("Lĩnh vực").select_option("Ứng dụng CNTT")
    page.get_by_label("Đơn vị tính (nếu có)", exact=True).fill("thuê bao")
    page.get_by_role("button", name="Tạo chỉ tiêu").click()
    expect(page.get_by_role("heading", name="Đặt mức phải đạt")).to_be_visible()
    page.get_by_label("Mức phải đạt", exact=False).first.fill("500")
    page.get_by_role("button", name="Đặt mức phải đạt").click()
    expect(page.get_by_text("Đã đặt mức phải đạt.")).to_be_visible()
