import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    TODAY,
    make_agency,
    make_assignment,
    make_calendar_2020,
    make_completed,
    make_directive,
    make_period,
    make_report,
    make_user,
)
from tracker.figures.navigation import navigation_counts
from tracker.models import CalendarDay, Directive, ProgressReport, ReportStatus

pytestmark = pytest.mark.django_db

MAY = dt.date(2020, 5, 12)
"""In the window of May, which closed on 14/5; on 16/6 June is in hand: 15/5 to 14/6, sent by 17/6."""

CLOSING = dt.date(2020, 6, 14)


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def clerk():
    return make_user()


def late(clerk, **fields):
    return make_assignment(clerk.agency, due_on=dt.date(2020, 6, 10), **fields)


def reported_in_may(clerk, **fields):
    assignment = make_assignment(clerk.agency, **fields)
    make_report(assignment, state="confirmed", percent=55, as_of_on=MAY)
    return assignment


def page_of(client, user, query=""):
    client.force_login(user)
    return client.get(reverse("my_work") + query)


def groups(response) -> list[tuple[str, int]]:
    """The headings of the page with their counts."""
    heads = re.findall(
        r'class="group-head"><h2>([^<]*)</h2>(?:<span class="count">(\d+)</span>)?', response.text
    )
    return [(name, int(count)) for name, count in heads if count]


def codes(response) -> list[str]:
    return re.findall(r"<span>(NV-2020-\d+)</span>", response.text)


def test_work_stands_in_the_order_in_which_it_needs_the_person(client, clerk):
    due = reported_in_may(clerk)
    waiting = make_assignment(clerk.agency)
    make_report(waiting, state="submitted")
    overdue = late(clerk)
    returned = make_assignment(clerk.agency)
    make_report(returned, state="returned")
    reported = make_assignment(clerk.agency)
    make_report(reported, state="confirmed")

    response = page_of(client, clerk)

    assert groups(response) == [
        ("Bị trả lại, cần sửa", 1),
        ("Quá hạn", 1),
        ("Cần báo cáo trước hết ngày 17/6", 1),
        ("Đã nộp, đang chờ duyệt", 1),
        ("Đã báo cáo trong kỳ", 1),
    ]
    assert codes(response) == [row.directive.code for row in (returned, overdue, due, waiting, reported)]


def test_a_returned_report_shows_the_reviewer_s_sentence_and_the_day(client, clerk):
    assignment = make_assignment(clerk.agency)
    report = make_report(assignment, state="submitted")
    report.send_back(by=make_user("officer"), note="Thiếu phụ lục.", fix_by=TODAY + dt.timedelta(days=2))

    response = page_of(client, clerk)

    assert "“Thiếu phụ lục.”" in response.text
    assert "sửa trong 2 ngày" in response.text
    assert "Thứ Năm 18/6: sửa 1 việc bị trả lại." in response.text


def test_the_numbers_of_the_page_are_the_numbers_of_its_rows(client, clerk):
    late(clerk)
    reported_in_may(clerk)
    make_report(make_assignment(clerk.agency), state="submitted")
    make_report(make_assignment(clerk.agency), state="confirmed")

    response = page_of(client, clerk)

    assert "Còn <b>2 việc</b> phải báo cáo kỳ tháng 6/2020, nộp trước hết thứ Tư 17/6." in response.text
    assert "Báo cáo lần lượt 2 việc" in response.text
    assert "<b>2/4</b> việc đã nộp" in response.text
    assert navigation_counts(clerk, TODAY)["my_work"] == (2, True)
    assert sum(count for _name, count in groups(response)) == len(codes(response)) == 4


def test_one_after_another_starts_with_what_needs_it_most(client, clerk):
    reported_in_may(clerk)
    first = late(clerk)

    response = page_of(client, clerk)

    assert f'href="{reverse("progress_log", args=[first.pk])}?tiep=1"' in response.text


def test_the_short_report_opens_in_its_row_without_script_and_stores_nothing(client, clerk):
    assignment = reported_in_may(clerk)

    response = page_of(client, clerk, f"?mo={assignment.pk}")

    assert response.text.count('class="quick full"') == 1
    assert f'action="{reverse("progress_log", args=[assignment.pk])}"' in response.text
    assert ProgressReport.objects.in_hand().count() == 0


