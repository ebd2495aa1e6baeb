import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tracker.vietnamese.text import (
    ALPHABET,
    contains_forbidden,
    fold,
    given_name_key,
    plain_bullets,
    sort_key,
)

WORDS = [
    "CHỮ KÝ SỐ",
    "chữ ký số",
    "Đưa mạng 5G vào khai thác",
    "Nghị định 49/2017/NĐ-CP",
    unicodedata.normalize("NFD", "Huyện ủy Giao Thủy"),
    "Huyện uỷ Giao Thuỷ",
    "ABCXYZ fjwz 123 – “”",
    ALPHABET,
]


def test_case_marks_and_decomposed_input_do_not_matter():
    assert fold("CHỮ KÝ SỐ") == fold(unicodedata.normalize("NFD", "chữ ký số")) == "chu ky so"
    assert fold("49/2017/NĐ-CP") == fold("49/2017/nd-cp")
    assert fold("Huyện ủy") == fold("HUYỆN UỶ")


def test_the_vietnamese_alphabet_orders_words():
    words = ["ân", "an", "đi", "dì", "ăn", "ông", "ơn", "ong"]

    assert sorted(words, key=sort_key) == ["an", "ăn", "ân", "dì", "đi", "ong", "ông", "ơn"]


def test_people_are_ordered_by_given_name():
    names = ["Nguyễn Thu Hà", "Vũ Đức Hòa", "Trần Minh Quang", "Đỗ Văn Lâm", "Bùi An"]

    ordered = ["Bùi An", "Nguyễn Thu Hà", "Vũ Đức Hòa", "Đỗ Văn Lâm", "Trần Minh Quang"]
    assert sorted(names, key=given_name_key) == ordered


@pytest.mark.parametrize("text", ["a\x00b", "a\x07", "abc\u202edef", "\u200fx"])
def test_forbidden_characters(text):
    assert contains_forbidden(text)


def test_lines_and_tabs_are_allowed():
    assert not contains_forbidden("một\r\nhai\tba")


@given(st.text())
def test_folding_is_stable(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.django_db
@pytest.mark.parametrize("text", WORDS)
def test_sql_and_python_agree(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT vi_fold(%s), vi_sort_key(%s)", [text, text])
        folded, key = cursor.fetchone()

    assert (folded, key) == (fold(text), sort_key(text))


@pytest.mark.parametrize(
    ("pasted", "plain"),
    [
        ("\uf0b7 Một\n\uf0b7\tHai", "- Một\n- Hai"),
        ("  \uf02d Ba", "  - Ba"),
        ("A \uf0e0 B", "A → B"),
        ("Một \uf0b7 hai", "Một • hai"),
        ("- Đã là gạch", "- Đã là gạch"),
        ("Chữ \ue000 riêng", "Chữ \ue000 riêng"),
    ],
)
def test_bullets_of_word_become_marks_that_every_font_has(pasted, plain):
    assert plain_bullets(pasted) == plain
