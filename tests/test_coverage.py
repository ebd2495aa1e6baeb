"""Coverage counted from named bodies: on a day, with mergers, exemptions and marks taken back."""

import datetime as dt
import re
from decimal import Decimal
from html import unescape

import pytest
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import (
    TODAY,
    make_agency,
    make_document,
    make_indicator,
    make_mark,
    make_measurement,
    make_roster,
    make_share,
    make_user,
)
from tracker.figures.coverage import Coverage, coverages, join_names
from tracker.models import BodyState, Indicator, Roster, RosterBody

pytestmark = pytest.mark.django_db

JULY = dt.date(2020, 7, 1)
END_OF_JUNE = dt.date(2020, 6, 30)


def cover(roster: Roster, day: dt.date = TODAY) -> Coverage:
    return coverages([roster.indicator], day)[roster.indicator_id]


def counts(coverage: Coverage) -> tuple[int, int]:
    return coverage.in_use, coverage.in_scope


def test_bodies_are_counted_by_their_state_on_the_day():
    roster = make_roster(*(make_agency() for _each in range(4)))
    used, started, idle, _silent = roster.bodies.all()
    make_mark(used, "in_use", dt.date(2020, 6, 1))
    make_mark(started, "in_progress", dt.date(2020, 6, 1))
    make_mark(idle, "not_started", dt.date(2020, 6, 1))

    found = cover(roster)

    assert (found.in_use, found.in_progress, found.not_started, found.exempt) == (1, 1, 2, 0)
    assert (found.in_scope, found.percent) == (4, Decimal(25))
    assert [row.agency for row in found.missing] == [started.agency, idle.agency, _silent.agency]


def test_in_use_by_30_june_counts_on_30_june_even_when_reported_in_july():
    roster = make_roster(make_agency())
    make_mark(roster.bodies.get(), since_on=END_OF_JUNE, today=dt.date(2020, 7, 10))

    on_time = cover(roster, END_OF_JUNE)

    assert counts(on_time) == (1, 1)
    assert counts(cover(roster, END_OF_JUNE - dt.timedelta(days=1))) == (0, 1)


def test_a_body_that_is_unticked_counts_until_that_day():
    roster = make_roster(make_agency())
    body = roster.bodies.get()
    make_mark(body, "in_use", dt.date(2020, 5, 4))
    make_mark(body, "in_progress", dt.date(2020, 6, 10), note="Máy chủ hỏng, đã dừng dùng.")

    before, after = cover(roster, dt.date(2020, 6, 9)), cover(roster, dt.date(2020, 6, 10))

    assert (counts(before), before.adopted_on) == ((1, 1), [dt.date(2020, 5, 4)])
    assert (counts(after), after.adopted_on) == ((0, 1), [])
    assert after.history == [(dt.date(2020, 5, 4), 1, 1), (dt.date(2020, 6, 10), 0, 1)]


def test_a_mark_repeated_does_not_move_the_day_of_adoption():
    roster = make_roster(make_agency())
    body = roster.bodies.get()
    make_mark(body, "in_use", dt.date(2020, 5, 4))
    make_mark(body, "in_use", dt.date(2020, 6, 1))

    found = cover(roster)

    assert found.adopted_on == [dt.date(2020, 5, 4)]
    assert found.bodies[0].mark.since_on == dt.date(2020, 6, 1)


def test_an_exempt_body_leaves_the_denominator_from_its_day_on_and_the_change_says_why():
    first, second = make_agency(name="Huyện ủy Vụ Bản"), make_agency(name="Huyện ủy Ý Yên")
    roster = make_roster(first, second)
    make_mark(roster.bodies.get(agency=first))
    day = dt.date(2020, 6, 5)
    make_mark(
        roster.bodies.get(agency=second), "exempt", day, note="CV số 12/STTTT", document=make_document()
    )

    found, before = cover(roster), cover(roster, dt.date(2020, 6, 4))

    assert (counts(found), found.exempt, found.percent) == ((1, 1), 1, 100)
    assert (counts(before), before.exempt) == ((0, 2), 0)
    assert [change.sentence for change in found.changes] == [
        "Từ 5/6/2020: 1 cơ quan (trước đó 2): miễn Huyện ủy Ý Yên (CV số 12/STTTT)."
    ]


