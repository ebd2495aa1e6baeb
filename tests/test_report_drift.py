"""A frozen report against the data of today: what was entered, confirmed or corrected since."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    TODAY,
    make_assignment,
    make_indicator,
    make_measurement,
    make_period,
    make_target,
    make_user,
)
from tracker.figures.report_content import write_report
from tracker.figures.report_drift import GONE, drift
from tracker.models import PeriodicReport
from tracker.models.periodic_reports import all_parts

pytestmark = pytest.mark.django_db

LATER = dt.date(2020, 7, 1)


@pytest.fixture(autouse=True)
def later(settings):
    settings.TRACKER_TODAY = LATER


def frozen(officer, **fields):
    """A report as it was written on 16/6/2020."""
    report = PeriodicReport(period=make_period("2020-6t1"), figures_on=TODAY, parts=all_parts(), **fields)
    report.content, report.facts = write_report(officer, report, today=TODAY)
    return report


def changes(officer, report):
    return {change.key: (change.then, change.now) for change in drift(officer, report, today=LATER)}


def test_nothing_has_changed_where_only_days_have_passed():
    officer = make_user("officer")
    make_assignment(due_on=dt.date(2020, 6, 1))
    make_assignment(due_on=dt.date(2020, 6, 20))
    make_target(make_indicator(), 100)

    assert changes(officer, frozen(officer)) == {}


def test_a_figure_confirmed_since_moves_a_number_and_work_given_since_does_not():
    officer = make_user("officer")
    revenue = make_indicator()
    make_target(revenue, 100)
    make_measurement(revenue, 10, period="2020-04")
    report = frozen(officer)

    make_measurement(revenue, 20, period="2020-05")
    make_assignment(due_on=dt.date(2020, 9, 1), on=dt.date(2020, 6, 20))

    found = changes(officer, report)
    assert found[f"{revenue.code}.value"] == ("10", "30")
    assert found[f"{revenue.code}.share"] == ("10%", "30%")
    assert not any(key.startswith("tasks.") for key in found)


def test_a_number_that_the_data_no_longer_give_is_a_dash():
    officer = make_user("officer")
    late = make_assignment(due_on=dt.date(2020, 6, 1)).directive
    report = frozen(officer)
    late.withdraw(by=make_user("leader"), reason="Giao nhầm.", at=dt.datetime(2020, 6, 10, tzinfo=dt.UTC))

    found = changes(officer, report)

    assert found["tasks.late"] == ("1", GONE)
    assert (found[f"late.{late.code}.days"], found["tasks.total"]) == (("15", GONE), ("1", GONE))


def test_each_change_says_what_it_counts_and_where_its_rows_are(client):
    officer = make_user("officer")
    revenue = make_indicator(name="Doanh thu ngành in")
    make_target(revenue, 100)
    make_measurement(revenue, 10)
    report = frozen(officer)
    make_measurement(revenue, 12)
    client.force_login(officer)

    change = next(one for one in drift(officer, report, today=LATER) if one.key.endswith(".value"))

    assert change.says == "Doanh thu ngành in: số thực hiện đã duyệt, 6 tháng đầu năm 2020"
    assert client.get(change.url).status_code == 200


def test_a_number_that_was_edited_out_is_not_compared():
    officer = make_user("officer")
    revenue = make_indicator()
    make_target(revenue, 100)
    make_measurement(revenue, 10)
    report = frozen(officer)
    report.content["sections"] = report.content["sections"][1:]
    make_measurement(revenue, 12)

    assert f"{revenue.code}.value" not in changes(officer, report)


def test_comparing_asks_no_more_than_writing():
    officer = make_user("officer")
    report = frozen(officer)
    with CaptureQueriesContext(connection) as writing:
        write_report(officer, report, today=LATER)

    with CaptureQueriesContext(connection) as comparing:
        drift(officer, report, today=LATER)

    assert len(comparing) == len(writing)
