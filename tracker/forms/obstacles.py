"""What holds a directive up: reporting an obstacle with its four elements, and saying how it was solved."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tracker.forms.base import TrackerForm, WithFormToken
from tracker.forms.fields import AgencyChoice, DayField
from tracker.models import Agency

LONGEST_WAIT = dt.timedelta(days=3 * 366)


class ObstacleForm(WithFormToken, TrackerForm):
    """What, why, who must solve it, by when: an obstacle without one of these cannot be worked on."""

    description = forms.CharField(
        label=_("What holds the work up"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    cause = forms.CharField(label=_("Cause"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    solver = AgencyChoice(
        label=_("Agency that must solve it"),
        help_text=_("A body of the province: type its name or code."),
        required=False,
    )
    solver_outside = forms.CharField(
        label=_("Or a body outside the province"),
        help_text=_("For example: Ministry of Information and Communications."),
        max_length=200,
        required=False,
    )
    needed_by = DayField(
        label=_("To be solved by"),
        error_messages={"required": _("Write the day by which it has to be solved.")},
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        solver: Any = self.fields["solver"]
        solver.queryset = Agency.objects.in_force(today).by_name()

    def clean_needed_by(self) -> dt.date:
        day = self.cleaned_data["needed_by"]
        if not self.today <= day <= self.today + LONGEST_WAIT:
            raise ValidationError(_("Choose today or a later day, within three years."))
        return day

    def clean(self) -> dict[str, Any]:
        """Exactly one body is named."""
        read = super().clean() or self.cleaned_data
        if (
            "solver" in read
            and "solver_outside" in read
            and bool(read["solver"]) == bool(read["solver_outside"])
        ):
            self.add_error("solver", _("Name one body that must solve it: in the province or outside."))
        return read

    @property
    def content(self) -> dict[str, Any]:
        names = ("description", "cause", "solver", "solver_outside", "needed_by")
        return {name: self.cleaned_data[name] for name in names}


class SolutionForm(WithFormToken, TrackerForm):
    """How it was solved."""

    solution = forms.CharField(
        label=_("How it was solved"),
        help_text=_("For example the number and date of the document that settles it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
