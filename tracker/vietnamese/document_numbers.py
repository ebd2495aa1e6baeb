"""Numbers of documents: the State's ``49/2017/NĐ-CP`` and ``118/TB-UBND``, the Party's ``19-NQ/TU``.

The form of the State's numbers follows Decree 30/2020/NĐ-CP; the Party writes kind and body the other way round.
"""

import re

from tracker.vietnamese.text import compose

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
