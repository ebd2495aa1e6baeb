"""Progress reports (báo cáo tiến độ) as an agency writes them: save a draft, submit, nothing new, take back."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker import clock
from tracker.figures.entry import entries_of
from tracker.figures.reporting import closing_beside
from tracker.figures.work import day_to_report, my_work
from tracker.forms.progress import ReportForm, before_submitting, new_report, nothing_new_sentence
from tracker.models import (
    Assignment,
    Configuration,
    ProgressReport,
    ReportingPeriod,
    ReportStatus,
    User,
    WrongStep,
)
from tracker.models.standing import standing
from tracker.once import keep_writes, once
from tracker.permissions import (
    can_ask_extension,
    can_report,
    can_review,
    can_take_back,
    is_reporter,
    require,
)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def progress_log(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of one assignment. What is sent is saved first and judged then, so that no word is lost."""
    today = clock.today()
    assignment, report = work_and_report(request.user, pk, today)
    require(may_write(request.user, assignment, report))
    if request.method != "POST":
        if report.status == ReportStatus.SUBMITTED:
            return redirect(report)
        _copy_last_words(request, report)
        return report_page(request, assignment, report, ReportForm(report=report, with_figures=True))

    form = ReportForm(request.POST, request.FILES, report=report, with_figures=True)
    turn = Turn.of(request, assignment, today)
    report = form.keep(assignment, by=request.user, today=today)
    if form.submit(report, by=request.user, today=today):
        messages.success(
            request, _("The report %(code)s has been submitted.") % {"code": assignment.directive.code}
        )
        return redirect(_after(request, turn))
    form.go_on_from(report)
    return keep_writes(report_page(request, assignment, report, form))


@require_POST
def progress_save_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what has been typed so far: by itself while typing, or at the press of a button."""
    today = clock.today()
    assignment, report = work_and_report(request.user, pk, today)
    require(may_write(request.user, assignment, report))

    is_short = "nhanh" in request.POST
    form = ReportForm(
        request.POST,
        request.FILES,
        report=report,
        auto_id=_ids(request, assignment),
        with_figures=not is_short,
    )
    report = form.keep(assignment, by=request.user, today=today)
    if request.htmx:  # type: ignore[attr-defined]
        status = 409 if form.non_field_errors() or form.figures.conflict else 200
        return render(
            request, "progress/_saved.html", _saved(request, assignment, report, form, today), status=status
        )
    if form.is_valid():
        messages.success(request, _("The draft has been saved."))
        return redirect(address(request, assignment.pk))
    form.go_on_from(report)
    return report_page(request, assignment, report, form)


@require_POST
@once
def progress_nothing_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in last period's percentage with one sentence; never over words that somebody has already written."""
    today = clock.today()
    assignment, _report = work_and_report(request.user, pk, today)
    require(can_report(request.user, assignment))

    report = ProgressReport.in_hand_of(assignment, by=request.user, today=today)
    is_untouched = not report.done and report.claim == ProgressReport.Claim.IN_PROGRESS
    if assignment.progress_on is None or not is_untouched or report.status != ReportStatus.DRAFT:
        messages.warning(request, _("Read this report once more and submit it here."))
        return redirect("progress_log", pk)
    with translation.override(settings.LANGUAGE_CODE):
        sentence = nothing_new_sentence()
    day = day_to_report(assignment, today)
    content = {"percent": assignment.percent, "done": sentence, "nothing_new": True, "as_of_on": day}
    try:
        with transaction.atomic():
            report.save_draft(by=request.user, expected_version=report.version, **content)
            report.submit(by=request.user, today=today)
    except ValidationError:  # a figure that was begun in it cannot be handed in as it stands
        messages.warning(request, _("Read this report once more and submit it here."))
        return redirect("progress_log", pk)
    messages.success(
        request, _("The report %(code)s has been submitted.") % {"code": assignment.directive.code}
    )
    return redirect("my_work")


@require_safe
def progress_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One report with its evidence and its way through the review."""
    report = get_object_or_404(ProgressReport.objects.visible_to(request.user).for_review(), pk=pk)
    context = {
        "report": report,
        "directive": report.assignment.directive,
        "events": report.events.select_related("by", "by_agency"),
        "evidence": report.evidence.all(),
        "figures": entries_of([report]).get(report.pk, []),
        "may_take_back": can_take_back(request.user, report),
        "may_review": can_review(request.user, report),
        "may_edit": report.is_editable and can_report(request.user, report.assignment),
        "today": clock.today(),
        "crumbs": [
            (_("Directives"), reverse("directive_list")),
            (report.assignment.directive.code, report.assignment.get_absolute_url()),
            (_("Progress report"), ""),
        ],
    }
    return render(request, "progress/detail.html", context)


@require_POST
@once
def progress_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a submitted report back to change it, as long as nobody has reviewed it."""
    reports = ProgressReport.objects.visible_to(request.user).select_related("assignment__directive")
    report = get_object_or_404(reports, pk=pk)
    require(is_reporter(request.user, report.assignment))

    try:
        report.take_back(by=request.user)
    except WrongStep as refusal:
        messages.warning(request, refusal.messages[0])
        return redirect(report)
    messages.success(request, _("The report has been taken back. Change it and submit it again."))
    return redirect("progress_log", report.assignment_id)


# One assignment after another


