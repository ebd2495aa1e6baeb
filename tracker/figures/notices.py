"""One's own notices: the tabs with their counts, the rows, and what a morning's notice is about as it stands now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.figures.counting import count_together
from tracker.figures.scope import Scope
from tracker.models import (
    Assignment,
    Directive,
    ExtensionRequest,
    Measurement,
    Notice,
    ProgressReport,
    Urging,
    UrgingRecipient,
    User,
)
from tracker.models.standing import standing

Kind = Notice.Kind
ON_A_PAGE = 30


class Tab(models.TextChoices):
    """A tab of the page and its word in the address; the groups are those of ``Notice.GROUPS``."""

    ALL = "", _("All")
    ASKING = "can-lam", _("For me to do")
    REVIEWS = "duyet", _("Reviews, decisions")
    REMINDERS = "nhac", _("Reminders")
    DIRECTIONS = "chi-dao", _("Directions")

    @classmethod
    def named(cls, word: str | None) -> "Tab":
        """The tab of this word; all where there is no such tab."""
        return cls(word) if word in cls.values else cls.ALL


@dataclass(frozen=True)
class NoticePage:
    """One page of a tab, the newest first; ``older`` is the key behind which the next page begins."""

    rows: list[Notice]
    counts: Mapping[str, int]
    unread: int
    older: int | None


def notice_page(
    user: User, tab: Tab, *, before: int | None, along: Mapping[str, Any]
) -> tuple[NoticePage, dict[str, int]]:
    """A page of the person's notices with the counts of all tabs; ``along`` is counted in the same query."""
    own = Notice.objects.visible_to(user)
    lists = {f"tab_{one.name}": _of_tab(own, one) for one in Tab} | {"unread": own.unread()}
    numbers = count_together(user, **lists, **{f"along_{name}": rows for name, rows in along.items()})
    rows = _of_tab(own, tab)
    if before is not None and (last := own.filter(pk=before).values("at").first()):
        rows = rows.filter(Q(at__lt=last["at"]) | Q(at=last["at"], pk__lt=before))
    found = list(rows.for_list()[: ON_A_PAGE + 1])
    shown = found[:ON_A_PAGE]
    page = NoticePage(
        rows=shown,
        counts={one.value: numbers[f"tab_{one.name}"] for one in Tab},
        unread=numbers["unread"],
        older=shown[-1].pk if len(found) > ON_A_PAGE else None,
    )
    return page, {name: numbers[f"along_{name}"] for name in along}


def _of_tab(own: Any, tab: Tab) -> Any:
    if tab == Tab.ALL:
        return own
    return own.asking() if tab == Tab.ASKING else own.in_group(tab)


def rows_told(notice: Notice, scope: Scope) -> list[Any]:
    """Exactly what a morning's notice counts, as it stands now; without what the person no longer sees."""
    keys = notice.words.get("rows", [])
    if not keys:
        return []
    match notice.kind:
        case Kind.TO_REVIEW:
            reports = ProgressReport.objects.visible_to(scope.user).filter(pk__in=keys)
            return list(reports.for_list().order_by("submitted_at", "pk"))
        case Kind.TO_DECIDE:
            requests = ExtensionRequest.objects.visible_to(scope.user).filter(pk__in=keys)
            return list(requests.for_list().order_by("asked_at", "pk"))
        case Kind.ANSWER_DUE:
            recipients = UrgingRecipient.objects.visible_to(scope.user).filter(pk__in=keys)
            due = recipients.select_related("agency", "urging__by")
            return list(due.order_by("urging__answer_due_on", "pk"))
    work = Assignment.objects.visible_to(scope.user).filter(pk__in=keys).for_list()
    judged = work.annotate(standing=standing(scope.today, scope.due_soon_days))
    return list(judged.order_by("due_on", "pk"))


def is_reachable(notice: Notice, user: User) -> bool:
    """Does the person still see what the notice is about? Somebody who has changed agency may not."""
    if notice.directive_id:
        return Directive.objects.visible_to(user).filter(pk=notice.directive_id).exists()
    if urging := notice.words.get("urging"):
        return Urging.objects.visible_to(user).filter(pk=urging).exists()
    if figure := notice.words.get("figure"):
        return Measurement.objects.visible_to(user).filter(pk=figure).exists()
    return True
