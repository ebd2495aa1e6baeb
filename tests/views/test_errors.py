"""Refusals and failures say what happened and what to do."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory

from tests.factories import make_agency, make_user
from tracker.views import errors

pytestmark = pytest.mark.django_db
CODE = re.compile(r'<span class="code">(\d{3}-\d{6}-\d{6})</span>')


def test_unknown_address(client):
    client.force_login(make_user())

    response = client.get("/khong-co/")

    page = response.content.decode()
    assert response.status_code == 404
    assert "<h1>Không tìm thấy trang này</h1>" in page
    assert "Tìm nhiệm vụ" in page
    assert 'class="side-nav"' in page
    assert CODE.search(page)[1].startswith("404-")


def test_unknown_address_without_an_account_shows_no_menu(client):
    response = client.get("/khong-co/")

    page = response.content.decode()
    assert response.status_code == 404
    assert 'class="side-nav"' not in page
    assert "/nhiem-vu/" not in page


def test_refusal_names_the_person_s_role_and_agency(rf: RequestFactory):
    request = rf.get("/cho-duyet/")
    request.user = make_user(agency=make_agency(name="Huyện ủy Hải Hậu"))
    request.resolver_match = None

    response = errors.permission_denied(request, PermissionDenied())

    page = response.content.decode()
    assert response.status_code == 403
    assert "<h1>Bạn chưa có quyền làm việc này</h1>" in page
    assert "tại Huyện ủy Hải Hậu; trang hoặc thao tác này thuộc vai trò khác." in page


def test_failure_page_asks_the_database_nothing(rf: RequestFactory, django_assert_num_queries):
    request = rf.get("/nhiem-vu/")

    with django_assert_num_queries(0):
        response = errors.server_error(request)

    page = response.content.decode()
    assert response.status_code == 500
    assert "<h1>Hệ thống gặp trục trặc</h1>" in page
    assert "Những gì đã lưu vẫn còn." in page
    assert CODE.search(page)[1].startswith("500-")


def test_the_code_on_the_page_is_in_the_log(rf: RequestFactory, caplog):
    response = errors.server_error(rf.get("/nhiem-vu/"))

    code = CODE.search(response.content.decode())[1]
    assert f"{code} GET /nhiem-vu/" in caplog.text


def test_expired_form_changes_nothing_and_says_so():
    strict = Client(enforce_csrf_checks=True)

    response = strict.post("/dang-nhap/", {"username": "a", "password": "b"})

    assert response.status_code == 403
    assert "<h1>Trang đã hết hiệu lực, chưa có gì thay đổi</h1>" in response.content.decode()


def test_too_large_request_gets_a_sentence(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    response = client.post("/dang-nhap/", {"username": "a" * 2000, "password": "b"})

    assert response.status_code == 400
    assert "<h1>Không đọc được nội dung gửi lên</h1>" in response.content.decode()


@pytest.mark.parametrize("demo", [True, False])
def test_sample_data_is_labelled_on_every_page_of_the_demo(client, settings, rf, demo):
    settings.TRACKER_DEMO = demo
    client.force_login(make_user())
    pages = [
        client.get("/them/").content.decode(),
        client.get("/khong-co/").content.decode(),
        Client().get("/dang-nhap/").content.decode(),
        errors.server_error(rf.get("/")).content.decode(),
    ]

    assert ["Dữ liệu minh hoạ." in page for page in pages] == [demo] * 4


def test_an_address_cannot_write_its_own_line_into_the_log(client, caplog):
    client.get("/khong-co/%0A2026-01-01 ERROR tracker: %00%1b[2J/")

    messages = [record.getMessage() for record in caplog.records if record.name == "tracker.errors"]
    assert messages
    assert all(message.isprintable() for message in messages)


@pytest.mark.parametrize("address", ["/nhiem-vu/", "/khong-co/", "/quan-tri/", "/dang-nhap/"])
def test_no_page_stays_in_the_browser_s_store(client, address):
    client.force_login(make_user("officer"))

    response = client.get(address)

    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
