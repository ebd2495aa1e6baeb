"""Judgements against numbers worked out by hand, and rules that hold whatever the figures are."""

import datetime as dt
from decimal import ROUND_HALF_UP
from decimal import Decimal as D

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.judgement import (
    Direction,
    Formula,
    Level,
    Operator,
    Verdict,
    agrees,
    growth,
    implied_before,
    meets,
    needed_rate,
    points,
    project_coverage,
    project_flow,
    project_stock,
    rank_change,
    ratio,
    share_of_plan,
    verdict,
    warning_level,
    way_from_baseline,
)
from tracker.rollup import RollUp, all_children, ratio_of_parts, sum_of_parts, weighted

UP, DOWN, KEEP = Direction.UP, Direction.DOWN, Direction.KEEP
MET, RISK, OFF, NONE = Verdict.MET, Verdict.RISK, Verdict.OFF, Verdict.NONE
BETTER = {OFF: 0, RISK: 1, MET: 2}

amounts = st.decimals(-(10**9), 10**9, places=3)
positive = st.decimals("0.001", 10**9, places=3)
percents = st.decimals(0, 100, places=1)
maybe = st.none() | amounts

FIVE_MONTHS = [D("148.2"), D("143.5"), D("146.1"), D("144.6"), D("148.6")]  # telecoms revenue, billion VND
TODAY, DEADLINE = dt.date(2020, 6, 16), dt.date(2020, 6, 30)


def shown(value, decimals=1):
    """As a page prints it."""
    return value.quantize(D(1).scaleb(-decimals), ROUND_HALF_UP)


# Telecoms revenue of five months, by hand


def test_telecoms_revenue_is_projected_by_its_mean_month():
    projection = project_flow(FIVE_MONTHS, 12)

    # 148.2 + 143.5 + 146.1 + 144.6 + 148.6 = 731.0; 731.0 ÷ 5 = 146.2; 146.2 × 12 = 1754.4
    assert projection.value == D("1754.4")
    assert projection.formula == Formula.MEAN_RATE == "mean_rate"
    assert projection.parts == {"sum": D("731.0"), "count": 5, "mean": D("146.2"), "periods": 12}


def test_telecoms_revenue_against_plan_and_past():
    same_period = D(1720) * 5 / 12

    assert shown(same_period, 2) == D("716.67")
    assert shown(share_of_plan(D(731), D(750))) == D("97.5")
    assert shown(share_of_plan(D("1754.4"), D(1800))) == D("97.5")
    assert shown(growth(D(731), same_period)) == D("2.0")
    assert shown(needed_rate(D(1800), D(731), 7)) == D("152.7")
    assert verdict(D("1754.4"), D(1800), Operator.AT_LEAST, UP) == RISK


@pytest.mark.parametrize(
    ("sum_so_far", "year_before", "plan", "projected", "grown", "judged"),
    [
        ("51.5", "100", "120", "123.6", "23.6", MET),
        ("731.0", "1720", "1800", "1754.4", "2.0", RISK),
        ("12.1", "35", "38", "29.0", "-17.0", OFF),
        ("84.9", "190", "205", "203.8", "7.2", RISK),
        ("17.9", "40", "42", "43.0", "7.4", MET),
    ],
)
def test_flows_of_the_sample_year(sum_so_far, year_before, plan, projected, grown, judged):
    months = [D(sum_so_far) / 5] * 5

    projection = project_flow(months, 12)

    assert shown(projection.value) == D(projected)
    assert shown(growth(D(sum_so_far), D(year_before) * 5 / 12)) == D(grown)
    assert verdict(projection.value, D(plan), Operator.AT_LEAST, UP) == judged


@pytest.mark.parametrize(
    ("year_before", "now", "plan", "mean_change", "projected", "judged"),
    [
        ("160", "171.4", "190", "2.28", "187.4", RISK),
        ("720", "812", "900", "18.4", "940.8", MET),
        ("42", "46.8", "50", "0.96", "53.5", MET),
        ("80", "85.5", "90", "1.1", "93.2", MET),
        ("100", "100", "100", "0", "100.0", MET),
    ],
)
def test_stocks_and_shares_of_the_sample_year(year_before, now, plan, mean_change, projected, judged):
    projection = project_stock(D(year_before), D(now), 5, 7)

    assert shown(projection.value) == D(projected)
    assert projection.formula == "mean_change"
    assert projection.parts == {
        "first": D(year_before),
        "last": D(now),
        "periods_passed": 5,
        "mean_change": D(mean_change),
        "periods_left": 7,
    }
    assert verdict(projection.value, D(plan), Operator.AT_LEAST, UP) == judged


