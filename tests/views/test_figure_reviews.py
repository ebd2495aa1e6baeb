"""Reviewing figures that were entered by themselves, the lists of figures, and the questions about them."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_department,
    make_indicator,
    make_measurement,
    make_part,
    make_period,
    make_user,
)
from tracker.figures.figure_reviews import figure_queue
from tracker.figures.navigation import navigation_counts
from tracker.models import (
    DataQuestion,
    FrozenFigure,
    Measurement,
    ProgressReport,
    ReportingPeriod,
    ReportStatus,
)
from tracker.navigation import menu_for

pytestmark = pytest.mark.django_db

QUEUE = "/cho-duyet/so-lieu/"


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY
    make_period("2020-06")


def sign_in(client, role="officer", **fields):
    user = make_user(role, **fields)
    client.force_login(user)
    return user


def waiting(value=150, **fields):
    """A submitted figure of June that raises no question."""
    return make_measurement(make_indicator(), value, **({"period": "2020-06", "state": "submitted"} | fields))


def decide(client, name, figure, **data):
    sent = {"form_token": str(uuid.uuid4()), "version": str(figure.version), "note": "", **data}
    return client.post(reverse(name, args=[figure.pk]), sent)


def questioned(**fields):
    """A submitted figure far from its history, which its author has not explained."""
    indicator = make_indicator(**fields)
    make_measurement(indicator, 100, period="2020-05")
    return make_measurement(indicator, 400, period="2020-06", state="submitted", explanation="")


# The queue


def test_the_queue_holds_what_the_person_may_review_oldest_first(client):
    officer = sign_in(client)
    newer = waiting(at=NOON)
    older = waiting(at=NOON - dt.timedelta(days=2))
    own = make_indicator(owner=make_department())
    make_measurement(own, 5, period="2020-06", state="submitted")
    waiting(state="draft")

    page = client.get(QUEUE)

    assert list(figure_queue(officer)) == [older, newer]
    assert page.text.count('<tr role="row"><th role="rowheader"') == 2
    assert 'data-total="2"' in page.text
    assert page.text.index(older.indicator.name) < page.text.index(newer.indicator.name)


def test_figures_of_a_report_wait_with_the_report(client):
    sign_in(client)
    agency = make_agency()
    assignment = make_assignment(agency, status="in_progress")
    indicator = make_indicator(directive=assignment.directive, owner=agency)
    author = make_user(agency=agency)
    report = ProgressReport.in_hand_of(assignment, by=author, today=TODAY)
    report.save_draft(by=author, done="Đã làm.", percent=60, as_of_on=dt.date(2020, 6, 14))
    figure = Measurement.in_hand_of(indicator, make_period("2020-06"), by=author, report=report)
    figure.save_draft(by=author, value=Decimal(70))
    report.submit(by=author, today=TODAY)
    figure.refresh_from_db()

    assert 'data-total="0"' in client.get(QUEUE).text
    assert decide(client, "measurement_confirm", figure).status_code == 403
    assert decide(client, "measurement_send_back", figure, note="Xem lại.").status_code == 403


def test_the_tabs_count_both_queues(client):
    sign_in(client)
    waiting()

    page = " ".join(client.get(reverse("review_queue")).text.split())

    assert 'Số liệu nhập riêng <span class="n">1</span>' in page


def test_the_menu_counts_exactly_what_the_queue_lists(client):
    officer = sign_in(client)
    assert "figure_queue" not in _places(officer)
    waiting()
    waiting()

    counts = navigation_counts(officer, TODAY)

    assert counts["figure_queue"] == (2, True)
    assert "figure_queue" in _places(officer)
    assert client.get(QUEUE).context["total"] == 2


def _places(user):
    menu = menu_for(user, navigation_counts(user, TODAY))
    return {link.place.url_name for _heading, links in menu.sections for link in links}


def test_the_number_of_queries_does_not_grow_with_the_queue(client):
    sign_in(client)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get(QUEUE)
        return len(caught)

    waiting()
    client.get(QUEUE)
    few = queries()
    for _ in range(10):
        indicator = make_indicator()
        part = make_part(indicator)
        make_measurement(indicator, 5, period="2020-06", part=part, state="submitted")

    assert queries() == few
    assert few <= 10


# Deciding


def test_a_figure_is_confirmed_with_the_reviewer_s_name_and_the_next_one_opens(client):
    leader = sign_in(client, "leader", full_name="Vũ Đức Hòa")
    figure, following = waiting(at=NOON - dt.timedelta(days=1)), waiting()

    response = decide(client, "measurement_confirm", figure, note="Đúng hạn.")

    figure.refresh_from_db()
    assert response.url == following.get_absolute_url()
    assert (figure.status, figure.reviewed_by) == (ReportStatus.CONFIRMED, leader)
    page = client.get(figure.get_absolute_url()).text
    assert "Vũ Đức Hòa" in page
    assert "“Đúng hạn.”" in page
    assert "đang dùng" in page


def test_a_figure_is_returned_with_a_reason_alone(client):
    sign_in(client)
    figure = waiting()

    without = decide(client, "measurement_send_back", figure)
    withal = decide(client, "measurement_send_back", figure, note="Thiếu số của chi nhánh.")

    figure.refresh_from_db()
    assert without.status_code == 422
    assert "Ghi rõ cần sửa gì." in without.text
    assert withal.status_code == 302
    assert (figure.status, figure.review_note) == (ReportStatus.RETURNED, "Thiếu số của chi nhánh.")


def test_the_agency_reads_the_reason_and_corrects_the_same_figure(client):
    figure = waiting(state="returned")
    client.force_login(figure.author)

    page = client.get("/so-lieu/nhap/", {"ky": "2020-06"}).text

    assert "“Xem lại số liệu.”" in page
    key = f"s{figure.indicator_id}"
    sent = {"ky": "2020-06", f"{key}-value": "151", f"{key}-version": str(figure.version)}
    assert client.post("/so-lieu/nhap/", sent).status_code == 302
    figure.refresh_from_db()
    assert (figure.value, figure.status) == (151, ReportStatus.SUBMITTED)


def test_nobody_reviews_their_own_agency_s_figure(client):
    own = make_indicator(owner=make_department())
    figure = make_measurement(own, 5, period="2020-06", state="submitted")
    sign_in(client)

    assert decide(client, "measurement_confirm", figure).status_code == 403
    assert decide(client, "measurement_send_back", figure, note="Xem lại.").status_code == 403


@pytest.mark.parametrize(("role", "status"), [("staff", 404), ("viewer", 404), ("admin", 403)])
def test_others_do_not_review(client, role, status):
    sign_in(client, role)
    figure = waiting()

    assert decide(client, "measurement_confirm", figure).status_code == status


def test_what_changed_meanwhile_is_not_confirmed_unread(client):
    sign_in(client)
    figure = waiting()
    version = figure.version
    figure.take_back(by=figure.author)
    figure.save_draft(by=figure.author, value=Decimal(170))
    figure.submit(by=figure.author, today=TODAY)

    response = decide(client, "measurement_confirm", figure, version=str(version), note="Đúng.")

    assert response.status_code == 409
    assert "170" in response.text
    assert 'value="Đúng."' in response.text
    figure.refresh_from_db()
    assert figure.status == ReportStatus.SUBMITTED


def test_the_second_reviewer_reads_what_the_first_decided(client):
    figure = waiting()
    figure.confirm(by=make_user("leader", full_name="Vũ Đức Hòa"))
    sign_in(client)

    response = decide(client, "measurement_send_back", figure, note="Xem lại.")

    assert response.status_code == 409
    assert "Vũ Đức Hòa" in response.text
    assert "“Xem lại.”" in response.text


def test_pressing_twice_confirms_once(client):
    sign_in(client)
    figure, token = waiting(), str(uuid.uuid4())

    answers = [decide(client, "measurement_confirm", figure, form_token=token) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert figure.events.filter(status=ReportStatus.CONFIRMED).count() == 1


# One figure


def test_the_page_names_versions_roles_and_the_one_in_use(client):
    sign_in(client, "viewer")
    indicator = make_indicator()
    own = make_measurement(indicator, 150, period="2020-06")
    make_measurement(indicator, 149, period="2020-06", role="verified", by=make_user("officer"))

    client.force_login(make_user("leader"))
    page = " ".join(client.get(own.get_absolute_url()).text.split())

    assert "149 tỷ đồng" in page
    assert "Sở thẩm định" in page or "Số Sở thẩm định" in page
    assert page.count('<span class="tag">đang dùng</span>') == 1


def test_a_closed_number_stands_beside_the_one_in_use_today(client):
    sign_in(client)
    indicator = make_indicator()
    make_measurement(indicator, "148.6", period="2020-05")
    period = ReportingPeriod.objects.get(code="2020-05")
    period.close(by=make_user("leader"))
    FrozenFigure.objects.create(
        period=period, revision=1, indicator=indicator, value=Decimal("148.6"), role="own"
    )
    late = make_measurement(indicator, 149, period="2020-05")

    page = client.get(late.get_absolute_url()).text

    assert "đã chốt 148,6 · hiện nay 149" in page
    assert "Duyệt sau khi kỳ đã chốt" in page


def test_another_agency_sees_neither_the_figure_nor_its_question(client):
    figure = questioned()
    sign_in(client, "staff")

    assert client.get(figure.get_absolute_url()).status_code == 404
    assert client.get(figure.questions.get().get_absolute_url()).status_code == 404


def test_a_draft_is_not_seen_outside_the_agency(client):
    figure = waiting(state="draft")
    sign_in(client)

    assert client.get(figure.get_absolute_url()).status_code == 404


# Lists


def test_the_list_has_as_many_rows_as_it_says_and_every_filter_narrows_it(client):
    officer = sign_in(client)
    first, second = waiting(), make_measurement(make_indicator(), 7, period="2020-05")

    def listed(**asked):
        page = client.get(reverse("figure_list"), asked)
        return [figure.pk for figure in page.context["table"].records], page.context["total"]

    assert officer.sees_everything
    assert listed() == ([first.pk, second.pk], 2)
    assert listed(tt="submitted") == ([first.pk], 1)
    assert listed(ky="2020-05") == ([second.pk], 1)
    assert listed(ct=second.indicator.code) == ([second.pk], 1)
    assert listed(cq=first.agency.code) == ([first.pk], 1)
    assert listed(vai="published") == ([], 0)
    assert listed(q=second.indicator.code) == ([second.pk], 1)


def test_estimates_that_nobody_replaced_have_a_list(client):
    sign_in(client)
    past = {"certainty": "estimate", "replace_by": dt.date(2020, 6, 1)}
    forgotten = make_measurement(make_indicator(), 160, period="2020-05", **past)
    make_measurement(
        make_indicator(), 160, period="2020-05", certainty="estimate", replace_by=dt.date(2020, 7, 1)
    )
    replaced = make_indicator()
    make_measurement(replaced, 160, period="2020-05", **past)
    make_measurement(replaced, 161, period="2020-05", certainty="final")

    page = client.get(reverse("figure_list"), {"uoc": "1"})

    assert [figure.pk for figure in page.context["table"].records] == [forgotten.pk]
    assert page.context["total"] == 1


def test_an_indicator_has_the_list_of_its_own_figures(client):
    sign_in(client)
    figure = make_measurement(make_indicator(), 7, period="2020-05")
    waiting()

    page = client.get(reverse("measurement_list", args=[figure.indicator.code]))

    assert [row.pk for row in page.context["table"].records] == [figure.pk]
    assert "đang dùng" in page.text


def test_the_number_of_queries_does_not_grow_with_the_list(client):
    sign_in(client)

    def queries(name):
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse(name))
        return len(caught)

    questioned()
    client.get(reverse("figure_list"))
    few = queries("figure_list"), queries("question_list")
    for _ in range(8):
        questioned()

    assert (queries("figure_list"), queries("question_list")) == few
    assert max(few) <= 12


# Questions


def test_open_questions_come_first(client):
    sign_in(client)
    answered, still_open = questioned().questions.get(), questioned().questions.get()
    answered.reply(by=make_user("officer"), outcome="kept", answer="Đúng.")

    page = client.get(reverse("question_list"))

    assert [row.pk for row in page.context["table"].records] == [still_open.pk, answered.pk]
    assert client.get(reverse("question_list"), {"tt": "open"}).context["total"] == 1
    assert "Xa bình quân các kỳ trước: 100 tỷ đồng." in page.text


def test_a_figure_with_an_open_question_cannot_be_confirmed(client):
    sign_in(client)
    figure = questioned()

    page = client.get(figure.get_absolute_url()).text
    response = decide(client, "measurement_confirm", figure)

    assert reverse("measurement_confirm", args=[figure.pk]) not in page
    assert reverse("measurement_send_back", args=[figure.pk]) in page
    assert response.status_code == 409
    figure.refresh_from_db()
    assert figure.status == ReportStatus.SUBMITTED


def answer(client, question, **data):
    sent = {"form_token": str(uuid.uuid4()), "outcome": "kept", "answer": "Có hợp đồng lớn.", **data}
    return client.post(question.get_absolute_url(), sent)


def test_the_author_answers_and_the_figure_can_be_confirmed(client):
    figure = questioned()
    question = figure.questions.get()
    client.force_login(figure.author)

    response = answer(client, question)

    assert response.url == figure.get_absolute_url()
    question.refresh_from_db()
    assert (question.outcome, question.answered_by) == ("kept", figure.author)
    sign_in(client, "leader")
    assert decide(client, "measurement_confirm", figure).status_code == 302


def test_whoever_promises_a_correction_goes_where_it_is_written(client):
    figure = questioned()
    client.force_login(figure.author)

    response = answer(client, figure.questions.get(), outcome="corrected", answer="Gõ nhầm.")

    assert response.url.startswith(reverse("measurement_enter", args=[figure.indicator.code]))


@pytest.mark.parametrize("data", [{"answer": ""}, {"answer": "  "}, {"outcome": ""}, {"outcome": "x"}])
def test_an_answer_has_an_outcome_and_words(client, data):
    figure = questioned()
    client.force_login(figure.author)

    response = answer(client, figure.questions.get(), **data)

    assert response.status_code == 422
    assert DataQuestion.objects.unanswered().count() == 1


def test_a_question_is_answered_once(client):
    figure = questioned()
    question = figure.questions.get()
    question.reply(by=figure.author, outcome="kept", answer="Đúng.")
    sign_in(client)

    response = answer(client, question)

    assert response.status_code == 422
    assert "Câu hỏi này đã được trả lời" in response.text
    assert "“Đúng.”" in response.text


def test_a_doubt_that_was_corrected_before_handing_in_again_is_answered_so():
    figure = questioned()
    author = figure.author
    figure.take_back(by=author)
    figure.save_draft(by=author, value=Decimal(104))

    figure.submit(by=author, today=TODAY)

    question = figure.questions.get()
    assert (question.outcome, question.answered_by) == ("corrected", author)
    assert question.answer == "Số liệu đã được sửa trước khi nộp lại."


def test_parts_that_do_not_add_up_to_the_whole_raise_a_question():
    indicator = make_indicator()
    parts = [make_part(indicator), make_part(indicator)]
    make_measurement(indicator, 100, period="2020-05")
    make_measurement(indicator, 60, period="2020-05", part=parts[0])

    last = make_measurement(indicator, 50, period="2020-05", part=parts[1], state="submitted", explanation="")

    question = last.questions.get()
    assert (question.kind, question.compared_with) == (DataQuestion.Kind.SUM, 110)


def test_a_missing_part_is_no_contradiction():
    indicator = make_indicator()
    first, _missing = make_part(indicator), make_part(indicator)
    make_measurement(indicator, 100, period="2020-05")

    figure = make_measurement(indicator, 60, period="2020-05", part=first, state="submitted", explanation="")

    assert not figure.questions.exists()


@pytest.mark.parametrize(("printed", "is_asked"), [("26", False), ("25", True), ("26.0", False)])
def test_a_printed_growth_that_the_figures_do_not_give_raises_a_question(printed, is_asked):
    indicator = make_indicator(frequency="year", baseline_value=Decimal("79.37"), baseline_year=2018)

    figure = make_measurement(
        indicator, 100, period="2019", state="submitted", explanation="", printed_growth=Decimal(printed)
    )

    kinds = list(figure.questions.values_list("kind", flat=True))
    assert kinds == ([DataQuestion.Kind.GROWTH] if is_asked else [])
