"""The pages of official reports: the list, drafting, the paper, its text and frame, the steps, the files."""

import copy
import datetime as dt
import html
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    PAPER,
    PAPER_FACTS,
    TODAY,
    make_agency,
    make_assignment,
    make_paper,
    make_period,
    make_user,
)
from tracker.models import PeriodicReport, ReportingPeriod

pytestmark = pytest.mark.django_db
LIST, CREATE = "/bao-cao-dinh-ky/", "/bao-cao-dinh-ky/tao/"
CHOICE = {"nam": "2020", "ky": "half-1", "pv": "tat-ca", "phan": ["targets", "directives"], "mau": "state"}
FRAME = {
    "title": "Tình hình 6 tháng",
    "governing_body": "UBND tỉnh Nam Định",
    "issuing_body": "Sở Thông tin và Truyền thông",
    "symbol": "BC-STTTT",
    "place": "Nam Định",
    "recipients": "UBND tỉnh",
    "authority": "KT.",
    "authority_of": "Giám đốc",
    "signer_post": "Phó Giám đốc",
    "signer_name": "Vũ Đức Hòa",
}
SIGNATURE = {"number": "45", "signed_on": "16/6/2020", "signer_name": "Vũ Đức Hòa"}


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def year():
    ReportingPeriod.generate(2020)
    make_assignment()


@pytest.fixture
def officer(client):
    return signed_in(client, "officer")


@pytest.fixture
def leader(client):
    return signed_in(client, "leader")


def signed_in(client, role, **fields):
    user = make_user(role, **fields)
    client.force_login(user)
    return user


def text_of(response):
    page = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def sent(paper=None, **fields):
    about = {"version": str(paper.version)} if paper else {}
    return {"form_token": str(uuid.uuid4())} | about | fields


def at(name, paper, *more):
    return reverse(name, args=[paper.pk, *more])


def stored(paper):
    return PeriodicReport.objects.get(pk=paper.pk)


# Drafting


def test_the_report_that_is_sent_next_is_offered_first(client, officer, year):
    page = client.get(CREATE)

    form = page.context["form"]
    assert (form["nam"].value(), form["ky"].value(), form["pv"].value()) == (2020, "half-1", "tat-ca")
    assert "6 tháng đầu năm 2020" in text_of(page)
    assert "Số liệu đã sẵn sàng?" in text_of(page)
    assert PeriodicReport.objects.count() == 0


def test_the_draft_holds_what_was_previewed(client, officer, year):
    preview = client.get(CREATE, CHOICE).context["report"]

    response = client.post(CREATE, sent(**CHOICE))

    paper = PeriodicReport.objects.get()
    assert response.url == paper.get_absolute_url()
    assert (paper.content, paper.facts, paper.title) == (preview.content, preview.facts, preview.title)
    assert (paper.figures_on, paper.parts) == (dt.date(2020, 6, 14), ["targets", "directives"])
    assert (paper.created_by, paper.writers, paper.status) == (officer, [officer.pk], "draft")
    assert paper.symbol == "BC-STTTT"


def test_pressing_twice_makes_one_draft(client, officer, year):
    data = sent(**CHOICE)

    answers = [client.post(CREATE, data).url for _press in range(2)]

    assert answers == [PeriodicReport.objects.get().get_absolute_url()] * 2


@pytest.mark.parametrize(
    ("scope", "title"),
    [
        ("cq", "của Huyện ủy Hải Hậu 6 tháng đầu năm 2020"),
        ("lv", "lĩnh vực Bưu chính 6 tháng đầu năm 2020"),
    ],
)
def test_a_report_about_one_agency_or_one_field(client, officer, year, scope, title):
    assignment = make_assignment(make_agency(name="Huyện ủy Hải Hậu"))
    field = assignment.directive.field
    field.name = "Bưu chính"
    field.save()
    code = {"cq": assignment.agency.code, "lv": field.code}[scope]

    client.post(CREATE, sent(**CHOICE | {"pv": f"{scope}:{code}"}))

    paper = PeriodicReport.objects.get()
    assert paper.title.endswith(title)
    assert (paper.agency, paper.field) == ((assignment.agency, None) if scope == "cq" else (None, field))


