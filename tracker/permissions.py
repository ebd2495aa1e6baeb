"""Who may do what: one table of role × act × relation × state.

Who may *see* a row is ``visible_to`` on its QuerySet (anything else is 404). Who may *act* is asked here; a refusal
is 403. The same table is printed on the help page, asked by every view and admin class, and walked by the tests.
Nobody confirms their own entry or one of their own agency's; administrators manage people, agencies and
dictionaries and never touch results.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.models import (
    OPEN,
    Assignment,
    DataQuestion,
    Directive,
    ExtensionRequest,
    ExtensionStatus,
    Import,
    ImportStatus,
    Indicator,
    IndicatorPart,
    Instruction,
    Measurement,
    PaperStatus,
    PeriodicReport,
    PeriodStatus,
    ProgressReport,
    ReportingPeriod,
    ReportStatus,
    RosterBody,
    Status,
    Urging,
    UrgingRecipient,
    User,
)
from tracker.models.extensions import ASKABLE
from tracker.models.periodic_reports import FROZEN, WRITABLE

Role = User.Role


class Act(models.TextChoices):
    """Everything a person can do, in the order of the work."""

    SEE_OVERVIEW = "see_overview", _("Read the overview")
    SEE_HISTORY = "see_history", _("Read the history of changes")
    REGISTER = "register", _("Enter a directive")
    EDIT = "edit", _("Change a directive")
    ASSIGN = "assign", _("Assign a directive to agencies")
    DECIDE_SUGGESTION = "decide_suggestion", _("Accept or dismiss a suggestion")
    GIVE_AGAIN = "give_again", _("Answer a refusal and assign again")
    TRANSFER = "transfer", _("Transfer an assignment to another agency")
    PAUSE = "pause", _("Pause a directive")
    RESUME = "resume", _("Resume a directive")
    STOP = "stop", _("Stop a directive")
    REOPEN = "reopen", _("Reopen a completed directive")
    WITHDRAW = "withdraw", _("Withdraw a directive")
    RESTORE = "restore", _("Restore a withdrawn directive")
    CORRECT_DEADLINE = "correct_deadline", _("Correct a wrong deadline")
    OPEN_YEAR = "open_year", _("Open the year's work of a yearly directive")
    INSTRUCT = "instruct", _("Give an instruction")
    ANSWER = "answer", _("Answer an instruction")
    RECEIVE = "receive", _("Receive an assignment")
    DECLINE = "decline", _("Decline an assignment")
    PUT_IN_CHARGE = "put_in_charge", _("Name the person in charge")
    ASK_EXTENSION = "ask_extension", _("Ask for an extension")
    TAKE_BACK_EXTENSION = "take_back_extension", _("Take a request for an extension back")
    ANSWER_PROPOSAL = "answer_proposal", _("Accept or decline a proposed deadline")
    DECIDE_EXTENSION = "decide_extension", _("Decide on an extension")
    LIFT_EXTENSION_LIMIT = "lift_extension_limit", _("Grant more extensions than the limit allows")
    REPORT = "report", _("Report progress")
    TAKE_BACK = "take_back", _("Take a submitted report back")
    REVIEW = "review", _("Confirm or return a progress report")
    CONFIRM_UNPROVEN = "confirm_unproven", _("Confirm completion without evidence")
    MANAGE_INDICATORS = "manage_indicators", _("Enter indicators, targets, plans and lists of agencies")
    ENTER_FIGURE = "enter_figure", _("Enter an agency's own figures")
    VERIFY_FIGURE = "verify_figure", _("Enter a verified or published figure")
    TAKE_BACK_FIGURE = "take_back_figure", _("Take a submitted figure back")
    REVIEW_FIGURE = "review_figure", _("Confirm or return a figure")
    ANSWER_QUESTION = "answer_question", _("Answer a question about a figure")
    MARK_BODY = "mark_body", _("Say how far an agency on a list is")
    RAISE_OBSTACLE = "raise_obstacle", _("Report an obstacle")
    SOLVE_OBSTACLE = "solve_obstacle", _("Say that an obstacle is solved")
    URGE = "urge", _("Urge agencies that are behind")
    CENSURE = "censure", _("Criticise, or call to account")
    ANSWER_URGING = "answer_urging", _("Answer an urging")
    CLOSE_PERIOD = "close_period", _("Close the figures of a period")
    REOPEN_PERIOD = "reopen_period", _("Reopen closed figures")
    MANAGE_PERIODS = "manage_periods", _("Make reporting periods and set their dates")
    MANAGE_MAIL = "manage_mail", _("See outgoing mail and send it again")
    DRAFT_PAPER = "draft_paper", _("Write an official report")
    SUBMIT_PAPER = "submit_paper", _("Submit an official report to the leader")
    TAKE_BACK_PAPER = "take_back_paper", _("Take a submitted official report back")
    APPROVE_PAPER = "approve_paper", _("Approve an official report")
    RETURN_PAPER = "return_paper", _("Return an official report")
    SIGN_PAPER = "sign_paper", _("Record number, day and signer of an official report")
    SEND_PAPER = "send_paper", _("Record that an official report was sent")
    REVISE_PAPER = "revise_paper", _("Correct a signed report by a new revision")
    IMPORT = "import", _("Import an appendix")
    UNDO_IMPORT = "undo_import", _("Undo an import")
    MANAGE_DOCUMENTS = "manage_documents", _("Keep the register of documents")
    MANAGE_USERS = "manage_users", _("Manage users")
    MANAGE_AGENCIES = "manage_agencies", _("Manage agencies")
    MANAGE_DICTIONARIES = "manage_dictionaries", _("Manage fields of work and settings")


class Relation(models.TextChoices):
    """How a person stands to a record."""

    ANY = "any", _("any record they see")
    OWN = "own", _("of their own agency")
    OTHERS = "others", _("of another agency, never their own entry")
    WRITTEN_BY_OTHERS = "written_by_others", _("in which they have written nothing")
    ADDRESSED = "addressed", _("addressed to them or to the lead agency they work in")


@dataclass(frozen=True)
class Rule:
    """One line of the table. ``states`` empty: the act has no record, or any state will do."""

    act: Act
    roles: frozenset[str]
    relation: Relation = Relation.ANY
    states: frozenset[str] = frozenset()


def _rule(
    act: Act, roles: Iterable[str], relation: Relation = Relation.ANY, states: Iterable[str] = ()
) -> Rule:
    return Rule(act, frozenset(roles), relation, frozenset(states))


_WATCHERS = (Role.OFFICER, Role.LEADER)
_REPORTERS = (Role.STAFF, Role.AGENCY_HEAD, Role.OFFICER)
_CHANGEABLE = OPEN
_RUNNING = OPEN - {Status.UNASSIGNED}
_NOT_PAUSED = _RUNNING - {Status.PAUSED}

TABLE: tuple[Rule, ...] = (
    _rule(Act.SEE_OVERVIEW, Role.values),
    _rule(Act.SEE_HISTORY, Role.values),
    _rule(Act.REGISTER, _WATCHERS),
    _rule(Act.EDIT, _WATCHERS, states=_CHANGEABLE),
    _rule(Act.ASSIGN, _WATCHERS, states=_CHANGEABLE - {Status.PAUSED}),
    _rule(Act.DECIDE_SUGGESTION, _WATCHERS, states=_CHANGEABLE),
    _rule(Act.GIVE_AGAIN, _WATCHERS, states=[Status.DECLINED]),
    _rule(Act.TRANSFER, [Role.OFFICER], states=_RUNNING),
    _rule(Act.PAUSE, [Role.LEADER], states=_NOT_PAUSED),
    _rule(Act.RESUME, [Role.LEADER], states=[Status.PAUSED]),
    _rule(Act.STOP, [Role.LEADER], states=OPEN),
    _rule(Act.REOPEN, [Role.LEADER], states=[Status.COMPLETED]),
    _rule(Act.WITHDRAW, [Role.OFFICER], states=OPEN),
    _rule(Act.WITHDRAW, [Role.LEADER], states=[*OPEN, Status.COMPLETED, Status.STOPPED]),
    _rule(Act.RESTORE, _WATCHERS, states=[Status.WITHDRAWN]),
    _rule(Act.CORRECT_DEADLINE, [Role.OFFICER], states=_RUNNING),
    _rule(Act.OPEN_YEAR, _WATCHERS, states=_RUNNING - {Status.PAUSED}),
    _rule(Act.INSTRUCT, [Role.LEADER], states=OPEN),
    _rule(Act.ANSWER, _REPORTERS, Relation.ADDRESSED),
    _rule(Act.RECEIVE, _REPORTERS, Relation.OWN, [Status.NEW]),
    _rule(Act.DECLINE, _REPORTERS, Relation.OWN, [Status.NEW]),
    _rule(Act.PUT_IN_CHARGE, [Role.AGENCY_HEAD, Role.OFFICER], Relation.OWN, _RUNNING),
    _rule(Act.ASK_EXTENSION, _REPORTERS, Relation.OWN, ASKABLE),
    _rule(Act.TAKE_BACK_EXTENSION, _REPORTERS, Relation.OWN, [ExtensionStatus.ASKED]),
    _rule(Act.ANSWER_PROPOSAL, _REPORTERS, Relation.OWN, [ExtensionStatus.PROPOSED]),
    _rule(Act.DECIDE_EXTENSION, _WATCHERS, Relation.OTHERS, [ExtensionStatus.ASKED]),
    _rule(Act.LIFT_EXTENSION_LIMIT, [Role.LEADER], Relation.OTHERS, [ExtensionStatus.ASKED]),
    _rule(Act.REPORT, _REPORTERS, Relation.OWN, [Status.NEW, Status.RECEIVED, Status.IN_PROGRESS]),
    _rule(Act.TAKE_BACK, _REPORTERS, Relation.OWN, [ReportStatus.SUBMITTED]),
    _rule(Act.REVIEW, _WATCHERS, Relation.OTHERS, [ReportStatus.SUBMITTED]),
    _rule(Act.CONFIRM_UNPROVEN, [Role.LEADER], Relation.OTHERS, [ReportStatus.SUBMITTED]),
    _rule(Act.MANAGE_INDICATORS, _WATCHERS),
    _rule(Act.ENTER_FIGURE, _REPORTERS, Relation.OWN),
    _rule(Act.VERIFY_FIGURE, [Role.OFFICER]),
    _rule(Act.TAKE_BACK_FIGURE, _REPORTERS, Relation.OWN, [ReportStatus.SUBMITTED]),
    _rule(Act.REVIEW_FIGURE, _WATCHERS, Relation.OTHERS, [ReportStatus.SUBMITTED]),
    _rule(Act.ANSWER_QUESTION, _REPORTERS, Relation.OWN),
    _rule(Act.ANSWER_QUESTION, _WATCHERS),
    _rule(Act.MARK_BODY, _WATCHERS, Relation.OTHERS),
    _rule(Act.RAISE_OBSTACLE, [Role.STAFF, Role.AGENCY_HEAD], Relation.OWN, _RUNNING),
    _rule(Act.RAISE_OBSTACLE, _WATCHERS, states=OPEN),
    _rule(Act.SOLVE_OBSTACLE, _WATCHERS),
    _rule(Act.URGE, _WATCHERS),
    _rule(Act.CENSURE, [Role.LEADER]),
    _rule(Act.ANSWER_URGING, _REPORTERS, Relation.OWN),
    _rule(Act.CLOSE_PERIOD, _WATCHERS, states=[PeriodStatus.OPEN, PeriodStatus.REOPENED]),
    _rule(Act.REOPEN_PERIOD, [Role.LEADER], states=[PeriodStatus.CLOSED]),
    _rule(Act.MANAGE_PERIODS, [Role.ADMIN]),
    _rule(Act.MANAGE_MAIL, [Role.ADMIN]),
    _rule(Act.DRAFT_PAPER, [Role.OFFICER], states=WRITABLE),
    _rule(Act.SUBMIT_PAPER, [Role.OFFICER], states=WRITABLE),
    _rule(Act.TAKE_BACK_PAPER, [Role.OFFICER], states=[PaperStatus.SUBMITTED]),
    _rule(Act.APPROVE_PAPER, [Role.LEADER], Relation.WRITTEN_BY_OTHERS, [PaperStatus.SUBMITTED]),
    _rule(Act.RETURN_PAPER, [Role.LEADER], states=[PaperStatus.SUBMITTED, PaperStatus.APPROVED]),
    _rule(Act.SIGN_PAPER, _WATCHERS, states=[PaperStatus.APPROVED]),
    _rule(Act.SEND_PAPER, [Role.OFFICER], states=[PaperStatus.SIGNED]),
    _rule(Act.REVISE_PAPER, [Role.OFFICER], states=FROZEN),
    _rule(Act.IMPORT, [Role.OFFICER, Role.ADMIN], states=[ImportStatus.CHECKING]),
    _rule(Act.UNDO_IMPORT, [Role.OFFICER, Role.ADMIN], states=[ImportStatus.APPLIED]),
    _rule(Act.MANAGE_DOCUMENTS, [Role.OFFICER, Role.ADMIN]),
    _rule(Act.MANAGE_USERS, [Role.ADMIN]),
    _rule(Act.MANAGE_AGENCIES, [Role.ADMIN]),
    _rule(Act.MANAGE_DICTIONARIES, [Role.ADMIN]),
)


def allows(user: User, act: Act, record: Any = None) -> bool:
    """Does the table let this person do this, to this record in its present state?"""
    return any(
        user.is_active
        and rule.act == act
        and user.role in rule.roles
        and (not rule.states or record is None or record.status in rule.states)
        and (record is None or _stands(user, record, rule.relation))
        for rule in TABLE
    )


def require(permitted: bool) -> None:
    """Refuse with 403 what is not permitted."""
    if not permitted:
        raise PermissionDenied


def _stands(user: User, record: Any, relation: Relation) -> bool:
    match relation:
        case Relation.OWN:
            return record.agency_id == user.agency_id
        case Relation.OTHERS:
            return record.agency_id != user.agency_id and record.author_id != user.pk
        case Relation.WRITTEN_BY_OTHERS:
            return user.pk not in record.writers
        case Relation.ADDRESSED:
            directive = record.directive
            named = {record.addressee_id, directive.tracking_officer_id}
            return user.pk in named or directive.lead_id == user.agency_id
    return True


def can_register(user: User) -> bool:
    return allows(user, Act.REGISTER)


def can_edit(user: User, directive: Directive) -> bool:
    return allows(user, Act.EDIT, directive)


def can_assign(user: User, directive: Directive) -> bool:
    return allows(user, Act.ASSIGN, directive)


def can_decide_suggestion(user: User, directive: Directive) -> bool:
    return allows(user, Act.DECIDE_SUGGESTION, directive)


def can_take_step(user: User, act: Act, record: Directive | Assignment) -> bool:
    """Pause, resume, stop, reopen, withdraw, restore a directive; transfer or give again an assignment."""
    return allows(user, act, record)


def can_instruct(user: User, directive: Directive) -> bool:
    return allows(user, Act.INSTRUCT, directive)


def can_answer(user: User, instruction: Instruction) -> bool:
    """Whom the leader named, the tracking officer, or the lead agency; never the leader who asked."""
    return (
        instruction.by_id != user.pk and not instruction.answered_at and allows(user, Act.ANSWER, instruction)
    )


def can_receive(user: User, assignment: Assignment) -> bool:
    return allows(user, Act.RECEIVE, assignment)


def can_decline(user: User, assignment: Assignment) -> bool:
    return allows(user, Act.DECLINE, assignment)


def can_put_in_charge(user: User, assignment: Assignment) -> bool:
    return allows(user, Act.PUT_IN_CHARGE, assignment)


def can_report(user: User, assignment: Assignment) -> bool:
    """Write, save and submit the agency's progress report."""
    return allows(user, Act.REPORT, assignment)


