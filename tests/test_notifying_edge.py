"""Who has changed agency is told nothing more of the former one: rights follow the unit."""

import datetime as dt

import pytest

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_calendar_2020,
    make_deputyship,
    make_document,
    make_report,
    make_user,
)
from tracker.figures.digests import digests
from tracker.models import Deputyship, Notice, User

pytestmark = pytest.mark.django_db

Kind = Notice.Kind
SOON = TODAY + dt.timedelta(days=30)


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def move(person: User) -> None:
    person.edit_account(by=make_user("admin"), expected_version=None, agency=make_agency())


def told(kind: str) -> set[User]:
    return {one.user for one in Notice.objects.filter(kind=kind)}


def test_a_person_in_charge_who_works_elsewhere_now_is_replaced_by_the_agency():
    assignment = make_assignment()
    clerk, head = make_user(agency=assignment.agency), make_user("agency_head", agency=assignment.agency)
    assignment.put_in_charge(by=head, person=clerk)
    move(clerk)

    assignment.directive.pause(by=make_user("leader"), reason="Dịch bệnh", review_on=SOON, at=NOON)

    assert told(Kind.CHANGED) == {head}


def test_the_author_of_a_report_who_works_elsewhere_now_is_replaced_by_the_agency():
    assignment = make_assignment(status="received")
    clerk, head = make_user(agency=assignment.agency), make_user("agency_head", agency=assignment.agency)
    report = make_report(assignment, state="submitted", by=clerk)
    move(clerk)

    report.send_back(by=make_user("officer"), note="Thiếu số liệu", at=NOON)

    assert clerk not in told(Kind.RETURNED)
    assert head in told(Kind.RETURNED)


def test_who_tracked_the_work_and_left_the_department_is_told_nothing_more():
    tracker = make_user("officer")
    assignment = make_assignment(tracking_officer=tracker)
    tracker.edit_account(by=make_user("admin"), expected_version=None, agency=make_agency(), role="staff")

    assignment.directive.correct_deadline(
        SOON, by=make_user("officer"), reason="Nhầm.", source=make_document(), at=NOON
    )

    assert tracker not in told(Kind.CHANGED)


def test_a_deputy_who_works_elsewhere_now_reads_nothing_in_place_of_the_other():
    make_calendar_2020()
    assignment = make_assignment(status="received", due_on=TODAY, on=TODAY - dt.timedelta(days=6))
    clerk, deputy = (make_user(agency=assignment.agency) for _number in range(2))
    make_deputyship(clerk, deputy)
    move(deputy)
    deputy.refresh_from_db()

    assignment.directive.pause(by=make_user("leader"), reason="Dịch bệnh", review_on=SOON, at=NOON)

    assert deputy not in told(Kind.CHANGED)
    assert digests([deputy], TODAY) == []
    assert not Deputyship.objects.on(TODAY).exists()


def test_two_people_of_the_department_stand_in_for_one_another_wherever_they_work():
    officer, leader = make_user("officer"), make_user("leader", agency=make_agency(bloc="internal"))
    named = make_deputyship(officer, leader)

    assert list(Deputyship.objects.on(TODAY)) == [named]
