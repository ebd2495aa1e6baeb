"""Lists of bodies at the edge: mergers into a body that is there, returns, late reports, criteria of others."""

import datetime as dt
from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError

from tests.factories import (
    TODAY,
    make_agency,
    make_assignment,
    make_document,
    make_mark,
    make_measurement,
    make_part,
    make_period,
    make_report,
    make_roster,
    make_share,
    make_target,
    make_user,
)
from tracker.figures.coverage import coverages
from tracker.models import BodyState, Measurement, ProgressReport, RosterMark, Target

pytestmark = pytest.mark.django_db

JULY = dt.date(2020, 7, 1)


def covered(roster, day=TODAY):
    return coverages([roster.indicator], day)[roster.indicator.pk]


def numbers(roster, day=TODAY):
    found = covered(roster, day)
    return found.in_use, found.in_scope


# Mergers and returns


def test_a_body_may_merge_into_one_that_is_on_the_list_already():
    first, second, third = (make_agency() for _ in range(3))
    roster = make_roster(first, second, third)

    body = roster.merge([first], second, on=JULY, reason="Quyết định 15-QĐ/TU")

    assert body.agency == second
    assert numbers(roster, dt.date(2020, 6, 30)) == (0, 3)
    assert numbers(roster, JULY) == (0, 2)


def test_a_merger_of_bodies_that_are_not_on_the_list_is_refused():
    roster = make_roster(make_agency())

    with pytest.raises(ValidationError) as refusal:
        roster.merge([make_agency()], make_agency(), on=JULY, reason="Quyết định 15-QĐ/TU")

    assert "old" in refusal.value.message_dict
    assert roster.bodies.count() == 1


def test_a_body_that_has_left_before_and_come_back_can_merge():
    old, new = make_agency(), make_agency()
    roster = make_roster(old)
    roster.bodies.get().end(on=dt.date(2020, 1, 31), reason="Rút khỏi danh sách")
    roster.add(old, from_day=dt.date(2020, 3, 1))

    roster.merge([old], new, on=JULY, reason="Quyết định 15-QĐ/TU")

    assert numbers(roster, dt.date(2020, 2, 15)) == (0, 0)
    assert numbers(roster, dt.date(2020, 6, 30)) == (0, 1)
    assert [row.agency for row in covered(roster, JULY).bodies] == [new]


def test_a_body_never_counts_twice_on_its_days():
    agency = make_agency()
    roster = make_roster(agency)
    roster.bodies.get().end(on=dt.date(2020, 5, 31), reason="Rút khỏi danh sách")

    with pytest.raises(ValidationError):
        roster.add(agency, from_day=dt.date(2020, 5, 31))
    roster.add(agency, from_day=dt.date(2020, 6, 1))

    assert [numbers(roster, day)[1] for day in (dt.date(2020, 5, 31), dt.date(2020, 6, 1))] == [1, 1]


def test_a_body_cannot_leave_before_it_came():
    agency = make_agency()
    roster = make_roster()
    body = roster.add(agency, from_day=JULY)

    with pytest.raises(ValidationError):
        body.end(on=dt.date(2020, 6, 30), reason="Nhầm")


def test_all_exempt_leaves_nothing_to_divide_by():
    agency = make_agency()
    roster = make_roster(agency)
    make_mark(roster.bodies.get(), "exempt", since_on=dt.date(2020, 3, 1), document=make_document())

    assert (numbers(roster), covered(roster).percent) == ((0, 0), None)


# Marks from confirmed reports


def a_list_with_a_criterion(agency, **fields):
    assignment = make_assignment(agency, status="in_progress")
    roster = make_roster(agency)
    roster.indicator.directive = assignment.directive
    roster.indicator.save()
    criterion = make_share(parent=roster.indicator, rule="parts", **fields)
    make_target(criterion, 90, operator=Target.Operator.AT_LEAST, due_on=dt.date(2020, 6, 30))
    return assignment, roster, criterion, make_part(criterion, agency)


def reported(assignment, part, value, *, figure_on, report_on, period="2020-06"):
    author = make_user(agency=assignment.agency)
    report = ProgressReport.in_hand_of(assignment, by=author, today=report_on)
    report.save_draft(by=author, done="Đã làm.", percent=60, as_of_on=report_on)
    figure = Measurement.in_hand_of(part.indicator, make_period(period), by=author, part=part, report=report)
    figure.save_draft(by=author, value=D(value), as_of_on=figure_on)
    report.submit(by=author, today=report_on)
    report.confirm(by=make_user("leader"))
    return report


