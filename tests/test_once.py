import uuid

import pytest
from django.core.exceptions import BadRequest
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory

from tests.factories import make_field, make_user
from tracker.models import Field, SubmittedForm
from tracker.once import keep_writes, once

pytestmark = pytest.mark.django_db


@once
def writing(request):
    """Writes a row; the request says how it answers."""
    field = make_field()
    match request.POST["answer"]:
        case "done":
            return redirect(f"/{field.pk}/")
        case "refused":
            return HttpResponse("refused")
    return keep_writes(HttpResponse("kept"))


def send(user, token, answer):
    request = RequestFactory().post("/", {"form_token": token, "answer": answer})
    request.user = user
    return writing(request)


def test_the_second_time_the_first_answer_is_given_and_nothing_is_written():
    user, token = make_user(), str(uuid.uuid4())

    first, second = send(user, token, "done"), send(user, token, "done")

    assert first.url == second.url
    assert Field.objects.count() == 1


@pytest.mark.parametrize("token", ["", "x", "1 OR 1=1"])
def test_a_form_without_a_key_counts_each_time(token):
    user = make_user()

    send(user, token, "done")
    send(user, token, "done")

    assert Field.objects.count() == 2


@pytest.mark.parametrize(("answer", "rows"), [("refused", 0), ("kept", 1)])
def test_a_refused_form_can_be_sent_again_and_keeps_only_what_the_view_says(answer, rows):
    user, token = make_user(), str(uuid.uuid4())

    send(user, token, answer)
    left = Field.objects.count()
    again = send(user, token, "done")

    assert left == rows
    assert again.status_code == 302
    assert SubmittedForm.objects.get().answer_url == again.url


def test_the_key_of_another_person_s_form_is_refused():
    token = str(uuid.uuid4())
    send(make_user(), token, "done")

    with pytest.raises(BadRequest):
        send(make_user(), token, "done")

    assert Field.objects.count() == 1


def test_a_name_taken_at_the_same_moment_is_judged_again():
    """The first try meets a row that was not there when it looked; the second sees it and refuses."""
    user, tries = make_user(), []

    @once
    def view(request):
        tries.append(request)
        if len(tries) == 1:
            SubmittedForm.objects.create(key=uuid.uuid4(), user=user, answer_url="")
            raise IntegrityError("duplicate key")
        return HttpResponse("taken")

    request = RequestFactory().post("/")
    request.user = user
    response = view(request)

    assert response.content == b"taken"
    assert len(tries) == 2
    assert not SubmittedForm.objects.exists()


def test_what_the_database_refuses_twice_is_a_failure():
    @once
    def view(request):
        raise IntegrityError("a rule no form knows")

    request = RequestFactory().post("/")
    request.user = make_user()

    with pytest.raises(IntegrityError):
        view(request)
