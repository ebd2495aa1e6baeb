"""The frame of the pages in a real browser: log-in, error pages, and the small script."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db(transaction=True)

SCREENS = [(1440, False), (360, False), (1440, True), (360, True)]

FORM = """
<form method="post" action="/ho-so/" data-guard data-draft="1-7" id="thu">
  <label>Kết quả <textarea name="done">cũ</textarea></label>
  <label>Mức <input id="pct" name="pct" value="72,5"></label>
  <button type="button" data-step="5" data-for="pct" hidden>+5</button>
  <div data-offline hidden>Mất kết nối</div>
  <div data-restore hidden><button type="button" data-restore-yes>Lấy lại</button>
    <button type="button" data-restore-no>Bỏ</button></div>
  <button type="submit">Nộp</button>
</form>
<form id="chon"><input type="checkbox" data-check-all="id" aria-label="Chọn cả trang">
  <input type="checkbox" name="id" value="1" aria-label="1"><input type="checkbox" name="id" value="2" aria-label="2">
</form>
</main>
"""


def log_in(page, user):
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập hoặc thư công vụ").fill(user.username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "/dang-nhap/" not in url)


def open_form(page):
    """A real page with one more form in it, as a long report has."""

    def add_form(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", FORM))

    page.route("**/them/", add_form)
    page.goto("/them/")


@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_log_in_and_its_errors_are_accessible(open_page, axe, width, dark):
    page = open_page(width=width, dark=dark)
    page.goto("/dang-nhap/")
    axe(page)

    page.get_by_role("button", name="Đăng nhập").click()

    expect(page).to_have_title(re.compile("^Lỗi: Đăng nhập"))
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    axe(page)


@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_frame_and_error_pages_are_accessible(open_page, axe, width, dark):
    page = open_page(width=width, dark=dark)
    log_in(page, make_user("officer"))

    for address in ("/them/", "/ho-so/", "/doi-mat-khau/", "/khong-co/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        axe(page)


def test_everything_is_reached_without_scripts(open_page):
    user = make_user("staff")
    page = open_page(javascript=False)
    log_in(page, user)

    page.goto("/them/")
    page.locator("main").get_by_role("button", name="English").click()
    page.goto("/them/")
    page.locator("main").get_by_role("button", name="Log out").click()

    user.refresh_from_db()
    assert user.language == "en"
    expect(page).to_have_url(re.compile("/dang-nhap/$"))


def test_menu_closes_on_escape_and_on_a_click_elsewhere(page):
    log_in(page, make_user())
    page.goto("/them/")
    menu = page.locator("details.menu")

    menu.locator("summary").click()
    assert menu.get_attribute("open") is not None
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"

    menu.locator("summary").click()
    page.locator("h1").click()
    assert menu.get_attribute("open") is None


def test_a_form_is_sent_once(page):
    log_in(page, make_user())
    open_form(page)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)

    page.evaluate("const f = document.getElementById('thu'); f.requestSubmit(); f.requestSubmit()")
    page.wait_for_url("**/ho-so/")

    assert len(sent) == 1


def test_leaving_a_changed_form_asks_first(page):
    log_in(page, make_user())
    open_form(page)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    page.get_by_label("Kết quả").press_sequentially("mới")
    page.goto("/ho-so/")
    page.goto("/them/")

    assert asked == ["beforeunload"]


def test_text_survives_a_lost_network(page):
    log_in(page, make_user())
    open_form(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_label("Kết quả").fill("Đã cấp 51 tài khoản")

    page.context.set_offline(True)
    page.get_by_role("button", name="Nộp").click()
    assert page.locator("[data-offline]").is_visible()
    page.context.set_offline(False)
    page.goto("/ho-so/")
    page.goto("/them/")
    page.get_by_role("button", name="Lấy lại").click()

    assert page.get_by_label("Kết quả").input_value() == "Đã cấp 51 tài khoản"
    assert page.evaluate("localStorage.length") == 0


def test_steps_and_boxes(page):
    log_in(page, make_user())
    open_form(page)

    page.get_by_role("button", name="+5").click()
    page.get_by_label("Chọn cả trang").check()

    assert page.get_by_label("Mức").input_value() == "78"
    assert page.locator("#chon input:checked").count() == 3
