"""On time against the current and against the original deadline (hạn hiện tại, hạn gốc): what moved is shown.

The original deadline is fixed at the assignment and never moves; the current one moves by extensions and corrections.
Each of the two judges the same register by itself: in a period it holds the work whose own deadline lies there, so
that work extended into the next year is still missed by its original deadline in this one.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from tracker.figures.counting import count_of, count_together
from tracker.figures.register import Counted, Row, count_by_agency, count_by_field
from tracker.figures.scope import Scope
from tracker.models import (
    OPEN,
    Assignment,
    Directive,
    DirectiveEvent,
    ExtensionRequest,
)
from tracker.models.extensions import OFTEN, OPEN_REQUESTS
from tracker.models.standing import end_of


class Moved(models.TextChoices):
    """What has become of a deadline; names in addresses."""

    EXTENDED = "gia-han", _("Extended")
    OFTEN = "nhieu-lan", _("Extended often")
    ASKED = "dang-xin", _("Asking for an extension")
    CORRECTED = "dinh-chinh", _("With a corrected deadline")


@dataclass(frozen=True)
class Punctuality:
    """The register judged by both deadlines, and how many directives had theirs moved or ask for it."""

    current: Row
    original: Row
    counts: dict[str, int]

    @property
    def extended(self) -> int:
        return self.counts[Moved.EXTENDED]

    @property
    def often(self) -> int:
        """Extended three times or more."""
        return self.counts[Moved.OFTEN]

    @property
    def asked(self) -> int:
        return self.counts[Moved.ASKED]

    @property
    def corrected(self) -> int:
        return self.counts[Moved.CORRECTED]


def punctuality(scope: Scope) -> Punctuality:
    """The directives of a scope against both deadlines; three queries."""
    counts = count_together(scope.user, **moved_lists(scope))
    original = count_by_field(scope.against_original())
    return Punctuality(count_by_field(scope).total, original.total, counts)


def punctuality_by_agency(scope: Scope) -> list[tuple[Row, Row]]:
    """Each agency's assignments against the current and the original deadlines; two queries."""
    return beside(count_by_agency(scope), count_by_agency(scope.against_original()))


def beside(current: Counted, original: Counted) -> list[tuple[Row, Row]]:
    """Each line with the same line by the original deadlines; one that has only work of the latter comes last."""
    judged = {row.key: row for row in original.rows}
    lines = [(row, judged.pop(row.key, Row())) for row in current.rows]
    alone = [Row(key=row.key, code=row.code, name=row.name, bloc=row.bloc) for row in judged.values()]
    return lines + list(zip(alone, judged.values(), strict=True))


def moved_lists(scope: Scope) -> dict[str, Any]:
    """The directives behind each count, to be counted along with others."""
    return {choice.value: moved(scope.directives(), choice, scope) for choice in Moved}


def moved(rows: Any, choice: str, scope: Scope) -> Any:
    """Of directives or assignments cut from the scope those whose deadline has moved so by its day."""
    match choice:
        case Moved.EXTENDED:
            return _with_extensions(rows, scope).filter(extensions_then__gt=0)
        case Moved.OFTEN:
            return _with_extensions(rows, scope).filter(extensions_then__gte=OFTEN)
        case Moved.ASKED:
            asked = _in_hand(scope).filter(**{_to(rows): OuterRef("pk")})
            return rows.filter(Exists(asked))
        case Moved.CORRECTED:
            directive = OuterRef("pk" if rows.model is Directive else "directive")
            steps = DirectiveEvent.objects.corrections().filter(directive=directive)
            return rows.filter(Exists(steps.filter(at__lt=end_of(scope.as_of))))
    return rows


def _to(rows: Any) -> str:
    """From a request to the outer row."""
    return "assignment__directive" if rows.model is Directive else "assignment"


def _with_extensions(rows: Any, scope: Scope) -> Any:
    """Annotate ``extensions_then``: the extensions that had been granted by the end of the scope's day."""
    if not scope.is_past:
        return rows.annotate(extensions_then=F("extension_count"))
    if rows.model is Assignment:
        return rows.annotate(extensions_then=_granted_by(scope.as_of))
    # As the directive's own count: the most that one of its leads has; successors take over their count.
    leads = Assignment.objects.leading().filter(directive=OuterRef("pk"), assigned_on__lte=scope.as_of)
    most = leads.annotate(then=_granted_by(scope.as_of)).order_by("-then").values("then")[:1]
    return rows.annotate(extensions_then=Subquery(most))


def _granted_by(day: dt.date) -> Any:
    """SQL for an assignment's extensions granted until a day: all of them without those granted since."""
    granted = ExtensionRequest.objects.granted().filter(assignment=OuterRef("pk"))
    since = granted.annotate(closed_at=_CLOSED_AT).filter(closed_at__gte=end_of(day))
    return F("extension_count") - count_of(since)


_CLOSED_AT = Coalesce("answered_at", "decided_at")
"""When a request was decided for good: by the lead's answer to another date, else by the decision."""


def _in_hand(scope: Scope) -> Any:
    """The requests of open work that were neither decided nor taken back by the end of the scope's day."""
    if not scope.is_past:
        return ExtensionRequest.objects.in_hand()
    moment = end_of(scope.as_of)
    taken_back = DirectiveEvent.objects.filter(
        assignment=OuterRef("assignment"),
        kind=DirectiveEvent.Kind.EXTENSION_TAKEN_BACK,
        at__gte=OuterRef("asked_at"),
        at__lt=moment,
    )
    still = Q(status__in=OPEN_REQUESTS) | Q(closed_at=None) | Q(closed_at__gte=moment)
    going_on = Assignment.objects.as_of(scope.as_of, scope.today).filter(status_then__in=list(OPEN))
    asked = ExtensionRequest.objects.filter(
        asked_at__lt=moment, assignment__in=going_on.order_by().values("pk")
    )
    return asked.annotate(closed_at=_CLOSED_AT).filter(still).exclude(Exists(taken_back))
