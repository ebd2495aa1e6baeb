"""Urging agencies that are behind: exactly those, on the record, nobody who has reached it meanwhile."""

import datetime as dt

import pytest
from django.urls import reverse

from tests.factories import TODAY, make_mark, make_user
from tests.views.adoption import make_adoption, text_of
from tracker.models import Roster, Urging

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def world():
    return make_adoption()


@pytest.fixture
def officer(client):
    user = make_user("officer", full_name="Trần Minh Quang")
    client.force_login(user)
    return user


def preview(world):
    return f"{reverse('urging_create')}?ct={world.parent.code}"


def send(client, world, to=None, **fields):
    chosen = [agency.pk for agency in (world.agencies[1:4] if to is None else to)]
    content = {"agencies": chosen, "reason": "Hạn 30/6 còn 14 ngày.", "answer_due_on": "19/6/2020"}
    return client.post(preview(world), content | fields)


def test_the_preview_shows_exactly_who_gets_what(client, world, officer):
    page = text_of(client.get(preview(world)))

    assert "Đôn đốc cơ quan nào, về việc gì 3" in page
    assert "Huyện ủy Mỹ Lộc Chữ ký số: Lãnh đạo: 1/3 (cần 100%) 14/6" in page
    assert (
        "Huyện ủy Giao Thủy Phần mềm quản lý hồ sơ công việc: Cài đặt: chưa; Hồ sơ: 60% (cần ≥ 90%) 14/6"
        in page
    )
    assert (
        "Huyện ủy Ý Yên Phần mềm quản lý hồ sơ công việc: Cài đặt: chưa có số liệu; Hồ sơ: chưa có số liệu "
        "(cần ≥ 90%) · Chữ ký số: Lãnh đạo: chưa có số liệu (cần 100%) chưa báo cáo" in page
    )
    assert "Văn phòng Tỉnh ủy" not in page
    assert "Hội Cựu chiến binh tỉnh" not in page


def test_the_button_of_the_matrix_counts_those_in_the_preview(client, world, officer):
    matrix = client.get(reverse("adoption_matrix"))

    assert "Đôn đốc 3 cơ quan chưa đạt" in text_of(matrix)
    assert f"{preview(world)}" in matrix.content.decode()


def test_what_is_sent_is_on_the_record(client, world, officer):
    response = send(client, world)

    urging = Urging.objects.get()
    assert (urging.by, urging.answer_due_on, urging.reason) == (
        officer,
        dt.date(2020, 6, 19),
        "Hạn 30/6 còn 14 ngày.",
    )
    assert list(urging.indicators.order_by("pk")) == world.lists
    assert {one.pk for one in urging.directives.all()} == {one.directive_id for one in world.lists}
    assert [one.agency for one in urging.recipients.all()] == world.agencies[1:4]
    page = text_of(client.get(response.url))
    assert "Đã đôn đốc 3 cơ quan." in page
    assert "Huyện ủy Mỹ Lộc Chữ ký số: Lãnh đạo: 1/3 (cần 100%) Chưa đạt" in page
    assert "trả lời trước 19/6/2020 còn 3 ngày" in page
    assert "16/6/2020" in text_of(client.get(reverse("urging_list")))


def test_only_what_the_chosen_agencies_lack_is_urged(client, world, officer):
    send(client, world, [world.agencies[1]])

    urging = Urging.objects.get()
    assert list(urging.indicators.all()) == [world.lists[1]]
    assert urging.recipients.count() == 1


def test_who_has_reached_it_meanwhile_falls_out_and_is_named(client, world, officer):
    client.get(preview(world))
    make_mark(world.signature.bodies.get(agency=world.agencies[1]))

    response = send(client, world)

    assert [one.agency for one in Urging.objects.get().recipients.all()] == world.agencies[2:4]
    page = text_of(client.get(response.url))
    assert "Đã đôn đốc 2 cơ quan." in page
    assert "Đã đạt trong lúc đó nên không đôn đốc: Huyện ủy Mỹ Lộc." in page


def test_nobody_is_urged_when_everybody_chosen_has_reached_it(client, world, officer):
    make_mark(world.signature.bodies.get(agency=world.agencies[1]))

    response = send(client, world, [world.agencies[1]])

    assert response.status_code == 422
    assert "Không còn cơ quan nào chưa đạt: không đôn đốc ai." in text_of(response)
    assert not Urging.objects.exists()


