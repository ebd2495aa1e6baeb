"""Closing freezes a period's numbers; what comes later stands beside them, and in the next revision."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_indicator,
    make_mark,
    make_part,
    make_period,
    make_report,
    make_roster,
    make_share,
    make_target,
    make_user,
)
from tracker.closing import close_period
from tracker.figures.closed import closed_numbers
from tracker.figures.readiness import Readiness
from tracker.figures.reporting import closing_beside
from tracker.models import (
    Configuration,
    FrozenFigure,
    Measurement,
    PeriodPlan,
    ReportingPeriod,
    ReportStatus,
    WrongStep,
)

pytestmark = pytest.mark.django_db
BEFORE, LATER = NOON - dt.timedelta(hours=2), NOON + dt.timedelta(hours=2)


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def make_measurement(indicator, value=100, at=BEFORE, **content):
    return factories.make_measurement(indicator, value, at=at, **content)


def close(code="2020-05", at=NOON, by=None):
    return close_period(make_period(code), by or make_user("officer"), "Báo cáo tháng 5/2020", at)


def numbers(period, user=None, revision=None):
    return closed_numbers(
        period,
        user or make_user("leader"),
        Configuration.current(),
        TODAY,
        events=list(period.events.all()),
        revision=revision,
    )


def the_line(page, indicator):
    return next(line for line in page.lines if line.indicator == indicator)


# Freezing


def test_closing_freezes_value_plan_role_and_the_sum_to_date():
    indicator = make_indicator()
    make_target(indicator, 1800)
    for code, value in (("2020-04", "144.6"), ("2020-05", "148.6")):
        make_measurement(indicator, value, period=code, certainty="preliminary", qualifier="estimate")
    plan = {make_period(f"2020-0{month}"): Decimal(140) for month in range(1, 6)}
    PeriodPlan.set_many(indicator, by=make_user("officer"), values=plan)

    period = close()

    row = FrozenFigure.objects.get(period=period, indicator=indicator)
    assert (row.revision, row.value, row.plan) == (1, Decimal("148.6"), Decimal(140))
    assert (row.to_date, row.plan_to_date) == (Decimal("293.2"), Decimal(700))
    assert (row.role, row.certainty, row.qualifier) == ("own", "preliminary", "estimate")
    assert row.as_of_on == dt.date(2020, 5, 14)
    assert (period.is_closed, period.closed_for) == (True, "Báo cáo tháng 5/2020")


def test_parts_are_frozen_beside_their_whole():
    indicator = make_indicator(rule="parts")
    parts = [make_part(indicator) for _number in range(3)]
    for part, value in zip(parts, (10, 20, 30), strict=True):
        make_measurement(indicator, value, part=part)

    period = close()

    frozen = {row.part_id: row.value for row in FrozenFigure.objects.filter(period=period)}
    assert frozen == {None: 60, parts[0].pk: 10, parts[1].pk: 20, parts[2].pk: 30}


def test_a_ratio_keeps_both_its_numbers_and_six_decimals():
    indicator = make_share(numerator_name="Văn bản đã ký số", denominator_name="Văn bản đi")
    make_measurement(indicator, None, numerator=Decimal(32), denominator=Decimal(58))

    period = close()

    row = FrozenFigure.objects.get(period=period)
    assert (row.value, row.numerator, row.denominator) == (Decimal("55.172414"), 32, 58)
    assert not the_line(numbers(period), indicator).has_moved


def test_a_list_of_agencies_is_frozen_as_counted_on_the_window_s_last_day():
    bodies = [make_agency() for _number in range(4)]
    roster = make_roster(*bodies)
    members = list(roster.bodies.order_by("pk"))
    make_mark(members[0], since_on=dt.date(2020, 5, 10))
    make_mark(members[1], since_on=dt.date(2020, 5, 20))

    period = close()

    row = FrozenFigure.objects.get(period=period, indicator=roster.indicator)
    assert (row.value, row.numerator, row.denominator) == (25, 1, 4)


def test_the_periods_that_hold_several_months_freeze_what_they_add_up_to():
    monthly = make_indicator()
    make_target(monthly, 1800)
    for month in range(1, 6):
        make_measurement(monthly, 100 + month, period=f"2020-0{month}")

    PeriodPlan.set_many(
        monthly,
        by=make_user("officer"),
        values={make_period(f"2020-0{month}"): Decimal(150) for month in range(1, 7)},
    )

    quarter = close("2020-q2")

    row = FrozenFigure.objects.get(period=quarter, indicator=monthly)
    assert (row.value, row.plan) == (104 + 105, 3 * 150)
    assert row.to_date == 101 + 102 + 103 + 104 + 105


def announced(**fields):
    return ReportingPeriod.announce(
        by=make_user("admin"),
        kind="thematic",
        name="Chuyên đề chữ ký số",
        year=2020,
        starts_on=dt.date(2020, 1, 1),
        ends_on=dt.date(2020, 6, 10),
        agencies_send_on=dt.date(2020, 6, 12),
        department_sends_on=dt.date(2020, 6, 15),
        **fields,
    )


def a_week(agency=None):
    ReportingPeriod.generate(2020, kinds=["week"], agency=agency)
    return ReportingPeriod.objects.get(number=24, agency=agency)


@pytest.mark.parametrize(
    "make",
    [
        a_week,
        announced,
        lambda: a_week(make_agency()),
        lambda: announced(agency=make_agency()),
        lambda: make_period("2020-6t1"),
        lambda: make_period("2019"),
    ],
)
def test_every_kind_of_period_can_be_closed_read_and_reopened(make):
    ReportingPeriod.generate(2020)
    monthly = make_indicator()
    make_target(monthly, 1800)
    make_measurement(monthly, 100)
    roster = make_roster(make_agency())
    period = make()

    close_period(period, make_user("officer"), "Báo cáo", NOON)
    page = numbers(period)
    period.reopen(by=make_user("leader"), reason="Bổ sung")

    assert (page.revision, period.revision) == (1, 2)
    assert not page.moved
    assert Readiness(period, make_user("officer"), TODAY).missing is not None
    assert roster.indicator in {line.indicator for line in page.lines} or period.year == 2019


def test_what_waits_or_is_missing_is_not_frozen_as_0():
    make_measurement(make_indicator(), 148, state="submitted")
    make_indicator()

    period = close()

    assert not FrozenFigure.objects.filter(period=period).exists()


def test_frozen_numbers_can_not_be_changed_even_by_raw_sql():
    make_measurement(make_indicator(), 148)
    close()

    with pytest.raises(DatabaseError), transaction.atomic():
        FrozenFigure.objects.update(value=1)


# When


@pytest.mark.parametrize(
    ("day", "allowed"),
    [(dt.date(2020, 6, 13), False), (dt.date(2020, 6, 14), True), (dt.date(2020, 7, 1), True)],
)
def test_a_period_closes_from_the_window_s_last_day_on(day, allowed):
    period, officer = make_period("2020-06"), make_user("officer")
    at = dt.datetime.combine(day, dt.time(16), tzinfo=NOON.tzinfo)

    if not allowed:
        with pytest.raises(WrongStep) as refusal:
            close_period(period, officer, "Báo cáo", at)
        assert "Số liệu tính đến 14/6/2020 vẫn thuộc kỳ này" in refusal.value.messages[0]
    else:
        close_period(period, officer, "Báo cáo", at)

    assert ReportingPeriod.objects.get(pk=period.pk).is_closed == allowed


def test_the_second_to_close_reads_who_was_first():
    period = close(by=make_user("officer", full_name="Trần Minh Quang"))

    with pytest.raises(WrongStep) as refusal:
        close_period(period, make_user("leader"), "Báo cáo khác", LATER)

    assert "Trần Minh Quang đã chốt số liệu kỳ này lúc 12:00 ngày 16/6/2020" in refusal.value.messages[0]


# Corrections, reopening, the next revision


def test_a_correction_after_the_closing_stands_beside_the_frozen_number():
    indicator = make_indicator(code="CT-2020-900")
    make_measurement(indicator, 40)
    period = close()
    make_measurement(indicator, 41, at=LATER)

    page = numbers(period)

    line = the_line(page, indicator)
    assert (line.frozen.value, line.now.value, line.has_moved, line.late) == (40, 41, True, 1)
    assert [figure.came_after_closing for figure in page.late] == [True]
    assert page.moved == [line]


def test_closing_again_freezes_revision_2_and_leaves_revision_1():
    indicator = make_indicator()
    make_measurement(indicator, "148.6")
    period = close()
    period.reopen(by=make_user("leader"), reason="Bổ sung một huyện", at=NOON + dt.timedelta(hours=1))
    make_measurement(indicator, 149, at=LATER)

    period = close_period(period, make_user("officer"), "Báo cáo bổ sung", LATER + dt.timedelta(hours=1))

    rows = FrozenFigure.objects.filter(period=period).order_by("revision")
    assert [(row.revision, row.value) for row in rows] == [(1, Decimal("148.6")), (2, Decimal(149))]
    second, first = numbers(period), numbers(period, revision=1)
    line = the_line(second, indicator)
    assert (line.earlier.value, line.frozen.value, line.has_moved) == (Decimal("148.6"), 149, False)
    assert line.has_been_corrected
    assert (the_line(first, indicator).frozen.value, the_line(first, indicator).late) == (
        Decimal("148.6"),
        1,
    )
    assert list(second.late) == []


def test_an_indicator_entered_for_the_first_time_after_the_closing_is_not_in_the_closed_numbers():
    period = close()
    late = make_indicator()
    make_measurement(late, 7, at=LATER)

    line = the_line(numbers(period), late)

    assert (line.frozen, line.now.value, line.has_moved) == (None, 7, True)


def test_an_unknown_revision_shows_the_last_one():
    make_measurement(make_indicator(), 40)
    period = close()

    assert numbers(period, revision=9).revision == 1


def test_an_agency_reads_its_own_numbers_only():
    mine, other = make_indicator(), make_indicator()
    shared = make_indicator(rule="parts", owner=other.owner)
    part = make_part(shared, mine.owner)
    for indicator in (mine, other):
        make_measurement(indicator, 5)
    make_measurement(shared, 3, part=part)
    make_measurement(shared, 4, part=make_part(shared))
    period = close()

    page = numbers(period, make_user(agency=mine.owner))

    assert {line.indicator for line in page.lines} == {mine, shared}
    line = the_line(page, shared)
    assert (line.shown, [(one.part, one.frozen.value) for one in line.parts]) == (None, [(part, 3)])


def test_reading_closed_numbers_costs_the_same_however_many_there_are():
    def measured(count):
        for _number in range(count):
            indicator = make_indicator(rule="parts")
            make_measurement(indicator, 5, part=make_part(indicator))
        return len(Measurement.objects.all())

    measured(2)
    period, leader = close(), make_user("leader")
    with CaptureQueriesContext(connection) as few:
        numbers(period, leader)
    period.reopen(by=leader, reason="Thêm")
    measured(20)
    close_period(period, leader, "Lại", LATER)
    period.refresh_from_db()

    with CaptureQueriesContext(connection) as many:
        page = numbers(period, leader)

    assert len(page.lines) == 22
    # One question more: what the revision before has frozen comes with the same rows.
    assert len(many) == len(few)


# Ready?


def asked(indicator):
    """An indicator with a target in 2020: its figures are asked for."""
    make_target(indicator, 1800)
    return indicator


def ready(code, person=None):
    return Readiness(make_period(code), person or make_user("officer"), TODAY)


def test_what_waits_is_returned_and_is_missing_before_a_closing():
    monthly, quarterly = asked(make_indicator()), asked(make_indicator(frequency="quarter"))
    parts, unasked = asked(make_indicator(rule="parts")), make_indicator()
    for state in ("submitted", "returned", "confirmed", "draft"):
        make_measurement(parts, 5, part=make_part(parts), state=state)
    make_part(parts, valid_to=dt.date(2020, 1, 1))

    page = ready("2020-05")

    assert [figure.status for figure in page.waiting] == [ReportStatus.SUBMITTED]
    assert [figure.status for figure in page.returned] == [ReportStatus.RETURNED]
    missing = [(row.indicator, row.part is None) for row in page.missing]
    assert missing == [(monthly, True), (parts, False)]
    assert not {quarterly, unasked} & {row.indicator for row in page.missing}


def test_which_reports_wait_and_are_missing_before_a_closing():
    for day in (dt.date(2020, 5, 10), dt.date(2020, 6, 10)):
        make_report(make_assignment(status="in_progress"), state="submitted", as_of_on=day, at=NOON)
    silent = make_assignment(status="in_progress")

    page = ready("2020-05")

    assert [report.as_of_on for report in page.reports_waiting] == [dt.date(2020, 5, 10)]
    assert len(page.reports_missing) == 2
    assert silent in set(page.reports_missing)


def test_a_quarter_asks_for_the_figures_of_its_months_too():
    monthly, quarterly = asked(make_indicator()), asked(make_indicator(frequency="quarter"))
    make_measurement(monthly, 5, period="2020-04")

    missing = sorted((row.indicator.pk, row.period.code) for row in ready("2020-q2").missing)

    assert missing == [(monthly.pk, "2020-05"), (monthly.pk, "2020-06"), (quarterly.pk, "2020-q2")]


def test_readiness_costs_the_same_however_much_is_missing():
    period, officer = make_period(), make_user("officer")
    make_part(asked(make_indicator(rule="parts")))
    with CaptureQueriesContext(connection) as few:
        assert len(Readiness(period, officer, TODAY).missing) == 1
    for _number in range(10):
        make_part(asked(make_indicator(rule="parts")))

    with CaptureQueriesContext(connection) as many:
        assert len(Readiness(period, officer, TODAY).missing) == 11

    assert len(many) == len(few)


# The closing beside a deadline


@pytest.mark.parametrize(
    ("due_on", "label", "closes_on"),
    [
        (dt.date(2020, 6, 30), "quý II", dt.date(2020, 6, 14)),
        (dt.date(2020, 3, 31), "quý I", dt.date(2020, 3, 14)),
        (dt.date(2020, 12, 31), "năm 2020", dt.date(2020, 12, 14)),
        (dt.date(2020, 6, 20), "tháng 6", dt.date(2020, 6, 14)),
        (dt.date(2020, 5, 31), "tháng 5", dt.date(2020, 5, 14)),
        (dt.date(2020, 2, 29), "tháng 2", dt.date(2020, 2, 14)),
        (dt.date(2019, 12, 15), "tháng 12", dt.date(2019, 12, 14)),
    ],
)
@pytest.mark.parametrize("is_made", [True, False])
def test_the_closing_that_stands_beside_a_deadline(due_on, label, closes_on, is_made):
    if is_made:
        ReportingPeriod.generate(due_on.year)

    assert closing_beside(due_on) == (label, closes_on)


def test_the_closing_day_that_the_office_has_moved_stands_there():
    make_period("2020-q2").set_dates(
        by=make_user("admin"), expected_version=1, reason="Sớm hơn", ends_on=dt.date(2020, 6, 12)
    )

    assert closing_beside(dt.date(2020, 6, 30)) == ("quý II", dt.date(2020, 6, 12))


def test_work_without_a_deadline_has_no_closing_beside_it():
    assert closing_beside(None) is None


# At the same moment


def at_once(*acts):
    """Run the acts in threads that start together; their answers, a refusal among them, in the order of the acts."""
    answers, barrier = [None] * len(acts), threading.Barrier(len(acts))

    def run(place, act):
        try:
            barrier.wait(timeout=30)
            answers[place] = act()
        except Exception as problem:
            answers[place] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


@pytest.mark.django_db(transaction=True)
def test_two_who_close_at_once_close_once():
    make_measurement(make_indicator(), 148)
    period = make_period()
    people = [make_user("officer"), make_user("leader")]

    answers = at_once(
        *(lambda person=person: close_period(period, person, "Báo cáo", NOON) for person in people)
    )

    refused = [answer for answer in answers if isinstance(answer, WrongStep)]
    assert len(refused) == 1
    assert "đã chốt số liệu kỳ này" in refused[0].messages[0]
    assert FrozenFigure.objects.count() == 1
    assert period.events.filter(step="closed").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(5))
def test_a_figure_confirmed_while_the_period_closes_is_frozen_or_marked_as_late(attempt):
    indicator = make_indicator()
    figure = make_measurement(indicator, 148, state="submitted")
    period, officer, leader = figure.period, make_user("officer"), make_user("leader")

    answers = at_once(
        lambda: close_period(period, officer, "Báo cáo", NOON),
        lambda: figure.confirm(by=leader, at=NOON),
    )

    assert not [answer for answer in answers if isinstance(answer, Exception)]
    figure.refresh_from_db()
    is_frozen = FrozenFigure.objects.filter(period=period, indicator=indicator).exists()
    assert figure.status == ReportStatus.CONFIRMED
    assert is_frozen != figure.came_after_closing


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_drafts_and_plans_made_while_the_period_closes_do_not_block_each_other(attempt):
    indicators = [make_indicator() for _number in range(4)]
    for indicator in indicators:
        make_measurement(indicator, 148)
    period, officer, author = make_period(), make_user("officer"), make_user()

    answers = at_once(
        lambda: close_period(period, officer, "Báo cáo", NOON),
        lambda: [Measurement.in_hand_of(one, period, by=author).pk for one in indicators],
        lambda: PeriodPlan.set_many(indicators[0], by=officer, values={period: Decimal(150)}),
    )

    unexpected = [one for one in answers if isinstance(one, Exception) and not isinstance(one, WrongStep)]
    assert unexpected == []
    assert FrozenFigure.objects.filter(period=period).count() == 4
