"""A past day is judged by the deadline of that day, however often it has moved since."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_completed,
    make_directive,
    make_document,
    make_group,
    make_report,
    make_user,
)
from tracker import clock
from tracker.figures.calendar import completion_curve, upcoming
from tracker.figures.overview import overview
from tracker.figures.periods import Period
from tracker.figures.register import by_agency, by_field, standing_counts
from tracker.figures.scope import Scope
from tracker.models import Assignment, Cell, Directive, ExtensionRequest, Standing, Status

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def at(day, hour=9):
    return dt.datetime.combine(day, dt.time(hour), tzinfo=NOON.tzinfo)


def extend(assignment, to, *, on, hour=9):
    """The lead asks for a day and gets it, at a moment of its own."""
    request = ExtensionRequest.ask(
        assignment,
        by=make_user(agency=assignment.agency),
        new_due_on=to,
        reason="Chờ thiết bị.",
        today=on,
        at=at(on, hour),
    )
    request.grant(by=make_user("leader"), note="Đồng ý.", at=at(on, hour))
    return request


def correct(directive, to, *, on):
    directive.correct_deadline(
        to, by=make_user("officer"), reason="Ghi nhầm ngày.", source=make_document(), at=at(on)
    )


def due_on(day, noun=Directive):
    return dict(noun.objects.as_of(day, TODAY).values_list("pk", "due_then"))


# One case after another


def test_an_extension_counts_from_its_day_on():
    lead = make_assignment(due_on=dt.date(2020, 6, 1), status="in_progress")
    extend(lead, dt.date(2020, 7, 1), on=dt.date(2020, 6, 5))
    scope = Scope.of(make_user("leader"), TODAY)

    counts = {
        day: standing_counts(scope.on(dt.date(2020, 6, day)).directives())[Standing.LATE]
        for day in (4, 5, 16)
    }

    assert counts == {4: 1, 5: 0, 16: 0}
    for noun, key in ((Directive, lead.directive_id), (Assignment, lead.pk)):
        assert due_on(dt.date(2020, 6, 4), noun)[key] == dt.date(2020, 6, 1)
        assert due_on(dt.date(2020, 6, 5), noun)[key] == dt.date(2020, 7, 1)


def test_a_step_of_the_last_minute_belongs_to_its_day():
    lead = make_assignment(due_on=dt.date(2020, 6, 1))
    extend(lead, dt.date(2020, 6, 10), on=dt.date(2020, 6, 5), hour=23)
    extend(Assignment.objects.get(pk=lead.pk), dt.date(2020, 6, 20), on=dt.date(2020, 6, 6), hour=0)

    seen = [due_on(dt.date(2020, 6, day))[lead.directive_id].day for day in (4, 5, 6)]

    assert seen == [1, 10, 20]


def test_a_day_without_a_deadline_was_without_one():
    lead = make_assignment(due_on=None, deadline_kind="ongoing")
    correct(lead.directive, dt.date(2020, 6, 30), on=dt.date(2020, 6, 10))
    other = make_assignment(due_on=dt.date(2020, 5, 1))
    correct(other.directive, None, on=dt.date(2020, 6, 10))

    before, after = due_on(dt.date(2020, 6, 9)), due_on(dt.date(2020, 6, 10))

    assert (before[lead.directive_id], after[lead.directive_id]) == (None, dt.date(2020, 6, 30))
    assert (before[other.directive_id], after[other.directive_id]) == (dt.date(2020, 5, 1), None)


def test_a_deadline_edited_before_the_assignment_is_remembered_too():
    with override_settings(TRACKER_TODAY=dt.date(2020, 6, 1)):
        directive = Directive.register(
            by=make_user("officer"),
            year=2020,
            title="Việc",
            field=make_directive().field,
            due_on=dt.date(2020, 6, 5),
            deadline_kind="day",
        )
    with override_settings(TRACKER_TODAY=dt.date(2020, 6, 8)):
        directive.edit(by=make_user("officer"), expected_version=None, due_on=dt.date(2020, 6, 25))

    assert due_on(dt.date(2020, 6, 7))[directive.pk] == dt.date(2020, 6, 5)
    assert due_on(dt.date(2020, 6, 8))[directive.pk] == dt.date(2020, 6, 25)


def test_a_decision_undone_leaves_no_day_behind():
    leader = make_user("leader")
    lead = make_assignment(due_on=dt.date(2020, 6, 30))
    request = ExtensionRequest.ask(
        lead,
        by=make_user(agency=lead.agency),
        new_due_on=dt.date(2020, 8, 1),
        reason="Chờ thiết bị.",
        today=dt.date(2020, 6, 5),
        at=at(dt.date(2020, 6, 5)),
    )
    request.grant(by=leader, at=at(dt.date(2020, 6, 8)))
    request.undo(by=leader, at=at(dt.date(2020, 6, 8)) + dt.timedelta(seconds=9))

    seen = {due_on(TODAY - shift * DAY)[lead.directive_id] for shift in range(15)}

    assert seen == {dt.date(2020, 6, 30)}


def test_a_member_of_a_group_moves_its_own_deadline_and_nobody_elses():
    members = [make_agency(), make_agency()]
    directive = make_directive(due_on=dt.date(2020, 6, 10))
    directive.assign(
        by=make_user("officer"),
        lead=make_group(*members),
        today=dt.date(2020, 2, 1),
        at=at(dt.date(2020, 2, 1)),
    )
    first, second = directive.assignments.order_by("pk")
    extend(first, dt.date(2020, 6, 30), on=dt.date(2020, 6, 8))

    then, now = due_on(dt.date(2020, 6, 7), Assignment), due_on(dt.date(2020, 6, 8), Assignment)

    assert (then[first.pk], then[second.pk]) == (dt.date(2020, 6, 10),) * 2
    assert (now[first.pk], now[second.pk]) == (dt.date(2020, 6, 30), dt.date(2020, 6, 10))
    assert due_on(TODAY)[directive.pk] == dt.date(2020, 6, 10)


def test_completed_late_then_stays_late_then_whatever_was_corrected_since():
    done = make_completed(make_assignment(due_on=dt.date(2020, 6, 1)), on=dt.date(2020, 6, 3))
    leader = make_user("leader")
    done.directive.reopen(by=leader, reason="Thiếu hồ sơ.", at=at(dt.date(2020, 6, 8)))
    correct(done.directive, dt.date(2020, 6, 30), on=dt.date(2020, 6, 9))
    make_completed(Assignment.objects.get(pk=done.pk), on=dt.date(2020, 6, 12))
    scope = Scope.of(leader, TODAY)

    cells = [scope.on(dt.date(2020, 6, day)).directives().get().cell for day in (4, 8, 9, 12)]

    assert cells == [Cell.DONE_LATE, Cell.OPEN_OVERDUE, Cell.OPEN_IN_TIME, Cell.DONE_ON_TIME]


# What is made from it


def test_overview_curve_and_lists_of_a_past_day_agree():
    leader = make_user("leader")
    moved = make_assignment(due_on=dt.date(2020, 6, 5), status="in_progress")
    make_assignment(due_on=dt.date(2020, 12, 1), status="in_progress")
    extend(moved, dt.date(2021, 3, 1), on=dt.date(2020, 6, 12))

    now = overview(Scope.of(leader, TODAY, period=Period.parse("2020")))
    then = overview(Scope.of(leader, TODAY, as_of=dt.date(2020, 6, 9), period=Period.parse("2020")))

    assert (now.late, now.late_week_ago, now.late_change) == (0, 1, -1)
    assert (then.late, then.late_assignments, then.fields.total.worst_days(dt.date(2020, 6, 9))) == (1, 1, 4)
    assert (now.curve.total, then.curve.total, then.curve.planned_by_now) == (1, 2, 1)
    assert (now.directives.total, then.directives.total) == (1, 2)


def test_what_fell_due_next_is_listed_by_the_deadline_of_the_day():
    leader = make_user("leader")
    moved = make_assignment(due_on=dt.date(2020, 6, 12), status="in_progress")
    other = make_assignment(due_on=dt.date(2020, 6, 15), status="in_progress")
    extend(moved, dt.date(2020, 6, 20), on=dt.date(2020, 6, 11))

    rows = list(upcoming(Scope.of(leader, TODAY, as_of=dt.date(2020, 6, 10))))

    assert [(row.pk, row.due_then) for row in rows] == [
        (moved.directive_id, dt.date(2020, 6, 12)),
        (other.directive_id, dt.date(2020, 6, 15)),
    ]


@pytest.mark.parametrize("url", ["/nhiem-vu/", "/luot-giao/"])
def test_the_list_of_a_past_day_prints_the_deadline_of_that_day(client, url):
    client.force_login(make_user("leader"))
    lead = make_assignment(due_on=dt.date(2020, 6, 1), status="in_progress")
    extend(lead, dt.date(2020, 7, 1), on=dt.date(2020, 6, 5))

    with override_settings(TRACKER_TODAY=TODAY):
        then = client.get(f"{url}?den=04/06/2020&tt=late").content.decode()
        now = client.get(url).content.decode()

    assert "2020-06-01" in then
    assert "2020-07-01" not in then
    assert "2020-07-01" in now


def test_moves_of_the_deadline_cost_no_query_a_row():
    leader = make_user("leader")
    scope = Scope.of(leader, TODAY, as_of=dt.date(2020, 6, 4), period=Period.parse("2020"))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            by_field(scope), by_agency(scope), completion_curve(scope), list(scope.assignments().for_list())
        return len(captured)

    extend(make_assignment(due_on=dt.date(2020, 6, 1)), dt.date(2020, 7, 1), on=dt.date(2020, 6, 5))
    one = queries()
    for _ in range(5):
        extend(make_assignment(due_on=dt.date(2020, 6, 1)), dt.date(2020, 7, 1), on=dt.date(2020, 6, 5))

    assert queries() == one


# Any history, replayed

FIRST = dt.date(2020, 5, 27)
acts = st.tuples(
    st.sampled_from(
        [
            "extend",
            "extend",
            "ask",
            "undo",
            "propose",
            "correct",
            "no_deadline",
            "complete",
            "reopen",
            "transfer",
        ]
    ),
    st.integers(0, 3),
    st.integers(0, 40),
)
histories = st.lists(st.lists(acts, max_size=4), min_size=3, max_size=8)


@contextmanager
def forgotten() -> Iterator[None]:
    """Each example starts from an empty register."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class History:
    """Two directives led by one body, one led by a group of two; steps that are refused are simply not taken."""

    def __init__(self):
        self.leader, self.officer, self.document = make_user("leader"), make_user("officer"), make_document()
        leads = [make_agency(), make_agency(), make_group(make_agency(), make_agency())]
        self.directives = []
        for lead, shift in zip(leads, (-3, 4, 2), strict=True):
            directive = make_directive(due_on=FIRST + shift * DAY, created_at=clock.now())
            directive.log("registered", by=self.officer, to=Status.UNASSIGNED)
            directive.assign(by=self.officer, lead=lead, cooperating=[make_agency()], today=clock.today())
            self.directives.append(directive)

    def take(self, act, number, days):
        leads = Assignment.objects.leading().active().filter(directive__in=self.directives).order_by("pk")
        assignment = list(leads)[number % len(leads)]
        try:
            with transaction.atomic():
                getattr(self, act)(assignment, (assignment.due_on or FIRST) + days * DAY)
        except ValidationError:
            pass

    def ask(self, assignment, day):
        return ExtensionRequest.ask(
            assignment,
            by=make_user(agency=assignment.agency),
            new_due_on=day,
            reason="Chờ vốn.",
            today=clock.today(),
        )

    def extend(self, assignment, day):
        self.ask(assignment, day).grant(by=self.leader, note="Đồng ý.")

    def propose(self, assignment, day):
        request = self.ask(assignment, day + DAY)
        request.propose(day, by=self.leader, today=clock.today(), note="Sớm hơn.")
        request.accept(by=request.author)

    def undo(self, assignment, day):
        request = self.ask(assignment, day)
        request.grant(by=self.leader, note="Đồng ý.")
        request.undo(by=self.leader)
        request.take_back(by=request.author)

    def correct(self, assignment, day):
        assignment.directive.correct_deadline(day, by=self.officer, reason="Ghi nhầm.", source=self.document)

    def no_deadline(self, assignment, day):
        self.correct(assignment, None)

    def complete(self, assignment, day):
        make_report(
            assignment,
            state="confirmed",
            reviewer=self.officer,
            at=clock.now(),
            claim="completed",
            percent=100,
            completed_on=clock.today(),
            output_document="1/BC",
        )

    def reopen(self, assignment, day):
        assignment.directive.reopen(by=self.leader, reason="Kiểm tra lại.")

    def transfer(self, assignment, day):
        assignment.transfer(by=self.officer, to=make_agency(), reason="Đúng chức năng.", today=clock.today())


