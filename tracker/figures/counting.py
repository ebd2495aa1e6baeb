"""Several counts in one query."""

from typing import Any

from django.db.models import Count, IntegerField, Subquery, Value
from django.db.models.functions import Coalesce

from tracker.models import User


def count_together(user: User, **lists: Any) -> dict[str, int]:
    """How many rows each of these QuerySets has, asked for all at once on behalf of a person."""
    counts = {name: _count(rows) for name, rows in lists.items()}
    return User.objects.filter(pk=user.pk).values(**counts).get()


def _count(rows: Any) -> Coalesce:
    alone = (
        rows.order_by().annotate(everything=Value(1)).values("everything").annotate(n=Count("pk")).values("n")
    )
    return Coalesce(Subquery(alone, output_field=IntegerField()), 0)
