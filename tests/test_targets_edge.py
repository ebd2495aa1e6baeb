"""Where a target could say more than its numbers allow: missing months, past days, other frequencies, others' parts."""

import datetime as dt
from decimal import Decimal as D

import pytest

from tests.factories import (
    TODAY,
    make_agency,
    make_department,
    make_indicator,
    make_mark,
    make_measurement,
    make_part,
    make_period,
    make_roster,
    make_share,
    make_target,
    make_user,
)
from tracker.closing import close_period
from tracker.figures.targets import one_target, year_plan
from tracker.judgement import Verdict
from tracker.models import Configuration, PeriodPlan, ReportingPeriod, Target

pytestmark = pytest.mark.django_db

VN = dt.timezone(dt.timedelta(hours=7))


def the_row(user=None, today=TODAY, **options):
    (row,) = year_plan(user or make_user("leader"), today, Configuration(), **options).rows
    return row


def monthly(indicator, values, year=2020, **fields):
    """Figures of the months from January on; None leaves one out."""
    for month, value in enumerate(values, 1):
        if value is not None:
            make_measurement(indicator, value, period=f"{year}-{month:02d}", **fields)


def closed(code, by=None, on=None):
    period = make_period(code)
    day = on or period.ends_on + dt.timedelta(days=4)
    return close_period(
        period,
        by or make_user("leader"),
        "Báo cáo kỳ",
        at=dt.datetime(day.year, day.month, day.day, 9, tzinfo=VN),
    )


# A flow with a month missing


def test_a_flow_with_a_missing_month_is_held_against_the_plan_of_the_months_that_are_there():
    indicator = make_indicator()
    make_target(indicator, 1200)
    monthly(indicator, [100, 100, None, 100, 100])

    row = the_row()

    assert (row.actual, row.missing) == (D(400), 1)
    assert (row.plan_to_date, row.share, row.gap) == (D(400), D(100), D(0))
    assert row.projected == D(1200)


def test_a_flow_with_a_missing_month_grows_against_the_same_months_of_the_year_before():
    indicator = make_indicator()
    make_target(indicator, 1200)
    monthly(indicator, [80, 80, 80, 80, 80], year=2019)
    monthly(indicator, [100, 100, None, 100, 100])

    row = the_row()

    assert (row.change.before, row.change.difference) == (D(320), D(25))


def test_the_months_still_to_come_are_not_missing_when_the_whole_year_is_asked_for():
    indicator = make_indicator()
    make_target(indicator, 1200)
    monthly(indicator, [80] * 12, year=2019)
    monthly(indicator, [100, 100, 100, 100, 100, 100])

    row = the_row(upto=make_period("2020"))

    assert (row.missing, row.change.difference) == (0, D(25))


def test_after_the_year_a_missing_month_is_not_filled_by_the_mean():
    indicator = make_indicator()
    make_target(indicator, 1200)
    monthly(indicator, [None] + [105] * 11)

    row = the_row(today=dt.date(2021, 2, 1), upto=make_period("2020-12"))

    assert row.actual == D(1155)
    assert row.verdict != Verdict.MET


def test_where_less_is_better_a_missing_month_does_not_make_the_year_good():
    indicator = make_indicator(direction="down")
    make_target(indicator, 100, operator=Target.Operator.AT_MOST)
    monthly(indicator, [None] + [9] * 11)

    row = the_row(today=dt.date(2021, 2, 1), upto=make_period("2020-12"))

    assert row.actual == D(99)
    assert row.verdict != Verdict.MET


# Deadlines inside the year


def test_a_target_of_the_half_year_is_projected_to_its_day_only():
    indicator = make_indicator()
    make_target(indicator, 900, due_on=dt.date(2020, 6, 30))
    make_target(indicator, 1800)
    monthly(indicator, [100] * 5)

    row = the_row()

    assert row.target.value == D(900)
    assert (row.plan_to_date, row.projected) == (D(750), D(600))
    assert (row.periods_left, row.needed) == (1, D(400))
    assert row.verdict == Verdict.OFF


