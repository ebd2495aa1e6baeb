"""Value in, text out."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.paginator import Paginator
from django.template import engines
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tracker import charts
from tracker.models import ReportStatus, Standing
from tracker.templatetags import display

TODAY = dt.date(2020, 6, 16)


def rendered(template, **context):
    return engines["django"].from_string(template).render(context)


@pytest.mark.parametrize(
    ("value", "vietnamese", "english"),
    [
        (None, "–", "–"),
        ("", "–", "–"),
        (0, "0", "0"),
        (1720, "1.720", "1,720"),
        (Decimal("1720.50"), "1.720,5", "1,720.5"),
        (51.5, "51,5", "51.5"),
        (Decimal("-17.0"), "−17", "−17"),
        (1_000_000, "1.000.000", "1,000,000"),
        (Decimal("1E+3"), "1.000", "1,000"),
    ],
)
def test_numbers_follow_the_language(value, vietnamese, english):
    with translation.override("vi"):
        assert display.quantity(value) == vietnamese
    with translation.override("en"):
        assert display.quantity(value) == english


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=3))
def test_a_number_can_be_read_back(value):
    with translation.override("vi"):
        text = display.quantity(value)

    assert Decimal(text.replace("−", "-").replace(".", "").replace(",", ".")) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0, "0%"), (8.6, "8,6%"), (22.916, "22,9%"), (100, "100%"), (-17, "−17%")],
)
def test_percentages_have_one_decimal_and_no_space(value, text):
    assert display.percent(value) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(None, "–"), (0, "1 kB"), (64_200, "64 kB"), (1_800_000, "1,8 MB"), (20_000_000, "20 MB")],
)
def test_file_sizes(size, text):
    assert display.file_size(size) == text


def test_days_lose_the_year_only_when_it_is_this_year():
    assert display.day(dt.date(2020, 6, 5)) == "5/6/2020"
    assert display.day(dt.date(2020, 6, 5), TODAY) == "5/6"
    assert display.day(dt.date(2019, 6, 5), TODAY) == "5/6/2019"
    assert display.day(None) == "–"


def test_a_moment_just_after_midnight_belongs_to_the_offices_day():
    moment = dt.datetime(2020, 6, 15, 17, 10, tzinfo=dt.UTC)

    assert display.day(moment, TODAY) == "16/6"


def test_weekdays():
    assert display.weekday_date(dt.date(2020, 6, 19), TODAY) == "thứ Sáu 19/6"
    assert display.weekday_date(dt.date(2020, 6, 21)) == "Chủ nhật 21/6/2020"


def test_moments_are_written_in_the_office_s_time_zone():
    moment = dt.datetime(2020, 6, 15, 20, 5, tzinfo=dt.UTC)

    assert display.moment(moment) == "16/6/2020 03:05"
    assert display.clock_time(moment) == "03:05"


@pytest.mark.parametrize(
    ("due", "text"),
    [
        (None, ""),
        (dt.date(2020, 6, 16), "hôm nay đến hạn"),
        (dt.date(2020, 6, 17), "còn 1 ngày"),
        (dt.date(2020, 6, 30), "còn 14 ngày"),
        (dt.date(2020, 6, 15), "quá 1 ngày"),
        (dt.date(2020, 5, 31), "quá 16 ngày"),
        (dt.date(2025, 6, 16), "còn 1.826 ngày"),
    ],
)
def test_how_far_a_deadline_is(due, text):
    assert display.days_left(due, TODAY) == text


@pytest.mark.parametrize(
    ("when", "text"),
    [
        (None, "chưa có"),
        (TODAY, "hôm nay"),
        (dt.date(2020, 6, 15), "hôm qua"),
        (dt.date(2020, 6, 9), "7 ngày trước"),
        (dt.datetime(2020, 6, 15, 20, tzinfo=dt.UTC), "hôm nay"),
    ],
)
def test_how_long_ago(when, text):
    assert display.days_ago(when, TODAY) == text


@pytest.mark.parametrize(
    "key", [*Standing.values, *(display.status_key(value) for value in ReportStatus.values)]
)
def test_every_state_has_a_picture_and_two_wordings(key):
    badge = rendered("{% load display %}{% status key %}", key=key)

    assert f'class="st st--{key}"' in badge
    assert f"#s-{key}" in badge
    assert display.status_word(key) in badge
    assert display.status_phrase(key) == display.status_phrase(key).lower()


def test_every_state_of_the_register_fits_the_stacked_bar():
    assert set(charts.STATUS_ORDER) == set(Standing.values) - {Standing.OUTSIDE}


@pytest.mark.parametrize(
    ("page", "window"),
    [
        (1, [1, 2, None, 80]),
        (2, [1, 2, 3, None, 80]),
        (7, [1, None, 6, 7, 8, None, 80]),
        (80, [1, None, 79, 80]),
    ],
)
def test_only_neighbouring_pages_get_a_link(page, window):
    assert display.page_window(Paginator(range(2000), 25).page(page)) == window


@pytest.mark.parametrize("language", ["vi", "en"])
def test_places_in_drawings_have_a_dot_in_every_language(language):
    segments = charts.status_bar({"late": 1, "soon": 2, "done": 4})

    with translation.override(language):
        bar = rendered('{% include "charts/_status_bar.html" %}', segments=segments)
        progress = rendered('{% include "components/_progress_bar.html" %}', percent=12.5, expected=99.5)

    assert 'x="14.286%" width="28.571%"' in bar
    assert 'width="12.5%"' in progress
    assert 'x="99.5%"' in progress


def test_a_missing_percentage_is_no_zero():
    progress = rendered('{% include "components/_progress_bar.html" %}', percent=None)

    assert '<span class="bar__n">–</span>' in progress


def test_the_s_curve_says_its_finding_in_words():
    labels = ["T1", *map(str, range(2, 13))]
    plan = [1, 3, 7, 10, 16, 24, 27, 31, 36, 40, 43, 48]
    chart = charts.s_curve(
        labels, plan, [1, 3, 5, 7, 9], elapsed=0.459, planned_now=17, done_now=11, projected=39
    )

    text = rendered('{% include "charts/_s_curve.html" %}', chart=chart, today=TODAY, title="Đường chữ S")

    assert "Đến 16/6 phải xong 17, đã xong 11:" in text
    assert '<b class="down">chậm 6</b>' in text
    assert "Giữ nhịp hiện nay, cả kỳ xong khoảng 39/48." in text
    assert text.count("<td>–</td>") == 7
    assert "style=" not in text
