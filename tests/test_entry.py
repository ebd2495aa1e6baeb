"""A figure beside the period before and the plan: growth, points, places, small numbers, and which way is worse."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.factories import TODAY
from tracker.figures.entry import Entry, current_periods, number_before
from tracker.models import Indicator, Measurement, ReportingPeriod
from tracker.templatetags.measurements import (
    amount,
    change_text,
    doubt_in_words,
    figure_value,
    plan_of,
    worse_sentence,
)

JUNE = ReportingPeriod(kind="month", year=2020, number=6)


def entry(now, before, *, plan=None, **fields):
    """An entry of June whose figures have these values; a pair is a ratio's numerator and denominator."""
    indicator = Indicator(**({"name": "Chỉ tiêu", "unit": "tỷ đồng"} | fields))
    return Entry(
        indicator,
        None,
        JUNE,
        figure=_figure(now),
        before=_figure(before),
        plan=None if plan is None else Decimal(plan),
    )


def _figure(number):
    if number is None:
        return None
    if isinstance(number, tuple):
        part, whole = map(Decimal, number)
        return Measurement(numerator=part, denominator=whole, value=part * 100 / whole)
    return Measurement(value=Decimal(number))


PERCENT = {"value_kind": "percent", "unit": "%"}
RANK = {"value_kind": "rank", "unit": ""}
RATIO = PERCENT | {"numerator_name": "ký số", "denominator_name": "văn bản đi"}


@pytest.mark.parametrize(
    ("now", "before", "fields", "text", "is_worse"),
    [
        ("152.4", "148.6", {}, "+2,6%", False),
        ("120", "150", {}, "−20%", True),
        ("120", "150", {"direction": "down"}, "−20%", False),
        ("160", "150", {"direction": "down"}, "+6,7%", True),
        ("46.8", "42", PERCENT, "+4,8 điểm", False),
        ("33", "40", RANK, "+7 bậc", False),
        ("40", "33", RANK, "−7 bậc", True),
        ("2", "1", {"unit": "lãnh đạo"}, "+1", False),
        ("5", "0", {}, "+5", False),
        (("32", "58"), ("41", "58"), RATIO, "−22%", True),
        (("32", "40"), ("41", "58"), RATIO, "−22%", False),
        ("120", None, {}, "–", False),
        (None, "120", {}, "–", False),
        ("1", "0", {"value_kind": "yes_no"}, "–", False),
    ],
)
def test_the_change_is_said_in_what_it_is_measured(now, before, fields, text, is_worse):
    compared = entry(now, before, **fields).compare()

    assert (change_text(compared), compared.is_worse) == (text, is_worse)


def test_a_ratio_also_says_how_its_per_cent_moved():
    compared = entry(("32", "58"), ("41", "58"), **RATIO).compare()

    assert round(compared.points, 1) == Decimal("-15.5")


def test_the_share_of_the_plan_and_what_is_missing_of_small_numbers():
    large = entry("84", "66", plan="120").compare()
    small = entry("2", "1", plan="3", unit="lãnh đạo").compare()

    assert (large.share, large.gap) == (70, None)
    assert small.gap == 1


def test_far_from_the_history_is_the_mean_of_six_periods():
    far = entry("400", "148")
    far.history = [Decimal(number) for number in (9000, 140, 150, 140, 150, 140, 150)]

    assert far.compare().far == 145
    assert doubt_in_words(far) == "xa số các kỳ trước"


@pytest.mark.parametrize(
    ("fields", "now", "before", "words", "sentence"),
    [
        ({}, "120", "150", "giảm 20%", "Giảm so với tháng 5."),
        ({"direction": "down"}, "180", "150", "tăng 20%", "Tăng so với tháng 5."),
        (RANK, "40", "33", "tụt 7 bậc", "Tụt hạng so với tháng 5."),
    ],
)
def test_what_is_worse_is_said_in_words(fields, now, before, words, sentence):
    worse = entry(now, before, **fields)

    assert (doubt_in_words(worse), worse_sentence(worse)) == (words, sentence)


def test_values_are_printed_in_their_kind():
    indicator = Indicator(unit="tỷ đồng")
    estimate = Measurement(value=Decimal("1720"), qualifier="estimate")

    assert figure_value(estimate, indicator, unit=True) == "ước 1.720 tỷ đồng"
    assert figure_value(Measurement(), indicator) == "–"
    assert figure_value(None, indicator) == "–"
    assert amount(Decimal("0"), indicator) == "0"
    assert amount(Decimal("8.60"), Indicator(**PERCENT)) == "8,6%"
    assert amount(Decimal("1"), Indicator(value_kind="yes_no")) == "Có"
    assert plan_of(entry("84", "66", plan="120")) == "120"
    assert plan_of(entry("84", "66")) == "–"


def test_january_follows_december_and_the_first_quarter_the_fourth():
    assert number_before(ReportingPeriod(kind="month", year=2020, number=1)) == (2019, 12)
    assert number_before(ReportingPeriod(kind="quarter", year=2020, number=1)) == (2019, 4)
    assert number_before(ReportingPeriod(kind="year", year=2020, number=1)) == (2019, 1)
    assert number_before(JUNE) == (2020, 5)


def test_the_period_to_enter_is_the_one_that_is_sent_next():
    def month(number, ends, sends):
        return ReportingPeriod(kind="month", year=2020, number=number, ends_on=ends, agencies_send_on=sends)

    may = month(5, dt.date(2020, 5, 14), dt.date(2020, 5, 17))
    june = month(6, dt.date(2020, 6, 14), dt.date(2020, 6, 17))
    july = month(7, dt.date(2020, 7, 14), dt.date(2020, 7, 17))

    assert current_periods([july, june, may], TODAY) == {"month": june}
    assert current_periods([july, june, may], dt.date(2020, 6, 18)) == {"month": july}
    assert current_periods([may], TODAY) == {"month": may}
