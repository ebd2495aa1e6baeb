"""Lists of named bodies: joining, leaving, merging; marks that are only ever added to."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from tests.factories import (
    TODAY,
    make_agency,
    make_document,
    make_group,
    make_mark,
    make_roster,
    make_share,
    make_user,
)
from tracker.models import BodyState, Roster, RosterBody, RosterMark, WrongStep

pytestmark = pytest.mark.django_db

JULY = dt.date(2020, 7, 1)


def test_a_body_stands_on_a_list_once_at_a_time():
    agency = make_agency()
    roster = make_roster(agency)

    with pytest.raises(ValidationError) as refusal:
        roster.add(agency, from_day=JULY)

    assert "agency" in refusal.value.message_dict


def test_a_body_that_left_can_come_back_later():
    agency = make_agency()
    roster = make_roster(agency)
    roster.bodies.get().end(on=TODAY, reason="Tạm ngừng")

    roster.add(agency, from_day=JULY)

    counted = [roster.bodies.in_scope(day).count() for day in (TODAY, dt.date(2020, 6, 20), JULY)]
    assert counted == [1, 0, 1]


def test_a_group_is_no_body():
    with pytest.raises(ValidationError):
        make_roster().add(make_group(make_agency()))


def test_a_body_leaves_once_and_with_a_reason():
    body = make_roster(make_agency()).bodies.get()

    with pytest.raises(ValidationError):
        body.end(on=TODAY, reason=" ")
    body.end(on=TODAY, reason="Giải thể")
    with pytest.raises(WrongStep):
        body.end(on=JULY, reason="Lần nữa")

    assert body.valid_to == TODAY


def test_a_body_cannot_leave_before_it_joined():
    body = make_roster().add(make_agency(), from_day=JULY)

    with pytest.raises(ValidationError):
        body.end(on=TODAY, reason="Nhầm")


def test_a_merger_ends_the_old_bodies_the_day_before():
    first, second, merged = make_agency(), make_agency(), make_agency()
    roster = make_roster(first, second)

    roster.merge([first, second], merged, on=JULY, reason="QĐ 1-QĐ/TU")

    days = {body.agency: (body.valid_from, body.valid_to) for body in roster.bodies.all()}
    assert days == {
        first: (None, dt.date(2020, 6, 30)),
        second: (None, dt.date(2020, 6, 30)),
        merged: (JULY, None),
    }


def test_a_body_of_the_list_takes_others_in():
    first, second, third = make_agency(), make_agency(), make_agency()
    roster = make_roster(first, second, third)

    roster.merge([first, second], third, on=JULY, reason="QĐ 1-QĐ/TU")

    assert [body.agency for body in roster.bodies.in_scope(JULY)] == [third]
    assert roster.bodies.count() == 3


def test_bodies_that_are_not_on_the_list_do_not_merge_on_it():
    roster = make_roster(make_agency())

    with pytest.raises(ValidationError) as refusal:
        roster.merge([make_agency()], make_agency(), on=JULY, reason="QĐ 1-QĐ/TU")

    assert "old" in refusal.value.message_dict
    assert roster.bodies.count() == 1


def test_a_body_may_merge_others_into_itself():
    first, second = make_agency(), make_agency()
    roster = make_roster(first, second)

    roster.merge([first, second], first, on=JULY, reason="QĐ 1-QĐ/TU")

    assert [body.agency for body in roster.bodies.in_scope(JULY)] == [first]


def test_a_list_is_made_once():
    indicator = make_share(rule="roster")

    assert Roster.of(indicator) == Roster.of(indicator)


def test_a_suggested_list_is_accepted_once():
    roster = make_roster(make_agency())
    Roster.objects.update(is_suggested=True)

    roster.accept(by=make_user("officer"))

    assert not roster.is_suggested
    with pytest.raises(WrongStep):
        roster.accept(by=make_user("officer"))


@pytest.mark.parametrize(
    ("state", "fields", "where"),
    [
        ("in_use", {"note": " "}, "note"),
        ("exempt", {"note": "Lý do"}, "note"),
        ("in_progress", {"since_on": TODAY + dt.timedelta(days=1), "today": TODAY}, "since_on"),
    ],
)
def test_what_a_mark_needs(state, fields, where):
    body = make_roster(make_agency()).bodies.get()

    with pytest.raises(ValidationError) as refusal:
        make_mark(body, state, **fields)

    assert where in refusal.value.message_dict
    assert not body.marks.exists()


def test_an_exemption_without_document_is_refused_by_the_database_too():
    mark = make_mark(make_roster(make_agency()).bodies.get(), "exempt", document=make_document())

    with pytest.raises(IntegrityError), transaction.atomic():
        RosterMark.objects.create(
            body=mark.body, state="exempt", since_on=TODAY, by=mark.by, by_agency=mark.by_agency, at=mark.at
        )


def test_marks_are_only_added_even_by_raw_sql():
    mark = make_mark(make_roster(make_agency()).bodies.get())

    with pytest.raises(DatabaseError), transaction.atomic():
        RosterMark.objects.filter(pk=mark.pk).update(state="not_started")
    with pytest.raises(DatabaseError), transaction.atomic():
        RosterMark.objects.filter(pk=mark.pk).delete()

    mark.refresh_from_db()
    assert mark.state == BodyState.IN_USE


def test_another_body_sees_its_own_places_only():
    own, other = make_agency(), make_agency()
    roster = make_roster(own, other)

    seen = {
        role: {body.agency for body in RosterBody.objects.visible_to(user).filter(roster=roster)}
        for role, user in (("staff", make_user(agency=own)), ("officer", make_user("officer")))
    }

    assert seen == {"staff": {own}, "officer": {own, other}}