def test_after_the_half_year_the_next_target_is_looked_at():
    indicator = make_indicator()
    make_target(indicator, 900, due_on=dt.date(2020, 6, 30))
    make_target(indicator, 1800)
    monthly(indicator, [150] * 6)

    row = the_row(today=dt.date(2020, 7, 10))

    assert (row.target.value, row.verdict) == (D(1800), Verdict.MET)


def test_a_flow_past_its_day_is_judged_by_what_was_there_on_that_day():
    indicator = make_indicator()
    make_target(indicator, 900, due_on=dt.date(2020, 6, 30))
    monthly(indicator, [120] * 8)

    row = the_row(today=dt.date(2020, 8, 20))

    assert row.actual == D(960)
    assert row.verdict == Verdict.OFF


def test_a_level_past_its_day_is_judged_by_what_was_there_on_that_day():
    indicator = make_share()
    make_target(indicator, 90, due_on=dt.date(2020, 6, 30))
    make_measurement(indicator, 80, period="2020-06")
    make_measurement(indicator, 92, period="2020-07", as_of_on=dt.date(2020, 7, 10))

    row = the_row(today=dt.date(2020, 7, 20))

    assert row.verdict == Verdict.OFF


def test_a_level_of_a_day_up_to_the_deadline_counts_though_its_period_closes_later():
    indicator = make_share()
    make_target(indicator, 90, due_on=dt.date(2020, 6, 30))
    make_measurement(indicator, 80, period="2020-06")
    make_measurement(indicator, 92, period="2020-07", as_of_on=dt.date(2020, 6, 30))

    row = the_row(today=dt.date(2020, 7, 20))

    assert row.verdict == Verdict.MET


def test_bodies_that_come_into_use_after_the_deadline_are_too_late():
    make_period("2020-06")
    agencies = [make_agency(), make_agency()]
    first, second = make_roster(*agencies).bodies.order_by("pk")
    make_mark(first, since_on=dt.date(2020, 6, 20))
    make_mark(second, since_on=dt.date(2020, 7, 5))

    row = the_row(today=dt.date(2020, 7, 20))

    assert row.actual == D(100)
    assert row.verdict == Verdict.OFF
    assert row.projection is None


def test_bodies_in_use_by_the_deadline_count_even_if_reported_later_and_unticked_after_it():
    make_period("2020-06")
    agencies = [make_agency(), make_agency()]
    first, second = make_roster(*agencies).bodies.order_by("pk")
    make_mark(first, since_on=dt.date(2020, 6, 30), today=dt.date(2020, 7, 20))
    make_mark(second, since_on=dt.date(2020, 6, 1))
    make_mark(second, "not_started", since_on=dt.date(2020, 7, 3))

    row = the_row(today=dt.date(2020, 7, 20))

    assert row.actual == D(50)
    assert row.verdict == Verdict.MET


def test_once_the_day_is_past_nearly_is_not_reached_whatever_the_office_calls_safe():
    indicator = make_share()
    make_target(indicator, 90, due_on=dt.date(2020, 5, 31))
    make_measurement(indicator, 89, period="2020-05")
    office = Configuration(safe_percent=95, risk_percent=90)

    (row,) = year_plan(make_user("leader"), TODAY, office).rows

    assert row.verdict == Verdict.OFF


def test_a_missing_answer_is_not_a_no():
    indicator = make_indicator(value_kind="yes_no", is_cumulative=False, unit="")
    make_target(indicator, 1, operator=Target.Operator.EQUAL, due_on=dt.date(2020, 5, 31))
    make_period("2020-05")

    assert the_row().verdict == Verdict.NONE


def test_a_target_of_another_year_does_not_judge_this_years_flow():
    indicator = make_indicator()
    make_target(indicator, 100, due_on=dt.date(2019, 12, 31))
    monthly(indicator, [60, 60])

    row, _tree = one_target(make_user("leader"), indicator, TODAY, Configuration())

    assert row.verdict == Verdict.NONE


# Kinds of targets