def test_the_party_s_form_has_its_own_symbol_and_head(client, officer, year):
    client.post(CREATE, sent(**CHOICE | {"mau": "party"}))

    paper = PeriodicReport.objects.get()
    page = text_of(client.get(paper.get_absolute_url()))
    assert paper.symbol == "BC/STTTT"
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in page
    assert "CỘNG HÒA XÃ HỘI" not in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"ky": "month-8"}, "Kỳ này bắt đầu từ 15/7/2020: chưa có gì để báo cáo."),
        ({"ky": "month-13"}, "“month-13” không có trong danh sách."),
        ({"nam": "9" * 30}, "không có trong danh sách."),
        ({"nam": "1999"}, "“1999” không có trong danh sách."),
        ({"pv": "cq:\x00"}, "không có trong danh sách."),
        ({"pv": "lv:khong-co"}, "“lv:khong-co” không có trong danh sách."),
        ({"phan": []}, "Chọn ít nhất một nội dung."),
        ({"phan": ["all"]}, "“all” không có trong danh sách."),
        ({"mau": "church"}, "“church” không có trong danh sách."),
    ],
)
def test_what_cannot_be_reported_is_said_and_nothing_is_made(client, officer, year, changed, sentence):
    looked, posted = client.get(CREATE, CHOICE | changed), client.post(CREATE, sent(**CHOICE | changed))

    assert (looked.status_code, posted.status_code) == (200, 422)
    assert sentence in text_of(looked)
    assert sentence in text_of(posted)
    assert PeriodicReport.objects.count() == 0


def test_without_any_period_the_page_says_who_makes_them(client, officer):
    assert "Quản trị" in text_of(client.get(CREATE))


def test_reports_of_the_same_period_are_named_before_another_is_drafted(client, officer, year):
    paper = make_paper("signed", number="45")
    make_paper("discarded")

    page = client.get(CREATE, CHOICE)

    assert "45/BC-STTTT" in text_of(page)
    assert [one.pk for one in page.context["there"]] == [paper.pk]


# The paper


def test_a_number_of_the_data_leads_to_its_list_and_one_typed_by_hand_is_marked(client, officer):
    content = copy.deepcopy(PAPER)
    content["sections"][0]["blocks"][0]["runs"] += [{"t": " Phấn đấu "}, {"t": "50", "k": "typed"}]
    page = client.get(make_paper(content=content).get_absolute_url())

    source = page.content.decode()
    link = '<a class="auto" href="/nhiem-vu/" title="Tổng số nhiệm vụ">48</a>'
    assert f"<p>Tổng số {link} nhiệm vụ. Phấn đấu " in source
    assert f'<td class="num">{link}</td>' in source
    assert '<span class="typed" title="Gõ tay">50</span>' in source
    assert "số gõ tay, không gắn với số liệu (50)" in text_of(page)


def test_another_agency_reads_the_signed_report_without_links_into_the_register(client):
    head = signed_in(client, "agency_head")
    paper = make_paper("signed", agency=head.agency)

    page = client.get(paper.get_absolute_url())

    assert 'class="auto" href' not in page.content.decode()
    assert '<span class="auto">48</span>' in page.content.decode()
    assert "Số liệu đã đổi sau khi ký" not in text_of(page)


def test_another_agency_reads_neither_reasons_of_returns_nor_of_a_new_draft(client):
    head = signed_in(client, "agency_head")
    paper = make_paper("signed", agency=head.agency)
    paper.revise(by=paper.created_by, reason="Lý do nội bộ.")

    page = client.get(paper.get_absolute_url())

    assert not page.context["events"]
    assert page.context["correction"] is None
    assert "Lý do nội bộ." not in text_of(page)


