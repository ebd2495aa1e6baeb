"""Extensions on the pages: asked from 02, 04 and 05, decided on 07 and on their own page, answered, undone, listed."""

import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_department,
    make_directive,
    make_extension,
    make_field,
    make_group,
    make_user,
)
from tests.views.register_year import text_of
from tracker.figures.decisions import decisions
from tracker.figures.navigation import navigation_counts
from tracker.figures.scope import Scope
from tracker.models import Configuration, Evidence, ExtensionRequest

pytestmark = pytest.mark.django_db

JUNE, JULY = dt.date(2020, 6, 30), dt.date(2020, 7, 15)
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


def sign_in(client, role="leader", **fields):
    user = make_user(role, **fields)
    client.force_login(user)
    return user


def clerk_of(client, record):
    return sign_in(client, "staff", agency=record.agency)


def to(name, record, query=""):
    return reverse(name, args=[record.pk]) + query


def words(**changes):
    return {
        "form_token": uuid.uuid4(),
        "new_due_on": "15/7/2020",
        "reason": "Ba hệ thống phải thay thiết bị.",
        "document": "45/TTr-TTCNTT",
        "link": "",
    } | changes


def deciding(answer="grant", **changes):
    return {"form_token": uuid.uuid4(), "answer": answer, "due_on": "", "note": ""} | changes


def due(record):
    record.refresh_from_db()
    assignment = record.assignment
    assignment.refresh_from_db()
    return record.status, assignment.due_on, assignment.directive.due_on


# Asking


def test_the_lead_asks_with_files_and_a_link(client):
    assignment = make_assignment(due_on=JUNE)
    clerk = clerk_of(client, assignment)
    files = [SimpleUploadedFile("tờ trình.pdf", PDF, "application/pdf")]

    response = client.post(
        to("extension_ask", assignment), words(files=files, link="https://namdinh.gov.vn/tin")
    )

    request = ExtensionRequest.objects.get()
    assert response.url == to("extension_detail", request)
    assert (request.author, request.new_due_on, request.document) == (clerk, JULY, "45/TTr-TTCNTT")
    assert [(one.title, one.link) for one in request.evidence.all()] == [
        ("tờ trình.pdf", ""),
        ("https://namdinh.gov.vn/tin", "https://namdinh.gov.vn/tin"),
    ]
    page = text_of(client.get(response.url))
    assert "xin gia hạn 30/6 → 15/7/2020" in page.lower()
    assert "tờ trình.pdf" in page


def test_the_form_says_both_deadlines_the_count_and_the_limit(client):
    parent = make_directive(due_on=dt.date(2020, 9, 30))
    assignment = make_assignment(directive=make_directive(due_on=JUNE, parent=parent))
    clerk_of(client, assignment)

    page = text_of(client.get(to("extension_ask", assignment)))

    for sentence in (
        "Hạn hiện nay 30/6/2020",
        "Hạn gốc 30/6/2020",
        "Hạn của nhiệm vụ lớn 30/9/2020",
        "Số lần đã gia hạn 0",
        "được phép 1 lần",
        "Đây là lần gia hạn đầu.",
    ):
        assert sentence in page
    assert "Đã quá hạn" not in page


def test_the_form_warns_beyond_the_limit_and_after_the_deadline(client):
    request = make_extension(state="granted")
    clerk_of(client, request)
    late = make_assignment(request.agency, due_on=dt.date(2020, 6, 1))

    beyond = text_of(client.get(to("extension_ask", request.assignment)))
    passed = text_of(client.get(to("extension_ask", late)))

    assert "Đây là lần gia hạn thứ 2: vượt số lần cho phép, chỉ lãnh đạo được đồng ý" in beyond
    assert "được ghi là “xin gia hạn sau khi quá hạn”" in passed


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"new_due_on": ""}, "Ghi ngày xin gia hạn đến."),
        ({"new_due_on": "31/6/2020"}, "Không có ngày này"),
        ({"new_due_on": "7/15/2020"}, "Không có ngày này"),
        ({"new_due_on": "mai"}, "ngày/tháng/năm"),
        ({"new_due_on": "30/6/2020"}, "Hạn mới phải sau hạn hiện nay."),
        ({"new_due_on": "1/10/2020"}, "Không được sau hạn của nhiệm vụ lớn"),
        ({"reason": ""}, "Lý do"),
        ({"reason": "ab"}, "ít nhất ba ký tự"),
        ({"reason": "x" * 1001}, "1000"),
        ({"reason": "a\x00bcd"}, "ký tự"),
        ({"document": "x" * 201}, "200"),
        ({"link": "khong phai dia chi"}, "địa chỉ"),
        ({"files": SimpleUploadedFile("virus.exe", b"MZ")}, "virus.exe"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client, changes, sentence):
    parent = make_directive(due_on=dt.date(2020, 9, 30))
    assignment = make_assignment(directive=make_directive(due_on=JUNE, parent=parent))
    clerk_of(client, assignment)

    response = client.post(to("extension_ask", assignment), words(**changes))

    assert response.status_code == 422
    assert sentence.lower() in text_of(response).lower()
    assert "Ba hệ thống phải thay thiết bị." in response.text or "reason" in changes
    assert "15/7/2020" in response.text or "new_due_on" in changes
    assert not ExtensionRequest.objects.exists()
    assert not Evidence.objects.exists()


