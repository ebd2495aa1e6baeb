from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.models.documents import Document
from tracker.models.lifecycle import Status, append_only
from tracker.models.organisations import Agency
from tracker.models.people import User


class DirectiveEventQuerySet(models.QuerySet["DirectiveEvent"]):
    def moving_deadlines(self) -> Self:
        """Steps after which the current deadline was another one than before."""
        return self.filter(kind__in=DirectiveEvent.MOVES_DEADLINE).exclude(
            due_on_before=None, due_on_after=None
        )

    def corrections(self) -> Self:
        """Corrected deadlines (đính chính), listed apart from extensions; one line a directive."""
        return self.filter(kind=DirectiveEvent.Kind.DEADLINE_CORRECTED)


class DirectiveEvent(models.Model):
    """One step in the life of a directive or of one of its assignments: an append-only log."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", _("entered the directive")
        EDITED = "edited", _("changed the directive")
        ASSIGNED = "assigned", _("assigned the directive")
        RECEIVED = "received", _("received the directive")
        DECLINED = "declined", _("declined the directive")
        ANSWERED = "answered", _("answered and assigned it again")
        STARTED = "started", _("began the work")
        REPORTED_DONE = "reported_done", _("reported completion")
        CONFIRMED = "confirmed", _("confirmed completion")
        SENT_BACK = "sent_back", _("did not confirm completion")
        TAKEN_BACK = "taken_back", _("took the report of completion back")
        PAUSED = "paused", _("paused the directive")
        RESUMED = "resumed", _("resumed the directive")
        STOPPED = "stopped", _("stopped the directive")
        TRANSFERRED = "transferred", _("transferred it to another agency")
        WITHDRAWN = "withdrawn", _("withdrew the directive")
        RESTORED = "restored", _("restored the directive")
        REOPENED = "reopened", _("reopened the directive")
        CLOSED_WITH = "closed_with", _("closed with the directive")
        SUMMED_UP = "summed_up", _("status follows the assignments")
        EXTENSION_ASKED = "extension_asked", _("asked for an extension")
        EXTENSION_TAKEN_BACK = "extension_taken_back", _("took the request for an extension back")
        EXTENDED = "extended", _("extended the deadline")
        EXTENSION_REFUSED = "extension_refused", _("refused an extension")
        DATE_PROPOSED = "date_proposed", _("proposed another deadline")
        PROPOSAL_DECLINED = "proposal_declined", _("did not accept the proposed deadline")
        DECISION_UNDONE = "decision_undone", _("took a decision on an extension back")
        DEADLINE_CORRECTED = "deadline_corrected", _("corrected the deadline")
        DEADLINE_FOLLOWED = "deadline_followed", _("deadline follows the directive")
        YEAR_OPENED = "year_opened", _("opened the year's work")

    directive = models.ForeignKey(
        "Directive", models.PROTECT, related_name="events", verbose_name=_("directive")
    )
    assignment = models.ForeignKey(
        "Assignment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("assignment"),
    )
    kind = models.CharField(_("step"), max_length=24, choices=Kind)
    from_status = models.CharField(_("from"), max_length=12, choices=Status, blank=True, default="")
    to_status = models.CharField(_("to"), max_length=12, choices=Status, blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    by_agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, related_name="+", verbose_name=_("agency")
    )
    at = models.DateTimeField(_("at"), default=clock.now)
    reason = models.TextField(_("reason"), blank=True, default="")
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    # Of a step about the deadline: what it was and what it became, or what was asked for or proposed.
    due_on_before = models.DateField(_("deadline before"), null=True, blank=True)
    due_on_after = models.DateField(_("deadline after"), null=True, blank=True)

    MOVES_DEADLINE = frozenset(
        {
            Kind.EDITED,
            Kind.EXTENDED,
            Kind.DECISION_UNDONE,
            Kind.DEADLINE_CORRECTED,
            Kind.DEADLINE_FOLLOWED,
        }
    )

    objects = DirectiveEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["directive", "-at", "-id"], name="directive_event_latest")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.directive.code} {self.kind}"
