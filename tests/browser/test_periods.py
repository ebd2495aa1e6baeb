"""A period in a real browser: closed by an officer, reopened by a leader, closed again with the correction."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from tests.browser.test_people import log_in
from tests.factories import (
    NOON,
    TODAY,
    make_indicator,
    make_measurement,
    make_part,
    make_period,
    make_target,
    make_user,
)
from tracker.models import ReportingPeriod

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = NOON - dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def figures():
    """A number by district, one of them still waiting, and a share."""
    indicator = make_indicator(name="Doanh thu viễn thông, internet", rule="parts", code="CT-2020-001")
    make_target(indicator, 1800)
    make_period()
    parts = [make_part(indicator) for _number in range(3)]
    for part in parts[:2]:
        make_measurement(indicator, "74.3", part=part, at=BEFORE)
    waiting = make_measurement(indicator, "12.5", part=parts[2], state="submitted", at=BEFORE)
    return indicator, waiting


@pytest.mark.parametrize("width", [1440, 360])
def test_closing_reopening_and_closing_again(open_page, axe, width):
    _indicator, waiting = figures()
    officer, leader = (open_page(width=width) for _person in range(2))
    log_in(officer, make_user("officer", full_name="Trần Minh Quang"))
    log_in(leader, make_user("leader", full_name="Vũ Đức Hòa"))

    officer.goto("/ky-bao-cao/?loai=month")
    axe(officer)
    officer.click("text=Tháng 5/2020")
    axe(officer)
    officer.click(".page-head__actions a:has-text('Chốt số liệu')")
    axe(officer)
    officer.click("form.panel button[type=submit]")
    expect(officer.locator(".callout--info")).to_contain_text("Trần Minh Quang đã chốt số liệu kỳ này")

    waiting.confirm(by=make_user("leader"))
    leader.goto("/ky-bao-cao/2020-05/")
    expect(leader.locator("#so-lieu")).to_contain_text("hôm nay: 161,1; đã chốt: 148,6")
    axe(leader)
    leader.click("text=Mở lại số liệu")
    leader.fill("[name=reason]", "Bổ sung số liệu một huyện")
    axe(leader)
    leader.click("form.panel button[type=submit]")
    expect(leader.locator(".callout--warn")).to_contain_text("Đang mở lại, bản 2")
    leader.click(".page-head__actions a:has-text('Chốt số liệu')")
    leader.click("form.panel button[type=submit]")

    expect(leader.locator("#so-lieu")).to_contain_text("Bản 2: 161,1")
    axe(leader)
    leader.click("#so-lieu a:has-text('3 phần')")
    expect(leader.locator("#so-lieu tr.sub")).to_have_count(3)
    axe(leader)
    assert make_period().revision == 2


def test_the_administrator_makes_a_year_and_moves_a_day_without_a_script(open_page):
    ReportingPeriod.generate(2020)
    page = open_page(javascript=False)
    log_in(page, make_user("admin"))

    page.goto("/ky-bao-cao/")
    page.click("text=Tạo kỳ năm 2021")
    page.wait_for_selector("text=Đã tạo 20 kỳ báo cáo của năm 2021.")
    page.goto("/ky-bao-cao/2020-05/ngay/")
    page.fill("[name=department_sends_on]", "22/5/2020")
    page.fill("[name=reason]", "Trùng ngày nghỉ")
    page.click("form.panel button[type=submit]")

    page.wait_for_selector("text=Đã sửa ngày.")
    assert make_period().department_sends_on == dt.date(2020, 5, 22)
