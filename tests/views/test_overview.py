"""The overview: its numbers are its lists, its sentence is true, its decisions go through the same verbs."""

import datetime as dt
import html
import re
from collections import Counter

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_completed,
    make_department,
    make_directive,
    make_document,
    make_field,
    make_report,
    make_user,
)
from tests.views.test_decisions import make_matters, sign_in
from tracker.figures.overview import overview
from tracker.figures.periods import Period
from tracker.figures.scope import Scope
from tracker.figures.sentence import lead_line
from tracker.models import Directive, User

pytestmark = pytest.mark.django_db

COUNTED = re.compile(r'<a\b[^>]*\bhref="([^"]+)"[^>]*\bdata-count="(\d+)"')
BARE = re.compile(r'<a href="([^"]+)">([\d.]+)</a>')
"""A link that is nothing but its number."""


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def make_register():
    """A register with something in every corner of the page."""
    posts, telecoms = make_field(name="Bưu chính"), make_field(name="Viễn thông")
    slow, quick = make_agency(name="UBND huyện Ý Yên"), make_agency(name="Huyện ủy Hải Hậu")
    for due_on in (dt.date(2020, 5, 31), dt.date(2020, 6, 5), dt.date(2020, 6, 12)):
        make_assignment(slow, field=posts, due_on=due_on)
    make_assignment(quick, field=telecoms, due_on=dt.date(2020, 6, 1))
    make_assignment(quick, field=telecoms, due_on=TODAY)
    make_assignment(quick, field=telecoms, due_on=dt.date(2020, 12, 31), status="in_progress")
    make_assignment(quick, field=posts, due_on=None, deadline_kind="ongoing", status="received")
    make_completed(make_assignment(quick, field=posts, due_on=dt.date(2020, 3, 1)), on=dt.date(2020, 2, 20))
    make_completed(make_assignment(slow, field=telecoms, due_on=dt.date(2020, 3, 1)), on=dt.date(2020, 3, 9))
    make_directive(field=posts, due_on=dt.date(2020, 9, 1))
    stopped = make_assignment(slow, field=posts, due_on=dt.date(2020, 9, 1)).directive
    stopped.stop(by=make_user("leader"), document=make_document(), at=NOON)
    make_report(make_assignment(slow, field=posts), state="submitted")
    helped = make_assignment(quick, field=posts, due_on=dt.date(2020, 6, 2)).directive
    helped.assign(by=make_user("officer"), cooperating=[slow], today=dt.date(2020, 2, 3), at=NOON)
    return slow, quick


# numbers


def rows_behind(page):
    """How many rows the opened list holds: what it says, and what its query gives."""
    if "data-total" in page.content.decode():
        return {int(re.search(r'data-total="(\d+)"', page.content.decode())[1])}
    if "shown" in page.context:
        return {page.context["shown"]}
    return {page.context["total"], page.context["table"].data.data.count()}


@pytest.mark.parametrize("role", ["leader", "officer", "viewer", "staff", "agency_head"])
@pytest.mark.parametrize(
    "address",
    [
        "/tong-quan/",
        "/tong-quan/?bang=co-quan",
        "/tong-quan/?ky=2020-06",
        "/tong-quan/?ky=2020-q2&den=3/6/2020&bang=co-quan",
        "/tong-quan/co-quan/",
        "/tong-quan/co-quan/?ky=2020-q2&den=3/6/2020",
    ],
)
def test_every_number_opens_a_list_of_exactly_that_many_rows(client, role, address):
    slow, _quick = make_register()
    sign_in(client, role, agency=slow if role in {"staff", "agency_head"} else make_department())
    text = client.get(address).content.decode()

    found = {
        (html.unescape(address), int(number.replace(".", "")))
        for address, number in COUNTED.findall(text) + BARE.findall(text)
    }

    assert len(found) > 5
    assert text.count("data-count=") == len(COUNTED.findall(text))
    for address, number in found:
        page = client.get(address)
        assert (address, rows_behind(page)) == (address, {number})


