"""Extensions where two things happen at once: what was decided, asked or corrected in between is not lost."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_directive,
    make_document,
    make_extension,
    make_report,
    make_user,
)
from tracker.models import Directive, ExtensionRequest, ExtensionStatus, Status, WrongStep

pytestmark = pytest.mark.django_db

MID_JULY, JULY, AUGUST = dt.date(2020, 7, 15), dt.date(2020, 7, 31), dt.date(2020, 8, 31)
SECONDS = dt.timedelta(seconds=5)


def ask_again(request):
    return ExtensionRequest.ask(
        request.assignment, by=request.author, new_due_on=AUGUST, reason="Xin thêm.", today=TODAY, at=NOON
    )


def correct(directive, due_on):
    directive.correct_deadline(due_on, by=make_user("officer"), reason="Nhập nhầm.", source=make_document())


@pytest.mark.parametrize("state", ["granted", "refused"])
def test_a_decision_stands_once_the_lead_has_asked_anew(state):
    leader = make_user("leader")
    request = make_extension(state=state, decider=leader)
    another = ask_again(request)

    with pytest.raises(WrongStep, match="đề nghị mới"):
        request.undo(by=leader, at=NOON + SECONDS)

    request.refresh_from_db()
    assert (request.status, another.status) == (state, ExtensionStatus.ASKED)


def test_a_decision_stands_once_the_work_is_completed():
    leader, assignment = make_user("leader"), make_assignment(status=Status.IN_PROGRESS)
    request = make_extension(assignment, state="granted", decider=leader)
    report = make_report(
        assignment, evidence=True, claim="completed", percent=100, completed_on=TODAY, state="submitted"
    )
    report.confirm(by=leader, at=NOON)

    with pytest.raises(WrongStep):
        request.undo(by=leader, at=NOON + SECONDS)

    directive = Directive.objects.get(pk=assignment.directive_id)
    assert (directive.due_on, directive.assignments.get().due_on) == (MID_JULY, MID_JULY)


def test_a_proposal_that_the_deadline_has_overtaken_can_be_closed_by_the_lead():
    request = make_extension(state="proposed")
    correct(request.assignment.directive, JULY)

    request.decline(by=request.author, note="Hạn đã đính chính.")

    assert request.status == ExtensionStatus.NOT_ACCEPTED
    assert ask_again(request).status == ExtensionStatus.ASKED


def test_a_proposal_is_not_accepted_beyond_the_larger_directive_whose_deadline_came_forward():
    whole = make_assignment(due_on=dt.date(2020, 12, 31)).directive
    agency = make_agency()
    assignment = make_assignment(agency, directive=make_directive(parent=whole), status=Status.RECEIVED)
    request = make_extension(assignment, state="proposed")
    correct(whole, dt.date(2020, 7, 5))

    with pytest.raises(ValidationError, match="nhiệm vụ lớn"):
        request.accept(by=request.author)

    assignment.refresh_from_db()
    assert assignment.due_on == dt.date(2020, 6, 30)
    request.decline(by=request.author, note="Hạn của nhiệm vụ lớn đã được đính chính.")


def test_yearly_work_itself_is_given_no_deadline_by_a_correction():
    directive = make_directive(due_on=None, deadline_kind="yearly", deadline_printed="Hằng năm")
    make_assignment(directive=directive)

    with pytest.raises(ValidationError) as refusal:
        correct(directive, JULY)

    assert list(refusal.value.error_dict) == ["due_on"]


def test_a_former_lead_does_not_see_what_its_successor_asks():
    assignment = make_assignment(status=Status.RECEIVED)
    former = make_user(agency=assignment.agency)
    before = make_extension(assignment, state="refused")
    linked = assignment.transfer(
        by=make_user("officer"), to=make_agency(), reason="Sắp xếp lại bộ máy.", today=TODAY
    )

    request = make_extension(linked)

    seen = ExtensionRequest.objects.visible_to(former)
    assert set(seen) == {before}
    assert set(ExtensionRequest.objects.visible_to(make_user(agency=linked.agency))) == {before, request}
