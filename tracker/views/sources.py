"""The sources of a directive: adding one, putting a sentence right."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tracker.forms.sources import CiteForm, CorrectionForm, correction_of
from tracker.models import Directive, DirectiveSource
from tracker.once import once
from tracker.permissions import Act, can_edit, holds, require
from tracker.views.transitions import refuse_now


@require_http_methods(["GET", "HEAD", "POST"])
@once
def source_add(request: HttpRequest, code: str) -> HttpResponse:
    """A document that hands the same directive down: linked, not entered twice."""
    directive = get_object_or_404(Directive.objects.visible_to(request.user), code=code)
    require(holds(request.user, Act.EDIT, directive))
    if not can_edit(request.user, directive):
        return refuse_now(request, directive)

    form = CiteForm(
        request.POST if request.method == "POST" else None, directive=directive, user=request.user
    )
    if form.is_valid():
        try:
            DirectiveSource.cite(directive, by=request.user, **form.words)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The source has been added."))
            return redirect(f"{directive.get_absolute_url()}#can-cu")
    context = {"directive": directive, "form": form, "title": _("Add a source")}
    return render(request, "sources/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def source_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """The exact sentence put right; the history keeps the earlier words."""
    seen = DirectiveSource.objects.filter(directive__in=Directive.objects.visible_to(request.user))
    source = get_object_or_404(seen.select_related("directive", "document"), pk=pk)
    directive = source.directive
    require(holds(request.user, Act.EDIT, directive))
    if not can_edit(request.user, directive):
        return refuse_now(request, directive)

    data = request.POST if request.method == "POST" else None
    form = CorrectionForm(data, directive=directive, initial=correction_of(source))
    if form.is_valid():
        try:
            source.correct(by=request.user, **form.words)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The source has been corrected."))
            return redirect(f"{directive.get_absolute_url()}#can-cu")
    context = {
        "directive": directive,
        "form": form,
        "title": _("Correct a source"),
        "document": source.document,
    }
    return render(request, "sources/form.html", context)