# Coverage of Party agencies: 12 of 26 on 16/6, 8 of them within four weeks


def test_coverage_is_projected_by_the_pace_of_the_last_four_weeks():
    adopted_on = [dt.date(2020, 3, 2)] * 4 + [dt.date(2020, 5, 20)] * 3 + [TODAY] * 5

    projection = project_coverage(adopted_on, TODAY, DEADLINE, 26)

    # 8 in four weeks are 2 a week; two weeks are left: 12 + 4 = 16; 16 of 26 are 61.5 per cent
    assert projection.value == 16
    assert projection.formula == "recent_pace"
    parts = dict(projection.parts)
    assert shown(parts.pop("percent")) == D("61.5")
    assert parts == {"now": 12, "recent": 8, "pace": 2, "weeks_left": 2, "total": 26}
    assert shown(ratio(D(12), D(26))) == D("46.2")
    assert needed_rate(D(26), D(12), parts["weeks_left"]) == 7
    assert verdict(projection.parts["percent"], None, Operator.ALL, UP) == OFF


def test_the_four_weeks_end_with_the_day_itself_and_later_days_do_not_count():
    four_weeks_ago, first_of_them, tomorrow = (
        dt.date(2020, 5, 19),
        dt.date(2020, 5, 20),
        dt.date(2020, 6, 17),
    )

    projection = project_coverage([four_weeks_ago, first_of_them, TODAY, tomorrow], TODAY, DEADLINE, 26)

    assert (projection.parts["now"], projection.parts["recent"]) == (3, 2)
    assert projection.value == 4  # 3 + 2 × 14 ÷ 28


def test_coverage_never_passes_its_total_and_stands_still_after_the_deadline():
    adopted_on = [TODAY] * 24

    before, after = (
        project_coverage(adopted_on, TODAY, due_on, 26) for due_on in (DEADLINE, dt.date(2020, 5, 1))
    )

    assert (before.value, before.parts["percent"]) == (26, 100)
    assert (after.value, after.parts["weeks_left"]) == (24, 0)


def test_coverage_of_nobody_cannot_be_projected():
    assert project_coverage([], TODAY, DEADLINE, 0) is None
    assert project_coverage([], TODAY, DEADLINE, 26).value == 0


# What was printed about 2019


@pytest.mark.parametrize(
    ("value", "printed", "implied"),
    [("100", "26", "79.37"), ("190", "8.6", "174.95"), ("35", "16", "30.17")],  # R01, R02, R04
)
def test_the_year_before_that_a_printed_growth_implies(value, printed, implied):
    before = implied_before(D(value), D(printed))

    assert before == D(implied)
    assert agrees(D(printed), growth(D(value), before)) is True


@pytest.mark.parametrize(
    ("value", "printed"),
    [(None, D(26)), (D(40), None), (D(40), D(-100)), (D(40), D(-150))],
)
def test_no_growth_implies_no_year_before(value, printed):
    assert implied_before(value, printed) is None


def test_the_year_before_is_rounded_half_up():
    assert implied_before(D("0.25"), D(0), 1) == D("0.3")
    assert implied_before(D("0.35"), D(0), 1) == D("0.4")
    assert implied_before(D(10) ** 19, D("-99.999999")) == D(10) ** 27


@pytest.mark.parametrize(
    ("printed", "computed", "decimals", "agreed"),
    [
        ("26", "25.99", None, True),
        ("26", "25.5", None, True),
        ("26", "25.49", None, False),
        ("26", "26.5", None, False),
        ("8.6", "8.55", None, True),
        ("8.6", "8.54", None, False),
        ("8.60", "8.6049", None, True),
        ("8.60", "8.55", None, False),
        ("8.60", "8.55", 1, True),
        ("-17.0", "-17.03", 1, True),
        ("-17.0", "-17.05", 1, False),
        ("26.000000", "25.99", 0, True),
    ],
)
def test_a_printed_growth_agrees_when_the_computed_one_rounds_to_it(printed, computed, decimals, agreed):
    assert agrees(D(printed), D(computed), decimals) is agreed


def test_what_was_not_printed_neither_agrees_nor_differs():
    assert agrees(None, D(26)) is None
    assert agrees(D(26), None) is None


# Growth, points, ranks, the way done


