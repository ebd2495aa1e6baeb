"""Splitting a document into directives (tách văn bản): its sentences on one side, what became of them on the other."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker import clock
from tracker.figures.scope import Scope
from tracker.figures.splitting import Split, split_of
from tracker.forms.splitting import ClausesForm, TextForm
from tracker.models import Document, StaleVersion
from tracker.once import once
from tracker.permissions import can_manage_documents, can_register, require


@require_safe
def document_split(request: HttpRequest, pk: int) -> HttpResponse:
    """The text sentence by sentence, beside what became of it."""
    document = _find(request, pk)
    split = split_of(Scope.of(request.user, clock.today()), document)
    return _page(request, document, split, ClausesForm(split=split, initial={"version": document.version}))


@require_POST
@once
def document_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the ticked clauses as directives that cite their sentence; two people take the same one only once."""
    found = _find(request, pk)
    require(can_register(request.user))

    document = Document.objects.select_for_update().get(pk=found.pk)
    split = split_of(Scope.of(request.user, clock.today()), document)
    form = ClausesForm(request.POST, split=split)
    if form.is_valid():
        if form.cleaned_data["version"] != document.version:
            form.add_error(None, _("Somebody has changed the text meanwhile; read it again and tick anew."))
            return _page(request, document, split, form, status=409)
        try:
            with transaction.atomic():
                made = form.save(document, by=request.user, today=clock.today())
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            said = ngettext(
                "%(n)d directive has been entered from the text.",
                "%(n)d directives have been entered from the text.",
                len(made),
            )
            messages.success(request, said % {"n": len(made)})
            return redirect("document_split", document.pk)
    return _page(request, document, split, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def document_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Paste or upload the full text that directives are taken from."""
    document = _find(request, pk)
    require(can_manage_documents(request.user))

    if request.method != "POST":
        form = TextForm(initial={"version": document.version, "text": document.text})
        return _text_page(request, document, form)
    form = TextForm(request.POST, request.FILES)
    status = 422
    if form.is_valid():
        read = form.cleaned_data
        try:
            document.edit(expected_version=read["version"], text=read["text"])
        except StaleVersion as refusal:
            form.add_error(None, refusal)
            form.data = form.data | {"version": str(refusal.current.version)}  # type: ignore[attr-defined]
            status = 409
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, _("The text has been saved."))
            return redirect("document_split", document.pk)
    return _text_page(request, document, form, status=status)


def _find(request: HttpRequest, pk: int) -> Document:
    return get_object_or_404(Document.objects.visible_to(request.user), pk=pk)


def _page(
    request: HttpRequest, document: Document, split: Split, form: ClausesForm, status: int = 200
) -> HttpResponse:
    context = {
        **_about(document, _("Split into directives")),
        "split": split,
        "form": form,
        "may_register": can_register(request.user),
        "may_change_text": can_manage_documents(request.user),
    }
    return render(request, "splitting/split.html", context, status=status)


def _text_page(request: HttpRequest, document: Document, form: TextForm, status: int = 200) -> HttpResponse:
    context = {**_about(document, _("Text of the document")), "form": form}
    return render(request, "splitting/text.html", context, status=status)


def _about(document: Document, title: str) -> dict[str, Any]:
    crumbs = [
        (_("Documents"), reverse("document_list")),
        (document.label, document.get_absolute_url()),
        (title, ""),
    ]
    return {"document": document, "crumbs": crumbs}
