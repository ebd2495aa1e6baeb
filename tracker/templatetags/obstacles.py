"""What rows of obstacles ask of their records."""

import datetime as dt

from django import template

from tracker.models import Obstacle

register = template.Library()


@register.filter
def days_over(obstacle: Obstacle, day: dt.date) -> int:
    """Days past the day by which it was needed; 0 before it and when it has been solved."""
    return obstacle.days_over(day)
