"""Urgings on the record (đôn đốc): the list, one urging with what has become of it, the answer, the signed letter."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker import clock
from tracker.figures.counting import count_together
from tracker.figures.scope import Scope
from tracker.figures.urged import mark_opened, opened_count, urged
from tracker.forms.evidence import attach
from tracker.forms.urging_filters import UrgingFilter
from tracker.forms.urgings import AnswerForm, LetterForm
from tracker.htmx import render_page, wants_fragment
from tracker.models import Urging, User, WrongStep
from tracker.once import once
from tracker.permissions import Act, can_answer_urging, can_urge, holds, require
from tracker.tables.base import ROWS_A_PAGE
from tracker.vietnamese.dates import format_date


@require_safe
def urging_list(request: HttpRequest) -> HttpResponse:
    """What was sent, the newest first; an agency reads what was sent to it."""
    filters = UrgingFilter(request.GET, user=request.user, today=clock.today())
    rows = filters.rows()
    states = dict(filters.STATES)
    counts = count_together(request.user, **{state: filters.rows_of_state(state) for state in states})
    listed = rows.for_list().with_answer_of(request.user.agency).annotate(opened_count=opened_count())
    page = Paginator(listed, ROWS_A_PAGE).get_page(request.GET.get("trang", 1))
    context = {
        "filters": filters,
        "form": filters.form,
        "states": [(state, states[state], counts[state], filters.address(tt=state)) for state in states],
        "chosen": filters.form.cleaned_data.get("tt") or filters.ALL,
        "page": page,
        "total": page.paginator.count,
        "today": filters.today,
        "sees_all": request.user.sees_everything,
        "is_fragment": wants_fragment(request),
        "to_drop": [] if page.paginator.count else filters.to_drop,
    }
    return render_page(request, "urgings/list.html", "urgings/_list.html", context)


@require_safe
def urging_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was sent to whom, how each thing stands now, who has opened and answered it."""
    return _page(request, _find(request.user, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def urging_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The urged agency answers once; the second of two people reads that it has been answered."""
    urging = _find(request.user, pk)
    recipient = urging.recipients.filter(agency=request.user.agency_id).select_related("answered_by").first()
    require(recipient is not None and holds(request.user, Act.ANSWER_URGING, recipient))
    if request.method != "POST" and not can_answer_urging(request.user, recipient):
        messages.warning(request, _("Your agency has already answered this urging."))
        return redirect(urging)

    form = AnswerForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        read = form.cleaned_data
        try:
            with transaction.atomic():
                attach(recipient, read["files"], read["link"], by=request.user)
                recipient.reply(by=request.user, answer=read["answer"])
        except ValidationError as refusal:
            recipient.refresh_from_db()
            form.refuse(refusal)
        else:
            messages.success(request, _("Your answer has been sent."))
            return redirect(urging)
    context = {
        "form": form,
        "urging": urging,
        "recipient": recipient,
        "today": clock.today(),
        "crumbs": [*_crumbs(urging), (_("Answer"), "")],
    }
    return render(request, "urgings/answer.html", context, status=_status_of(form, recipient))


@require_POST
@once
def urging_document(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the signed letter once it has its number."""
    urging = _find(request.user, pk)
    require(can_urge(request.user))

    form = LetterForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            urging.attach_document(form.cleaned_data["document"])
        except WrongStep as refusal:
            messages.warning(request, refusal.messages[0])
        else:
            messages.success(request, _("The document of the urging has been named."))
        return redirect(urging)
    return _page(request, urging, form)


def _find(user: User, pk: int) -> Urging:
    return get_object_or_404(Urging.objects.visible_to(user).for_list(), pk=pk)


def _page(request: HttpRequest, urging: Urging, letter: LetterForm | None = None) -> HttpResponse:
    user, today = request.user, clock.today()
    recipients = urging.recipients.visible_to(user).select_related("agency", "answered_by")
    rows = list(recipients.prefetch_related("evidence"))
    for one in rows:
        one.urging = urging
    lines = urged(rows, Scope.of(user, today))
    mark_opened(lines, urging)
    if letter is None and can_urge(user) and urging.document is None:
        letter = LetterForm(user=user)
    context = {
        "urging": urging,
        "lines": lines,
        "own": next((one for one in rows if can_answer_urging(user, one)), None),
        "indicators": urging.indicators.order_by("code"),
        "directives": urging.directives.visible_to(user).order_by("code"),
        "form": letter,
        "sees_all": user.sees_everything,
        "today": today,
        "crumbs": [*_crumbs(urging)[:1], (_day_of(urging), "")],
    }
    status = 422 if letter and letter.errors else 200
    return render(request, "urgings/detail.html", context, status=status)


def _status_of(form: AnswerForm, recipient: Any) -> int:
    if not form.errors:
        return 200
    return 409 if recipient.answered_at else 422


def _crumbs(urging: Urging) -> list[tuple[Any, str]]:
    return [(_("Urgings"), reverse("urging_list")), (_day_of(urging), urging.get_absolute_url())]


def _day_of(urging: Urging) -> str:
    return format_date(timezone.localdate(urging.at))
