"""The number field: what it takes, what it says back, and what must be seen before it is saved."""

import re
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tracker.forms.base import TrackerForm
from tracker.forms.quantities import QuantityField, Typed, show_back
from tracker.vietnamese.quantities import Quantity

BILLIONS = "một nghìn bảy trăm hai mươi tỷ đồng"


class MonthForm(TrackerForm):
    revenue = QuantityField(label="Doanh thu", unit="tỷ đồng")
    note = forms.CharField(label="Ghi chú", required=False)


def posted(**fields):
    data = QueryDict(mutable=True)
    data.update({name.replace("_seen", "-seen"): text for name, text in fields.items()})
    return MonthForm(data)


def companion(html):
    """The hidden text that says whose words stand on the page."""
    found = re.search(r'<input type="hidden" name="[\w-]+-seen" value="([^"]*)">', html)
    return found and found[1]


def read(text, **options):
    return QuantityField(**options).clean(Typed(text, text))


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1720", "tỷ đồng", "1720"),
        ("1.720,5", "tỷ đồng", "1720.5"),
        ("1720 tỷ đồng", "tỷ đồng", "1720"),
        ("500 triệu đồng", "tỷ đồng", "0.5"),
        ("160 nghìn", "nghìn thuê bao", "160"),
        ("8,6%", "%", "8.6"),
        ("-3,5", "", "-3.5"),
    ],
)
def test_a_number_is_taken_in_the_unit_of_the_field(text, unit, value):
    assert QuantityField(unit=unit).clean(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "unit", "sentence"),
    [
        ("", "%", "Trường này là bắt buộc."),
        ("nhiều", "%", "Ghi một số, ví dụ 1.720,5 hoặc 160 nghìn."),
        ("1_000", "%", "Ghi một số, ví dụ 1.720,5 hoặc 160 nghìn."),
        ("5\x00", "%", "Ghi một số, ví dụ 1.720,5 hoặc 160 nghìn."),
        ("9" * 21, "%", "Số quá lớn: tối đa 20 chữ số trước dấu phẩy."),
        ("9" * 10_000_000, "%", "Chỉ ghi số và đơn vị tính, tối đa 100 ký tự."),
        ("0,1234567", "%", "Quá nhiều chữ số sau dấu phẩy: ở đây tối đa 6 chữ số."),
        ("5 tỷ đồng", "%", "Số này tính bằng “%”. Ghi theo đơn vị đó."),
        ("5 %", "", "Chỉ ghi số, không ghi đơn vị tính."),
        ("ước 5", "%", "Chỉ ghi số, không ghi “ước”, “gần”, “hơn”, “khoảng”."),
    ],
)
def test_what_is_not_taken_gets_a_sentence(text, unit, sentence):
    with pytest.raises(ValidationError) as refusal:
        read(text, unit=unit)

    assert refusal.value.messages == [sentence]


def test_a_field_may_allow_fewer_decimals():
    with pytest.raises(ValidationError, match="ở đây tối đa 1 chữ số"):
        read("8,65", decimals=1)
    with pytest.raises(ValidationError, match="Ghi số nguyên"):
        read("8,5", decimals=0)

    assert read("8,50", decimals=1) == Decimal("8.5")


def test_a_field_may_keep_the_qualifier():
    taken = read("ước đạt 160 nghìn thuê bao", unit="nghìn thuê bao", with_qualifier=True)

    assert (taken.value, taken.unit, taken.qualifier) == (Decimal(160), "nghìn thuê bao", "estimate")
    assert QuantityField(with_qualifier=True).prepare_value(taken) == "ước 160"


def test_nothing_is_nothing_where_it_is_allowed():
    assert QuantityField(required=False).clean(None) is None
    assert QuantityField(required=False).clean(Typed("  ")) is None


@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from(["", "%", "tỷ đồng"]))
def test_no_text_breaks_the_field(text, seen, unit):
    try:
        value = QuantityField(unit=unit, required=False).clean(Typed(text, seen))
    except ValidationError:
        return

    assert value is None or value.is_finite()


# seen before it is saved


def test_a_doubtful_number_is_asked_about_once():
    first = posted(revenue="1.720", note="Ghi chú của tôi")
    page = first.as_div()

    second = posted(revenue="1.720", revenue_seen=companion(page))

    assert first.errors["revenue"] == [f"Đọc là: {BILLIONS}. Đúng thì bấm nộp lần nữa."]
    assert "Ghi chú của tôi" in page
    assert companion(page) == "1.720"
    assert second.is_valid()
    assert second.cleaned_data["revenue"] == Decimal(1720)


