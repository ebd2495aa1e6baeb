import datetime as dt
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.models.directives import Directive
from tracker.models.indicators import Indicator
from tracker.models.organisations import Agency
from tracker.models.people import User
from tracker.models.rosters import BodyState, RosterBody


class UrgingQuerySet(models.QuerySet["Urging"]):
    def visible_to(self, user: User) -> Self:
        """The department reads all; another body what was sent to it."""
        if user.sees_everything:
            return self
        sent = UrgingRecipient.objects.filter(urging=OuterRef("pk"), agency=user.agency_id)
        return self.filter(Exists(sent))

    def for_list(self) -> Self:
        """Everything that a row of a list shows."""
        counted = self.select_related("by").annotate(
            recipient_count=models.Count("recipients", distinct=True)
        )
        return counted.order_by("-at", "-pk")


class Urging(models.Model):
    """A formal push to bodies that are behind (đôn đốc), on the record: by whom, to whom, about what, why."""

    by = models.ForeignKey(User, models.PROTECT, related_name="urgings", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=clock.now)
    reason = models.TextField(_("reason"), max_length=1000)
    answer_due_on = models.DateField(_("answer by"), null=True, blank=True)
    directives = models.ManyToManyField(
        Directive, related_name="urgings", verbose_name=_("directives"), blank=True
    )
    indicators = models.ManyToManyField(
        Indicator, related_name="urgings", verbose_name=_("indicators"), blank=True
    )

    objects = UrgingQuerySet.as_manager()

    class Meta:
        verbose_name = _("urging")
        verbose_name_plural = _("urgings")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.reason[:80]

    def get_absolute_url(self) -> str:
        return reverse("urging_detail", args=[self.pk])

    @classmethod
    @transaction.atomic
    def send(
        cls,
        *,
        by: User,
        agencies: dict[Agency, str],
        reason: str,
        indicators: list[Indicator],
        directives: list[Directive],
        **fields: Any,
    ) -> "Urging":
        """Urge exactly these agencies; ``agencies`` gives each one's own line: what it still lacks."""
        if not agencies:
            raise ValidationError(_("No agency is behind: nobody is urged."))
        urging = cls(by=by, reason=reason, **fields)
        urging.full_clean()
        urging.save()
        urging.indicators.set(indicators)
        urging.directives.set(directives)
        UrgingRecipient.objects.bulk_create(
            UrgingRecipient(urging=urging, agency=agency, lacks=lacks) for agency, lacks in agencies.items()
        )
        return urging


class UrgingRecipientQuerySet(models.QuerySet["UrgingRecipient"]):
    def visible_to(self, user: User) -> Self:
        """The department reads all; another body its own line."""
        return self if user.sees_everything else self.filter(agency=user.agency_id)

    def still_behind(self, day: dt.date) -> Self:
        """Those that have not yet brought into use, on this day, everything that they were urged about."""
        places = RosterBody.objects.in_scope(day).standing_on(day)
        open_places = places.filter(
            agency=OuterRef("agency"), roster__indicator__urgings=OuterRef("urging")
        ).exclude(state__in=[BodyState.IN_USE, BodyState.EXEMPT])
        return self.filter(Exists(open_places))


class UrgingRecipient(models.Model):
    """One agency that was urged, with what it lacked on that day."""

    urging = models.ForeignKey(Urging, models.PROTECT, related_name="recipients", verbose_name=_("urging"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="urged", verbose_name=_("agency"))
    lacks = models.CharField(_("what it lacks"), max_length=1000)

    objects = UrgingRecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("urged agency")
        verbose_name_plural = _("urged agencies")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["urging", "agency"], name="one_urging_an_agency")]

    def __str__(self) -> str:
        return f"{self.agency}"