def stood(noun):
    """Status, deadline and completion of every row as the tables hold them today."""
    return {
        row.pk: (row.status, row.due_on, row.completed_on if row.status == Status.COMPLETED else None)
        for row in noun.objects.all()
    }


def recomputed(noun, day, today):
    rows = noun.objects.as_of(day, today).values_list("pk", "status_then", "due_then", "completed_then")
    return {pk: (status, due, completed) for pk, status, due, completed in rows}


@settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(histories)
@example([[("extend", 0, 9)], [("no_deadline", 0, 0)], [("extend", 2, 5), ("correct", 3, 7)]])
@example([[("extend", 0, 9), ("undo", 0, 3)], [("transfer", 0, 0), ("extend", 0, 4)], [("propose", 1, 6)]])
@example(
    [[("complete", 0, 0), ("reopen", 0, 0), ("correct", 0, 12)], [("extend", 0, 2)], [("complete", 0, 0)]]
)
def test_every_past_day_is_recomputed_as_the_tables_held_it(history):
    with forgotten():
        with override_settings(TRACKER_TODAY=FIRST):
            life = History()
        held = {}
        for number, steps in enumerate(history):
            day = FIRST + number * DAY
            with override_settings(TRACKER_TODAY=day):
                for step in steps:
                    life.take(*step)
            held[day] = stood(Directive), stood(Assignment)

        after = FIRST + (len(history) + 5) * DAY
        again = {day: (recomputed(Directive, day, after), recomputed(Assignment, day, after)) for day in held}

        assert again == held
