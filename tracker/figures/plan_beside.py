"""Targets beside directives: the year's plan on the overview, and what a directive is measured by on its own page.

Both are cut from the same rows as the list of indicators, so that every number opens exactly its rows.
"""

import datetime as dt
from collections.abc import Iterable

from tracker.figures.periods import Period
from tracker.figures.scope import Scope
from tracker.figures.series import load_periods
from tracker.figures.targets import Plan, default_period, year_plan
from tracker.models import ReportingPeriod


def plan_beside(scope: Scope) -> Plan:
    """The targets of the reporting period that the page's period and day stand for; at most seven queries.

    Figures count as they are confirmed today, on a past day too: no list keeps what had been confirmed then.
    """
    year = (scope.period.start if scope.period else scope.as_of).year
    periods = load_periods(year)
    upto = reporting_period(periods, scope.period, scope.as_of, year)
    return year_plan(scope.user, scope.today, scope.office, upto=upto, year=year, periods=periods)


def reporting_period(
    periods: Iterable[ReportingPeriod], asked: Period | None, day: dt.date, year: int
) -> ReportingPeriod | None:
    """The reporting period that a calendar period stands for on a day.

    The one of the same name once its figures have closed; before that, and for the year to date, the newest month
    whose figures had to be sent by then.
    """
    of_year = [period for period in periods if period.year == year]
    named = next((period for period in of_year if asked and period.code == asked.code), None)
    if named and named.ends_on < day:
        return named
    return default_period(of_year, day)
