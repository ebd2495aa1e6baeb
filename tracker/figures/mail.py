"""Outgoing mail as administrators see it: the views of the list and how many messages each holds."""

from typing import Any

from tracker.figures.counting import count_together
from tracker.models import OutgoingMessage, User

Status = OutgoingMessage.Status

_STATES: dict[str, tuple[str, ...]] = {
    "tat-ca": tuple(Status.values),
    "cho": (Status.WAITING, Status.FAILING, Status.SENDING),
    "can-xem": (Status.GIVEN_UP, Status.UNSURE),
    "da-gui": (Status.SENT,),
    "khong-can": (Status.DROPPED,),
}


def mail_views(messages: Any) -> dict[str, Any]:
    """The tabs of the list; all but the first are all messages without overlap."""
    return {name: messages.filter(status__in=states) for name, states in _STATES.items()}


def mail_counts(user: User, messages: Any) -> dict[str, int]:
    """How many messages each tab lists."""
    views = {name.replace("-", "_"): rows for name, rows in mail_views(messages).items()}
    counts = count_together(user, **views)
    return {name.replace("_", "-"): number for name, number in counts.items()}
