import time
from decimal import Decimal, localcontext

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.vietnamese.quantities import (
    DECIMALS,
    INTEGER_DIGITS,
    NotAQuantity,
    Quantity,
    doubt_in_unit,
    format_quantity,
    in_unit,
    in_words,
    read_percent,
    read_quantity,
)

DOUBT = "thousands_or_decimal"
NUMBERS = st.integers(-(10**26) + 1, 10**26 - 1).map(lambda units: Decimal(f"{units}E-{DECIMALS}"))
SMALL_NUMBERS = st.integers(-(10**10), 10**10).map(lambda units: Decimal(f"{units}E-3"))
EVERY_DECIMAL = st.one_of(NUMBERS, SMALL_NUMBERS)
TYPED = st.text(alphabet="0123456789.,-−+ \u00a0%nghìtrệuđồyướcae_１٣\x00", max_size=24)


# whole per cent


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("70", 70),
        ("70%", 70),
        (" 70 % ", 70),
        ("70,0", 70),
        ("70.00%", 70),
        ("0", 0),
        ("100", 100),
        ("07", 7),
    ],
)
def test_percentages_as_people_write_them(text, percent):
    assert read_percent(text) == percent


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "unreadable"),
        ("1_0", "unreadable"),
        ("７０", "unreadable"),
        ("1e1", "unreadable"),
        ("-5", "unreadable"),
        ("+5", "unreadable"),
        ("70,5", "unreadable"),
        ("bảy mươi", "unreadable"),
        ("70\x00", "unreadable"),
        ("101", "range"),
        ("999%", "range"),
    ],
)
def test_what_is_not_a_percentage(text, code):
    with pytest.raises(NotAQuantity) as refusal:
        read_percent(text)

    assert refusal.value.code == code


@given(st.text(max_size=12))
def test_no_text_breaks_the_reader(text):
    try:
        percent = read_percent(text)
    except NotAQuantity:
        return

    assert 0 <= percent <= 100


# reading


@pytest.mark.parametrize(
    ("text", "value", "doubt"),
    [
        ("1.720", "1720", DOUBT),
        ("2.012", "2012", DOUBT),
        ("160.000", "160000", DOUBT),
        ("-1.720", "-1720", DOUBT),
        ("2,012", "2.012", DOUBT),
        ("1720,500", "1720.5", DOUBT),
        ("1 720,500", "1720.5", DOUBT),
        ("1,720.500", "1720.5", DOUBT),
        ("0.125", "0.125", DOUBT),
        ("0,125", "0.125", None),
        ("1720", "1720", None),
        ("1 720", "1720", None),
        ("1\u00a0720", "1720", None),
        ("1\u202f720", "1720", None),
        ("1\u2009720\u2009000", "1720000", None),
        ("1.720.000", "1720000", None),
        ("1,720,000", "1720000", None),
        ("1.720,5", "1720.5", None),
        ("1.720,500", "1720.5", None),
        ("1,720.5", "1720.5", None),
        ("1 720,5", "1720.5", None),
        ("8,6", "8.6", None),
        ("8.6", "8.6", None),
        ("8.60", "8.6", None),
        ("8,6000", "8.6", None),
        ("1720.5", "1720.5", None),
        ("-3,5", "-3.5", None),
        ("−3,5", "-3.5", None),
        ("+4,8", "4.8", None),
        ("0", "0", None),
        ("-0", "0", None),
        ("007", "7", None),
        (" 12 \r\n", "12", None),
        ("9" * 20, "9" * 20, None),
    ],
)
def test_marks_and_groups_as_people_write_them(text, value, doubt):
    assert read_quantity(text) == Quantity(Decimal(value), doubt=doubt)


