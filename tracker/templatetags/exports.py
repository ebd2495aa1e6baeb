"""The menu that takes out the list of a page."""

from typing import Any

from django import template

from tracker.exports.files import FORMATS
from tracker.exports.lists import LISTS
from tracker.htmx import wants_fragment

register = template.Library()

_BY_PAGE = {listing.page: name for name, listing in LISTS.items()}


@register.inclusion_tag("exports/_menu.html", takes_context=True)
def export_menu(context: Any, oob: bool = False) -> dict[str, Any]:
    """The formats of the list that this page shows, cut as it is cut now.

    ``oob``: beside a swapped part of the page, so that the menu keeps up with the filters; else it is nothing.
    """
    request = context["request"]
    match = request.resolver_match
    name = _BY_PAGE.get(match.url_name, "")
    if oob and not wants_fragment(request):
        name = ""
    kept = [(key, value) for key, value in request.GET.items() if key not in {"trang", "dang", "ma"}]
    if code := match.kwargs.get("code"):
        kept.append(("ma", code))
    return {"name": name, "kept": kept, "oob": oob, "formats": FORMATS}
