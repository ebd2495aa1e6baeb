"""Urging bodies that are behind: exactly who, how hard, why, answered until when; the answer; the signed letter."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tracker.figures.behind import Behind
from tracker.figures.urging_previews import Preview
from tracker.forms.base import TrackerForm, WithFormToken
from tracker.forms.evidence import link_field
from tracker.forms.fields import DayField, DocumentChoice
from tracker.forms.filter_fields import UNKNOWN
from tracker.forms.uploads import Uploads, UploadsField
from tracker.models import Agency, Document, Urging, User
from tracker.permissions import can_urge_with

Grade = Urging.Grade

HINTS = {
    Grade.REMIND: _("A message in the system"),
    Grade.LETTER: _("A signed letter goes with it; its number may be added later"),
    Grade.EXPLAIN: _("The agency explains in writing by the day below"),
    Grade.CRITICISE: _("Written criticism of an agency that stays behind"),
    Grade.CALL_TO_ACCOUNT: _("Who is at fault is reviewed; answered by the day below"),
}
LEADERS_ONLY = _("Only a leader of the department can choose this")


class GradeSelect(forms.RadioSelect):
    """The grades of urging; those that this person may not use can be read but not chosen."""

    closed: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.closed:
            option["attrs"]["disabled"] = True
        return option


class UrgingForm(WithFormToken, TrackerForm):
    """The agencies ticked in the preview. Who has caught up meanwhile falls out, whatever was ticked."""

    agencies = forms.MultipleChoiceField(
        label=_("Agencies"), error_messages=UNKNOWN | {"required": _("Choose at least one agency.")}
    )
    grade = forms.ChoiceField(
        label=_("Grade of urging"),
        choices=Grade.choices,
        widget=GradeSelect,
        initial=Grade.REMIND,
        error_messages=UNKNOWN,
    )
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    answer_due_on = DayField(label=_("Answer by"), required=False)
    document = DocumentChoice(
        label=_("Document"),
        help_text=_("Number or words of the abstract; can be added after it is signed"),
        required=False,
    )

    def __init__(
        self, *args: Any, preview: Preview, user: User, today: dt.date, answer_by: dt.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.preview, self.user, self.today = preview, user, today
        self.gone: list[Agency] = []
        self.fields["agencies"].choices = [(str(row.agency.pk), row.agency.label) for row in preview.rows]
        self.fields["agencies"].initial = [str(row.agency.pk) for row in preview.behind if row.is_theirs]
        self.fields["document"].queryset = Document.objects.visible_to(user)
        self.fields["answer_due_on"].initial = answer_by
        self.fields["answer_due_on"].help_text = _(
            "Three working days by default; empty when no answer is needed"
        )
        self._close_grades()
        self._know_those_gone()

    def _close_grades(self) -> None:
        closed = {grade.value for grade in Grade if not can_urge_with(self.user, grade)}
        grade: Any = self.fields["grade"]
        grade.widget.closed = frozenset(closed)
        grade.choice_hints = HINTS | dict.fromkeys(closed, LEADERS_ONLY)

    def _know_those_gone(self) -> None:
        """Agencies that were ticked and are concerned no longer: their work went elsewhere meanwhile."""
        known = {row.agency.pk for row in self.preview.rows}
        ticked = {int(key) for key in self._ticked if key.isascii() and key.isdigit() and len(key) < 10}
        if self.is_bound and (missing := ticked - known):
            self.gone = list(Agency.objects.filter(pk__in=missing).by_name())
            agencies: Any = self.fields["agencies"]
            agencies.choices = [*agencies.choices, *((str(one.pk), one.label) for one in self.gone)]

    def clean_grade(self) -> str:
        grade = self.cleaned_data["grade"]
        if not can_urge_with(self.user, grade):
            raise ValidationError(_("Only a leader criticises an agency or calls it to account."))
        return grade

    def clean_answer_due_on(self) -> dt.date | None:
        day = self.cleaned_data["answer_due_on"]
        if day and not self.today <= day <= self.today + dt.timedelta(days=366):
            raise ValidationError(_("Choose today or a later day, within a year."))
        return day

    @property
    def _ticked(self) -> list[str]:
        return [str(value) for value in self["agencies"].value() or []]

    @property
    def ticked(self) -> set[str]:
        """The agencies that stand ticked on the page."""
        return set(self._ticked)

    def _chosen(self) -> list[Behind]:
        return [row for row in self.preview.rows if str(row.agency.pk) in self.cleaned_data["agencies"]]

    @property
    def behind(self) -> list[Behind]:
        """Of those chosen the ones that are still behind."""
        return [row for row in self._chosen() if row.is_behind]

    @property
    def fell_out(self) -> list[Agency]:
        """Chosen, but no longer behind."""
        return [row.agency for row in self._chosen() if not row.is_behind] + self.gone

    @property
    def words(self) -> dict[str, Any]:
        """What ``Urging.send`` takes over as it was written."""
        return {name: self.cleaned_data[name] for name in ("grade", "reason", "answer_due_on", "document")}


class AnswerForm(WithFormToken, TrackerForm):
    """What the agency answers (giải trình), with what proves it."""

    answer = forms.CharField(label=_("Answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))
    files = UploadsField(label=_("Choose files or drop them here"), required=False)
    link = link_field()

    def clean_files(self) -> Uploads:
        """One file that is not taken refuses the form: an answer is given once, with all that belongs to it."""
        uploads: Uploads = self.cleaned_data["files"]
        for problem in uploads.problems:
            self.add_error("files", problem)
        return uploads


class LetterForm(WithFormToken, TrackerForm):
    """Name the signed letter, once it stands in the register of documents."""

    document = DocumentChoice(
        label=_("Signed document"), help_text=_("Number or words of the abstract, from the register")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = Document.objects.visible_to(user)
