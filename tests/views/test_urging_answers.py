"""Urgings on the record: who reads what, how each thing stands now, the answer once, the signed letter, the list."""

import datetime as dt
import re

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
    make_completed,
    make_document,
    make_report,
    make_urging,
    make_user,
)
from tests.views.adoption import text_of
from tracker.models import Notice, Urging

pytestmark = pytest.mark.django_db

MAY_31 = dt.date(2020, 5, 31)
JUNE_19 = dt.date(2020, 6, 19)
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture(autouse=True)
def demonstration_day(settings, tmp_path):
    settings.TRACKER_TODAY = TODAY
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def officer():
    return make_user("officer", full_name="Trần Minh Quang")


@pytest.fixture
def late():
    return make_assignment(make_agency(name="Sở Nội vụ"), due_on=MAY_31, status="in_progress")


@pytest.fixture
def clerk(late):
    return make_user(agency=late.agency, full_name="Nguyễn Thu Hà")


def urge(assignment, officer, **fields):
    return make_urging(
        assignment.agency, about=[assignment], by=officer, **({"answer_due_on": JUNE_19} | fields)
    )


def answer_page(urging):
    return reverse("urging_answer", args=[urging.pk])


# Where the agency works


def test_an_agency_reads_what_it_was_urged_about_and_answers_from_there(client, late, clerk, officer):
    urging = urge(late, officer, grade="explain")
    client.force_login(clerk)

    page = client.get(reverse("my_work"))

    assert "Yêu cầu giải trình: Đôn đốc của Trần Minh Quang, 16/6 · trả lời trước 19/6 còn 3 ngày" in text_of(
        page
    )
    assert f'href="{answer_page(urging)}"' in page.content.decode()


def test_a_settled_urging_leaves_the_page_once_it_is_answered(client, late, clerk, officer):
    urging = urge(late, officer)
    make_completed(late)
    client.force_login(clerk)

    asked = text_of(client.get(reverse("my_work")))
    urging.recipients.get().reply(by=clerk, answer="Đã hoàn thành.")
    answered = text_of(client.get(reverse("my_work")))

    assert "Đôn đốc của Trần Minh Quang" in asked
    assert "Đôn đốc của Trần Minh Quang" not in answered


def test_without_a_day_for_the_answer_the_work_itself_settles_an_urging(client, late, clerk, officer):
    urge(late, officer, answer_due_on=None)
    client.force_login(clerk)

    before = client.get(reverse("my_work"))
    make_completed(late)

    assert "Đôn đốc của" in text_of(before)
    assert "urging_answer" not in before.content.decode()
    assert "/tra-loi/" not in before.content.decode()
    assert "Đôn đốc của" not in text_of(client.get(reverse("my_work")))


def test_of_many_urgings_the_newest_three_are_shown_and_the_others_counted(client, late, clerk, officer):
    for on in range(1, 6):
        urge(late, officer, at=NOON.replace(day=on), answer_due_on=None)
    client.force_login(clerk)

    page = text_of(client.get(reverse("my_work")))

    assert re.findall(r"Trần Minh Quang, (\d+/6)", page) == ["5/6", "4/6", "3/6"]
    assert "Còn 2 đôn đốc khác chưa xong" in page


# The answer


def test_the_answer_stands_with_its_files_its_author_and_its_time(client, late, clerk, officer):
    urging = urge(late, officer)
    client.force_login(clerk)
    file = SimpleUploadedFile("giai-trinh.pdf", PDF, "application/pdf")

    response = client.post(
        answer_page(urging),
        {"answer": "Thiếu thiết bị, xong trước 25/6.", "files": [file], "link": "https://namdinh.gov.vn/a"},
    )

    one = urging.recipients.get()
    assert (one.answer, one.answered_by) == ("Thiếu thiết bị, xong trước 25/6.", clerk)
    assert [(row.title, row.added_by) for row in one.evidence.all()] == [
        ("giai-trinh.pdf", clerk),
        ("https://namdinh.gov.vn/a", clerk),
    ]
    client.force_login(officer)
    page = text_of(client.get(response.url))
    assert "Thiếu thiết bị, xong trước 25/6. Nguyễn Thu Hà, 16/6/2020" in page
    assert "giai-trinh.pdf" in page
    assert client.get(one.evidence.first().get_absolute_url()).status_code == 200


def test_a_file_of_an_answer_is_seen_by_the_department_and_the_agency_only(client, late, clerk, officer):
    urging = urge(late, officer)
    client.force_login(clerk)
    client.post(
        answer_page(urging),
        {"answer": "Xong.", "files": [SimpleUploadedFile("a.pdf", PDF, "application/pdf")]},
    )
    address = urging.recipients.get().evidence.get().get_absolute_url()

    client.force_login(make_user())

    assert client.get(address).status_code == 404


