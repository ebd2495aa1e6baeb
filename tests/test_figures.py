import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_completed,
    make_directive,
    make_extension,
    make_field,
    make_report,
    make_user,
)
from tracker.figures.calendar import completion_curve, upcoming
from tracker.figures.decisions import Matter, decisions
from tracker.figures.navigation import navigation_counts
from tracker.figures.periods import Period
from tracker.figures.register import (
    CellsDoNotAddUp,
    Row,
    Table,
    by_agency,
    by_field,
    late_count,
    standing_counts,
)
from tracker.figures.scope import Scope
from tracker.figures.work import my_work, to_do
from tracker.models import Cell, Standing

pytestmark = pytest.mark.django_db


def test_every_standing_is_counted_in_exactly_one_place():
    leader = make_user("leader")
    make_assignment(due_on=TODAY - dt.timedelta(days=1))
    make_assignment(due_on=TODAY)
    make_assignment(due_on=None, deadline_kind="ongoing", status="in_progress")
    make_assignment(due_on=dt.date(2020, 12, 31), status="in_progress")
    make_assignment(due_on=dt.date(2020, 12, 31))
    make_completed(due_on=dt.date(2020, 6, 1), on=dt.date(2020, 6, 1))
    make_completed(due_on=dt.date(2020, 6, 1), on=dt.date(2020, 6, 2))
    scope = Scope.of(leader, TODAY)

    counts = standing_counts(scope.directives())

    expected = {"late": 1, "soon": 1, "nodue": 1, "ontime": 1, "todo": 1, "done": 1, "donelate": 1}
    assert counts == expected | {"paused": 0, "stopped": 0}


def test_the_official_table_names_its_denominators():
    leader, field = make_user("leader"), make_field()
    make_completed(field=field, due_on=dt.date(2020, 6, 1), on=dt.date(2020, 6, 1))
    make_completed(field=field, due_on=dt.date(2020, 6, 1), on=dt.date(2020, 6, 5))
    make_assignment(field=field, due_on=dt.date(2020, 5, 1))
    make_assignment(field=field, due_on=dt.date(2020, 12, 1))

    table = by_field(Scope.of(leader, TODAY))

    row = table.rows[0]
    assert (row.total, row.done, row.open) == (4, 2, 2)
    assert (row.done_of_all.numerator, row.done_of_all.denominator) == (2, 4)
    assert (row.on_time_of_due.numerator, row.on_time_of_due.denominator) == (1, 3)


def test_a_table_that_does_not_add_up_is_not_made():
    row, total = Row(total=1), Row(total=2)
    row.cells[Cell.OPEN_IN_TIME] = 1
    total.cells[Cell.OPEN_IN_TIME] = 2

    with pytest.raises(CellsDoNotAddUp):
        Table([row], total)


def test_a_denominator_of_zero_has_no_percentage():
    assert Row().on_time_of_due.percent is None


def test_late_agencies_come_first_with_their_oldest_deadline():
    leader, slow = make_user("leader"), make_agency()
    make_assignment(slow, due_on=dt.date(2020, 5, 31))
    make_assignment(slow, due_on=dt.date(2020, 6, 5))
    make_assignment(make_agency(), due_on=dt.date(2020, 12, 31))

    table = by_agency(Scope.of(leader, TODAY))

    assert (table.rows[0].key, table.rows[0].late) == (slow.pk, 2)
    assert table.rows[0].oldest_overdue == dt.date(2020, 5, 31)


def test_as_of_a_past_day_the_register_stands_as_it_stood():
    leader = make_user("leader")
    make_completed(due_on=dt.date(2020, 6, 1), on=dt.date(2020, 6, 5))
    scope = Scope.of(leader, TODAY)

    now, then = (
        standing_counts(scope.directives()),
        standing_counts(scope.on(dt.date(2020, 6, 3)).directives()),
    )

    assert (now[Standing.DONELATE], now[Standing.LATE]) == (1, 0)
    assert (then[Standing.DONELATE], then[Standing.LATE]) == (0, 1)


def test_a_period_holds_what_falls_due_in_it_and_what_was_carried_over():
    leader = make_user("leader")
    make_assignment(due_on=dt.date(2020, 6, 30))
    make_assignment(due_on=dt.date(2020, 5, 31))
    make_assignment(due_on=dt.date(2020, 7, 1))
    make_completed(due_on=dt.date(2020, 5, 30), on=dt.date(2020, 5, 30))
    make_assignment(due_on=None, deadline_kind="ongoing")

    june = Scope.of(leader, TODAY, period=Period.parse("2020-06"))
    year = Scope.of(leader, TODAY, period=Period.parse("2020"))

    assert june.directives().count() == 2
    assert year.directives().count() == 5


