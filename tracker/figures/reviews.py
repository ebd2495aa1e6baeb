"""The reports that wait for this person's review: the same rows for the queue, its counts and the navigation."""

from typing import Any

from tracker.models import ProgressReport, User


def review_queue(user: User) -> Any:
    """Waiting reports that this person may confirm or return: of other agencies, never their own, oldest first."""
    rows = ProgressReport.objects.visible_to(user).waiting()
    return rows.exclude(agency=user.agency_id).exclude(author=user.pk).order_by("submitted_at", "pk")
