"""Drafts of official letters, to be saved and finished in a word processor."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.letters import file_name
from tracker.letters import urging_letter as draft
from tracker.models import Urging
from tracker.permissions import can_urge, require

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def urging_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft of the letter to the agencies that were urged, for those who may urge."""
    seen = Urging.objects.visible_to(request.user).select_related("by__agency")
    urging = get_object_or_404(seen, pk=pk)
    require(can_urge(request.user))

    response = HttpResponse(draft(urging, today=clock.today()), content_type=WORD)
    response["Content-Disposition"] = content_disposition_header(True, file_name(urging))
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
