"""How the page of one directive reads: the picture of a step, the agencies counted, the deadline's rule."""

from typing import Any

from django import template

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
    "year_opened": "cal",
    "extension_asked": "cal",
    "extension_taken_back": "s-returned",
    "extended": "ok",
    "extension_refused": "x",
    "date_proposed": "chat",
    "proposal_declined": "x",
    "decision_undone": "s-returned",
    "deadline_corrected": "s-draft",
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
    """How the printed words were read, when the first deadline is the one that they mean."""
    first = directive.original_due_on or directive.due_on
    read = read_deadline(directive.deadline_printed, first.year if first else None)
    meant = read.due_in(directive.occurrence_year) if directive.occurrence_year else read.due_on
    return read.rule if meant == first else ""


@register.filter
def says_more(work: Any) -> bool:
    """Whether the stored status adds something to the badge of the standing."""
    return work.status in _BEYOND_THE_BADGE
