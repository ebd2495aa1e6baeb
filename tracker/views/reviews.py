"""Confirming and returning progress reports, one after another or many at once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker import clock
from tracker.figures.decisions import Matter
from tracker.figures.figure_reviews import figure_queue
from tracker.figures.reviews import queue, reading, reviewed_on, with_figures
from tracker.forms.reviews import ConfirmForm, ConfirmManyForm, SendBackForm
from tracker.models import Assignment, Configuration, ProgressReport, ReportStatus
from tracker.once import once
from tracker.permissions import can_confirm, can_review, can_see_review_queue, is_reviewer, require

SHOWN = 40
"""Rows of each part of the queue before it is cut; a link opens all."""


@require_safe
def review_queue(request: HttpRequest) -> HttpResponse:
    """What waits, and beside it the first report; when nothing waits, what was done today."""
    require(can_see_review_queue(request.user))

    waiting = queue(request.user, clock.today())
    if not waiting.reports:
        done = reviewed_on(request.user, clock.today())
        context = {"done": done, "today": clock.today(), "figures": figure_queue(request.user).count()}
        return render(request, "reviews/empty.html", context)
    context = _page(request, waiting.reports[0], waiting=waiting)
    context["figures"] = figure_queue(request.user).count()
    context["review_days"] = Configuration.current().review_days
    return render(request, "reviews/queue.html", context)


@require_safe
def review_detail(request: HttpRequest, pk: int) -> HttpResponse:
    report = _find(request, pk)
    if report is None:
        return redirect("review_queue")
    require(is_reviewer(request.user, report))

    return render(request, "reviews/detail.html", _page(request, report))


@require_POST
@once
def review_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm what was read, and go on with the next report."""
    report = _find(request, pk)
    if report is None:
        return redirect("review_queue")
    require(is_reviewer(request.user, report))
    if report.status == ReportStatus.SUBMITTED:
        require(can_confirm(request.user, report, has_evidence=report.evidence_count > 0))
        if report.claim in ProgressReport.WISHES:
            # A pause needs a day to look again, a stop its document; confirming alone would lose the request.
            return redirect("decision_take", Matter(report.claim), pk)

    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return render(request, "reviews/detail.html", _page(request, report, form=form), status=422)
    read = form.cleaned_data
    try:
        report.confirm(by=request.user, note=read["note"], expected_version=read["version"])
    except ValidationError as refusal:
        return _refused(request, pk, read["note"], refusal)
    messages.success(request, _("Confirmed: the report of %(agency)s.") % {"agency": report.agency.label})
    return redirect(_next_page(request, pk, read["back"]))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def review_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return with a reason and a day; the agency corrects the same report."""
    report = _find(request, pk)
    if report is None:
        return redirect("review_queue")
    require(is_reviewer(request.user, report))
    if report.status == ReportStatus.SUBMITTED:
        require(can_review(request.user, report))

    if request.method != "POST":
        first = {"version": report.version, "back": _back(request)}
        form = SendBackForm(initial=first, today=clock.today())
        return render(request, "reviews/send_back.html", _page(request, report, form=form))
    form = SendBackForm(request.POST, today=clock.today())
    if not form.is_valid():
        return render(request, "reviews/send_back.html", _page(request, report, form=form), status=422)
    read = form.cleaned_data
    try:
        report.send_back(
            by=request.user, note=form.words, fix_by=read["fix_by"], expected_version=read["version"]
        )
    except ValidationError as refusal:
        return _refused(request, pk, read["note"], refusal)
    messages.success(request, _("Returned: the report of %(agency)s.") % {"agency": report.agency.label})
    return redirect(_next_page(request, pk, read["back"]))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def review_confirm_many(request: HttpRequest) -> HttpResponse:
    """Exactly which reports would be confirmed; then each through the same verb, or named as skipped."""
    require(can_see_review_queue(request.user))

    form = ConfirmManyForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        waiting = queue(request.user, clock.today())
        status = 422 if form.errors else 200
        return render(
            request,
            "reviews/confirm_many.html",
            {"form": form, "reports": waiting.plain, "today": clock.today()},
            status=status,
        )
    versions = form.cleaned_data["versions"]
    reports = _all_of(request, versions)
    for report in reports:
        require(is_reviewer(request.user, report))
    skipped = [report for report in reports if not _confirm_plain(request, report, versions[report.pk])]
    _say_what_was_done(request, len(reports) - len(skipped), skipped)
    return redirect("review_queue")


def _find(request: HttpRequest, pk: int) -> Any:
    """A report that was handed in and that this person sees, with all that the page shows of it.

    None when the agency has taken it back meanwhile: the reviewer reads that on the queue.
    """
    seen = ProgressReport.objects.visible_to(request.user).exclude(status=ReportStatus.DRAFT)
    report = seen.for_review().filter(pk=pk).first()
    if report is None:
        assignments = Assignment.objects.visible_to(request.user)
        drafts = ProgressReport.objects.filter(assignment__in=assignments, status=ReportStatus.DRAFT)
        if not is_reviewer(request.user, get_object_or_404(drafts.exclude(submitted_at=None), pk=pk)):
            raise Http404
        messages.warning(request, _("The agency has taken this report back"))
        return None
    return with_figures([report])[0]


def _all_of(request: HttpRequest, versions: dict[int, int]) -> list[Any]:
    # Always in the order of the directives that the verb locks, so that two reviewers cannot block each other.
    seen = ProgressReport.objects.visible_to(request.user).for_review().filter(pk__in=versions)
    reports = with_figures(seen.order_by("assignment__directive", "pk"))
    if len(reports) < len(versions):
        raise Http404
    return reports


def _confirm_plain(request: HttpRequest, report: Any, version: int) -> bool:
    """Confirm one of many; a report that changed meanwhile, or has warnings now, is left for a closer look."""
    has_evidence = report.evidence_count > 0
    if not can_confirm(request.user, report, has_evidence=has_evidence) or report.warnings(clock.today()):
        return False
    try:
        with transaction.atomic():
            report.confirm(by=request.user, expected_version=version)
    except ValidationError:
        return False
    return True


def _say_what_was_done(request: HttpRequest, confirmed: int, skipped: list[Any]) -> None:
    if confirmed:
        text = ngettext("%(n)s report confirmed.", "%(n)s reports confirmed.", confirmed)
        messages.success(request, text % {"n": confirmed})
    if skipped:
        text = ngettext(
            "%(n)s report changed meanwhile and was left out: %(names)s.",
            "%(n)s reports changed meanwhile and were left out: %(names)s.",
            len(skipped),
        )
        names = "; ".join(f"{report.agency.label} – {report.assignment.directive.code}" for report in skipped)
        messages.warning(request, text % {"n": len(skipped), "names": names})


def _page(request: HttpRequest, report: Any, *, waiting: Any = None, form: Any = None) -> dict[str, Any]:
    today = clock.today()
    waiting = waiting or queue(request.user, today)
    has_evidence = report.evidence_count > 0
    may_confirm = can_confirm(request.user, report, has_evidence=has_evidence)
    may_review = can_review(request.user, report)
    if form is None and may_confirm:
        form = ConfirmForm(initial={"version": report.version, "back": _back(request)})
    return {
        "today": today,
        "queue": waiting,
        "shown": f":{len(waiting.reports)}" if "tat-ca" in request.GET else f":{SHOWN}",
        "next": waiting.next_after(report.pk),
        "reading": reading(report),
        "report": report,
        "assignment": report.assignment,
        "directive": report.assignment.directive,
        "expected": report.assignment.expected_percent(today),
        "change": report.percent - report.percent_before,
        "may_review": may_review,
        "may_confirm": may_confirm,
        "back": _back(request),
        "form": form,
    }


def _refused(request: HttpRequest, pk: int, note: str, refusal: ValidationError) -> HttpResponse:
    """Somebody was quicker: the report as it now stands, and why nothing was done. What was typed is kept."""
    found = get_object_or_404(ProgressReport.objects.visible_to(request.user).for_review(), pk=pk)
    report = with_figures([found])[0]
    form = ConfirmForm(initial={"version": report.version, "back": _back(request), "note": note})
    context = _page(request, report, form=form) | {"refused": refusal.messages}
    return render(request, "reviews/detail.html", context, status=409)


def _back(request: HttpRequest) -> str:
    """Where the reviewer came from: “overview” or "" for the queue."""
    wanted = request.POST.get("back") or request.GET.get("ve") or ""
    return "overview" if wanted in {"overview", "tong-quan"} else ""


def _next_page(request: HttpRequest, pk: int, back: str) -> str:
    if back == "overview":
        return f"{resolve_url('overview')}#quyet"
    following = queue(request.user, clock.today()).next_after(pk)
    return resolve_url("review_detail", following.pk) if following else resolve_url("review_queue")
