"""Every list taken out has the rows of its page, for whoever opens it."""

import csv
import io

import pytest
from django.urls import reverse

from tests.factories import (
    TODAY,
    make_department,
    make_extension,
    make_indicator,
    make_mail,
    make_measurement,
    make_obstacle,
    make_roster,
    make_target,
    make_urging,
    make_user,
)
from tests.views.register_year import make_year
from tracker.exports.lists import LISTS
from tracker.models import Indicator

pytestmark = pytest.mark.django_db

FILTERS = {
    "nhiem-vu": ["", "tt=late", "q=ma", "sx=ma&tt=todo", "xem=thu-hoi", "den=1/6/2020", "tt=khong-co"],
    "luot-giao": ["", "sx=co-quan", "kbc=2020-05&nop=asked", "vt=cooperating"],
    "bao-cao": ["", "tt=submitted", "sx=cu"],
    "van-ban": ["", "sx=nhiem-vu"],
    "so-lieu": ["", "tt=confirmed"],
    "vuong-mac": ["", "tt=all", "tt=solved"],
    "canh-bao": ["", "md=all", "md=safe"],
    "don-doc": ["", "tt=answered"],
    "gia-han": ["", "tt=all", "tt=granted"],
    "nguoi-dung": ["", "xem=tat-ca", "xem=con-dung&sx=co-quan", "q=nobody"],
    "co-quan": ["", "xem=het-hieu-luc", "q=giao thuy"],
    "thu-di": ["", "xem=cho", "sx=cu"],
    "ky-bao-cao": ["", "loai=month", "sx=muon"],
    "ma-tran": ["", "tt=chua-dat"],
    "nop-bao-cao": ["", "xem=so-lieu"],
}


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def year():
    """A year's work with something on every list."""
    officer = make_user("officer", agency=make_department())
    late = make_year(officer)
    make_obstacle(late.directive, by=officer)
    make_extension(late)
    make_urging(late.agency, by=officer)
    make_mail(officer)
    indicator = make_indicator(owner=late.agency)
    make_target(indicator)
    make_measurement(indicator)
    make_roster(late.agency)
    return officer, late.agency


def rows_of_page(client, name: str, query: str) -> int:
    """What the page says that the list has."""
    listing = LISTS[name]
    arguments = [Indicator.objects.first().code] if name == "so-lieu-chi-tieu" else []
    context = client.get(f"{reverse(listing.page, args=arguments)}?{query}").context
    if name == "chi-tieu":
        return context["shown"]
    if name == "ma-tran":
        return sum(len(rows) for _group, rows in context["groups"]) if "groups" in context else 0
    if name == "nop-bao-cao":
        return sum(len(line.cells) for line in context["table"].lines)
    if name == "cho-duyet":
        return len(context["queue"].reports) if "queue" in context else 0
    if name in {"so-lieu-cho-duyet", "co-quan"}:
        return context["total"]
    return context["page"].paginator.count


def taken_out(client, name: str, query: str = "", form: str = "csv") -> list[list[str]]:
    """The lines of the file, the head first."""
    if name == "so-lieu-chi-tieu":
        query = f"{query}&ma={Indicator.objects.first().code}"
    address = f"{reverse('export_list', args=[name])}?{query}"
    if LISTS[name].is_personal:
        response = client.post(address, {"dang": form})
    else:
        response = client.get(f"{address}&dang={form}")
    assert response.status_code == 200, (name, query, response.status_code)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("role", ["officer", "staff", "admin"])
def test_the_file_has_the_rows_of_the_page(client, year, name, role):
    officer, agency = year
    user = {"officer": officer, "staff": make_user("staff", agency=agency), "admin": make_user("admin")}[role]
    client.force_login(user)
    if not LISTS[name].is_open_to(user):
        assert client.get(reverse("export_list", args=[name])).status_code == 403
        return

    for query in FILTERS.get(name, [""]):
        assert len(taken_out(client, name, query)) - 1 == rows_of_page(client, name, query), query


@pytest.mark.parametrize(
    "name", ["nhiem-vu", "luot-giao", "van-ban", "so-lieu", "don-doc", "gia-han", "vuong-mac", "canh-bao"]
)
def test_the_officers_file_of_this_year_is_not_empty(client, year, name):
    client.force_login(year[0])

    assert len(taken_out(client, name, "xem=tat-ca")) > 1


@pytest.mark.parametrize("form", ["xlsx", "csv-phay", "docx", "in"])
@pytest.mark.parametrize("name", LISTS)
def test_every_list_comes_in_every_format(client, year, name, form):
    user = make_user("admin") if name in {"co-quan", "nguoi-dung", "thu-di"} else year[0]
    client.force_login(user)
    query = f"ma={Indicator.objects.first().code}&" if name == "so-lieu-chi-tieu" else ""
    address = f"{reverse('export_list', args=[name])}?{query}dang={form}"

    response = client.post(address, {"dang": form}) if LISTS[name].is_personal else client.get(address)

    assert response.status_code == 200
    assert b"".join(response)


@pytest.mark.parametrize("query", ["dang=csv&ma=CT-khong-co", "dang=csv", "dang=csv&ma=%00"])
def test_the_figures_of_an_indicator_that_nobody_sees_are_not_found(client, year, query):
    client.force_login(year[0])

    assert client.get(f"{reverse('export_list', args=['so-lieu-chi-tieu'])}?{query}").status_code == 404


def test_a_list_that_is_none_is_not_found(client, year):
    client.force_login(year[0])

    assert client.get(reverse("export_list", args=["khong-co"])).status_code == 404


def test_an_agency_reads_only_the_co_operating_bodies_that_it_sees(client, year):
    _officer, agency = year
    client.force_login(make_user("staff", agency=agency))

    lines = taken_out(client, "nhiem-vu")

    assert {line[2] for line in lines[1:]} == {agency.name}
    assert lines[0][:8] == [
        "TT",
        "Nội dung nhiệm vụ",
        "Cơ quan chủ trì",
        "Cơ quan phối hợp",
        "Sản phẩm",
        "Thời gian hoàn thành",
        "Ghi chú",
        "Mã",
    ]
