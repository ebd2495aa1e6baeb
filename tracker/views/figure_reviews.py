"""Confirming and returning figures that were entered by themselves; those of a report go with the report."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker import clock
from tracker.figures.figure_reviews import figure_queue as waiting_figures
from tracker.figures.figure_reviews import next_figure, reading
from tracker.figures.reviews import review_queue
from tracker.forms.measurements import FigureConfirmForm, FigureSendBackForm
from tracker.models import Measurement, ReportStatus
from tracker.once import once
from tracker.permissions import (
    Act,
    can_answer_question,
    can_edit_figure,
    can_review_figure,
    can_see_review_queue,
    can_take_back_figure,
    holds,
    require,
)
from tracker.views.measurements import enter_address

SHOWN = 100
"""Rows of the queue before it is cut; a link opens all."""


@require_safe
def figure_queue(request: HttpRequest) -> HttpResponse:
    """The figures that wait for this person, oldest first."""
    require(can_see_review_queue(request.user))

    rows = list(waiting_figures(request.user).for_list())
    context = {
        "rows": rows if "tat-ca" in request.GET else rows[:SHOWN],
        "total": len(rows),
        "reports": review_queue(request.user).count(),
        "today": clock.today(),
    }
    return render(request, "measurements/queue.html", context)


@require_safe
def measurement_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One figure: who entered and confirmed it, its evidence, questions and versions; here it is reviewed too."""
    figure = _find(request, pk)
    return render(request, "measurements/detail.html", _page(request, figure))


@require_POST
@once
def measurement_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm what was read, and go on with the next figure."""
    figure = _reviewed(request, pk)
    form = FigureConfirmForm(request.POST)
    if not form.is_valid():
        return render(request, "measurements/detail.html", _page(request, figure, form), status=422)
    read = form.cleaned_data
    try:
        figure.confirm(by=request.user, note=read["note"], expected_version=read["version"])
    except ValidationError as refusal:
        return _refused(request, pk, read["note"], refusal)
    messages.success(request, _("Confirmed: %(name)s.") % {"name": figure.indicator.label})
    return redirect(_next(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def measurement_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return with a reason; the agency corrects the same figure."""
    figure = _reviewed(request, pk)
    if request.method != "POST":
        form = FigureSendBackForm(initial={"version": figure.version})
        return render(request, "measurements/send_back.html", _page(request, figure, form))
    form = FigureSendBackForm(request.POST)
    if not form.is_valid():
        return render(request, "measurements/send_back.html", _page(request, figure, form), status=422)
    read = form.cleaned_data
    try:
        figure.send_back(by=request.user, note=read["note"], expected_version=read["version"])
    except ValidationError as refusal:
        return _refused(request, pk, read["note"], refusal)
    messages.success(request, _("Returned: %(name)s.") % {"name": figure.indicator.label})
    return redirect(_next(request, pk))


def _find(request: HttpRequest, pk: int) -> Any:
    rows = Measurement.objects.visible_to(request.user).for_list().prefetch_related("indicator__targets")
    return get_object_or_404(rows, pk=pk)


def _reviewed(request: HttpRequest, pk: int) -> Any:
    """A figure that this person may review, in whatever state: who comes second reads what the first decided."""
    figure = _find(request, pk)
    require(holds(request.user, Act.REVIEW_FIGURE, figure) and figure.report_id is None)
    return figure


def _page(request: HttpRequest, figure: Any, form: Any = None) -> dict[str, Any]:
    user = request.user
    read = reading(figure, user)
    may_review = can_review_figure(user, figure)
    if form is None and may_review:
        form = FigureConfirmForm(initial={"version": figure.version})
    for question in read.questions:
        question.measurement = figure
        question.may_answer = can_answer_question(user, question)
    return {
        "reading": read,
        "figure": figure,
        "indicator": figure.indicator,
        "form": form,
        "may_review": may_review,
        "may_confirm": may_review and not read.open_questions,
        "may_take_back": can_take_back_figure(user, figure),
        "edit_url": enter_address(figure) if can_edit_figure(user, figure) else "",
        "next": next_figure(user, figure.pk) if may_review else None,
        "today": clock.today(),
        "crumbs": [
            (_("Targets"), reverse("indicator_list")),
            (figure.indicator.code, figure.indicator.get_absolute_url()),
            (figure.period.label, ""),
        ],
    }


def _refused(request: HttpRequest, pk: int, note: str, refusal: ValidationError) -> HttpResponse:
    """Somebody was quicker: the figure as it now stands, and why nothing was done. What was typed is kept."""
    figure = _find(request, pk)
    is_waiting = figure.status == ReportStatus.SUBMITTED
    form = FigureConfirmForm(initial={"version": figure.version, "note": note}) if is_waiting else None
    context = _page(request, figure, form) | {"refused": refusal.messages, "typed": note}
    return render(request, "measurements/detail.html", context, status=409)


def _next(request: HttpRequest, pk: int) -> str:
    following = next_figure(request.user, pk)
    return following.get_absolute_url() if following else reverse("figure_queue")