@dataclass(frozen=True)
class Turn:
    """Where a person stands who reports one assignment after another: “task 3 of 6”."""

    handed_in: int
    number: int
    total: int
    next_pk: int | None

    @classmethod
    def of(cls, request: HttpRequest, assignment: Assignment, today: dt.date) -> "Turn | None":
        """None unless the address says so. What was handed in on the way is no longer among what is to do."""
        asked = request.POST.get("tiep") or request.GET.get("tiep") or ""
        if not (asked.isascii() and asked.isdigit() and 0 < int(asked[:4]) < 1000):
            return None
        rows = my_work(request.user, today, Configuration.current().due_soon_days).to_do
        row_pks = [row.pk for row in rows]
        if assignment.pk not in row_pks:
            return None
        handed_in, place = int(asked[:4]) - 1, row_pks.index(assignment.pk)
        following = row_pks[place + 1 :]
        return cls(
            handed_in, handed_in + place + 1, handed_in + len(rows), following[0] if following else None
        )

    @property
    def place(self) -> str:
        """What the address of this task says."""
        return f"?tiep={self.handed_in + 1}"


def _after(request: HttpRequest, turn: Turn | None) -> str:
    if turn is None or turn.next_pk is None or "thoi" in request.POST:
        return reverse("my_work")
    return f"{reverse('progress_log', args=[turn.next_pk])}?tiep={turn.handed_in + 2}"


def address(request: HttpRequest, assignment_pk: int) -> str:
    """The page of this report, still one of several if it was."""
    asked = request.POST.get("tiep", "")
    return reverse("progress_log", args=[assignment_pk]) + (
        f"?tiep={asked}" if asked.isdecimal() and len(asked) < 4 else ""
    )


# What the pages show


def work_and_report(user: User, pk: int, today: dt.date) -> tuple[Any, ProgressReport]:
    """The assignment, if this person sees it, and its report in hand or a new one that is not stored yet."""
    office = Configuration.current()
    assignments = Assignment.objects.visible_to(user).select_related("agency", "directive__field")
    assignment = get_object_or_404(
        assignments.annotate(standing=standing(today, office.due_soon_days)), pk=pk
    )
    reports = assignment.reports.in_hand().select_related("author", "reviewed_by__agency")
    report = reports.first() or new_report(assignment, by=user, today=today)
    report.assignment = assignment
    return assignment, report


def may_write(user: User, assignment: Assignment, report: ProgressReport) -> bool:
    """Report now, or be told that a colleague has just submitted the same report."""
    under_review = report.status == ReportStatus.SUBMITTED
    return can_report(user, assignment) or (under_review and is_reporter(user, assignment))


def report_page(
    request: HttpRequest, assignment: Any, report: ProgressReport, form: ReportForm
) -> HttpResponse:
    """The whole page around a form; 409 when two people wrote at once."""
    today = clock.today()
    turn = Turn.of(request, assignment, today)
    period = ReportingPeriod.in_hand(today)
    context = _around(assignment, report, form, today) | {
        "form": form,
        "period": period,
        "closing": closing_beside(assignment.due_on),
        "turn": turn,
        "last": _last_confirmed(assignment),
        "may_ask_extension": can_ask_extension(request.user, assignment),
        "crumbs": _crumbs(turn, period),
    }
    status = 409 if form.conflict or form.figures.conflict else 200
    return render(request, "progress/log.html", context, status=status)


def _around(assignment: Any, report: ProgressReport, form: ReportForm, today: dt.date) -> dict[str, Any]:
    evidence = list(report.evidence.all()) if report.pk else []
    return {
        "assignment": assignment,
        "directive": assignment.directive,
        "report": report,
        "evidence": evidence,
        "checks": before_submitting(report, evidence_count=len(evidence), today=today, figures=form.figures),
        "expected": assignment.expected_percent(today),
        "limit_mb": settings.EVIDENCE_MAX_MB,
        "today": today,
    }


def _saved(
    request: HttpRequest, assignment: Any, report: ProgressReport, form: ReportForm, today: dt.date
) -> dict[str, Any]:
    """What changes on the page when the draft is saved by itself; the short form has no more than its status."""
    context = {"form": form, "report": report, "is_short": "nhanh" in request.POST}
    if context["is_short"]:
        return context
    return context | _around(assignment, report, form, today) | {"has_files": bool(request.FILES)}


def short_ids(assignment: Assignment) -> str:
    """The ids of the controls of a short form in the list: several may be open."""
    return f"viec-{assignment.pk}-%s"


def _ids(request: HttpRequest, assignment: Assignment) -> str:
    return short_ids(assignment) if "nhanh" in request.POST else "id_%s"


def _last_confirmed(assignment: Assignment) -> ProgressReport | None:
    return assignment.reports.confirmed().newest_first().select_related("reviewed_by").first()


def _copy_last_words(request: HttpRequest, report: ProgressReport) -> None:
    """Begin with last period's text, after what is there already. Nothing is stored by looking at it."""
    last = _last_confirmed(report.assignment) if "chep" in request.GET else None
    if last and last.done not in report.done:
        report.done = "\n".join(filter(None, [report.done, last.done]))


def _crumbs(turn: Turn | None, period: ReportingPeriod) -> list[tuple[str, str]]:
    here = _("Report of the period %(period)s") % {"period": period.label.lower()}
    crumbs = [(_("My work"), reverse("my_work")), (here, "")]
    if turn:
        crumbs.append((_("task %(number)d of %(total)d") % {"number": turn.number, "total": turn.total}, ""))
    return crumbs
