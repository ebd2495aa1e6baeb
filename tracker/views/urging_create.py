"""Urging agencies that are behind (đôn đốc): first exactly who gets what, then on the record.

One page for four places: the matrix (``?ct=``), ticked directives or one directive (``?nv=…``), all overdue work of
the overview's cut (``?cham=1``).
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from tracker import clock
from tracker.figures.coverage import join_names
from tracker.figures.matrix import Tree, matrix
from tracker.figures.periods import Period
from tracker.figures.scope import Scope
from tracker.figures.urging_previews import (
    Preview,
    preview_of_directives,
    preview_of_matrix,
    preview_of_overdue,
)
from tracker.forms.rosters import MatrixForm
from tracker.forms.urgings import UrgingForm
from tracker.models import CalendarDay, Directive, Urging
from tracker.once import once
from tracker.permissions import can_urge, require

MOST_DIRECTIVES = 200
DAYS_TO_ANSWER = 3
"""Working days that an agency has by default."""


@dataclass(frozen=True)
class Origin:
    """Where the person comes from and goes back to, and whom they want to urge."""

    preview: Preview
    name: Any
    back: str


@require_http_methods(["GET", "HEAD", "POST"])
@once
def urging_create(request: HttpRequest) -> HttpResponse:
    """Sent, it is worked out anew: who has caught up meanwhile falls out and is named."""
    require(can_urge(request.user))
    today = clock.today()
    if refusal := _refused(request):
        messages.warning(request, refusal)
        return redirect(_list_address(request))
    origin = _asked(request)

    preview = origin.preview
    form = UrgingForm(
        request.POST if request.method == "POST" else None,
        preview=preview,
        user=request.user,
        today=today,
        answer_by=CalendarDay.objects.working_day_after(today, DAYS_TO_ANSWER),
        initial={"reason": preview.reason},
    )
    if form.is_valid():
        try:
            urging = Urging.send(by=request.user, **preview.content(form.behind), **form.words)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            _say_who_was_urged(request, form)
            return redirect(urging)
    context = {
        "form": form,
        "preview": preview,
        "today": today,
        "back": origin.back,
        "suggested": Urging.Grade(preview.suggested_grade).label if preview.suggested_grade else "",
        "crumbs": [(origin.name, origin.back), (_("Urge"), "")],
    }
    return render(request, "urgings/create.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest) -> Origin:
    today = clock.today()
    if "nv" in request.GET:
        return _from_directives(request, Scope.of(request.user, today))
    if "cham" in request.GET:
        return _from_overview(request, Scope.of(request.user, today))
    return _from_matrix(request)


def _from_matrix(request: HttpRequest) -> Origin:
    tree, today = Tree(request.user), clock.today()
    form = MatrixForm({"ct": request.GET["ct"]}, tree=tree, today=today)
    if not form.is_valid():
        raise Http404
    page = matrix(tree, form.cleaned_data["ct"], today, today)
    query = urlencode({"ct": page.subject.code, "tt": "chua-dat"})
    return Origin(preview_of_matrix(page), _("Adoption matrix"), f"{reverse('adoption_matrix')}?{query}")


def _from_directives(request: HttpRequest, scope: Scope) -> Origin:
    found = Directive.objects.visible_to(scope.user).filter(pk__in=_keys(request)).order_by("code")
    directives = list(found)
    if not directives:
        raise Http404
    preview = preview_of_directives(directives, scope, Tree(scope.user))
    if len(directives) == 1 and "loc" not in request.GET:
        return Origin(preview, directives[0].code, directives[0].get_absolute_url())
    return Origin(preview, _("Directives"), _list_address(request))


def _from_overview(request: HttpRequest, scope: Scope) -> Origin:
    """Always as of today: what was overdue on a past day is no reason to urge."""
    code = request.GET.get("ky", "")
    period = Period.parse(code)
    if code and period is None:
        raise Http404
    back = f"{reverse('overview')}?{urlencode({'ky': code})}" if code else reverse("overview")
    return Origin(preview_of_overdue(scope.in_period(period)), _("Overview"), f"{back}#cham")


def _keys(request: HttpRequest) -> set[int]:
    """The directives that the address names; what cannot be a key names none."""
    given = request.GET.getlist("nv")
    return {int(text) for text in given if text.isascii() and text.isdigit() and len(text) < 10}


def _refused(request: HttpRequest) -> str:
    """Why nothing can be previewed: nothing was ticked, or too much; “” when it can."""
    if "loc" in request.GET and "nv" not in request.GET:
        return _("No directive is ticked. Tick at least one, then press the button again.")
    if not any(request.GET.get(name) for name in ("nv", "cham", "ct")):
        return _("Nobody is chosen yet. Tick directives here, or start from the adoption matrix.")
    if len(_keys(request)) > MOST_DIRECTIVES:
        return _("Tick at most %(most)s directives at a time.") % {"most": MOST_DIRECTIVES}
    return ""


def _list_address(request: HttpRequest) -> str:
    """Back to the register as it was filtered."""
    query = QueryDict(request.GET.get("loc", "").removeprefix("?")).urlencode()
    return f"{reverse('directive_list')}?{query}" if query else reverse("directive_list")


def _say_who_was_urged(request: HttpRequest, form: UrgingForm) -> None:
    count = len(form.behind)
    text = ngettext("%(n)s agency has been urged.", "%(n)s agencies have been urged.", count)
    messages.success(request, text % {"n": count})
    if form.fell_out:
        text = _("Reached it meanwhile and not urged: %(agencies)s.")
        messages.warning(request, text % {"agencies": join_names(form.fell_out)})
