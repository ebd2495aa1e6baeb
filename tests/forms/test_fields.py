import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from tracker.forms.fields import DayField, PercentField


@pytest.mark.parametrize("text", ["16/6/2020", "16-06-2020", "16.6.2020", "2020-06-16", " 16/6/2020 "])
def test_a_date_is_read_as_people_write_it(text):
    assert DayField().clean(text) == dt.date(2020, 6, 16)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("hôm nay", "Ghi ngày theo dạng ngày/tháng/năm, ví dụ 16/6/2020."),
        ("1/1/10000", "Ghi ngày theo dạng ngày/tháng/năm, ví dụ 16/6/2020."),
        ("1/1/1999", "Năm phải từ 2000 đến 2100."),
        ("31/6/2020", "Lịch không có ngày này."),
        ("6/16/2020", "Lịch không có ngày này."),
    ],
)
def test_a_wrong_date_gets_a_sentence(text, sentence):
    with pytest.raises(ValidationError) as refusal:
        DayField().clean(text)

    assert refusal.value.messages == [sentence]


def test_a_date_is_shown_as_it_is_written():
    assert DayField().prepare_value(dt.date(2020, 6, 5)) == "5/6/2020"


@pytest.mark.parametrize(("text", "value"), [("70", 70), ("70%", 70), ("100 %", 100), ("70,0", 70), ("0", 0)])
def test_a_percentage_is_read_with_or_without_its_sign(text, value):
    assert PercentField().clean(text) == value


@pytest.mark.parametrize("text", ["101", "-1", "70,5", "bảy mươi", "1e2", "٧٠", "9" * 5000])
def test_a_wrong_percentage_gets_a_sentence(text):
    with pytest.raises(ValidationError) as refusal:
        PercentField().clean(text)

    assert refusal.value.messages == ["Ghi số nguyên từ 0 đến 100."]
