"""Files that are made in the background: with the rights and in the language of who asked for them."""

import logging
import tempfile
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.utils import translation

from tracker import clock
from tracker.exports.asking import Asked
from tracker.exports.files import counted, file_name, write_file
from tracker.exports.information import About
from tracker.exports.lists import NoSuchList, read_list
from tracker.models import Export

log = logging.getLogger(__name__)


def make_waiting(stop: Callable[[], bool] = lambda: False) -> int:
    """Make every file that waits, one after another; returns how many were taken up.

    A maker that the system kills cannot say so: what it left is tried again, but not for ever.
    """
    if given_up := Export.give_up(clock.now()):
        log.error("%s exports were given up: their makers died", given_up)
    taken = 0
    while not stop() and (export := Export.claim(clock.now())):
        taken += 1
        with translation.override(export.language):
            _make(export)
    return taken


def _make(export: Export) -> None:
    """One file. Whoever has lost the right meanwhile, or works elsewhere, gets none."""
    try:
        if not export.is_still_of(export.by):
            raise PermissionDenied
        asked = Asked(export.by, QueryDict(export.query), export.at, clock.today())
        sheet = counted(read_list(export.list_name, asked), export.advance)
        with tempfile.TemporaryFile() as target:
            about = About.of(export.by, clock.now())
            write_file(sheet, export.format, about, target)
            name, rows = file_name(sheet, export.format), sheet.total
            export.finish(target, name=name, rows=rows, at=clock.now())
    except (PermissionDenied, NoSuchList):
        export.fail(clock.now())
    except Exception:
        log.exception("the export %s cannot be made", export.pk)
        export.fail(clock.now())
