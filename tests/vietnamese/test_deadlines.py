import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.vietnamese.dates import NotADate, format_date, read_date
from tracker.vietnamese.deadlines import read_deadline

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31))


@pytest.mark.parametrize(
    ("text", "kind", "due_on", "inferred"),
    [
        ("", "none", None, False),
        ("hết quý II", "quarter_end", dt.date(2020, 6, 30), True),
        ("Phấn đấu hết quý II", "quarter_end", dt.date(2020, 6, 30), True),
        ("Quý II/2020", "quarter_end", dt.date(2020, 6, 30), False),
        ("quý 4 năm 2021", "quarter_end", dt.date(2021, 12, 31), False),
        ("trong quý I", "quarter_end", dt.date(2020, 3, 31), True),
        ("Tháng 10/2025", "month_end", dt.date(2025, 10, 31), False),
        ("06/2025", "month_end", dt.date(2025, 6, 30), False),
        ("2/2020", "month_end", dt.date(2020, 2, 29), False),
        ("tháng 6", "month_end", dt.date(2020, 6, 30), True),
        ("2025", "year_end", dt.date(2025, 12, 31), False),
        ("trong năm 2020", "year_end", dt.date(2020, 12, 31), False),
        ("30/6/2020", "day", dt.date(2020, 6, 30), False),
        ("30-6-2020", "day", dt.date(2020, 6, 30), False),
        ("trước 15/6", "day", dt.date(2020, 6, 15), True),
        ("trước ngày 15.6.2020", "day", dt.date(2020, 6, 15), False),
        ("2020-2025", "range", dt.date(2025, 12, 31), False),
        ("Thường xuyên", "ongoing", None, False),
        ("Hằng năm", "yearly", None, False),
        ("hàng quý", "recurring", None, False),
    ],
)
def test_printed_deadlines(text, kind, due_on, inferred):
    deadline = read_deadline(text, year=2020)

    assert (deadline.kind, deadline.due_on, deadline.is_inferred) == (kind, due_on, inferred)
    assert deadline.question == ""


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("khi có điều kiện", "unreadable"),
        ("31/6/2020", "impossible"),
        ("1/13/2020", "impossible"),
        ("30/6/10000", "unreadable"),
        ("30/6/1999", "impossible"),
        ("13/2020", "impossible"),
        ("2025 và những năm tiếp theo", "open_range"),
    ],
)
def test_what_cannot_be_read_is_asked_and_never_guessed(text, question):
    deadline = read_deadline(text, year=2020)

    assert (deadline.due_on, deadline.question) == (None, question)


def test_without_a_year_the_year_is_asked():
    assert read_deadline("hết quý II").question == "year"


@given(DAYS)
def test_the_day_always_comes_first(day):
    assert read_date(format_date(day)) == day
    assert read_date(f"{day.day:02d}-{day.month:02d}-{day.year}") == day
    assert read_deadline(format_date(day)).due_on == day


@given(st.text(max_size=40), st.none() | st.integers(2000, 2100))
def test_no_text_breaks_the_reader(text, year):
    deadline = read_deadline(text, year)

    assert deadline.due_on is None or dt.date(2000, 1, 1) <= deadline.due_on <= dt.date(2100, 12, 31)


@pytest.mark.parametrize("text", ["", "1_0/6/2020", "１６/6/2020", "16/6", "6/2020", "16/6/20", "nay"])
def test_what_is_not_a_date(text):
    with pytest.raises(NotADate):
        read_date(text)
