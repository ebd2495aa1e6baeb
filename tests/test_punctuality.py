"""On time against both deadlines: recomputed by hand on a small register, and equal to the lists they open."""

import datetime as dt
import html
import re
import uuid

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
    make_directive,
    make_document,
    make_extension,
    make_field,
    make_group,
    make_user,
)
from tracker.figures.periods import Period
from tracker.figures.punctuality import Moved, moved, punctuality, punctuality_by_agency
from tracker.figures.register import Share
from tracker.figures.scope import Scope
from tracker.models import Assignment, Cell, ExtensionRequest

pytestmark = pytest.mark.django_db

CELLS = [Cell.DONE_ON_TIME, Cell.DONE_LATE, Cell.DONE_NO_DEADLINE, Cell.OPEN_OVERDUE]


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def day(text):
    number, month = text.split("/")
    return dt.date(2020, int(month), int(number))


def at(text, hour=9):
    return dt.datetime.combine(day(text), dt.time(hour), tzinfo=NOON.tzinfo)


def given(due, agency=None, **fields):
    due_on = day(due) if due else None
    kind = "day" if due else "ongoing"
    return make_assignment(agency, due_on=due_on, deadline_kind=kind, status="in_progress", **fields)


def extended(assignment, to, on):
    stored = Assignment.objects.get(pk=assignment.pk)
    make_extension(stored, state="granted", new_due_on=day(to), today=day(on), at=at(on))
    return Assignment.objects.get(pk=assignment.pk)


def corrected(assignment, to, on):
    assignment.directive.correct_deadline(
        day(to), by=make_user("officer"), reason="Ghi nhầm ngày.", source=make_document(), at=at(on)
    )
    return Assignment.objects.get(pk=assignment.pk)


def completed(assignment, on):
    return make_completed(Assignment.objects.get(pk=assignment.pk), on=day(on))


def make_register():
    """Work completed and open, with extensions, corrections, a transfer and a reopening; by name."""
    leader, officer = make_user("leader"), make_user("officer")
    work = {
        "kept": completed(given("1/6"), "28/5"),
        "extended, kept": completed(extended(given("1/6"), "15/6", on="25/5"), "10/6"),
        "extended, open": extended(given("1/6"), "30/6", on="25/5"),
        "overdue": given("10/6"),
        "corrected to earlier": corrected(given("30/6"), "10/6", on="2/6"),
        "no deadline": completed(given(""), "1/6"),
        "deadline found later": completed(corrected(given(""), "30/6", on="2/6"), "10/6"),
        "extended, late": completed(extended(given("1/6"), "5/6", on="25/5"), "12/6"),
        "extended often": extended(
            extended(extended(given("1/6"), "10/6", on="25/5"), "20/6", on="8/6"), "5/7", on="9/6"
        ),
        "asked": given("20/6"),
    }
    work["extended often"] = completed(work["extended often"], "15/6")
    first = extended(given("5/6"), "20/6", on="1/6")
    work["transferred"] = completed(
        first.transfer(
            by=officer, to=make_agency(), reason="Đúng chức năng.", today=day("3/6"), at=at("3/6")
        ),
        "12/6",
    )
    reopened = completed(given("5/6"), "4/6")
    reopened.directive.reopen(by=leader, reason="Thiếu hồ sơ.", at=at("8/6"))
    work["reopened"] = extended(reopened, "30/6", on="9/6")
    make_extension(work["asked"], at=at("11/6"))
    make_directive(due_on=day("1/6"))  # given to nobody, overdue
    stopped = extended(given("1/6"), "10/6", on="25/5")
    stopped.directive.stop(by=leader, document=make_document(), at=at("12/6"))
    withdrawn = extended(given("1/6"), "10/6", on="25/5")
    withdrawn.directive.withdraw(by=leader, reason="Trùng.", at=at("12/6"))
    return work


def scope_of(**fields):
    return Scope.of(make_user("leader"), TODAY, **fields)


def counted(row):
    return [row.cells[name] for name in CELLS]


# By hand


def test_the_register_is_judged_by_both_deadlines():
    make_register()

    found = punctuality(scope_of())

    assert counted(found.current) == [5, 1, 1, 3]
    assert counted(found.original) == [1, 4, 2, 4]
    assert found.current.on_time_of_due == Share(5, 9)
    assert found.original.on_time_of_due == Share(1, 9)
    assert (found.extended, found.often, found.asked, found.corrected) == (7, 1, 1, 2)


