"""The review queue: what waits, one decision after another, many at once, and who may decide."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_calendar_2020,
    make_department,
    make_report,
    make_user,
)
from tracker.figures.reviews import queue
from tracker.models import ProgressReport, ReportEvent, Status
from tracker.templatetags.reviews import Piece, changes, doubts

pytestmark = pytest.mark.django_db

COMPLETED = {"claim": "completed", "percent": 100, "completed_on": dt.date(2020, 6, 10)}


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def make_waiting(**content):
    """A submitted report without warnings."""
    return make_report(state="submitted", **({"evidence": True} | content))


def sign_in(client, role="officer", **fields):
    user = make_user(role, **fields)
    client.force_login(user)
    return user


def decide(client, name, report, **data):
    """Post a decision as the page would send it."""
    sent = {"form_token": uuid.uuid4(), "version": report.version, **data}
    return client.post(reverse(name, args=[report.pk]), sent)


def steps(report):
    return list(report.events.order_by("pk").values_list("status", flat=True))


# the queue


def test_the_queue_is_split_by_warnings_oldest_first(client):
    officer = sign_in(client)
    plain = make_waiting()
    newer = make_waiting(evidence=False, at=NOON)
    older = make_waiting(evidence=False, at=NOON - dt.timedelta(days=2))

    waiting = queue(officer, TODAY)

    assert (waiting.doubtful, waiting.plain) == ([older, newer], [plain])
    assert waiting.oldest == older
    assert waiting.next_after(plain.pk) == older


def test_the_page_shows_the_queue_with_the_first_report_open(client):
    sign_in(client)
    report = make_waiting(evidence=False, done="Đã lắp thiết bị.")
    make_waiting()

    page = client.get(reverse("review_queue"))

    assert page.status_code == 200
    assert page.context["report"] == report
    text = page.content.decode()
    assert "Duyệt 1 báo cáo không có cảnh báo" in text
    assert "Báo cáo không có minh chứng kèm theo." in text
    assert 'data-total="2"' in text


def test_the_queue_takes_as_many_queries_for_thirty_reports_as_for_one(client):
    sign_in(client)
    make_waiting()
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("review_queue"))
    agency = make_agency()
    author = make_user(agency=agency)
    for _ in range(29):
        make_report(make_assignment(agency), state="submitted", by=author)

    with CaptureQueriesContext(connection) as thirty:
        client.get(reverse("review_queue"))

    assert len(one) == len(thirty) <= 9


def test_an_empty_queue_says_what_was_done_today(client):
    officer = sign_in(client)
    done = make_report(state="confirmed", reviewer=officer)
    make_report(state="confirmed")

    page = client.get(reverse("review_queue"))

    assert [step.report for step in page.context["done"]] == [done]
    assert "Không còn báo cáo chờ đồng chí duyệt" in page.content.decode()


# the report in place


def test_the_report_stands_beside_the_last_confirmed_one(client):
    sign_in(client)
    assignment = make_assignment()
    earlier = make_report(
        assignment,
        state="confirmed",
        percent=55,
        as_of_on=dt.date(2020, 5, 31),
        done="Đã cấp tài khoản. Tập huấn 1 lớp.",
        at=NOON - dt.timedelta(days=10),
    )
    report = make_report(
        assignment, state="submitted", percent=70, done="Đã cấp tài khoản. Tập huấn 2 lớp.", evidence=True
    )

    page = client.get(reverse("review_detail", args=[report.pk]))

    assert page.context["reading"].earlier == earlier
    assert page.context["change"] == 15
    text = page.content.decode()
    assert "+15 điểm" in text
    assert "Đã cấp tài khoản. <ins>Tập huấn 2 lớp.</ins>" in text
    assert f"{earlier.reviewed_by.full_name}, 6/6 12:00" in text


def test_only_what_is_new_is_marked():
    pieces = changes("Câu cũ. Câu mới.", "Câu cũ. Câu bỏ.")

    assert pieces == [Piece("Câu cũ. ", is_new=False), Piece("Câu mới.", is_new=True)]


def test_a_wholly_new_text_is_not_marked_at_all():
    assert changes("Mới hẳn.", "Cũ.") == [Piece("Mới hẳn.", is_new=False)]


@pytest.mark.parametrize("text", ["", "Một câu", "Một. Hai; ba\n\nbốn…", "12.5% và 3.000 đ. Hết"])
def test_the_pieces_together_are_the_text(text):
    assert "".join(piece.text for piece in changes(text, "Một. ")) == text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"evidence": False}, "Báo cáo không có minh chứng kèm theo."),
        ({"due_on": dt.date(2020, 6, 5)}, "Nhiệm vụ quá hạn 11 ngày, chưa hoàn thành."),
        (
            {"claim": "pause", "obstacles": "Chờ thiết bị."},
            "Cơ quan đề nghị tạm dừng. Cơ quan ghi: Chờ thiết bị.",
        ),
        ({**COMPLETED}, "Báo hoàn thành nhưng không có văn bản sản phẩm."),
        (
            {**COMPLETED, "output_document": "1/BC", "due_on": dt.date(2020, 6, 7)},
            "Ngày hoàn thành sau hạn 3 ngày.",
        ),
        ({"percent": 100}, "Mức hoàn thành 100% nhưng cơ quan chưa báo hoàn thành."),
    ],
)
def test_each_warning_has_its_sentence(content, sentence):
    due_on = content.pop("due_on", dt.date(2020, 12, 31))
    report = make_report(make_assignment(due_on=due_on), state="submitted", **({"evidence": True} | content))

    warnings = doubts(ProgressReport.objects.for_review().get(pk=report.pk), TODAY)

    assert [doubt.sentence for doubt in warnings] == [sentence]


def test_a_fall_says_from_where_to_where_and_why():
    assignment = make_assignment()
    make_report(assignment, state="confirmed", percent=70, as_of_on=dt.date(2020, 5, 1))
    report = make_report(
        assignment, state="submitted", percent=60, decrease_reason="Tính trùng.", evidence=True
    )

    (doubt,) = doubts(ProgressReport.objects.for_review().get(pk=report.pk), TODAY)

    assert doubt.sentence == "Mức hoàn thành giảm từ 70% xuống 60%. Cơ quan ghi: Tính trùng."
    assert doubt.short == "Giảm 10 điểm"


# confirming


def test_confirming_opens_the_next_report(client):
    officer = sign_in(client)
    first, second = make_waiting(), make_waiting()

    answer = decide(client, "review_confirm", first, note="Tốt.")

    assert answer.url == reverse("review_detail", args=[second.pk])
    first.refresh_from_db()
    assert (first.status, first.reviewed_by, first.review_note) == ("confirmed", officer, "Tốt.")
    assert steps(first) == ["submitted", "confirmed"]


def test_after_the_last_report_the_queue_opens(client):
    sign_in(client)

    answer = decide(client, "review_confirm", make_waiting())

    assert answer.url == reverse("review_queue")


def test_a_decision_begun_on_the_overview_ends_there(client):
    sign_in(client, "leader")

    answer = decide(
        client, "review_send_back", make_waiting(), note="Sửa.", fix_by="18/6/2020", back="overview"
    )

    assert answer.url == reverse("overview") + "#quyet"


def test_pressing_twice_confirms_once(client):
    sign_in(client)
    report = make_waiting()
    token = uuid.uuid4()

    answers = [decide(client, "review_confirm", report, form_token=token) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert steps(report) == ["submitted", "confirmed"]


def test_the_second_reviewer_reads_who_was_quicker(client):
    sign_in(client)
    report = make_waiting()
    quicker = make_user("leader", full_name="Vũ Đức Hòa")
    read = report.version
    report.send_back(by=quicker, note="Thiếu số liệu.", at=NOON)

    answer = decide(client, "review_confirm", report, version=read)

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Báo cáo này đã được xử lý." in text
    assert "Vũ Đức Hòa đã trả lại báo cáo này lúc 16/6/2020 12:00" in text
    report.refresh_from_db()
    assert report.status == "returned"
    assert steps(report) == ["submitted", "returned"]


def test_what_was_handed_in_anew_is_not_confirmed_unread(client):
    sign_in(client)
    report = make_waiting()
    read = report.version
    report.take_back(by=report.author)
    report.save_draft(by=report.author, done="Nội dung mới.")
    report.submit(by=report.author, today=TODAY)

    answer = decide(client, "review_confirm", report, version=read, note="Tốt.")

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Đọc bản mới rồi quyết định." in text
    assert f'name="version" value="{report.version}"' in text
    assert 'value="Tốt."' in text
    report.refresh_from_db()
    assert report.status == "submitted"


def test_a_hidden_character_in_the_remark_is_refused_with_the_page(client):
    sign_in(client)
    report = make_waiting()

    answer = decide(client, "review_confirm", report, note="a\x00b")

    assert answer.status_code == 422
    report.refresh_from_db()
    assert report.status == "submitted"


# completion


def test_an_officer_confirms_completion_with_evidence(client):
    sign_in(client)
    report = make_waiting(**COMPLETED)

    decide(client, "review_confirm", report)

    report.assignment.refresh_from_db()
    assert report.assignment.status == Status.COMPLETED


def test_completion_without_evidence_is_marked_and_left_to_leaders(client):
    sign_in(client)
    report = make_waiting(evidence=False, no_output_reason="Không yêu cầu.", **COMPLETED)

    page, answer = (
        client.get(reverse("review_detail", args=[report.pk])),
        decide(client, "review_confirm", report),
    )

    assert "Chỉ lãnh đạo Sở xác nhận hoàn thành khi không có minh chứng" in page.content.decode()
    assert reverse("review_confirm", args=[report.pk]) not in page.content.decode()
    assert answer.status_code == 403
    report.refresh_from_db()
    assert report.status == "submitted"


def test_a_leader_confirms_completion_without_evidence(client):
    sign_in(client, "leader")
    report = make_waiting(evidence=False, no_output_reason="Không yêu cầu.", **COMPLETED)

    answer = decide(client, "review_confirm", report)

    assert answer.status_code == 302
    report.refresh_from_db()
    assert report.status == "confirmed"


# pausing


def test_a_wish_to_pause_is_left_to_leaders(client):
    sign_in(client)
    report = make_waiting(claim="pause", obstacles="Chờ thiết bị.")

    page, answer = (
        client.get(reverse("review_detail", args=[report.pk])),
        decide(client, "review_confirm", report),
    )

    assert "Việc tạm dừng do lãnh đạo Sở quyết định" in page.content.decode()
    assert answer.status_code == 403
    report.refresh_from_db()
    assert report.status == "submitted"


def test_a_leader_decides_on_a_pause_and_does_not_just_confirm_the_report(client):
    sign_in(client, "leader")
    report = make_waiting(claim="pause", obstacles="Chờ thiết bị.")

    answer = decide(client, "review_confirm", report)

    assert answer.url == reverse("decision_take", args=["pause", report.pk])
    report.refresh_from_db()
    assert report.status == "submitted"


# returning


def test_returning_needs_a_sentence(client):
    sign_in(client)
    report = make_waiting()

    answer = decide(client, "review_send_back", report, phrases=["evidence"], note=" ", fix_by="18/6/2020")

    assert answer.status_code == 422
    assert "Ghi rõ cần sửa gì." in answer.content.decode()
    report.refresh_from_db()
    assert report.status == "submitted"


def test_ticked_phrases_stand_before_the_sentence(client):
    sign_in(client)
    report = make_waiting()

    decide(
        client,
        "review_send_back",
        report,
        phrases=["evidence", "figures"],
        note="Đối chiếu lại số văn bản đi.",
        fix_by="19/6/2020",
    )

    report.refresh_from_db()
    assert report.review_note == "Thiếu minh chứng; Số liệu chưa khớp. Đối chiếu lại số văn bản đi."
    assert (report.status, report.fix_by) == ("returned", dt.date(2020, 6, 19))
    assert steps(report) == ["submitted", "returned"]


def test_the_day_to_correct_is_two_working_days_ahead(client):
    sign_in(client)

    page = client.get(reverse("review_send_back", args=[make_waiting().pk]))

    assert 'value="18/6/2020"' in page.content.decode()


def test_the_day_to_correct_leaves_out_the_weekend_and_holidays(client, settings):
    make_calendar_2020()
    settings.TRACKER_TODAY = dt.date(2020, 4, 29)
    sign_in(client)

    page = client.get(reverse("review_send_back", args=[make_waiting().pk]))

    assert 'value="5/5/2020"' in page.content.decode()


@pytest.mark.parametrize("day", ["15/6/2020", "31/6/2020", "1/1/10000", "mai", ""])
def test_an_impossible_day_is_refused(client, day):
    sign_in(client)
    report = make_waiting()

    answer = decide(client, "review_send_back", report, note="Sửa lại.", fix_by=day)

    assert answer.status_code == 422
    assert "Sửa lại." in answer.content.decode()
    report.refresh_from_db()
    assert report.status == "submitted"


# many at once


def many(client, *reports, **data):
    listed = [f"{report.pk}-{report.version}" for report in reports]
    return client.post(
        reverse("review_confirm_many"), {"form_token": uuid.uuid4(), "reports": listed, **data}, follow=True
    )


def test_many_are_listed_before_they_are_confirmed(client):
    sign_in(client)
    plain = make_waiting()
    make_waiting(evidence=False)

    page = client.get(reverse("review_confirm_many"))

    assert page.context["reports"] == [plain]
    assert f'value="{plain.pk}-{plain.version}"' in page.content.decode()


def test_many_are_confirmed_with_one_step_each(client):
    officer = sign_in(client)
    reports = [make_waiting() for _ in range(3)]

    page = many(client, *reports)

    assert "Đã duyệt 3 báo cáo." in page.content.decode()
    for report in reports:
        report.refresh_from_db()
        assert (report.status, report.reviewed_by) == ("confirmed", officer)
        assert steps(report) == ["submitted", "confirmed"]


def test_those_that_changed_in_between_are_named_and_skipped(client):
    sign_in(client)
    kept, changed, gone = make_waiting(), make_waiting(), make_waiting()
    read = [kept, changed, gone]
    stale = ProgressReport.objects.get(pk=changed.pk)
    stale.take_back(by=stale.author)
    stale.submit(by=stale.author, today=TODAY)
    ProgressReport.objects.get(pk=gone.pk).confirm(by=make_user("leader"))

    page = many(client, *read)

    names = "; ".join(f"{row.agency.label} – {row.assignment.directive.code}" for row in (changed, gone))
    text = page.content.decode()
    assert "Đã duyệt 1 báo cáo." in text
    assert f"Chưa duyệt 2 báo cáo vì đã thay đổi: {names}." in text
    stale.refresh_from_db()
    assert stale.status == "submitted"
    assert ReportEvent.objects.filter(report=gone, status="confirmed").count() == 1


def test_a_report_with_warnings_is_never_confirmed_with_many(client):
    sign_in(client)
    report = make_waiting(evidence=False)

    page = many(client, report)

    assert "Chưa duyệt 1 báo cáo vì đã thay đổi" in page.content.decode()
    report.refresh_from_db()
    assert report.status == "submitted"


@pytest.mark.parametrize("listed", [[], ["x"], ["1-"], ["1-99999999999999999999"], ["٣-١"]])
def test_what_cannot_be_read_confirms_nothing(client, listed):
    sign_in(client)
    make_waiting()

    answer = client.post(reverse("review_confirm_many"), {"reports": listed})

    assert answer.status_code == 422
    assert "Đánh dấu ít nhất một báo cáo." in answer.content.decode()


# who may


def test_nobody_reviews_a_report_of_their_own_agency_or_their_own(client):
    officer = sign_in(client)
    colleague = make_user("officer", agency=make_department())
    report = make_waiting(assignment=make_assignment(make_department()), by=colleague)
    other = make_waiting()

    alone = [
        client.get(reverse("review_detail", args=[report.pk])).status_code,
        decide(client, "review_confirm", report).status_code,
        decide(client, "review_send_back", report, note="Sửa.", fix_by="18/6/2020").status_code,
    ]
    together = many(client, other, report).status_code

    assert alone == [403, 403, 403]
    assert together == 403
    assert officer.agency == report.agency
    for row in (report, other):
        row.refresh_from_db()
        assert row.status == "submitted"


def test_what_was_decided_before_stays_closed_to_its_own_agency(client):
    sign_in(client)
    colleague = make_user("officer", agency=make_department())
    report = make_report(
        make_assignment(make_department()),
        state="confirmed",
        by=colleague,
        reviewer=make_user("leader", agency=make_agency()),
    )

    assert decide(client, "review_confirm", report).status_code == 403


@pytest.mark.parametrize("role", ["staff", "agency_head", "admin", "viewer"])
def test_other_roles_do_not_review(client, role):
    report = make_waiting()
    sign_in(client, role, agency=report.agency if role in {"staff", "agency_head"} else make_department())

    answers = [
        client.get(reverse("review_queue")),
        client.get(reverse("review_confirm_many")),
        client.get(reverse("review_detail", args=[report.pk])),
        decide(client, "review_confirm", report),
        decide(client, "review_send_back", report, note="Sửa.", fix_by="18/6/2020"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    report.refresh_from_db()
    assert report.status == "submitted"


def test_a_stranger_finds_nothing(client):
    report = make_waiting()
    sign_in(client, "staff")

    assert client.get(reverse("review_detail", args=[report.pk])).status_code == 404
    assert decide(client, "review_confirm", report).status_code == 404


def test_a_draft_is_not_found(client):
    sign_in(client)

    assert client.get(reverse("review_detail", args=[make_report().pk])).status_code == 404


def test_a_report_taken_back_meanwhile_is_said_on_the_queue(client):
    sign_in(client)
    report = make_waiting()
    report.take_back(by=report.author)

    page = client.post(reverse("review_confirm", args=[report.pk]), {"version": 1}, follow=True)

    assert page.redirect_chain == [(reverse("review_queue"), 302)]
    assert "Cơ quan đã rút lại báo cáo này" in page.content.decode()
    sign_in(client, "staff")
    assert client.get(reverse("review_detail", args=[report.pk])).status_code == 404


def test_a_review_is_never_a_get(client):
    sign_in(client)

    assert client.get(reverse("review_confirm", args=[make_waiting().pk])).status_code == 405
