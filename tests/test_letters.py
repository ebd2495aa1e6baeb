"""The draft of the official letter that urges: the form of the decree, every piece of work once, plain text."""

import datetime as dt
import re
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from tests.factories import (
    TODAY,
    make_agency,
    make_assignment,
    make_department,
    make_directive,
    make_division,
    make_mark,
    make_report,
    make_roster,
    make_user,
)
from tracker.decree30 import in_words, neutral
from tracker.letters import DEMANDS, SUBJECTS, file_name, urging_letter
from tracker.models import Urging

pytestmark = pytest.mark.django_db

HOSTILE = "Dòng một\x00\x0b\x1f & <w:p/> \u202etrái\ud800"


def send(*assignments, by=None, grade=Urging.Grade.LETTER, reason="Đã quá hạn.", lists=(), **fields):
    """Urge the agencies of these assignments, and those of a list about it."""
    about = {}
    for row in assignments:
        about.setdefault(row.agency, []).append(row)
    for roster in lists:
        for body in roster.bodies.all():
            about.setdefault(body.agency, [])
    return Urging.send(
        by=by or make_user("officer"),
        agencies={agency: "Còn thiếu" for agency in about},
        reason=reason,
        indicators=[roster.indicator for roster in lists],
        directives=[row.directive for row in assignments],
        assignments=about,
        grade=grade,
        answer_due_on=fields.pop("answer_due_on", dt.date(2020, 6, 24)),
        **fields,
    )


def opened(urging, today=TODAY):
    return Document(BytesIO(urging_letter(urging, today=today)))


def words(paper):
    """Everything that is printed, in reading order, one line for a paragraph."""
    return [
        "".join(text.text or "" for text in line.iter(qn("w:t"))) for line in paper.element.iter(qn("w:p"))
    ]


def rows(paper):
    """The cells of the table of work, without its head row and without rows that name an agency."""
    table = next(table for table in paper.tables if table.style.name == "Table Grid")
    lines = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    return [line for line in lines if len(set(line)) > 1]


def test_the_page_is_that_of_the_decree():
    section = opened(send(make_assignment())).sections[0]

    sides = [section.page_width, section.page_height, section.top_margin, section.bottom_margin]
    assert [round(side.mm) for side in sides] == [210, 297, 20, 20]
    assert [round(section.left_margin.mm), round(section.right_margin.mm)] == [30, 15]


def test_pages_are_numbered_at_the_top_from_the_second_on():
    section = opened(send(make_assignment())).sections[0]

    number = section.header.paragraphs[0]
    assert section.different_first_page_header_footer
    assert [field.get(qn("w:instr")).strip() for field in number._p.iter(qn("w:fldSimple"))] == ["PAGE"]
    assert number.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert list(section.first_page_header._element.iter(qn("w:fldSimple"))) == []
    assert section.first_page_header.paragraphs[0].text == "DỰ THẢO"


def test_the_font_is_times_new_roman_14():
    paper = opened(send(make_assignment()))

    looks = paper.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    assert dict(looks.find(qn("w:rFonts")).attrib) == {
        qn(f"w:{script}"): "Times New Roman" for script in ("ascii", "hAnsi", "eastAsia", "cs")
    }
    assert looks.find(qn("w:sz")).get(qn("w:val")) == "28"
    normal = paper.styles["Normal"].font
    assert (normal.name, normal.size) == (None, None)
    assert {run.font.name for line in paper.paragraphs for run in line.runs} == {None}


def test_the_heads_stand_as_printed_with_number_and_day_left_open():
    make_department()
    drafter = make_user(
        "officer", agency=make_division(name="Phòng Công nghệ thông tin", short_name="Phòng CNTT")
    )

    paper = opened(send(make_assignment(), by=drafter))

    assert [line for line in words(paper) if line][:7] == [
        "UBND TỈNH NAM ĐỊNH",
        "SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số:         /STTTT-CNTT",
        "V/v đôn đốc thực hiện nhiệm vụ được giao",
        "Nam Định, ngày     tháng     năm 2020",
    ]
    assert "- Lưu: VT, CNTT." in words(paper)


