"""Official reports (báo cáo định kỳ): the list, drafting one, its paper with text, frame, figures and files."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tracker import clock, linked_text, papers
from tracker.figures.report_content import write_report
from tracker.figures.report_drift import drift
from tracker.figures.report_history import of_report
from tracker.figures.report_readiness import readiness
from tracker.forms.periodic_reports import (
    FrameForm,
    ReportChoiceForm,
    ReportFilter,
    SectionForm,
    VersionedForm,
)
from tracker.htmx import render_page, wants_fragment
from tracker.models import PaperStatus, PeriodicReport, ReportFile, StaleVersion, User, WrongStep
from tracker.once import once
from tracker.paper_steps import possible_steps, what_follows
from tracker.papers.frame import appendices_of, frame_of
from tracker.permissions import Act, allows, can_draft_report, holds, require
from tracker.report_defaults import day_of_figures
from tracker.tables.base import ROWS_A_PAGE
from tracker.vietnamese.text import fold
from tracker.views.change_lists import changes_asked_for, more_changes
from tracker.views.evidence import send_file

ROWS_IN_A_PREVIEW = 8
"""Of each table: the whole of it is read in the draft."""

CONTENT_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MAKERS = {"docx": papers.report_docx, "pdf": papers.report_pdf, "xlsx": papers.report_xlsx}


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """Reports by period, the newest first; another body reads the signed ones about itself."""
    filters = ReportFilter(request.GET, user=request.user, today=clock.today())
    page = Paginator(filters.rows().for_list(), ROWS_A_PAGE).get_page(request.GET.get("trang", 1))
    context = {
        "filters": filters,
        "page": page,
        "total": page.paginator.count,
        "sees_all": request.user.sees_everything,
        "may_draft": can_draft_report(request.user),
        "is_fragment": wants_fragment(request),
        "to_drop": [] if page.paginator.count else filters.to_drop,
    }
    return render_page(request, "periodic_reports/list.html", "periodic_reports/_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def report_create(request: HttpRequest) -> HttpResponse:
    """Choose period, scope and parts; read what is ready and how it would read; then store it as a draft."""
    user, today = request.user, clock.today()
    require(can_draft_report(user))

    form = ReportChoiceForm(request.POST if request.method == "POST" else request.GET, user=user, today=today)
    context: dict[str, Any] = {"form": form, "crumbs": [*report_crumbs(), (_("Draft a report"), "")]}
    if form.is_valid():
        frame = form.frame
        report = PeriodicReport(**frame)
        content, facts = write_report(user, report, today=today)
        if request.method == "POST":
            drafted = PeriodicReport.draft(by=user, content=content, facts=facts, **frame)
            messages.success(request, _("The draft has been made. Read it through and complete the text."))
            return redirect(drafted)
        report.content, report.facts = content, facts
        context |= _paper(report, user, today) | {
            "checks": readiness(user, report.period, report.agency, report.field, today=today),
            "there": _of_the_same(report),
            "rows_shown": ROWS_IN_A_PREVIEW,
        }
    status = 422 if form.errors and request.method == "POST" else 200
    return render_page(
        request, "periodic_reports/create.html", "periodic_reports/_create.html", context, status=status
    )


@require_safe
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper as it stands, what can be done with it, and what has changed in the data since it was signed."""
    user, today = request.user, clock.today()
    report = find_report(user, pk)
    context = _paper(report, user, today) | {
        "steps": possible_steps(user, report),
        "what_follows": what_follows(user, report),
        "may_write": can_draft_report(user, report),
        "sees_all": user.sees_everything,
        # Reasons of returns are the department's own; another body reads the signed paper.
        "events": report.events.select_related("by", "by_agency") if user.sees_everything else (),
        "files": {one.format: one for one in report.files.all()},
        "correction": report.corrections.visible_to(user).exclude(status=PaperStatus.DISCARDED).first(),
        "crumbs": [*report_crumbs(), (report.period.label, "")],
    }
    if user.sees_everything and report.is_frozen:
        context["changes"] = drift(user, report, today=today)
    elif user.sees_everything and report.status != PaperStatus.DISCARDED:
        context["checks"] = readiness(user, report.period, report.agency, report.field, today=today)
    return render(request, "periodic_reports/detail.html", context)


