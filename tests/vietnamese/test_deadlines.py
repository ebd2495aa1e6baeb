"""Printed deadlines as appendices write them: what each means, and what is asked instead of guessed."""

import datetime as dt
import unicodedata

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from tracker.vietnamese.dates import NotADate, format_date, read_date
from tracker.vietnamese.deadline_rules import _questions, _rules
from tracker.vietnamese.deadlines import read_deadline

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31))
YEAR = 2020

# Words, kind, day, and whether the year had to be taken from the plan of 2020.
READ = [
    # The wordings of the appendices that were seen.
    ("2025", "year_end", "2025-12-31", False),
    ("12/2025", "month_end", "2025-12-31", False),
    ("6/2025", "month_end", "2025-06-30", False),
    ("06/2025", "month_end", "2025-06-30", False),
    ("Tháng 10/2025", "month_end", "2025-10-31", False),
    ("Quý II/2025", "quarter_end", "2025-06-30", False),
    ("hết quý II", "quarter_end", "2020-06-30", True),
    ("trước 15/6", "day", "2020-06-15", True),
    ("30-6-2020", "day", "2020-06-30", False),
    ("2025-2026", "range", "2026-12-31", False),
    # Days.
    ("30/6/2020", "day", "2020-06-30", False),
    ("30.6.2020", "day", "2020-06-30", False),
    ("15.6", "day", "2020-06-15", True),
    ("30-6", "day", "2020-06-30", True),
    ("6/7", "day", "2020-07-06", True),
    ("2020-06-30", "day", "2020-06-30", False),
    ("2020-06-30 00:00:00", "day", "2020-06-30", False),
    ("trước ngày 15/6/2020", "day", "2020-06-15", False),
    ("chậm nhất 30/6", "day", "2020-06-30", True),
    ("Phấn đấu hoàn thành trước ngày 30/6/2020.", "day", "2020-06-30", False),
    ("chậm nhất là ngày 30 tháng 6 năm 2020", "day", "2020-06-30", False),
    ("15 tháng 6", "day", "2020-06-15", True),
    ("trước 17h ngày 19/6", "day", "2020-06-19", True),
    ("trước 17 giờ 00 ngày 19/6/2020", "day", "2020-06-19", False),
    ("thứ Sáu 19/6", "day", "2020-06-19", True),
    ("Thứ 6, ngày 19/6/2020", "day", "2020-06-19", False),
    ("19/6/2020 (thứ Sáu)", "day", "2020-06-19", False),
    ("Chủ nhật 21/6/2020", "day", "2020-06-21", False),
    ("29/2", "day", "2020-02-29", True),
    ("15-30/6/2020", "day", "2020-06-30", False),
    ("từ ngày 1/6 đến ngày 15/6/2020", "day", "2020-06-15", False),
    # Months.
    ("tháng 6", "month_end", "2020-06-30", True),
    ("tháng Sáu", "month_end", "2020-06-30", True),
    ("2/2020", "month_end", "2020-02-29", False),
    ("đến hết tháng 6", "month_end", "2020-06-30", True),
    ("ngày cuối cùng của tháng 6", "month_end", "2020-06-30", True),
    ("cuối tháng 6/2020", "month_end", "2020-06-30", False),
    ("tháng 6, 7", "month_end", "2020-07-31", True),
    ("tháng 12/2020 và tháng 1/2021", "month_end", "2021-01-31", False),
    ("từ tháng 6 đến tháng 8/2020", "month_end", "2020-08-31", False),
    ("tháng 12/2020 - tháng 2/2021", "month_end", "2021-02-28", False),
    ("6 tháng đầu năm 2020", "month_end", "2020-06-30", False),
    ("sáu tháng đầu năm", "month_end", "2020-06-30", True),
    ("9 tháng", "month_end", "2020-09-30", True),
    ("nửa đầu năm 2020", "month_end", "2020-06-30", False),
    # Quarters.
    ("Phấn đấu hết quý II", "quarter_end", "2020-06-30", True),
    ("QUÝ ii/2020", "quarter_end", "2020-06-30", False),
    ("quý 4 năm 2021", "quarter_end", "2021-12-31", False),
    ("Quý 2-2020", "quarter_end", "2020-06-30", False),
    ("Q2/2020", "quarter_end", "2020-06-30", False),
    ("QIV/2020", "quarter_end", "2020-12-31", False),
    ("quý hai/2020", "quarter_end", "2020-06-30", False),
    ("quý II, III/2020", "quarter_end", "2020-09-30", False),
    ("trong quý II và quý III/2020", "quarter_end", "2020-09-30", False),
    ("từ quý II/2020 đến quý I/2021", "quarter_end", "2021-03-31", False),
    ("Quý II/2020 (báo cáo UBND tỉnh)", "quarter_end", "2020-06-30", False),
    ("Quý II/2020; trình UBND tỉnh", "quarter_end", "2020-06-30", False),
    # Years.
    ("trong năm 2020", "year_end", "2020-12-31", False),
    ("cuối năm", "year_end", "2020-12-31", True),
    ("từ nay đến hết năm 2020", "year_end", "2020-12-31", False),
    ("6 tháng cuối năm", "year_end", "2020-12-31", True),
    ("giai đoạn 2020-2025", "range", "2025-12-31", False),
    ("từ năm 2020 đến năm 2025", "range", "2025-12-31", False),
    ("2020, 2021", "range", "2021-12-31", False),
    # What has no single day.
    ("", "none", None, False),
    (" - ", "none", None, False),
    ("Không thời hạn", "none", None, False),
    ("01/01/1970", "none", None, False),
    ("Thường xuyên", "ongoing", None, False),
    ("Thường xuyên, liên tục", "ongoing", None, False),
    ("thường xuyên trong năm", "ongoing", None, False),
    ("Hằng năm", "yearly", None, False),
    ("hàng năm", "yearly", None, False),
    ("1 lần/năm", "yearly", None, False),
    ("15/6 hằng năm", "yearly", None, False),
    ("hằng năm, trước 15/12", "yearly", None, False),
    ("Quý IV hằng năm", "yearly", None, False),
    ("hàng quý", "recurring", None, False),
    ("định kỳ hằng quý", "recurring", None, False),
    ("hằng quý, 6 tháng, năm", "recurring", None, False),
    ("ngày 20 hằng tháng", "recurring", None, False),
    ("trước ngày 25 hằng tháng", "recurring", None, False),
    ("hằng tháng, trước ngày 25", "recurring", None, False),
    ("6 tháng/lần", "recurring", None, False),
    ("mỗi quý một lần", "recurring", None, False),
    ("2 lần/năm", "recurring", None, False),
    ("Định kỳ các tháng 3, 6, 9", "recurring", None, False),
    ("định kỳ: Quý I, III", "recurring", None, False),
    ("Định kỳ: trước ngày 30/6 và 31/12", "recurring", None, False),
]