def test_every_piece_of_work_stands_there_once_under_its_agency():
    first, second = make_agency(name="Huyện ủy Hải Hậu"), make_agency(name="Thành ủy Nam Định")
    late = make_assignment(first, title="Đẩy mạnh chữ ký số", due_on=dt.date(2020, 6, 10))
    make_report(late, state="confirmed", percent=40, as_of_on=dt.date(2020, 6, 1))
    soon = make_assignment(first, title="Tập huấn", due_on=dt.date(2020, 6, 19))
    other = make_assignment(second, title="Báo cáo kết quả", due_on=TODAY)

    paper = opened(send(late, soon, other))

    code = {row: row.directive.code for row in (late, soon, other)}
    assert rows(paper) == [
        [
            "1",
            f"Đẩy mạnh chữ ký số ({code[late]})",
            first.name,
            "10/6/2020",
            "Đang thực hiện (40%), quá hạn 6 ngày",
        ],
        ["2", f"Tập huấn ({code[soon]})", first.name, "19/6/2020", "Mới giao, còn 3 ngày"],
        ["3", f"Báo cáo kết quả ({code[other]})", second.name, "16/6/2020", "Mới giao, đến hạn hôm nay"],
    ]
    told = words(paper)
    start = told.index("Kính gửi:")
    assert told[start : start + 3] == ["Kính gửi:", "- Huyện ủy Hải Hậu;", "- Thành ủy Nam Định."]
    assert "tổng hợp 03 nội dung các cơ quan, đơn vị cần tập trung thực hiện" in "\n".join(told)


def test_a_district_is_addressed_by_its_committee():
    names = {"name": "Huyện Giao Thủy", "short_name": "UBND huyện Giao Thủy"}

    paper = opened(send(make_assignment(make_agency(bloc="district", **names))))

    assert "Kính gửi: UBND huyện Giao Thủy." in words(paper)
    assert rows(paper)[0][2] == "UBND huyện Giao Thủy"


def test_work_done_or_withdrawn_since_then_is_told_as_it_stands():
    row = make_assignment(due_on=dt.date(2020, 6, 10))
    urging = send(row)
    row.directive.withdraw(by=make_user("leader"), reason="Trùng nhiệm vụ")

    assert rows(opened(urging))[0][-1] == "Đã thu hồi"


def test_what_lacks_on_a_list_stands_there_until_it_is_reached():
    behind, reached = make_agency(name="Huyện ủy Ý Yên"), make_agency(name="Huyện ủy Vụ Bản")
    roster = make_roster(behind, reached)
    urging = send(lists=[roster])
    make_mark(roster.bodies.get(agency=reached))

    found = rows(opened(urging))

    one = roster.indicator
    assert found == [
        ["1", f"{one.name} ({one.code})", "Huyện ủy Ý Yên", "30/6/2020", "Chưa đạt, còn 14 ngày"],
        ["2", "Còn thiếu", "Huyện ủy Vụ Bản", "–", "Đã đạt"],
    ]


@pytest.mark.parametrize("grade", Urging.Grade)
def test_each_grade_has_its_own_subject_and_demand(grade):
    agency = make_agency(name="Huyện ủy Hải Hậu")
    leader = make_user("leader", full_name="Vũ Đức Hòa", position="Giám đốc Sở")

    told = "\n".join(words(opened(send(make_assignment(agency), by=leader, grade=grade))))

    demand = DEMANDS[grade].format(office="Sở Thông tin và Truyền thông", whom=agency.name)
    assert f"V/v {SUBJECTS[grade]}" in told
    assert demand in told
    assert len(set(DEMANDS.values())) == len(set(SUBJECTS.values())) == len(Urging.Grade)
    assert "Kính gửi: Huyện ủy Hải Hậu." in told
    assert "Văn bản trả lời gửi về Sở Thông tin và Truyền thông chậm nhất ngày 24 tháng 6 năm 2020." in told


def test_without_an_answer_day_none_is_asked_for():
    assert "chậm nhất" not in "\n".join(words(opened(send(make_assignment(), answer_due_on=None))))


