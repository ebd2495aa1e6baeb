from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.models.indicators import Indicator, Qualifier, quantity_field
from tracker.models.lifecycle import append_only
from tracker.models.measurements import Measurement
from tracker.models.people import User
from tracker.models.periods import ReportingPeriod
from tracker.models.targets import IndicatorPart


class FrozenFigureQuerySet(models.QuerySet["FrozenFigure"]):
    def visible_to(self, user: User) -> Self:
        """The department reads all; another body what was frozen of its own figures, never a sum over others' parts."""
        if user.sees_everything:
            return self
        mine = user.agency_id
        return self.filter(
            Q(part__agency=mine)
            | Q(part__isnull=False, part__agency=None, indicator__owner=mine)
            | Q(part=None, indicator__owner=mine, indicator__rule=Indicator.Rule.OWN)
        )


class FrozenFigure(models.Model):
    """One indicator's numbers as they stood when a period's figures were closed (số liệu đã chốt).

    One row an indicator and part for each revision of the period. Never changed: a correction that comes later is
    confirmed beside it and enters the next revision, or the next period.
    """

    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, related_name="frozen", verbose_name=_("reporting period")
    )
    revision = models.PositiveSmallIntegerField(_("revision"))
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="frozen", verbose_name=_("indicator")
    )
    part = models.ForeignKey(
        IndicatorPart, models.PROTECT, null=True, blank=True, related_name="frozen", verbose_name=_("part")
    )
    value = quantity_field(_("value"))
    value_words = models.CharField(_("value in words"), max_length=1000, blank=True, default="")
    numerator = quantity_field(_("numerator"))
    denominator = quantity_field(_("denominator"))
    qualifier = models.CharField(_("qualifier"), max_length=8, choices=Qualifier, blank=True, default="")
    certainty = models.CharField(
        _("certainty"), max_length=11, choices=Measurement.Certainty, blank=True, default=""
    )
    role = models.CharField(_("whose figure"), max_length=9, choices=Measurement.Role, blank=True, default="")
    as_of_on = models.DateField(_("as of"), null=True, blank=True)
    plan = quantity_field(_("plan"))
    to_date = quantity_field(_("to date in the year"))
    plan_to_date = quantity_field(_("plan to date"))

    objects = FrozenFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("frozen figure")
        verbose_name_plural = _("frozen figures")
        ordering = ["period", "revision", "indicator", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "revision", "indicator", "part"],
                nulls_distinct=False,
                name="one_frozen_figure_a_revision",
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.period_id}/{self.revision} {self.indicator_id} {self.value}"
