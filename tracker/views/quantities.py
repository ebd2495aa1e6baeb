"""How a number is read, shown while it is being typed."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tracker.forms.quantities import PreviewForm, show_back
from tracker.htmx import render_page
from tracker.vietnamese.quantities import LONGEST


@require_safe
def quantity_preview(request: HttpRequest) -> HttpResponse:
    """The words of ``text`` in ``unit``; a control sends its text under its own name, given as ``o``."""
    unit, name = (request.GET.get(part, "")[:LONGEST] for part in ("unit", "o"))
    text = request.GET.get(name or "text", "")
    context = {
        "form": PreviewForm(text, unit),
        "shown": show_back(text, unit),
        "name": name or "text",
    }
    return render_page(request, "quantities/preview.html", "components/_quantity_words.html", context)
