"""Who is told of which step: exactly those, once, in the transaction of the step; never who took it."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_deputyship,
    make_directive,
    make_document,
    make_group,
    make_indicator,
    make_instruction,
    make_measurement,
    make_paper,
    make_report,
    make_user,
)
from tracker.handover import hand_over
from tracker.models import (
    Assignment,
    ExtensionRequest,
    Notice,
    OutgoingMessage,
    ProgressReport,
    Status,
    Urging,
)
from tracker.notice_words import title

pytestmark = pytest.mark.django_db

Kind = Notice.Kind
SOON = TODAY + dt.timedelta(days=30)


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


class Office:
    """An agency with a clerk, a head and somebody who has left; who assigns, tracks, directs and leads."""

    def __init__(self):
        self.agency = make_agency(name="Huyện ủy Hải Hậu")
        self.people = {
            "clerk": make_user("staff", agency=self.agency),
            "head": make_user("agency_head", agency=self.agency),
            "gone": make_user("staff", agency=self.agency, is_active=False),
            "reader": make_user("viewer", agency=self.agency),
            "assigner": make_user("officer"),
            "tracker": make_user("officer"),
            "director": make_user("leader"),
            "leader": make_user("leader"),
            "admin": make_user("admin"),
            "stranger": make_user("staff"),
        }

    def __getattr__(self, name):
        return self.people[name]

    def give(self, status=Status.IN_PROGRESS, **fields):
        """Work of the agency that nobody has been told of yet."""
        values = {"tracking_officer": self.tracker, "directing_leader": self.director}
        directive = make_directive(**(values | fields))
        directive.assign(by=self.assigner, lead=self.agency, today=TODAY, at=NOON)
        assignment = directive.assignments.get()
        if status != Status.NEW:
            assignment.receive(by=self.clerk, at=NOON)
        if status == Status.IN_PROGRESS:
            make_report(assignment, state="confirmed", by=self.clerk, reviewer=self.tracker, percent=10)
        assignment.refresh_from_db()
        forget()
        return assignment

    def told(self):
        """(kind, person) of all that has been told, strangers and tests' own people by their number."""
        names = {person.pk: name for name, person in self.people.items()}
        return {(one.kind, names.get(one.user_id, one.user_id)) for one in Notice.objects.all()}


@pytest.fixture
def office():
    return Office()


def forget():
    """What has been told so far is not what the test is about."""
    OutgoingMessage.objects.all().delete()
    Notice.objects.all().delete()


def assign(office):
    directive = make_directive(tracking_officer=office.tracker)
    directive.assign(by=office.assigner, lead=office.agency, today=TODAY, at=NOON)


def assign_with_person(office):
    directive = make_directive()
    directive.assign(by=office.assigner, lead=office.agency, person=office.clerk, today=TODAY, at=NOON)


def decline(office):
    office.give(Status.NEW).decline(by=office.clerk, reason="Không thuộc nhiệm vụ", at=NOON)


def give_again(office):
    assignment = office.give(Status.NEW)
    assignment.decline(by=office.clerk, reason="Không thuộc nhiệm vụ", at=NOON)
    forget()
    assignment.give_again(by=office.assigner, answer="Đúng nhiệm vụ của cơ quan", at=NOON)


def pause(office):
    office.give().directive.pause(by=office.director, reason="Dịch bệnh", review_on=SOON, at=NOON)


def resume(office):
    directive = office.give().directive
    directive.pause(by=office.director, reason="Dịch bệnh", review_on=SOON, at=NOON)
    forget()
    directive.resume(by=office.tracker, at=NOON)


def stop(office):
    office.give().directive.stop(by=office.director, document=make_document(), at=NOON)


def withdraw(office):
    office.give().directive.withdraw(by=office.tracker, reason="Trùng", at=NOON)


def restore(office):
    directive = office.give().directive
    directive.withdraw(by=office.tracker, reason="Trùng", at=NOON)
    forget()
    directive.restore(by=office.director, reason="Nhầm", at=NOON)