def test_navigation_counts_equal_their_lists():
    agency = make_agency()
    staff, officer = make_user(agency=agency), make_user("officer")
    make_assignment(agency, due_on=TODAY - dt.timedelta(days=3))
    make_report(make_assignment(agency), state="submitted")
    make_report(make_assignment(agency), state="returned")
    make_assignment()

    mine, theirs = navigation_counts(staff, TODAY), navigation_counts(officer, TODAY)

    assert mine["my_work"] == (to_do(staff, TODAY, 14).count(), True) == (2, True)
    assert mine["directive_list"][0] == 3
    assert theirs["directive_list"][0] == 4
    assert theirs["review_queue"] == (1, True)


def test_navigation_takes_one_query_whatever_the_register_holds():
    leader = make_user("leader")
    for _ in range(3):
        make_assignment()

    with CaptureQueriesContext(connection) as queries:
        navigation_counts(leader, TODAY)

    assert len(queries) == 1


def test_my_work_is_grouped_in_the_order_of_need():
    agency = make_agency()
    staff = make_user(agency=agency)
    late = make_assignment(agency, due_on=dt.date(2020, 6, 1))
    returned = make_report(make_assignment(agency), state="returned").assignment
    waiting = make_report(make_assignment(agency), state="submitted").assignment
    reported = make_report(make_assignment(agency), state="confirmed").assignment
    due = make_assignment(agency, due_on=dt.date(2020, 12, 1))

    work = my_work(staff, TODAY, 14)

    groups = [work.returned, work.late, work.due, work.waiting, work.up_to_date]
    assert groups == [[returned], [late], [due], [waiting], [reported]]
    assert work.to_do == [returned, late, due]


def test_decisions_are_only_what_this_person_may_decide():
    leader, officer = make_user("leader"), make_user("officer")
    done = {"claim": "completed", "percent": 100, "completed_on": TODAY, "output_document": "12/BC"}
    make_report(state="submitted", **done)
    make_report(state="submitted", claim="pause", obstacles="Chờ thiết bị.")
    make_report(state="submitted", claim="stop", obstacles="Không còn đối tượng.")
    make_extension()
    make_report(state="submitted", proposal="Cấp chứng thư số.", proposal_to="leader")
    paused = make_assignment().directive
    paused.pause(by=leader, reason="Dịch bệnh.", review_on=TODAY, at=NOON)
    declined = make_assignment()
    declined.decline(by=make_user(agency=declined.agency), reason="Không đúng chức năng.", at=NOON)

    of_leader = {item.matter for item in decisions(Scope.of(leader, TODAY))}
    of_officer = {item.matter for item in decisions(Scope.of(officer, TODAY))}
    of_staff = decisions(Scope.of(make_user(agency=declined.agency), TODAY))

    assert of_leader == set(Matter)
    assert of_officer == {Matter.COMPLETION, Matter.DECLINED, Matter.EXTENSION}
    assert of_staff == []


def test_upcoming_and_curve_read_the_same_register():
    leader = make_user("leader")
    make_assignment(due_on=TODAY + dt.timedelta(days=14))
    make_assignment(due_on=TODAY + dt.timedelta(days=15))
    make_assignment(due_on=TODAY - dt.timedelta(days=1))
    make_completed(due_on=dt.date(2020, 6, 1), on=dt.date(2020, 5, 20))
    scope = Scope.of(leader, TODAY)

    curve = completion_curve(scope)

    assert upcoming(scope).count() == 1
    assert (curve.total, curve.planned_by_now, curve.done_by_now, curve.behind) == (4, 2, 1, 1)
    assert curve.done == [0, 0, 0, 0, 1, 1]
    assert late_count(scope) == 1


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("2020", dt.date(2020, 1, 1), dt.date(2020, 12, 31)),
        ("2020-q2", dt.date(2020, 4, 1), dt.date(2020, 6, 30)),
        ("2020-02", dt.date(2020, 2, 1), dt.date(2020, 2, 29)),
    ],
)
def test_period_codes(code, start, end):
    period = Period.parse(code)

    assert (period.start, period.end) == (start, end)


@pytest.mark.parametrize("code", ["", "2020-13", "2020-q5", "1999", "99999", "2020-06-01", "٢٠٢٠"])
def test_what_is_not_a_period(code):
    assert Period.parse(code) is None


def test_directives_given_to_nobody_are_counted_as_not_started():
    make_directive(due_on=None, deadline_kind="none")

    counts = standing_counts(Scope.of(make_user("leader"), TODAY).directives())

    assert counts[Standing.TODO] == 1
