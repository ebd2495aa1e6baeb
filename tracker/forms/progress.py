"""What an agency writes about one assignment: saving keeps everything that can be read, submitting judges it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tracker import clock
from tracker.figures.entry import entries_for_report
from tracker.figures.work import day_to_report
from tracker.forms.base import FormError, TrackerForm, WithFormToken
from tracker.forms.evidence import attach, link_field
from tracker.forms.fields import DayField, PercentField
from tracker.forms.figure_sets import FigureForms
from tracker.forms.figures import FigureForm
from tracker.forms.uploads import Uploads, UploadsField
from tracker.models import Assignment, ProgressReport, StaleVersion, User, WrongStep
from tracker.models.progress import TEXT_LENGTH
from tracker.templatetags.measurements import doubt_in_words
from tracker.vietnamese.dates import format_date

Claim = ProgressReport.Claim

OWN_SAVE_UNDER_WAY = dt.timedelta(seconds=10)
"""A page saves its draft by itself; pressing a button meanwhile is not a second person's edit."""


class WantedText(forms.CharField):
    """A text that a submitted report needs; a draft may leave it empty for now."""

    def validate(self, value: Any) -> None:
        """Empty is judged when the report is submitted."""


def _text(label: Any, rows: int = 2, length: int = TEXT_LENGTH) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=length, widget=widget, required=False)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two people wrote differently."""

    label: str
    stored: str
    mine: str


class ReportForm(WithFormToken, TrackerForm):
    """A progress report (báo cáo tiến độ). What is missing in the data is taken from the stored report."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    claim = forms.ChoiceField(label=_("Situation"), choices=Claim.choices, widget=forms.RadioSelect)
    as_of_on = DayField(
        label=_("Figures as of"),
        error_messages={"required": _("Write the day up to which the report counts.")},
    )
    percent = PercentField(
        label=_("Degree of completion"),
        error_messages={
            "required": _("Write how far the work is, from 0 to 100."),
            "range": _("The degree of completion is a whole number from 0 to 100."),
        },
    )
    decrease_reason = _text(_("Why the percentage is lower than last time"), length=1000)
    done = WantedText(
        label=_("Result of the period"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
    obstacles = _text(_("Difficulties, obstacles"))
    proposal = _text(_("Proposal"))
    proposal_to = forms.ChoiceField(
        label=_("Addressed to"), choices=ProgressReport.Recipient.choices, required=False
    )
    next_steps = _text(_("Next steps"))
    completed_on = DayField(
        label=_("Completed on"),
        help_text=_("The date of the output document; only for completed work."),
        required=False,
    )
    output_document = forms.CharField(
        label=_("Output document"),
        help_text=_("Number, symbol and date, for example 12/BC-UBND of 10/6/2020."),
        max_length=300,
        required=False,
    )
    no_output_reason = forms.CharField(
        label=_("Why there is no output document"), max_length=500, required=False
    )
    files = UploadsField(label=_("Choose files or drop them here"), required=False)
    link = link_field()

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        report: ProgressReport,
        auto_id: str = "id_%s",
        with_figures: bool = False,
    ) -> None:
        self.report = report
        self.with_figures = with_figures
        self.figures = self._figures_of(report, data)
        self.figures_moved = False
        self.conflict: list[Difference] = []
        initial = {name: getattr(report, name) for name in ProgressReport.CONTENT}
        initial["version"] = report.version
        super().__init__(None if data is None else _completed(data, initial), files, auto_id, initial=initial)
        claim: Any = self.fields["claim"]
        claim.choice_hints = {
            Claim.IN_PROGRESS: _("The system works out how the deadline stands"),
            Claim.COMPLETED: _("Needs the output document or evidence"),
            Claim.PAUSE: _("Needs a reason; the leader decides"),
            Claim.STOP: _("Needs a reason; it stops only by a stopping document"),
        }
        if not report.assignment.is_lead:
            claim.choices = [choice for choice in Claim.choices if choice[0] != Claim.STOP]

    def clean_files(self) -> Uploads:
        """Keep the files that were taken; each of the others gets its sentence."""
        self.uploads: Uploads = self.cleaned_data["files"]
        for problem in self.uploads.problems:
            self.add_error("files", problem)
        return self.uploads

    def is_valid(self) -> bool:
        """The figures too are judged, whatever is wrong with the rest."""
        return all([super().is_valid(), self.figures.is_valid()])

    @property
    def error_list(self) -> list[FormError]:
        return [*super().error_list, *self.figures.error_list]

    def _figures_of(self, report: ProgressReport, data: Any) -> FigureForms:
        entries = entries_for_report(report, report.assignment) if self.with_figures else []
        return FigureForms(entries, data, report=report)

    # Saving

    @transaction.atomic
    def keep(self, assignment: Assignment, *, by: User, today: dt.date) -> ProgressReport:
        """Save what can be read as the agency's draft, files too.

        ``conflict`` then says where another person saved other words meanwhile: of this form only files were added.
        """
        report = ProgressReport.in_hand_of(assignment, by=by, today=today)
        try:
            self._attach(report, by)
            report.save_draft(by=by, expected_version=self._started_from(report, by), **self.content)
            self._keep_figures(report, assignment, by)
        except StaleVersion as refusal:
            report = refusal.current  # type: ignore[assignment]
            self.conflict = self._differences(report)
            self.add_error(None, refusal)
        except WrongStep as refusal:
            self.add_error(None, refusal)
        report.assignment = assignment
        return report

    def _keep_figures(self, report: ProgressReport, assignment: Assignment, by: User) -> None:
        """Save the figures in the period of the report's day; when it has moved, its figures move along."""
        report.assignment = assignment
        before = [form.entry.period.pk for form in self.figures]
        self.figures = self._figures_of(report, self.data)
        self.figures_moved = before != [form.entry.period.pk for form in self.figures]
        self.figures.keep(by=by, as_of_on=report.as_of_on)

    def go_on_from(self, stored: ProgressReport) -> None:
        """Sent again, this form changes what is stored now; a link that was added is no longer in its field."""
        self.data = self.data.copy()
        self.data["version"] = str(stored.version)
        if "link" in self.cleaned_data:
            self.data["link"] = ""
        self.figures.go_on_from_stored()

    @property
    def unread(self) -> list[str]:
        """The labels of what could not be read and is therefore not in the draft."""
        return [str(bound.label) for bound in self if bound.errors] + self.figures.unread

    @property
    def content(self) -> dict[str, Any]:
        """What can be stored as it stands: each field that could be read."""
        self.is_valid()
        found = {
            name: self.cleaned_data[name] for name in ProgressReport.CONTENT if name in self.cleaned_data
        }
        for name, value in found.items():
            if isinstance(value, str):
                found[name] = value.replace("\r\n", "\n")
        if not found.get("proposal", self.report.proposal):
            found["proposal_to"] = ""
        same_words = found.get("done", self.report.done) == self.report.done
        found["nothing_new"] = self.report.nothing_new and same_words
        return found

    def _attach(self, report: ProgressReport, by: User) -> None:
        """Add the files and the link; one that the report already has is not added again."""
        self.is_valid()
        attach(report, self.uploads, self.cleaned_data.get("link", ""), by=by)

    def _started_from(self, stored: ProgressReport, by: User) -> int:
        posted = self.cleaned_data.get("version") or 0
        saved_by_this_page = (
            stored.version == posted + 1
            and stored.author_id == by.pk
            and clock.now() - stored.saved_at < OWN_SAVE_UNDER_WAY
        )
        return stored.version if saved_by_this_page or not self._differences(stored) else posted

    def _differences(self, stored: ProgressReport) -> list[Difference]:
        """Where the words of this form and the stored ones are not the same."""
        theirs = {name: getattr(stored, name) for name in ProgressReport.CONTENT}
        return [
            Difference(str(self.fields[name].label), _shown(name, theirs[name]), _shown(name, value))
            for name, value in self.content.items()
            if name in self.fields and value != theirs[name]
        ]

    # Submitting

    def submit(self, report: ProgressReport, *, by: User, today: dt.date) -> bool:
        """Hand the saved report in; False, with a sentence at each place, when something is missing or wrong."""
        if self.non_field_errors():
            return False
        self.figures.check(today=today)
        try:
            report.check_complete(today=today)
            if self.is_valid():
                report.submit(by=by, today=today)
                return True
        except ValidationError as refusal:
            self._show(refusal)
        return False

    def _show(self, refusal: ValidationError) -> None:
        """Put the sentences of a refused step at their fields; a field that has its own keeps it."""
        found = refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
        for name, sentences in found.items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, [*sentences])


