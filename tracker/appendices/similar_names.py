"""The most similar of many names: what ``difflib.get_close_matches`` finds, without comparing each name by letter."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher


class SimilarNames:
    """Names of which many texts ask for the nearest.

    The letters of a name are bits of a number, one for each time a letter occurs: the bits that two have in common
    bound how similar they are, and only the few names that may be near enough are compared.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._sorted = sorted(names)
        most: Counter[str] = Counter()
        for name in self._sorted:
            most |= Counter(name)
        self._places: dict[str, tuple[int, int]] = {}
        first = 0
        for letter, count in most.items():
            self._places[letter] = (first, count)
            first += count
        known = sorted((len(name), self._bits(name), name) for name in self._sorted)
        self._lengths = [length for length, _bits, _name in known]
        self._known = known

    def beginning_with(self, text: str) -> list[str]:
        """The names that begin with a text, in their order."""
        first = bisect_left(self._sorted, text)
        last = first
        while last < len(self._sorted) and self._sorted[last].startswith(text):
            last += 1
        return self._sorted[first:last]

    def nearest(self, text: str, cutoff: float) -> str:
        """The name most similar to a text, at least as much as ``cutoff`` (0–1); empty when none is."""
        bits, length = self._bits(text), len(text)
        shortest, longest = length * cutoff / (2 - cutoff), length * (2 - cutoff) / cutoff
        near = self._known[
            bisect_left(self._lengths, int(shortest)) : bisect_right(self._lengths, int(longest) + 1)
        ]
        bounds = [
            (bound, name)
            for size, others, name in near
            if (bound := 2.0 * (bits & others).bit_count() / (length + size)) >= cutoff
        ]
        matcher = SequenceMatcher()
        matcher.set_seq2(text)
        best = (cutoff, "")
        for bound, name in sorted(bounds, reverse=True):
            if bound < best[0]:
                break
            matcher.set_seq1(name)
            best = max(best, (matcher.ratio(), name))
        return best[1]

    def _bits(self, text: str) -> int:
        bits = 0
        for letter, count in Counter(text).items():
            first, most = self._places.get(letter, (0, 0))
            bits |= ((1 << min(count, most)) - 1) << first
        return bits
