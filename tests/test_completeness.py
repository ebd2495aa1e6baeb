"""Who has sent what for which period: the states one by one, the numbers of the page, and the lists that they open."""

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_completed,
    make_document,
    make_period,
    make_report,
    make_user,
)
from tracker.figures.completeness import Handing, judged, matrix
from tracker.figures.scope import Scope
from tracker.models import Agency, ProgressReport

pytestmark = pytest.mark.django_db

PAGE = "/nop-bao-cao/"
IN_MAY = dt.date(2020, 5, 10)
"""In the window of May: 15/4 to 14/5, sent by 17/5. On 16/6 June is in hand: 15/5 to 14/6, sent by 17/6."""


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def may():
    return make_period("2020-05")


@pytest.fixture
def june(may):
    return make_period("2020-06")


@pytest.fixture
def leader():
    return make_user("leader")


def at(day: dt.date, hour: int = 9) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), tzinfo=NOON.tzinfo)


def reported(assignment=None, *, as_of=IN_MAY, sent=dt.date(2020, 5, 15), state="confirmed", **content):
    assignment = assignment or make_assignment(due_on=dt.date(2020, 12, 31))
    make_report(assignment, state=state, as_of_on=as_of, at=at(sent), **content)
    assignment.refresh_from_db()
    return assignment


def handing(assignment, period, user=None) -> str:
    rows = judged(Scope.of(user or make_user("leader"), TODAY), period).filter(pk=assignment.pk)
    return rows.get().handing if rows else ""


# The states


@pytest.mark.parametrize(
    ("sent", "state"),
    [
        (dt.date(2020, 5, 10), Handing.ON_TIME),
        (dt.date(2020, 5, 17), Handing.ON_TIME),
        (dt.date(2020, 5, 18), Handing.LATE),
        (dt.date(2020, 6, 16), Handing.LATE),
    ],
)
def test_on_time_is_what_was_handed_in_by_the_day_of_sending(may, sent, state):
    assignment = reported(sent=sent)

    assert handing(assignment, may) == state


@pytest.mark.parametrize("hour", [0, 23])
def test_the_day_of_sending_lasts_until_midnight_here(may, hour):
    assignment = make_assignment(due_on=dt.date(2020, 12, 31))
    make_report(assignment, state="submitted", as_of_on=IN_MAY, at=at(dt.date(2020, 5, 17), hour))

    assert handing(assignment, may) == Handing.ON_TIME


@pytest.mark.parametrize(
    ("as_of", "counts"),
    [
        (dt.date(2020, 4, 14), False),
        (dt.date(2020, 4, 15), True),
        (dt.date(2020, 5, 14), True),
        (dt.date(2020, 5, 15), False),
    ],
)
def test_a_report_counts_for_the_period_in_which_its_day_lies(may, as_of, counts):
    assignment = reported(as_of=as_of)

    assert handing(assignment, may) == (Handing.ON_TIME if counts else Handing.MISSING)


def test_what_was_not_sent_is_missing_only_after_the_day_of_sending(may, june):
    assignment = make_assignment(due_on=dt.date(2020, 12, 31))

    assert handing(assignment, may) == Handing.MISSING
    assert handing(assignment, june) == Handing.PENDING


def test_a_draft_is_not_sent_and_a_returned_report_was(may):
    drafted = make_assignment(due_on=dt.date(2020, 12, 31))
    make_report(drafted, state="draft", as_of_on=IN_MAY)
    returned = reported(state="returned")

    assert handing(drafted, may) == Handing.MISSING
    assert handing(returned, may) == Handing.ON_TIME


def test_what_was_taken_back_counts_from_when_it_was_sent_again(may):
    assignment = make_assignment(due_on=dt.date(2020, 12, 31))
    clerk = make_user(agency=assignment.agency)
    report = make_report(
        assignment, state="submitted", by=clerk, as_of_on=IN_MAY, at=at(dt.date(2020, 5, 16))
    )

    report.take_back(by=clerk, at=at(dt.date(2020, 5, 16), 15))
    taken_back = handing(assignment, may)
    report.submit(by=clerk, today=TODAY, at=at(dt.date(2020, 5, 20)))

    assert taken_back == Handing.MISSING
    assert handing(assignment, may) == Handing.LATE


