"""Where uploaded files lie: written under another name, synced to the disk, then renamed."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

UNFINISHED = ".part"
"""How the name of a file ends while it is being written."""


@deconstructible
class DurableStorage(FileSystemStorage):
    """A file is there whole or not at all, even when the machine stops in the middle of writing."""

    def _save(self, name: str, content: File) -> str:
        target = Path(self.path(name))
        self._make_folder(target.parent)
        unfinished = target.with_name(f".{uuid.uuid4().hex}{UNFINISHED}")
        try:
            with open(unfinished, "xb") as out:
                for chunk in content.chunks():
                    out.write(chunk)
                out.flush()
                if self.file_permissions_mode is not None:
                    os.fchmod(out.fileno(), self.file_permissions_mode)
                os.fsync(out.fileno())
            os.rename(unfinished, target)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _sync(target.parent)
        return name

    def _make_folder(self, folder: Path) -> None:
        """Each missing folder, synced in its parent: a file in a folder that vanishes is lost too."""
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        if self.directory_permissions_mode is not None:
            folder.chmod(self.directory_permissions_mode)
        _sync(folder.parent)

    def every_file(self) -> Iterator[Path]:
        """All files under the root, unfinished ones too."""
        root = Path(self.location)
        return (path for path in root.rglob("*") if path.is_file())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
