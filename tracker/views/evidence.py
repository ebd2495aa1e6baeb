"""Files of evidence (minh chứng): given to those who see the report or figure, taken off while it can be changed."""

import hashlib
import logging

from django.contrib import messages
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tracker import clock
from tracker.forms.measurements import MeasurementForm
from tracker.forms.progress import ReportForm
from tracker.models import Evidence, Measurement, WrongStep
from tracker.once import keep_writes, once
from tracker.permissions import can_edit_figure, can_report, require
from tracker.views.measurements import cell_of, enter_address, enter_page
from tracker.views.progress import address, report_page, work_and_report

log = logging.getLogger("tracker.files")


@require_safe
def evidence_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it was sent, for those who see its report."""
    evidence = get_object_or_404(Evidence.objects.visible_to(request.user).exclude(file=""), pk=pk)
    return send_file(
        request,
        evidence.file,
        name=evidence.title,
        content_type=evidence.content_type,
        size=evidence.size,
        sha256=evidence.sha256,
    )


@require_POST
@once
def evidence_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file or a link off a report or a figure; what stands in the form around the button is saved with it.

    What was sent with a request for an extension or an answer stays: both are sent at once and never edited.
    """
    today = clock.today()
    seen = Evidence.objects.visible_to(request.user).filter(extension=None, urged=None)
    evidence = get_object_or_404(seen.select_related("report", "measurement__indicator"), pk=pk)
    if evidence.measurement:
        return _remove_from_figure(request, evidence, evidence.measurement)
    assignment, report = work_and_report(request.user, evidence.report.assignment_id, today)
    require(can_report(request.user, assignment))

    if "done" in request.POST:
        form = ReportForm(request.POST, request.FILES, report=report, with_figures=True)
        report = form.keep(assignment, by=request.user, today=today)
        if not form.is_valid():
            form.go_on_from(report)
            return keep_writes(report_page(request, assignment, report, form))
    _remove(request, evidence)
    return redirect(address(request, assignment.pk))


def _remove_from_figure(request: HttpRequest, evidence: Evidence, figure: Measurement) -> HttpResponse:
    """Of a figure that is still being written: by whoever may write it."""
    require(can_edit_figure(request.user, figure))
    if "version" in request.POST:
        entry = cell_of(figure)
        form = MeasurementForm(entry, request.POST, request.FILES, user=request.user)
        form.keep(by=request.user)
        if not form.is_valid():
            form.go_on_from_stored()
            return keep_writes(enter_page(request, entry, form))
        figure = form.figure or figure
    _remove(request, evidence)
    return redirect(enter_address(figure))


def _remove(request: HttpRequest, evidence: Evidence) -> None:
    try:
        evidence.remove()
    except WrongStep as refusal:
        messages.warning(request, refusal.messages[0])
    else:
        messages.success(request, _("“%(name)s” has been removed.") % {"name": evidence.title})


def send_file(
    request: HttpRequest, file: FieldFile, *, name: str, content_type: str, size: int, sha256: str
) -> HttpResponseBase:
    """A stored file to be saved, never shown; a page that says so when the disk no longer holds the same bytes."""
    if damage := _damage(file, size, sha256):
        log.error("%s is %s", file.name, damage)
        context = {"name": name, "is_missing": damage == "missing"}
        return render(request, "evidence/damaged.html", context, status=410 if damage == "missing" else 409)
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _damage(file: FieldFile, size: int, sha256: str) -> str:
    """What is wrong with a stored file: "", "missing" or "changed"."""
    try:
        if file.size != size:
            return "changed"
        with file.storage.open(file.name) as stored:
            same = hashlib.file_digest(stored, "sha256").hexdigest() == sha256
    except OSError:
        return "missing"
    return "" if same else "changed"
