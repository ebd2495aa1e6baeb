"""The demonstration year is played once for all tests of this folder, which only read, or undo what they change."""

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from tracker.demonstration_acts import LAST_DAY


@pytest.fixture(scope="package", autouse=True)
def year(django_db_setup, django_db_blocker, tmp_path_factory):
    """Returns the folder of the uploaded files."""
    media = tmp_path_factory.mktemp("media")
    demo = override_settings(
        TRACKER_DEMO=True,
        TRACKER_TODAY=LAST_DAY,
        MEDIA_ROOT=media,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    with django_db_blocker.unblock(), transaction.atomic(), demo:
        call_command("load_reference")
        call_command("seed_demo")
        yield media
        transaction.set_rollback(True)
