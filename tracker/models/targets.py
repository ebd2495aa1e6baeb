import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.judgement import meets
from tracker.models.documents import Document
from tracker.models.indicators import Indicator, quantity_field
from tracker.models.lifecycle import WrongStep, append_only
from tracker.models.organisations import Agency
from tracker.models.people import User
from tracker.models.periods import ReportingPeriod


class Target(models.Model):
    """What an indicator must reach by a day (mức phải đạt), by a document. Never changed: a later one replaces it."""

    class Operator(models.TextChoices):
        EQUAL = "eq", "="
        AT_LEAST = "ge", "≥"
        MORE = "gt", ">"
        AT_MOST = "le", "≤"
        LESS = "lt", "<"
        RANGE = "range", _("within a range")
        ALL = "all", _("all")

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="targets", verbose_name=_("indicator")
    )
    due_on = models.DateField(_("to be reached by"))
    revision = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    operator = models.CharField(_("operator"), max_length=5, choices=Operator, default=Operator.AT_LEAST)
    value = quantity_field(_("target"))
    upper = quantity_field(_("upper end of the range"))
    words = models.CharField(_("target in words"), max_length=500, blank=True, default="")
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("document")
    )
    printed_number = models.CharField(_("number as printed"), max_length=20, blank=True, default="")
    printed = models.CharField(_("as printed"), max_length=500, blank=True, default="")
    is_suggested = models.BooleanField(
        _("suggested, not stated by any document"), default=False, editable=False
    )
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    set_at = models.DateTimeField(_("set at"), default=clock.now, editable=False)
    reason = models.CharField(_("reason for the change"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["due_on", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "due_on", "revision"], name="one_target_a_revision"),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(words=""),
                name="target_has_a_value_or_words",
                violation_error_message=_("Give the target as a number or in words."),
            ),
            models.CheckConstraint(
                condition=~Q(operator="range") | Q(upper__gte=F("value")),
                name="range_ends_above_its_start",
                violation_error_message=_("The upper end of the range lies below its start."),
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.due_on} {self.value}"

    def is_met_by(self, value: Decimal | None) -> bool:
        """Is the target reached by this value? A missing value reaches nothing."""
        direction = self.indicator.direction
        return meets(value, self.operator, self.value, self.upper, direction) is True

    @classmethod
    @transaction.atomic
    def set(
        cls, indicator: Indicator, *, by: User | None, due_on: dt.date, reason: str = "", **values: Any
    ) -> "Target":
        """Set the target of a day. A second one for the same day is a new version and says why; the old one stays."""
        held = Indicator.objects.select_for_update(of=("self",), no_key=True).get(pk=indicator.pk)
        last = held.targets.filter(due_on=due_on).order_by("-revision").first()
        if last and not (reason.strip() or values.get("document")):
            raise ValidationError(
                {
                    "reason": _(
                        "A target for this day exists: name the later document or write why it changes."
                    )
                }
            )
        target = cls(
            indicator=held,
            due_on=due_on,
            revision=last.revision + 1 if last else 1,
            set_by=by,
            reason=reason,
            **values,
        )
        target.full_clean()
        target._check()
        target.save()
        return target

    def _check(self) -> None:
        """A range has two ends; a bound goes the way in which the indicator improves."""
        if self.operator == self.Operator.RANGE and (self.value is None or self.upper is None):
            raise ValidationError({"upper": _("Give both ends of the range.")})
        against = {
            Indicator.Direction.UP: {self.Operator.AT_MOST, self.Operator.LESS},
            Indicator.Direction.DOWN: {self.Operator.AT_LEAST, self.Operator.MORE},
        }
        if self.operator in against.get(Indicator.Direction(self.indicator.direction), set()):
            raise ValidationError(
                {"operator": _("This bound goes against the direction in which the indicator improves.")}
            )


