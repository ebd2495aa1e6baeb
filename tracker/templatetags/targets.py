"""Targets in templates: amounts, verdicts and sentences, worded in ``tracker.target_words``."""

from decimal import Decimal
from typing import Any

from django import template

from tracker import target_words
from tracker.figures.target_rows import IndicatorRow, PeriodRow
from tracker.models import Indicator, ReportingPeriod, Target

register = template.Library()


@register.filter
def amount(value: Decimal | None, indicator: Indicator) -> str:
    """A figure in the indicator's decimals: ``731,0``; yes and no as words."""
    return target_words.amount(value, indicator)


@register.filter
def baseline(indicator: Indicator) -> str:
    """``ước 1.720 tỷ đồng``."""
    return target_words.baseline(indicator)


@register.filter
def forecast(value: Decimal | None, indicator: Indicator) -> str:
    """A projected figure, without decimals from a thousand on: ``1.754``."""
    return target_words.forecast(value, indicator)


@register.filter
def qualified(text: str, qualifier: str) -> str:
    """``ước 1.720``."""
    return target_words.qualified(text, qualifier)


@register.filter
def target_text(target: Target | None, indicator: Indicator) -> str:
    """``1.800``, ``≤ 35``, ``40–60`` or words."""
    return target_words.target_text(target, indicator)


@register.filter
def to_date(upto: ReportingPeriod) -> str:
    """``Lũy kế 5 tháng``."""
    return target_words.cumulative_label(upto)


@register.filter
def in_sentence(period: ReportingPeriod) -> str:
    """``tháng 5``."""
    return target_words.lowered(period)


@register.filter
def why_none(row: IndicatorRow) -> str:
    return target_words.why_none(row)


@register.filter
def parts_present(row: IndicatorRow | PeriodRow, indicator: Indicator | None = None) -> str:
    """``đã có 7/10 huyện``; of a single period the indicator is given along."""
    if row.rollup is None:
        return ""
    owner = indicator or row.indicator
    return target_words.parts_present(row.rollup.present, row.rollup.expected, owner.dimension)


@register.inclusion_tag("indicators/_verdict.html")
def verdict(row: IndicatorRow, *, plain: bool = False) -> dict[str, Any]:
    """The verdict with its picture and, unless ``plain``, the figure that is expected."""
    return {"row": row, "words": target_words.VERDICTS[row.verdict], "plain": plain}


@register.inclusion_tag("indicators/_change.html")
def change(row: IndicatorRow, *, against: str = "same_period") -> dict[str, Any]:
    """How far the figure lies from the earlier one that it is compared with."""
    return {"words": target_words.change_words(row.change, row.indicator, row.year, against)}
