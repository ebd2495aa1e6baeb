"""Whatever the figures are: judging them never breaks, and never says more than they allow."""

import datetime as dt
from decimal import Decimal as D

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tracker.figures.series import NOTHING, Cell
from tracker.figures.target_outlook import Judge, Outlook, target_of
from tracker.figures.target_rows import Change, IndicatorRow, PeriodRow
from tracker.judgement import Verdict, meets, verdict
from tracker.models import Indicator, ReportingPeriod, Target
from tracker.vietnamese.calendar import PeriodKind, window, windows_of

numbers = st.decimals(min_value=D("-1e15"), max_value=D("1e15"), places=6)
counts = st.decimals(min_value=0, max_value=D("1e15"), places=6)
days = st.dates(dt.date(2019, 12, 15), dt.date(2021, 3, 1))
JUDGE = Judge(D(100), D(95))


def periods(kind):
    for one in windows_of(2020, [PeriodKind(kind)]):
        yield ReportingPeriod(
            kind=kind,
            year=2020,
            number=one.number,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            pk=one.number,
        )


@st.composite
def outlooks(draw, values=numbers, plans=None, due=None, upto=None, day=days, **fixed):
    """An indicator in a year with any figures, plans, target and day."""
    chosen = {
        "value_kind": draw(st.sampled_from(Indicator.ValueKind.values)),
        "direction": draw(st.sampled_from(Indicator.Direction.values)),
        "is_cumulative": draw(st.booleans()),
        "frequency": draw(st.sampled_from(["month", "quarter", "half", "nine_months", "year"])),
        "baseline_value": draw(st.none() | values),
        "baseline_year": draw(st.sampled_from([2015, 2019])),
    } | fixed
    operator = chosen.pop("operator", None) or draw(st.sampled_from(Target.Operator.values))
    indicator = Indicator(**chosen)
    target = Target(
        indicator=indicator,
        due_on=draw(st.dates(dt.date(2019, 6, 1), dt.date(2021, 12, 31)) if due is None else due),
        operator=operator,
        value=draw(st.none() | values),
        upper=draw(st.none() | values),
    )
    rows = []
    for period in periods(indicator.frequency):
        value = draw(st.none() | values)
        cell = NOTHING if value is None else Cell(value, "", None, None, "", "", "own", period.ends_on)
        rows.append(
            PeriodRow(period, cell, draw(st.none() | values if plans is None else plans), None, value, None)
        )
    months = list(periods("month"))
    until = months[-1] if upto == "last" else draw(st.sampled_from(months))
    before = indicator.baseline_value if indicator.baseline_year == 2019 else None
    return Outlook(indicator, target, rows, until, draw(day), before)


def judged(outlook):
    """The row as the tree makes it, of an indicator with its own figures."""
    done = [row for row in outlook.past if row.value is not None]
    level = done[-1].value if done else None
    total = sum((row.value for row in done), D(0)) if done else None
    actual = total if outlook.indicator.is_cumulative else level
    plan, is_spread = outlook.plan_to_date()
    row = IndicatorRow(
        indicator=outlook.indicator,
        year=2020,
        upto=outlook.upto,
        day=outlook.day,
        target=outlook.target,
        targets=[outlook.target],
        rows=outlook.rows,
        cell=done[-1].cell if done else NOTHING,
        actual=actual,
        plan_to_date=plan,
        is_plan_spread=is_spread,
        change=Change(None, "none", "growth", None),
        year_before=outlook.year_before,
        projection=outlook.projection(actual, None),
        verdict=Verdict.NONE,
    )
    row.is_reached = outlook.is_reached(row)
    row.verdict = outlook.verdict(row, JUDGE)
    return row


@given(outlooks())
@settings(deadline=None, max_examples=400)
def test_nothing_breaks_and_everything_can_be_read(outlook):
    row = judged(outlook)

    read = (
        row.share,
        row.gap,
        row.share_of_year,
        row.way,
        row.needed,
        row.periods_left,
        row.missing,
        row.mean,
    )

    assert row.verdict in Verdict
    assert min(row.periods_left, row.missing) >= 0
    assert all(value is None or D(value).is_finite() for value in read)


@given(outlooks())
@settings(deadline=None, max_examples=400)
def test_without_a_figure_nothing_is_said(outlook):
    assume(not any(row.value is not None for row in outlook.past))

    row = judged(outlook)

    assert (row.actual, row.projection, row.share, row.verdict) == (None, None, None, Verdict.NONE)


@given(outlooks())
@settings(deadline=None, max_examples=400)
def test_past_its_day_a_target_is_met_only_by_what_was_there_on_it(outlook):
    assume(outlook.is_past)

    row = judged(outlook)

    if row.verdict == Verdict.MET:
        target = outlook.target
        by_then = [
            one for one in outlook.past if one.period.ends_on <= target.due_on and one.value is not None
        ]
        value = (
            sum((one.value for one in by_then), D(0))
            if outlook.indicator.is_cumulative
            else by_then[-1].value
        )
        assert meets(value, target.operator, target.value, target.upper, outlook.indicator.direction)
    assert row.verdict != Verdict.RISK
    assert row.projection is None


@given(
    outlooks(
        values=counts,
        due=st.dates(dt.date(2020, 12, 14), dt.date(2020, 12, 31)),
        upto="last",
        day=st.just(dt.date(2020, 12, 14)),
        is_cumulative=True,
        value_kind="number",
    )
)
@settings(deadline=None, max_examples=400)
def test_when_the_year_is_over_a_flow_is_met_only_by_figures_that_are_there(outlook):
    row = judged(outlook)

    if row.verdict == Verdict.MET:
        target = outlook.target
        direction = outlook.indicator.direction
        assert (
            verdict(row.actual, target.value, target.operator, direction, upper=target.upper) == Verdict.MET
        )


@given(outlooks(values=counts, plans=counts, is_cumulative=True, value_kind="number", frequency="month"))
@settings(deadline=None, max_examples=200)
def test_a_plan_is_held_against_the_months_that_have_a_figure(outlook):
    row = judged(outlook)
    known = [one for one in outlook.past if one.value is not None]

    counted = known or outlook.past
    assert row.plan_to_date == sum((one.plan for one in counted), D(0))


@given(st.lists(st.dates(dt.date(2019, 1, 1), dt.date(2021, 12, 31)), unique=True), days)
def test_the_target_looked_at_is_the_next_one_due(due, day):
    indicator = Indicator()
    targets = [Target(indicator=indicator, due_on=one, value=D(1)) for one in sorted(due)]

    found = target_of(targets, 2020, day)

    this_year = [one for one in sorted(due) if one.year == 2020] or sorted(due)
    ahead = [one for one in this_year if one >= day]
    assert (found.due_on if found else None) == (ahead[0] if ahead else this_year[-1] if this_year else None)


def test_the_windows_of_the_tests_are_the_legal_ones():
    assert [one.ends_on for one in periods("quarter")] == [
        window(PeriodKind.QUARTER, 2020, number).ends_on for number in range(1, 5)
    ]
