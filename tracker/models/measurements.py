import datetime as dt
from decimal import Decimal
from typing import Any, Self

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.judgement import ratio
from tracker.models.documents import Document
from tracker.models.indicators import Indicator, Qualifier, quantity_field
from tracker.models.lifecycle import Versioned, WrongStep, append_only, step_guard
from tracker.models.organisations import Agency
from tracker.models.people import User
from tracker.models.periods import ReportingPeriod
from tracker.models.progress import NEXT, ProgressReport, ReportStatus
from tracker.models.targets import IndicatorPart

TOO_LARGE = Decimal(10) ** 16
"""No figure is so large; the sums of a year over hundreds of parts stay far inside what can be stored."""


def _rank_of_the_role() -> Case:
    """A published figure goes before the department's, the department's before the agency's own."""
    return Case(
        When(role="published", then=Value(2)),
        When(role="verified", then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    def visible_to(self, user: User) -> Self:
        """The department reads all; another body its own figures, and what others have had confirmed in their place.

        A draft is read only inside the agency that writes it.
        """
        mine = user.agency_id
        seen = self
        if not user.sees_everything:
            own_place = Q(part__agency=mine) | Q(part__agency=None, indicator__owner=mine)
            seen = self.filter(Q(agency=mine) | own_place & Q(status=ReportStatus.CONFIRMED))
        return seen.filter(~Q(status=ReportStatus.DRAFT) | Q(agency=mine))

    def confirmed(self) -> Self:
        return self.filter(status=ReportStatus.CONFIRMED)

    def waiting(self) -> Self:
        """Submitted and still to be reviewed."""
        return self.filter(status=ReportStatus.SUBMITTED)

    def alone(self) -> Self:
        """Entered on the indicator's own page; the others are reviewed with their progress report."""
        return self.filter(report=None)

    def in_hand(self) -> Self:
        """Not confirmed yet."""
        return self.exclude(status=ReportStatus.CONFIRMED)

    def in_force(self) -> Self:
        """Of the confirmed values of an indicator, part and period the one in use.

        A published figure goes before the department's, the department's before the agency's own; among equals the
        one confirmed last. One row for each indicator, part and period.
        """
        return (
            self.confirmed()
            .annotate(rank=_rank_of_the_role())
            .order_by(
                "indicator_id", "part_id", "period_id", "-rank", F("reviewed_at").desc(nulls_last=True), "-pk"
            )
            .distinct("indicator_id", "part_id", "period_id")
        )

    def with_open_question(self) -> Self:
        """Doubted, and nobody has answered yet."""
        from tracker.models.questions import DataQuestion

        return self.filter(Exists(DataQuestion.objects.unanswered().filter(measurement=OuterRef("pk"))))

    def estimates_never_replaced(self, day: dt.date) -> Self:
        """Confirmed estimates past the day by which a better figure should have come, and none has."""
        better = Measurement.objects.confirmed().filter(
            indicator=OuterRef("indicator"),
            period=OuterRef("period"),
            part__isnull=True,
            certainty__in=[Measurement.Certainty.PRELIMINARY, Measurement.Certainty.FINAL],
        )
        better_part = Measurement.objects.confirmed().filter(
            part=OuterRef("part"),
            period=OuterRef("period"),
            certainty__in=[Measurement.Certainty.PRELIMINARY, Measurement.Certainty.FINAL],
        )
        estimates = self.confirmed().filter(certainty=Measurement.Certainty.ESTIMATE, replace_by__lt=day)
        return estimates.exclude(Q(part=None) & Exists(better)).exclude(
            Q(part__isnull=False) & Exists(better_part)
        )

    def with_in_use(self) -> Self:
        """Annotate ``in_use_pk``: which of the figures of the same indicator, part and period is in use."""
        same = Measurement.objects.confirmed().annotate(
            of_part=Coalesce("part_id", 0), rank=_rank_of_the_role()
        )
        best = same.filter(
            indicator=OuterRef("indicator"),
            period=OuterRef("period"),
            of_part=Coalesce(OuterRef("part_id"), 0),
        ).order_by("-rank", F("reviewed_at").desc(nulls_last=True), "-pk")
        return self.annotate(in_use_pk=Subquery(best.values("pk")[:1]))

    def for_list(self) -> Self:
        """Everything that a row of a list shows, in one query."""
        return self.select_related(
            "indicator",
            "part__agency",
            "period__closed_by",
            "agency",
            "author",
            "reviewed_by__agency",
            "document",
            "report",
        ).annotate(open_questions=Count("questions", filter=Q(questions__answered_at=None)))


class Measurement(Versioned):
    """The figure of an indicator, or of a part of it, for a period, as of a day (số thực hiện)."""

    class Certainty(models.TextChoices):
        ESTIMATE = "estimate", _("Estimate")
        PRELIMINARY = "preliminary", _("Preliminary")
        FINAL = "final", _("Final")

    class Role(models.TextChoices):
        OWN = "own", _("The agency's own figure")
        VERIFIED = "verified", _("Verified by the department")
        PUBLISHED = "published", _("Published by a higher body")

    CONTENT = (
        "as_of_on",
        "value",
        "value_words",
        "numerator",
        "denominator",
        "qualifier",
        "certainty",
        "replace_by",
        "printed_growth",
        "printed_basis",
        "printed_text",
        "document",
        "note",
        "explanation",
    )

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="measurements", verbose_name=_("indicator")
    )
    part = models.ForeignKey(
        IndicatorPart,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="measurements",
        verbose_name=_("part"),
    )
    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, related_name="measurements", verbose_name=_("reporting period")
    )
    as_of_on = models.DateField(_("as of"))
    role = models.CharField(_("whose figure"), max_length=9, choices=Role, default=Role.OWN)
    value = quantity_field(_("value"))
    value_words = models.CharField(_("value in words"), max_length=1000, blank=True, default="")
    numerator = quantity_field(_("numerator"))
    denominator = quantity_field(_("denominator"))
    qualifier = models.CharField(_("qualifier"), max_length=8, choices=Qualifier, blank=True, default="")
    certainty = models.CharField(_("certainty"), max_length=11, choices=Certainty, blank=True, default="")
    replace_by = models.DateField(_("a better figure is due by"), null=True, blank=True)
    printed_growth = quantity_field(_("growth as printed, per cent"))
    printed_basis = models.CharField(
        _("what the printed growth compares with"), max_length=200, blank=True, default=""
    )
    printed_text = models.TextField(_("exact words"), max_length=2000, blank=True, default="")
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="measurements",
        verbose_name=_("document"),
    )
    note = models.TextField(_("note"), max_length=2000, blank=True, default="")
    explanation = models.TextField(
        _("why the figure differs from what was expected"), max_length=1000, blank=True, default=""
    )
    report = models.ForeignKey(
        ProgressReport,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="measurements",
        verbose_name=_("progress report"),
    )

    status = models.CharField(
        _("status"), max_length=10, choices=ReportStatus, default=ReportStatus.DRAFT, editable=False
    )
    author = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="measurements", verbose_name=_("author")
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, related_name="measurements", verbose_name=_("agency")
    )
    saved_at = models.DateTimeField(_("saved at"), default=clock.now, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="reviewed_measurements", editable=False
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True, editable=False)
    review_note = models.TextField(
        _("reviewer's words"), max_length=2000, blank=True, default="", editable=False
    )
    came_after_closing = models.BooleanField(
        _("confirmed after the period's figures were closed"), default=False, editable=False
    )

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["-period__ends_on", "-pk"]
        indexes = [
            models.Index(fields=["indicator", "period", "part"], name="measurement_cell"),
            models.Index(fields=["status", "submitted_at", "id"], name="measurement_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "part", "period", "role"],
                condition=~Q(status="confirmed"),
                nulls_distinct=False,
                name="one_figure_in_hand",
                violation_error_message=_("A figure for this period is already being worked on."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(value__isnull=False) | ~Q(value_words=""),
                name="figure_has_a_value",
                violation_error_message=_("Write the figure. What is missing is left out, never 0."),
            ),
            models.CheckConstraint(
                condition=Q(denominator=None) | Q(denominator__gt=0) | Q(status="draft"),
                name="denominator_above_0",
                violation_error_message=_("The whole must be more than 0."),
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | ~Q(review_note=""),
                name="return_of_a_figure_has_a_reason",
                violation_error_message=_("Write what has to be corrected."),
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | Q(author=None) | ~Q(reviewed_by=F("author")),
                name="nobody_reviews_their_own_figure",
                violation_error_message=_("Nobody confirms or returns their own entry."),
            ),
        ]
        triggers = [
            step_guard(NEXT),
            pgtrigger.Protect(
                name="confirmed_is_read_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status="confirmed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period_id} {self.value}"

    def get_absolute_url(self) -> str:
        return reverse("measurement_detail", args=[self.pk])

    # Facts

    @property
    def is_editable(self) -> bool:
        return self.status in {ReportStatus.DRAFT, ReportStatus.RETURNED}

    @property
    def is_left_behind(self) -> bool:
        """Its report was confirmed without it: it goes on by itself, or along with the next report."""
        return self.is_editable and self.report is not None and self.report.status == ReportStatus.CONFIRMED

    @property
    def has_figure(self) -> bool:
        """Something was written that makes it a figure; a draft may have none yet. 0 is a figure."""
        numbers = (self.value, self.numerator, self.denominator)
        return any(number is not None for number in numbers) or bool(self.value_words)

    @property
    def is_self_reported(self) -> bool:
        """A typed share of named bodies without a list behind it is only what somebody says (tự báo cáo)."""
        return self.role == self.Role.OWN and self.indicator.is_percent and not self.indicator.is_ratio

    # Verbs of the agency

    @classmethod
    @transaction.atomic
    def in_hand_of(
        cls,
        indicator: Indicator,
        period: ReportingPeriod,
        *,
        by: User,
        part: IndicatorPart | None = None,
        role: str = Role.OWN,
        report: ProgressReport | None = None,
    ) -> "Measurement":
        """The figure of this cell that is not confirmed yet, or a new draft. A correction is a new figure too."""
        cls._hold_indicators([indicator.pk])
        found = cls.objects.in_hand().filter(indicator=indicator, part=part, period=period, role=role).first()
        if found:
            found._take_up(report)
            return found
        owner = by.agency_id if role != cls.Role.OWN else (part.owner_id if part else indicator.owner_id)
        return cls.objects.create(
            indicator=indicator,
            part=part,
            period=period,
            role=role,
            report=report,
            as_of_on=min(period.ends_on, clock.today()),
            author=by,
            agency_id=owner or by.agency_id,
        )

    @transaction.atomic
    def save_draft(self, *, by: User, expected_version: int | None = None, **content: Any) -> None:
        """Keep what has been typed so far; nothing is judged yet. The as-of day decides the period.

        Raises StaleVersion when somebody else saved meanwhile.
        """
        self._hold_indicators([self.indicator_id])
        stored = self._locked()
        if not stored.is_editable:
            raise WrongStep(_("This figure has been submitted and can no longer be changed."))
        stored.take_next_version(expected_version)
        for name in self.CONTENT:
            if name in content:
                setattr(stored, name, content[name])
        stored._work_out_the_ratio()
        if not stored.period.starts_on <= stored.as_of_on <= stored.period.ends_on:
            kind = stored.period.kind if stored.period.is_ruled else stored.indicator.frequency
            stored.period = ReportingPeriod.for_day(kind, stored.as_of_on)
        stored.author, stored.saved_at = by, clock.now()
        stored.full_clean(exclude=["agency", "author", "report"])
        stored.save(update_fields=[*self.CONTENT, "period", "author", "saved_at", "version"])
        self.refresh_from_db()

    @transaction.atomic
    def submit(self, *, by: User, today: dt.date, at: dt.datetime | None = None) -> None:
        """Hand the figure in for review. What looks doubtful becomes a question that somebody must answer."""
        self._hold_indicators([self.indicator_id])
        stored = self._locked()
        if stored.is_left_behind:
            stored._take_up(None)
        stored._refuse_inside_a_report()
        stored._hand_in(by=by, today=today, at=at)
        self.refresh_from_db()

    @transaction.atomic
    def take_back(self, *, by: User, at: dt.datetime | None = None) -> None:
        """Take a submitted figure back before anybody has reviewed it (rút lại)."""
        stored = self._locked()
        stored._refuse_inside_a_report()
        stored.move_to(ReportStatus.DRAFT, by=by, at=at)
        self.refresh_from_db()

    @transaction.atomic
    def discard(self) -> None:
        """Throw a draft away; history keeps that it was there."""
        stored = self._locked()
        if stored.status != ReportStatus.DRAFT or stored.events.exists():
            raise WrongStep(_("This figure has been submitted and can no longer be changed."))
        stored.questions.all().delete()
        stored.evidence.all().delete()
        stored.delete()

    def check_complete(self, *, today: dt.date) -> None:
        """Raise what keeps the figure from being submitted, each sentence at its field."""
        problems: dict[str, Any] = {}
        in_words = self.indicator.value_kind == Indicator.ValueKind.WORDS
        if self.as_of_on > today:
            problems["as_of_on"] = _("The as-of date cannot lie in the future.")
        if self.value is None and not (in_words and self.value_words.strip()):
            problems["value"] = _("Write the figure. What is missing is left out, never 0.")
        if self.indicator.is_ratio:
            problems |= self._problems_of_the_ratio()
        elif self.value is not None and abs(self.value) >= TOO_LARGE:
            problems["value"] = _("This number is too large to be right. Check the unit.")
        elif self.indicator.is_percent and self.value is not None and not 0 <= self.value <= 100:
            problems["value"] = _("A share lies between 0% and 100%.")
        if self.indicator.value_kind == Indicator.ValueKind.RANK and not _is_rank(self.value):
            problems["value"] = _("A rank is a whole number from 1.")
        if self.indicator.value_kind == Indicator.ValueKind.YES_NO and self.value not in {None, 0, 1}:
            problems["value"] = _("Choose yes or no.")
        if problems:
            raise ValidationError(problems)

    def _problems_of_the_ratio(self) -> dict[str, Any]:
        if self.numerator is None or self.denominator is None:
            return {"numerator": _("Write both numbers of the ratio.")}
        if self.denominator <= 0:
            return {"denominator": _("The whole must be more than 0.")}
        if self.denominator >= TOO_LARGE:
            return {"denominator": _("This number is too large to be right. Check the unit.")}
        if not 0 <= self.numerator <= self.denominator:
            return {
                "numerator": _("Cannot be more than the whole: %(whole)s.")
                % {"whole": f"{self.denominator.normalize():f}"}
            }
        return {}

    # Verbs of the reviewer

    @transaction.atomic
    def confirm(
        self, *, by: User, note: str = "", at: dt.datetime | None = None, expected_version: int | None = None
    ) -> None:
        """Confirm (duyệt): the figure counts from now on. Open questions have to be answered first."""
        stored = self._locked()
        stored._refuse_inside_a_report()
        stored._refuse_unread(expected_version)
        stored._take_in(by=by, note=note, at=at)
        self.refresh_from_db()

    @transaction.atomic
    def send_back(
        self, *, by: User, note: str, at: dt.datetime | None = None, expected_version: int | None = None
    ) -> None:
        """Return for changes (trả lại) with a reason."""
        if not note.strip():
            raise ValidationError({"note": _("Write what has to be corrected.")})
        stored = self._locked()
        stored._refuse_inside_a_report()
        stored._refuse_unread(expected_version)
        stored._review(ReportStatus.RETURNED, by=by, note=note, at=at)
        self.refresh_from_db()

    # Steps taken together with the progress report that the figure stands in; its verbs hold the locks

    @classmethod
    def follow(
        cls, report: ProgressReport, status: ReportStatus, *, by: User, today: dt.date, note: str, at: Any
    ) -> None:
        """Move a report's figures as the report moves. Empty drafts are left out: missing is never 0."""
        own = cls.objects.filter(report=report).exclude(status=ReportStatus.CONFIRMED)
        if status == ReportStatus.SUBMITTED:
            cls._hold_indicators(own.order_by().values("indicator"))
        rows = own.select_for_update(of=("self",))
        figures = list(rows.select_related("indicator", "part", "period").order_by("pk"))
        if status == ReportStatus.CONFIRMED:
            # Always in one order: two reports over the same periods never wait for each other.
            periods = ReportingPeriod.objects.filter(pk__in={stored.period_id for stored in figures})
            list(periods.order_by("pk").select_for_update(no_key=True))
        for stored in figures:
            is_empty = stored.value is None and not stored.value_words and stored.numerator is None
            if status == ReportStatus.SUBMITTED:
                if not is_empty:
                    stored._hand_in(by=by, today=today, at=at)
            elif stored.status == ReportStatus.SUBMITTED:
                if status == ReportStatus.CONFIRMED:
                    stored._take_in(by=by, note=note, at=at)
                elif status == ReportStatus.RETURNED:
                    stored._review(status, by=by, note=note, at=at)
                else:
                    stored.move_to(status, by=by, at=at)

    # Inside the verbs

    def _take_up(self, report: ProgressReport | None) -> None:
        """Let a figure that can still be written go along with the report in which it is now written.

        What a confirmed report left behind, empty or returned, would otherwise never be handed in again.
        """
        is_free = self.report_id is None or self.is_left_behind
        if not self.is_editable or self.report == report or not is_free:
            return
        self.report = report
        self.save(update_fields=["report"])

    @staticmethod
    def _hold_indicators(indicators: Any) -> None:
        """One writer at a time: no two drafts move onto one place, and figures are checked against each other.

        Locked in this order: indicators, figures, periods.
        """
        held = Indicator.objects.filter(pk__in=indicators).order_by("pk")
        list(held.select_for_update(of=("self",), no_key=True))

    def _locked(self) -> "Measurement":
        rows = Measurement.objects.select_for_update(of=("self",)).select_related(
            "indicator", "part", "period"
        )
        return rows.get(pk=self.pk)

    def _refuse_inside_a_report(self) -> None:
        if self.report_id:
            raise WrongStep(_("This figure is handed in and reviewed together with its progress report."))

    def _refuse_unread(self, read_version: int | None) -> None:
        if self.status == ReportStatus.SUBMITTED and read_version not in {None, self.version}:
            raise WrongStep(
                _("The agency has changed this figure since you opened it. Read the new one, then decide.")
            )

    def _work_out_the_ratio(self) -> None:
        """A ratio is worked out from its two numbers, in per cent; never typed."""
        if self.indicator.is_ratio:
            share = ratio(self.numerator, self.denominator)
            # A numerator far above its whole is refused when it is handed in; until then it is no share.
            self.value = (
                share.quantize(Decimal("0.000001")) if share is not None and share < TOO_LARGE else None
            )

    def _hand_in(self, *, by: User, today: dt.date, at: dt.datetime | None) -> None:
        from tracker.models.questions import DataQuestion

        self.check_complete(today=today)
        self.author = by
        self.submitted_at = at or clock.now()
        self.reviewed_by, self.reviewed_at = None, None
        DataQuestion.ask_about(self)
        self.move_to(
            ReportStatus.SUBMITTED,
            by=by,
            at=at,
            save=["author", "submitted_at", "reviewed_by", "reviewed_at"],
        )

    def _take_in(self, *, by: User, note: str, at: dt.datetime | None) -> None:
        if self.questions.filter(answered_at=None).exists():
            raise WrongStep(_("A question about this figure is still open: have it answered first."))
        # Held against a closing at the same moment: the frozen numbers and this mark agree.
        period = ReportingPeriod.objects.select_for_update(no_key=True).get(pk=self.period_id)
        self.came_after_closing = period.is_closed
        self._review(ReportStatus.CONFIRMED, by=by, note=note, at=at, save=["came_after_closing"])

    def _review(
        self,
        status: ReportStatus,
        *,
        by: User,
        note: str,
        at: dt.datetime | None,
        save: list[str] | None = None,
    ) -> None:
        self.reviewed_by, self.reviewed_at, self.review_note = by, at or clock.now(), note
        self.move_to(
            status, by=by, at=at, note=note, save=["reviewed_by", "reviewed_at", "review_note", *(save or [])]
        )

    def move_to(
        self,
        status: ReportStatus,
        *,
        by: User,
        at: dt.datetime | None,
        note: str = "",
        save: list[str] | None = None,
    ) -> None:
        from tracker import notifying

        if status not in NEXT[self.status]:
            raise WrongStep(_("This figure has already been dealt with."))
        self.status = status
        self.version += 1
        self.save(update_fields=["status", "version", *(save or [])])
        MeasurementEvent.objects.create(
            measurement=self, status=status, by=by, by_agency_id=by.agency_id, at=at or clock.now(), note=note
        )
        notifying.figure_moved(self, by=by, at=at, note=note)


def _is_rank(value: Decimal | None) -> bool:
    return value is None or (value >= 1 and value == value.to_integral_value())


class MeasurementEvent(models.Model):
    """One step of a figure: submitted, taken back, returned, confirmed. An append-only log."""

    measurement = models.ForeignKey(
        Measurement, models.PROTECT, related_name="events", verbose_name=_("measurement")
    )
    status = models.CharField(_("status"), max_length=10, choices=ReportStatus)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    by_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    at = models.DateTimeField(_("at"))
    note = models.TextField(_("note"), blank=True, default="")

    class Meta:
        verbose_name = _("step of a measurement")
        verbose_name_plural = _("steps of measurements")
        ordering = ["-at", "-pk"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.measurement_id} {self.status}"
