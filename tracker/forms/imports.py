"""Beginning an import, saying what its columns hold, and putting one of its rows right."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tracker.appendices import ROLES, RowClass, Unreadable, open_tables, pasted_tables
from tracker.forms.base import TrackerForm, WithFormToken, refuse_hidden_characters
from tracker.forms.documents import DocumentForm
from tracker.forms.fields import DocumentChoice
from tracker.forms.uploads import safe_title
from tracker.importing.own_lists import importable
from tracker.models import Document, Field, Import, ImportRow, User
from tracker.vietnamese.text import compose

ROLE_NAMES: dict[str, Any] = {
    "index": _("Number"),
    "code": _("Code"),
    "content": _("Text of the task, or name of the indicator"),
    "lead": _("Lead agency"),
    "coordinate": _("Co-operating agencies"),
    "deadline": _("Deadline"),
    "product": _("Output or result"),
    "note": _("Note"),
    "source_up": _("Document of the higher level"),
    "source_party": _("Document of the Party"),
    "watcher": _("Tracking officer"),
    "field": _("Field of work"),
    "unit": _("Unit"),
    "target": _("To be reached"),
}
CLASS_NAMES = [
    (RowClass.TASK.value, _("A task or an indicator")),
    (RowClass.SUB_ITEM.value, _("A part of the task above")),
    (RowClass.HEADING.value, _("A heading")),
    (RowClass.CONTINUATION.value, _("The rest of the row above")),
    (RowClass.NOISE.value, _("Nothing to import")),
]
_CHOSEN = {value for value, _name in CLASS_NAMES} - {RowClass.CONTINUATION.value}
"""Only the reader calls a row the rest of another, as it takes its words along; a person joins rows."""
LONGEST_CELL = 20_000


class ImportForm(WithFormToken, TrackerForm):
    """A file or a pasted table, the kind of appendix, its year and the document that it belongs to."""

    file = forms.FileField(
        label=_("File of the appendix"),
        required=False,
        help_text=_("Word (.docx), Excel (.xlsx) or .csv"),
        widget=forms.FileInput(attrs={"accept": ".docx,.xlsx,.csv"}),
    )
    pasted = forms.CharField(
        label=_("Or paste the table here"),
        required=False,
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        strip=False,
    )
    kind = forms.ChoiceField(
        label=_("The appendix lists"), choices=Import.Kind.choices, widget=forms.RadioSelect
    )
    year = forms.IntegerField(
        label=_("Year of the plan"),
        min_value=2000,
        max_value=2100,
        help_text=_("for deadlines without a year"),
        error_messages=dict.fromkeys(("min_value", "max_value"), _("The year lies between 2000 and 2100.")),
    )
    source_mode = forms.ChoiceField(
        label=_("Source document"),
        choices=[("known", _("A document in the register")), ("new", _("Enter the document here"))],
        initial="known",
        widget=forms.RadioSelect,
    )
    document = DocumentChoice(
        label=_("Document"),
        required=False,
        help_text=_("Number, or words of the abstract. Without one only rows with a code are imported."),
    )
    field = forms.ModelChoiceField(
        label=_("Field of work of rows that name none"),
        queryset=Field.objects.filter(is_active=True),
        required=False,
        empty_label=_("– choose –"),
    )

    def __init__(self, *args: Any, user: User, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["document"].queryset = Document.objects.visible_to(user)
        self.fields["year"].initial = today.year
        self.fields["kind"].initial = Import.Kind.DIRECTIVES
        data = self.data if self.is_bound and self.data.get("source_mode") == "new" else None
        self.new_document = DocumentForm(data, user=user, today=today, prefix="vb")
        self.tables: list[Any] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, pasted = cleaned.get("file"), cleaned.get("pasted", "")
        if file and pasted.strip():
            self.add_error("pasted", _("Choose a file or paste a table, not both."))
        elif file:
            self._read("file", lambda: importable(open_tables(file.read(), file.name)))
        elif pasted.strip():
            self._read("pasted", lambda: importable(pasted_tables(compose(pasted))))
        elif "file" not in self.errors and "pasted" not in self.errors:
            self.add_error("file", _("Choose a file or paste a table."))
        if cleaned.get("source_mode") == "new":
            cleaned["document"] = None  # what was typed there is not asked for
            self.errors.pop("document", None)
            if not self.new_document.is_valid():
                self.add_error("source_mode", _("The document is not complete: see below."))
        return cleaned

    def _read(self, name: str, read: Any) -> None:
        try:
            self.tables = read()
        except Unreadable as refusal:
            self.add_error(name, refusal.sentence)

    @property
    def content(self) -> dict[str, Any]:
        """The values for the import, without its document."""
        read = self.cleaned_data
        values = {name: read[name] for name in ("kind", "year", "field")}
        if file := read["file"]:
            file.seek(0)
            return values | {"file": file, "file_name": safe_title(file.name)}
        return values | {"pasted": compose(read["pasted"])}


class ColumnsForm(WithFormToken, TrackerForm):
    """What each column of each table holds."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args: Any, batch: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        self.fields["version"].initial = batch.version
        choices = [("", _("not read")), *((role, ROLE_NAMES[role]) for role in ROLES)]
        for table, columns in enumerate(batch.columns):
            for column, role in enumerate(columns):
                self.fields[f"c-{table}-{column}"] = forms.ChoiceField(
                    label=_("Table %(table)s, column %(column)s")
                    % {"table": table + 1, "column": column + 1},
                    choices=choices,
                    required=False,
                    initial=role,
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any("content" in columns for columns in self.columns):
            raise ValidationError(
                _("Say which column holds the text of the tasks or the names of the indicators.")
            )
        return cleaned

    @property
    def columns(self) -> list[list[str]]:
        return [
            [self.cleaned_data[f"c-{table}-{column}"] for column in range(len(columns))]
            for table, columns in enumerate(self.batch.columns)
        ]

    def of_table(self, table: int) -> list[forms.BoundField]:
        return [self[f"c-{table}-{column}"] for column in range(len(self.batch.columns[table]))]


class RowForm(WithFormToken, TrackerForm):
    """One row: its cells, what it is, where it is split. ``act`` is the button that was pressed."""

    state = forms.CharField(widget=forms.HiddenInput, max_length=16)
    act = forms.ChoiceField(
        choices=[(act, act) for act in ("save", "fix", "split", "class", *ImportRow.Choice.values)],
        widget=forms.HiddenInput,
        required=False,
    )
    row_class = forms.ChoiceField(label=_("What the row is"), choices=CLASS_NAMES, required=False)
    split_at = forms.CharField(label=_("The second part begins with"), required=False, max_length=200)

    def __init__(self, *args: Any, row: ImportRow, roles: list[str], **kwargs: Any) -> None:
        super().__init__(*args, prefix=row.anchor, **kwargs)
        self.roles = roles
        self.fields["state"].initial = row.state
        self.fields["row_class"].initial = row.row_class
        self.fields["row_class"].choices = [
            choice for choice in CLASS_NAMES if choice[0] in {row.row_class, *_CHOSEN}
        ]
        for role in roles:
            area = forms.Textarea(attrs={"rows": 2})
            cell = forms.CharField(
                label=ROLE_NAMES[role],
                required=False,
                max_length=LONGEST_CELL,
                widget=area
                if role in {"content", "product", "note", "lead", "coordinate"}
                else forms.TextInput,
                initial=row.cells.get(role, ""),
            )
            cell.validators.append(refuse_hidden_characters)
            self.fields[f"o-{role}"] = cell
        # Which cells a row needs, its doubts say; “if any” beside each of them would say nothing.
        for field in self.fields.values():
            field.is_unmarked = True

    @property
    def cells(self) -> dict[str, str]:
        return {
            role: self.cleaned_data[f"o-{role}"].replace("\r\n", "\n")
            for role in self.roles
            if self.add_prefix(f"o-{role}") in self.data
        }

    @property
    def shown(self) -> list[forms.BoundField]:
        return [self[f"o-{role}"] for role in self.roles]


class ApplyForm(WithFormToken, TrackerForm):
    """Writing the import, and whether the bodies get their work at once."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    assign = forms.BooleanField(label=_("Assign at once to the lead agencies; they are told"), required=False)