def test_pressing_twice_asks_once(client):
    assignment = make_assignment(due_on=JUNE)
    clerk_of(client, assignment)
    data = words()

    answers = [client.post(to("extension_ask", assignment), data).url for _ in range(2)]

    assert answers[0] == answers[1] == to("extension_detail", ExtensionRequest.objects.get())


def test_a_colleague_who_comes_second_is_led_to_the_first_request(client):
    request = make_extension()
    clerk_of(client, request)

    response = client.post(to("extension_ask", request.assignment), words(), follow=True)

    assert response.redirect_chain[-1][0] == to("extension_detail", request)
    assert "đang có một đề nghị gia hạn chưa xong" in text_of(response)
    assert ExtensionRequest.objects.count() == 1


@pytest.mark.parametrize(("state", "due_on"), [("declined", JUNE), ("new", None)])
def test_where_nothing_can_be_asked_the_page_says_why(client, state, due_on):
    assignment = make_assignment(due_on=due_on, deadline_kind="day" if due_on else "ongoing")
    clerk = clerk_of(client, assignment)
    if state == "declined":
        assignment.decline(by=clerk, reason="Không đúng chức năng.")

    response = client.get(to("extension_ask", assignment), follow=True)

    wanted = "Hiện không làm được việc này" if state == "declined" else "không có hạn để gia hạn"
    assert response.redirect_chain[-1][0].startswith(assignment.directive.get_absolute_url())
    assert wanted in text_of(response)


# Where it is asked from, and how it is shown there


def test_a_late_row_of_my_work_offers_it_and_then_shows_where_it_stands(client):
    assignment = make_assignment(due_on=dt.date(2020, 6, 1))
    clerk = clerk_of(client, assignment)
    link = to("extension_ask", assignment)

    before = client.get(reverse("my_work")).text
    request = make_extension(assignment, by=clerk)
    asked = client.get(reverse("my_work"))
    request.propose(dt.date(2020, 7, 10), by=make_user("leader"), today=TODAY, at=NOON)
    proposed = client.get(reverse("my_work")).text

    assert link in before
    assert link not in asked.text
    assert "1/6 → 15/7/2020" in text_of(asked)
    assert to("extension_answer", request) in proposed


def test_the_report_page_offers_it(client):
    assignment = make_assignment(due_on=JUNE)
    clerk_of(client, assignment)

    assert to("extension_ask", assignment) in client.get(to("progress_log", assignment)).text


def test_the_directive_s_page_shows_who_decides_and_both_dates(client):
    request = make_extension()
    directive = request.assignment.directive
    clerk = clerk_of(client, request)

    waiting = text_of(client.get(directive.get_absolute_url()))
    request.grant(by=make_user("leader"), at=NOON)
    granted = text_of(client.get(directive.get_absolute_url()))

    assert "Đề nghị gia hạn 1 chờ quyết định" in waiting
    assert f"{clerk.agency.label}: 30/6 → 15/7/2020" in waiting
    assert "Lãnh đạo Sở hoặc chuyên viên theo dõi quyết định" in waiting
    assert "15/7/2020" in granted
    assert "hạn gốc 30/6/2020" in granted
    assert "gia hạn 1 lần" in granted
    assert "Gia hạn 30/6 → 15/7/2020" in granted
    assert f"{clerk.agency.name} : xin gia hạn 30/6 → 15/7/2020" in granted


