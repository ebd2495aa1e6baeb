"""One directive: its page, entering, changing, assigning, the steps of its life, its history."""

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
    make_directive,
    make_document,
    make_field,
    make_group,
    make_instruction,
    make_report,
    make_user,
)
from tracker.models import Directive, Document, Status, Suggestion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def detail(directive):
    return reverse("directive_detail", args=[directive.code])


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_page_shows_the_source_word_for_word_and_the_rule_of_the_deadline(client):
    directive = make_directive(
        deadline_printed="hết quý II", deadline_kind="quarter_end", deadline_inferred=True
    )
    source = directive.sources.get()
    source.gloss = "về thắt chặt quản lý"
    source.save()
    client.force_login(make_user("leader"))

    page = text_of(client.get(detail(directive)))

    assert "“Câu gốc của văn bản.”" in page
    assert "lời của báo về thắt chặt quản lý" in page
    assert "“hết quý II” → 30/6/2020 suy ra" in page
    assert "30/6/2020. Năm được suy ra" in page


def full_directive(parts):
    """A directive whose every list has ``parts`` lines."""
    group = make_group(*[make_agency() for _ in range(parts)])
    directive = make_directive(parent=make_directive())
    officer, leader = make_user("officer"), make_user("leader")
    directive.assign(by=officer, lead=group, today=dt.date(2020, 1, 14))
    for assignment in directive.assignments.all():
        make_report(assignment, state="confirmed", percent=30, evidence=True)
        make_report(assignment, state="submitted", percent=40, evidence=True)
        make_instruction(directive=directive, by=leader)
        Suggestion.objects.create(directive=directive, kind="measure", text="Số cơ quan.")
        make_directive(parent=directive)
    return directive


@pytest.mark.parametrize("parts", [1, 30])
def test_the_page_takes_twelve_queries_whatever_hangs_on_the_directive(client, parts):
    directive = full_directive(parts)
    client.force_login(make_user("leader"))
    client.get(detail(directive))

    with CaptureQueriesContext(connection) as queries:
        response = client.get(detail(directive))

    assert response.status_code == 200
    assert len(queries) <= 12


@pytest.mark.parametrize("role", ["officer", "leader", "staff", "viewer", "admin", "agency_head"])
def test_everybody_who_sees_the_directive_reads_the_whole_page(client, role):
    assignment = make_assignment()
    directive = assignment.directive
    make_report(assignment, state="returned")
    make_instruction(directive=directive)
    own = {"agency": assignment.agency} if role in {"staff", "agency_head", "viewer"} else {}
    client.force_login(make_user(role, **own))

    response = client.get(detail(directive))

    page = text_of(response)
    assert response.status_code == 200
    assert directive.title in page
    assert "Thiếu số liệu." in page
    assert "Báo cáo tôi trước 24/6." in page


def test_a_stranger_does_not_learn_that_the_directive_exists(client):
    directive = make_assignment().directive
    client.force_login(make_user("staff"))

    for name in ("directive_detail", "directive_edit", "directive_assign", "directive_history"):
        assert client.get(reverse(name, args=[directive.code])).status_code == 404
    assert client.get(reverse("directive_step", args=[directive.code, "thu-hoi"])).status_code == 404
    assert client.get(reverse("directive_detail", args=["NV-1999-001"])).status_code == 404


@pytest.mark.parametrize(
    ("role", "button"),
    [("leader", "Ghi ý kiến chỉ đạo"), ("officer", "Đôn đốc 1 cơ quan chưa đạt"), ("staff", "Báo cáo")],
)
def test_the_main_button_goes_by_role(client, role, button):
    assignment = make_assignment(status=Status.RECEIVED)
    own = {"agency": assignment.agency} if role == "staff" else {}
    client.force_login(make_user(role, **own))

    page = client.get(detail(assignment.directive)).content.decode()

    main = re.findall(r'<a class="btn btn-primary" href="[^"]*">(?:<svg.*?</svg>)?(.*?)</a>', page, re.S)
    assert [re.sub(r"<[^>]+>", "", text).strip() for text in main] == [button]


