import os
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command

from tests.factories import make_evidence, make_report
from tracker.storage import DurableStorage


class Interrupted(ContentFile):
    """A file whose sender goes away in the middle."""

    def chunks(self, chunk_size=None):
        yield b"half"
        raise ConnectionResetError


def files_under(folder) -> list[Path]:
    return sorted(path for path in Path(folder).rglob("*") if path.is_file())


def age(path: Path, seconds: int) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_a_file_is_whole_readable_and_closed_to_others(settings):
    name = DurableStorage().save("evidence/2020/06/a.pdf", ContentFile(b"content"))

    path = Path(settings.MEDIA_ROOT) / name
    assert path.read_bytes() == b"content"
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.parent.stat().st_mode & 0o777 == 0o750
    assert files_under(settings.MEDIA_ROOT) == [path]


def test_an_interrupted_upload_leaves_nothing_behind(settings):
    with pytest.raises(ConnectionResetError):
        DurableStorage().save("evidence/a.pdf", Interrupted(b""))

    assert files_under(settings.MEDIA_ROOT) == []


def test_a_name_that_leaves_the_folder_is_refused(settings):
    with pytest.raises(Exception, match="path traversal"):
        DurableStorage().save("../outside.pdf", ContentFile(b"content"))

    assert files_under(settings.MEDIA_ROOT) == []


@pytest.mark.django_db
def test_sweeping_removes_what_no_row_knows_and_what_was_never_finished(settings):
    evidence = make_evidence(make_report())
    storage = DurableStorage()
    orphan = Path(storage.path(storage.save("evidence/orphan.pdf", ContentFile(b"x"))))
    young = Path(storage.path(storage.save("evidence/young.pdf", ContentFile(b"x"))))
    unfinished = orphan.with_name(".0123.part")
    unfinished.write_bytes(b"x")
    known = Path(evidence.file.path)
    for path in (orphan, unfinished, known):
        age(path, 2 * 60 * 60)

    call_command("sweep_files", verbosity=0)

    assert files_under(settings.MEDIA_ROOT) == sorted([young, known])


@pytest.mark.django_db
def test_sweeping_without_any_folder_does_nothing(settings, capsys):
    call_command("sweep_files")

    assert capsys.readouterr().out == "0 of 0 files removed\n"
