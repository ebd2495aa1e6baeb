"""The table of people that an administrator reads in: a file first, then what was read from it, signed."""

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tracker.appendices.files import open_tables
from tracker.appendices.reading import Unreadable
from tracker.forms.base import TrackerForm, WithFormToken
from tracker.models import User
from tracker.people_import import Values, read_people

SALT = "tracker.people_import"
ONE_DAY = 24 * 60 * 60


class PeopleFileForm(TrackerForm):
    """A file with one person a line; ``lines`` is what stands in it."""

    file = forms.FileField(
        label=_("File with the people"),
        help_text=_("Excel (.xlsx) or CSV, at most 200 people. Formulas count as the values they show."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": _("Choose a file.")},
    )
    lines: list[tuple[int, Values]]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            self.lines = read_people(open_tables(file.read(), file.name))
        except Unreadable as refusal:
            raise ValidationError(refusal.sentence) from refusal
        return file


class PeopleConfirmForm(WithFormToken, TrackerForm):
    """What was shown in the preview, in the browser's keeping and signed for this administrator."""

    lines = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    @classmethod
    def of(cls, user: User, lines: list[tuple[int, Values]]) -> "PeopleConfirmForm":
        signed = signing.dumps([user.pk, lines], salt=SALT, compress=True)
        return cls(user, initial={"lines": signed})

    def clean_lines(self) -> list[tuple[int, Values]]:
        try:
            owner, lines = signing.loads(self.cleaned_data["lines"], salt=SALT, max_age=ONE_DAY)
        except signing.BadSignature:
            owner, lines = None, []
        if owner != self.user.pk:
            raise ValidationError(_("What was read is too old or was changed: choose the file again."))
        return lines
