"""What is asked of a list when it is taken out: by whom, cut how, on which day."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from tracker.exports.sheet import Column, Sheet, Value, from_queryset
from tracker.forms.filters import ListFilter
from tracker.models import Field, ReportingPeriod, User
from tracker.tables.base import ListTable


@dataclass(frozen=True)
class Asked:
    """The address of a list without its page: its filters and its order, for one person at one moment."""

    user: User
    data: QueryDict
    now: dt.datetime
    today: dt.date

    @property
    def order(self) -> str:
        return self.data.get("sx", "")


def words_of(filters: ListFilter) -> list[tuple[str, str]]:
    """The filters that are on, as the page says them."""
    return [(str(one.label), one.text) for one in filters.active]


def field_words() -> Callable[[Any], Value]:
    """The names of fields of work by their keys, in the language of the file."""
    words = {one.pk: one.label for one in Field.objects.all()}
    return lambda key: words.get(key, "")


def period_words() -> Callable[[Any], Value]:
    """The names of reporting periods by their keys."""
    words = {one.pk: one.label for one in ReportingPeriod.objects.of_all()}
    return lambda key: words.get(key, "")


def filtered(
    title: str,
    filters: ListFilter,
    columns: list[Column],
    rows: Any,
    table: type[ListTable] | None = None,
) -> Sheet:
    """A list of rows under a filter, in the order that its table or the page gives them."""
    words = words_of(filters)
    if table is not None:
        rows, order = table.ordered(rows, filters.data.get("sx", ""))
        words = [*words, (_("Order"), order)]
    return Sheet(
        title, columns, from_queryset(columns, rows), total=rows.count(), as_of=filters.today, filters=words
    )
