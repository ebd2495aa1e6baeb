"""What the article of January 2020 says, one fact after another, against the words as they were printed."""

import datetime as dt

import pytest

from tracker.models import Assignment, Directive, Document, Suggestion
from tracker.register_data import load_article, load_reference

YEAR_2020 = (
    "Năm 2020, Sở TT và TT tập trung thực hiện các mục tiêu nhiệm vụ trọng tâm: Tăng cường công tác quản lý báo"
    " chí và định hướng tuyên truyền đảm bảo tốt vai trò ổn định kinh tế - xã hội, phục vụ quốc phòng an ninh."
)
CONGRESSES = "Triển khai tốt công tác tuyên truyền phục vụ đại hội đảng bộ các cấp."
POST_AND_TELECOMS = (
    "Lĩnh vực bưu chính tập trung thực hiện tốt dịch vụ bưu chính công ích góp phần đẩy mạnh cải cách hành chính;"
    " mở rộng hạ tầng viễn thông; đưa mạng 5G vào khai thác sử dụng, đảm bảo phục vụ công tác chỉ đạo, điều hành"
    " của lãnh đạo và nhu cầu sử dụng của nhân dân; nghiêm túc thực hiện Nghị định 49/2017/NĐ-CP ngày 24-4-2017"
    " của Chính phủ về thắt chặt quản lý thuê bao di động trả trước; kiên quyết không để sim rác quay trở lại."
)
IT = (
    "Đẩy mạnh triển khai ứng dụng công nghệ thông tin trong cơ quan Nhà nước và toàn hệ thống chính trị, phấn đấu"
    " hết quý II tất cả các cơ quan Đảng, hệ thống chính trị sử dụng phần mềm quản lý hồ sơ công việc, chữ ký số,"
    " hướng tới xây dựng nền hành chính số, nền kinh tế số và đô thị thông minh."
)
SECURITY = "Tập trung đảm bảo an ninh thông tin mạng."
ASKED = (
    "Đồng chí Phó Chủ tịch UBND tỉnh yêu cầu ngành bám sát chương trình hành động thực hiện Nghị quyết Đại hội Đảng"
    " bộ tỉnh lần thứ XIX; Kế hoạch hành động của UBND tỉnh về thực hiện Nghị quyết của Chính phủ, Tỉnh ủy, HĐND về"
    " nhiệm vụ phát triển kinh tế - xã hội năm 2020; thực hiện phát triển các lĩnh vực TT và TT trên địa bàn tỉnh;"
    " tạo bước đột phá thúc đẩy ứng dụng CNTT hướng tới xây dựng đô thị thông minh; tập trung chỉ đạo, thực hiện tốt"
    " công tác quản lý Nhà nước về báo chí, xuất bản, thông tin cơ sở và thông tin đối ngoại theo đúng tôn chỉ, mục"
    " đích và quy định của pháp luật; theo dõi chặt chẽ thông tin trên báo chí và mạng xã hội viết về tỉnh để chủ"
    " động phòng ngừa, đấu tranh và có các giải pháp hữu hiệu ngăn chặn, xử lý các thông tin sai sự thật, tin giả,"
    " thông tin xấu độc làm ảnh hưởng đến công tác lãnh đạo, điều hành và hình ảnh của tỉnh."
)
ESPECIALLY = (
    "Đặc biệt đẩy mạnh tuyên truyền bảo vệ chủ quyền biển đảo, tuyên truyền về đại hội đảng các cấp, tiến tới Đại hội"
    " Đảng bộ tỉnh lần thứ XX, nhiệm kỳ 2020-2025 và các sự kiện, các ngày lễ lớn; tăng cường kỷ luật, kỷ cương hành"
    " chính, phối hợp chặt chẽ với các ngành liên quan trong công tác quản lý Nhà nước về TT và TT trên địa bàn tỉnh"
)
DIRECTIVES = [f"D{number:02d}" for number in range(1, 13)]
INSTRUCTIONS = [f"C{number:02d}" for number in range(1, 13)]


