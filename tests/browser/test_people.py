"""The administrator at work in a real browser: an account is added, and the second door keeps the content policy."""

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD, make_agency, make_assignment, make_department, make_user
from tracker.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def log_in(page, user):
    page.goto("/dang-nhap/")
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")


@pytest.mark.parametrize("width", [1440, 360])
def test_an_account_is_added_and_its_link_shown(open_page, axe, width):
    make_assignment(make_agency(name="Huyện ủy Hải Hậu"))
    page = open_page(width=width)
    log_in(page, make_user("admin"))
    axe(page)

    page.goto("/nguoi-dung/them/")
    page.fill("[name=full_name]", "Nguyễn Thu Hà")
    page.press("[name=full_name]", "Tab")
    expect(page.locator("[name=username]")).to_have_value("ha.nt")
    page.fill("[name=agency]", "huyen uy hai hau")
    page.check("[name=role][value=agency_head]")
    page.wait_for_selector("#vai-tro-lam-duoc .count:has-text('Lãnh đạo cơ quan')")
    axe(page)
    page.click("form .sticky-actions button")

    page.wait_for_selector("text=Liên kết một lần, chỉ hiện lúc này")
    axe(page)
    assert User.objects.get(username="ha.nt").role == "agency_head"


def test_every_page_works_without_javascript(open_page):
    person = make_user(agency=make_department())
    page = open_page(javascript=False)
    log_in(page, make_user("admin"))

    page.goto(f"/nguoi-dung/{person.pk}/khoa/")
    page.fill("[name=reason]", "Chuyển công tác")
    page.click("form .sticky-actions button")

    person.refresh_from_db()
    assert not person.is_active


def test_the_admin_needs_no_exception_from_the_content_policy(open_page):
    assignment = make_assignment(make_department())
    page = open_page()
    log_in(page, make_user("officer"))

    for where in (
        "/quan-tri/",
        "/quan-tri/tracker/directive/",
        "/quan-tri/tracker/directive/add/",
        f"/quan-tri/tracker/directive/{assignment.directive.pk}/change/",
        f"/quan-tri/tracker/directive/{assignment.directive.pk}/buoc/giao/",
        "/quan-tri/tracker/document/add/",
        f"/quan-tri/tracker/assignment/{assignment.pk}/buoc/bao-cao/",
    ):
        answer = page.goto(where)

        assert answer.status == 200, where