def test_the_menu_offers_only_what_the_state_allows(client):
    directive = make_assignment().directive
    leader = make_user("leader")
    client.force_login(leader)

    def offered():
        page = client.get(detail(directive)).content.decode()
        return set(re.findall(r"/buoc/([a-z-]+)/", page))

    assert offered() == {"tam-dung", "dung", "thu-hoi"}
    directive.pause(by=leader, reason="Chờ.", review_on=dt.date(2020, 7, 1))
    assert offered() == {"tiep-tuc", "dung", "thu-hoi"}
    directive.withdraw(by=leader, reason="Giao nhầm.")
    assert offered() == {"khoi-phuc"}


def test_numbers_on_the_page_are_the_lengths_of_the_lists_they_open(client):
    group = make_group(*[make_agency() for _ in range(12)])
    directive = make_directive()
    directive.assign(by=make_user("officer"), lead=group, today=dt.date(2020, 1, 14))
    for assignment in directive.assignments.all()[:3]:
        make_report(assignment, state="submitted")
    make_assignment()
    client.force_login(make_user("leader"))

    page = client.get(detail(directive)).content.decode()
    agencies = client.get(reverse("assignment_list"), {"nv": directive.code}).content.decode()
    waiting = client.get(reverse("progress_list"), {"nv": directive.code, "tt": "waiting"}).content.decode()

    assert "Xem cả 12 cơ quan" in page
    assert len(re.findall(r'id="luot-giao-\d+"', page)) == 10
    assert "3 chờ duyệt" in page
    assert "12" in re.findall(r"(\d+) lượt giao", text_of_html(agencies))
    assert waiting.count("Chờ duyệt") >= 3


