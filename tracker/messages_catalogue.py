"""The message catalogue: extracted from the source, merged, checked and compiled with Babel alone.

No gettext programs are needed, so a fresh machine can do it.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

CATALOGUE = settings.BASE_DIR / "tracker" / "locale" / "vi" / "LC_MESSAGES" / "django.po"
THIRD_PARTY = settings.BASE_DIR / "config" / "locale" / "vi" / "LC_MESSAGES" / "django.po"

_KEYWORDS = {
    name: None for name in ("_", "_now", "gettext", "gettext_lazy", "gettext_noop")
} | {
    name: (1, 2) for name in ("ngettext", "ngettext_lazy")
} | {
    name: ((1, "c"), 2) for name in ("pgettext", "pgettext_lazy")
} | {
    name: ((1, "c"), 2, 3) for name in ("npgettext", "npgettext_lazy")
}  # fmt: skip
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def source_files() -> Iterator[Path]:
    base = settings.BASE_DIR
    for folder, pattern in (
        ("tracker", "**/*.py"),
        ("config", "**/*.py"),
        ("templates", "**/*.html"),
        ("templates", "**/*.txt"),
    ):
        yield from sorted(path for path in (base / folder).glob(pattern) if "migrations" not in path.parts)


def extracted() -> Catalog:
    """Every message that the source asks for."""
    found = Catalog(locale="vi")
    for path in source_files():
        for _line, message, comments, context in extract(
            "python", io.BytesIO(_as_python(path)), keywords=_KEYWORDS, options={"encoding": "utf-8"}
        ):
            found.add(message, context=context, auto_comments=comments)
    return found


def _as_python(path: Path) -> bytes:
    """A template as the Python-like text that extraction reads; its indentation means nothing."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    return text.encode()


def stored(path: Path = CATALOGUE) -> Catalog:
    if not path.exists():
        return Catalog(locale="vi")
    with path.open("rb") as file:
        return read_po(file, locale="vi")


def merged(translations: dict[Any, Any] | None = None) -> Catalog:
    """The source's messages with the stored translations; what the source no longer asks for is dropped.

    ``translations`` (message key → text) adds or replaces translations.
    """
    old, wanted, new = stored(), extracted(), Catalog(locale="vi", project="Tracker", fuzzy=False)
    for message in wanted:
        if not message.id:
            continue
        known = old.get(_singular(message), message.context)
        text = known.string if known else ""
        given = (translations or {}).get(_key(message))
        if given is not None:
            text = given
        if message.pluralizable and isinstance(text, str):
            text = (text,)
        elif not message.pluralizable and isinstance(text, tuple | list):
            text = text[0]
        new.add(message.id, text, context=message.context, flags=_flags(message))
    return new


def _flags(message: Message) -> set[str]:
    return {flag for flag in message.flags if flag.startswith("python")}


def _singular(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def _key(message: Message) -> str:
    singular = _singular(message)
    return f"{message.context}\x04{singular}" if message.context else singular


def save(catalogue: Catalog) -> None:
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    write_po(out, catalogue, sort_output=True, no_location=True, omit_header=True, width=0)
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: vi\\n"\n'
    header += '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    text = header + out.getvalue().decode()
    if not CATALOGUE.exists() or CATALOGUE.read_text(encoding="utf-8") != text:
        CATALOGUE.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Fault:
    """Something that keeps the catalogue from being complete."""

    kind: str
    message: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"


def faults(old: Catalog | None = None, wanted: Catalog | None = None) -> list[Fault]:
    """What is missing, untranslated, fuzzy, obsolete, or has other placeholders than the original."""
    old, wanted = stored() if old is None else old, extracted() if wanted is None else wanted
    found = []
    asked = {_key(message) for message in wanted if message.id}
    for message in wanted:
        if message.id and old.get(_singular(message), message.context) is None:
            found.append(Fault("missing", _key(message)))
    for message in old:
        if not message.id:
            continue
        strings = message.string if isinstance(message.string, tuple | list) else [message.string]
        if _key(message) not in asked:
            found.append(Fault("obsolete", _key(message)))
        if not all(strings):
            found.append(Fault("untranslated", _key(message)))
        elif message.fuzzy:
            found.append(Fault("fuzzy", _key(message)))
        elif not _same_placeholders(message, strings):
            found.append(Fault("placeholders differ", _key(message)))
    return found


def _same_placeholders(message: Message, strings: Any) -> bool:
    originals = message.id if isinstance(message.id, tuple | list) else [message.id]
    allowed = [set(_PLACEHOLDER.findall(original)) for original in originals]
    return all(set(_PLACEHOLDER.findall(text)) in allowed for text in strings)


def not_compiled() -> list[Path]:
    """The catalogues whose .mo file is missing or older than they are."""
    return [source for source in _sources() if not _is_compiled(source)]


def compile_all() -> None:
    """Write the .mo files that are missing or older than their .po."""
    for source in not_compiled():
        target = source.with_suffix(".mo")
        unfinished = target.with_suffix(".part")
        with unfinished.open("wb") as out:
            write_mo(out, stored(source))
        unfinished.replace(target)


def _sources() -> list[Path]:
    """Ours and those of the libraries, with the admin's scripts."""
    return [one for one in (CATALOGUE, *sorted(THIRD_PARTY.parent.glob("*.po"))) if one.exists()]


def _is_compiled(source: Path) -> bool:
    target = source.with_suffix(".mo")
    return target.exists() and target.stat().st_mtime >= source.stat().st_mtime
