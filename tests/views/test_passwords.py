"""Choosing a password: behind a one-time link, by letter when it is forgotten, when an administrator's is too old."""

import datetime as dt
import re
import threading

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import PASSWORD, make_user
from tracker import clock
from tracker.models import AccountLink, OutgoingMessage, User, UserHistory
from tracker.sending import send_due

pytestmark = pytest.mark.django_db
NEW = "Sông Hồng 2020"


def page_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def make_link(person=None, by=None, at=None):
    person = person or make_user(last_login=timezone.now())
    return AccountLink.make(person, by=by or make_user("admin"), at=at or clock.now(), by_mail=False)


def path(link):
    return reverse("account_link", args=[link.token])


def choose(client, link, password=NEW, again=None):
    return client.post(path(link), {"new_password": password, "new_password_again": again or password})


# Behind the link


def test_looking_at_a_link_uses_nothing_up_and_shows_the_rules(client):
    link = make_link()

    for _look in range(3):
        response = client.get(path(link))
        assert response.status_code == 200

    page = page_of(response)
    assert "Ít nhất 14 ký tự" in page
    assert link.user.username in page
    assert response["Referrer-Policy"] == "strict-origin"
    assert "no-store" in response["Cache-Control"]
    link.refresh_from_db()
    assert link.state(clock.now()) == "open"


def test_the_link_sets_the_password_once(client):
    link = make_link()

    first, second = choose(client, link), choose(Client(), link, "Mưa rơi 7 ngày.")

    user = User.objects.get(pk=link.user_id)
    assert first.url == "/dang-nhap/"
    assert second.status_code == 410
    assert "Liên kết này đã được dùng" in page_of(second)
    assert user.check_password(NEW)
    assert not user.must_change_password
    assert client.post("/dang-nhap/", {"username": user.username, "password": NEW}).url == "/"


def test_a_new_password_ends_the_sessions_of_the_former_one(client):
    link = make_link()
    theirs = Client()
    theirs.force_login(link.user)

    choose(client, link)

    assert theirs.get("/ho-so/").url.startswith("/dang-nhap/")


def test_the_journal_names_the_owner_and_never_the_token(client):
    link = make_link()

    choose(client, link)

    context = UserHistory.objects.filter(pgh_obj=link.user).latest("pgh_id").pgh_context
    assert context["user"] == link.user_id
    assert link.token not in str(context)


def test_only_a_digest_of_the_token_is_stored():
    link = make_link()

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(l)::text FROM tracker_accountlink l")
        stored = cursor.fetchone()[0]

    assert link.token not in stored
    assert len(link.token) >= 43


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [("ngan", "ngan", "cần ít nhất 14"), (NEW, "Sông Hồng 2021", "Hai lần nhập mật khẩu mới khác nhau.")],
)
def test_a_refused_password_leaves_the_link_open(client, password, again, sentence):
    link = make_link()

    response = choose(client, link, password, again)

    assert response.status_code == 422
    assert sentence in page_of(response)
    assert choose(client, link).status_code == 302


def _used(link):
    link.use(NEW, at=clock.now())


def _locked(link):
    link.user.lock(by=make_user("admin"), reason="Thử")


def _renewed(link):
    make_link(link.user)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_used, "Liên kết này đã được dùng"),
        (_locked, "Liên kết này đã bị thu hồi"),
        (_renewed, "Liên kết này đã bị thu hồi"),
    ],
)
def test_a_link_that_opens_nothing_any_more_says_why(client, spoil, sentence):
    link = make_link()
    spoil(link)
    stored = User.objects.get(pk=link.user_id).password

    for response in (client.get(path(link)), choose(client, link, "Mưa rơi 7 ngày.")):
        assert response.status_code == 410
        assert sentence in page_of(response)
    assert User.objects.get(pk=link.user_id).password == stored