def test_the_agency_s_own_deadline_stands_in_its_row(client):
    directive = make_directive(due_on=JUNE)
    directive.assign(by=make_user("officer"), lead=make_group(make_agency(), make_agency()), today=TODAY)
    make_extension(directive.assignments.first(), state="granted")
    sign_in(client)

    page = text_of(client.get(directive.get_absolute_url()))

    assert page.count("hạn riêng 15/7/2020") == 1


# Deciding on its own page


@pytest.mark.parametrize(
    ("data", "status", "day"),
    [
        (deciding("grant"), "granted", JULY),
        (deciding("refuse", note="Chưa đủ căn cứ."), "refused", JUNE),
        (deciding("propose", due_on="10/7/2020", note="Sớm hơn."), "proposed", JUNE),
    ],
)
def test_each_decision_and_its_undo(client, data, status, day):
    request = make_extension()
    sign_in(client)

    response = client.post(to("extension_decide", request), data, follow=True)
    decided = due(request)
    undone = client.post(to("extension_undo", request), {"form_token": uuid.uuid4()}, follow=True)

    assert decided == (status, day, day)
    assert f'action="{to("extension_undo", request)}"' in response.text
    assert "Hoàn tác (10 giây)" in text_of(response)
    assert due(request) == ("asked", JUNE, JUNE)
    assert request.assignment.extension_count == 0
    assert "Đã hoàn tác quyết định" in text_of(undone)
    assert request.decided_by is None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (deciding(""), "Quyết định về gia hạn"),
        (deciding("x"), "x"),
        (deciding("refuse"), "Ghi lý do từ chối gia hạn."),
        (deciding("refuse", note=" "), "Ghi lý do từ chối gia hạn."),
        (deciding("propose"), "Ghi ngày đề xuất."),
        (deciding("propose", due_on="31/6/2020"), "Không có ngày này"),
        (deciding("propose", due_on="15/7/2020"), "Đây chính là ngày cơ quan xin"),
        (deciding("propose", due_on="1/6/2020"), "Hạn mới phải sau hạn hiện nay."),
        (deciding("grant", due_on="10/7/2020"), "Ngày này chỉ dùng khi đề xuất"),
        (deciding("grant", note="x" * 1001), "1000"),
        (deciding("grant", version="9" * 30), "version"),
    ],
)
def test_a_decision_that_lacks_something_changes_nothing(client, data, sentence):
    request = make_extension()
    sign_in(client)

    response = client.post(to("extension_decide", request), data)

    assert response.status_code == 422
    assert sentence.lower() in text_of(response).lower() or sentence == "version"
    assert due(request) == ("asked", JUNE, JUNE)


def test_who_decides_on_an_older_state_reads_so_and_can_then_decide_on_the_present_one(client):
    request = make_extension()
    sign_in(client)

    refused = client.post(to("extension_decide", request), deciding("grant", version="99"))

    assert refused.status_code == 409
    assert "đã thay đổi từ lúc bạn mở" in text_of(refused)
    assert due(request) == ("asked", JUNE, JUNE)
    shown = refused.context["form"]["version"].value()
    assert client.post(to("extension_decide", request), deciding("grant", version=shown)).status_code == 302
    assert due(request) == ("granted", JULY, JULY)


def test_beyond_the_limit_only_a_leader_decides_and_says_why(client):
    assignment = make_extension(state="granted").assignment
    request = make_extension(assignment, new_due_on=dt.date(2020, 7, 31))
    sign_in(client, "officer")
    refused = client.get(to("extension_decide", request)).status_code
    sign_in(client)

    silent = client.post(to("extension_decide", request), deciding())
    client.post(to("extension_decide", request), deciding(note="Vì dịch bệnh."))

    assert refused == 403
    assert silent.status_code == 422
    assert "Vượt số lần gia hạn cho phép: ghi lý do đồng ý." in text_of(silent)
    assert due(request)[:2] == ("granted", dt.date(2020, 7, 31))


