"""The overview and the review pages in a real browser: accessible, within the screen, and usable without scripts."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.test_shell import SCREENS, log_in
from tests.factories import TODAY, make_agency, make_assignment, make_report, make_user
from tests.views.test_target_panels import make_measured_directive, make_plan
from tracker.models import ReportStatus

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def leader():
    return make_user("leader")


@pytest.fixture
def report():
    """Completion that waits, beside late work, a wish to pause and a second report."""
    make_assignment(make_agency(name="UBND huyện Ý Yên"), due_on=TODAY.replace(day=1))
    make_report(state="submitted", claim="pause", obstacles="Chờ thiết bị.")
    make_report(state="submitted", evidence=True)
    return make_report(
        state="submitted", claim="completed", percent=100, completed_on=TODAY, output_document="12/BC"
    )


@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_every_page_is_accessible_and_fits_the_screen(open_page, axe, leader, report, width, dark):
    page = open_page(width=width, dark=dark)
    log_in(page, leader)
    addresses = [
        reverse("overview"),
        reverse("overview") + "?bang=co-quan&den=1/6/2020",
        reverse("review_queue"),
        reverse("review_detail", args=[report.pk]),
        reverse("review_send_back", args=[report.pk]),
        reverse("review_confirm_many"),
        reverse("decision_take", args=["completion", report.pk]),
    ]

    for address in addresses:
        page.goto(address)

        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        axe(page)


def test_a_leader_decides_in_the_row_without_scripts(open_page, leader, report):
    page = open_page(javascript=False)
    log_in(page, leader)

    page.goto(reverse("overview"))
    page.locator("#quyet").get_by_role("button", name="Xác nhận").click()

    expect(page).to_have_url(re.compile("/tong-quan/#quyet$"))
    expect(page.get_by_text("Đã xác nhận hoàn thành.")).to_be_visible()
    report.refresh_from_db()
    assert report.status == ReportStatus.CONFIRMED


def test_a_report_is_returned_on_a_phone_without_scripts(open_page, leader, report):
    page = open_page(width=360, javascript=False)
    log_in(page, leader)
    page.goto(reverse("review_queue"))

    page.get_by_role("link", name=report.agency.name).click()
    page.get_by_role("link", name="Trả lại").click()
    page.get_by_label("Thiếu minh chứng").check()
    page.get_by_label("Ghi rõ để cơ quan sửa được ngay").fill("Gửi kèm biên bản nghiệm thu.")
    page.get_by_role("button", name="Trả lại cơ quan").click()

    report.refresh_from_db()
    assert (report.status, report.review_note) == (
        ReportStatus.RETURNED,
        "Thiếu minh chứng. Gửi kèm biên bản nghiệm thu.",
    )


def test_the_overview_prints_on_two_pages(open_page, leader, report):
    page = open_page()
    log_in(page, leader)
    page.goto(reverse("overview"))

    printed = page.pdf(prefer_css_page_size=True)

    assert b"/Count 2" in printed or b"/Count 1" in printed


@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_targets_beside_directives_are_accessible_and_fit_the_screen(open_page, axe, leader, width, dark):
    make_plan()
    directive, _roster, _parts = make_measured_directive()
    page = open_page(width=width, dark=dark)
    log_in(page, leader)

    for address in (reverse("overview"), directive.get_absolute_url()):
        page.goto(address)

        assert page.locator("#chi-tieu").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        axe(page)


def test_a_leader_reads_the_verdict_and_opens_the_worst_target_without_scripts(open_page, leader):
    make_plan()
    page = open_page(width=360, javascript=False)
    log_in(page, leader)
    page.goto(reverse("overview"))

    expect(page.locator(".lead-line")).to_contain_text(
        "Dự báo cả năm đạt 2/6 chỉ tiêu; đáng lo nhất là SIM rác."
    )
    page.locator(".lead-line").get_by_role("link", name="SIM rác").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("SIM rác")


def test_the_overview_with_targets_prints_on_two_pages(open_page, leader, report):
    make_plan()
    page = open_page()
    log_in(page, leader)
    page.goto(reverse("overview"))

    printed = page.pdf(prefer_css_page_size=True)

    assert b"/Count 2" in printed or b"/Count 1" in printed
