"""Figures at the edge: absurd sizes, contradictions, drafts without a home, raw SQL, who reads what."""

import datetime as dt
from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from tests.factories import (
    TODAY,
    make_agency,
    make_assignment,
    make_department,
    make_evidence,
    make_indicator,
    make_measurement,
    make_part,
    make_period,
    make_share,
    make_target,
    make_user,
)
from tracker.closing import close_period
from tracker.models import (
    DataQuestion,
    FrozenFigure,
    Indicator,
    Measurement,
    Obstacle,
    PeriodPlan,
    ProgressReport,
    ReportingPeriod,
    ReportStatus,
    Roster,
    Target,
)
from tracker.permissions import can_edit_figure

pytestmark = pytest.mark.django_db

HUGE = D("99999999999999999999.999999")
RATIO = {"numerator_name": "Đã ký số", "denominator_name": "Văn bản đi"}


# Absurd sizes


def test_a_ratio_over_almost_nothing_is_kept_as_a_draft_and_refused_when_it_is_handed_in():
    indicator = make_share(**RATIO)
    figure = make_measurement(
        indicator, None, state="draft", numerator=D("1000000000000000"), denominator=D("0.000001")
    )

    with pytest.raises(ValidationError) as refusal:
        figure.submit(by=figure.author, today=TODAY)

    assert "numerator" in refusal.value.message_dict


def test_the_largest_number_is_refused_with_a_sentence_before_sums_can_overflow():
    indicator = make_indicator(rule="parts")

    with pytest.raises(ValidationError) as refusal:
        make_measurement(indicator, HUGE, part=make_part(indicator))

    assert "value" in refusal.value.message_dict


def test_a_plan_too_long_to_be_kept_is_refused_with_a_sentence():
    indicator = make_indicator()

    with pytest.raises(ValidationError):
        PeriodPlan.set_many(indicator, by=make_user("officer"), values={make_period(): D("1" + "0" * 30)})


def test_growth_over_almost_nothing_asks_its_question_and_does_not_break():
    indicator = make_indicator(is_cumulative=False)
    make_measurement(indicator, "0.000001", period="2019-05")

    figure = make_measurement(
        indicator, "9999999999999999", state="submitted", explanation="", printed_growth=D(5)
    )

    kinds = set(figure.questions.values_list("kind", flat=True))
    assert kinds == {DataQuestion.Kind.FAR, DataQuestion.Kind.GROWTH}


# Contradictions


def test_a_whole_below_one_of_its_parts_is_questioned_though_another_part_is_missing():
    indicator = make_indicator()
    first, _second = make_part(indicator), make_part(indicator)
    make_measurement(indicator, 60, part=first)

    figure = make_measurement(indicator, 50, state="submitted", explanation="")

    question = figure.questions.get()
    assert (question.kind, question.compared_with) == (DataQuestion.Kind.PART_OVER_WHOLE, D(60))


def test_parts_that_are_more_than_the_whole_together_are_questioned_before_all_are_there():
    indicator = make_indicator()
    first, second, _third = (make_part(indicator) for _ in range(3))
    make_measurement(indicator, 100)
    make_measurement(indicator, 60, part=first)

    figure = make_measurement(indicator, 70, part=second, state="submitted", explanation="")

    question = figure.questions.get()
    assert (question.kind, question.compared_with) == (DataQuestion.Kind.SUM, D(130))


def test_a_whole_and_parts_that_wait_together_are_held_against_each_other():
    indicator = make_indicator()
    first, second = make_part(indicator), make_part(indicator)
    make_measurement(indicator, 100, state="submitted", explanation="")
    make_measurement(indicator, 60, part=first, state="submitted", explanation="")

    figure = make_measurement(indicator, 60, part=second, state="submitted", explanation="")

    assert figure.questions.get().kind == DataQuestion.Kind.SUM


def test_a_figure_far_from_a_negative_history_is_questioned_and_one_near_it_is_not():
    indicator = make_indicator(is_cumulative=False)
    make_measurement(indicator, -100, period="2020-04")

    near = make_measurement(indicator, -110, state="submitted", explanation="")
    near.take_back(by=near.author)
    near.save_draft(by=near.author, value=D(-900))
    near.submit(by=near.author, today=TODAY)

    assert near.questions.get().kind == DataQuestion.Kind.FAR


def test_an_answer_needs_an_outcome():
    indicator = make_indicator()
    make_measurement(indicator, 148, period="2020-04")
    figure = make_measurement(indicator, 300, state="submitted", explanation="")

    with pytest.raises(ValidationError) as refusal:
        figure.questions.get().reply(by=figure.author, outcome="", answer="Đúng.")

    assert "outcome" in refusal.value.message_dict


# Drafts


def test_a_draft_with_evidence_can_be_thrown_away():
    figure = make_measurement(make_indicator(), 5, state="draft")
    make_evidence(figure)

    figure.discard()

    assert not Measurement.objects.exists()


def in_a_report(agency, assignment, indicator, value):
    author = make_user(agency=agency)
    report = ProgressReport.in_hand_of(assignment, by=author, today=TODAY)
    report.save_draft(by=author, done="Đã làm.", percent=60)
    figure = Measurement.in_hand_of(indicator, make_period("2020-06"), by=author, report=report)
    if value is not None:
        figure.save_draft(by=author, value=D(value))
    return author, report, figure


