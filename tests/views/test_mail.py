"""Outgoing mail as administrators see it: counts, filters, outcome, sending again."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import NOON, TODAY, make_mail, make_notice, make_user
from tracker import clock
from tracker.models import OutgoingMessage, OutgoingRun
from tracker.models.outbox import NO_ANSWER

pytestmark = pytest.mark.django_db
LIST = "/thu-di/"


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY
    settings.MAIL_IS_ON = True


@pytest.fixture
def admin(client):
    admin = make_user("admin", full_name="Đỗ Văn Lâm")
    client.force_login(admin)
    return admin


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def rows(response):
    return response.content.decode().count('<tr role="row">') - 1


def total(response):
    return int(re.search(r'data-total="(\d+)"', response.content.decode())[1])


def a_message_of_each_kind():
    person = make_user(full_name="Nguyễn Thu Hà", email="ha@nd.gov.vn")
    for status in OutgoingMessage.Status.values:
        make_mail(person, status=status, sent_at=NOON, address="ha@nd.gov.vn", subject=f"Việc {status}")


def test_each_tab_lists_as_many_messages_as_it_counts(client, admin):
    a_message_of_each_kind()

    tabs = client.get(LIST).context["tabs"]

    assert [count for _key, _label, count in tabs] == [7, 3, 2, 1, 1]
    for key, _label, count in tabs:
        response = client.get(LIST, {"xem": key})
        assert (rows(response), total(response)) == (count, count)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "thu ha"}, 7),
        ({"q": "ha@nd"}, 7),
        ({"q": "không có ai"}, 0),
        ({"loai": "digest"}, 1),
        ({"loai": "at_once", "q": "Thu Hà"}, 7),
        ({"loai": "nonsense"}, 8),
        ({"q": "\x00"}, 8),
        ({"xem": "nonsense", "trang": "x", "sx": "x"}, 8),
    ],
)
def test_filters_find_by_person_address_and_kind(client, admin, asked, found):
    a_message_of_each_kind()
    other = make_user(full_name="Trần An")
    make_mail(other, kind="digest", notice=make_notice(other), cause="")

    response = client.get(LIST, asked)

    assert response.status_code == 200
    assert len(response.context["table"].records) == found


def test_a_row_says_to_whom_about_what_and_what_became_of_it(client, admin):
    person = make_user(full_name="Nguyễn Thu Hà", email="ha@nd.gov.vn")
    make_mail(
        person, status="failing", attempts=2, address="ha@nd.gov.vn", subject="Việc mới giao: Lập kế hoạch",
        outcome="450 Greylisted", next_try_at=NOON + dt.timedelta(minutes=5),
    )  # fmt: skip

    text = text_of(client.get(LIST))

    assert "Nguyễn Thu Hà ha@nd.gov.vn Việc mới giao: Lập kế hoạch" in text
    assert "gửi lần tới 16/6 12:05 450 Greylisted" in text


def test_sending_again_is_a_press_of_a_button_and_remembers_whose(client, admin):
    message = make_mail(make_user(full_name="Nguyễn Thu Hà"), status="unsure", outcome=NO_ANSWER)
    assert "Máy chủ thư đã nhận thư nhưng không trả lời." in text_of(client.get(LIST))

    response = client.post(f"{LIST}{message.pk}/gui-lai/", follow=True)

    message.refresh_from_db()
    assert (message.status, message.again_by) == ("waiting", admin)
    assert "Thư gửi Nguyễn Thu Hà sẽ được gửi lại trong lần chạy tới." in text_of(response)
    assert "Đỗ Văn Lâm cho gửi lại, 16/6" in text_of(client.get(LIST))


def test_pressed_by_two_administrators_it_is_tried_once_more_only(client, admin):
    message = make_mail(make_user(), status="unsure")
    client.post(f"{LIST}{message.pk}/gui-lai/")

    response = client.post(f"{LIST}{message.pk}/gui-lai/", follow=True)

    assert "Thư này đang được xử lý." in text_of(response)
    assert OutgoingMessage.objects.get().status == "waiting"


@pytest.mark.parametrize("pk", [10**9, 10**30])
def test_a_message_that_is_not_there_is_not_found(client, admin, pk):
    assert client.post(f"{LIST}{pk}/gui-lai/").status_code == 404


@pytest.mark.parametrize("status", ["sent", "waiting", "sending", "dropped"])
def test_what_need_not_be_sent_again_has_no_button(client, admin, status):
    make_mail(make_user(), status=status, sent_at=NOON)

    assert "gui-lai" not in client.get(LIST).content.decode()


@pytest.mark.parametrize("role", ["staff", "agency_head", "officer", "leader", "viewer"])
def test_nobody_but_administrators_sees_whom_mail_goes_to(client, role):
    message = make_mail(make_user(), status="given_up")
    client.force_login(make_user(role))

    assert client.get(LIST).status_code == 403
    assert client.post(f"{LIST}{message.pk}/gui-lai/").status_code == 403
    assert OutgoingMessage.objects.get().status == "given_up"


@pytest.mark.parametrize(
    ("ended", "fault", "sentence"),
    [
        (None, "", "Chưa chạy lần nào"),
        (None, "", "Đã quá 15 phút không chạy gửi thư"),
        (dt.timedelta(minutes=16), "", "Đã quá 15 phút không chạy gửi thư"),
        (dt.timedelta(), "Connection refused", "Thư không gửi đi bình thường từ 16/6 12:00"),
        (dt.timedelta(), "Connection refused", "Connection refused – không thư nào bị mất"),
    ],
)
def test_the_page_says_whether_mail_goes_out(client, admin, ended, fault, sentence):
    now = NOON.replace(hour=17, minute=30)
    if ended is not None:
        OutgoingRun.objects.create(pk=1, ended_at=now - ended, fault=fault, fault_since=NOON)

    with clock.standing_at(now):
        page = text_of(client.get(LIST))

    assert sentence in page


def test_the_page_says_that_mail_is_switched_off(client, admin, settings):
    settings.MAIL_IS_ON = False

    assert "Chưa bật gửi thư" in text_of(client.get(LIST))


def test_the_number_of_queries_does_not_grow_with_the_messages(client, admin):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(LIST)
        return len(asked)

    make_mail(make_user(), status="given_up", again_by=admin)
    one = queries()
    for _number in range(20):
        make_mail(make_user(), status="given_up", again_by=admin)

    assert queries() == one
