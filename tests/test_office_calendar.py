"""The office's calendar: filled from the law, kept by administrators."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_calendar_2020
from tracker.models import CalendarDay, CalendarDayHistory
from tracker.office_calendar import enter_holidays

pytestmark = pytest.mark.django_db

OFF, MADE_UP = CalendarDay.Kind.OFF, CalendarDay.Kind.MADE_UP
TET = dt.date(2020, 1, 25)


def entered(year):
    return list(CalendarDay.objects.filter(day__year=year).values_list("day", "kind", "name"))


def test_the_command_enters_a_year_once(capsys):
    call_command("make_calendar", years="2019-2020")
    first = entered(2019) + entered(2020)
    call_command("make_calendar", years="2019-2020")

    assert capsys.readouterr().out == "26 days entered.\nNothing to enter.\n"
    assert entered(2019) + entered(2020) == first
    assert (dt.date(2019, 5, 4), MADE_UP, "Làm bù cho ngày nghỉ 29/4/2019") in first
    assert CalendarDayHistory.objects.latest("pk").pgh_context["command"] == "make_calendar"


def test_without_years_this_one_and_the_next_are_entered(settings):
    settings.TRACKER_TODAY = dt.date(2020, 6, 16)

    call_command("make_calendar")

    assert sorted({day.year for day in CalendarDay.objects.values_list("day", flat=True)}) == [2020, 2021]


@pytest.mark.parametrize("years", ["", "2020-", "2021-2020", "1999", "2020-2100", "20 20", "２０２０"])
def test_years_that_cannot_be_are_refused(years):
    with pytest.raises(CommandError, match="2013"):
        call_command("make_calendar", years=years)

    assert not CalendarDay.objects.exists()


def test_what_an_administrator_changed_moved_or_removed_stays_so():
    make_calendar_2020()
    CalendarDay.objects.filter(day=TET).update(name="Mùng một Tết Canh Tý")
    CalendarDay.objects.filter(day="2020-01-23").update(day="2020-01-22")
    CalendarDay.objects.get(day="2020-09-02").delete()
    kept = entered(2020)

    assert enter_holidays(2020) == 0
    assert entered(2020) == kept


def test_a_day_entered_by_hand_does_not_keep_the_year_from_being_filled():
    CalendarDay.objects.create(day="2020-05-02", kind=OFF, name="Nghỉ theo quyết định của tỉnh")

    assert enter_holidays(2020) == 12
    assert len(entered(2020)) == 13


def test_working_days_are_read_in_one_query():
    make_calendar_2020()
    CalendarDay.objects.create(day="2020-02-01", kind=MADE_UP, name="Làm bù")

    with CaptureQueriesContext(connection) as queries:
        calendar = CalendarDay.objects.working_days(dt.date(2020, 1, 1), dt.date(2020, 2, 29))
        counted = calendar.count(dt.date(2020, 1, 22), dt.date(2020, 2, 1))

    assert (counted, len(queries)) == (3, 1)


@pytest.mark.parametrize(
    ("day", "count", "later"), [("2020-01-22", 2, "2020-01-31"), ("2020-06-19", 2, "2020-06-23")]
)
def test_so_many_working_days_later(day, count, later):
    make_calendar_2020()

    found = CalendarDay.objects.working_day_after(dt.date.fromisoformat(day), count)

    assert found == dt.date.fromisoformat(later)


def test_a_weekday_cannot_be_a_make_up_day():
    row = CalendarDay(day=dt.date(2020, 6, 16), kind=MADE_UP, name="Làm bù")

    with pytest.raises(ValidationError) as refusal:
        row.full_clean()

    assert list(refusal.value.message_dict) == ["day"]
    CalendarDay(day=dt.date(2020, 6, 20), kind=MADE_UP, name="Làm bù").full_clean()
