import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.vietnamese.calendar import (
    RULED_KINDS,
    PeriodKind,
    parse_code,
    window,
    window_in_hand,
    window_on,
    windows_of,
)

DAYS = st.dates(dt.date(2001, 1, 1), dt.date(2100, 12, 14))

# Read off Article 12 and a wall calendar, one line a window, not from a formula.
# code: first day covered, last day covered, agencies send by, the department sends by
WRITTEN_OUT = """
2019:     15/12/2018 14/12/2019 17/12/2019 20/12/2019
2019-9t:  15/12/2018 14/9/2019  17/9/2019  20/9/2019
2019-6t1: 15/12/2018 14/6/2019  17/6/2019  20/6/2019
2019-6t2: 15/6/2019  14/12/2019 17/12/2019 20/12/2019
2019-q1:  15/12/2018 14/3/2019  17/3/2019  20/3/2019
2019-q2:  15/3/2019  14/6/2019  17/6/2019  20/6/2019
2019-q3:  15/6/2019  14/9/2019  17/9/2019  20/9/2019
2019-q4:  15/9/2019  14/12/2019 17/12/2019 20/12/2019
2019-01:  15/12/2018 14/1/2019  17/1/2019  20/1/2019
2019-02:  15/1/2019  14/2/2019  17/2/2019  20/2/2019
2019-03:  15/2/2019  14/3/2019  17/3/2019  20/3/2019
2019-04:  15/3/2019  14/4/2019  17/4/2019  20/4/2019
2019-05:  15/4/2019  14/5/2019  17/5/2019  20/5/2019
2019-06:  15/5/2019  14/6/2019  17/6/2019  20/6/2019
2019-07:  15/6/2019  14/7/2019  17/7/2019  20/7/2019
2019-08:  15/7/2019  14/8/2019  17/8/2019  20/8/2019
2019-09:  15/8/2019  14/9/2019  17/9/2019  20/9/2019
2019-10:  15/9/2019  14/10/2019 17/10/2019 20/10/2019
2019-11:  15/10/2019 14/11/2019 17/11/2019 20/11/2019
2019-12:  15/11/2019 14/12/2019 17/12/2019 20/12/2019
2020:     15/12/2019 14/12/2020 17/12/2020 20/12/2020
2020-9t:  15/12/2019 14/9/2020  17/9/2020  20/9/2020
2020-6t1: 15/12/2019 14/6/2020  17/6/2020  20/6/2020
2020-6t2: 15/6/2020  14/12/2020 17/12/2020 20/12/2020
2020-q1:  15/12/2019 14/3/2020  17/3/2020  20/3/2020
2020-q2:  15/3/2020  14/6/2020  17/6/2020  20/6/2020
2020-q3:  15/6/2020  14/9/2020  17/9/2020  20/9/2020
2020-q4:  15/9/2020  14/12/2020 17/12/2020 20/12/2020
2020-01:  15/12/2019 14/1/2020  17/1/2020  20/1/2020
2020-02:  15/1/2020  14/2/2020  17/2/2020  20/2/2020
2020-03:  15/2/2020  14/3/2020  17/3/2020  20/3/2020
2020-04:  15/3/2020  14/4/2020  17/4/2020  20/4/2020
2020-05:  15/4/2020  14/5/2020  17/5/2020  20/5/2020
2020-06:  15/5/2020  14/6/2020  17/6/2020  20/6/2020
2020-07:  15/6/2020  14/7/2020  17/7/2020  20/7/2020
2020-08:  15/7/2020  14/8/2020  17/8/2020  20/8/2020
2020-09:  15/8/2020  14/9/2020  17/9/2020  20/9/2020
2020-10:  15/9/2020  14/10/2020 17/10/2020 20/10/2020
2020-11:  15/10/2020 14/11/2020 17/11/2020 20/11/2020
2020-12:  15/11/2020 14/12/2020 17/12/2020 20/12/2020
2021:     15/12/2020 14/12/2021 17/12/2021 20/12/2021
2021-9t:  15/12/2020 14/9/2021  17/9/2021  20/9/2021
2021-6t1: 15/12/2020 14/6/2021  17/6/2021  20/6/2021
2021-6t2: 15/6/2021  14/12/2021 17/12/2021 20/12/2021
2021-q1:  15/12/2020 14/3/2021  17/3/2021  20/3/2021
2021-q2:  15/3/2021  14/6/2021  17/6/2021  20/6/2021
2021-q3:  15/6/2021  14/9/2021  17/9/2021  20/9/2021
2021-q4:  15/9/2021  14/12/2021 17/12/2021 20/12/2021
2021-01:  15/12/2020 14/1/2021  17/1/2021  20/1/2021
2021-02:  15/1/2021  14/2/2021  17/2/2021  20/2/2021
2021-03:  15/2/2021  14/3/2021  17/3/2021  20/3/2021
2021-04:  15/3/2021  14/4/2021  17/4/2021  20/4/2021
2021-05:  15/4/2021  14/5/2021  17/5/2021  20/5/2021
2021-06:  15/5/2021  14/6/2021  17/6/2021  20/6/2021
2021-07:  15/6/2021  14/7/2021  17/7/2021  20/7/2021
2021-08:  15/7/2021  14/8/2021  17/8/2021  20/8/2021
2021-09:  15/8/2021  14/9/2021  17/9/2021  20/9/2021
2021-10:  15/9/2021  14/10/2021 17/10/2021 20/10/2021
2021-11:  15/10/2021 14/11/2021 17/11/2021 20/11/2021
2021-12:  15/11/2021 14/12/2021 17/12/2021 20/12/2021
2019-t01: 27/12/2018 2/1/2019   3/1/2019   4/1/2019
2019-t02: 3/1/2019   9/1/2019   10/1/2019  11/1/2019
2019-t52: 19/12/2019 25/12/2019 26/12/2019 27/12/2019
2020-t01: 26/12/2019 1/1/2020   2/1/2020   3/1/2020
2020-t02: 2/1/2020   8/1/2020   9/1/2020   10/1/2020
2020-t09: 20/2/2020  26/2/2020  27/2/2020  28/2/2020
2020-t10: 27/2/2020  4/3/2020   5/3/2020   6/3/2020
2020-t25: 11/6/2020  17/6/2020  18/6/2020  19/6/2020
2020-t52: 17/12/2020 23/12/2020 24/12/2020 25/12/2020
2020-t53: 24/12/2020 30/12/2020 31/12/2020 1/1/2021
2021-t01: 31/12/2020 6/1/2021   7/1/2021   8/1/2021
2021-t52: 23/12/2021 29/12/2021 30/12/2021 31/12/2021
"""