def test_a_report_corrected_late_was_still_first_sent_on_time(may):
    assignment = make_assignment(due_on=dt.date(2020, 12, 31))
    clerk = make_user(agency=assignment.agency)
    report = make_report(
        assignment, state="submitted", by=clerk, as_of_on=IN_MAY, at=at(dt.date(2020, 5, 16))
    )
    report.send_back(by=make_user("officer"), note="Thiếu số liệu", at=at(dt.date(2020, 5, 18)))

    report.submit(by=clerk, today=TODAY, at=at(dt.date(2020, 5, 25)))

    assert handing(assignment, may) == Handing.ON_TIME


def test_nothing_new_is_sent_and_counted_by_itself(may, leader):
    agency = make_agency()
    reported(make_assignment(agency), nothing_new=True)
    reported(make_assignment(agency))

    cell = matrix(Scope.of(leader, TODAY), [may]).lines[0].cells[0]

    assert (cell.asked, cell.sent, cell.nothing_new) == (2, 2, 1)


def test_work_given_after_the_window_is_not_asked_for_in_it(may):
    assignment = make_assignment(on=dt.date(2020, 5, 15), due_on=dt.date(2020, 12, 31))
    on_the_last_day = make_assignment(on=dt.date(2020, 5, 14), due_on=dt.date(2020, 12, 31))

    assert handing(assignment, may) == ""
    assert handing(on_the_last_day, may) == Handing.MISSING


def test_completed_in_the_window_is_sent_and_asked_for_no_more(may, june):
    done = make_assignment(due_on=dt.date(2020, 12, 31))
    make_report(
        done,
        state="confirmed",
        claim=ProgressReport.Claim.COMPLETED,
        percent=100,
        as_of_on=IN_MAY,
        completed_on=IN_MAY,
        output_document="12/BC",
        at=at(dt.date(2020, 5, 12)),
    )

    assert handing(done, may) == Handing.ON_TIME
    assert handing(done, june) == Handing.NOT_ASKED


def test_completed_long_before_is_not_asked_for(may):
    done = make_completed(on=dt.date(2020, 3, 2), due_on=dt.date(2020, 6, 1))

    assert handing(done, may) == Handing.NOT_ASKED


def test_paused_at_the_end_of_the_window_is_not_asked_for_and_resumed_is(may, june, leader):
    assignment = make_assignment(due_on=dt.date(2020, 12, 31))
    directive = assignment.directive
    directive.pause(by=leader, reason="Chờ bộ", review_on=TODAY, at=at(dt.date(2020, 5, 13)))
    directive.resume(by=leader, at=at(dt.date(2020, 6, 2)))

    assert handing(assignment, may) == Handing.NOT_ASKED
    assert handing(assignment, june) == Handing.PENDING


def test_paused_after_reporting_keeps_its_report(may, leader):
    assignment = reported()
    assignment.directive.pause(by=leader, reason="Chờ bộ", review_on=TODAY, at=at(dt.date(2020, 5, 14), 20))

    assert handing(assignment, may) == Handing.ON_TIME


def test_stopped_withdrawn_declined_and_waiting_work_is_not_asked_for(june, leader):
    stopped, withdrawn, declined = (make_assignment(due_on=dt.date(2020, 12, 31)) for _n in range(3))
    stopped.directive.stop(by=leader, document=make_document(), at=at(dt.date(2020, 6, 1)))
    withdrawn.directive.withdraw(by=leader, reason="Trùng", at=at(dt.date(2020, 6, 1)))
    declined.decline(by=make_user(agency=declined.agency), reason="Không thuộc", at=at(dt.date(2020, 6, 1)))

    assert handing(stopped, june) == Handing.NOT_ASKED
    assert handing(withdrawn, june) == ""
    assert handing(declined, june) == Handing.NOT_ASKED


def test_work_that_passed_to_another_agency_is_asked_of_whoever_had_it_then(may, june, leader):
    old, new = make_agency(), make_agency()
    assignment = make_assignment(old, due_on=dt.date(2020, 12, 31))
    linked = assignment.transfer(
        by=leader, to=new, reason="Hợp nhất", today=dt.date(2020, 6, 1), at=at(dt.date(2020, 6, 1))
    )

    assert (handing(assignment, may), handing(linked, may)) == (Handing.MISSING, "")
    assert (handing(assignment, june), handing(linked, june)) == ("", Handing.PENDING)


# The matrix


