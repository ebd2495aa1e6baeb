"""Several counts, and other answers of one value, in one query."""

from typing import Any

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from tracker.models import User


def count_together(user: User, **lists: Any) -> dict[str, Any]:
    """How many rows each of these QuerySets has, asked for all at once on behalf of a person.

    An expression in place of a QuerySet is asked for along with the counts.
    """
    counts = {name: count_of(rows) if isinstance(rows, QuerySet) else rows for name, rows in lists.items()}
    return User.objects.filter(pk=user.pk).values(**counts).get()


def count_of(rows: Any) -> Coalesce:
    """How many rows a QuerySet has, as one value that another query can bring along."""
    alone = (
        rows.order_by().annotate(everything=Value(1)).values("everything").annotate(n=Count("pk")).values("n")
    )
    return Coalesce(Subquery(alone, output_field=IntegerField()), 0)
