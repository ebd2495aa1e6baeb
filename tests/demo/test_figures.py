"""The numeric side of the demonstration year: indicators, lists of agencies, periods; as the pages print them."""

import collections
import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import F

from tracker.demonstration_acts import LAST_DAY
from tracker.figures.coverage import coverages
from tracker.figures.targets import year_plan
from tracker.models import (
    Configuration,
    DataQuestion,
    FrozenFigure,
    Indicator,
    IndicatorPart,
    Measurement,
    Obstacle,
    ReportingPeriod,
    Roster,
    Target,
    User,
)

pytestmark = pytest.mark.django_db


def plan():
    leader = User.objects.filter(role="leader").first()
    return year_plan(leader, LAST_DAY, Configuration.current())


def row_of(code):
    return next(row for row in plan().rows if row.indicator.code == code)


def party():
    return next(row for row in plan().rows if row.coverage)


def test_seven_of_twelve_indicators_are_expected_to_be_reached():
    verdicts = collections.Counter(str(row.verdict) for row in plan().rows)

    assert plan().upto.code == "2020-05"
    assert verdicts == {"met": 7, "risk": 3, "off": 2}


@pytest.mark.parametrize(
    ("code", "target", "to_date", "expected", "verdict"),
    [
        ("R01", "120", "51.5", "123.60", "met"),
        ("R02", "205", "84.9", "203.76", "risk"),
        ("R03", "42", "17.9", "42.96", "met"),
        ("R04", "38", "12.1", "29.04", "off"),
        ("R05", "190", "171.4", "187.36", "risk"),
        ("R06", "1800", "731.0", "1754.40", "risk"),
        ("R07", "900", "812", "940.80", "met"),
        ("R08", "50", "46.80", "53.52", "met"),
        ("R09", "100", "100", "100", "met"),
        ("R10", "90", "85.5", "93.20", "met"),
        ("R11", "100", "100", "100", "met"),
    ],
)
def test_how_each_indicator_stands_after_five_months(code, target, to_date, expected, verdict):
    row = row_of(code)

    assert row.target.value == Decimal(target)
    assert round(row.actual, 2) == Decimal(to_date)
    assert round(row.projected, 2) == Decimal(expected)
    assert (row.verdict, row.missing) == (verdict, 0)


def test_twelve_of_26_party_agencies_use_both_and_two_more_come_every_week():
    row = party()

    by_directive = {
        child.indicator.directive.code: child.coverage.in_use for child in row.children if child.coverage
    }
    assert (row.coverage.in_use, row.coverage.in_scope) == (12, 26)
    assert by_directive == {"D09": 17, "D10": 14}
    assert (row.projection.parts["pace"], row.projection.value) == (2, 16)
    assert round(row.projected, 1) == Decimal("61.5")


@pytest.mark.parametrize(
    ("day", "software", "signature"),
    [
        ((1, 31), 3, 2),
        ((2, 29), 5, 4),
        ((3, 31), 8, 6),
        ((4, 30), 11, 8),
        ((5, 31), 14, 11),
        ((6, 16), 17, 14),
    ],
)
def test_party_agencies_came_into_use_over_the_months(day, software, signature):
    lists = Indicator.objects.filter(code__in=["CT-D09", "CT-D10"])

    found = coverages(lists, dt.date(2020, *day))

    assert [found[one.pk].in_use for one in lists.order_by("code")] == [software, signature]


def test_who_is_in_use_meets_every_criterion_in_their_newest_confirmed_figures():
    for indicator in Indicator.objects.filter(code__in=["CT-D09", "CT-D10"]):
        bodies = coverages([indicator], LAST_DAY)[indicator.pk].bodies
        criteria = indicator.children.all()

        meeting = {
            body.agency.code
            for body in bodies
            if all(criterion_is_met(one, body.agency.code) for one in criteria)
        }

        assert meeting == {body.agency.code for body in bodies if body.is_in_use}


def criterion_is_met(criterion, agency):
    target = criterion.targets.first()
    figures = Measurement.objects.confirmed().filter(indicator=criterion, part__agency__code=agency)
    newest = figures.order_by("-as_of_on", "-pk").first()
    return target is None or (newest is not None and target.is_met_by(newest.value))


def test_what_was_suggested_counts_once_it_was_accepted():
    accepted = Indicator.objects.filter(code__startswith="CT-D").in_use()

    assert sorted(accepted.values_list("code", flat=True)) == ["CT-D07", "CT-D09", "CT-D10"]
    assert Indicator.objects.get(is_suggested=True).code == "CT-D05"
    assert not Roster.objects.filter(is_suggested=True).exists()


def test_a_few_figures_of_june_wait_and_do_not_count():
    june = Measurement.objects.filter(period__code="2020-06", report=None).exclude(status="confirmed")

    assert collections.Counter(june.values_list("status", flat=True)) == {
        "submitted": 5,
        "draft": 1,
        "returned": 1,
    }
    assert row_of("R01").waiting == 1


def test_closed_periods_keep_what_stood_then():
    closed = ReportingPeriod.objects.filter(status="closed").order_by("code")
    may = FrozenFigure.objects.filter(period__code="2020-05", indicator__code="R06", part=None)

    assert list(closed.values_list("code", "revision")) == [
        ("2020-01", 1),
        ("2020-02", 1),
        ("2020-03", 1),
        ("2020-04", 1),
        ("2020-05", 2),
        ("2020-q1", 1),
    ]
    assert list(may.order_by("revision").values_list("value", "to_date")) == [
        (Decimal("149.0"), Decimal("731.4")),
        (Decimal("148.6"), Decimal("731.0")),
    ]


def test_seven_of_ten_districts_have_sent_their_part():
    parts = IndicatorPart.objects.filter(indicator__code="R04")
    sent = Measurement.objects.confirmed().filter(part__in=parts, period__code="2020-05")

    assert (sent.count(), parts.count()) == (7, 10)
    assert sum(figure.value for figure in sent) < Decimal("2.4")


def test_the_only_open_question_is_that_of_the_article():
    assert DataQuestion.objects.unanswered().get().measurement.indicator.code == "R05"
    assert DataQuestion.objects.exclude(answered_at=None).count() == 4


def test_nobody_reviewed_a_figure_of_their_own_agency():
    reviewed = Measurement.objects.exclude(reviewed_by=None).select_related("reviewed_by")

    assert reviewed.count() > 250
    assert not [one for one in reviewed if one.reviewed_by.agency_id == one.agency_id]
    assert not reviewed.filter(reviewed_by=F("author")).exists()


def test_made_up_figures_say_so_and_the_articles_do_not():
    made_up = Measurement.objects.exclude(author=None)

    assert not made_up.exclude(note__contains="Dữ liệu minh hoạ").exists()
    assert Measurement.objects.filter(author=None).count() == 11
    assert not Measurement.objects.filter(author=None, note__contains="minh hoạ").exists()
    assert not Target.objects.exclude(set_by=None).exclude(reason="Dữ liệu minh hoạ").exists()


def test_one_obstacle_stands_outside_the_province():
    standing = Obstacle.objects.standing().get()

    assert (standing.directive.code, standing.solver_label) == ("D05", "Bộ Thông tin và Truyền thông")
    assert Obstacle.objects.exclude(solved_at=None).count() == 1