def day(text):
    return dt.date(*(int(part) for part in reversed(text.split("/"))))


@pytest.mark.parametrize("line", WRITTEN_OUT.strip().splitlines())
def test_windows_as_the_decree_gives_them(line):
    code, dates = line.split(":")
    kind, year, number = parse_code(code)

    found = window(kind, year, number)

    written = [found.starts_on, found.ends_on, found.agencies_send_on, found.department_sends_on]
    assert written == [day(text) for text in dates.split()]
    assert (found.kind, found.year, found.number, found.code) == (kind, year, number, code)


def test_every_window_of_the_three_years_but_the_weeks_is_written_out():
    months_and_longer = [kind for kind in RULED_KINDS if kind != PeriodKind.WEEK]

    codes = {found.code for year in (2019, 2020, 2021) for found in windows_of(year, months_and_longer)}

    written = {line.split(":")[0] for line in WRITTEN_OUT.strip().splitlines()}
    assert codes == {code for code in written if "-t" not in code}


@pytest.mark.parametrize(
    ("kind", "first_day", "last_day", "count"),
    [
        (PeriodKind.MONTH, "15/12/2018", "14/12/2021", 36),
        (PeriodKind.QUARTER, "15/12/2018", "14/12/2021", 12),
        (PeriodKind.HALF, "15/12/2018", "14/12/2021", 6),
        (PeriodKind.YEAR, "15/12/2018", "14/12/2021", 3),
        (PeriodKind.WEEK, "27/12/2018", "29/12/2021", 157),
    ],
)
def test_windows_follow_each_other_without_gap_or_overlap(kind, first_day, last_day, count):
    windows = [found for year in (2019, 2020, 2021) for found in windows_of(year, [kind])]

    assert len(windows) == count
    assert (windows[0].starts_on, windows[-1].ends_on) == (day(first_day), day(last_day))
    for earlier, later in pairwise(windows):
        assert later.starts_on == earlier.ends_on + dt.timedelta(days=1)


