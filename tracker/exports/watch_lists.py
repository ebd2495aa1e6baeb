"""What is watched, taken out: urgings, extensions, corrected deadlines, obstacles, early warnings."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.utils.translation import gettext as _

from tracker.exports import sheet as cells
from tracker.exports.asking import Asked, filtered, words_of
from tracker.exports.sheet import Sheet, from_records
from tracker.figures.warnings import warnings
from tracker.forms.corrections import CorrectionFilter
from tracker.forms.extensions import ExtensionFilter
from tracker.forms.urging_filters import UrgingFilter
from tracker.forms.watch_filters import LEVELS, ObstacleFilter, WarningFilter
from tracker.models import Document, ExtensionStatus, Urging, UrgingRecipient


def urgings(asked: Asked) -> Sheet:
    """One line an urging, with whom it went to and who has answered, as far as the person sees them."""
    filters = UrgingFilter(asked.data, user=asked.user, today=asked.today)
    seen = UrgingRecipient.objects.visible_to(asked.user).filter(urging=OuterRef("pk"))
    told = JSONObject(agency="agency__name", lacks="lacks", answer="answer", answered_at="answered_at")
    rows = filters.rows().annotate(
        told=ArraySubquery(seen.order_by("agency__sort_key", "pk").values(found=told)),
        about=ArraySubquery(
            Urging.directives.through.objects.filter(urging=OuterRef("pk"))
            .order_by("directive__code")
            .values("directive__code")
        ),
        measured=ArraySubquery(
            Urging.indicators.through.objects.filter(urging=OuterRef("pk"))
            .order_by("indicator__code")
            .values("indicator__code")
        ),
    )
    columns = [
        cells.index(_("No.")),
        cells.moment(_("Urged at"), "at"),
        cells.choice(_("Grade of urging"), "grade", Urging.Grade.choices, 22),
        cells.text(_("Urged agencies"), "told", 40, _named),
        cells.text(_("Reason"), "reason", 44),
        cells.text(_("What it lacks"), "told", 50, _lacks).off_paper(),
        cells.text(_("Directives"), "about", 24, "; ".join),
        cells.text(_("Indicators"), "measured", 18, "; ".join).off_paper(),
        cells.day(_("Answer by"), "answer_due_on"),
        cells.number(_("Answers received"), "told", _answered),
        cells.number(_("Agencies urged"), "told", len),
        cells.text(_("Answers"), "told", 50, _answers).off_paper(),
        cells.text(_("Urged by"), "by__full_name", 20),
        cells.text(_("Official letter"), "document__number", 18).off_paper(),
    ]
    return filtered(_("Urgings"), filters, columns, rows.order_by("-at", "-pk"))


def _named(told: list[dict[str, Any]]) -> str:
    return "; ".join(one["agency"] for one in told)


def _lacks(told: list[dict[str, Any]]) -> str:
    return "\n".join(f"{one['agency']}: {one['lacks']}" for one in told)


def _answered(told: list[dict[str, Any]]) -> int:
    return sum(one["answered_at"] is not None for one in told)


def _answers(told: list[dict[str, Any]]) -> str:
    return "\n".join(f"{one['agency']}: {one['answer']}" for one in told if one["answered_at"])


def extensions(asked: Asked) -> Sheet:
    filters = ExtensionFilter(asked.data, user=asked.user, today=asked.today)
    columns = [
        cells.index(_("No.")),
        cells.text(_("Agency"), "agency__name", 28),
        cells.text(_("Task as printed"), "assignment__directive__title", 50),
        cells.text(_("Code of the directive"), "assignment__directive__code", 14),
        cells.moment(_("Asked at"), "asked_at"),
        cells.day(_("Deadline when it was asked"), "due_on_before"),
        cells.day(_("New deadline asked for"), "new_due_on"),
        cells.text(_("Reason"), "reason", 40),
        cells.text(_("Document of request"), "document", 20).off_paper(),
        cells.yes(_("Asked after the deadline"), "is_after_deadline", _("yes")).off_paper(),
        cells.number(_("Which extension this would be"), "ordinal").off_paper(),
        cells.choice(_("Status"), "status", ExtensionStatus.choices, 22),
        cells.day(_("Deadline proposed instead"), "proposed_due_on").off_paper(),
        cells.day(_("Deadline granted"), "granted_due_on"),
        cells.text(_("Decided by"), "decided_by__full_name", 20).off_paper(),
        cells.moment(_("Decided at"), "decided_at").off_paper(),
        cells.text(_("Note on the decision"), "decision_note", 30).off_paper(),
    ]
    return filtered(_("Extensions"), filters, columns, filters.tabs[filters.tab])


def corrections(asked: Asked) -> Sheet:
    filters = CorrectionFilter(asked.data, user=asked.user, today=asked.today)
    columns = [
        cells.index(_("No.")),
        cells.text(_("Task as printed"), "directive__title", 50),
        cells.text(_("Code of the directive"), "directive__code", 14),
        cells.text(_("Lead agency"), "directive__lead__name", 28),
        cells.day(_("Deadline before"), "due_on_before"),
        cells.day(_("Deadline after"), "due_on_after"),
        cells.text(_("Reason"), "reason", 40),
        cells.text(_("Document that says so"), "facts", 30, _document_words),
        cells.text(_("By"), "by__full_name", 20),
        cells.moment(_("At"), "at"),
    ]
    facts = JSONObject(kind="document__kind", number="document__number", issued_on="document__issued_on")
    return filtered(_("Corrected deadlines"), filters, columns, filters.rows().annotate(facts=facts))


def _document_words(facts: dict[str, Any]) -> str:
    return Document.short_label(**facts) if facts["kind"] else ""


def obstacles(asked: Asked) -> Sheet:
    filters = ObstacleFilter(asked.data, user=asked.user, today=asked.today)
    columns = [
        cells.index(_("No.")),
        cells.text(_("What holds the work up"), "description", 44),
        cells.text(_("Cause"), "cause", 36),
        cells.text(_("Task as printed"), "directive__title", 44),
        cells.text(_("Code of the directive"), "directive__code", 14),
        cells.text(_("Who must solve it"), "solver_words", 28),
        cells.day(_("To be solved by"), "needed_by"),
        cells.text(_("Reported by agency"), "agency__name", 26),
        cells.text(_("Reported by"), "raised_by__full_name", 20).off_paper(),
        cells.moment(_("Reported at"), "raised_at").off_paper(),
        cells.text(_("How it was solved"), "solution", 36).off_paper(),
        cells.moment(_("Solved at"), "solved_at"),
        cells.text(_("Solved by"), "solved_by__full_name", 20).off_paper(),
    ]
    solver = Coalesce("solver__name", NullIf("solver_outside", Value("")), Value(""))
    return filtered(_("Obstacles"), filters, columns, filters.rows().annotate(solver_words=solver))


def early_warnings(asked: Asked) -> Sheet:
    """The running directives with the sentence that explains the level, the worst first."""
    filters = WarningFilter(asked.data, user=asked.user, today=asked.today)
    shown = filters.shown(warnings(filters.scope, filters.rows()))
    columns = [
        cells.index(_("No.")),
        cells.text(_("Level"), width=14),
        cells.text(_("Task as printed"), width=54),
        cells.text(_("Code of the directive"), width=14),
        cells.text(_("Why"), width=54),
        cells.text(_("What the level comes from"), width=26).off_paper(),
        cells.text(_("Lead agency"), width=28),
        cells.text(_("Field of work"), width=20).off_paper(),
        cells.day(_("Due on")),
        cells.number(_("Degree of completion (%)")),
        cells.number(_("Points behind the time")),
        cells.number(_("Days without news")),
    ]

    def read(one: Any) -> list[Any]:
        work = one.directive
        return [
            str(LEVELS[one.level]),
            work.title,
            work.code,
            one.sentence,
            str(one.rule.label),
            work.lead.name if work.lead else work.lead_printed,
            work.field.label,
            work.due_on,
            work.percent,
            one.behind,
            one.silent_days,
        ]

    rows = from_records(columns, shown, read)
    return Sheet(_("Early warning"), columns, rows, len(shown), asked.today, filters=words_of(filters))
