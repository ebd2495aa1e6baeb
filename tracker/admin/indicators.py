"""Indicators in the admin: the same form and the same verbs as the product's own pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.admin.base import Step, TrackerAdmin, posted, today
from tracker.forms.indicators import AcceptForm, IndicatorForm, RetireForm
from tracker.models import Indicator, User
from tracker.permissions import can_manage_indicators


def _may_accept(user: User, indicator: Indicator) -> bool:
    return can_manage_indicators(user) and indicator.is_suggested


def _may_retire(user: User, indicator: Indicator) -> bool:
    return can_manage_indicators(user) and indicator.retired_on is None


def _accept(request: HttpRequest, indicator: Indicator, form: AcceptForm) -> str | None:
    indicator.accept(by=request.user)
    return None


def _retire(request: HttpRequest, indicator: Indicator, form: RetireForm) -> str | None:
    indicator.retire(by=request.user, on=form.cleaned_data["on"], reason=form.cleaned_data["reason"])
    return None


@admin.register(Indicator)
class IndicatorAdmin(TrackerAdmin):
    list_display = ("code", "name", "unit", "field", "owner", "rule", "is_suggested", "retired_on")
    list_filter = ("field", "rule", "value_kind", "is_suggested")
    list_select_related = ("field", "owner")
    search_fields = ("search",)
    reading = ("code", "name", "unit", "field", "owner", "rule", "definition", "method", "figures_from")
    add_form = edit_form = IndicatorForm
    steps = (
        Step("nhan", _("Take it into the plan"), _may_accept, posted(AcceptForm), _accept),
        Step("thoi", _("Follow it no longer"), _may_retire, posted(RetireForm, today=today), _retire),
    )

    def may_add(self, user: User) -> bool:
        return can_manage_indicators(user)

    def may_change(self, user: User, record: Any) -> bool:
        return can_manage_indicators(user)

    def form_arguments(self, request: HttpRequest) -> dict[str, Any]:
        return {"user": request.user}

    def save_through_verb(self, request: HttpRequest, form: Any, record: Any) -> Any:
        if record.pk is None:
            return Indicator.register(by=request.user, year=clock.today().year, **form.content)
        indicator = Indicator.objects.get(pk=record.pk)
        indicator.edit(by=request.user, expected_version=form.cleaned_data["version"], **form.content)
        return indicator