def test_the_leap_day_is_in_march_2020():
    march = window(PeriodKind.MONTH, 2020, 3)

    assert march.covers(dt.date(2020, 2, 29))
    assert (march.ends_on - march.starts_on).days + 1 == 29
    assert not window(PeriodKind.MONTH, 2020, 2).covers(dt.date(2020, 2, 29))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("14/12/2019", ["2019-t51", "2019-12", "2019-q4", "2019-6t2", None, "2019"]),
        ("15/12/2019", ["2019-t51", "2020-01", "2020-q1", "2020-6t1", "2020-9t", "2020"]),
        ("31/12/2019", ["2020-t01", "2020-01", "2020-q1", "2020-6t1", "2020-9t", "2020"]),
        ("29/2/2020", ["2020-t10", "2020-03", "2020-q1", "2020-6t1", "2020-9t", "2020"]),
        ("14/3/2020", ["2020-t12", "2020-03", "2020-q1", "2020-6t1", "2020-9t", "2020"]),
        ("15/3/2020", ["2020-t12", "2020-04", "2020-q2", "2020-6t1", "2020-9t", "2020"]),
        ("14/6/2020", ["2020-t25", "2020-06", "2020-q2", "2020-6t1", "2020-9t", "2020"]),
        ("20/6/2020", ["2020-t26", "2020-07", "2020-q3", "2020-6t2", "2020-9t", "2020"]),
        ("14/9/2020", ["2020-t38", "2020-09", "2020-q3", "2020-6t2", "2020-9t", "2020"]),
        ("15/9/2020", ["2020-t38", "2020-10", "2020-q4", "2020-6t2", None, "2020"]),
        ("30/12/2020", ["2020-t53", "2021-01", "2021-q1", "2021-6t1", "2021-9t", "2021"]),
        ("31/12/2020", ["2021-t01", "2021-01", "2021-q1", "2021-6t1", "2021-9t", "2021"]),
    ],
)
def test_a_figure_belongs_to_the_windows_of_its_day(text, codes):
    found = [window_on(kind, day(text)) for kind in RULED_KINDS]

    assert [each and each.code for each in found] == codes


@given(DAYS, st.sampled_from(RULED_KINDS), st.integers(0, 6))
def test_a_day_is_in_one_window_of_a_kind(any_day, kind, first_weekday):
    years = [year for year in range(any_day.year - 1, any_day.year + 2) if 2000 <= year <= 2100]

    found = window_on(kind, any_day, first_weekday)

    covering = [
        each for year in years for each in windows_of(year, [kind], first_weekday) if each.covers(any_day)
    ]
    assert covering == ([] if found is None else [found])


@given(st.integers(2000, 2100))
def test_codes_are_one_to_one_and_read_back(year):
    windows = windows_of(year)

    codes = [found.code for found in windows]

    assert len(codes) == len(set(codes)) == 20 + sum(found.kind == "week" for found in windows)
    assert [parse_code(code) for code in codes] == [(each.kind, each.year, each.number) for each in windows]


def test_windows_of_a_year_come_in_the_order_in_which_they_close():
    kinds = [kind for kind in RULED_KINDS if kind != PeriodKind.WEEK]

    codes = " ".join(found.code for found in windows_of(2020, kinds))

    assert codes == (
        "2020-01 2020-02 2020-03 2020-q1 2020-04 2020-05 2020-06 2020-q2 2020-6t1 2020-07 2020-08 "
        "2020-09 2020-q3 2020-9t 2020-10 2020-11 2020-12 2020-q4 2020-6t2 2020"
    )


