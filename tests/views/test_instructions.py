"""A leader's instructions and the answers to them."""

import datetime as dt

import pytest
from django.urls import reverse

from tests.factories import TODAY, make_assignment, make_instruction, make_user
from tests.views.test_directives import detail, text_of
from tracker.models import Instruction

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def add(client, directive, **fields):
    return client.post(
        reverse("instruction_add", args=[directive.code]), {"text": "Báo cáo tôi trước 24/6."} | fields
    )


def answer(client, instruction, text="Đã làm việc với 3/7 cơ quan."):
    return client.post(reverse("instruction_answer", args=[instruction.pk]), {"answer": text})


def test_a_leader_says_what_is_to_be_done_by_whom_and_until_when(client):
    directive = make_assignment().directive
    leader, officer = make_user("leader"), make_user("officer", full_name="Trần Minh Quang")
    client.force_login(leader)

    response = add(client, directive, addressee=officer.pk, answer_due_on="24/6/2020")

    instruction = directive.instructions.get()
    page = text_of(client.get(detail(directive)))
    assert response.url == f"{detail(directive)}#chi-dao"
    assert (instruction.by, instruction.addressee) == (leader, officer)
    assert instruction.answer_due_on == dt.date(2020, 6, 24)
    assert "Người thực hiện: Trần Minh Quang · trả lời trước 24/6/2020 còn 8 ngày" in page


def test_whoever_it_is_addressed_to_answers_once(client):
    officer = make_user("officer")
    instruction = make_instruction(addressee=officer)
    client.force_login(officer)

    answer(client, instruction)
    second = answer(client, instruction, "Lần nữa.")

    instruction.refresh_from_db()
    assert (instruction.answer, instruction.answered_by) == ("Đã làm việc với 3/7 cơ quan.", officer)
    assert second.url == f"{detail(instruction.directive)}#chi-dao"
    assert "Đã làm việc với 3/7 cơ quan." in text_of(client.get(detail(instruction.directive)))


def test_a_clock_set_back_does_not_refuse_an_answer():
    officer = make_user("officer")
    instruction = make_instruction(addressee=officer)

    instruction.reply(by=officer, answer="Đã làm.", at=instruction.at - dt.timedelta(hours=3))

    assert instruction.answered_at == instruction.at


def test_the_lead_agency_answers_too(client):
    assignment = make_assignment()
    instruction = make_instruction(directive=assignment.directive)
    client.force_login(make_user(agency=assignment.agency))

    asked = text_of(client.get(detail(assignment.directive)))
    answer(client, instruction)

    instruction.refresh_from_db()
    assert "Phản hồi" in asked
    assert instruction.answered_at


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": "x" * 2001},
        {"text": "x\0"},
        {"answer_due_on": "1/1/10000"},
        {"answer_due_on": "15/6/2020"},
        {"addressee": "999999999999999999999"},
        {"addressee": "x\0"},
    ],
)
def test_a_wrong_instruction_gets_a_sentence_and_is_not_given(client, wrong):
    directive = make_assignment().directive
    client.force_login(make_user("leader"))

    response = add(client, directive, **wrong)

    assert response.status_code == 422
    assert response.context["form"].error_list
    assert Instruction.objects.count() == 0


def test_nobody_outside_the_matter_is_made_to_act(client):
    directive = make_assignment().directive
    client.force_login(make_user("leader"))

    response = add(client, directive, addressee=make_user("staff").pk)

    assert response.status_code == 422


@pytest.mark.parametrize("text", ["", " ", "x" * 2001, "x\0"])
def test_an_answer_has_words(client, text):
    officer = make_user("officer")
    instruction = make_instruction(addressee=officer)
    client.force_login(officer)

    response = answer(client, instruction, text)

    instruction.refresh_from_db()
    assert response.status_code == 422
    assert instruction.answered_at is None


@pytest.mark.parametrize("role", ["staff", "agency_head", "viewer", "admin", "officer"])
def test_only_leaders_give_instructions(client, role):
    assignment = make_assignment()
    own = {} if role in {"admin", "officer"} else {"agency": assignment.agency}
    client.force_login(make_user(role, **own))

    assert client.get(reverse("instruction_add", args=[assignment.directive.code])).status_code == 403
    assert add(client, assignment.directive).status_code == 403
    assert Instruction.objects.count() == 0


def test_nobody_else_answers(client):
    instruction = make_instruction()
    for stranger, status in ((make_user("staff"), 404), (make_user("officer"), 403), (instruction.by, 403)):
        client.force_login(stranger)

        assert answer(client, instruction).status_code == status
    instruction.refresh_from_db()
    assert instruction.answered_at is None


def test_a_withdrawn_directive_gets_no_instruction(client):
    directive = make_assignment().directive
    leader = make_user("leader")
    directive.withdraw(by=leader, reason="Giao nhầm.")
    client.force_login(leader)

    response = client.post(
        reverse("instruction_add", args=[directive.code]), {"text": "Báo cáo tôi."}, follow=True
    )

    assert "Hiện không làm được việc này: trạng thái đang là" in text_of(response)
    assert Instruction.objects.count() == 0