@pytest.mark.parametrize(
    ("role", "position", "signs"),
    [
        ("leader", "Giám đốc Sở", ["GIÁM ĐỐC", "Vũ Đức Hòa"]),
        ("leader", "Phó Giám đốc Sở", ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Vũ Đức Hòa"]),
        ("officer", "Chuyên viên", ["GIÁM ĐỐC"]),
    ],
)
def test_the_leader_who_urged_signs_and_a_deputy_for_the_director(role, position, signs):
    drafter = make_user(role, full_name="Vũ Đức Hòa", position=position)

    table = opened(send(make_assignment(), by=drafter)).tables[-1]

    assert [line.text for line in table.rows[0].cells[1].paragraphs if line.text] == signs
    assert [line.text for line in table.rows[0].cells[0].paragraphs][:3] == [
        "Nơi nhận:",
        "- Như trên;",
        "- Lãnh đạo Sở (để báo cáo);",
    ]


def test_a_long_table_goes_into_an_appendix_across_with_pages_of_its_own():
    agency, officer = make_agency(), make_user("officer")
    few = [make_assignment(agency, by=officer) for _number in range(15)]
    many = [*few, make_assignment(agency, by=officer)]

    short, long = opened(send(*few)), opened(send(*many))

    assert len(short.sections) == 1
    first, second = long.sections
    assert (first.orientation, second.orientation) == (WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE)
    assert [round(second.page_width.mm), round(second.page_height.mm)] == [297, 210]
    assert second._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    assert second.different_first_page_header_footer
    assert second.first_page_header.paragraphs[0].text == ""
    assert [len(rows(paper)) for paper in (short, long)] == [15, 16]
    told = words(long)
    assert told.index("Phụ lục") > told.index("Nơi nhận:")
    assert any(line.startswith("(Kèm theo Công văn số         /STTTT-… ngày") for line in told)


def test_the_head_row_stands_on_every_page_and_no_row_is_broken():
    table = opened(send(make_assignment())).tables[1]

    assert [cell.text for cell in table.rows[0].cells] == [
        "TT",
        "Nội dung nhiệm vụ",
        "Cơ quan chủ trì",
        "Thời hạn",
        "Tình trạng",
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows[1:])


def test_the_letter_is_vietnamese_whatever_its_drafter_reads():
    urging = send(make_assignment(due_on=dt.date(2020, 6, 10)))

    with override("en"):
        state = rows(opened(urging))[0][-1]

    assert state == "Mới giao, quá hạn 6 ngày"


def test_what_people_typed_is_text_and_nothing_else():
    directive = make_directive(title="<script>&amp; “Ký số” Đ")
    row = make_assignment(directive=directive)

    paper = opened(send(row, reason="Dòng một & <w:p/>\r\nDòng hai"))

    assert rows(paper)[0][1] == f"<script>&amp; “Ký số” Đ ({directive.code})"
    assert {"Dòng một & <w:p/>", "Dòng hai"} <= set(words(paper))


def test_characters_that_a_word_file_cannot_hold_are_dropped():
    assert neutral(HOSTILE) == "Dòng một & <w:p/> trái"
    assert neutral("Thie\u0302\u0301t bi\u0323\r\nA\tB") == "Thiết bị\nA\tB"


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (dt.date(2020, 1, 5), "ngày 05 tháng 01 năm 2020"),
        (dt.date(2020, 2, 29), "ngày 29 tháng 02 năm 2020"),
        (dt.date(2020, 3, 9), "ngày 09 tháng 3 năm 2020"),
        (dt.date(2020, 12, 31), "ngày 31 tháng 12 năm 2020"),
    ],
)
def test_days_have_the_leading_zeros_of_the_decree(day, printed):
    assert in_words(day) == printed


def test_the_draft_says_in_its_name_and_properties_what_it_is():
    urging = send(make_assignment())

    told = opened(urging).core_properties
    assert re.fullmatch(rf"du-thao-cong-van-don-doc-{urging.pk}\.docx", file_name(urging))
    assert (told.author, told.comments) == ("Sở Thông tin và Truyền thông", "")
    assert told.title == "V/v đôn đốc thực hiện nhiệm vụ được giao"


def test_thirty_pieces_of_work_cost_no_more_queries_than_one():
    officer = make_user("officer")
    roster = make_roster(make_agency())
    few = send(make_assignment(by=officer), by=officer, lists=[roster])
    many = send(*[make_assignment(by=officer) for _number in range(30)], by=officer, lists=[roster])

    costs = []
    for urging in (few, many):
        read = Urging.objects.select_related("by__agency").get(pk=urging.pk)
        with CaptureQueriesContext(connection) as queries:
            urging_letter(read, today=TODAY)
        costs.append(len(queries))

    assert costs[0] == costs[1] <= 12
