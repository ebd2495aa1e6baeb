"""How many changes a page of field-level history shows: fifty, and more when more are asked for."""

from django.http import HttpRequest

from tracker.history import History

CHANGES_SHOWN = 50
MOST_CHANGES = 1000


def changes_asked_for(request: HttpRequest) -> int:
    """The number in the address (``so``), between the usual and the largest; what is no number is left out."""
    asked = request.GET.get("so", "")
    most = min(int(asked), MOST_CHANGES) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    return max(most, CHANGES_SHOWN)


def more_changes(told: History, most: int) -> int | None:
    """How many to show next; None when all are shown, or as many as a page ever shows."""
    return most + CHANGES_SHOWN * 2 if told.has_more and most < MOST_CHANGES else None
