"""Remove uploaded files that no row knows: uploads that were refused afterwards, evidence taken off a draft."""

import time
from collections.abc import Iterator

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models

from tracker.storage import DurableStorage

GRACE = 60 * 60
"""Seconds. A file is written before its row is committed: younger ones may still get their row."""


class Command(BaseCommand):
    help = "Remove uploaded files older than an hour that no row knows, and files that were never finished."

    def handle(self, **options) -> None:
        before = time.time() - GRACE
        # Listed before the rows are read: a file that gets its row in between is never taken for an orphan.
        old = [path for path in DurableStorage().every_file() if path.stat().st_mtime < before]
        kept = {DurableStorage().path(name) for name in _known_names()}
        orphans = [path for path in old if str(path) not in kept]
        for path in orphans:
            path.unlink(missing_ok=True)
        if options["verbosity"] > 0:
            self.stdout.write(f"{len(orphans)} of {len(old)} files removed")


def _known_names() -> Iterator[str]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField) and isinstance(field.storage, DurableStorage):
                rows = model._base_manager.exclude(**{field.name: ""})
                yield from rows.values_list(field.name, flat=True).iterator()
