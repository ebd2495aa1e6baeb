"""The whole journey in one browser: a user is added, an article's directive given out, reported on, returned,
reported again, confirmed – and the leader's page shows it."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD, TODAY, make_user
from tracker.models import Agency, Directive, ReportStatus, Status, User
from tracker.register_data import load_article, load_reference

pytestmark = pytest.mark.django_db(transaction=True)

OWN_PASSWORD = "Con sông xanh 1907"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def register(settings):
    """What `make run DEMO=0` starts with, and one administrator, officer and leader."""
    settings.TRACKER_TODAY = TODAY
    load_reference()
    load_article()
    unit = {code: Agency.objects.get(code=code) for code in ("S01", "O03", "O07")}
    make_user("admin", username="lam.dv", full_name="Đỗ Văn Lâm", agency=unit["O07"])
    make_user("officer", username="quang.tm", full_name="Trần Minh Quang", agency=unit["O03"])
    make_user("leader", username="hoa.vd", full_name="Vũ Đức Hòa", agency=unit["S01"])


def sign_in(page, username: str, password: str = PASSWORD) -> None:
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu", exact=True).fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page).not_to_have_url(re.compile("dang-nhap"))


@pytest.mark.parametrize("width", [1440, 360])
def test_from_a_new_user_to_a_changed_overview(open_page, axe, register, width):
    def visit(page):
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    # The administrator adds a user of a Party agency.
    admin = open_page(width=width)
    sign_in(admin, "lam.dv")
    admin.goto("/nguoi-dung/")
    visit(admin)
    admin.get_by_role("link", name="Thêm người dùng").click()
    admin.get_by_label("Họ và tên").fill("Nguyễn Thu Hà")
    admin.get_by_label("Cơ quan", exact=True).fill("Huyện ủy Hải Hậu")
    admin.get_by_role("radio", name="Cán bộ cơ quan").check()
    visit(admin)
    admin.get_by_role("button", name="Thêm người dùng").click()
    shown = admin.locator(".callout--ok", has=admin.locator("[translate=no]"))
    expect(shown).to_contain_text("ha.nt")
    link = urlsplit(shown.locator("[translate=no]").inner_text()).path

    # The officer opens one of the article's directives and gives it to two bodies.
    officer = open_page(width=width)
    sign_in(officer, "quang.tm")
    officer.goto("/nhiem-vu/?q=chu+ky+so")
    visit(officer)
    officer.get_by_role("link", name=re.compile("sử dụng chữ ký số")).first.click()
    expect(officer.get_by_text("phấn đấu hết quý II tất cả các cơ quan Đảng").first).to_be_visible()
    visit(officer)
    officer.get_by_role("link", name="Giao nhiệm vụ").first.click()
    officer.get_by_label(re.compile("^Cơ quan chủ trì")).fill("Huyện ủy Hải Hậu")
    visit(officer)
    officer.get_by_role("button", name="Xem danh sách sẽ giao").click()
    expect(officer.get_by_text("Huyện ủy Hải Hậu").first).to_be_visible()
    visit(officer)
    officer.get_by_role("button", name=re.compile("^Giao cho")).click()
    expect(officer).to_have_url(re.compile("/nhiem-vu/D10/$"))

    # The new user chooses a password behind the link, then reports with evidence.
    clerk = open_page(width=width)
    clerk.goto(link)
    clerk.get_by_label("Mật khẩu mới", exact=True).fill(OWN_PASSWORD)
    clerk.get_by_label("Nhập lại mật khẩu mới").fill(OWN_PASSWORD)
    visit(clerk)
    with clerk.expect_navigation():
        clerk.get_by_role("button", name="Đặt mật khẩu").click()
    sign_in(clerk, "ha.nt", OWN_PASSWORD)
    clerk.goto("/viec-cua-toi/")
    visit(clerk)
    with clerk.expect_response(lambda answer: answer.request.method == "POST"):
        clerk.get_by_role("button", name="Tiếp nhận").click()
    clerk.goto("/viec-cua-toi/")
    clerk.get_by_role("link", name=re.compile("Báo cáo lần lượt")).click()
    clerk.get_by_role("radio", name=re.compile("^Hoàn thành")).check()
    clerk.get_by_label("Mức hoàn thành").fill("100")
    clerk.get_by_label("Kết quả trong kỳ").fill("Đã cấp chữ ký số cho 3/3 lãnh đạo.")
    clerk.get_by_label(re.compile("Ngày hoàn thành")).fill("15/6/2020")
    clerk.locator("input[type=file]").set_input_files(
        {"name": "Quyết định cấp.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    visit(clerk)
    clerk.get_by_role("button", name=re.compile("^Nộp")).first.click()
    expect(clerk).not_to_have_url(re.compile("bao-cao/$"))
    directive = Directive.objects.get(code="D10")
    assert directive.status == Status.AWAITING
    assert directive.assignments.get().reports.get().evidence.get().title == "Quyết định cấp.pdf"

    # The officer returns it with a reason; the clerk reads it and hands it in again.
    officer.goto("/cho-duyet/")
    visit(officer)
    officer.locator(".queue a", has_text="Huyện ủy Hải Hậu").click()
    expect(officer).to_have_url(re.compile(r"/cho-duyet/\d+/"))
    visit(officer)
    officer.get_by_role("link", name="Trả lại").click()
    expect(officer).to_have_url(re.compile("tra-lai"))
    officer.get_by_label(re.compile("Ghi rõ|Nội dung|Lý do")).last.fill(
        "Bổ sung danh sách lãnh đạo đã có chứng thư số."
    )
    visit(officer)
    officer.get_by_role("button", name=re.compile("Trả lại")).click()
    clerk.goto("/viec-cua-toi/")
    expect(clerk.get_by_text("Bổ sung danh sách lãnh đạo")).to_be_visible()
    visit(clerk)
    clerk.get_by_role("link", name="Sửa và nộp lại").click()
    clerk.get_by_label("Kết quả trong kỳ").fill("Đã cấp chữ ký số cho 3/3 lãnh đạo; danh sách kèm theo.")
    clerk.get_by_role("button", name=re.compile("^Nộp")).first.click()
    expect(clerk).not_to_have_url(re.compile("bao-cao/$"))

    # The leader sees it waiting, confirms it in the row, and the page changes.
    leader = open_page(width=width)
    sign_in(leader, "hoa.vd")
    leader.goto("/tong-quan/")
    expect(leader.locator("#quyet")).to_contain_text("sử dụng chữ ký số")
    done = leader.locator(".status-key a[href*='tt=done']:not([href*='donelate']) b")
    expect(done).to_have_count(0)
    visit(leader)
    with leader.expect_response(lambda answer: answer.request.method == "POST"):
        leader.locator("#quyet").get_by_role("button", name=re.compile("^Xác nhận")).click()
    leader.goto("/tong-quan/")
    expect(leader.locator("#quyet")).not_to_contain_text("sử dụng chữ ký số")
    expect(leader.locator(".status-key a[href*='tt=done']:not([href*='donelate']) b")).to_have_text("1")
    visit(leader)

    directive.refresh_from_db()
    report = directive.assignments.get().reports.get()
    assert (directive.status, f"{directive.completed_on}") == (Status.COMPLETED, "2020-06-15")
    assert (report.status, report.reviewed_by) == (
        ReportStatus.CONFIRMED,
        User.objects.get(username="hoa.vd"),
    )
    steps = list(report.events.order_by("pk").values_list("status", flat=True))
    assert steps == ["submitted", "returned", "submitted", "confirmed"]
