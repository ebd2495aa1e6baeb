"""A notice on the page: its sentence, what stands under it, its button and its picture."""

import datetime as dt

from django import template

from tracker import notice_words
from tracker.models import Notice
from tracker.templatetags.display import clock_time, moment

register = template.Library()

Kind = Notice.Kind

_PICTURES: dict[str, tuple[str, str]] = {
    Kind.ASSIGNED: ("branch", ""),
    Kind.RETURNED: ("s-returned", "ck-warn"),
    Kind.FIGURE_RETURNED: ("s-returned", "ck-warn"),
    Kind.CONFIRMED: ("s-approved", "ck-ok"),
    Kind.FIGURE_CONFIRMED: ("s-approved", "ck-ok"),
    Kind.DECLINED: ("s-returned", "ck-warn"),
    Kind.CHANGED: ("history", ""),
    Kind.INSTRUCTED: ("chat", ""),
    Kind.ANSWERED: ("chat", ""),
    Kind.URGED: ("mega", ""),
    Kind.URGING_ANSWERED: ("mega", ""),
    Kind.EXTENSION_ASKED: ("cal", ""),
    Kind.EXTENSION_DECIDED: ("cal", ""),
    Kind.DATE_PROPOSED: ("cal", ""),
    Kind.PROPOSAL_ANSWERED: ("cal", ""),
    Kind.DEPUTY: ("people", ""),
    Kind.EXPORT_MADE: ("download", ""),
    Kind.LATE: ("s-late", "ck-bad"),
    Kind.ESCALATED: ("s-late", "ck-bad"),
    Kind.TO_REVIEW: ("s-review", ""),
    Kind.TO_DECIDE: ("cal", ""),
    Kind.WEEK: ("gauge", ""),
}
_REMINDER = ("s-soon", "ck-warn")


@register.filter
def notice_title(notice: Notice) -> str:
    return notice_words.title(notice)


@register.filter
def notice_detail(notice: Notice, today: dt.date) -> str:
    return notice_words.detail(notice, today)


@register.filter
def notice_label(notice: Notice) -> str:
    """What the button says."""
    return notice_words.action(notice)[0]


@register.filter
def notice_time(notice: Notice, today: dt.date) -> str:
    """Today and yesterday stand in the heading: the hour is enough; before that the day as well."""
    recent = today - dt.timedelta(days=1) <= notice.day <= today
    return clock_time(notice.at) if recent else moment(notice.at, today)


@register.inclusion_tag("notices/_picture.html")
def notice_picture(notice: Notice) -> dict[str, str]:
    """The silhouette of its kind; the sentence beside it says the same."""
    name, colour = _PICTURES.get(notice.kind, _REMINDER)
    return {"name": name, "colour": colour}