@pytest.mark.parametrize("wanted", ["0", "x", "99999999999999999999", "١"])
def test_an_unknown_row_opens_nothing(client, clerk, wanted):
    reported_in_may(clerk)

    response = page_of(client, clerk, f"?mo={wanted}")

    assert response.status_code == 200
    assert 'class="quick full"' not in response.text


def test_the_short_report_is_submitted_as_of_the_day_it_names(client, clerk):
    assignment = reported_in_may(clerk)
    client.force_login(clerk)
    data = {
        "nhanh": "1",
        "as_of_on": "16/6/2020",
        "version": "1",
        "percent": "70",
        "done": "Đã tập huấn 2 lớp.",
    }

    response = client.post(reverse("progress_log", args=[assignment.pk]), data)

    assert response.url == reverse("my_work")
    report = ProgressReport.objects.in_hand().get()
    assert (report.status, report.percent, report.as_of_on) == (ReportStatus.SUBMITTED, 70, TODAY)
    assert (report.done, report.author) == ("Đã tập huấn 2 lớp.", clerk)


def test_a_wrong_short_report_opens_the_whole_form_with_what_was_typed(client, clerk):
    assignment = reported_in_may(clerk)
    client.force_login(clerk)
    data = {"nhanh": "1", "as_of_on": "16/6/2020", "version": "1", "percent": "40", "done": "Giảm."}

    response = client.post(reverse("progress_log", args=[assignment.pk]), data)

    assert "Thấp hơn kỳ trước: ghi rõ lý do." in response.text
    assert 'value="40"' in response.text
    assert ProgressReport.objects.in_hand().get().status == ReportStatus.DRAFT


def test_nothing_new_hands_in_last_period_s_value_with_that_sentence(client, clerk):
    assignment = reported_in_may(clerk)
    client.force_login(clerk)

    response = client.post(reverse("progress_nothing_new", args=[assignment.pk]))

    assert response.url == reverse("my_work")
    report = ProgressReport.objects.in_hand().get()
    assert (report.status, report.percent, report.nothing_new) == (ReportStatus.SUBMITTED, 55, True)
    assert (report.done, report.as_of_on) == ("Không phát sinh mới trong kỳ.", CLOSING)


def test_nothing_new_never_replaces_a_draft(client, clerk):
    assignment = reported_in_may(clerk)
    draft = make_report(assignment, by=clerk, done="Đang viết dở.")
    client.force_login(clerk)

    response = client.post(reverse("progress_nothing_new", args=[assignment.pk]))

    assert response.url == reverse("progress_log", args=[assignment.pk])
    draft.refresh_from_db()
    assert (draft.status, draft.done, draft.nothing_new) == (ReportStatus.DRAFT, "Đang viết dở.", False)


def test_nothing_new_needs_something_that_was_reported_before(client, clerk):
    assignment = make_assignment(clerk.agency)
    client.force_login(clerk)

    response = client.post(reverse("progress_nothing_new", args=[assignment.pk]))

    assert response.url == reverse("progress_log", args=[assignment.pk])
    assert not ProgressReport.objects.exclude(status=ReportStatus.DRAFT).exists()


def test_nothing_new_is_for_the_agency_s_own_people(client, clerk):
    assignment = reported_in_may(clerk)
    stranger, viewer = make_user(), make_user("viewer", agency=clerk.agency)
    address = reverse("progress_nothing_new", args=[assignment.pk])

    client.force_login(stranger)
    by_stranger = client.post(address)
    client.force_login(viewer)
    by_viewer = client.post(address)

    assert (by_stranger.status_code, by_viewer.status_code) == (404, 403)
    assert not ProgressReport.objects.in_hand().exists()


def test_new_work_can_be_received_or_declined_in_its_row(client, clerk):
    assignment = make_assignment(clerk.agency)

    response = page_of(client, clerk)

    assert f'action="{reverse("assignment_receive", args=[assignment.pk])}"' in response.text
    assert f'href="{reverse("assignment_decline", args=[assignment.pk])}"' in response.text