def test_a_second_answer_is_refused_and_what_was_typed_is_kept(client, late, clerk, officer):
    urging = urge(late, officer)
    urging.recipients.get().reply(by=make_user(agency=late.agency), answer="Đã trả lời rồi.")
    client.force_login(clerk)

    asked = client.get(answer_page(urging))
    sent = client.post(answer_page(urging), {"answer": "Câu trả lời thứ hai."})

    assert asked.url == urging.get_absolute_url()
    assert sent.status_code == 409
    page = text_of(sent)
    assert "Cơ quan bạn đã trả lời đôn đốc này." in page
    assert "Đã trả lời rồi." in page
    assert "Câu trả lời thứ hai." in page
    assert urging.recipients.get().answer == "Đã trả lời rồi."


@pytest.mark.parametrize(
    "fields",
    [
        {"answer": ""},
        {"answer": "   "},
        {"answer": "x\x00"},
        {"answer": "x" * 2001},
        {"answer": "Xong.", "link": "javascript:alert(1)"},
        {"answer": "Xong.", "files": [SimpleUploadedFile("a.exe", b"MZ", "application/pdf")]},
    ],
)
def test_a_hostile_or_empty_answer_is_refused_and_nothing_is_stored(client, late, clerk, officer, fields):
    urging = urge(late, officer)
    client.force_login(clerk)

    response = client.post(answer_page(urging), fields)

    one = urging.recipients.get()
    assert response.status_code == 422
    assert (one.answered_at, one.evidence.count()) == (None, 0)


def test_who_may_answer(client, late, officer):
    urging = urge(late, officer)
    expected = {
        ("staff", late.agency): 200,
        ("agency_head", late.agency): 200,
        ("viewer", late.agency): 403,
        ("staff", make_agency()): 404,
        ("officer", officer.agency): 403,
        ("leader", officer.agency): 403,
        ("admin", officer.agency): 403,
    }

    found = {}
    for role, agency in expected:
        client.force_login(make_user(role, agency=agency))
        found[role, agency] = client.get(answer_page(urging)).status_code

    assert found == expected


# The page of one urging


def test_the_page_says_how_each_thing_stands_now_and_who_has_opened_it(client, late, clerk, officer):
    other = make_assignment(make_agency(name="Sở Y tế"), due_on=MAY_31, status="in_progress")
    urging = make_urging(late.agency, other.agency, about=[late, other], by=officer, answer_due_on=TODAY)
    make_completed(other, on=TODAY)
    Notice.objects.update_or_create(
        user=clerk,
        kind="urged",
        cause=f"urging:{urging.pk}",
        day=TODAY,
        defaults={"url": urging.get_absolute_url(), "read_at": NOON},
    )
    client.force_login(officer)

    page = text_of(client.get(urging.get_absolute_url()))

    assert f"Sở Nội vụ đã mở NV-2020-001: quá 16 ngày {late.directive.code} Quá hạn 10% Chờ trả lời" in page
    assert (
        f"Sở Y tế chưa mở NV-2020-001: quá 16 ngày {other.directive.code} Hoàn thành quá hạn 100% Chờ trả lời"
        in page
    )


def test_an_overdue_answer_is_marked(client, late, officer):
    urging = urge(late, officer, answer_due_on=dt.date(2020, 6, 15))
    client.force_login(officer)

    page = client.get(urging.get_absolute_url())

    assert "Quá hạn trả lời" in text_of(page)
    assert '<tr role="row" class="flag-late">' in page.content.decode()


def test_an_agency_reads_nothing_of_the_others(client, late, clerk, officer):
    other = make_assignment(make_agency(name="Sở Y tế"), due_on=MAY_31)
    urging = make_urging(late.agency, other.agency, about=[late, other], by=officer)
    urging.recipients.get(agency=other.agency).reply(by=make_user(agency=other.agency), answer="Bí mật.")
    client.force_login(clerk)

    page = text_of(client.get(urging.get_absolute_url()))
    listed = text_of(client.get(reverse("urging_list")))

    assert "Sở Y tế" not in page
    assert "Bí mật." not in page
    assert other.directive.code not in page
    assert "đã trả lời" not in listed


