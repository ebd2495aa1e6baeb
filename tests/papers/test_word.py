import datetime as dt
from io import BytesIO

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Pt

from tests.papers.sample import a_report, content, runs
from tracker.papers import report_docx


def opened(report):
    return Document(BytesIO(report_docx(report)))


def all_words(paper):
    """Everything printed, in paragraphs and tables, in the order of the file."""
    return "\n".join(
        "".join(text.text or "" for text in line.iter(qn("w:t")))
        for line in paper.element.body.iter(qn("w:p"))
    )


def a_signed_report(**changes):
    told = {"status": "signed", "number": "12", "signed_on": dt.date(2020, 2, 5), "signer_name": "Trần Văn A"}
    return a_report(**told | changes)


def test_the_paper_has_the_margins_and_letters_of_decree_30():
    paper = opened(a_report())

    first, *rest = paper.sections
    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
    assert [round(one.mm) for one in (first.top_margin, first.bottom_margin)] == [20, 20]
    assert [round(one.mm) for one in (first.left_margin, first.right_margin)] == [30, 15]
    assert {one.orientation for one in rest} == {WD_ORIENT.LANDSCAPE}
    assert len(rest) == 2
    defaults = paper.styles.element.find(qn("w:docDefaults"))
    assert defaults.find(f".//{qn('w:rFonts')}").get(qn("w:ascii")) == "Times New Roman"
    assert defaults.find(f".//{qn('w:sz')}").get(qn("w:val")) == "28"


def test_pages_are_numbered_at_the_top_but_the_first():
    paper = opened(a_signed_report())

    section = paper.sections[0]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml


def test_the_blocks_stand_in_their_official_order():
    words = all_words(opened(a_signed_report()))

    order = [
        "UBND TỈNH NAM ĐỊNH",
        "SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 12/BC-STTTT",
        "Nam Định, ngày 05 tháng 02 năm 2020",
        "BÁO CÁO",
        "Tình hình thực hiện nhiệm vụ, chỉ tiêu 6 tháng đầu năm 2020",
        "(Số liệu đến ngày 14/6/2020)",
        "I. KẾT QUẢ THỰC HIỆN",
        "Doanh thu bưu chính, chuyển phát đạt 100 tỷ đồng, tăng 26%.",
        "II. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN",
        "Nơi nhận:",
        "- UBND tỉnh;",
        "- Lưu: VT, VP.",
        "GIÁM ĐỐC",
        "Trần Văn A",
        "Phụ lục I",
        "(Kèm theo Báo cáo số 12/BC-STTTT ngày 05 tháng 02 năm 2020 của Sở Thông tin và Truyền thông)",
        "Phụ lục II",
    ]
    places = [words.find(one) for one in order]
    assert -1 not in places
    assert places == sorted(places)
    assert "DỰ THẢO" not in words


def test_a_draft_says_so_and_leaves_number_and_day_open():
    paper = opened(a_report())

    words = all_words(paper)
    assert "Số:         /BC-STTTT" in words
    assert "Nam Định, ngày     tháng     năm 2020" in words
    assert paper.sections[0].first_page_header.paragraphs[0].text == "DỰ THẢO"


@pytest.mark.parametrize(
    ("form", "authority", "of", "printed"),
    [
        ("state", "KT.", "Giám đốc", "KT. GIÁM ĐỐC"),
        ("state", "TM.", "Ủy ban nhân dân", "TM. ỦY BAN NHÂN DÂN"),
        ("state", "TL.", "Giám đốc", "TL. GIÁM ĐỐC"),
        ("party", "TM.", "Ban Thường vụ", "T/M BAN THƯỜNG VỤ"),
        ("party", "TL.", "Ban Thường vụ", "T/L BAN THƯỜNG VỤ"),
    ],
)
def test_who_signs_in_whose_place(form, authority, of, printed):
    words = all_words(opened(a_signed_report(form=form, authority=authority, authority_of=of)))

    assert printed in words


def test_the_partys_form_names_the_party_and_turns_the_number():
    words = all_words(opened(a_signed_report(form="party", symbol="BC/ĐU")))

    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in words
    assert "CỘNG HÒA XÃ HỘI" not in words
    assert "Số 12-BC/ĐU" in words


def test_tables_repeat_their_head_and_keep_their_rows_whole():
    paper = opened(a_report())

    ruled = [table for table in paper.tables if table.style.name == "Table Grid"]
    assert [len(table.rows) for table in ruled] == [3, 3, 4]
    for table in ruled:
        assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    assert ruled[1].rows[1].cells[0].text == "I. Bưu chính"
    assert ruled[1].rows[2].cells[1].text == "=1+1 nguy hiểm"


def test_recipients_always_file_a_copy():
    assert "- Lưu: VT." in all_words(opened(a_report(recipients="UBND tỉnh;")))


def test_headings_are_headings_of_word_in_black():
    paper = opened(a_report())

    heads = [line for line in paper.paragraphs if line.style.name.startswith("Heading")]
    assert [line.text for line in heads[:2]] == ["I. KẾT QUẢ THỰC HIỆN", "1. Bưu chính"]
    assert paper.styles["Heading 1"].font.size == Pt(14)
    assert paper.styles["Heading 1"].font.color.rgb is None


def test_controls_and_marks_that_turn_the_direction_are_dropped():
    dirty = content(
        sections=[
            {
                "key": "results",
                "title": "I. \u202eA",
                "blocks": [{"kind": "paragraph", "runs": runs("một\x00\x0b hai\u200f")}],
            }
        ],
        appendices=[],
    )

    words = all_words(opened(a_report(content=dirty)))

    assert "một hai" in words
    assert "I. A" in words
