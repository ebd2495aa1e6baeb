import datetime as dt

import pytest
from django.core.management import call_command

from tracker.models import Agency, Directive, DirectiveEvent, DirectiveHistory, Field, StatusTerm, Suggestion
from tracker.register_data import load_article, load_reference

pytestmark = pytest.mark.django_db
DAY = dt.date(2020, 6, 16)


def test_the_77_bodies_of_2020_and_their_certainty():
    load_reference()

    listed = Agency.objects.exclude(code__startswith="P12-").exclude(code="G01")
    assert listed.count() == 77
    certainty = {value: listed.filter(certainty=value).count() for value in ("high", "medium", "low")}
    assert certainty == {"high": 52, "medium": 15, "low": 10}


def test_every_body_says_on_what_its_certainty_rests():
    load_reference()

    assert not Agency.objects.filter(certainty_note="").exists()


def test_blocs():
    load_reference()

    blocs = {bloc: Agency.objects.bodies().filter(bloc=bloc).count() for bloc in Agency.Bloc}
    assert blocs == {"party": 24, "state": 31, "front": 6, "district": 10, "enterprise": 8, "internal": 7}


def test_groups_stand_for_ten_bodies_each():
    load_reference()

    districts = Agency.objects.get(name="UBND các huyện, thành phố").members_on(DAY)
    committees = Agency.objects.get(code="P12").members_on(DAY)
    assert sorted(districts.values_list("code", flat=True)) == [f"H{number:02d}" for number in range(1, 11)]
    assert sorted(committees.values_list("code", flat=True)) == [
        f"P12-{number:02d}" for number in range(1, 11)
    ]


def test_the_two_party_blocs_merged():
    load_reference()

    merged = Agency.objects.filter(merged_into__code="P09").order_by("code")
    assert list(merged.values_list("code", flat=True)) == ["P07", "P08"]


def test_the_department_has_seven_units():
    load_reference()

    department = Agency.objects.get(is_department=True)
    assert department.code == "S01"
    assert sorted(department.children.values_list("code", flat=True)) == [
        f"O0{number}" for number in range(1, 8)
    ]


def test_fields_and_status_terms():
    load_reference()

    assert Field.objects.count() == 9
    assert StatusTerm.objects.count() == 22
    assert StatusTerm.objects.get(code="open_overdue").name.startswith("Chưa hoàn thành quá hạn")


def test_loading_again_adds_nothing():
    call_command("load_reference")
    before = (Agency.objects.count(), Directive.objects.count(), Suggestion.objects.count())
    history = DirectiveHistory.objects.count()

    added = load_reference() + load_article()

    assert added == 0
    assert (Agency.objects.count(), Directive.objects.count(), Suggestion.objects.count()) == before
    assert DirectiveHistory.objects.count() == history


def test_a_persons_changes_stay():
    call_command("load_reference")
    Agency.objects.filter(code="P07").update(name="Đảng ủy Khối các cơ quan", valid_to=dt.date(2020, 7, 31))
    Directive.objects.filter(code="D11").update(title="Tên do chuyên viên sửa")
    Suggestion.objects.filter(directive__code="D03").delete()
    Field.objects.filter(code="in").update(is_active=False)

    call_command("load_reference")

    agency = Agency.objects.get(code="P07")
    assert (agency.name, agency.valid_to) == ("Đảng ủy Khối các cơ quan", dt.date(2020, 7, 31))
    assert Directive.objects.get(code="D11").title == "Tên do chuyên viên sửa"
    assert not Suggestion.objects.filter(directive__code="D03").exists()
    assert not Field.objects.get(code="in").is_active


def test_what_is_missing_comes_back_alone():
    load_reference()
    Field.objects.filter(code="in").delete()

    assert load_reference() == 1


def test_the_registration_of_each_directive_is_logged():
    load_reference()
    load_article()

    steps = DirectiveEvent.objects.values_list("directive__code", "kind", "to_status")
    assert len(steps) == 24
    assert {step[1:] for step in steps} == {("registered", "unassigned")}
