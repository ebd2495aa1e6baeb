"""What a real server is told to do, and what every answer carries."""

import datetime as dt
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.formats import localize

ROOT = Path(__file__).resolve().parent.parent
REAL_SERVER = {
    "SECRET_KEY": "a-long-key-of-a-real-server-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "tracker.example.gov.vn",
    "TRACKER_HTTPS": "true",
}


def run(*arguments, **environment):
    """Run Python in the project with this environment on top, and hand back the finished process."""
    command = [sys.executable, *arguments]
    # Browser tests of the same process set it for their own sake; a server must not have it.
    surroundings = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return subprocess.run(command, cwd=ROOT, env=surroundings | environment, capture_output=True, text=True)


def test_a_real_server_passes_the_deployment_check():
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **REAL_SERVER)

    assert done.returncode == 0, done.stderr
    assert done.stdout == "System check identified no issues (1 silenced).\n"


def test_without_a_secret_key_a_real_server_does_not_start():
    environment = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}

    done = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert 'Environment variable "SECRET_KEY" not set' in done.stderr


def test_an_occupied_port_is_named_before_anything_starts():
    with socket.create_server(("127.0.0.1", 0)) as occupied:
        port = str(occupied.getsockname()[1])

        done = run("-m", "config.launch", PORT=port)

    assert done.returncode == 1
    assert done.stderr == (
        f"Cannot use port {port} on 127.0.0.1: Address already in use. "
        "Choose another one: make run PORT=8010\n"
    )


@pytest.mark.django_db
def test_every_answer_carries_the_protective_headers(client):
    headers = client.get("/dang-nhap/").headers

    assert set(headers["Content-Security-Policy"].split("; ")) == {
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    }
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_first_number_of_a_date_is_the_day():
    field = forms.DateField()

    for language in ("vi", "en"):
        with translation.override(language):
            assert field.clean("01/12/2026") == dt.date(2026, 12, 1)
            assert field.clean("2026-12-01") == dt.date(2026, 12, 1)
            assert localize(dt.date(2026, 12, 1)) == "01/12/2026"


def test_numbers_are_written_as_in_each_language():
    written = {}
    for language in ("vi", "en"):
        with translation.override(language):
            written[language] = localize(1234567.5)

    assert written == {"vi": "1.234.567,5", "en": "1,234,567.5"}


def test_every_package_is_locked_with_its_hash():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text()
        packages = re.findall(r"^[a-z0-9-]+==\S+.*$", lines, re.MULTILINE)

        assert len(packages) > 30
        assert all(package.endswith("\\") for package in packages)
        assert "://" not in lines


def test_tests_never_touch_real_evidence():
    assert Path(settings.MEDIA_ROOT) != ROOT / "var" / "media"


@pytest.mark.django_db
@pytest.mark.parametrize(("cookie", "status"), [("csrftoken=" + "a" * 32, 400), ("", 403)])
def test_a_request_beyond_all_bounds_is_answered_not_cut_off(live_server, cookie, status):
    """The server takes it all in before it answers; otherwise the browser shows a broken connection."""
    body = b"username=" + b"a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1_000_000)
    request = urllib.request.Request(f"{live_server.url}/dang-nhap/", body, {"Cookie": cookie})

    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(request)

    assert refusal.value.code == status
    assert "<h1" in refusal.value.read().decode()
