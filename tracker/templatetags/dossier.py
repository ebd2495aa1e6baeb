"""How the page of one directive reads: the picture of a step, the agencies counted, the deadline's rule."""

from typing import Any

from django import template

from tracker.deadline_rules import rule_sentence
from tracker.models import Status
from tracker.templatetags.display import quantity, status_word
from tracker.vietnamese.deadlines import read_deadline

register = template.Library()

_BEYOND_THE_BADGE = {
    Status.NEW,
    Status.RECEIVED,
    Status.AWAITING,
    Status.DECLINED,
    Status.UNASSIGNED,
    Status.WITHDRAWN,
    Status.TRANSFERRED,
}

_ICONS = {
    "registered": "folder",
    "edited": "s-draft",
    "assigned": "mega",
    "received": "check",
    "declined": "x",
    "answered": "chat",
    "transferred": "arrow",
    "paused": "s-paused",
    "resumed": "s-ontime",
    "stopped": "s-stopped",
    "withdrawn": "s-outside",
    "restored": "s-returned",
    "reopened": "history",
    "submitted": "s-review",
    "returned": "s-returned",
    "confirmed": "s-approved",
    "draft": "s-draft",
}


@register.filter
def moment_icon(kind: str) -> str:
    """The picture beside a step of the timeline."""
    return _ICONS.get(kind, "info")


@register.filter
def counts_line(counts: dict[str, int]) -> str:
    """“1 quá hạn · 13 sắp đến hạn · 12 hoàn thành đúng hạn”."""
    return " · ".join(f"{quantity(n)} {status_word(key).lower()}" for key, n in counts.items())


@register.filter
def deadline_rule(directive: Any) -> str:
    """How the printed words were read, when the date in force is the one that they mean."""
    year = directive.due_on.year if directive.due_on else None
    read = read_deadline(directive.deadline_printed, year)
    return rule_sentence(read) if directive.deadline_printed and read.due_on == directive.due_on else ""


@register.filter
def says_more(work: Any) -> bool:
    """Whether the stored status adds something to the badge of the standing."""
    return work.status in _BEYOND_THE_BADGE
