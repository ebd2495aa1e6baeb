"""A number is read back in words while it is being typed, under the content policy of every page."""

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def opened(page):
    page.goto("/dang-nhap/")
    page.fill("#id_username", make_user().username)
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda address: "dang-nhap" not in address)
    page.goto("/doc-so/?unit=tỷ đồng")
    return page


def test_the_words_follow_the_typing(page, axe):
    opened(page)

    page.fill("#id_text", "1.720")

    words = page.locator("#id_text_words")
    expect(words).to_contain_text("Đọc là: một nghìn bảy trăm hai mươi tỷ đồng.")
    expect(words.locator("[name=text-seen]")).to_have_value("1.720")
    expect(page.locator("#doc-len")).to_contain_text("một nghìn bảy trăm hai mươi")
    axe(page)

    page.fill("#id_text", "1.72.0")

    expect(words).to_contain_text("Ghi một số, ví dụ 1.720,5 hoặc 160 nghìn.")
    expect(words.locator("[name=text-seen]")).to_have_count(0)


def test_without_a_script_the_button_reads_it(open_page):
    page = opened(open_page(width=360, javascript=False))

    page.fill("#id_text", "160,5")
    page.click("main button[type=submit]")

    expect(page.locator("#id_text_words")).to_contain_text("Đọc là: một trăm sáu mươi phẩy năm tỷ đồng.")