def reopen(office):
    assignment = office.give()
    make_report(
        assignment,
        state="confirmed",
        by=office.clerk,
        reviewer=office.tracker,
        claim=ProgressReport.Claim.COMPLETED,
        percent=100,
        completed_on=TODAY,
        output_document="12/BC",
    )
    forget()
    assignment.directive.reopen(by=office.director, reason="Chưa đủ", at=NOON)


def correct(office):
    office.give().directive.correct_deadline(
        SOON, by=office.tracker, reason="Đọc nhầm", source=make_document(), at=NOON
    )


def transfer(office):
    office.give().transfer(by=office.assigner, to=office.stranger.agency, reason="Sáp nhập", today=TODAY)


def put_in_charge(office):
    office.give().put_in_charge(by=office.head, person=office.clerk, at=NOON)


def put_oneself_in_charge(office):
    office.give().put_in_charge(by=office.head, person=office.head, at=NOON)


def name_nobody(office):
    assignment = office.give()
    assignment.put_in_charge(by=office.head, person=office.clerk, at=NOON)
    assignment.put_in_charge(by=office.head, person=None, at=NOON)


def hand_in(office):
    make_report(office.give(), state="submitted", by=office.clerk)


def send_back(office):
    make_report(office.give(), state="returned", by=office.clerk, reviewer=office.tracker)


def confirm(office):
    make_report(office.give(), state="confirmed", by=office.clerk, reviewer=office.tracker)


def send_figure_back(office):
    make_measurement(make_indicator(owner=office.agency), state="returned", by=office.clerk)


def confirm_figure(office):
    make_measurement(make_indicator(owner=office.agency), state="confirmed", by=office.clerk)


def instruct_somebody(office):
    directive = office.give().directive
    make_instruction(directive=directive, by=office.director, addressee=office.assigner)


def instruct_the_lead(office):
    make_instruction(directive=office.give().directive, by=office.director)


def answer_instruction(office):
    instruction = make_instruction(directive=office.give().directive, by=office.director)
    forget()
    instruction.reply(by=office.tracker, answer="Đã làm việc", at=NOON)


def ask(office, **fields):
    return ExtensionRequest.ask(
        office.give(**fields), by=office.clerk, new_due_on=SOON, reason="Thiếu máy", today=TODAY, at=NOON
    )


def ask_and_forget(office):
    request = ask(office)
    forget()
    return request


def ask_without_named(office):
    ask(office, tracking_officer=None, directing_leader=None)


def take_request_back(office):
    ask_and_forget(office).take_back(by=office.clerk, at=NOON)


def grant(office):
    ask_and_forget(office).grant(by=office.director, at=NOON)


def refuse(office):
    ask_and_forget(office).refuse(by=office.director, note="Đã gia hạn", at=NOON)


def propose(office):
    request = ask_and_forget(office)
    request.propose(SOON - dt.timedelta(days=5), by=office.director, note="Sớm hơn", today=TODAY, at=NOON)


def accept(office):
    request = ask_and_forget(office)
    request.propose(SOON - dt.timedelta(days=5), by=office.director, today=TODAY, at=NOON)
    forget()
    request.accept(by=office.head, at=NOON)


def decline_date(office):
    request = ask_and_forget(office)
    request.propose(SOON - dt.timedelta(days=5), by=office.director, today=TODAY, at=NOON)
    forget()
    request.decline(by=office.head, note="Không kịp", at=NOON)


def undo(office):
    request = ask_and_forget(office)
    request.grant(by=office.director, at=NOON)
    request.undo(by=office.director, at=NOON)


def urge(office, **fields):
    return Urging.send(
        by=office.assigner,
        at=NOON,
        agencies={office.agency: "Chữ ký số"},
        reason="Hạn 30/6",
        indicators=[],
        directives=[],
        **fields,
    )


def answer_urging(office):
    recipient = urge(office).recipients.get()
    forget()
    recipient.reply(by=office.clerk, answer="Xong ngày 19/6", at=NOON)


def name_deputy(office):
    make_deputyship(office.clerk, office.head)


def submit_paper(office):
    return make_paper("submitted", by=office.assigner, leader=office.director)


def return_paper(office):
    paper = submit_paper(office)
    forget()
    paper.send_back(by=office.director, reason="Bổ sung nguyên nhân.", expected_version=paper.version)


