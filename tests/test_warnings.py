"""Early warning: the level and the sentence of each kind of work, and the list whose numbers are its rows."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_completed,
    make_directive,
    make_field,
    make_report,
    make_user,
)
from tests.views.register_year import text_of
from tracker.figures.scope import Scope
from tracker.figures.warnings import Rule, top_warnings, warnings
from tracker.judgement import Level
from tracker.models import Configuration, ReportStatus

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def leader(client):
    user = make_user("leader")
    client.force_login(user)
    return user


def days_ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def work(passed: int, percent: int | None = None, heard: int = 2, **fields):
    """A directive of which ``passed`` of 100 days have gone by; reported ``heard`` days ago."""
    given = days_ago(passed)
    fields = {"due_on": given + dt.timedelta(days=100)} | fields
    assignment = make_assignment(on=given, **fields)
    if percent is not None:
        make_report(assignment, state="confirmed", percent=percent, as_of_on=days_ago(heard))
    return assignment.directive


def the_warning(user):
    found = warnings(Scope.of(user, TODAY))
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("passed", "percent", "heard", "level", "rule", "sentence"),
    [
        (
            62,
            60,
            3,
            Level.SAFE,
            Rule.PROGRESS,
            "Đã qua 62% thời gian, mới làm 60%: chậm 2 điểm; 3 ngày chưa có nội dung mới.",
        ),
        (
            62,
            70,
            0,
            Level.SAFE,
            Rule.PROGRESS,
            "Đã qua 62% thời gian, đã làm 70%: không chậm; có nội dung mới hôm nay.",
        ),
        (
            62,
            57,
            3,
            Level.SAFE,
            Rule.PROGRESS,
            "Đã qua 62% thời gian, mới làm 57%: chậm 5 điểm; 3 ngày chưa có nội dung mới.",
        ),
        (
            62,
            56,
            3,
            Level.CAUTION,
            Rule.PROGRESS,
            "Đã qua 62% thời gian, mới làm 56%: chậm 6 điểm; 3 ngày chưa có nội dung mới.",
        ),
        (
            62,
            35,
            18,
            Level.RISK,
            Rule.PROGRESS,
            "Đã qua 62% thời gian, mới làm 35%: chậm 27 điểm; 18 ngày chưa có nội dung mới.",
        ),
        (
            62,
            31,
            18,
            Level.ALARM,
            Rule.PROGRESS,
            "Đã qua 62% thời gian, mới làm 31%: chậm 31 điểm; 18 ngày chưa có nội dung mới.",
        ),
        (
            62,
            62,
            31,
            Level.CAUTION,
            Rule.SILENCE,
            "Đã qua 62% thời gian, đã làm 62%: không chậm; 31 ngày chưa có nội dung mới.",
        ),
        (
            70,
            60,
            31,
            Level.CAUTION,
            Rule.BOTH,
            "Đã qua 70% thời gian, mới làm 60%: chậm 10 điểm; 31 ngày chưa có nội dung mới.",
        ),
        (
            70,
            70,
            61,
            Level.RISK,
            Rule.SILENCE,
            "Đã qua 70% thời gian, đã làm 70%: không chậm; 61 ngày chưa có nội dung mới.",
        ),
        (
            95,
            95,
            91,
            Level.ALARM,
            Rule.SILENCE,
            "Đã qua 95% thời gian, đã làm 95%: không chậm; 91 ngày chưa có nội dung mới.",
        ),
        (
            62,
            None,
            0,
            Level.RISK,
            Rule.SILENCE,
            (
                "Đã qua 62% thời gian, chưa có tiến độ được duyệt; "
                "chưa có nội dung nào trong 62 ngày từ khi giao."
            ),
        ),
        (
            106,
            97,
            1,
            Level.RISK,
            Rule.OVERDUE,
            (
                "Đã qua 100% thời gian, mới làm 97%: chậm 3 điểm; "
                "đã quá hạn 6 ngày; 1 ngày chưa có nội dung mới."
            ),
        ),
        (
            106,
            60,
            1,
            Level.ALARM,
            Rule.PROGRESS,
            (
                "Đã qua 100% thời gian, mới làm 60%: chậm 40 điểm; "
                "đã quá hạn 6 ngày; 1 ngày chưa có nội dung mới."
            ),
        ),
    ],
)
def test_every_level_explains_itself(leader, passed, percent, heard, level, rule, sentence):
    work(passed, percent, heard)

    found = the_warning(leader)

    assert (found.level, found.rule, found.sentence) == (level, rule, sentence)


@pytest.mark.parametrize("kind", ["ongoing", "recurring", "yearly", "none"])
@pytest.mark.parametrize(("heard", "level"), [(30, Level.SAFE), (31, Level.CAUTION)])
def test_ongoing_work_warns_by_its_silence_alone(leader, kind, heard, level):
    work(100, 0, heard, due_on=None, deadline_kind=kind)

    found = the_warning(leader)

    assert (found.level, found.rule, found.behind) == (level, Rule.SILENCE, None)
    assert found.sentence == f"{heard} ngày chưa có nội dung mới."


def test_silence_is_broken_by_content_only(leader):
    directive = work(90, 90, 45)
    assignment = directive.assignments.get()
    make_report(
        assignment, state="confirmed", percent=90, as_of_on=days_ago(5), nothing_new=True, done="Không mới."
    )

    assert the_warning(leader).silent_days == 45


def test_a_report_that_waits_breaks_the_silence_but_its_percentage_does_not_count(leader):
    directive = work(90, 40, 45)
    make_report(directive.assignments.get(), state="submitted", percent=95, as_of_on=days_ago(1))

    found = the_warning(leader)

    assert (found.silent_days, found.behind) == (1, 50)


def test_only_the_lead_speaks(leader):
    directive = work(50)
    helper = make_agency()
    directive.assign(by=make_user("officer"), cooperating=[helper], today=TODAY, at=NOON)
    make_report(directive.assignments.get(agency=helper), state="confirmed", as_of_on=days_ago(1))

    assert the_warning(leader).silent_days == 50


def test_only_running_work_warns(leader):
    make_completed()
    make_directive()
    paused = make_assignment().directive
    paused.pause(by=leader, reason="Chờ bộ", review_on=TODAY, at=NOON)
    declined = make_assignment()
    declined.decline(by=make_user(agency=declined.agency), reason="Không thuộc")
    make_report(
        make_assignment(),
        state="submitted",
        claim="completed",
        percent=100,
        completed_on=TODAY,
        output_document="12/BC",
    )

    assert warnings(Scope.of(leader, TODAY)) == []


def test_the_office_sets_the_limits(leader):
    Configuration.objects.update_or_create(
        pk=1, defaults={"caution_points": 30, "risk_points": 40, "alarm_points": 50, "stale_days": 10}
    )
    work(62, 35, 11)

    found = the_warning(leader)

    assert (found.level, found.rule) == (Level.CAUTION, Rule.SILENCE)


def test_the_worst_stand_first(leader):
    levels = [work(62, percent, 1) for percent in (60, 20, 50, 40, 5)]

    found = warnings(Scope.of(leader, TODAY))

    assert [one.directive for one in found] == [levels[4], levels[1], levels[3], levels[2], levels[0]]
    assert [one.directive for one in top_warnings(Scope.of(leader, TODAY), 2)] == [levels[4], levels[1]]


def test_top_warnings_leave_out_what_is_safe(leader):
    work(62, 62, 1)

    assert top_warnings(Scope.of(leader, TODAY), 5) == []


# The page


def a_list(agency=None):
    field = make_field(code="vien-thong", name="Viễn thông")
    for percent in (62, 62, 50, 35, 20, 10):
        work(62, percent, 1, field=field)


def test_every_level_counts_the_rows_that_it_opens(client, leader):
    a_list()
    work(62, 20, 1)

    page = client.get("/canh-bao/")

    counts = [(level.value, count) for level, _word, count, _href in page.context["levels"]]
    assert counts == [("alarm", 3), ("risk", 1), ("caution", 1), ("safe", 2)]
    assert page.context["total"] == 5
    for _level, _word, count, href in page.context["levels"]:
        assert client.get(f"/canh-bao/{href}").context["total"] == count
    assert client.get("/canh-bao/?md=all").context["total"] == 7


def test_the_counts_follow_the_other_filters(client, leader):
    a_list()
    body = make_agency(code="H07")
    given = days_ago(62)
    mine = make_assignment(body, on=given, due_on=given + dt.timedelta(days=100))
    make_report(mine, state="confirmed", percent=10, as_of_on=days_ago(1))

    by_agency = client.get("/canh-bao/?cq=H07").context
    by_field = client.get("/canh-bao/?lv=vien-thong").context

    assert [count for _level, _word, count, _href in by_agency["levels"]] == [1, 0, 0, 0]
    assert [count for _level, _word, count, _href in by_field["levels"]] == [2, 1, 1, 2]
    for _level, _word, count, href in by_field["levels"]:
        assert client.get(f"/canh-bao/{href}").context["total"] == count


def test_a_row_shows_word_sentence_and_rule(client, leader):
    work(62, 35, 18)

    text = text_of(client.get("/canh-bao/"))

    assert "Nguy cơ Đã qua 62% thời gian, mới làm 35%: chậm 27 điểm; 18 ngày chưa có nội dung mới." in text
    assert "Tiến độ so với thời gian đã qua" in text


def test_an_agency_reads_warnings_of_its_own_work(client):
    mine = work(62, 20)
    work(62, 20)
    client.force_login(make_user(agency=mine.lead))

    page = client.get("/canh-bao/")

    assert [one.directive for one in page.context["page"]] == [mine]


def test_the_page_of_a_directive_shows_its_warning(client, leader):
    directive = work(62, 35, 18)

    text = text_of(client.get(directive.get_absolute_url()))

    assert "Đã qua 62% thời gian, mới làm 35%: chậm 27 điểm; 18 ngày chưa có nội dung mới." in text


def test_the_page_of_closed_work_warns_of_nothing(client, leader):
    directive = make_completed().directive

    assert 'id="canh-bao"' not in client.get(directive.get_absolute_url()).text


@pytest.mark.parametrize(
    "query", ["?md=x", "?trang=" + "9" * 5000, "?trang=-1", "?cq=%00", "?lv=%00", "?q=%00"]
)
def test_an_unreadable_address_is_answered(client, leader, query):
    work(62, 35)

    assert client.get(f"/canh-bao/{query}").status_code == 200


def test_nothing_warns(client, leader):
    assert "Không có nhiệm vụ đang làm nào cần cảnh báo" in text_of(client.get("/canh-bao/"))


def test_pages_of_25(client, leader):
    for _n in range(26):
        work(62, 20)

    assert len(client.get("/canh-bao/").context["page"].object_list) == 25
    assert len(client.get("/canh-bao/?trang=2").context["page"].object_list) == 1


def test_the_number_of_queries_does_not_grow(client, leader):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get("/canh-bao/")
        return len(found)

    work(62, 20)
    few = queries()
    for _n in range(8):
        work(62, 20)

    assert queries() == few <= 8


def test_a_returned_report_breaks_no_silence(leader):
    directive = work(90, 90, 45)
    report = make_report(directive.assignments.get(), state="returned", percent=95, as_of_on=days_ago(1))

    assert report.status == ReportStatus.RETURNED
    assert the_warning(leader).silent_days == 45