def test_what_people_typed_is_never_markup(client, officer):
    content = copy.deepcopy(PAPER)
    content["sections"][0]["blocks"][0]["runs"] = [{"t": "<script>alert(1)</script>"}]
    paper = make_paper(content=content, title="<b>đậm</b>", recipients="<i>nơi</i>")

    source = client.get(paper.get_absolute_url()).content.decode()

    assert "<script>alert" not in source
    assert "<b>đậm</b>" not in source
    assert "<i>nơi</i>" not in source


def test_a_signed_report_says_what_the_data_say_otherwise_today(client, officer, year):
    client.post(CREATE, sent(**CHOICE))
    paper = PeriodicReport.objects.get()
    key = next(key for key, fact in paper.facts.items() if fact.get("count") == 1)
    facts = copy.deepcopy(paper.facts)
    facts[key]["text"] = "41"
    paper.write(by=officer, expected_version=paper.version, facts=facts)
    paper.submit(by=officer)
    paper.approve(by=make_user("leader"))
    paper.sign(
        by=officer, number="45", signed_on=TODAY, signer_name="Hòa", today=TODAY, make_files=lambda _paper: {}
    )
    before = stored(paper)

    page = client.get(paper.get_absolute_url())

    assert "Số liệu đã đổi sau khi ký" in text_of(page)
    assert "hôm nay: 1; báo cáo đã ký: 41" in text_of(page)
    assert (stored(paper).content, stored(paper).facts) == (before.content, before.facts)


def test_later_work_never_changes_a_signed_paper(client, officer, year):
    client.post(CREATE, sent(**CHOICE))
    paper = PeriodicReport.objects.get()
    paper.submit(by=officer)
    paper.approve(by=make_user("leader"))
    client.post(at("report_step", paper, "ky"), sent(stored(paper), **SIGNATURE))
    paper_before = re.search(
        r"<article.*</article>", client.get(paper.get_absolute_url()).content.decode(), re.S
    )[0]
    kept = {one.format: one.sha256 for one in paper.files.all()}

    for _number in range(3):
        make_assignment()
    page = client.get(paper.get_absolute_url()).content.decode()

    assert re.search(r"<article.*</article>", page, re.S)[0] == paper_before
    assert set(kept) == {"docx", "pdf", "xlsx"}
    assert {one.format: one.sha256 for one in stored(paper).files.all()} == kept


# Writing


def test_a_number_left_as_it_was_stays_linked_and_a_new_one_is_marked(client, officer):
    paper = make_paper()
    text = "Toàn tỉnh có 48 nhiệm vụ, tăng 5 nhiệm vụ.\n[Bảng: fields]"

    response = client.post(at("report_section_edit", paper, "results"), sent(paper, text=text))

    assert response.url == f"{paper.get_absolute_url()}#phan-results"
    runs = stored(paper).content["sections"][0]["blocks"][0]["runs"]
    assert [(run["t"], run.get("k")) for run in runs if "k" in run] == [
        ("48", "directives.total"),
        ("5", "typed"),
    ]
    assert stored(paper).content["sections"][0]["blocks"][1]["kind"] == "table"
    assert officer.pk in stored(paper).writers
    assert stored(paper).events.first().step == "edited"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Không để trống mục này"),
        ("   \n ", "Không để trống mục này"),
        ("Một câu.\n[Bảng: khong_co]", "“[Bảng: khong_co]” không phải bảng của mục này"),
        ("[Bảng: fields]\n[Bảng: fields]", "“[Bảng: fields]” không phải bảng của mục này"),
        ("Một\x00câu", "Nội dung có ký tự ẩn không hợp lệ."),
        ("a" * 60_001, "Viết tối đa 60000 ký tự; hiện có 60001."),
    ],
)
def test_a_section_that_cannot_be_stored_keeps_what_was_typed(client, officer, text, sentence):
    paper = make_paper()

    response = client.post(at("report_section_edit", paper, "results"), sent(paper, text=text))

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert stored(paper).content == PAPER
    assert response.context["form"]["text"].value() == text


