"""Account names made of Vietnamese names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.vietnamese.names import account_name


@pytest.mark.parametrize(
    ("full_name", "expected"),
    [
        ("Nguyễn Thu Hà", "ha.nt"),
        ("Đỗ Văn Lâm", "lam.dv"),
        ("  vũ   ĐỨC  hòa ", "hoa.vd"),
        ("Hà", "ha"),
        ("Nguyễn Thị Y-Ban", "yban.nt"),
        ("", ""),
        ("… —", ""),
    ],
)
def test_given_name_then_initials(full_name, expected):
    assert account_name(full_name) == expected


@given(st.text(max_size=60))
def test_only_letters_and_digits_that_an_account_name_may_have(text):
    name = account_name(text)

    assert name == "" or re.fullmatch(r"[a-z0-9][a-z0-9.]*", name)