@pytest.mark.parametrize(
    ("text", "value", "unit", "scale", "printed_unit"),
    [
        ("160 nghìn", "160000", "", 10**3, "nghìn"),
        ("35 ngàn", "35000", "", 10**3, "nghìn"),
        ("35nghin", "35000", "", 10**3, "nghìn"),
        ("160 nghìn thuê bao", "160000", "thuê bao", 10**3, "nghìn thuê bao"),
        ("160 thuê bao", "160", "thuê bao", 1, "thuê bao"),
        ("1,5 triệu", "1500000", "", 10**6, "triệu"),
        ("1720 tỷ đồng", "1720000000000", "đồng", 10**9, "tỷ đồng"),
        ("1720 tỉ đồng", "1720000000000", "đồng", 10**9, "tỷ đồng"),
        ("1720 TY DONG", "1720000000000", "đồng", 10**9, "tỷ đồng"),
        ("5 nghìn tỷ", "5000000000000", "", 10**12, "nghìn tỷ"),
        ("-2 triệu đồng", "-2000000", "đồng", 10**6, "triệu đồng"),
        ("500 đ", "500", "đồng", 1, "đồng"),
        ("8,6%", "8.6", "%", 1, "%"),
        ("8,6\u00a0%", "8.6", "%", 1, "%"),
        ("8,6 phần trăm", "8.6", "%", 1, "%"),
        ("4,8 điểm phần trăm", "4.8", "điểm %", 1, "điểm %"),
        ("5 năm", "5", "năm", 1, "năm"),
        ("720 thủ tục", "720", "thủ tục", 1, "thủ tục"),
        ("12 lượt/tháng", "12", "lượt/tháng", 1, "lượt/tháng"),
        ("100 Mbps", "100", "Mbps", 1, "Mbps"),
        ("0,0000001 tỷ đồng", "100", "đồng", 10**9, "tỷ đồng"),
    ],
)
def test_words_after_the_digits(text, value, unit, scale, printed_unit):
    read = read_quantity(text)

    assert (read.value, read.unit, read.scale, read.printed_unit) == (
        Decimal(value),
        unit,
        Decimal(scale),
        printed_unit,
    )
    assert (read.qualifier, read.doubt) == ("", None)


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("ước 160", "estimate"),
        ("ước đạt 160", "estimate"),
        ("Ước đạt 160", "estimate"),
        ("uoc dat 160", "estimate"),
        ("ước  thực hiện 160", "estimate"),
        ("ước tính 160", "estimate"),
        ("u\u031bo\u031b\u0301c 160", "estimate"),
        ("gần 160", "nearly"),
        ("hơn 160", "over"),
        ("trên 160", "over"),
        ("đạt trên 160", "over"),
        ("khoảng 160", "about"),
        ("đạt 160", ""),
        ("160", ""),
    ],
)
def test_words_before_the_digits(text, qualifier):
    assert read_quantity(text) == Quantity(Decimal(160), qualifier=qualifier)


def test_a_printed_result_is_read_whole():
    estimate = read_quantity("ước đạt 160 nghìn thuê bao")
    revenue = read_quantity("1.720 tỷ đồng")

    assert estimate == Quantity(
        Decimal(160000), "thuê bao", "estimate", None, Decimal(1000), "nghìn thuê bao"
    )
    assert revenue == Quantity(Decimal(1720 * 10**9), "đồng", "", DOUBT, Decimal(10**9), "tỷ đồng")


NO_NUMBERS = """
1.72.000 | 12.3456.789 | 1.7200.000 | 1,72,000 | 1720.500 | 01.720 | 0.000.000 | 1.720. | .5 | ,5 | 5,
1 72 | 1  720 | 1 720 00 | 1 720.000 | 1.720 000 | 1.720,5,5 | 1,720.5.5 | 3, 4
1_000 | 1'000 | １７２０ | 1７20 | ٣ | ५ | ² | 1e9 | 1E9 | 1 e9 | 0x10 | NaN | inf | -inf | =5
--5 | -−5 | +-5 | 5- | - 5 | -ước 5 | 5-6 | 5 - 6 | 1/2 | 40/77 cơ quan
một nghìn | 2 triệu rưỡi | 1 triệu hai | 1 triệu năm | 1 tỷ 200 triệu | 1 nghìn triệu | 5 trăm
160 nghìn % | 5m | 5 %% | gần hơn 5 | năm 2019 | 5 тысяч
"""
UNREADABLE = [text.strip() for line in NO_NUMBERS.strip().splitlines() for text in line.split("|")]
HIDDEN = ["5\x00", "5 \x00đồng", "5 \x1fđồng", "5\nđồng", "5 \u202eđồng", "5 \ud800", "\ud800"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \u00a0 ", "empty"),
        ("9" * 101, "too_long"),
        ("1" + " " * 200, "too_long"),
        ("9" * 21, "range"),
        ("999999999999 tỷ", "range"),
        ("0,1234567", "decimals"),
        ("1,00000000000000000000000000001", "decimals"),
        ("-1,00000000000000000000000000001", "decimals"),
        *((text, "unreadable") for text in UNREADABLE + HIDDEN),
    ],
)
def test_what_is_refused(text, code):
    with pytest.raises(NotAQuantity) as refusal:
        read_quantity(text)

    assert refusal.value.code == code


@given(st.one_of(st.text(alphabet=st.characters(exclude_categories=[]), max_size=120), TYPED))
@example("\x00")
@example("\ud8005")
def test_every_text_is_read_or_refused(text):
    try:
        read = read_quantity(text)
    except NotAQuantity:
        return

    assert read.value.is_finite()
    assert read_quantity(f"{format_quantity(read.value)} {read.unit}").value == read.value


@given(
    st.integers(1, 999), st.integers(0, 999), st.sampled_from(".,"), st.sampled_from(["", " tỷ đồng", "%"])
)
def test_one_mark_before_exactly_three_digits_is_always_doubted(first, rest, mark, unit):
    read = read_quantity(f"{first}{mark}{rest:03}{unit}")

    assert read.doubt == DOUBT
    assert read.value / read.scale == (first * 1000 + rest if mark == "." else first + Decimal(rest) / 1000)