def test_a_merger_in_mid_year_changes_the_denominator_from_its_day_on():
    offices = make_agency(name="Đảng ủy Khối Các cơ quan tỉnh")
    firms = make_agency(name="Đảng ủy Khối Doanh nghiệp tỉnh")
    merged = make_agency(name="Đảng ủy Khối Cơ quan và Doanh nghiệp tỉnh")
    roster = make_roster(offices, firms, make_agency())
    make_mark(roster.bodies.get(agency=offices))
    roster.merge([offices, firms], merged, on=JULY, reason="Quyết định số 1-QĐ/TU")

    june, july = cover(roster, END_OF_JUNE), cover(roster, JULY)

    assert (counts(june), counts(july)) == ((1, 3), (0, 2))
    assert merged not in {row.agency for row in june.bodies}
    assert {offices, firms}.isdisjoint(row.agency for row in july.bodies)
    sentence = (
        "Từ 1/7/2020: 2 cơ quan (trước đó 3): Đảng ủy Khối Các cơ quan tỉnh và Đảng ủy Khối Doanh nghiệp "
        "tỉnh hợp nhất thành Đảng ủy Khối Cơ quan và Doanh nghiệp tỉnh (Quyết định số 1-QĐ/TU)."
    )
    assert [change.sentence for change in july.changes] == [sentence]
    assert [change.sentence for change in june.changes] == [sentence]
    assert cover(roster, dt.date(2021, 1, 1)).changes == []


def test_bodies_that_join_and_leave_for_different_reasons_are_no_merger():
    leaving, joining = make_agency(name="Hội A"), [make_agency(name="Hội B"), make_agency(name="Hội C")]
    roster = make_roster(leaving, make_agency())
    roster.bodies.get(agency=leaving).end(on=END_OF_JUNE, reason="Giải thể")
    for agency in joining:
        roster.add(agency, from_day=JULY, reason="Thành lập mới")

    (change,) = cover(roster, JULY).changes

    assert change.sentence == (
        "Từ 1/7/2020: 3 cơ quan (trước đó 2): Hội A không còn trong danh sách; thêm Hội B và Hội C "
        "(Thành lập mới; Giải thể)."
    )


def test_an_empty_list_has_no_share():
    found = cover(make_roster())

    assert (found.percent, counts(found), found.bodies, found.changes) == (None, (0, 0), [], [])


def test_an_indicator_without_its_list_and_one_that_is_typed_are_told_apart():
    counted = make_share(rule=Indicator.Rule.ROSTER)
    typed = make_indicator()

    found = coverages([counted, typed], TODAY)

    assert set(found) == {counted.pk}
    assert (found[counted.pk].bodies, found[counted.pk].percent) == ([], None)


def test_all_of_several_lists_counts_a_body_that_is_in_use_in_every_one():
    parent = make_indicator(rule=Indicator.Rule.ALL_CHILDREN)
    both, one, none = (make_agency() for _each in range(3))
    for day, users in ((dt.date(2020, 5, 1), [both, one]), (dt.date(2020, 6, 1), [both])):
        child = make_share(rule=Indicator.Rule.ROSTER, parent=parent)
        roster = make_roster(both, one, none, indicator=child)
        for agency in users:
            make_mark(roster.bodies.get(agency=agency), since_on=day)

    found = coverages([parent], TODAY)[parent.pk]

    assert {row.agency: row.state for row in found.bodies} == {
        both: BodyState.IN_USE,
        one: BodyState.IN_PROGRESS,
        none: BodyState.NOT_STARTED,
    }
    assert (counts(found), found.adopted_on) == ((1, 3), [dt.date(2020, 6, 1)])


def test_a_body_exempt_from_one_list_is_judged_by_the_others():
    parent = make_indicator(rule=Indicator.Rule.ALL_CHILDREN)
    agency = make_agency()
    first, second = (
        make_roster(agency, indicator=make_share(rule=Indicator.Rule.ROSTER, parent=parent))
        for _each in range(2)
    )
    make_mark(first.bodies.get(), "exempt", TODAY, document=make_document())
    make_mark(second.bodies.get(), "in_use", TODAY)

    assert counts(coverages([parent], TODAY)[parent.pk]) == (1, 1)


def test_a_parent_of_other_indicators_too_is_no_coverage():
    parent = make_indicator(rule=Indicator.Rule.ALL_CHILDREN)
    make_roster(make_agency(), indicator=make_share(rule=Indicator.Rule.ROSTER, parent=parent))
    make_indicator(parent=parent)

    assert coverages([parent], TODAY) == {}


