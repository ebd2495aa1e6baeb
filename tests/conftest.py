"""Settings that make tests quick without hiding anything that they are about."""

import hypothesis
import pytest

# How long one example takes says nothing on a machine that runs several tests at once.
hypothesis.settings.register_profile("tracker", deadline=None)
hypothesis.settings.load_profile("tracker")


def pytest_configure(config):
    """Tests read Vietnamese, so the catalogue is compiled first; by the parallel workers' parent alone."""
    if not hasattr(config, "workerinput"):
        from tracker import messages_catalogue

        messages_catalogue.compile_all()


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Real password hashing takes a tenth of a second for each user that a test makes."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def own_media_folder(settings, tmp_path):
    """Uploaded evidence of one test is never seen by another."""
    settings.MEDIA_ROOT = tmp_path / "media"
