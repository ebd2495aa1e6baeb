"""One menu for the side, the phone's bar and the page "More"."""

import pytest
from django.urls import reverse

from tests.factories import make_user
from tracker.models import User
from tracker.navigation import HOME, SECTIONS, TAB_BAR, menu_for

pytestmark = pytest.mark.django_db

OVERSEERS = {"overview", "warning_list", "completeness", "urging_list", "report_list"}
EVERYBODY = {
    "directive_list",
    "assignment_list",
    "extension_list",
    "document_list",
    "help",
    "indicator_list",
    "period_list",
    "notice_list",
}


def names(menu):
    return {link.place.url_name for _, links in menu.sections for link in links}


@pytest.mark.parametrize(
    ("role", "more"),
    [
        ("staff", {"my_work"}),
        ("agency_head", OVERSEERS | {"my_work"}),
        ("officer", OVERSEERS | {"review_queue", "my_work", "import_list", "admin:index"}),
        ("leader", OVERSEERS | {"review_queue"}),
        ("admin", {"user_list", "agency_list", "mail_list", "import_list", "admin:index"}),
        ("viewer", OVERSEERS),
    ],
)
def test_each_role_sees_its_places(role, more):
    menu = menu_for(make_user(role), {})

    assert names(menu) == EVERYBODY | more


@pytest.mark.parametrize("role", User.Role.values)
def test_the_phone_s_bar_has_three_places_that_the_role_may_see(role):
    menu = menu_for(make_user(role), {})

    assert tuple(link.place.url_name for link in menu.tabs) == TAB_BAR[role]
    assert HOME[role] == TAB_BAR[role][0]


@pytest.mark.parametrize(
    ("page", "place"),
    [
        ("directive_detail", "directive_list"),
        ("review_detail", "review_queue"),
        ("extension_decide", "extension_list"),
        ("deadline_correct_many", "extension_list"),
        ("progress_log", "my_work"),
        ("overview", "overview"),
        ("obstacle_add", "warning_list"),
        ("completeness", "completeness"),
        ("profile", None),
    ],
)
def test_the_present_place_is_marked_once(page, place):
    menu = menu_for(make_user("officer"), {}, page)

    current = [link.place.url_name for _, links in menu.sections for link in links if link.is_current]
    assert current == ([place] if place else [])


def test_counts_stand_beside_their_place_and_zero_is_not_urgent():
    menu = menu_for(make_user("officer"), {"my_work": (0, True), "review_queue": (11, True)})

    counts = {link.place.url_name: (link.count, link.is_hot) for _, links in menu.sections for link in links}
    assert counts["review_queue"] == (11, True)
    assert counts["my_work"] == (0, False)
    assert counts["document_list"] == (None, False)


@pytest.mark.parametrize(
    ("role", "is_urgent"),
    [("officer", True), ("leader", True), ("staff", False), ("admin", False), ("viewer", False)],
)
def test_extensions_that_wait_are_urgent_to_those_who_decide(role, is_urgent):
    menu = menu_for(make_user(role), {"extension_list": (2, True)})

    found = [link for _, links in menu.sections for link in links if link.place.url_name == "extension_list"]
    assert [(link.count, link.is_hot) for link in found] == [(2, is_urgent)]


def test_every_place_has_an_address():
    assert all(reverse(place.url_name) for _, places in SECTIONS for place in places)
