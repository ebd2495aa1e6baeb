"""From a clerk's figures to the leader's verdict: one month's way through the product, in a real browser."""

import datetime as dt
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests.browser.test_figures import sign_in
from tests.factories import make_agency, make_indicator, make_measurement, make_target, make_user

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY = dt.date(2020, 5, 18)
"""The time for sending May's figures (window 15/4–14/5) ended the day before."""


@pytest.fixture(autouse=True)
def on_the_day_after_sending(settings):
    settings.TRACKER_TODAY = MONDAY
    settings.TRACKER_DEMO = True


@pytest.fixture
def clerk():
    return make_user(agency=make_agency(name="Doanh nghiệp viễn thông 1"))


@pytest.fixture
def revenue(clerk):
    """Doanh thu viễn thông: about 1.720 in 2019, 1.800 planned for 2020, four months confirmed."""
    indicator = make_indicator(
        owner=clerk.agency,
        name="Doanh thu viễn thông, internet",
        baseline_value=Decimal(1720),
        baseline_year=2019,
    )
    make_target(indicator, 1800)
    for month, value in enumerate(("148.2", "143.5", "146.1", "144.6"), 1):
        make_measurement(indicator, value, period=f"2020-{month:02d}")
    return indicator


def test_a_clerks_month_becomes_the_leaders_verdict(open_page, clerk, revenue, axe):
    desk = open_page()
    sign_in(desk, clerk)
    desk.goto("/so-lieu/nhap/?ky=2020-05")
    desk.get_by_label("Doanh thu viễn thông, internet", exact=True).fill("148,6")
    desk.get_by_role("button", name="Nộp số liệu").click()
    expect(desk.get_by_text("Đã nộp 1 số liệu.")).to_be_visible()

    leader = open_page()
    sign_in(leader, make_user("leader", full_name="Vũ Đức Hòa"))
    leader.goto(revenue.get_absolute_url())
    expect(leader.get_by_text("582,4").first).to_be_visible()  # what waits does not count
    expect(leader.get_by_role("link", name="1 chờ duyệt")).to_be_visible()

    leader.goto("/cho-duyet/so-lieu/")
    leader.get_by_role("link", name="Doanh thu viễn thông, internet").click()
    leader.get_by_role("button", name="Duyệt").click()
    expect(leader.get_by_text("Không có số liệu nào chờ duyệt")).to_be_visible()

    leader.goto("/tong-quan/")
    answer = leader.get_by_role("link", name="Có đạt chỉ tiêu năm?")
    expect(answer).to_contain_text("0/1")
    expect(leader.get_by_role("cell", name="Nguy cơ")).to_be_visible()
    expect(leader.get_by_text("trên 1.800 (97,5%)")).to_be_visible()
    axe(leader)

    leader.get_by_role("link", name="Doanh thu viễn thông, internet").first.click()
    expect(leader.get_by_text("731,0").first).to_be_visible()
    expect(leader.get_by_text("Muốn đạt 1.800, bảy tháng còn lại phải bình quân")).to_contain_text(
        "152,7 tỷ đồng/tháng"
    )
    expect(leader.get_by_text("731,0 ÷ 5 × 12 tháng = 1.754,4")).to_be_visible()
    axe(leader)
