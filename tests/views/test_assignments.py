"""One assignment: received, declined, given again, transferred, put in somebody's charge."""

import pytest
from django.urls import reverse

from tests.factories import TODAY, make_agency, make_assignment, make_group, make_user
from tests.views.test_directives import detail, text_of
from tracker.models import Status

pytestmark = pytest.mark.django_db

PAGES = {
    "assignment_decline": {"reason": "Không đúng chức năng."},
    "assignment_give_again": {"answer": "Đúng chức năng theo Quyết định 12."},
    "assignment_transfer": {"reason": "Giao nhầm."},
    "assignment_put_in_charge": {"person": ""},
}


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def page_of(name, assignment):
    return reverse(name, args=[assignment.pk])


def declined():
    assignment = make_assignment()
    assignment.decline(by=make_user(agency=assignment.agency), reason="Không đúng chức năng.")
    return assignment


def test_the_agency_receives_what_it_was_given(client):
    assignment = make_assignment()
    staff = make_user(agency=assignment.agency)
    client.force_login(staff)

    asked = text_of(client.get(detail(assignment.directive)))
    response = client.post(page_of("assignment_receive", assignment))

    assignment.refresh_from_db()
    assert "được giao nhiệm vụ này ngày 14/1/2020" in asked
    assert response.url == assignment.get_absolute_url()
    assert assignment.status == Status.RECEIVED
    assert assignment.events.get(kind="received").by == staff


def test_receiving_twice_says_how_the_assignment_stands(client):
    assignment = make_assignment(status=Status.RECEIVED)
    client.force_login(make_user(agency=assignment.agency))

    response = client.post(page_of("assignment_receive", assignment), follow=True)

    assert "trạng thái đang là “đã tiếp nhận”" in text_of(response)
    assert assignment.events.filter(kind="received").count() == 1


def test_declining_needs_a_reason_which_the_assigner_reads(client):
    assignment = make_assignment()
    client.force_login(make_user(agency=assignment.agency))

    refused = client.post(page_of("assignment_decline", assignment), {"reason": " "})
    client.post(page_of("assignment_decline", assignment), PAGES["assignment_decline"])
    client.force_login(make_user("officer"))
    answering = client.get(page_of("assignment_give_again", assignment))

    assignment.refresh_from_db()
    assert refused.status_code == 422
    assert assignment.status == Status.DECLINED
    assert "Không đúng chức năng." in text_of(answering)
    assert "Từ chối nhận: Không đúng chức năng." in text_of(client.get(detail(assignment.directive)))


def test_the_assigner_answers_and_the_agency_has_it_again(client):
    assignment = declined()
    client.force_login(make_user("officer"))

    client.post(page_of("assignment_give_again", assignment), PAGES["assignment_give_again"])

    assignment.refresh_from_db()
    assert assignment.status == Status.NEW
    assert assignment.events.get(kind="answered").reason == "Đúng chức năng theo Quyết định 12."


def test_a_transfer_closes_here_and_opens_there_with_the_same_original_deadline(client):
    assignment = make_assignment()
    other = make_agency(name="Sở Giao thông Vận tải")
    client.force_login(make_user("officer"))

    client.post(
        page_of("assignment_transfer", assignment), {"to": "so giao thong van tai", "reason": "Giao nhầm."}
    )

    assignment.refresh_from_db()
    linked = assignment.continued_by.get()
    assert assignment.status == Status.TRANSFERRED
    assert (linked.agency, linked.status, linked.role) == (other, Status.NEW, "lead")
    assert linked.original_due_on == assignment.original_due_on
    linked.directive.refresh_from_db()
    assert linked.directive.lead == other


@pytest.mark.parametrize("wrong", ["", "Cơ quan không có", "x\0", "x" * 5000])
def test_a_transfer_goes_to_a_body_that_exists(client, wrong):
    assignment = make_assignment()
    client.force_login(make_user("officer"))

    response = client.post(page_of("assignment_transfer", assignment), {"to": wrong, "reason": "Giao nhầm."})

    assignment.refresh_from_db()
    assert response.status_code == 422
    assert "Giao nhầm." in text_of(response)
    assert assignment.status == Status.NEW


def test_a_transfer_never_goes_to_a_group_or_to_who_has_it_already(client):
    assignment = make_assignment()
    group = make_group(make_agency(), name="Các phòng VHTT")
    client.force_login(make_user("officer"))

    for to in (group.name, assignment.agency.name):
        response = client.post(page_of("assignment_transfer", assignment), {"to": to, "reason": "Giao nhầm."})

        assignment.refresh_from_db()
        assert response.status_code == 422
        assert assignment.status == Status.NEW


def test_the_agency_head_names_who_does_the_work(client):
    assignment = make_assignment()
    person = make_user(agency=assignment.agency, full_name="Bùi Thị Mai")
    client.force_login(make_user("agency_head", agency=assignment.agency))

    client.post(page_of("assignment_put_in_charge", assignment), {"person": person.pk})

    assignment.refresh_from_db()
    assert assignment.person == person
    assert "Bùi Thị Mai" in text_of(client.get(detail(assignment.directive)))


def test_nobody_of_another_agency_is_put_in_charge(client):
    assignment = make_assignment()
    client.force_login(make_user("agency_head", agency=assignment.agency))

    for wrong in (make_user().pk, "999999999999999999999", "x\0"):
        response = client.post(page_of("assignment_put_in_charge", assignment), {"person": wrong})

        assert response.status_code == 422
    assignment.refresh_from_db()
    assert assignment.person is None


@pytest.mark.parametrize("name", [*PAGES, "assignment_receive"])
def test_a_stranger_does_not_learn_of_the_assignment(client, name):
    assignment = make_assignment()
    client.force_login(make_user("staff"))

    assert client.post(page_of(name, assignment), PAGES.get(name, {})).status_code == 404
    assert client.post(reverse(name, args=[2**63])).status_code == 404


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("assignment_receive", "viewer"),
        ("assignment_decline", "viewer"),
        ("assignment_put_in_charge", "staff"),
        ("assignment_give_again", "staff"),
        ("assignment_transfer", "staff"),
        ("assignment_transfer", "leader"),
        ("assignment_receive", "leader"),
        ("assignment_decline", "admin"),
    ],
)
def test_the_wrong_role_is_refused_and_nothing_changes(client, name, role):
    assignment = declined() if name == "assignment_give_again" else make_assignment()
    before = assignment.status
    own = {} if role in {"leader", "admin"} else {"agency": assignment.agency}
    client.force_login(make_user(role, **own))

    response = client.post(page_of(name, assignment), PAGES.get(name, {}) | {"to": make_agency().name})

    assignment.refresh_from_db()
    assert response.status_code == 403
    assert (assignment.status, assignment.person) == (before, None)


@pytest.mark.parametrize("name", PAGES)
def test_each_form_opens(client, name):
    assignment = declined() if name == "assignment_give_again" else make_assignment()
    role = {"assignment_decline": "staff", "assignment_put_in_charge": "agency_head"}.get(name, "officer")
    own = {"agency": assignment.agency} if role != "officer" else {}
    client.force_login(make_user(role, **own))

    response = client.get(page_of(name, assignment))

    assert response.status_code == 200
    assert assignment.directive.title in text_of(response)


def test_receiving_is_never_a_link(client):
    assignment = make_assignment()
    client.force_login(make_user(agency=assignment.agency))

    assert client.get(page_of("assignment_receive", assignment)).status_code == 405
