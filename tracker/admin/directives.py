"""Directives in the admin: officers enter, change, assign, withdraw and restore them as on their own pages."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import clock
from tracker.admin.base import Step, TrackerAdmin, posted, today
from tracker.forms.assignments import AssignForm
from tracker.forms.directives import CreateForm, StepForm, edit_form_of
from tracker.forms.obstacles import ObstacleForm
from tracker.models import Directive, Obstacle, User
from tracker.permissions import (
    Act,
    can_assign,
    can_edit,
    can_raise_obstacle,
    can_register,
    can_take_step,
    holds,
)
from tracker.views.transitions import CHANGES, Change


class RegisterForm(CreateForm):
    """The register's form for a document that is in the register already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mode: Any = self.fields["source_mode"]
        mode.choices = [("known", "")]
        mode.widget = forms.HiddenInput()
        self.fields["document"].required = True


def _assign_form(request: HttpRequest, directive: Directive) -> AssignForm:
    data = request.POST if request.method == "POST" else None
    return AssignForm(data, directive=directive, today=clock.today())


def _assign(request: HttpRequest, directive: Directive, form: Any) -> str | None:
    """First who would get it; agreed to, it is assigned."""
    if not form.is_agreed:
        form.data = form.data.copy()
        form.data["agreed"] = form.list_shown
        names = "; ".join(row.agency.name for row in form.recipients)
        return _("It goes to: %(names)s. Press the button once more to assign it.") % {"names": names}
    read = form.cleaned_data
    directive.assign(
        by=request.user,
        lead=read.get("lead"),
        cooperating=read["cooperating"],
        today=today(request, directive),
        person=read.get("person"),
    )
    return None


def _raise_obstacle(request: HttpRequest, directive: Directive, form: Any) -> None:
    Obstacle.raise_on(directive, by=request.user, **form.content)


def _transition(name: str, change: Change) -> Step:
    def form(request: HttpRequest, directive: Directive) -> StepForm:
        data = request.POST if request.method == "POST" else None
        return StepForm(data, needs=change.needs, may=change.may, user=request.user, today=clock.today())

    def act(request: HttpRequest, directive: Directive, read: Any) -> None:
        change.take(directive, by=request.user, **read.details)

    return Step(name, change.title, _may(change.act), form, act)


def _may(act: Act) -> Callable[[User, Any], bool]:
    return lambda user, directive: can_take_step(user, act, directive)


@admin.register(Directive)
class DirectiveAdmin(TrackerAdmin):
    list_display = ("code", "title", "field", "lead", "status", "due_on", "percent")
    list_display_links = ("code", "title")
    list_filter = ("status", "field")
    list_select_related = ("field", "lead")
    search_fields = ("search",)
    ordering = ("-code",)
    add_form = RegisterForm
    reading = (
        "code",
        "title",
        "field",
        "kind",
        "force",
        "lead",
        "status",
        "deadline_printed",
        "original_due_on",
        "due_on",
        "percent",
        "progress_on",
        "progress_note",
        "completed_on",
        "directing_leader",
        "tracking_officer",
        "output_expected",
        "note",
    )
    readonly_fields = ("code", "status", "lead", "percent", "original_due_on", "completed_on")
    steps = (
        Step("giao", gettext_lazy("Assign"), can_assign, _assign_form, _assign),
        Step(
            "vuong-mac",
            gettext_lazy("Report an obstacle"),
            can_raise_obstacle,
            posted(ObstacleForm, today=today),
            _raise_obstacle,
        ),
        *(_transition(name, change) for name, change in CHANGES.items()),
    )

    def may_add(self, user: User) -> bool:
        return can_register(user)

    def may_change(self, user: User, record: Any) -> bool:
        return can_edit(user, record) if record else holds(user, Act.EDIT, record)

    def form_arguments(self, request: HttpRequest) -> dict[str, Any]:
        return {"user": request.user, "today": clock.today()}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields if obj else ()

    def edit_form_of(self, record: Any) -> Any:
        return edit_form_of(record)

    def save_through_verb(self, request: HttpRequest, form: Any, record: Any) -> Any:
        if record.pk is None:
            return CreateForm.save(form)
        directive = Directive.objects.get(pk=record.pk)
        read = form.cleaned_data
        directive.edit(
            by=request.user, expected_version=read["version"], reason=read["reason"], **form.register_words
        )
        return directive
