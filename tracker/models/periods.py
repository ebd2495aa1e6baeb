import datetime as dt
from collections.abc import Iterable
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tracker import clock
from tracker.models.lifecycle import Versioned, WrongStep, append_only, because, step_guard
from tracker.models.numbering import CodeCounter
from tracker.models.organisations import Agency
from tracker.models.people import User
from tracker.models.period_names import period_name, short_period_name
from tracker.vietnamese.calendar import THURSDAY, PeriodKind, Window, window_in_hand, windows_of
from tracker.vietnamese.dates import format_date


class PeriodStatus(models.TextChoices):
    """Whether the figures of a period may still change (mở, đã chốt, mở lại)."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    REOPENED = "reopened", _("Reopened")


class PeriodState(models.TextChoices):
    """How a period stands on a day: the stored status and, while it is open, how near its closing day is."""

    FUTURE = "future", _("Not begun")
    OPEN = "open", _("Open")
    CLOSING = "closing", _("About to close")
    DUE = "due", _("To be closed")
    CLOSED = "closed", _("Closed")
    REOPENED = "reopened", _("Reopened")


NEXT: dict[Any, set[Any]] = {
    PeriodStatus.OPEN: {PeriodStatus.CLOSED},
    PeriodStatus.CLOSED: {PeriodStatus.REOPENED},
    PeriodStatus.REOPENED: {PeriodStatus.CLOSED},
}


class ReportingPeriodQuerySet(models.QuerySet["ReportingPeriod"]):
    def visible_to(self, user: User) -> Self:
        """Everybody reads the periods that hold for all; the windows of one body its own people and the department."""
        return self if user.sees_everything else self.filter(Q(agency=None) | Q(agency=user.agency_id))

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def of_all(self) -> Self:
        """The periods that hold for every body; some bodies have weekly windows of their own."""
        return self.filter(agency=None)

    def covering(self, day: dt.date) -> Self:
        """The periods whose window holds a day: a figure belongs by its as-of date."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def in_hand_on(self, day: dt.date) -> Self:
        """The months that have begun and that agencies may still send in time on this day, the first to send first."""
        months = self.of_all().of_kind(ReportingPeriod.Kind.MONTH)
        return months.filter(starts_on__lte=day, agencies_send_on__gte=day).order_by("agencies_send_on", "pk")

    def within(self, period: "ReportingPeriod") -> Self:
        """The periods for all whose windows lie inside this one's, itself among them: a quarter holds its months."""
        inside = Q(starts_on__gte=period.starts_on, ends_on__lte=period.ends_on, agency=None)
        return self.filter(inside | Q(pk=period.pk))

    def in_order(self) -> Self:
        return self.order_by("ends_on", "starts_on", "pk")

    def for_list(self) -> Self:
        """Everything that a row of a list shows, in one query."""
        return self.select_related("agency", "closed_by")