def test_the_page_takes_as_many_queries_for_many_agencies_as_for_one(client, late, officer):
    rows = [late, *(make_assignment(due_on=MAY_31) for _number in range(12))]
    one, many = (
        make_urging(*(row.agency for row in about), about=about, by=officer) for about in ([late], rows)
    )
    client.force_login(officer)

    def queries(urging):
        client.get(urging.get_absolute_url())
        with CaptureQueriesContext(connection) as found:
            client.get(urging.get_absolute_url())
        return len(found)

    assert queries(many) == queries(one) <= 18


# The signed letter


def test_the_signed_letter_is_named_later_and_only_once(client, late, officer):
    urging = urge(late, officer, grade="letter")
    document, second = make_document(number="512/STTTT-CNTT"), make_document(number="513/STTTT-CNTT")
    client.force_login(officer)
    address = reverse("urging_document", args=[urging.pk])

    wrong = client.post(address, {"document": "không có"})
    client.post(address, {"document": "512/STTTT-CNTT"})
    again = client.post(address, {"document": second.number})

    urging.refresh_from_db()
    assert wrong.status_code == 422
    assert "Không có gì trong" in text_of(wrong) or "không có" in text_of(wrong)
    assert urging.document == document
    page = text_of(client.get(again.url))
    assert "Văn bản của đôn đốc này đã được ghi trước đó." in page
    assert "512/STTTT-CNTT" in page
    assert "Ghi văn bản" not in page


# The list


def test_each_tab_shows_as_many_rows_as_it_says(client, late, clerk, officer):
    due = {"waiting": JUNE_19, "overdue": dt.date(2020, 6, 12), "answered": JUNE_19, "": None}
    for state, day in due.items():
        urging = urge(late, officer, answer_due_on=day)
        if state == "answered":
            urging.recipients.get().reply(by=clerk, answer="Xong.")
    for person in (officer, clerk):
        client.force_login(person)
        page = client.get(reverse("urging_list"))

        counts = {state: count for state, _word, count, _href in page.context["states"]}
        assert counts == {"all": 4, "waiting": 2, "overdue": 1, "answered": 1}
        for state, _word, count, href in page.context["states"]:
            assert client.get(f"{reverse('urging_list')}{href}").context["total"] == count, state


def test_the_list_is_narrowed_by_grade_agency_and_words(client, late, officer):
    other = make_assignment(make_agency(name="Sở Y tế"), due_on=MAY_31)
    urge(late, officer, grade="letter")
    urge(other, officer, grade="remind", reason="Chưa nộp phụ lục.")
    client.force_login(officer)

    def found(query):
        page = client.get(f"{reverse('urging_list')}?{query}").context["page"]
        return [urging.grade for urging in page]

    assert found("muc=letter") == ["letter"]
    assert found("cq=so y te") == ["remind"]
    assert found("q=so noi vu") == ["letter"]
    assert found("q=phụ lục") == ["remind"]
    assert found(f"q={late.directive.code}") == ["letter"]
    assert found("tt=waiting&cq=so y te&muc=letter") == []
    assert len(found("tt=x&muc=y&q=%00")) == 2


def test_the_list_asks_the_database_the_same_for_one_and_for_many(client, late, officer):
    def queries():
        client.get(reverse("urging_list"))
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("urging_list")).status_code == 200
        return len(found)

    client.force_login(officer)
    urge(late, officer)
    one = queries()
    for _number in range(12):
        urge(late, officer)

    assert queries() == one <= 8
    assert Urging.objects.count() == 13


def test_the_timeline_of_a_directive_says_how_many_opened_and_answered(client, late, clerk, officer):
    urging = urge(late, officer, grade="letter")
    urging.recipients.get().reply(by=clerk, answer="Xong.")
    Notice.objects.update_or_create(
        user=clerk,
        kind="urged",
        cause=f"urging:{urging.pk}",
        day=TODAY,
        defaults={"url": urging.get_absolute_url(), "read_at": NOON},
    )
    client.force_login(officer)

    page = text_of(client.get(late.directive.get_absolute_url()))

    assert "Công văn đôn đốc : Đã đôn đốc 1 cơ quan , 1 cơ quan đã mở, 1 cơ quan đã trả lời" in page


def test_a_report_handed_in_settles_what_was_due_soon(client, clerk, late, officer):
    soon = make_assignment(late.agency, due_on=JUNE_19, status="in_progress")
    urging = urge(soon, officer, answer_due_on=None)
    client.force_login(officer)

    before = text_of(client.get(urging.get_absolute_url()))
    make_report(soon, state="submitted")
    client.force_login(clerk)

    assert "Sắp đến hạn" in before
    assert "Đôn đốc của" not in text_of(client.get(reverse("my_work")))
