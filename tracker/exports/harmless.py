"""Cells of text files that a spreadsheet would take for a formula get an apostrophe, which reading takes off again."""

import re

_LOOKS_LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_PROTECTED = re.compile(r"'(?='*[=+\-@\t\r＝＋－＠])")


def harmless(text: str) -> str:
    """Never a formula: ``=1+1`` becomes ``'=1+1``, and what begins so already gets one more."""
    return f"'{text}" if _LOOKS_LIKE_A_FORMULA.match(text) else text


def as_written(text: str) -> str:
    """The text before ``harmless``."""
    return _PROTECTED.sub("", text, count=1) if text.startswith("'") else text
