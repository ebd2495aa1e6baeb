"""The words of a mail (thư): written when it is sent, in the receiver's language, from how things stand then."""

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker import clock, notice_words
from tracker.figures.digests import Digest, Line, digests, weeks
from tracker.models import OPEN, AccountLink, Notice, NoticePreference, OutgoingMessage, User
from tracker.models.outbox import (
    CLOSED,
    INACTIVE,
    LINK_CLOSED,
    NO_ADDRESS,
    NOTHING_LEFT,
    REPLACED,
    TAKEN_BACK,
    UNWANTED,
)
from tracker.templatetags.display import moment, quantity
from tracker.vietnamese.dates import format_date

LONGEST_SUBJECT = 150
NAMED = 5
"""So many pieces of work of a reminder are named."""
_MOOT_WHEN_CLOSED = Notice.ASKS - Notice.DAILY - {Notice.Kind.FIGURE_RETURNED}
"""What these ask for cannot be done any more once the work is closed; a returned figure is still to be mended."""


class NotNeeded(Exception):
    """There is nothing to say any more, or nobody to say it to; the text is an outcome of ``models/outbox.py``."""


@dataclass(frozen=True)
class Item:
    """One thing that is told, with where it is dealt with."""

    title: str
    detail: str
    label: str
    url: str
    names: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    """Some of it under a heading; the person's own needs none."""

    heading: str
    items: list[Item]


@dataclass(frozen=True)
class Letter:
    subject: str
    sections: list[Section]
    why: str


def write(message: OutgoingMessage, moment: dt.datetime) -> EmailMultiAlternatives:
    """The mail as it goes out at this moment. Raises NotNeeded when it must not go out."""
    user = message.user
    address = _address(user)
    with translation.override(user.language):
        letter = _LETTERS[message.kind](message, NoticePreference.of(user))
        context = {
            "letter": letter,
            "user": user,
            "can_be_answered": bool(settings.MAIL_REPLY_TO),
            "settings_url": _absolute(reverse("notice_list")) + "#cach-nhan",
            "is_demo": settings.TRACKER_DEMO,
            "language": user.language,
        }
        email = EmailMultiAlternatives(
            one_line(letter.subject),
            render_to_string("mail/letter.txt", context),
            to=[address],
            reply_to=settings.MAIL_REPLY_TO,
            headers=_headers(message, moment),
        )
        email.attach_alternative(render_to_string("mail/letter.html", context), "text/html")
    return email


def one_line(text: str) -> str:
    """A text of people's as a subject: one line, nothing invisible, not too long."""
    visible = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    line = " ".join(visible.split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1].rstrip()}…"


def _address(user: User) -> str:
    if not user.is_active:
        raise NotNeeded(INACTIVE)
    try:
        validate_email(user.email)
    except ValidationError:
        raise NotNeeded(NO_ADDRESS) from None
    return user.email


def _headers(message: OutgoingMessage, moment: dt.datetime) -> dict[str, str]:
    """The same message has the same number however often it is sent, so that mailboxes know it again."""
    host = urlsplit(settings.TRACKER_SITE_URL).hostname
    return {
        "Message-ID": f"<tracker-{message.pk}-{message.day:%Y%m%d}@{host}>",
        "Date": moment.strftime("%a, %d %b %Y %H:%M:%S %z"),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }


def _absolute(url: str) -> str:
    return f"{settings.TRACKER_SITE_URL}/{url.lstrip('/')}"


# Each kind of message


def _at_once(message: OutgoingMessage, wish: NoticePreference) -> Letter:
    notice = message.notice
    if notice is None:
        raise NotNeeded(TAKEN_BACK)
    if not (wish.mail_decided if notice.kind in Notice.DECIDED else wish.mail_at_once):
        raise NotNeeded(UNWANTED)
    if notice.kind in _MOOT_WHEN_CLOSED and _is_closed(notice):
        raise NotNeeded(CLOSED)
    label, url = notice_words.action(notice)
    item = Item(notice_words.title(notice), notice_words.detail(notice, message.day), label, _absolute(url))
    why = _("You get this message because it concerns your work.")
    if notice.for_person:
        why = _("You get this message in place of %(name)s.") % {"name": notice.for_person.full_name}
    return Letter(item.title, [Section("", [item])], why)