def approve_paper(office):
    paper = submit_paper(office)
    forget()
    paper.approve(by=office.director, expected_version=paper.version)
    return paper


def sign_paper(office):
    paper = approve_paper(office)
    forget()
    day = paper.figures_on
    paper.sign(
        by=office.director,
        number="12",
        signed_on=day,
        signer_name="Vũ Đức Hòa",
        make_files=lambda _paper: {},
        today=day,
        expected_version=paper.version,
    )


EVERYBODY_THERE = {"clerk", "head"}

STEPS = [
    (assign, {(Kind.ASSIGNED, one) for one in EVERYBODY_THERE}),
    (assign_with_person, {(Kind.ASSIGNED, "clerk")}),
    (decline, {(Kind.DECLINED, "assigner"), (Kind.DECLINED, "tracker")}),
    (give_again, {(Kind.ASSIGNED, one) for one in EVERYBODY_THERE}),
    (pause, {(Kind.CHANGED, one) for one in EVERYBODY_THERE | {"tracker"}}),
    (resume, {(Kind.CHANGED, one) for one in EVERYBODY_THERE}),
    (stop, {(Kind.CHANGED, one) for one in EVERYBODY_THERE | {"tracker"}}),
    (withdraw, {(Kind.CHANGED, one) for one in EVERYBODY_THERE}),
    (restore, {(Kind.CHANGED, one) for one in EVERYBODY_THERE | {"tracker"}}),
    (reopen, {(Kind.CHANGED, one) for one in EVERYBODY_THERE | {"tracker"}}),
    (correct, {(Kind.CHANGED, one) for one in EVERYBODY_THERE}),
    (transfer, {(Kind.CHANGED, one) for one in EVERYBODY_THERE} | {(Kind.ASSIGNED, "stranger")}),
    (put_in_charge, {(Kind.ASSIGNED, "clerk")}),
    (put_oneself_in_charge, set()),
    (name_nobody, set()),
    (hand_in, set()),
    (send_back, {(Kind.RETURNED, "clerk")}),
    (confirm, {(Kind.CONFIRMED, "clerk")}),
    (send_figure_back, {(Kind.FIGURE_RETURNED, "clerk")}),
    (confirm_figure, {(Kind.FIGURE_CONFIRMED, "clerk")}),
    (instruct_somebody, {(Kind.INSTRUCTED, "assigner")}),
    (instruct_the_lead, {(Kind.INSTRUCTED, one) for one in EVERYBODY_THERE | {"tracker"}}),
    (answer_instruction, {(Kind.ANSWERED, "director")}),
    (ask, {(Kind.EXTENSION_ASKED, "tracker"), (Kind.EXTENSION_ASKED, "director")}),
    (ask_without_named, {(Kind.EXTENSION_ASKED, "director"), (Kind.EXTENSION_ASKED, "leader")}),
    (take_request_back, set()),
    (grant, {(Kind.EXTENSION_DECIDED, one) for one in EVERYBODY_THERE}),
    (refuse, {(Kind.EXTENSION_DECIDED, one) for one in EVERYBODY_THERE}),
    (propose, {(Kind.DATE_PROPOSED, one) for one in EVERYBODY_THERE}),
    (accept, {(Kind.PROPOSAL_ANSWERED, "director")}),
    (decline_date, {(Kind.PROPOSAL_ANSWERED, "director")}),
    (undo, set()),
    (urge, {(Kind.URGED, one) for one in EVERYBODY_THERE}),
    (answer_urging, {(Kind.URGING_ANSWERED, "assigner")}),
    (name_deputy, {(Kind.DEPUTY, "head")}),
    (submit_paper, {(Kind.PAPER_SUBMITTED, "director"), (Kind.PAPER_SUBMITTED, "leader")}),
    (return_paper, {(Kind.PAPER_RETURNED, "assigner")}),
    (approve_paper, {(Kind.PAPER_APPROVED, "assigner")}),
    (sign_paper, {(Kind.PAPER_SIGNED, "assigner")}),
]

TOLD_BY_THE_PROGRAM = {Kind.EXPORT_MADE}
"""No step of a person: see tests/exports."""


