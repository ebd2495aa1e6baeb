"""The floor: what a bare Django page behind a session costs on this machine now, so that runs can be compared.

Processor time of the application and of PostgreSQL for one request (gunicorn, kept connection, a constant page of
20 kB). Other costs are told as so many floors of the same run.
"""

import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client

from tracker.models import User

ROOT = Path(__file__).resolve().parent.parent
WARMING, REQUESTS, RUNS = 50, 400, 3
PATIENCE = 20.0
"""Seconds that the bare site has to come up."""


@dataclass(frozen=True)
class Page:
    """The one page of the bare site, for somebody who is signed in."""

    port: int
    cookie: str

    def wait(self) -> None:
        """Until the site has come up."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return self.ask(1)
            except ConnectionRefusedError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def ask(self, times: int) -> None:
        for _one in range(times):
            asked = HTTPConnection("127.0.0.1", self.port)
            asked.request("GET", "/", headers={"Cookie": self.cookie})
            answer = asked.getresponse()
            if answer.status != 200:
                raise RuntimeError(f"the bare page answers {answer.status}")
            answer.read()
            asked.close()


def floor(user: User) -> float:
    """Seconds of processor for one request, the best of some runs."""
    client = Client()
    client.force_login(user)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--workers=1", "--log-level=critical"]
    site = subprocess.Popen(  # noqa: S603 our own program
        [*command, f"--bind=127.0.0.1:{port}", "django.core.wsgi:get_wsgi_application()"],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "bench.bare_site"},
    )
    page = Page(port, cookie)
    try:
        page.wait()
        page.ask(WARMING)
        return min(_measured(page, site.pid) for _run in range(RUNS))
    finally:
        site.terminate()
        site.wait()


def _measured(page: Page, site: int) -> float:
    processes = [site, *_children(site), *_database_processes()]
    before = sum(map(_seconds_of, processes))
    page.ask(REQUESTS)
    return (sum(map(_seconds_of, processes)) - before) / REQUESTS


def _children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(child) for child in found.split()]


def _database_processes() -> list[int]:
    """PostgreSQL's for the bare site: every connection but our own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def _seconds_of(process: int) -> float:
    """Of the processor, in the program and in the kernel for it (fields 14 and 15 of proc(5))."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
