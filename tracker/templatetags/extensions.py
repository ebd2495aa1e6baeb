"""How extensions and corrected deadlines read: from which day to which, for the how many-th time, in which state."""

import datetime as dt
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tracker.models import DirectiveEvent, ExtensionStatus
from tracker.models.extensions import OFTEN
from tracker.templatetags.display import day, quantity

register = template.Library()

Kind = DirectiveEvent.Kind

_STATES = {
    ExtensionStatus.ASKED: ("review", "s-review"),
    ExtensionStatus.PROPOSED: ("soon", "chat"),
    ExtensionStatus.GRANTED: ("approved", "s-approved"),
    ExtensionStatus.REFUSED: ("returned", "x"),
    ExtensionStatus.NOT_ACCEPTED: ("stopped", "x"),
    ExtensionStatus.TAKEN_BACK: ("stopped", "s-returned"),
}


@register.filter
def until(before: dt.date | None, after: dt.date | None) -> str:
    """``31/5 → 15/7/2020``; the year once when it is the same, “không có hạn” where there is none."""
    none = _("no deadline")
    same = before and after and before.year == after.year
    return f"{day(before, after if same else None) if before else none} → {day(after) if after else none}"


@register.filter
def nth(ordinal: int) -> str:
    """“lần gia hạn đầu”, “lần gia hạn thứ 2”."""
    if ordinal == 1:
        return _("first extension")
    return _("extension number %(n)s") % {"n": quantity(ordinal)}


@register.filter
def extended_often(record: Any) -> bool:
    """From the third extension on: “gia hạn nhiều lần”."""
    return record.extension_count >= OFTEN


@register.filter
def state_key(status: str) -> str:
    """The colour of a request's state."""
    return _STATES[ExtensionStatus(status)][0]


@register.filter
def state_icon(status: str) -> str:
    """The picture of a request's state."""
    return _STATES[ExtensionStatus(status)][1]


@register.simple_tag
def deadline_step(kind: str, before: dt.date | None, after: dt.date | None, agency: str | None = "") -> str:
    """One step about a deadline as a sentence, after the name of the agency whose own deadline it is."""
    sentence = _sentence(kind) % {"move": until(before, after), "after": day(after)}
    if kind == Kind.DECISION_UNDONE and (before or after):
        sentence += f": {until(before, after)}"
    return format_html("<b>{}</b>: {}", agency, sentence) if agency else capfirst(sentence)


def _sentence(kind: str) -> str:
    return {
        Kind.EXTENSION_ASKED: _("asked for an extension %(move)s"),
        Kind.EXTENSION_TAKEN_BACK: _("request for an extension taken back"),
        Kind.EXTENDED: _("deadline extended %(move)s"),
        Kind.EXTENSION_REFUSED: _("extension until %(after)s refused"),
        Kind.DATE_PROPOSED: _("another deadline proposed, %(after)s"),
        Kind.PROPOSAL_DECLINED: _("proposed deadline %(after)s not accepted"),
        Kind.DECISION_UNDONE: _("decision on an extension taken back"),
        Kind.DEADLINE_CORRECTED: _("deadline corrected %(move)s"),
    }[Kind(kind)]
