"""Field-level history in words: who changed what of a directive and its parts, when, from where and why.

The rows are written by database triggers and hold the record after each change. What stood before is the row before
it, so that every line here is read from the log itself and from nothing else. One query reads the rows, one for each
kind of record reads the names that changed fields point to: the number does not grow with the history.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, ForeignKey, Model, Q, Value, Window
from django.db.models.functions import JSONObject, Lag
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from tracker.models import (
    Agency,
    Assignment,
    AssignmentHistory,
    Directive,
    DirectiveHistory,
    DirectiveSourceHistory,
    EvidenceHistory,
    ExtensionRequest,
    ExtensionRequestHistory,
    InstructionHistory,
    PeriodicReportHistory,
    ProgressReport,
    ProgressReportHistory,
    ReportStatus,
    SuggestionHistory,
    User,
)
from tracker.templatetags.display import NOTHING, day, moment

_SILENT = {
    "version",
    "status_before",
    "saved_at",
    "created_at",
    "created_by",
    "directive",
    "assignment",
    "percent_before",
    "stored_name",
    "sha256",
    "content_type",
    "proposed_by",
    "answered_by",
    "decided_by",
    "writers",
    "content",
}
"""Columns whose change tells a reader nothing: keys of the record itself, who made this very change, and the
machinery's own. A long text is told by its reader, see ``read``."""

_UNREAD = {"facts"}
"""Columns that no line is made of and that are too long to be fetched for nothing."""


@dataclass(frozen=True)
class Line:
    """One field of one change: old → new."""

    label: str
    old: str
    new: str


@dataclass
class Change:
    """One record changed at once by one person."""

    at: dt.datetime
    label: str
    noun: str
    what: str
    by: str
    place: str
    address: str
    reason: str
    lines: list[Line] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.label == "insert"

    @property
    def is_removed(self) -> bool:
        return self.label == "delete"


@dataclass(frozen=True)
class History:
    """The newest changes, and whether older ones are left."""

    changes: list[Change]
    has_more: bool


@dataclass(frozen=True)
class _Row:
    noun: str
    key: int
    at: dt.datetime
    label: str
    context: dict[str, Any] | None
    new: dict[str, Any]
    old: dict[str, Any] | None


def of_directive(directive: Directive, user: User, most: int) -> History:
    """The newest ``most`` changes of a directive and its parts, as this person may see them."""
    return read(_parts(directive, user), most)


Teller = Callable[[Any, Any], list["Line"]]


def read(parts: Mapping[Any, Q], most: int, tellers: Mapping[str, Teller] | None = None) -> History:
    """The newest ``most`` changes in the given logs, each cut to the rows that may be seen.

    ``tellers``: by column what makes lines of its old and new value, for columns that hold more than one value.
    """
    logs = [_rows(log, cut) for log, cut in parts.items()]
    found = logs[0].union(*logs[1:], all=True).order_by("-pgh_created_at", "noun", "-pgh_id")
    rows = [_Row(*values) for values in found[: most + 1]]
    told = rows[:most]
    names = _Names(told)
    changes = [_told(row, names, tellers or {}) for row in told]
    return History(
        [change for change in changes if change.lines or change.label != "update"], len(rows) > most
    )


def _parts(directive: Directive, user: User) -> dict[Any, Q]:
    """Each log with the rows of this directive that the person may see. Drafts stay inside their agency."""
    seen = Assignment.objects.visible_to(user).filter(directive=directive).values("pk")
    reports = ProgressReport.objects.visible_to(user).filter(assignment__directive=directive).values("pk")
    requests = ExtensionRequest.objects.filter(assignment__in=seen).values("pk")
    not_a_draft = ~Q(status=ReportStatus.DRAFT) | Q(agency=user.agency_id)
    return {
        DirectiveHistory: Q(id=directive.pk),
        DirectiveSourceHistory: Q(directive=directive),
        SuggestionHistory: Q(directive=directive),
        AssignmentHistory: Q(id__in=seen),
        InstructionHistory: Q(directive=directive),
        ProgressReportHistory: Q(id__in=reports) & not_a_draft,
        ExtensionRequestHistory: Q(id__in=requests),
        EvidenceHistory: Q(report__in=reports) | Q(extension__in=requests),
    }


