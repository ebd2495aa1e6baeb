"""Static files that come from a Python package without being a Django app."""

import bootstrap_wrapper
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage


class BootstrapFinder(BaseFinder):
    """``vendor/bootstrap/css/bootstrap.min.css`` and its map: all that the product uses of Bootstrap."""

    PREFIX = "vendor/bootstrap"
    FILES = ["css/bootstrap.min.css", "css/bootstrap.min.css.map"]

    def __init__(self, *args, **kwargs):
        self.storage = FileSystemStorage(location=bootstrap_wrapper.get_bootstrap_dir())
        self.storage.prefix = self.PREFIX
        super().__init__(*args, **kwargs)

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False, **kwargs):
        """Absolute path of one of the files, or nothing."""
        name = path.removeprefix(f"{self.PREFIX}/")
        found = [self.storage.path(name)] if path.startswith(self.PREFIX) and name in self.FILES else []
        return found if find_all else found[0] if found else None

    def list(self, ignore_patterns):
        """The files with their storage, for collectstatic."""
        for name in self.FILES:
            if not matches_patterns(name, ignore_patterns):
                yield name, self.storage
