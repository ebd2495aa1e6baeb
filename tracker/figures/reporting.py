"""The closing of figures beside a deadline: “hạn 30/6” and “chốt số liệu quý II: 14/6” are two different days."""

import calendar
import datetime as dt
from collections.abc import Iterable

from tracker.models import ReportingPeriod
from tracker.models.period_names import short_period_name
from tracker.vietnamese.calendar import PeriodKind, window
from tracker.vietnamese.dates import FIRST_YEAR, LAST_YEAR


def closing_beside(
    due_on: dt.date | None, loaded: Iterable[ReportingPeriod] = ()
) -> tuple[str, dt.date] | None:
    """The period in whose report a deadline's work is read, as words inside a sentence, and the day its figures close.

    “Hết năm” belongs to the year's report, “hết quý” to the quarter's, any other day to the report of its calendar
    month. The day is the one the office has set; before the year's periods are made, the legal one (Decree
    09/2019/NĐ-CP, Article 12). None without a deadline. No query where the period is among those ``loaded``.
    """
    if due_on is None or not FIRST_YEAR <= due_on.year <= LAST_YEAR:
        return None
    kind, number = _kind_and_number(due_on)
    named = (kind, due_on.year, number)
    closes_on = next((one.ends_on for one in loaded if (one.kind, one.year, one.number) == named), None)
    if closes_on is None:
        stored = ReportingPeriod.objects.of_all().filter(kind=kind, year=due_on.year, number=number)
        closes_on = stored.values_list("ends_on", flat=True).first()
    name = short_period_name(kind, due_on.year, number)
    return name[:1].lower() + name[1:], closes_on or window(kind, due_on.year, number).ends_on


def _kind_and_number(day: dt.date) -> tuple[PeriodKind, int]:
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    if is_last and day.month == 12:
        return PeriodKind.YEAR, 1
    if is_last and day.month % 3 == 0:
        return PeriodKind.QUARTER, day.month // 3
    return PeriodKind.MONTH, day.month
