"""A figure's life: drafted, handed in, questioned, returned or confirmed; then read-only."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from tests.factories import (
    TODAY,
    make_agency,
    make_assignment,
    make_indicator,
    make_measurement,
    make_part,
    make_period,
    make_roster,
    make_share,
    make_target,
    make_user,
)
from tracker.models import (
    BodyState,
    DataQuestion,
    Measurement,
    ProgressReport,
    ReportingPeriod,
    ReportStatus,
    RosterMark,
    Target,
    WrongStep,
)

pytestmark = pytest.mark.django_db


def test_the_as_of_day_decides_the_period():
    indicator = make_indicator()
    figure = make_measurement(indicator, state="draft", period="2020-05")

    figure.save_draft(by=figure.author, as_of_on=dt.date(2020, 5, 15))

    assert figure.period.code == "2020-06"


def test_a_confirmed_figure_is_read_only_even_for_raw_sql():
    figure = make_measurement(make_indicator(), 148)

    with pytest.raises(DatabaseError), transaction.atomic():
        Measurement.objects.filter(pk=figure.pk).update(value=1)

    figure.refresh_from_db()
    assert figure.value == 148


def test_a_figure_far_from_its_history_raises_a_question_that_stops_the_confirmation():
    indicator = make_indicator()
    make_measurement(indicator, 148, period="2020-04")
    author = make_user(agency=indicator.owner)
    figure = make_measurement(indicator, 300, by=author, state="submitted", explanation="")

    with pytest.raises(WrongStep):
        figure.confirm(by=make_user("leader"))

    question = figure.questions.get()
    assert (question.kind, question.compared_with) == (DataQuestion.Kind.FAR, Decimal("148"))
    question.reply(by=author, outcome="kept", answer="Có hợp đồng lớn trong tháng.")
    figure.confirm(by=make_user("leader"))
    assert figure.status == ReportStatus.CONFIRMED


def test_a_published_figure_goes_before_a_verified_one_and_that_before_the_agencys_own():
    indicator = make_indicator()
    make_measurement(indicator, 100)
    make_measurement(indicator, 98, role="verified", by=make_user("officer"))
    make_measurement(indicator, 97, role="published", by=make_user("officer"))

    in_use = Measurement.objects.filter(indicator=indicator).in_force()

    assert [(figure.role, figure.value) for figure in in_use] == [("published", Decimal(97))]


def test_a_ratio_is_worked_out_from_its_two_numbers():
    indicator = make_share(numerator_name="Văn bản đã ký số", denominator_name="Văn bản đi")

    figure = make_measurement(indicator, None, numerator=Decimal(32), denominator=Decimal(58))

    assert figure.value == Decimal("55.172414")


def test_a_part_larger_than_its_whole_is_refused_inside_a_ratio():
    indicator = make_share(numerator_name="Văn bản đã ký số", denominator_name="Văn bản đi")

    with pytest.raises(ValidationError) as refusal:
        make_measurement(indicator, None, numerator=Decimal(60), denominator=Decimal(58))

    assert "numerator" in refusal.value.message_dict


def test_figures_inside_a_report_are_handed_in_and_confirmed_with_it():
    agency = make_agency()
    assignment = make_assignment(agency, status="in_progress")
    indicator = make_share(directive=assignment.directive, rule="parts")
    part = make_part(indicator, agency)
    author = make_user(agency=agency)
    report = ProgressReport.in_hand_of(assignment, by=author, today=TODAY)
    report.save_draft(by=author, done="Đã làm.", percent=60)
    figure = Measurement.in_hand_of(indicator, make_period("2020-06"), by=author, part=part, report=report)
    figure.save_draft(by=author, value=Decimal(70))

    report.submit(by=author, today=TODAY)
    report.confirm(by=make_user("leader"))

    figure.refresh_from_db()
    assert (figure.status, figure.reviewed_by) == (ReportStatus.CONFIRMED, report.reviewed_by)


def test_a_confirmed_report_that_meets_all_criteria_brings_the_agency_into_use():
    agency = make_agency()
    assignment = make_assignment(agency, status="in_progress")
    roster = make_roster(agency)
    roster.indicator.directive = assignment.directive
    roster.indicator.save()
    criterion = make_share(parent=roster.indicator, rule="parts")
    make_target(criterion, 90, operator=Target.Operator.AT_LEAST, due_on=dt.date(2020, 6, 30))
    part = make_part(criterion, agency)
    author = make_user(agency=agency)
    report = ProgressReport.in_hand_of(assignment, by=author, today=TODAY)
    report.save_draft(by=author, done="Đã làm.", percent=60, as_of_on=dt.date(2020, 6, 12))
    figure = Measurement.in_hand_of(criterion, make_period("2020-06"), by=author, part=part, report=report)
    figure.save_draft(by=author, value=Decimal(92), as_of_on=dt.date(2020, 6, 12))

    report.submit(by=author, today=TODAY)
    report.confirm(by=make_user("leader"))

    mark = RosterMark.objects.get()
    assert (mark.state, mark.since_on, mark.report) == (BodyState.IN_USE, dt.date(2020, 6, 12), report)


def test_a_figure_confirmed_after_closing_is_marked_and_the_period_says_who_closed_it():
    indicator = make_indicator()
    figure = make_measurement(indicator, 148, state="submitted")
    period = ReportingPeriod.objects.get(code="2020-05")
    leader = make_user("leader", full_name="Vũ Đức Hòa")
    period.close(by=leader)

    figure.confirm(by=make_user("leader"))

    assert figure.came_after_closing
    assert "Vũ Đức Hòa" in period.lock_sentence()
