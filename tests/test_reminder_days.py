"""On which working mornings a deadline is told: around Tết 2020, a make-up Saturday, the new year, a leap day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.reminder_days import CATCH_UP_DAYS, Morning, farthest, working_day_back
from tracker.vietnamese.working_days import WorkingDays

BEFORE = (7, 3, 1, 0)
AFTER = (1, 3, 7)
TET = frozenset(dt.date(2020, 1, day) for day in range(23, 30))
YEAR_2020 = WorkingDays(off=TET | {dt.date(2020, 1, 1)})
MADE_UP = WorkingDays(off=frozenset({dt.date(2024, 4, 29)}), made_up=frozenset({dt.date(2024, 5, 4)}))


def day(text: str) -> dt.date:
    """“23/1” lies in 2020; other years are written out."""
    date, month, *year = (int(part) for part in text.split("/"))
    return dt.date(year[0] if year else 2020, month, date)


def told(due_on: dt.date, first: str, last: str, calendar: WorkingDays = YEAR_2020, *, weekly: bool = True):
    """Day → what is told of a deadline on it, from a day to a day, by asking every one of them."""
    found = {}
    start, end = day(first), day(last)
    for passed in range((end - start).days + 1):
        today = start + dt.timedelta(days=passed)
        morning = Morning.of(today, calendar)
        if morning and (ahead := morning.days_ahead(due_on, BEFORE)):
            found[today] = sorted(ahead)
        elif morning and morning.tells_late(due_on, AFTER, weekly=weekly):
            found[today] = "late"
    return found


@pytest.mark.parametrize(
    ("due_on", "first", "last", "expected"),
    [
        # Tết was from Thursday 23/1 to Wednesday 29/1: a deadline on the day of the new year itself
        (
            "25/1",
            "10/1",
            "10/2",
            {"17/1": [7], "22/1": [0, 1, 3], "30/1": "late", "3/2": "late", "10/2": "late"},
        ),
        # on the first working day after Tết: 3 and 1 days before it everybody was at home
        (
            "30/1",
            "20/1",
            "14/2",
            {"22/1": [1, 3, 7], "30/1": [0], "31/1": "late", "3/2": "late", "6/2": "late", "13/2": "late"},
        ),
        # missed on the last working day before Tết: 1, 3 and 7 days after it come together
        (
            "22/1",
            "13/1",
            "13/2",
            {
                "15/1": [7],
                "17/1": [3],
                "21/1": [1],
                "22/1": [0],
                "30/1": "late",
                "5/2": "late",
                "12/2": "late",
            },
        ),
        # two days after Tết began its week of days off, a week later
        ("5/2", "20/1", "6/2", {"22/1": [7], "31/1": [3], "4/2": [1], "5/2": [0], "6/2": "late"}),
        # a Sunday: told on the Friday before, late on the Monday
        (
            "14/6",
            "1/6",
            "30/6",
            {
                "5/6": [7],
                "11/6": [3],
                "12/6": [0, 1],
                "15/6": "late",
                "17/6": "late",
                "22/6": "late",
                "29/6": "late",
            },
        ),
        # a leap day, which was a Saturday
        (
            "29/2",
            "17/2",
            "9/3",
            {"21/2": [7], "26/2": [3], "28/2": [0, 1], "2/3": "late", "3/3": "late", "9/3": "late"},
        ),
        # the end of the year: 1/1/2020 is a day off
        (
            "31/12/2019",
            "23/12/2019",
            "14/1",
            {
                "24/12/2019": [7],
                "27/12/2019": [3],
                "30/12/2019": [1],
                "31/12/2019": [0],
                "2/1": "late",
                "3/1": "late",
                "7/1": "late",
                "14/1": "late",
            },
        ),
    ],
)
def test_the_mornings_of_a_deadline_typed_by_hand(due_on, first, last, expected):
    assert told(day(due_on), first, last) == {day(text): value for text, value in expected.items()}


def test_a_make_up_saturday_is_a_morning_like_others():
    found = told(dt.date(2024, 5, 5), "26/4/2024", "6/5/2024", MADE_UP)

    # 28/4 is a Sunday and 29/4 a day off, so that 7 days before is told on Friday 26/4
    assert found == {
        dt.date(2024, 4, 26): [7],
        dt.date(2024, 5, 2): [3],
        dt.date(2024, 5, 4): [0, 1],
        dt.date(2024, 5, 6): "late",
    }


def test_without_weekly_reminders_the_last_one_is_the_seventh_day():
    assert list(told(day("1/6"), "2/6", "30/6", weekly=False)) == [day("2/6"), day("4/6"), day("8/6")]


def test_without_days_after_it_a_missed_deadline_is_told_weekly_alone():
    late = [
        passed
        for passed in range(1, 30)
        if (morning := Morning.of(day("1/6") + dt.timedelta(days=passed), YEAR_2020))
        and morning.tells_late(day("1/6"), (), weekly=True)
    ]

    assert late == [7, 14, 21, 28]


def test_a_day_off_has_no_morning():
    assert Morning.of(day("25/1"), YEAR_2020) is None
    assert Morning.of(day("13/6"), YEAR_2020) is None


def test_what_began_on_a_day_off_is_told_on_the_next_working_day_and_then_weekly_from_the_day_itself():
    started = day("25/1")

    mornings = [
        today
        for passed in range(22)
        if (morning := Morning.of(today := started + dt.timedelta(days=passed), YEAR_2020))
        and morning.tells_since(started)
    ]

    # the first and the second week come together after Tết; 8/2 and 15/2 are Saturdays
    assert mornings == [day("30/1"), day("3/2"), day("10/2")]


@pytest.mark.parametrize(
    ("weekday", "expected"),
    [
        (0, ["20/1", "30/1", "3/2"]),  # Monday 27/1 lay inside Tết
        (4, ["17/1", "30/1", "31/1"]),  # so did Friday 24/1
        (2, ["15/1", "22/1", "30/1", "5/2"]),
    ],
)
def test_the_weekly_message_moves_to_the_next_working_day(weekday, expected):
    mornings = [
        today
        for passed in range(24)
        if (morning := Morning.of(today := day("14/1") + dt.timedelta(days=passed), YEAR_2020))
        and morning.tells_weekday(weekday)
    ]

    assert mornings == [day(text) for text in expected]


def test_after_two_mornings_without_reminders_the_third_tells_what_all_three_would_have_told():
    missed = Morning.of(day("18/6"), YEAR_2020, last=day("15/6"))

    assert missed.days_ahead(day("17/6"), BEFORE) == {0, 1}
    assert missed.days_ahead(day("19/6"), BEFORE) == {1, 3}
    assert missed.days_ahead(day("15/6"), BEFORE) == frozenset()
    assert [date for date in (14, 15, 16, 17, 18) if missed.tells_since(day(f"{date}/6"))] == [16, 17, 18]
    assert missed.tells_late(day("15/6"), (1,), weekly=False)
    assert not missed.tells_late(day("14/6"), (1,), weekly=False)
    assert [weekday for weekday in range(7) if missed.tells_weekday(weekday)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("last", "before", "first"),
    [
        (None, "19/6", "22/6"),  # nothing was ever worked out: the working day before, a Friday
        ("19/6", "19/6", "22/6"),
        ("18/6", "18/6", "19/6"),
        ("8/6", "8/6", "9/6"),
        ("1/6", "8/6", "9/6"),  # a fortnight back and no farther
    ],
)
def test_a_morning_makes_up_for_those_without_reminders_a_fortnight_back(last, before, first):
    morning = Morning.of(day("22/6"), YEAR_2020, last=last and day(last))

    assert (morning.before, morning.first) == (day(before), day(first))


# Whatever the calendar

FIRST = dt.date(2019, 12, 1)
offs = st.frozensets(st.dates(FIRST, FIRST + dt.timedelta(days=150)), max_size=25)
calendars = st.builds(
    WorkingDays, off=offs, made_up=st.frozensets(st.dates(FIRST, dt.date(2020, 4, 1)), max_size=6)
)
due_days = st.dates(dt.date(2020, 1, 1), dt.date(2020, 3, 1))
milestones = st.frozensets(st.integers(0, 20), max_size=5)


def mornings_around(due_on: dt.date, calendar: WorkingDays) -> list[Morning]:
    days = (due_on + dt.timedelta(days=passed) for passed in range(-80, 90))
    return [morning for today in days if (morning := Morning.of(today, calendar))]


@given(calendars, due_days, milestones)
def test_each_day_before_a_deadline_is_told_exactly_once_and_never_late(calendar, due_on, before):
    told_on = [
        (days, morning.day)
        for morning in mornings_around(due_on, calendar)
        for days in morning.days_ahead(due_on, before)
    ]

    assert sorted(days for days, _today in told_on) == sorted(before)
    for days, today in told_on:
        assert today == calendar.on_or_before(due_on - dt.timedelta(days=days))


@given(calendars, due_days, st.frozensets(st.integers(1, 20), max_size=5))
def test_each_day_after_a_deadline_is_told_on_its_own_morning_or_the_next(calendar, due_on, after):
    told_on = [
        morning.day
        for morning in mornings_around(due_on, calendar)
        if morning.tells_late(due_on, after, weekly=False)
    ]

    assert told_on == sorted({calendar.on_or_after(due_on + dt.timedelta(days=days)) for days in after})
    assert all(today > due_on for today in told_on)


@given(calendars, due_days, st.frozensets(st.integers(1, 20), max_size=5))
def test_weeks_after_the_last_day_are_each_told_once(calendar, due_on, after):
    told_on = [
        morning.day
        for morning in mornings_around(due_on, calendar)
        if morning.tells_late(due_on, after, weekly=True)
    ]

    weeks = [due_on + dt.timedelta(days=max(after, default=0) + 7 * week) for week in range(1, 14)]
    days = [*(due_on + dt.timedelta(days=number) for number in after), *weeks]
    last = due_on + dt.timedelta(days=89)
    assert told_on == sorted({told for told in map(calendar.on_or_after, days) if told <= last})


@given(calendars, due_days, milestones)
def test_a_deadline_told_ahead_lies_within_the_list_behind_the_reminder(calendar, due_on, before):
    for morning in mornings_around(due_on, calendar):
        if morning.days_ahead(due_on, before):
            assert morning.day <= due_on <= farthest(morning.day, before, calendar)


@st.composite
def runs(draw, calendar: WorkingDays, around: dt.date) -> list[Morning]:
    """The mornings of three months on which the server was on; never off for more than it makes up for."""
    made: list[Morning] = []
    for ordinary in mornings_around(around, calendar):
        last = made[-1].day if made else None
        if last is None or (ordinary.after - last).days > CATCH_UP_DAYS or draw(st.booleans()):
            made.append(Morning.of(ordinary.day, calendar, last))
    return made


@given(st.data(), calendars, due_days, milestones)
def test_whatever_mornings_are_missed_each_is_made_up_for_once_on_the_next(data, calendar, due_on, before):
    made = data.draw(runs(calendar, due_on))
    weekday = data.draw(st.integers(0, 6))

    def due(ordinary):
        return ordinary.days_ahead(due_on, before)

    def told_by_one(morning, ordinary):
        return morning.before < ordinary.day <= morning.day

    ordinary = mornings_around(due_on, calendar)
    for morning in made[1:]:
        covered = [one for one in ordinary if told_by_one(morning, one)]
        assert morning.days_ahead(due_on, before) == frozenset().union(*map(due, covered))
        for tells in (
            lambda one: one.tells_since(due_on),
            lambda one: one.tells_late(due_on, before - {0}, weekly=True),
            lambda one: one.tells_weekday(weekday),
        ):
            assert tells(morning) == any(tells(one) for one in covered)
    told_ahead = sorted(days for morning in made for days in morning.days_ahead(due_on, before))
    assert told_ahead == sorted(before)


@given(calendars, due_days, st.integers(0, 10))
def test_going_back_by_working_days_is_the_inverse_of_counting_them(calendar, today, count):
    back = working_day_back(today, count, calendar)

    assert calendar.count(back, today) == count
    assert calendar.count(back + dt.timedelta(days=1), today) < count or count == 0


@given(calendars, due_days, st.integers(0, 10), st.integers(0, 30))
def test_what_waits_long_enough_is_what_has_waited_since_the_day_that_many_working_days_ago(
    calendar, today, count, days
):
    start = today - dt.timedelta(days=days)

    assert (start <= working_day_back(today, count, calendar)) == (calendar.add(start, count) <= today)
