"""The lists: every number is the length of the list it opens, and no address is too strange for them."""

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_department,
    make_directive,
    make_document,
    make_field,
    make_group,
    make_report,
    make_user,
)
from tests.views.register_year import make_year, rows, text_of
from tracker.models import Directive, Standing
from tracker.tables.base import ROWS_A_PAGE

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def officer(client):
    user = make_user("officer")
    client.force_login(user)
    return user


@pytest.fixture
def a_year(officer):
    return make_year(officer)


def shown_rows(client, address: str) -> int:
    return client.get(address).content.decode().count('<tr role="row"') - 1


# Every number is the length of its list


def test_every_tab_counts_the_list_it_opens(client, a_year):
    page = client.get("/nhiem-vu/")

    tabs = page.context["tabs"]

    assert [tab.count for tab in tabs] == [10, 1, 1, 1, 4, 1, 1]
    for tab in tabs:
        assert (tab.label, rows(client, f"/nhiem-vu/?{tab.query}")) == (tab.label, tab.count)
        assert (tab.label, shown_rows(client, f"/nhiem-vu/?{tab.query}")) == (tab.label, tab.count)


@pytest.mark.parametrize(
    "address",
    [
        "/nhiem-vu/",
        "/nhiem-vu/?lv=vien-thong",
        "/nhiem-vu/?ky=2020-q2&den=31/5/2020",
        "/nhiem-vu/?xem=chua-bao-cao",
        "/luot-giao/",
        "/luot-giao/?vt=lead&ky=2020",
    ],
)
def test_every_number_of_the_status_bar_is_the_length_of_its_list(client, a_year, address):
    page = client.get(address)

    links = re.findall(r'<li><a href="(\?[^"]*tt=\w+)"[^>]*>.*?<b>(\d+)</b>', page.content.decode())

    assert links
    assert sum(int(count) for _link, count in links) == rows(client, address)
    base = address.split("?")[0]
    for link, count in links:
        assert (link, shown_rows(client, base + html.unescape(link))) == (link, int(count))


def test_every_standing_of_the_year_is_in_the_bar(client, a_year):
    page = client.get("/nhiem-vu/")

    assert {segment.key for segment in page.context["bar"]} == set(Standing.values) - {"outside"}


def test_the_other_filters_are_applied_to_the_bar(client, a_year):
    page = client.get("/nhiem-vu/?lv=vien-thong&tt=soon")

    assert {segment.key: segment.count for segment in page.context["bar"]} == {"soon": 1, "ontime": 1}
    assert page.context["total"] == 1


def test_the_official_cells_can_be_opened(client, a_year):
    assert rows(client, "/nhiem-vu/?o=done_late") == 1
    assert rows(client, "/nhiem-vu/?o=open_overdue") == 1
    assert rows(client, "/luot-giao/?o=open_overdue") == 1


def test_what_was_withdrawn_is_listed_apart(client, a_year):
    page = client.get("/nhiem-vu/?xem=thu-hoi")

    assert page.context["bar"] == []
    assert [row.status for row in page.context["table"].records] == ["withdrawn"]
    assert "Đã thu hồi" in text_of(page).split("Cập nhật")[-1]


def test_a_report_since_the_period_began_counts_as_reported(client, officer):
    silent, spoken, last_period = make_assignment(), make_assignment(), make_assignment()
    make_report(spoken, state="submitted", as_of_on=TODAY)
    make_report(last_period, state="confirmed", as_of_on=dt.date(2020, 5, 14))
    make_report(silent, state="draft", as_of_on=TODAY)

    found = client.get("/nhiem-vu/?xem=chua-bao-cao").context["table"].records

    assert {row.pk for row in found} == {silent.directive_id, last_period.directive_id}


# What a row shows, and in which order


def test_the_default_order_is_that_of_attention(client, a_year):
    page = client.get("/nhiem-vu/")

    standings = [row.standing for row in page.context["table"].records]

    assert standings[:2] == ["late", "soon"]
    assert standings[-3:] == ["donelate", "done", "stopped"]


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("han", lambda row: (row.due_on is None, row.due_on or TODAY)),
        ("ma", lambda row: row.code),
        ("cap-nhat", lambda row: -(row.progress_on or dt.date(1, 1, 1)).toordinal()),
    ],
)
def test_the_named_orders(client, a_year, word, key):
    found = client.get(f"/nhiem-vu/?sx={word}").context["table"].records

    assert [key(row) for row in found] == sorted(key(row) for row in found)