@pytest.mark.parametrize(
    ("now", "before", "grown"),
    [
        (D(126), D(100), D(26)),
        (D(83), D(100), D(-17)),
        (D(0), D(100), D(-100)),
        (D(100), D(0), None),
        (D(100), D(-5), None),
        (D(100), None, None),
        (None, D(100), None),
    ],
)
def test_growth(now, before, grown):
    assert growth(now, before) == grown


def test_percentage_points_are_not_per_cent():
    assert points(D("46.8"), D(42)) == D("4.8")
    assert shown(growth(D("46.8"), D(42))) == D("11.4")
    assert points(D("46.8"), None) is None
    assert points(None, D(42)) is None


def test_from_rank_40_to_33_is_seven_better():
    assert rank_change(D(33), D(40)) == 7
    assert rank_change(D(40), D(33)) == -7
    assert rank_change(D(33), None) is None
    assert way_from_baseline(D(40), D(33), D(30)) == D(70)
    assert verdict(D(33), D(33), Operator.EQUAL, DOWN) == MET
    assert verdict(D(32), D(33), Operator.EQUAL, DOWN) == MET
    assert verdict(D(34), D(33), Operator.EQUAL, DOWN) == RISK  # 33 ÷ 34 = 97.1 %
    assert verdict(D(40), D(33), Operator.EQUAL, DOWN) == OFF  # 33 ÷ 40 = 82.5 %
    assert project_stock(D(40), D(38), 5, 7).value == D("35.2")  # 38 − 0.4 × 7


@pytest.mark.parametrize(
    ("baseline", "value", "target", "way"),
    [
        (D(100), D(110), D(120), D(50)),
        (D(0), D(15), D(60), D(25)),
        (D(500), D(125), D(0), D(75)),
        (D(100), D(90), D(120), D(-50)),
        (D(100), D(130), D(120), D(150)),
        (D(100), D(100), D(100), None),
        (None, D(110), D(120), None),
        (D(100), None, D(120), None),
        (D(100), D(110), None, None),
    ],
)
def test_the_way_from_the_baseline(baseline, value, target, way):
    assert way_from_baseline(baseline, value, target) == way


@pytest.mark.parametrize(
    ("actual", "plan", "direction", "share"),
    [
        (D(60), D(120), UP, D(50)),
        (D(150), D(120), UP, D(125)),
        (D(0), D(120), UP, D(0)),
        (D(100), D(100), KEEP, D(100)),
        (D(60), D(0), UP, None),
        (D(60), D(-1), UP, None),
        (None, D(120), UP, None),
        (D(60), None, UP, None),
        (D(50), D(40), DOWN, D(80)),
        (D(40), D(50), DOWN, D(125)),
        (D(0), D(50), DOWN, None),
        (D(0), D(0), DOWN, None),
        (D(7), D(0), DOWN, None),
        (D(7), None, DOWN, None),
        (None, D(7), DOWN, None),
    ],
)
def test_share_of_plan(actual, plan, direction, share):
    assert share_of_plan(actual, plan, direction) == share


def test_the_rate_still_needed():
    assert needed_rate(D(100), D(40), 4) == 15
    assert needed_rate(D(0), D(500), 5) == -100
    assert needed_rate(D(100), D(130), 3) == -10
    assert needed_rate(D(26), D(12), D("0.5")) == 28
    assert needed_rate(D(100), D(40), 0) is None
    assert needed_rate(None, D(40), 4) is None
    assert needed_rate(D(100), None, 4) is None


# Targets


@pytest.mark.parametrize(
    ("operator", "below", "at", "above"),
    [
        (Operator.EQUAL, False, True, False),
        (Operator.AT_LEAST, False, True, True),
        (Operator.MORE, False, False, True),
        (Operator.AT_MOST, True, True, False),
        (Operator.LESS, True, False, False),
    ],
)
def test_operators(operator, below, at, above):
    found = [meets(D(value), operator, D(50)) for value in ("49.9", "50", "50.1")]

    assert found == [below, at, above]


def test_a_range_is_met_inside_it_both_ends_included():
    found = [meets(D(value), Operator.RANGE, D(20), D(25)) for value in ("19.9", "20", "22", "25", "25.1")]

    assert found == [False, True, True, True, False]


def test_all_means_a_hundred_per_cent():
    found = [meets(D(value), Operator.ALL, target) for value in ("99.9", "100") for target in (None, D(26))]

    assert found == [False, False, True, True]


