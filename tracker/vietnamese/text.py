"""Vietnamese text: composed Unicode, folding for search, keys for sorting, and the same two functions in SQL."""

import re
import unicodedata

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# none, huyền, hỏi, ngã, sắc, nặng: the order of the dictionary
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")


def _tables() -> tuple[dict[int, str], dict[int, str], dict[int, str]]:
    fold: dict[int, str] = {}
    letters: dict[int, str] = {}
    tones: dict[int, str] = {}
    for place, letter in enumerate(ALPHABET):
        base = "d" if letter == "đ" else unicodedata.normalize("NFD", letter)[0]
        for tone, mark in enumerate(TONES if base in "aeiouy" else TONES[:1]):
            lower = unicodedata.normalize("NFC", letter + mark)
            for character in (lower, lower.upper()):
                fold[ord(character)] = base
                letters[ord(character)] = chr(0x180 + place)
                tones[ord(character)] = str(tone + 1)
    return fold, letters, tones


_FOLD, _LETTERS, _SECONDARY = _tables()


def compose(text: str) -> str:
    """The text in composed Unicode (NFC), as it is stored."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Lower case without tone marks, đ as d: what search compares. Equals SQL ``vi_fold``."""
    return compose(text).translate(_FOLD)


def sort_key(text: str) -> str:
    """A key in the order of the Vietnamese alphabet, tones second. Equals SQL ``vi_sort_key``."""
    composed = compose(text)
    return f"{composed.translate(_LETTERS)}\x01{composed.translate(_SECONDARY)}"


def given_name_key(full_name: str) -> str:
    """The sort key of a person's name: the given name, written last, counts first."""
    *before, given = full_name.split() or [""]
    return sort_key(" ".join([given, *before]))


_SYMBOL_AT_START = re.compile("^([ \t]*)[\uf020-\uf0ff]+[ \t]*", re.MULTILINE)
_POINTS = "\uf06e\uf071\uf076\uf0a7\uf0a8\uf0b7\uf0d8\uf0fc"
_SYMBOLS_WITHIN = str.maketrans({"\uf02d": "-", "\uf0e0": "→"} | dict.fromkeys(_POINTS, "•"))


def plain_bullets(text: str) -> str:
    """Word's own bullets (the letters of its Symbol and Wingdings fonts) as marks that every font has.

    At the start of a line each is a dash, as official papers list; within a line a point. What is no bullet stays.
    """
    return _SYMBOL_AT_START.sub(r"\1- ", text).translate(_SYMBOLS_WITHIN)


_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def contains_forbidden(text: str) -> bool:
    """Control characters (but tab and line ends) or marks that turn the reading direction."""
    return any(
        character in _BIDI or (unicodedata.category(character) == "Cc" and character not in "\t\r\n")
        for character in text
    )


def _translate(table: dict[int, str]) -> str:
    source = "".join(map(chr, table))
    return f"pg_catalog.translate(normalize($1, NFC), '{source}', '{''.join(table.values())}')"


_SQL_HEAD = "LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE"
VI_FOLD_SQL = f"""
CREATE OR REPLACE FUNCTION vi_fold(text) RETURNS text {_SQL_HEAD}
AS $f$ SELECT {_translate(_FOLD)} $f$;
"""
VI_SORT_KEY_SQL = f"""
CREATE OR REPLACE FUNCTION vi_sort_key(text) RETURNS text {_SQL_HEAD}
AS $f$ SELECT {_translate(_LETTERS)} || E'\\x01' || {_translate(_SECONDARY)} $f$;
"""
DROP_SQL = "DROP FUNCTION IF EXISTS vi_sort_key(text); DROP FUNCTION IF EXISTS vi_fold(text);"
