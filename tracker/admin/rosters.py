"""Lists of named bodies and urgings in the admin: read; bodies are marked and lists confirmed by the same verbs."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from tracker import clock
from tracker.admin.assignments import PressForm
from tracker.admin.base import Step, TrackerAdmin, posted
from tracker.forms.rosters import MarkForm
from tracker.models import Roster, RosterBody, Urging, UrgingRecipient, User
from tracker.permissions import can_manage_indicators, can_mark_body


def _may_accept(user: User, roster: Roster) -> bool:
    return roster.is_suggested and can_manage_indicators(user)


def _accept(request: HttpRequest, roster: Roster, form: Any) -> None:
    roster.accept(by=request.user)


def _mark(request: HttpRequest, body: RosterBody, form: Any) -> None:
    body.set_state(by=request.user, today=clock.today(), **form.words)


def _person(request: HttpRequest, record: Any) -> User:
    return request.user


@admin.register(Roster)
class RosterAdmin(TrackerAdmin):
    """Bodies join, leave and merge on the list's own page, where the change of the number is shown."""

    list_display = ("indicator", "is_suggested", "accepted_by", "accepted_at")
    list_filter = ("is_suggested",)
    list_select_related = ("indicator", "accepted_by")
    reading = ("indicator", "is_suggested", "accepted_by", "accepted_at")
    steps = (Step("chap-nhan", gettext_lazy("Confirm the list"), _may_accept, posted(PressForm), _accept),)


@admin.register(RosterBody)
class RosterBodyAdmin(TrackerAdmin):
    """One body on one list, with the days between which it is counted."""

    list_display = ("agency", "indicator", "valid_from", "valid_to", "reason")
    list_filter = ("roster__indicator",)
    list_select_related = ("agency", "roster__indicator")
    ordering = ("roster", "agency__code", "pk")
    reading = ("roster", "agency", "valid_from", "valid_to", "reason")
    steps = (
        Step(
            "trang-thai",
            pgettext_lazy("an agency on a list", "Mark"),
            can_mark_body,
            posted(MarkForm, user=_person),
            _mark,
        ),
    )

    @admin.display(description=gettext_lazy("indicator"), ordering="roster__indicator")
    def indicator(self, body: RosterBody) -> str:
        return str(body.roster.indicator)


@admin.register(Urging)
class UrgingAdmin(TrackerAdmin):
    """Sent from pages where exactly who gets what is seen before; never changed."""

    list_display = ("at", "grade", "by", "reason", "answer_due_on")
    list_filter = ("grade",)
    list_select_related = ("by",)
    ordering = ("-at", "-pk")
    reading = ("grade", "by", "at", "reason", "answer_due_on", "document", "work", "about", "urged")

    @admin.display(description=gettext_lazy("directives"))
    def work(self, urging: Urging) -> str:
        return "; ".join(urging.directives.order_by("code").values_list("code", flat=True))

    @admin.display(description=gettext_lazy("indicators"))
    def about(self, urging: Urging) -> str:
        return "; ".join(str(indicator) for indicator in urging.indicators.all())

    @admin.display(description=gettext_lazy("urged agencies"))
    def urged(self, urging: Urging) -> str:
        recipients = urging.recipients.select_related("agency")
        return "\n".join(_told(one) for one in recipients)


def _told(one: UrgingRecipient) -> str:
    """What an agency read and what it answered."""
    answer = f" – {gettext('answer')}: {one.answer}" if one.answered_at else ""
    return f"{one.agency}: {one.lacks}{answer}"
