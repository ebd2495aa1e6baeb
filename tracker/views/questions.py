"""Questions about figures (câu hỏi số liệu): what is doubtful is asked, and somebody answers with words."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tracker import clock
from tracker.forms.figure_filters import QuestionFilter
from tracker.forms.questions import AnswerForm
from tracker.models import DataQuestion
from tracker.once import once
from tracker.permissions import Act, can_answer_question, can_enter_figure, holds, require
from tracker.tables.measurements import QuestionTable
from tracker.views.measurements import enter_address
from tracker.views.registers import asked, list_page


@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """The questions about figures that the person sees, the open ones first."""
    filters = QuestionFilter(request.GET, user=request.user, today=clock.today())
    rows = filters.rows()
    table = QuestionTable.show(rows.for_list(), **asked(request), total=rows.count())
    for question in table.records:
        question.may_open = holds(request.user, Act.ANSWER_QUESTION, question)
    return list_page(request, "questions", filters, table)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def question_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer once; an answered question shows who answered and how."""
    question = get_object_or_404(DataQuestion.objects.visible_to(request.user).for_list(), pk=pk)
    require(holds(request.user, Act.ANSWER_QUESTION, question))
    if request.method != "POST":
        form = AnswerForm() if can_answer_question(request.user, question) else None
        return _page(request, question, form)

    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, question, form)
    read = form.cleaned_data
    try:
        question.reply(by=request.user, outcome=read["outcome"], answer=read["answer"])
    except ValidationError as refusal:
        form.refuse(refusal)
        return _page(request, question, form)
    messages.success(request, _("The question has been answered."))
    return redirect(_after(request, question))


def _after(request: HttpRequest, question: DataQuestion) -> str:
    """Whoever promises a corrected figure goes where it is entered."""
    figure = question.measurement
    is_corrected = question.outcome == DataQuestion.Outcome.CORRECTED
    may_enter = can_enter_figure(request.user, figure.indicator, figure.part) and figure.report_id is None
    if is_corrected and may_enter and figure.role == figure.Role.OWN:
        return enter_address(figure)
    return figure.get_absolute_url()


def _page(request: HttpRequest, question: Any, form: AnswerForm | None) -> HttpResponse:
    if form is not None and form.errors:
        question = DataQuestion.objects.for_list().get(pk=question.pk)
    context = {
        "question": question,
        "figure": question.measurement,
        "indicator": question.measurement.indicator,
        "form": form,
        "today": clock.today(),
        "crumbs": [(_("Questions about figures"), reverse("question_list")), (_("One question"), "")],
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "questions/answer.html", context, status=status)
