"""The outgoing mail is sent: one message at a time, each exactly once as far as SMTP allows.

A message is locked while it is written and talked about with the mail server; other processes pass over it. Right
before the line that hands it over it is committed as “being handed over”. A process killed earlier leaves it waiting,
and the server throws away what it got; one killed later leaves it handed over without an answer, and it is not sent
again by itself. docs/decisions/0013-outbox.md says why.
"""

import datetime as dt
import logging
import smtplib
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import InterfaceError, OperationalError, transaction

from tracker import clock
from tracker.mail import NotNeeded, write
from tracker.models import OutgoingMessage
from tracker.models.outbox import TOO_OLD, UNREADABLE
from tracker.smtp import AskBeforeTheDot

logger = logging.getLogger(__name__)

Status = OutgoingMessage.Status
SECONDS = 50.0
"""How long one run takes new messages up: a timer starts the next one each minute."""
ENOUGH, TOO_LARGE = 421, 552
"""Replies of a mail server (RFC 5321, 4.2.2): it ends the conversation; the message is too large for it."""
BROKEN_LINES = 3
"""After so many broken lines in a row the mail server counts as away."""


class ServerAway(Exception):
    """The mail server cannot be reached, or takes no mail from us at all; no message is to blame."""


class Refused(Exception):
    """What the server says about one message. ``for_good``: asking again would not help."""

    def __init__(self, reply: str, *, for_good: bool) -> None:
        super().__init__(reply)
        self.for_good = for_good


class LineBroken(Exception):
    """The line broke, or the server hung up, in the middle of a message or while its answer was awaited."""

    def __init__(self, reason: str, *, may_have_arrived: bool) -> None:
        super().__init__(reason)
        self.may_have_arrived = may_have_arrived


@dataclass
class Tally:
    """What became of the messages of one run. ``fault``: why it ended early."""

    sent: int = 0
    failing: int = 0
    given_up: int = 0
    unsure: int = 0
    dropped: int = 0
    fault: str = ""

    def count(self, status: str) -> None:
        setattr(self, status, getattr(self, status) + 1)


def send_due(
    now: dt.datetime,
    *,
    limit: int | None = None,
    seconds: float = SECONDS,
    stop: Callable[[], bool] = lambda: False,
) -> Tally:
    """Send what is due; ``stop`` is asked between two messages. Safe in several processes at once.

    Call outside of a transaction: each message has its own. Without a mail server set (``EMAIL_URL``) all wait.
    """
    tally = Tally()
    _tidy(now)
    if settings.MAIL_IS_ON:
        line = Line()
        until, left = time.monotonic() + seconds, limit
        try:
            while left != 0 and not stop() and time.monotonic() < until and _send_next(now, line, tally):
                left = None if left is None else left - 1
        except ServerAway as fault:
            tally.fault = str(fault)
        finally:
            line.close()
    return tally


def _tidy(now: dt.datetime) -> None:
    """What no process will touch any more gets the state that it is in; very old rows go."""
    rows, today = OutgoingMessage.objects, now.date()
    rows.answer_overdue(now).update(status=Status.UNSURE)
    rows.stale(today).update(status=Status.DROPPED, outcome=TOO_OLD)
    rows.settled_before(today - dt.timedelta(days=settings.MAIL_KEEP_DAYS)).delete()


def _send_next(now: dt.datetime, line: "Line", tally: Tally) -> bool:
    """Deal with the message that has waited longest and that nobody else has in hand; False when there is none."""
    with ExitStack() as held:
        held.enter_context(transaction.atomic())
        free = OutgoingMessage.objects.due(now).select_for_update(skip_locked=True, of=("self",))
        message = free.for_writing().first()
        if message is None:
            return False
        email = _written(message)
        if email:
            _send(message, email, line, commit=held.close)
        tally.count(message.status)
    return True


def _written(message: OutgoingMessage) -> EmailMessage | None:
    """The mail as things stand now; None when there is nothing to send, and then the message knows why."""
    moment = clock.now()
    try:
        with transaction.atomic():
            email = write(message, moment)
            email.message().as_bytes()  # whatever cannot be written shows here, before anybody is called
    except NotNeeded as reason:
        message.drop(str(reason))
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # One message that cannot be written must not keep all others from going out.
        logger.exception("message %s cannot be written", message.pk)
        message.attempts += 1
        message.fail(UNREADABLE, at=moment)
    else:
        return email
    return None


