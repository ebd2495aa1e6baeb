"""The printed words of a deadline and what they mean, typed when a directive is entered."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tracker.forms.base import TrackerForm
from tracker.forms.fields import DayField, DocumentChoice
from tracker.models import Directive
from tracker.vietnamese.deadlines import Deadline, read_deadline

DATED = "dated"
DATELESS = ("none", "ongoing", "yearly", "recurring")
DEADLINE = {"deadline_printed", "without_date", "due_on"}
"""The fields of a deadline."""


class DeadlineFields(TrackerForm):
    """The printed words of a deadline, the date they mean, and a date a person may put in its place."""

    deadline_printed = forms.CharField(
        label=_("Deadline as printed"),
        help_text=_("Exactly as in the document, for example “hết quý II”. The date is worked out from it."),
        max_length=200,
        required=False,
    )
    without_date = forms.ChoiceField(
        label=_("Is there a deadline?"),
        choices=[
            (DATED, _("Yes, on a day")),
            *[(kind, Directive.DeadlineKind(kind).label) for kind in DATELESS],
        ],
        initial=DATED,
    )
    due_on = DayField(
        label=_("Deadline"),
        help_text=_("Leave empty to take over the date worked out from the printed words."),
        required=False,
    )

    plan_year: int | None = None
    """Completes printed words that name no year."""

    @property
    def deadline(self) -> Deadline:
        """What the printed words say, also while they are being typed."""
        return read_deadline(str(self["deadline_printed"].value() or ""), self.plan_year)

    @property
    def deadline_kind(self) -> str:
        """What kind of deadline the printed words mean; empty while nothing is typed or something is to be asked."""
        read = self.deadline
        return "" if read.question or not read.rule else str(Directive.DeadlineKind(read.kind).label)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.keys() >= DEADLINE:
            self._settle(data, data["without_date"], data["due_on"])
        return data

    def _settle(self, data: dict[str, Any], without_date: str, due_on: dt.date | None) -> None:
        read = self.deadline
        if without_date != DATED and due_on:
            self.add_error("due_on", _("There is no deadline, so leave the date empty."))
        elif without_date != DATED:
            data["deadline_kind"], data["deadline_inferred"] = without_date, False
        elif due_on:
            dated = read.kind if read.kind not in DATELESS else Directive.DeadlineKind.DAY
            data["deadline_kind"] = dated
            printed_so = read.due_on == due_on and not read.is_inferred
            data["deadline_inferred"] = bool(data["deadline_printed"]) and not printed_so
        elif read.due_on or (data["deadline_printed"] and not read.question):
            data["deadline_kind"], data["deadline_inferred"] = read.kind, read.is_inferred
            data["due_on"] = read.due_on
        elif read.question:
            self.add_error("due_on", read.question)
        else:
            self.add_error("due_on", _("Give a deadline, or say that there is none."))


def year_of_source(documents: Any, mode: Any, document: Any, issued_on: Any) -> int | None:
    """The year in which the source was issued, as far as it has been typed: it completes deadlines without a year."""
    try:
        if mode == "new":
            day = DayField(required=False).clean(issued_on)
        else:
            found = DocumentChoice(queryset=documents, required=False).clean(document)
            day = found.issued_on if found else None
    except ValidationError:
        return None
    return day.year if day else None