def test_a_person_of_an_agency_reads_only_their_own_work(client):
    slow, quick = make_register()
    sign_in(client, "agency_head", agency=quick)

    page = client.get(reverse("overview")).context["page"]

    assert (
        page.directives.total == Directive.objects.filter(assignments__agency=quick).distinct().count() == 6
    )
    assert slow.pk in {row.key for row in page.agencies.rows}  # it helps with work that the agency leads
    assert page.decisions == []


@pytest.mark.parametrize("role", User.Role.values)
def test_every_role_may_read_it(client, role):
    sign_in(client, role)

    assert client.get(reverse("overview")).status_code == 200


def test_an_empty_register_is_calm(client):
    sign_in(client)

    text = client.get(reverse("overview")).content.decode()

    assert "Không có nhiệm vụ quá hạn." in text
    assert "Không có việc chờ đồng chí quyết định." in text
    assert "Không có cơ quan nào có lượt giao quá hạn." in text
    assert "Kỳ này không có số liệu." in text
    assert "n-late" not in text


def test_the_page_takes_as_many_queries_for_thirty_rows_as_for_one(client):
    sign_in(client)
    make_matters()
    make_assignment(due_on=dt.date(2020, 6, 1))
    make_assignment(due_on=TODAY)
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("overview"))
    agency = make_agency()
    author, officer = make_user(agency=agency), make_user("officer")
    for number in range(30):
        due_on = TODAY + dt.timedelta(days=number - 15)
        assignment = make_assignment(agency if number % 2 else None, by=officer, due_on=due_on)
        if number % 2:
            make_report(
                assignment, state="submitted", by=author, claim="completed", percent=100,
                completed_on=TODAY, output_document="1/BC",
            )  # fmt: skip

    with CaptureQueriesContext(connection) as thirty:
        page = client.get(reverse("overview"))

    assert len(one) == len(thirty) <= 12
    assert len(page.content) <= 66_000
    assert page.content.decode().count('class="decide"') == 8


def test_the_days_of_silence_are_said(client):
    sign_in(client)
    old = dt.date(2020, 4, 1)
    make_report(make_assignment(), state="confirmed", as_of_on=old, at=dt.datetime(2020, 4, 2, tzinfo=dt.UTC))

    text = client.get(reverse("overview")).content.decode()

    assert "Số liệu mới nhất là ngày 1/4/2020: đã 76 ngày chưa có báo cáo được duyệt" in text


# period and day


def test_the_chips_choose_the_period(client):
    sign_in(client)
    make_register()

    june, year = client.get(reverse("overview") + "?ky=2020-06"), client.get(reverse("overview"))

    assert june.context["page"].scope.period == Period.parse("2020-06")
    assert year.context["page"].scope.period == Period.parse("2020")
    assert june.context["page"].directives.total < year.context["page"].directives.total


def test_a_past_day_shows_the_register_as_it_stood(client):
    sign_in(client)
    make_completed(make_assignment(due_on=dt.date(2020, 6, 1)), on=dt.date(2020, 6, 5))

    then = client.get(reverse("overview") + "?den=3/6/2020").context["page"]
    now = client.get(reverse("overview")).context["page"]

    assert (then.late, now.late) == (1, 0)
    assert (then.late_change, now.late_change) == (1, 0)


def test_the_week_before_is_compared(client):
    sign_in(client)
    make_assignment(due_on=TODAY - dt.timedelta(days=1))
    make_assignment(due_on=TODAY - dt.timedelta(days=2))
    make_assignment(due_on=TODAY - dt.timedelta(days=9))

    text = client.get(reverse("overview")).content.decode()

    assert "tăng 2 so với tuần trước" in text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?ky=2020-13", "Không có kỳ này; trang đang hiện cả năm."),
        ("?ky=" + "9" * 5000, "ký tự"),
        ("?ky=%00", "ký tự"),
        ("?den=17/6/2020", "Chưa đến ngày này; trang đang hiện số liệu hôm nay."),
        ("?den=31/2/2020", "ngày"),
        ("?den=1/1/10000", "năm"),
        ("?den=1/1/0001", "năm"),
        ("?bang=khac&ky=&den=&x=1", ""),
    ],
)
def test_what_cannot_be_read_is_said_and_the_year_is_shown(client, query, sentence):
    sign_in(client)
    make_assignment()

    page = client.get(reverse("overview") + query)

    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert page.context["page"].scope.period == Period.parse("2020")
    assert page.context["page"].scope.as_of == TODAY