def test_each_piece_of_work_has_its_cell_by_the_original_deadline():
    work = make_register()
    rows = scope_of().against_original().directives()
    cells = dict(rows.values_list("pk", "cell"))

    found = {name: cells[row.directive_id] for name, row in work.items()}

    assert found == {
        "kept": Cell.DONE_ON_TIME,
        "extended, kept": Cell.DONE_LATE,
        "extended, open": Cell.OPEN_OVERDUE,
        "overdue": Cell.OPEN_OVERDUE,
        "corrected to earlier": Cell.OPEN_IN_TIME,
        "no deadline": Cell.DONE_NO_DEADLINE,
        "deadline found later": Cell.DONE_NO_DEADLINE,
        "extended, late": Cell.DONE_LATE,
        "extended often": Cell.DONE_LATE,
        "asked": Cell.OPEN_IN_TIME,
        "transferred": Cell.DONE_LATE,
        "reopened": Cell.OPEN_OVERDUE,
    }


def test_a_transfer_takes_both_deadlines_along_for_the_new_body():
    first = extended(given("5/6"), "20/6", on="1/6")
    linked = first.transfer(
        by=make_user("officer"), to=make_agency(), reason="Đúng chức năng.", today=day("3/6"), at=at("3/6")
    )
    completed(linked, "12/6")

    lines = punctuality_by_agency(scope_of())

    assert [(row.key, counted(row), counted(original)) for row, original in lines] == [
        (linked.agency_id, [1, 0, 0, 0], [0, 1, 0, 0])
    ]


def test_each_agency_has_its_line_by_both_deadlines():
    agency, other = make_agency(), make_agency()
    completed(extended(given("1/6", agency), "15/6", on="25/5"), "10/6")
    given("1/6", agency)
    completed(given("1/6", other), "1/6")

    lines = {
        row.key: (row.on_time_of_due, original.on_time_of_due)
        for row, original in punctuality_by_agency(scope_of())
    }

    assert lines == {agency.pk: (Share(1, 2), Share(0, 2)), other.pk: (Share(1, 1), Share(1, 1))}


def test_work_extended_out_of_the_year_is_still_missed_in_it():
    field = make_field()
    extended(given("1/6", field=field), "31/12", on="25/5")
    moved_away = given("1/6", field=field)
    make_extension(
        moved_away, state="granted", new_due_on=dt.date(2021, 3, 31), today=day("25/5"), at=at("25/5")
    )

    found = punctuality(scope_of(period=Period.parse("2020")))

    assert (found.current.total, found.current.due) == (1, 0)
    assert (found.original.total, counted(found.original)) == (2, [0, 0, 0, 2])


def test_nothing_due_has_no_percentage():
    given("20/6")

    share = punctuality(scope_of()).original.on_time_of_due

    assert (share, share.percent) == (Share(0, 0), None)


# Past days


@pytest.mark.parametrize(
    ("as_of", "counts"),
    [
        ("24/5", (0, 0, 0, 0)),
        ("26/5", (6, 0, 0, 0)),
        ("2/6", (7, 0, 0, 2)),
        ("8/6", (7, 0, 0, 2)),
        ("10/6", (8, 1, 0, 2)),
        ("11/6", (8, 1, 1, 2)),
        ("12/6", (7, 1, 1, 2)),
    ],
)
def test_what_moved_is_counted_as_of_the_day(as_of, counts):
    make_register()

    found = punctuality(scope_of(as_of=day(as_of)))

    assert (found.extended, found.often, found.asked, found.corrected) == counts


def test_a_request_is_in_hand_from_the_day_it_was_asked_to_the_day_it_was_closed():
    requests = {
        name: make_extension(given("30/6"), at=at("3/6"), today=day("3/6"))
        for name in ("taken back", "refused", "accepted", "not accepted", "open")
    }
    leader = make_user("leader")
    requests["taken back"].take_back(by=requests["taken back"].author, at=at("5/6"))
    requests["refused"].refuse(by=leader, note="Chưa đủ căn cứ.", at=at("5/6"))
    for name in ("accepted", "not accepted"):
        requests[name].propose(day("10/7"), by=leader, today=day("4/6"), at=at("4/6"))
    requests["accepted"].accept(by=requests["accepted"].author, at=at("5/6"))
    requests["not accepted"].decline(by=requests["not accepted"].author, note="Không kịp.", at=at("5/6"))

    found = {
        name: moved(scope_of(as_of=day(name)).directives(), Moved.ASKED, scope_of(as_of=day(name))).count()
        for name in ("2/6", "3/6", "4/6", "5/6", "15/6")
    }

    assert found == {"2/6": 0, "3/6": 5, "4/6": 5, "5/6": 1, "15/6": 1}


