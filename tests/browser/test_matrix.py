"""The adoption matrix in a real browser: urging those behind, narrow screens, both themes, on paper."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD, TODAY, make_user
from tests.views.adoption import make_adoption
from tracker.models import Urging

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY
    settings.TRACKER_DEMO = True


@pytest.fixture
def world():
    make_user("officer", username="quang.tm", full_name="Trần Minh Quang")
    return make_adoption()


def log_in(page, username="quang.tm"):
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "dang-nhap" not in url)


def test_an_officer_urges_those_behind_and_the_agency_reads_it(page, open_page, world, axe):
    make_user(username="lan.nt", agency=world.agencies[1])
    log_in(page)
    page.get_by_role("link", name="Ma trận triển khai").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("phần mềm và chữ ký số")
    axe(page)

    page.get_by_role("link", name="Đôn đốc 3 cơ quan chưa đạt").click()
    axe(page)
    page.get_by_label("Huyện ủy Ý Yên").uncheck()
    page.get_by_label("Trả lời trước").fill("19/6/2020")
    page.get_by_role("button", name="Gửi đôn đốc").click()
    page.wait_for_url(re.compile(r"/don-doc/\d+/"))
    expect(page.get_by_role("status").first).to_contain_text("Đã đôn đốc 2 cơ quan.")
    axe(page)

    theirs = open_page(width=360)
    log_in(theirs, "lan.nt")
    theirs.goto("/viec-cua-toi/")
    expect(theirs.locator(".callout--warn")).to_contain_text("Lãnh đạo: 1/3 (cần 100%)")
    axe(theirs)
    theirs.goto("/ma-tran/")
    expect(theirs.locator("tbody tr th[scope=row]")).to_have_count(1)
    axe(theirs)
    assert Urging.objects.get().recipients.count() == 2


def test_a_chip_shows_as_many_rows_as_it_says(page, world):
    log_in(page)
    page.goto("/ma-tran/")

    page.get_by_role("link", name="Chưa đạt 3").click()

    expect(page.locator("tbody tr th[scope=row]")).to_have_count(3)
    expect(page.locator(".chip[aria-current=true]")).to_have_text("Chưa đạt 3")


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_the_table_scrolls_and_the_names_stay(open_page, world, axe, dark):
    page = open_page(width=360, height=740, dark=dark)
    log_in(page)
    page.goto("/ma-tran/")
    axe(page)
    wrap = page.locator(".table-wrap")
    name = page.locator("tbody tr th[scope=row]").first
    before = name.bounding_box()["x"]

    wrap.evaluate("box => box.scrollLeft = 400")

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert wrap.evaluate("box => box.scrollLeft") > 0
    assert abs(name.bounding_box()["x"] - before) < 2


def test_lists_are_kept_and_bodies_marked_without_script(open_page, world, axe):
    plain = open_page(javascript=False)
    log_in(plain)
    plain.goto(f"/chi-tieu/{world.lists[0].code}/danh-sach/")
    plain.get_by_role("row", name="Huyện ủy Ý Yên").get_by_role("link").click()
    plain.get_by_label("Đã dùng").check()
    plain.get_by_role("textbox", name="Từ ngày").fill("15/6/2020")
    plain.get_by_label("Minh chứng hoặc lý do").fill("Biên bản kiểm tra")
    plain.get_by_role("button", name="Lưu mức").click()

    expect(plain.get_by_text("Đã ghi mức: Huyện ủy Ý Yên.")).to_be_visible()
    expect(plain.get_by_role("row", name="Huyện ủy Ý Yên")).to_contain_text("Đã dùng từ 15/6")


@pytest.mark.parametrize("width", [1440, 360])
def test_the_pages_of_a_list_are_accessible(open_page, world, axe, width):
    page = open_page(width=width)
    log_in(page)

    for address in (
        f"/chi-tieu/{world.lists[0].code}/danh-sach/",
        f"/danh-sach/{world.software.bodies.first().pk}/trang-thai/",
        "/don-doc/",
        f"/don-doc/soan/?ct={world.parent.code}",
    ):
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def test_on_paper_the_heat_is_printed(page, world):
    log_in(page)
    page.goto("/ma-tran/")
    page.emulate_media(media="print")

    cell = page.locator("td.q4").first

    assert cell.evaluate("cell => getComputedStyle(cell).printColorAdjust") == "exact"
    expect(page.get_by_role("link", name="Đôn đốc 3 cơ quan chưa đạt")).to_be_hidden()
