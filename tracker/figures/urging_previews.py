"""Exactly who would be urged now, about what: from the matrix, from chosen directives, from all overdue work.

Sent, the same function is asked again, so that who has caught up meanwhile falls out.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from tracker.figures.behind import Behind, Lack, Measure, lack_of, spared_because, with_report
from tracker.figures.coverage import coverages
from tracker.figures.matrix import Matrix, Tree
from tracker.figures.places import load_places
from tracker.figures.scope import Scope
from tracker.models import Agency, Directive, Indicator, Standing, Urging, UrgingRecipient, User
from tracker.vietnamese.dates import format_date

OFTEN = 2
"""Urged so often about the same and still behind: the next grade is suggested."""

_GRADES = [grade.value for grade in Urging.Grade]


@dataclass(frozen=True)
class Preview:
    """Who gets what. ``rows``: the agencies concerned; those that are not behind are left out, with the reason."""

    subject: str
    rows: list[Behind]
    reason: str
    due_on: dt.date | None = None

    @property
    def behind(self) -> list[Behind]:
        return [row for row in self.rows if row.is_behind]

    @property
    def spared(self) -> list[Behind]:
        return [row for row in self.rows if not row.is_behind]

    @property
    def often(self) -> list[Behind]:
        """Urged twice or more about the same before, and still behind."""
        return [row for row in self.behind if row.times >= OFTEN]

    @property
    def suggested_grade(self) -> str:
        """The grade after the highest that those urged often have had; “” where none has."""
        if not self.often:
            return ""
        highest = max(_GRADES.index(row.last_grade) for row in self.often)
        return _GRADES[min(highest + 1, len(_GRADES) - 1)]

    def content(self, chosen: Collection[Behind]) -> dict[str, Any]:
        """What ``Urging.send`` is told about these rows."""
        lacks = [lack for row in chosen for lack in row.lacks]
        return {
            "agencies": {row.agency: row.line for row in chosen},
            "assignments": {row.agency: row.assignments for row in chosen},
            "indicators": list({lack.indicator for lack in lacks if lack.indicator}),
            "directives": list({lack.directive for lack in lacks if lack.directive}),
        }


def preview_of_matrix(page: Matrix) -> Preview:
    """What each body still lacks on the lists of a matrix."""
    with override("vi"):
        rows = [
            Behind(
                row.agency,
                [
                    Lack(place.lack, place.block.indicator.directive, indicator=place.block.indicator)
                    for place in row.places
                    if place.is_missing
                ],
                spared=row.words,
                updated_on=row.updated_on,
            )
            for row in page.rows
        ]
        reason = _reason(page.subject.label, page.due_on) if page.due_on else ""
    return Preview(page.subject.label, _with_past(rows), reason, page.due_on)


def preview_of_directives(directives: list[Directive], scope: Scope, tree: Tree) -> Preview:
    """Of these directives the open work of each agency that is behind, and what lacks on their lists."""
    measure = Measure.of(scope.today, scope.office)
    rows = with_report(scope.assignments().filter(directive__in=directives))
    work: dict[Agency, list[Any]] = {}
    for row in rows.select_related("agency", "directive").in_attention_order():
        work.setdefault(row.agency, []).append(row)
    with override("vi"):
        found = {agency: _behind_with(agency, own, measure) for agency, own in work.items()}
        for agency, lacks in _lacks_on_lists(directives, scope, tree).items():
            found.setdefault(agency, Behind(agency)).lacks.extend(lacks)
        one = directives[0] if len(directives) == 1 else None
        reason = _reason(one.label, one.due_on) if one and one.due_on else _general_reason()
    rows = _with_past(sorted(found.values(), key=lambda row: -len(row.lacks)))
    return Preview(one.label if one else "", rows, reason, one.due_on if one else None)


def preview_of_overdue(scope: Scope) -> Preview:
    """Every agency with overdue work in this cut, the most first, as the overview lists them."""
    measure = Measure.of(scope.today, scope.office)
    rows = with_report(scope.assignments().filter(standing=Standing.LATE))
    work: dict[Agency, list[Any]] = {}
    for row in rows.select_related("agency", "directive").in_attention_order():
        work.setdefault(row.agency, []).append(row)
    with override("vi"):
        found = [_behind_with(agency, own, measure) for agency, own in work.items()]
        reason = _general_reason()
    found.sort(key=lambda row: (-len(row.lacks), row.agency.sort_key))
    return Preview("", _with_past(found), reason)


def _behind_with(agency: Agency, rows: list[Any], measure: Measure) -> Behind:
    lacks = [lack for row in rows if (lack := lack_of(row, measure))]
    return Behind(
        agency,
        lacks,
        spared="" if lacks else spared_because(rows, measure),
        updated_on=max((row.progress_on for row in rows if row.progress_on), default=None),
    )


def _lacks_on_lists(directives: list[Directive], scope: Scope, tree: Tree) -> dict[Agency, list[Lack]]:
    """Where bodies are not in use yet, on the lists that measure these directives."""
    measured = _measured_by(directives, scope)
    lists = [one for one in tree.lists if one.pk in measured]
    if not lists:
        return {}
    found = coverages(lists, scope.today)
    places = load_places(lists, found, tree.all, scope.today)
    missing = {row.agency for coverage in found.values() for row in coverage.missing}
    return {
        agency: [
            Lack(place.lack, measured[place.block.indicator.pk], indicator=place.block.indicator)
            for place in places.of(agency.pk)
            if place.is_missing
        ]
        for agency in sorted(missing, key=lambda one: one.code)
    }


def _measured_by(directives: list[Directive], scope: Scope) -> dict[int, Directive]:
    """Indicator → the chosen directive that it measures, by itself or through an indicator above it."""
    by_key = {one.pk: one for one in directives}
    paths = ("directive", "parent__directive", "parent__parent__directive")
    above = Q(*((f"{path}__in", list(by_key)) for path in paths), _connector=Q.OR)
    rows = Indicator.objects.in_use().visible_to(scope.user).filter(above).order_by()
    return {
        pk: next(by_key[key] for key in keys if key in by_key) for pk, *keys in rows.values_list("pk", *paths)
    }


def _reason(name: str, due_on: dt.date) -> str:
    words = {"name": name, "day": format_date(due_on)}
    return _("“%(name)s” is due on %(day)s. Please finish what is still missing and report it.") % words


def _general_reason() -> str:
    return _("The work below is due or overdue. Please finish it and report.")


def _with_past(rows: list[Behind]) -> list[Behind]:
    """Add who can report there at all, and how often each has been urged about the same; in two queries."""
    behind = {row.agency.pk: row for row in rows if row.is_behind}
    if not behind:
        return rows
    staffed = set(User.objects.reporters().filter(agency__in=behind).values_list("agency", flat=True))
    assignments = [one.pk for row in behind.values() for one in row.assignments]
    indicators = {lack.indicator.pk for row in behind.values() for lack in row.lacks if lack.indicator}
    same = Q(assignments__in=assignments) | Q(urging__indicators__in=indicators)
    earlier = UrgingRecipient.objects.filter(same, agency__in=behind).distinct()
    facts = earlier.order_by("urging__at").values_list("pk", "agency", "urging__at", "urging__grade")
    for _pk, agency, at, grade in facts:
        row = behind[agency]
        row.times += 1
        row.last_on = timezone.localdate(at)
        row.last_grade = max(grade, row.last_grade or grade, key=_GRADES.index)
    for pk, row in behind.items():
        row.has_reporter = pk in staffed
    return rows
