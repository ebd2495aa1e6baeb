"""The nearest of many names is the one that difflib finds."""

import difflib
import time

from hypothesis import example, given
from hypothesis import strategies as st

from tests.appendices.files import make_directory
from tracker.appendices.similar_names import SimilarNames

NAMES = st.text("abc dđ", min_size=1, max_size=12)


@given(st.sets(NAMES, max_size=12), NAMES, st.sampled_from([0.5, 0.6, 0.8, 0.95]))
@example({"ab", "ba"}, "aabb", 0.5)
@example({"abc", "abd"}, "ab", 0.8)
def test_the_nearest_name_is_that_of_difflib(names, text, cutoff):
    found = difflib.get_close_matches(text, sorted(names), n=1, cutoff=cutoff)

    assert SimilarNames(names).nearest(text, cutoff) == "".join(found)


@given(st.sets(NAMES, max_size=12), NAMES)
def test_the_names_that_begin_with_a_text_are_all_of_them(names, text):
    begun = sorted(name for name in names if name.startswith(text))

    assert SimilarNames(names).beginning_with(text) == begun


def test_twenty_thousand_unknown_names_are_read_in_seconds():
    directory = make_directory()
    began = time.process_time()

    read = [directory.read(f"Sở Việc lạ số {number}") for number in range(20_000)]

    assert sum(len(one.unknown) for one in read) == 20_000
    assert time.process_time() - began < 8
