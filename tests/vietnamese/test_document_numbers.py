import unicodedata

import pytest

from tracker.vietnamese.document_numbers import is_party_number, is_state_number, normalise_number


@pytest.mark.parametrize(
    "text", ["49/2017/NĐ-CP", "118/TB-UBND", "26/2015/QĐ-UBND", "12/stttt-ttbcxb", "49/2017/ND-CP"]
)
def test_the_states_form(text):
    assert (is_state_number(text), is_party_number(text)) == (True, False)


@pytest.mark.parametrize("text", ["19-NQ/TU", "118-CV/VPTU", "137-QĐ/TW", " 19-nq/tu "])
def test_the_partys_form(text):
    assert (is_state_number(text), is_party_number(text)) == (False, True)


@pytest.mark.parametrize("text", ["", "Nghị quyết 19", "49/2017", "19-19-19", "NĐ-CP/49", "1/1/2020"])
def test_neither(text):
    assert (is_state_number(text), is_party_number(text)) == (False, False)


def test_numbers_are_composed_trimmed_and_in_capitals():
    assert normalise_number(unicodedata.normalize("NFD", " 49/2017/nđ-cp ")) == "49/2017/NĐ-CP"
