"""The rules of urging: grades, the answer once, the letter once, nothing is ever taken off the record."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, connection, transaction

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_document,
    make_urging,
    make_user,
)
from tracker.models import Urging, UrgingRecipient, WrongStep

pytestmark = pytest.mark.django_db

JUNE_19 = dt.date(2020, 6, 19)


@pytest.mark.parametrize("grade", Urging.Grade.values)
@pytest.mark.parametrize("day", [None, JUNE_19])
def test_an_explanation_and_a_review_of_responsibility_need_a_day(grade, day):
    send = {"grade": grade, "answer_due_on": day}

    if grade in {"explain", "call_to_account"} and day is None:
        with pytest.raises(ValidationError) as refusal:
            make_urging(make_agency(), **send)
        assert set(refusal.value.error_dict) == {"answer_due_on"}
        assert not Urging.objects.exists()
    else:
        assert make_urging(make_agency(), **send).grade == grade


def test_nobody_gets_two_lines():
    agency = make_agency()
    urging = make_urging(agency)

    with pytest.raises(Exception, match="one_urging_an_agency"), transaction.atomic():
        UrgingRecipient.objects.create(urging=urging, agency=agency, lacks="Lần nữa")


def test_an_empty_urging_is_refused():
    with pytest.raises(ValidationError):
        make_urging()

    assert not Urging.objects.exists()


def test_the_answer_is_given_once():
    urging = make_urging(make_agency(), answer_due_on=JUNE_19)
    one = urging.recipients.get()
    clerk = make_user(agency=one.agency)
    stale = UrgingRecipient.objects.get(pk=one.pk)

    one.reply(by=clerk, answer="  Thiếu thiết bị.  ", at=NOON)
    with pytest.raises(WrongStep):
        stale.reply(by=clerk, answer="Khác.")

    one.refresh_from_db()
    assert (one.answer, one.answered_by, one.answered_at, one.is_editable) == (
        "Thiếu thiết bị.",
        clerk,
        NOON,
        False,
    )


@pytest.mark.parametrize("words", ["", "   ", "\n"])
def test_an_answer_has_words(words):
    one = make_urging(make_agency()).recipients.get()

    with pytest.raises(ValidationError):
        one.reply(by=make_user(agency=one.agency), answer=words)

    one.refresh_from_db()
    assert one.answered_at is None


def test_the_letter_is_named_once():
    urging, first, second = make_urging(make_agency()), make_document(), make_document()
    stale = Urging.objects.get(pk=urging.pk)

    urging.attach_document(first)
    with pytest.raises(WrongStep):
        stale.attach_document(second)

    urging.refresh_from_db()
    assert urging.document == first


def test_the_database_keeps_what_was_sent_and_answered():
    urging = make_urging(make_agency())
    one = urging.recipients.get()
    one.reply(by=make_user(agency=one.agency), answer="Xong.")

    for act in (
        lambda: UrgingRecipient.objects.filter(pk=one.pk).update(answer="Khác."),
        lambda: UrgingRecipient.objects.filter(pk=one.pk)._raw_delete("default"),
        lambda: Urging.objects.filter(pk=urging.pk)._raw_delete("default"),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            act()

    assert UrgingRecipient.objects.get().answer == "Xong."


@pytest.mark.parametrize(
    ("due", "answered", "unanswered", "overdue"),
    [
        (None, False, 0, 0),
        (JUNE_19, False, 1, 0),
        (TODAY, False, 1, 0),
        (dt.date(2020, 6, 15), False, 1, 1),
        (dt.date(2020, 6, 15), True, 0, 0),
    ],
)
def test_an_answer_is_overdue_the_day_after(due, answered, unanswered, overdue):
    one = make_urging(make_agency(), answer_due_on=due).recipients.get()
    if answered:
        one.reply(by=make_user(agency=one.agency), answer="Xong.")

    rows = UrgingRecipient.objects.all()

    assert (rows.unanswered().count(), rows.answer_overdue(TODAY).count()) == (unanswered, overdue)


def test_each_agency_is_linked_to_its_own_work():
    one, two = make_assignment(), make_assignment()

    urging = make_urging(one.agency, two.agency, about=[one, two])

    assert [list(row.assignments.all()) for row in urging.recipients.all()] == [[one], [two]]


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_stands():
    one = make_urging(make_agency(), answer_due_on=JUNE_19).recipients.get()
    clerks = [make_user(agency=one.agency) for _number in range(2)]
    start, said = threading.Barrier(2), []

    def answer(clerk):
        try:
            mine = UrgingRecipient.objects.get(pk=one.pk)
            start.wait(timeout=10)
            mine.reply(by=clerk, answer=f"Trả lời của {clerk.pk}")
            said.append(clerk.pk)
        except WrongStep:
            said.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=[clerk]) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    (winner,) = [pk for pk in said if pk]
    one.refresh_from_db()
    assert said.count(None) == 1
    assert (one.answered_by_id, one.answer) == (winner, f"Trả lời của {winner}")
