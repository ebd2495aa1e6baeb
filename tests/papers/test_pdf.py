import datetime as dt
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.papers.sample import a_report, content, runs
from tracker.papers import MissingGlyph, report_pdf
from tracker.papers import pdf as pdf_module
from tracker.papers.pdf import NoFont, font, vietnamese_letters


def pages_of(report):
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(report_pdf(report))).pages]


def with_text(*texts):
    section = {
        "key": "results",
        "title": "I. KẾT QUẢ",
        "blocks": [{"kind": "paragraph", "runs": runs(*texts)}],
    }
    return a_report(content=content(sections=[section], appendices=[]))


def test_every_figure_and_word_can_be_read_back():
    report = a_report(
        status="signed", number="12", signed_on=dt.date(2020, 6, 15), authority="KT.", authority_of="Giám đốc"
    )

    first, directives, indicators = pages_of(report)

    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Số: 12/BC-STTTT",
        "Nam Định, ngày 15 tháng 6 năm 2020",
        "Doanh thu bưu chính, chuyển phát đạt 100 tỷ đồng, tăng 26%.",
        "Bảng 1. Nhiệm vụ theo lĩnh vực",
        "KT. GIÁM ĐỐC",
        "Nơi nhận:",
    ):
        assert words in first
    assert "DỰ THẢO" not in first
    assert "I. Bưu chính" in directives
    assert "=1+1 nguy hiểm" in directives
    assert "1.720" in indicators
    assert "8,6" in indicators


def test_the_file_is_tagged_titled_and_in_vietnamese():
    reader = PdfReader(BytesIO(report_pdf(a_report())))

    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "vi"
    assert reader.metadata.title == "Tình hình thực hiện nhiệm vụ, chỉ tiêu 6 tháng đầu năm 2020"


def test_appendices_lie_across_and_the_text_is_upright():
    first, *others = PdfReader(BytesIO(report_pdf(a_report()))).pages

    assert first.mediabox.height > first.mediabox.width
    assert len(others) == 2
    assert all(page.mediabox.width > page.mediabox.height for page in others)


def test_pages_are_numbered_from_the_second_on_and_each_appendix_anew():
    long = with_text(*["Một câu dài để sang trang. " * 40] * 12)
    long.content["appendices"] = content()["appendices"]

    pages = pages_of(long)

    assert pages[0].startswith("DỰ THẢO UBND TỈNH NAM ĐỊNH")
    assert pages[1].startswith("2 ")
    assert pages[2].startswith("3 ")
    assert pages[-2].startswith("Phụ lục I ")
    assert pages[-1].startswith("Phụ lục II ")


def test_what_people_type_is_never_markup():
    typed = '#panic() *đậm* $x$ <nhãn> @ai "trích" \\ // #let a = 1'

    [page] = pages_of(with_text(typed))

    assert typed in page


def test_every_vietnamese_letter_is_there():
    pages = pages_of(with_text(vietnamese_letters()))

    read = "".join(pages)
    assert set(vietnamese_letters()) <= set(read)
    assert len(vietnamese_letters()) == 2 * (33 + 12 * 5)


def test_a_character_that_no_font_has_is_refused_by_name():
    with pytest.raises(MissingGlyph) as refusal:
        report_pdf(with_text("Báo cáo có chữ 漢"))

    assert "漢" in refusal.value.text


@pytest.mark.parametrize(
    ("changed", "part", "is_filled_in"),
    [
        ({"title": "Tình hình 漢"}, "", False),
        ({"place": "漢"}, "", False),
        ({"text": "Báo cáo có chữ 漢"}, "I. KẾT QUẢ", False),
        ({"cell": "Việc 漢"}, "Phụ lục", True),
    ],
)
def test_the_place_of_such_a_character_is_told(changed, part, is_filled_in):
    text = changed.pop("text", "Một câu.")
    appendix = {"title": "TỔNG HỢP", "head": ["TT"], "rows": [[changed.pop("cell", "1")]]}
    section = {"key": "results", "title": "I. KẾT QUẢ", "blocks": [{"kind": "paragraph", "runs": runs(text)}]}
    report = a_report(content=content(sections=[section], appendices=[appendix]), **changed)

    with pytest.raises(MissingGlyph) as refusal:
        report_pdf(report)

    place = refusal.value.place
    assert (place.part, place.is_filled_in) == (part, is_filled_in)
    assert "漢" in place.text


def test_without_a_complete_font_nothing_is_printed(settings):
    settings.PDF_FONTS = ["Không có phông này"]
    font.cache_clear()
    try:
        with pytest.raises(NoFont):
            pdf_module.report_pdf(a_report())
    finally:
        font.cache_clear()
