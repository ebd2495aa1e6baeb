"""Value in, text out: how numbers, days, files and states are written for people."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from tracker import charts

register = template.Library()

NOTHING = "–"

STATUS_WORDS = {
    "late": (gettext_lazy("Overdue"), gettext_lazy("overdue, not completed")),
    "soon": (gettext_lazy("Due soon"), gettext_lazy("in progress, due soon")),
    "ontime": (gettext_lazy("In time"), gettext_lazy("in progress, in time")),
    "nodue": (gettext_lazy("No deadline"), gettext_lazy("in progress, no deadline")),
    "todo": (gettext_lazy("Not started"), gettext_lazy("not started")),
    "paused": (gettext_lazy("Paused"), gettext_lazy("paused")),
    "stopped": (gettext_lazy("Stopped"), gettext_lazy("stopped")),
    "outside": (gettext_lazy("Outside the register"), gettext_lazy("outside the register")),
    "donelate": (gettext_lazy("Completed late"), gettext_lazy("completed late")),
    "done": (gettext_lazy("Completed on time"), gettext_lazy("completed on time")),
    "review": (gettext_lazy("Waiting for review"), gettext_lazy("waiting for review")),
    "returned": (gettext_lazy("Returned"), gettext_lazy("returned")),
    "approved": (gettext_lazy("Confirmed"), gettext_lazy("confirmed")),
    "draft": (gettext_lazy("Draft"), gettext_lazy("draft")),
}
"""Short words for rows, official words for a directive's own page, filters and exports."""

REPORT_KEYS = {"submitted": "review", "confirmed": "approved"}
"""Where a progress report's state has another name than its picture."""

WEEKDAYS = (
    pgettext_lazy("weekday in a sentence", "Monday"),
    pgettext_lazy("weekday in a sentence", "Tuesday"),
    pgettext_lazy("weekday in a sentence", "Wednesday"),
    pgettext_lazy("weekday in a sentence", "Thursday"),
    pgettext_lazy("weekday in a sentence", "Friday"),
    pgettext_lazy("weekday in a sentence", "Saturday"),
    pgettext_lazy("weekday in a sentence", "Sunday"),
)


# numbers


@register.filter
def quantity(value: Any, decimals: int | None = None) -> str:
    """1720.50 as ``1.720,5`` (English ``1,720.5``); at most ``decimals`` places; nothing as a dash."""
    if value in (None, ""):
        return NOTHING
    number = Decimal(str(value))
    if decimals is not None:
        number = round(number, decimals)
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    minus = "−" if text.startswith("-") else ""
    return minus + number_format(text.removeprefix("-"), force_grouping=True)


@register.filter
def percent(value: Any, decimals: int = 1) -> str:
    """8.6 as ``8,6%``. The value is already in percent."""
    return NOTHING if value in (None, "") else f"{quantity(value, decimals)}%"


@register.filter
def file_size(size: int | None) -> str:
    """Bytes as ``64 kB`` or ``1,8 MB``."""
    if size is None:
        return NOTHING
    if size < 1_000_000:
        return f"{quantity(max(1, round(size / 1000)))} kB"
    return f"{quantity(size / 1_000_000, 1)} MB"


# days


@register.filter
def day(value: dt.date | None, today: dt.date | None = None) -> str:
    """``5/6/2020``, or ``5/6`` when ``today`` is given and lies in the same year. A moment's day is the office's."""
    if value is None:
        return NOTHING
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date()
    short = f"{value.day}/{value.month}"
    return short if today and today.year == value.year else f"{short}/{value.year}"


@register.filter
def moment(value: dt.datetime | None, today: dt.date | None = None) -> str:
    """``15/6/2020 17:05`` in the office's time zone."""
    if value is None:
        return NOTHING
    local = timezone.localtime(value)
    return f"{day(local.date(), today)} {local:%H:%M}"


@register.filter
def clock_time(value: dt.datetime | None) -> str:
    """``09:42`` in the office's time zone."""
    return NOTHING if value is None else f"{timezone.localtime(value):%H:%M}"


@register.filter
def weekday(value: dt.date) -> str:
    """``thứ Sáu``."""
    return str(WEEKDAYS[value.weekday()])


@register.filter
def weekday_date(value: dt.date | None, today: dt.date | None = None) -> str:
    """``thứ Sáu 19/6/2020``; the year goes when ``today`` lies in it."""
    return NOTHING if value is None else f"{weekday(value)} {day(value, today)}"


@register.filter
def days_left(due: dt.date | None, today: dt.date) -> str:
    """``còn 3 ngày``, ``hôm nay đến hạn``, ``quá 6 ngày``; nothing without a deadline."""
    if due is None:
        return ""
    days = (due - today).days
    if days == 0:
        return _("due today")
    if days > 0:
        return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": quantity(days)}
    return ngettext("%(days)s day over", "%(days)s days over", -days) % {"days": quantity(-days)}


@register.filter
def days_ago(value: dt.date | dt.datetime | None, today: dt.date) -> str:
    """``hôm nay``, ``hôm qua``, ``7 ngày trước``; ``chưa có`` when it never happened."""
    if value is None:
        return _("none yet")
    date = timezone.localtime(value).date() if isinstance(value, dt.datetime) else value
    days = (today - date).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": quantity(days)}


# states


@register.filter
def status_key(status: str) -> str:
    """A progress report's stored state as the key of its badge."""
    return REPORT_KEYS.get(str(status), str(status))


@register.filter
def status_word(key: str) -> str:
    """The short word of a state, for rows and badges."""
    return str(STATUS_WORDS[str(key)][0])


@register.filter
def status_phrase(key: str) -> str:
    """The official wording of a state."""
    return str(STATUS_WORDS[str(key)][1])


# parts of pages


@register.filter
def svg_percent(value: float | None) -> str:
    """A share as an SVG length that fits its frame: always a dot, whatever the language writes."""
    return f"{charts.clamped(value):g}%"


@register.inclusion_tag("components/_icon.html")
def icon(name: str, size: str = "") -> dict[str, str]:
    """A picture of the sprite; ``size`` is "", "lg" or "xl". A word always stands beside it."""
    return {"name": name, "size": size}


@register.inclusion_tag("components/_status.html")
def status(key: str, *, full: bool = False, large: bool = False) -> dict[str, Any]:
    """A state's badge: silhouette and word."""
    return {"key": key, "full": full, "large": large}


@register.simple_tag
def new_form_token() -> uuid.UUID:
    """A fresh key for a form that is not a Django form, so that pressing twice counts once."""
    return uuid.uuid4()


@register.filter
def page_window(page: Page) -> list[int | None]:
    """The page numbers worth a link: first, last and the neighbours; None where numbers are left out."""
    last = page.paginator.num_pages
    wanted = sorted({1, last, *range(max(1, page.number - 1), min(last, page.number + 1) + 1)})
    numbers: list[int | None] = []
    for number in wanted:
        if numbers and number != (numbers[-1] or 0) + 1:
            numbers.append(None)
        numbers.append(number)
    return numbers
