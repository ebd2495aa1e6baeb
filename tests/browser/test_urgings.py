"""Urging in a real browser: rows ticked in the register, the preview, the agency's answer with a file."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD, TODAY, make_agency, make_assignment, make_urging, make_user

pytestmark = pytest.mark.django_db(transaction=True)

SENT = re.compile(r"/don-doc/\d+/$")
PDF = {"name": "giai-trinh.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings, tmp_path):
    settings.TRACKER_TODAY = TODAY
    settings.TRACKER_DEMO = True
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def officer():
    return make_user("officer", username="quang.tm", full_name="Trần Minh Quang")


@pytest.fixture
def work(officer):
    """Two overdue directives of two agencies, and one in time."""
    agencies = [make_agency(name=name) for name in ("Sở Nội vụ", "Sở Y tế", "Sở Tài chính")]
    make_user(agency=agencies[0], username="ha.nt", full_name="Nguyễn Thu Hà")
    days = [dt.date(2020, 5, 31), dt.date(2020, 6, 5), dt.date(2020, 12, 20)]
    return [
        make_assignment(agency, due_on=day, status="in_progress", by=officer)
        for agency, day in zip(agencies, days, strict=True)
    ]


def log_in(page, username="quang.tm"):
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "dang-nhap" not in url)


def test_from_ticked_rows_to_the_answer(page, open_page, work, axe):
    log_in(page)
    page.goto("/nhiem-vu/")
    for row in work[:2]:
        page.get_by_label(f"Chọn {row.directive.code}").check()
    expect(page.locator("[data-chosen]")).to_have_text("Đã chọn: 2")
    axe(page)
    page.get_by_role("button", name="Đôn đốc").click()
    page.wait_for_url(re.compile("/don-doc/soan/"))
    expect(page.get_by_role("row", name="Sở Nội vụ")).to_contain_text("quá 16 ngày (hạn 31/5/2020)")
    axe(page)
    page.get_by_label("Yêu cầu giải trình").check()
    page.get_by_role("button", name="Gửi đôn đốc").click()
    page.wait_for_url(SENT)
    expect(page.get_by_role("status").first).to_contain_text("Đã đôn đốc 2 cơ quan.")
    axe(page)

    theirs = open_page(width=360)
    log_in(theirs, "ha.nt")
    theirs.goto("/viec-cua-toi/")
    expect(theirs.locator(".callout--warn")).to_contain_text("Yêu cầu giải trình")
    axe(theirs)
    theirs.locator(".callout--warn").get_by_role("link", name="Trả lời").click()
    theirs.wait_for_url(re.compile("/tra-loi/"))
    axe(theirs)
    theirs.get_by_label("Nội dung trả lời").fill("Chờ thiết bị, xong trước 25/6.")
    theirs.locator("input[type=file]").set_input_files(PDF)
    theirs.get_by_role("button", name="Gửi trả lời").click()
    theirs.wait_for_url(SENT)
    expect(theirs.get_by_role("status").first).to_contain_text("Đã gửi trả lời.")
    axe(theirs)

    page.reload()
    row = page.get_by_role("row", name="Sở Nội vụ")
    expect(row).to_contain_text("Chờ thiết bị, xong trước 25/6.")
    expect(row.get_by_role("link", name="giai-trinh.pdf")).to_be_visible()


def test_the_whole_page_is_ticked_at_once(page, work):
    log_in(page)
    page.goto("/nhiem-vu/")

    page.get_by_label("Chọn cả trang").check()
    page.get_by_role("button", name="Đôn đốc").click()
    page.wait_for_url(re.compile("/don-doc/soan/"))

    expect(page.locator("#id_agencies tbody tr")).to_have_count(2)
    expect(page.get_by_text("Không đôn đốc: không chậm")).to_be_visible()


def test_without_script_rows_are_ticked_and_sent_too(open_page, work):
    plain = open_page(javascript=False)
    log_in(plain)
    plain.goto("/nhiem-vu/")
    expect(plain.get_by_text("Chọn cả trang")).to_be_hidden()

    plain.get_by_label(f"Chọn {work[1].directive.code}").check()
    plain.get_by_role("button", name="Đôn đốc").click()
    plain.get_by_role("button", name="Gửi đôn đốc").click()

    expect(plain.get_by_text("Đã đôn đốc 1 cơ quan.")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 360])
def test_the_pages_are_accessible_and_fit(open_page, work, officer, axe, width):
    urging = make_urging(
        work[0].agency, about=work[:1], by=officer, grade="letter", answer_due_on=dt.date(2020, 6, 12)
    )
    page = open_page(width=width)
    log_in(page)

    for address in (
        "/nhiem-vu/",
        "/don-doc/",
        "/don-doc/?tt=overdue",
        urging.get_absolute_url(),
        f"/don-doc/soan/?nv={work[0].directive.pk}",
        "/don-doc/soan/?cham=1",
        work[0].directive.get_absolute_url(),
    ):
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def test_on_paper_the_register_has_no_boxes(page, work):
    log_in(page)
    page.goto("/nhiem-vu/")
    box = page.get_by_label(f"Chọn {work[0].directive.code}")
    expect(box).to_be_visible()

    page.emulate_media(media="print")

    expect(box).to_be_hidden()