def test_after_the_seconds_the_decision_stands_and_the_page_says_so(client):
    leader = sign_in(client)
    request = make_extension(state="granted", decider=leader, at=NOON)

    response = client.post(to("extension_undo", request), {"form_token": uuid.uuid4()}, follow=True)

    assert "Đã quá mười giây: quyết định giữ nguyên." in text_of(response)
    assert due(request) == ("granted", JULY, JULY)


def test_another_leader_s_decision_is_not_undone(client):
    request = make_extension()
    sign_in(client)
    client.post(to("extension_decide", request), deciding())
    sign_in(client)

    response = client.post(to("extension_undo", request), {"form_token": uuid.uuid4()}, follow=True)

    assert "Chỉ người đã quyết định mới hoàn tác được." in text_of(response)
    assert due(request)[0] == "granted"


def test_the_second_decider_reads_how_it_stands(client):
    request = make_extension(state="refused")
    sign_in(client, "officer")

    response = client.post(to("extension_decide", request), deciding(), follow=True)

    assert response.redirect_chain[-1][0] == to("extension_detail", request)
    assert "“từ chối gia hạn”" in text_of(response)
    assert due(request) == ("refused", JUNE, JUNE)


def test_work_that_ended_meanwhile_leaves_nothing_to_decide(client):
    request = make_extension()
    request.assignment.directive.withdraw(by=make_user("leader"), reason="Trùng.")
    sign_in(client)

    response = client.post(to("extension_decide", request), deciding(), follow=True)

    assert "không còn chờ ai nữa" in text_of(response)
    assert due(request)[0] == "asked"


# The answer of the lead, and taking back


def test_the_lead_accepts_the_proposed_date(client):
    request = make_extension(state="proposed")
    clerk = clerk_of(client, request)

    response = client.post(
        to("extension_answer", request), {"form_token": uuid.uuid4(), "answer": "accept", "note": ""}
    )

    assert response.url == to("extension_detail", request)
    assert due(request) == ("granted", dt.date(2020, 7, 10), dt.date(2020, 7, 10))
    assert request.answered_by == clerk


def test_not_accepting_needs_a_reason(client):
    request = make_extension(state="proposed")
    clerk_of(client, request)
    data = {"form_token": uuid.uuid4(), "answer": "decline", "note": " "}

    silent = client.post(to("extension_answer", request), data)
    client.post(to("extension_answer", request), data | {"note": "Không kịp."})

    assert silent.status_code == 422
    assert "Ghi lý do không nhận hạn đề xuất." in text_of(silent)
    assert due(request) == ("not_accepted", JUNE, JUNE)


def test_the_lead_takes_the_request_back(client):
    request = make_extension()
    clerk_of(client, request)
    button = client.get(to("extension_detail", request)).text

    client.post(to("extension_take_back", request), {"form_token": uuid.uuid4()})
    again = client.post(to("extension_take_back", request), {"form_token": uuid.uuid4()}, follow=True)

    assert to("extension_take_back", request) in button
    assert due(request)[0] == "taken_back"
    assert "đã được xử lý" in text_of(again)


# In the row of the overview


def take(client, request, answer="yes", **data):
    sent = {"form_token": uuid.uuid4(), "answer": answer, "version": request.version, **data}
    return client.post(reverse("decision_take", args=["extension", request.pk]), sent)


def test_the_row_says_from_when_to_when_who_how_far_and_why(client):
    request = make_extension()
    leader = sign_in(client)

    page = text_of(client.get(reverse("overview")))

    assert [(item.matter, item.pk) for item in decisions(Scope.of(leader, TODAY))] == [
        ("extension", request.pk)
    ]
    assert f"Gia hạn {request.assignment.directive.title}: 30/6 → 15/7/2020" in page
    assert f"{request.agency.label}, đã làm 0%. Lý do: Ba hệ thống phải thay thiết bị." in page
    assert "Lần gia hạn đầu" in page


def test_agreeing_in_the_row_and_undoing_lead_back_to_the_overview(client):
    request = make_extension()
    sign_in(client)

    agreed = take(client, request)
    bar = client.get(agreed.url).text
    undone = client.post(
        to("extension_undo", request, "?ve=overview"), {"form_token": uuid.uuid4()}, follow=True
    )

    assert agreed.url == reverse("overview") + "#quyet"
    assert f'action="{to("extension_undo", request)}?ve=overview"' in bar
    assert "Đã đồng ý gia hạn cho" in bar
    assert undone.redirect_chain[-1][0] == reverse("overview") + "#quyet"
    assert due(request) == ("asked", JUNE, JUNE)
    assert "30/6 → 15/7/2020" in text_of(undone)