def test_all_without_a_number_asks_for_every_body():
    roster = make_roster(make_agency(), due_on=dt.date(2020, 6, 30))
    indicator = roster.indicator
    make_period("2020-05")
    make_target(
        indicator,
        None,
        words="tất cả các cơ quan",
        operator=Target.Operator.ALL,
        due_on=dt.date(2020, 6, 30),
        reason="Ghi đúng chữ",
    )
    make_mark(roster.bodies.get(), since_on=dt.date(2020, 6, 1))

    assert the_row().verdict == Verdict.MET


def test_a_range_has_no_share_of_its_lower_end():
    indicator = make_share(baseline_value=D(30), baseline_year=2019)
    make_target(indicator, 40, upper=D(60), operator=Target.Operator.RANGE)
    monthly(indicator, [50, 50])

    row = the_row()

    assert (row.share_of_year, row.way, row.needed) == (None, None, None)


def test_a_bound_from_above_is_shared_the_other_way_round_whatever_the_direction_says():
    indicator = make_indicator(direction="keep")
    make_target(indicator, 1200, operator=Target.Operator.AT_MOST)
    monthly(indicator, [125] * 5)

    row = the_row()

    assert row.share == D(80)


def test_yes_by_seven_of_ten_is_not_yes():
    indicator = make_indicator(value_kind="yes_no", is_cumulative=False, unit="", rule="parts")
    make_target(indicator, 1, operator=Target.Operator.EQUAL)
    for answer in (1, 1, 0):
        make_measurement(indicator, answer, part=make_part(indicator))

    row = the_row()

    assert (row.actual, row.cell.numerator, row.cell.denominator) == (D(0), D(2), D(3))
    assert row.verdict != Verdict.MET


def test_yes_by_some_and_nothing_from_others_is_not_yes_yet():
    indicator = make_indicator(value_kind="yes_no", is_cumulative=False, unit="", rule="parts")
    make_target(indicator, 1, operator=Target.Operator.EQUAL)
    make_measurement(indicator, 1, part=make_part(indicator))
    make_part(indicator)

    row = the_row()

    assert (row.actual, row.verdict) == (None, Verdict.NONE)


def test_ranks_of_parts_are_not_added_up():
    indicator = make_indicator(value_kind="rank", direction="down", is_cumulative=False, rule="parts")
    make_target(indicator, 10, operator=Target.Operator.AT_MOST)
    for rank in (3, 4):
        make_measurement(indicator, rank, part=make_part(indicator))

    assert the_row().actual is None


def test_a_baseline_of_another_year_starts_no_projection():
    indicator = make_share(baseline_value=D(10), baseline_year=2015)
    make_target(indicator, 90)
    monthly(indicator, [80, 81, 82, 83, 84])

    row = the_row()

    assert row.projected == D(91)  # 84 + 7 months × 1 point
    assert row.plan_to_date is None


def test_a_suggestion_does_not_push_a_signed_target_aside():
    indicator = make_indicator()
    make_target(indicator, 1800)
    make_target(indicator, 1000, is_suggested=True, reason="Đề xuất")
    monthly(indicator, [150] * 5)

    row = the_row()

    assert row.target.value == D(1800)
    assert indicator.target_on(TODAY).value == D(1800)


# Parents


def test_a_child_without_a_target_neither_counts_nor_holds_its_parent_back():
    parent = make_share(rule="all_children")
    make_target(parent, 100, operator=Target.Operator.ALL)
    child = make_share(parent=parent)
    make_target(child, 50)
    monthly(child, [60, 60, 60, 60, 60])
    informative = make_share(parent=parent)
    monthly(informative, [1, 1, 1, 1, 1])

    row = the_row()

    assert (row.actual, row.verdict) == (D(100), Verdict.MET)


def test_children_of_which_nothing_is_known_are_not_zero():
    make_period("2020-05")
    parent = make_share(rule="all_children")
    make_target(parent, 100, operator=Target.Operator.ALL)
    make_target(make_share(parent=parent), 50)

    row = the_row()

    assert (row.actual, row.verdict) == (None, Verdict.NONE)


