"""Sessions: listed for their owner, ended one by one or all, and over after a working day."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD, make_user
from tracker.models import UserSession

pytestmark = pytest.mark.django_db
MORNING = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
PROFILE, END, END_ALL = "/ho-so/", "/phien/ket-thuc/", "/phien/dang-xuat-moi-noi/"


def signed_in(user, **meta):
    client = Client(**meta)
    client.post("/dang-nhap/", {"username": user.username, "password": PASSWORD})
    return client


def is_in(client):
    return client.get(PROFILE).status_code == 200


def row_of(client):
    return UserSession.objects.get(pk=client.session.session_key)


def test_own_sessions_are_listed_with_place_and_times_but_never_with_their_key():
    user = make_user()
    here = signed_in(user)
    there = signed_in(user, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="10.1.2.3")
    stranger = signed_in(make_user(), REMOTE_ADDR="10.9.9.9")

    page = here.get(PROFILE).content.decode()

    assert "Firefox, Windows" in page
    assert "10.1.2.3" in page
    assert page.count("phiên này") == 1
    assert "10.9.9.9" not in page
    for client in (here, there, stranger):
        assert client.session.session_key not in page


def test_an_ended_session_is_dead_at_its_next_request_and_the_others_go_on():
    user = make_user()
    here, there = signed_in(user), signed_in(user)

    response = here.post(END, {"session": row_of(there).handle})

    assert response.url == PROFILE
    assert is_in(here)
    assert not is_in(there)


def test_ending_the_own_session_is_logging_out():
    here = signed_in(make_user())

    response = here.post(END, {"session": row_of(here).handle})

    assert response.url == "/dang-nhap/"
    assert not is_in(here)


@pytest.mark.parametrize("handle", ["", "x", "\x00", "0" * 20])
def test_an_unknown_session_ends_nothing(handle):
    here = signed_in(make_user())

    assert here.post(END, {"session": handle}).url == PROFILE
    assert is_in(here)


def test_nobody_ends_the_session_of_another():
    here, stranger = signed_in(make_user()), signed_in(make_user())

    here.post(END, {"session": row_of(stranger).handle})

    assert is_in(stranger)


def test_logging_out_everywhere_ends_every_session_of_the_person_alone():
    user = make_user()
    here, there, stranger = signed_in(user), signed_in(user), signed_in(make_user())

    here.post(END_ALL)

    assert [is_in(client) for client in (here, there, stranger)] == [False, False, True]


def test_an_administrator_ends_the_sessions_of_a_person():
    person = make_user()
    admin, theirs = signed_in(make_user("admin")), signed_in(person)

    response = admin.post(reverse("user_end_sessions", args=[person.pk]))

    assert response.url == person.get_absolute_url()
    assert not is_in(theirs)


def test_the_sessions_of_a_locked_account_do_not_come_back_with_it():
    admin, person = make_user("admin"), make_user()
    theirs = signed_in(person)

    person.lock(by=admin, reason="Nghỉ việc")
    person.unlock(by=admin)

    assert not is_in(theirs)


def test_a_session_is_over_twelve_hours_after_its_log_in_however_busy():
    with time_machine.travel(MORNING, tick=False) as clock:
        here = Client()
        user = make_user()
        here.post("/dang-nhap/", {"username": user.username, "password": PASSWORD, "remember": "on"})
        for _hour in range(11):
            clock.shift(dt.timedelta(hours=1))
            assert is_in(here)
        clock.shift(dt.timedelta(minutes=59))
        assert is_in(here)
        clock.shift(dt.timedelta(minutes=1))
        response = here.get(PROFILE)

    assert response.url == "/dang-nhap/?next=/ho-so/"


def test_a_session_is_written_at_most_once_a_minute():
    with time_machine.travel(MORNING, tick=False) as clock:
        here = signed_in(make_user())
        clock.shift(dt.timedelta(seconds=59))
        here.get(PROFILE)
        early = row_of(here).seen_at
        clock.shift(dt.timedelta(seconds=1))
        here.get(PROFILE)

    assert early == MORNING
    assert row_of(here).seen_at == MORNING + dt.timedelta(minutes=1)
