"""What a target says: recomputed by hand, period by period."""

import datetime as dt
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    TODAY,
    make_agency,
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
from tracker.figures.targets import year_plan
from tracker.judgement import Verdict
from tracker.models import Configuration, PeriodPlan, ReportingPeriod, Target

pytestmark = pytest.mark.django_db

TELECOMS = ("148.2", "143.5", "146.1", "144.6", "148.6")


def the_plan(user=None, today=TODAY, **options):
    return year_plan(user or make_user("leader"), today, Configuration(), **options)


def telecoms(**fields):
    """Doanh thu viễn thông: 1.720 in 2019, 1.800 planned, five months entered."""
    fields = {"baseline_value": D(1720), "baseline_year": 2019} | fields
    indicator = make_indicator(**fields)
    make_target(indicator, 1800)
    for month, value in enumerate(TELECOMS, 1):
        make_measurement(indicator, value, period=f"2020-{month:02d}")
    return indicator


def test_five_months_of_a_flow_are_judged_as_the_paper_says():
    indicator = telecoms()
    officer = make_user("officer")
    months = ReportingPeriod.objects.filter(kind="month", year=2020)
    PeriodPlan.set_many(indicator, by=officer, values=dict.fromkeys(months, D(150)))

    (row,) = the_plan().rows

    assert row.upto.code == "2020-05"
    assert (row.actual, row.plan_to_date, row.gap) == (D("731.0"), D(750), D("19.0"))
    assert round(row.share, 1) == D("97.5")
    assert row.change.basis == "spread"
    assert (round(row.change.before, 1), round(row.change.difference, 1)) == (D("716.7"), D("2.0"))
    assert row.projected == D("1754.4")
    assert round(row.share_of_year, 1) == D("97.5")
    assert (row.periods_left, round(row.needed, 1)) == (7, D("152.7"))
    assert row.verdict == Verdict.RISK


def test_without_figures_nothing_is_zero():
    make_period("2020-05")
    make_target(make_indicator(), 1800)

    (row,) = the_plan().rows

    assert (row.actual, row.share, row.change.difference, row.projected) == (None, None, None, None)
    assert (row.missing, row.verdict) == (5, Verdict.NONE)


def test_a_submitted_figure_waits_and_does_not_count():
    indicator = telecoms()
    make_measurement(indicator, 150, period="2020-06", state="submitted")

    (row,) = the_plan().rows

    assert (row.actual, row.waiting) == (D("731.0"), 1)


def test_a_level_is_projected_from_its_mean_change_and_carried_openly():
    indicator = make_share(baseline_value=D(80), baseline_year=2019)
    make_target(indicator, 90)
    make_measurement(indicator, "84.4", period="2020-04")

    (row,) = the_plan().rows

    assert (row.actual, row.is_carried) == (D("84.4"), True)
    assert row.change.kind == "points"
    assert row.change.difference == D("4.4")
    assert row.projected == D("93.2")
    assert row.verdict == Verdict.MET


def test_a_rank_that_falls_from_40_to_33_has_gained_seven_places():
    indicator = make_indicator(
        value_kind="rank",
        direction="down",
        is_cumulative=False,
        frequency="year",
        baseline_value=D(40),
        baseline_year=2019,
    )
    make_target(indicator, 35, operator=Target.Operator.AT_MOST)
    year = make_period("2020")
    make_measurement(indicator, 33, period="2020", as_of_on=TODAY)

    (row,) = the_plan(upto=year).rows

    assert (row.change.kind, row.change.difference) == ("rank", D(7))
    assert row.verdict == Verdict.MET


def test_junk_sims_target_zero_lower_is_better():
    indicator = make_indicator(direction="down", is_cumulative=False, unit="sim")
    make_target(indicator, 0, operator=Target.Operator.AT_MOST)
    make_measurement(indicator, 12, period="2020-04")
    make_measurement(indicator, 0, period="2020-05")

    (row,) = the_plan().rows

    assert (row.share, row.verdict) == (None, Verdict.MET)


def test_a_zero_baseline_gives_no_growth():
    indicator = make_indicator(baseline_value=D(0), baseline_year=2019)
    make_target(indicator, 100)
    make_measurement(indicator, 5)

    (row,) = the_plan().rows

    assert row.change.difference is None


