"""The pages beside an official report: its preview while it is chosen, its history, each appendix by itself."""

import copy
import html
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import PAPER, PAPER_APPENDIX, TODAY, make_assignment, make_paper, make_user
from tracker.models import PeriodicReport, ReportingPeriod

pytestmark = pytest.mark.django_db
CREATE = "/bao-cao-dinh-ky/tao/"
CHOICE = {"nam": "2020", "ky": "half-1", "pv": "tat-ca", "phan": ["targets", "directives"], "mau": "state"}
WITH_APPENDIX = {**PAPER, "appendices": [PAPER_APPENDIX]}


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def officer(client):
    return signed_in(client, "officer")


def signed_in(client, role):
    user = make_user(role)
    client.force_login(user)
    return user


def text_of(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def rewrite(client, paper, section, text):
    sent = {"form_token": str(uuid.uuid4()), "version": str(stored(paper).version), "text": text}
    assert client.post(reverse("report_section_edit", args=[paper.pk, section]), sent).status_code == 302


def stored(paper):
    return PeriodicReport.objects.get(pk=paper.pk)


def queries_of(client, address):
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


# The preview


@pytest.fixture
def year():
    ReportingPeriod.generate(2020)
    for _number in range(12):
        make_assignment()


def test_a_change_of_the_choices_brings_the_preview_alone(client, officer, year):
    whole, part = (client.get(CREATE, CHOICE, headers=headers) for headers in ({}, {"HX-Request": "true"}))

    assert b"<html" in whole.content
    assert b"<html" not in part.content
    assert part.content.strip() in whole.content.replace(b"\r", b"") or "Xem trước:" in text_of(part)
    assert "Xem trước:" in text_of(part)
    assert "Số liệu đã sẵn sàng?" in text_of(part)


def test_a_wrong_choice_keeps_the_form_and_says_what_is_wrong(client, officer, year):
    part = client.get(CREATE, CHOICE | {"nam": "1"}, headers={"HX-Request": "true"})

    assert part.status_code == 200, "htmx shows what is answered with success only"
    assert "Chưa xem trước được" in text_of(part)
    assert "Chưa có kỳ báo cáo" not in text_of(part)
    assert part.context["form"].data["pv"] == "tat-ca"


def test_the_preview_shows_the_first_rows_and_the_draft_all(client, officer, year):
    preview = client.get(CREATE, CHOICE)
    client.post(CREATE, {"form_token": str(uuid.uuid4())} | CHOICE)
    paper = PeriodicReport.objects.get()
    rows = paper.content["appendices"][-1]["rows"]
    tasks = [row for row in rows if not isinstance(row, dict)]

    assert len(tasks) >= 12
    assert f"… và {len(rows) - 8} dòng nữa" in text_of(preview)
    number = len(paper.content["appendices"])
    whole = client.get(reverse("report_appendix", args=[paper.pk, number]))
    assert "dòng nữa" not in text_of(whole)
    assert whole.content.count(b"<tr") >= len(rows)


# An appendix


def test_a_draft_leads_to_its_appendix_and_the_appendix_is_whole(client, officer):
    paper = make_paper(content=WITH_APPENDIX)
    address = reverse("report_appendix", args=[paper.pk, 1])

    assert address in client.get(paper.get_absolute_url()).content.decode()
    page = client.get(address)
    assert [text in text_of(page) for text in ("I. Bưu chính", "Việc 1", "Việc 30")] == [True] * 3


@pytest.mark.parametrize("number", [0, 2, 99999])
def test_an_appendix_that_is_not_there_is_not_found(client, officer, number):
    paper = make_paper(content=WITH_APPENDIX)

    assert client.get(f"{paper.get_absolute_url()}phu-luc/{number}/").status_code == 404


def test_another_agency_opens_the_appendices_of_its_signed_report_only(client):
    head = signed_in(client, "agency_head")
    own = make_paper("sent", agency=head.agency, content=WITH_APPENDIX)
    draft = make_paper(agency=head.agency, content=WITH_APPENDIX)

    answers = [
        client.get(reverse("report_appendix", args=[paper.pk, 1])).status_code for paper in (own, draft)
    ]

    assert answers == [200, 404]


def test_a_ragged_appendix_is_still_a_table(client, officer):
    ragged = PAPER_APPENDIX | {"rows": [["1"], ["2", "Việc 2", "thừa"], {"group": "Nhóm"}], "align": "r"}
    paper = make_paper(content={**PAPER, "appendices": [ragged]})

    page = client.get(reverse("report_appendix", args=[paper.pk, 1]))

    assert "thừa" in text_of(page)
    cells = [
        row.count("<td") for row in re.findall(r"<tr>.*?</tr>", page.content.decode(), re.S) if "<td" in row
    ]
    assert set(cells) <= {1, 3}


# The history


def test_the_history_names_who_rewrote_which_section(client, officer):
    paper = make_paper()

    rewrite(client, paper, "results", "Toàn tỉnh có 50 nhiệm vụ.\n[Bảng: fields]")
    page = client.get(reverse("report_history", args=[paper.pk]))

    told = text_of(page)
    assert officer.full_name in told
    assert "I. KẾT QUẢ THỰC HIỆN: Tổng số 48 nhiệm vụ. → Toàn tỉnh có 50 nhiệm vụ." in told
    assert "Bưu chính | 48" not in told, "the table was left as it was"


def test_paragraphs_that_were_added_or_left_out_are_told(client, officer):
    paper = make_paper()

    rewrite(client, paper, "recommendations", "Đề nghị một.\nĐề nghị hai.")
    rewrite(client, paper, "recommendations", "Đề nghị hai.")

    told = text_of(client.get(reverse("report_history", args=[paper.pk])))
    assert "Đề nghị một. → –" in told
    assert "Không có. → Đề nghị một. Đề nghị hai." in told


def test_a_changed_row_of_an_appendix_is_told_by_its_texts(client, officer):
    changed = copy.deepcopy(PAPER_APPENDIX)
    changed["rows"][1] = ["1", "Việc một"]
    paper = make_paper(content=WITH_APPENDIX)
    paper.content = {**PAPER, "appendices": [changed]}
    paper.save()

    told = text_of(client.get(reverse("report_history", args=[paper.pk])))

    assert "Phụ lục: 1 | Việc 1 → 1 | Việc một" in told


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("officer", 200),
        ("leader", 200),
        ("admin", 200),
        ("viewer", 403),
        ("agency_head", 403),
        ("staff", 403),
    ],
)
def test_how_a_report_came_about_is_the_department_s_own(client, role, status):
    user = signed_in(client, role)
    paper = make_paper("sent", agency=user.agency)

    assert client.get(reverse("report_history", args=[paper.pk])).status_code == status
    assert (
        reverse("report_history", args=[paper.pk]) in client.get(paper.get_absolute_url()).content.decode()
    ) is (status == 200)


def test_a_long_history_is_shown_in_parts_and_with_the_same_number_of_queries(client, officer):
    paper = make_paper()
    address = reverse("report_history", args=[paper.pk])
    rewrite(client, paper, "results", "Câu 0.\n[Bảng: fields]")
    few = queries_of(client, address)

    for number in range(1, 60):
        paper = stored(paper)
        paper.title = f"Tình hình lần {number}"
        paper.save()

    assert queries_of(client, address) == few
    first = client.get(address)
    assert len(first.context["told"].changes) == 50
    more = f"{address}?so=150"
    assert more in first.content.decode()
    assert len(client.get(more).context["told"].changes) > 59


# The list


@pytest.mark.parametrize(("role", "offered"), [("officer", 7), ("staff", 2), ("agency_head", 2)])
def test_only_states_that_the_reader_can_see_are_offered(client, role, offered):
    signed_in(client, role)

    page = client.get("/bao-cao-dinh-ky/")

    assert (
        len([value for value, _label in page.context["filters"].form.fields["tt"].choices if value])
        == offered
    )