@require_safe
def report_appendix(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One appendix with its whole table; ``number`` is its place, counted from 1."""
    report = find_report(request.user, pk)
    appendix = next(iter(appendices_of(report)[number - 1 : number]), None) if number else None
    if appendix is None:
        raise Http404
    context = {
        "report": report,
        "frame": frame_of(report),
        "appendix": appendix,
        "rows_shown": None,
        "number": number,
        "crumbs": [*report_crumbs(), (report.period.label, report.get_absolute_url()), (appendix.label, "")],
    }
    return render_page(request, "periodic_reports/appendix.html", "periodic_reports/_appendix.html", context)


@require_safe
def report_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed which section and when; how a report came about is the department's own."""
    report = find_report(request.user, pk)
    require(request.user.sees_everything and allows(request.user, Act.SEE_HISTORY))
    most = changes_asked_for(request)
    told = of_report(report, most)
    context = {
        "report": report,
        "told": told,
        "more": more_changes(told, most),
        "events": report.events.select_related("by", "by_agency"),
        "files": {one.format: one for one in report.files.all()},
        "crumbs": [
            *report_crumbs(),
            (report.period.label, report.get_absolute_url()),
            (_("History of changes"), ""),
        ],
    }
    return render_page(request, "periodic_reports/history.html", "directives/_changes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def report_section_edit(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """Write one section in one's own words; the numbers that are left as they were stay linked to the data."""
    report = find_report(request.user, pk)
    stored = next((one for one in report.content.get("sections", []) if one["key"] == section), None)
    if stored is None:
        raise Http404
    if refusal := _refuse_writing(request, report):
        return refusal

    form = SectionForm(_posted(request), report=report, section=stored)
    if form.is_valid():
        sections = [form.written if one is stored else one for one in report.content["sections"]]
        content = {**report.content, "sections": sections}
        if _write(request, report, form, content=content):
            messages.success(request, _("The section has been saved."))
            return redirect(f"{report.get_absolute_url()}#phan-{section}")
    tables = [block for block in stored["blocks"] if block["kind"] == "table"]
    about = {"section": stored, "tables": tables}
    return _form_page(request, "periodic_reports/section.html", report, form, stored["title"], about)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def report_frame_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Title, bodies, symbol, recipients and who signs."""
    report = find_report(request.user, pk)
    if refusal := _refuse_writing(request, report):
        return refusal

    form = FrameForm(_posted(request), report=report)
    if form.is_valid() and _write(request, report, form, step="framed", **form.words):
        messages.success(request, _("What stands around the text has been saved."))
        return redirect(report)
    return _form_page(request, "periodic_reports/frame.html", report, form, _("Form of the paper"))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def report_refresh(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the figures from the data again, after reading which ones move; what somebody wrote stays."""
    user, today = request.user, clock.today()
    report = find_report(user, pk)
    if refusal := _refuse_writing(request, report):
        return refusal

    fresh = find_report(user, pk)
    fresh.figures_on = day_of_figures(report.period, today)
    form = VersionedForm(_posted(request), report=report)
    if form.is_valid():
        content, facts = write_report(user, fresh, today=today)
        changes = {
            "content": linked_text.refresh(report.content, content, facts),
            "facts": facts,
            "figures_on": fresh.figures_on,
        }
        if _write(request, report, form, step="refreshed", **changes):
            messages.success(request, _("The figures have been taken from the data again."))
            return redirect(report)
    about = {"changes": drift(user, fresh, today=today), "figures_on": fresh.figures_on}
    return _form_page(
        request, "periodic_reports/refresh.html", report, form, _("Take the figures again"), about
    )


@require_safe
def report_file(request: HttpRequest, pk: int, format: str) -> HttpResponseBase:
    """A draft's file is made now; a signed report's is the one that was made at the signature."""
    if format not in CONTENT_TYPES:
        raise Http404
    report = find_report(request.user, pk)
    name = f"{_stem(report)}.{format}"
    if report.is_frozen:
        kept = get_object_or_404(ReportFile, report=report, format=format)
        return send_file(
            request,
            kept.file,
            name=name,
            content_type=CONTENT_TYPES[format],
            size=kept.size,
            sha256=kept.sha256,
        )
    try:
        content = MAKERS[format](report)
    except papers.MissingGlyph as missing:
        messages.error(request, cannot_be_printed(missing))
        return redirect(report)
    response = HttpResponse(content, content_type=CONTENT_TYPES[format])
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def cannot_be_printed(missing: papers.MissingGlyph) -> str:
    """Why no PDF is made: which sign, in which part and paragraph, and what helps."""
    sign = missing.text[:20]
    words = {"sign": sign, "code": " ".join(f"U+{ord(one):04X}" for one in sign)}
    said = _("The letters for printing do not have the sign “%(sign)s” (%(code)s).") % words
    if place := missing.place:
        before = place.text.index(missing.text)
        words = {"part": place.part or _("Form of the paper"), "text": place.text[max(0, before - 40) :][:80]}
        said = f"{said} {_('It stands in “%(part)s”: “%(text)s”.') % words}"
    if place and place.is_filled_in:
        return f"{said} {_('Correct the record it comes from, then take the figures again.')}"
    return f"{said} {_('Take it out or write it otherwise.')}"


def find_report(user: User, pk: int) -> PeriodicReport:
    return get_object_or_404(PeriodicReport.objects.visible_to(user).for_page(), pk=pk)


def report_crumbs() -> list[tuple[str, str]]:
    return [(_("Periodic reports"), reverse("report_list"))]


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _paper(report: PeriodicReport, user: User, today: dt.date) -> dict[str, Any]:
    """What the paper shows. Numbers lead to their lists for those who see what the report was made from."""
    return {
        "report": report,
        "frame": frame_of(report),
        "sections": report.content.get("sections", []),
        "appendices": appendices_of(report),
        "facts": report.facts if user.sees_everything else {},
        "rows_shown": None,
        "typed": linked_text.typed(report.content),
        "today": today,
    }


def _of_the_same(report: PeriodicReport) -> Any:
    """Reports of the same period and scope that there are already."""
    same = PeriodicReport.objects.filter(period=report.period, agency=report.agency, field=report.field)
    return same.exclude(status=PaperStatus.DISCARDED).for_list()


def _refuse_writing(request: HttpRequest, report: PeriodicReport) -> HttpResponse | None:
    """403 for those who never write; for writers a sentence when the report is no draft any more."""
    require(holds(request.user, Act.DRAFT_PAPER, report))
    if report.is_writable:
        return None
    messages.warning(request, _("This report is no draft any more: its text does not change."))
    return redirect(report)


def _write(request: HttpRequest, report: PeriodicReport, form: Any, **changes: Any) -> bool:
    """Store the changes; what stands in the way is said in the form, with both versions where there are two."""
    expected = form.cleaned_data["version"] or report.version
    try:
        report.write(by=request.user, expected_version=expected, **changes)
    except ValidationError as refusal:
        if isinstance(refusal, StaleVersion):
            form.compare_with(refusal.current)
        form.refuse(refusal)
        return False
    return True


def _form_page(
    request: HttpRequest,
    template: str,
    report: PeriodicReport,
    form: Any,
    title: Any,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    everything = {
        "report": report,
        "form": form,
        "title": title,
        "crumbs": [*report_crumbs(), (report.period.label, report.get_absolute_url()), (title, "")],
        **(context or {}),
    }
    return render(request, template, everything, status=status_of(form))


def status_of(form: Any) -> int:
    """409 when the report's state or somebody else stands in the way, 422 when the input has to be corrected."""
    refusals = form.errors.as_data().get("__all__", []) if form.errors else []
    if any(isinstance(refusal, StaleVersion | WrongStep) for refusal in refusals):
        return 409
    return 422 if form.errors else 200


def _stem(report: PeriodicReport) -> str:
    """``bao-cao-6-thang-dau-nam-2020``, a draft ``du-thao-…``: names of files in plain letters."""
    words = [report.period.label]
    if about := report.agency or report.field:
        words.append(about.short_name if report.agency and report.agency.short_name else about.name)
    kind = "bao-cao" if report.is_frozen else "du-thao-bao-cao"
    number = f"-{report.number}" if report.number else ""
    return f"{kind}{number}-{slugify(fold(' '.join(words)))}"[:120]