def test_a_plan_is_met_by_going_beyond_it():
    assert meets(D(1850), Operator.EQUAL, D(1800)) is False
    assert meets(D(1850), Operator.EQUAL, D(1800), direction=UP) is True
    assert meets(D(1790), Operator.EQUAL, D(1800), direction=UP) is False
    assert meets(D(32), Operator.EQUAL, D(33), direction=DOWN) is True
    assert meets(D(34), Operator.EQUAL, D(33), direction=DOWN) is False


def test_nothing_is_met_or_missed_by_what_is_missing():
    assert meets(None, Operator.AT_LEAST, D(0)) is None
    assert meets(None, Operator.ALL, None) is None
    assert meets(D(0), Operator.AT_LEAST, None) is None
    assert meets(D(0), Operator.RANGE, D(0)) is None
    assert verdict(None, D(0), Operator.AT_MOST, DOWN) == NONE
    assert verdict(D(0), None, Operator.AT_MOST, DOWN) == NONE
    assert verdict(None, None, Operator.ALL, UP) == NONE
    assert verdict(D(20), D(20), Operator.RANGE, UP) == NONE


@pytest.mark.parametrize(
    ("expected", "target", "operator", "direction", "judged"),
    [
        # thresholds of the office: 100 and 95 per cent of the plan
        ("200", "200", "ge", "up", MET),
        ("199.999", "200", "ge", "up", RISK),
        ("190", "200", "ge", "up", RISK),
        ("189.999", "200", "ge", "up", OFF),
        ("210", "200", "eq", "up", MET),
        # “trên 200” is not reached by 200
        ("200", "200", "gt", "up", RISK),
        ("200.001", "200", "gt", "up", MET),
        # mirrored: 190 ÷ 200 = 95 %, 190 ÷ 200.001 < 95 %
        ("190", "190", "le", "down", MET),
        ("180", "190", "le", "down", MET),
        ("190", "190", "lt", "down", RISK),
        ("190.001", "190", "le", "down", RISK),
        ("200", "190", "le", "down", RISK),
        ("200.001", "190", "le", "down", OFF),
        ("200", "190", "eq", "down", RISK),
        # no junk SIMs
        ("0", "0", "le", "down", MET),
        ("0", "0", "eq", "down", MET),
        ("1", "0", "eq", "down", OFF),
        ("0.001", "0", "le", "down", OFF),
        ("0", "50", "le", "down", MET),
        # a decline of 2 per cent at most
        ("-2", "-2", "ge", "up", MET),
        ("-2.1", "-2", "ge", "up", RISK),
        ("-2.2", "-2", "ge", "up", OFF),
        ("-2", "-2", "le", "down", MET),
        ("-1.9", "-2", "le", "down", RISK),
        ("-1.8", "-2", "le", "down", OFF),
        ("0", "0", "ge", "up", MET),
        ("-1", "0", "ge", "up", OFF),
        # to be kept
        ("100", "100", "eq", "keep", MET),
        ("101", "100", "eq", "keep", MET),
        ("96", "100", "eq", "keep", RISK),
        ("94", "100", "eq", "keep", OFF),
        ("5", "5", "le", "keep", MET),
        ("4", "5", "lt", "keep", MET),
        ("5", "5", "lt", "keep", MET),
        ("6", "5", "le", "keep", OFF),
        # all
        ("100", None, "all", "up", MET),
        ("96", None, "all", "up", RISK),
        ("61.5", "26", "all", "up", OFF),
    ],
)
def test_verdicts(expected, target, operator, direction, judged):
    assert verdict(D(expected), target and D(target), operator, direction) == judged


@pytest.mark.parametrize(
    ("expected", "judged"),
    [("18.9", OFF), ("19", RISK), ("19.9", RISK), ("20", MET), ("40", MET), ("42", RISK), ("42.1", OFF)],
)
def test_verdicts_about_a_range(expected, judged):
    assert verdict(D(expected), D(20), Operator.RANGE, UP, upper=D(40)) == judged


def test_thresholds_are_settings():
    found = [
        verdict(D(value), D(100), Operator.AT_LEAST, UP, safe=D(98), risk=D(80)) for value in (98, 97, 80, 79)
    ]

    assert found == [MET, RISK, RISK, OFF]
    assert verdict(D(98), D(100), Operator.EQUAL, KEEP, safe=D(98)) == RISK
    assert verdict(D(15), D(20), Operator.RANGE, UP, upper=D(40), risk=D(75)) == RISK


