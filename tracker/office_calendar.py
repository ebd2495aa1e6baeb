"""Fills the office's calendar with what is known of a year, beside what administrators keep there."""

from django.db import transaction

from tracker.models import CalendarDay, CalendarDayHistory
from tracker.vietnamese.public_holidays import PublicHoliday, public_holidays


@transaction.atomic
def enter_holidays(year: int) -> int:
    """Enter the public holidays of a year. Returns how many days were added.

    A day that was ever entered is left alone: what an administrator changed, moved or removed stays so.
    Raises ValueError for a year whose lunar days are not known.
    """
    ever = set(CalendarDayHistory.objects.filter(day__year=year).values_list("day", flat=True))
    new = [_entered(holiday) for holiday in public_holidays(year) if holiday.day not in ever]
    return len(CalendarDay.objects.bulk_create(new))


def _entered(holiday: PublicHoliday) -> CalendarDay:
    return CalendarDay(
        day=holiday.day,
        kind=CalendarDay.Kind.MADE_UP if holiday.is_made_up else CalendarDay.Kind.OFF,
        name=holiday.name,
        name_en=holiday.name_en,
        is_forecast=holiday.is_forecast,
    )