def test_a_viewer_sees_the_work_without_buttons(client, clerk):
    reported_in_may(clerk)

    response = page_of(client, make_user("viewer", agency=clerk.agency))

    assert len(codes(response)) == 1
    assert "?tiep=1" not in response.text
    assert "khong-phat-sinh" not in response.text


def test_everything_reported_is_said_so(client, clerk):
    make_report(make_assignment(clerk.agency), state="submitted")
    make_report(make_assignment(clerk.agency), state="confirmed")

    response = page_of(client, clerk)

    assert "Bạn đã báo cáo đủ 2/2" in response.text
    assert "?tiep=1" not in response.text


def test_an_agency_without_work_is_told_so(client, clerk):
    make_assignment()

    response = page_of(client, clerk)

    assert "Cơ quan bạn chưa có nhiệm vụ nào đang mở" in response.text
    assert codes(response) == []


def test_another_agency_s_work_is_not_shown(client, clerk):
    mine = reported_in_may(clerk)
    reported_in_may(make_user())

    response = page_of(client, clerk)

    assert codes(response) == [mine.directive.code]


def test_an_officer_sees_what_they_track_and_is_late(client):
    officer = make_user("officer")
    mine = make_assignment(due_on=dt.date(2020, 6, 1), tracking_officer=officer).directive
    make_assignment(due_on=dt.date(2020, 6, 1), tracking_officer=make_user("officer"))
    make_assignment(due_on=dt.date(2020, 12, 1), tracking_officer=officer)
    make_completed(make_assignment(due_on=dt.date(2020, 6, 1), tracking_officer=officer))

    response = page_of(client, officer)

    assert codes(response) == [mine.code]
    assert re.search(r'Việc tôi theo dõi đã quá hạn</h2><span class="count">1</span>', response.text)


def test_where_the_agency_stands_is_the_mean_of_its_open_work_with_a_deadline(client, clerk):
    reported_in_may(clerk)
    make_assignment(clerk.agency, due_on=None, deadline_kind=Directive.DeadlineKind.ONGOING)
    make_assignment(clerk.agency)

    response = page_of(client, clerk)

    assert "2 việc đang mở có hạn: bình quân <b>27%</b>, mức cần đạt đến nay 92%" in response.text


def test_the_number_of_queries_does_not_grow_with_the_work(client, clerk):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("my_work"))
        return len(found)

    client.force_login(clerk)
    one_of_each(clerk)
    few = queries()
    for _number in range(10):
        one_of_each(clerk)

    assert queries() == few <= 12


def one_of_each(clerk) -> None:
    make_report(make_assignment(clerk.agency, directive=make_directive()), state="returned", by=clerk)
    make_report(make_assignment(clerk.agency), state="submitted", by=clerk)
    late(clerk)


def test_signing_in_is_needed(client):
    response = client.get(reverse("my_work"))

    assert response.url == f"{reverse('login')}?next={reverse('my_work')}"


def test_the_page_is_only_read(client, clerk):
    client.force_login(clerk)

    assert client.post(reverse("my_work")).status_code == 405


def test_the_agency_s_short_name_is_not_mixed_up(client):
    clerk = make_user(agency=make_agency(name="Huyện ủy Hải Hậu"))

    response = page_of(client, clerk)

    assert "Huyện ủy Hải Hậu" in response.text


# Legal periods


def as_of_of_the_short_report(client, clerk, assignment) -> str:
    response = page_of(client, clerk, f"?mo={assignment.pk}")
    return re.search(r'name="as_of_on" value="([^"]+)"', response.text)[1]


