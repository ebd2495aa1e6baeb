import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.exports.harmless import are_harmless, as_written, harmless


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+84", "'+84"),
        ("-5", "'-5"),
        ("@lệnh", "'@lệnh"),
        ("'=1+1", "''=1+1"),
        ("a;=cmd|'/C calc'!A0;b", "a;'=cmd|'/C calc'!A0;b"),
        ("a,+1", "a,'+1"),
        ("dòng một\n=1+1", "dòng một\n'=1+1"),
        ("Gồm:\n- Một;\n- Hai", "Gồm:\n- Một;\n- Hai"),
        ("Gồm:\n- Sở Y tế (chủ trì);\n-Hai", "Gồm:\n- Sở Y tế (chủ trì);\n-Hai"),
        ("Gồm:\n- 2+cmd|'/C calc'!A0", "Gồm:\n'- 2+cmd|'/C calc'!A0"),
        ("Gồm:\n-SUM(1;2)", "Gồm:\n'-SUM(1;2)"),
        ("2019-2020, tăng 8,6%", "2019-2020, tăng 8,6%"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_would_reckon_with_gets_an_apostrophe(text, written):
    assert harmless(text) == written
    assert as_written(written) == text


@given(st.text(alphabet="'=+-@,;\t\n\ra1|(", max_size=30))
def test_every_text_comes_back(text):
    assert as_written(harmless(text)) == text


@given(st.lists(st.text(alphabet="'=+-@＝－,;\t\n\ra1", max_size=8), max_size=5))
def test_cells_that_are_harmless_at_a_glance_are_left_as_they_are(texts):
    if are_harmless(texts):
        assert [harmless(text) for text in texts] == texts


def test_plain_words_are_harmless_at_a_glance():
    assert are_harmless(["Gồm 2019-2020, tăng 8,6%; a = b", "", "NV-2020-001", "Gồm: 1 + 1"])