def text_of_html(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_another_agency_s_reports_and_steps_stay_out_of_the_timeline(client):
    directive = make_directive()
    mine, other = make_agency(), make_agency(name="Sở bí mật")
    group = make_group(mine, other)
    directive.assign(by=make_user("officer"), lead=group, today=dt.date(2020, 1, 14))
    for assignment in directive.assignments.all():
        make_report(assignment, state="submitted", done=f"Việc của {assignment.agency.name}.")
    client.force_login(make_user(agency=mine))

    page = text_of(client.get(detail(directive)))

    assert f"Việc của {mine.name}." in page
    assert "Sở bí mật" not in page


@pytest.mark.parametrize(
    ("name_en", "shown"), [("Hai Hau District Party Committee",) * 2, ("", "Huyện ủy Hải Hậu")]
)
def test_the_timeline_names_agencies_in_english_where_they_have_an_english_name(client, name_en, shown):
    agency = make_agency(name="Huyện ủy Hải Hậu", name_en=name_en)
    assignment = make_assignment(agency, status=Status.RECEIVED)
    make_report(assignment, state="submitted")
    client.force_login(make_user("officer", language="en"))

    page = client.get(assignment.directive.get_absolute_url()).text

    timeline = page[page.index('<ol class="timeline">') : page.index("</ol>", page.index('class="timeline"'))]
    assert f"<b>{shown}</b> submitted a report" in timeline
    assert f"<b>{shown}</b> received the directive" in timeline
    assert f"Assigned to <b>{shown}</b>" in timeline


def test_a_directive_given_to_many_at_once_is_one_line_of_the_timeline(client):
    directive = make_directive()
    group = make_group(*[make_agency() for _ in range(10)])
    directive.assign(by=make_user("officer"), lead=group, today=dt.date(2020, 1, 14), at=None)
    client.force_login(make_user("leader"))

    page = text_of(client.get(detail(directive)))

    assert page.count("Giao cho 10 cơ quan") == 1


def test_older_moments_are_one_link_away(client):
    assignment = make_assignment()
    for day in range(1, 9):
        make_report(assignment, state="confirmed", percent=day, as_of_on=dt.date(2020, 2, day))
    client.force_login(make_user("leader"))

    page = client.get(detail(assignment.directive))
    whole = client.get(detail(assignment.directive), {"muc": "tat-ca"})

    assert "Xem 8 mục trước đó" in text_of(page)
    assert page.content.decode().count("timeline__by") == 10
    assert whole.content.decode().count("timeline__by") == 18


# Suggestions


def make_suggestion(directive, **fields):
    return Suggestion.objects.create(
        **({"directive": directive, "kind": "measure", "text": "Số cơ quan."} | fields)
    )


def test_a_suggestion_is_shown_as_one_and_accepted_by_a_person(client):
    directive, officer = make_directive(), make_user("officer")
    body = make_agency(name="Văn phòng Tỉnh ủy")
    suggestion = make_suggestion(directive, kind="cooperating", text="Nên phối hợp.", agency=body)
    client.force_login(officer)

    before = text_of(client.get(detail(directive)))
    client.post(reverse("suggestion_decide", args=[suggestion.pk]), {"answer": "yes"})

    suggestion.refresh_from_db()
    assert "Gợi ý" in before
    assert (suggestion.state, suggestion.decided_by) == ("accepted", officer)
    assigning = client.get(reverse("directive_assign", args=[directive.code])).content.decode()
    assert re.search(rf'value="{body.pk}" id="co-quan-{body.pk}" checked', assigning)


@pytest.mark.parametrize("answer", ["maybe", "", "\0"])
def test_a_suggestion_is_accepted_or_dismissed_and_nothing_else(client, answer):
    suggestion = make_suggestion(make_directive())
    client.force_login(make_user("officer"))

    response = client.post(
        reverse("suggestion_decide", args=[suggestion.pk]), {"answer": answer}, follow=True
    )

    suggestion.refresh_from_db()
    assert suggestion.state == "open"
    assert "Chọn nhận hoặc bỏ qua gợi ý." in text_of(response)


def test_staff_do_not_decide_suggestions(client):
    assignment = make_assignment()
    suggestion = make_suggestion(assignment.directive)
    client.force_login(make_user(agency=assignment.agency))

    response = client.post(reverse("suggestion_decide", args=[suggestion.pk]), {"answer": "yes"})

    suggestion.refresh_from_db()
    assert (response.status_code, suggestion.state) == (403, "open")


# Entering


def entry(**fields):
    """What the form sends when everything is filled in."""
    document = Document.objects.filter(number="49/2017/NĐ-CP").first()
    values = {
        "title": "Rà soát thuê bao trả trước",
        "field": make_field().pk,
        "kind": "task",
        "force": "assign",
        "source_mode": "known",
        "document": (document or make_document(number="49/2017/NĐ-CP")).number,
        "sentence": "Rà soát thuê bao trả trước.",
        "deadline_printed": "hết quý II",
        "without_date": "dated",
        "due_on": "",
    }
    return values | fields


def test_a_directive_is_entered_with_its_source_and_the_date_of_its_printed_words(client):
    officer = make_user("officer")
    client.force_login(officer)

    response = client.post(reverse("directive_create"), entry(document="49/2017/nd-cp"))

    directive = Directive.objects.get()
    assert response.url == detail(directive)
    assert (directive.code, directive.status, directive.created_by) == ("NV-2020-001", "unassigned", officer)
    assert (directive.deadline_kind, directive.due_on) == ("quarter_end", dt.date(2020, 6, 30))
    assert directive.deadline_inferred
    assert directive.sources.get().document.number == "49/2017/NĐ-CP"
    assert directive.sources.get().sentence == "Rà soát thuê bao trả trước."


def test_pressing_the_button_twice_enters_one_directive(client):
    client.force_login(make_user("officer"))
    form = entry(form_token="7d444840-9dc0-11d1-b245-5ffdce74fad2")

    first = client.post(reverse("directive_create"), form)
    second = client.post(reverse("directive_create"), form)

    assert Directive.objects.count() == 1
    assert first.url == second.url


def test_a_spoken_direction_is_entered_with_its_first_directive(client):
    client.force_login(make_user("leader"))
    spoken = {
        "source_mode": "new",
        "document": "",
        "nguon-kind": "spoken",
        "nguon-issued_on": "8-1-2020",
        "nguon-issuer": "UBND tỉnh",
        "nguon-abstract": "Chỉ đạo tại hội nghị",
        "nguon-occasion": "Hội nghị tổng kết",
        "nguon-speaker": "Trần Lê Đoài",
        "nguon-words": "Rà soát thuê bao trả trước.",
    }

    client.post(reverse("directive_create"), entry(**spoken))

    document = Directive.objects.get().sources.get().document
    assert (document.kind, document.speaker) == ("spoken", "Trần Lê Đoài")
    assert document.issued_on == dt.date(2020, 1, 8)


def test_a_spoken_direction_without_its_speaker_is_refused_and_nothing_is_written(client):
    client.force_login(make_user("officer"))
    form = entry(
        **{"source_mode": "new", "document": "", "nguon-kind": "spoken", "nguon-abstract": "Chỉ đạo"}
    )
    before = Document.objects.count()

    response = client.post(reverse("directive_create"), form)

    assert response.status_code == 422
    assert "người phát biểu" in text_of(response)
    assert "Rà soát thuê bao trả trước" in text_of(response)
    assert (Directive.objects.count(), Document.objects.count()) == (0, before)


@pytest.mark.parametrize(
    ("printed", "due_on", "choice", "found"),
    [
        ("30-6-2020", "", "dated", ("day", dt.date(2020, 6, 30), False)),
        ("hết quý II/2020", "", "dated", ("quarter_end", dt.date(2020, 6, 30), False)),
        ("hết quý II", "15/7/2020", "dated", ("quarter_end", dt.date(2020, 7, 15), True)),
        ("", "1/9/2020", "dated", ("day", dt.date(2020, 9, 1), False)),
        ("thường xuyên", "", "dated", ("ongoing", None, False)),
        ("", "", "none", ("none", None, False)),
        ("hằng năm", "", "yearly", ("yearly", None, False)),
        ("hàng quý", "", "dated", ("recurring", None, False)),
        ("theo tiến độ", "", "recurring", ("recurring", None, False)),
        ("2025 và những năm tiếp theo", "", "ongoing", ("ongoing", None, False)),
        ("2025 và những năm tiếp theo", "31/12/2027", "dated", ("range", dt.date(2027, 12, 31), True)),
        ("01/01/1970", "", "dated", ("none", None, False)),
    ],
)
def test_deadlines_are_read_as_they_are_printed(client, printed, due_on, choice, found):
    client.force_login(make_user("officer"))

    client.post(
        reverse("directive_create"), entry(deadline_printed=printed, due_on=due_on, without_date=choice)
    )

    directive = Directive.objects.get()
    assert (directive.deadline_kind, directive.due_on, directive.deadline_inferred) == found


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Điền “Nội dung nhiệm vụ, nguyên văn”."),
        ({"title": "Rà soát\0"}, "ký tự"),
        ({"title": "x" * 2001}, "2001"),
        ({"title": "x" * 10_000_000}, "10000000"),
        ({"due_on": "1/1/10000"}, "ngày/tháng/năm"),
        ({"due_on": "31/6/2020"}, "Lịch không có ngày này."),
        ({"due_on": "1/1/1999"}, "Năm phải từ 2000 đến 2100."),
        ({"deadline_printed": "sớm"}, "Chưa đọc được thời hạn"),
        ({"deadline_printed": "khi có kinh phí"}, "phụ thuộc việc khác"),
        ({"deadline_printed": "2025 và những năm tiếp theo"}, "không có mốc cuối"),
        ({"deadline_printed": "43982"}, "bảng tính dùng để lưu ngày"),
        ({"deadline_printed": "", "due_on": ""}, "Ghi hạn"),
        ({"due_on": "1/7/2020", "without_date": "none"}, "Đã chọn không có hạn"),
        ({"field": "999999999999999999999"}, "Lĩnh vực"),
        ({"field": "x\0"}, "Lĩnh vực"),
        ({"parent": "NV-1999-001"}, "Không tìm thấy “NV-1999-001”"),
        ({"parent": "NV\0"}, "ký tự"),
        ({"parent": "x" * 5000}, "tối đa 300 ký tự"),
        ({"kind": "nonsense"}, "Loại"),
        ({"directing_leader": "-1"}, "Lãnh đạo"),
        ({"source_mode": "x"}, "Căn cứ"),
        ({"sentence": ""}, "Nguyên văn"),
    ],
)
def test_a_wrong_entry_gets_a_sentence_and_keeps_what_was_typed(client, settings, wrong, sentence):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 30_000_000
    client.force_login(make_user("officer"))
    form = entry(note="Ghi chú của tôi") | wrong

    response = client.post(reverse("directive_create"), form)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert "Ghi chú của tôi" in text_of(response)
    assert Directive.objects.count() == 0


