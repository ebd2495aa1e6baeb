"""Two people at the same figure, period or list in the same moment: real threads on the real database."""

import datetime as dt
from decimal import Decimal as D

import pytest

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
    make_user,
)
from tests.test_concurrency_progress import at_once, refusals
from tracker.closing import close_period
from tracker.models import (
    FrozenFigure,
    Measurement,
    MeasurementEvent,
    ProgressReport,
    ReportingPeriod,
    ReportStatus,
    RosterBody,
    StaleVersion,
    WrongStep,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


def copies(figure):
    """The same row, read by two people."""
    return Measurement.objects.get(pk=figure.pk), Measurement.objects.get(pk=figure.pk)


@pytest.mark.parametrize("attempt", range(2))
def test_two_people_who_begin_the_same_figure_share_one_draft(attempt):
    indicator, period = make_indicator(), make_period()
    first, second = make_user(agency=indicator.owner), make_user(agency=indicator.owner)

    drafts = at_once(
        lambda: Measurement.in_hand_of(indicator, period, by=first),
        lambda: Measurement.in_hand_of(indicator, period, by=second),
    )

    assert drafts[0] == drafts[1] == Measurement.objects.get()


def test_of_two_who_save_the_same_draft_the_second_sees_both_versions():
    figure = make_measurement(make_indicator(), 5, state="draft")
    mine, theirs = copies(figure)
    version = figure.version

    results = at_once(
        lambda: mine.save_draft(by=figure.author, expected_version=version, value=D(6)),
        lambda: theirs.save_draft(by=figure.author, expected_version=version, value=D(7)),
    )

    assert refusals(results) == [StaleVersion]


@pytest.mark.parametrize("attempt", range(2))
def test_two_drafts_moved_onto_the_same_period_leave_one_there(attempt):
    indicator = make_indicator()
    author = make_user(agency=indicator.owner)
    april = make_measurement(indicator, 5, state="draft", period="2020-04", by=author)
    march = make_measurement(indicator, 6, state="draft", period="2020-03", by=author)
    day = dt.date(2020, 5, 10)

    results = at_once(
        lambda: april.save_draft(by=author, as_of_on=day),
        lambda: march.save_draft(by=author, as_of_on=day),
    )

    assert len(refusals(results)) == 1
    assert Measurement.objects.filter(period__code="2020-05").count() == 1


@pytest.mark.parametrize("attempt", range(2))
def test_two_reviewers_of_a_figure_make_exactly_one_decision(attempt):
    figure = make_measurement(make_indicator(), 5, state="submitted")
    mine, theirs = copies(figure)
    officer, leader = make_user("officer"), make_user("leader")

    results = at_once(
        lambda: mine.confirm(by=officer),
        lambda: theirs.send_back(by=leader, note="Xem lại."),
    )

    assert refusals(results) == [WrongStep]
    figure.refresh_from_db()
    decision = MeasurementEvent.objects.exclude(status=ReportStatus.SUBMITTED).get()
    assert (decision.status, decision.by) == (figure.status, figure.reviewed_by)


@pytest.mark.parametrize("attempt", range(3))
def test_a_figure_confirmed_while_its_period_closes_is_frozen_or_marked_as_late(attempt):
    figure = make_measurement(make_indicator(), 5, state="submitted")
    officer, leader = make_user("officer"), make_user("leader")
    period = ReportingPeriod.objects.get(code="2020-05")

    results = at_once(
        lambda: figure.confirm(by=officer),
        lambda: close_period(period, leader, "Báo cáo tháng 5"),
    )

    assert refusals(results) == []
    figure.refresh_from_db()
    assert figure.came_after_closing != FrozenFigure.objects.filter(value=5).exists()


@pytest.mark.parametrize("attempt", range(2))
def test_two_who_close_the_same_period_freeze_it_once(attempt):
    make_measurement(make_indicator(), 5)
    first, second = make_user("leader"), make_user("leader")
    mine, theirs = (ReportingPeriod.objects.get(code="2020-05") for _ in range(2))

    results = at_once(
        lambda: close_period(mine, first, "Báo cáo tháng 5"),
        lambda: close_period(theirs, second, "Báo cáo tháng 5"),
    )

    assert refusals(results) == [WrongStep]
    assert FrozenFigure.objects.count() == 1


@pytest.mark.parametrize("attempt", range(2))
def test_two_who_announce_a_period_get_two_numbers(attempt):
    admin = make_user("admin")
    dates = {
        "starts_on": dt.date(2020, 6, 1),
        "ends_on": dt.date(2020, 6, 10),
        "agencies_send_on": dt.date(2020, 6, 12),
        "department_sends_on": dt.date(2020, 6, 15),
    }

    at_once(
        *(
            lambda name=name: ReportingPeriod.announce(
                by=admin, kind="thematic", year=2020, name=name, **dates
            )
            for name in ("Chuyên đề 1", "Chuyên đề 2")
        )
    )

    assert sorted(ReportingPeriod.objects.values_list("code", flat=True)) == ["2020-cd1", "2020-cd2"]


def in_reports(first, second):
    """A report with two figures, written in this order of periods."""
    agency = make_agency()
    assignment = make_assignment(agency, status="in_progress")
    author = make_user(agency=agency)
    indicator = make_share(directive=assignment.directive, owner=agency)
    report = ProgressReport.in_hand_of(assignment, by=author, today=TODAY)
    report.save_draft(by=author, done="Đã làm.", percent=60)
    for code in (first, second):
        period = make_period(code)
        figure = Measurement.in_hand_of(indicator, period, by=author, report=report)
        figure.save_draft(by=author, value=D(70), as_of_on=period.ends_on)
    report.submit(by=author, today=TODAY)
    return report


@pytest.mark.parametrize("attempt", range(3))
def test_reports_over_the_same_periods_in_another_order_are_confirmed_at_once(attempt):
    one, other = in_reports("2020-04", "2020-05"), in_reports("2020-05", "2020-04")
    officer, leader = make_user("officer"), make_user("leader")

    results = at_once(lambda: one.confirm(by=officer), lambda: other.confirm(by=leader))

    assert results == [None, None]
    assert Measurement.objects.confirmed().count() == 4


@pytest.mark.parametrize("attempt", range(2))
def test_a_figure_taken_back_while_it_is_confirmed_goes_one_way(attempt):
    figure = make_measurement(make_indicator(), 5, state="submitted")
    mine, theirs = copies(figure)
    officer = make_user("officer")

    results = at_once(lambda: mine.take_back(by=figure.author), lambda: theirs.confirm(by=officer))

    assert refusals(results) == [WrongStep]


def test_a_body_added_twice_at_once_is_on_the_list_once():
    roster, agency = make_roster(), make_agency()

    results = at_once(lambda: roster.add(agency), lambda: roster.add(agency))

    assert len(refusals(results)) == 1
    assert RosterBody.objects.count() == 1


def test_parts_that_together_exceed_their_whole_are_questioned_even_when_handed_in_at_once():
    indicator = make_indicator()
    make_measurement(indicator, 100, explanation="")
    parts = [make_part(indicator), make_part(indicator)]
    figures = [make_measurement(indicator, 60, part=part, state="draft", explanation="") for part in parts]

    at_once(*(lambda figure=figure: figure.submit(by=figure.author, today=TODAY) for figure in figures))

    assert sum(figure.questions.filter(kind="sum").count() for figure in figures) >= 1
