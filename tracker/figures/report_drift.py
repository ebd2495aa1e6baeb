"""What the data say today otherwise than a frozen report does: counted again as of the report's own day."""

import datetime as dt
from dataclasses import dataclass

from tracker.figures.report_content import write_report
from tracker.linked_text import keys_in_use
from tracker.models import PeriodicReport, User

GONE = "–"


@dataclass(frozen=True)
class Change:
    """One number of the report: what it counts, what was printed, what the same day gives now, and its list.

    ``now`` is a dash, and ``url`` that of the report's own day, where the data no longer give the number at all.
    """

    key: str
    says: str
    then: str
    now: str
    url: str


def drift(user: User, report: PeriodicReport, *, today: dt.date) -> list[Change]:
    """The numbers in the report's text and tables that have changed since, in the order in which they stand there.

    Only what was entered, confirmed or corrected since moves a number: the day that is reported on stays.
    """
    _content, facts = write_report(user, report, today=today)
    changes = []
    for key in keys_in_use(report.content):
        then = report.facts.get(key)
        now = facts.get(key)
        if then and (now is None or now["text"] != then["text"]):
            url = (now or then)["url"]
            changes.append(Change(key, then["says"], then["text"], now["text"] if now else GONE, url))
    return changes
