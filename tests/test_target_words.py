"""What targets say in words, in both languages: amounts, changes, verdicts, formulas."""

from decimal import Decimal as D

import pytest
from django.utils import translation

from tests.factories import (
    TODAY,
    make_agency,
    make_indicator,
    make_mark,
    make_measurement,
    make_period,
    make_roster,
    make_share,
    make_target,
    make_user,
)
from tracker.figures.target_rows import Change
from tracker.figures.targets import year_plan
from tracker.judgement import Verdict
from tracker.models import Configuration, Indicator, Target
from tracker.target_words import (
    VERDICTS,
    amount,
    change_words,
    cumulative_label,
    forecast,
    formula,
    still_needed,
    target_text,
    why_none,
)

pytestmark = pytest.mark.django_db


def the_row():
    (row,) = year_plan(make_user("leader"), TODAY, Configuration()).rows
    return row


def needed_in(language="vi"):
    with translation.override(language):
        return "".join(still_needed(the_row()) or ())


@pytest.mark.parametrize(
    ("verdict", "vietnamese", "english"),
    [
        (Verdict.MET, "Đạt", "On course"),
        (Verdict.RISK, "Nguy cơ", "At risk"),
        (Verdict.OFF, "Khó đạt", "Unlikely"),
        (Verdict.NONE, "Chưa đánh giá được", "Cannot be said"),
    ],
)
def test_every_verdict_has_its_word_in_both_languages(verdict, vietnamese, english):
    said = []
    for language in ("vi", "en"):
        with translation.override(language):
            said.append(str(VERDICTS[verdict].text))

    assert said == [vietnamese, english]


@pytest.mark.parametrize(
    ("value", "fields", "text"),
    [
        ("731", {"is_cumulative": True}, "731,0"),
        ("171.40", {}, "171,4"),
        ("100", {}, "100"),
        ("-0.04", {"is_cumulative": True}, "0,0"),
        ("-12.55", {}, "−12,6"),
        ("1", {"value_kind": "yes_no"}, "Có"),
        ("0", {"value_kind": "yes_no"}, "Không"),
        ("812", {"decimals": 0}, "812"),
    ],
)
def test_amounts_are_written_as_the_office_prints_them(value, fields, text):
    assert amount(D(value), Indicator(**fields)) == text


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("1754.4", "number", "1.754"),
        ("123.6", "number", "123,6"),
        ("93.2", "percent", "93,2%"),
        (None, "", "–"),
    ],
)
def test_a_forecast_of_thousands_has_no_decimals(value, kind, text):
    assert forecast(D(value) if value else None, Indicator(value_kind=kind)) == text


@pytest.mark.parametrize(
    ("kind", "difference", "direction", "text", "tone"),
    [
        ("growth", "2.04", "up", "+2,0%", "up"),
        ("growth", "-17.0", "up", "−17,0%", "down"),
        ("growth", "-17.0", "down", "−17,0%", "up"),
        ("points", "4.8", "up", "+4,8 điểm", "up"),
        ("points", "-0.3", "up", "−0,3 điểm", "down"),
        ("points", "0", "up", "giữ vững", ""),
        ("growth", "0", "down", "không đổi", ""),
        ("rank", "7", "down", "tăng 7 bậc", "up"),
        ("rank", "-3", "down", "giảm 3 bậc", "down"),
        ("growth", None, "up", "–", ""),
    ],
)
def test_a_change_says_per_cent_points_or_places(kind, difference, direction, text, tone):
    change = Change(D(40), "same_period", kind, D(difference) if difference else None)

    words = change_words(change, Indicator(direction=direction), 2020)

    assert (words.text, words.tone) == (text, tone)


@pytest.mark.parametrize(
    ("basis", "asked", "text"),
    [
        ("spread", "same_period", "quy đổi"),
        ("year_end", "same_period", "cuối năm 2019"),
        ("year_end", "year_end", ""),
        ("same_period", "same_period", ""),
    ],
)
def test_another_basis_than_the_one_asked_for_is_named(basis, asked, text):
    assert change_words(Change(D(1), basis, "growth", D(2)), Indicator(), 2020, asked).basis == text


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"value": D(1800)}, "1.800"),
        ({"value": D(35), "operator": "le"}, "≤ 35"),
        ({"value": D(50), "operator": "gt"}, "> 50"),
        ({"value": D(40), "upper": D(60), "operator": "range"}, "40–60"),
        ({"operator": "all"}, "100"),
        ({"words": "Trình đề án"}, "Trình đề án"),
    ],
)
def test_a_target_is_written_with_its_operator(fields, text):
    assert target_text(Target(**fields), Indicator()) == text


def test_a_flow_over_its_limit_or_reached_says_so():
    less = make_indicator(direction="down")
    make_target(less, 10, operator=Target.Operator.AT_MOST)
    make_measurement(less, 12)

    assert needed_in() == "Đã vượt mức cho phép cả năm 10."


def test_a_flow_within_its_limit_says_how_much_is_left():
    less = make_indicator(direction="down", unit="vụ")
    make_target(less, 17, operator=Target.Operator.AT_MOST)
    make_measurement(less, 3)

    assert needed_in().startswith(
        "Muốn không quá 17, bảy tháng còn lại bình quân nhiều nhất2,0\N{NO-BREAK SPACE}vụ/tháng"
    )


def test_a_level_says_how_much_it_has_to_rise_and_has_risen():
    share = make_share(baseline_value=D(80), baseline_year=2019)
    make_target(share, 90)
    make_measurement(share, "83", period="2020-05")

    assert (
        needed_in()
        == "Muốn đạt 90, bảy tháng còn lại phải tăng bình quân1\N{NO-BREAK SPACE}điểm/tháng; đến nay tăng 0,6."
    )
    assert "must rise on average by" in needed_in("en")


def test_a_level_that_is_reached_asks_for_no_more():
    share = make_share()
    make_target(share, 90)
    make_measurement(share, "93", period="2020-05")

    assert needed_in() == "Hiện đã đạt mức 90."


def test_the_formula_carries_its_numbers_and_its_bound():
    share = make_share(baseline_value=D(80), baseline_year=2019)
    make_target(share, 100)
    make_measurement(share, "95", period="2020-05")

    assert formula(the_row()) == "95 + (95 − 80) ÷ 5 × 7 = 116, cao nhất 100"


def test_a_complete_list_says_so():
    make_period("2020-05")
    roster = make_roster(make_agency())
    make_mark(roster.bodies.get())

    assert needed_in() == "Cả 1 cơ quan đã dùng."


@pytest.mark.parametrize(
    ("fields", "target", "reason"),
    [
        ({}, {"value": 100}, "chưa có số liệu"),
        ({"value_kind": "words"}, {"value": None, "words": "Trình"}, "mức phải đạt bằng lời"),
    ],
)
def test_no_verdict_says_why(fields, target, reason):
    make_period("2020-05")
    make_target(make_indicator(is_cumulative=False, **fields), **target)

    assert why_none(the_row()) == reason


@pytest.mark.parametrize(
    ("code", "label"),
    [("2020-05", "Lũy kế 5 tháng"), ("2020-q1", "Đến hết quý I"), ("2020", "Đến hết năm 2020")],
)
def test_the_period_up_to_which_figures_are_added(code, label):
    assert cumulative_label(make_period(code)) == label