@pytest.fixture(autouse=True)
def register(db):
    load_reference()
    load_article()


def directive(code):
    return Directive.objects.get(code=code)


def test_there_are_twelve_directives_and_twelve_instructions():
    codes = list(Directive.objects.order_by("code").values_list("code", flat=True))

    assert codes == [*INSTRUCTIONS, *DIRECTIVES]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("D01", YEAR_2020),
        ("D02", CONGRESSES),
        *[(code, POST_AND_TELECOMS) for code in ("D03", "D04", "D05", "D06", "D07")],
        *[(code, IT) for code in ("D08", "D09", "D10", "D11")],
        ("D12", SECURITY),
        *[(code, ASKED) for code in INSTRUCTIONS[:7]],
    ],
)
def test_each_comes_from_its_exact_sentence(code, sentence):
    assert directive(code).sources.first().sentence == sentence


@pytest.mark.parametrize("code", INSTRUCTIONS[7:])
def test_the_last_instructions_come_from_the_sentence_that_begins_with_especially(code):
    assert directive(code).sources.get().sentence.rstrip("./") == ESPECIALLY


@pytest.mark.parametrize(
    ("code", "title"),
    [
        (
            "D05",
            (
                "Đưa mạng 5G vào khai thác sử dụng, đảm bảo phục vụ công tác chỉ đạo, điều hành của lãnh đạo và nhu cầu"
                " sử dụng của nhân dân"
            ),
        ),
        (
            "D06",
            (
                "Nghiêm túc thực hiện Nghị định 49/2017/NĐ-CP ngày 24-4-2017 của Chính phủ về thắt chặt quản lý"
                " thuê bao di động trả trước"
            ),
        ),
        ("D07", "Kiên quyết không để sim rác quay trở lại"),
        (
            "D09",
            "Phấn đấu hết quý II tất cả các cơ quan Đảng, hệ thống chính trị sử dụng phần mềm quản lý hồ sơ công việc",
        ),
        ("D10", "Phấn đấu hết quý II tất cả các cơ quan Đảng, hệ thống chính trị sử dụng chữ ký số"),
        ("D11", "Hướng tới xây dựng nền hành chính số, nền kinh tế số và đô thị thông minh"),
        ("C08", "Đặc biệt đẩy mạnh tuyên truyền bảo vệ chủ quyền biển đảo"),
    ],
)
def test_titles_as_printed(code, title):
    assert directive(code).title == title


def test_titles_are_made_of_the_words_of_their_sentence():
    strange = [
        (row.code, word)
        for row in Directive.objects.prefetch_related("sources")
        for word in row.title.lower().replace(",", " ").replace(";", " ").split()
        if word not in row.sources.all()[0].sentence.lower()
    ]

    assert strange == []


@pytest.mark.parametrize("code", ["D09", "D10"])
def test_the_only_printed_deadline_is_the_end_of_the_second_quarter(code):
    row = directive(code)

    assert row.deadline_printed == "hết quý II"
    assert (row.deadline_kind, row.due_on, row.deadline_inferred) == (
        "quarter_end",
        dt.date(2020, 6, 30),
        True,
    )


def test_no_other_directive_has_a_deadline():
    others = Directive.objects.exclude(code__in=["D09", "D10"])

    assert set(others.values_list("deadline_printed", "due_on")) == {("", None)}


def test_the_decree_and_the_junk_cards_are_ongoing_work_and_nothing_else_is():
    assert set(Directive.objects.filter(deadline_kind="ongoing").values_list("code", flat=True)) == {
        "D06",
        "D07",
    }


def test_software_and_signatures_are_targets_to_strive_for_and_part_of_d08():
    rows = Directive.objects.filter(parent__code="D08")

    assert set(rows.values_list("code", "kind", "force")) == {
        ("D09", "target", "strive"),
        ("D10", "target", "strive"),
    }
    assert Directive.objects.exclude(parent=None).count() == 2


