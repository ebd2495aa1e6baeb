"""The saved views of the register: named cuts that stand as tabs above the list, each with its count.

A view stands alone: it is the whole register as of today, cut by its own rule. Its count is the length of the list
that its tab opens.
"""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, When
from django.utils.translation import gettext_lazy as _

from tracker.figures.scope import Scope
from tracker.figures.work import REPORTABLE, period_start
from tracker.models import Assignment, Directive, ProgressReport, ReportStatus, Standing, Status
from tracker.models.occurrences import asks_itself
from tracker.models.standing import THEN, standing


class View(models.TextChoices):
    """A rule with a name in the address; overdue and due soon are standings and have none of their own."""

    TRACKED = "theo-doi", _("Tracked by me")
    SILENT = "chua-bao-cao", _("Not reported in the period")
    UNASSIGNED = "chua-giao", _("Not assigned yet")
    OUTSIDE = "thu-hoi", _("Withdrawn or transferred")


@dataclass(frozen=True)
class Tab:
    """One view above the list: the query of the address that opens it, its name, how many rows it has."""

    query: str
    label: Any
    count: int


def rows_of(view: str, scope: Scope) -> Any:
    """The rows of a view within a scope, with ``standing``; "" is the whole register."""
    if view == View.OUTSIDE:
        return _everything(scope).filter(standing=Standing.OUTSIDE)
    rows = scope.directives()
    if view == View.SILENT:
        rows = _with_silence(rows, scope)
    return rows.filter(_rule(view, scope)) if view else rows


def tabs(now: Scope) -> list[Tab]:
    """All views with their counts within the whole register of today, in one query."""
    rules: dict[str, tuple[str, Any, Q]] = {
        "all": ("", _("All"), _IN_REGISTER),
        "late": ("tt=late", _("Overdue"), Q(standing=Standing.LATE)),
        "soon": ("tt=soon", _("Due soon"), Q(standing=Standing.SOON)),
    }
    for view in View:
        rules[view.name] = (f"xem={view.value}", view.label, _rule(view, now))
    counts = (
        _with_silence(_everything(now), now)
        .order_by()
        .aggregate(**{name: Count("pk", filter=rule) for name, (_query, _label, rule) in rules.items()})
    )
    return [Tab(query, label, counts[name]) for name, (query, label, _rule) in rules.items()]


_IN_REGISTER = ~Q(standing=Standing.OUTSIDE)


def _everything(scope: Scope) -> Any:
    """All that the person sees, also what lies outside the register."""
    rows = scope.stood(Directive.objects.visible_to(scope.user))
    return rows.annotate(standing=standing(scope.as_of, scope.due_soon_days, THEN))


def _rule(view: str, scope: Scope) -> Q:
    match view:
        case View.TRACKED:
            return _IN_REGISTER & Q(tracking_officer=scope.user)
        case View.SILENT:
            return Q(status_then__in=REPORTABLE, has_report=False, is_asked=True)
        case View.UNASSIGNED:
            return Q(status_then=Status.UNASSIGNED)
    return Q(standing=Standing.OUTSIDE)


def _with_silence(rows: Any, scope: Scope) -> Any:
    """Annotate ``has_report``: the lead has handed in a report since the period in hand on the day began.

    And ``is_asked``: it is reported on itself, not year by year.
    """
    day = scope.as_of
    handed_in = ProgressReport.objects.filter(
        assignment__directive=OuterRef("pk"),
        assignment__role=Assignment.Role.LEAD,
        status__in=[ReportStatus.SUBMITTED, ReportStatus.CONFIRMED],
        as_of_on__gte=period_start(day),
        as_of_on__lte=day,
    )
    is_asked = Case(When(asks_itself(day), then=True), default=False, output_field=BooleanField())
    return rows.annotate(has_report=Exists(handed_in), is_asked=is_asked)
