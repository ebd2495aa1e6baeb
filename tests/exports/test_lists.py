"""Every list taken out has the rows of its page, in its order, for whoever opens it."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import QueryDict
from django.test import override_settings
from django.urls import reverse
from django.utils.translation import gettext as _

from tests.exports.every_list import make_every_list
from tests.factories import NOON, TODAY
from tracker.exports.asking import Asked
from tracker.exports.lists import LISTS, read_list
from tracker.exports.sheet import local

pytestmark = pytest.mark.django_db

FILTERS = {
    "nhiem-vu": ["tt=late", "q=ma", "sx=ma&tt=todo", "xem=thu-hoi", "den=1/6/2020", "tt=khong-co", "sx=-ma"],
    "luot-giao": ["sx=co-quan", "kbc=2020-05&nop=asked", "vt=cooperating"],
    "bao-cao": ["tt=submitted", "sx=cu"],
    "van-ban": ["sx=nhiem-vu", "sx=cu"],
    "so-lieu": ["tt=confirmed", "sx=cu"],
    "so-lieu-chi-tieu": ["tt=confirmed", "sx=cu"],
    "chi-tieu": ["kl=none", "kl=off", "ky=2020-03"],
    "cau-hoi": ["tt=open", "sx=cu"],
    "vuong-mac": ["tt=all", "tt=solved"],
    "canh-bao": ["md=all", "md=safe"],
    "don-doc": ["tt=answered"],
    "gia-han": ["tt=all", "tt=granted"],
    "nguoi-dung": ["xem=tat-ca", "xem=con-dung&sx=co-quan", "q=nobody"],
    "co-quan": ["xem=het-hieu-luc", "q=giao thuy"],
    "thu-di": ["xem=cho", "sx=cu"],
    "ky-bao-cao": ["loai=month", "sx=muon"],
    "ma-tran": ["tt=chua-dat"],
    "nop-bao-cao": ["xem=so-lieu", "loai=quarter"],
}
"""Beside the list without any: filters, orders, views, and what is none of them."""


def figure_of(row):
    return row.indicator.code, row.agency.name, row.period.label, local(row.submitted_at)


FIGURE = (["Code", "Agency", "Reporting period", "Submitted at"], figure_of)
KEYS = {
    "nhiem-vu": (["Code"], lambda row: (row.code,)),
    "luot-giao": (["Agency", "Code of the directive"], lambda row: (row.agency.name, row.directive.code)),
    "bao-cao": (
        ["Agency", "Code of the directive", "As of"],
        lambda row: (row.agency.name, row.assignment.directive.code, row.as_of_on),
    ),
    "van-ban": (["Number and symbol", "Abstract"], lambda row: (row.number, row.abstract)),
    "cho-duyet": (
        ["Code of the directive", "Submitted at"],
        lambda row: (row.assignment.directive.code, local(row.submitted_at)),
    ),
    "chi-tieu": (["Code"], lambda row: (row.row.indicator.code,)),
    "so-lieu": FIGURE,
    "so-lieu-chi-tieu": FIGURE,
    "so-lieu-cho-duyet": FIGURE,
    "cau-hoi": (["What is doubtful"], lambda row: (row.detail,)),
    "nop-bao-cao": (["Agency", "Reporting period"], lambda row: row),
    "ma-tran": (["Agency"], lambda row: (row.agency.name,)),
    "don-doc": (["Reason"], lambda row: (row.reason,)),
    "gia-han": (
        ["Code of the directive", "New deadline asked for"],
        lambda row: (row.assignment.directive.code, row.new_due_on),
    ),
    "dinh-chinh": (["Code of the directive", "Reason"], lambda row: (row.directive.code, row.reason)),
    "vuong-mac": (["What holds the work up"], lambda row: (row.description,)),
    "canh-bao": (["Code of the directive"], lambda row: (row.directive.code,)),
    "ky-bao-cao": (["Reporting period"], lambda row: (row.label,)),
    "co-quan": (["Code"], lambda row: (row.code,)),
    "nguoi-dung": (["Account name"], lambda row: (row.username,)),
    "thu-di": (["Message"], lambda row: (row.subject,)),
}
"""The heads of the columns that tell the rows of a list apart, and the same of a row of the page."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Made once for all tests of this file, which only read."""
    with django_db_blocker.unblock(), override_settings(TRACKER_TODAY=TODAY), transaction.atomic():
        yield make_every_list()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


def sheet_of(world, user, name: str, query: str = ""):
    """The list as a file has it."""
    if name == "so-lieu-chi-tieu":
        query = f"ma={world.indicator}&{query}"
    return read_list(name, Asked(user, QueryDict(query), NOON, TODAY))


