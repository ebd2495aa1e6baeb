"""What was inferred and not said: a person accepts or dismisses it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tracker.models import Directive, Suggestion
from tracker.once import once
from tracker.permissions import Act, can_decide_suggestion, holds, require
from tracker.views.transitions import refuse_now


@require_POST
@once
def suggestion_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or dismiss, as the button says."""
    seen = Suggestion.objects.filter(directive__in=Directive.objects.visible_to(request.user))
    suggestion = get_object_or_404(seen.select_related("directive"), pk=pk)
    directive = suggestion.directive
    require(holds(request.user, Act.DECIDE_SUGGESTION, directive))
    if not can_decide_suggestion(request.user, directive):
        return refuse_now(request, directive)

    answer = request.POST.get("answer")
    try:
        if answer not in {"yes", "no"}:
            raise ValidationError(_("Choose to accept or to dismiss."))
        suggestion.decide(by=request.user, accepted=answer == "yes")
    except ValidationError as refusal:
        messages.warning(request, refusal.messages[0])
    else:
        done = _("The suggestion is accepted.") if answer == "yes" else _("The suggestion is dismissed.")
        messages.success(request, done)
    return redirect(f"{directive.get_absolute_url()}#goi-y")