def test_a_range_is_met_inside():
    indicator = make_share()
    make_target(indicator, 40, upper=D(60), operator=Target.Operator.RANGE)
    make_measurement(indicator, 50, period="2020-04")
    make_measurement(indicator, 50, period="2020-05")

    (row,) = the_plan().rows

    assert row.verdict == Verdict.MET


def test_a_later_document_changes_the_target_and_the_old_one_stays():
    indicator = telecoms()
    make_target(indicator, 1750, reason="Kế hoạch điều chỉnh")

    (row,) = the_plan().rows

    assert (row.target.value, row.verdict) == (D(1750), Verdict.MET)
    assert [target.value for target in indicator.targets.all()] == [D(1800), D(1750)]


def test_parts_add_up_and_a_partial_breakdown_says_so():
    indicator = make_indicator(rule="parts")
    make_target(indicator, 1000)
    first, second, _third = (make_part(indicator) for _ in range(3))
    make_measurement(indicator, 30, part=first)
    make_measurement(indicator, 20, part=second)

    (row,) = the_plan().rows

    assert row.actual == D(50)
    assert (row.rollup.present, row.rollup.expected, row.rollup.is_partial) == (2, 3, True)


def test_ratios_roll_up_by_numerators_and_denominators():
    indicator = make_share(rule="parts", numerator_name="Đã ký số", denominator_name="Văn bản đi")
    make_target(indicator, 90)
    for numerator, denominator in ((90, 100), (10, 100)):
        make_measurement(
            indicator, None, part=make_part(indicator), numerator=D(numerator), denominator=D(denominator)
        )

    (row,) = the_plan().rows

    assert (row.actual, row.cell.numerator, row.cell.denominator) == (D(50), D(100), D(200))


def test_coverage_is_counted_from_the_list_and_projected_by_its_recent_pace():
    make_period("2020-05")
    agencies = [make_agency() for _ in range(4)]
    roster = make_roster(*agencies)
    bodies = list(roster.bodies.order_by("pk"))
    make_mark(bodies[0], since_on=dt.date(2020, 3, 1))
    make_mark(bodies[1], since_on=dt.date(2020, 6, 2))

    (row,) = the_plan().rows

    assert (row.coverage.in_use, row.coverage.in_scope, row.actual) == (2, 4, D(50))
    assert row.projection.value == D("2.5")
    assert row.projected == D("62.5")
    assert row.verdict == Verdict.OFF


def a_family(rule):
    """A parent of two revenues: one has reached its plan to date, the other is at half of it."""
    parent = make_share(rule=rule)
    make_target(parent, 100)
    for value, weight in ((500, 1), (250, 3)):
        child = make_indicator(parent=parent, weight=D(weight))
        make_target(child, 1200)
        for month in range(1, 6):
            make_measurement(child, D(value) / 5, period=f"2020-{month:02d}")
    return parent


def test_a_weighted_parent_is_the_mean_of_the_shares_of_plan():
    a_family("weighted")

    (row,) = the_plan().rows

    assert row.actual == D("62.5")  # (100 × 1 + 50 × 3) ÷ 4


def test_a_parent_of_all_children_counts_what_was_reached_and_is_as_far_as_its_worst_child():
    a_family("all_children")

    (row,) = the_plan().rows

    assert [child.verdict for child in row.children] == [Verdict.MET, Verdict.OFF]
    assert (row.actual, row.verdict) == (D(0), Verdict.OFF)


def test_an_agency_reads_its_own_part_only():
    indicator = make_indicator(rule="parts")
    make_target(indicator, 1000)
    mine, other = make_part(indicator), make_part(indicator)
    make_measurement(indicator, 30, part=mine)
    make_measurement(indicator, 20, part=other)

    (row,) = the_plan(make_user(agency=mine.agency)).rows

    assert (row.actual, row.rollup.expected) == (D(30), 1)


@pytest.mark.parametrize("count", [1, 12])
def test_the_plan_is_read_in_a_fixed_number_of_queries(count):
    leader = make_user("leader")
    for _ in range(count):
        telecoms()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        plan = the_plan(leader)

    assert len(plan.rows) == count
    assert len(queries) <= 6