def can_correct_deadline(user: User, directive: Directive) -> bool:
    """Put a deadline right that was read wrongly (đính chính); see ``Directive.correct_deadline``."""
    return allows(user, Act.CORRECT_DEADLINE, directive)


def can_open_year(user: User, directive: Directive) -> bool:
    """Open this year's work of yearly work; the daily run does it by itself."""
    return directive.deadline_kind == Directive.DeadlineKind.YEARLY and allows(user, Act.OPEN_YEAR, directive)


def can_ask_extension(user: User, assignment: Assignment) -> bool:
    """The lead body only, of work that has a deadline."""
    return (
        assignment.is_lead and assignment.due_on is not None and allows(user, Act.ASK_EXTENSION, assignment)
    )


def can_take_back_extension(user: User, request: ExtensionRequest) -> bool:
    return request.is_in_hand and allows(user, Act.TAKE_BACK_EXTENSION, request)


def can_answer_proposal(user: User, request: ExtensionRequest) -> bool:
    """The lead's people answer another date; never who proposed it."""
    own = request.proposed_by_id == user.pk
    return request.is_in_hand and not own and allows(user, Act.ANSWER_PROPOSAL, request)


def can_decide_extension(user: User, request: ExtensionRequest) -> bool:
    """Refuse, agree or propose: the assigner's side, never the asker or their agency; beyond the limit a leader."""
    may = request.is_in_hand and allows(user, Act.DECIDE_EXTENSION, request)
    return may and (not request.needs_leader or allows(user, Act.LIFT_EXTENSION_LIMIT, request))


