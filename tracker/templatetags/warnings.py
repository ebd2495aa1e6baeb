"""How a level of early warning looks: its word, its picture, its colour; never the colour alone."""

from typing import Any

from django import template

from tracker.forms.watch_filters import LEVELS
from tracker.judgement import Level

register = template.Library()

_PICTURES = {
    Level.SAFE: ("ok", "done"),
    Level.CAUTION: ("bell", "todo"),
    Level.RISK: ("warn", "soon"),
    Level.ALARM: ("bad", "late"),
}


@register.inclusion_tag("warnings/_level.html")
def level_badge(level: Level) -> dict[str, Any]:
    """The badge of a level: picture and word."""
    icon, tone = _PICTURES[level]
    return {"icon": icon, "tone": tone, "word": LEVELS[level]}
