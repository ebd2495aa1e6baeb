"""Entering a directive, changing it, and the steps of its life."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from tracker.forms.base import TrackerForm, TrackerModelForm, WithFormToken
from tracker.forms.deadlines import DATED, DATELESS, DeadlineFields, year_of_source
from tracker.forms.fields import DayField, DirectiveChoice, DocumentChoice
from tracker.models import Directive, DirectiveSource, Document, Field, User
from tracker.models.directives import TITLE_LENGTH
from tracker.vietnamese.dates import format_date

FARTHEST_PARENT = 20
"""Levels of parents that are looked at before a chain counts as endless."""


def text_area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DirectiveFields(DeadlineFields, TrackerModelForm):
    """What the register says about a directive; shared by entering and changing."""

    parent = DirectiveChoice(
        label=_("Part of the directive"),
        help_text=_("Code or words of the title of the larger directive."),
        required=False,
    )

    class Meta:
        model = Directive
        fields = [
            "title",
            "title_en",
            "field",
            "kind",
            "force",
            "is_key",
            "output_expected",
            "directing_leader",
            "tracking_officer",
            "lead_printed",
            "cooperating_printed",
            "note",
        ]
        labels = {
            "title": _("Wording of the directive, as printed"),
            "field": _("Field of work"),
            "directing_leader": _("Directing leader"),
            "tracking_officer": _("Tracking officer"),
        }
        help_texts = {
            "lead_printed": _("As in the document; who really answers is chosen when it is assigned."),
        }
        widgets = {
            "title": text_area(4),
            "title_en": text_area(2),
            "output_expected": text_area(2),
            "note": text_area(2),
        }

    REGISTER = (*Meta.fields, "parent", "deadline_printed", "deadline_kind", "deadline_inferred", "due_on")

    def __init__(self, *args: Any, user: User, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.today = user, today
        self.plan_year = self.plan_year or today.year
        self.fields["parent"].queryset = Directive.objects.visible_to(user)
        self.fields["parent"].widget.attrs["list"] = "nhiem-vu-cha"
        self.fields["field"].queryset = Field.objects.filter(is_active=True) | Field.objects.filter(
            pk=self.instance.field_id
        )
        people = User.objects.active().by_given_name()
        self.fields["directing_leader"].queryset = people.filter(role=User.Role.LEADER)
        self.fields["tracking_officer"].queryset = people.filter(role=User.Role.OFFICER)
        for name in ("field", "directing_leader", "tracking_officer"):
            self.fields[name].empty_label = _("– choose –")

    @property
    def title_counter(self) -> str:
        """How long the wording is and how long it may be."""
        length = len(str(self["title"].value() or ""))
        text = ngettext_lazy("%(n)d of %(most)d character", "%(n)d of %(most)d characters", "n") % {
            "n": length,
            "most": TITLE_LENGTH,
        }
        return str(text)

    @cached_property
    def parents(self) -> list[Directive]:
        """What the browser offers while a parent is typed: whole directives first."""
        known = Directive.objects.visible_to(self.user).filter(parent=None)
        return list(
            known.exclude(pk=self.instance.pk)
            .order_by("-code")
            .only("code", "title", "occurrence_year")[:100]
        )

    def clean_parent(self) -> Directive | None:
        parent = above = self.cleaned_data["parent"]
        for _level in range(FARTHEST_PARENT):
            if above is None:
                return parent
            if above.pk == self.instance.pk:
                break
            above = above.parent
        raise ValidationError(_("A directive cannot be part of itself."))

    @property
    def register_words(self) -> dict[str, Any]:
        """The values for the verb."""
        return {name: self.cleaned_data[name] for name in self.REGISTER}

    def _post_clean(self) -> None:
        """The verb validates the record under its lock; the form leaves its instance as it was read."""


class CreateForm(WithFormToken, DirectiveFields):
    """A new directive with the sentence of the document it comes from."""

    source_mode = forms.ChoiceField(
        label=_("Source"),
        choices=[
            ("known", _("A document in the register")),
            ("new", _("Enter a document or a spoken direction")),
        ],
        initial="known",
        widget=forms.RadioSelect,
    )
    document = DocumentChoice(
        label=_("Document"),
        help_text=_("Number, or words of the abstract; accents and case do not matter."),
        required=False,
    )
    sentence = forms.CharField(
        label=_("Exact sentence of the source"),
        help_text=_("The words that the directive comes from, unchanged."),
        max_length=4000,
        widget=text_area(3),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.documents = Document.objects.visible_to(self.user)
        self.fields["document"].queryset = self.documents
        self.fields["document"].widget.attrs["list"] = "van-ban"
        typed = {name.removeprefix("nguon-"): value for name, value in self.initial.items()}
        self.new_source = SourceForm(self.data if self.is_bound else None, prefix="nguon", initial=typed)
        issued_on = self.new_source["issued_on"].value()
        read = year_of_source(
            self.documents, self["source_mode"].value(), self["document"].value(), issued_on
        )
        self.plan_year = read or self.plan_year

    @property
    def enters_a_source(self) -> bool:
        return self["source_mode"].value() == "new"

    @cached_property
    def known_documents(self) -> list[Document]:
        """What the browser offers while a document is typed: the newest."""
        return list(self.documents[:200])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        mode = data.get("source_mode")
        document = data.get("document")
        if mode == "known" and document is None and "document" not in self.errors:
            self.add_error("document", _("Name the source document, or enter a new one."))
        if mode == "new" and not self.new_source.is_valid():
            self.add_error("source_mode", _("The new document is not complete yet; see the fields below."))
        return super().clean()

    @property
    def error_list(self) -> list[Any]:
        """The errors of the source stand in the same summary."""
        return super().error_list + (self.new_source.error_list if self.enters_a_source else [])

    def save(self, commit: bool = True) -> Directive:
        """Register the directive and its source; call inside a transaction."""
        directive = Directive.register(by=self.user, year=self.today.year, **self.register_words)
        document = self.cleaned_data["document"]
        if self.enters_a_source:
            document = Document.register(**self.new_source.cleaned_data)
        DirectiveSource.objects.create(
            directive=directive, document=document, sentence=self.cleaned_data["sentence"]
        )
        return directive


class SourceForm(TrackerModelForm):
    """A document that is not in the register yet, or a spoken direction, entered with its first directive."""

    issued_on = DayField(label=_("Date"), required=False)

    class Meta:
        model = Document
        fields = [
            "kind",
            "number",
            "issued_on",
            "issuer",
            "abstract",
            "occasion",
            "place",
            "speaker",
            "speaker_post",
            "words",
        ]
        widgets = {"abstract": text_area(2), "words": text_area(4)}


@dataclass(frozen=True)
class Difference:
    """One field of which two people wrote different versions."""

    label: str
    stored: str
    mine: str


class EditForm(WithFormToken, DirectiveFields):
    """A change of the register's words. It names the version that was read, so that nobody overwrites another."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    reason = forms.CharField(
        label=_("Reason for the change"),
        help_text=_("Needed when the wording changes after the assignment."),
        max_length=1000,
        required=False,
        widget=text_area(2),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        directive = kwargs["instance"]
        dateless = directive.deadline_kind if directive.deadline_kind in DATELESS else DATED
        known = {
            "parent": directive.parent,
            "version": directive.version,
            "deadline_printed": directive.deadline_printed,
            "due_on": directive.due_on,
            "without_date": DATED if directive.due_on else dateless,
        }
        super().__init__(*args, **(kwargs | {"initial": known | (kwargs.get("initial") or {})}))
        issued = directive.sources.values_list("document__issued_on", flat=True).first()
        self.plan_year = issued.year if issued else self.plan_year
        self.conflict: list[Difference] = []
        self.fields["reason"].required = False

    def compare_with(self, stored: Directive) -> None:
        """After a stale version: keep what was typed, name what differs, and go on from the stored version."""
        other = EditForm(instance=stored, user=self.user, today=self.today)
        for name in self.fields:
            if name in {"version", "reason", "form_token"}:
                continue
            before, mine = _shown(other[name]), _shown(self[name])
            if before != mine:
                self.conflict.append(Difference(str(self[name].label), before, mine))
        self.data = self.data.copy()
        self.data["version"] = str(stored.version)