def test_few_cases_in_january_are_not_a_good_year_yet():
    parent = make_share(rule="all_children")
    make_target(parent, 100, operator=Target.Operator.ALL)
    child = make_indicator(parent=parent, direction="down")
    make_target(child, 120, operator=Target.Operator.AT_MOST)
    monthly(child, [30, 30])

    row = the_row(upto=make_period("2020-02"))

    assert row.actual == D(0)
    assert row.verdict == Verdict.OFF


# Other frequencies and the year's edge


def test_a_quarters_figure_looked_at_in_a_month():
    indicator = make_indicator(frequency="quarter")
    make_target(indicator, 400)
    make_measurement(indicator, 100, period="2020-q1")

    may, june = the_row(upto=make_period("2020-05")), the_row(upto=make_period("2020-06"))

    assert (may.actual, may.plan_to_date, may.projected, may.missing) == (D(100), D(100), D(400), 0)
    assert (june.actual, june.plan_to_date, june.missing) == (D(100), D(100), 1)


def test_a_years_figure_looked_at_in_a_month_is_not_there_yet():
    indicator = make_indicator(frequency="year")
    make_target(indicator, 400)
    make_period("2020-05")

    row = the_row()

    assert (row.actual, row.plan_to_date, row.verdict, row.missing) == (None, None, Verdict.NONE, 0)


def test_the_first_month_begins_in_december():
    indicator = make_indicator()
    make_target(indicator, 1200)
    make_period("2019-12")
    make_measurement(indicator, 7, period="2019-12")
    make_measurement(indicator, 90, period="2020-01", as_of_on=dt.date(2019, 12, 20))

    row = the_row(upto=make_period("2020-01"))

    assert (row.actual, row.cell.as_of_on) == (D(90), dt.date(2019, 12, 20))


def test_against_the_period_before_january_is_december():
    indicator = make_share()
    make_target(indicator, 90)
    make_measurement(indicator, 60, period="2019-12")
    make_measurement(indicator, 66, period="2020-01")

    row = the_row(upto=make_period("2020-01"), against="previous")

    assert (row.change.before, row.change.difference) == (D(60), D(6))


def test_a_flow_against_the_period_before_compares_the_two_periods():
    indicator = make_indicator()
    make_target(indicator, 1200)
    monthly(indicator, [100, 100, 100, 80, 100])

    row = the_row(against="previous")

    assert (row.change.before, row.change.difference) == (D(80), D(25))


def test_when_the_period_before_is_missing_nothing_older_stands_for_it():
    indicator = make_share()
    make_target(indicator, 90)
    monthly(indicator, [50, 55, 60, None, 66])

    row = the_row(against="previous")

    assert (row.change.before, row.change.basis) == (None, "none")


# Closed periods


def test_a_frozen_ratio_does_not_differ_from_itself():
    indicator = make_share(rule="parts", numerator_name="Đã ký số", denominator_name="Văn bản đi")
    make_target(indicator, 90)
    make_measurement(indicator, None, part=make_part(indicator), numerator=D(2), denominator=D(3))
    closed("2020-05")

    row = the_row()

    assert row.cell.value == D("66.666667")
    assert row.cell.live is None


def test_a_figure_confirmed_after_closing_counts_in_the_next_totals_and_not_in_the_closed_ones():
    indicator = make_indicator()
    make_target(indicator, 1200)
    monthly(indicator, [100, 100, 100, 100])
    closed("2020-04")
    make_measurement(indicator, 110, period="2020-04")
    make_measurement(indicator, 100, period="2020-05")

    april, may = the_row(upto=make_period("2020-04")), the_row()

    assert (april.actual, april.rows[3].to_date) == (D(400), D(400))
    assert (april.cell.value, april.cell.live.value) == (D(100), D(110))
    assert (may.actual, may.rows[4].to_date) == (D(510), D(510))