def test_a_request_after_the_deadline_is_marked_in_the_row(client):
    make_extension(make_assignment(due_on=dt.date(2020, 6, 1)))
    sign_in(client)

    assert "xin gia hạn sau khi quá hạn" in text_of(client.get(reverse("overview")))


def test_beyond_the_limit_the_row_leads_a_leader_to_the_form_and_an_officer_sees_none(client):
    assignment = make_extension(state="granted").assignment
    request = make_extension(assignment, new_due_on=dt.date(2020, 7, 31))
    officer, leader = sign_in(client, "officer"), sign_in(client)

    page = client.get(reverse("overview")).text
    refused = take(client, request)

    assert decisions(Scope.of(officer, TODAY)) == []
    assert len(decisions(Scope.of(leader, TODAY))) == 1
    assert f'href="{to("extension_decide", request, "?ve=overview")}">Đồng ý' in page
    assert refused.status_code == 422
    assert "ghi lý do đồng ý" in text_of(refused)


def test_the_second_leader_on_the_overview_reads_that_it_is_done(client):
    request = make_extension()
    sign_in(client)
    take(client, request)
    sign_in(client)

    response = take(client, request)

    assert response.status_code == 409
    assert "Việc này không còn chờ quyết định" in text_of(response)


def test_the_queries_of_the_overview_do_not_grow_with_the_requests(client):
    sign_in(client)
    Configuration.objects.get_or_create(pk=1)

    def cost():
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("overview"))
        return len(seen)

    make_extension()
    few = cost()
    for _ in range(5):
        make_extension()

    assert cost() == few


# The list


def make_all(field=None):
    for state in ("asked", "asked", "proposed", "granted", "refused"):
        make_extension(make_assignment(due_on=JUNE, field=field or make_field()), state=state)


def test_each_tab_counts_exactly_its_rows_and_the_menu_the_first(client):
    make_all()
    leader = sign_in(client)

    page = client.get(reverse("extension_list"))

    tabs = {tab.value: count for tab, _word, count, _href in page.context["tabs"]}
    assert tabs == {"waiting": 2, "proposed": 1, "granted": 1, "closed": 1, "all": 5}
    for tab, _word, count, href in page.context["tabs"]:
        assert client.get(reverse("extension_list") + href).context["page"].paginator.count == count, tab
    assert navigation_counts(leader, TODAY)["extension_list"] == (2, True)


def test_filters_narrow_the_tabs_too(client):
    field = make_field(code="vien-thong", name="Viễn thông")
    late = make_extension(make_assignment(due_on=dt.date(2020, 6, 1), field=field))
    make_all()
    sign_in(client)

    def shown(**query):
        page = client.get(reverse("extension_list"), query)
        return [row.pk for row in page.context["page"]], page.context["tabs"][0][2]

    assert shown(lv="vien-thong") == ([late.pk], 1)
    assert shown(sau="True") == ([late.pk], 1)
    assert shown(cq=late.agency.code) == ([late.pk], 1)
    assert shown(nv=late.assignment.directive.code.lower()) == ([late.pk], 1)
    assert shown(q=late.assignment.directive.title) == ([late.pk], 1)
    assert shown(sau="False")[1] == 2
    assert shown(tt="khong-co")[1] == 3


def test_an_agency_sees_its_own_requests_only(client):
    make_all()
    mine = make_extension()
    clerk_of(client, mine)

    page = client.get(reverse("extension_list"))

    assert [row.pk for row in page.context["page"]] == [mine.pk]


def test_the_list_is_paged_and_its_queries_do_not_grow(client):
    sign_in(client)
    make_extension()

    def cost():
        with CaptureQueriesContext(connection) as seen:
            response = client.get(reverse("extension_list"))
        return len(seen), response

    few, _page = cost()
    for _ in range(29):
        make_extension()
    many, page = cost()

    assert many == few
    assert len(page.context["page"]) == 25
    assert len(page.content) <= 60_000
    assert len(client.get(reverse("extension_list"), {"trang": "2"}).context["page"]) == 5


