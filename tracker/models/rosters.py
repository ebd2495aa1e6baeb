import datetime as dt
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.models.documents import Document
from tracker.models.indicators import Indicator
from tracker.models.lifecycle import WrongStep, append_only, because
from tracker.models.measurements import Measurement
from tracker.models.organisations import Agency
from tracker.models.people import User
from tracker.models.progress import ProgressReport


class BodyState(models.TextChoices):
    """How far one body is (chưa, đang làm, đã dùng, miễn)."""

    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("Under way")
    IN_USE = "in_use", _("In use")
    EXEMPT = "exempt", _("Exempt")


class Roster(models.Model):
    """The named bodies that an indicator is counted over (danh sách cơ quan phải đạt), each with its state.

    Numerator, denominator and share always come from here and are judged on a day. What “in use” means is the
    indicator's ``definition``.
    """

    indicator = models.OneToOneField(
        Indicator, models.PROTECT, related_name="roster", verbose_name=_("indicator")
    )
    is_suggested = models.BooleanField(
        _("the list is suggested, to be confirmed"), default=False, editable=False
    )
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("list of agencies")
        verbose_name_plural = _("lists of agencies")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.indicator_id}"

    def get_absolute_url(self) -> str:
        return reverse("roster_edit", args=[self.indicator.code])

    @classmethod
    def of(cls, indicator: Indicator) -> "Roster":
        """The indicator's list, made when nobody has begun one."""
        return cls.objects.get_or_create(indicator=indicator)[0]

    @transaction.atomic
    def accept(self, *, by: User) -> None:
        """Confirm a suggested list of bodies as the denominator."""
        stored = Roster.objects.select_for_update().get(pk=self.pk)
        if not stored.is_suggested:
            raise WrongStep(_("This suggestion has already been decided."))
        stored.is_suggested, stored.accepted_by, stored.accepted_at = False, by, clock.now()
        stored.save(update_fields=["is_suggested", "accepted_by", "accepted_at"])
        self.refresh_from_db()

    @transaction.atomic
    def add(self, agency: Agency, *, from_day: dt.date | None = None, reason: str = "") -> "RosterBody":
        """Count a body from a day on; None: from the beginning."""
        Roster.objects.select_for_update().get(pk=self.pk)
        if agency.is_group:
            raise ValidationError({"agency": _("Choose the agencies themselves, not their group.")})
        if self.bodies.filter(
            Q(valid_to=None) | Q(valid_to__gte=from_day or dt.date.min), agency=agency
        ).exists():
            raise ValidationError({"agency": _("This agency is on the list already.")})
        with because(reason):
            return RosterBody.objects.create(roster=self, agency=agency, valid_from=from_day, reason=reason)

    @transaction.atomic
    def merge(self, old: list[Agency], into: Agency, *, on: dt.date, reason: str) -> "RosterBody":
        """Bodies that become one: from ``on`` the new one is counted and the old ones are not (hợp nhất).

        The new one may be one of the list already, which takes the others in.
        """
        if not reason.strip():
            raise ValidationError({"reason": _("Write the document or the reason of the change.")})
        Roster.objects.select_for_update().get(pk=self.pk)
        counted = RosterBody.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), roster=self).order_by(
            "pk"
        )
        leaving = counted.filter(agency__in=old, valid_to=None).exclude(agency=into)
        if not leaving:
            raise ValidationError({"old": _("None of these agencies is on the list.")})
        for body in leaving:
            body.end(on=on - dt.timedelta(days=1), reason=reason)
        return counted.filter(agency=into).first() or self.add(into, from_day=on, reason=reason)


class RosterBodyQuerySet(models.QuerySet["RosterBody"]):
    def visible_to(self, user: User) -> Self:
        """The department reads every list; another body its own places."""
        return self if user.sees_everything else self.filter(agency=user.agency_id)

    def in_scope(self, day: dt.date) -> Self:
        """The bodies counted on a day."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
        )

    def standing_on(self, day: dt.date) -> Any:
        """Each body's state on a day as ``state``, ``state_since``, ``mark``: whenever it was reported."""
        marks = RosterMark.objects.filter(body=OuterRef("pk"), since_on__lte=day).order_by("-since_on", "-pk")
        return self.annotate(
            state=Coalesce(Subquery(marks.values("state")[:1]), models.Value(BodyState.NOT_STARTED.value)),
            state_since=Subquery(marks.values("since_on")[:1]),
            mark=Subquery(marks.values("pk")[:1]),
        )


