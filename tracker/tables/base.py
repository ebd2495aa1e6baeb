"""What every list has in common: named orders, pages with a cap, and its text when it is empty.

The library owns columns, order and paging. The body is a plain loop over ``records`` with the stem's ``_row.html``:
cells made by the library take five times as long.
"""

from typing import Any, ClassVar

import django_tables2 as tables
from django.core.paginator import Paginator

ROWS_A_PAGE = 25
MOST_PAGES = 400
"""Beyond this a person narrows the filter; nobody reads the ten thousandth row."""


class CappedPaginator(Paginator):
    """Pages of a list whose length is known already. A page that does not exist becomes the nearest one."""

    def __init__(self, object_list: Any, per_page: int, *, total: int, **kwargs: Any) -> None:
        super().__init__(object_list, per_page, **kwargs)
        self.count = total

    @property
    def num_pages(self) -> int:
        return min(max(1, -(-self.count // self.per_page)), MOST_PAGES)

    @property
    def is_capped(self) -> bool:
        """There are more rows than pages to show them."""
        return self.count > MOST_PAGES * self.per_page

    def validate_number(self, number: Any) -> int:
        try:
            wanted = int(str(number)[:12])
        except ValueError:
            wanted = 1
        return min(max(1, wanted), self.num_pages)


class ListTable(tables.Table):
    """A list whose orders have names: ``ORDERS`` maps the word in the address to a column and what people read."""

    ORDERS: ClassVar[dict[str, tuple[str, Any]]]

    class Meta:
        orderable = False
        order_by_field = "sx"
        page_field = "trang"
        per_page = ROWS_A_PAGE

    @classmethod
    def show(cls, rows: Any, *, order: str, page: Any, total: int) -> "ListTable":
        """The page that is asked for, in one of the named orders; an unknown one means the first."""
        table = cls._in_order(rows, order)
        return table.paginate(CappedPaginator, page=page, total=total)

    @classmethod
    def ordered(cls, rows: Any, order: str) -> tuple[Any, str]:
        """All the rows in the order that the pages have, and what people read for it."""
        table = cls._in_order(rows, order)
        return table.data.data, str(cls.ORDERS[table.chosen][1])

    @classmethod
    def _in_order(cls, rows: Any, order: str) -> "ListTable":
        chosen = order if order in cls.ORDERS else next(iter(cls.ORDERS))
        table = cls(rows, order_by=cls.ORDERS[chosen][0])
        table.chosen = chosen
        return table

    @property
    def records(self) -> list[Any]:
        """The records of this page."""
        return [row.record for row in self.page.object_list]

    @property
    def headings(self) -> list[dict[str, Any]]:
        """Each visible column: its words, its class, the word that orders by it, and whether it does now."""
        by_column = {column.removeprefix("-"): word for word, (column, _label) in self.ORDERS.items()}
        return [
            {
                "text": column.header,
                "kind": column.column.attrs.get("kind", ""),
                "order": by_column.get(column.name, ""),
                "direction": self._direction(column.name)
                if by_column.get(column.name) == self.chosen
                else "",
            }
            for column in self.columns
        ]

    def _direction(self, name: str) -> str:
        column = self.ORDERS[self.chosen][0]
        return "descending" if column == f"-{name}" else "ascending"
