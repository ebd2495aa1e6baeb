"""Putting right a deadline that was read or entered wrongly (đính chính), of one directive or of several."""

import datetime as dt
from typing import Any

import django_filters as filters
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from tracker.corrections import Later, Move, later_work, moves
from tracker.figures.extensions import corrections
from tracker.forms.base import TrackerForm, WithFormToken
from tracker.forms.fields import DayField, DocumentChoice
from tracker.forms.filter_fields import LONGEST_SEARCH, UNKNOWN, AgencyFilter
from tracker.forms.filters import ListFilter
from tracker.models import Directive, Document, Field, User

DOCUMENTS_OFFERED = 200


class _Correction(WithFormToken, TrackerForm):
    """The right day or none, what was wrong, and the document that says so."""

    due_on = DayField(label=_("Right deadline"), required=False)
    has_none = forms.BooleanField(label=_("The work has no deadline"), required=False)
    reason = forms.CharField(
        label=_("What was wrong"),
        help_text=_("For example: the appendix prints 30/9, it was entered as 30/6."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what was wrong.")},
    )
    source = DocumentChoice(
        label=_("Document that says so"),
        help_text=_("Number, or words of the abstract. It must be in the register of documents."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.documents = Document.objects.visible_to(user)
        source: Any = self.fields["source"]
        source.queryset = self.documents
        source.widget.attrs["list"] = "van-ban"

    @cached_property
    def known_documents(self) -> list[Document]:
        return list(self.documents[:DOCUMENTS_OFFERED])

    def clean(self) -> dict[str, Any]:
        """A day, or the word that there is none: never both, never neither."""
        read = super().clean() or self.cleaned_data
        if "due_on" not in self.errors and bool(read.get("due_on")) == bool(read.get("has_none")):
            self.add_error("due_on", _("Write the right deadline, or say that the work has none."))
        return read


class CorrectForm(_Correction):
    """The correction of one directive. It names the version that was read, and what was seen to be due later."""

    agreed = forms.CharField(widget=forms.HiddenInput, required=False, max_length=8000)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1, required=False)

    def __init__(self, *args: Any, directive: Directive, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.directive = directive
        self.fields["version"].initial = directive.version
        first = directive.sources.select_related("document").first()
        self.fields["source"].initial = first.document if first else None
        self.stored_due_on: dt.date | None = None
        self.is_stale = False

    def compare_with(self, stored: Directive) -> None:
        """After a stale version: show the deadline as it stands now, and go on from the stored version."""
        self.is_stale, self.stored_due_on = True, stored.due_on
        self.data = self.data.copy()
        self.data["version"] = str(stored.version)

    @cached_property
    def later(self) -> list[Later]:
        """What would be due after the directive. Ask only once a date could be read."""
        day = self.cleaned_data.get("due_on")
        return later_work({self.directive.pk}, day, by=self.user).get(self.directive.pk, [])

    @property
    def list_shown(self) -> str:
        """What would be due later, as the page shows it: agreeing to anything else shows it again."""
        return f"{self.cleaned_data.get('due_on')}|{_named(self.later)}"

    @property
    def is_agreed(self) -> bool:
        return not self.later or self.cleaned_data["agreed"] == self.list_shown


class CorrectManyForm(_Correction):
    """One new deadline for several directives: first what moves from where to where, then all of it or nothing."""

    agreed = forms.CharField(widget=forms.HiddenInput, required=False, max_length=8000)

    def __init__(self, *args: Any, directives: list[Directive], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.directives = directives

    def clean(self) -> dict[str, Any]:
        read = super().clean() or self.cleaned_data
        if not self.errors and not self.moving:
            self.add_error(
                None, _("None of these directives can have this deadline: the reasons stand below.")
            )
        return read

    @cached_property
    def judged(self) -> list[Move]:
        """Each directive with its new deadline, or why it stays. Ask only once a date could be read."""
        return moves(self.directives, self.cleaned_data.get("due_on"), by=self.user)

    @property
    def moving(self) -> list[Move]:
        return [move for move in self.judged if not move.refusal]

    @property
    def staying(self) -> list[Move]:
        return [move for move in self.judged if move.refusal]

    @property
    def list_shown(self) -> str:
        """What would move, as the page shows it: agreeing to anything else shows it again."""
        day = self.cleaned_data.get("due_on")
        rows = ",".join(
            f"{move.directive.pk}:{move.directive.version}:{_named(move.later)}" for move in self.moving
        )
        return f"{day or '-'}|{rows}"

    @property
    def is_agreed(self) -> bool:
        return self.cleaned_data["agreed"] == self.list_shown

    @property
    def versions(self) -> dict[int, int]:
        return {move.directive.pk: move.directive.version for move in self.moving}


def _named(later: list[Later]) -> str:
    return " ".join(f"{row.directive.pk}/{row.agency.pk if row.agency else 0}/{row.due_on}" for row in later)


class CorrectionFilter(ListFilter):
    """The filters of the list of corrected deadlines."""

    cq = AgencyFilter(label=_("Lead agency"), field_name="directive__lead", max_length=LONGEST_SEARCH)
    lv = filters.ChoiceFilter(
        label=_("Field of work"),
        field_name="directive__field__code",
        empty_label=_("All"),
        error_messages=UNKNOWN,
    )
    nv = filters.CharFilter(
        label=_("Code of the directive"), field_name="directive__code", lookup_expr="iexact", max_length=20
    )

    def prepare(self) -> None:
        self.filters["lv"].extra["choices"] = [(row.code, row.label) for row in Field.objects.all()]

    @property
    def SHOWN(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("cq", "lv") if self.user.sees_everything else ("lv",)

    def start(self, values: dict[str, Any]) -> Any:
        return corrections(self.user)

    def matching(self, rows: Any, name: str, text: str) -> Any:
        return rows.filter(directive__in=Directive.objects.search(text).order_by().values("pk"))
