"""The life of directives and assignments: every step that exists and every one that does not."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_completed,
    make_directive,
    make_document,
    make_field,
    make_group,
    make_report,
    make_user,
)
from tracker.models import NEXT, Directive, StaleVersion, Status, WrongStep
from tracker.models.lifecycle import DIRECTIVE_NEXT

JULY = dt.date(2020, 7, 1)


def put(record, status):
    """Bring a row into a state past the verbs: a withdrawn record may be restored to any."""
    if record.status != Status.WITHDRAWN:
        type(record).objects.filter(pk=record.pk).update(status=Status.WITHDRAWN)
    if status != Status.WITHDRAWN:
        type(record).objects.filter(pk=record.pk).update(status=status, completed_on=TODAY)
    record.refresh_from_db()


def database_takes(record, status):
    try:
        with transaction.atomic():
            type(record).objects.filter(pk=record.pk).update(status=status, completed_on=TODAY)
    except DatabaseError:
        return False
    return True


@pytest.mark.django_db
@pytest.mark.parametrize("old", Status)
@pytest.mark.parametrize(("make", "table"), [(make_directive, DIRECTIVE_NEXT), (make_assignment, NEXT)])
def test_the_database_takes_exactly_the_steps_of_the_table(make, table, old):
    record = make()
    taken = set()

    for new in set(Status) - {old}:
        put(record, old)
        if database_takes(record, new):
            taken.add(new)
        record.refresh_from_db()
        assert record.status == (new if new in taken else old)

    assert taken == table[old] - {old}


@pytest.mark.django_db
@pytest.mark.parametrize("old", Status)
@pytest.mark.parametrize(("make", "table"), [(make_directive, DIRECTIVE_NEXT), (make_assignment, NEXT)])
def test_a_step_of_the_table_is_logged_and_any_other_refused(make, table, old):
    officer, record = make_user("officer"), make()
    kind = "restored" if old == Status.WITHDRAWN else "edited"

    for new in set(Status) - {old}:
        put(record, old)
        record.completed_on = TODAY
        before = record.events.count()
        if new in table[old]:
            record.move_to(new, kind, by=officer, save=["completed_on"])
        else:
            with pytest.raises(WrongStep):
                record.move_to(new, kind, by=officer)

        stored = type(record).objects.get(pk=record.pk)
        assert stored.status == (new if new in table[old] else old)
        assert stored.events.count() == before + (new in table[old])


@pytest.mark.django_db
def test_an_unknown_state_is_refused_by_the_database():
    directive = make_directive()

    with pytest.raises(DatabaseError), transaction.atomic():
        Directive.objects.filter(pk=directive.pk).update(status="lost")


# Registering and assigning


@pytest.mark.django_db
def test_codes_follow_each_other_and_are_never_used_again():
    officer, field = make_user("officer"), make_field()

    def register(year):
        return Directive.register(
            by=officer, year=year, title="Rà soát", field=field, deadline_kind="none"
        ).code

    codes = [register(2020), register(2020), register(2021)]
    Directive.objects.get(code=codes[1]).withdraw(by=officer, reason="Nhập nhầm.")
    codes.append(register(2020))

    assert codes == ["NV-2020-001", "NV-2020-002", "NV-2021-001", "NV-2020-003"]


@pytest.mark.django_db
def test_a_group_becomes_one_assignment_for_each_member_of_the_day():
    present, past = make_agency(), make_agency(valid_to=dt.date(2019, 12, 31))
    left = make_agency()
    group = make_group(present, past)
    group.memberships.create(member=left, valid_to=dt.date(2019, 12, 31))
    directive = make_directive()

    directive.assign(by=make_user("officer"), lead=group, today=TODAY)

    row = directive.assignments.get()
    assert (row.agency, row.via_group, row.role) == (present, group, "lead")
    assert directive.agency_count == 1


@pytest.mark.django_db
def test_an_empty_group_cannot_lead():
    with pytest.raises(ValidationError):
        make_directive().assign(by=make_user("officer"), lead=make_group(), today=TODAY)


@pytest.mark.django_db
def test_the_original_deadline_is_fixed_at_the_assignment():
    directive = make_assignment().directive

    directive.correct_deadline(JULY, by=make_user("officer"), reason="Đọc nhầm.", source=make_document())

    row = directive.assignments.get()
    assert (directive.original_due_on, directive.due_on) == (dt.date(2020, 6, 30), JULY)
    assert (row.original_due_on, row.due_on) == (dt.date(2020, 6, 30), JULY)


@pytest.mark.django_db
def test_after_the_assignment_an_edit_leaves_the_deadline_alone():
    directive = make_assignment().directive

    with pytest.raises(ValidationError) as refused:
        directive.edit(by=make_user("officer"), expected_version=None, reason="Đính chính.", due_on=JULY)

    assert set(refused.value.message_dict) == {"due_on"}
    directive.refresh_from_db()
    assert directive.due_on == dt.date(2020, 6, 30)


@pytest.mark.django_db
def test_exactly_one_body_leads():
    directive = make_assignment().directive

    with pytest.raises(WrongStep):
        directive.assign(by=make_user("officer"), lead=make_agency(), today=TODAY)

    assert directive.assignments.leading().count() == 1


@pytest.mark.django_db
def test_adding_a_body_leaves_a_refusal_unanswered():
    assignment = make_assignment()
    assignment.decline(by=make_user(agency=assignment.agency), reason="Không đúng chức năng.")

    assignment.directive.assign(by=make_user("officer"), cooperating=[make_agency()], today=TODAY)

    assignment.refresh_from_db()
    assert assignment.status == Status.DECLINED


@pytest.mark.django_db
def test_assigning_to_many_is_one_moment():
    directive = make_directive()

    directive.assign(by=make_user("officer"), lead=make_group(make_agency(), make_agency()), today=TODAY)

    assert directive.events.filter(kind="assigned").values("at").distinct().count() == 1


# Steps of the whole directive


def led_by_many(*states):
    """A directive given to a group, its assignments brought to these states."""
    directive = make_directive()
    group = make_group(*[make_agency() for _ in states])
    directive.assign(by=make_user("officer"), lead=group, today=dt.date(2020, 1, 14))
    for row, state in zip(directive.assignments.order_by("pk"), states, strict=True):
        if state in {Status.RECEIVED, Status.IN_PROGRESS}:
            row.receive(by=make_user(agency=row.agency))
        if state == Status.IN_PROGRESS:
            make_report(row, state="confirmed", percent=10)
        if state == Status.COMPLETED:
            make_completed(row)
        if state == Status.DECLINED:
            row.decline(by=make_user(agency=row.agency), reason="Không đúng chức năng.")
    directive.refresh_from_db()
    return directive


def states_of(directive):
    directive.refresh_from_db()
    return directive.status, list(directive.assignments.order_by("pk").values_list("status", flat=True))


MANY = [Status.NEW, Status.RECEIVED, Status.IN_PROGRESS, Status.DECLINED, Status.COMPLETED]


@pytest.mark.django_db
def test_a_pause_holds_everything_open_and_ends_where_each_stood():
    directive, leader = led_by_many(*MANY), make_user("leader")
    before = states_of(directive)

    directive.pause(by=leader, reason="Dịch bệnh.", review_on=JULY)
    paused = states_of(directive)
    directive.resume(by=leader)

    assert paused == (Status.PAUSED, [*[Status.PAUSED] * 4, Status.COMPLETED])
    assert states_of(directive) == before


@pytest.mark.django_db
def test_a_withdrawal_takes_everything_along_and_restoring_puts_it_back():
    directive, leader = led_by_many(*MANY), make_user("leader")
    before = states_of(directive)

    directive.withdraw(by=leader, reason="Giao nhầm.")
    withdrawn = states_of(directive)
    directive.restore(by=leader, reason="Giao đúng.")

    assert withdrawn == (Status.WITHDRAWN, [Status.WITHDRAWN] * 5)
    assert states_of(directive) == before


@pytest.mark.django_db
def test_a_stopped_directive_that_is_withdrawn_takes_its_assignments_along():
    directive, leader = led_by_many(Status.NEW, Status.NEW), make_user("leader")
    directive.stop(by=leader, document=make_document())

    directive.withdraw(by=leader, reason="Giao nhầm.")
    withdrawn = states_of(directive)
    directive.restore(by=leader, reason="Giao đúng.")

    assert withdrawn == (Status.WITHDRAWN, [Status.WITHDRAWN] * 2)
    assert states_of(directive) == (Status.STOPPED, [Status.STOPPED] * 2)


@pytest.mark.django_db
def test_a_pause_that_was_withdrawn_and_restored_is_still_that_pause():
    directive, leader = led_by_many(Status.RECEIVED, Status.NEW), make_user("leader")
    before = states_of(directive)
    directive.pause(by=leader, reason="Dịch bệnh.", review_on=JULY)

    directive.withdraw(by=leader, reason="Giao nhầm.")
    directive.restore(by=leader, reason="Giao đúng.")
    restored = states_of(directive)
    review_on = directive.review_on
    directive.resume(by=leader)

    assert restored == (Status.PAUSED, [Status.PAUSED] * 2)
    assert review_on == JULY
    assert states_of(directive) == before


@pytest.mark.django_db
def test_a_stop_needs_no_reason_but_its_document_and_leaves_what_is_completed():
    directive, leader = led_by_many(Status.IN_PROGRESS, Status.COMPLETED), make_user("leader")
    document = make_document()

    directive.stop(by=leader, document=document)

    assert states_of(directive) == (Status.STOPPED, [Status.STOPPED, Status.COMPLETED])
    assert directive.events.get(kind="stopped", assignment=None).document == document


@pytest.mark.django_db
def test_reopening_keeps_the_old_completion_in_the_log():
    directive, leader = make_completed().directive, make_user("leader")

    directive.reopen(by=leader, reason="Chưa đủ.")

    assert states_of(directive) == (Status.IN_PROGRESS, [Status.IN_PROGRESS])
    assert directive.completed_on is None
    kinds = directive.events.filter(assignment=None).values_list("kind", "to_status")
    assert ("reopened", Status.IN_PROGRESS) in kinds
    assert Status.COMPLETED in {to for _kind, to in kinds}


@pytest.mark.django_db
def test_completing_closes_the_part_of_those_who_co_operate():
    assignment = make_assignment()
    helper = make_agency()
    assignment.directive.assign(by=make_user("officer"), cooperating=[helper], today=TODAY)

    make_completed(assignment)

    assert assignment.directive.assignments.get(agency=helper).status == Status.STOPPED


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["pause", "resume", "stop", "reopen"])
def test_a_withdrawn_directive_takes_no_step_but_restoring(verb):
    directive, leader = led_by_many(Status.NEW), make_user("leader")
    directive.withdraw(by=leader, reason="Giao nhầm.")
    before = states_of(directive)
    details = {
        "pause": {"reason": "x", "review_on": JULY},
        "stop": {"document": make_document()},
        "resume": {},
    }.get(verb, {"reason": "x"})

    with pytest.raises(WrongStep):
        getattr(directive, verb)(by=leader, **details)

    assert states_of(directive) == before


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["receive", "decline", "give_again"])
def test_a_withdrawn_assignment_takes_no_step(verb):
    directive, leader = led_by_many(Status.NEW), make_user("leader")
    directive.withdraw(by=leader, reason="Giao nhầm.")
    details = {"decline": {"reason": "x"}, "give_again": {"answer": "x"}}.get(verb, {})

    with pytest.raises(WrongStep):
        getattr(directive.assignments.get(), verb)(by=leader, **details)

    assert states_of(directive) == (Status.WITHDRAWN, [Status.WITHDRAWN])


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["confirm", "send_back"])
@pytest.mark.parametrize("step", ["pause", "withdraw", "stop"])
def test_work_that_rests_or_has_left_the_register_is_not_reviewed(step, verb):
    report, leader = make_report(state="submitted"), make_user("leader")
    directive = report.assignment.directive
    details = {"pause": {"reason": "x", "review_on": JULY}, "stop": {"document": make_document()}}
    getattr(directive, step)(by=leader, **details.get(step, {"reason": "x"}))
    before = states_of(directive)

    with pytest.raises(WrongStep):
        getattr(report, verb)(by=leader, note="x")

    report.refresh_from_db()
    assert report.status == "submitted"
    assert states_of(directive) == before


@pytest.mark.django_db
def test_a_transfer_while_paused_waits_for_the_end_of_the_pause():
    assignment = make_assignment()
    directive, leader = assignment.directive, make_user("leader")
    directive.assign(by=make_user("officer"), cooperating=[make_agency()], today=TODAY)
    directive.pause(by=leader, reason="Dịch bệnh.", review_on=JULY)
    assignment.refresh_from_db()

    linked = assignment.transfer(by=make_user("officer"), to=make_agency(), reason="Sáp nhập.", today=TODAY)
    paused = states_of(directive)
    directive.resume(by=leader)

    assert paused[0] == Status.PAUSED
    linked.refresh_from_db()
    assert linked.status == Status.NEW
    assert states_of(directive)[0] == Status.NEW


@pytest.mark.django_db
def test_every_step_is_in_the_log_with_who_from_where_to_where_and_why():
    assignment, leader = make_assignment(), make_user("leader")

    assignment.directive.pause(by=leader, reason="Dịch bệnh.", review_on=JULY, at=NOON)

    whole, part = assignment.directive.events.filter(kind="paused").order_by("assignment")[::-1]
    if whole.assignment_id:
        whole, part = part, whole
    for event in (whole, part):
        assert (event.from_status, event.to_status) == (Status.NEW, Status.PAUSED)
        assert (event.by, event.by_agency, event.at) == (leader, leader.agency, NOON)
        assert event.reason == "Dịch bệnh."
    assert part.assignment == assignment


# Two at once


def run_together(*works):
    """Run these in threads of their own, each with its own connection; their exceptions, in order."""
    raised = [None] * len(works)
    barrier = threading.Barrier(len(works))

    def run(place, work):
        barrier.wait()
        try:
            work()
        except Exception as error:
            raised[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_of_two_edits_at_once_one_is_kept_and_the_other_told():
    directive = make_directive()
    officers = [make_user("officer"), make_user("officer")]

    def edit(officer):
        return lambda: Directive.objects.get(pk=directive.pk).edit(
            by=officer, expected_version=1, note=officer.username
        )

    raised = run_together(*[edit(officer) for officer in officers])

    directive.refresh_from_db()
    assert sorted(type(error).__name__ for error in raised) == ["NoneType", "StaleVersion"]
    loser = raised.index(next(error for error in raised if error))
    assert directive.note == officers[1 - loser].username
    assert isinstance(raised[loser], StaleVersion)
    assert directive.events.filter(kind="edited").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_pauses_at_once_one_is_taken():
    directive = make_assignment().directive
    leaders = [make_user("leader"), make_user("leader")]

    def pause(leader):
        return lambda: Directive.objects.get(pk=directive.pk).pause(
            by=leader, reason="Dịch bệnh.", review_on=JULY
        )

    raised = run_together(*[pause(leader) for leader in leaders])

    assert sorted(type(error).__name__ for error in raised) == ["NoneType", "WrongStep"]
    assert states_of(directive) == (Status.PAUSED, [Status.PAUSED])
    assert directive.events.filter(kind="paused", assignment=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_enter_directives_at_once_get_two_codes():
    officer, field = make_user("officer"), make_field()

    def register():
        Directive.register(by=officer, year=2020, title="Rà soát", field=field, deadline_kind="none")

    raised = run_together(register, register, register)

    assert raised == [None, None, None]
    assert sorted(Directive.objects.values_list("code", flat=True)) == [
        "NV-2020-001",
        "NV-2020-002",
        "NV-2020-003",
    ]


# What is stored beside the assignments equals what they say


class LatestProgress(TestCase):
    """Any sequence of reports, confirmed or not, leaves the stored progress equal to the recomputed one."""

    @settings(max_examples=12, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 1),
                st.integers(0, 100),
                st.dates(dt.date(2020, 2, 1), TODAY),
                st.sampled_from(["confirmed", "returned", "submitted", "draft"]),
            ),
            max_size=8,
        )
    )
    def test_latest_progress_equals_what_the_reports_say(self, reports):
        directive = led_by_many(Status.NEW, Status.NEW)
        rows = list(directive.assignments.order_by("pk"))
        officer = make_user("officer")
        authors = [make_user(agency=row.agency) for row in rows]

        for place, percent, as_of_on, state in reports:
            if not rows[place].reports.in_hand().exists():
                make_report(
                    rows[place],
                    state=state,
                    by=authors[place],
                    reviewer=officer,
                    percent=percent,
                    as_of_on=as_of_on,
                    decrease_reason="Tính lại.",
                )

        for row in rows:
            row.refresh_from_db()
            newest = max(
                row.reports.filter(status="confirmed"), key=lambda one: (one.as_of_on, one.pk), default=None
            )
            assert row.percent == (newest.percent if newest else 0)
            assert row.progress_on == (newest.as_of_on if newest else None)
            assert row.progress_note == (newest.done[:200] if newest else "")
        directive.refresh_from_db()
        dates = [row.progress_on for row in rows if row.progress_on]
        assert directive.percent == sum(row.percent for row in rows) // 2
        assert directive.progress_on == max(dates, default=None)
        assert directive.agency_count == 2