@pytest.mark.parametrize(("by_admin", "hours"), [(True, 72), (False, 1)])
def test_a_link_is_good_for_its_hours_and_no_longer(client, by_admin, hours):
    made = clock.now() - dt.timedelta(hours=hours)
    person, admin = make_user(last_login=made), make_user("admin")
    link = AccountLink.make(person, by=admin if by_admin else None, at=made, by_mail=False)

    assert link.state(made + dt.timedelta(hours=hours, seconds=-1)) == "open"
    response = client.get(path(link))

    assert response.status_code == 410
    assert "Liên kết này đã quá hạn" in page_of(response)


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "1" * 5000, "..%2f", "á"])
def test_unknown_tokens_get_a_sentence(client, token):
    response = client.get(f"/lien-ket/{token}/")

    assert response.status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_at_once_one_sets_the_password_and_the_other_says_so():
    link, answers, start = make_link(), [], threading.Barrier(2)

    def act(password):
        try:
            start.wait(timeout=30)
            answers.append(choose(Client(), link, password).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[one]) for one in (NEW, "Mưa rơi 7 ngày.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [302, 410]


# Forgotten


@pytest.fixture
def with_mail(settings):
    settings.MAIL_IS_ON = True


def ask(client, name):
    return client.post("/quen-mat-khau/", {"username": name})


@pytest.mark.parametrize("name", ["ha.nt", "HA.NT", "Ha.NT@namdinh.gov.vn"])
def test_a_forgotten_password_brings_a_letter_with_a_link(client, with_mail, name):
    user = make_user(username="ha.nt", email="ha.nt@namdinh.gov.vn", last_login=timezone.now())

    ask(client, name)
    send_due(clock.now())

    link = AccountLink.objects.get()
    [letter] = mail.outbox
    assert (letter.to, link.purpose) == ([user.email], "reset")
    assert link.url in letter.body
    assert "Đặt mật khẩu mới" in letter.subject
    assert choose(client, link).status_code == 302


def test_known_and_unknown_names_get_the_same_words(client, with_mail):
    make_user(username="ha.nt", email="ha.nt@namdinh.gov.vn")
    make_user(username="khoa.nv", email="khoa@namdinh.gov.vn", is_active=False)
    make_user(username="khong.thu", email="")

    pages = {
        re.sub(r'nonce="[^"]*"', "", ask(client, name).content.decode())
        for name in ("ha.nt", "khoa.nv", "khong.thu", "nobody")
    }

    assert len(pages) == 1
    assert AccountLink.objects.count() == 1


def test_the_password_goes_on_working_until_the_link_is_used(client, with_mail):
    make_user(username="ha.nt", email="ha.nt@namdinh.gov.vn")

    ask(client, "ha.nt")

    assert client.post("/dang-nhap/", {"username": "ha.nt", "password": PASSWORD}).url == "/"


def test_after_three_letters_within_the_hour_no_more_go_out(client, with_mail):
    make_user(username="ha.nt", email="ha.nt@namdinh.gov.vn")

    pages = {ask(client, "ha.nt").content.decode() for _time in range(5)}

    assert OutgoingMessage.objects.count() == 3
    assert len(pages) == 1
    AccountLink.objects.update(made_at=clock.now() - dt.timedelta(hours=1, seconds=1))
    ask(client, "ha.nt")
    assert OutgoingMessage.objects.count() == 4


def test_a_letter_whose_link_is_closed_is_not_sent(with_mail):
    user = make_user(email="ha.nt@namdinh.gov.vn")
    AccountLink.ask(user, at=clock.now())
    AccountLink.ask(user, at=clock.now())

    send_due(clock.now())

    assert len(mail.outbox) == 1
    assert AccountLink.objects.open().get().token in mail.outbox[0].body


def test_without_mail_the_page_says_whom_to_ask(client):
    make_user("admin", full_name="Đỗ Văn Lâm", position="Quản trị hệ thống")
    user = make_user(username="ha.nt", email="ha.nt@namdinh.gov.vn")

    page = page_of(client.get("/quen-mat-khau/"))
    ask(client, user.username)

    assert "xin quản trị viên liên kết" in page
    assert "Đỗ Văn Lâm, Quản trị hệ thống" in page
    assert not AccountLink.objects.exists()


@pytest.mark.parametrize("name", ["", "a\x00b", "x" * 300, "ha\u202ent"])
def test_odd_names_are_refused_at_the_field(client, with_mail, name):
    assert ask(client, name).status_code == 422


# Too old


def test_an_administrator_with_too_old_a_password_changes_it_first(client):
    admin = make_user("admin")
    client.force_login(admin)
    User.objects.update(password_changed_at=timezone.now() - dt.timedelta(days=60))

    assert client.get("/nguoi-dung/").url == "/doi-mat-khau/"
    assert "Mật khẩu đã quá hạn" in page_of(client.get("/doi-mat-khau/"))
    client.post("/doi-mat-khau/", {"old_password": PASSWORD, "new_password": NEW, "new_password_again": NEW})
    assert client.get("/nguoi-dung/").status_code == 200


def test_changing_the_password_ends_every_other_session(client):
    user = make_user()
    client.force_login(user)
    other = Client()
    other.force_login(user)

    client.post("/doi-mat-khau/", {"old_password": PASSWORD, "new_password": NEW, "new_password_again": NEW})

    assert client.get("/ho-so/").status_code == 200
    assert other.get("/ho-so/").url.startswith("/dang-nhap/")


def test_the_time_of_the_answer_hardly_tells_a_known_name_from_an_unknown_one(client, with_mail):
    make_user(username="ha.nt", email="ha.nt@namdinh.gov.vn")

    with CaptureQueriesContext(connection) as known:
        ask(client, "ha.nt")
    with CaptureQueriesContext(connection) as unknown:
        ask(client, "nobody")

    assert len(known) - len(unknown) <= 8