def is_extension_decider(user: User, request: ExtensionRequest) -> bool:
    """Would this person decide on the request, whatever has become of it meanwhile? See ``can_decide_extension``."""
    waits = request.status == ExtensionStatus.ASKED
    return _in_any_state(user, Act.DECIDE_EXTENSION, request) and (
        not (waits and request.needs_leader) or allows(user, Act.LIFT_EXTENSION_LIMIT, request)
    )


def can_urge_with(user: User, grade: str) -> bool:
    """Criticism and calling to account are a leader's."""
    return allows(user, Act.CENSURE if grade in Urging.LEADER_ONLY else Act.URGE)


def can_answer_urging(user: User, recipient: UrgingRecipient) -> bool:
    return recipient.answered_at is None and allows(user, Act.ANSWER_URGING, recipient)


def can_draft_report(user: User, report: PeriodicReport | None = None) -> bool:
    """Begin an official report, or write in one that is a draft or was returned; also give it up."""
    return allows(user, Act.DRAFT_PAPER, report)


def can_submit_report(user: User, report: PeriodicReport) -> bool:
    return allows(user, Act.SUBMIT_PAPER, report)


def can_take_back_report(user: User, report: PeriodicReport) -> bool:
    return allows(user, Act.TAKE_BACK_PAPER, report)


