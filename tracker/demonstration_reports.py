"""Official reports in the demonstration year: one that waits for the leader, the year before's still a draft.

Text and numbers are those that the data give on the day; only who drafts when is made up (dữ liệu minh hoạ).
"""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tracker import clock
from tracker.demonstration_acts import Deed, acting, moment
from tracker.figures.report_content import write_report
from tracker.models import PeriodicReport, ReportingPeriod
from tracker.permissions import can_draft_report, can_submit_report, require
from tracker.report_defaults import first_frame

if TYPE_CHECKING:
    from tracker.demonstration import Year

DRAFTER = "quang.tm"


class ReportsOfTheYear:
    """Drafts of the year 2019, and of the first half of 2020, which is submitted."""

    def __init__(self, year: "Year") -> None:
        self.year = year

    def acts(self) -> Iterator[tuple[dt.datetime, Deed]]:
        yield moment("2020-06-15", "15:00"), lambda: self._draft("2019")
        yield moment("2020-06-16", "11:10"), lambda: self._submit(self._draft("2020-6t1"))

    def _draft(self, code: str) -> PeriodicReport:
        drafter, today = self.year.people[DRAFTER], clock.today()
        require(can_draft_report(drafter))
        period = ReportingPeriod.objects.get(code=code)
        frame = first_frame(period, by=drafter, today=today)
        content, facts = write_report(drafter, PeriodicReport(**frame), today=today)
        with acting(drafter):
            return PeriodicReport.draft(by=drafter, content=content, facts=facts, **frame)

    def _submit(self, report: PeriodicReport) -> None:
        drafter = self.year.people[DRAFTER]
        require(can_submit_report(drafter, report))
        with acting(drafter):
            report.submit(by=drafter)
