"""The steps of an official report's life as buttons: who may take them, what they ask, what follows from them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker.forms.periodic_reports import ReturnForm, ReviseForm, SendForm, SignForm, StepForm
from tracker.models import PaperStatus, PeriodicReport, User
from tracker.papers import files_of
from tracker.permissions import (
    Act,
    can_approve_report,
    can_draft_report,
    can_return_report,
    can_revise_report,
    can_send_report,
    can_sign_report,
    can_submit_report,
    can_take_back_report,
)

Text = Promise | str


@dataclass(frozen=True)
class PaperStep:
    """One step. ``take`` gives the report that is shown afterwards."""

    slug: str
    act: Act
    may: Callable[[User, PeriodicReport], bool]
    take: Callable[[PeriodicReport, User, dict[str, Any], dt.date], PeriodicReport]
    form: type[StepForm]
    icon: str
    button: Text
    title: Text
    consequence: Text
    done: Text
    is_primary: bool = False

    @property
    def asks(self) -> bool:
        """It has a page of its own; the others are pressed beside the paper."""
        return self.form is not StepForm or self.act == Act.DRAFT_PAPER


def _submit(report: PeriodicReport, by: User, read: dict[str, Any], today: dt.date) -> PeriodicReport:
    """Only what can be printed goes before the leader: afterwards nobody can take a character out."""
    files_of(report)
    report.submit(by=by, expected_version=read["version"])
    return report


def _take_back(report: PeriodicReport, by: User, read: dict[str, Any], today: dt.date) -> PeriodicReport:
    report.take_back(by=by, expected_version=read["version"])
    return report


def _return(report: PeriodicReport, by: User, read: dict[str, Any], today: dt.date) -> PeriodicReport:
    report.send_back(by=by, reason=read["reason"], expected_version=read["version"])
    return report


def _approve(report: PeriodicReport, by: User, read: dict[str, Any], today: dt.date) -> PeriodicReport:
    report.approve(by=by, expected_version=read["version"])
    return report


def _sign(report: PeriodicReport, by: User, read: dict[str, Any], today: dt.date) -> PeriodicReport:
    words = {name: read[name] for name in ("number", "signed_on", "signer_name")}
    report.sign(by=by, today=today, make_files=files_of, expected_version=read["version"], **words)
    return report


def _send(report: PeriodicReport, by: User, read: dict[str, Any], today: dt.date) -> PeriodicReport:
    report.send(by=by, note=read["note"], expected_version=read["version"])
    return report


def _revise(report: PeriodicReport, by: User, read: dict[str, Any], today: dt.date) -> PeriodicReport:
    return report.revise(by=by, reason=read["reason"])


def _discard(report: PeriodicReport, by: User, read: dict[str, Any], today: dt.date) -> PeriodicReport:
    report.discard(by=by, expected_version=read["version"])
    return report


STEPS = (
    PaperStep(
        "trinh",
        Act.SUBMIT_PAPER,
        can_submit_report,
        _submit,
        StepForm,
        "right",
        _("Submit to the leader"),
        pgettext_lazy("official report", "Submit the report"),
        _("The leaders are told. The text does not change until it is taken back or returned."),
        _("The report has been submitted."),
        is_primary=True,
    ),
    PaperStep(
        "duyet",
        Act.APPROVE_PAPER,
        can_approve_report,
        _approve,
        StepForm,
        "check",
        pgettext_lazy("official report", "Approve"),
        _("Approve the report"),
        _("The text is approved as it stands; number and day follow with the signature."),
        _("The report has been approved."),
        is_primary=True,
    ),
    PaperStep(
        "ky",
        Act.SIGN_PAPER,
        can_sign_report,
        _sign,
        SignForm,
        "lock",
        _("Record the signature"),
        _("Record number, day and signer"),
        _("Text, figures and files are frozen. A correction is a new revision from then on."),
        _("The signature has been recorded; the files are kept."),
        is_primary=True,
    ),
    PaperStep(
        "gui",
        Act.SEND_PAPER,
        can_send_report,
        _send,
        SendForm,
        "mail",
        _("Record that it was sent"),
        _("Record that the report was sent"),
        _("The day and your name stand in the report's log."),
        _("The report has been recorded as sent."),
        is_primary=True,
    ),
    PaperStep(
        "tra-lai",
        Act.RETURN_PAPER,
        can_return_report,
        _return,
        ReturnForm,
        "s-returned",
        pgettext_lazy("official report", "Return"),
        _("Return the report"),
        _("The writers read your sentence and may change the text again."),
        _("The report has been returned."),
    ),
    PaperStep(
        "rut",
        Act.TAKE_BACK_PAPER,
        can_take_back_report,
        _take_back,
        StepForm,
        "left",
        pgettext_lazy("official report", "Take back"),
        _("Take the report back"),
        _("It is a draft again; the leaders are no longer asked."),
        _("The report is a draft again."),
    ),
    PaperStep(
        "sua-doi",
        Act.REVISE_PAPER,
        can_revise_report,
        _revise,
        ReviseForm,
        "history",
        _("Begin a new revision"),
        _("Begin a new revision"),
        _("A draft with the same text, to be submitted and signed anew. The signed report stays as it is."),
        _("The new revision has been begun: a draft with the text of the signed report."),
    ),
    PaperStep(
        "bo",
        Act.DRAFT_PAPER,
        lambda user, report: can_draft_report(user, report),
        _discard,
        StepForm,
        "x",
        _("Give the draft up"),
        _("Give the draft up"),
        _("It stays on record and cannot be taken up again."),
        _("The draft has been given up."),
    ),
)

_FOLLOWS = {
    PaperStatus.DRAFT: _("Complete the text, then submit it to the leader."),
    PaperStatus.RETURNED: _("Change what the leader asks for, then submit it again."),
    PaperStatus.SUBMITTED: _("It waits for a leader's approval; until then it may be taken back."),
    PaperStatus.APPROVED: _("It waits for the signature: number, day and signer."),
    PaperStatus.SIGNED: _("Text, figures and files are frozen. It has not been recorded as sent yet."),
    PaperStatus.SENT: _("It has been sent; a correction is a new revision."),
    PaperStatus.DISCARDED: _("This draft was given up; it is only kept on record."),
}


def possible_steps(user: User, report: PeriodicReport) -> list[PaperStep]:
    """What this person may do with the report now. A signed report has one new revision at most."""
    has_revision = report.is_frozen and report.corrections.exclude(status=PaperStatus.DISCARDED).exists()
    return [
        step
        for step in STEPS
        if step.may(user, report) and not (has_revision and step.act == Act.REVISE_PAPER)
    ]


def what_follows(user: User, report: PeriodicReport) -> str:
    """What the report waits for; also why this person may not decide."""
    text = str(_FOLLOWS[PaperStatus(report.status)])
    if report.status == PaperStatus.SUBMITTED and user.role == User.Role.LEADER and user.pk in report.writers:
        return f"{text} {_now('Who wrote in a report does not approve it.')}"
    return text
