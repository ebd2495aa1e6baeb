"""SMTP that says when a message is about to be handed over for good.

A mail server takes a message over when it has read the line with the single dot, and not before (RFC 5321, 4.1.1.4):
what is cut off earlier is thrown away. So the sender is asked right before the dot, and writes down that the
message may have arrived.
"""

import re
import smtplib
from collections.abc import Callable

from django.core.mail.backends import smtp

_PERIOD = re.compile(rb"^\.", re.MULTILINE)


def _nothing() -> None:
    pass


class _AskBeforeTheDot(smtplib.SMTP):
    """``before_end`` is called when all but the last line of a message has been sent; ``reply`` is the last answer."""

    before_end: Callable[[], object] = staticmethod(_nothing)
    reply = ""

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
        self.send(b".\r\n")
        code, answer = self.getreply()
        self.reply = f"{code} {answer.decode(errors='replace')}"
        return code, answer


class _AskBeforeTheDotTLS(_AskBeforeTheDot, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Django's, with lines that ask before the dot."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _AskBeforeTheDotTLS if self.use_ssl else _AskBeforeTheDot
