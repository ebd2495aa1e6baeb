import datetime as dt

import holidays
import pytest

from tracker.vietnamese.public_holidays import KNOWN_TO, public_holidays
from tracker.vietnamese.working_days import WorkingDays

# Weekdays off and days at the weekend worked, read off the Government's yearly notices and not from a formula.
# year: each stretch of weekdays off | make-up days
WRITTEN_OUT = """
2019: 1/1 4/2-8/2 15/4 29/4-1/5 2/9         | 5/1 4/5
2020: 1/1 23/1-24/1 27/1-29/1 2/4 30/4-1/5 2/9 |
2021: 1/1 10/2-12/2 15/2-16/2 21/4 30/4 3/5 2/9-3/9 |
2022: 3/1 31/1-4/2 11/4 2/5-3/5 1/9-2/9     |
2023: 2/1 20/1 23/1-26/1 1/5-3/5 1/9 4/9    |
2024: 1/1 8/2-9/2 12/2-14/2 18/4 29/4-1/5 2/9-3/9 | 4/5
2025: 1/1 27/1-31/1 7/4 30/4-2/5 1/9-2/9    | 26/4
2026: 1/1-2/1 16/2-20/2 27/4 30/4-1/5 31/8-2/9 24/11 | 10/1 22/8
2027: 1/1 4/2-5/2 8/2-10/2 16/4 30/4 3/5 2/9-3/9 24/11 |
"""


def written_out():
    for line in WRITTEN_OUT.strip().splitlines():
        year, stretches = line.split(":")
        off, made_up = stretches.split("|")
        yield int(year), days_of(off, int(year)), days_of(made_up, int(year))


def days_of(stretches, year):
    found = []
    for stretch in stretches.split():
        first, last = [
            dt.date(year, int(day.split("/")[1]), int(day.split("/")[0]))
            for day in (stretch.split("-") * 2)[:2]
        ]
        found += [first + dt.timedelta(days=passed) for passed in range((last - first).days + 1)]
    return found


@pytest.mark.parametrize(("year", "off", "made_up"), list(written_out()))
def test_each_year_is_as_the_government_announced_it(year, off, made_up):
    found = public_holidays(year)

    assert [row.day for row in found if not row.is_made_up and row.day.weekday() < 5] == off
    assert [row.day for row in found if row.is_made_up] == made_up


def test_tet_2020_day_by_day():
    names = {row.day: row.name for row in public_holidays(2020) if row.day.month == 1}

    assert {f"{day.day}/{day.month}": name for day, name in names.items()} == {
        "1/1": "Tết Dương lịch",
        "23/1": "29 Tết",
        "24/1": "Giao thừa Tết Nguyên Đán",
        "25/1": "Tết Nguyên Đán",
        "26/1": "Mùng hai Tết Nguyên Đán",
        "27/1": "Mùng ba Tết Nguyên Đán",
        "28/1": "Mùng bốn Tết Nguyên Đán",
        "29/1": "Mùng năm Tết Nguyên Đán",
    }


def test_a_day_in_lieu_says_what_it_is_for():
    monday = next(row for row in public_holidays(2019) if row.day == dt.date(2019, 4, 15))

    assert (monday.name, monday.name_en) == (
        "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)",
        "Hung Kings' Commemoration Day (observed)",
    )


def test_an_exchange_names_the_other_day_across_the_turn_of_the_year_too():
    names = {row.day: row.name for year in (2018, 2019) for row in public_holidays(year)}

    assert names[dt.date(2018, 12, 31)] == "Nghỉ hoán đổi, làm bù ngày 5/1/2019"
    assert names[dt.date(2019, 1, 5)] == "Làm bù cho ngày nghỉ 31/12/2018"


def test_only_years_whose_notice_is_not_known_are_forecasts():
    assert {row.is_forecast for row in public_holidays(KNOWN_TO)} == {False}
    assert {row.is_forecast for row in public_holidays(KNOWN_TO + 1)} == {True}


@pytest.mark.parametrize("year", range(2013, 2061))
def test_every_year_is_sound(year):
    found = public_holidays(year)
    days = [row.day for row in found]
    calendar = WorkingDays(
        frozenset(row.day for row in found if not row.is_made_up),
        frozenset(row.day for row in found if row.is_made_up),
    )
    whole_year = [dt.date(year, 1, 1) + dt.timedelta(days=passed) for passed in range(365)]

    assert days == sorted(set(days))
    assert all(row.name and row.name_en and row.day.year == year for row in found)
    assert all(row.day.weekday() > 4 for row in found if row.is_made_up)
    assert set(holidays.country_holidays("VN", years=year)) <= set(days)
    assert 9 <= sum(day.weekday() < 5 and not calendar.is_working(day) for day in whole_year) <= 16


@pytest.mark.parametrize("year", [0, 2012, 2100, 99999])
def test_a_year_without_known_lunar_days_is_refused(year):
    with pytest.raises(ValueError, match=str(year)):
        public_holidays(year)
