"""Charts of targets: places recomputed by hand."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.chart_places import Axis, axis, end_labels
from tracker.target_charts import (
    bullet,
    coverage_curve,
    cumulative_line,
    heat_step,
    month_line,
    sparkline,
)

MONTHS = ["T1", *map(str, range(2, 13))]
REVENUE = [Decimal(text) for text in ("148.2", "143.5", "146.1", "144.6", "148.6")]
SUMS = [Decimal(text) for text in ("148.2", "291.7", "437.8", "582.4", "731.0")]

figures = st.decimals(-(10**12), 10**12, places=3, allow_nan=False)
maybe = st.none() | figures


def numbers(texts):
    return [float(number) for text in texts for number in re.split("[ ,]", text)]


# bullets


def test_the_bullet_of_telecommunications_revenue():
    drawn = bullet(Decimal("731.0"), Decimal(750), Decimal(1720), Decimal(1800), Decimal("1754.4"))

    assert (drawn.actual, drawn.plan, drawn.before, drawn.target, drawn.projection) == (
        39.05,
        40.06,
        91.88,
        96.15,
        93.72,
    )
    assert drawn.projection_start == 39.05


def test_a_forecast_beyond_the_plan_sets_the_scale():
    drawn = bullet(Decimal("51.5"), Decimal(50), Decimal(100), Decimal(120), Decimal("123.6"))

    assert (drawn.actual, drawn.plan, drawn.before, drawn.target, drawn.projection) == (
        40.06,
        38.9,
        77.79,
        93.35,
        96.15,
    )


def test_a_missing_figure_has_no_place():
    drawn = bullet(None, None, None, Decimal(100), Decimal(50))

    assert (drawn.actual, drawn.plan, drawn.before) == (None, None, None)
    assert (drawn.target, drawn.projection, drawn.projection_start) == (96.15, 48.08, 0)


def test_without_any_figure_there_is_no_bullet():
    assert bullet(None, None, None, None, None) is None


@pytest.mark.parametrize("actual", [Decimal(0), Decimal(-3)])
def test_a_target_of_zero_divides_nothing(actual):
    drawn = bullet(actual, None, None, Decimal(0), None)

    assert (drawn.actual, drawn.target) == (0, 0)


def test_below_zero_is_drawn_at_the_start():
    drawn = bullet(Decimal(-5), None, Decimal(50), None, None)

    assert (drawn.actual, drawn.before) == (0, 96.15)


@given(st.lists(maybe, min_size=5, max_size=5))
def test_every_place_of_a_bullet_is_in_its_frame(given_figures):
    drawn = bullet(*given_figures)

    places = [drawn.actual, drawn.plan, drawn.before, drawn.target, drawn.projection] if drawn else []
    assert [place is None for place in places] == ([f is None for f in given_figures] if drawn else [])
    assert all(0 <= place <= 100 for place in places if place is not None)


@pytest.mark.parametrize(
    ("percent", "step"),
    [
        (None, ""),
        ("0", "q0"),
        ("0.4", "q1"),
        ("39.9", "q1"),
        ("40", "q2"),
        ("69.99", "q2"),
        ("70", "q3"),
        ("89.9", "q3"),
        ("90", "q4"),
        ("100", "q4"),
        ("104.2", "q4"),
    ],
)
def test_heat(percent, step):
    assert heat_step(None if percent is None else Decimal(percent)) == step


# sparklines


def test_a_sparkline_spans_its_box():
    drawn = sparkline(REVENUE, Decimal(150))

    assert drawn.lines == ["3.0,8.6 24.0,19.7 45.0,13.5 66.0,17.1 87.0,7.6"]
    assert (drawn.target_y, drawn.dot_x, drawn.dot_y) == (4.3, 87.0, 7.6)


def test_no_sparkline_runs_through_a_missing_month():
    values = [Decimal(1), None, Decimal(2), Decimal(3), None]

    drawn = sparkline(values, None)

    assert drawn.lines == ["3.0,19.7 3.0,19.7", "45.0,12.0 66.0,4.3"]
    assert (drawn.dot_x, drawn.dot_y, drawn.target_y) == (66.0, 4.3, None)


def test_level_figures_run_through_the_middle():
    drawn = sparkline([Decimal(100)] * 5, None)

    assert drawn.lines == ["3.0,12.0 24.0,12.0 45.0,12.0 66.0,12.0 87.0,12.0"]


@pytest.mark.parametrize("values", [[], [None, None]])
def test_without_figures_there_is_no_sparkline(values):
    assert sparkline(values, Decimal(5)) is None


@given(st.lists(maybe, max_size=14), maybe)
def test_every_place_of_a_sparkline_is_in_its_box(values, target):
    drawn = sparkline(values, target)

    assert (drawn is None) == all(value is None for value in values)
    if drawn:
        places = numbers(drawn.lines)
        assert all(0 <= x <= 92 for x in [*places[::2], drawn.dot_x])
        assert all(0 <= y <= 24 for y in [*places[1::2], drawn.dot_y, drawn.target_y or 0])


# axes


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [
        ("143.3", "152.7", [135, 140, 145, 150, 155]),
        ("2", "3.2", [1.5, 2, 2.5, 3, 3.5]),
        ("1", "9", [0, 2, 4, 6, 8, 10]),
        ("100", "100", [87.5, 90, 92.5, 95, 97.5, 100]),
        ("0", "0", [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ("-3", "8", [-5, 0, 5, 10]),
        ("-8", "-2", [-8, -6, -4, -2, 0]),
    ],
)
def test_an_axis_is_round(low, high, marks):
    found = axis(Decimal(low), Decimal(high), may_start_above_zero=True)

    assert [float(mark.value) for mark in found.marks] == marks


def test_sums_are_always_shown_from_zero():
    found = axis(Decimal(1700), Decimal(1800), may_start_above_zero=False)

    assert [mark.value for mark in found.marks] == [0, 500, 1000, 1500, 2000]
    assert [mark.y for mark in found.marks] == [100, 75, 50, 25, 0]


@given(figures, figures, st.booleans())
def test_an_axis_holds_its_figures(one, other, may_start_above_zero):
    low, high = sorted((one, other))

    found = axis(low, high, may_start_above_zero=may_start_above_zero)

    assert found.bottom <= low <= high <= found.top
    assert 2 <= len(found.marks) <= 6
    assert found.bottom <= 0 <= found.top or may_start_above_zero
    assert [mark.y for mark in found.marks] == sorted((mark.y for mark in found.marks), reverse=True)


def test_words_at_the_right_end_never_lie_upon_each_other():
    scale = Axis(Decimal(0), Decimal(100), [])

    found = end_labels(
        {"plan": Decimal(3), "needed": Decimal(2), "before": Decimal(1)}, scale, above=5, below=6
    )

    assert [label.kind for label in found] == ["plan", "needed", "before"]
    assert [label.y for label in found] == [82, 89, 96]


# month by month


def revenue_months(**other):
    given_figures = {
        "labels": MONTHS,
        "values": REVENUE,
        "plan": [Decimal(150)] * 12,
        "before_mean": Decimal("143.3"),
        "needed": Decimal("152.7"),
        "today_x": 46.08,
    }
    return month_line(**given_figures | other)


def test_the_months_of_telecommunications_revenue():
    chart = revenue_months()

    assert [mark.value for mark in chart.axis] == [135, 140, 145, 150, 155]
    assert chart.starts_above_zero
    assert chart.bottom == 135
    assert chart.lines == ["4.17,34.00 12.50,57.50 20.83,44.50 29.17,52.00 37.50,32.00"]
    assert chart.plan_lines[0].split()[0] == "0.00,25.00"
    assert chart.plan_lines[0].split()[-1] == "100.00,25.00"
    assert (chart.needed_x, chart.needed_y, chart.before_y) == (41.67, 11.5, 58.5)
    assert [month.label_above for month in chart.months[:5]] == [True, False, True, False, True]
    assert [month.label_is_minor for month in chart.months[:5]] == [True, False, True, True, False]
    assert [month.needed for month in chart.months] == [None] * 5 + [Decimal("152.7")] * 7
    assert [end.kind for end in chart.ends] == ["needed", "plan", "before"]
    assert chart.has_room_for_ends


def test_a_missing_month_breaks_the_line():
    chart = revenue_months(values=[REVENUE[0], None, *REVENUE[2:]], plan=[None, Decimal(150), None])

    assert chart.lines == ["4.17,34.00 4.17,34.00", "20.83,44.50 29.17,52.00 37.50,32.00"]
    assert chart.plan_lines == ["8.33,25.00 12.50,25.00 16.67,25.00"]
    assert chart.months[1].value is None


def test_a_year_that_is_over_needs_nothing_more():
    chart = revenue_months(values=[Decimal(150)] * 12)

    assert (chart.needed, chart.needed_y) == (None, None)
    assert all(month.needed is None for month in chart.months)
    assert not chart.has_room_for_ends


def test_before_the_first_figure_every_month_needs_the_pace():
    chart = revenue_months(values=[])

    assert chart.lines == []
    assert chart.needed_x == 0
    assert all(month.needed == Decimal("152.7") for month in chart.months)


def test_months_without_any_figure_have_an_axis_from_zero():
    chart = month_line(MONTHS, [], [], None, None, None)

    assert (chart.bottom, chart.starts_above_zero, chart.lines, chart.ends) == (0, False, [], [])
    assert chart.today_x is None


def test_small_figures_start_at_zero():
    chart = month_line(MONTHS, [Decimal(1), Decimal(0), Decimal(3)], [], None, None, 25)

    assert not chart.starts_above_zero
    assert chart.months[1].label_above


def test_long_names_of_periods_make_room_on_a_phone():
    chart = month_line([f"{n}/2020" for n in range(1, 13)], [], [], None, None, None)

    assert [month.is_minor for month in chart.months] == [False, True] * 6


@pytest.mark.parametrize(
    ("labels", "values", "plan"), [([], [], []), (["1"], [None, None], []), (["1"], [], [None, None])]
)
def test_figures_without_a_period_are_refused(labels, values, plan):
    with pytest.raises(ValueError, match="period for every figure"):
        month_line(labels, values, plan, None, None, None)
    with pytest.raises(ValueError, match="period for every figure"):
        cumulative_line(labels, values, plan, None, None, None)


@given(
    st.lists(maybe, max_size=12),
    st.lists(maybe, max_size=12),
    maybe,
    maybe,
    st.none() | st.floats(-50, 150),
)
def test_every_place_of_the_months_is_in_the_drawing(values, plan, before, needed, today_x):
    chart = month_line(MONTHS, values, plan, before, needed, today_x)

    places = numbers(chart.lines + chart.plan_lines)
    places += [place for month in chart.months for place in (month.x, month.y)]
    places += [mark.y for mark in chart.axis] + [end.line_y for end in chart.ends]
    places += [chart.needed_x, chart.needed_y or 0, chart.before_y or 0, chart.today_x or 0]
    assert all(0 <= place <= 100 for place in places)
    assert all(-5 <= end.y <= 96 for end in chart.ends)
    assert [month.value for month in chart.months][: len(values)] == values


# cumulative


def test_the_sum_of_telecommunications_revenue():
    chart = cumulative_line(
        MONTHS, SUMS, [Decimal(150) * n for n in range(1, 13)], Decimal(1754), Decimal(1800), 46.08
    )

    assert [mark.value for mark in chart.axis] == [0, 500, 1000, 1500, 2000]
    assert chart.lines == ["0.00,100.00 8.33,92.59 16.67,85.41 25.00,78.11 33.33,70.88 41.67,63.45"]
    assert chart.plan_lines[0].split()[-1] == "100.00,10.00"
    assert chart.projection_points == "41.67,63.45 100.00,12.30"
    assert (chart.last_value, chart.last_x, chart.last_y) == (Decimal("731.0"), 41.67, 63.45)
    assert [(end.kind, end.line_y) for end in chart.ends] == [("target", 10), ("projection", 12.3)]
    assert not chart.is_early


def test_a_missing_month_breaks_the_sum():
    chart = cumulative_line(["1", "2", "3", "4"], [None, Decimal(2), None, Decimal(4)], [], None, None, None)

    assert chart.lines == ["50.00,50.00 50.00,50.00", "100.00,0.00 100.00,0.00"]
    assert chart.plan_lines == []


def test_a_forecast_needs_a_figure_and_a_rest_of_the_year():
    without = cumulative_line(["1", "2"], [], [], Decimal(5), Decimal(6), 10)
    over = cumulative_line(["1", "2"], [Decimal(2), Decimal(5)], [], Decimal(5), Decimal(6), 100)

    assert (without.projection_points, without.last_value, without.lines) == ("", None, [])
    assert over.projection_points == ""


@given(st.lists(maybe, max_size=12), st.lists(maybe, max_size=12), maybe, maybe)
def test_every_place_of_the_sum_is_in_the_drawing(cumulative, plan, projection, target):
    chart = cumulative_line(MONTHS, cumulative, plan, projection, target, 50)

    places = numbers([*chart.lines, *chart.plan_lines, *filter(None, [chart.projection_points])])
    places += [chart.last_x, chart.last_y, *(end.line_y for end in chart.ends)]
    assert all(0 <= place <= 100 for place in places)
    assert chart.axis[0].value <= 0 <= chart.axis[-1].value


# coverage


SOFTWARE = [(16.67, 3), (33.33, 5), (50.0, 8), (66.67, 11), (83.33, 14), (90.0, 17)]
PLAN = [(0.0, 0), (16.67, 5), (33.33, 10), (50.0, 14), (66.67, 18), (83.33, 21), (100.0, 26)]
PERIODS = [("T1", 3, 5), ("T2", 5, 10), ("T3", 8, 14), ("T4", 11, 18), ("T5", 14, 21), ("T6", None, 26)]


def test_the_steps_of_party_agencies():
    chart = coverage_curve(SOFTWARE, PLAN, 26, 92.17, PERIODS)

    assert [mark.value for mark in chart.axis] == [0, 13, 26]
    assert chart.points.split()[:4] == ["0.00,100.00", "16.67,100.00", "16.67,88.46", "33.33,88.46"]
    assert chart.points.split()[-1] == "92.17,34.62"
    assert chart.plan_points.split()[-1] == "100.00,0.00"
    assert (chart.count, chart.last_x, chart.last_y) == (17, 92.17, 34.62)


def test_what_comes_after_today_is_no_fact():
    chart = coverage_curve(SOFTWARE, [], 26, 60.0)

    assert chart.count == 8
    assert max(numbers([chart.points])[::2]) == 60


def test_a_list_that_has_shrunk_still_fits():
    chart = coverage_curve([(10.0, 26), (50.0, 24)], [], 24, 80.0)

    assert chart.points == "0.00,100.00 10.00,100.00 10.00,0.00 50.00,0.00 50.00,7.69 80.00,7.69"
    assert chart.axis[-1].y == 7.69


def test_an_empty_list_is_drawn_as_nothing():
    chart = coverage_curve([], [], 0, 30.0)

    assert [mark.value for mark in chart.axis] == [0]
    assert (chart.count, chart.points, chart.plan_points) == (0, "0.00,100.00 30.00,100.00", "")


@given(
    st.lists(st.tuples(st.floats(-10, 110), st.integers(0, 500))),
    st.lists(st.tuples(st.floats(-10, 110), st.integers(0, 500))),
    st.integers(0, 500),
    st.floats(-10, 110),
)
def test_every_place_of_the_steps_is_in_the_drawing(points, plan, total, today_x):
    chart = coverage_curve(points, plan, total, today_x)

    places = numbers([chart.points, *filter(None, [chart.plan_points])])
    assert all(0 <= place <= 100 for place in [*places, *(mark.y for mark in chart.axis)])
