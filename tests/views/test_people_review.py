"""Accounts that nobody uses are listed and locked in the night; accounts are looked at once in half a year."""

import datetime as dt
import re

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_assignment, make_department, make_extension, make_user
from tracker import clock
from tracker.models import AccountLink, Deputyship, Status, User
from tracker.permissions import can_decide_extension

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def ago(days):
    return NOW - dt.timedelta(days=days)


@pytest.fixture
def admin(client):
    user = make_user("admin", last_login=NOW)
    client.force_login(user)
    return user


def names_in(response):
    return set(re.findall(r'<span class="row-sub">([^<]+)</span></th>', response.content.decode()))


UNUSED = [
    ({"last_login": ago(46), "created_at": ago(400)}, True),
    ({"last_login": ago(44), "created_at": ago(400)}, False),
    ({"last_login": None, "created_at": ago(46)}, True),
    ({"last_login": None, "created_at": ago(44)}, False),
    ({"last_login": ago(90), "created_at": ago(400), "reviewed_at": ago(10)}, False),
    ({"last_login": ago(90), "created_at": ago(400), "is_active": False}, False),
]


@pytest.mark.parametrize(("fields", "unused"), UNUSED)
def test_the_list_names_the_accounts_that_the_night_locks(client, admin, fields, unused):
    person = make_user(username="ha.nt", **fields)

    page = client.get("/nguoi-dung/", {"xem": "khong-dung"})
    call_command("lock_unused_accounts", verbosity=0)

    was_active, person = person.is_active, User.objects.get(pk=person.pk)
    assert ("ha.nt" in names_in(page)) == unused
    assert (was_active and not person.is_active) == unused


def test_the_journal_says_why_the_night_locked(client, admin):
    person = make_user(last_login=ago(60), created_at=ago(100))

    call_command("lock_unused_accounts", verbosity=0)

    page = re.sub(r"<[^>]+>", "", client.get(person.get_absolute_url()).content.decode())
    assert "đang dùng → đã khoá – “Không dùng trong 45 ngày”" in page


def test_an_open_invitation_keeps_an_account(admin):
    person = make_user(created_at=ago(60))
    AccountLink.make(person, by=admin, at=NOW, by_mail=False)

    call_command("lock_unused_accounts", verbosity=0)

    assert User.objects.get(pk=person.pk).is_active


def test_an_account_that_was_unlocked_stays_open_the_night_after(admin):
    person = make_user(last_login=ago(60), created_at=ago(100))
    call_command("lock_unused_accounts", verbosity=0)

    User.objects.get(pk=person.pk).unlock(by=admin)
    call_command("lock_unused_accounts", verbosity=0)

    assert User.objects.get(pk=person.pk).is_active


def test_the_last_administrator_is_never_locked():
    for _number in range(2):
        make_user("admin", last_login=ago(60), created_at=ago(100))

    call_command("lock_unused_accounts", verbosity=0)
    call_command("lock_unused_accounts", verbosity=0)

    assert User.objects.filter(role="admin", is_active=True).count() == 1


def test_the_days_are_a_setting(settings, admin):
    settings.TRACKER_UNUSED_ACCOUNT_DAYS = 90
    make_user(last_login=ago(60), created_at=ago(100))

    assert not User.objects.unused(NOW).exists()


# Review


@pytest.mark.parametrize(
    ("fields", "listed"),
    [
        ({"created_at": ago(184)}, True),
        ({"created_at": ago(182)}, False),
        ({"created_at": ago(400), "reviewed_at": ago(184)}, True),
        ({"created_at": ago(400), "reviewed_at": ago(182)}, False),
        ({"created_at": ago(400), "is_active": False}, False),
    ],
)
def test_accounts_are_looked_at_once_in_half_a_year(client, admin, fields, listed):
    make_user(username="ha.nt", **fields)

    assert ("ha.nt" in names_in(client.get("/nguoi-dung/", {"xem": "can-ra-soat"}))) == listed


def test_several_accounts_are_marked_at_once(client, admin):
    people = [make_user(created_at=ago(400)) for _number in range(3)]

    response = client.post(reverse("user_review"), {"person": [people[0].pk, people[1].pk]})

    assert response.url == "/nguoi-dung/?xem=can-ra-soat"
    assert "Đã đánh dấu rà soát 2 tài khoản." in client.get(response.url).content.decode()
    assert list(User.objects.to_review(NOW)) == [people[2]]


def test_one_account_is_marked_on_its_own_page(client, admin):
    person = make_user(created_at=ago(400))

    response = client.post(reverse("user_review"), {"person": person.pk, "back": "1"})

    assert response.url == person.get_absolute_url()
    assert "Đã rà soát cơ quan và vai trò" in client.get(response.url).content.decode()


@pytest.mark.parametrize("person", ["", "x", "a\x00", "9" * 30, "0"])
def test_what_is_no_account_marks_nothing(client, admin, person):
    stranger = make_user(created_at=ago(400))

    response = client.post(reverse("user_review"), {"person": [person, stranger.pk] if person else []})

    assert "Chưa đánh dấu: chọn ít nhất một tài khoản đang dùng." in client.get(response.url).content.decode()
    assert User.objects.get(pk=stranger.pk).reviewed_at is None


def test_an_administrator_is_warned_a_week_before_the_password_gets_too_old(client, admin):
    User.objects.filter(pk=admin.pk).update(password_changed_at=ago(54))

    page = client.get("/nguoi-dung/").content.decode()

    assert "Mật khẩu của bạn còn hiệu lực 5 ngày" in page
    User.objects.filter(pk=admin.pk).update(password_changed_at=ago(50))
    assert "Mật khẩu của bạn còn hiệu lực" not in client.get("/nguoi-dung/").content.decode()


# Deputies


def test_the_account_shows_who_stands_in_for_whom(client, admin):
    head = make_user("agency_head", full_name="Trần Văn Toản")
    deputy = make_user(agency=head.agency, full_name="Nguyễn Thu Hà")
    today = clock.today()
    Deputyship.name(head, deputy, starts_on=today, ends_on=today + dt.timedelta(days=7), at=clock.now())

    theirs, other = (client.get(one.get_absolute_url()).content.decode() for one in (head, deputy))

    assert "Nguyễn Thu Hà nhận thông báo thay" in theirs
    assert "Nhận thông báo thay Trần Văn Toản" in other


def test_a_deputy_decides_nothing_that_the_own_role_may_not(client):
    request = make_extension()
    leader = make_user("leader")
    deputies = {role: make_user(role, agency=leader.agency) for role in ("viewer", "officer", "leader")}
    today = clock.today()
    before = {role: can_decide_extension(one, request) for role, one in deputies.items()}

    for deputy in deputies.values():
        Deputyship.name(leader, deputy, starts_on=today, ends_on=today, at=clock.now())

    after = {role: can_decide_extension(one, request) for role, one in deputies.items()}
    assert after == before
    assert not after["viewer"]
    assert after["leader"]


def test_nobody_decides_the_own_request_not_even_as_a_leaders_deputy(client):
    assignment = make_assignment(make_department(), status=Status.RECEIVED)
    asker, leader = make_user("officer", agency=assignment.agency), make_user("leader")
    request = make_extension(assignment, by=asker)
    today = clock.today()
    Deputyship.name(leader, asker, starts_on=today, ends_on=today, at=clock.now())

    assert not can_decide_extension(asker, request)
    client.force_login(asker)
    response = client.post(
        reverse("extension_decide", args=[request.pk]), {"answer": "grant", "note": "Đồng ý"}
    )
    request.refresh_from_db()
    assert response.status_code == 403
    assert request.status == "asked"
