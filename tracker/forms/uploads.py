"""Files that people send: which are taken, and under which name they are kept.

Nothing that the sender says is believed: not the content type, not the ending, not the name. The ending has to be
one of ours, the first bytes have to be of that kind, and an office file has to be one inside as well.
"""

import hashlib
import re
import unicodedata
import uuid
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import puremagic
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tracker.templatetags.display import file_size

LONGEST_TITLE = 255
_HEAD = 4096
_MOST_UNPACKED = 200_000_000  # bytes: ten times the largest file; whoever opens a bomb runs out of memory
_MOST_PARTS = 10_000


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file that is taken.

    ``signature`` is the ending under which puremagic knows its first bytes; ``streams`` are the parts of which an
    old office file must have one; ``folder`` must exist in a zipped office file; ``mimetype`` is what an
    OpenDocument file must say of itself.
    """

    content_type: str
    signature: str
    streams: tuple[str, ...] = ()
    folder: str = ""
    mimetype: str = ""

    @property
    def is_zip(self) -> bool:
        return bool(self.folder or self.mimetype)


_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

KINDS: dict[str, Kind] = {
    ".pdf": Kind("application/pdf", ".pdf"),
    ".doc": Kind("application/msword", ".doc", streams=("WordDocument",)),
    ".docx": Kind(f"{_OPEN_XML}wordprocessingml.document", ".docx", folder="word/"),
    ".xls": Kind("application/vnd.ms-excel", ".xls", streams=("Workbook", "Book")),
    ".xlsx": Kind(f"{_OPEN_XML}spreadsheetml.sheet", ".xlsx", folder="xl/"),
    ".odt": Kind(f"{_ODF}text", ".odt", mimetype=f"{_ODF}text"),
    ".ods": Kind(f"{_ODF}spreadsheet", ".odt", mimetype=f"{_ODF}spreadsheet"),
    ".png": Kind("image/png", ".png"),
    ".jpg": Kind("image/jpeg", ".jpg"),
    ".jpeg": Kind("image/jpeg", ".jpg"),
}
"""Endings that are taken: PDF, Word, Excel, OpenDocument, pictures. No vector pictures: they can hold scripts."""

ACCEPT = ",".join(KINDS)

# An ending in the middle of a name that a careless program could follow: “bao-cao.exe.pdf”.
_ACTIVE = re.compile(
    "app|aspx?|bat|bin|cgi|cmd|com|cpl|dll|docm|exe|gadget|hta|html?|jar|jse?|jsp|lnk|mht|mhtml|msc|msi"
    "|php|pif|pl|ps1|py|reg|scr|sh|shtml|svg|vb|vbe|vbs|wsf|xhtml|xlsm"
)

NOT_TAKEN = _("The file “%(name)s” is not accepted; use PDF, Word, Excel or a picture")
NOT_WHAT_IT_SAYS = _(
    "The file “%(name)s” is not accepted: its content is not that of a %(ending)s file; save it again and send that"
)
WITH_MACROS = _("The file “%(name)s” is not accepted: it holds macros; save it without macros and send that")
EMPTY = _("The file “%(name)s” is empty")
TOO_LARGE = _("The file “%(name)s” has %(size)s; a file may have at most %(limit)s")


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What is known of a file that was taken: ``safe_title`` for people, ``stored_name`` for the disk."""

    content_type: str
    sha256: str
    safe_title: str
    stored_name: str


@dataclass(slots=True)
class Uploads:
    """Several files sent at once: those that were taken, and a sentence for each that was not."""

    taken: list[tuple[UploadedFile, CheckedFile]] = field(default_factory=list)
    problems: list[ValidationError] = field(default_factory=list)


def check_upload(file: File) -> CheckedFile:
    """Look at name, size and content of one file. Raises ValidationError with a sentence that names the file."""
    title = safe_title(file.name or "")
    ending = PurePosixPath(title).suffix.lower()
    kind = KINDS.get(ending)
    if kind is None or _has_active_ending(title):
        raise _refusal(NOT_TAKEN, title)
    if not file.size:
        raise _refusal(EMPTY, title)
    if file.size > settings.EVIDENCE_MAX_MB * 1024 * 1024:
        raise _refusal(TOO_LARGE, title, size=file_size(file.size), limit=f"{settings.EVIDENCE_MAX_MB} MB")
    if not _begins_like(file, kind) or not _is_inside(file, kind):
        raise _refusal(NOT_WHAT_IT_SAYS, title, ending=ending.removeprefix(".").upper())
    if _has_macros(file, kind):
        raise _refusal(WITH_MACROS, title)
    return CheckedFile(kind.content_type, _sha256(file), title, f"{uuid.uuid4().hex}{ending}")