def can_approve_report(user: User, report: PeriodicReport) -> bool:
    """A leader who has written nothing in it."""
    return allows(user, Act.APPROVE_PAPER, report)


def can_return_report(user: User, report: PeriodicReport) -> bool:
    return allows(user, Act.RETURN_PAPER, report)


def can_sign_report(user: User, report: PeriodicReport) -> bool:
    return allows(user, Act.SIGN_PAPER, report)


def can_send_report(user: User, report: PeriodicReport) -> bool:
    return allows(user, Act.SEND_PAPER, report)


def can_revise_report(user: User, report: PeriodicReport) -> bool:
    return allows(user, Act.REVISE_PAPER, report)


def can_import(user: User, batch: Import | None = None) -> bool:
    """Read an appendix into the register, or go on with one that is being checked."""
    return allows(user, Act.IMPORT, batch)


def can_undo_import(user: User, batch: Import) -> bool:
    """Within the hours that ``UNDO_HOURS`` gives, as long as nobody has touched what it wrote: see the verb."""
    return allows(user, Act.UNDO_IMPORT, batch)


def can_manage_mail(user: User) -> bool:
    return allows(user, Act.MANAGE_MAIL)


def can_take_back(user: User, report: ProgressReport) -> bool:
    return allows(user, Act.TAKE_BACK, report)


