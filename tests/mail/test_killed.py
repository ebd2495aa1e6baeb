"""The sender as a process of its own: killed in the middle, and two of them at once."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

from tests.factories import NOON, TODAY, make_mail, make_user
from tests.mail.server import until
from tracker import clock
from tracker.models import OutgoingMessage
from tracker.models.outbox import LEASE
from tracker.sending import Tally, send_due

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = 24
UNLUCKY = "nguoi7@nd.gov.vn"
# A test run has no calendar and no work to remind of: the sixteenth of June is a Tuesday, and nobody has a digest.


@pytest.fixture
def waiting():
    for number in range(MESSAGES):
        make_mail(make_user(email=f"nguoi{number}@nd.gov.vn"))


def database():
    values = connection.settings_dict
    host, user = quote(values["HOST"], safe=""), quote(values["USER"])
    return f"postgresql://{user}:{quote(values['PASSWORD'])}@{host}:{values['PORT']}/{values['NAME']}"


def start(box):
    """``manage.py send_notices`` on the database of the tests."""
    surroundings = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    environment = surroundings | {
        "DATABASE_URL": database(),
        "EMAIL_URL": f"smtp://127.0.0.1:{box.port}",
        "TRACKER_TODAY": TODAY.isoformat(),
    }
    command = [sys.executable, "manage.py", "send_notices"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def run_again(at):
    with clock.standing_at(at):
        return send_due(at)


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.communicate()


def end_of_lease():
    return OutgoingMessage.objects.get(status="sending").next_try_at


def states():
    return set(OutgoingMessage.objects.values_list("status", flat=True))


def test_killed_while_the_server_reads_a_message_and_run_again_each_arrives_once(mail_on, waiting):
    """The sender is held right before the last dot by a lock on the table that it writes into."""
    held = psycopg.connect(database())

    def hold(address):
        if address == UNLUCKY:
            held.execute("LOCK TABLE tracker_outgoingmessage IN SHARE MODE")

    mail_on.before_rcpt = hold
    process = start(mail_on)
    until(_somebody_waits_for_the_lock)
    before = len(mail_on.letters)
    kill(process)
    held.rollback()
    held.close()
    until(lambda: OutgoingMessage.objects.due(NOON).exists())
    mail_on.before_rcpt = lambda address: None

    again = run_again(NOON)

    assert 0 < before < MESSAGES
    assert again == Tally(sent=MESSAGES - before)
    assert len(mail_on.letters) == MESSAGES
    assert mail_on.counts == {1}
    assert states() == {"sent"}


def _somebody_waits_for_the_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation IS NOT NULL")
        return cursor.fetchone()[0]


def test_killed_between_the_server_s_keeping_a_message_and_its_answer_it_is_not_sent_twice(mail_on, waiting):
    kept, answer = threading.Event(), threading.Event()

    def hold(address):
        if address == UNLUCKY:
            kept.set()
            answer.wait(30)

    mail_on.after_data = hold
    process = start(mail_on)
    assert kept.wait(30)
    before = len(mail_on.letters)
    kill(process)
    answer.set()

    again = run_again(NOON)
    in_doubt = states()
    at_last = run_again(end_of_lease())

    assert 0 < before < MESSAGES
    assert (again, at_last) == (Tally(sent=MESSAGES - before), Tally())
    assert len(mail_on.letters) == MESSAGES
    assert mail_on.counts == {1}
    assert (in_doubt, states()) == ({"sent", "sending"}, {"sent", "unsure"})
    assert OutgoingMessage.objects.get(status="unsure").address == UNLUCKY
    assert run_again(NOON + LEASE + dt.timedelta(days=1)) == Tally()


def test_two_senders_at_once_share_the_work_and_send_nothing_twice(mail_on, waiting):
    mail_on.before_rcpt = lambda address: until(lambda: len(mail_on.sessions) >= 2)

    processes = [start(mail_on), start(mail_on)]
    told = [process.communicate(timeout=60)[0] for process in processes]

    sent = [int(words.split()[0]) for words in told]
    assert [process.returncode for process in processes] == [0, 0]
    assert min(sent) > 0
    assert sum(sent) == len(mail_on.letters) == MESSAGES
    assert mail_on.counts == {1}
    assert states() == {"sent"}


def test_asked_to_stop_it_finishes_the_message_in_hand(mail_on, waiting):
    arrived, go_on = threading.Event(), threading.Event()

    def hold(address):
        if address == UNLUCKY:
            arrived.set()
            go_on.wait(30)

    mail_on.before_rcpt = hold
    process = start(mail_on)
    assert arrived.wait(30)
    process.terminate()
    go_on.set()
    words, _errors = process.communicate(timeout=30)

    assert process.returncode == 0
    assert int(words.split()[0]) == len(mail_on.letters) < MESSAGES
    assert UNLUCKY in mail_on.addresses
    assert states() == {"sent", "waiting"}