def test_an_empty_list_says_what_it_would_hold(client):
    sign_in(client)

    assert "Không có đề nghị nào chờ quyết định" in text_of(client.get(reverse("extension_list")))
    assert "Không có đề nghị nào khớp" in text_of(client.get(reverse("extension_list"), {"q": "x"}))


# Who

# who | detail | decide | answer a proposal | take back | undo
WHO = [
    ("the asker", 200, 403, 302, 302, 403),
    ("own agency", 200, 403, 302, 302, 403),
    ("agency head", 200, 403, 302, 302, 403),
    ("other agency", 404, 404, 404, 404, 404),
    ("officer", 200, 200, 403, 403, 302),
    ("leader", 200, 200, 403, 403, 302),
    ("admin", 200, 403, 403, 403, 403),
    ("viewer", 200, 403, 403, 403, 403),
]


@pytest.mark.parametrize(("who", "detail", "decide", "answer", "take_back", "undo"), WHO)
def test_who_may_do_what_with_a_request(client, who, detail, decide, answer, take_back, undo):
    request = make_extension()
    people = {
        "the asker": request.author,
        "own agency": make_user("staff", agency=request.agency),
        "agency head": make_user("agency_head", agency=request.agency),
        "other agency": make_user("staff"),
        "viewer": make_user("viewer", agency=make_department()),
    }
    client.force_login(people.get(who) or make_user(who))
    token = {"form_token": uuid.uuid4()}

    found = (
        client.get(to("extension_detail", request)).status_code,
        client.get(to("extension_decide", request)).status_code,
        client.get(to("extension_answer", request)).status_code,
        client.post(to("extension_undo", request), token).status_code,
        client.post(to("extension_take_back", request), {"form_token": uuid.uuid4()}).status_code,
    )

    assert found == (detail, decide, answer, undo, take_back)


ASK = [
    ("staff", 200),
    ("agency_head", 200),
    ("officer", 403),
    ("leader", 403),
    ("admin", 403),
    ("viewer", 403),
]


@pytest.mark.parametrize(("role", "status"), ASK)
def test_who_may_ask(client, role, status):
    assignment = make_assignment(due_on=JUNE)
    inside = role in {"staff", "agency_head"}
    sign_in(client, role, agency=assignment.agency if inside else make_department())

    assert client.get(to("extension_ask", assignment)).status_code == status
    assert client.post(to("extension_ask", assignment), words()).status_code == (302 if inside else status)


def test_a_cooperating_body_and_a_stranger_do_not_ask(client):
    lead = make_assignment(due_on=JUNE)
    helper = lead.directive.assign(by=make_user("officer"), cooperating=[make_agency()], today=TODAY)[0]
    clerk_of(client, helper)

    assert client.get(to("extension_ask", helper)).status_code == 403
    assert client.get(to("extension_ask", lead)).status_code == 404


def test_nobody_decides_on_a_request_of_their_own_agency(client):
    request = make_extension(make_assignment(make_department(), due_on=JUNE))
    sign_in(client)

    assert client.post(to("extension_decide", request), deciding()).status_code == 403
    assert take(client, request).status_code == 403
    assert due(request)[0] == "asked"


def test_who_moved_to_another_agency_does_not_decide_on_what_they_asked(client):
    request = make_extension()
    asker = request.author
    asker.agency, asker.role = make_department(), "officer"
    asker.save()
    client.force_login(asker)

    assert client.post(to("extension_decide", request), deciding()).status_code == 403


def test_evidence_of_a_request_is_for_those_who_see_it_and_is_not_taken_off(client):
    assignment = make_assignment(due_on=JUNE)
    clerk = clerk_of(client, assignment)
    client.post(
        to("extension_ask", assignment), words(files=[SimpleUploadedFile("a.pdf", PDF, "application/pdf")])
    )
    evidence = Evidence.objects.get()
    people = {"clerk": clerk, "officer": make_user("officer"), "stranger": make_user()}

    found = {}
    for name, user in people.items():
        client.force_login(user)
        read = client.get(reverse("evidence_download", args=[evidence.pk])).status_code
        removed = client.post(reverse("evidence_remove", args=[evidence.pk])).status_code
        found[name] = (read, removed)

    assert found == {"clerk": (200, 404), "officer": (200, 404), "stranger": (404, 404)}
    assert Evidence.objects.count() == 1
