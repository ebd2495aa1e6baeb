"""Static files that come from a Python package without being a Django app."""

import os
import re
from pathlib import Path

import bootstrap_wrapper
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

PUBLISHED = Path(bootstrap_wrapper.get_bootstrap_dir()) / "css" / "bootstrap.min.css"
_PICTURE = re.compile(r'url\("data:[^"]*"\)')
_MAP = re.compile(r"\s*/\*# sourceMappingURL=.*?\*/")


def without_pictures(css: str) -> str:
    """Bootstrap's pictures are ``data:`` addresses, which the security policy forbids; our own sheet draws them."""
    return _MAP.sub("", _PICTURE.sub("none", css))


class BootstrapFinder(BaseFinder):
    """``vendor/bootstrap/css/bootstrap.min.css``, all that the product uses of Bootstrap, without its pictures."""

    PREFIX = "vendor/bootstrap"
    NAME = "css/bootstrap.min.css"

    def __init__(self, *args, **kwargs):
        self.storage = FileSystemStorage(location=settings.BASE_DIR / "var" / "vendor" / "bootstrap")
        self.storage.prefix = self.PREFIX
        super().__init__(*args, **kwargs)

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False, **kwargs):
        """Absolute path of the file, or nothing."""
        found = [self._made()] if path == f"{self.PREFIX}/{self.NAME}" else []
        return found if find_all else found[0] if found else None

    def list(self, ignore_patterns):
        """The file with its storage, for collectstatic."""
        if not matches_patterns(self.NAME, ignore_patterns):
            self._made()
            yield self.NAME, self.storage

    def _made(self):
        """The file in ``var/``, written anew when the package has changed."""
        made, text = Path(self.storage.path(self.NAME)), without_pictures(PUBLISHED.read_text())
        if not made.exists() or made.read_text() != text:
            made.parent.mkdir(parents=True, exist_ok=True)
            unfinished = made.with_suffix(f".{os.getpid()}")  # tests run side by side
            unfinished.write_text(text)
            unfinished.replace(made)
        return str(made)
