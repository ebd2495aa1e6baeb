"""How a directive's targets read on its page and in the report of an agency."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tracker import target_words
from tracker.figures.coverage import BodyRow
from tracker.figures.criteria import MOST_COUNTED_ONE_BY_ONE, Criterion
from tracker.figures.directive_targets import behind_plan, bodies_expected, bodies_planned, planned_by
from tracker.figures.entry import Entry
from tracker.figures.sentence import in_sentence
from tracker.figures.target_rows import IndicatorRow
from tracker.judgement import HUNDRED
from tracker.models import BodyState, Indicator, Target
from tracker.templatetags.display import day, percent, quantity
from tracker.templatetags.measurements import target_text

register = template.Library()


@register.simple_tag
def coverage_finding(row: IndicatorRow) -> SafeString:
    """“Phần mềm – đạt 17/26 cơ quan (65,4%), kế hoạch đến 14/5 là 21”; needs a coverage."""
    covered: Any = row.coverage
    words = {
        "name": row.indicator.label,
        "reached": f"{quantity(covered.in_use)}/{quantity(covered.in_scope)}",
        "percent": percent(covered.percent),
        "day": day(planned_by(row), row.day),
        "planned": quantity(bodies_planned(row)),
    }
    if bodies_planned(row) is None:
        return format_html(_("<b>{name}</b> — <b>{reached}</b> agencies reached it ({percent})"), **words)
    return format_html(
        _("<b>{name}</b> — <b>{reached}</b> agencies reached it ({percent}), the plan to {day} is {planned}"),
        **words,
    )


@register.filter
def with_unit(value: Decimal | None, indicator: Indicator) -> str:
    """“731,0 tỷ đồng”."""
    return target_words.with_unit(value, indicator)


@register.filter
def plan_day(row: IndicatorRow) -> dt.date:
    """The day that the plan to date is of."""
    return planned_by(row)


@register.filter
def points_behind(row: IndicatorRow) -> Decimal | None:
    """Points missing to the plan of a coverage, if any."""
    return behind_plan(row)


@register.filter
def bodies_forecast(row: IndicatorRow) -> int | None:
    """How many agencies the pace of the last weeks leads to."""
    return bodies_expected(row)


@register.filter
def state_word(body: BodyRow) -> str:
    """“đã dùng”: how far one agency is, inside a sentence."""
    return str(BodyState(body.state).label).lower()


@register.filter
def shown(criterion: Criterion, figure: Any) -> str:
    """“55%”, “2/3”, “có”: what an agency has reached."""
    return criterion.in_words(figure)


@register.filter
def requirement(entry: Entry) -> str:
    """What an agency has to reach: “≥ 90% hồ sơ trên phần mềm”, “3/3 lãnh đạo có chứng thư số”; “” without a target."""
    target, indicator = entry.target, entry.indicator
    if target is None:
        return ""
    if indicator.value_kind == Indicator.ValueKind.YES_NO:
        return indicator.label
    needed = target_text(target, indicator)
    if not indicator.is_ratio:
        return f"{indicator.label}: {needed}"
    known = entry.stored or entry.before
    whole = known.denominator if known else None
    is_all = target.operator == Target.Operator.ALL or target.value == HUNDRED
    if is_all and whole and whole <= MOST_COUNTED_ONE_BY_ONE:
        needed = f"{quantity(whole)}/{quantity(whole)}"
    return f"{needed} {in_sentence(indicator.numerator_name)}"