@pytest.mark.parametrize(
    "word", ["password", "-due_on", "lead__code", "tracking_officer__password", "%00", "?"]
)
def test_an_order_that_does_not_exist_is_the_default(client, a_year, word):
    page = client.get("/nhiem-vu/", {"sx": word})

    assert page.status_code == 200
    assert page.context["table"].chosen == "chu-y"


def test_a_row_names_code_field_source_lead_and_agencies(client, officer):
    bodies = [make_agency(), make_agency()]
    lead = make_group(*bodies, name="UBND các huyện, thành phố")
    directive = make_directive(
        code="NV-2020-077",
        field=make_field(name="Viễn thông"),
        document=make_document(kind="decree", number="49/2017/NĐ-CP"),
    )
    directive.assign(by=officer, lead=lead, today=TODAY)

    page = text_of(client.get("/nhiem-vu/"))

    assert "NV-2020-077 · Viễn thông · Nghị định 49/2017/NĐ-CP" in page
    assert "UBND các huyện, thành phố 2 cơ quan" in page


def test_the_whole_title_is_shown(client, officer):
    title = "Rà soát, chuẩn hoá thông tin thuê bao " * 50
    make_directive(title=title.strip())

    assert title.strip() in text_of(client.get("/nhiem-vu/"))


# htmx


def test_htmx_gets_the_part_that_changes_under_a_clean_address(client, a_year):
    page = client.get("/nhiem-vu/?q=&tt=late&lv=&sx=han", headers=HTMX)

    body = page.content.decode()
    assert "<html" not in body
    assert 'hx-swap-oob="true"' in body
    assert page.headers["HX-Push-Url"] == "/nhiem-vu/?tt=late&sx=han"
    assert "HX-Request" in page.headers["Vary"]


def test_typing_a_name_offers_a_few_agencies(client, officer):
    make_agency(code="H01", name="UBND huyện Giao Thủy")
    for _n in range(30):
        make_agency()

    few = client.get("/co-quan/chon/", {"ct": "giao thuỷ"}).content.decode()
    many = client.get("/co-quan/chon/", {"cq": "huyện ủy"}).content.decode()

    assert '<option value="UBND huyện Giao Thủy">H01</option>' in few
    assert many.count("<option") == 8
    assert "<option" not in client.get("/co-quan/chon/", {"cq": " "}).content.decode()


def test_only_the_department_is_offered_agencies(client):
    client.force_login(make_user("staff"))

    assert client.get("/co-quan/chon/", {"ct": "a"}).status_code == 403


# Who sees what


@pytest.mark.parametrize("address", ["/nhiem-vu/", "/luot-giao/", "/bao-cao/", "/van-ban/", "/co-quan/chon/"])
def test_a_visitor_is_sent_to_the_log_in_page(client, address):
    assert client.get(address).url.startswith("/dang-nhap/")


@pytest.mark.parametrize("address", ["/nhiem-vu/", "/luot-giao/", "/bao-cao/", "/co-quan/chon/"])
def test_lists_are_only_read(client, officer, address):
    assert client.post(address).status_code == 405


def test_another_agency_sees_only_its_own(client, a_year):
    clerk = make_user("staff", agency=a_year.agency)
    client.force_login(clerk)

    directives = client.get("/nhiem-vu/")
    assignments = client.get("/luot-giao/")
    reports = client.get("/bao-cao/")

    assert [row.pk for row in directives.context["table"].records] == [a_year.directive_id]
    assert [row.pk for row in assignments.context["table"].records] == [a_year.pk]
    assert [row.agency_id for row in reports.context["table"].records] == [clerk.agency_id]
    for page in (directives, assignments, reports):
        assert "co-quan/chon" not in page.content.decode()


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("officer", True),
        ("leader", True),
        ("admin", False),
        ("viewer", False),
        ("staff", False),
        ("agency_head", False),
    ],
)
def test_who_is_offered_to_assign_a_directive(client, role, may):
    client.force_login(make_user(role))

    page = client.get("/nhiem-vu/").content.decode()

    assert ("/nhiem-vu/tao/" in page) is may


