"""A number of a period as people read it."""

from decimal import Decimal
from typing import Any

from django import template

from tracker import target_words
from tracker.models import Indicator
from tracker.templatetags.display import NOTHING, quantity

register = template.Library()


@register.filter
def in_terms_of(value: Decimal | str | None, indicator: Indicator) -> str:
    """A number in its indicator's own terms: ``8,6%``, ``1.720,5``, ``có``; nothing as a dash, never 0.

    A template looks up a number that is not there as an empty text.
    """
    if not isinstance(value, Decimal):
        return NOTHING
    text = target_words.with_unit if indicator.is_percent else target_words.amount
    return text(value, indicator)


@register.filter
def printed(number: Any, indicator: Indicator) -> str:
    """A number, frozen, present or as handed in: ``ước 148,6``; of a ratio also both its numbers."""
    if number is None:
        return NOTHING
    if number.value is None:
        return getattr(number, "words", "") or getattr(number, "value_words", "") or NOTHING
    text = target_words.qualified(in_terms_of(number.value, indicator), number.qualifier)
    if number.numerator is not None and number.denominator is not None:
        text = f"{text} ({quantity(number.numerator)}/{quantity(number.denominator)})"
    return text
