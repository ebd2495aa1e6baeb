"""What waits for a decision: in the row of the overview, one after another, and who may decide."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from tests.factories import (
    NOON,
    TODAY,
    make_assignment,
    make_department,
    make_report,
    make_user,
)
from tracker.figures.decisions import decisions
from tracker.figures.scope import Scope
from tracker.models import Instruction, ReportEvent, Status

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def sign_in(client, role="leader", **fields):
    user = make_user(role, **fields)
    client.force_login(user)
    return user


def make_matters():
    """One of each kind of decision; returns what each acts on."""
    completed = {"claim": "completed", "percent": 100, "completed_on": TODAY}
    leader = make_user("leader")
    paused = make_assignment().directive
    paused.pause(by=leader, reason="Dịch bệnh.", review_on=TODAY, at=NOON)
    declined = make_assignment()
    declined.decline(by=make_user(agency=declined.agency), reason="Không đúng chức năng.", at=NOON)
    return {
        "completion": make_report(state="submitted", output_document="12/BC", **completed),
        "pause": make_report(state="submitted", claim="pause", obstacles="Chờ thiết bị."),
        "proposal": make_report(state="submitted", proposal="Cấp chứng thư số.", proposal_to="leader"),
        "resume": paused,
        "declined": declined,
    }


def take(client, matter, record, answer="yes", **data):
    sent = {"form_token": uuid.uuid4(), "answer": answer, **data}
    if matter in {"completion", "pause", "proposal"}:
        sent.setdefault("version", record.version)
    return client.post(reverse("decision_take", args=[matter, record.pk]), sent)


def test_what_waits_for_a_leader_stands_in_rows_with_its_acts(client):
    leader = sign_in(client)
    make_matters()

    text = client.get(reverse("overview")).content.decode()

    assert len(decisions(Scope.of(leader, TODAY))) == 5
    for words in ("Xác nhận<", "Đồng ý tạm dừng<", "Cho tiếp tục<", "Ghi ý kiến chỉ đạo<", "Giao lại<"):
        assert text.count(words) == 1
    assert 'value="16/7/2020"' in text
    assert "Lý do: Chờ thiết bị." in text
    assert "“Không đúng chức năng.”" in text


def test_completion_without_evidence_is_marked_for_the_leader(client):
    sign_in(client)
    make_report(
        state="submitted", claim="completed", percent=100, completed_on=TODAY, no_output_reason="Không có."
    )

    assert "Không có minh chứng và văn bản sản phẩm." in client.get(reverse("overview")).content.decode()


def test_an_officer_is_not_asked_about_completion_without_evidence(client):
    officer = sign_in(client, "officer")
    report = make_report(
        state="submitted", claim="completed", percent=100, completed_on=TODAY, no_output_reason="Không có."
    )

    assert decisions(Scope.of(officer, TODAY)) == []
    assert take(client, "completion", report).status_code == 403


def test_confirming_completion_in_the_row(client):
    leader = sign_in(client)
    report = make_matters()["completion"]

    answer = take(client, "completion", report)

    assert answer.url == reverse("overview") + "#quyet"
    report.assignment.refresh_from_db()
    assert report.assignment.status == Status.COMPLETED
    assert ReportEvent.objects.filter(report=report, status="confirmed", by=leader).count() == 1


def test_agreeing_to_a_pause_confirms_the_report_and_pauses_the_directive(client):
    sign_in(client)
    report = make_matters()["pause"]

    take(client, "pause", report, day="16/7/2020")

    report.refresh_from_db()
    directive = report.assignment.directive
    directive.refresh_from_db()
    assert (report.status, directive.status) == ("confirmed", Status.PAUSED)
    assert directive.review_on == dt.date(2020, 7, 16)
    assert directive.events.filter(assignment=None, kind="paused").get().reason == "Chờ thiết bị."


@pytest.mark.parametrize("day", ["", "16/6/2020", "1/1/2031", "mai"])
def test_a_pause_needs_a_day_to_look_again(client, day):
    sign_in(client)
    report = make_matters()["pause"]

    answer = take(client, "pause", report, day=day)

    assert answer.status_code == 422
    report.refresh_from_db()
    assert report.status == "submitted"


def test_letting_paused_work_go_on(client):
    sign_in(client)
    directive = make_matters()["resume"]

    take(client, "resume", directive)

    directive.refresh_from_db()
    assert directive.status == Status.NEW


def test_leaving_it_paused_until_a_later_day(client):
    leader = sign_in(client)
    directive = make_matters()["resume"]

    take(client, "resume", directive, answer="later", day="30/6/2020", note="Chờ hết dịch.")

    directive.refresh_from_db()
    assert (directive.status, directive.review_on) == (Status.PAUSED, dt.date(2020, 6, 30))
    assert directive.events.order_by("pk").last().reason == "Chờ hết dịch."
    assert "resume" not in {item.matter for item in decisions(Scope.of(leader, TODAY))}


def test_a_proposal_is_answered_by_an_instruction(client):
    leader = sign_in(client)
    report = make_matters()["proposal"]

    take(client, "proposal", report, note="Giao Phòng CNTT làm đầu mối.")

    instruction = Instruction.objects.get(directive=report.assignment.directive)
    assert (instruction.by, instruction.text) == (leader, "Giao Phòng CNTT làm đầu mối.")
    assert "proposal" not in {item.matter for item in decisions(Scope.of(leader, TODAY))}
    report.refresh_from_db()
    assert report.status == "submitted"


def test_a_refusal_is_answered_and_assigned_again(client):
    sign_in(client, "officer")
    assignment = make_matters()["declined"]

    take(client, "declined", assignment, note="Đã thống nhất với Công an tỉnh.")

    assignment.refresh_from_db()
    assert assignment.status == Status.NEW
    assert assignment.events.order_by("pk").last().reason == "Đã thống nhất với Công an tỉnh."


@pytest.mark.parametrize("matter", ["proposal", "declined"])
def test_some_answers_need_words(client, matter):
    sign_in(client)
    record = make_matters()[matter]

    answer = take(client, matter, record, note="  ")

    assert answer.status_code == 422
    assert "Chưa có gì thay đổi" in answer.content.decode()


@pytest.mark.parametrize("matter", ["completion", "pause", "resume", "declined"])
def test_the_second_leader_reads_that_it_is_done(client, matter):
    record = make_matters()[matter]
    data = {"note": "Đồng ý.", "day": "16/7/2020"}
    sign_in(client)
    take(client, matter, record, **data)
    sign_in(client)

    answer = take(client, matter, record, **data)

    assert answer.status_code == 409
    assert "Việc này không còn chờ quyết định" in answer.content.decode()


def test_pressing_twice_in_the_row_acts_once(client):
    sign_in(client)
    report, token = make_matters()["proposal"], uuid.uuid4()

    answers = [take(client, "proposal", report, note="Làm ngay.", form_token=token) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Instruction.objects.count() == 1


def test_matters_are_taken_one_by_one(client):
    leader = sign_in(client)
    matters = make_matters()
    first, second, *_rest = decisions(Scope.of(leader, TODAY))
    page = client.get(reverse("decision_take", args=[first.matter, first.pk]) + "?lan-luot=1")

    words = {"note": "Đồng ý.", "day": "16/7/2020", "one_by_one": "on"}
    answer = take(client, first.matter, first.report or first.assignment or first.directive, **words)

    assert "Việc 1/5" in page.content.decode()
    assert answer.url == reverse("decision_take", args=[second.matter, second.pk]) + "?lan-luot=1"
    assert set(matters) == {"completion", "pause", "proposal", "resume", "declined"}


@pytest.mark.parametrize("role", ["staff", "agency_head", "admin", "viewer"])
def test_other_roles_decide_nothing(client, role):
    matters = make_matters()
    user = sign_in(client, role, agency=make_department())

    answers = {
        matter: take(client, matter, record, note="Được.", day="16/7/2020").status_code
        for matter, record in matters.items()
    }

    assert set(answers.values()) == {403}
    assert decisions(Scope.of(user, TODAY)) == []


@pytest.mark.parametrize("matter", ["pause", "proposal", "resume"])
def test_officers_leave_to_leaders_what_is_theirs(client, matter):
    record = make_matters()[matter]
    sign_in(client, "officer")

    assert take(client, matter, record, note="Được.", day="16/7/2020").status_code == 403


def test_nobody_decides_on_a_report_of_their_own_agency(client):
    report = make_report(
        make_assignment(make_department()),
        by=make_user("officer"),
        state="submitted",
        claim="completed",
        percent=100,
        completed_on=TODAY,
        output_document="1/BC",
    )
    sign_in(client)

    assert take(client, "completion", report).status_code == 403


def test_strangers_and_unknown_matters_are_not_found(client):
    matters = make_matters()
    sign_in(client, "staff")

    strange = [take(client, matter, record, note="Được.").status_code for matter, record in matters.items()]
    sign_in(client)
    unknown = client.get(reverse("decision_take", args=["x", 1])).status_code
    missing = client.get(reverse("decision_take", args=["pause", 10**15])).status_code

    assert strange == [404] * 5
    assert (unknown, missing) == (404, 404)
