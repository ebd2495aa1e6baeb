"""What rows of lists ask of their records."""

import datetime as dt
from typing import Any

from django import template

from tracker.models import Directive

register = template.Library()


@register.filter
def expected_by(work: Any, day: dt.date) -> int | None:
    """Where open work should have got by a day, in percent; nothing for closed work or work without a deadline."""
    if not work.is_open or (isinstance(work, Directive) and not work.is_assigned):
        return None
    return work.expected_percent(day)


@register.filter
def is_closed(work: Any) -> bool:
    """Completed, stopped or outside the register: how many days are left says nothing any more."""
    return not work.is_open
