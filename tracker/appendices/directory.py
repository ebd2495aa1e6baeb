"""The bodies that cells name: full names, short ones, abbreviations, groups, several names in one cell."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from tracker.appendices.similar_names import SimilarNames
from tracker.vietnamese.text import compose, fold

Words = tuple[str, ...]


@dataclass(frozen=True)
class Body:
    """One body of the register, or a printed group of bodies; ``valid_from`` and ``valid_to`` are days of its life."""

    pk: int
    code: str
    name: str
    short_name: str = ""
    other_names: tuple[str, ...] = ()
    is_group: bool = False
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    merged_into: int | None = None
    """The key of the body that goes on with its work."""

    def exists_in(self, year: int) -> bool:
        """The body exists on at least one day of that year."""
        begins = self.valid_from is None or self.valid_from.year <= year
        return begins and (self.valid_to is None or self.valid_to.year >= year)


@dataclass(frozen=True)
class Bodies:
    """What a cell names: bodies ``found``, words that are ``unknown`` with the body each may mean.

    ``needs_choice``: names without a separator, or one name that fits several bodies: a person says which.
    """

    found: tuple[Body, ...] = ()
    unknown: tuple[str, ...] = ()
    suggestions: dict[str, Body] = field(default_factory=dict)
    needs_choice: bool = False


LONGEST = 2000
"""Characters of a cell that are read as names."""


class Directory:
    """The bodies of the register, found by any of the ways in which their names are printed."""

    def __init__(self, bodies: Iterable[Body]) -> None:
        self.bodies = tuple(bodies)
        self._tails = _tails(self.bodies)
        self._exact: dict[str, list[Body]] = {}
        self._by_letter: dict[str, list[tuple[Body, Words]]] = {}
        for body in self.bodies:
            for name in _names(body, self._tails):
                _add(self._exact, " ".join(name), body)
                self._by_letter.setdefault(name[0][0], []).append((body, name))
        self._similar = SimilarNames(self._exact)
        self._by_pk = {body.pk: body for body in self.bodies}
        self._read: dict[str, Bodies] = {}
        self._matched: dict[str, tuple[Body, ...]] = {}

    def read(self, text: str) -> Bodies:
        """The bodies that a cell names, in its order, each once."""
        text = compose(text)[:LONGEST]
        if text not in self._read:
            self._read[text] = self._reading(text)
        return self._read[text]

    def knows(self, text: str) -> bool:
        """The text is the name of one body, or of several parted by separators, and nothing else."""
        read = self.read(text)
        return bool(read.found) and not read.unknown and not read.needs_choice

    def successor(self, body: Body, year: int) -> Body | None:
        """The body that exists in that year and goes on with the work of one that had ended before."""
        before: set[int] = set()
        later: Body | None = body
        while later and later.pk not in before and not later.exists_in(year):
            before.add(later.pk)
            has_ended = later.valid_to and later.valid_to.year < year
            later = self._by_pk.get(later.merged_into or 0) if has_ended else None
        return later if later and later is not body and later.pk not in before else None

    def _reading(self, text: str) -> Bodies:
        found: list[Body] = []
        unknown: list[str] = []
        needs_choice = False
        for part, bodies in self._parts(text):
            if not bodies:
                bodies = self._run_together(part)
                needs_choice = needs_choice or bool(bodies)
            elif len(bodies) > 1:
                needs_choice = True
            found += [body for body in bodies if body not in found]
            if not bodies and part not in unknown:
                unknown.append(part)
        suggestions = {part: body for part in unknown if (body := self._nearest(part))}
        return Bodies(tuple(found), tuple(unknown), suggestions, needs_choice)

    def _parts(self, text: str) -> Iterator[tuple[str, tuple[Body, ...]]]:
        """The names in a cell with the bodies that each fits; () for what is not known."""
        whole = _tidy(text)
        if bodies := self._fitting(whole):
            yield whole, bodies
            return
        for piece in filter(None, map(_tidy, _STRONG.split(text))):
            yield from self._listed(piece)

    def _listed(self, piece: str) -> Iterator[tuple[str, tuple[Body, ...]]]:
        """“Sở Văn hóa, Thể thao và Du lịch, Sở Y tế”: the longest names first, for commas stand inside names too.

        “Các sở: Nội vụ, Tài chính” and “Sở Nội vụ, Tài chính” name the kind of body once.
        """
        ends = [match.span() for match in _WEAK.finditer(piece)]
        starts = [0, *(end for _start, end in ends)]
        stops = [*(start for start, _end in ends), len(piece)]
        declared = _DECLARED.match(fold(piece))
        head = declared[1] if declared else ""
        at = 0
        while at < len(starts):
            if together := _COLLECTIVE.match(fold(piece), starts[at]):
                yield _tidy(piece[together.start() : together.end()]), ()
                at = next(
                    (place for place, start in enumerate(starts) if start >= together.end()), len(starts)
                )
                continue
            last, bodies = self._longest(piece, starts, stops, at, head)
            part = _tidy(piece[starts[at] : stops[last]])
            if part:
                yield part, bodies
            if bodies and (named := _HEAD.match(fold(part))):
                head = named[1]
            at = last + 1

    def _longest(
        self, piece: str, starts: list[int], stops: list[int], at: int, head: str
    ) -> tuple[int, tuple[Body, ...]]:
        last = min(len(stops), at + _MOST_COMMAS) - 1
        for prefix in ("", f"{head} ") if head else ("",):
            for stop in range(last, at - 1, -1):
                words = _tidy(piece[starts[at] : stops[stop]])
                if prefix:
                    words = _DECLARING.sub("", words)
                if bodies := self._fitting(prefix + words):
                    return stop, bodies
        return at, ()

    def _run_together(self, part: str) -> tuple[Body, ...]:
        """“Sở Nội vụ Sở Tài chính”: all the names when the words are nothing but names of bodies."""
        words = _words(part)
        if len(words) > _MOST_WORDS:
            return ()
        ways: dict[int, tuple[Body, ...]] = {len(words): ()}
        for start in range(len(words) - 1, -1, -1):
            for stop in range(len(words), start + 1, -1):
                bodies = ways.get(stop)
                one = self._exact.get(" ".join(words[start:stop]), [])
                if bodies is not None and len(one) == 1:
                    ways[start] = (one[0], *bodies)
                    break
        return ways.get(0, ())

    def _fitting(self, text: str) -> tuple[Body, ...]:
        """The bodies that fit a name best: by their full or short name, else by an abbreviation of it."""
        if text not in self._matched:
            self._matched[text] = self._match(text)
        return self._matched[text]

    def _match(self, text: str) -> tuple[Body, ...]:
        return self._spelled_so(text) or self._spelled_so(_REMARK.sub(_without, text))

    def _spelled_so(self, text: str) -> tuple[Body, ...]:
        words = _words(text)
        if not words or len(words) > _MOST_WORDS:
            return ()
        for tried in (words, _singular(words, self._tails)):
            if bodies := self._exact.get(" ".join(tried)):
                return tuple(bodies)
        begun = self._by_letter.get(words[0][0], ())  # an abbreviation keeps the first letter
        fits = [body for body, name in begun if _abbreviates(tuple(words), name, self._tails)]
        groups = [body for body in dict.fromkeys(fits) if body.is_group]
        return tuple(dict.fromkeys(fits)) if len(groups) != 1 else tuple(groups)

    def _nearest(self, text: str) -> Body | None:
        """The body with the most similar name, if one is similar enough to be meant."""
        words = " ".join(_words(text))
        if not 4 <= len(words) <= _LONGEST_NAME:
            return None
        begun = {self._exact[name][0] for name in self._similar.beginning_with(f"{words} ")}
        if len(begun) == 1:
            return begun.pop()
        near = self._similar.nearest(words, _SIMILAR)
        return self._exact[near][0] if near else None


# the words of names

_MOST_COMMAS = 5  # of one name: “Sở Văn hóa, Thể thao và Du lịch” has two
_MOST_WORDS = 40
_LONGEST_NAME = 200
_SIMILAR = 0.8  # of two names that may mean the same

_STRONG = re.compile(r"[;\n\r|•]+|(?:^|(?<=\s))[-–+*]\s+(?=[A-ZĐÀ-Ỹ])|(?<=\w)\s*/\s*(?=[A-ZĐÀ-Ỹ])")
_WEAK = re.compile(r"\s*,\s*(?:và\s+)?|\s+và\s+|:\s*", re.IGNORECASE)
_KINDS = (
    "so|ban|huyen|phong|cuc|hoi|doan|chi cuc|trung tam|cong ty|truong|huyen uy|dang uy|ubnd huyen|ubnd xa"
)
_DECLARED = re.compile(rf"(?:cac |cac dong chi )?((?:ubnd )?(?:cac )?(?:{_KINDS}))\b")
_DECLARING = re.compile(r"^(?:các\s+)?(?:sở|ban|huyện|phòng|cục|hội)\s*:?\s+", re.IGNORECASE)
_HEAD = re.compile(rf"(?:cac )?(ubnd (?:cac )?huyen|{_KINDS})\b")
_COLLECTIVE = re.compile(
    r"(?:(?:cac|mot so) )?(?:so|bo|ban)\s*,\s*(?:so\s*,\s*)?(?:ban\s*,\s*)?nganh\b"
    r"(?:\s*,?\s*doan the| cap tinh| cua tinh| tinh| (?:co )?lien quan)*(?=\s*(?:$|,|va\b))"
)
"""“Các sở, ban, ngành”: commas that part nothing."""
_REMARK = re.compile(r"\([^()]*\)")
_DUTY = re.compile(r"\bphoi hop\b")
_EDGE = " \t\r\n.,;:-–+*•“”\"'"

_SAME = (
    (re.compile(r"\buy ban nhan dan\b"), "ubnd"),
    (re.compile(r"\bhoi dong nhan dan\b"), "hdnd"),
    (re.compile(r"\b(?:mat tran to quoc|mttq)(?: viet nam)?\b"), "mttq"),
    (re.compile(r"\bdoan thanh nien cong san\b"), "doan tncs"),
    (re.compile(r"\bthanh nien cong san\b"), "tncs"),
    (re.compile(r"\bubnd cap huyen\b"), "ubnd huyen thanh pho"),
    (re.compile(r"\bhuyen (?:thi xa )?(?:tp|thanh pho)\b"), "huyen thanh pho"),
    (re.compile(r"\b(?:tp|t p)\b"), "thanh pho"),
)
_PROVINCE = re.compile(r"\btỉnh((?: [^\W\d_]+){1,3})")
_PARTY_TAIL = (("tinh", "uy"),)  # “Ban Tuyên giáo”, yet a “Văn phòng” may be anybody's
_ACRONYMS = {"ubnd": ("ubnd", "ub", "u"), "hdnd": ("hdnd", "hd", "h"), "mttq": ("mttq", "mt")}


def _add(known: dict[str, list[Body]], key: str, body: Body) -> None:
    if body not in (bodies := known.setdefault(key, [])):
        bodies.append(body)


def _without(remark: re.Match[str]) -> str:
    """“(phối hợp)” says that the body does not lead: such a remark stays, and the name is asked about."""
    return remark[0] if _DUTY.search(fold(remark[0]).lower()) else " "


def _tidy(text: str) -> str:
    text = " ".join(text.split()).strip(_EDGE)
    return text if text.count("(") == text.count(")") else text.strip(_EDGE + "()")


@lru_cache(maxsize=50_000)
def _spelled(text: str) -> Words:
    """Lower case without marks, one spelling of what offices shorten, without “và” and “các”."""
    words = " ".join(re.findall(r"[^\W_]+", fold(text).lower().replace("&", " va ")))
    for pattern, said in _SAME[:5]:
        words = pattern.sub(said, words)
    kept = " ".join(word for word in words.split() if word not in {"va", "cac"})
    for pattern, said in _SAME[5:]:
        kept = pattern.sub(said, kept)
    return tuple(kept.split())


def _words(text: str) -> list[str]:
    return list(_spelled(text))


def _tails(bodies: Iterable[Body]) -> tuple[Words, ...]:
    """What may stand behind any name, longest first: “tỉnh”, with or without the province that the bodies name."""
    named: Counter[Words] = Counter()
    for body in bodies:
        for found in _PROVINCE.findall(compose(body.name)):
            words = found.split()
            proper = next((at for at, word in enumerate(words) if not word[0].isupper()), len(words))
            named[_spelled(" ".join(words[:proper]))] += 1
    named.pop((), None)
    province = max(named, key=lambda words: named[words], default=())
    return (("tinh", *province), province, ("tinh",)) if province else (("tinh",),)


def _singular(words: list[str], tails: tuple[Words, ...]) -> list[str]:
    """Without the province at the end, which lists of one province leave out or write in."""
    for tail in tails:
        if len(words) > len(tail) + 1 and tuple(words[-len(tail) :]) == tail:
            return words[: -len(tail)]
    return words


def _names(body: Body, tails: tuple[Words, ...]) -> list[Words]:
    """All the full forms of a body's name, as words: “Huyện Hải Hậu” is printed “UBND huyện Hải Hậu” and “Hải Hậu”."""
    names: dict[Words, None] = {}
    for printed in (body.name, body.short_name, *body.other_names):
        for form in {printed, re.sub(r"\([^()]*\)", " ", printed)}:
            if words := _spelled(form):
                names[words] = None
                names[tuple(_singular(list(words), tails))] = None
    first = _spelled(body.name)
    if len(first) > 2 and first[0] == "huyen" and first[1] != "uy" and not body.is_group:
        names |= dict.fromkeys([("ubnd", *first), first[1:]])
    if first[:2] == ("thanh", "pho") and not body.is_group:
        names[("ubnd", *first)] = None
    if body.is_group and first[:2] == ("ubnd", "huyen"):
        names[first[1:]] = None
    return list(names)


@lru_cache(maxsize=200_000)
def _abbreviates(words: Words, name: Words, tails: tuple[Words, ...]) -> bool:
    """Each word stands for the same word, or by first letters for several: “Sở TTTT”, “STTTT”, “BCH Quân sự”, “VPUB”.

    At least three letters, of which a name that is only one letter long is never the whole.
    """
    if sum(map(len, words)) < 3:
        return False
    return _fits(words, name) or any(
        len(name) > len(tail) and name[-len(tail) :] == tail and _fits(words, name[: -len(tail)])
        for tail in (*tails, *_PARTY_TAIL[: len(name) > 4])
    )


def _fits(words: Words, name: Words) -> bool:
    if not words or not name:
        return not words and not name
    if words[0] == name[0] and _fits(words[1:], name[1:]):
        return True
    return any(_fits(words[1:], rest) for rest in _spelling_out(words[0], name))


def _spelling_out(letters: str, name: Words) -> Iterator[Words]:
    """What is left of a name when its first words are taken as the letters of one word."""
    if not letters:
        yield name
        return
    if not name:
        return
    for short in _ACRONYMS.get(name[0], (name[0][0],)):
        if letters.startswith(short):
            yield from _spelling_out(letters[len(short) :], name[1:])
