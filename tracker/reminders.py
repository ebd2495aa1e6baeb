"""The morning's reminders are written down (nhắc hạn): a notice for each line, a mail for each person who wants one."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from tracker.figures.digests import Digest, Line, digests, weeks
from tracker.models import CalendarDay, Notice, NoticePreference, OutgoingMessage, ReminderDay, User

ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class Written:
    """How many notices and mails a run has added; nothing where everything was there already."""

    notices: int = 0
    messages: int = 0


@transaction.atomic
def write_digests(day: dt.date, *, at: dt.datetime) -> Written:
    """Tell everybody what this morning asks of them. Nothing on a day off, nothing to whom nothing is to be said.

    Safe to run twice, and in two processes at once: a person is told of each kind once a day. The mails are written
    when they are sent, from how things stand then. The day is noted: the next morning begins where this one ended.
    """
    if not CalendarDay.objects.working_days(day, day).is_working(day):
        return Written()
    people = list(User.objects.active().order_by("pk"))
    daily, weekly = digests(people, day), weeks(people, day)
    notices = [_notice(digest, line, at) for digest in [*daily, *weekly] for line in digest.lines]
    # In one order in every process, so that two of them wait for each other instead of blocking one another.
    notices.sort(key=lambda one: (one.user_id, one.kind, one.cause))
    mails = _mails(daily, weekly, day, at)
    before = _stored(day)
    Notice.objects.bulk_create(notices, ROWS_AT_ONCE, ignore_conflicts=True)
    OutgoingMessage.objects.bulk_create(mails, ROWS_AT_ONCE, ignore_conflicts=True)
    ReminderDay.note(day)
    after = _stored(day)
    return Written(after.notices - before.notices, after.messages - before.messages)


def _notice(digest: Digest, line: Line, at: dt.datetime) -> Notice:
    person = digest.for_person
    return Notice(
        user=digest.user,
        kind=line.kind,
        day=digest.day,
        at=at,
        cause=":".join(filter(None, [line.about, f"for:{person.pk}" if person else ""])),
        for_person=person,
        words=line.words,
        url=line.url,
    )


def _mails(daily: list[Digest], weekly: list[Digest], day: dt.date, at: dt.datetime) -> list[OutgoingMessage]:
    """At most one of each kind a person: what a deputy is told in place of others stands in the same mail."""
    kinds = OutgoingMessage.Kind
    wanted = {(one.user, kinds.DIGEST) for one in daily} | {(one.user, kinds.WEEKLY) for one in weekly}
    chosen = NoticePreference.objects.in_bulk({user.pk for user, _kind in wanted})
    mails = []
    for user, kind in sorted(wanted, key=lambda one: (one[0].pk, one[1])):
        wish = chosen.get(user.pk) or NoticePreference(user=user)
        if user.email and (wish.mail_weekly if kind == kinds.WEEKLY else wish.mail_digest):
            mails.append(OutgoingMessage(user=user, kind=kind, day=day, next_try_at=at))
    return mails


def _stored(day: dt.date) -> Written:
    return Written(
        Notice.objects.filter(day=day, kind__in=Notice.DAILY).count(),
        OutgoingMessage.objects.filter(day=day).exclude(kind=OutgoingMessage.Kind.AT_ONCE).count(),
    )
