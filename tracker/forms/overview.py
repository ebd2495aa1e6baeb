"""Which cut through the register a page shows, and what a person decides about its rows."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tracker.figures.decisions import Matter
from tracker.figures.periods import Period
from tracker.figures.scope import Scope
from tracker.forms.base import TrackerForm, WithFormToken
from tracker.forms.fields import DayField, DocumentChoice
from tracker.forms.sources import DOCUMENTS_OFFERED
from tracker.models import Document, User

DAYS_OF_PAUSE = 30


class CutForm(TrackerForm):
    """Period and day as the address names them. What cannot be read is said, and the year to date is shown."""

    ky = forms.CharField(label=_("Period"), required=False, max_length=7)
    den = DayField(label=_("As of"), required=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_ky(self) -> Period | None:
        code = self.cleaned_data["ky"]
        period = Period.parse(code)
        if code and not period:
            raise ValidationError(_("There is no such period; the whole year is shown."))
        return period

    def clean_den(self) -> dt.date | None:
        day = self.cleaned_data["den"]
        if day and day > self.today:
            raise ValidationError(_("This day has not come yet; today is shown."))
        return day

    def scope(self, user: User) -> Scope:
        """The cut that is asked for; without a period the year of the day."""
        self.is_valid()
        day = self.cleaned_data.get("den") or self.today
        period = self.cleaned_data.get("ky") or Period.parse(str(day.year))
        return Scope.of(user, self.today, as_of=day, period=period)


class DecisionForm(WithFormToken, TrackerForm):
    """One answer to one matter; what it needs depends on both."""

    answer = forms.ChoiceField(choices=[("yes", ""), ("later", "")], widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)
    one_by_one = forms.BooleanField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    day = DayField(label=_("Look at it again on"), required=False)
    document = DocumentChoice(
        label=_("Stopping document"),
        help_text=_("Number, or words of the abstract. It must be in the register of documents."),
    )

    NOTES = {
        (Matter.PROPOSAL, "yes"): _("Write the instruction."),
        (Matter.DECLINED, "yes"): _("Write the answer to the agency."),
    }
    DAYS = {(Matter.PAUSE, "yes"), (Matter.RESUME, "later")}
    LABELS = {
        Matter.EXTENSION: _("Remark for the agency"),
        Matter.COMPLETION: _("Remark for the agency"),
        Matter.PAUSE: _("Remark for the agency"),
        Matter.STOP: _("Remark for the agency"),
        Matter.RESUME: _("Reason"),
        Matter.PROPOSAL: _("Instruction"),
        Matter.DECLINED: _("Answer to the agency"),
    }

    def __init__(self, *args: Any, matter: Matter, user: User, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matter, self.today = matter, today
        self.fields["note"].label = self.LABELS[matter]
        self.fields["note"].required = (matter, "yes") in self.NOTES
        if self.fields["note"].required:
            self.fields["note"].error_messages["required"] = self.NOTES[matter, "yes"]
        self.fields["day"].required = matter == Matter.PAUSE
        self.fields["day"].error_messages["required"] = _("Give the day on which to look at it again.")
        self.fields["day"].initial = today + dt.timedelta(days=DAYS_OF_PAUSE)
        if matter != Matter.STOP:
            del self.fields["document"]
            return
        self.documents = Document.objects.visible_to(user)
        self.fields["document"].queryset = self.documents
        self.fields["document"].widget.attrs["list"] = "van-ban"

    @property
    def known_documents(self) -> list[Document]:
        """What the browser offers while the stopping document is typed."""
        return list(self.documents[:DOCUMENTS_OFFERED])

    def clean(self) -> dict[str, Any]:
        case = self.matter, self.cleaned_data.get("answer")
        day = self.cleaned_data.get("day")
        if self.matter != Matter.RESUME and case[1] == "later":
            self.add_error("answer", _("This matter cannot be put off here."))
        if case in self.DAYS and "day" not in self.errors:
            if day is None:
                self.add_error("day", _("Give the day on which to look at it again."))
            elif not self.today < day <= self.today + dt.timedelta(days=366):
                self.add_error("day", _("Choose a day after today, within a year."))
        return self.cleaned_data