def test_the_second_of_two_writers_sees_both_texts_and_may_save_again(client, officer):
    paper = make_paper()
    data = sent(paper, text="Bản của tôi.\n[Bảng: fields]")
    client.post(at("report_section_edit", paper, "results"), sent(paper, text="Bản kia.\n[Bảng: fields]"))

    refused = client.post(at("report_section_edit", paper, "results"), data)

    assert refused.status_code == 409
    assert "Bản kia." in text_of(refused)
    assert "Bản của tôi." in text_of(refused)
    again = sent(stored(paper), text=refused.context["form"]["text"].value())
    assert refused.context["form"]["version"].value() == again["version"]
    client.post(at("report_section_edit", paper, "results"), again)
    assert stored(paper).content["sections"][0]["blocks"][0]["runs"][0]["t"] == "Bản của tôi."


def test_the_frame_is_changed_and_printed(client, officer):
    paper = make_paper()

    client.post(at("report_frame_edit", paper), sent(paper, **FRAME))

    page = text_of(client.get(paper.get_absolute_url()))
    assert "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC" in page
    assert "- UBND tỉnh - Lưu: VT." in page
    assert stored(paper).events.first().step == "framed"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": ""}, "“Trích yếu dưới chữ “BÁO CÁO””"),
        ({"symbol": "BC/STTTT"}, "BC-STTTT trong 12/BC-STTTT"),
        ({"symbol": "12/BC-STTTT"}, "BC-STTTT trong 12/BC-STTTT"),
        ({"authority": "KT.", "authority_of": ""}, "Ghi ký thay cho ai."),
        ({"authority": "", "authority_of": "Giám đốc"}, "Chọn TM., KT., TL. hoặc TUQ. ở trên"),
        ({"authority": "XX"}, "“XX” không có trong danh sách."),
        ({"signer_post": "a" * 121}, "121"),
    ],
)
def test_a_frame_that_cannot_be_printed_is_refused_at_its_field(client, officer, changed, sentence):
    paper = make_paper()

    response = client.post(at("report_frame_edit", paper), sent(paper, **FRAME | changed))

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert stored(paper).version == paper.version


def test_two_people_in_the_frame_see_both_versions(client, officer):
    paper = make_paper()
    data = sent(paper, **FRAME | {"place": "Hải Hậu"})
    client.post(at("report_frame_edit", paper), sent(paper, **FRAME))

    refused = client.post(at("report_frame_edit", paper), data)

    assert refused.status_code == 409
    assert [(one.stored, one.mine) for one in refused.context["form"].conflict] == [("Nam Định", "Hải Hậu")]


def test_figures_are_taken_again_after_reading_which_move(client, officer, year):
    client.post(CREATE, sent(**CHOICE))
    paper = PeriodicReport.objects.get()
    key = next(key for key, fact in paper.facts.items() if fact.get("count") == 1)
    facts = copy.deepcopy(paper.facts)
    facts[key]["text"] = "41"
    paper.write(by=officer, expected_version=paper.version, facts=facts)

    page = text_of(client.get(at("report_refresh", paper)))
    client.post(at("report_refresh", paper), sent(stored(paper)))

    assert "số liệu: 1; dự thảo: 41" in page
    assert stored(paper).facts[key]["text"] == "1"
    assert stored(paper).events.first().step == "refreshed"


def test_refreshing_keeps_what_was_written_and_typed(client, officer, year):
    client.post(CREATE, sent(**CHOICE))
    paper = PeriodicReport.objects.get()
    section = paper.content["sections"][0]["key"]
    text = client.get(at("report_section_edit", paper, section)).context["form"]["text"].value()
    client.post(at("report_section_edit", paper, section), sent(paper, text=f"{text}\nPhấn đấu đạt 123 xã."))

    client.post(at("report_refresh", paper), sent(stored(paper)))

    assert "Phấn đấu đạt" in text_of(client.get(paper.get_absolute_url()))
    assert "(123)" in text_of(client.get(paper.get_absolute_url()))