class IndicatorPart(models.Model):
    """One part of a breakdown: a district, a bloc, an operator, a level of service, an agency (phần)."""

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="parts", verbose_name=_("indicator")
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="indicator_parts",
        verbose_name=_("agency"),
    )
    name = models.CharField(_("name"), max_length=200, blank=True, default="")
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("to"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("part of an indicator")
        verbose_name_plural = _("parts of indicators")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=False) | ~Q(name=""),
                name="part_is_an_agency_or_has_a_name",
                violation_error_message=_("A part is an agency or has a name."),
            ),
            models.UniqueConstraint(
                fields=["indicator", "agency", "name"], nulls_distinct=False, name="one_part_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.agency.label if self.agency else self.name

    @property
    def owner_id(self) -> int | None:
        """Who writes this part's figures: the agency itself, else who answers for the whole."""
        return self.agency_id or self.indicator.owner_id

    def is_in_force(self, day: dt.date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or self.valid_to >= day
        )

    @classmethod
    @transaction.atomic
    def change_many(
        cls,
        indicator: Indicator,
        *,
        add: Iterable[Agency | str] = (),
        from_day: dt.date | None = None,
        end: Mapping["IndicatorPart", dt.date] | None = None,
    ) -> None:
        """Add agencies or named parts, and give others their last day; the figures of a part that ends stay.

        Raises ValidationError when a part ends before it began or figures of it lie after its last day.
        """
        held = Indicator.objects.select_for_update(of=("self",), no_key=True).get(pk=indicator.pk)
        for part, day in (end or {}).items():
            stored = cls.objects.get(pk=part.pk, indicator=held)
            if stored.valid_to is not None:
                raise WrongStep(_("“%(name)s” has ended already.") % {"name": part.label})
            if stored.valid_from and day < stored.valid_from:
                raise ValidationError({f"den-{part.pk}": _("The last day is before the first.")})
            if stored.measurements.filter(as_of_on__gt=day).exists():
                raise ValidationError({f"den-{part.pk}": _("There are figures after this day.")})
            stored.valid_to = day
            stored.save(update_fields=["valid_to"])
        place = held.parts.count()
        for number, one in enumerate(add, place + 1):
            named = {"agency": one} if isinstance(one, Agency) else {"name": one}
            new = cls(indicator=held, valid_from=from_day, position=number, **named)
            new.full_clean()
            new.save()


class PeriodPlan(models.Model):
    """What an indicator, or one of its parts, should show in a period (kế hoạch kỳ)."""

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="plans", verbose_name=_("indicator")
    )
    part = models.ForeignKey(
        IndicatorPart, models.PROTECT, null=True, blank=True, related_name="plans", verbose_name=_("part")
    )
    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, related_name="plans", verbose_name=_("reporting period")
    )
    value = models.DecimalField(_("plan"), max_digits=26, decimal_places=6)

    class Meta:
        verbose_name = _("plan of a period")
        verbose_name_plural = _("plans of periods")
        ordering = ["period__ends_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "part", "period"], nulls_distinct=False, name="one_plan_a_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period_id} {self.value}"

    @classmethod
    @transaction.atomic
    def set_many(
        cls,
        indicator: Indicator,
        *,
        by: User,
        values: dict[ReportingPeriod, Decimal | None],
        part: IndicatorPart | None = None,
    ) -> None:
        """Set the plan period by period; None takes a period's plan away. A closed period's plan stays as it is."""
        Indicator.objects.select_for_update(of=("self",), no_key=True).get(pk=indicator.pk)
        present = {plan.period_id: plan for plan in cls.objects.filter(indicator=indicator, part=part)}
        for period, value in sorted(values.items(), key=lambda each: each[0].pk):
            plan = present.get(period.pk)
            if (plan.value if plan else None) == value:
                continue
            if ReportingPeriod.objects.select_for_update(no_key=True).get(pk=period.pk).is_closed:
                raise WrongStep(period.lock_sentence())
            if value is None and plan:
                plan.delete()
            elif value is not None:
                changed = plan or cls(indicator=indicator, part=part, period=period)
                changed.value = value
                changed.full_clean(exclude=["indicator", "part", "period"], validate_unique=False)
                changed.save()
