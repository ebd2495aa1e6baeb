"""Cells of text files that a spreadsheet would take for a formula get an apostrophe, which reading takes off again.

A file with commas opened where semicolons part cells is cut inside its texts: what follows such a cut is watched too.
A line that begins with a dash is a list, as offices write them, and stays as it is unless it calls something.
"""

import re
from collections.abc import Iterable

_SIGN = "=+@＝＋＠"
_BEGINS = rf"'*[{_SIGN}\-－\t\r]"
_FOLLOWS = rf"'*[{_SIGN}\-－]"
_CALL = r"[^\n]*(?:\||\w\()"
"""Another program by its bar, a function by its bracket."""
_LINE = rf"'*(?:[{_SIGN}]|[\-－]{_CALL})"
_FORMULA = re.compile(rf"(?:\A(?={_BEGINS})|(?<=[;,\t])(?={_FOLLOWS})|(?<=\n)(?={_LINE}))")
_PROTECTED = re.compile(rf"(?:\A'(?={_BEGINS})|(?<=[;,\t])'(?={_FOLLOWS})|(?<=\n)'(?={_LINE}))")
_WATCHED = re.compile(rf"[;,\t\n]'*[{_SIGN}\-－\t\r]")


def are_harmless(texts: Iterable[str]) -> bool:
    """The quick answer for many cells at once: in none of them ``harmless`` would change anything."""
    return not _WATCHED.search(";" + ";".join(texts))


def harmless(text: str) -> str:
    """Never a formula: ``=1+1`` becomes ``'=1+1``, and what begins so already gets one more."""
    return _FORMULA.sub("'", text)


def as_written(text: str) -> str:
    """The text before ``harmless``."""
    return _PROTECTED.sub("", text)