@pytest.mark.parametrize("text", ["9" * 10_000_000, " " * 10_000_000, "1 " * 5_000_000, "ước " * 2_000_000])
def test_an_enormous_text_is_refused_at_once(text):
    begun = time.perf_counter()

    with pytest.raises(NotAQuantity, match="too_long"):
        read_quantity(text)

    assert time.perf_counter() - begun < 0.05


def test_the_precision_of_the_process_changes_nothing():
    with localcontext() as context:
        context.prec = 3
        read = read_quantity("-12345678,123456 tỷ đồng")
        shown = format_quantity(read.value)
        in_billions = in_unit(read, "tỷ đồng")

    assert shown == "−12.345.678.123.456.000"
    assert in_billions == Decimal("-12345678.123456")


# the unit of an indicator


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("160 nghìn", "nghìn thuê bao", "160"),
        ("160 nghìn thuê bao", "nghìn thuê bao", "160"),
        ("160 nghin thue bao", "nghìn thuê bao", "160"),
        ("160.000 thuê bao", "nghìn thuê bao", "160"),
        ("160", "nghìn thuê bao", "160"),
        ("160 nghìn", "thuê bao", "160000"),
        ("1.720 tỷ đồng", "tỷ đồng", "1720"),
        ("1.720 tỷ đồng", "Tỷ đồng", "1720"),
        ("1.720 tỷ đồng", "triệu đồng", "1720000"),
        ("1.720 tỷ đồng", "nghìn tỷ đồng", "1.72"),
        ("1.720 tỷ đồng", "đồng", "1720000000000"),
        ("1.720 tỷ", "tỷ đồng", "1720"),
        ("1.720", "tỷ đồng", "1720"),
        ("500 triệu đồng", "tỷ đồng", "0.5"),
        ("8,6%", "%", "8.6"),
        ("8,6", "%", "8.6"),
        ("8,6 phần trăm", "%", "8.6"),
        ("8,6%", "phần trăm", "8.6"),
        ("160 nghìn", "", "160000"),
        ("33", "", "33"),
    ],
)
def test_a_number_in_the_unit_of_an_indicator(text, unit, value):
    assert in_unit(read_quantity(text), unit) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "unit", "code"),
    [
        ("1.720 tỷ đồng", "%", "unit"),
        ("1.720 tỷ", "%", "unit"),
        ("8,6%", "tỷ đồng", "unit"),
        ("8,6%", "điểm %", "unit"),
        ("8,6%", "", "unit"),
        ("160 nghìn máy", "nghìn thuê bao", "unit"),
        ("1 đồng", "tỷ đồng", "decimals"),
    ],
)
def test_what_does_not_fit_the_unit_is_refused(text, unit, code):
    with pytest.raises(NotAQuantity) as refusal:
        in_unit(read_quantity(text), unit)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("text", "unit", "doubt"),
    [
        ("160 nghìn", "tỷ đồng", "size_of_unit"),
        ("1,5 triệu", "nghìn thuê bao", "size_of_unit"),
        ("160 nghìn", "nghìn thuê bao", None),
        ("160 nghìn", "thuê bao", None),
        ("160 nghìn đồng", "tỷ đồng", None),
        ("160", "tỷ đồng", None),
        ("1.720", "tỷ đồng", DOUBT),
    ],
)
def test_the_unit_of_an_indicator_may_raise_a_doubt(text, unit, doubt):
    assert doubt_in_unit(read_quantity(text), unit) == doubt


# printing


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("1720.5", "1.720,5"),
        ("1720", "1.720"),
        ("2.012", "2,012"),
        ("8.60", "8,6"),
        ("-3.5", "−3,5"),
        ("0", "0"),
        ("-0.0", "0"),
        ("1E+3", "1.000"),
        ("999", "999"),
        ("1720000000000", "1.720.000.000.000"),
    ],
)
def test_a_number_as_it_is_printed(value, printed):
    assert format_quantity(Decimal(value)) == printed


@given(EVERY_DECIMAL)
@example(Decimal("2.012"))
@example(Decimal("1720"))
@example(Decimal("-0.125"))
@example(Decimal(10**INTEGER_DIGITS - 1))
def test_what_is_printed_is_read_as_the_same_number(value):
    read = read_quantity(format_quantity(value))

    assert read.value == value
    assert str(read.value) == str(read_quantity(str(read.value).replace(".", ",")).value)


@given(
    st.integers(-(10**17) + 1, 10**17 - 1).map(lambda units: Decimal(f"{units}E-{DECIMALS}")),
    st.sampled_from(["đồng", "tỷ đồng", "nghìn thuê bao", "%", "thủ tục"]),
)
def test_what_is_printed_with_its_unit_is_read_as_the_same_number(value, unit):
    assert in_unit(read_quantity(f"{format_quantity(value)} {unit}"), unit) == value


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "sNaN", "1E+20", "1E+999999"])
def test_only_numbers_within_the_limits_are_printed_and_said(value):
    for write in (format_quantity, in_words):
        with pytest.raises(NotAQuantity):
            write(Decimal(value))
