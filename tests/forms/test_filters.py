"""What the filters above the lists read, and how an address is made from them."""

import datetime as dt

import pytest
from django.http import QueryDict

from tests.factories import TODAY, make_agency, make_directive, make_document, make_field, make_user
from tracker.figures.periods import Period
from tracker.forms.filters import AssignmentFilter, DirectiveFilter

pytestmark = pytest.mark.django_db


def read(query: str, role: str = "officer") -> DirectiveFilter:
    return DirectiveFilter(QueryDict(query), user=make_user(role), today=TODAY)


def test_nothing_asked_for_is_the_whole_register_of_today():
    filters = read("")

    assert (filters.scope.period, filters.scope.as_of) == (None, TODAY)
    assert filters.active == []
    assert filters.address() == "?"


def test_period_and_day_shape_the_scope():
    filters = read("ky=2020-q2&den=31/5/2020")

    assert filters.scope.period == Period.parse("2020-q2")
    assert filters.scope.as_of == dt.date(2020, 5, 31)
    assert filters.scope.query == {"ky": "2020-q2", "den": "31/05/2020"}


def test_the_address_of_a_scope_is_read_as_the_same_scope():
    scope = read("ky=2020-05&den=1-6-2020").scope

    query = QueryDict(mutable=True)
    query.update(scope.query)

    again = DirectiveFilter(query, user=scope.user, today=TODAY).scope
    assert (again.period, again.as_of) == (scope.period, scope.as_of)


def test_any_period_can_be_asked_for_and_is_then_offered():
    filters = read("ky=2019-q3")

    assert ("2019-q3", "Quý III/2019") in filters.form.fields["ky"].choices


def test_an_address_keeps_what_could_be_read_and_nothing_else():
    make_field(code="in")

    filters = read("lv=in&tt=late&sx=han&trang=7&ky=&o=nonsense&foo=bar")

    assert filters.address() == "?tt=late&lv=in&sx=han"
    assert filters.address("tt") == "?lv=in&sx=han"
    assert filters.status_address == "?lv=in&sx=han&tt="


def test_a_status_can_be_added_to_an_empty_address():
    assert read("").status_address == "?tt="


def test_filters_are_told_in_words():
    make_field(code="in", name="In")
    make_agency(code="P04", name="Ban Tuyên giáo Tỉnh ủy", short_name="Ban Tuyên giáo")

    active = read("lv=in&ct=P04&tt=late&den=1/6/2020&ky=2020").active

    assert [(str(one.label), one.text) for one in active] == [
        ("Trạng thái", "Quá hạn"),
        ("Kỳ", "Năm 2020"),
        ("Tính đến", "1/6/2020"),
        ("Lĩnh vực", "In"),
        ("Chủ trì", "Ban Tuyên giáo"),
    ]


def test_a_filter_without_a_control_is_sent_along():
    body = make_agency()

    filters = read(f"cq={body.code}&o=open_overdue&tt=late&sx=han")

    assert filters.carried == [("o", "open_overdue"), ("cq", body.code)]


@pytest.mark.parametrize("text", ["Ban Tuyên giáo", "ban tuyen giao", "P04", "p04", "tuyên giáo tỉnh"])
def test_a_body_is_read_by_code_short_name_or_part(text):
    body = make_agency(code="P04", name="Ban Tuyên giáo Tỉnh ủy", short_name="Ban Tuyên giáo")
    make_agency(name="Ban Tổ chức Tỉnh ủy")

    assert read(f"ct={text}").form.cleaned_data["ct"] == body


def test_the_whole_name_wins_over_longer_ones():
    body = make_agency(name="Văn phòng")
    make_agency(name="Văn phòng Tỉnh ủy")

    assert read("ct=van phong").form.cleaned_data["ct"] == body


def test_other_agencies_choose_their_role_instead_of_a_lead():
    inside, outside = read(""), read("", role="staff")

    assert [field.name for field in inside.controls] == ["tt", "lv", "ct", "han", "ky", "den"]
    assert [field.name for field in outside.controls] == ["tt", "lv", "vt", "han", "ky", "den"]


def test_a_document_that_one_may_not_see_is_no_filter():
    document = make_document()

    filters = read(f"vb={document.pk}", role="staff")

    assert "vb" in filters.form.errors


def test_to_drop_counts_what_there_would_be():
    field, other = make_field(code="in", name="In"), make_field(code="bao", name="Báo")
    make_directive(field=field, title="Một")
    make_directive(field=field, title="Hai")
    make_directive(field=other, title="Ba")

    filters = read("lv=in&q=ba")

    assert [(one.name, one.count) for one in filters.to_drop] == [("q", 2), ("lv", 1)]


def test_the_lists_have_no_choice_of_all_agencies():
    filters = AssignmentFilter(QueryDict(""), user=make_user("officer"), today=TODAY)

    assert not hasattr(filters.form.fields["cq"], "choices")
