"""Vietnamese people's names: the given name is written last and counts first."""

from tracker.vietnamese.text import fold


def account_name(full_name: str) -> str:
    """The customary account name: given name, dot, initials of the rest; “Nguyễn Thu Hà” → ``ha.nt``.

    Only letters and digits without marks; "" when nothing usable is written.
    """
    words = ["".join(c for c in word if c.isascii() and c.isalnum()) for word in fold(full_name).split()]
    words = [word for word in words if word]
    if not words:
        return ""
    *before, given = words
    initials = "".join(word[0] for word in before)
    return f"{given}.{initials}" if initials else given
