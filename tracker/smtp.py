"""SMTP that says when a message is about to be handed over for good.

A mail server takes a message over when it has read the line with the single dot, and not before (RFC 5321, 4.1.1.4):
what is cut off earlier is thrown away. So the sender is asked right before the dot, and writes down that the
message may have arrived.
"""

import re
import select
import smtplib
from collections.abc import Callable

from django.core.mail.backends import smtp

_PERIOD = re.compile(rb"^\.", re.MULTILINE)


class AskBeforeTheDot(smtplib.SMTP):
    """``begin`` goes before each message; ``before_end`` is called when all but its last line has been sent.

    ``has_ended``: that line may have gone out, so the message may have arrived. ``reply``: the server's last answer.
    """

    has_ended = False
    reply = ""

    def begin(self, before_end: Callable[[], object]) -> None:
        """Another message comes."""
        self.before_end, self.has_ended = before_end, False

    def data(self, msg: bytes) -> tuple[int, bytes]:  # type: ignore[override]
        self.putcmd("data")
        code, answer = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, answer)
        self.send(_PERIOD.sub(b"..", msg).removesuffix(b"\r\n") + b"\r\n")
        try:
            self.before_end()
        except BaseException:
            self.close()  # anything more, even a farewell, would be read as a part of the message
            raise
        self._refuse_hung_up()
        self.has_ended = True
        self.send(b".\r\n")
        code, answer = self.getreply()
        self.reply = f"{code} {answer.decode(errors='replace')}"
        return code, answer

    def _refuse_hung_up(self) -> None:
        """A server that says anything before the end of the message has nothing to say but that it has gone."""
        if select.select([self.sock], [], [], 0)[0]:
            self.close()
            raise smtplib.SMTPServerDisconnected("the mail server hung up in the middle of a message")


class _AskBeforeTheDotTLS(AskBeforeTheDot, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Django's, with lines that ask before the dot."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _AskBeforeTheDotTLS if self.use_ssl else AskBeforeTheDot