class AssignedForm(EditForm):
    """A change after the assignment: the deadline stays; it moves by a correction or an extension."""

    deadline_printed = None
    without_date = None
    due_on = None
    REGISTER = (*DirectiveFields.Meta.fields, "parent")


def edit_form_of(directive: Directive) -> type[EditForm]:
    return AssignedForm if directive.is_assigned else EditForm


def _shown(bound: forms.BoundField) -> str:
    """A value as people read it: the chosen words, a date as written, yes or no."""
    value = bound.field.prepare_value(bound.value())
    if isinstance(bound.field, forms.BooleanField):
        return str(_("yes") if bound.field.to_python(value) else _("no"))
    choices = getattr(bound.field, "choices", None)
    if choices is not None:
        named = {str(key): str(label) for key, label in choices}
        return named.get(str(value if value is not None else ""), "")
    if isinstance(value, dt.date):
        return format_date(value)
    return " ".join(str(value or "").split())


# The steps of a directive's life


class StepForm(WithFormToken, TrackerForm):
    """One step: what it needs depends on the step."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=text_area(3))
    review_on = DayField(
        label=_("Look at it again on"), help_text=_("On this day the pause is put before you again.")
    )
    document = DocumentChoice(
        label=_("Stopping document"),
        help_text=_("Number, or words of the abstract. It must be in the register of documents."),
    )

    def __init__(
        self,
        *args: Any,
        needs: tuple[str, ...],
        may: tuple[str, ...],
        user: User,
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name in ("reason", "review_on", "document"):
            if name not in needs + may:
                del self.fields[name]
            else:
                self.fields[name].required = name in needs
        if "document" in self.fields:
            self.documents = Document.objects.visible_to(user)
            self.fields["document"].queryset = self.documents
            self.fields["document"].widget.attrs["list"] = "van-ban"

    @cached_property
    def known_documents(self) -> list[Document]:
        return list(self.documents[:200]) if "document" in self.fields else []

    def clean_review_on(self) -> dt.date:
        day = self.cleaned_data["review_on"]
        if not self.today < day <= self.today + dt.timedelta(days=366):
            raise ValidationError(_("Choose a day after today, within a year."))
        return day

    @property
    def details(self) -> dict[str, Any]:
        """The values for the verb."""
        return {name: value for name, value in self.cleaned_data.items() if name != "form_token"}
