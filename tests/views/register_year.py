"""A register in which every standing occurs, and how its lists are read."""

import datetime as dt
import html
import re

from tests.factories import (
    NOON,
    make_agency,
    make_assignment,
    make_completed,
    make_directive,
    make_document,
    make_field,
    make_report,
    make_user,
)


def make_year(officer):
    """One directive of each standing and more; the overdue assignment is given back."""
    field = make_field(code="vien-thong", name="Viễn thông")
    late = make_assignment(make_agency(code="H01", name="UBND huyện Giao Thủy"), due_on=dt.date(2020, 5, 31))
    make_assignment(field=field, due_on=dt.date(2020, 6, 20), tracking_officer=officer)
    make_assignment(due_on=dt.date(2020, 12, 31), status="in_progress", field=field)
    make_assignment(due_on=None, deadline_kind="ongoing", status="in_progress")
    make_assignment(due_on=dt.date(2020, 9, 2))
    paused = make_assignment(due_on=dt.date(2020, 10, 1)).directive
    paused.pause(by=make_user("leader"), reason="Chờ bộ", review_on=dt.date(2020, 7, 1), at=NOON)
    make_completed(due_on=dt.date(2020, 6, 1), on=dt.date(2020, 6, 1))
    make_completed(due_on=dt.date(2020, 6, 1), on=dt.date(2020, 6, 5))
    stopped = make_assignment(due_on=dt.date(2020, 10, 1)).directive
    stopped.stop(by=make_user("leader"), document=make_document(), at=NOON)
    withdrawn = make_assignment().directive
    withdrawn.withdraw(by=officer, reason="Trùng", at=NOON)
    make_directive(due_on=dt.date(2020, 12, 1))
    make_report(late, state="submitted", as_of_on=dt.date(2020, 6, 10))
    return late


def rows(client, address: str) -> int:
    """How many rows the list at an address has, all its pages together."""
    return client.get(address).context["page"].paginator.count


def text_of(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())
