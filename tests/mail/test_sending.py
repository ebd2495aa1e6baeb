"""The outbox is emptied against a real mail server that also fails on purpose."""

import datetime as dt
import time

import pytest

from tests.factories import NOON, make_mail, make_user
from tests.mail.server import free_port
from tracker import clock
from tracker.models import OutgoingMessage, WrongStep
from tracker.models.outbox import BACK_OFF, LEASE, NO_ANSWER, TOO_OLD, UNREADABLE
from tracker.sending import BROKEN_LINES, Tally, send_due

pytestmark = pytest.mark.django_db


def people(count, **fields):
    return [make_user(email=f"nguoi{number}@nd.gov.vn", **fields) for number in range(count)]


def mails(count):
    return [make_mail(person) for person in people(count)]


def run(at=NOON, **options):
    """One run of the sender at a moment of the office's clock."""
    with clock.standing_at(at):
        return send_due(at, **options)


def states():
    return list(OutgoingMessage.objects.order_by("pk").values_list("status", flat=True))


def after(minutes):
    return NOON + dt.timedelta(minutes=minutes)


def test_each_message_goes_out_once_over_one_connection(mail_on):
    waiting = mails(5)

    first, second = run(), run()

    assert (first, second) == (Tally(sent=5), Tally())
    assert mail_on.addresses == [f"nguoi{number}@nd.gov.vn" for number in range(5)]
    assert len(mail_on.sessions) == 1
    waiting[0].refresh_from_db()
    assert (waiting[0].status, waiting[0].sent_at, waiting[0].attempts) == ("sent", NOON, 1)
    assert waiting[0].address == "nguoi0@nd.gov.vn"
    assert waiting[0].subject == mail_on.letters[0]["Subject"]
    assert waiting[0].outcome == "250 OK"


def test_a_message_waits_for_its_moment(mail_on):
    person = people(1)[0]
    make_mail(person, next_try_at=after(1))

    assert run() == Tally()
    assert run(after(1)) == Tally(sent=1)


@pytest.mark.parametrize(
    ("stage", "reply", "state"),
    [
        ("rcpt", "450 4.2.0 Greylisted, try again later", "failing"),
        ("rcpt", "550 5.1.1 No such person", "given_up"),
        ("rcpt", "554 5.7.1 Relay access denied", "failing"),
        ("rcpt", "530 Authentication required", "failing"),
        ("rcpt", "421 Too many recipients", "failing"),
        ("data", "451 Try again", "failing"),
        ("data", "554 This is spam", "given_up"),
        ("data", "550 5.7.1 Refused by policy", "failing"),
        ("data", "421 Shutting down", "failing"),
    ],
)
def test_what_the_server_says_decides_what_becomes_of_the_message(mail_on, stage, reply, state):
    refused, _other = mails(2)
    getattr(mail_on, stage)["nguoi0@nd.gov.vn"] = [reply]

    tally = run()

    refused.refresh_from_db()
    assert (refused.status, refused.attempts) == (state, 1)
    assert tally == Tally(**{"sent": 1, state: 1})
    assert mail_on.addresses == ["nguoi1@nd.gov.vn"]
    assert refused.outcome == reply


def test_what_failed_for_now_goes_out_a_minute_later(mail_on):
    mails(1)
    mail_on.data["nguoi0@nd.gov.vn"] = ["451 Try again"]

    runs = [run(), run(after(0.9)), run(after(1)), run(after(60))]

    assert runs == [Tally(failing=1), Tally(), Tally(sent=1), Tally()]
    assert mail_on.counts == {1}


def test_a_message_is_given_up_after_nearly_two_days(mail_on):
    mails(1)
    mail_on.rcpt["nguoi0@nd.gov.vn"] = ["450 Mailbox full"] * 100
    at, tries = NOON, 0

    while states() != ["given_up"]:
        tries += 1
        run(at)
        at = OutgoingMessage.objects.get().next_try_at

    assert tries == len(BACK_OFF) + 1
    assert dt.timedelta(hours=36) < at - NOON <= dt.timedelta(days=2)
    assert run(at + dt.timedelta(days=1)) == Tally()


def test_a_line_that_breaks_early_costs_one_attempt_of_one_message(mail_on):
    mails(3)
    mail_on.rcpt["nguoi1@nd.gov.vn"] = ["drop"]

    first, second = run(), run(after(1))

    assert (first, second) == (Tally(sent=2, failing=1), Tally(sent=1))
    assert len(mail_on.addresses) == 3
    assert mail_on.counts == {1}


def test_a_message_without_an_answer_is_not_sent_again_by_itself(mail_on):
    mails(2)
    mail_on.data["nguoi0@nd.gov.vn"] = ["drop"]

    first, later = run(), run(after(3 * 24 * 60))

    assert (first, later) == (Tally(sent=1, unsure=1), Tally())
    assert OutgoingMessage.objects.get(status="unsure").outcome == NO_ANSWER


def test_a_server_too_slow_before_the_dot_is_asked_again_and_after_it_is_not(mail_on, settings):
    settings.EMAIL_TIMEOUT = 0.3
    mails(2)
    mail_on.before_rcpt = lambda address: address.startswith("nguoi0") and time.sleep(0.6)
    mail_on.after_data = lambda address: address.startswith("nguoi1") and time.sleep(0.6)

    tally = run()

    assert tally == Tally(failing=1, unsure=1)
    assert states() == ["failing", "unsure"]
    assert mail_on.addresses == ["nguoi1@nd.gov.vn"]


