"""One figure with all that can be said of it, and what a reviewer decides about it."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.figures.entry import Entry
from tracker.forms.base import TrackerForm, WithFormToken
from tracker.forms.evidence import attach, link_field
from tracker.forms.fields import DayField, DocumentChoice
from tracker.forms.figures import VALUES, FigureForm
from tracker.forms.quantities import QuantityField
from tracker.forms.uploads import Uploads, UploadsField
from tracker.models import Document, User


class MeasurementForm(WithFormToken, FigureForm):
    """One figure with all that can be said of it."""

    as_of_on = DayField(
        label=_("Figures as of"),
        error_messages={"required": _("Write the day up to which the figure counts.")},
    )
    printed_growth = QuantityField(
        label=_("Growth as printed, in per cent"), unit="%", required=False, with_qualifier=False
    )
    printed_basis = forms.CharField(label=_("Compared with, as printed"), max_length=200, required=False)
    printed_text = forms.CharField(
        label=_("Exact words"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    document = DocumentChoice(label=_("Document"), queryset=Document.objects.none(), required=False)
    files = UploadsField(label=_("Choose files or drop them here"), required=False)
    link = link_field()

    def __init__(self, entry: Entry, data: Any = None, files: Any = None, *, user: User) -> None:
        super().__init__(entry, data, files)
        fields: dict[str, Any] = self.fields
        fields["document"].queryset = Document.objects.visible_to(user)
        if entry.stored is None:
            self.initial["as_of_on"] = min(entry.period.ends_on, clock.today())
        self.order_fields(["form_token", "version", "shown", "as_of_on", *VALUES])

    def clean_files(self) -> Uploads:
        """Keep the files that were taken; each of the others gets its sentence."""
        self.uploads: Uploads = self.cleaned_data["files"]
        for problem in self.uploads.problems:
            self.add_error("files", problem)
        return self.uploads

    def keep(self, *, by: User, as_of_on: dt.date | None = None) -> None:
        """Also adds the files and the link, to a figure that is there."""
        with transaction.atomic():
            super().keep(by=by, as_of_on=as_of_on)
            if self.figure and self.figure.is_editable and not self.conflict:
                attach(self.figure, self.uploads, self.cleaned_data.get("link", ""), by=by)

    def _says_nothing_new(self, content: dict[str, Any]) -> bool:
        has_evidence = bool(self.uploads.taken or self.cleaned_data.get("link"))
        return not has_evidence and super()._says_nothing_new(content)

    def go_on_from_stored(self) -> None:
        super().go_on_from_stored()
        if "link" in self.cleaned_data and self.figure:
            self.data["link"] = ""

    def submit(self, *, by: User, today: dt.date) -> bool:
        """Hand the saved figure in; False, with a sentence at each place, when something is missing or wrong."""
        if not self.is_valid():
            return False
        if self.figure is None:
            if self.entry.confirmed:
                self.add_error(None, _("This is the confirmed figure already. Change it to correct it."))
            else:
                self.add_error(self.main.name, _("Write the figure. What is missing is left out, never 0."))
            return False
        try:
            self.figure.check_complete(today=today)
            self.figure.submit(by=by, today=today)
        except ValidationError as refusal:
            self.refuse(refusal)
            return False
        return True


class FigureConfirmForm(WithFormToken, TrackerForm):
    """Confirm the figure that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    note = forms.CharField(label=_("Remark for the agency"), required=False, max_length=2000)


class FigureSendBackForm(WithFormToken, TrackerForm):
    """Return a figure with the reason."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    note = forms.CharField(
        label=_("Be exact so that the agency can correct it at once"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what has to be corrected.")},
    )
