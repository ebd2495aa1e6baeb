"""The counts beside the navigation: the same rows as the lists they open, all in one query."""

import datetime as dt
from typing import Any

from django.db.models import Count, IntegerField, Subquery, Value
from django.db.models.functions import Coalesce

from tracker.figures.reviews import review_queue
from tracker.figures.scope import Scope
from tracker.figures.work import to_do
from tracker.models import User
from tracker.permissions import can_see_review_queue


def navigation_counts(user: User, today: dt.date) -> dict[str, tuple[int, bool]]:
    """URL name → (number, whether it asks the person to act)."""
    scope = Scope.of(user, today)
    lists: dict[str, tuple[Any, bool]] = {
        "my_work": (to_do(user, today, scope.due_soon_days), True),
        "directive_list": (scope.directives(), False),
        "assignment_list": (scope.assignments(), False),
    }
    if can_see_review_queue(user):
        lists["review_queue"] = (review_queue(user), True)
    counts = User.objects.filter(pk=user.pk).values(
        **{name: _count(rows) for name, (rows, _hot) in lists.items()}
    )
    numbers = counts.get()
    return {name: (numbers[name], hot and numbers[name] > 0) for name, (_rows, hot) in lists.items()}


def _count(rows: Any) -> Coalesce:
    """The number of rows as one value inside a larger query."""
    alone = (
        rows.order_by().annotate(everything=Value(1)).values("everything").annotate(n=Count("pk")).values("n")
    )
    return Coalesce(Subquery(alone, output_field=IntegerField()), 0)
