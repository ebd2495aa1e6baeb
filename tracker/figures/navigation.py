"""The counts beside the navigation: the same rows as the lists they open, all in one query."""

import datetime as dt
from typing import Any

from django.db.models import Exists

from tracker.figures.counting import count_together
from tracker.figures.extensions import extension_queue
from tracker.figures.figure_reviews import figure_queue
from tracker.figures.matrix import counted_lists
from tracker.figures.reviews import review_queue
from tracker.figures.scope import Scope
from tracker.figures.work import to_do
from tracker.models import Indicator, Notice, ReportingPeriod, User
from tracker.permissions import can_see_review_queue

_HOT = {"my_work", "review_queue", "figure_queue", "extension_list"}


def navigation_counts(user: User, today: dt.date) -> dict[str, tuple[int, bool]]:
    """URL name → (number, whether it asks the person to act)."""
    return badges(count_together(user, **navigation_lists(user, today)))


def navigation_lists(user: User, today: dt.date) -> dict[str, Any]:
    """URL name → the rows that are counted beside it; a page that counts anyway counts these along."""
    # No count here depends on how many days count as due soon, so the office's settings are not read.
    scope = Scope(user, today, today, period=None, due_soon_days=0)
    lists: dict[str, Any] = {
        "my_work": to_do(user, today, scope.due_soon_days),
        "directive_list": scope.directives(),
        "assignment_list": scope.assignments(),
        "extension_list": extension_queue(user),
        "indicator_list": _plan(user, today),
        "adoption_matrix": counted_lists(user),
        "notice_list": Notice.objects.visible_to(user).unread(),
    }
    if can_see_review_queue(user):
        lists["review_queue"] = review_queue(user)
        lists["figure_queue"] = figure_queue(user)
    return lists


def _plan(user: User, today: dt.date) -> Any:
    """The rows of the year's plan; there is none before the year's periods have been made."""
    months = ReportingPeriod.objects.of_all().of_kind(ReportingPeriod.Kind.MONTH)
    begun = months.filter(year=today.year, starts_on__lte=today).order_by()
    return Indicator.objects.of_plan(user, today.year).filter(Exists(begun))


def badges(numbers: dict[str, int]) -> dict[str, tuple[int, bool]]:
    """The counted lists as the menu shows them."""
    return {name: (number, name in _HOT and number > 0) for name, number in numbers.items()}
