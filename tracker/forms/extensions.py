"""Asking for more time, deciding on it, and answering another date."""

import datetime as dt
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tracker.figures.extensions import Tab, cut
from tracker.forms.base import TrackerForm, WithFormToken
from tracker.forms.evidence import link_field
from tracker.forms.fields import DayField
from tracker.forms.filter_fields import LONGEST_SEARCH, UNKNOWN, AgencyFilter
from tracker.forms.filters import ListFilter
from tracker.forms.uploads import Uploads, UploadsField
from tracker.models import Assignment, ExtensionRequest, Field


class AskForm(WithFormToken, TrackerForm):
    """The lead body's request: until when, why, and what shows it."""

    new_due_on = DayField(
        label=_("New deadline asked for"),
        error_messages={"required": _("Write the new deadline that you ask for.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("What holds the work up, and what will be done by the new day. 3 to 1,000 characters."),
        min_length=3,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"min_length": _("Write the reason in at least three letters.")},
    )
    document = forms.CharField(
        label=_("Document of request"),
        help_text=_("Number and date, for example 45/TTr-TTCNTT of 12/6/2020."),
        max_length=200,
        required=False,
    )
    files = UploadsField(label=_("Choose files or drop them here"), required=False)
    link = link_field()

    def __init__(self, *args: Any, assignment: Assignment, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assignment, self.today = assignment, today

    def clean_new_due_on(self) -> dt.date:
        """What can be said beside the field at once; the verb judges again under the lock."""
        day, due = self.cleaned_data["new_due_on"], self.assignment.due_on
        latest = self.assignment.directive.latest_due_on
        if due and day <= due:
            raise ValidationError(_("The new deadline lies after the present one."))
        if day < self.today:
            raise ValidationError(_("The new deadline cannot lie in the past."))
        if latest and day > latest:
            raise ValidationError(_("Not later than the deadline of the directive it is part of."))
        return day

    def clean_files(self) -> Uploads:
        """All of the files or none: each that was not taken gets its sentence."""
        uploads: Uploads = self.cleaned_data["files"]
        for problem in uploads.problems:
            self.add_error("files", problem)
        return uploads

    @property
    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("new_due_on", "reason", "document")}


class DecideForm(WithFormToken, TrackerForm):
    """The assigner's side: agree, refuse with the reason, or propose another date."""

    GRANT, REFUSE, PROPOSE = "grant", "refuse", "propose"
    ANSWERS = (
        (GRANT, _("Agree to the extension")),
        (REFUSE, _("Refuse the extension")),
        (PROPOSE, _("Propose another date")),
    )

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)
    answer = forms.ChoiceField(
        label=_("Decision on the extension"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages=UNKNOWN,
    )
    due_on = DayField(
        label=_("Another date"), help_text=_("Only when another date is proposed."), required=False
    )
    note = forms.CharField(
        label=_("Reason or remark"),
        help_text=_("A refusal needs the reason; the agency reads it."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, extension: ExtensionRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extension = extension
        self.is_stale = False
        self.fields["version"].initial = extension.version
        self.fields["answer"].choice_hints = {
            self.GRANT: _("the current deadline moves; the original one stays"),
            self.REFUSE: _("the deadline stays; write the reason"),
            self.PROPOSE: _("the deadline moves once the agency accepts"),
        }
        if extension.needs_leader:
            self.fields["note"].help_text = _(
                "A refusal needs the reason; so does an extension beyond the number that is allowed."
            )

    def go_on_from(self, stored: ExtensionRequest) -> None:
        """After somebody changed the request meanwhile: the page shows it as it stands; the next answer is to that."""
        self.is_stale = stored.version != self.cleaned_data["version"]
        self.data = self.data.copy()
        self.data["version"] = str(stored.version)

    def clean(self) -> dict[str, Any]:
        """What each answer needs. A date that belongs to no proposal is not silently dropped."""
        read = super().clean() or self.cleaned_data
        answer, note = read.get("answer"), (read.get("note") or "").strip()
        if "due_on" not in self.errors:
            if answer == self.PROPOSE and not read.get("due_on"):
                self.add_error("due_on", _("Write the date that you propose."))
            elif answer in {self.GRANT, self.REFUSE} and read.get("due_on"):
                self.add_error(
                    "due_on",
                    _("This date belongs to a proposal: choose “Propose another date”, or empty it."),
                )
        if "note" not in self.errors and not note:
            if answer == self.REFUSE:
                self.add_error("note", _("Write why the extension is refused."))
            elif answer and self.extension.needs_leader:
                self.add_error(
                    "note",
                    _("This goes beyond the number of extensions allowed: write why it is granted."),
                )
        return read


class AnswerForm(WithFormToken, TrackerForm):
    """The lead's answer to another date."""

    ACCEPT, DECLINE = "accept", "decline"

    answer = forms.ChoiceField(
        label=_("Answer to the proposed date"),
        choices=[(ACCEPT, _("Accept the proposed date")), (DECLINE, _("Do not accept it"))],
        widget=forms.RadioSelect,
        error_messages=UNKNOWN,
    )
    note = forms.CharField(
        label=_("Reason or remark"),
        help_text=_("Needed when the date is not accepted."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choice_hints = {
            self.ACCEPT: _("the deadline moves to it at once"),
            self.DECLINE: _("the deadline stays; the request is closed"),
        }

    def clean(self) -> dict[str, Any]:
        read = super().clean() or self.cleaned_data
        declines = read.get("answer") == self.DECLINE
        if declines and "note" not in self.errors and not (read.get("note") or "").strip():
            self.add_error("note", _("Write why the proposed date will not do."))
        return read


class ExtensionFilter(ListFilter):
    """The filters of the list of extensions; without a tab those that wait for a decision are shown."""

    tt = filters.ChoiceFilter(label=_("Status"), method="leave", choices=Tab.choices, error_messages=UNKNOWN)
    cq = AgencyFilter(label=_("Agency"), field_name="agency", max_length=LONGEST_SEARCH)
    lv = filters.ChoiceFilter(
        label=_("Field of work"),
        field_name="assignment__directive__field__code",
        empty_label=_("All"),
        error_messages=UNKNOWN,
    )
    sau = filters.ChoiceFilter(
        label=_("When it was asked"),
        field_name="is_after_deadline",
        choices=[("True", _("after the deadline")), ("False", _("before the deadline"))],
        empty_label=_("All"),
        error_messages=UNKNOWN,
    )
    nv = filters.CharFilter(
        label=_("Code of the directive"),
        field_name="assignment__directive__code",
        lookup_expr="iexact",
        max_length=20,
    )

    def prepare(self) -> None:
        self.filters["lv"].extra["choices"] = [(row.code, row.label) for row in Field.objects.all()]

    @property
    def SHOWN(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("cq", "lv", "sau") if self.user.sees_everything else ("lv", "sau")

    @property
    def tab(self) -> str:
        return self.form.cleaned_data.get("tt") or Tab.WAITING

    def start(self, values: dict[str, Any]) -> Any:
        return cut(ExtensionRequest.objects.visible_to(self.user), values.get("tt") or Tab.WAITING)

    @property
    def tabs(self) -> dict[str, Any]:
        """Each tab's rows with the other filters as they are."""
        values = self.form.cleaned_data
        found = {}
        for tab in Tab:
            rows = self.start(values | {"tt": tab.value})
            for name, value in values.items():
                rows = self.filters[name].filter(rows, value)
            found[tab.value] = rows
        return found
