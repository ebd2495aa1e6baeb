import datetime as dt
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tracker.vietnamese.dates import format_date
from tracker.vietnamese.working_days import WorkingDays


class CalendarDayQuerySet(models.QuerySet["CalendarDay"]):
    def between(self, first: dt.date, last: dt.date) -> Self:
        return self.filter(day__range=(first, last))

    def working_days(self, first: dt.date, last: dt.date) -> WorkingDays:
        """The office's calendar for these days, in one query. A day that nobody has entered is a plain weekday."""
        rows = dict(self.between(first, last).values_list("day", "kind"))
        return WorkingDays(
            off=frozenset(day for day, kind in rows.items() if kind == CalendarDay.Kind.OFF),
            made_up=frozenset(day for day, kind in rows.items() if kind == CalendarDay.Kind.MADE_UP),
        )

    def working_days_around(self, day: dt.date) -> WorkingDays:
        """Two years back and two months ahead: for what has waited until this day, and what is told before the next."""
        return self.working_days(day - dt.timedelta(days=731), day + dt.timedelta(days=62))

    def working_day_after(self, day: dt.date, count: int) -> dt.date:
        """So many working days later, in one query; Tết is the longest time without one, nine days."""
        last = day + dt.timedelta(days=2 * count + 31)
        return self.working_days(day, last).add(day, count)


class CalendarDay(models.Model):
    """A day on which the office's week is not as usual: a holiday, or a day at the weekend that is worked."""

    class Kind(models.TextChoices):
        OFF = "off", _("Holiday")
        MADE_UP = "made_up", _("Make-up working day")

    day = models.DateField(
        _("day"), unique=True, error_messages={"unique": _("This day is already entered.")}
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True, default="")
    is_forecast = models.BooleanField(
        _("forecast"),
        default=False,
        help_text=_("Worked out ahead; the Government's yearly notice may move it."),
    )

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("day of the office's calendar")
        verbose_name_plural = _("office's calendar")
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["off", "made_up"]), name="calendar_day_kind_known"
            )
        ]

    def clean(self) -> None:
        """Raises ValidationError when a weekday is to be a make-up day: it is worked anyway."""
        if self.kind == self.Kind.MADE_UP and self.day and self.day.weekday() < 5:
            raise ValidationError(
                {
                    "day": _(
                        "%(day)s is no Saturday or Sunday and is worked anyway: "
                        "a make-up day is a day at the weekend."
                    )
                    % {"day": format_date(self.day)}
                }
            )

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.label}"

    @property
    def label(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name
