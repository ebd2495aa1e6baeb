"""Figures and the questions about them in the admin: read, reviewed, taken back, answered by the same verbs."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from tracker.admin.assignments import PressForm
from tracker.admin.base import Step, TrackerAdmin, posted
from tracker.forms.measurements import FigureConfirmForm, FigureSendBackForm
from tracker.forms.questions import AnswerForm
from tracker.models import DataQuestion, Measurement, User
from tracker.permissions import can_answer_question, can_review_figure, can_take_back_figure


def _may_confirm(user: User, figure: Any) -> bool:
    return can_review_figure(user, figure) and not figure.questions.filter(answered_at=None).exists()


def _read_version(request: HttpRequest, figure: Measurement) -> dict[str, Any]:
    return {"version": figure.version}


def _confirm(request: HttpRequest, figure: Measurement, form: Any) -> None:
    read = form.cleaned_data
    figure.confirm(by=request.user, note=read["note"], expected_version=read["version"])


def _send_back(request: HttpRequest, figure: Measurement, form: Any) -> None:
    read = form.cleaned_data
    figure.send_back(by=request.user, note=read["note"], expected_version=read["version"])


def _take_back(request: HttpRequest, figure: Measurement, form: Any) -> None:
    figure.take_back(by=request.user)


def _answer(request: HttpRequest, question: DataQuestion, form: Any) -> None:
    read = form.cleaned_data
    question.reply(by=request.user, outcome=read["outcome"], answer=read["answer"])


@admin.register(Measurement)
class MeasurementAdmin(TrackerAdmin):
    """Entered on the pages of the agency; read-only once confirmed."""

    list_display = ("indicator", "part", "period", "value", "role", "agency", "status")
    list_filter = ("status", "role", "certainty")
    list_select_related = ("indicator", "part__agency", "period", "agency")
    search_fields = ("indicator__code",)
    reading = (
        "indicator",
        "part",
        "period",
        "as_of_on",
        "role",
        "value",
        "value_words",
        "numerator",
        "denominator",
        "qualifier",
        "certainty",
        "replace_by",
        "printed_growth",
        "printed_basis",
        "printed_text",
        "document",
        "note",
        "explanation",
        "report",
        "status",
        "author",
        "agency",
        "submitted_at",
        "reviewer",
        "reviewed_at",
        "review_note",
        "came_after_closing",
    )
    steps = (
        Step(
            "duyet",
            gettext_lazy("Confirm"),
            _may_confirm,
            posted(FigureConfirmForm, initial=_read_version),
            _confirm,
        ),
        Step(
            "tra-lai",
            gettext_lazy("Return for changes"),
            can_review_figure,
            posted(FigureSendBackForm, initial=_read_version),
            _send_back,
        ),
        Step("rut-lai", gettext_lazy("Take back"), can_take_back_figure, posted(PressForm), _take_back),
    )

    @admin.display(description=gettext_lazy("reviewed by"))
    def reviewer(self, figure: Measurement) -> str:
        return figure.reviewed_by.full_name if figure.reviewed_by else ""

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return super(TrackerAdmin, self).get_search_results(
            request, queryset, search_term.replace("\x00", "")
        )


@admin.register(DataQuestion)
class DataQuestionAdmin(TrackerAdmin):
    """What is doubtful about a figure; answered once, with words."""

    list_display = ("figure", "kind", "compared_with", "asked_at", "answer_due_on", "outcome")
    list_filter = ("kind", "outcome")
    list_select_related = ("measurement__indicator", "measurement__period", "measurement__agency")
    reading = (
        "figure",
        "kind",
        "detail",
        "compared_with",
        "asked_at",
        "answer_due_on",
        "outcome",
        "answer",
        "answerer",
        "answered_at",
    )
    steps = (Step("tra-loi", gettext_lazy("Answer"), can_answer_question, posted(AnswerForm), _answer),)

    @admin.display(description=gettext_lazy("figure"))
    def figure(self, question: DataQuestion) -> str:
        measurement = question.measurement
        return f"{measurement.indicator.code} {measurement.period.code}: {measurement.value}"

    @admin.display(description=gettext_lazy("answered by"))
    def answerer(self, question: DataQuestion) -> str:
        return question.answered_by.full_name if question.answered_by else ""