def test_a_month_closed_without_a_figure_keeps_its_total():
    indicator = make_indicator()
    make_target(indicator, 1200)
    monthly(indicator, [100, 100, 100, 100])
    closed("2020-05")
    make_measurement(indicator, 150, period="2020-04")

    row = the_row()

    assert row.actual == D(400)


def test_a_late_first_figure_stays_outside_the_closed_numbers_and_stands_beside_them():
    indicator = make_indicator(rule="parts")
    make_target(indicator, 1200)
    part = make_part(indicator)
    make_period("2020-05")
    closed("2020-05")
    make_measurement(indicator, 50, part=part)

    row = the_row()

    assert row.actual is None
    assert (row.rows[4].cell.value, row.rows[4].cell.live.value) == (None, D(50))


def test_a_quarter_keeps_the_level_that_was_frozen_with_it():
    indicator = make_share()
    make_target(indicator, 90)
    monthly(indicator, [50, 55, 60, 62, 64, 66])
    quarter = closed("2020-q2", on=dt.date(2020, 6, 18))
    make_measurement(indicator, 70, period="2020-06")

    row = the_row(today=dt.date(2020, 7, 1), upto=quarter)

    assert row.actual == D(66)


def test_closing_again_freezes_the_correction_and_keeps_the_first_closing():
    indicator = make_indicator()
    make_target(indicator, 1200)
    monthly(indicator, [100, 100])
    leader = make_user("leader")
    period = closed("2020-02", leader)
    make_measurement(indicator, 130, period="2020-02")
    period.reopen(by=leader, reason="Sai số liệu")
    closed("2020-02", leader, on=TODAY)

    frozen = list(period.frozen.order_by("revision").values_list("revision", "value", "to_date"))

    assert frozen == [(1, D(100), D(200)), (2, D(130), D(230))]
    assert the_row(upto=ReportingPeriod.objects.get(pk=period.pk)).actual == D(230)


# Parts


def test_a_part_that_has_ended_is_not_waited_for():
    indicator = make_indicator(rule="parts")
    make_target(indicator, 1200)
    old = make_part(indicator, valid_to=dt.date(2020, 2, 29))
    new = make_part(indicator, valid_from=dt.date(2020, 3, 1))
    make_measurement(indicator, 10, part=old, period="2020-02")
    make_measurement(indicator, 20, part=new, period="2020-05")

    row = the_row()

    assert (row.rows[1].rollup.present, row.rows[1].rollup.expected) == (1, 1)
    assert (row.rollup.present, row.rollup.expected) == (1, 1)


# What another agency may read


def test_an_agency_reads_nothing_of_the_others_in_plans_questions_and_frozen_sums():
    owner = make_agency()
    indicator = make_indicator(rule="parts", owner=owner)
    make_target(indicator, 1200)
    mine, other = make_part(indicator, owner), make_part(indicator)
    PeriodPlan.set_many(indicator, by=make_user("officer"), values={make_period(): D(77)}, part=other)
    make_measurement(indicator, 30, part=mine)
    make_measurement(indicator, 20, part=other, period="2020-04")
    make_measurement(indicator, 900, part=other, explanation="", state="submitted")
    make_measurement(indicator, 20, part=mine, period="2020-04")
    closed("2020-04")
    reader = make_user(agency=owner)

    row, tree = one_target(reader, indicator, TODAY, Configuration())

    assert (row.actual, row.rows[3].value, row.rows[3].cell.live) == (D(50), D(20), None)
    assert (row.waiting, row.open_questions) == (0, 0)
    assert other.pk not in {part for _indicator, part in {*tree.series.plans, *tree.series.cells}}
    assert (row.rollup.present, row.rollup.expected) == (1, 1)


def test_an_agency_reads_the_figure_in_use_of_its_own_cell_whoever_wrote_it():
    agency = make_agency()
    indicator = make_indicator(owner=agency)
    make_target(indicator, 1200)
    make_measurement(indicator, 100)
    make_measurement(indicator, 98, role="verified", by=make_user("officer", agency=make_department()))

    row = the_row(make_user(agency=agency))

    assert (row.actual, row.cell.role) == (D(98), "verified")
