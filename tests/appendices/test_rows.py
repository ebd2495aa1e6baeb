"""What the cells of one row mean, and what is asked of a person."""

import datetime as dt

import pytest
from django.utils.translation import override

from tests.appendices.files import make_directory
from tracker.appendices import Doubt, Kind, Row, read_row
from tracker.appendices.targets import read_target

DIRECTORY = make_directory()


def read(year: int = 2020, kind: Kind = Kind.DIRECTIVES, **cells: str) -> Row:
    return read_row(
        {"content": "Rà soát", "lead": "Sở Y tế"} | cells, kind=kind, directory=DIRECTORY, year=year
    )


def only(doubts: tuple[Doubt, ...]) -> tuple[str, str, bool, str | None]:
    assert len(doubts) == 1
    return doubts[0].code, doubts[0].role, doubts[0].must, doubts[0].fix


@pytest.mark.parametrize(
    ("printed", "code", "fix"),
    [
        ("31/11/2020", "deadline_impossible", "30/11/2020"),
        ("trước ngày 31/11", "deadline_impossible", "trước ngày 30/11"),
        ("30/2/2020", "deadline_impossible", "29/2/2020"),
        ("30/2/2021", "deadline_impossible", "28/2/2021"),
        ("6/30/2020", "deadline_impossible", "30/6/2020"),
        ("32/13/2020", "deadline_impossible", None),
        ("30/6/20", "deadline_short_year", "30/6/2020"),
        ("trước tháng 6", "deadline_before_period", None),
        ("Tháng 3, 6, 9", "deadline_several", "Định kỳ: Tháng 3, 6, 9"),
        ("Tháng 3, 9 hằng năm", "deadline_several", None),
        ("2025 và những năm tiếp theo", "deadline_open_range", None),
        ("theo yêu cầu của UBND tỉnh", "deadline_depends", None),
        ("sớm", "deadline_unreadable", None),
    ],
)
def test_a_deadline_that_is_not_clear_must_be_settled_with_a_fix_where_one_is_near(printed, code, fix):
    row = read(deadline=printed)

    assert only(row.doubts) == (code, "deadline", True, fix)
    assert row.doubts[0].sentence == row.deadline.question


@pytest.mark.parametrize(
    ("printed", "kind", "due_on"),
    [
        ("", "none", None),
        ("01/01/1970", "none", None),
        ("Thường xuyên", "ongoing", None),
        ("Hằng năm", "yearly", None),
        ("Quý II/2025", "quarter_end", dt.date(2025, 6, 30)),
        ("2025-2026", "range", dt.date(2026, 12, 31)),
        ("hết\nquý II", "quarter_end", dt.date(2020, 6, 30)),
    ],
)
def test_a_clear_deadline_leaves_nothing_to_ask(printed, kind, due_on):
    row = read(deadline=printed)

    assert (row.deadline.kind, row.deadline.due_on, row.doubts) == (kind, due_on, ())


@pytest.mark.parametrize("fix", ["30/11/2020", "29/2/2020", "30/6/2020"])
def test_a_fix_leaves_nothing_to_ask(fix):
    assert read(deadline=fix).doubts == ()


def test_the_number_by_which_a_spreadsheet_stores_a_day_is_that_day():
    row = read(deadline="44000")

    assert row.deadline.due_on == dt.date(2020, 6, 18)
    assert only(row.doubts) == ("serial", "deadline", False, "18/6/2020")


@pytest.mark.parametrize(
    ("kind", "role", "most"),
    [
        (Kind.DIRECTIVES, "content", 2000),
        (Kind.DIRECTIVES, "product", 1000),
        (Kind.INDICATORS, "content", 500),
        (Kind.INDICATORS, "target", 500),
    ],
)
def test_a_text_longer_than_the_register_keeps_is_never_cut_in_silence(kind, role, most):
    fits, too_long = (read(kind=kind, **{role: "a" * length}) for length in (most, most + 1))

    assert fits.doubts == ()
    assert only(too_long.doubts) == ("too_long", role, True, None)


def test_what_is_missing_is_said():
    assert only(read(content="").doubts) == ("no_text", "content", True, None)
    assert only(read(lead="").doubts) == ("no_lead", "lead", False, None)
    assert read(kind=Kind.INDICATORS, lead="").doubts == ()


