"""The directives that the overview names: due next, paused for too long, running; all in one query."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from tracker.figures.calendar import upcoming
from tracker.figures.decisions import pauses_over, reason_of_pause
from tracker.figures.scope import Scope
from tracker.figures.warnings import last_content, watched
from tracker.models import Directive


@dataclass
class Named:
    """Each list in the order of its own function; a directive may be in several."""

    upcoming: list[Any] = field(default_factory=list)
    pauses: list[Any] = field(default_factory=list)
    watched: list[Any] = field(default_factory=list)
    """About now, so nothing on past days."""


def named_directives(scope: Scope) -> Named:
    """The rows of ``upcoming``, ``pauses_over`` and ``watched``, with what each of them loads."""
    lists = {"is_upcoming": upcoming(scope), "is_pause": pauses_over(scope)}
    if not scope.is_past:
        lists["is_watched"] = watched(scope)
    among = {name: Q(pk__in=rows.order_by().values("pk")) for name, rows in lists.items()}
    wanted = Q()
    for condition in among.values():
        wanted |= condition
    rows = scope.stood(Directive.objects.visible_to(scope.user)).filter(wanted)
    rows = rows.select_related("field", "lead")
    rows = rows.annotate(last_content=last_content(), reason=reason_of_pause(), **among)
    found = Named()
    for row in rows.order_by("due_then", "pk"):
        if row.is_upcoming:
            found.upcoming.append(row)
        if row.is_pause:
            found.pauses.append(row)
        if not scope.is_past and row.is_watched:
            found.watched.append(row)
    return found
