"""Text with linked numbers: what a person leaves stays linked, what they type is marked, data move it again."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.linked_text import keys_in_use, plain, refresh, relink, rewrite, text_of, typed


def words(text):
    return {"t": text}


def linked(text, key):
    return {"t": text, "k": key}


TOTALS = [
    words("Tổng số "),
    linked("48", "total"),
    words(" nhiệm vụ; đã hoàn thành "),
    linked("11", "done"),
    words(" nhiệm vụ ("),
    linked("22,9%", "share"),
    words(" trên tổng số)."),
]


def section(*blocks, **more):
    return {"key": "results", "title": "I. KẾT QUẢ", "blocks": list(blocks), "empty": False} | more


def paragraph(key, *runs, **more):
    return {"kind": "paragraph", "key": key, "runs": list(runs)} | more


TABLE = {
    "kind": "table",
    "key": "fields",
    "caption": "Bảng 1.",
    "head": ["Lĩnh vực", "Tổng"],
    "rows": [["Bưu chính", "3"]],
    "keys": [["", "fields.post"]],
    "align": "lr",
    "widths": [80, 20],
}


# a paragraph


def test_text_that_nobody_touched_stays_as_it_is():
    assert relink([TOTALS], plain(TOTALS)) == [TOTALS]


def test_words_around_a_number_may_change():
    (made,) = relink(
        [TOTALS], "Toàn ngành có 48 nhiệm vụ, trong đó 11 nhiệm vụ đã xong (22,9% trên tổng số)."
    )

    assert [run for run in made if "k" in run] == [
        linked("48", "total"),
        linked("11", "done"),
        linked("22,9%", "share"),
    ]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Tổng số 50 nhiệm vụ; đã hoàn thành 11 nhiệm vụ (22,9% trên tổng số).", ["50"]),
        ("Tổng số 48 nhiệm vụ; đã hoàn thành 11 nhiệm vụ (23,0% trên tổng số).", ["23,0"]),
        ("Tổng số 480 nhiệm vụ; đã hoàn thành 11 nhiệm vụ (22,9% trên tổng số).", ["480"]),
        ("Tổng số 48 nhiệm vụ; đã hoàn thành 11 nhiệm vụ (22,9% trên tổng số). Thêm 7 việc.", ["7"]),
        ("Tổng số 48.000 nhiệm vụ.", ["48.000"]),
        ("Hoàn toàn khác, 48 và 11.", ["48", "11"]),
    ],
)
def test_a_number_typed_by_hand_is_marked(text, marked):
    made = relink([TOTALS], text)

    assert plain(made[0]) == text
    found = typed({"sections": [section(*({"kind": "paragraph", "runs": runs} for runs in made))]})
    if "khác" in text:
        assert set(found) <= set(marked)
    else:
        assert found == marked


@pytest.mark.parametrize(
    "text",
    [
        "Thực hiện Nghị định 49/2017/NĐ-CP và Nghị quyết 19-NQ/TU.",
        "Trước ngày 30/6/2020, trong tháng 6 năm 2020, Quý 2, giai đoạn 2020-2025.",
        "Dịch vụ công mức độ 3, mức độ 4.",
        "1. Kết quả",
        "2.1. Kết quả",
    ],
)
def test_days_documents_and_numbers_of_paragraphs_are_no_figures(text):
    assert relink([], text) == [[words(text)]]


def test_digits_among_the_programs_own_words_are_not_marked_when_they_stay():
    old = [words("Kỳ I có 3/4 cơ quan, tổng số "), linked("48", "total"), words(".")]

    (made,) = relink([old], "Kỳ I có 3/4 cơ quan, cả năm tổng số 48.")

    assert [run for run in made if "k" in run] == [linked("48", "total")]


def test_paragraphs_may_change_places():
    other = [words("Doanh thu đạt "), linked("100", "R01"), words(" tỷ đồng.")]

    assert relink([TOTALS, other], f"{plain(other)}\n\n{plain(TOTALS)}") == [other, TOTALS]


def test_two_paragraphs_may_become_one():
    other = [words("Doanh thu đạt "), linked("100", "R01"), words(" tỷ đồng.")]

    (made,) = relink([TOTALS, other], f"{plain(TOTALS)} {plain(other)}")

    assert [run["k"] for run in made if "k" in run] == ["total", "done", "share", "R01"]


RUN = st.one_of(
    st.builds(words, st.text(alphabet="ab ,.%đ", min_size=1, max_size=8)),
    st.builds(linked, st.sampled_from(["4", "48", "1.720", "8,6%", "Phòng A"]), st.sampled_from("xyz")),
)
PARAGRAPHS = st.lists(st.lists(RUN, min_size=1, max_size=6), max_size=4)
TEXT = st.text(alphabet="ab 48,.%\nđ", max_size=60)


@given(PARAGRAPHS, TEXT)
def test_no_word_that_a_person_wrote_is_lost(old, text):
    made = relink(old, text)

    lines = [" ".join(part for part in line.split(" ") if part) for line in text.splitlines()]
    assert [plain(runs) for runs in made] == [line for line in lines if line]


@given(PARAGRAPHS, TEXT)
def test_a_linked_number_always_says_what_it_said(old, text):
    said = {(run["t"], run["k"]) for runs in old for run in runs if "k" in run}

    for runs in relink(old, text):
        for run in runs:
            assert run.get("k", "typed") == "typed" or (run["t"], run["k"]) in said


@given(PARAGRAPHS)
def test_sending_the_same_text_back_keeps_every_link(old):
    texts = [plain(runs) for runs in old]
    assume(len(set(texts)) == len(texts) and all(text == " ".join(text.split()) and text for text in texts))

    made = relink(old, "\n".join(texts))

    def keys(paragraphs):
        return [[run["k"] for run in runs if "k" in run] for runs in paragraphs]

    assert keys(made) == keys(old)


# a section


def test_a_section_sent_back_unchanged_is_the_same_section():
    old = section(
        {"kind": "heading", "key": "h", "runs": [words("1. Kết quả")]}, paragraph("a", *TOTALS), TABLE
    )

    assert text_of(old).splitlines()[-1] == "[Bảng: fields]"
    assert rewrite(old, text_of(old).replace("\n", "\r\n\r\n")) is old


def test_a_changed_paragraph_is_marked_as_edited_and_keeps_its_place_in_the_report():
    old = section(paragraph("a", *TOTALS), paragraph("b", words("Khác.")), TABLE)

    made = rewrite(old, text_of(old).replace("Tổng số 48", "Có 48"))

    assert [(block["key"], block.get("edited", False)) for block in made["blocks"]] == [
        ("a", True),
        ("b", False),
        ("fields", False),
    ]
    assert (made["edited"], made["removed"], made["blocks"][2]) == (True, [], TABLE)


def test_what_a_person_leaves_out_is_remembered():
    old = section(paragraph("a", *TOTALS), paragraph("b", words("Khác.")), TABLE)

    made = rewrite(old, plain(TOTALS))

    assert ([block["key"] for block in made["blocks"]], made["removed"]) == (["a"], ["b", "fields"])


def test_a_heading_stays_a_heading_and_a_table_nobody_knows_is_passed_over():
    old = section({"kind": "heading", "key": "h", "runs": [words("1. Kết quả")]})

    made = rewrite(old, "1. Kết quả chung\n2. Phần thêm\n[Bảng: xyz]\nMột câu.")

    assert [(block["kind"], plain(block["runs"])) for block in made["blocks"]] == [
        ("heading", "1. Kết quả chung"),
        ("heading", "2. Phần thêm"),
        ("paragraph", "Một câu."),
    ]


def test_an_emptied_section_says_that_it_is_empty():
    assert rewrite(section(paragraph("a", *TOTALS)), "")["empty"] is True


# fresh data


def fresh(total):
    runs = [words("Tổng số "), linked(total, "total"), words(" nhiệm vụ.")]
    return {
        "sections": [section(paragraph("a", *runs), paragraph("b", words("Mới.")), TABLE)],
        "appendices": [{"key": "directives", "rows": [[total]]}],
    }, {"total": {"text": total}}


def test_unedited_text_is_written_anew():
    old, (new, facts) = fresh("48")[0], fresh("50")

    assert refresh(old, new, facts) == new


def test_edited_text_keeps_its_words_and_moves_its_numbers():
    old, (new, facts) = fresh("48")[0], fresh("50")
    edited = rewrite(
        old["sections"][0], "Cả ngành có tổng số 48 nhiệm vụ, thêm 3 việc.\nMới.\n[Bảng: fields]"
    )

    made = refresh(old | {"sections": [edited]}, new, facts)

    blocks = made["sections"][0]["blocks"]
    assert plain(blocks[0]["runs"]) == "Cả ngành có tổng số 50 nhiệm vụ, thêm 3 việc."
    assert blocks[1:] == new["sections"][0]["blocks"][1:]
    assert made["appendices"] == new["appendices"]
    assert typed(made) == ["3"]


def test_what_was_left_out_stays_out_and_what_is_new_comes_in():
    old, (new, facts) = fresh("48")[0], fresh("50")
    edited = rewrite(old["sections"][0], "Tổng số 48 nhiệm vụ.\n[Bảng: fields]")
    new["sections"][0]["blocks"].insert(1, paragraph("c", words("Vừa có.")))

    made = refresh(old | {"sections": [edited]}, new, facts)

    assert [block["key"] for block in made["sections"][0]["blocks"]] == ["a", "c", "fields"]


def test_a_number_that_the_data_no_longer_give_is_marked_as_typed():
    old = fresh("48")[0]
    edited = rewrite(old["sections"][0], "Có tổng số 48 nhiệm vụ.")

    made = refresh(old | {"sections": [edited]}, {"sections": [section()], "appendices": []}, {})

    assert typed(made) == ["48"]


def test_a_part_that_was_added_or_dropped_follows_the_report():
    old, (new, facts) = fresh("48")[0], fresh("50")
    new["sections"].insert(0, section(paragraph("z", words("Đầu.")), key="first"))

    made = refresh(old, new, facts)

    assert [one["key"] for one in made["sections"]] == ["first", "results"]


def test_keys_in_use_are_those_of_text_and_tables():
    assert keys_in_use(fresh("48")[0]) == ["total", "fields.post"]


def test_two_paragraphs_with_the_same_words_keep_a_key_each():
    old = section(
        paragraph("a", words("Không có.")),
        paragraph("b", words("Không có.")),
        paragraph("c", words("Câu ba.")),
    )

    made = rewrite(old, "Không có.\nKhông có.\nCâu ba đã sửa.")

    assert [block["key"] for block in made["blocks"][:2]] == ["a", "b"]
    assert "b" not in made["removed"]