def test_d11_is_an_orientation_without_deadline_or_measure():
    row = directive("D11")

    assert (row.kind, row.deadline_kind, row.due_on) == ("orientation", "none", None)
    assert not row.suggestions.filter(kind="measure").exists()


@pytest.mark.parametrize("code", DIRECTIVES)
def test_the_department_leads_the_directives_as_printed(code):
    row = directive(code)

    assert (row.lead.code, row.lead.name) == ("S01", "Sở Thông tin và Truyền thông")
    assert row.lead_printed == "Sở TT và TT"


@pytest.mark.parametrize("code", INSTRUCTIONS)
def test_the_instructions_are_spoken_to_the_branch(code):
    row = directive(code)

    assert (row.kind, row.lead_printed, row.sources.get().document.kind) == ("spoken", "ngành", "spoken")


def test_especially_is_the_force_of_three_instructions():
    especially = Directive.objects.filter(force="especially").values_list("code", flat=True)

    assert sorted(especially) == ["C08", "C09", "C10"]


@pytest.mark.parametrize(("code", "force"), [("D06", "strict"), ("D07", "resolute"), ("D12", "focus")])
def test_the_force_of_the_words(code, force):
    assert directive(code).force == force


def test_the_only_cooperating_bodies_printed_are_the_related_branches():
    printed = Directive.objects.exclude(cooperating_printed="").values_list("code", "cooperating_printed")

    assert list(printed) == [("C12", "các ngành liên quan")]


def test_nothing_inferred_is_a_fact():
    assert not Assignment.objects.exists()
    assert set(Suggestion.objects.values_list("state", flat=True)) == {"open"}
    cooperating = Suggestion.objects.filter(kind="cooperating").values_list("directive__code", flat=True)
    assert set(cooperating) == {"D02", "D03", "D05", "D10"}


def test_nobody_has_been_given_anything():
    assert set(Directive.objects.values_list("status", "assigned_on")) == {("unassigned", None)}


def test_the_only_document_number_is_the_decree():
    numbered = Document.objects.exclude(number="")

    decree = numbered.get()
    assert (decree.number, decree.issued_on, decree.issuer) == (
        "49/2017/NĐ-CP",
        dt.date(2017, 4, 24),
        "Chính phủ",
    )


def test_the_newspapers_words_about_the_decree_are_marked_as_a_gloss():
    sources = Document.objects.get(number="49/2017/NĐ-CP").sources.order_by("directive__code")

    assert list(sources.values_list("directive__code", flat=True)) == ["D06", "D07"]
    assert sources[0].gloss == "về thắt chặt quản lý thuê bao di động trả trước"


def test_the_spoken_direction_says_who_when_and_where_it_is_reported():
    speech = Document.objects.get(kind="spoken")

    assert (speech.speaker, speech.speaker_post) == ("Trần Lê Đoài", "Tỉnh ủy viên, Phó Chủ tịch UBND tỉnh")
    assert speech.issued_on == dt.date(2020, 1, 8)
    assert speech.occasion == "Hội nghị tổng kết công tác TT và TT năm 2019, triển khai nhiệm vụ năm 2020"
    assert (speech.number, speech.place) == ("", "")
    assert speech.words.startswith(ASKED)
    assert ESPECIALLY in speech.words
    assert speech.reported_in.kind == "press"


def test_the_article_itself():
    article = Document.objects.get(kind="press")

    assert article.abstract == "Tổng kết công tác Thông tin và Truyền thông năm 2019"
    assert article.issuer == "Báo Nam Định"
    assert article.issued_on is None  # only the month is known
    assert "Nguyễn Hương" in article.note
    assert article.link == (
        "http://baonamdinh.vn/channel/5083/202001/tong-ket-cong-tac-thong-tin-va-truyen-thong-nam-2019-2535099/"
    )


def test_every_directive_has_an_english_title():
    assert not Directive.objects.filter(title_en="").exists()