# the sentence


def said(user, today=TODAY):
    return "".join(
        part.text for part in lead_line(overview(Scope.of(user, today, period=Period.parse("2020"))))
    )


def test_the_sentence_names_the_agencies_that_hold_half_of_the_delay():
    make_register()

    text = said(make_user("leader"))

    assert text == (
        "5 nhiệm vụ quá hạn, ít nhất một nửa số lượt chậm ở UBND huyện Ý Yên. "
        "Không có việc chờ đồng chí quyết định. So với kế hoạch năm, số hoàn thành chậm 5 nhiệm vụ."
    )


def test_the_sentence_is_calm_when_nothing_is_late():
    make_completed(make_assignment(due_on=dt.date(2020, 6, 1)), on=dt.date(2020, 6, 1))

    text = said(make_user("leader"))

    assert (
        text
        == "Không có nhiệm vụ quá hạn. Không có việc chờ đồng chí quyết định. Số hoàn thành đúng kế hoạch năm."
    )


def test_the_sentence_says_when_all_the_delay_is_in_one_place():
    agency = make_agency(name="Báo Nam Định")
    make_assignment(agency, due_on=dt.date(2020, 6, 1))

    assert said(make_user("leader")).startswith("1 nhiệm vụ quá hạn, đều ở Báo Nam Định.")


def test_the_sentence_says_when_the_delay_is_spread():
    for _ in range(8):
        make_assignment(due_on=dt.date(2020, 6, 1))

    assert said(make_user("leader")).startswith("8 nhiệm vụ quá hạn, rải ở 8 cơ quan.")


def test_the_sentence_says_when_late_work_was_given_to_nobody():
    make_directive(due_on=dt.date(2020, 6, 1))

    assert said(make_user("leader")).startswith("1 nhiệm vụ quá hạn, chưa giao cho cơ quan nào.")


def test_the_sentence_says_when_the_plan_is_exceeded():
    make_completed(make_assignment(due_on=dt.date(2020, 6, 1)), on=dt.date(2020, 6, 1))
    make_completed(make_assignment(due_on=dt.date(2020, 12, 1)), on=dt.date(2020, 6, 1))

    assert said(make_user("leader")).endswith("Số hoàn thành vượt kế hoạch năm 1 nhiệm vụ.")


def test_the_sentence_links_its_numbers():
    make_register()
    make_matters()

    parts = lead_line(overview(Scope.of(make_user("leader"), TODAY, period=Period.parse("2020"))))

    links = {part.target: part.text for part in parts if part.target}
    assert links == {
        "late": "5 nhiệm vụ quá hạn",
        "decisions": "5 việc chờ đồng chí quyết định",
        "plan": "chậm 5 nhiệm vụ",
    }


def test_people_who_decide_nothing_are_not_told_that_nothing_waits():
    make_register()

    assert "quyết định" not in said(make_user("viewer", agency=make_department()))


# the official table


def test_a_table_that_does_not_add_up_is_not_printed_but_explained(client, rf):
    sign_in(client)
    make_register()
    page = client.get(reverse("overview"))
    context = {name: page.context[name] for name in ("scope", "by_agency", "cells", "fewest_due")}
    request = rf.get("/tong-quan/")

    text = render_to_string("overview/_official.html", context | {"table": None}, request=request)

    assert "Chưa in bảng này: các ô cộng lại không bằng tổng số" in text
    assert "<table" not in text


def test_percentages_carry_their_numbers_and_zero_of_zero_is_a_dash(client):
    sign_in(client)
    field = make_field()
    make_completed(make_assignment(field=field, due_on=dt.date(2020, 6, 1)), on=dt.date(2020, 6, 1))
    make_assignment(field=field, due_on=dt.date(2020, 6, 2))
    make_assignment(due_on=dt.date(2020, 12, 1))

    text = client.get(reverse("overview")).content.decode()

    assert "1/2 (50%)" in text
    assert "—" in text
    assert "Hoàn thành trên tổng số (trừ dừng)" in text
    assert "Đúng hạn trên số đến hạn" in text