def test_agencies_stand_under_their_blocs_and_those_without_work_are_left_out(may, leader):
    party = make_agency(name="Huyện ủy Ý Yên")
    district = make_agency(name="UBND huyện Hải Hậu", bloc=Agency.Bloc.DISTRICT)
    make_agency()
    make_assignment(party, due_on=dt.date(2020, 12, 31))
    reported(make_assignment(district, due_on=dt.date(2020, 12, 31)))

    table = matrix(Scope.of(leader, TODAY), [may])

    found = [(str(bloc), [line.agency for line in lines]) for bloc, lines in table.blocs]
    assert found == [("Khối Đảng", [party]), ("Huyện, thành phố", [district])] or len(found) == 2
    assert [cell.counts for cell in table.totals] == [{"missing": 1, "on_time": 1}]


def test_days_of_silence_count_from_content_and_not_from_nothing_new(may, leader):
    agency, quiet = make_agency(), make_agency()
    assignment = make_assignment(agency, due_on=dt.date(2020, 12, 31))
    reported(assignment, as_of=dt.date(2020, 6, 4), sent=dt.date(2020, 6, 5))
    reported(assignment, as_of=dt.date(2020, 6, 14), sent=dt.date(2020, 6, 15), nothing_new=True)
    make_report(assignment, state="draft", as_of_on=TODAY)
    make_assignment(quiet, on=dt.date(2020, 5, 2), due_on=dt.date(2020, 12, 31))

    lines = {line.agency: line for line in matrix(Scope.of(leader, TODAY), [may]).lines}

    assert (lines[agency].silent_days, lines[agency].has_spoken) == (12, True)
    assert (lines[quiet].silent_days, lines[quiet].has_spoken) == (45, False)


def test_an_agency_whose_work_is_finished_is_not_silent(may, leader):
    done = make_assignment(due_on=dt.date(2020, 12, 31))
    make_report(
        done,
        state="confirmed",
        claim=ProgressReport.Claim.COMPLETED,
        percent=100,
        as_of_on=IN_MAY,
        completed_on=IN_MAY,
        output_document="12/BC",
        at=at(dt.date(2020, 5, 12)),
    )

    assert [line.silent_days for line in matrix(Scope.of(leader, TODAY), [may]).lines] == [None]


# The page: every count opens its list


def links_of(text: str, text_pattern: str) -> list[tuple[str, str]]:
    return [
        (html.unescape(address), words)
        for address, words in re.findall(r'<a href="([^"]+)">([^<]+)</a>', text)
        if re.fullmatch(text_pattern, words)
    ]


def a_bit_of_everything():
    first, second = make_agency(), make_agency(bloc=Agency.Bloc.DISTRICT)
    for agency in (first, second):
        reported(make_assignment(agency, due_on=dt.date(2020, 12, 31)))
        reported(make_assignment(agency, due_on=dt.date(2020, 12, 31)), sent=dt.date(2020, 5, 20))
        reported(make_assignment(agency, due_on=dt.date(2020, 12, 31)), nothing_new=True)
        make_assignment(agency, due_on=dt.date(2020, 12, 31))
        make_completed(make_assignment(agency, due_on=dt.date(2020, 12, 31)), on=dt.date(2020, 2, 3))
        reported(
            make_assignment(agency, due_on=dt.date(2020, 12, 31)),
            as_of=dt.date(2020, 6, 8),
            sent=dt.date(2020, 6, 9),
        )
    return first, second


def opened(client, address: str) -> int:
    return client.get(address).context["page"].paginator.count


@pytest.mark.parametrize("query", ["", "?khoi=district", "?cq={code}", "?loai=quarter", "?loai=year"])
def test_every_number_is_the_length_of_the_list_that_it_opens(client, june, leader, query):
    first, _second = a_bit_of_everything()
    client.force_login(leader)

    page = client.get(PAGE + query.format(code=first.code))

    numbers = links_of(page.text, r"\d+")
    cells = links_of(page.text, r"\d+/(\d+)[^<]*")
    assert len(numbers) >= 4
    assert cells
    assert {address: int(number) for address, number in numbers} == {
        address: opened(client, address) for address, _number in numbers
    }
    assert {address: int(re.search(r"/(\d+)", words)[1]) for address, words in cells} == {
        address: opened(client, address) for address, _words in cells
    }


@pytest.mark.parametrize(
    ("choice", "n"),
    [
        ("on_time", 2),
        ("late", 1),
        ("missing", 2),
        ("pending", 0),
        ("not_asked", 1),
        ("asked", 5),
        ("sent", 3),
        ("nothing_new", 1),
    ],
)
def test_the_list_of_each_state(client, june, leader, choice, n):
    first, _second = a_bit_of_everything()
    client.force_login(leader)

    assert opened(client, f"/luot-giao/?kbc=2020-05&nop={choice}&cq={first.code}") == n


