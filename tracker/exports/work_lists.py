"""The register taken out: directives, assignments, progress reports, documents, what waits for review."""

from collections.abc import Callable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker.exports import sheet as cells
from tracker.exports.asking import Asked, field_words, filtered, words_of
from tracker.exports.figure_lists import measurement_columns, with_part
from tracker.exports.sheet import Column, Sheet, from_queryset, from_records
from tracker.figures.completeness import Handing
from tracker.figures.figure_reviews import figure_queue as waiting_figures
from tracker.figures.reviews import queue
from tracker.forms.filters import AssignmentFilter, DirectiveFilter, DocumentFilter, ProgressFilter
from tracker.models import (
    Assignment,
    Cell,
    DirectiveSource,
    Document,
    ProgressReport,
    ReportStatus,
    Standing,
    Status,
    User,
)
from tracker.tables.assignments import AssignmentTable
from tracker.tables.directives import DirectiveTable
from tracker.tables.documents import DocumentTable
from tracker.tables.progress import ProgressTable


def directives(asked: Asked) -> Sheet:
    """In the columns of the official appendix of tasks, then what the register knows besides."""
    filters = DirectiveFilter(asked.data, user=asked.user, today=asked.today)
    is_outside = filters.is_outside
    columns = [*_appendix(), *_standing(is_past=filters.scope.is_past, is_outside=is_outside)]
    rows, order = DirectiveTable.ordered(_with_bodies_and_sources(filters.rows(), asked.user), asked.order)
    return Sheet(
        _("Directives"),
        columns,
        from_queryset(columns, rows),
        total=filters.rows().count(),
        as_of=filters.scope.as_of,
        filters=[*words_of(filters), (_("Order"), order)],
        is_importable=True,
    )


def _appendix() -> list[Column]:
    """TT, Nội dung nhiệm vụ, Cơ quan chủ trì … as printed appendices have them; the code lets them be read again."""
    return [
        cells.index(_("No.")),
        cells.text(_("Task as printed"), "title", 60),
        cells.text(_("Lead agency"), "lead_words", 26),
        cells.text(_("Co-operating agencies"), "cooperating", 30, "; ".join),
        cells.text(_("Product"), "output_expected", 24),
        cells.text(_("Time of completion"), "deadline_printed", 18),
        cells.text(_("Note"), "note", 20).off_paper(),
        cells.text(_("Code"), "code", 14),
        cells.text(_("Assigning document"), "documents", 28, _document_words()).off_paper(),
        cells.text(_("Field of work"), "field", 20, field_words()).off_paper(),
    ]


def _standing(*, is_past: bool, is_outside: bool) -> list[Column]:
    """How the work stands. Degrees of completion are only known as they are now."""
    columns = [
        cells.day(_("Due on"), "due_then"),
        cells.choice(_("Life cycle"), "status_then", Status.choices).off_paper(),
        cells.choice(_("Status"), "standing", Standing.choices),
    ]
    if not is_outside:
        columns.append(cells.choice(_("Official table"), "cell", Cell.choices, 24).off_paper())
    columns += [
        cells.day(_("Original deadline"), "original_due_on").off_paper(),
        cells.day(_("Assigned on"), "assigned_on").off_paper(),
        cells.day(_("Completed on"), "completed_then").off_paper(),
    ]
    if not is_past:
        columns += [
            cells.number(_("Degree of completion (%)"), "percent"),
            cells.text(_("Latest news"), "progress_note", 40).off_paper(),
            cells.day(_("Updated on"), "progress_on").off_paper(),
        ]
    return [
        *columns,
        cells.number(_("Times extended"), "extension_count").off_paper(),
        cells.yes(_("Key directive"), "is_key", _("yes")).off_paper(),
        cells.number(_("Year of yearly work"), "occurrence_year", _plain).off_paper(),
        cells.text(_("Tracking officer"), "tracking_officer__full_name", 20).off_paper(),
    ]


def _plain(year: int | None) -> str | None:
    """A year has no thousands."""
    return None if year is None else str(year)


def _with_bodies_and_sources(rows: Any, user: User) -> Any:
    """Annotate the lead's name, the names of co-operating bodies that the person sees, the documents as facts."""
    given = Assignment.objects.visible_to(user).cooperating().active().filter(directive=OuterRef("pk"))
    sources = DirectiveSource.objects.filter(directive=OuterRef("pk")).order_by("position", "pk")
    facts = JSONObject(kind="document__kind", number="document__number", issued_on="document__issued_on")
    return rows.annotate(
        lead_words=Coalesce("lead__name", "lead_printed"),
        cooperating=ArraySubquery(given.order_by("agency__sort_key", "pk").values("agency__name")),
        documents=ArraySubquery(sources.values(found=facts)),
    )


def _document_words() -> Callable[[Any], str]:
    """“Nghị định 49/2017/NĐ-CP; …” for documents as facts; few documents have many directives: each is said once."""
    words: dict[tuple[Any, ...], str] = {}

    def said(facts: dict[str, Any]) -> str:
        key = tuple(facts.values())
        if key not in words:
            words[key] = Document.short_label(**facts)
        return words[key]

    return lambda documents: "; ".join(map(said, documents))


