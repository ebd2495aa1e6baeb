"""Indicators, their dated targets, plans and parts: the verbs and what they refuse."""

import datetime as dt
from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, transaction

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_field,
    make_indicator,
    make_measurement,
    make_part,
    make_period,
    make_roster,
    make_share,
    make_target,
    make_user,
)
from tracker.figures.plans import spread_evenly
from tracker.models import (
    Indicator,
    IndicatorHistory,
    IndicatorPart,
    PeriodPlan,
    ReportingPeriod,
    StaleVersion,
    Target,
    WrongStep,
)

pytestmark = pytest.mark.django_db


def months(year=2020):
    make_period(f"{year}-01")
    return list(ReportingPeriod.objects.filter(kind="month", year=year).in_order())


def test_codes_follow_each_other_within_a_year():
    officer = make_user("officer")
    field = make_field()

    codes = [Indicator.register(by=officer, year=2020, name="A", field=field).code for _ in range(2)]

    assert codes == ["CT-2020-001", "CT-2020-002"]


def test_an_edit_names_its_reason_and_refuses_an_older_version():
    indicator, officer = make_indicator(), make_user("officer")
    indicator.edit(by=officer, expected_version=1, reason="Viết sai", name="Tên mới")

    with pytest.raises(StaleVersion):
        indicator.edit(by=officer, expected_version=1, name="Tên khác")

    assert indicator.name == "Tên mới"
    assert IndicatorHistory.objects.latest("pgh_id").pgh_context["reason"] == "Viết sai"


@pytest.mark.parametrize(
    "changes",
    [{"unit": "triệu đồng"}, {"value_kind": "rank"}, {"is_cumulative": False}, {"frequency": "year"}],
)
def test_what_the_figures_mean_stays_once_there_are_some(changes):
    indicator = make_indicator()
    make_measurement(indicator)

    with pytest.raises(ValidationError):
        indicator.edit(by=make_user("officer"), expected_version=None, **changes)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"numerator_name": "Đã ký"}, "__all__"),
        ({"baseline_value": D(1)}, "__all__"),
        ({"weight": D(0)}, "__all__"),
    ],
)
def test_half_a_description_is_refused(fields, name):
    with pytest.raises(ValidationError) as refusal:
        Indicator.register(by=make_user("officer"), year=2020, name="A", field=make_field(), **fields)

    assert name in refusal.value.error_dict


def test_the_target_of_a_day_is_the_next_one_due_in_its_newest_version():
    indicator = make_indicator()
    make_target(indicator, 900, due_on=dt.date(2020, 6, 30))
    make_target(indicator, 1800)
    make_target(indicator, 1750, reason="Điều chỉnh")

    found = [indicator.target_on(dt.date(2020, month, 15)).value for month in (5, 7)]
    late = indicator.target_on(dt.date(2021, 1, 1)).value

    assert (found, late) == ([900, 1750], 1750)


def test_a_target_is_never_changed_only_replaced():
    target = make_target(make_indicator(), 1800)
    target.value = D(1)

    with pytest.raises(ProgrammingError), transaction.atomic():
        target.save()

    with pytest.raises(ValidationError):
        make_target(target.indicator, 1700)
    assert Target.objects.get().value == 1800


def test_retired_and_suggested_indicators_are_not_in_use():
    indicator, suggested = make_indicator(), make_share(is_suggested=True)
    indicator.retire(by=make_user("officer"), on=TODAY, reason="Không còn được giao")
    before = list(Indicator.objects.in_use())
    suggested.accept(by=make_user("officer"))

    with pytest.raises(WrongStep):
        suggested.accept(by=make_user("officer"))
    with pytest.raises(WrongStep):
        indicator.retire(by=make_user("officer"), on=TODAY, reason="Lần nữa")

    assert before == []
    assert list(Indicator.objects.in_use()) == [suggested]


def test_an_agency_sees_what_it_owns_gives_or_is_counted_in():
    agency, user = make_agency(), None
    user = make_user(agency=agency)
    owned = make_indicator(owner=agency)
    part = make_part(make_indicator(), agency)
    roster = make_roster(agency, make_agency())
    given = make_indicator(directive=make_assignment(agency).directive)
    make_indicator()

    seen = set(Indicator.objects.visible_to(user))

    assert seen == {owned, part.indicator, roster.indicator, given}