def test_extensions_of_members_of_a_group_are_their_own_and_the_directive_has_the_most():
    members = [make_agency(), make_agency()]
    directive = make_directive(due_on=day("1/6"))
    directive.assign(by=make_user("officer"), lead=make_group(*members), today=day("2/2"), at=at("2/2"))
    first, second = directive.assignments.order_by("pk")
    for number, to in enumerate(("10/6", "20/6", "30/6")):
        extended(first, to, on=f"{number + 3}/6")
    extended(second, "15/6", on="3/6")

    def found(noun, choice, as_of=TODAY):
        scope = scope_of(as_of=as_of)
        return moved(getattr(scope, noun)(), choice, scope).count()

    assert [found(noun, Moved.EXTENDED) for noun in ("directives", "assignments")] == [1, 2]
    assert [found(noun, Moved.OFTEN) for noun in ("directives", "assignments")] == [1, 1]
    assert [found(noun, Moved.OFTEN, day("4/6")) for noun in ("directives", "assignments")] == [0, 0]


def test_a_transfer_does_not_lend_its_extension_to_the_days_before():
    first = given("5/6")
    extended(first, "20/6", on="3/6")
    Assignment.objects.get(pk=first.pk).transfer(
        by=make_user("officer"), to=make_agency(), reason="Đúng chức năng.", today=day("8/6"), at=at("8/6")
    )

    found = {name: punctuality(scope_of(as_of=day(name))).extended for name in ("2/6", "3/6", "8/6", "15/6")}

    assert found == {"2/6": 0, "3/6": 1, "8/6": 1, "15/6": 1}


def test_the_request_of_a_body_that_gave_the_work_away_waits_no_more():
    asked = make_extension(given("30/6"), at=at("3/6"), today=day("3/6"))
    asked.assignment.transfer(
        by=make_user("officer"), to=make_agency(), reason="Đúng chức năng.", today=day("8/6"), at=at("8/6")
    )

    found = {name: punctuality(scope_of(as_of=day(name))).asked for name in ("5/6", "8/6", "16/6")}

    assert found == {"5/6": 1, "8/6": 0, "16/6": 0}


# Number = list


NUMBER = re.compile(r'href="([^"]+)"[^>]*?(?: data-count="(\d+)")?>\s*(?:<b>)?([\d.]+)')


@pytest.mark.parametrize("query", ["", "?ky=2020-q2", "?den=9/6/2020", "?ky=2020-06&den=9/6/2020"])
@pytest.mark.parametrize("role", ["leader", "officer"])
def test_every_number_of_the_panel_opens_exactly_its_rows(client, role, query):
    make_register()
    client.force_login(make_user(role))
    page = client.get(reverse("overview") + query).content.decode()
    panel = page[page.index('id="dung-han"') : page.index('id="bang"')]

    numbers = [(html.unescape(address), int(shown)) for address, _count, shown in NUMBER.findall(panel)]

    assert len(numbers) >= 8
    for address, number in numbers:
        assert (address, client.get(address).context["total"]) == (address, number)


def test_the_panel_prints_both_shares_with_their_numbers(client):
    make_register()
    client.force_login(make_user("leader"))

    text = client.get(reverse("overview")).content.decode()

    panel = text[text.index('id="dung-han"') : text.index('id="bang"')]
    assert "5/9 (55,6%)" in panel
    assert "1/9 (11,1%)" in panel
    for words in (
        "7 nhiệm vụ đã gia hạn",
        "1 gia hạn nhiều lần",
        "1 đang xin gia hạn",
        "2 đã đính chính hạn",
    ):
        assert words in panel
    assert "no-print" not in panel


def test_the_official_table_says_both_beside_each_other(client):
    field = make_field(name="Bưu chính")
    for _ in range(2):
        completed(extended(given("1/6", field=field), "15/6", on="25/5"), "10/6")
    completed(given("1/6", field=field), "1/6")
    client.force_login(make_user("leader"))

    text = client.get(reverse("overview")).content.decode()

    table = text[text.index('id="bang"') :]
    assert re.search(r"3/3 \(100%\)\s*</td><td>\s*1/3 \(33,3%\)", table)


def test_a_field_whose_work_was_all_moved_out_of_the_period_keeps_its_line(client):
    moved_away = given("1/6", field=make_field(name="Viễn thông"))
    make_extension(
        moved_away, state="granted", new_due_on=dt.date(2021, 3, 31), today=day("25/5"), at=at("25/5")
    )
    given("30/6")
    client.force_login(make_user("leader"))

    text = client.get(reverse("overview")).content.decode()

    table = text[text.index('id="bang"') :]
    line = table[table.index("Viễn thông") :].split("</tr>")[0]
    assert "0/1 (0%)" in line


def test_the_original_deadline_is_listed_with_the_current_one_below(client):
    row = extended(given("1/6"), "30/6", on="25/5")
    client.force_login(make_user("leader"))

    for url in (reverse("directive_list"), reverse("assignment_list")):
        text = client.get(f"{url}?han=goc&tt=late").content.decode()
        assert "2020-06-01" in text
        assert "hạn hiện tại 30/6/2020" in text
    assert row.due_on == day("30/6")


