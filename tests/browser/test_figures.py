"""A month's figures in a real browser: written by a clerk, with and without script, and confirmed by a reviewer."""

import datetime as dt
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests.factories import (
    PASSWORD,
    TODAY,
    make_agency,
    make_assignment,
    make_indicator,
    make_measurement,
    make_part,
    make_period,
    make_share,
    make_target,
    make_user,
)
from tracker.models import Measurement, PeriodPlan, ProgressReport, ReportStatus

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY
    settings.TRACKER_DEMO = True
    make_period("2020-06")


@pytest.fixture
def clerk():
    return make_user(full_name="Nguyễn Thu Hà", agency=make_agency(name="Doanh nghiệp viễn thông 1"))


@pytest.fixture
def revenue(clerk):
    """Revenue with May confirmed and a plan for June."""
    indicator = make_indicator(owner=clerk.agency, name="Doanh thu viễn thông, internet")
    make_measurement(indicator, "148.6", period="2020-05")
    plan = {make_period("2020-06"): Decimal(150)}
    PeriodPlan.set_many(indicator, by=make_user("officer"), values=plan)
    make_target(indicator)
    return indicator


def sign_in(page, user) -> None:
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(user.username)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda address: "dang-nhap" not in address)


def test_a_clerk_enters_a_month_and_a_reviewer_confirms_it(open_page, clerk, revenue, axe):
    second = make_indicator(owner=clerk.agency, name="Thuê bao phát triển mới", unit="nghìn thuê bao")
    make_measurement(second, 30, period="2020-05")
    page = open_page()
    sign_in(page, clerk)
    page.goto("/viec-cua-toi/")
    page.get_by_role("link", name="Còn 2 số liệu kỳ tháng 6/2020").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Số liệu tháng 6/2020")
    axe(page)

    page.get_by_label("Doanh thu viễn thông, internet", exact=True).fill("152,4")
    page.get_by_label("Thuê bao phát triển mới", exact=True).fill("24")
    page.get_by_label("Thuê bao phát triển mới", exact=True).blur()
    expect(page.get_by_text("+2,6%")).to_be_visible()
    expect(page.get_by_text("đạt 101,6% kế hoạch")).to_be_visible()
    expect(page.get_by_text("Giảm so với tháng 5.")).to_be_visible()
    expect(page.get_by_text("Đọc là: một trăm năm mươi hai phẩy bốn tỷ đồng.").first).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Nộp số liệu").click()
    expect(page.get_by_text("Đã nộp 2 số liệu.")).to_be_visible()

    reviewer = open_page()
    sign_in(reviewer, make_user("officer", full_name="Lê Hồng Vân"))
    reviewer.goto("/cho-duyet/so-lieu/")
    axe(reviewer)
    reviewer.get_by_role("link", name="Doanh thu viễn thông, internet").click()
    expect(reviewer.get_by_role("heading", name="152,4 tỷ đồng")).to_be_visible()
    axe(reviewer)
    reviewer.get_by_role("button", name="Duyệt, mở số liệu tiếp").click()
    expect(reviewer.get_by_role("heading", name="24 nghìn thuê bao")).to_be_visible()
    reviewer.get_by_role("button", name="Duyệt").click()
    expect(reviewer.get_by_text("Không có số liệu nào chờ duyệt")).to_be_visible()

    confirmed = Measurement.objects.filter(period__code="2020-06", status=ReportStatus.CONFIRMED)
    assert sorted(confirmed.values_list("value", flat=True)) == [24, Decimal("152.4")]


def test_a_month_is_entered_without_script(open_page, clerk, revenue):
    page = open_page(javascript=False)
    sign_in(page, clerk)
    page.goto("/so-lieu/nhap/")

    page.get_by_label("Doanh thu viễn thông, internet", exact=True).fill("1.720")
    page.get_by_role("button", name="Nộp số liệu").click()
    expect(page.get_by_text("một nghìn bảy trăm hai mươi tỷ đồng").first).to_be_visible()
    page.get_by_role("button", name="Nộp số liệu").click()

    expect(page.get_by_text("Đã nộp 1 số liệu.")).to_be_visible()
    assert Measurement.objects.get(status=ReportStatus.SUBMITTED).value == 1720


def test_a_month_fits_a_phone(open_page, clerk, revenue, axe):
    page = open_page(width=360, height=740)
    sign_in(page, clerk)

    page.goto("/so-lieu/nhap/")
    axe(page)

    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_figures_go_with_the_progress_report(page, axe):
    clerk = make_user(full_name="Nguyễn Thu Hà", agency=make_agency(name="Huyện ủy Hải Hậu"))
    assignment = make_assignment(clerk.agency, status="in_progress")
    signed = make_share(
        directive=assignment.directive,
        rule="parts",
        name="Văn bản đi đã ký số",
        numerator_name="Văn bản đã ký số",
        denominator_name="Văn bản đi",
    )
    part = make_part(signed, clerk.agency)
    make_target(signed, 90, due_on=dt.date(2020, 6, 30), operator="ge")
    make_measurement(
        signed, None, period="2020-05", part=part, numerator=Decimal(41), denominator=Decimal(58)
    )
    sign_in(page, clerk)
    page.goto(f"/luot-giao/{assignment.pk}/bao-cao/")

    page.get_by_label("Văn bản đi đã ký số", exact=True).fill("62")
    page.get_by_label("trên tổng văn bản đi").fill("58")
    page.get_by_label("Kết quả trong kỳ").fill("Đã tập huấn 2 lớp.")
    page.get_by_role("button", name="Nộp báo cáo").click()
    expect(page.get_by_role("link", name="Văn bản đi đã ký số: Không thể lớn hơn tổng 58.")).to_be_visible()
    axe(page)
    page.get_by_label("Văn bản đi đã ký số", exact=True).fill("32")
    page.get_by_label("Khó khăn, vướng mắc").fill("Thiết bị ký số của 1 lãnh đạo hỏng từ 8/6.")
    page.get_by_label("Khó khăn, vướng mắc").blur()
    expect(page.get_by_text("Văn bản đi đã ký số giảm 22%: đã ghi lý do")).to_be_visible()
    page.get_by_role("button", name="Nộp báo cáo").click()

    page.wait_for_url("**/viec-cua-toi/")
    report = ProgressReport.objects.get(status=ReportStatus.SUBMITTED)
    assert report.measurements.get().status == ReportStatus.SUBMITTED
