"""A real mail server for the tests: it keeps what it has answered for, and fails on purpose."""

import asyncio
import email
import email.policy
import socket
import time
from collections import Counter
from collections.abc import Callable

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

OK = "250 OK"


class Box:
    """What arrived, and how the server misbehaves.

    ``mail``: replies to the next senders; ``rcpt``, ``data``: address → replies to its first attempts, before it is
    accepted. In place of a reply, ``drop`` hangs up after reading all, ``cut`` in the middle of the content.
    ``before_rcpt`` and ``after_data`` are called with the address, and the server says nothing until they return.
    """

    def __init__(self) -> None:
        self.port = 0
        self.letters: list[email.message.EmailMessage] = []
        self.sessions: set[tuple] = set()
        self.cuts = 0
        self.mail: list[str] = []
        self.rcpt: dict[str, list[str]] = {}
        self.data: dict[str, list[str]] = {}
        self.before_rcpt: Callable[[str], None] = lambda address: None
        self.after_data: Callable[[str], None] = lambda address: None

    @property
    def addresses(self) -> list[str]:
        return sorted(letter["To"] for letter in self.letters)

    @property
    def counts(self) -> set[int]:
        """How often the letters arrived: {1} when each did once."""
        return set(Counter(self.addresses).values())

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.sessions.add(session.peer)
        if self.mail and (reply := self.mail.pop(0)) != OK:
            return reply
        envelope.mail_from = address
        return OK

    async def handle_RCPT(self, server, session, envelope, address, options):
        await asyncio.get_running_loop().run_in_executor(None, self.before_rcpt, address)
        reply = self._next(self.rcpt, address)
        if reply == OK:
            envelope.rcpt_tos.append(address)
        return self._say(server, reply)

    async def handle_DATA(self, server, session, envelope):
        address = envelope.rcpt_tos[0]
        reply = self._next(self.data, address)
        if reply == OK:
            content = envelope.original_content
            self.letters.append(email.message_from_bytes(content, policy=email.policy.default))
            await asyncio.get_running_loop().run_in_executor(None, self.after_data, address)
        return self._say(server, reply)

    def _next(self, replies: dict[str, list[str]], address: str) -> str:
        left = replies.get(address)
        return left.pop(0) if left else OK

    def _say(self, server, reply: str) -> str:
        if reply == "drop":
            server.transport.abort()
            return "421 never read"
        return reply


class DroppingSMTP(SMTP):
    """Cuts the line in the middle of what the box says is to be cut there."""

    async def smtp_DATA(self, arg):
        replies = self.event_handler.data.get(self.envelope.rcpt_tos[0])
        if replies and replies[0] == "cut":
            replies.pop(0)
            await self.push("354 go on")
            await self._reader.readuntil(b"\r\n")
            self.transport.abort()
            self.event_handler.cuts += 1
            return
        await super().smtp_DATA(arg)


class Server(Controller):
    def __init__(self, box: Box) -> None:
        super().__init__(box, hostname="127.0.0.1", port=box.port or free_port())
        box.port = self.port

    def factory(self):
        return DroppingSMTP(self.handler, hostname="mail.test", loop=self.loop)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def until(condition: Callable[[], object]) -> None:
    """Wait for something that another process or thread does."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
