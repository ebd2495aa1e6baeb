"""Before a report is drafted: what waits, what is missing, each count with exactly its rows."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    TODAY,
    make_assignment,
    make_department,
    make_indicator,
    make_measurement,
    make_period,
    make_report,
    make_target,
    make_user,
)
from tests.views.test_decisions import sign_in
from tests.views.test_overview import rows_behind
from tracker.closing import close_period
from tracker.figures.report_readiness import readiness

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def make_matters():
    """Something to look at in every line; returns an assignment whose agency and field own some of it."""
    assignment = make_assignment()
    make_report(assignment, state="submitted", as_of_on=dt.date(2020, 6, 10))
    make_report(make_assignment(), state="submitted", as_of_on=dt.date(2020, 6, 11))
    make_report(make_assignment(), state="submitted", as_of_on=dt.date(2020, 6, 15))
    make_assignment()
    revenue = make_indicator(owner=assignment.agency, field=assignment.directive.field)
    make_target(revenue, 120)
    make_measurement(revenue, 10, period="2020-04")
    make_measurement(revenue, 11, period="2020-05", state="submitted")
    other = make_indicator()
    make_target(other, 50)
    make_measurement(other, 3, period="2020-05", state="submitted")
    return assignment


def found(officer, code="2020-6t1", agency=None, field=None):
    return readiness(officer, make_period(code), agency, field, today=TODAY)


@pytest.mark.parametrize("code", ["2020-6t1", "2020-05"])
@pytest.mark.parametrize("scope", ["everything", "field", "agency"])
def test_every_count_opens_a_list_of_exactly_that_many_rows(client, code, scope):
    assignment = make_matters()
    officer = sign_in(client, "officer", agency=make_department())

    checks = found(
        officer,
        code,
        assignment.agency if scope == "agency" else None,
        assignment.directive.field if scope == "field" else None,
    )

    counted = [check for check in checks if check.count is not None]
    assert len(counted) >= 3
    for check in counted:
        page = client.get(check.url)
        assert (check.url, rows_behind(page)) == (check.url, {check.count})


def test_each_matter_is_said():
    make_matters()

    checks = found(make_user("officer"))

    assert [(check.kind, check.text) for check in checks] == [
        ("look", "Số liệu 6 tháng đầu năm 2020 chưa chốt, còn có thể thay đổi."),
        ("look", "1/2 chỉ tiêu có số liệu đã duyệt."),
        ("look", "2 số liệu chờ duyệt chưa được tính."),
        ("look", "2 báo cáo tiến độ chờ duyệt chưa được tính."),
        ("look", "2 lượt giao chưa có báo cáo 6 tháng đầu năm 2020."),
    ]


def test_what_is_in_order_is_said_too():
    period = make_period("2020-05")
    close_period(period, make_user("leader"), "Báo cáo tháng 5")

    checks = found(make_user("officer"), "2020-05")

    assert [(check.kind, check.text) for check in checks] == [
        ("ok", "Đã chốt số liệu tháng 5/2020."),
        ("ok", "Không có số liệu chờ duyệt."),
        ("ok", "Không có báo cáo tiến độ chờ duyệt."),
        ("ok", "Không còn lượt giao nào thiếu báo cáo tháng 5/2020."),
    ]


def test_the_number_of_queries_does_not_grow():
    officer = make_user("officer")
    make_matters()
    with CaptureQueriesContext(connection) as few:
        found(officer)
    for _ in range(4):
        make_matters()

    with CaptureQueriesContext(connection) as many:
        found(officer)

    assert len(many) == len(few) <= 16