def test_the_same_form_sent_twice_urges_once(client, world, officer):
    token = "6f1c2d0e-1111-4222-8333-444455556666"

    first = send(client, world, form_token=token)
    second = send(client, world, form_token=token)

    assert first.url == second.url
    assert Urging.objects.count() == 1


def test_when_all_are_in_use_there_is_nobody_to_urge(client, world, officer):
    for roster in (world.software, world.signature):
        for body in roster.bodies.all():
            make_mark(body)

    page = text_of(client.get(preview(world)))

    assert "Không còn cơ quan nào chưa đạt" in page
    assert "Đôn đốc" not in text_of(client.get(reverse("adoption_matrix")))


def test_without_any_list_there_is_no_such_page(client, officer):
    assert client.get(reverse("urging_create")).status_code == 404
    assert Roster.objects.count() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"agencies": []},
        {"agencies": ["0", "-1", "x", "9" * 40]},
        {"reason": ""},
        {"reason": "x\x00"},
        {"reason": "x" * 10_000},
        {"answer_due_on": "15/6/2020"},
        {"answer_due_on": "31/6/2020"},
    ],
)
def test_hostile_or_unfinished_input_is_refused_and_kept(client, world, officer, fields):
    response = send(client, world, **fields)

    assert response.status_code == 422
    assert not Urging.objects.exists()
    if "answer_due_on" in fields:
        assert "Hạn 30/6 còn 14 ngày." in response.content.decode()


def test_what_was_ticked_stays_ticked_after_a_refusal(client, world, officer):
    response = send(client, world, [world.agencies[2]], reason="")

    page = response.content.decode()
    assert page.count(" checked") == 1
    assert f'value="{world.agencies[2].pk}" checked' in page


# Who reads it


def test_an_urged_agency_reads_its_own_line_only(client, world, officer):
    address = send(client, world).url
    client.force_login(make_user(agency=world.agencies[1]))

    page = text_of(client.get(address))

    assert "Cơ quan được đôn đốc 1" in page
    assert "Chữ ký số: Lãnh đạo: 1/3" in page
    assert "Huyện ủy Giao Thủy" not in page


def test_an_agency_that_was_not_urged_finds_nothing(client, world, officer):
    address = send(client, world).url
    client.force_login(make_user(agency=world.agencies[0]))

    assert client.get(address).status_code == 404
    assert "Cơ quan bạn chưa bị đôn đốc" in text_of(client.get(reverse("urging_list")))


def test_the_urged_agency_sees_it_where_it_works_until_it_has_reached_it(client, world, officer):
    send(client, world)
    client.force_login(make_user(agency=world.agencies[1]))

    before = text_of(client.get(reverse("my_work")))
    make_mark(world.signature.bodies.get(agency=world.agencies[1]))
    after = text_of(client.get(reverse("my_work")))

    assert "Đôn đốc của Trần Minh Quang, 16/6 · trả lời trước 19/6 còn 3 ngày" in before
    assert "Chữ ký số: Lãnh đạo: 1/3 (cần 100%)" in before
    assert "Đôn đốc" not in after


def test_the_directive_s_page_shows_what_was_urged(client, world, officer):
    send(client, world)
    directive = world.lists[1].directive

    page = text_of(client.get(directive.get_absolute_url()))

    assert "Đã đôn đốc 3 cơ quan" in page


@pytest.mark.parametrize(
    ("role", "status"),
    [("leader", 200), ("admin", 403), ("viewer", 403), ("staff", 403), ("agency_head", 403)],
)
def test_only_watchers_urge(client, world, role, status):
    agency = world.agencies[1] if role in {"staff", "agency_head"} else make_user("admin").agency
    client.force_login(make_user(role, agency=agency))

    assert client.get(preview(world)).status_code == status


def test_the_list_asks_the_database_the_same_for_one_and_for_many(
    client, world, officer, django_assert_max_num_queries
):
    for _each in range(12):
        Urging.send(
            by=officer,
            agencies=dict.fromkeys(world.agencies[:3], "Chữ ký số"),
            reason="Hạn 30/6",
            indicators=world.lists,
            directives=[],
        )
    client.get(reverse("urging_list"))

    with django_assert_max_num_queries(8):
        page = text_of(client.get(reverse("urging_list")))

    assert page.count("Hạn 30/6") == 12
