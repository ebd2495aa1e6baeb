"""Numbers that open exactly the rows they count."""

import datetime as dt
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from tracker.figures.official_table import Line
from tracker.figures.sentence import in_sentence
from tracker.figures.targets import Plan
from tracker.judgement import Verdict
from tracker.templatetags.display import quantity

register = template.Library()


@register.simple_tag(takes_context=True)
def rows(context: template.Context, url_name: str, **filters: Any) -> str:
    """The address of a list, cut as the page is cut and by these filters."""
    return f"{reverse(url_name)}?{urlencode({**context['scope'].query, **filters})}"


@register.simple_tag
def plan_rows(plan: Plan, verdict: str = "") -> str:
    """The address of the list of targets, cut as the overview's panel is."""
    query = {"ky": plan.upto.code} if plan.upto else {}
    return f"{reverse('indicator_list')}?{urlencode(query | ({'kl': verdict} if verdict else {}))}"


@register.simple_tag
def counted_plan(plan: Plan, verdict: str) -> SafeString | str:
    """How many targets have this verdict, as the link to them; 0 opens nothing."""
    number = len(plan.with_verdict(Verdict(verdict)))
    if not number:
        return "0"
    return format_html(
        '<a href="{}" data-count="{}">{}</a>', plan_rows(plan, verdict), str(number), quantity(number)
    )


@register.simple_tag(takes_context=True)
def counted(context: template.Context, number: int, url_name: str, **filters: Any) -> SafeString | str:
    """A number as the link to its rows; 0 opens nothing."""
    if not number:
        return "0"
    return format_html('<a href="{}">{}</a>', rows(context, url_name, **filters), quantity(number))


@register.simple_tag(takes_context=True)
def counted_line(context: template.Context, line: Line, url_name: str, cell: str = "") -> SafeString | str:
    """A number of the official table: a line's total, or what lies in one of its cells."""
    if not cell:
        return counted(context, line.row.total, url_name, **line.query)
    return counted(context, line.row.cells[cell], url_name, **line.query, o=str(cell))


@register.simple_tag(takes_context=True)
def counted_cell(context: template.Context, row: Any, cell: str, **filters: Any) -> SafeString | str:
    """How many directives of a line lie in an official cell, as the link to them."""
    return counted(context, row.cells[cell], "directive_list", **filters, o=str(cell))


@register.filter
def with_verdict(plan: Plan, verdict: str) -> list[Any]:
    """The targets of which this is expected: met, risk, off, none."""
    return plan.with_verdict(Verdict(verdict))


@register.filter
def short_name(indicator: Any) -> str:
    """A name inside a line of names, cut after a few words."""
    return Truncator(in_sentence(indicator.short_label)).chars(60)


@register.filter
def worst_days(row: Any, as_of: dt.date) -> int:
    """Days since the oldest deadline that the line missed."""
    return row.worst_days(as_of)


@register.filter
def is_too_few(row: Any, fewest: int) -> bool:
    """Too few fell due for a percentage to say anything."""
    return row.on_time_of_due.denominator < fewest