def check_uploads(files: Iterable[UploadedFile]) -> Uploads:
    """Look at each file on its own: one wrong file does not lose the others."""
    found = Uploads()
    for file in files:
        try:
            found.taken.append((file, check_upload(file)))
        except ValidationError as problem:
            found.problems.append(problem)
    return found


def safe_title(name: str) -> str:
    """The sender's name as it is shown and given back: composed, without folders, controls and bidi marks."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(character for character in name if character.isprintable()).strip(" .")
    if len(name) <= LONGEST_TITLE:
        return name
    ending = PurePosixPath(name).suffix[-10:]
    return name[: LONGEST_TITLE - len(ending)] + ending


class FilesInput(forms.FileInput):
    """A picker for several files."""

    allow_multiple_selected = True


class UploadField(forms.FileField):
    """One file; its clean value is the file with ``checked`` (a CheckedFile) beside it."""

    widget = forms.FileInput

    def __init__(self, **options) -> None:
        super().__init__(**options)
        self.widget.attrs.setdefault("accept", ACCEPT)

    def to_python(self, data):
        if data in self.empty_values:
            return None
        data.checked = check_upload(data)
        return data


class UploadsField(forms.FileField):
    """Any number of files; its clean value is an Uploads. The form decides what to do about the problems."""

    widget = FilesInput

    def __init__(self, **options) -> None:
        super().__init__(**options)
        self.widget.attrs.setdefault("accept", ACCEPT)

    def clean(self, data, initial=None) -> Uploads:
        return check_uploads(data or [])


def _refusal(sentence, title: str, **values: str) -> ValidationError:
    return ValidationError(sentence, code="upload", params={"name": title, **values})


def _has_active_ending(title: str) -> bool:
    return any(_ACTIVE.fullmatch(part.strip().lower()) for part in title.split(".")[1:-1])


def _begins_like(file: File, kind: Kind) -> bool:
    file.seek(0)
    try:
        matches = puremagic.magic_string(file.read(_HEAD))
    except (puremagic.PureError, ValueError):
        return False
    return any(match.extension == kind.signature for match in matches)


def _is_inside(file: File, kind: Kind) -> bool:
    if kind.streams:
        content = _content(file)
        return any(_stream(name) in content for name in kind.streams)
    if not kind.is_zip:
        return True
    names, mimetype, types = _zip_parts(file)
    if kind.mimetype:
        return mimetype == kind.mimetype
    return bool(types) and any(name.startswith(kind.folder) for name in names)


def _has_macros(file: File, kind: Kind) -> bool:
    if kind.streams:
        return _stream("_VBA_PROJECT") in _content(file)
    if not kind.is_zip:
        return False
    names, _mimetype, types = _zip_parts(file)
    inside = any("vbaproject" in name.lower() or name.startswith(("Basic/", "Scripts/")) for name in names)
    return inside or "macroenabled" in types.lower()


def _zip_parts(file: File) -> tuple[list[str], str, str]:
    """Names of the parts, what an OpenDocument file says of itself, the content types of an Open XML file."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                return [], "", ""
            return (
                archive.namelist(),
                _part(archive, "mimetype"),
                _part(archive, "[Content_Types].xml"),
            )
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError):
        return [], "", ""


def _part(archive: zipfile.ZipFile, name: str) -> str:
    if name not in archive.namelist():
        return ""
    with archive.open(name) as part:
        # Bounded: a part of a few bytes may unpack to gigabytes.
        return part.read(1_000_000).decode("utf-8", "replace").strip()


def _stream(name: str) -> bytes:
    """How the directory of an old office file (OLE) writes the name of one of its parts."""
    return name.encode("utf-16-le")


def _content(file: File) -> bytes:
    file.seek(0)
    return file.read()


def _sha256(file: File) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