def test_bodies_stand_in_the_groups_of_the_party_and_the_front():
    names = ["Tỉnh đoàn", "Huyện ủy Vụ Bản", "Thành ủy Nam Định", "Đảng ủy Khối Doanh nghiệp tỉnh"]
    agencies = [make_agency(name=name, code=f"M{place}") for place, name in enumerate(names)]
    agencies[0].bloc = "front"
    agencies[0].save()
    office = make_agency(name="Văn phòng Tỉnh ủy", code="P01")
    ward = make_agency(name="UBND huyện Vụ Bản", bloc="district", code="H03")

    groups = cover(make_roster(*agencies, office, ward)).by_bloc

    assert [(title, [row.agency.name for row in rows]) for title, rows in groups] == [
        ("Cơ quan tham mưu, giúp việc và đơn vị sự nghiệp của Tỉnh ủy", ["Văn phòng Tỉnh ủy"]),
        ("Đảng ủy trực thuộc Tỉnh ủy", ["Đảng ủy Khối Doanh nghiệp tỉnh"]),
        ("Huyện ủy, Thành ủy", ["Huyện ủy Vụ Bản", "Thành ủy Nam Định"]),
        ("Mặt trận Tổ quốc và các tổ chức chính trị – xã hội", ["Tỉnh đoàn"]),
        ("Khối huyện, thành phố", ["UBND huyện Vụ Bản"]),
    ]


def test_names_are_joined_as_they_are_said():
    agencies = [make_agency(name=name) for name in "ABC"]

    assert [join_names(agencies[:count]) for count in range(4)] == ["", "A", "A và B", "A, B và C"]


def test_queries_do_not_grow_with_lists_and_bodies(django_assert_num_queries):
    parent = make_indicator(rule=Indicator.Rule.ALL_CHILDREN)
    asked = [parent]
    for _each in range(3):
        indicator = make_share(rule=Indicator.Rule.ROSTER, parent=parent)
        roster = make_roster(*(make_agency() for _body in range(4)), indicator=indicator)
        for body in roster.bodies.all():
            make_mark(body)
        asked.append(indicator)

    with django_assert_num_queries(2):
        found = coverages(asked, TODAY)

    assert len(found) == 4


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    marks=st.lists(
        st.tuples(
            st.integers(0, 2), st.sampled_from(["not_started", "in_progress", "in_use"]), st.integers(0, 20)
        ),
        max_size=8,
    ),
    day=st.integers(0, 25),
)
def test_the_states_are_those_that_the_database_gives(marks, day):
    roster = make_roster(*(make_agency() for _each in range(3)))
    bodies = list(roster.bodies.all())
    first, officer = dt.date(2020, 5, 20), make_user("officer")
    for place, state, after in marks:
        make_mark(bodies[place], state, first + dt.timedelta(days=after), by=officer)
    asked = first + dt.timedelta(days=day)

    found = {row.body.pk: row.state for row in cover(roster, asked).bodies}

    stored = RosterBody.objects.in_scope(asked).standing_on(asked).filter(roster=roster)
    assert found == {body.pk: body.state for body in stored}


# Words about a coverage, as pages include them


def panel(coverage, user, **more):
    context = {"coverage": coverage, "user": user, "today": TODAY, **more}
    html = render_to_string("rosters/_coverage.html", context)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_panel_says_the_count_who_is_missing_the_change_and_the_definition():
    used, missing, exempt = (make_agency(name=name, code=name) for name in ("AA", "BB", "CC"))
    indicator = make_share(rule=Indicator.Rule.ROSTER, definition="Đã cài đặt và từ 90% hồ sơ.")
    roster = make_roster(used, missing, exempt, indicator=indicator)
    make_mark(roster.bodies.get(agency=used))
    make_mark(roster.bodies.get(agency=exempt), "exempt", document=make_document(), note="CV 12")

    words = panel(cover(roster), make_user("officer"))

    assert "1/2 cơ quan đã dùng (50%) · miễn 1 ngày 16/6/2020" in words
    assert "còn 1 cơ quan chưa đạt BB – Chưa thực hiện" in words
    assert "Từ 16/6/2020: 2 cơ quan (trước đó 3): miễn CC (CV 12)." in words
    assert "“Sử dụng” nghĩa là: Đã cài đặt và từ 90% hồ sơ." in words


def test_another_body_reads_its_own_state_in_the_panel_and_no_other_name():
    own, other = make_agency(name="AA"), make_agency(name="BB")
    roster = make_roster(own, other)

    words = panel(cover(roster), make_user(agency=own))

    assert "0/2 cơ quan đã dùng (0%)" in words
    assert "AA: Chưa thực hiện" in words
    assert "BB" not in words


def test_the_panel_of_an_empty_list_prints_a_dash():
    words = panel(cover(make_roster()), make_user("officer"))

    assert words.startswith("— danh sách chưa có cơ quan nào")
    assert "%" not in words


def test_a_typed_share_without_a_list_is_called_self_reported():
    typed = make_measurement(make_share(), 80)
    ratio = make_share(numerator_name="Đã ký số", denominator_name="Văn bản đi")
    counted = make_measurement(ratio, None, numerator=Decimal(8), denominator=Decimal(10))

    said = [render_to_string("rosters/_self_reported.html", {"figure": one}) for one in (typed, counted)]

    assert ["tự báo cáo" in words for words in said] == [True, False]
