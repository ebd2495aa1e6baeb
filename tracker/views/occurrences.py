"""The years of yearly work: opened by the daily run, or here by a person who does not want to wait for it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tracker import clock
from tracker.models import Directive
from tracker.once import once
from tracker.permissions import Act, holds, require


@require_POST
@once
def occurrence_open(request: HttpRequest, code: str) -> HttpResponse:
    """Open this year's work; who comes second is led to what the first has opened."""
    directive = get_object_or_404(Directive.objects.visible_to(request.user), code=code)
    require(holds(request.user, Act.OPEN_YEAR, directive))

    today = clock.today()
    try:
        opened = directive.open_year(today.year, by=request.user, today=today)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect(directive)
    messages.success(
        request, _("%(code)s is the work of the year %(year)s.") % {"code": opened.code, "year": today.year}
    )
    return redirect(opened)