class RosterBody(models.Model):
    """One body on a roster, with the days between which it is counted."""

    roster = models.ForeignKey(
        Roster, models.PROTECT, related_name="bodies", verbose_name=_("list of agencies")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="roster_places", verbose_name=_("agency"))
    valid_from = models.DateField(_("counted from"), null=True, blank=True)
    valid_to = models.DateField(_("counted until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")

    objects = RosterBodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency on a list")
        verbose_name_plural = _("agencies on lists")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["roster", "agency", "valid_from"], nulls_distinct=False, name="one_place_a_start"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=models.F("valid_from")),
                name="place_ends_after_it_starts",
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}"

    def get_absolute_url(self) -> str:
        return reverse("body_mark", args=[self.pk])

    @property
    def author_id(self) -> None:
        """No one person's entry, for ``tracker.permissions``; the agency decides."""
        return None

    @transaction.atomic
    def end(self, *, on: dt.date, reason: str) -> None:
        """Count the body no longer after a day; earlier days keep it."""
        if not reason.strip():
            raise ValidationError({"reason": _("Write the document or the reason of the change.")})
        stored = RosterBody.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if stored.valid_to is not None:
            raise WrongStep(_("This agency has left the list already."))
        stored.valid_to, stored.reason = on, reason
        stored.full_clean(exclude=["roster", "agency"])
        with because(reason):
            stored.save(update_fields=["valid_to", "reason"])
        self.refresh_from_db()

    @transaction.atomic
    def set_state(
        self,
        state: str,
        *,
        by: User,
        since_on: dt.date,
        today: dt.date,
        note: str = "",
        document: Document | None = None,
        report: ProgressReport | None = None,
        at: dt.datetime | None = None,
    ) -> "RosterMark":
        """Record how far the body is, from the day on which that became true (not the day it was reported).

        “In use” names its evidence: a document, a confirmed report or words; an exemption its reason and document.
        """
        RosterBody.objects.select_for_update(of=("self",)).get(pk=self.pk)
        problems: dict[str, Any] = {}
        if since_on > today:
            problems["since_on"] = _("The day cannot lie in the future.")
        if state == BodyState.EXEMPT and not (note.strip() and document):
            problems["note"] = _("An exemption needs its reason and its document.")
        if state == BodyState.IN_USE and not (note.strip() or document or report):
            problems["note"] = _("Name the evidence: a document, or in words.")
        if problems:
            raise ValidationError(problems)
        mark = RosterMark(
            body=self,
            state=state,
            since_on=since_on,
            note=note,
            document=document,
            report=report,
            by=by,
            by_agency_id=by.agency_id,
            at=at or clock.now(),
        )
        mark.full_clean()
        mark.save()
        return mark

    @classmethod
    def take_from(cls, report: ProgressReport, *, by: User, at: dt.datetime | None) -> None:
        """Mark the report's agency on the lists of its directive, by what has been confirmed.

        A list with criteria (the entered indicators below it that have a target) is judged by these, each on its
        newest confirmed figure for this agency; one without criteria by the report's own claim.
        """
        agency, day = report.assignment.agency_id, report.as_of_on
        bodies = (
            cls.objects.in_scope(day)
            .filter(
                agency=agency,
                roster__indicator__directive=report.assignment.directive_id,
                roster__indicator__is_suggested=False,
            )
            .standing_on(day)
            .select_related("roster__indicator")
        )
        for body in bodies.order_by("pk"):
            state, since_on = _state_by_criteria(body, day) or _state_by_claim(report, body)
            if state is None or state == body.state or body.state == BodyState.EXEMPT:
                continue
            begun = body.state_since or since_on
            if body.state == BodyState.IN_USE and since_on < begun:
                continue  # older figures do not undo what was established after them
            since_on = max(since_on, begun)
            body.set_state(state, by=by, since_on=since_on, today=max(day, since_on), report=report, at=at)


def _state_by_criteria(body: Any, day: dt.date) -> tuple[BodyState | None, dt.date] | None:
    """The state and since when: the day of the figures, not of the report. None when nothing is asked of this body."""
    children = body.roster.indicator.children.filter(is_suggested=False, retired_on=None)
    criteria = list(children.filter(targets__isnull=False, parts__agency=body.agency_id).distinct())
    if not criteria:
        return None
    newest: dict[int, Any] = {}
    figures = Measurement.objects.filter(
        indicator__in=criteria, part__agency=body.agency_id, as_of_on__lte=day
    ).in_force()
    for figure in sorted(figures, key=lambda one: (one.as_of_on, one.pk)):
        newest[figure.indicator_id] = figure
    if not newest:
        return None, day
    since_on = max(figure.as_of_on for figure in newest.values())
    met = [
        one.pk in newest
        and (target := one.target_on(newest[one.pk].as_of_on)) is not None
        and target.is_met_by(newest[one.pk].value)
        for one in criteria
    ]
    return (BodyState.IN_USE if all(met) else BodyState.IN_PROGRESS), since_on


def _state_by_claim(report: ProgressReport, body: Any) -> tuple[BodyState | None, dt.date]:
    """By what the report claims; a routine report takes nothing back."""
    if report.claim == ProgressReport.Claim.COMPLETED and report.completed_on:
        return BodyState.IN_USE, report.completed_on
    has_begun = report.percent and body.state != BodyState.IN_USE
    return (BodyState.IN_PROGRESS if has_begun else None), report.as_of_on


class RosterMark(models.Model):
    """One step of a body on a roster, true from ``since_on`` on. An append-only log: unticking is a new mark."""

    body = models.ForeignKey(
        RosterBody, models.PROTECT, related_name="marks", verbose_name=_("agency on a list")
    )
    state = models.CharField(_("state"), max_length=11, choices=BodyState)
    since_on = models.DateField(_("since"))
    note = models.TextField(_("evidence or reason"), max_length=1000, blank=True, default="")
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )
    report = models.ForeignKey(
        ProgressReport,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="marks",
        verbose_name=_("progress report"),
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    by_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("state of an agency on a list")
        verbose_name_plural = _("states of agencies on lists")
        ordering = ["-since_on", "-pk"]
        indexes = [models.Index(fields=["body", "-since_on", "-id"], name="mark_latest")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="exempt") | (~Q(note="") & Q(document__isnull=False)),
                name="exemption_has_reason_and_document",
                violation_error_message=_("An exemption needs its reason and its document."),
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.body_id} {self.state} {self.since_on}"
