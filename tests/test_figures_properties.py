"""Whatever the register holds: cells add up, numbers equal their lists, past days stay as they were."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import override_settings
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from tests.factories import (
    TODAY,
    make_agency,
    make_assignment,
    make_document,
    make_field,
    make_report,
    make_user,
)
from tracker import clock
from tracker.figures.overview import overview
from tracker.figures.periods import Period
from tracker.figures.register import CELLS, STANDINGS, by_agency, by_field, late_count, standing_counts
from tracker.figures.scope import Scope
from tracker.models import Assignment, Cell, Directive, DirectiveSource, Standing, Status

pytestmark = pytest.mark.django_db

FIELDS, AGENCIES = 3, 4
DUE_SOON = 14
OUTSIDE = {Status.TRANSFERRED, Status.WITHDRAWN}

days = st.integers(-60, 60).map(lambda shift: TODAY + dt.timedelta(days=shift))
work = st.fixed_dictionaries(
    {
        "field": st.integers(0, FIELDS - 1),
        "agency": st.integers(0, AGENCIES - 1),
        "due_on": st.none() | days,
        "status": st.sampled_from(Status),
        "completed_on": st.integers(0, 60).map(lambda shift: TODAY - dt.timedelta(days=shift)),
    }
)
registers = st.lists(work, max_size=25)


@contextmanager
def forgotten() -> Iterator[None]:
    """Each example starts from an empty register."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def make_register(rows):
    """The rows as directives, each given to one agency, straight into the tables; a leader who reads them."""
    leader = make_user("leader")
    fields = [make_field() for _ in range(FIELDS)]
    agencies = [make_agency() for _ in range(AGENCIES)]
    for number, row in enumerate(rows):
        state = {
            "status": row["status"],
            "due_on": row["due_on"],
            "completed_on": row["completed_on"] if row["status"] == Status.COMPLETED else None,
        }
        directive = Directive.objects.create(
            code=f"X-{number}",
            title="Việc",
            field=fields[row["field"]],
            lead=agencies[row["agency"]],
            **state,
        )
        Assignment.objects.create(
            directive=directive,
            agency=directive.lead,
            role=Assignment.Role.LEAD,
            assigned_on=dt.date(2020, 1, 2),
            assigned_by=leader,
            **state,
        )
    return leader


def cell_of(row):
    """The official cell of a row, said once more in plain Python."""
    if row["status"] == Status.STOPPED:
        return Cell.STOPPED
    due = row["due_on"]
    if row["status"] == Status.COMPLETED:
        if due is None:
            return Cell.DONE_NO_DEADLINE
        return Cell.DONE_LATE if row["completed_on"] > due else Cell.DONE_ON_TIME
    if due is None:
        return Cell.OPEN_NO_DEADLINE
    return Cell.OPEN_OVERDUE if due < TODAY else Cell.OPEN_IN_TIME


def standing_of(row):
    """How a row stands, said once more in plain Python."""
    done = {
        Cell.DONE_LATE: Standing.DONELATE,
        Cell.STOPPED: Standing.STOPPED,
        Cell.OPEN_OVERDUE: Standing.LATE,
    }
    cell = cell_of(row)
    if cell in done or row["status"] == Status.COMPLETED:
        return done.get(cell, Standing.DONE)
    if row["due_on"] and row["due_on"] <= TODAY + dt.timedelta(days=DUE_SOON):
        return Standing.SOON
    if row["status"] == Status.PAUSED:
        return Standing.PAUSED
    if row["status"] in {Status.UNASSIGNED, Status.NEW, Status.RECEIVED, Status.DECLINED}:
        return Standing.TODO
    return Standing.ONTIME if row["due_on"] else Standing.NODUE


@settings(max_examples=30)
@given(registers)
def test_the_cells_sum_to_the_total_by_field_and_by_agency(rows):
    with forgotten():
        scope = Scope.of(make_register(rows), TODAY)

        tables = by_field(scope), by_agency(scope)

        counted = [row for row in rows if row["status"] not in OUTSIDE]
        for table in tables:
            assert table.total.total == len(counted) == sum(row.total for row in table.rows)
            assert +table.total.cells == Counter(cell_of(row) for row in counted)
            for line in [*table.rows, table.total]:
                assert line.done + line.open + line.cells[Cell.STOPPED] == line.total
                assert sum(line.cells[name] for name in CELLS) == line.total
                assert line.done_of_all.denominator == line.total - line.cells[Cell.STOPPED]
                assert line.on_time_of_due.numerator <= line.on_time_of_due.denominator


