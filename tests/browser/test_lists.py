"""The lists in a real browser: filters that swap the list, names offered while typing, no script, phones."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from tests.factories import (
    PASSWORD,
    TODAY,
    make_agency,
    make_assignment,
    make_directive,
    make_document,
    make_field,
    make_report,
    make_user,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY
    settings.TRACKER_DEMO = True


@pytest.fixture
def officer():
    return make_user("officer", username="quang.tm", full_name="Trần Minh Quang")


@pytest.fixture
def register(officer):
    """Thirty directives; one is overdue, one is led by a district."""
    field, other = make_field(code="in", name="In"), make_field(code="bao-chi", name="Báo chí")
    document = make_document(kind="decree", number="49/2017/NĐ-CP")
    late = make_directive(
        title="Rà soát thuê bao trả trước", field=other, due_on=dt.date(2020, 5, 31), document=document
    )
    assignment = make_assignment(
        make_agency(code="H01", name="UBND huyện Giao Thủy"), directive=late, by=officer
    )
    make_report(assignment, state="submitted")
    for number in range(29):
        make_directive(title=f"Việc thứ {number}", field=field, document=document)
    return document


def log_in(page):
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill("quang.tm")
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "dang-nhap" not in url)


def test_a_filter_swaps_the_list_and_the_address_and_back_brings_it_back(page, register):
    log_in(page)
    page.goto("/nhiem-vu/")

    page.get_by_label("Trạng thái", exact=True).select_option("Quá hạn")

    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/nhiem-vu/\?tt=late&sx=chu-y$|/nhiem-vu/\?tt=late$"))
    expect(page.locator(".views [aria-current]")).to_contain_text("Quá hạn")
    expect(page.locator("#doc-len")).to_have_text("1 nhiệm vụ")

    page.go_back()

    expect(page.locator("tbody tr")).to_have_count(25)


def test_names_are_offered_while_typing_and_the_chosen_one_filters(page, register):
    log_in(page)
    page.goto("/nhiem-vu/")

    page.get_by_label("Chủ trì").press_sequentially("giao th")
    expect(page.locator("#co-quan-chon option")).to_have_count(1)
    page.get_by_label("Chủ trì").fill("UBND huyện Giao Thủy")
    page.get_by_label("Chủ trì").press("Enter")

    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("Rà soát thuê bao trả trước")


def test_pages_are_turned_and_orders_changed_without_loading_the_frame(page, register):
    log_in(page)
    page.goto("/nhiem-vu/")

    page.get_by_role("link", name="Trang 2", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(5)
    page.get_by_label("Sắp xếp").select_option("Mã nhiệm vụ")

    expect(page.locator("tbody tr")).to_have_count(25)
    expect(page).to_have_url(re.compile(r"sx=ma"))
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Nhiệm vụ")


def test_the_list_works_without_script(open_page, register):
    page = open_page(javascript=False)
    log_in(page)
    page.goto("/nhiem-vu/")

    page.get_by_label("Lĩnh vực").select_option("Báo chí")
    page.get_by_label("Chủ trì").fill("giao thuy")
    page.get_by_label("Sắp xếp").select_option("Hạn gần nhất")
    page.get_by_role("button", name="Lọc", exact=True).click()

    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"sx=han"))
    expect(page.get_by_label("Chủ trì")).to_have_value("UBND huyện Giao Thủy")


def test_a_phone_folds_the_filters_and_shows_cards(open_page, register):
    page = open_page(width=360)
    log_in(page)
    page.goto("/nhiem-vu/")

    expect(page.get_by_label("Lĩnh vực")).to_be_hidden()
    page.get_by_text("Bộ lọc", exact=True).click()

    expect(page.get_by_label("Lĩnh vực")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_on_the_lists(open_page, axe, register, width, dark):
    page = open_page(width=width, dark=dark)
    log_in(page)

    for address in [
        "/nhiem-vu/",
        "/nhiem-vu/?tt=foo&q=zzz&lv=in",
        "/luot-giao/",
        "/bao-cao/",
        "/van-ban/",
        f"/van-ban/{register.pk}/",
        f"/van-ban/{register.pk}/sua/",
    ]:
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
