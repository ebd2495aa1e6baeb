"""A real mail server, and settings that send to it."""

import pytest

from tests.factories import TODAY
from tests.mail.server import Box, Server


@pytest.fixture
def box():
    box = Box()
    server = Server(box)
    server.start()
    yield box
    server.stop()


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def mail_on(settings, box):
    """Mail goes to the box."""
    settings.MAIL_IS_ON = True
    settings.EMAIL_BACKEND = "tracker.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
    settings.EMAIL_TIMEOUT = 5
    settings.TRACKER_SITE_URL = "https://tracker.example.gov.vn"
    settings.DEFAULT_FROM_EMAIL = "tracker@example.gov.vn"
    return box
