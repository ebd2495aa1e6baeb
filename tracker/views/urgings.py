"""Urging agencies that are behind (đôn đốc): who exactly, about what, on the record."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from tracker import clock
from tracker.figures.coverage import coverages, join_names
from tracker.figures.matrix import Matrix, Tree, matrix
from tracker.forms.rosters import MatrixForm
from tracker.forms.urgings import UrgingForm
from tracker.models import Urging, UrgingRecipient, User
from tracker.once import once
from tracker.permissions import can_urge, require
from tracker.vietnamese.dates import format_date

ON_A_PAGE = 25


@require_safe
def urging_list(request: HttpRequest) -> HttpResponse:
    """What was sent, the newest first; an agency reads what was sent to it."""
    rows = Urging.objects.visible_to(request.user).for_list()
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("trang"))
    context = {"page": page, "today": clock.today(), "sees_all": request.user.sees_everything}
    return render(request, "urgings/list.html", context)


@require_safe
def urging_detail(request: HttpRequest, pk: int) -> HttpResponse:
    urging = get_object_or_404(Urging.objects.visible_to(request.user).for_list(), pk=pk)
    today = clock.today()
    recipients = urging.recipients.visible_to(request.user).select_related("agency")
    context = {
        "urging": urging,
        "recipients": _with_standing(urging, recipients, today),
        "directives": urging.directives.visible_to(request.user),
        "today": today,
        "crumbs": [(_("Urgings"), reverse("urging_list")), (format_date(timezone.localdate(urging.at)), "")],
    }
    return render(request, "urgings/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def urging_create(request: HttpRequest) -> HttpResponse:
    """First exactly who gets what; sent, it is worked out anew, and who has reached it meanwhile falls out."""
    require(can_urge(request.user))
    page = _asked(request)

    data = request.POST if request.method == "POST" else None
    form = UrgingForm(data, rows=page.rows, today=page.day, initial={"reason": _reason(page)})
    if form.is_valid():
        try:
            urging = _send(page, form, by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            _say_who_was_urged(request, urging, form)
            return redirect(urging)
    back = f"{reverse('adoption_matrix')}?{urlencode({'ct': page.subject.code, 'tt': 'chua-dat'})}"
    context = {
        "form": form,
        "page": page,
        "today": page.day,
        "back": back,
        "crumbs": [(_("Adoption matrix"), back), (_("Urge"), "")],
    }
    return render(request, "urgings/create.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest) -> Matrix:
    """The matrix of today that the address is about; without any list there is nobody to urge."""
    tree, today = Tree(request.user), clock.today()
    form = MatrixForm({"ct": request.GET.get("ct", "")}, tree=tree, today=today)
    form.is_valid()
    if form.choice is None:
        raise Http404
    return matrix(tree, form.choice, today, today)


def _reason(page: Matrix) -> str:
    if page.due_on is None:
        return ""
    words = {"name": page.subject.label, "day": format_date(page.due_on)}
    return _("“%(name)s” is due on %(day)s. Please finish what is still missing and report it.") % words


def _send(page: Matrix, form: UrgingForm, *, by: User) -> Urging:
    behind = form.behind
    lacking = [block for block in page.blocks if any(block in row.missing_blocks for row in behind)]
    return Urging.send(
        by=by,
        agencies={row.agency: row.lacks for row in behind},
        reason=form.cleaned_data["reason"],
        answer_due_on=form.cleaned_data["answer_due_on"],
        indicators=[block.indicator for block in lacking],
        directives=list({one.directive for one in (block.indicator for block in lacking) if one.directive}),
    )


def _say_who_was_urged(request: HttpRequest, urging: Urging, form: UrgingForm) -> None:
    count = len(form.behind)
    text = ngettext("%(n)s agency has been urged.", "%(n)s agencies have been urged.", count)
    messages.success(request, text % {"n": count})
    if form.fell_out:
        text = _("Reached it meanwhile and not urged: %(agencies)s.")
        messages.warning(request, text % {"agencies": join_names(form.fell_out)})


def _with_standing(urging: Urging, recipients: Any, today: Any) -> list[tuple[UrgingRecipient, bool]]:
    """Each recipient with whether it has reached by now everything that it was urged about."""
    behind = {
        row.agency.pk
        for coverage in coverages(urging.indicators.all(), today).values()
        for row in coverage.missing
    }
    return [(one, one.agency_id not in behind) for one in recipients]