# Words, kind as far as it is clear, and what is asked.
ASKED = [
    ("２０/6/2020", "none", "unreadable"),
    ("30/6/10000", "none", "unreadable"),
    ("quý V/2020", "none", "unreadable"),
    ("6-7", "none", "unreadable"),
    ("6-8/2020", "none", "unreadable"),
    ("tháng năm 2020", "none", "unreadable"),
    ("tháng 6, 30/9", "none", "unreadable"),
    ("Quý II/2020 (hoàn thành trước 15/6)", "none", "unreadable"),
    ("Hằng quý; trước 15/6/2020", "none", "unreadable"),
    ("15/6/2020 hằng năm", "none", "unreadable"),
    ("thứ Sáu", "none", "unreadable"),
    ("30/6/2020 " + "x" * 200, "none", "unreadable"),
    ("31/6", "none", "impossible"),
    ("31/6/2020", "none", "impossible"),
    ("6/15/2020", "none", "impossible"),
    ("29/2/2021", "none", "impossible"),
    ("30/6/1999", "none", "impossible"),
    ("13/2020", "none", "impossible"),
    ("12/25", "none", "impossible"),
    ("ngày 32 hằng tháng", "none", "impossible"),
    ("31/2 hằng năm", "none", "impossible"),
    ("quý III, II/2020", "none", "backwards"),
    ("2026-2025", "none", "backwards"),
    ("30-15/6/2020", "none", "backwards"),
    ("15/6/20", "day", "short_year"),
    ("tháng 6/20", "month_end", "short_year"),
    ("Quý II/20", "quarter_end", "short_year"),
    ("tháng 12/2020, tháng 1", "month_end", "year"),
    ("43982", "none", "serial"),
    ("thứ Năm 19/6", "day", "weekday"),
    ("19/6/2020 (thứ Hai)", "day", "weekday"),
    ("đầu quý III", "none", "vague"),
    ("trung tuần tháng 6", "none", "vague"),
    ("khoảng tháng 6/2020", "none", "vague"),
    ("trước tháng 6/2020", "month_end", "before_period"),
    ("trước quý III", "quarter_end", "before_period"),
    ("trước năm 2025", "year_end", "before_period"),
    ("Tháng 3, 6, 9", "none", "several"),
    ("các tháng 3 và 9", "none", "several"),
    ("tháng 3, tháng 9/2020", "none", "several"),
    ("tháng 3; 6; 9; 12", "none", "several"),
    ("tháng 3 - 6, 9", "none", "several"),
    ("Quý I, III", "none", "several"),
    ("quý I và quý III/2020", "none", "several"),
    ("Quý I, II, III, IV", "none", "several"),
    ("Hết quý II, quý IV", "none", "several"),
    ("tháng 3, 9 hằng năm", "none", "several"),
    ("2020, 2022", "none", "several"),
    ("năm 2020, 2021 và 2022", "none", "several"),
    ("trước ngày 30/6 và 31/12", "none", "several"),
    ("15/3, 15/6, 15/9/2020", "none", "several"),
    ("ngày 15 tháng 3 và ngày 15 tháng 9 năm 2020", "none", "several"),
    ("ngày 15 các tháng 3, 6, 9", "none", "several"),
    ("theo tiến độ", "none", "depends"),
    ("theo kế hoạch của UBND tỉnh", "none", "depends"),
    ("ngay sau khi có kinh phí", "none", "depends"),
    ("khi có yêu cầu", "none", "depends"),
    ("xong trước Đại hội", "none", "depends"),
    ("sớm nhất", "none", "depends"),
    ("trong vòng 30 ngày kể từ ngày ký", "none", "depends"),
    ("2 tháng", "none", "depends"),
    ("2025 và những năm tiếp theo", "range", "open_range"),
    ("từ năm 2020 trở đi", "range", "open_range"),
    ("từ tháng 6/2020", "range", "open_range"),
]


