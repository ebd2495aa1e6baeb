"""Guessing at passwords: five wrong ones an account, on whichever page, however many at once."""

import datetime as dt
import threading

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.factories import PASSWORD, make_user
from tracker import lockout
from tracker.models import AccountPause

pytestmark = pytest.mark.django_db
LOGIN, CHANGE = "/dang-nhap/", "/doi-mat-khau/"
MORNING = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)  # eight o'clock in the office
FRESH = "Sông Hồng 2020"
WRONG = "x"


def guess(client, name="ha.nt", password=WRONG):
    return client.post(LOGIN, {"username": name, "password": password})


def lock(client, name="ha.nt"):
    answers = [guess(client, name).status_code for _number in range(5)]
    assert answers == [200, 200, 200, 200, 429]


def test_each_lock_in_succession_lasts_twice_as_long_up_to_a_limit(client):
    make_user(username="ha.nt")
    lengths = []

    with time_machine.travel(MORNING, tick=False) as clock:
        for _number in range(8):
            lock(client)
            length = lockout.locked_until("ha.nt") - timezone.now()
            lengths.append(length.total_seconds() / 60)
            clock.shift(length)

    assert lengths == [15, 30, 60, 120, 240, 480, 720, 720]


def test_trying_while_locked_does_not_make_the_lock_longer(client):
    make_user(username="ha.nt")

    with time_machine.travel(MORNING, tick=False) as clock:
        lock(client)
        clock.shift(dt.timedelta(minutes=14))
        during = guess(client)
        clock.shift(dt.timedelta(minutes=1))
        after = guess(client, password=PASSWORD)

    assert (during.status_code, during["Retry-After"]) == (429, "60")
    assert "Thử lại sau 08:15" in during.content.decode()
    assert after.status_code == 302


def test_a_lock_over_midnight_says_which_day(client):
    make_user(username="ha.nt")

    with time_machine.travel(MORNING + dt.timedelta(hours=15, minutes=50), tick=False):
        lock(client)
        page = guess(client).content.decode()

    assert "Thử lại sau 00:05 thứ Ba 3/3/2026" in page


def test_the_right_password_forgets_the_wrong_ones(client):
    make_user(username="ha.nt")
    for _number in range(4):
        guess(client)

    guess(client, password=PASSWORD)
    client.logout()

    assert not AccountPause.objects.exists()
    assert "Còn 4 lần thử" in guess(client).content.decode()


def test_wrong_guesses_are_forgotten_after_a_day(client):
    make_user(username="ha.nt")
    with time_machine.travel(MORNING, tick=False) as clock:
        for _number in range(4):
            guess(client)
        clock.shift(dt.timedelta(hours=24, seconds=1))
        page = guess(client)

    assert "Còn 4 lần thử" in page.content.decode()


def test_guesses_at_invented_names_are_swept_away_and_keep_no_name(client):
    with time_machine.travel(MORNING, tick=False) as clock:
        guess(client, "Mat-khau-cua-toi")
        (row,) = AccountPause.objects.all()
        clock.shift(dt.timedelta(hours=25))
        guess(client, "another")

    assert row.account.startswith("?")
    assert "mat-khau" not in row.account
    assert not AccountPause.objects.filter(pk=row.pk).exists()


def test_an_unknown_name_is_locked_like_a_known_one(client):
    lock(client, "nobody")
    assert guess(client, "NOBODY ").status_code == 429


def test_the_present_password_is_guessed_no_longer_than_at_the_log_in(client):
    user = make_user(username="ha.nt", email="ha.nt@nd.vn")
    guess(Client(), "HA.NT@nd.vn")
    client.force_login(user)
    guess(Client(), "ha.nt@nd.vn")
    form = {"old_password": "x", "new_password": FRESH, "new_password_again": FRESH}

    answers = [client.post(CHANGE, form).status_code for _number in range(4)]
    right = client.post(CHANGE, form | {"old_password": PASSWORD})

    user.refresh_from_db()
    assert answers == [422, 422, 422, 429]
    assert right.status_code == 429
    assert user.check_password(PASSWORD)
    assert guess(Client(), password=PASSWORD).status_code == 429


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("nobody", {}),
        ("ha.nt", {}),
        ("ha.nt", {"is_active": False}),
        ("ha.nt", {"password": "!unusable"}),
        ("nobody@nd.vn", {}),
    ],
)
def test_every_refusal_costs_one_hash_and_says_the_same(client, monkeypatch, name, fields):
    make_user(username="ha.nt", **fields)
    runs = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *args: runs.append(1) or encode(self, *args)
    )

    page = guess(client, name).content.decode()

    assert len(runs) == 1
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in page
    assert "Còn 4 lần thử" in page


@pytest.mark.django_db(transaction=True)
def test_of_forty_guesses_at_one_moment_five_are_checked(monkeypatch):
    make_user(username="ha.nt", email="ha.nt@nd.vn")
    compared, answers = [], []
    verify = MD5PasswordHasher.verify
    monkeypatch.setattr(
        MD5PasswordHasher, "verify", lambda self, *args: compared.append(1) or verify(self, *args)
    )
    together = threading.Barrier(40)

    def run(number):
        together.wait(timeout=30)
        try:
            answers.append(guess(Client(), ["ha.nt", "HA.NT", "ha.nt@nd.vn"][number % 3]).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert len(compared) == 5
    assert sorted(answers) == [200] * 4 + [429] * 36