@pytest.mark.parametrize("role", ["staff", "agency_head", "viewer", "admin"])
def test_only_officers_and_leaders_enter_directives(client, role):
    client.force_login(make_user(role))

    assert client.get(reverse("directive_create")).status_code == 403
    assert client.post(reverse("directive_create"), entry()).status_code == 403
    assert client.get(reverse("deadline_preview"), {"deadline_printed": "hết quý II"}).status_code == 403
    assert Directive.objects.count() == 0


def test_the_date_is_worked_out_while_typing_and_without_a_script(client):
    client.force_login(make_user("officer"))

    fragment = client.get(
        reverse("deadline_preview"), {"deadline_printed": "hết quý II"}, headers={"hx-request": "true"}
    )
    form = client.post(reverse("directive_create"), entry(title="Giữ lại", **{"xem-han": "1"}))

    assert "30/6/2020" in text_of(fragment)
    assert "<html" not in fragment.content.decode()
    assert form.status_code == 200
    assert "30/6/2020" in text_of(form)
    assert "Giữ lại" in text_of(form)
    assert 'role="alert"' not in form.content.decode()
    assert Directive.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"deadline_printed": "trước 15/6"}, ["15/6/2020", "Đến một ngày", "vẫn tính là đúng hạn", "suy ra"]),
        ({"deadline_printed": "hàng quý"}, ["Từng kỳ", "mỗi kỳ báo cáo một lần"]),
        ({"deadline_printed": "thứ Năm 19/6"}, ["Thứ trong tuần không khớp"]),
        ({"deadline_printed": "hết quý II", "document": "21/KH-UBND"}, ["30/6/2019"]),
        (
            {"deadline_printed": "hết quý II", "source_mode": "new", "nguon-issued_on": "8/1/2018"},
            ["30/6/2018"],
        ),
        ({"deadline_printed": "hết quý II", "nam": "2021"}, ["30/6/2021"]),
        ({"deadline_printed": "hết quý II", "nam": "0000"}, ["30/6/2020"]),
        ({"deadline_printed": "hết quý II", "document": "x\0"}, ["30/6/2020"]),
        (
            {"deadline_printed": "hết quý II", "source_mode": "new", "nguon-issued_on": "31/6/2018"},
            ["30/6/2020"],
        ),
    ],
)
def test_the_preview_says_day_kind_and_rule_or_what_is_asked(client, typed, told):
    make_document(number="21/KH-UBND", issued_on=dt.date(2019, 1, 10))
    client.force_login(make_user("officer"))

    page = text_of(client.get(reverse("deadline_preview"), typed, headers={"hx-request": "true"}))

    assert [words for words in told if words not in page] == []