def test_the_day_of_the_figure_counts_and_not_that_of_the_report(settings):
    settings.TRACKER_TODAY = dt.date(2020, 7, 10)
    agency = make_agency()
    assignment, roster, _criterion, part = a_list_with_a_criterion(agency)

    reported(
        assignment,
        part,
        95,
        figure_on=dt.date(2020, 6, 28),
        report_on=dt.date(2020, 7, 6),
        period="2020-07",
    )

    assert numbers(roster, dt.date(2020, 6, 27)) == (0, 1)
    assert numbers(roster, dt.date(2020, 6, 30)) == (1, 1)


def test_a_criterion_that_is_only_suggested_holds_nobody_back():
    agency = make_agency()
    assignment, roster, _criterion, part = a_list_with_a_criterion(agency)
    suggested = make_share(parent=roster.indicator, rule="parts", is_suggested=True)
    make_target(suggested, 100)
    make_part(suggested, agency)

    reported(assignment, part, 95, figure_on=dt.date(2020, 6, 12), report_on=dt.date(2020, 6, 12))

    assert numbers(roster) == (1, 1)


def test_a_criterion_that_is_not_asked_of_this_agency_holds_it_not_back():
    agency = make_agency()
    assignment, roster, _criterion, part = a_list_with_a_criterion(agency)
    of_others = make_share(parent=roster.indicator, rule="parts")
    make_target(of_others, 100)
    make_part(of_others)

    reported(assignment, part, 95, figure_on=dt.date(2020, 6, 12), report_on=dt.date(2020, 6, 12))

    assert numbers(roster) == (1, 1)


def test_a_routine_report_does_not_take_back_what_was_established():
    agency = make_agency()
    assignment = make_assignment(agency, status="in_progress")
    roster = make_roster(agency)
    roster.indicator.directive = assignment.directive
    roster.indicator.save()
    make_mark(roster.bodies.get(), since_on=dt.date(2020, 6, 1))

    make_report(assignment, state="confirmed", percent=80, as_of_on=TODAY)

    assert numbers(roster) == (1, 1)


def test_a_figure_that_falls_below_takes_the_agency_out_of_use_from_its_day_on():
    agency = make_agency()
    assignment, roster, _criterion, part = a_list_with_a_criterion(agency)
    reported(
        assignment, part, 95, figure_on=dt.date(2020, 5, 10), report_on=dt.date(2020, 5, 10), period="2020-05"
    )

    reported(assignment, part, 70, figure_on=dt.date(2020, 6, 12), report_on=dt.date(2020, 6, 14))

    assert numbers(roster, dt.date(2020, 6, 11)) == (1, 1)
    assert numbers(roster, dt.date(2020, 6, 12)) == (0, 1)


def test_a_report_about_an_earlier_day_changes_nothing_later():
    agency = make_agency()
    assignment, roster, _criterion, part = a_list_with_a_criterion(agency)
    make_mark(roster.bodies.get(), since_on=dt.date(2020, 6, 10))

    reported(
        assignment, part, 70, figure_on=dt.date(2020, 5, 10), report_on=dt.date(2020, 5, 12), period="2020-05"
    )

    assert numbers(roster, dt.date(2020, 6, 9)) == (0, 1)
    assert numbers(roster) == (1, 1)


def test_criteria_met_on_an_earlier_day_than_the_last_mark_count_from_that_mark_on():
    agency = make_agency()
    assignment, roster, _criterion, part = a_list_with_a_criterion(agency)
    make_mark(roster.bodies.get(), "in_progress", since_on=dt.date(2020, 6, 13))

    reported(assignment, part, 95, figure_on=dt.date(2020, 6, 12), report_on=dt.date(2020, 6, 15))

    assert numbers(roster) == (1, 1)
    assert RosterMark.objects.filter(state=BodyState.IN_USE).get().since_on == dt.date(2020, 6, 13)


def test_the_verified_figure_decides_where_it_contradicts_the_agencys_own():
    agency = make_agency()
    assignment, roster, criterion, part = a_list_with_a_criterion(agency)
    officer = make_user("officer")
    make_measurement(
        criterion, 60, part=part, period="2020-06", role="verified", by=officer, as_of_on=dt.date(2020, 6, 12)
    )

    reported(assignment, part, 95, figure_on=dt.date(2020, 6, 12), report_on=dt.date(2020, 6, 12))

    assert covered(roster).in_progress == 1