def lines_of(page):
    return [(line.kind, line.row.name, line.row.total, line.row.late) for line in page.context["lines"]]


def make_blocs():
    """Two blocs; of the districts seven agencies are late and one is not, of the Party bloc none."""
    for number in range(7):
        district = make_agency(name=f"UBND huyện {number}", bloc="district")
        for _ in range(7 - number):
            make_assignment(district, due_on=dt.date(2020, 6, 1))
    make_assignment(make_agency(name="UBND thành phố", bloc="district"), due_on=dt.date(2020, 12, 1))
    make_assignment(make_agency(name="Huyện ủy", bloc="party"), due_on=dt.date(2020, 12, 1))


def test_the_table_by_agency_sums_up_the_blocs_and_names_the_agencies_that_are_most_overdue(client):
    sign_in(client)
    make_blocs()

    page = client.get(reverse("overview") + "?bang=co-quan")

    assert lines_of(page) == [
        ("bloc", "Khối huyện, thành phố", 29, 28),
        *[("agency", f"UBND huyện {number}", 7 - number, 7 - number) for number in range(4)],
        ("bloc", "Khối Đảng", 1, 0),
        ("total", "", 30, 28),
    ]
    assert 'data-count="9">Xem cả 9 cơ quan</a>' in page.content.decode()


def test_the_page_of_all_agencies_leaves_none_out(client):
    sign_in(client)
    make_blocs()

    page = client.get(reverse("agency_summary"))

    assert lines_of(page) == [
        ("bloc", "Khối huyện, thành phố", 29, 28),
        *[("agency", f"UBND huyện {number}", 7 - number, 7 - number) for number in range(7)],
        ("agency", "UBND thành phố", 1, 0),
        ("bloc", "Khối Đảng", 1, 0),
        ("agency", "Huyện ủy", 1, 0),
        ("total", "", 30, 28),
    ]


def test_a_bloc_counts_its_agencies_by_both_deadlines(client):
    sign_in(client)
    make_register()

    lines = client.get(reverse("agency_summary")).context["lines"]

    *_, total = lines
    for deadline in ("row", "original"):
        blocs = [getattr(line, deadline) for line in lines if line.is_bloc]
        agencies = [getattr(line, deadline) for line in lines if line.is_agency]
        bottom = getattr(total, deadline)
        for rows in (blocs, agencies):
            assert sum((row.cells for row in rows), Counter()) == +bottom.cells
            assert sum(row.total for row in rows) == bottom.total > 0
            assert min(filter(None, (row.oldest_overdue for row in rows))) == bottom.oldest_overdue


def test_the_page_of_all_agencies_takes_four_queries_however_many_there_are(client):
    sign_in(client)
    make_assignment(due_on=dt.date(2020, 6, 1))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("agency_summary"))
    for _ in range(20):
        make_assignment(due_on=dt.date(2020, 6, 1))

    with CaptureQueriesContext(connection) as many:
        page = client.get(reverse("agency_summary"))

    assert len(one) == len(many) == 4
    assert page.context["shown"] == 21


def test_the_page_of_all_agencies_says_what_it_cannot_read(client):
    sign_in(client)

    page = client.get(reverse("agency_summary") + "?ky=2020-13&den=31/2/2020")

    assert page.status_code == 200
    assert "Không có kỳ này; trang đang hiện cả năm." in page.content.decode()


def test_no_percentage_is_compared_with_fewer_than_five_due(client):
    sign_in(client)
    few, enough = make_agency(), make_agency()
    make_assignment(few, due_on=dt.date(2020, 6, 1))
    for _ in range(5):
        make_assignment(enough, due_on=dt.date(2020, 6, 1))

    page = client.get(reverse("overview") + "?bang=co-quan")

    text = page.content.decode()
    assert re.search(r"0/5 \(0%\)\s*</td>\s*</tr>", text)
    assert re.search(r"0/1\s*</td>\s*</tr>", text)
    assert "Cơ quan có dưới 5 lượt giao đến hạn thì không tính tỷ lệ đúng hạn và không xếp hạng." in text