@settings(max_examples=30)
@given(registers)
def test_every_row_stands_in_exactly_one_place(rows):
    with forgotten():
        scope = Scope.of(make_register(rows), TODAY)

        of_directives = standing_counts(scope.directives())
        of_assignments = standing_counts(scope.assignments())

        expected = Counter(standing_of(row) for row in rows if row["status"] not in OUTSIDE)
        assert of_directives == of_assignments == {name.value: expected[name] for name in STANDINGS}


@settings(max_examples=20)
@given(registers)
def test_every_number_equals_the_length_of_its_list(rows):
    with forgotten():
        page = overview(Scope.of(make_register(rows), TODAY, period=Period.parse("2020")))

        directives, assignments = page.scope.directives(), page.scope.assignments()
        assert page.directives.total == directives.count()
        assert page.late == late_count(page.scope) == directives.filter(standing=Standing.LATE).count()
        assert page.soon == len(page.upcoming) == directives.filter(standing=Standing.SOON).count()
        for line in page.fields.rows:
            listed = directives.filter(field=line.key)
            assert line.total == listed.count()
            assert line.cells == Counter(listed.values_list("cell", flat=True))
            assert line.standings == Counter(listed.values_list("standing", flat=True))
        for line in page.agencies.rows:
            listed = assignments.filter(agency=line.key)
            assert line.cells == Counter(listed.values_list("cell", flat=True))
            assert line.late == listed.filter(standing=Standing.LATE).count()


@settings(max_examples=20)
@given(registers, st.sampled_from(["2020-05", "2020-06", "2020-q2", "2020"]))
def test_a_shorter_period_never_counts_what_the_year_leaves_out(rows, code):
    with forgotten():
        scope = Scope.of(make_register(rows), TODAY)

        part = scope.in_period(Period.parse(code)).directives().values_list("pk", flat=True)
        year = scope.in_period(Period.parse("2020")).directives().values_list("pk", flat=True)

        assert set(part) <= set(year)


# midnight


def at(day, hour, minute):
    """A moment of the office's clock, on a server that runs in UTC."""
    local = dt.datetime.combine(day, dt.time(hour, minute), tzinfo=dt.timezone(dt.timedelta(hours=7)))
    return time_machine.travel(local.astimezone(dt.UTC), tick=False)


def test_work_due_today_is_in_time_until_midnight_in_ho_chi_minh():
    make_assignment(due_on=TODAY)
    leader = make_user("leader")

    counts = []
    for day, hour, minute in [(TODAY, 23, 59), (TODAY + dt.timedelta(days=1), 0, 1)]:
        with at(day, hour, minute), override_settings(TRACKER_TODAY=None):
            counts.append(standing_counts(Scope.of(leader, clock.today()).directives()))

    assert [(count["soon"], count["late"]) for count in counts] == [(1, 0), (0, 1)]


@pytest.mark.parametrize("hour", [7, 22, 11])  # midnight in Greenwich, in Tokyo, in New York
def test_midnight_elsewhere_changes_nothing(hour):
    for shift in (-1, 0, 1, 14, 15):
        make_assignment(due_on=TODAY + dt.timedelta(days=shift))
    leader = make_user("leader")

    counts = []
    for minute in (59, 1):
        with at(TODAY, hour - (minute == 59), minute), override_settings(TRACKER_TODAY=None):
            counts.append(standing_counts(Scope.of(leader, clock.today()).directives()))

    assert counts[0] == counts[1]


def test_a_step_just_before_midnight_belongs_to_its_day():
    leader = make_user("leader")
    with at(TODAY, 23, 59), override_settings(TRACKER_TODAY=None):
        make_report(
            make_assignment(due_on=TODAY),
            state="confirmed",
            claim="completed",
            percent=100,
            completed_on=TODAY,
            output_document="1/BC",
            at=clock.now(),
        )
    scope = Scope.of(leader, TODAY + dt.timedelta(days=5))

    then = standing_counts(scope.on(TODAY).directives())
    before = standing_counts(scope.on(TODAY - dt.timedelta(days=1)).directives())

    assert (then["done"], before["done"]) == (1, 0)


