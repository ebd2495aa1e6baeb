"""A form acts once: sent again by a double click or the back button, it gets the first answer."""

import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from tracker.models import SubmittedForm

View = Callable[..., HttpResponse]


def once(view: View) -> View:
    """Run a changing view at most once for each ``form_token``, in one transaction with the token's row.

    A redirect is the view's “done”; any other answer (a form with errors) leaves the token unused and nothing
    written, unless the view says ``keep_writes``. Two requests with the same token at the same time: the second
    waits for the first and gets its answer.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        key = _token(request) or uuid.uuid4()  # a form without a key counts for itself
        act = functools.partial(_act, key, view, request, *args, **kwargs)
        try:
            return act()
        except IntegrityError:
            if answer := _first_answer(key, request):
                return answer
        # Another form took the same name or number at that moment: judged again, this one is told so.
        try:
            return act()
        except IntegrityError:
            if answer := _first_answer(key, request):
                return answer
            raise

    return guarded


def _act(key: uuid.UUID, view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        with transaction.atomic():
            form = SubmittedForm.objects.create(key=key, user=request.user, answer_url="")
            response = view(request, *args, **kwargs)
            if getattr(response, "keeps_writes", False):
                form.delete()
                return response
            if not isinstance(response, HttpResponseRedirect):
                raise _NotDone(response)
            form.answer_url = response.url[:500]
            form.save(update_fields=["answer_url"])
            return response
    except _NotDone as refusal:
        return refusal.response


def _first_answer(key: uuid.UUID, request: HttpRequest) -> HttpResponse | None:
    first = SubmittedForm.objects.filter(key=key).first()
    if first is None:
        return None
    if first.user_id != request.user.pk:
        raise BadRequest("the token of another person's form")
    return redirect(first.answer_url)


def keep_writes(response: HttpResponse) -> HttpResponse:
    """Mark an answer that is not “done” but keeps what the view wrote: a refused report stays a saved draft."""
    response.keeps_writes = True  # type: ignore[attr-defined]
    return response


class _NotDone(Exception):
    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def _token(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("form_token", ""))
    except ValueError:
        return None
