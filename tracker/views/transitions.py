"""The steps of a directive's life as pages: their addresses, words, and what each asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Assignment, Directive
from tracker.permissions import Act


@dataclass(frozen=True)
class Change:
    """One step: who may take it, its words, what it asks for, its consequence in one sentence, its verb."""

    act: Act
    title: Any
    icon: str
    consequence: Any
    button: Any
    done: Any
    take: Callable[..., None]
    needs: tuple[str, ...] = ("reason",)
    may: tuple[str, ...] = ()


CHANGES: dict[str, Change] = {
    "tam-dung": Change(
        Act.PAUSE,
        gettext_lazy("Pause"),
        "s-paused",
        gettext_lazy(
            "The deadline does not move and goes on counting; agencies report again only after the pause ends."
        ),
        gettext_lazy("Pause the directive"),
        gettext_lazy("The directive is paused."),
        Directive.pause,
        needs=("reason", "review_on"),
    ),
    "tiep-tuc": Change(
        Act.RESUME,
        gettext_lazy("Resume"),
        "s-ontime",
        gettext_lazy("Each agency goes on where it stood before the pause; the deadline is the same."),
        gettext_lazy("Let it go on"),
        gettext_lazy("The directive goes on."),
        Directive.resume,
        needs=(),
        may=("reason",),
    ),
    "dung": Change(
        Act.STOP,
        gettext_lazy("Stop for good"),
        "s-stopped",
        gettext_lazy(
            "A stopped directive cannot be started again and is counted in its own column, outside the percentages."
        ),
        gettext_lazy("Stop the directive"),
        gettext_lazy("The directive has been stopped."),
        Directive.stop,
        needs=("document",),
        may=("reason",),
    ),
    "mo-lai": Change(
        Act.REOPEN,
        gettext_lazy("Reopen"),
        "history",
        gettext_lazy("The directive is in progress again; the earlier completion stays in its history."),
        gettext_lazy("Reopen the directive"),
        gettext_lazy("The directive is open again."),
        Directive.reopen,
    ),
    "thu-hoi": Change(
        Act.WITHDRAW,
        gettext_lazy("Withdraw"),
        "s-outside",
        gettext_lazy(
            "The directive leaves the register and every count; it is listed apart and its code is never used again."
        ),
        gettext_lazy("Withdraw the directive"),
        gettext_lazy("The directive has been withdrawn."),
        Directive.withdraw,
    ),
    "khoi-phuc": Change(
        Act.RESTORE,
        gettext_lazy("Restore"),
        "s-returned",
        gettext_lazy("The directive and its assignments return to the register as they stood."),
        gettext_lazy("Restore the directive"),
        gettext_lazy("The directive is in the register again."),
        Directive.restore,
    ),
}


def refuse_now(request: HttpRequest, record: Directive | Assignment) -> HttpResponse:
    """Role and agency would do, the state does not: say how the record stands and show it. Nothing is changed."""
    state = record.get_status_display().lower()
    messages.warning(request, _("This is not possible now: the state is “%(state)s”.") % {"state": state})
    return redirect(record)