@pytest.mark.parametrize(
    ("role", "text"),
    [
        ("content", "=B2"),
        ("lead", "=SUM(A1:A3)"),
        ("note", "#REF!"),
        ("deadline", "=TODAY()"),
        ("target", "=B7*2"),
    ],
)
def test_a_formula_without_its_value_must_be_settled(role, text):
    row = read(kind=Kind.INDICATORS, **{role: text})

    assert only(row.doubts) == ("formula", role, True, None)


# The cell and the unit beside it; operator, value, upper end, unit, words.
TARGETS = [
    ("80", "%", "ge", "80", None, "%", ""),
    ("≥ 80", "%", "ge", "80", None, "%", ""),
    (">=80", "%", "ge", "80", None, "%", ""),
    (">12", "", "gt", "12", None, "", ""),
    ("= 5", "", "eq", "5", None, "", ""),
    ("< 3,5", "%", "lt", "3.5", None, "%", ""),
    ("≤ 3", "", "le", "3", None, "", ""),
    ("≤ 3 Đông Nam Á; ≤ 50 Thế giới", "", "", None, None, "", "≤ 3 Đông Nam Á; ≤ 50 Thế giới"),
    ("40 - 50", "%", "range", "40", "50", "%", ""),
    ("40% – 50%", "%", "range", "40", "50", "%", ""),
    ("từ 40 đến 50 triệu đồng", "triệu đồng", "range", "40", "50", "triệu đồng", ""),
    ("8,6-9", "%", "range", "8.6", "9", "%", ""),
    ("50-40", "", "", None, None, "", "50-40"),
    ("100%", "%", "ge", "100", None, "%", ""),
    ("100%", "", "ge", "100", None, "%", ""),
    ("trên 80%", "%", "gt", "80", None, "%", ""),
    ("từ 90% trở lên", "%", "ge", "90", None, "%", ""),
    ("tối thiểu 70", "%", "ge", "70", None, "%", ""),
    ("không quá 5", "vụ", "le", "5", None, "vụ", ""),
    ("dưới 2", "%", "lt", "2", None, "%", ""),
    ("1.720,5 tỷ đồng", "triệu đồng", "ge", "1720500", None, "triệu đồng", ""),
    ("160 nghìn", "thuê bao", "ge", "160000", None, "thuê bao", ""),
    ("80%", "tỷ đồng", "", None, None, "tỷ đồng", "80%"),
    ("Tất cả", "xã", "all", None, None, "xã", ""),
    ("Hoàn thành", "", "", None, None, "", "Hoàn thành"),
    ("100/100 dân", "", "", None, None, "", "100/100 dân"),
    ("x", "", "", None, None, "", "x"),
]


@pytest.mark.parametrize(("text", "unit", "operator", "value", "upper", "in_unit", "words"), TARGETS)
def test_a_target_is_read(text, unit, operator, value, upper, in_unit, words):
    target, doubts = read_target(text, unit)

    assert target is not None
    read = (target.operator, target.value, target.upper, target.unit, target.words)
    assert [part if isinstance(part, str) or part is None else str(part) for part in read] == [
        operator, value, upper, in_unit, words
    ]  # fmt: skip
    assert doubts == []


def test_an_empty_target_is_none():
    assert read_target(" \n ", "%") == (None, [])


@pytest.mark.parametrize(
    ("text", "unit", "value", "fix"),
    [
        ("1.720", "tỷ đồng", "1720", "1,72"),
        ("38.000", "nghìn thuê bao", "38000", "38"),
        ("2,012", "%", "2.012", "2012"),
        ("≥ 1.800 tỷ đồng", "", "1800", "≥ 1,8 tỷ đồng"),
    ],
)
def test_one_mark_before_three_digits_is_shown_in_words_with_the_other_reading(text, unit, value, fix):
    target, doubts = read_target(text, unit)

    assert target is not None
    assert str(target.value) == value
    assert only(tuple(doubts)) == ("thousands", "target", False, fix)
    assert read_target(fix, unit)[1] == []


def test_the_sentence_names_what_was_understood():
    with override("vi"):
        _target, doubts = read_target("38.000", "nghìn thuê bao")

    assert (doubts[0].sentence, doubts[0].fix_label) == (
        "“38.000” được đọc là ba mươi tám nghìn nghìn thuê bao.",
        "Đổi thành 38",
    )