def assignments(asked: Asked) -> Sheet:
    """One line for each agency that has a directive."""
    filters = AssignmentFilter(asked.data, user=asked.user, today=asked.today)
    scope = filters.scope
    columns = [
        cells.index(_("No.")),
        cells.text(_("Agency"), "agency__name", 28),
        cells.text(_("Task as printed"), "directive__title", 60),
        cells.text(_("Code of the directive"), "directive__code", 14),
        cells.choice(_("Role"), "role", Assignment.Role.choices, 12),
        cells.text(_("Field of work"), "directive__field", 20, field_words()).off_paper(),
        cells.text(_("Time of completion"), "directive__deadline_printed", 18).off_paper(),
        cells.day(_("Due on"), "due_then"),
        cells.choice(_("Life cycle"), "status_then", Status.choices).off_paper(),
        cells.choice(_("Status"), "standing", Standing.choices),
        cells.choice(_("Official table"), "cell", Cell.choices, 24).off_paper(),
        cells.day(_("Original deadline"), "original_due_on").off_paper(),
        cells.day(_("Assigned on"), "assigned_on").off_paper(),
        cells.day(_("Completed on"), "completed_then").off_paper(),
    ]
    if filters.window_of(filters.form.cleaned_data):
        columns.append(cells.choice(_("Report of the period"), "handing", Handing.choices))
    if not scope.is_past:
        columns += [
            cells.number(_("Degree of completion (%)"), "percent"),
            cells.text(_("Latest news"), "progress_note", 40).off_paper(),
            cells.day(_("Updated on"), "progress_on").off_paper(),
        ]
    columns.append(cells.text(_("Person in charge"), "person__full_name", 20).off_paper())
    sheet = filtered(_("Assignments"), filters, columns, filters.rows(), AssignmentTable)
    sheet.as_of = scope.as_of
    return sheet


def progress_reports(asked: Asked) -> Sheet:
    filters = ProgressFilter(asked.data, user=asked.user, today=asked.today)
    return filtered(_("Progress reports"), filters, _report_columns(), filters.rows(), ProgressTable)


def _report_columns() -> list[Column]:
    """One report whole: nothing that was written is cut."""
    return [
        cells.index(_("No.")),
        cells.text(_("Agency"), "agency__name", 26),
        cells.text(_("Task as printed"), "assignment__directive__title", 50),
        cells.text(_("Code of the directive"), "assignment__directive__code", 14),
        cells.choice(_("Status"), "status", ReportStatus.choices),
        cells.choice(_("Situation"), "claim", ProgressReport.Claim.choices).off_paper(),
        cells.day(_("As of"), "as_of_on"),
        cells.number(_("Degree of completion (%)"), "percent"),
        cells.text(_("Result of the period"), "done", 50),
        cells.text(_("Difficulties, obstacles"), "obstacles", 30).off_paper(),
        cells.text(_("Proposal"), "proposal", 30).off_paper(),
        cells.text(_("Next steps"), "next_steps", 30).off_paper(),
        cells.day(_("Completed on"), "completed_on").off_paper(),
        cells.text(_("Output document"), "output_document", 24).off_paper(),
        cells.yes(_("Nothing new"), "nothing_new", _("yes")).off_paper(),
        cells.text(_("Written by"), "author__full_name", 20).off_paper(),
        cells.moment(_("Submitted at"), "submitted_at").off_paper(),
        cells.text(_("Reviewed by"), "reviewed_by__full_name", 20).off_paper(),
        cells.moment(_("Reviewed at"), "reviewed_at").off_paper(),
        cells.text(_("Reviewer's words"), "review_note", 30).off_paper(),
    ]


def documents(asked: Asked) -> Sheet:
    filters = DocumentFilter(asked.data, user=asked.user, today=asked.today)
    columns = [
        cells.index(_("No.")),
        cells.choice(_("Kind of document"), "kind", Document.Kind.choices),
        cells.text(_("Number and symbol"), "number", 20),
        cells.day(_("Date"), "issued_on"),
        cells.text(_("Issuer"), "issuer", 28),
        cells.text(_("Abstract"), "abstract", 60),
        cells.text(_("Occasion"), "occasion", 30).off_paper(),
        cells.text(_("Speaker"), "speaker", 20).off_paper(),
        cells.text(_("Exact words"), "words", 50).off_paper(),
        cells.number(_("Directives"), "directive_count"),
        cells.number(pgettext("directives", "Completed"), "done_count"),
        cells.text(_("Note"), "note", 24).off_paper(),
    ]
    rows = filters.rows().for_list(asked.user)
    return filtered(_("Documents"), filters, columns, rows, DocumentTable)


def reviews(asked: Asked) -> Sheet:
    """What waits for this person, in the order of the page: first what has something to look at."""
    waiting = queue(asked.user, asked.today)
    columns = [
        cells.index(_("No.")),
        cells.text(_("Agency"), width=26),
        cells.text(_("Task as printed"), width=50),
        cells.text(_("Code of the directive"), width=14),
        cells.day(_("As of")),
        cells.number(_("Degree of completion (%)")),
        cells.text(_("Result of the period"), width=50),
        cells.text(_("Difficulties, obstacles"), width=30).off_paper(),
        cells.text(_("Proposal"), width=30).off_paper(),
        cells.text(_("Written by"), width=20).off_paper(),
        cells.moment(_("Submitted at")),
    ]

    def read(report: Any) -> list[Any]:
        directive = report.assignment.directive
        return [
            report.agency.name,
            directive.title,
            directive.code,
            report.as_of_on,
            report.percent,
            report.done,
            report.obstacles,
            report.proposal,
            report.author.full_name,
            report.submitted_at,
        ]

    rows = from_records(columns, waiting.reports, read)
    return Sheet(_("Waiting for review"), columns, rows, len(waiting.reports), asked.today)


def figure_reviews(asked: Asked) -> Sheet:
    """Figures that wait for this person, the oldest first."""
    columns, rows = measurement_columns(), with_part(waiting_figures(asked.user))
    found = from_queryset(columns, rows)
    return Sheet(_("Figures waiting for review"), columns, found, rows.count(), asked.today)