@pytest.mark.parametrize("status", ["submitted", "approved", "signed", "sent", "discarded"])
@pytest.mark.parametrize("name", ["report_section_edit", "report_frame_edit", "report_refresh"])
def test_what_is_no_draft_is_not_written(client, officer, name, status):
    paper = make_paper(status)
    address = at(name, paper, *(["results"] if name == "report_section_edit" else []))

    looked, posted = client.get(address), client.post(address, sent(paper, text="Khác.", **FRAME))

    assert (looked.url, posted.url) == (paper.get_absolute_url(),) * 2
    assert stored(paper).version == paper.version


@pytest.mark.parametrize("key", ["khong-co", "a" * 300])
def test_a_section_that_is_not_there_is_not_found(client, officer, key):
    assert client.get(f"{make_paper().get_absolute_url()}sua/{key}/").status_code == 404


# Steps

# what is asked | from which state | by whom it may be done
MAY = {
    "trinh": ({"draft", "returned"}, {"officer"}),
    "rut": ({"submitted"}, {"officer"}),
    "duyet": ({"submitted"}, {"leader"}),
    "tra-lai": ({"submitted", "approved"}, {"leader"}),
    "ky": ({"approved"}, {"officer", "leader"}),
    "gui": ({"signed"}, {"officer"}),
    "sua-doi": ({"signed", "sent"}, {"officer"}),
    "bo": ({"draft", "returned"}, {"officer"}),
}
STATES = ["draft", "submitted", "returned", "approved", "signed", "sent", "discarded"]


@pytest.mark.parametrize("role", ["officer", "leader", "admin", "viewer", "staff", "agency_head"])
@pytest.mark.parametrize("status", STATES)
def test_the_buttons_are_those_that_may_be_pressed(client, role, status):
    agency = make_agency()
    inside = {"agency": agency} if role in {"staff", "agency_head", "viewer"} else {}
    signed_in(client, role, **inside)
    paper = make_paper(status, agency=agency)

    response = client.get(paper.get_absolute_url())

    if inside and status not in {"signed", "sent"}:
        assert response.status_code == 404
        return
    possible = {slug for slug, (states, roles) in MAY.items() if status in states and role in roles}
    assert {step.slug for step in response.context["steps"]} == possible
    assert response.context["may_write"] == (role == "officer" and status in {"draft", "returned"})
    for slug in possible:
        assert at("report_step", paper, slug) in response.content.decode()


@pytest.mark.parametrize("slug", MAY)
@pytest.mark.parametrize("role", ["officer", "leader", "admin"])
def test_a_step_of_another_role_is_refused(client, slug, role):
    states, roles = MAY[slug]
    signed_in(client, role)
    paper = make_paper(sorted(states)[0])

    status = client.get(at("report_step", paper, slug)).status_code

    assert status == (200 if role in roles else 403)


def test_a_report_s_whole_life_through_the_pages(client, officer):
    boss, paper = make_user("leader"), make_paper()

    def press(slug, by, **fields):
        client.force_login(by)
        response = client.post(at("report_step", paper, slug), sent(stored(paper), **fields))
        assert response.status_code == 302, text_of(response)
        return stored(paper).status

    assert press("trinh", officer) == "submitted"
    assert press("rut", officer) == "draft"
    assert press("trinh", officer) == "submitted"
    assert press("tra-lai", boss, reason="Bổ sung phần II.") == "returned"
    assert press("trinh", officer) == "submitted"
    assert press("duyet", boss) == "approved"
    assert press("ky", officer, **SIGNATURE) == "signed"
    assert press("gui", officer, note="Trục liên thông văn bản") == "sent"
    press("sua-doi", officer, reason="Sai số liệu")

    page = text_of(client.get(paper.get_absolute_url()))
    assert "45/BC-STTTT" in page
    assert "Bản sửa đổi 2 thay bản này" in page
    assert "Trục liên thông văn bản" in page
    revision = PeriodicReport.objects.get(corrects=paper)
    assert "Thay Báo cáo số 45/BC-STTTT ngày 16/6/2020" in text_of(client.get(revision.get_absolute_url()))