def can_review(user: User, report: ProgressReport) -> bool:
    """Confirm or return: never one's own entry, never one of one's own agency's."""
    return allows(user, Act.REVIEW, report)


def is_reviewer(user: User, report: ProgressReport) -> bool:
    """Do this person's role and agency let them review this report, whatever has become of it meanwhile?

    The second of two reviewers reads what the first has decided; to act, ``can_review`` is asked.
    """
    return _in_any_state(user, Act.REVIEW, report)


def is_reporter(user: User, assignment: Assignment) -> bool:
    """Do this person's role and agency let them report on this, whatever has become of it meanwhile?

    The second of two who hand in the same report reads that the first has done so; to act, ``can_report`` or
    ``can_take_back`` is asked.
    """
    return _in_any_state(user, Act.REPORT, assignment)


def holds(user: User, act: Act, record: Any) -> bool:
    """Do role and relation let this person do this, in some state of the record? ``allows`` asks about the present one.

    Who comes second, after somebody else has taken the step, reads how the record stands now.
    """
    return _in_any_state(user, act, record)


def _in_any_state(user: User, act: Act, record: Any) -> bool:
    return any(
        user.is_active
        and rule.act == act
        and user.role in rule.roles
        and _stands(user, record, rule.relation)
        for rule in TABLE
    )


