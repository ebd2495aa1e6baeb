"""What every admin class has in common: permissions from one table, saving through verbs, steps as own pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import modelform_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from tracker import clock
from tracker.models import StaleVersion, User
from tracker.once import keep_writes, once
from tracker.permissions import require
from tracker.vietnamese.text import contains_forbidden


@dataclass(frozen=True)
class Step:
    """One step that an object can take here: who may, which form it needs, which verb does it.

    ``act`` returns None when it is done, or a sentence when the page must be shown once more before.
    """

    name: str
    label: Any
    may: Callable[[User, Any], bool]
    form: Callable[..., Any]
    act: Callable[[HttpRequest, Any, Any], str | None]


class ActingForm:
    """A form whose last check is the verb itself: what the verb refuses is shown and the input stays."""

    keeper: "TrackerAdmin"
    request: HttpRequest
    arguments: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | self.arguments))

    def is_valid(self) -> bool:
        form: Any = self
        if super().is_valid() and not hasattr(form, "saved"):  # type: ignore[misc]
            try:
                with transaction.atomic():
                    form.saved = self.keeper.save_through_verb(self.request, form, form.instance)
            except ValidationError as refusal:
                show_refusal(form, refusal)
        return form.is_bound and not form.errors

    def save(self, commit: bool = True) -> Any:
        """Already done by the verb."""
        return self.saved  # type: ignore[attr-defined]

    def save_m2m(self) -> None:
        """Already done by the verb."""


def show_refusal(form: Any, refusal: ValidationError) -> None:
    """Put the sentences of a refused step at their fields; after a stale version also both texts."""
    conflict: list[Any] = []
    if isinstance(refusal, StaleVersion) and hasattr(form, "compare_with"):
        form.compare_with(refusal.current)
        conflict = form.conflict
    elif isinstance(refusal, StaleVersion) and hasattr(form, "go_on_from"):
        conflict = form.go_on_from(refusal.current) or []
    form.refuse(refusal)
    for part in conflict:
        both = _("%(label)s: saved “%(stored)s”, yours “%(mine)s”")
        form.add_error(None, both % {"label": part.label, "stored": part.stored, "mine": part.mine})


class TrackerAdmin(admin.ModelAdmin):
    """Nothing is deleted, nothing is edited in a list, and each right is asked of ``tracker.permissions``."""

    list_per_page = 25
    list_max_show_all = 0
    show_full_result_count = False
    actions = None
    save_on_top = False
    change_form_template = "admin/tracker/change_form.html"

    add_form: Any = None
    edit_form: Any = None
    reading: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    # Rights

    def may_read(self, user: User) -> bool:
        return user.is_staff

    def may_add(self, user: User) -> bool:
        return False

    def may_change(self, user: User, record: Any) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may_read(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_read(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_add(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_change(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People and agencies are deactivated, directives withdrawn; nothing is ever deleted."""
        return False

    # Rows

    def visible(self, request: HttpRequest, rows: Any) -> Any:
        """Only what this person sees; anything else does not exist here."""
        return rows.visible_to(request.user) if hasattr(rows, "visible_to") else rows

    def get_queryset(self, request: HttpRequest) -> Any:
        return self.visible(request, super().get_queryset(request))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Without accents, as everywhere else."""
        text = search_term.strip()[:200]
        if not text or contains_forbidden(text) or not hasattr(queryset, "search"):
            return queryset, False
        return queryset.search(text), False

    # Forms

    def form_arguments(self, request: HttpRequest) -> dict[str, Any]:
        """What the form wants to know beside its data."""
        return {}

    def edit_form_of(self, record: Any) -> Any:
        """The form by which a record is changed in its present state."""
        return self.edit_form

    def save_through_verb(self, request: HttpRequest, form: Any, record: Any) -> Any:
        """Save what the form read, by the model's own verb. Returns the record."""
        raise NotImplementedError

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj and not self.has_change_permission(request, obj):
            return modelform_factory(self.model, fields=[])
        base = self.edit_form_of(obj) if obj else self.add_form
        parts = {"keeper": self, "request": request, "arguments": self.form_arguments(request)}
        return type(base)(f"Admin{base.__name__}", (ActingForm, base), parts)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj and not self.has_change_permission(request, obj):
            return [(None, {"fields": self.reading})]
        return super().get_fieldsets(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Done by the verb while the form was checked."""

    def view_on_site(self, obj: Any) -> str:
        return obj.get_absolute_url()

    # Steps

    def get_urls(self) -> Any:
        here = f"{self.opts.app_label}_{self.opts.model_name}_step"
        own = path(
            "<path:object_id>/buoc/<slug:name>/",
            self.admin_site.admin_view(once(self.step_view)),
            name=here,
        )
        return [own, *super().get_urls()] if self.steps else super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        possible = [step for step in self.steps if record and step.may(request.user, record)]
        links = [(step.label, self._step_address(record, step)) for step in possible]
        return super().change_view(request, object_id, form_url, {"steps": links} | (extra_context or {}))

    def step_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """The page of one step: its form, then its verb."""
        record = self.get_object(request, unquote(object_id))
        step = next((step for step in self.steps if step.name == name), None)
        if record is None or step is None:
            raise Http404
        require(step.may(request.user, record))

        form = step.form(request, record)
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():
                    notice = step.act(request, record, form)
            except ValidationError as refusal:
                show_refusal(form, refusal)
            else:
                if notice is None:
                    self.log_change(request, record, str(step.label))
                    messages.success(request, f"{step.label}: {record}")
                    return redirect(self._changed_address(record))
                messages.warning(request, notice)
        return keep_writes(self._step_page(request, record, step, form))

    def _step_page(self, request: HttpRequest, record: Any, step: Step, form: Any) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": step.label,
            "original": record,
            "form": form,
            "media": self.media,
            "back": self._changed_address(record),
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/tracker/step.html", context, status=status).render()

    def _changed_address(self, record: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])

    def _step_address(self, record: Any, step: Step) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_step"
        return reverse(name, args=[record.pk, step.name])


def posted(form_class: Any, **arguments: Any) -> Callable[[HttpRequest, Any], Any]:
    """A factory for a step's form: bound to what was sent, and empty before."""

    def make(request: HttpRequest, record: Any) -> Any:
        data = request.POST if request.method == "POST" else None
        given = {name: value(request, record) for name, value in arguments.items()}
        return form_class(data, **given)

    return make


def today(request: HttpRequest, record: Any) -> Any:
    return clock.today()