@pytest.mark.parametrize(("text", "kind", "day", "inferred"), READ)
def test_printed_deadlines(text, kind, day, inferred):
    deadline = read_deadline(text, year=YEAR)

    assert (deadline.kind, deadline.due_on, deadline.is_inferred) == (
        kind,
        day and dt.date.fromisoformat(day),
        inferred,
    )
    assert deadline.question == ""


@pytest.mark.parametrize(("text", "kind", "question"), ASKED)
def test_what_cannot_be_read_is_asked_and_never_guessed(text, kind, question):
    deadline = read_deadline(text, year=YEAR)

    assert (deadline.kind, deadline.due_on, deadline.question_code) == (kind, None, question)
    assert deadline.question.endswith((".", "?"))
    assert deadline.rule == ""


@pytest.mark.parametrize(("text", "kind"), [(text, kind) for text, kind, _day, inferred in READ if inferred])
def test_without_a_year_the_year_is_asked(text, kind):
    deadline = read_deadline(text)

    assert (deadline.kind, deadline.due_on, deadline.question_code) == (kind, None, "year")


def test_a_day_that_only_leap_years_have_is_impossible_in_the_others():
    assert read_deadline("29/2", year=2020).due_on == dt.date(2020, 2, 29)
    assert read_deadline("29/2", year=2021).question_code == "impossible"
    assert read_deadline("29/2").question_code == "year"


@pytest.mark.parametrize(
    ("text", "year", "due_on"),
    [
        ("Hằng năm", 2020, dt.date(2020, 12, 31)),
        ("15/6 hằng năm", 2021, dt.date(2021, 6, 15)),
        ("Quý I hằng năm", 2021, dt.date(2021, 3, 31)),
        ("29/2 hằng năm", 2021, dt.date(2021, 2, 28)),
        ("29/2 hằng năm", 2024, dt.date(2024, 2, 29)),
    ],
)
def test_yearly_work_is_due_on_its_day_of_each_year(text, year, due_on):
    assert read_deadline(text).due_in(year) == due_on


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", ""),
        ("hết quý II", "Lấy ngày cuối quý: 30/6/2020. Năm được suy ra từ năm kế hoạch."),
        (
            "trước 15/6/2020",
            "Đúng ngày in: 15/6/2020; ngay trong ngày đó vẫn tính là đúng hạn.",
        ),
        ("15/6 hằng năm", "Hằng năm, trước hết ngày 15/6: mỗi năm một kết quả."),
        ("01/01/1970", "01/01/1970 là cách các bảng ghi “không có hạn”."),
    ],
)
def test_the_rule_is_one_sentence_in_the_readers_language(text, rule):
    assert read_deadline(text, year=YEAR).rule == rule