@pytest.mark.parametrize(("step", "told"), STEPS, ids=lambda value: getattr(value, "__name__", ""))
def test_each_step_tells_exactly_those_whom_it_concerns(office, step, told):
    step(office)

    assert office.told() == told
    assert Notice.objects.count() == len(told)


def test_every_kind_that_is_no_daily_one_is_told_by_some_step():
    assert {kind for _step, told in STEPS for kind, _name in told} == set(
        Kind
    ) - Notice.DAILY - TOLD_BY_THE_PROGRAM


def test_what_one_leader_has_decided_asks_the_other_leaders_no_more(office):
    paper = submit_paper(office)

    paper.approve(by=office.director, expected_version=paper.version)

    assert not Notice.objects.filter(kind=Kind.PAPER_SUBMITTED, read_at=None).exists()


def test_who_wrote_a_report_and_has_left_is_replaced_by_the_agency(office):
    report = make_report(office.give(), state="submitted", by=office.clerk)
    office.clerk.lock(by=office.admin, reason="Nghỉ việc")

    report.send_back(by=office.tracker, note="Thiếu số liệu", at=NOON)

    assert office.told() == {(Kind.RETURNED, "head")}


def test_a_person_in_charge_who_has_left_is_replaced_by_the_agency(office):
    assignment = office.give()
    assignment.put_in_charge(by=office.head, person=office.clerk)
    office.clerk.lock(by=office.admin, reason="Nghỉ việc")
    forget()

    assignment.directive.pause(by=office.director, reason="Dịch bệnh", review_on=SOON, at=NOON)

    assert office.told() == {(Kind.CHANGED, "head"), (Kind.CHANGED, "tracker")}


def test_beyond_the_limit_only_who_may_decide_is_told(office):
    assignment = office.give()
    ExtensionRequest.ask(
        assignment, by=office.clerk, new_due_on=SOON, reason="Thiếu máy", today=TODAY, at=NOON
    ).grant(by=office.tracker, at=NOON)
    forget()

    later = SOON + dt.timedelta(days=10)
    ExtensionRequest.ask(
        assignment, by=office.clerk, new_due_on=later, reason="Thiếu máy", today=TODAY, at=NOON
    )

    assert office.told() == {(Kind.EXTENSION_ASKED, "director")}


def test_who_is_in_charge_no_longer_is_told_so_no_longer(office):
    assignment = office.give()

    for person in (office.clerk, office.clerk, office.head):
        assignment.put_in_charge(by=office.tracker, person=person, at=NOON)

    told = Notice.objects.get()
    assert (told.user, told.assignment, told.url) == (
        office.head,
        assignment,
        assignment.directive.get_absolute_url(),
    )
    assert title(told) == f"Đồng chí được giao phụ trách: {assignment.directive.title}"


def test_who_takes_over_the_work_of_another_is_told_once_how_much(office):
    for _number in range(3):
        office.give().put_in_charge(by=office.head, person=office.head, at=NOON)

    hand_over(office.head, by=office.admin, to={office.agency.pk: office.clerk})

    told = Notice.objects.get()
    assert (told.user, told.kind, told.url) == (office.clerk, Kind.ASSIGNED, "/viec-cua-toi/")
    assert title(told) == f"Đồng chí nhận bàn giao 3 việc từ {office.head.full_name}"


def test_a_hand_over_to_the_whole_agency_or_to_oneself_tells_nobody(office):
    office.give().put_in_charge(by=office.head, person=office.head, at=NOON)

    hand_over(office.head, by=office.admin, to={office.agency.pk: None})

    assert office.told() == set()


def with_cooperating(office):
    """Work that another agency helps with, and a third that has a deadline of its own; and the helper's clerk."""
    assignment = office.give()
    helper, apart = (make_user() for _number in range(2))
    assignment.directive.assign(
        by=office.assigner, cooperating=[helper.agency, apart.agency], today=TODAY, at=NOON
    )
    assignment.directive.assignments.filter(agency=apart.agency).update(due_on=TODAY)
    assignment.refresh_from_db()
    forget()
    return assignment, helper