def _send(message: OutgoingMessage, email: EmailMessage, line: "Line", commit: Callable[[], None]) -> None:
    message.address, message.subject = email.to[0], email.subject[:200]
    message.attempts += 1

    def before_end() -> None:
        message.hand_over(at=clock.now())
        commit()

    try:
        reply = line.send(email, before_end)
    except Refused as refusal:
        if refusal.for_good:
            message.give_up(str(refusal))
        else:
            message.fail(str(refusal), at=clock.now())
    except LineBroken as reason:
        if reason.may_have_arrived:
            message.mark_unsure()
        else:
            message.fail(str(reason), at=clock.now())
    else:
        message.mark_sent(reply, at=clock.now())


class Line:
    """The connection to the mail server, opened with the first message and used for all of a run."""

    def __init__(self) -> None:
        self.backend: Any = get_connection()
        self.is_open = False
        self.taken = 0
        """Messages taken over this connection."""
        self.broken = 0
        """Connections in a row that broke in the middle of a message."""
        self.fault = ""

    def send(self, email: EmailMessage, before_end: Callable[[], None]) -> str:
        """Hand one mail over; returns the server's answer. Raises ServerAway, Refused or LineBroken."""
        self._open()
        try:
            return self._talk(email, before_end)
        except smtplib.SMTPSenderRefused as refusal:
            if (
                refusal.smtp_code == ENOUGH and self.taken
            ):  # many servers take so many a connection and no more
                self.close()
                return self.send(email, before_end)
            raise self._of_sender(refusal) from refusal
        except smtplib.SMTPRecipientsRefused as refusal:
            raise self._judged(*next(iter(refusal.recipients.values()))) from refusal
        except smtplib.SMTPResponseException as refusal:
            raise self._judged(refusal.smtp_code, refusal.smtp_error) from refusal
        except OSError as reason:
            raise self._hung_up(reason) from reason

    def close(self) -> None:
        """Also of a line that is broken already."""
        self.is_open, self.taken = False, 0
        with suppress(OSError):
            self.backend.close()

    def _open(self) -> None:
        if self.is_open:
            return
        if self.broken >= BROKEN_LINES:
            raise ServerAway(self.fault)
        try:
            self.backend.open()
        except OSError as reason:
            self.close()
            raise ServerAway(_text(reason)) from reason
        self.is_open = True

    def _talk(self, email: EmailMessage, before_end: Callable[[], None]) -> str:
        line = getattr(self.backend, "connection", None)
        if isinstance(line, AskBeforeTheDot):
            line.begin(before_end)
        else:
            before_end()  # a file, the screen, a test's box: there is no later moment
        self.backend.send_messages([email])
        self.taken, self.broken = self.taken + 1, 0
        return getattr(line, "reply", "")

    def _of_sender(self, refusal: smtplib.SMTPSenderRefused) -> Exception:
        """Our own address is refused, or nobody's mail is taken now; only a size is the message's own matter."""
        if refusal.smtp_code == TOO_LARGE:
            return self._judged(refusal.smtp_code, refusal.smtp_error)
        self.close()
        return ServerAway(_text(refusal))

    def _judged(self, code: int, answer: bytes | str) -> Refused:
        reply = f"{code} {_readable(answer)}"
        if code == ENOUGH:
            self._count_broken(reply)
        else:
            self.broken = 0
        return Refused(reply, for_good=code >= 500 and not _is_about_us(code, reply))

    def _hung_up(self, reason: OSError) -> LineBroken:
        # What is written to a file or to the screen has no end that could be told apart.
        may_have_arrived = getattr(getattr(self.backend, "connection", None), "has_ended", True)
        self._count_broken(str(reason))
        return LineBroken(str(reason), may_have_arrived=may_have_arrived)

    def _count_broken(self, reason: str) -> None:
        self.close()
        self.broken, self.fault = self.broken + 1, reason


def _is_about_us(code: int, reply: str) -> bool:
    """A refusal for who we are, not for whom it goes to (RFC 3463: X.7.Y): it mends when somebody mends settings."""
    return code in (530, 535, 538) or reply[4:].startswith("5.7.")


def _text(reason: OSError) -> str:
    if isinstance(reason, smtplib.SMTPResponseException):
        return f"{reason.smtp_code} {_readable(reason.smtp_error)}"
    return str(reason) or type(reason).__name__


def _readable(answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())
