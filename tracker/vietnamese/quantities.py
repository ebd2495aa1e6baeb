"""Numbers as Vietnamese people write them."""

import re

_PERCENT = re.compile(r"(\d{1,3})(?:[,.]0{1,2})? ?%?", re.ASCII)


class NotAQuantity(ValueError):
    """The text is not such a number. ``code`` says why: unreadable, range."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_percent(text: str) -> int:
    """``70``, ``70%``, ``70 %``, ``70,0``: whole per cent from 0 to 100; anything else is refused, never guessed."""
    match = _PERCENT.fullmatch(text.strip())
    if match is None:
        raise NotAQuantity("unreadable")
    percent = int(match[1])
    if percent > 100:
        raise NotAQuantity("range")
    return percent
