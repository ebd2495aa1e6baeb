"""Who has sent what for which reporting period (tình hình nộp báo cáo): reports, and on a second tab figures."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.figures.completeness import Matrix, matrix
from tracker.figures.completeness_figures import Owed, cut_figures, figure_matrix, owed_figures
from tracker.figures.scope import Scope
from tracker.forms.completeness import CompletenessForm
from tracker.models import Agency, ReportingPeriod, User

MOST_LINKED_CELLS = 250
"""With more cells the page would be too heavy for a slow line: then the agency's own page has the links."""

SUMMARY = (
    ("asked", _("Reports asked for")),
    ("on_time", _("Sent on time")),
    ("late", _("Sent late")),
    ("missing", _("Not sent")),
    ("pending", _("Not due yet")),
    ("nothing_new", _("of those sent: nothing new")),
    ("not_asked", _("Not asked for")),
)


@require_safe
def completeness(request: HttpRequest) -> HttpResponse:
    """Agencies by bloc against reporting periods; every count opens its list."""
    today = clock.today()
    form = CompletenessForm(request.GET, today=today)
    scope = Scope.of(request.user, today)
    owed: list[Owed] = []
    if form.is_about_figures:
        owed = owed_figures(scope, form.periods, bloc=form.bloc, agency=form.agency)
        table = figure_matrix(form.periods, owed)
    else:
        table = matrix(scope, form.periods, bloc=form.bloc, agency=form.agency)
    context = {
        "form": form,
        "table": table,
        "links": Links.of(form, request.user, table),
        "summary": [line for line in SUMMARY if not (form.is_about_figures and line[0] == "nothing_new")],
        "listed": form.listed if form.is_about_figures else None,
        "values": cut_figures(owed, *form.listed) if form.is_about_figures and form.listed else [],
        "stale_days": scope.stale_days,
        "today": today,
    }
    return render(request, "completeness/completeness.html", context)


@dataclass(frozen=True)
class Links:
    """Where the page's counts lead: to the list of assignments, or to the list of values below the matrix."""

    page: str
    kept: dict[str, str]
    whose: dict[str, str]
    are_in_cells: bool

    @classmethod
    def of(cls, form: CompletenessForm, user: User, table: Matrix) -> "Links":
        whose = {name: form.kept[name] for name in ("khoi", "cq") if name in form.kept}
        if not user.sees_everything:
            whose["cq"] = user.agency.code
        few = len(table.lines) * len(table.periods) <= MOST_LINKED_CELLS
        return cls(reverse("completeness"), form.kept, whose, few)

    def rows(self, choice: str, period: ReportingPeriod, agency: Agency | None = None) -> str:
        """The address of the rows behind a count."""
        one = {"cq": agency.code} if agency else {}
        asked = {"kbc": period.code, "nop": choice}
        if "xem" in self.kept:
            return f"?{urlencode(self.kept | one | asked)}#danh-sach"
        return f"{reverse('assignment_list')}?{urlencode(self.whose | one | asked)}"

    def of_agency(self, agency: Agency) -> str:
        """The same page with one agency only."""
        return f"?{urlencode(self.kept | {'cq': agency.code})}"

    def tab(self, name: str) -> str:
        """The other tab, about the same periods and agencies."""
        kept = {key: value for key, value in self.kept.items() if key != "xem"}
        parameters: dict[str, Any] = kept | ({"xem": name} if name else {})
        return f"{self.page}?{urlencode(parameters)}".removesuffix("?")