def test_a_figure_left_empty_in_a_confirmed_report_goes_into_the_next_one():
    agency = make_agency()
    assignment = make_assignment(agency, status="in_progress")
    indicator = make_indicator(owner=agency, directive=assignment.directive)
    author, report, figure = in_a_report(agency, assignment, indicator, None)
    report.submit(by=author, today=TODAY)
    report.confirm(by=make_user("leader"))

    _author, following, again = in_a_report(agency, assignment, indicator, 70)
    following.submit(by=author, today=TODAY)

    assert (again.pk, again.report) == (figure.pk, following)
    again.refresh_from_db()
    assert again.status == ReportStatus.SUBMITTED


def test_a_figure_left_empty_in_a_confirmed_report_can_be_handed_in_by_itself():
    agency = make_agency()
    assignment = make_assignment(agency, status="in_progress")
    indicator = make_indicator(owner=agency, directive=assignment.directive)
    author, report, figure = in_a_report(agency, assignment, indicator, None)
    report.submit(by=author, today=TODAY)
    report.confirm(by=make_user("leader"))
    figure.refresh_from_db()

    may_edit = can_edit_figure(author, figure)
    figure.save_draft(by=author, value=D(70))
    figure.submit(by=author, today=TODAY)

    assert may_edit
    assert (figure.status, figure.report) == (ReportStatus.SUBMITTED, None)


def test_a_draft_of_the_figures_own_page_goes_along_with_the_report_that_takes_it_up():
    agency = make_agency()
    assignment = make_assignment(agency, status="in_progress")
    indicator = make_indicator(owner=agency, directive=assignment.directive)
    alone = make_measurement(indicator, 60, period="2020-06", state="draft", by=make_user(agency=agency))

    author, report, figure = in_a_report(agency, assignment, indicator, 61)
    report.submit(by=author, today=TODAY)

    figure.refresh_from_db()
    assert (figure.pk, figure.report, figure.status) == (alone.pk, report, ReportStatus.SUBMITTED)


def test_a_year_figure_whose_day_moves_stays_a_year_figure():
    indicator = make_indicator()
    make_period("2020")
    figure = make_measurement(indicator, 1720, period="2019", state="draft")

    figure.save_draft(by=figure.author, as_of_on=dt.date(2019, 12, 31))

    assert figure.period.code == "2020"


# Targets and indicators


def test_a_range_needs_both_ends():
    with pytest.raises(ValidationError) as refusal:
        make_target(make_share(), 40, operator=Target.Operator.RANGE)

    assert "upper" in refusal.value.message_dict


@pytest.mark.parametrize(
    ("direction", "operator"), [("up", "le"), ("up", "lt"), ("down", "ge"), ("down", "gt")]
)
def test_a_bound_against_the_direction_is_refused(direction, operator):
    with pytest.raises(ValidationError) as refusal:
        make_target(make_indicator(direction=direction), 40, operator=operator)

    assert "operator" in refusal.value.message_dict


def test_a_rank_improves_downwards_only():
    with pytest.raises(ValidationError) as refusal:
        Indicator.register(
            by=make_user("officer"),
            year=2020,
            name="Xếp hạng ICT Index",
            field=make_indicator().field,
            value_kind="rank",
            direction="up",
        )

    assert "direction" in refusal.value.message_dict


# Who reads and decides


def test_an_agency_does_not_read_what_the_department_has_not_confirmed_yet():
    agency = make_agency()
    indicator = make_indicator(owner=agency)
    officer = make_user("officer", agency=make_department())
    make_measurement(indicator, 98, role="verified", by=officer, state="submitted")

    assert not Measurement.objects.visible_to(make_user(agency=agency)).exists()


# Raw SQL and history


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (ReportingPeriod, "UPDATE tracker_reportingperiod SET status = 'reopened'"),
        (Target, "UPDATE tracker_target SET value = 1"),
        (Target, "DELETE FROM tracker_target"),
        (FrozenFigure, "UPDATE tracker_frozenfigure SET value = 1"),
        (FrozenFigure, "DELETE FROM tracker_frozenfigure"),
        (Measurement, "DELETE FROM tracker_measurement"),
        (Measurement, "UPDATE tracker_measurement SET status = 'draft'"),
    ],
)
def test_raw_sql_cannot_go_round_the_verbs(model, change):
    indicator = make_indicator()
    make_target(indicator, 1800)
    make_measurement(indicator, 100)
    close_period(make_period(), make_user("leader"), "Báo cáo")
    change += " WHERE status = 'open'" if model is ReportingPeriod else ""

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_every_noun_of_the_numbers_has_its_history():
    indicator = make_indicator()
    part = make_part(indicator)
    period = make_period()
    make_measurement(indicator, 148, period="2020-04")
    figure = make_measurement(indicator, 300, state="submitted", explanation="")
    PeriodPlan.set_many(indicator, by=make_user("officer"), values={period: D(5)})
    roster = Roster.objects.create(indicator=indicator)
    body = roster.add(make_agency())
    directive = make_assignment().directive
    obstacle = Obstacle.objects.create(
        directive=directive,
        description="Chưa có giấy phép 5G",
        cause="Bộ chưa cấp",
        solver_outside="Bộ TT&TT",
        needed_by=TODAY,
        raised_by=figure.author,
        agency=figure.agency,
    )

    rows = [
        indicator,
        part,
        period,
        figure,
        figure.questions.get(),
        indicator.plans.get(),
        roster,
        body,
        obstacle,
    ]

    assert [type(row).__name__ for row in rows if not row.history.exists()] == []