def test_words_of_the_database_are_understood_like_the_names():
    assert [operator.value for operator in Operator] == ["eq", "ge", "gt", "le", "lt", "range", "all"]
    assert [direction.value for direction in Direction] == ["up", "down", "keep"]
    assert [judged.value for judged in Verdict] == ["met", "risk", "off", "none"]
    assert [level.value for level in Level] == ["safe", "caution", "risk", "alarm"]


# Projections without enough figures


def test_months_without_figures_are_left_out_of_the_mean_and_not_taken_for_zero():
    with_gap = project_flow([D(10), None, D(20), None], 12)

    assert with_gap.value == 180
    assert with_gap.parts["count"] == 2
    assert project_flow([D(10), D(0), D(20)], 12).value == 120


def test_without_figures_nothing_is_projected():
    assert project_flow([], 12) is None
    assert project_flow([None, None], 12) is None
    assert project_flow([D(7)], 4).value == 28
    assert project_stock(None, D(5), 5, 7) is None
    assert project_stock(D(5), None, 5, 7) is None
    assert project_stock(D(5), D(6), 0, 7) is None


def test_a_projected_stock_stays_within_its_bounds():
    assert project_stock(D(90), D(97), 5, 7, highest=D(100)).value == 100
    assert project_stock(D(500), D(100), 5, 7, lowest=D(0)).value == 0
    assert project_stock(D(500), D(100), 5, 7).value == -460
    assert project_stock(D(90), D(97), 12, -1).value == 97


# Early warning


@pytest.mark.parametrize(
    ("expected", "reported", "level"),
    [
        ("50", "60", Level.SAFE),
        ("50", "50", Level.SAFE),
        ("50", "45", Level.SAFE),
        ("50", "44.9", Level.CAUTION),
        ("50", "35", Level.CAUTION),
        ("50", "34", Level.RISK),
        ("50", "20", Level.RISK),
        ("50", "19", Level.ALARM),
        ("100", "0", Level.ALARM),
    ],
)
def test_warning_levels(expected, reported, level):
    assert warning_level(D(expected), D(reported)) == level


def test_warning_thresholds_are_settings_and_silence_is_not_zero():
    assert warning_level(D(50), D(40), (10, 20, 30)) == Level.SAFE
    assert warning_level(D(50), None) is None
    assert warning_level(None, D(0)) is None


# Parts into a whole


def test_sums_say_how_many_parts_they_have():
    districts = {name: D(10) for name in "abcdefg"} | dict.fromkeys("hij")

    whole = sum_of_parts(districts)

    assert whole == RollUp(D(70), present=7, expected=10)
    assert whole.is_partial
    assert not sum_of_parts({"a": D(1), "b": D(0)}).is_partial
    assert sum_of_parts({"a": None, "b": None}) == RollUp(None, 0, 2)
    assert sum_of_parts({}) == RollUp(None, 0, 0)


def test_parts_of_telecoms_revenue_add_up_to_the_whole():
    operators = {"1": D("312.4"), "2": D("246.1"), "3": D("128.0"), "others": D("44.5")}

    assert sum_of_parts(operators).value == sum(FIVE_MONTHS) == D("731.0")


def test_ratios_add_numerators_and_denominators():
    whole = ratio_of_parts([(D(1), D(10)), (D(90), D(90)), (None, D(50)), (D(3), None)])

    # 91 of 100, not the mean of 10 % and 100 %
    assert whole == RollUp(D(91), 2, 4, D(91), D(100))
    assert whole.is_partial
    assert ratio_of_parts([(D(0), D(0))]) == RollUp(None, 1, 1, D(0), D(0))
    assert ratio_of_parts([(None, D(5))]) == RollUp(None, 0, 1)
    assert ratio_of_parts([]) == RollUp(None, 0, 0)


def test_weighted_mean_leaves_out_what_is_missing_with_its_weight():
    whole = weighted([(D(50), D(3)), (D(100), D(1)), (None, D(6)), (D(80), None)])

    assert whole == RollUp(D("62.5"), 2, 4, D(250), D(4))
    assert weighted([(D(50), D(0))]).value is None
    assert weighted([(None, D(1))]) == RollUp(None, 0, 1)
    assert weighted([]) == RollUp(None, 0, 0)


@pytest.mark.parametrize(
    ("children", "judged"),
    [
        ([True, True], True),
        ([True, False], False),
        ([None, False], False),
        ([True, None], None),
        ([None], None),
        ([], None),
    ],
)
def test_a_parent_of_all_children(children, judged):
    assert all_children(children) is judged


# Whatever the figures are