def test_the_list_without_a_period_means_the_one_in_hand(client, june, leader):
    first, _second = a_bit_of_everything()
    client.force_login(leader)

    assert opened(client, f"/luot-giao/?nop=pending&cq={first.code}") == 4


def test_the_reports_of_a_period_are_those_whose_day_lies_in_it(client, june, leader):
    a_bit_of_everything()
    client.force_login(leader)

    assert opened(client, "/bao-cao/?kbc=2020-05") == 6
    assert opened(client, "/bao-cao/?kbc=2020-06") >= 2


@pytest.mark.parametrize("value", ["x", "2020-13", "2020-05%00", "9" * 5000, "2020-t01"])
def test_a_period_that_does_not_exist_is_said_so(client, june, leader, value):
    client.force_login(leader)

    for address in ("/luot-giao/?kbc=", "/bao-cao/?kbc=", f"{PAGE}?kbc=", f"{PAGE}?loai=", f"{PAGE}?nam="):
        response = client.get(address + value)

        assert (address, response.status_code) == (address, 200)
        assert "chưa đọc được" in response.text or "không đọc được" in response.text


def test_the_columns_are_the_year_s_months_up_to_the_one_in_hand(client, june, leader):
    a_bit_of_everything()
    client.force_login(leader)

    months = client.get(PAGE).context["table"].periods
    quarters = client.get(PAGE + "?loai=quarter").context["table"].periods

    assert [period.code for period in months] == [f"2020-0{number}" for number in range(1, 7)]
    assert [period.code for period in quarters] == ["2020-q1", "2020-q2"]


def test_a_year_without_periods_is_said_so(client, leader):
    client.force_login(leader)

    assert "Chưa có kỳ báo cáo nào của năm 2020" in client.get(PAGE).text


def test_an_agency_reads_its_own_row_only(client, june):
    first, second = a_bit_of_everything()
    client.force_login(make_user("agency_head", agency=first))

    page = client.get(PAGE)
    tried = client.get(f"{PAGE}?cq={second.code}")

    assert [line.agency for line in page.context["table"].lines] == [first]
    assert tried.context["table"].lines == []
    for address, number in links_of(page.text, r"\d+"):
        assert opened(client, address) == int(number)


def test_a_lead_agency_does_not_see_the_rows_of_those_who_help_it(client, june, leader):
    lead, helper = make_agency(), make_agency()
    directive = make_assignment(lead, due_on=dt.date(2020, 12, 31)).directive
    directive.assign(by=leader, cooperating=[helper], today=dt.date(2020, 2, 1), at=at(dt.date(2020, 2, 1)))
    client.force_login(make_user(agency=lead))

    assert [line.agency for line in client.get(PAGE).context["table"].lines] == [lead]


def test_a_merged_agency_says_into_which(client, june, leader):
    old, new = make_agency(name="Đảng ủy Khối cũ"), make_agency(name="Đảng ủy Khối mới")
    make_assignment(old, due_on=dt.date(2020, 12, 31))
    Agency.objects.filter(pk=old.pk).update(merged_into=new, valid_to=dt.date(2020, 6, 30))
    client.force_login(leader)

    assert "hợp nhất vào Đảng ủy Khối mới sau 30/6/2020" in client.get(PAGE).text


def queries(client, address=PAGE) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_the_number_of_queries_does_not_grow_with_the_rows(client, june, leader):
    client.force_login(leader)
    a_bit_of_everything()
    few = queries(client)
    for _n in range(3):
        a_bit_of_everything()

    assert queries(client) == few <= 12


def test_all_agencies_and_a_whole_year_stay_a_light_page(client, june, leader, settings):
    settings.TRACKER_TODAY = dt.date(2020, 12, 16)
    officer = make_user("officer")
    for number in range(77):
        agency = make_agency(name=f"Ủy ban nhân dân huyện số {number}", short_name=f"UBND huyện số {number}")
        make_assignment(agency, by=officer, on=dt.date(2019, 12, 20), due_on=dt.date(2020, 12, 31))
    client.force_login(leader)

    page = client.get(PAGE)

    assert len(page.context["table"].lines) == 77
    assert len(page.context["table"].periods) == 12
    assert len(page.content) <= 60_000


def test_the_page_is_only_read(client, leader):
    client.force_login(leader)

    assert client.post(reverse("completeness")).status_code == 405
