"""The morning's reminders written down: once for each person, however often and from however many places."""

import datetime as dt
import threading

import pytest
from django.db import connections

from tests.factories import NOON, TODAY, make_agency, make_assignment, make_calendar_2020, make_user
from tracker.figures.digests import digest_of
from tracker.models import Deputyship, Notice, NoticePreference, OutgoingMessage, ReminderDay
from tracker.reminders import Written, write_digests

pytestmark = pytest.mark.django_db

Kind = Notice.Kind
MORNING = NOON.replace(hour=7)


@pytest.fixture
def agency():
    make_calendar_2020()
    return make_agency()


def work(agency, due_on, **fields):
    """Given six days before, so that on these mornings nothing but its deadline is told."""
    return make_assignment(agency, due_on=due_on, on=dt.date(2020, 6, 10), **fields)


def daily(**fields):
    """The morning's notices; that work was assigned is told at once and apart."""
    return Notice.objects.filter(kind__in=Notice.DAILY, **fields)


def mails():
    return OutgoingMessage.objects.exclude(kind=OutgoingMessage.Kind.AT_ONCE)


def test_each_line_becomes_a_notice_and_the_whole_one_mail(agency):
    clerk = make_user(agency=agency, email="clerk@namdinh.example")
    due, late = work(agency, dt.date(2020, 6, 17)), work(agency, dt.date(2020, 6, 15))

    assert write_digests(TODAY, at=MORNING) == Written(notices=2, messages=1)

    found = {one.kind: one for one in daily(user=clerk)}
    assert set(found) == {Kind.DUE, Kind.LATE}
    assert found[Kind.DUE].words == {"count": 1, "rows": [due.pk], "first": "2020-06-17"}
    assert found[Kind.LATE].words["rows"] == [late.pk]
    assert found[Kind.LATE].url == f"/luot-giao/?cq={agency.code}&tt=late"
    for one in found.values():
        assert (one.day, one.at, one.cause, one.for_person) == (TODAY, MORNING, "", None)
    mail = mails().get()
    assert (mail.user, mail.kind, mail.day, mail.next_try_at) == (clerk, "digest", TODAY, MORNING)


def test_a_second_run_on_the_day_adds_nothing_and_the_next_day_is_told_anew(agency):
    make_user(agency=agency, email="clerk@namdinh.example")
    work(agency, dt.date(2020, 6, 17))

    runs = [write_digests(TODAY, at=MORNING), write_digests(TODAY, at=NOON)]

    assert runs == [Written(1, 1), Written()]
    assert daily().get().at == MORNING
    assert write_digests(TODAY + dt.timedelta(days=1), at=NOON + dt.timedelta(days=1)) == Written(1, 1)


def test_nothing_is_written_on_a_day_off_or_where_nothing_is_to_be_said(agency):
    make_user(agency=agency, email="clerk@namdinh.example")
    work(agency, dt.date(2020, 6, 14))
    work(agency, dt.date(2020, 6, 25))

    assert write_digests(dt.date(2020, 6, 13), at=NOON) == Written()
    assert write_digests(TODAY, at=MORNING) == Written()


def test_the_day_is_noted_with_its_reminders_even_where_nothing_was_said(agency):
    write_digests(dt.date(2020, 6, 13), at=NOON)
    write_digests(TODAY, at=MORNING)
    write_digests(TODAY, at=NOON)

    assert [one.day for one in ReminderDay.objects.all()] == [TODAY]


def test_what_missed_mornings_left_untold_is_told_once_and_the_same_whenever_it_is_asked_again(agency):
    clerk = make_user(agency=agency, email="clerk@namdinh.example")
    write_digests(TODAY, at=MORNING)
    missed = work(agency, dt.date(2020, 6, 20))  # three days before it is the 17th

    told = []
    for date in (18, 19):  # on the 17th the server was off
        on = dt.date(2020, 6, date)
        write_digests(on, at=MORNING.replace(day=date))
        told.append(
            [row for line in digest_of(clerk, on).lines if line.kind == Kind.DUE for row in line.rows]
        )

    # the 19th is the working day before Saturday: one day before, and the day itself
    assert told == [[missed], [missed]]
    assert [(one.day.day, one.words["rows"]) for one in daily(kind=Kind.DUE).order_by("day")] == [
        (18, [missed.pk]),
        (19, [missed.pk]),
    ]


@pytest.mark.parametrize(
    ("person", "wish"),
    [({"email": ""}, {}), ({"email": "a@namdinh.example"}, {"mail_digest": False})],
    ids=["without an address", "who wants no mail"],
)
def test_who_gets_no_mail_is_told_in_the_application_all_the_same(agency, person, wish):
    clerk = make_user(agency=agency, **person)
    NoticePreference.objects.create(user=clerk, **wish)
    work(agency, dt.date(2020, 6, 17))

    assert write_digests(TODAY, at=MORNING) == Written(notices=1, messages=0)


@pytest.mark.parametrize(("wanted", "kinds"), [(True, {"digest", "weekly"}), (False, {"digest"})])
def test_a_leader_gets_the_week_on_monday_beside_the_day_unless_unwanted(agency, wanted, kinds):
    leader = make_user("leader", email="lanhdao@namdinh.example")
    NoticePreference.objects.create(user=leader, mail_weekly=wanted)
    work(agency, dt.date(2020, 6, 8), directing_leader=leader)

    write_digests(dt.date(2020, 6, 15), at=MORNING - dt.timedelta(days=1))

    assert set(daily().values_list("kind", flat=True)) == {Kind.ESCALATED, Kind.WEEK}
    assert set(mails().values_list("kind", flat=True)) == kinds


def test_a_deputy_has_the_notices_of_both_apart_and_one_mail(agency):
    clerk = make_user(agency=agency, email="clerk@namdinh.example")
    NoticePreference.objects.create(user=clerk, remind_before=[])
    away = [make_user(agency=agency), make_user("agency_head", agency=agency)]
    for person in away:
        Deputyship.objects.create(person=person, deputy=clerk, starts_on=TODAY, ends_on=TODAY)
    work(agency, dt.date(2020, 6, 15))
    work(agency, dt.date(2020, 6, 17))

    assert write_digests(TODAY, at=MORNING) == Written(notices=6, messages=1)

    told = {(one.kind, one.cause, one.for_person) for one in daily(user=clerk)}
    assert told == {(Kind.LATE, "", None), (Kind.DUE, f"for:{away[0].pk}", away[0])}
    assert write_digests(TODAY, at=NOON) == Written()


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_tell_everybody_once():
    make_calendar_2020()
    bodies = [make_agency() for _number in range(5)]
    for number, body in enumerate(bodies):
        for place in range(3):
            make_user(agency=body, email=f"{number}-{place}@namdinh.example")
        work(body, dt.date(2020, 6, 17))
        work(body, dt.date(2020, 6, 15))
    together, written = threading.Barrier(3), []

    def run():
        try:
            together.wait()
            written.append(write_digests(TODAY, at=MORNING))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(written) == 3
    assert daily().count() == 30
    assert mails().count() == 15