WISHES: dict[str, Act] = {
    ProgressReport.Claim.PAUSE: Act.PAUSE,
    ProgressReport.Claim.STOP: Act.STOP,
}
"""What an agency may ask for in a report, and the act of whoever grants it."""


def can_confirm(user: User, report: ProgressReport, *, has_evidence: bool) -> bool:
    """Leaders only: completion without a file, a link or an output document, a wish to pause or to stop."""
    unproven = (
        report.claim == ProgressReport.Claim.COMPLETED and not has_evidence and not report.output_document
    )
    return (
        can_review(user, report)
        and (not unproven or allows(user, Act.CONFIRM_UNPROVEN, report))
        and (report.claim not in WISHES or allows(user, WISHES[report.claim]))
    )


def can_see_review_queue(user: User) -> bool:
    return allows(user, Act.REVIEW)


def can_manage_indicators(user: User) -> bool:
    return allows(user, Act.MANAGE_INDICATORS)


def can_enter_figures(user: User) -> bool:
    """Open the page on which an agency's figures of a period are entered."""
    return allows(user, Act.ENTER_FIGURE)


@dataclass(frozen=True)
class _FigureOf:
    """Whose entry the figure of a whole or a part is."""

    agency_id: int | None


def can_enter_figure(user: User, indicator: Indicator, part: IndicatorPart | None = None) -> bool:
    """Enter the agency's own figure: the part's agency, or who answers for the whole. Counted ones are not entered."""
    owner = part.owner_id if part else indicator.owner_id
    return indicator.is_entered and allows(user, Act.ENTER_FIGURE, _FigureOf(owner))