def keys_of_file(world, user, name: str, query: str = "") -> list[tuple]:
    sheet = sheet_of(world, user, name, query)
    heads = [column.title for column in sheet.columns]
    places = [heads.index(_(head)) for head in KEYS[name][0]]
    return [tuple(row[place] for place in places) for row in sheet.rows()]


def keys_of_page(world, client, name: str, query: str = "") -> list[tuple]:
    """All pages of the list together."""
    arguments = [world.indicator] if name == "so-lieu-chi-tieu" else []
    response = client.get(f"{reverse(LISTS[name].page, args=arguments)}?{query}")
    assert response.status_code == 200
    return [KEYS[name][1](row) for row in records(name, response.context)]


def records(name: str, page) -> list:
    match name:
        case "chi-tieu" | "ma-tran":
            return [row for _group, rows in page.get("groups", []) for row in rows]
        case "nop-bao-cao":
            return [
                (line.agency.name, cell.period.label) for line in page["table"].lines for cell in line.cells
            ]
        case "cho-duyet":
            return page["queue"].reports
        case "so-lieu-cho-duyet":
            return page["rows"]
        case "co-quan":
            return [row for _bloc, rows in page["blocs"] for row in rows]
    return [getattr(row, "record", row) for row in page["page"].paginator.object_list]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("role", ["officer", "staff", "admin"])
def test_the_file_has_the_rows_of_the_page_in_its_order(client, world, name, role):
    user = getattr(world, role)
    client.force_login(user)
    if not LISTS[name].is_open_to(user):
        with pytest.raises(PermissionDenied):
            sheet_of(world, user, name)
        assert client.get(reverse("export_list", args=[name])).status_code == 403
        return

    for query in ["", *FILTERS.get(name, [])]:
        on_page = keys_of_page(world, client, name, query)
        assert keys_of_file(world, user, name, query) == on_page, query
        assert sheet_of(world, user, name, query).total == len(on_page), query


@pytest.mark.parametrize("name", LISTS)
def test_of_every_list_there_are_rows_to_compare(world, name):
    """Otherwise the test above would hold for files that are always empty."""
    reader = world.admin if LISTS[name].is_open_to(world.admin) else world.officer

    found = keys_of_file(world, reader, name)

    assert len(set(found)) == len(found) >= 2


@pytest.mark.parametrize("name", LISTS)
def test_every_row_has_what_each_format_can_write(world, name):
    """Text, numbers, days and moments of the office's clock, as many as there are columns."""
    reader = world.admin if LISTS[name].is_open_to(world.admin) else world.officer
    sheet = sheet_of(world, reader, name)

    for place, row in enumerate(sheet.rows(), start=1):
        assert len(row) == len(sheet.columns)
        assert row[0] == place
        for value in row:
            assert value is None or type(value) in {str, int, Decimal, dt.date, dt.datetime}
            assert not isinstance(value, dt.datetime) or value.tzinfo is None


@pytest.mark.parametrize("query", ["tt=todo&sx=ma", "trang=2", "q=khong-co-gi"])
def test_what_is_fetched_is_cut_and_ordered_by_the_address(client, world, query):
    client.force_login(world.officer)

    response = client.get(f"{reverse('export_list', args=['nhiem-vu'])}?{query}&dang=csv")

    lines = list(csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig"))))
    place = lines[0].index("Mã")
    assert [(line[place],) for line in lines[1:]] == keys_of_file(world, world.officer, "nhiem-vu", query)


@pytest.mark.parametrize("form", ["xlsx", "csv", "csv-phay", "docx", "in"])
def test_personal_lists_are_handed_over_in_every_format(client, world, form):
    client.force_login(world.admin)

    response = client.post(reverse("export_list", args=["nguoi-dung"]), {"dang": form})

    assert response.status_code == 200
    assert len(b"".join(response)) > 100


@pytest.mark.parametrize("query", ["dang=csv&ma=CT-khong-co", "dang=csv", "dang=csv&ma=%00"])
def test_the_figures_of_an_indicator_that_nobody_sees_are_not_found(client, world, query):
    client.force_login(world.officer)

    assert client.get(f"{reverse('export_list', args=['so-lieu-chi-tieu'])}?{query}").status_code == 404


def test_a_list_that_is_none_is_not_found(client, world):
    client.force_login(world.officer)

    assert client.get(reverse("export_list", args=["khong-co"])).status_code == 404


def test_an_agency_reads_only_the_co_operating_bodies_that_it_sees(world):
    sheet = sheet_of(world, world.staff, "nhiem-vu")

    assert {row[2] for row in sheet.rows()} == {world.agency.name}
    assert [column.title for column in sheet.columns][:8] == [
        "TT",
        "Nội dung nhiệm vụ",
        "Cơ quan chủ trì",
        "Cơ quan phối hợp",
        "Sản phẩm",
        "Thời gian hoàn thành",
        "Ghi chú",
        "Mã",
    ]
