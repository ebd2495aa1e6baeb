import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.vietnamese.working_days import WorkingDays

PLAIN = WorkingDays()
TET_2020 = WorkingDays(off=frozenset(dt.date(2020, 1, number) for number in range(23, 30)))
MAY_2024 = WorkingDays(
    off=frozenset(dt.date.fromisoformat(day) for day in ("2024-04-29", "2024-04-30", "2024-05-01")),
    made_up=frozenset({dt.date(2024, 5, 4)}),
)

DAYS = st.dates(dt.date(2019, 12, 1), dt.date(2020, 12, 31))
CALENDARS = st.builds(
    WorkingDays,
    off=st.frozensets(DAYS, max_size=40),
    made_up=st.frozensets(DAYS.filter(lambda day: day.weekday() > 4), max_size=10),
)


def test_the_weekend_is_not_worked():
    week = [PLAIN.is_working(dt.date(2020, 6, 15) + dt.timedelta(days=number)) for number in range(7)]

    assert week == [True] * 5 + [False] * 2


def test_a_make_up_saturday_is_worked_and_the_monday_it_makes_up_for_is_not():
    assert MAY_2024.is_working(dt.date(2024, 5, 4))
    assert not MAY_2024.is_working(dt.date(2024, 4, 29))


def test_a_make_up_day_counts_even_where_a_holiday_was_entered_on_it():
    saturday = dt.date(2024, 5, 4)

    assert WorkingDays(off=frozenset({saturday}), made_up=frozenset({saturday})).is_working(saturday)


@pytest.mark.parametrize(
    ("calendar", "day", "count", "later"),
    [
        (PLAIN, "2020-06-18", 0, "2020-06-18"),
        (PLAIN, "2020-06-18", 2, "2020-06-22"),
        (PLAIN, "2020-06-20", 0, "2020-06-20"),
        (PLAIN, "2020-06-20", 1, "2020-06-22"),
        (TET_2020, "2020-01-22", 1, "2020-01-30"),
        (TET_2020, "2020-01-21", 3, "2020-01-31"),
        (TET_2020, "2020-01-25", 1, "2020-01-30"),
        (MAY_2024, "2024-04-26", 3, "2024-05-04"),
        (MAY_2024, "2024-05-03", 1, "2024-05-04"),
    ],
)
def test_working_days_are_counted_from_the_next_day_on(calendar, day, count, later):
    start, end = dt.date.fromisoformat(day), dt.date.fromisoformat(later)

    assert calendar.add(start, count) == end
    assert calendar.count(start, end) == count


@pytest.mark.parametrize(
    ("day", "before", "on_or_before", "on_or_after", "after"),
    [
        ("2020-01-22", "2020-01-21", "2020-01-22", "2020-01-22", "2020-01-30"),
        ("2020-01-23", "2020-01-22", "2020-01-22", "2020-01-30", "2020-01-30"),
        ("2020-01-29", "2020-01-22", "2020-01-22", "2020-01-30", "2020-01-30"),
        ("2020-01-30", "2020-01-22", "2020-01-30", "2020-01-30", "2020-01-31"),
    ],
)
def test_the_neighbours_of_a_day_across_tet(day, before, on_or_before, on_or_after, after):
    asked = dt.date.fromisoformat(day)
    found = [
        TET_2020.before(asked),
        TET_2020.on_or_before(asked),
        TET_2020.on_or_after(asked),
        TET_2020.after(asked),
    ]

    assert [one.isoformat() for one in found] == [before, on_or_before, on_or_after, after]


def test_nothing_is_counted_backwards():
    assert PLAIN.count(dt.date(2020, 6, 19), dt.date(2020, 6, 19)) == 0
    assert PLAIN.count(dt.date(2020, 6, 19), dt.date(2020, 6, 1)) == 0


@given(CALENDARS, DAYS, st.integers(1, 30))
def test_adding_working_days_is_undone_by_counting_them_and_ends_on_one(calendar, day, count):
    later = calendar.add(day, count)

    assert calendar.is_working(later)
    assert calendar.count(day, later) == count


@given(CALENDARS, DAYS, DAYS)
def test_counts_of_two_stretches_add_up(calendar, one, other):
    first, last = sorted((one, other))
    middle = first + (last - first) / 2

    assert calendar.count(first, middle) + calendar.count(middle, last) == calendar.count(first, last)


@given(CALENDARS, DAYS)
def test_no_day_between_a_day_and_its_next_working_day_is_worked(calendar, day):
    later = calendar.on_or_after(day)

    assert calendar.is_working(later)
    assert calendar.count(day - dt.timedelta(days=1), later) == 1
    assert calendar.before(calendar.after(day)) == calendar.on_or_before(day)