# past days

FIRST = dt.date(2020, 5, 27)
ACTS = [
    "receive",
    "start",
    "complete",
    "complete_late",
    "reopen",
    "pause",
    "resume",
    "stop",
    "withdraw",
    "restore",
]
acts = st.lists(st.tuples(st.integers(0, 3), st.sampled_from([*ACTS, "complete", "reopen"])), max_size=6)
years = st.lists(acts, min_size=3, max_size=6)


class Year:
    """Four directives whose life goes on day by day through the verbs; refused steps are simply not taken."""

    def __init__(self):
        self.leader, self.officer = make_user("leader"), make_user("officer")
        self.document, field = make_document(), make_field()
        self.directives = []
        for shift in (-10, 1, 3, 20):
            directive = Directive.register(
                by=self.officer,
                year=2020,
                title="Việc",
                field=field,
                due_on=FIRST + dt.timedelta(days=shift),
                deadline_kind="day",
            )
            DirectiveSource.objects.create(directive=directive, document=self.document, sentence="Câu gốc.")
            directive.assign(by=self.officer, lead=make_agency(), today=clock.today())
            self.directives.append((directive, directive.assignments.get()))

    def take(self, number, act):
        directive, assignment = self.directives[number]
        directive.refresh_from_db()
        assignment = Assignment.objects.get(pk=assignment.pk)
        try:
            with transaction.atomic():
                getattr(self, act)(directive, assignment)
        except ValidationError:
            pass

    def receive(self, directive, assignment):
        assignment.receive(by=make_user(agency=assignment.agency))

    def start(self, directive, assignment):
        make_report(assignment, state="submitted", as_of_on=clock.today(), at=clock.now())

    def complete(self, directive, assignment, on=None):
        make_report(
            assignment,
            state="confirmed",
            reviewer=self.officer,
            at=clock.now(),
            claim="completed",
            percent=100,
            completed_on=on or min(clock.today(), directive.due_on),
            output_document="1/BC",
        )

    def complete_late(self, directive, assignment):
        self.complete(directive, assignment, on=clock.today())

    def reopen(self, directive, assignment):
        directive.reopen(by=self.leader, reason="Kiểm tra lại.")

    def pause(self, directive, assignment):
        directive.pause(by=self.leader, reason="Chờ.", review_on=TODAY)

    def resume(self, directive, assignment):
        directive.resume(by=self.leader)

    def stop(self, directive, assignment):
        directive.stop(by=self.leader, document=self.document)

    def withdraw(self, directive, assignment):
        directive.withdraw(by=self.leader, reason="Trùng.")

    def restore(self, directive, assignment):
        directive.restore(by=self.leader, reason="Nhầm.")


def numbers(leader, today, as_of, code):
    scope = Scope.of(leader, today, as_of=as_of, period=Period.parse(code))
    fields, agencies = by_field(scope), by_agency(scope)
    return [(+table.total.cells, +table.total.standings) for table in (fields, agencies)]


@settings(max_examples=15, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(years)
@example([[(0, "complete_late")], [(0, "reopen")], [(0, "complete")]])
@example([[(1, "pause"), (2, "stop")], [(1, "resume"), (2, "withdraw")], [(1, "complete"), (2, "restore")]])
def test_a_past_day_is_recomputed_as_it_was_shown_that_day(year):
    with forgotten():
        shown = {}
        with override_settings(TRACKER_TODAY=FIRST):
            life = Year()
        for number, steps in enumerate(year):
            day = FIRST + dt.timedelta(days=number)
            with override_settings(TRACKER_TODAY=day):
                for step in steps:
                    life.take(*step)
                shown[day] = [numbers(life.leader, day, day, code) for code in ("2020", "2020-05", "2020-06")]

        after = FIRST + dt.timedelta(days=len(year) + 30)
        recomputed = {
            day: [numbers(life.leader, after, day, code) for code in ("2020", "2020-05", "2020-06")]
            for day in shown
        }

        assert recomputed == shown