@pytest.mark.parametrize(
    ("typed", "number"), [("5", "05"), ("005", "05"), ("45", "45"), ("45A", "45a"), (" 120 ", "120")]
)
def test_a_number_is_written_as_the_decree_has_it(client, officer, typed, number):
    paper = make_paper("approved")

    client.post(at("report_step", paper, "ky"), sent(paper, **SIGNATURE | {"number": typed}))

    assert stored(paper).number == number


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"number": ""}, "“Số”"),
        ({"number": "0"}, "Chỉ ghi số, ví dụ 45 hoặc 45a."),
        ({"number": "45/BC-STTTT"}, "Chỉ ghi số, ví dụ 45 hoặc 45a."),
        ({"number": "٤٥"}, "Chỉ ghi số, ví dụ 45 hoặc 45a."),
        ({"number": "7"}, "Số 07/BC-STTTT của năm này đã cấp cho"),
        ({"signed_on": "31/2/2020"}, "Lịch không có ngày này."),
        ({"signed_on": "17/6/2020"}, "Ngày ký chưa tới."),
        ({"signed_on": "13/6/2020"}, "Báo cáo không thể ký trước ngày của số liệu."),
        ({"signer_name": ""}, "“Người ký”"),
    ],
)
def test_a_wrong_signature_is_refused_at_its_field(client, officer, changed, sentence):
    make_paper("signed", number="07")
    paper = make_paper("approved")

    response = client.post(at("report_step", paper, "ky"), sent(paper, **SIGNATURE | changed))

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert (stored(paper).status, stored(paper).files.count()) == ("approved", 0)


def test_a_character_that_cannot_be_printed_is_named_before_the_leader_gets_it(client, officer):
    paper = make_paper(title="Tình hình \U00013000")

    response = client.post(at("report_step", paper, "trinh"), sent(paper))

    assert response.status_code == 422
    assert "Phông chữ in không có ký tự “\U00013000” (U+13000)." in text_of(response)
    assert stored(paper).status == "draft"


def test_a_leader_decides_only_on_what_was_read(client, leader):
    paper = make_paper("submitted")
    data = sent(paper)
    paper.take_back(by=make_user("officer"))
    paper.submit(by=make_user("officer"))

    response = client.post(at("report_step", paper, "duyet"), data)

    assert response.status_code == 409
    assert "Báo cáo đã thay đổi từ lúc đồng chí mở." in text_of(response)
    assert stored(paper).status == "submitted"


def test_the_second_of_two_leaders_reads_that_it_was_decided(client, leader):
    paper = make_paper("approved")

    response = client.post(at("report_step", paper, "duyet"), sent(paper))

    assert response.status_code == 409
    assert "Đã có người khác thực hiện bước này" in text_of(response)


def test_a_leader_who_wrote_in_the_report_reads_why_there_is_no_button(client):
    writer = make_user("officer")
    paper = make_paper("submitted", by=writer)
    writer.role = "leader"
    writer.save()
    client.force_login(writer)

    page = client.get(paper.get_absolute_url())

    assert "Người soạn báo cáo không duyệt báo cáo đó." in text_of(page)
    assert "duyet" not in {step.slug for step in page.context["steps"]}
    assert client.post(at("report_step", paper, "duyet"), sent(paper)).status_code == 403


def test_returning_needs_a_sentence(client, leader):
    paper = make_paper("submitted")

    response = client.post(at("report_step", paper, "tra-lai"), sent(paper, reason=" "))

    assert response.status_code == 422
    assert stored(paper).status == "submitted"


@pytest.mark.parametrize("slug", ["khong-co", "ky-", "x" * 200])
def test_a_step_that_is_none_is_not_found(client, officer, slug):
    assert client.get(f"{make_paper().get_absolute_url()}buoc/{slug}/").status_code == 404


# Files


