"""Whether the data are ready for a report: what waits, what is missing, whether the figures are closed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.figures.completeness import cut, judged
from tracker.figures.counting import count_together
from tracker.figures.readiness import Readiness
from tracker.figures.register import count_by_field
from tracker.figures.report_scope import ReportScope
from tracker.figures.report_targets import load_goals
from tracker.models import Agency, Field, ReportingPeriod, ReportStatus, User
from tracker.templatetags.display import quantity

OK, LOOK = "ok", "look"


@dataclass(frozen=True)
class Check:
    """One finding: in order, or to be looked at. ``count`` is what the list at ``url`` holds, where it is one."""

    kind: str
    text: str
    url: str
    count: int | None = None


def readiness(
    user: User, period: ReportingPeriod, agency: Agency | None, field: Field | None, *, today: dt.date
) -> list[Check]:
    """What to know before a report of this scope is drafted or signed; a fixed number of queries."""
    scope = ReportScope.about(user, period, agency, field, on=today, today=today)
    state = Readiness(period, user, today)
    counts = count_together(
        user,
        waiting_figures=_of_scope(state.waiting, scope, "indicator__field"),
        doubted_figures=_of_scope(state.figures.with_open_question(), scope, "indicator__field"),
        waiting_reports=_of_scope(state.reports_waiting, scope, "assignment__directive__field"),
        reports_missing=cut(judged(scope, period), state.owing),
    )
    return [
        _about_period(period),
        *_about_targets(scope),
        _about_figures(scope, counts["waiting_figures"]),
        *_about_questions(scope, counts["doubted_figures"]),
        _about_reports(scope, counts["waiting_reports"]),
        _about_missing(scope, counts["reports_missing"], state),
        *_about_table(scope),
    ]


def _of_scope(rows: Any, scope: ReportScope, field: str) -> Any:
    if scope.only_field:
        rows = rows.filter(**{field: scope.only_field})
    return rows.filter(agency=scope.only_agency) if scope.only_agency else rows


def _list(url_name: str, scope: ReportScope, **filters: str) -> str:
    query = {"kbc": scope.report_window.code} | filters
    if scope.only_field:
        query["lv"] = scope.only_field.code
    if scope.only_agency:
        query["cq"] = scope.only_agency.code
    return f"{reverse(url_name)}?{urlencode(query)}"


def _about_period(period: ReportingPeriod) -> Check:
    names = {"period": period.label_in_text}
    if period.is_closed:
        return Check(OK, _("The figures of %(period)s are closed.") % names, period.get_absolute_url())
    text = _("The figures of %(period)s are not closed yet: they may still change.")
    return Check(LOOK, text % names, period.get_absolute_url())


def _about_targets(scope: ReportScope) -> list[Check]:
    """Nothing where no indicator of the report has a target in the year."""
    goals = load_goals(scope)
    planned = [row for row in goals.rows if row in goals.plan.rows]
    if not planned:
        return []
    known = [row for row in planned if row.actual is not None or row.cell.words]
    text = ngettext(
        "%(n)s/%(total)s indicator has a confirmed figure.",
        "%(n)s/%(total)s indicators have a confirmed figure.",
        len(planned),
    )
    words = text % {"n": quantity(len(known)), "total": quantity(len(planned))}
    query = {"ky": scope.report_window.code}
    if scope.only_field:
        query["lv"] = scope.only_field.code
    url = f"{reverse('indicator_list')}?{urlencode(query)}"
    # The list of targets is not cut by agency.
    count = None if scope.only_agency else len(planned)
    return [Check(OK if len(known) == len(planned) else LOOK, words, url, count)]


def _about_figures(scope: ReportScope, count: int) -> Check:
    url = _list("figure_list", scope, tt=ReportStatus.SUBMITTED.value)
    if not count:
        return Check(OK, _("No figure waits for review."), url, 0)
    text = ngettext(
        "%(n)s figure waits for review and does not count yet.",
        "%(n)s figures wait for review and do not count yet.",
        count,
    )
    return Check(LOOK, text % {"n": quantity(count)}, url, count)


def _about_questions(scope: ReportScope, count: int) -> list[Check]:
    if not count:
        return []
    text = ngettext(
        "%(n)s figure has a question that nobody has answered yet.",
        "%(n)s figures have a question that nobody has answered yet.",
        count,
    )
    return [Check(LOOK, text % {"n": quantity(count)}, _list("figure_list", scope, hoi="1"), count)]


def _about_reports(scope: ReportScope, count: int) -> Check:
    url = _list("progress_list", scope, tt="waiting")
    if not count:
        return Check(OK, _("No progress report waits for review."), url, 0)
    text = ngettext(
        "%(n)s progress report waits for review and does not count yet.",
        "%(n)s progress reports wait for review and do not count yet.",
        count,
    )
    return Check(LOOK, text % {"n": quantity(count)}, url, count)


def _about_missing(scope: ReportScope, count: int, state: Readiness) -> Check:
    url = _list("assignment_list", scope, nop=str(state.owing))
    names = {"n": quantity(count), "period": scope.report_window.label_in_text}
    if not count:
        return Check(OK, _("Every assignment has been reported on in %(period)s.") % names, url, 0)
    text = ngettext(
        "%(n)s assignment has no report for %(period)s yet.",
        "%(n)s assignments have no report for %(period)s yet.",
        count,
    )
    return Check(LOOK, text % names, url, count)


def _about_table(scope: ReportScope) -> list[Check]:
    """A table whose cells do not add up is not printed: said before anybody drafts."""
    if count_by_field(scope).table is not None:
        return []
    text = _("The table by field does not add up and will not be printed: tell the administrator.")
    return [Check(LOOK, text, reverse("overview"))]