class ReportingPeriod(Versioned):
    """A legal reporting period with its window of figures (kỳ báo cáo), both ends inclusive.

    Windows by Decree 09/2019/NĐ-CP, Article 12: a month runs from the 15th to the 14th. The closing of a quarter's
    figures (14/6) is not the end of the quarter (30/6), which is a deadline of work.
    """

    class Kind(models.TextChoices):
        WEEK = "week", _("Week")
        MONTH = "month", _("Month")
        QUARTER = "quarter", _("Quarter")
        HALF = "half", _("Six months")
        NINE_MONTHS = "nine_months", _("Nine months")
        YEAR = "year", _("Year")
        THEMATIC = "thematic", _("Thematic")
        AD_HOC = "ad_hoc", _("Ad hoc")

    code = models.CharField(_("code"), max_length=40, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("number in the year"), default=1)
    name = models.CharField(_("name"), max_length=200, blank=True, default="")
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="own_periods",
        verbose_name=_("only for this agency"),
    )
    starts_on = models.DateField(_("figures from"))
    ends_on = models.DateField(_("figures close on"))
    agencies_send_on = models.DateField(_("agencies send by"))
    department_sends_on = models.DateField(_("the department sends by"))
    status = models.CharField(
        _("status"), max_length=8, choices=PeriodStatus, default=PeriodStatus.OPEN, editable=False
    )
    revision = models.PositiveSmallIntegerField(_("revision"), default=1, editable=False)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    closed_for = models.CharField(_("closed for"), max_length=300, blank=True, default="", editable=False)

    objects = ReportingPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("reporting period")
        verbose_name_plural = _("reporting periods")
        ordering = ["ends_on", "starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "year", "number", "agency"],
                nulls_distinct=False,
                name="one_period_a_window",
                violation_error_message=_("This period exists already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="period_ends_after_it_starts",
                violation_error_message=_("The figures close before they begin."),
            ),
            models.CheckConstraint(
                condition=Q(agencies_send_on__gte=F("ends_on")),
                name="period_is_sent_after_it_closes",
                violation_error_message=_("Agencies cannot send before the figures close."),
            ),
            models.CheckConstraint(
                condition=Q(department_sends_on__gte=F("agencies_send_on")),
                name="department_sends_after_the_agencies",
                violation_error_message=_("The department sends after the agencies."),
            ),
            models.CheckConstraint(
                condition=~Q(status=PeriodStatus.CLOSED)
                | Q(closed_by__isnull=False, closed_at__isnull=False),
                name="closed_period_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["thematic", "ad_hoc"]) | ~Q(name=""),
                name="period_without_a_rule_has_a_name",
                violation_error_message=_("A thematic or ad hoc period needs a name."),
            ),
        ]
        triggers = [step_guard(NEXT)]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("period_detail", args=[self.code])

    # Facts

    @property
    def label(self) -> str:
        """“Tháng 5/2020”, “Quý II/2020”, “6 tháng đầu năm 2020”; a thematic or ad hoc period has a name of its own."""
        return self.name or period_name(self.kind, self.year, self.number)

    @property
    def short_label(self) -> str:
        """Without the year: “Tháng 5”, “Quý II”, “6 tháng đầu năm”."""
        return self.name or short_period_name(self.kind, self.year, self.number)

    @property
    def label_in_text(self) -> str:
        """The label inside a sentence: “tháng 5/2020”."""
        return self.name or self.label[:1].lower() + self.label[1:]

    @property
    def is_closed(self) -> bool:
        return self.status == PeriodStatus.CLOSED

    @property
    def is_ruled(self) -> bool:
        """The law gives its window; of a thematic or ad hoc period a person says which days it covers."""
        return self.kind not in {self.Kind.THEMATIC, self.Kind.AD_HOC}

    def state_on(self, day: dt.date, closing_soon_days: int) -> PeriodState:
        """How the period stands on a day; ``closing_soon_days`` is the office's setting."""
        if self.status != PeriodStatus.OPEN:
            return PeriodState(self.status)
        if day < self.starts_on:
            return PeriodState.FUTURE
        if day > self.ends_on:
            return PeriodState.DUE
        is_near = (self.ends_on - day).days < closing_soon_days
        return PeriodState.CLOSING if is_near else PeriodState.OPEN

    # Finding and making

    @classmethod
    def for_day(cls, kind: str, day: dt.date) -> "ReportingPeriod":
        """The period of a kind that a figure of this day belongs to.

        Raises ValidationError when no such period has been made: nobody guesses a window.
        """
        found = cls.objects.of_all().of_kind(kind).covering(day).first()
        if found is None:
            raise ValidationError(
                {
                    "as_of_on": _(
                        "No reporting period holds this day. Ask the administrator to make that year's."
                    )
                }
            )
        return found

    @classmethod
    def in_hand(cls, day: dt.date) -> "ReportingPeriod":
        """The month that agencies report on now: the earliest that they may still send in time.

        On 16/6/2020 June, whose figures closed on 14/6 and are sent by 17/6; on 18/6 July. By the legal rule, not
        stored, where nobody has made the year's periods.
        """
        stored = cls.objects.in_hand_on(day).first()
        by_rule = window_in_hand(day)
        return stored or cls(code=by_rule.code, **_dates(by_rule))

    @classmethod
    @transaction.atomic
    def generate(
        cls,
        year: int,
        *,
        kinds: Iterable[str] = ("month", "quarter", "half", "nine_months", "year"),
        agency: Agency | None = None,
        first_weekday: int = THURSDAY,
    ) -> int:
        """Make a year's periods by the legal rule; those that exist stay as people have set them. Returns how many.

        ``first_weekday`` 0–6 from Monday: weekly windows differ from body to body.
        """
        suffix = f"-{slugify(agency.code)}" if agency else ""
        there = set(cls.objects.filter(year=year, agency=agency).values_list("kind", "number"))
        new = [
            cls(agency=agency, code=window.code + suffix, **_dates(window))
            for window in windows_of(year, [PeriodKind(kind) for kind in kinds], first_weekday)
            if (str(window.kind), window.number) not in there
        ]
        return len(cls.objects.bulk_create(new, ignore_conflicts=True))

    # Verbs

    @classmethod
    @transaction.atomic
    def announce(cls, *, by: User, kind: str, year: int, **fields: Any) -> "ReportingPeriod":
        """Enter a thematic or ad hoc period, whose window a person sets."""
        short = {cls.Kind.THEMATIC: "cd", cls.Kind.AD_HOC: "dx"}.get(cls.Kind(kind))
        if short is None:
            raise ValidationError({"kind": _("Periods of this kind are made by the legal rule.")})
        prefix = f"{year}-{short}"
        number = int(CodeCounter.take(prefix).removeprefix(prefix))
        period = cls(kind=kind, year=year, number=number, code=f"{prefix}{number}", **fields)
        period.full_clean()
        period.save()
        period._log("announced", by=by)
        return period

    @transaction.atomic
    def set_dates(self, *, by: User, expected_version: int | None, reason: str, **dates: dt.date) -> None:
        """Move the window or the sending dates, until the figures are closed; says why."""
        if not reason.strip():
            raise ValidationError({"reason": _("Write why the dates change.")})
        # Neighbours are held too: two people cannot move two windows over the same days at once.
        kin = ReportingPeriod.objects.filter(kind=self.kind, agency=self.agency_id).order_by("pk")
        stored = next(period for period in kin.select_for_update(no_key=True) if period.pk == self.pk)
        if stored.is_closed:
            raise WrongStep(stored.lock_sentence())
        stored.take_next_version(expected_version)
        for name, value in dates.items():
            setattr(stored, name, value)
        stored.full_clean()
        stored._refuse_a_misfit()
        with because(reason):
            stored.save(update_fields=[*dates, "version"])
        stored._log("dates_set", by=by, reason=reason)
        self.refresh_from_db()

    @transaction.atomic
    def close(self, *, by: User, closed_for: str = "", at: dt.datetime | None = None) -> "ReportingPeriod":
        """Close the figures (chốt số liệu). ``tracker.closing`` freezes the numbers in the same transaction."""
        stored = self._locked()
        at = at or clock.now()
        stored.closed_by, stored.closed_at, stored.closed_for = by, at, closed_for
        stored._move_to(
            PeriodStatus.CLOSED,
            "closed",
            by=by,
            at=at,
            reason=closed_for,
            save=["closed_by", "closed_at", "closed_for"],
        )
        self.refresh_from_db()
        return stored

    @transaction.atomic
    def reopen(self, *, by: User, reason: str, at: dt.datetime | None = None) -> None:
        """Open closed figures again (mở lại) as the next revision; the frozen numbers of the earlier one stay."""
        if not reason.strip():
            raise ValidationError({"reason": _("Write why the closed figures are opened again.")})
        stored = self._locked()
        stored.revision += 1
        stored._move_to(PeriodStatus.REOPENED, "reopened", by=by, at=at, reason=reason, save=["revision"])
        self.refresh_from_db()

    def lock_sentence(self) -> str:
        """Why nothing changes any more: who closed the figures, when and for which report."""
        if not self.closed_by or not self.closed_at:
            return ""
        at = timezone.localtime(self.closed_at)
        facts = {
            "name": self.closed_by.full_name,
            "time": f"{at:%H:%M}",
            "day": format_date(at.date()),
            "report": self.closed_for,
        }
        if not self.closed_for:
            return _("The figures of this period were closed by %(name)s at %(time)s on %(day)s.") % facts
        return (
            _("The figures of this period were closed by %(name)s at %(time)s on %(day)s for “%(report)s”.")
            % facts
        )

    # Inside the verbs

    def _locked(self) -> "ReportingPeriod":
        # Not a lock of the key: figures of this period may still be drafted while it is being closed.
        return ReportingPeriod.objects.select_for_update(no_key=True).get(pk=self.pk)

    def _refuse_a_misfit(self) -> None:
        """No day belongs to two periods of a kind, and no figure falls out of the window that it was entered for."""
        same = ReportingPeriod.objects.filter(kind=self.kind, agency=self.agency_id).exclude(pk=self.pk)
        crossed = same.filter(starts_on__lte=self.ends_on, ends_on__gte=self.starts_on).first()
        if self.is_ruled and crossed:
            raise ValidationError(
                _("These days belong to “%(label)s” already (%(start)s–%(end)s): move that period first.")
                % {
                    "label": crossed.label,
                    "start": format_date(crossed.starts_on),
                    "end": format_date(crossed.ends_on),
                }
            )
        outside = self.measurements.exclude(as_of_on__range=(self.starts_on, self.ends_on)).count()
        if outside:
            raise ValidationError(
                ngettext(
                    "%(n)d figure of this period is as of a day outside the new window.",
                    "%(n)d figures of this period are as of days outside the new window.",
                    outside,
                )
                % {"n": outside}
            )

    def _move_to(
        self,
        status: PeriodStatus,
        step: str,
        *,
        by: User,
        at: dt.datetime | None,
        reason: str,
        save: list[str],
    ) -> None:
        if status not in NEXT[PeriodStatus(self.status)]:
            raise WrongStep(_("Somebody else has closed or reopened this period meanwhile."))
        self.status = status
        self.version += 1
        with because(reason):
            self.save(update_fields=["status", "version", *save])
        self._log(step, by=by, at=at, reason=reason)

    def _log(self, step: str, *, by: User, at: dt.datetime | None = None, reason: str = "") -> None:
        PeriodEvent.objects.create(
            period=self,
            step=step,
            revision=self.revision,
            by=by,
            by_agency_id=by.agency_id,
            at=at or clock.now(),
            reason=reason,
        )


def _dates(window: Window) -> dict[str, Any]:
    names = ("year", "number", "starts_on", "ends_on", "agencies_send_on", "department_sends_on")
    return {name: getattr(window, name) for name in names} | {"kind": str(window.kind)}


class PeriodEvent(models.Model):
    """One step of a reporting period: announced, dates set, closed, reopened. An append-only log."""

    class Step(models.TextChoices):
        ANNOUNCED = "announced", _("Entered")
        DATES_SET = "dates_set", _("Dates changed")
        CLOSED = "closed", _("Figures closed")
        REOPENED = "reopened", _("Reopened")

    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, related_name="events", verbose_name=_("reporting period")
    )
    step = models.CharField(_("step"), max_length=10, choices=Step)
    revision = models.PositiveSmallIntegerField(_("revision"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    by_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    at = models.DateTimeField(_("at"))
    reason = models.TextField(_("reason"), blank=True, default="")

    class Meta:
        verbose_name = _("step of a reporting period")
        verbose_name_plural = _("steps of reporting periods")
        ordering = ["-at", "-pk"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.period_id} {self.step}"
