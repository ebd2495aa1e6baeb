"""Nonsense in addresses and forms about deadlines is answered with a sentence, never with a fault."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from tests.factories import (
    TODAY,
    make_agency,
    make_assignment,
    make_calendar_2020,
    make_document,
    make_extension,
    make_notice,
    make_urging,
    make_user,
)

pytestmark = pytest.mark.django_db

NONSENSE = ["\x00", "9" * 40, "-1", "1e9", "31/2/2020", "٣", "x" * 10_000, "' OR 1=1 --"]
LISTS = {
    "extension_list": ("tt", "cq", "lv", "sau", "nv", "q", "trang"),
    "correction_list": ("cq", "lv", "nv", "q", "trang"),
    "urging_list": ("tt", "cq", "q", "trang", "muc"),
    "assignment_list": ("cq", "tt", "nhac", "kbc", "nop", "q", "trang"),
    "notice_list": ("loai", "truoc"),
    "urging_create": ("nv", "ct", "cham", "ky", "loc"),
    "deadline_correct_many": ("nv",),
}


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY
    make_calendar_2020()


@pytest.mark.parametrize("name", LISTS)
def test_nonsense_in_an_address_is_no_fault(client, name):
    client.force_login(make_user("officer"))
    make_extension()
    for key in LISTS[name]:
        for value in NONSENSE:
            address = f"{reverse(name)}?{urlencode([(key, value), (key, value)])}"
            assert client.get(address).status_code in {200, 302, 404, 422}, (key, value)


def _fields(kind):
    """Of each form its address, who sends it, and what is right in every field."""
    clerk = make_user()
    match kind:
        case "extension_ask":
            work = make_assignment(clerk.agency, status="received")
            return (
                clerk,
                reverse(kind, args=[work.pk]),
                {"new_due_on": "15/7/2020", "reason": "Chờ thiết bị."},
            )
        case "extension_decide":
            request = make_extension()
            words = {
                "answer": "propose",
                "due_on": "10/7/2020",
                "note": "Sớm hơn.",
                "version": request.version,
            }
            return make_user("leader"), reverse(kind, args=[request.pk]), words
        case "extension_answer":
            request = make_extension(state="proposed", by=clerk, assignment=make_assignment(clerk.agency))
            return clerk, reverse(kind, args=[request.pk]), {"answer": "decline", "note": "Không kịp."}
        case "deadline_correct":
            directive = make_assignment().directive
            words = {"due_on": "15/7/2020", "reason": "Nhầm.", "source": make_document().number}
            return make_user("officer"), reverse(kind, args=[directive.code]), words
        case "deadline_correct_many":
            directive = make_assignment().directive
            words = {"due_on": "15/7/2020", "reason": "Nhầm.", "source": make_document().number, "agreed": ""}
            return make_user("officer"), f"{reverse(kind)}?nv={directive.pk}", words
        case "urging_create":
            work = make_assignment(clerk.agency, due_on=TODAY.replace(day=1))
            words = {
                "agencies": clerk.agency_id,
                "grade": "explain",
                "reason": "Quá hạn.",
                "answer_due_on": "19/6/2020",
            }
            return make_user("officer"), f"{reverse(kind)}?nv={work.directive_id}", words
        case "urging_answer":
            urging = make_urging(clerk.agency)
            return clerk, reverse(kind, args=[urging.pk]), {"answer": "Đã xong."}
        case "urging_document":
            urging = make_urging(clerk.agency)
            return make_user("officer"), reverse(kind, args=[urging.pk]), {"document": "1"}
        case "deputy_add":
            deputy = make_user(agency=clerk.agency)
            words = {"deputy": deputy.full_name, "starts_on": "16/6/2020", "ends_on": "20/6/2020"}
            return clerk, reverse(kind), words
        case _:
            return clerk, reverse("notice_preferences"), {"remind_before": "7", "mail_digest": "on"}


@pytest.mark.parametrize(
    "kind",
    [
        "extension_ask",
        "extension_decide",
        "extension_answer",
        "deadline_correct",
        "deadline_correct_many",
        "urging_create",
        "urging_answer",
        "urging_document",
        "deputy_add",
        "notice_preferences",
    ],
)
def test_nonsense_in_a_form_is_no_fault(client, kind):
    user, address, right = _fields(kind)
    client.force_login(user)
    for name in right:
        for value in NONSENSE:
            answer = client.post(address, right | {name: [value, value]})
            assert answer.status_code in {200, 302, 409, 422}, (name, value)


@pytest.mark.parametrize("name", ["extension_detail", "urging_detail", "notice_open", "urging_letter"])
def test_a_record_that_does_not_exist_is_not_found(client, name):
    client.force_login(make_user("leader"))
    for key in ("0", "9" * 18, "9" * 30):
        assert client.get(reverse(name, args=[int(key)])).status_code == 404


def test_an_agency_opens_neither_the_urging_nor_the_notice_nor_the_request_of_another(client):
    stranger, request = make_user(), make_extension()
    urging = make_urging(make_agency())
    notice = make_notice(make_user())
    client.force_login(stranger)
    for address in (
        request.get_absolute_url(),
        urging.get_absolute_url(),
        notice.get_absolute_url(),
        reverse("extension_ask", args=[request.assignment_id]),
        reverse("extension_decide", args=[request.pk]),
        reverse("urging_answer", args=[urging.pk]),
        reverse("urging_letter", args=[urging.pk]),
    ):
        assert client.get(address).status_code == 404, address