@given(amounts, amounts, amounts, st.sampled_from(["ge", "gt", "eq"]), st.sampled_from([UP, KEEP]))
def test_more_is_never_worse_where_more_is_better(one, other, target, operator, direction):
    less, more = sorted([one, other])

    worse, better = (BETTER[verdict(value, target, operator, direction)] for value in (less, more))

    assert worse <= better


@given(amounts, amounts, amounts, st.sampled_from(["le", "lt", "eq"]))
def test_less_is_never_worse_where_less_is_better(one, other, target, operator):
    less, more = sorted([one, other])

    better, worse = (BETTER[verdict(value, target, operator, DOWN)] for value in (less, more))

    assert worse <= better


@given(amounts, amounts, st.sampled_from(["eq", "ge", "gt", "le", "lt"]), st.sampled_from(list(Direction)))
def test_the_best_verdict_says_what_the_target_says(value, target, operator, direction):
    judged = verdict(value, target, operator, direction)

    assert (judged == MET) == meets(value, operator, target, direction=direction)


@given(amounts, amounts, amounts)
def test_a_range_is_met_exactly_inside(value, one, other):
    lower, upper = sorted([one, other])

    judged = verdict(value, lower, Operator.RANGE, UP, upper=upper)

    assert (judged == MET) == meets(value, Operator.RANGE, lower, upper) == (lower <= value <= upper)


@given(positive, positive, percents, percents, st.sampled_from([UP, DOWN]))
def test_verdicts_follow_the_printed_share(expected, plan, one, other, direction):
    risk, safe = sorted([one, other])
    share = share_of_plan(expected, plan, direction)
    # 28 digits of a quotient cannot tell a share from a threshold that it misses by less
    assume(all(abs(share - threshold) > D("1e-15") for threshold in (risk, safe)))

    judged = verdict(expected, plan, Operator.EQUAL, direction, safe=safe, risk=risk)

    assert judged == (MET if share > safe else RISK if share > risk else OFF)


@given(positive, st.decimals("-99.9", 1000, places=1))
def test_growth_and_the_year_before_belong_together(value, grown):
    before = implied_before(value, grown, decimals=12)

    assert abs(growth(value, before) - grown) < D("0.0001")


@given(maybe, maybe)
def test_changes_turn_round(now, before):
    change = points(now, before)

    assert (change is None) == (now is None or before is None)
    assert rank_change(now, before) == (None if change is None else -change)


@given(st.lists(maybe, max_size=12))
def test_a_full_year_projects_itself(values):
    known = [value for value in values if value is not None]

    projection = project_flow(values, len(known))

    assert (projection and projection.value) == (sum(known) if known else None)


@given(amounts, amounts, st.integers(1, 12), st.integers(0, 12))
def test_a_projected_stock_goes_on_as_it_came(first, last, passed, left):
    projection = project_stock(first, last, passed, left)

    assert abs((projection.value - last) * passed - (last - first) * left) < D("1e-9")


@given(st.lists(st.dates(dt.date(2020, 1, 1), dt.date(2020, 12, 31)), max_size=26), st.integers(1, 100))
def test_projected_coverage_lies_between_today_and_all(adopted_on, days):
    in_use = sum(day <= TODAY for day in adopted_on)

    projection = project_coverage(adopted_on, TODAY, DEADLINE, 26, days)

    assert in_use <= projection.value <= 26
    assert 0 <= projection.parts["percent"] <= 100


@given(percents, percents, percents)
def test_more_progress_never_warns_louder(expected, one, other):
    less, more = sorted([one, other])
    loudness = list(Level)

    levels = [loudness.index(warning_level(expected, reported)) for reported in (less, more)]

    assert levels[0] >= levels[1]


@given(st.dictionaries(st.integers(), maybe))
def test_sums_count_their_parts(values):
    whole = sum_of_parts(values)

    missing = sum(value is None for value in values.values())
    assert whole.expected - whole.present == missing
    assert whole.is_partial == (missing > 0)
    assert whole.value == (
        sum(value for value in values.values() if value is not None) if whole.present else None
    )


@given(st.lists(st.tuples(percents, positive), min_size=1))
def test_a_weighted_mean_and_a_ratio_lie_between_their_parts(pairs):
    shares = [share for share, _ in pairs]

    mean = weighted(pairs).value
    share = ratio_of_parts([(share * whole / 100, whole) for share, whole in pairs]).value

    assert min(shares) - D("1e-9") <= mean <= max(shares) + D("1e-9")
    assert abs(mean - share) < D("1e-9")
