"""Documents and spoken directions as they are entered in the register."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from tracker.forms.base import TrackerModelForm, WithFormToken
from tracker.forms.fields import DayField
from tracker.forms.progress import Difference
from tracker.forms.uploads import UploadField
from tracker.models import Document, User
from tracker.vietnamese.dates import format_date
from tracker.vietnamese.document_numbers import is_party_number, is_state_number, normalise_number
from tracker.vietnamese.text import compose

SPOKEN_NEEDS = {
    "issued_on": _("Give the day on which it was said."),
    "occasion": _("Name the occasion: the meeting, the visit, the telephone call."),
    "speaker": _("Name the person who said it."),
    "words": _("Write the exact words: directives are taken from them."),
}


class DocumentForm(WithFormToken, TrackerModelForm):
    """A written document, or a spoken direction with its words; the kind decides what is needed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)
    issued_on = DayField(
        label=_("Date of the document, or of the speech"), help_text=_("day/month/year"), required=False
    )
    link = forms.URLField(
        label=_("Link to the document on the network"),
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
    )
    replaced_number = forms.CharField(
        label=_("Replaces the document with the number"), required=False, max_length=60
    )
    upload = UploadField(
        label=_("File of the document"),
        required=False,
        help_text=_(
            "PDF, Word, Excel or a picture; the file that is there already stays unless you choose another"
        ),
    )

    class Meta:
        model = Document
        fields = [
            "kind",
            "number",
            "issued_on",
            "issuer",
            "abstract",
            "version_kind",
            "link",
            "note",
            "occasion",
            "place",
            "speaker",
            "speaker_post",
            "words",
            "reported_in",
        ]
        labels = {
            "kind": _("Kind of document"),
            "number": _("Number and symbol"),
            "issuer": _("Issuing body"),
            "abstract": _("Abstract, or what the direction is about"),
            "version_kind": _("Draft or signed"),
            "note": _("Note: what the printed source adds or leaves out"),
            "occasion": _("Occasion"),
            "place": _("Place"),
            "speaker": _("Speaker"),
            "speaker_post": _("Speaker's post"),
            "words": _("Exact words"),
            "reported_in": _("Reported by the press in"),
        }
        help_texts = {"number": _("such as 49/2017/NĐ-CP or 19-NQ/TU")}
        widgets = {
            "abstract": forms.Textarea(attrs={"rows": 2}),
            "note": forms.Textarea(attrs={"rows": 2}),
            "words": forms.Textarea(attrs={"rows": 6}),
        }

    def __init__(self, *args: Any, user: User, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.seen = today, Document.objects.visible_to(user)
        self.fields["reported_in"].queryset = self.seen.filter(kind=Document.Kind.PRESS)
        self.fields["kind"].choices = [("", _("Choose the kind")), *Document.Kind.choices]
        self.fields["reported_in"].empty_label = _("none")
        self.fields["version"].initial = self.instance.version
        if self.instance.replaces:
            self.fields["replaced_number"].initial = self.instance.replaces.number

    def clean_number(self) -> str:
        typed = self.cleaned_data["number"]
        if typed and not (is_state_number(typed) or is_party_number(typed)):
            raise ValidationError(
                _("Write the number as the State does, 49/2017/NĐ-CP, or as the Party does, 19-NQ/TU.")
            )
        # Small letters belong to some symbols (1270/BC-TCTTTg); a number all in small letters was typed in haste.
        return normalise_number(typed) if typed.lower() == typed else re.sub(r"\s+", "", compose(typed))

    def clean_issued_on(self) -> dt.date | None:
        day = self.cleaned_data["issued_on"]
        if day and day > self.today:
            raise ValidationError(_("This day has not come yet."))
        return day

    def clean_replaced_number(self) -> Document | None:
        typed = normalise_number(self.cleaned_data["replaced_number"])
        if not typed:
            return None
        found = [row for row in self.seen.search(typed) if normalise_number(row.number) == typed]
        if not found:
            raise ValidationError(_("No document has this number. Enter that document first."))
        if found[0].pk == self.instance.pk:
            raise ValidationError(_("A document does not replace itself."))
        return found[0]

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.cleaned_data.get("kind") == Document.Kind.SPOKEN:
            for name, sentence in SPOKEN_NEEDS.items():
                if name not in self.errors and not self.cleaned_data.get(name):
                    self.add_error(name, sentence)
        return self.cleaned_data

    @property
    def content(self) -> dict[str, Any]:
        """What the verbs take; the file only when one was chosen."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields}
        values["replaces"] = self.cleaned_data["replaced_number"]
        if file := self.cleaned_data["upload"]:
            checked = file.checked
            file.name = checked.stored_name
            values |= {
                "file": file,
                "file_name": checked.safe_title,
                "file_size": file.size,
                "file_sha256": checked.sha256,
            }
        return values

    def go_on_from(self, stored: Document) -> list[Difference]:
        """Sent again, this form changes what is stored now. Returns where the two versions differ."""
        self.data = self.data.copy()
        self.data["version"] = str(stored.version)
        return [
            Difference(str(self.fields[name].label), self._shown(name, theirs), self._shown(name, mine))
            for name in self.Meta.fields
            if (theirs := getattr(stored, name)) != (mine := self.cleaned_data[name])
        ]

    def _shown(self, name: str, value: Any) -> str:
        if isinstance(value, dt.date):
            return format_date(value)
        choices = dict(getattr(self.fields[name], "choices", ())) if name in {"kind", "version_kind"} else {}
        return str(choices.get(value, value) or "")
