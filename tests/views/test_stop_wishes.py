"""An agency asks to stop (xin dừng): the work stays open until a leader stops it by the stopping document."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_department,
    make_directive,
    make_document,
    make_group,
    make_report,
    make_user,
)
from tracker.figures.decisions import Matter, decisions
from tracker.figures.register import by_field
from tracker.figures.scope import Scope
from tracker.models import Assignment, Cell, ProgressReport, Standing, Status
from tracker.templatetags.reviews import doubts

pytestmark = pytest.mark.django_db

WHY = "Sáp nhập đơn vị, không còn đối tượng thực hiện."


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def make_wish(assignment=None, **content):
    return make_report(assignment, state="submitted", **({"claim": "stop", "obstacles": WHY} | content))


def sign_in(client, role="leader", **fields):
    user = make_user(role, **fields)
    client.force_login(user)
    return user


def decide(client, report, **data):
    sent = {"form_token": uuid.uuid4(), "version": report.version, "answer": "yes", **data}
    return client.post(reverse("decision_take", args=["stop", report.pk]), sent)


# Asking


def test_a_cooperating_body_does_not_ask_to_stop_the_work_of_another(client):
    lead = make_assignment()
    helper = make_agency()
    lead.directive.assign(by=make_user("officer"), cooperating=[helper], today=TODAY, at=NOON)
    part = Assignment.objects.get(agency=helper)

    with pytest.raises(ValidationError) as refusal:
        make_wish(part)
    client.force_login(make_user(agency=helper))
    offered = client.get(reverse("progress_log", args=[part.pk])).content.decode()

    assert list(refusal.value.message_dict) == ["claim"]
    assert 'value="pause"' in offered
    assert 'value="stop"' not in offered


def test_the_lead_is_offered_the_wish_with_what_it_needs(client):
    lead = make_assignment()
    client.force_login(make_user(agency=lead.agency))

    page = client.get(reverse("progress_log", args=[lead.pk])).content.decode()

    assert 'value="stop"' in page
    assert "chỉ dừng khi có văn bản cho dừng" in page


def test_asking_to_stop_is_not_stopped():
    leader = make_user("leader")
    report = make_wish()
    scope = Scope.of(leader, TODAY)

    directive = scope.directives().get()

    assert directive.standing not in {Standing.STOPPED, Standing.OUTSIDE}
    assert by_field(scope).total.cells[Cell.STOPPED] == 0
    assert by_field(scope).total.open == 1
    assert report.assignment.is_open


@pytest.mark.parametrize(("claim", "words"), [("stop", "xin dừng"), ("pause", "xin tạm dừng")])
def test_the_wish_is_marked_in_every_row_of_the_work(client, claim, words):
    report = make_wish(claim=claim)
    directive = report.assignment.directive
    mark = f"> {words}</span>"

    sign_in(client)
    pages = [reverse("directive_list"), reverse("assignment_list"), directive.get_absolute_url()]
    seen = [client.get(page).content.decode().count(mark) for page in pages]
    client.force_login(make_user(agency=report.agency))
    own = client.get(reverse("my_work")).content.decode().count(mark)

    assert (seen, own) == ([1, 1, 1], 1)


def test_the_mark_goes_when_the_wish_is_answered(client):
    report = make_wish()
    report.send_back(by=make_user("leader"), note="Vẫn thực hiện.", at=NOON)
    sign_in(client)

    page = client.get(reverse("directive_list")).content.decode()

    assert "> xin dừng</span>" not in page


def test_a_stop_is_shown_before_a_pause_where_two_bodies_ask():
    directive = make_directive()
    directive.assign(
        by=make_user("officer"), lead=make_group(make_agency(), make_agency()), today=TODAY, at=NOON
    )
    first, second = directive.assignments.order_by("pk")
    make_wish(first, claim="pause")
    make_wish(second)

    assert type(directive).objects.for_list().get().wish == "stop"


# Reviewing


def test_the_reviewer_reads_why():
    report = make_wish(evidence=True)

    warnings = doubts(ProgressReport.objects.for_review().get(pk=report.pk), TODAY)

    assert [(doubt.short, doubt.sentence) for doubt in warnings] == [
        ("Xin dừng", f"Cơ quan xin dừng thực hiện. Cơ quan ghi: {WHY}")
    ]


def test_an_officer_leaves_it_to_a_leader(client):
    report = make_wish()
    officer = sign_in(client, "officer")

    page = client.get(reverse("review_detail", args=[report.pk])).content.decode()
    confirmed = client.post(
        reverse("review_confirm", args=[report.pk]), {"form_token": uuid.uuid4(), "version": report.version}
    )
    decided = decide(client, report, document=make_document().number)

    assert "Chỉ lãnh đạo Sở quyết định dừng" in page
    assert (confirmed.status_code, decided.status_code) == (403, 403)
    assert decisions(Scope.of(officer, TODAY)) == []
    report.refresh_from_db()
    assert report.status == "submitted"


def test_a_leader_is_led_from_the_report_to_the_decision(client):
    sign_in(client)
    report = make_wish()

    page = client.get(reverse("review_detail", args=[report.pk])).content.decode()
    answer = client.post(
        reverse("review_confirm", args=[report.pk]), {"form_token": uuid.uuid4(), "version": report.version}
    )

    assert f'href="{reverse("decision_take", args=["stop", report.pk])}"' in page
    assert answer.url == reverse("decision_take", args=["stop", report.pk])
    report.refresh_from_db()
    assert report.status == "submitted"


# Deciding


def test_the_wish_is_a_decision_of_the_overview(client):
    leader = sign_in(client)
    report = make_wish()

    (item,) = decisions(Scope.of(leader, TODAY))
    page = client.get(reverse("overview")).content.decode()

    assert (item.matter, item.report) == (Matter.STOP, report)
    assert f"Xin dừng: {report.assignment.directive.title}" in page
    assert f"Lý do: {WHY}" in page
    assert page.count("Dừng theo văn bản<") == 1


def test_the_directive_stops_by_the_document_and_the_report_is_confirmed(client):
    leader = sign_in(client)
    report, document = make_wish(), make_document(number="592/NQ-UBND")

    answer = decide(client, report, document="592/NQ-UBND", note="Đồng ý.")

    assert answer.url == reverse("overview") + "#quyet"
    report.refresh_from_db()
    directive = report.assignment.directive
    directive.refresh_from_db()
    step = directive.events.get(assignment=None, kind="stopped")
    assert (report.status, report.review_note, directive.status) == ("confirmed", "Đồng ý.", Status.STOPPED)
    assert (step.document, step.reason, step.by) == (document, WHY, leader)


@pytest.mark.parametrize("typed", ["", "Không có trong sổ", "\x00", "9" * 5000])
def test_without_a_document_of_the_register_nothing_stops(client, typed):
    sign_in(client)
    report = make_wish()

    answer = decide(client, report, document=typed, note="Cho dừng.")

    assert answer.status_code == 422
    assert "Cho dừng.</textarea>" in answer.content.decode()
    report.refresh_from_db()
    assert (report.status, report.assignment.directive.status) == ("submitted", Status.IN_PROGRESS)


def test_what_follows_is_said_for_all_bodies_that_have_the_work(client):
    sign_in(client)
    directive = make_directive()
    group = make_group(make_agency(), make_agency(), make_agency())
    directive.assign(by=make_user("officer"), lead=group, today=TODAY, at=NOON)
    report = make_wish(directive.assignments.order_by("pk").first())

    page = client.get(reverse("decision_take", args=["stop", report.pk])).content.decode()

    assert "Nhiệm vụ dừng ở cả 3 cơ quan đang thực hiện." in page


def test_the_second_leader_reads_that_it_is_done(client):
    report, document = make_wish(), make_document()
    sign_in(client)
    decide(client, report, document=document.number)
    sign_in(client)

    answer = decide(client, report, document=document.number)

    assert answer.status_code == 409
    assert "Việc này không còn chờ quyết định" in answer.content.decode()


def test_work_stopped_otherwise_meanwhile_is_not_stopped_again(client):
    report, document = make_wish(), make_document()
    report.assignment.directive.stop(by=make_user("leader"), document=document, at=NOON)
    sign_in(client)

    answer = decide(client, report, document=document.number)

    assert answer.status_code == 409
    report.refresh_from_db()
    assert report.status == "submitted"


@pytest.mark.parametrize(
    ("role", "status"), [("staff", 404), ("agency_head", 403), ("admin", 403), ("viewer", 403)]
)
def test_nobody_else_decides(client, role, status):
    report = make_wish()
    sign_in(client, role, agency=make_agency() if role == "staff" else make_department())

    assert decide(client, report, document=make_document().number).status_code == status


def test_a_leader_sends_the_wish_back(client):
    sign_in(client)
    report = make_wish()

    client.post(
        reverse("review_send_back", args=[report.pk]),
        {
            "form_token": uuid.uuid4(),
            "version": report.version,
            "note": "Vẫn phải thực hiện.",
            "fix_by": "18/6/2020",
            "back": "overview",
        },
    )

    report.refresh_from_db()
    assert (report.status, report.assignment.status) == ("returned", Status.IN_PROGRESS)