def test_co_operating_agencies_are_told_of_an_extension_that_moves_their_deadline(office):
    assignment, helper = with_cooperating(office)
    before = assignment.due_on
    request = ExtensionRequest.ask(
        assignment, by=office.clerk, new_due_on=SOON, reason="Thiếu máy", today=TODAY, at=NOON
    )
    forget()

    request.grant(by=office.director, at=NOON)

    told = Notice.objects.get(kind=Kind.CHANGED)
    assert (told.user, told.assignment.agency, told.by) == (helper, helper.agency, office.director)
    assert (told.assignment.due_on, told.words) == (
        SOON,
        {"step": "extended", "before": before.isoformat(), "after": SOON.isoformat()},
    )
    assert office.told() - {(Kind.CHANGED, helper.pk)} == {
        (Kind.EXTENSION_DECIDED, one) for one in EVERYBODY_THERE
    }


def test_an_undone_extension_has_told_no_co_operating_agency(office):
    assignment, _helper = with_cooperating(office)
    request = ExtensionRequest.ask(
        assignment, by=office.clerk, new_due_on=SOON, reason="Thiếu máy", today=TODAY, at=NOON
    )
    request.grant(by=office.director, at=NOON)

    request.undo(by=office.director, at=NOON)

    assert not Notice.objects.filter(kind=Kind.CHANGED).exists()


def test_a_date_that_was_proposed_and_accepted_moves_co_operating_agencies_too(office):
    assignment, helper = with_cooperating(office)
    request = ExtensionRequest.ask(
        assignment, by=office.clerk, new_due_on=SOON, reason="Thiếu máy", today=TODAY, at=NOON
    )
    request.propose(SOON - dt.timedelta(days=5), by=office.director, today=TODAY, at=NOON)

    request.accept(by=office.head, at=NOON)

    assert {one.user for one in Notice.objects.filter(kind=Kind.CHANGED)} == {helper}


def test_co_operating_agencies_are_told_of_a_correction_once(office):
    assignment, helper = with_cooperating(office)

    assignment.directive.correct_deadline(
        SOON, by=office.tracker, reason="Đọc nhầm", source=make_document(), at=NOON
    )

    assert Notice.objects.filter(user=helper).count() == 1


def test_a_figure_inside_a_report_goes_with_the_report(office):
    assignment = office.give()
    report = ProgressReport.in_hand_of(assignment, by=office.clerk, today=TODAY)
    report.save_draft(by=office.clerk, done="Đã làm xong phần việc của kỳ.", percent=50)
    figure = make_measurement(
        make_indicator(owner=office.agency, directive=assignment.directive), state="draft", by=office.clerk
    )
    type(figure).objects.filter(pk=figure.pk).update(report=report)
    report.submit(by=office.clerk, today=TODAY, at=NOON)

    report.confirm(by=office.tracker, at=NOON)

    figure.refresh_from_db()
    assert figure.status == "confirmed"
    assert office.told() == {(Kind.CONFIRMED, "clerk")}


def test_each_member_of_a_group_is_told_of_its_own_assignment():
    members = [make_agency() for _number in range(3)]
    clerks = {make_user(agency=member): member for member in members}
    directive = make_directive()

    directive.assign(by=make_user("officer"), lead=make_group(*members), today=TODAY, at=NOON)

    told = {one.user: one.assignment for one in Notice.objects.all()}
    assert told == {
        clerk: Assignment.objects.get(directive=directive, agency=member) for clerk, member in clerks.items()
    }


def test_each_urged_agency_reads_what_it_lacks_itself(office):
    urging = Urging.send(
        by=office.assigner,
        at=NOON,
        agencies={office.agency: "Chữ ký số", office.stranger.agency: "Phần mềm"},
        reason="Hạn 30/6",
        indicators=[],
        directives=[],
    )

    told = {one.user: (one.words["lacks"], one.cause, one.url) for one in Notice.objects.all()}
    cause, url = f"urging:{urging.pk}", urging.get_absolute_url()
    assert told == {
        office.clerk: ("Chữ ký số", cause, url),
        office.head: ("Chữ ký số", cause, url),
        office.stranger: ("Phần mềm", cause, url),
    }


# Deputies


def test_a_deputy_is_told_as_well_and_reads_in_whose_place(office):
    deputy = make_user(agency=office.agency, role="viewer")
    make_deputyship(office.clerk, deputy)
    forget()

    make_report(office.give(), state="returned", by=office.clerk, reviewer=office.tracker)

    told = {one.user: one.for_person for one in Notice.objects.filter(kind=Kind.RETURNED)}
    assert told == {office.clerk: None, deputy: office.clerk}