def test_a_dead_server_loses_nothing_and_costs_no_attempt(mail_on, settings):
    settings.EMAIL_PORT = free_port()
    mails(20)

    dead = [run(after(minute)) for minute in range(3)]

    assert all("Connection refused" in tally.fault for tally in dead)
    assert set(OutgoingMessage.objects.values_list("status", "attempts")) == {("waiting", 0)}
    settings.EMAIL_PORT = mail_on.port
    assert run(after(3)) == Tally(sent=20)
    assert mail_on.counts == {1}


def test_a_server_that_takes_nothing_from_us_is_no_message_s_fault(mail_on):
    mails(3)
    mail_on.mail = ["553 5.7.1 Sender address rejected"]

    refused, again = run(), run()

    assert refused == Tally(fault="553 5.7.1 Sender address rejected")
    assert again == Tally(sent=3)


def test_a_message_too_large_for_the_server_does_not_stop_the_others(mail_on):
    mails(2)
    mail_on.mail = ["552 5.3.4 Too large"]

    assert run() == Tally(sent=1, given_up=1)


def test_a_server_that_takes_so_many_a_connection_gets_the_rest_over_another(mail_on):
    mails(5)
    mail_on.mail = ["250 OK", "250 OK", "421 4.7.0 Enough for now"]

    assert run() == Tally(sent=5)
    assert len(mail_on.sessions) == 2
    assert mail_on.counts == {1}


def test_a_server_that_only_hangs_up_counts_as_away(mail_on):
    mails(6)
    for number in range(6):
        mail_on.rcpt[f"nguoi{number}@nd.gov.vn"] = ["drop"]

    tally = run()

    assert (tally.failing, bool(tally.fault)) == (BROKEN_LINES, True)
    assert states() == ["failing"] * BROKEN_LINES + ["waiting"] * 3


def test_without_a_mail_server_all_messages_wait(mail_on, settings):
    settings.MAIL_IS_ON = False
    mails(2)

    assert run() == Tally()
    assert states() == ["waiting", "waiting"]


def test_a_run_ends_where_it_is_told_to(mail_on):
    mails(5)

    assert run(limit=2) == Tally(sent=2)
    assert run(seconds=0) == Tally()
    assert run(stop=lambda: len(mail_on.letters) == 4) == Tally(sent=2)
    assert run() == Tally(sent=1)


def test_a_message_that_cannot_be_written_holds_no_other_back(mail_on, caplog):
    broken, _whole = mails(2)
    broken.notice.kind = "nonsense"
    broken.notice.save()

    tally = run()

    broken.refresh_from_db()
    assert tally == Tally(sent=1, failing=1)
    assert (broken.status, broken.outcome) == ("failing", UNREADABLE)
    assert f"message {broken.pk} cannot be written" in caplog.text


def test_mail_can_go_into_files_instead(settings, tmp_path):
    settings.MAIL_IS_ON = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    mails(2)

    assert run() == Tally(sent=2)
    [file] = (tmp_path / "mail").iterdir()
    assert file.read_text().count("\nTo: nguoi") == 2


def test_a_message_whose_sender_was_killed_is_unsure_when_the_lease_has_run_out(mail_on):
    [message] = mails(1)
    message.hand_over(at=NOON)

    early, late = run(NOON + LEASE - dt.timedelta(seconds=1)), run(NOON + LEASE)

    assert (early, late) == (Tally(), Tally())
    message.refresh_from_db()
    assert (message.status, message.outcome) == ("unsure", NO_ANSWER)
    assert mail_on.letters == []


def test_what_waited_for_two_weeks_is_dropped_and_what_is_settled_goes_in_time(mail_on, settings):
    settings.MAIL_KEEP_DAYS = 180
    [person] = people(1)
    old = NOON.date() - dt.timedelta(days=15)
    ancient = NOON.date() - dt.timedelta(days=181)
    stale = make_mail(person, day=old)
    kept = make_mail(person, day=old, status="given_up")
    for status in ("sent", "given_up", "unsure", "dropped"):
        make_mail(person, day=ancient, status=status, sent_at=NOON)

    run()

    assert set(OutgoingMessage.objects.values_list("pk", "status", "outcome")) == {
        (stale.pk, "dropped", TOO_OLD),
        (kept.pk, "given_up", ""),
    }


@pytest.mark.parametrize("status", ["given_up", "unsure"])
def test_an_administrator_has_a_message_sent_again(mail_on, status):
    [message] = mails(1)
    message.attempts, message.status = 10, status
    message.save()
    admin = make_user("admin")

    message.send_again(by=admin, at=after(5))

    message.refresh_from_db()
    assert (message.status, message.attempts, message.again_by) == ("waiting", 0, admin)
    assert run(after(5)) == Tally(sent=1)
    assert mail_on.counts == {1}


@pytest.mark.parametrize("status", ["waiting", "failing", "sending", "sent", "dropped"])
def test_only_what_is_at_rest_and_did_not_arrive_is_sent_again(status):
    message = make_mail(make_user(email="ha@nd.gov.vn"), status=status, sent_at=NOON)

    with pytest.raises(WrongStep):
        message.send_again(by=make_user("admin"), at=NOON)

    message.refresh_from_db()
    assert message.status == status
