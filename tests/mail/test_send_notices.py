"""``manage.py send_notices``: the morning's reminders when it is time, the waiting mail always."""

import datetime as dt
import io

import pytest
from django.core.management import call_command

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_calendar_2020,
    make_mail,
    make_user,
)
from tests.mail.server import free_port
from tracker import clock
from tracker.checks import links_in_mail_lead_here
from tracker.models import Notice, OutgoingMessage, OutgoingRun, ReminderDay
from tracker.models.outbox import SILENCE

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    """Somebody with work that was due yesterday."""
    make_calendar_2020()
    agency = make_agency()
    make_assignment(agency, due_on=dt.date(2020, 6, 15), on=dt.date(2020, 6, 10))
    return make_user(
        email="ha@nd.gov.vn", agency=agency
    )  # after the work was given: told of it on mornings only


def run(now=NOON, **options):
    out = io.StringIO()
    with clock.standing_at(now):
        call_command("send_notices", stdout=out, **options)
    return out.getvalue().strip()


def said(sent):
    return f"{sent} sent, 0 to be tried again, 0 given up, 0 without an answer, 0 not needed any more"


def test_the_morning_s_message_goes_out_at_its_time_and_once_a_day(mail_on, clerk):
    early = run(NOON.replace(hour=6, minute=59))
    runs = [run(NOON.replace(hour=7)), run(NOON.replace(hour=7, minute=1)), run(NOON.replace(hour=15))]

    assert (early, runs) == (said(0), [said(1), said(0), said(0)])
    assert mail_on.addresses == ["ha@nd.gov.vn"]
    assert [one.day for one in ReminderDay.objects.all()] == [TODAY]


def test_a_late_start_catches_up_on_the_same_day(mail_on, clerk):
    assert run(NOON.replace(hour=16)) == said(1)


def test_a_day_off_has_no_morning_s_message_and_other_mail_goes_out(mail_on, clerk):
    make_mail(clerk)
    sunday = NOON.replace(day=21)

    assert run(sunday) == said(1)
    assert not ReminderDay.objects.exists()


def test_a_day_worked_out_again_sends_nobody_a_second_message(mail_on, clerk):
    run()
    late = make_user(email="an@nd.gov.vn", agency=clerk.agency)

    words = run(day=TODAY)

    assert words == said(1)
    assert mail_on.addresses == [late.email, clerk.email]


def test_a_working_day_without_the_server_is_made_up_for_on_the_next(mail_on, clerk):
    for due_on in (15, 17, 18, 19, 20):
        make_assignment(clerk.agency, due_on=dt.date(2020, 6, due_on), on=dt.date(2020, 6, 12))

    run()
    run(NOON.replace(day=18))  # the 17th had none
    run(NOON.replace(day=19))

    def told(kind):
        daily = Notice.objects.filter(kind=kind).order_by("day")
        return [(one.day.day, one.words["count"]) for one in daily]

    # the 16th: one day before the 17th, three before the 19th; the 18th: 18, 19 of its own, 18, 20 of the missed day;
    # the 19th: the day itself and the day before Saturday
    assert told(Notice.Kind.DUE) == [(16, 2), (18, 3), (19, 2)]
    # two since the 15th, told after one and after three days; the 17th on the 18th, the 18th on the 19th
    assert told(Notice.Kind.LATE) == [(16, 2), (18, 3), (19, 1)]


def test_another_day_and_time_can_be_tried_out(mail_on, clerk):
    third_day_late = dt.date(2020, 6, 18)

    early = run(day=third_day_late, at=dt.time(6, 59))
    in_time = run(day=third_day_late, at=dt.time(7))

    assert (early, in_time) == (said(0), said(1))
    assert OutgoingMessage.objects.get().day == third_day_late


def test_the_last_run_and_a_lasting_fault_are_remembered(mail_on, settings, clerk):
    settings.EMAIL_PORT = free_port()

    words = run()
    run(NOON + dt.timedelta(minutes=1))
    faulty = OutgoingRun.last()
    settings.EMAIL_PORT = mail_on.port
    run(NOON + dt.timedelta(minutes=2))
    mended = OutgoingRun.last()

    assert "the mail server is away: [Errno 111] Connection refused" in words
    assert faulty.fault_since == NOON
    assert faulty.ended_at == NOON + dt.timedelta(minutes=1)
    assert (mended.fault, mended.fault_since) == ("", None)
    assert not mended.is_silent(mended.ended_at + SILENCE)
    assert mended.is_silent(mended.ended_at + SILENCE + dt.timedelta(seconds=1))


@pytest.mark.parametrize(
    ("is_on", "address", "warnings"),
    [
        (True, "http://localhost:8000", ["tracker.W001"]),
        (True, "https://tracker.example.gov.vn", []),
        (False, "http://localhost:8000", []),
    ],
)
def test_the_deployment_check_says_when_links_would_lead_nowhere(settings, is_on, address, warnings):
    settings.MAIL_IS_ON, settings.TRACKER_SITE_URL = is_on, address

    assert [one.id for one in links_in_mail_lead_here()] == warnings
