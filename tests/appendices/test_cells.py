"""Numbers of rows, letters that only look like ours, characters that nobody sees."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.appendices.cells import clean, in_our_letters, read_number, split_number

# As printed, the style and the number itself, how deep it is.
NUMBERS = [
    ("I", "roman", "I", 1),
    ("IV.", "roman", "IV", 1),
    ("XXXIX", "roman", "XXXIX", 1),
    ("A", "letter", "A", 1),
    ("Đ)", "letter", "Đ", 1),
    ("1", "number", "1", 1),
    ("1.", "number", "1", 1),
    (" 1) ", "number", "1", 1),
    ("(1)", "number", "1", 1),
    ("01", "number", "1", 1),
    ("1.0", "number", "1", 1),
    ("11.9", "number", "11.9", 2),
    ("11.10", "number", "11.10", 2),
    ("11,1", "number", "11.1", 2),
    ("1.1.1.", "number", "1.1.1", 3),
    ("I.1", "number", "I.1", 1),
    ("I.1.2", "number", "I.1.2", 2),
    ("1a", "number", "1a", 2),
    ("a)", "item", "a", 1),
    ("đ.", "item", "đ", 1),
    ("-", "mark", "-", 1),
    ("+", "mark", "+", 1),
]


@pytest.mark.parametrize(("text", "style", "number", "depth"), NUMBERS)
def test_a_number_is_read(text, style, number, depth):
    read = read_number(text)

    assert read is not None
    assert (read.style, read.text, read.depth) == (style, number, depth)


@pytest.mark.parametrize(
    "text", ["", "TT", "IIII", "...", "Sở Y tế", "1 2", "12345", "1/2020", "I II", "1.1.1.1.1.1.1.1.1.1.1"]
)
def test_other_text_is_no_number(text):
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("II. Lĩnh vực viễn thông", "II", "Lĩnh vực viễn thông"),
        ("I- LĨNH VỰC", "I", "LĨNH VỰC"),
        ("1.2 Rà soát", "1.2", "Rà soát"),
        ("1. Rà soát\nthủ tục", "1", "Rà soát\nthủ tục"),
        ("a) Công bố", "a", "Công bố"),
        ("- Công bố", "-", "Công bố"),
        ("5G vào khai thác", None, "5G vào khai thác"),
        ("2020 là năm", None, "2020 là năm"),
        ("1.720 tỷ đồng", None, "1.720 tỷ đồng"),
        ("V", None, "V"),
    ],
)
def test_a_number_before_a_text_is_parted_from_it(text, number, rest):
    read, behind = split_number(text)

    assert (read and read.text, behind) == (number, rest)


def test_invisible_characters_go_and_what_is_seen_stays():
    printed = "\ufeffSở\u00a0Y\u2009tế\u200b \r\n\u202eBộ\x00 phận \t một\x07 cửa  "

    assert clean(printed) == "Sở Y tế\nBộ phận   một cửa"


def test_decomposed_letters_are_composed():
    assert clean(unicodedata.normalize("NFD", "Định hướng tuyên truyền")) == "Định hướng tuyên truyền"


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("Сông аn tỉnh", "Công an tỉnh"),
        ("Ðiều tra", "Điều tra"),
        ("ΤΤ", "TT"),
        ("Sở Y tế", "Sở Y tế"),
    ],
)
def test_letters_of_other_alphabets_become_those_they_look_like(printed, meant):
    assert in_our_letters(printed) == meant


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    once = clean(text)

    assert clean(once) == once
    assert in_our_letters(in_our_letters(once)) == in_our_letters(once)
    assert "\x00" not in once
