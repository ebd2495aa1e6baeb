"""Every rule of an extension: who asks for what, what each decision moves, what is refused, what undo brings back."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_completed,
    make_department,
    make_directive,
    make_document,
    make_extension,
    make_group,
    make_report,
    make_user,
)
from tracker.figures.extensions import Tab, cut, steps_of
from tracker.models import (
    Assignment,
    Configuration,
    DirectiveEvent,
    ExtensionRequest,
    ExtensionStatus,
    Status,
    WrongStep,
)
from tracker.models.extensions import UNDO_GRACE, UNDO_SECONDS

pytestmark = pytest.mark.django_db

JUNE, MID_JULY, JULY = dt.date(2020, 6, 30), dt.date(2020, 7, 15), dt.date(2020, 7, 31)
TOO_LATE = dt.timedelta(seconds=UNDO_SECONDS + UNDO_GRACE + 1)


def ask(assignment, **changes):
    values = {"new_due_on": MID_JULY, "reason": "Chờ thiết bị.", "today": TODAY, "at": NOON} | changes
    return ExtensionRequest.ask(assignment, by=make_user(agency=assignment.agency), **values)


def dates(assignment):
    """The current deadline of the assignment and of its directive, and both originals."""
    assignment.refresh_from_db()
    directive = assignment.directive
    return assignment.due_on, directive.due_on, assignment.original_due_on, directive.original_due_on


def counts(assignment):
    assignment.refresh_from_db()
    return assignment.extension_count, assignment.directive.extension_count


def steps(directive):
    log = directive.events.exclude(kind__in=["assigned", "received", "registered", "summed_up"])
    return [(step.kind, step.due_on_before, step.due_on_after) for step in log.order_by("pk")]


# Asking


def test_the_lead_asks_and_nothing_moves_yet():
    assignment = make_assignment(due_on=JUNE)
    clerk = make_user(agency=assignment.agency)

    request = ExtensionRequest.ask(
        assignment,
        by=clerk,
        new_due_on=MID_JULY,
        reason="  Chờ thiết bị. ",
        document="45/TTr",
        today=TODAY,
        at=NOON,
    )

    assert (request.status, request.author, request.agency) == ("asked", clerk, assignment.agency)
    assert (request.due_on_before, request.new_due_on) == (JUNE, MID_JULY)
    assert (request.reason, request.document, request.ordinal) == ("Chờ thiết bị.", "45/TTr", 1)
    assert not request.is_after_deadline
    assert dates(assignment) == (JUNE, JUNE, JUNE, JUNE)
    step = assignment.events.get(kind="extension_asked")
    assert (step.due_on_before, step.due_on_after, step.reason) == (JUNE, MID_JULY, "Chờ thiết bị.")


@pytest.mark.parametrize(
    ("due_on", "is_after"), [(dt.date(2020, 6, 15), True), (TODAY, False), (JUNE, False)]
)
def test_a_request_after_the_deadline_is_marked_and_the_last_day_is_still_in_time(due_on, is_after):
    assert ask(make_assignment(due_on=due_on)).is_after_deadline == is_after


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"new_due_on": JUNE}, "new_due_on"),
        ({"new_due_on": dt.date(2020, 6, 29)}, "new_due_on"),
        ({"new_due_on": dt.date(2101, 1, 1)}, "new_due_on"),
        ({"reason": " ab "}, "reason"),
        ({"reason": "x" * 1001}, "reason"),
        ({"document": "x" * 201}, "document"),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field(changes, field):
    assignment = make_assignment(due_on=JUNE)

    with pytest.raises(ValidationError) as refusal:
        ask(assignment, **changes)

    assert set(refusal.value.message_dict) == {field}
    assert not ExtensionRequest.objects.exists()


def test_a_new_deadline_in_the_past_is_refused_even_after_an_older_one():
    with pytest.raises(ValidationError, match="ngày đã qua"):
        ask(make_assignment(due_on=dt.date(2020, 5, 31)), new_due_on=dt.date(2020, 6, 15))


@pytest.mark.parametrize("length", [3, 1000])
def test_the_reason_has_three_to_a_thousand_characters(length):
    assert len(ask(make_assignment(), reason="x" * length).reason) == length


def test_never_later_than_the_deadline_of_the_larger_directive():
    parent = make_directive(due_on=MID_JULY)
    part = make_assignment(directive=make_directive(due_on=JUNE, parent=parent))

    with pytest.raises(ValidationError, match="nhiệm vụ lớn"):
        ask(part, new_due_on=dt.date(2020, 7, 16))
    assert ask(part, new_due_on=MID_JULY).status == "asked"


def test_an_occurrence_of_yearly_work_has_no_larger_deadline():
    parent = make_directive(due_on=None, deadline_kind="yearly")
    child = make_assignment(directive=make_directive(due_on=JUNE, parent=parent, occurrence_year=2020))

    assert ask(child, new_due_on=JULY).status == "asked"


def test_only_the_lead_asks():
    directive = make_assignment(due_on=JUNE).directive
    helper = directive.assign(by=make_user("officer"), cooperating=[make_agency()], today=TODAY)[0]

    with pytest.raises(ValidationError, match="Chỉ cơ quan chủ trì"):
        ask(helper)


def test_work_without_a_deadline_cannot_be_extended():
    with pytest.raises(ValidationError, match="không có hạn"):
        ask(make_assignment(due_on=None, deadline_kind="ongoing"))


def test_only_one_request_at_a_time_and_another_once_it_is_closed():
    assignment = make_assignment(due_on=JUNE)
    first = ask(assignment)

    with pytest.raises(WrongStep, match="chưa xong"):
        ask(assignment)
    first.take_back(by=first.author)

    assert ask(assignment).pk != first.pk


def test_the_database_itself_holds_one_open_request():
    first = make_extension()

    with pytest.raises(IntegrityError), transaction.atomic():
        ExtensionRequest.objects.create(
            assignment=first.assignment,
            author=first.author,
            agency=first.agency,
            due_on_before=JUNE,
            new_due_on=JULY,
            reason="Chờ.",
        )


def test_the_database_itself_refuses_a_step_that_does_not_exist():
    request = make_extension(state="refused")

    with pytest.raises(Exception, match="transition"), transaction.atomic():
        ExtensionRequest.objects.filter(pk=request.pk).update(status=ExtensionStatus.TAKEN_BACK)


@pytest.mark.parametrize("state", [Status.COMPLETED, Status.DECLINED, Status.STOPPED, Status.AWAITING])
def test_work_that_has_ended_or_waits_for_confirmation_is_not_extended(state):
    assignment = make_completed(due_on=JUNE) if state == Status.COMPLETED else make_assignment(due_on=JUNE)
    if state == Status.DECLINED:
        assignment.decline(by=make_user(agency=assignment.agency), reason="Không đúng chức năng.")
    elif state == Status.STOPPED:
        assignment.directive.stop(by=make_user("leader"), document=make_document())
    elif state == Status.AWAITING:
        make_report(
            assignment,
            state="submitted",
            claim="completed",
            percent=100,
            completed_on=TODAY,
            output_document="1/BC",
        )

    with pytest.raises(WrongStep):
        ask(assignment)


def test_paused_work_may_be_extended():
    assignment = make_assignment(due_on=JUNE)
    assignment.directive.pause(by=make_user("leader"), reason="Dịch.", review_on=JULY)

    assert ask(assignment).status == "asked"


# Deciding


def test_agreeing_moves_the_current_deadline_and_never_the_original():
    assignment = make_assignment(due_on=JUNE, status=Status.RECEIVED)
    helper = assignment.directive.assign(by=make_user("officer"), cooperating=[make_agency()], today=TODAY)[0]
    request, leader = ask(assignment), make_user("leader")

    request.grant(by=leader, note="Đồng ý.", at=NOON)

    assert dates(assignment) == (MID_JULY, MID_JULY, JUNE, JUNE)
    assert dates(helper)[0] == MID_JULY
    assert counts(assignment) == (1, 1)
    assert (request.status, request.decided_by, request.decided_at) == ("granted", leader, NOON)
    assert (request.moved_from, request.granted_due_on) == (JUNE, MID_JULY)
    assert steps(assignment.directive) == [
        ("extension_asked", JUNE, MID_JULY),
        ("extended", JUNE, MID_JULY),
        ("deadline_followed", JUNE, MID_JULY),
        ("deadline_followed", JUNE, MID_JULY),
    ]


def test_a_member_of_a_group_moves_its_own_deadline_only():
    agencies = [make_agency(), make_agency()]
    directive = make_directive(due_on=JUNE)
    directive.assign(by=make_user("officer"), lead=make_group(*agencies), today=TODAY)
    mine, other = directive.assignments.order_by("pk")

    ask(mine).grant(by=make_user("leader"), at=NOON)

    assert dates(mine)[:2] == (MID_JULY, JUNE)
    assert dates(other)[:2] == (JUNE, JUNE)
    assert (counts(mine), counts(other)) == ((1, 1), (0, 1))


def test_refusing_needs_a_reason_and_moves_nothing():
    request = make_extension()
    assignment = request.assignment

    with pytest.raises(ValidationError) as refusal:
        request.refuse(by=make_user("leader"), note=" ")
    request.refuse(by=make_user("leader"), note="Chưa đủ căn cứ.", at=NOON)

    assert set(refusal.value.message_dict) == {"note"}
    assert dates(assignment)[:2] == (JUNE, JUNE)
    assert counts(assignment) == (0, 0)
    assert assignment.events.get(kind="extension_refused").reason == "Chưa đủ căn cứ."


def test_another_date_moves_nothing_until_the_lead_accepts_it():
    request = make_extension()
    assignment, clerk = request.assignment, request.author

    request.propose(dt.date(2020, 7, 10), by=make_user("leader"), note="Sớm hơn.", today=TODAY, at=NOON)
    before = dates(assignment)[:2]
    request.accept(by=clerk, note="Nhất trí.", at=NOON)

    assert before == (JUNE, JUNE)
    assert dates(assignment) == (dt.date(2020, 7, 10), dt.date(2020, 7, 10), JUNE, JUNE)
    assert (request.status, request.answered_by, request.answer_note) == ("granted", clerk, "Nhất trí.")
    assert counts(assignment) == (1, 1)


def test_the_lead_does_not_accept_with_a_reason():
    request = make_extension(state="proposed")

    with pytest.raises(ValidationError) as refusal:
        request.decline(by=request.author, note="")
    request.decline(by=request.author, note="Không kịp nhập thiết bị.", at=NOON)

    assert set(refusal.value.message_dict) == {"note"}
    assert request.status == "not_accepted"
    assert dates(request.assignment)[:2] == (JUNE, JUNE)
    assert request.assignment.events.filter(kind="proposal_declined").count() == 1


@pytest.mark.parametrize(
    ("day", "match"),
    [
        (MID_JULY, "chính là ngày cơ quan xin"),
        (JUNE, "sau hạn hiện nay"),
        (dt.date(2020, 6, 20), "sau hạn hiện nay"),
    ],
)
def test_a_proposal_is_another_date_after_the_present_deadline(day, match):
    with pytest.raises(ValidationError, match=match):
        make_extension().propose(day, by=make_user("leader"), today=TODAY)


def test_a_proposal_that_the_deadline_has_overtaken_no_longer_holds():
    request = make_extension(state="proposed")
    directive = request.assignment.directive
    directive.correct_deadline(JULY, by=make_user("officer"), reason="Nhầm.", source=make_document())

    with pytest.raises(WrongStep, match="không còn phù hợp"):
        request.accept(by=request.author)


def test_a_decision_names_the_version_that_was_read():
    request = make_extension()

    with pytest.raises(WrongStep, match="đã thay đổi"):
        request.grant(by=make_user("leader"), expected_version=request.version + 1)


@pytest.mark.parametrize("state", ["granted", "refused", "proposed"])
def test_a_request_is_decided_once(state):
    request = make_extension(state=state)

    for decide in (
        lambda: request.grant(by=make_user("leader")),
        lambda: request.refuse(by=make_user("leader"), note="Không."),
        lambda: request.propose(JULY, by=make_user("leader"), today=TODAY),
        lambda: request.take_back(by=request.author),
    ):
        with pytest.raises(WrongStep):
            decide()


# The limit


def extended(times: int) -> Assignment:
    assignment = make_assignment(due_on=JUNE, status=Status.RECEIVED)
    for number in range(times):
        day = MID_JULY + dt.timedelta(days=number)
        ask(assignment, new_due_on=day).grant(by=make_user("leader"), note="Đồng ý.", at=NOON)
    return assignment


@pytest.mark.parametrize(("limit", "granted", "is_beyond"), [(1, 0, False), (1, 1, True), (2, 1, False)])
def test_the_office_says_how_many_extensions_need_no_exception(limit, granted, is_beyond):
    Configuration.objects.update_or_create(pk=1, defaults={"extension_limit": limit})
    request = ask(extended(granted), new_due_on=JULY)

    assert request.needs_leader == is_beyond
    assert ExtensionRequest.objects.for_list().get(pk=request.pk).needs_leader == is_beyond


def test_beyond_the_limit_agreeing_and_proposing_need_a_reason():
    request = ask(extended(1), new_due_on=JULY)

    for decide in (
        lambda: request.grant(by=make_user("leader")),
        lambda: request.propose(dt.date(2020, 7, 20), by=make_user("leader"), today=TODAY),
    ):
        with pytest.raises(ValidationError) as refusal:
            decide()
        assert set(refusal.value.message_dict) == {"note"}
    request.grant(by=make_user("leader"), note="Vì dịch bệnh.")

    assert (request.ordinal, counts(request.assignment)) == (2, (2, 2))


def test_from_the_third_on_the_record_counts_three_and_the_original_still_stands():
    assignment = extended(3)

    assert counts(assignment) == (3, 3)
    assert dates(assignment) == (dt.date(2020, 7, 17), dt.date(2020, 7, 17), JUNE, JUNE)


# Taking a decision back


@pytest.mark.parametrize("state", ["granted", "refused", "proposed"])
def test_undo_brings_everything_back_to_where_it_stood(state):
    leader = make_user("leader")
    request = make_extension(state=state, decider=leader)
    assignment = request.assignment

    request.undo(by=leader, at=NOON + dt.timedelta(seconds=UNDO_SECONDS))

    assert request.status == "asked"
    assert dates(assignment) == (JUNE, JUNE, JUNE, JUNE)
    assert counts(assignment) == (0, 0)
    left = ("decided_by", "decided_at", "granted_due_on", "moved_from", "proposed_by", "proposed_due_on")
    assert [getattr(request, name) for name in left] == [None] * 6
    assert (request.decision_note, request.proposal_note) == ("", "")
    assert assignment.directive.events.filter(kind="decision_undone").count() == 1
    request.grant(by=leader, at=NOON)
    assert dates(assignment)[0] == MID_JULY


def test_undo_moves_what_followed_back_too():
    leader = make_user("leader")
    assignment = make_assignment(due_on=JUNE)
    helper = assignment.directive.assign(by=leader, cooperating=[make_agency()], today=TODAY)[0]
    request = ask(assignment)
    request.grant(by=leader, at=NOON)

    request.undo(by=leader, at=NOON)

    assert dates(helper) == (JUNE, JUNE, JUNE, JUNE)


def test_after_the_seconds_and_their_grace_the_decision_stands():
    leader = make_user("leader")
    request = make_extension(state="granted", decider=leader)

    with pytest.raises(WrongStep, match="quá mười giây"):
        request.undo(by=leader, at=NOON + TOO_LATE)
    assert dates(request.assignment)[0] == MID_JULY
    request.undo(by=leader, at=NOON + dt.timedelta(seconds=UNDO_SECONDS + UNDO_GRACE))


def test_nobody_takes_back_the_decision_of_another():
    request = make_extension(state="granted")

    with pytest.raises(WrongStep, match="Chỉ người đã quyết định"):
        request.undo(by=make_user("leader"), at=NOON)


def test_what_the_lead_accepted_is_not_undone():
    leader = make_user("leader")
    request = make_extension(state="proposed", decider=leader)
    request.accept(by=request.author, at=NOON)

    with pytest.raises(WrongStep):
        request.undo(by=leader, at=NOON)


def test_undo_is_refused_when_the_deadline_has_moved_again():
    leader = make_user("leader")
    request = make_extension(state="granted", decider=leader)
    directive = request.assignment.directive
    directive.correct_deadline(JULY, by=make_user("officer"), reason="Nhầm.", source=make_document())

    with pytest.raises(WrongStep, match="vừa được đổi"):
        request.undo(by=leader, at=NOON)
    assert dates(request.assignment)[:2] == (JULY, JULY)


# What becomes of the request when the work ends


def test_a_request_of_ended_work_waits_no_more_and_waits_again_with_the_work():
    request = make_extension()
    directive, leader = request.assignment.directive, make_user("leader")

    directive.withdraw(by=leader, reason="Trùng.")
    ended = ExtensionRequest.objects.waiting().count()
    with pytest.raises(WrongStep):
        request.grant(by=leader)
    directive.restore(by=leader, reason="Nhầm.")

    assert ended == 0
    assert ExtensionRequest.objects.waiting().get() == request


def test_a_transfer_takes_the_count_along_and_leaves_the_request_behind():
    assignment = extended(1)
    old = ask(assignment, new_due_on=JULY)
    linked = assignment.transfer(by=make_user("officer"), to=make_agency(), reason="Sáp nhập.", today=TODAY)

    assert (linked.original_due_on, linked.due_on, linked.extension_count) == (JUNE, MID_JULY, 1)
    assert not ExtensionRequest.objects.in_hand().exists()
    new = ask(linked, new_due_on=JULY)
    assert (new.ordinal, [step.kind for step in steps_of(old)]) == (2, ["extension_asked"])


# Lists and what is told of one request


def test_the_tabs_part_all_requests_between_them():
    made = [make_extension(state=state) for state in ("asked", "proposed", "granted", "refused")]
    back = make_extension()
    back.take_back(by=back.author)
    ended = make_extension()
    ended.assignment.directive.stop(by=make_user("leader"), document=make_document())
    rows = ExtensionRequest.objects.all()

    found = {tab.value: set(cut(rows, tab)) for tab in Tab}

    assert found == {
        "waiting": {made[0]},
        "proposed": {made[1]},
        "granted": {made[2]},
        "closed": {made[3], back, ended},
        "all": {*made, back, ended},
    }


def test_the_steps_of_one_request_are_its_own_also_those_taken_back():
    assignment = make_assignment(due_on=JUNE)
    leader = make_user("leader")
    first = ask(assignment)
    first.grant(by=leader, at=NOON)
    first.undo(by=leader, at=NOON)
    first.refuse(by=leader, note="Không.", at=NOON)
    second = ask(assignment)
    second.grant(by=leader, at=NOON)

    told = {request: [step.kind for step in steps_of(request)] for request in (first, second)}

    assert told == {
        first: ["extension_asked", "extended", "decision_undone", "extension_refused"],
        second: ["extension_asked", "extended"],
    }


def test_the_steps_of_one_member_s_request_are_not_those_of_another():
    agencies = [make_agency(), make_agency()]
    directive = make_directive(due_on=JUNE)
    directive.assign(by=make_user("officer"), lead=make_group(*agencies), today=TODAY)
    one, other = (ask(row) for row in directive.assignments.order_by("pk"))
    one.grant(by=make_user("leader"), at=NOON)
    other.refuse(by=make_user("leader"), note="Không.", at=NOON)

    assert [step.kind for step in steps_of(one)] == ["extension_asked", "extended"]
    assert [step.kind for step in steps_of(other)] == ["extension_asked", "extension_refused"]


def test_who_sees_a_request():
    request = make_extension()
    own, stranger = make_user(agency=request.agency), make_user()

    seen = {
        name: ExtensionRequest.objects.visible_to(user).exists()
        for name, user in {"own": own, "stranger": stranger, "admin": make_user("admin")}.items()
    }

    assert seen == {"own": True, "stranger": False, "admin": True}


def test_the_department_s_own_request_is_seen_by_the_department():
    request = make_extension(make_assignment(make_department(), due_on=JUNE))

    assert request in ExtensionRequest.objects.visible_to(make_user("officer"))


# Two people at once, with real threads on real PostgreSQL


def at_once(*acts):
    """Run the acts in threads that start together; what each gave or raised, in the order of the acts."""
    answers, barrier = [None] * len(acts), threading.Barrier(len(acts))

    def run(place, act):
        try:
            barrier.wait(timeout=30)
            answers[place] = act() or "done"
        except ValidationError as refusal:
            answers[place] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def outcome(answers):
    return sorted("refused" if isinstance(answer, ValidationError) else "done" for answer in answers)


@pytest.mark.django_db(transaction=True)
def test_two_deciders_at_once_decide_once():
    request = make_extension()
    first, second = (ExtensionRequest.objects.get(pk=request.pk) for _ in range(2))
    leader, officer = make_user("leader"), make_user("officer")

    answers = at_once(
        lambda: first.grant(by=leader, at=NOON), lambda: second.refuse(by=officer, note="Không.", at=NOON)
    )

    assert outcome(answers) == ["done", "refused"]
    request.refresh_from_db()
    is_granted = request.status == "granted"
    assert dates(request.assignment)[0] == (MID_JULY if is_granted else JUNE)
    assert counts(request.assignment) == (is_granted, is_granted)
    decided = DirectiveEvent.objects.filter(kind__in=["extended", "extension_refused"])
    assert [step.kind for step in decided] == ["extended" if is_granted else "extension_refused"]


@pytest.mark.django_db(transaction=True)
def test_two_people_of_the_lead_asking_at_once_ask_once():
    assignment = make_assignment(due_on=JUNE)
    people = [make_user(agency=assignment.agency) for _ in range(2)]

    def asking(person):
        mine = Assignment.objects.get(pk=assignment.pk)
        values = {"new_due_on": MID_JULY, "reason": "Chờ.", "today": TODAY}
        return lambda: ExtensionRequest.ask(mine, by=person, **values)

    answers = at_once(*(asking(person) for person in people))

    assert outcome(answers) == ["done", "refused"]
    assert ExtensionRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_undo_against_a_second_move_leaves_one_whole_story():
    leader, officer = make_user("leader"), make_user("officer")
    request = make_extension(state="granted", decider=leader)
    directive, source = request.assignment.directive, make_document()

    answers = at_once(
        lambda: request.undo(by=leader, at=NOON),
        lambda: directive.correct_deadline(JULY, by=officer, reason="Nhầm.", source=source),
    )

    request.refresh_from_db()
    undone = request.status == "asked"
    assert outcome(answers) == (["done", "done"] if undone else ["done", "refused"])
    assert dates(request.assignment)[:2] == (JULY, JULY)
    assert counts(request.assignment) == ((0, 0) if undone else (1, 1))
