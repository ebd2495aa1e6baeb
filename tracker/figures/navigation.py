"""The counts beside the navigation: the same rows as the lists they open, all in one query."""

import datetime as dt
from typing import Any

from tracker.figures.counting import count_together
from tracker.figures.reviews import review_queue
from tracker.figures.scope import Scope
from tracker.figures.work import to_do
from tracker.models import User
from tracker.permissions import can_see_review_queue

_HOT = {"my_work", "review_queue"}


def navigation_counts(user: User, today: dt.date) -> dict[str, tuple[int, bool]]:
    """URL name → (number, whether it asks the person to act)."""
    # No count here depends on how many days count as due soon, so the office's settings are not read.
    scope = Scope(user, today, today, period=None, due_soon_days=0)
    lists: dict[str, Any] = {
        "my_work": to_do(user, today, scope.due_soon_days),
        "directive_list": scope.directives(),
        "assignment_list": scope.assignments(),
    }
    if can_see_review_queue(user):
        lists["review_queue"] = review_queue(user)
    numbers = count_together(user, **lists)
    return {name: (number, name in _HOT and number > 0) for name, number in numbers.items()}
