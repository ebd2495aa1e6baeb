"""Documents in the admin: the same form and the same verbs as the register's own pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from tracker import clock
from tracker.admin.base import TrackerAdmin
from tracker.forms.documents import DocumentForm
from tracker.models import Document, User
from tracker.permissions import can_manage_documents


@admin.register(Document)
class DocumentAdmin(TrackerAdmin):
    list_display = ("label", "issuer", "issued_on", "kind", "version_kind")
    list_filter = ("kind", "version_kind")
    search_fields = ("search",)
    add_form = edit_form = DocumentForm

    def may_add(self, user: User) -> bool:
        return can_manage_documents(user)

    def may_change(self, user: User, record: Any) -> bool:
        return can_manage_documents(user)

    def form_arguments(self, request: HttpRequest) -> dict[str, Any]:
        return {"user": request.user, "today": clock.today()}

    def save_through_verb(self, request: HttpRequest, form: Any, record: Any) -> Any:
        if record.pk is None:
            return Document.register(**form.content)
        document = Document.objects.get(pk=record.pk)
        document.edit(expected_version=form.cleaned_data["version"], **form.content)
        return document
