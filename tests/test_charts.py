import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.charts import STATUS_ORDER, clamped, s_curve, shares, status_bar

counts = st.dictionaries(st.sampled_from(STATUS_ORDER), st.integers(0, 20_000))


@given(counts)
def test_segments_fill_the_bar_without_gap_or_overlap(given_counts):
    segments = status_bar(given_counts)

    assert [segment.count for segment in segments] == [
        given_counts[key] for key in STATUS_ORDER if given_counts.get(key)
    ]
    assert all(segment.width >= 0 for segment in segments)
    if segments:
        assert sum(segment.width for segment in segments) == pytest.approx(100, abs=1e-6)
        assert segments[0].x == 0
    for left, right in itertools.pairwise(segments):
        assert left.x + left.width == pytest.approx(right.x, abs=1e-6)


def test_bar_of_the_overview():
    segments = status_bar(
        {"done": 9, "late": 6, "soon": 7, "ontime": 17, "todo": 5, "paused": 2, "donelate": 2}
    )

    assert [(s.key, s.width, s.pattern) for s in segments[:2]] == [
        ("late", 12.5, None),
        ("soon", 14.583, None),
    ]
    assert [s.key for s in segments] == ["late", "soon", "ontime", "todo", "paused", "donelate", "done"]
    assert segments[3].pattern == "p-todo"


def test_nothing_to_show_gives_no_segment():
    assert status_bar({}) == []
    assert status_bar({"late": 0}) == []


def test_unknown_state_is_refused():
    with pytest.raises(ValueError, match="outside"):
        status_bar({"late": 1, "outside": 2})


@pytest.mark.parametrize(
    ("percent", "shown"), [(None, 0), (-5, 0), (0, 0), (46.25, 46.25), (100, 100), (140, 100)]
)
def test_a_bar_never_leaves_its_frame(percent, shown):
    assert clamped(percent) == shown


@given(st.lists(st.integers(0, 10**9)))
def test_shares_compare_with_the_largest(values):
    lengths = shares(values)

    assert len(lengths) == len(values)
    assert all(0 <= length <= 100 for length in lengths)
    if values and max(values) > 0:
        assert max(lengths) == 100


MONTHS = ["T1", *map(str, range(2, 13))]
PLAN = [1, 3, 7, 10, 16, 24, 27, 31, 36, 40, 43, 48]


def test_the_year_of_the_overview():
    chart = s_curve(
        MONTHS, PLAN, [1, 3, 5, 7, 9], elapsed=168 / 366, planned_now=17, done_now=11, projected=39
    )

    assert (chart.behind, chart.total, chart.today_x) == (6, 48, 45.902)
    assert [mark.value for mark in chart.axis] == [0, 12, 24, 36, 48]
    assert [mark.y for mark in chart.axis] == [100, 75, 50, 25, 0]
    assert chart.done_points.split()[0] == "0,100"
    assert chart.done_points.split()[-1] == "45.9,77.08"
    assert chart.projection_points == "45.9,77.08 100,18.75"
    assert [period.done for period in chart.periods][:6] == [1, 3, 5, 7, 9, None]
    assert chart.plan_points.split()[-1] == "100,0"


def test_no_gap_is_drawn_when_the_plan_is_met():
    chart = s_curve(["1", "2"], [1, 2], [1], elapsed=0.6, planned_now=1, done_now=2, projected=None)

    assert chart.gap_points == ""
    assert chart.projection_points == ""
    assert chart.behind == -1


@pytest.mark.parametrize(
    ("labels", "planned", "done"), [([], [], []), (["1"], [1, 2], []), (["1"], [1], [1, 2])]
)
def test_numbers_that_do_not_fit_the_parts_are_refused(labels, planned, done):
    with pytest.raises(ValueError, match="S-curve"):
        s_curve(labels, planned, done, elapsed=0.5, planned_now=0, done_now=0, projected=None)


@given(
    st.lists(st.integers(0, 500), min_size=1, max_size=12),
    st.lists(st.integers(0, 500), max_size=12),
    st.floats(-1, 2),
    st.integers(0, 2000),
    st.none() | st.integers(0, 5000),
)
def test_every_point_lies_inside_the_drawing(plan_steps, done_steps, elapsed, done_now, projected):
    planned = [sum(plan_steps[: i + 1]) for i in range(len(plan_steps))]
    done = [sum(done_steps[: i + 1]) for i in range(min(len(done_steps), len(planned)))]

    chart = s_curve(
        [str(i) for i in range(len(planned))],
        planned,
        done,
        elapsed=elapsed,
        planned_now=planned[0],
        done_now=done_now,
        projected=projected,
    )

    drawn = f"{chart.plan_points} {chart.done_points} {chart.projection_points} {chart.gap_points}".split()
    places = [float(number) for point in drawn for number in point.split(",")]
    assert all(0 <= place <= 100 for place in places)
