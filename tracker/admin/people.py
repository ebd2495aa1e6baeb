"""Users in the admin. One-time links, locks and the hand-over of work have their own pages, which this one opens."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tracker.admin.base import TrackerAdmin
from tracker.forms.people import AccountEditForm, AccountForm
from tracker.models import User
from tracker.permissions import can_manage_users
from tracker.views.people import hand_link


@admin.register(User)
class UserAdmin(TrackerAdmin):
    list_display = ("full_name", "username", "agency", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    list_select_related = ("agency",)
    search_fields = ("search",)
    ordering = ("sort_key", "pk")
    add_form, edit_form = AccountForm, AccountEditForm

    def may_read(self, user: User) -> bool:
        return can_manage_users(user)

    def may_add(self, user: User) -> bool:
        return can_manage_users(user)

    def may_change(self, user: User, record: Any) -> bool:
        return can_manage_users(user)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Nobody guesses a stored password letter by letter through the address."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def save_through_verb(self, request: HttpRequest, form: Any, record: Any) -> Any:
        if record.pk is None:
            person = User.open_account(by=request.user, **form.content)
            hand_link(request, person, by_mail=True)
            return person
        person = User.objects.get(pk=record.pk)
        version = form.cleaned_data["version"]
        person.edit_account(by=request.user, expected_version=version, **form.content)
        return person

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """On to the page that shows the one-time link once."""
        return redirect(obj)