@pytest.mark.parametrize(
    ("first_weekday", "starts_on", "ends_on"),
    [
        (0, "15/6/2020", "21/6/2020"),
        (3, "11/6/2020", "17/6/2020"),
        (4, "12/6/2020", "18/6/2020"),
        (6, "14/6/2020", "20/6/2020"),
    ],
)
def test_each_body_may_begin_its_weeks_on_another_day(first_weekday, starts_on, ends_on):
    week = window(PeriodKind.WEEK, 2020, 25, first_weekday)

    assert (week.starts_on, week.ends_on) == (day(starts_on), day(ends_on))


@pytest.mark.parametrize(
    ("kind", "year", "number"),
    [
        (PeriodKind.THEMATIC, 2020, 1),
        (PeriodKind.AD_HOC, 2020, 1),
        (PeriodKind.MONTH, 2020, 0),
        (PeriodKind.MONTH, 2020, 13),
        (PeriodKind.QUARTER, 2020, 5),
        (PeriodKind.HALF, 2020, 3),
        (PeriodKind.NINE_MONTHS, 2020, 2),
        (PeriodKind.YEAR, 2020, 2),
        (PeriodKind.YEAR, 2020, -1),
        (PeriodKind.WEEK, 2019, 53),
        (PeriodKind.WEEK, 2020, 54),
        (PeriodKind.YEAR, 1999, 1),
        (PeriodKind.YEAR, 2101, 1),
        (PeriodKind.YEAR, 10**9, 1),
    ],
)
def test_what_has_no_window_is_refused(kind, year, number):
    with pytest.raises(ValueError, match=r"no|kept"):
        window(kind, year, number)


@pytest.mark.parametrize("kind", [PeriodKind.THEMATIC, PeriodKind.AD_HOC])
def test_no_day_belongs_to_a_window_of_a_kind_without_a_rule(kind):
    with pytest.raises(ValueError, match="has no legal window"):
        window_on(kind, dt.date(2020, 6, 16))


@pytest.mark.parametrize("first_weekday", [-1, 7])
def test_days_of_the_week_that_do_not_exist_are_refused(first_weekday):
    with pytest.raises(ValueError, match="no day of the week"):
        window(PeriodKind.WEEK, 2020, 25, first_weekday)
    with pytest.raises(ValueError, match="no day of the week"):
        window_on(PeriodKind.WEEK, dt.date(2020, 6, 16), first_weekday)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "20",
        "1999",
        "2101",
        "2020-0",
        "2020-00",
        "2020-13",
        "2020-6",
        "2020-q0",
        "2020-q5",
        "2020-Q2",
        "2020-6t",
        "2020-6t3",
        "2020-9t1",
        "2020-t1",
        "2020-t00",
        "2019-t53",
        "2020-t54",
        " 2020",
        "2020\n",
        "2020-06\x00",
        "２０２０",
        "2020-0６",
        "2020-q２",
    ],
)
def test_codes_are_read_only_as_they_are_written(code):
    assert parse_code(code) is None


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (dt.date(2020, 6, 14), "2020-06"),
        (dt.date(2020, 6, 16), "2020-06"),
        (dt.date(2020, 6, 17), "2020-06"),
        (dt.date(2020, 6, 18), "2020-07"),
        (dt.date(2020, 3, 1), "2020-03"),
        (dt.date(2020, 12, 17), "2020-12"),
        (dt.date(2020, 12, 18), "2021-01"),
        (dt.date(2021, 1, 2), "2021-01"),
    ],
)
def test_the_month_in_hand_is_the_first_that_can_still_be_sent(day, code):
    assert window_in_hand(day).code == code


@given(DAYS)
def test_the_month_in_hand_is_never_overdue_and_has_begun(day):
    found = window_in_hand(day)

    assert found.starts_on <= day <= found.agencies_send_on