def test_what_the_question_says_is_not_said_twice():
    assert posted(revenue="1.720").as_div().count(BILLIONS) == 1


def test_another_text_must_be_seen_anew():
    changed = posted(revenue="2.720", revenue_seen="1.720")

    assert changed.errors.as_data()["revenue"][0].code == "unseen"


def test_a_size_without_a_unit_is_asked_about_where_the_unit_has_another_size():
    form = posted(revenue="160 nghìn")

    assert form.errors.as_data()["revenue"][0].code == "unseen"
    assert "không phẩy không không không một sáu tỷ đồng" in form.errors["revenue"][0]


def test_a_clear_number_needs_no_second_look():
    assert posted(revenue="1720").is_valid()
    assert posted(revenue="1.720,5").is_valid()


def test_words_on_a_page_sent_back_for_another_reason_count_as_seen():
    class Strict(MonthForm):
        note = forms.CharField(label="Ghi chú")

    page = Strict({"revenue": "2,012", "revenue-seen": "2,012"}).as_div()

    assert "Đọc là: hai phẩy không một hai tỷ đồng." in page
    assert companion(page) == "2,012"


def test_a_stored_number_is_said_and_passes_unchanged():
    page = MonthForm(initial={"revenue": Decimal(1720)}).as_div()

    again = posted(revenue="1.720", revenue_seen=companion(page))

    assert 'value="1.720"' in page
    assert f"Đọc là: {BILLIONS}." in page
    assert again.is_valid()


def test_a_refused_text_has_no_words_and_no_companion():
    page = posted(revenue="1.72.000").as_div()

    assert companion(page) is None
    assert "Đọc là" not in page
    assert page.count("Ghi một số, ví dụ") == 1
    assert 'value="1.72.000"' in page


def test_letters_typed_in_parts_are_the_same_text():
    assert posted(revenue="1.720 ty\u0309 \u0111o\u0302\u0300ng", revenue_seen="1.720 tỷ đồng").is_valid()


def test_each_form_of_a_set_has_its_own_unit_and_question():
    class Row(TrackerForm):
        value = QuantityField(label="Thực hiện", required=False)

        def __init__(self, *args, unit, **options):
            super().__init__(*args, **options)
            self.fields["value"].unit = unit

    units = ["tỷ đồng", "%"]
    sent = {"0-value": "1.720", "1-value": "8,6"}

    first = [Row(sent, prefix=str(at), unit=unit) for at, unit in enumerate(units)]
    pages = [row.as_div() for row in first]
    second = [
        Row(sent | {"0-value-seen": companion(pages[0])}, prefix=str(at), unit=unit)
        for at, unit in enumerate(units)
    ]

    assert [row.is_valid() for row in first] == [False, True]
    assert "tám phẩy sáu phần trăm" in pages[1]
    assert all(row.is_valid() for row in second)
    assert Row(prefix="0", unit="x").fields["value"].unit == "x"
    assert Row.base_fields["value"].unit == ""


def test_what_was_changed_is_known():
    field = QuantityField(unit="tỷ đồng")

    assert not field.has_changed(Decimal(1720), Typed("1.720"))
    assert not field.has_changed(None, Typed(" "))
    assert not field.has_changed(None, None)
    assert field.has_changed(Decimal(1720), Typed("1.721"))


# the page


def test_the_control_says_what_it_is_to_phones_readers_and_scripts():
    page = MonthForm().as_div()
    control = re.search(r'<input type="text" name="revenue"[^>]*>', page)[0]

    assert 'inputmode="decimal"' in control
    assert 'autocomplete="off"' in control
    assert 'aria-describedby="id_revenue_words"' in control
    assert 'hx-get="/doc-so/?unit=t%E1%BB%B7+%C4%91%E1%BB%93ng&amp;o=revenue"' in control
    assert 'hx-target="#id_revenue_words"' in control
    assert '<div id="id_revenue_words">' in page


def test_what_is_typed_is_never_markup():
    page = posted(revenue='"><script>', revenue_seen='"><script>').as_div()

    assert "<script>" not in page


def test_what_is_shown_back():
    assert show_back("", "%").words == ""
    assert show_back("1.720", "tỷ đồng").words == BILLIONS
    assert show_back("1.720", "tỷ đồng").is_doubtful
    assert show_back("khoảng 8,6%", "%").words == "khoảng tám phẩy sáu phần trăm"
    assert show_back("5 đồng", "%").refusal == "Số này tính bằng “%”. Ghi theo đơn vị đó."
    assert isinstance(read("5", with_qualifier=True), Quantity)
