import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.vietnamese.quantities import NotAQuantity, read_percent


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("70", 70),
        ("70%", 70),
        (" 70 % ", 70),
        ("70,0", 70),
        ("70.00%", 70),
        ("0", 0),
        ("100", 100),
        ("07", 7),
    ],
)
def test_percentages_as_people_write_them(text, percent):
    assert read_percent(text) == percent


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "unreadable"),
        ("1_0", "unreadable"),
        ("７０", "unreadable"),
        ("1e1", "unreadable"),
        ("-5", "unreadable"),
        ("+5", "unreadable"),
        ("70,5", "unreadable"),
        ("bảy mươi", "unreadable"),
        ("70\x00", "unreadable"),
        ("101", "range"),
        ("999%", "range"),
    ],
)
def test_what_is_not_a_percentage(text, code):
    with pytest.raises(NotAQuantity) as refusal:
        read_percent(text)

    assert refusal.value.code == code


@given(st.text(max_size=12))
def test_no_text_breaks_the_reader(text):
    try:
        percent = read_percent(text)
    except NotAQuantity:
        return

    assert 0 <= percent <= 100