def test_the_plan_of_a_year_holds_the_uppermost_that_one_sees_once():
    agency = make_agency()
    parent = make_indicator()
    child = make_indicator(parent=parent, owner=agency, rule="parts")
    for _ in range(2):
        make_part(child)
    make_part(child, agency)
    for one in (parent, child, make_indicator(retired_on=TODAY), make_share(is_suggested=True)):
        make_target(one)
    make_target(make_indicator(), due_on=dt.date(2021, 12, 31))

    leader = Indicator.objects.of_plan(make_user("leader"), 2020)
    clerk = Indicator.objects.of_plan(make_user(agency=agency), 2020)

    assert list(leader) == [parent]
    assert list(clerk) == [child]
    assert clerk.count() == 1


def test_plans_are_set_changed_and_taken_away():
    indicator, officer = make_indicator(), make_user("officer")
    first, second, *_ = months()
    PeriodPlan.set_many(indicator, by=officer, values={first: D(10), second: D(20)})

    PeriodPlan.set_many(indicator, by=officer, values={first: None, second: D(25)})

    assert [(plan.period, plan.value) for plan in indicator.plans.all()] == [(second, D(25))]


def test_a_closed_period_keeps_its_plan():
    indicator, officer = make_indicator(), make_user("officer")
    first, *_ = months()
    first.close(by=make_user("leader"), at=NOON)

    with pytest.raises(WrongStep):
        PeriodPlan.set_many(indicator, by=officer, values={first: D(10)})


def test_parts_are_added_and_ended_and_keep_their_figures():
    indicator, agency = make_indicator(), make_agency()
    old = make_part(indicator)
    make_measurement(indicator, part=old)

    IndicatorPart.change_many(indicator, add=[agency, "Doanh nghiệp 1"], end={old: TODAY})

    old.refresh_from_db()
    assert [part.label for part in indicator.parts.filter(valid_to=None)] == [agency.label, "Doanh nghiệp 1"]
    assert (old.valid_to, old.measurements.count()) == (TODAY, 1)
    with pytest.raises(WrongStep):
        IndicatorPart.change_many(indicator, end={old: TODAY})


@pytest.mark.parametrize("day", [dt.date(2020, 1, 31), dt.date(2020, 4, 30)])
def test_a_part_does_not_end_before_it_began_or_before_its_figures(day):
    indicator = make_indicator()
    part = make_part(indicator, valid_from=dt.date(2020, 2, 1))
    make_measurement(indicator, part=part)

    with pytest.raises(ValidationError):
        IndicatorPart.change_many(indicator, end={part: day})

    part.refresh_from_db()
    assert part.valid_to is None


def test_the_same_name_twice_is_refused():
    indicator = make_indicator()

    with pytest.raises(ValidationError):
        IndicatorPart.change_many(indicator, add=["Doanh nghiệp 1", "Doanh nghiệp 1"])


# A year's target shared out over its periods


def test_what_adds_up_is_shared_out_with_the_rest_in_the_last_period():
    indicator = make_indicator(decimals=1)
    make_target(indicator, 1000)

    shared = list(spread_evenly(indicator, months()).values())

    assert shared == [D("83.3")] * 11 + [D("83.7")]
    assert sum(shared) == 1000


def test_a_level_without_a_baseline_is_to_be_held_all_year():
    indicator = make_share()
    make_target(indicator, 90)

    assert set(spread_evenly(indicator, months()).values()) == {D(90)}


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        ({"value_kind": "rank"}, {"value": 35}),
        ({"value_kind": "yes_no"}, {"value": 1}),
        ({"value_kind": "words"}, {"value": None, "words": "Trình đề án"}),
        ({}, {"value": 40, "operator": "range", "upper": D(60)}),
        ({}, {"value": 40, "due_on": dt.date(2021, 12, 31)}),
    ],
)
def test_what_has_no_steps_in_between_is_not_shared_out(fields, target):
    indicator = make_indicator(is_cumulative=False, **fields)
    make_target(indicator, **target)

    assert spread_evenly(indicator, months()) == {}
