"""Numbers of documents: the State's ``49/2017/NĐ-CP`` and ``118/TB-UBND``, the Party's ``19-NQ/TU``.

The form of the State's numbers follows Decree 30/2020/NĐ-CP; the Party writes kind and body the other way round.
"""

import re

from tracker.vietnamese.text import compose, fold

_LETTERS = r"[A-ZÀ-Ỹ][A-ZÀ-Ỹ0-9&.]*"
_STATE = re.compile(rf"\d{{1,5}}(?:/\d{{4}})?/{_LETTERS}(?:-{_LETTERS})*")
_PARTY = re.compile(rf"\d{{1,5}}-{_LETTERS}/{_LETTERS}(?:-{_LETTERS})*")


def normalise_number(text: str) -> str:
    """Composed, in capitals and without spaces; nothing is put right: ``49/2017/ND-CP`` keeps its D."""
    return re.sub(r"\s+", "", compose(text)).upper()


def is_state_number(text: str) -> bool:
    """``49/2017/NĐ-CP``, ``118/TB-UBND``."""
    return _STATE.fullmatch(normalise_number(text)) is not None


def is_party_number(text: str) -> bool:
    """``19-NQ/TU``, ``118-CV/VPTU``."""
    return _PARTY.fullmatch(normalise_number(text)) is not None


_TYPED = re.compile(r"\d+(?:\s*[/\-\u2010-\u2015.\\]\s*[a-z0-9&]+)+")


def number_key(number: str) -> str:
    """Letters and digits only, without marks and case: ``49/2017/NĐ-CP`` and ``49-2017-nd-cp`` are one."""
    return re.sub(r"[^a-z0-9]", "", fold(number))


def number_keys(text: str) -> list[str]:
    """The keys of what looks like a document number in typed words: “nghị định 49/2017”, “số 19 - NQ/TU”."""
    return [number_key(found[0]) for found in _TYPED.finditer(fold(text))]
