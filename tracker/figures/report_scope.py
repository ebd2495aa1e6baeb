"""What an official report covers: the register of its year, narrowed to its field or agency, as of its day."""

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from tracker.figures.periods import Period
from tracker.figures.scope import Scope
from tracker.models import Agency, Configuration, Field, ReportingPeriod, User

Kind = ReportingPeriod.Kind

_MONTHS = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.HALF: 6, Kind.NINE_MONTHS: 9, Kind.YEAR: 12}


@dataclass(frozen=True)
class ReportScope(Scope):
    """One cut through the register for a report; every address opens exactly the rows that it counts.

    The register is that of the whole year, as reports count it: what is due in it, carried over into it, or has no
    deadline. The day stands in every address, so that tomorrow the same link opens the same rows.
    """

    window: ReportingPeriod | None = None
    only_field: Field | None = None
    only_agency: Agency | None = None
    """What this agency leads."""

    @classmethod
    def about(
        cls,
        user: User,
        window: ReportingPeriod,
        agency: Agency | None,
        field: Field | None,
        *,
        on: dt.date,
        today: dt.date,
    ) -> "ReportScope":
        """As of ``on``, at the latest as of the end of the calendar period that the report is named for."""
        office = Configuration.current()
        return cls(
            user,
            min(on, today, last_day(window)),
            today,
            Period.parse(str(window.year)),
            office.due_soon_days,
            office.stale_days,
            office,
            window=window,
            only_field=field,
            only_agency=agency,
        )

    def directives(self) -> Any:
        rows = super().directives()
        if self.only_field:
            rows = rows.filter(field=self.only_field)
        return rows.led_by(self.only_agency) if self.only_agency else rows

    def assignments(self) -> Any:
        rows = super().assignments()
        if self.only_field:
            rows = rows.filter(directive__field=self.only_field)
        return rows.filter(agency=self.only_agency) if self.only_agency else rows

    @property
    def query(self) -> dict[str, str]:
        found = super().query | {"den": f"{self.as_of:%d/%m/%Y}"}
        if self.only_field:
            found["lv"] = self.only_field.code
        if self.only_agency:
            found["ct"] = self.only_agency.code
        return found

    def list_of(self, url_name: str = "directive_list", **filters: str) -> str:
        """The address of a list cut as the report is cut, and by these filters."""
        return f"{reverse(url_name)}?{urlencode({**self.query, **filters})}"

    @property
    def report_window(self) -> ReportingPeriod:
        assert self.window is not None  # noqa: S101 - every report has a period
        return self.window


def last_day(window: ReportingPeriod) -> dt.date:
    """The last day of the calendar period that a window is named for: of the first half-year 30/6, not 14/6."""
    months = _MONTHS.get(Kind(window.kind))
    if months is None:
        return window.ends_on
    month = months * window.number if window.kind != Kind.NINE_MONTHS else months
    return dt.date(window.year, month, calendar.monthrange(window.year, month)[1])


def following(window: ReportingPeriod) -> ReportingPeriod | None:
    """The period of the same kind that comes next; None where nobody has made it."""
    found = ReportingPeriod.objects.of_kind(window.kind).filter(agency=window.agency_id)
    return found.filter(starts_on__gt=window.ends_on).order_by("starts_on").first()