@pytest.mark.parametrize("url_name", ["directive_list", "assignment_list"])
@pytest.mark.parametrize(
    ("han", "total"), [("gia-han", 7), ("nhieu-lan", 1), ("dang-xin", 1), ("dinh-chinh", 2), ("goc", 14)]
)
def test_the_lists_are_filtered_by_what_became_of_the_deadline(client, url_name, han, total):
    make_register()
    client.force_login(make_user("leader"))
    if (url_name, han) == ("assignment_list", "goc"):
        total -= 1  # one directive is given to nobody

    page = client.get(reverse(url_name) + f"?han={han}")

    assert page.context["total"] == total
    assert page.context["table"].data.data.count() == total


def test_an_unknown_filter_of_deadlines_is_said(client):
    client.force_login(make_user("leader"))

    text = client.get(reverse("directive_list") + "?han=abc").content.decode()

    assert "Có điều kiện lọc chưa đọc được" in text


def test_the_numbers_take_the_same_queries_for_much_and_for_little():
    scope = scope_of(period=Period.parse("2020"), as_of=day("12/6"))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            punctuality(scope)
            punctuality_by_agency(scope)
        return len(captured)

    given("1/6")
    few = queries()
    make_register()

    assert queries() == few == 5


# The mark


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, ""), (1, "đã gia hạn 1 lần"), (2, "đã gia hạn 2 lần"), (3, "gia hạn nhiều lần (3)")],
)
def test_a_record_says_how_often_it_was_extended(count, words):
    text = render_to_string("components/_extended.html", {"record": Assignment(extension_count=count)})

    assert re.sub(r"<[^>]+>|\s+", " ", text).strip() == words


def test_rows_carry_the_mark(client):
    work = extended(extended(given("1/6"), "10/6", on="25/5"), "20/6", on="8/6")
    client.force_login(make_user("leader"))

    lists = [client.get(reverse(name)).content.decode() for name in ("directive_list", "assignment_list")]
    detail = client.get(work.directive.get_absolute_url()).content.decode()

    assert [text.count("đã gia hạn 2 lần") for text in lists] == [1, 1]
    assert "đã gia hạn 2 lần" in detail


# What ended waits no more


def steps():
    leader, officer = make_user("leader"), make_user("officer")
    return {
        "stop": lambda work: work.directive.stop(by=leader, document=make_document(), at=NOON),
        "withdraw": lambda work: work.directive.withdraw(by=officer, reason="Trùng.", at=NOON),
        "transfer": lambda work: work.transfer(
            by=officer, to=make_agency(), reason="Đúng chức năng.", today=TODAY, at=NOON
        ),
        "complete": lambda work: make_completed(work),
    }


@pytest.mark.parametrize("step", ["stop", "withdraw", "transfer", "complete"])
def test_a_request_of_work_that_ended_is_not_waiting(client, step):
    request = make_extension(given("30/6"))
    steps()[step](Assignment.objects.get(pk=request.assignment_id))
    client.force_login(make_user("leader"))

    listed = client.get(reverse("directive_list") + "?han=dang-xin").context["total"]
    answer = client.post(
        reverse("decision_take", args=["extension", request.pk]),
        {"form_token": uuid.uuid4(), "answer": "yes", "version": request.version},
    )

    assert list(ExtensionRequest.objects.waiting()) == []
    assert listed == 0
    assert answer.status_code == 409
    request.refresh_from_db()
    assert request.status == "asked"


def test_a_request_waits_again_when_the_work_is_open_again():
    request = make_extension(given("30/6"))
    leader = make_user("leader")
    work = make_completed(Assignment.objects.get(pk=request.assignment_id))
    while_completed = ExtensionRequest.objects.waiting().count()

    work.directive.reopen(by=leader, reason="Thiếu hồ sơ.", at=NOON)
    after_reopening = ExtensionRequest.objects.waiting().count()
    work.directive.withdraw(by=leader, reason="Trùng.", at=NOON)
    while_withdrawn = ExtensionRequest.objects.waiting().count()
    work.directive.restore(by=leader, reason="Nhầm.", at=NOON)

    assert [while_completed, after_reopening, while_withdrawn] == [0, 1, 0]
    assert list(ExtensionRequest.objects.waiting()) == [request]


def test_a_transfer_keeps_the_request_with_the_body_that_asked_and_the_new_one_may_ask():
    request = make_extension(given("30/6"))
    linked = request.assignment.transfer(
        by=make_user("officer"), to=make_agency(), reason="Đúng chức năng.", today=TODAY, at=NOON
    )

    again = make_extension(linked, new_due_on=dt.date(2020, 8, 1))

    assert list(ExtensionRequest.objects.waiting()) == [again]
    assert (linked.original_due_on, linked.due_on, again.ordinal) == (day("30/6"), day("30/6"), 1)
