"""How the matrix of completeness reads: the shade of a cell, its words, and where its count leads."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from tracker.figures.completeness import Cell, Handing
from tracker.models import Agency, ReportingPeriod

register = template.Library()

_SHADES = {Handing.MISSING: "q0", Handing.PENDING: "q1", Handing.LATE: "q2", Handing.ON_TIME: "q4"}


@register.filter
def shade(cell: Cell) -> str:
    """The class of a cell; the words in it say the same."""
    return _SHADES.get(cell.handing, "")


@register.filter
def cell_words(cell: Cell) -> str:
    """“3/4”, “3/4 còn hạn”, “4/4 muộn 1”; a dash where nothing was asked for."""
    if not cell.asked:
        return "–"
    share = f"{cell.sent}/{cell.asked}"
    if cell.handing == Handing.PENDING:
        return f"{share} {_('still in time')}"
    if cell.handing == Handing.LATE:
        return f"{share} {_('%(n)d late') % {'n': cell.counts[Handing.LATE]}}"
    return share


@register.filter
def count_of(cell: Cell, choice: str) -> int:
    """How many a line of the summary counts in a period."""
    named = {"asked": cell.asked, "nothing_new": cell.nothing_new}
    return named[choice] if choice in named else cell.counts[choice]


@register.simple_tag
def handing_rows(links: Any, choice: str, period: ReportingPeriod, agency: Agency | None = None) -> str:
    """The address of the rows behind a count."""
    return links.rows(choice, period, agency)


@register.simple_tag
def agency_page(links: Any, agency: Agency) -> str:
    """The page of one agency's reports."""
    return links.of_agency(agency)


@register.simple_tag
def completeness_tab(links: Any, name: str) -> str:
    """The address of a tab."""
    return links.tab(name)
