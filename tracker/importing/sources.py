"""Documents that a row names besides its own: those of the register become further sources, others stay in the note."""

import re
from collections import defaultdict
from typing import Any

from tracker.importing.checked import Checked
from tracker.importing.differences import one_line
from tracker.importing.sheets import HEADS
from tracker.models import Directive, Document, Import
from tracker.vietnamese.document_numbers import number_keys

_ROLES = ("source_up", "source_party")
_NOTE_LENGTH = Directive._meta.get_field("note").max_length or 2000


class FurtherSources:
    """The documents whose numbers new rows print, read with one query. A number that two documents have is unknown."""

    def __init__(self, rows: list[Checked], batch: Import) -> None:
        self.own = batch.document_id
        keys = {key for one in rows for role in _ROLES for key in number_keys(one.read.cells.get(role, ""))}
        found: dict[str, list[Document]] = defaultdict(list)
        if keys:
            for document in Document.objects.filter(number_search__in=keys):
                found[document.number_search].append(document)
        self.known = {key: documents[0] for key, documents in found.items() if len(documents) == 1}

    def citations(self, one: Checked) -> list[dict[str, Any]]:
        """The known documents, each once, with the line that names it."""
        cited: dict[int, dict[str, Any]] = {}
        for role in _ROLES:
            for line in _lines(one.read.cells.get(role, "")):
                for document in filter(None, map(self.known.get, number_keys(line))):
                    if document.pk != self.own:
                        cited.setdefault(
                            document.pk, {"document": document, "sentence": one_line(line)[:4000]}
                        )
        return list(cited.values())

    def note(self, one: Checked) -> str:
        """The row's note, and behind it what is printed of documents that are not in the register."""
        kept = [one.read.cells.get("note", "")]
        for role in _ROLES:
            unknown = [
                one_line(line)
                for line in _lines(one.read.cells.get(role, ""))
                if not number_keys(line) or not all(key in self.known for key in number_keys(line))
            ]
            if unknown:
                kept.append(f"{HEADS[role]}: {'; '.join(unknown)}")
        return "\n".join(filter(None, kept))[:_NOTE_LENGTH]


def _lines(text: str) -> list[str]:
    return [line for line in re.split(r"[\n;]+", text) if line.strip()]