def test_every_rule_and_every_question_is_reached_by_some_wording():
    rules = {read_deadline(text, YEAR).rule_code for text, *_rest in READ}
    questions = {read_deadline(text, YEAR).question_code for text, *_rest in ASKED}

    assert rules == {"", *_rules()}
    assert questions == set(_questions())


def test_the_sentences_are_in_the_readers_language():
    vietnamese = [*_rules().values(), *_questions().values()]
    with override("en"):
        english = [*_rules().values(), *_questions().values()]

    assert not set(vietnamese) & set(english)


FORMS = ["{0.day}/{0.month}/{0.year}", "{0.day:02}/{0.month:02}/{0.year}", "{0.day}-{0.month}-{0.year}"]
FORMS += [
    "{0.day}.{0.month}.{0.year}",
    "{0.year}-{0.month:02}-{0.day:02}",
    "trước ngày {0.day}/{0.month}/{0.year}",
]
FORMS += ["ngày {0.day} tháng {0.month} năm {0.year}", "chậm nhất là {0.day:02}-{0.month:02}-{0.year}"]
FORMS += ["xong trước 17h00 ngày {0.day}/{0.month}/{0.year}", "{0.day}/{0.month} năm {0.year}"]


@given(DAYS, st.sampled_from(FORMS), st.none() | st.integers(2000, 2100))
def test_any_day_printed_in_any_form_reads_back(day, form, year):
    deadline = read_deadline(form.format(day), year)

    assert (deadline.kind, deadline.due_on, deadline.is_inferred) == ("day", day, False)


@given(
    DAYS, st.sampled_from(["{0.day}/{0.month}", "trước {0.day}/{0.month}", "ngày {0.day} tháng {0.month}"])
)
def test_a_day_without_its_year_is_inferred_and_the_day_still_comes_first(day, form):
    deadline = read_deadline(form.format(day), day.year)

    assert (deadline.due_on, deadline.is_inferred) == (day, True)


@given(DAYS, st.integers(13, 31))
def test_a_month_is_never_read_before_the_day(day, month):
    assert read_deadline(f"{day.month}/{month}/{day.year}").due_on is None


@given(DAYS)
def test_the_days_of_forms_read_back_too(day):
    assert read_date(format_date(day)) == day
    assert read_date(f"{day.day:02d}-{day.month:02d}-{day.year}") == day


@given(st.text(max_size=250), st.none() | st.integers(-1, 10_000))
def test_no_text_breaks_the_reader(text, year):
    deadline = read_deadline(text, year)

    assert deadline.due_on is None or dt.date(2000, 1, 1) <= deadline.due_on <= dt.date(2100, 12, 31)
    assert not (deadline.question_code and deadline.due_on)


WORDS = [
    "trước",
    "ngày",
    "hết",
    "quý",
    "II",
    "tháng",
    "6",
    "15/6",
    "2020",
    "/",
    ",",
    "-",
    "đến",
    "năm",
    "hằng",
    "(",
]


@given(st.lists(st.sampled_from(WORDS), max_size=40), st.none() | st.just(YEAR))
def test_no_heap_of_the_usual_words_breaks_the_reader_or_takes_long(words, year):
    deadline = read_deadline(" ".join(words), year)

    assert deadline.kind in {
        "none",
        "day",
        "month_end",
        "quarter_end",
        "year_end",
        "range",
        "yearly",
        "recurring",
    }
    if deadline.is_inferred:
        assert year == YEAR
        assert str(YEAR) not in " ".join(words)


@pytest.mark.parametrize("text", [text for text, *_rest in READ + ASKED])
def test_case_spaces_and_unicode_form_make_no_difference(text):
    read = read_deadline(text, YEAR)

    spaced = text.replace(" ", "  \u00a0")
    written = [text.upper(), text.lower(), unicodedata.normalize("NFD", text), f"  {spaced}\t", f"{text}."]
    # The form of the words is free; how long they may be is not.
    written = [other for other in written if (len(other) > 200) == (len(text) > 200)]
    assert {read_deadline(other, YEAR) for other in written} == {read}


@pytest.mark.parametrize("text", ["", "1_0/6/2020", "１６/6/2020", "16/6", "6/2020", "16/6/20", "nay"])
def test_what_is_not_a_date(text):
    with pytest.raises(NotADate):
        read_date(text)