@pytest.mark.parametrize(
    ("kind", "starts"), [("docx", b"PK\x03\x04"), ("pdf", b"%PDF-1."), ("xlsx", b"PK\x03\x04")]
)
def test_a_draft_s_file_is_made_when_it_is_asked_for(client, officer, kind, starts):
    response = client.get(at("report_file", make_paper(), kind))

    assert response.content.startswith(starts)
    name = f"du-thao-bao-cao-6-thang-dau-nam-2020.{kind}"
    assert name in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"


def test_a_signed_report_s_file_is_the_one_that_was_kept(client, officer):
    paper = make_paper("signed", number="45")

    response = client.get(at("report_file", paper, "pdf"))

    assert b"".join(response.streaming_content) == b"%PDF-1.4 signed"
    assert "bao-cao-45-6-thang-dau-nam-2020.pdf" in response["Content-Disposition"]


def test_a_kept_file_that_was_changed_is_not_handed_out(client, officer):
    paper = make_paper("signed")
    kept = paper.files.get(format="pdf")
    with kept.file.storage.open(kept.file.name, "rb") as stored_file:
        path = stored_file.name
    with open(path, "wb") as damaged:
        damaged.write(b"%PDF-1.4 forged")

    assert client.get(at("report_file", paper, "pdf")).status_code == 409


@pytest.mark.parametrize("kind", ["doc", "exe", "pdf-"])
def test_another_kind_of_file_is_not_found(client, officer, kind):
    assert client.get(f"{make_paper().get_absolute_url()}tep/{kind}/").status_code == 404


def test_a_draft_that_cannot_be_printed_says_which_character(client, officer):
    paper = make_paper(title="Tình hình \U00013000")

    response = client.get(at("report_file", paper, "pdf"), follow=True)

    assert "Phông chữ in không có ký tự “\U00013000” (U+13000)." in text_of(response)


# The list


def test_the_list_leaves_out_what_was_given_up_until_it_is_asked_for(client, officer):
    for status in STATES:
        make_paper(status)

    assert client.get(LIST).context["total"] == 6
    assert client.get(LIST, {"tt": "discarded"}).context["total"] == 1


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"tt": "signed"}, 1),
        ({"nam": "2020"}, 3),
        ({"loai": "half"}, 2),
        ({"loai": "month"}, 1),
        ({"q": "45/BC"}, 1),
        ({"q": "tinh hinh"}, 3),
        ({"q": "không có báo cáo này"}, 0),
    ],
)
def test_the_list_is_narrowed(client, officer, query, count):
    make_paper("signed", number="45")
    make_paper()
    make_paper(period=make_period("2020-05"))

    assert client.get(LIST, query).context["total"] == count


@pytest.mark.parametrize(
    "query", [{"tt": "x"}, {"nam": "x\x00"}, {"loai": "9" * 500}, {"q": "\x00"}, {"trang": "x"}]
)
def test_a_filter_that_makes_no_sense_is_said_and_left_out(client, officer, query):
    make_paper()

    response = client.get(LIST, query)

    assert (response.status_code, response.context["total"]) == (200, 1)


def test_another_agency_lists_its_own_signed_reports(client):
    head = signed_in(client, "agency_head")
    own = make_paper("sent", agency=head.agency)
    make_paper("sent")
    make_paper("approved", agency=head.agency)

    page = client.get(LIST)

    assert [paper.pk for paper in page.context["page"]] == [own.pk]
    assert "Lập báo cáo" not in text_of(page)


@pytest.mark.parametrize("address", ["list", "detail"])
def test_the_number_of_queries_does_not_grow(client, officer, address):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(LIST if address == "list" else paper.get_absolute_url())
        return len(caught)

    paper = make_paper("submitted", content=PAPER, facts=PAPER_FACTS)
    client.get(LIST)
    few = queries()
    for _number in range(5):
        make_paper("sent", agency=make_agency())
        make_assignment()
        paper.take_back(by=make_user("officer"))
        paper.submit(by=make_user("officer"))

    assert queries() == few