def test_my_agencys_role_narrows_the_list_of_an_agency(client):
    officer, body = make_user("officer"), make_agency()
    directive = make_directive()
    directive.assign(by=officer, lead=make_agency(), cooperating=[body], today=TODAY)
    make_assignment(body)
    client.force_login(make_user("staff", agency=body))

    assert rows(client, "/nhiem-vu/?vt=cooperating") == 1
    assert rows(client, "/nhiem-vu/?vt=lead") == 1
    assert rows(client, "/nhiem-vu/") == 2


# Progress reports


def test_reports_by_state_agency_and_directive(client, officer):
    waiting = make_report(state="submitted")
    make_report(state="confirmed")
    make_report(state="returned")
    paused = make_report(state="submitted")
    paused.assignment.directive.pause(
        by=make_user("leader"), reason="Chờ", review_on=dt.date(2020, 7, 1), at=NOON
    )

    assert rows(client, "/bao-cao/?tt=waiting") == 1
    assert rows(client, "/bao-cao/?tt=submitted") == 2
    assert rows(client, "/bao-cao/?tt=confirmed") == 1
    assert rows(client, "/bao-cao/?tt=returned") == 1
    assert rows(client, f"/bao-cao/?cq={waiting.agency.code}") == 1
    assert rows(client, f"/bao-cao/?nv={waiting.assignment.directive.code.lower()}") == 1
    assert rows(client, "/bao-cao/") == 4


def test_a_draft_is_listed_inside_its_agency_only(client, officer):
    draft = make_report(state="draft")

    outside = rows(client, "/bao-cao/")
    client.force_login(make_user("staff", agency=draft.agency))

    assert (outside, rows(client, "/bao-cao/")) == (0, 1)


def test_the_newest_report_comes_first(client, officer):
    old = make_report(state="submitted", as_of_on=dt.date(2020, 4, 30))
    new = make_report(state="submitted", as_of_on=dt.date(2020, 5, 31))

    assert [row.pk for row in client.get("/bao-cao/").context["table"].records] == [new.pk, old.pk]
    assert [row.pk for row in client.get("/bao-cao/?sx=cu").context["table"].records] == [old.pk, new.pk]


# Budget


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("address", "most"), [("/nhiem-vu/", 8), ("/nhiem-vu/?tt=late", 8), ("/luot-giao/", 8), ("/bao-cao/", 8)]
)
def test_thirty_rows_take_as_many_queries_as_one(client, officer, address, most):
    make_report(make_assignment(due_on=dt.date(2020, 6, 1)), state="submitted")
    one = queries(client, address)
    for _n in range(29):
        make_report(make_assignment(due_on=dt.date(2020, 6, 1)), state="submitted")

    thirty = queries(client, address)

    assert thirty == one
    assert thirty <= most


def test_a_full_page_is_small(client, officer):
    for number in range(ROWS_A_PAGE + 5):
        directive = make_directive(
            title=f"{number} Rà soát, chuẩn hoá thông tin thuê bao di động trả trước trên địa bàn tỉnh",
            field=make_field(name="An toàn thông tin"),
            document=make_document(kind="decree", number=f"{number}/2017/NĐ-CP"),
        )
        make_assignment(make_agency(name=f"Ủy ban nhân dân huyện số {number}"), directive=directive)

    page = client.get("/nhiem-vu/")

    assert len(page.context["table"].records) == ROWS_A_PAGE
    assert len(page.content) <= 60_000


def test_pages_are_turned_without_losing_the_filter(client, officer):
    make_department()
    field = make_field(code="in")
    for _n in range(ROWS_A_PAGE + 1):
        make_directive(field=field)

    first = client.get("/nhiem-vu/?lv=in").content.decode()
    second = client.get("/nhiem-vu/?lv=in&trang=2")

    assert "?lv=in&amp;trang=2" in first
    assert len(second.context["table"].records) == 1
    assert Directive.objects.count() == ROWS_A_PAGE + 1