def _completed(data: Any, stored: dict[str, Any]) -> Any:
    """The short form in the list sends few fields: the others are as stored."""
    data = data.copy()
    for name, value in stored.items():
        if name not in data and name not in {"version", "nothing_new"}:
            data[name] = (
                format_date(value) if isinstance(value, dt.date) else "" if value is None else str(value)
            )
    return data


def _shown(name: str, value: Any) -> str:
    if isinstance(value, dt.date):
        return format_date(value)
    if name == "claim":
        return str(Claim(value).label)
    if name == "proposal_to":
        return str(ProgressReport.Recipient(value).label) if value else ""
    return f"{value}%" if name == "percent" else str(value or "")


@dataclass(frozen=True, slots=True)
class Check:
    """One line of “before submitting”: ``tone`` is ok, warn (does not stop) or bad (stops)."""

    tone: str
    text: str


WARNINGS: dict[str, Any] = {
    "percent_fell": _("Lower than last time; the reason is given"),
    "no_evidence": _("No evidence yet: the reviewer may ask for it"),
    "overdue": _("The deadline has passed: say when it will be done"),
    "asks_pause": _("A pause is decided by the leader"),
    "asks_stop": _("The leader decides; until the stopping document the work goes on"),
    "no_output": _("No number of the output document"),
    "done_late": _("The completion date lies after the deadline"),
    "full_but_open": _("It stands at 100% but is not reported as completed"),
}


