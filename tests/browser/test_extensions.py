"""The walk of an extension in a real browser: asked by the clerk, agreed to on the overview, taken back in time."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.test_shell import SCREENS, log_in
from tests.factories import TODAY, make_agency, make_assignment, make_document, make_extension, make_user

pytestmark = pytest.mark.django_db(transaction=True)

MAY, JULY = dt.date(2020, 5, 31), dt.date(2020, 7, 15)


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def assignment():
    """Late work of the centre, as on the overview's mock-up."""
    return make_assignment(make_agency(name="Trung tâm CNTT&TT"), due_on=MAY, title="An ninh thông tin mạng")


def due(assignment):
    assignment.refresh_from_db()
    directive = assignment.directive
    directive.refresh_from_db()
    return assignment.due_on, directive.due_on, directive.original_due_on


def ask_from_my_work(page, assignment):
    log_in(page, make_user(agency=assignment.agency))
    page.goto(reverse("my_work"))
    page.get_by_role("link", name=f"Xin gia hạn {assignment.directive.code}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xin gia hạn")
    page.get_by_label("Xin gia hạn đến").fill("15/7/2020")
    page.get_by_label("Lý do").fill("3 hệ thống phải thay thiết bị.")
    page.get_by_role("button", name="Gửi đề nghị").click()
    expect(page.get_by_text("Đã gửi đề nghị gia hạn.")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_the_clerk_asks_the_leader_agrees_and_both_dates_are_right(open_page, assignment, javascript):
    clerk, leader = open_page(javascript=javascript), open_page(javascript=javascript)
    ask_from_my_work(clerk, assignment)
    log_in(leader, make_user("leader"))
    leader.goto(reverse("overview"))
    row = leader.locator("#quyet")
    expect(row).to_contain_text("Gia hạn An ninh thông tin mạng: 31/5 → 15/7/2020")
    expect(row).to_contain_text("xin gia hạn sau khi quá hạn")

    row.get_by_role("button", name="Đồng ý").click()

    expect(leader).to_have_url(re.compile("/tong-quan/#quyet$"))
    bar = leader.get_by_role("status").filter(has_text="Đã đồng ý gia hạn cho Trung tâm CNTT&TT")
    expect(bar).to_contain_text("31/5/2020 → 15/7/2020")
    assert due(assignment) == (JULY, JULY, MAY)

    clerk.goto(assignment.directive.get_absolute_url())
    expect(clerk.locator(".metric-line").first).to_contain_text("15/7/2020")
    expect(clerk.locator(".metric-line").first).to_contain_text("hạn gốc 31/5/2020")
    expect(clerk.locator("#tien-do")).to_contain_text("Gia hạn 31/5 → 15/7/2020")
    clerk.goto(reverse("directive_history", args=[assignment.directive.code]))
    expect(clerk.get_by_role("table")).to_contain_text("31/5/2020 → 15/7/2020")


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_the_decision_is_taken_back_within_ten_seconds(open_page, assignment, javascript):
    make_extension(assignment)
    page = open_page(javascript=javascript)
    log_in(page, make_user("leader"))
    page.goto(reverse("overview"))
    page.locator("#quyet").get_by_role("button", name="Đồng ý").click()
    expect(page.get_by_text("Đã đồng ý gia hạn cho")).to_be_visible()

    page.get_by_role("button", name="Hoàn tác (10 giây)").click()

    expect(page.get_by_text("Đã hoàn tác quyết định")).to_be_visible()
    expect(page).to_have_url(re.compile("/tong-quan/#quyet$"))
    expect(page.locator("#quyet").get_by_role("button", name="Đồng ý")).to_be_visible()
    assert due(assignment) == (MAY, MAY, MAY)
    assert assignment.directive.extension_count == 0


def test_the_button_goes_after_ten_seconds_and_the_sentence_stays(page, assignment):
    make_extension(assignment)
    log_in(page, make_user("leader"))
    page.clock.install()
    page.goto(reverse("overview"))
    page.locator("#quyet").get_by_role("button", name="Đồng ý").click()
    undo = page.get_by_role("button", name="Hoàn tác (10 giây)")
    expect(undo).to_be_visible()

    page.clock.fast_forward(10_500)

    expect(undo).to_be_hidden()
    expect(page.get_by_text("Đã đồng ý gia hạn cho")).to_be_visible()


def test_the_leader_proposes_another_date_and_the_agency_accepts_it(open_page, assignment):
    make_extension(assignment)
    leader, clerk = open_page(), open_page(width=360)
    log_in(leader, make_user("leader"))
    leader.goto(reverse("overview"))
    leader.locator("#quyet").get_by_role("link", name="Không").click()
    leader.get_by_label("Đề xuất hạn khác").check()
    leader.get_by_role("textbox", name="Hạn khác").fill("30/6/2020")
    leader.get_by_role("button", name="Lưu quyết định").click()
    expect(leader.get_by_text("chờ cơ quan trả lời")).to_be_visible()

    log_in(clerk, make_user(agency=assignment.agency))
    clerk.goto(reverse("my_work"))
    clerk.get_by_role("link", name="Trả lời hạn đề xuất").click()
    clerk.get_by_label("Nhận hạn đề xuất").check()
    clerk.get_by_role("button", name="Gửi trả lời").click()

    expect(clerk.get_by_text("Đã nhận hạn đề xuất; hạn mới là 30/6/2020.")).to_be_visible()
    assert due(assignment) == (dt.date(2020, 6, 30), dt.date(2020, 6, 30), MAY)


@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_every_page_is_accessible_and_fits_the_screen(open_page, axe, assignment, width, dark):
    officer, leader = make_user("officer"), make_user("leader")
    asked, proposed = make_extension(assignment), make_extension(state="proposed")
    make_extension(state="granted")
    asked.assignment.directive.correct_deadline(
        dt.date(2020, 6, 20), by=officer, reason="Nhập nhầm.", source=make_document()
    )
    directive = assignment.directive
    addresses = {
        leader: [
            reverse("overview"),
            reverse("extension_list") + "?tt=all",
            reverse("extension_detail", args=[asked.pk]),
            reverse("extension_decide", args=[asked.pk]),
            reverse("decision_take", args=["extension", asked.pk]),
            reverse("correction_list"),
            directive.get_absolute_url(),
        ],
        officer: [
            reverse("deadline_correct", args=[directive.code]),
            reverse("deadline_correct_many") + f"?nv={directive.pk}",
        ],
        make_user(agency=proposed.agency): [reverse("extension_answer", args=[proposed.pk])],
    }
    asker = make_assignment(due_on=MAY)
    addresses[make_user(agency=asker.agency)] = [
        reverse("extension_ask", args=[asker.pk]),
        reverse("my_work"),
    ]

    for user, pages in addresses.items():
        page = open_page(width=width, dark=dark)
        log_in(page, user)
        for address in pages:
            page.goto(address)

            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
            axe(page)


@pytest.mark.parametrize("width", [1440, 360])
def test_several_deadlines_are_looked_at_and_then_corrected(open_page, axe, assignment, width):
    make_document(number="118/TB-UBND")
    other = make_assignment(due_on=TODAY)
    page = open_page(width=width)
    log_in(page, make_user("officer"))
    rows = "&".join(f"nv={row.directive_id}" for row in (assignment, other))
    page.goto(reverse("deadline_correct_many") + f"?{rows}")
    page.get_by_label("Hạn đúng").fill("15/7/2020")
    page.get_by_label("Sai ở đâu").fill("Phụ lục ghi 15/7.")
    page.get_by_label("Văn bản làm căn cứ").fill("118/TB-UBND")
    page.get_by_role("button", name="Xem trước").last.click()
    expect(page.get_by_role("heading", name="2 hạn sẽ đổi")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    axe(page)

    page.get_by_role("button", name="Đính chính 2 hạn").click()

    expect(page.get_by_text("Đã đính chính hạn của 2 nhiệm vụ.")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("31/5 → 15/7/2020")
    assert due(assignment) == (JULY, JULY, MAY)
