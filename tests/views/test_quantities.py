"""The words of a number while it is being typed."""

import re

import pytest
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.django_db
HTMX = {"hx-request": "true"}


@pytest.fixture
def clerk(client):
    client.force_login(make_user())
    return client


def ask(client, **parameters):
    return client.get(reverse("quantity_preview"), parameters, headers=HTMX).content.decode()


def test_a_number_is_read_back_under_the_name_of_its_control(clerk):
    part = ask(clerk, unit="tỷ đồng", o="form-0-value", **{"form-0-value": "1.720"})

    assert "Đọc là: một nghìn bảy trăm hai mươi tỷ đồng." in part
    assert '<input type="hidden" name="form-0-value-seen" value="1.720">' in part
    assert "field-warn" in part
    assert "<html" not in part


def test_a_clear_number_is_read_back_without_a_warning(clerk):
    part = ask(clerk, unit="%", text="8,6")

    assert "Đọc là: tám phẩy sáu phần trăm." in part
    assert "field-warn" not in part


def test_what_cannot_be_read_is_said_and_not_taken_as_seen(clerk):
    part = ask(clerk, unit="%", text="1_000")

    assert "Ghi một số, ví dụ 1.720,5 hoặc 160 nghìn." in part
    assert "-seen" not in part


def test_an_empty_control_has_no_words(clerk):
    part = ask(clerk, unit="%", o="value", value="")

    assert re.sub(r"<[^>]+>|\s", "", part) == ""


def test_without_a_script_it_is_a_page(clerk):
    page = clerk.get(reverse("quantity_preview"), {"text": "160 nghìn", "unit": "thuê bao"})

    assert page.status_code == 200
    assert "Đọc là: một trăm sáu mươi nghìn thuê bao." in page.content.decode()
    assert "<html" in page.content.decode()


@pytest.mark.parametrize(
    "text", ["", "\x00", "9" * 5000, "<script>alert(1)</script>", "\u202e5", "1" + "0" * 99, "NaN"]
)
def test_no_text_breaks_the_answer(clerk, text):
    for part in ("text", "unit", "o"):
        for headers in ({}, HTMX):
            answer = clerk.get(reverse("quantity_preview"), {"text": "5", part: text}, headers=headers)

            assert answer.status_code == 200
            assert "<script>alert" not in answer.content.decode()


def test_it_asks_the_database_nothing_about_numbers(clerk, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):  # who is asking
        ask(clerk, unit="%", text="8,6")


def test_it_is_for_people_with_an_account(client):
    answer = client.get(reverse("quantity_preview"), {"text": "5"})

    assert answer.status_code == 302
    assert answer.url.startswith("/dang-nhap/")
