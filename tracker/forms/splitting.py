"""Taking directives out of a document's text: the text itself, and which of its clauses become directives."""

import datetime as dt
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from docx import Document as WordFile
from lxml.etree import XMLSyntaxError

from tracker.figures.splitting import Piece, Split
from tracker.forms.base import TrackerForm, WithFormToken
from tracker.forms.directives import text_area
from tracker.forms.uploads import UploadField
from tracker.models import Directive, DirectiveSource, Document, Field, User
from tracker.vietnamese.deadlines import read_deadline
from tracker.vietnamese.sentences import deadline_in, force_in, tidy

LONGEST_TEXT = 200_000


class TextForm(WithFormToken, TrackerForm):
    """The full text of a document, pasted or taken from its Word file."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    text = forms.CharField(
        label=_("Text of the document"),
        help_text=_("Paste the text; one paragraph a line."),
        max_length=LONGEST_TEXT,
        required=False,
        widget=text_area(18),
    )
    upload = UploadField(
        label=_("or a Word file (.docx)"),
        help_text=_("Its paragraphs take the place of the text above."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        taken = data.get("upload")
        if taken:
            data["text"] = self._text_of(taken)
        data["text"] = tidy(data.get("text") or "")
        if not data["text"] and not self.errors:
            self.add_error("text", _("Paste the text, or choose a Word file with text in it."))
        return data

    def _text_of(self, taken: Any) -> str:
        if not str(taken.name).lower().endswith(".docx"):
            self.add_error("upload", _("Choose a Word file (.docx), or paste the text."))
            return ""
        try:
            text = "\n".join(line.text for line in WordFile(BytesIO(taken.read())).paragraphs)
        except (ValueError, KeyError, OSError, BadZipFile, XMLSyntaxError):
            self.add_error(
                "upload", _("This Word file cannot be read; open it, save it again and send that.")
            )
            return ""
        if len(text) > LONGEST_TEXT:
            self.add_error("upload", _("The text is longer than 200,000 characters."))
            return ""
        return text


class ClausesForm(WithFormToken, TrackerForm):
    """Which clauses become directives, and in which field of work."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    field = forms.ModelChoiceField(label=_("Field of work"), queryset=Field.objects.filter(is_active=True))

    def __init__(self, *args: Any, split: Split, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].empty_label = _("– choose –")
        self.offered: dict[str, tuple[Piece, str]] = {
            key: (piece, clause) for piece in split.pieces for key, clause in piece.open_clauses
        }

    @property
    def chosen(self) -> list[str]:
        """The boxes that are ticked, also when the form comes back."""
        return list(dict.fromkeys(self.data.getlist("cau"))) if self.is_bound else []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.chosen:
            raise ValidationError(_("Tick at least one sentence."))
        if not set(self.chosen) <= set(self.offered):
            raise ValidationError(
                _("A sentence you ticked has become a directive meanwhile, or is not in the text any more.")
            )
        return data

    def save(self, document: Document, *, by: User, today: dt.date) -> list[Directive]:
        """One directive a clause, each citing its whole sentence; call inside a transaction."""
        return [
            self._register(*self.offered[key], document, by=by, today=today)
            for key in sorted(self.chosen, key=lambda key: [int(part) for part in key.split("-")])
        ]

    def _register(
        self, piece: Piece, clause: str, document: Document, *, by: User, today: dt.date
    ) -> Directive:
        year = document.issued_on.year if document.issued_on else today.year
        directive = Directive.register(
            by=by,
            year=today.year,
            title=clause,
            field=self.cleaned_data["field"],
            force=force_in(clause),
            kind=Directive.Kind.SPOKEN if document.is_spoken else Directive.Kind.TASK,
            **deadline_words(clause, year),
        )
        DirectiveSource.objects.create(
            directive=directive, document=document, sentence=piece.sentence.text[:4000]
        )
        return directive


def deadline_words(clause: str, year: int) -> dict[str, Any]:
    """The deadline that a clause says in words, as the register keeps it; nothing where it says none."""
    printed = deadline_in(clause, year)
    if not printed:
        return {}
    read = read_deadline(printed, year)
    return {
        "deadline_printed": printed,
        "deadline_kind": read.kind,
        "due_on": read.due_on,
        "deadline_inferred": read.is_inferred,
    }
