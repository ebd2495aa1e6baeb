"""Who was asked to act and has not read it is asked no longer once anybody has acted."""

import datetime as dt

import pytest

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_deputyship,
    make_indicator,
    make_instruction,
    make_measurement,
    make_report,
    make_user,
)
from tracker.models import ExtensionRequest, Notice, Urging

pytestmark = pytest.mark.django_db

Kind = Notice.Kind
SOON = TODAY + dt.timedelta(days=30)
LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def agency():
    return make_agency()


@pytest.fixture
def people(agency):
    """A clerk and the head of the agency."""
    return make_user(agency=agency), make_user("agency_head", agency=agency)


@pytest.fixture
def department():
    """Who tracks the work and who directs it."""
    return make_user("officer"), make_user("leader")


@pytest.fixture
def assignment(agency, people, department):
    tracker, director = department
    return make_assignment(agency, tracking_officer=tracker, directing_leader=director)


def asked(kind):
    """Who is asked to do something of a kind and has not read it."""
    return {one.user for one in Notice.objects.asking().filter(kind=kind)}


def ask(assignment, by):
    return ExtensionRequest.ask(assignment, by=by, new_due_on=SOON, reason="Thiếu máy", today=TODAY, at=NOON)


def test_work_that_one_has_received_asks_nothing_of_the_others(assignment, people):
    clerk, head = people
    assert asked(Kind.ASSIGNED) == {clerk, head}

    assignment.receive(by=clerk, at=LATER)

    assert asked(Kind.ASSIGNED) == set()
    assert {one.read_at for one in Notice.objects.filter(kind=Kind.ASSIGNED)} == {LATER}


def test_what_was_read_before_keeps_its_moment(assignment, people):
    clerk, _head = people
    Notice.objects.filter(user=clerk).mark_read(NOON)

    assignment.receive(by=clerk, at=LATER)

    assert Notice.objects.get(user=clerk, kind=Kind.ASSIGNED).read_at == NOON


def test_who_is_in_charge_still_reads_so_when_somebody_else_has_received_the_work(assignment, people):
    clerk, head = people
    assignment.put_in_charge(by=make_user("officer"), person=clerk, at=NOON)

    assignment.receive(by=head, at=LATER)

    assert asked(Kind.ASSIGNED) == {clerk}


def test_an_answered_refusal_asks_nobody_of_the_department_any_more(assignment, people, department):
    assignment.decline(by=people[0], reason="Không thuộc nhiệm vụ", at=NOON)
    assert department[0] in asked(Kind.DECLINED)

    assignment.give_again(by=department[1], answer="Đúng nhiệm vụ", at=LATER)

    assert asked(Kind.DECLINED) == set()


@pytest.mark.parametrize("decide", ["grant", "refuse", "propose", "take_back"])
def test_a_request_that_is_decided_or_taken_back_asks_no_other_decider(
    assignment, people, department, decide
):
    request = ask(assignment, people[0])
    assert asked(Kind.EXTENSION_ASKED) == set(department)

    match decide:
        case "grant":
            request.grant(by=department[0], at=LATER)
        case "refuse":
            request.refuse(by=department[0], note="Đã gia hạn", at=LATER)
        case "propose":
            request.propose(SOON - dt.timedelta(days=5), by=department[0], today=TODAY, at=LATER)
        case "take_back":
            request.take_back(by=people[0], at=LATER)

    assert asked(Kind.EXTENSION_ASKED) == set()


def test_an_undone_decision_asks_all_deciders_again(assignment, people, department):
    request = ask(assignment, people[0])
    request.grant(by=department[1], at=NOON)

    request.undo(by=department[1], at=NOON)

    assert asked(Kind.EXTENSION_ASKED) == set(department)


def test_another_request_is_still_asked_about(assignment, people, department, agency):
    other = make_assignment(agency, tracking_officer=department[0])
    ask(other, people[0])

    ask(assignment, people[0]).grant(by=department[1], at=LATER)

    assert asked(Kind.EXTENSION_ASKED) == {department[0]}


def test_a_proposed_date_that_one_has_answered_asks_nobody_of_the_agency(assignment, people, department):
    request = ask(assignment, people[0])
    request.propose(SOON - dt.timedelta(days=5), by=department[1], today=TODAY, at=NOON)
    assert asked(Kind.DATE_PROPOSED) == set(people)

    request.accept(by=people[1], at=LATER)

    assert asked(Kind.DATE_PROPOSED) == set()


def test_a_returned_report_that_is_handed_in_again_is_settled_for_the_deputy_too(assignment, people):
    clerk, head = people
    make_deputyship(clerk, head)
    report = make_report(assignment, state="returned", by=clerk)
    assert asked(Kind.RETURNED) == {clerk, head}

    report.submit(by=clerk, today=TODAY, at=LATER)

    assert asked(Kind.RETURNED) == set()


def test_a_returned_figure_that_is_handed_in_again_is_settled_alone(agency, people):
    clerk, _head = people
    figure, other = (
        make_measurement(make_indicator(owner=agency), state="returned", by=clerk) for _number in range(2)
    )

    figure.submit(by=clerk, today=TODAY, at=LATER)

    (left,) = Notice.objects.asking().filter(kind=Kind.FIGURE_RETURNED)
    assert left.words["figure"] == other.pk


def test_an_answered_instruction_asks_nobody_any_more(assignment, people, department):
    tracker, director = department
    instruction = make_instruction(directive=assignment.directive, by=director)
    other = make_instruction(directive=assignment.directive, by=director)
    assert asked(Kind.INSTRUCTED) == {*people, tracker}

    instruction.reply(by=tracker, answer="Đã làm việc", at=LATER)

    left = Notice.objects.asking().filter(kind=Kind.INSTRUCTED)
    assert {one.cause for one in left} == {f"instruction:{other.pk}"}


def test_an_urging_that_one_agency_has_answered_still_asks_the_other(agency, people, department):
    stranger = make_user()
    urging = Urging.send(
        by=department[0],
        at=NOON,
        agencies={agency: "Chữ ký số", stranger.agency: "Phần mềm"},
        reason="Hạn 30/6",
        indicators=[],
        directives=[],
    )

    urging.recipients.get(agency=agency).reply(by=people[1], answer="Xong ngày 19/6", at=LATER)

    assert asked(Kind.URGED) == {stranger}