def _is_closed(notice: Notice) -> bool:
    work = notice.assignment or notice.directive
    return work is not None and work.status not in OPEN


def _morning(message: OutgoingMessage, wish: NoticePreference) -> Letter:
    if not wish.mail_digest:
        raise NotNeeded(UNWANTED)
    _refuse_replaced(message)
    told = [digest for digest in digests([message.user], message.day) if digest.lines]
    if not told:
        raise NotNeeded(NOTHING_LEFT)
    sections = [_section(digest) for digest in told]
    titles = [item.title for section in sections for item in section.items]
    subject = _("Reminders of %(day)s: %(first)s") % {"day": format_date(message.day), "first": titles[0]}
    if more := len(titles) - 1:
        subject += " " + ngettext("and %(n)s more thing", "and %(n)s more things", more) % {"n": more}
    return Letter(subject, sections, _("You get this message on working days when there is something to do."))


def _weekly(message: OutgoingMessage, wish: NoticePreference) -> Letter:
    if not wish.mail_weekly:
        raise NotNeeded(UNWANTED)
    _refuse_replaced(message)
    told = weeks([message.user], message.day)
    if not told:
        raise NotNeeded(NOTHING_LEFT)
    subject = _("The week's summary, %(day)s") % {"day": format_date(message.day)}
    return Letter(
        subject, [_section(week) for week in told], _("You get this message once a week as a leader.")
    )


def _link(message: OutgoingMessage, wish: NoticePreference) -> Letter:
    """The way to an own password. No wish turns it off: without it nobody gets in."""
    link = message.link
    if link is None or link.state(clock.now()) != AccountLink.State.OPEN or not link.is_readable:
        raise NotNeeded(LINK_CLOSED)
    names = {"account": message.user.username, "until": moment(link.expires_at)}
    if link.purpose == AccountLink.Purpose.INVITE:
        subject = _("Your account in the tracking of directives")
        detail = _("Your account name is %(account)s. The link works once, until %(until)s.") % names
        why = _("You get this message because an administrator has made an account for you.")
    else:
        subject = _("Choose a new password")
        detail = _("For account %(account)s. The link works once, until %(until)s.") % names
        why = _(
            "You get this message because a new password was asked for. If it was not you, tell an administrator."
        )
    item = Item(subject, detail, _("Choose your password"), link.url)
    return Letter(subject, [Section("", [item])], why)


_LETTERS: dict[str, Callable[[OutgoingMessage, NoticePreference], Letter]] = {
    OutgoingMessage.Kind.AT_ONCE: _at_once,
    OutgoingMessage.Kind.DIGEST: _morning,
    OutgoingMessage.Kind.WEEKLY: _weekly,
    OutgoingMessage.Kind.LINK: _link,
}


def _refuse_replaced(message: OutgoingMessage) -> None:
    """Of two mornings' messages only the newer goes out."""
    newer = OutgoingMessage.objects.filter(user=message.user, kind=message.kind, day__gt=message.day)
    if newer.exists():
        raise NotNeeded(REPLACED)


def _section(digest: Digest) -> Section:
    heading = ""
    if digest.for_person:
        heading = _("In place of %(name)s") % {"name": digest.for_person.full_name}
    return Section(heading, list(_items(digest, digest.lines)))


def _items(digest: Digest, lines: Iterable[Line]) -> Iterable[Item]:
    for line in lines:
        notice = Notice(user=digest.user, kind=line.kind, day=digest.day, words=line.words, url=line.url)
        label, url = notice_words.action(notice)
        yield Item(notice_words.title(notice), _in_all(line), label, _absolute(url), _names(line))


def _in_all(line: Line) -> str:
    """How long the list is that the link opens, where more stands in it than is told today."""
    if not line.rows or line.total <= len(line.rows):
        return ""
    text = ngettext("The list has %(n)s row in all.", "The list has %(n)s rows in all.", line.total)
    return text % {"n": quantity(line.total)}


def _names(line: Line) -> list[str]:
    """The first few pieces of work that it is about, so that the mail says which; the link opens them all."""
    work = [getattr(row, "assignment", row) for row in line.rows[:NAMED]]
    return [one_line(one.directive.label) for one in work if hasattr(one, "directive")]