def can_verify_figure(user: User, indicator: Indicator) -> bool:
    """Enter the department's verified figure or one that a higher body has published."""
    return indicator.is_entered and allows(user, Act.VERIFY_FIGURE)


def can_edit_figure(user: User, figure: Measurement) -> bool:
    """Go on writing a draft or a returned figure."""
    if not figure.is_editable or (figure.report_id and not figure.is_left_behind):
        return False
    if figure.role == Measurement.Role.OWN:
        return can_enter_figure(user, figure.indicator, figure.part)
    return can_verify_figure(user, figure.indicator) and figure.agency_id == user.agency_id


def can_take_back_figure(user: User, figure: Measurement) -> bool:
    return figure.report_id is None and allows(user, Act.TAKE_BACK_FIGURE, figure)


def can_review_figure(user: User, figure: Measurement) -> bool:
    """Confirm or return: never one's own entry, never one of one's own agency's. Others go with their report."""
    return figure.report_id is None and allows(user, Act.REVIEW_FIGURE, figure)


def can_answer_question(user: User, question: DataQuestion) -> bool:
    return question.answered_at is None and allows(user, Act.ANSWER_QUESTION, question)


def can_mark_body(user: User, body: RosterBody) -> bool:
    """Say how far another agency is; one's own comes from confirmed reports."""
    return allows(user, Act.MARK_BODY, body)


def can_raise_obstacle(user: User, directive: Directive, mine: Assignment | None = None) -> bool:
    """The department on any open directive; an agency on one that it has."""
    if user.role in _WATCHERS:
        return allows(user, Act.RAISE_OBSTACLE, directive)
    return mine is not None and allows(user, Act.RAISE_OBSTACLE, mine)


def is_obstacle_raiser(user: User, directive: Directive, mine: Assignment | None = None) -> bool:
    """Would this person report an obstacle here, whatever has become of the work meanwhile?"""
    if user.role in _WATCHERS:
        return _in_any_state(user, Act.RAISE_OBSTACLE, directive)
    return mine is not None and _in_any_state(user, Act.RAISE_OBSTACLE, mine)


def can_solve_obstacle(user: User) -> bool:
    return allows(user, Act.SOLVE_OBSTACLE)


def can_urge(user: User) -> bool:
    return allows(user, Act.URGE)


def can_close_period(user: User, period: ReportingPeriod) -> bool:
    return allows(user, Act.CLOSE_PERIOD, period)


def can_reopen_period(user: User, period: ReportingPeriod) -> bool:
    return allows(user, Act.REOPEN_PERIOD, period)


def can_manage_periods(user: User) -> bool:
    return allows(user, Act.MANAGE_PERIODS)


def can_manage_documents(user: User) -> bool:
    return allows(user, Act.MANAGE_DOCUMENTS)


def can_manage_users(user: User) -> bool:
    return allows(user, Act.MANAGE_USERS)


def can_lock(user: User, person: User) -> bool:
    """Nobody locks themselves out; that an administrator is left is seen to by ``User.lock``."""
    return can_manage_users(user) and user.pk != person.pk


def can_manage_agencies(user: User) -> bool:
    return allows(user, Act.MANAGE_AGENCIES)


def can_manage_dictionaries(user: User) -> bool:
    return allows(user, Act.MANAGE_DICTIONARIES)


@dataclass(frozen=True)
class Line:
    """One act of the printed table: for each role the rule that applies, or None."""

    act: Act
    rules: list[Rule | None]


def printed_table() -> list[Line]:
    """The table as the help page prints it: acts down, roles across."""
    return [
        Line(
            act, [_widest(rule for rule in TABLE if rule.act == act and role in rule.roles) for role in Role]
        )
        for act in Act
    ]


def _widest(rules: Iterable[Rule]) -> Rule | None:
    """Any record before one's own; then the rule that holds in more states."""
    return max(rules, key=lambda rule: (rule.relation == Relation.ANY, len(rule.states)), default=None)