def before_submitting(
    report: ProgressReport, *, evidence_count: int, today: dt.date, figures: FigureForms | None = None
) -> list[Check]:
    """What is in order, what a reviewer will ask about, and what still stops the report."""
    report.evidence_count = evidence_count  # type: ignore[attr-defined]
    report.doubted_figures = 0  # type: ignore[attr-defined]  # each has its own line below
    try:
        report.check_complete(today=today)
        problems: dict[str, list[str]] = {}
    except ValidationError as refusal:
        problems = refusal.message_dict
    checks = []
    if "percent" not in problems:
        checks.append(_percent_check(report))
    if "done" not in problems:
        checks.append(Check("ok", gettext("The result of the period is written")))
    if evidence_count:
        files = ngettext("Evidence is there (%(n)d item)", "Evidence is there (%(n)d items)", evidence_count)
        checks.append(Check("ok", files % {"n": evidence_count}))
    checks += [Check("bad", sentence) for sentences in problems.values() for sentence in sentences]
    doubts = [
        code for code in report.warnings(today) if code != "percent_fell" or "decrease_reason" not in problems
    ]
    checks += [Check("warn", str(WARNINGS[code])) for code in doubts]
    return checks + (figure_checks(figures, report, today) if figures else [])


def figure_checks(figures: FigureForms, report: ProgressReport, today: dt.date) -> list[Check]:
    """How many figures are written, and which of them a reviewer will ask about."""
    written = [form for form in figures if form.entry.stored and form.entry.stored.has_figure]
    left = len(figures) - len(written)
    if left:
        text = ngettext("%(n)d figure is not written yet", "%(n)d figures are not written yet", left)
        checks = [Check("warn", text % {"n": left})]
    else:
        text = ngettext("The figure is there", "All figures are there (%(n)d)", len(written))
        checks = [Check("ok", text % {"n": len(written)})]
    for form in written:
        figure = form.figure
        if figure is None or not figure.is_editable:
            continue
        try:
            figure.check_complete(today=today)
        except ValidationError as refusal:
            checks += [Check("bad", f"{form.entry.label}: {sentence}") for sentence in refusal.messages]
            continue
        if form.comparison.is_worse or form.comparison.far is not None:
            checks.append(_doubt_of(form, report))
    return checks


def _doubt_of(form: FigureForm, report: ProgressReport) -> Check:
    """“Ký số giảm 22%: đã ghi lý do”; a figure far from its history needs a reason of its own."""
    explained = bool(form.figure and form.figure.explanation)
    if form.comparison.far is None:
        explained = explained or bool(report.obstacles.strip())
    reason = gettext("the reason is written") if explained else gettext("no reason yet")
    return Check("warn", f"{form.entry.label} {doubt_in_words(form.entry)}: {reason}")


def _percent_check(report: ProgressReport) -> Check:
    if report.percent == report.percent_before and not report.nothing_new:
        text = gettext("The percentage is the same as last time (%(n)d%%)") % {"n": report.percent}
        return Check("warn", text)
    return Check("ok", gettext("The percentage is given"))


def nothing_new_sentence() -> str:
    """What “nothing new” writes as the result of the period."""
    return gettext("Nothing new in this period.")


def new_report(assignment: Assignment, *, by: User, today: dt.date) -> ProgressReport:
    """What an agency that has nothing in hand begins with; not stored before something is sent."""
    return ProgressReport(
        assignment=assignment,
        author=by,
        agency=by.agency,
        as_of_on=day_to_report(assignment, today),
        percent=assignment.percent,
        percent_before=assignment.percent,
    )