def _rows(log: Any, cut: Q) -> Any:
    record = JSONObject(**{column.name: F(column.attname) for column in _columns(log)})
    before = Window(Lag(record), partition_by=F("id"), order_by=F("pgh_id").asc())
    return (
        log.objects.filter(cut)
        .order_by()
        .annotate(noun=Value(log.__name__), new=record, old=before)
        .values_list("noun", "pgh_id", "pgh_created_at", "pgh_label", "pgh_context", "new", "old")
    )


def _columns(log: Any) -> list[Any]:
    return [
        column
        for column in log._meta.concrete_fields
        if not column.name.startswith("pgh_") and column.name not in _UNREAD
    ]


_LOGS = {
    log.__name__: log
    for log in (
        DirectiveHistory,
        DirectiveSourceHistory,
        SuggestionHistory,
        AssignmentHistory,
        InstructionHistory,
        PeriodicReportHistory,
        ProgressReportHistory,
        ExtensionRequestHistory,
        EvidenceHistory,
    )
}


class _Names:
    """The names of the records that the rows point to, one query for each kind of record."""

    def __init__(self, rows: list[_Row]) -> None:
        wanted: dict[type[Model], set[int]] = defaultdict(set)
        for row in rows:
            wanted[User].add((row.context or {}).get("user") or 0)
            for column in _columns(_LOGS[row.noun]):
                if isinstance(column, ForeignKey):
                    pair = row.new, row.old or {}
                    wanted[column.related_model] |= {side.get(column.name) or 0 for side in pair}
        self.known: dict[type[Model], dict[Any, Any]] = {
            model: model._default_manager.in_bulk(keys - {0}) for model, keys in sorted_by_name(wanted)
        }

    def of(self, model: type[Model], key: Any) -> str:
        if not key:
            return NOTHING
        record = self.known.get(model, {}).get(key)
        if isinstance(record, Directive):
            return record.code
        if isinstance(record, Agency):
            return record.label
        return str(record) if record else _("no. %(key)s") % {"key": key}


def sorted_by_name(wanted: dict[type[Model], set[int]]) -> list[tuple[type[Model], set[int]]]:
    return sorted(wanted.items(), key=lambda pair: pair[0].__name__)


def _told(row: _Row, names: _Names, tellers: Mapping[str, Teller]) -> Change:
    log = _LOGS[row.noun]
    noun = log.pgh_tracked_model
    context = row.context or {}
    return Change(
        at=row.at,
        label=row.label,
        noun=str(noun._meta.verbose_name),
        what=_what(row, names),
        by=names.of(User, context.get("user")) if context.get("user") else "",
        place=context.get("url") or context.get("command") or "",
        address=context.get("address") or "",
        reason=context.get("reason") or "",
        lines=_lines(row, noun, names, tellers) if row.label == "update" else [],
    )


def _what(row: _Row, names: _Names) -> str:
    """Which record of its kind: the agency of an assignment, the name of a file."""
    match row.noun:
        case "AssignmentHistory" | "ProgressReportHistory" | "ExtensionRequestHistory":
            return names.of(Agency, row.new["agency"])
        case "EvidenceHistory":
            return row.new["title"]
        case "DirectiveSourceHistory" | "DirectiveHistory" | "PeriodicReportHistory":
            return ""
    return row.new["text"]


def _lines(row: _Row, noun: Any, names: _Names, tellers: Mapping[str, Teller]) -> list[Line]:
    old = row.old or {}
    lines = [
        Line(_label(column), _text(column, old.get(name), names), _text(column, row.new[name], names))
        for column in noun._meta.concrete_fields
        if (name := column.name) in row.new and name not in _SILENT and old.get(name) != row.new[name]
    ]
    for name, tell in tellers.items():
        lines += tell(old.get(name), row.new[name])
    return lines


def _label(column: Any) -> str:
    words = str(column.verbose_name)
    return words[:1].upper() + words[1:]


def _text(column: Any, value: Any, names: _Names) -> str:
    """A stored value as people read it."""
    if value is None or value == "":
        return NOTHING
    if isinstance(column, ForeignKey):
        return names.of(column.related_model, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    kind = column.get_internal_type()
    if kind == "DateField" and (read := parse_date(value)):
        return day(read)
    if kind == "DateTimeField" and (stamp := parse_datetime(value)):
        return moment(stamp)
    return str(value)