@pytest.mark.parametrize(
    ("today", "period", "send", "as_of"),
    [
        (dt.date(2020, 6, 10), "tháng 6/2020", "thứ Tư 17/6", "10/6/2020"),
        (dt.date(2020, 6, 16), "tháng 6/2020", "thứ Tư 17/6", "14/6/2020"),
        (dt.date(2020, 6, 17), "tháng 6/2020", "thứ Tư 17/6", "14/6/2020"),
        (dt.date(2020, 6, 18), "tháng 7/2020", "thứ Sáu 17/7", "18/6/2020"),
    ],
)
def test_the_page_speaks_of_the_period_in_hand(client, clerk, settings, today, period, send, as_of):
    settings.TRACKER_TODAY = today
    assignment = make_assignment(clerk.agency, due_on=dt.date(2020, 12, 31))

    response = page_of(client, clerk)

    assert f"Còn <b>1 việc</b> phải báo cáo kỳ {period}, nộp trước hết {send}." in response.text
    assert f"Kỳ báo cáo {period}" in response.text
    assert as_of_of_the_short_report(client, clerk, assignment) == as_of


@pytest.mark.parametrize(
    ("as_of", "asks"),
    [(dt.date(2020, 5, 14), 1), (dt.date(2020, 5, 15), 0), (dt.date(2020, 6, 14), 0), (TODAY, 0)],
)
def test_what_was_reported_since_the_window_began_is_not_asked_for_again(client, clerk, as_of, asks):
    assignment = make_assignment(clerk.agency)
    make_report(assignment, state="confirmed", as_of_on=as_of)

    response = page_of(client, clerk)

    assert len(response.context["work"].to_do) == asks
    assert navigation_counts(clerk, TODAY)["my_work"] == (asks, bool(asks))


def test_sending_dates_that_the_office_has_moved_count(client, clerk):
    period = make_period("2020-06")
    july = make_period("2020-07")
    period.set_dates(
        by=make_user("admin"),
        expected_version=None,
        reason="Nghỉ bù",
        agencies_send_on=dt.date(2020, 6, 15),
    )
    make_assignment(clerk.agency)

    response = page_of(client, clerk)

    assert response.context["period"] == july
    assert "phải báo cáo kỳ tháng 7/2020, nộp trước hết thứ Sáu 17/7." in response.text


def test_work_given_after_the_closing_is_reported_as_of_today(client, clerk):
    assignment = make_assignment(clerk.agency, on=dt.date(2020, 6, 15))

    assert as_of_of_the_short_report(client, clerk, assignment) == "16/6/2020"


def test_a_report_never_goes_back_behind_the_last_one(client, clerk):
    assignment = make_assignment(clerk.agency, due_on=dt.date(2020, 6, 10))
    make_report(assignment, state="confirmed", as_of_on=dt.date(2020, 6, 15))

    assert as_of_of_the_short_report(client, clerk, assignment) == "16/6/2020"


@pytest.mark.parametrize("kind", ["ongoing", "recurring", "yearly", "none"])
def test_ongoing_work_asks_for_one_note_a_period(client, clerk, kind):
    silent = make_assignment(clerk.agency, due_on=None, deadline_kind=kind)
    spoken = make_assignment(clerk.agency, due_on=None, deadline_kind=kind)
    make_report(spoken, state="confirmed", as_of_on=dt.date(2020, 6, 1))

    response = page_of(client, clerk)

    assert [row.pk for row in response.context["work"].to_do] == [silent.pk]
    assert response.text.count("thường xuyên: chưa cập nhật trong kỳ") == 1
    assert response.text.count("thường xuyên: đã cập nhật trong kỳ") == 1


def test_the_week_names_its_holidays(client, clerk, settings):
    make_calendar_2020()
    settings.TRACKER_TODAY = dt.date(2020, 4, 29)
    late(clerk)

    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page_of(client, clerk).text))

    assert "T4 29 T5 30 nghỉ T6 1 nghỉ T7 2 CN 3" in text
    assert "Thứ Năm 30/4: Ngày Chiến thắng." in text


def test_a_make_up_day_of_the_week_is_named(client, clerk):
    CalendarDay.objects.create(day="2020-06-20", kind="made_up", name="Làm bù cho ngày nghỉ 19/6/2020")
    late(clerk)

    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page_of(client, clerk).text))

    assert "T6 19 T7 20 làm bù CN 21" in text
    assert "Thứ Bảy 20/6: Làm bù cho ngày nghỉ 19/6/2020." in text
