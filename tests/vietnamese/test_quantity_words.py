"""Numbers in words, checked against two rules of their own: the schoolbook's and the way back."""

import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.vietnamese.quantities import in_words

EVERY_DECIMAL = st.one_of(
    st.integers(-(10**26) + 1, 10**26 - 1).map(lambda units: Decimal(f"{units}E-6")),
    st.integers(-(10**10), 10**10).map(lambda units: Decimal(f"{units}E-3")),
)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("0", "không"),
        ("4", "bốn"),
        ("5", "năm"),
        ("10", "mười"),
        ("11", "mười một"),
        ("14", "mười bốn"),
        ("15", "mười lăm"),
        ("20", "hai mươi"),
        ("21", "hai mươi mốt"),
        ("24", "hai mươi tư"),
        ("25", "hai mươi lăm"),
        ("100", "một trăm"),
        ("105", "một trăm linh năm"),
        ("110", "một trăm mười"),
        ("304", "ba trăm linh bốn"),
        ("555", "năm trăm năm mươi lăm"),
        ("1000", "một nghìn"),
        ("1005", "một nghìn không trăm linh năm"),
        ("1015", "một nghìn không trăm mười lăm"),
        ("1720", "một nghìn bảy trăm hai mươi"),
        ("1000005", "một triệu không trăm linh năm"),
        ("1005000", "một triệu không trăm linh năm nghìn"),
        ("1000000000", "một tỷ"),
        ("1000000005", "một tỷ không trăm linh năm"),
        ("1000000000000", "một nghìn tỷ"),
        ("1720000000000", "một nghìn bảy trăm hai mươi tỷ"),
        ("1000000000000000", "một triệu tỷ"),
        ("1000000000000000000", "một tỷ tỷ"),
        ("8.6", "tám phẩy sáu"),
        ("8.60", "tám phẩy sáu"),
        ("2.012", "hai phẩy không một hai"),
        ("-3.5", "âm ba phẩy năm"),
        ("-0.05", "âm không phẩy không năm"),
    ],
)
def test_a_number_as_it_is_said(value, words):
    assert in_words(Decimal(value)) == words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("1720", "tỷ đồng", "một nghìn bảy trăm hai mươi tỷ đồng"),
        ("160", "nghìn thuê bao", "một trăm sáu mươi nghìn thuê bao"),
        ("8.6", "%", "tám phẩy sáu phần trăm"),
        ("4.8", "điểm %", "bốn phẩy tám điểm phần trăm"),
    ],
)
def test_a_number_is_said_with_its_unit(value, unit, words):
    assert in_words(Decimal(value), unit) == words


SAID = dict(
    zip("0123456789", ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"], strict=True)
)
CORRECTIONS = [
    ("không mươi không", ""),
    ("không mươi", "linh"),
    ("một mươi", "mười"),
    ("(mươi|mười) không", r"\1"),
    ("mươi một", "mươi mốt"),
    ("mươi bốn", "mươi tư"),
    ("(mươi|mười) năm", r"\1 lăm"),
    ("^không trăm linh |^không trăm ", ""),
]


def said_by_schoolbook(digits):
    """Every digit of every group is said first; the schoolbook's corrections then make it Vietnamese."""
    digits = digits.zfill(-(-len(digits) // 9) * 9)
    spoken = []
    for place in range(0, len(digits), 3):
        hundreds, tens, ones = (SAID[digit] for digit in digits[place : place + 3])
        rank = ("triệu", "nghìn", "")[place // 3 % 3]
        if digits[place : place + 3] != "000":
            spoken.append(f"{hundreds} trăm {tens} mươi {ones} ;{rank}")
        if place % 9 == 6 and spoken and place + 3 < len(digits):
            spoken.append("tỷ")
    text = " ".join(spoken)
    for wrong, right in CORRECTIONS:
        text = re.sub(wrong, right, text)
    return " ".join(text.replace(";", "").split()) or "không"


def number_of(words):
    """Back from words to the number, by another rule: the last “tỷ” splits, then triệu, nghìn, trăm, mươi."""
    for rank, size in (("tỷ", 10**9), ("triệu", 10**6), ("nghìn", 10**3), ("trăm", 100), ("mươi", 10)):
        if rank in words:
            at = len(words) - 1 - words[::-1].index(rank)
            return number_of(words[:at]) * size + number_of(words[at + 1 :])
    ones = {word: int(digit) for digit, word in SAID.items()} | {
        "mốt": 1,
        "tư": 4,
        "lăm": 5,
        "mười": 10,
        "linh": 0,
    }
    return sum(ones[word] for word in words)


WHOLE = st.one_of(
    st.integers(0, 10**15),
    st.integers(0, 2000),
    st.lists(
        st.sampled_from(["000", "001", "004", "005", "010", "015", "021", "100", "105", "999"]), max_size=5
    ).map(lambda groups: int("".join(groups) or "0")),
)


@given(WHOLE)
@example(10**15)
@example(10**9 + 5)
@example(10**12 + 10**9)
def test_words_follow_the_schoolbook_and_lead_back_to_the_number(number):
    words = in_words(Decimal(number))

    assert words == said_by_schoolbook(str(number))
    assert number_of(words.split()) == number


def test_every_number_to_ten_thousand_has_its_own_words():
    said = [in_words(Decimal(number)) for number in range(10_001)]

    assert [number_of(words.split()) for words in said] == list(range(10_001))
    assert said == [said_by_schoolbook(str(number)) for number in range(10_001)]


@given(EVERY_DECIMAL)
def test_decimals_are_said_digit_by_digit(value):
    whole, _comma, decimals = in_words(abs(value)).partition(" phẩy ")
    digits = {word: digit for digit, word in SAID.items()}

    assert Decimal(f"{number_of(whole.split())}.{''.join(digits[word] for word in decimals.split())}") == abs(
        value
    )
    assert in_words(value).startswith("âm ") == (value < 0)