def test_a_deputy_who_is_told_anyway_is_told_once(office):
    make_deputyship(office.clerk, office.head)
    forget()

    assign(office)

    assert sorted((one.user_id, one.for_person_id) for one in Notice.objects.all()) == sorted(
        [(office.clerk.pk, None), (office.head.pk, None)]
    )


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [(TODAY + dt.timedelta(days=1), SOON), (TODAY - dt.timedelta(days=9), TODAY - dt.timedelta(days=1))],
)
def test_a_deputy_of_other_days_is_not_told(office, starts_on, ends_on):
    make_deputyship(
        office.clerk, make_user(agency=office.agency, role="viewer"), starts_on=starts_on, ends_on=ends_on
    )
    forget()

    send_back(office)

    assert office.told() == {(Kind.RETURNED, "clerk")}


def test_a_deputy_who_took_the_step_is_not_told_of_it(office):
    make_deputyship(office.director, office.tracker)
    forget()
    instruction = make_instruction(directive=office.give().directive, by=office.director)
    forget()

    instruction.reply(by=office.tracker, answer="Đã làm việc", at=NOON)

    assert office.told() == {(Kind.ANSWERED, "director")}


# One act, one transaction


def test_a_step_that_is_rolled_back_has_told_nobody(office):
    assignment = office.give()

    with transaction.atomic():
        assignment.directive.pause(by=office.director, reason="Dịch bệnh", review_on=SOON, at=NOON)
        transaction.set_rollback(True)

    assert office.told() == set()


def test_told_twice_the_same_day_it_stands_there_once(office):
    about = {"cause": "report:1:2", "url": "/x/", "at": NOON, "words": {"note": "x"}}

    for _time in range(2):
        Notice.tell([office.clerk, office.clerk], Kind.RETURNED, **about)

    assert Notice.objects.count() == 1


def test_mail_of_a_decision_waits_until_it_can_no_longer_be_undone(office):
    office.people["clerk"] = make_user(agency=office.agency, email="ha.nt@namdinh.gov.vn")
    request = ask_and_forget(office)

    request.propose(SOON - dt.timedelta(days=5), by=office.director, today=TODAY, at=NOON)

    mail = OutgoingMessage.objects.get()
    assert (mail.user, mail.next_try_at) == (office.clerk, NOON + dt.timedelta(seconds=15))


def test_an_undone_decision_takes_its_mail_along(office):
    office.people["clerk"] = make_user(agency=office.agency, email="ha.nt@namdinh.gov.vn")
    request = ask_and_forget(office)
    request.propose(SOON - dt.timedelta(days=5), by=office.director, today=TODAY, at=NOON)

    request.undo(by=office.director, at=NOON)

    assert not OutgoingMessage.objects.exists()


def test_decided_anew_after_an_undone_decision_it_is_told(office):
    request = ask_and_forget(office)
    request.grant(by=office.director, at=NOON)
    request.undo(by=office.director, at=NOON)

    request.refuse(by=office.director, note="Đã gia hạn", at=NOON)

    assert office.told() == {(Kind.EXTENSION_DECIDED, "clerk"), (Kind.EXTENSION_DECIDED, "head")}
    assert {one.words["granted"] for one in Notice.objects.all()} == {False}


@pytest.mark.parametrize("people", [1, 5])
def test_telling_a_group_takes_the_same_queries_for_any_number_of_members(people):
    counts = []
    for members in (2, 26):
        agencies = [make_agency() for _number in range(members)]
        for agency in agencies:
            for _number in range(people):
                make_user(agency=agency)
        group = make_group(*agencies)
        directive, officer = make_directive(), make_user("officer")
        with CaptureQueriesContext(connection) as queries:
            directive.assign(by=officer, lead=group, today=TODAY, at=NOON)
        counts.append(
            sum("tracker_notice" in query["sql"] or "tracker_deputyship" in query["sql"] for query in queries)
        )
        assert Notice.objects.filter(directive=directive).count() == members * people

    assert counts == [2, 2]
