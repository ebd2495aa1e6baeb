"""What every form does with what people type."""

import uuid

import pytest
from django import forms

from tracker.forms.base import LONGEST_TEXT, TrackerForm, WithFormToken


class SampleForm(WithFormToken, TrackerForm):
    title = forms.CharField(label="Tên", max_length=10, help_text="Ngắn gọn")
    text = forms.CharField(label="Kết quả", required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(label="Loại", choices=[("a", "A"), ("b", "B")])
    state = forms.ChoiceField(
        label="Tình trạng", choices=[("x", "Đang làm"), ("y", "Xong")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="Đồng ý", required=False)


def filled(**changes):
    return SampleForm({"title": "Tên", "kind": "a", "state": "x"} | changes)


def test_decomposed_letters_are_composed():
    form = filled(title="Co\u031b quan", text="a\u0302\u0301y")

    assert form.is_valid()
    assert form.cleaned_data["title"] == "Cơ quan"
    assert form.cleaned_data["text"] == "ấy"


def test_surrounding_space_goes():
    form = filled(title="  Tên ")

    assert form.is_valid()
    assert form.cleaned_data["title"] == "Tên"


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\u202e", "\u2066", "\u200f"])
def test_hidden_characters_are_refused_with_a_sentence(character):
    form = filled(text=f"Đã{character}làm")

    assert not form.is_valid()
    assert form.errors["text"] == ["Nội dung có ký tự ẩn không hợp lệ. Nhập lại phần này bằng bàn phím."]


@pytest.mark.parametrize("text", ["hai\ndòng", "hai\r\ndòng", "có\ttab", "💥", "“ngoặc”", "100%"])
def test_ordinary_characters_are_kept(text):
    form = filled(text=text)

    assert form.is_valid()
    assert form.cleaned_data["text"] == text


def test_length_is_counted_in_a_sentence_and_the_text_stays():
    form = filled(title="mười một ký", text="x" * (LONGEST_TEXT + 1))

    assert not form.is_valid()
    assert form.errors["title"] == ["Viết tối đa 10 ký tự; hiện có 11."]
    assert form.errors["text"] == ["Viết tối đa 20000 ký tự; hiện có 20001."]
    assert 'value="mười một ký"' in str(form["title"])


def test_browsers_never_cut_a_text_silently():
    assert "maxlength" not in str(SampleForm()["title"])


def test_empty_fields_are_named():
    form = SampleForm({})

    assert not form.is_valid()
    assert [(error.text, error.target) for error in form.error_list] == [
        ("Điền “Tên”.", "id_title"),
        ("Chọn “Loại”.", "id_kind"),
        ("Chọn “Tình trạng”.", "id_state"),
    ]


def test_errors_about_the_whole_form_come_first():
    form = filled(title="")
    form.add_error(None, "Người khác vừa sửa.")

    assert [(error.text, error.target) for error in form.error_list] == [
        ("Người khác vừa sửa.", ""),
        ("Điền “Tên”.", "id_title"),
    ]


def test_own_sentence_for_an_empty_field_is_kept():
    class OwnWords(TrackerForm):
        name = forms.CharField(error_messages={"required": "Ghi kết quả, ít nhất một câu."})

    assert OwnWords({}).errors["name"] == ["Ghi kết quả, ít nhất một câu."]


def test_a_field_ties_hint_and_error_to_its_control():
    html = filled(title="")["title"].as_field_group()

    assert '<label class="form-label" for="id_title">Tên</label>' in html
    assert '<p class="form-text" id="id_title_helptext">Ngắn gọn</p>' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'class="form-control is-invalid"' in html


def test_optional_fields_say_so():
    assert '<span class="opt">(nếu có)</span>' in SampleForm()["text"].as_field_group()
    assert "(nếu có)" not in SampleForm()["title"].as_field_group()


def test_choices_are_a_named_group_with_hints():
    form = filled()
    form.fields["state"].choice_hints = {"y": "Cần minh chứng"}

    html = form["state"].as_field_group()

    assert "<legend>Tình trạng</legend>" in html
    assert '<label class="choice choice--on" for="id_state_0">' in html
    assert '<b>Xong</b><span class="meta">Cần minh chứng</span>' in html


def test_no_control_asks_for_a_data_picture():
    html = str(filled())

    assert "form-check-input" not in html
    assert "style=" not in html


def test_a_form_has_a_fresh_key_and_keeps_it_when_shown_again():
    first, second = SampleForm()["form_token"].value(), SampleForm()["form_token"].value()
    again = filled(title="", form_token=str(first))

    assert uuid.UUID(first)
    assert first != second
    assert f'value="{first}"' in str(again["form_token"])


def test_a_form_without_a_key_counts_for_itself():
    form = filled()

    assert form.is_valid()
    assert isinstance(form.cleaned_data["form_token"], uuid.UUID)


def test_a_broken_key_is_refused_with_a_sentence():
    form = filled(form_token="1 OR 1=1")

    assert not form.is_valid()
    assert [error.text for error in form.error_list] == ["Trang đã cũ. Tải lại trang rồi làm tiếp."]


class NumberedForm(TrackerForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    count = forms.IntegerField(label="Số", min_value=1)


@pytest.mark.parametrize("version", ["", "x", "1,5", "0", "-1", "9" * 40, "\x00"])
def test_a_broken_number_that_the_page_carries_says_that_the_page_is_out_of_date(version):
    form = NumberedForm({"version": version, "count": "1"})

    assert form.errors == {"version": ["Trang đã cũ. Tải lại trang rồi làm tiếp."]}
    assert [(error.text, error.target) for error in form.error_list] == [
        ("Trang đã cũ. Tải lại trang rồi làm tiếp.", "")
    ]


def test_a_number_that_people_type_keeps_its_own_sentences():
    form = NumberedForm({"version": "1", "count": "0"})

    assert list(form.errors) == ["count"]
    assert "Trang đã cũ" not in form.errors["count"][0]
