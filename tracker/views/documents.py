"""Documents and spoken directions (văn bản): the register, one document with what came of it, its file."""

from pathlib import PurePosixPath
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tracker import charts, clock
from tracker.figures.register import standing_counts
from tracker.figures.scope import Scope
from tracker.forms.documents import DocumentForm
from tracker.forms.filters import DocumentFilter
from tracker.forms.uploads import KINDS
from tracker.models import Document, StaleVersion, Standing
from tracker.once import once
from tracker.permissions import can_manage_documents, can_register, require
from tracker.tables.base import ROWS_A_PAGE
from tracker.tables.documents import DocumentTable
from tracker.views.evidence import send_file
from tracker.views.registers import asked, list_page


@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    filters = DocumentFilter(request.GET, user=request.user, today=clock.today())
    rows = filters.rows()
    table = DocumentTable.show(rows.for_list(request.user), **asked(request), total=rows.count())
    return list_page(request, "documents", filters, table, {"may_manage": can_manage_documents(request.user)})


@require_safe
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was written or said, and what has become of the directives that come from it."""
    document = _find(request, pk)
    scope = Scope.of(request.user, clock.today())
    rows = scope.directives().filter(sources__document=document)
    counts = standing_counts(rows)
    related = Document.objects.visible_to(request.user).filter(Q(replaces=document) | Q(reported_in=document))
    context = {
        "document": document,
        "crumbs": [(_("Documents"), reverse("document_list")), (document.label, "")],
        "may_manage": can_manage_documents(request.user),
        "may_register": can_register(request.user),
        "today": scope.today,
        "bar": charts.status_bar(counts),
        "total": sum(counts.values()),
        "done": counts[Standing.DONE] + counts[Standing.DONELATE],
        "directives": list(rows.for_list().in_attention_order()[:ROWS_A_PAGE]),
        "related": list(related),
    }
    return render(request, "documents/detail.html", context)


@require_safe
def document_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, for those who see the document."""
    document = get_object_or_404(Document.objects.visible_to(request.user).exclude(file=""), pk=pk)
    return send_file(
        request,
        document.file,
        name=document.file_name,
        content_type=KINDS[PurePosixPath(document.file.name).suffix].content_type,
        size=document.file_size,
        sha256=document.file_sha256,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@once
def document_create(request: HttpRequest) -> HttpResponse:
    require(can_manage_documents(request.user))

    if request.method != "POST":
        return _form_page(request, DocumentForm(user=request.user, today=clock.today()))
    form = DocumentForm(request.POST, request.FILES, user=request.user, today=clock.today())
    if form.is_valid():
        try:
            document = Document.register(**form.content)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, _("The document has been entered."))
            return redirect(document)
    return _form_page(request, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def document_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what the register says; the second of two people sees both versions."""
    document = _find(request, pk)
    require(can_manage_documents(request.user))

    about = {"user": request.user, "today": clock.today()}
    if request.method != "POST":
        return _form_page(request, DocumentForm(instance=document, **about), document)
    form = DocumentForm(request.POST, request.FILES, instance=_find(request, pk), **about)
    if form.is_valid():
        try:
            document.edit(expected_version=form.cleaned_data["version"], **form.content)
        except StaleVersion as refusal:
            conflict = form.go_on_from(refusal.current)
            form.add_error(None, refusal)
            return _form_page(request, form, document, status=409, conflict=conflict)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, _("The changes to the document have been saved."))
            return redirect(document)
    return _form_page(request, form, document, status=422)


def _find(request: HttpRequest, pk: int) -> Any:
    seen = Document.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("replaces", "reported_in"), pk=pk)


def _form_page(
    request: HttpRequest,
    form: DocumentForm,
    document: Document | None = None,
    status: int = 200,
    conflict: Any = None,
) -> HttpResponse:
    here = (document.label, document.get_absolute_url()) if document else (_("Enter a document"), "")
    context = {
        "form": form,
        "document": document,
        "conflict": conflict,
        "crumbs": [(_("Documents"), reverse("document_list")), here],
    }
    return render(request, "documents/form.html", context, status=status)
