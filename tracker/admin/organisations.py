"""Agencies and dictionaries in the admin, kept by administrators and read by officers."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from tracker import clock
from tracker.admin.base import TrackerAdmin
from tracker.forms.agencies import AgencyForm
from tracker.forms.dictionaries import (
    SETTINGS,
    CalendarDayForm,
    ConfigurationForm,
    FieldForm,
    StatusTermForm,
)
from tracker.models import Agency, CalendarDay, Configuration, Field, StatusTerm, User
from tracker.permissions import can_manage_agencies, can_manage_dictionaries
from tracker.templatetags.display import weekday


@admin.register(Agency)
class AgencyAdmin(TrackerAdmin):
    list_display = ("name", "code", "kind", "bloc", "certainty", "valid_to")
    list_filter = ("bloc", "certainty", "is_group")
    search_fields = ("search",)
    ordering = ("sort_key", "pk")
    add_form = edit_form = AgencyForm
    reading = (
        "code",
        "name",
        "short_name",
        "kind",
        "bloc",
        "valid_from",
        "valid_to",
        "certainty",
        "certainty_note",
    )

    def may_add(self, user: User) -> bool:
        return can_manage_agencies(user)

    def may_change(self, user: User, record: Any) -> bool:
        return can_manage_agencies(user)

    def form_arguments(self, request: HttpRequest) -> dict[str, Any]:
        return {"today": clock.today()}

    def save_through_verb(self, request: HttpRequest, form: Any, record: Any) -> Any:
        return AgencyForm.save(form)

    def view_on_site(self, obj: Any) -> str | None:
        return None


class DictionaryAdmin(TrackerAdmin):
    """A dictionary: administrators change it, officers read it."""

    view_on_site = False

    def may_add(self, user: User) -> bool:
        return can_manage_dictionaries(user)

    def may_change(self, user: User, record: Any) -> bool:
        return can_manage_dictionaries(user)

    def save_through_verb(self, request: HttpRequest, form: Any, record: Any) -> Any:
        return self.edit_form.save(form)


@admin.register(Field)
class FieldAdmin(DictionaryAdmin):
    list_display = ("name", "code", "position", "is_active")
    ordering = ("position", "pk")
    add_form = edit_form = FieldForm
    reading = ("code", "name", "name_en", "position", "is_active")


@admin.register(StatusTerm)
class StatusTermAdmin(DictionaryAdmin):
    list_display = ("name", "name_en", "official_use", "axis")
    ordering = ("axis", "pk")
    edit_form = StatusTermForm
    reading = ("axis", "code", "name", "name_en", "official_use", "rule", "source")

    def may_add(self, user: User) -> bool:
        """A status is a step of the program; a new row would have no meaning."""
        return False


@admin.register(CalendarDay)
class CalendarDayAdmin(DictionaryAdmin):
    """Holidays and make-up days. Removed ones stay in the history and are not entered again by themselves."""

    list_display = ("day", "weekday_name", "kind", "label", "is_forecast")
    list_filter = ("kind", "is_forecast")
    date_hierarchy = "day"
    ordering = ("-day",)
    add_form = edit_form = CalendarDayForm
    reading = ("day", "kind", "name", "name_en", "is_forecast")

    @admin.display(description=gettext_lazy("weekday"))
    def weekday_name(self, row: CalendarDay) -> str:
        return weekday(row.day)

    @admin.display(description=gettext_lazy("name"))
    def label(self, row: CalendarDay) -> str:
        return row.label

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The Government may give a day other than was worked out, and nothing refers to a day."""
        return can_manage_dictionaries(request.user)


@admin.register(Configuration)
class ConfigurationAdmin(DictionaryAdmin):
    list_display = ("__str__", "due_soon_days", "review_days", "stale_days", "support")
    add_form = edit_form = ConfigurationForm
    reading = SETTINGS

    def may_add(self, user: User) -> bool:
        return super().may_add(user) and not Configuration.objects.exists()
