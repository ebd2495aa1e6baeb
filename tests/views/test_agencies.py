"""The administrator's pages about agencies: the list by bloc, validity, mergers, groups."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import make_agency, make_assignment, make_department, make_group, make_user
from tracker import clock
from tracker.models import Agency

pytestmark = pytest.mark.django_db
LIST = "/co-quan/"


@pytest.fixture
def admin(client):
    user = make_user("admin")
    client.force_login(user)
    return user


def page_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def names_in(response):
    return re.findall(r'class="row-title"[^>]*>([^<]+)<', response.content.decode())


def fields_of(agency, **changed):
    values = {
        "code": agency.code,
        "name": agency.name,
        "kind": agency.kind,
        "bloc": agency.bloc,
        "certainty": agency.certainty,
    }
    return values | changed


def test_agencies_stand_by_bloc_with_certainty_people_and_open_work(client, admin):
    agency = make_agency(
        name="Huyện ủy Hải Hậu", code="P05", certainty="low", certainty_note="Theo Báo Nam Định"
    )
    make_user(agency=agency)
    make_user(agency=agency, is_active=False)
    make_assignment(agency)

    page = page_of(client.get(LIST))

    assert "Khối Đảng 1 Huyện ủy Hải Hậu P05 · Cơ quan Đảng Cần kiểm tra Theo Báo Nam Định 1 1" in page
    assert page.index("Khối Đảng") < page.index("Khối chính quyền")


def test_each_tab_lists_as_many_agencies_as_it_counts(client, admin):
    make_agency(valid_to=dt.date(2020, 1, 1))
    make_agency(certainty="medium")
    make_assignment(make_agency())

    tabs = re.findall(
        r'href="\?xem=([a-z-]+)"[^>]*>[^<]+<span class="n">(\d+)<', client.get(LIST).content.decode()
    )

    assert dict(tabs) == {"hien-hanh": "3", "khong-nguoi": "1", "can-kiem-tra": "1", "het-hieu-luc": "1"}
    for view, count in tabs:
        assert len(names_in(client.get(LIST, {"xem": view}))) == int(count)


def test_the_numbers_of_a_row_open_as_many_rows(client, admin):
    agency = make_agency(code="P05")
    make_user(agency=agency)
    make_user(agency=agency)
    make_assignment(agency)

    row = client.get(LIST).content.decode()
    people = client.get("/nguoi-dung/", {"xem": "con-dung", "cq": "P05"}).content.decode()
    work = client.get(reverse("agency_edit", args=[agency.pk])).content.decode()

    assert ">2</a>" in row
    assert 'data-total="2"' in people
    assert work[work.index('id="viec"') :].count("queue__t") == 1


@pytest.mark.parametrize("typed", ["hai hau", "P05"])
def test_find_without_accents_or_by_code(client, admin, typed):
    make_agency(name="Huyện ủy Hải Hậu", code="P05")

    assert names_in(client.get(LIST, {"q": typed})) == ["Huyện ủy Hải Hậu"]


def test_thirty_agencies_cost_no_more_queries_than_one(client, admin):
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _number in range(29):
        make_user(agency=make_agency())

    with CaptureQueriesContext(connection) as many:
        client.get(LIST)

    assert len(many) == len(few)


def test_a_new_agency(client, admin):
    response = client.post(
        reverse("agency_create"),
        {
            "code": "X01",
            "name": "Ban Quản lý",
            "kind": "Đơn vị",
            "bloc": "state",
            "certainty": "high",
            "parent": "so thong tin",
            "valid_from": "1/3/2020",
        },
    )

    agency = Agency.objects.get(code="X01")
    assert response.status_code == 302
    assert (agency.parent, agency.valid_from) == (make_department(), dt.date(2020, 3, 1))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"valid_from": "2/3/2020", "valid_to": "1/3/2020"}, "__all__"),
        ({"valid_to": "30/2/2020"}, "valid_to"),
        ({"valid_to": "1/1/10000"}, "valid_to"),
        ({"merged_into": "S01"}, "valid_to"),
        ({"parent": "không có"}, "parent"),
        ({"bloc": "x"}, "bloc"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "x" * 201}, "name"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_saved(client, admin, changed, field):
    agency = make_agency()

    response = client.post(reverse("agency_edit", args=[agency.pk]), fields_of(agency, **changed))

    assert response.status_code == 422
    assert field in response.context["form"].errors
    agency.refresh_from_db()
    assert (agency.valid_to, agency.merged_into, agency.parent) == (None, None, None)


def test_the_form_shows_what_is_stored(client, admin):
    agency = make_agency(parent=make_department(), valid_from=dt.date(2020, 3, 1))

    page = client.get(reverse("agency_edit", args=[agency.pk])).content.decode()

    for value in (agency.name, make_department().name, "1/3/2020"):
        assert f'value="{value}"' in page


def test_the_code_never_changes(client, admin):
    agency = make_agency(code="P05")

    client.post(reverse("agency_edit", args=[agency.pk]), fields_of(agency, code="P06", name="Tên mới"))

    agency.refresh_from_db()
    assert (agency.code, agency.name) == ("P05", "Tên mới")


def test_an_agency_is_not_its_own_ancestor(client, admin):
    parent = make_agency(name="Cơ quan mẹ")
    child = make_agency(name="Cơ quan con", parent=parent)

    response = client.post(reverse("agency_edit", args=[parent.pk]), fields_of(parent, parent=child.name))

    assert "Cơ quan này trực thuộc chính cơ quan đang sửa" in page_of(response)


def test_ending_an_agency_with_open_work_asks_first(client, admin):
    agency = make_agency()
    make_assignment(agency)
    make_assignment(agency)
    ended = fields_of(agency, valid_to="30/6/2020", merged_into=make_department().name)
    where = reverse("agency_edit", args=[agency.pk])

    asked = client.post(where, ended)
    agency.refresh_from_db()
    before = agency.valid_to
    agreed = client.post(where, ended | {"despite_open_work": "on"})

    agency.refresh_from_db()
    assert "Cơ quan này còn 2 việc đang mở" in page_of(asked)
    assert 'name="despite_open_work"' in asked.content.decode()
    assert (asked.status_code, before) == (422, None)
    assert (agreed.status_code, agency.valid_to) == (302, dt.date(2020, 6, 30))
    assert agency.merged_into == make_department()


def test_members_of_a_group_change_from_today_on(client, admin):
    first, second, third = make_agency(), make_agency(), make_agency()
    group = make_group(first, second)
    today = clock.today()

    client.post(
        reverse("agency_edit", args=[group.pk]),
        fields_of(group, is_group="on", members=[second.pk, third.pk]),
    )

    assert set(group.members_on(today)) == {second, third}
    assert set(group.members_on(today - dt.timedelta(days=1))) == {first, second}


def test_only_a_group_has_members(client, admin):
    agency, other = make_agency(), make_agency()

    response = client.post(reverse("agency_edit", args=[agency.pk]), fields_of(agency, members=[other.pk]))

    assert "Chỉ nhóm mới có thành viên." in page_of(response)


def test_the_second_of_two_administrators_sees_both_versions_and_loses_nothing(client, admin):
    agency = make_agency(name="Huyện ủy Hải Hậu")
    address = reverse("agency_edit", args=[agency.pk])
    client.post(address, fields_of(agency, kind="Bản thứ nhất", version=1))

    second = client.post(address, fields_of(agency, kind="Bản thứ hai", version=1))
    page = page_of(second)
    again = client.post(
        address, fields_of(agency, kind="Bản thứ hai", version=second.context["form"]["version"].value())
    )

    assert second.status_code == 409
    assert "Bản thứ nhất" in page
    assert second.context["form"]["kind"].value() == "Bản thứ hai"
    assert again.status_code == 302
    agency.refresh_from_db()
    assert (agency.kind, agency.version) == ("Bản thứ hai", 3)