def test_what_is_previewed_is_what_is_saved(client):
    client.force_login(make_user("officer"))
    make_document(number="21/KH-UBND", issued_on=dt.date(2019, 1, 10))

    shown = client.post(reverse("directive_create"), entry(document="21/KH-UBND", **{"xem-han": "1"}))
    client.post(reverse("directive_create"), entry(document="21/KH-UBND"))

    assert "30/6/2019" in text_of(shown)
    assert Directive.objects.get().due_on == dt.date(2019, 6, 30)


def test_work_of_every_quarter_is_entered_as_printed_and_asks_for_a_note_each_period(client):
    officer, clerk = make_user("officer"), make_user("staff")
    client.force_login(officer)
    client.post(reverse("directive_create"), entry(deadline_printed="hàng quý"))
    directive = Directive.objects.get()
    directive.assign(by=officer, lead=clerk.agency, today=dt.date(2020, 5, 4))
    client.force_login(clerk)

    page = client.get(reverse("my_work"))

    assert (directive.deadline_kind, directive.deadline_printed, directive.due_on) == (
        "recurring",
        "hàng quý",
        None,
    )
    assert [row.directive for row in page.context["work"].to_do] == [directive]
    assert "thường xuyên: chưa cập nhật trong kỳ" in text_of(page)


def test_only_a_report_that_still_waits_is_marked_as_waiting(client):
    assignment = make_assignment()
    make_report(assignment, state="confirmed", percent=20)
    client.force_login(make_user("leader"))

    reviewed = client.get(detail(assignment.directive)).content.decode().count("st--review")
    make_report(assignment, state="submitted", percent=30)
    waiting = client.get(detail(assignment.directive)).content.decode().count("st--review")

    assert (reviewed, waiting) == (0, 2)  # in the timeline and beside the agency
