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
    Directive,
    Instruction,
    ProgressReport,
    ReportStatus,
    Status,
    User,
)

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
    INSTRUCT = "instruct", _("Give an instruction")
    ANSWER = "answer", _("Answer an instruction")
    RECEIVE = "receive", _("Receive an assignment")
    DECLINE = "decline", _("Decline an assignment")
    PUT_IN_CHARGE = "put_in_charge", _("Name the person in charge")
    REPORT = "report", _("Report progress")
    TAKE_BACK = "take_back", _("Take a submitted report back")
    REVIEW = "review", _("Confirm or return a progress report")
    CONFIRM_UNPROVEN = "confirm_unproven", _("Confirm completion without evidence")
    MANAGE_DOCUMENTS = "manage_documents", _("Keep the register of documents")
    MANAGE_USERS = "manage_users", _("Manage users")
    MANAGE_AGENCIES = "manage_agencies", _("Manage agencies")
    MANAGE_DICTIONARIES = "manage_dictionaries", _("Manage fields of work and settings")


class Relation(models.TextChoices):
    """How a person stands to a record."""

    ANY = "any", _("any record they see")
    OWN = "own", _("of their own agency")
    OTHERS = "others", _("of another agency, never their own entry")
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
    _rule(Act.INSTRUCT, [Role.LEADER], states=OPEN),
    _rule(Act.ANSWER, _REPORTERS, Relation.ADDRESSED),
    _rule(Act.RECEIVE, _REPORTERS, Relation.OWN, [Status.NEW]),
    _rule(Act.DECLINE, _REPORTERS, Relation.OWN, [Status.NEW]),
    _rule(Act.PUT_IN_CHARGE, [Role.AGENCY_HEAD, Role.OFFICER], Relation.OWN, _RUNNING),
    _rule(Act.REPORT, _REPORTERS, Relation.OWN, [Status.NEW, Status.RECEIVED, Status.IN_PROGRESS]),
    _rule(Act.TAKE_BACK, _REPORTERS, Relation.OWN, [ReportStatus.SUBMITTED]),
    _rule(Act.REVIEW, _WATCHERS, Relation.OTHERS, [ReportStatus.SUBMITTED]),
    _rule(Act.CONFIRM_UNPROVEN, [Role.LEADER], Relation.OTHERS, [ReportStatus.SUBMITTED]),
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


def can_confirm(user: User, report: ProgressReport, *, has_evidence: bool) -> bool:
    """Completion without a file, a link or an output document is confirmed by leaders only; so is a wish to pause."""
    unproven = (
        report.claim == ProgressReport.Claim.COMPLETED and not has_evidence and not report.output_document
    )
    return (
        can_review(user, report)
        and (not unproven or allows(user, Act.CONFIRM_UNPROVEN, report))
        and (report.claim != ProgressReport.Claim.PAUSE or allows(user, Act.PAUSE))
    )


def can_see_review_queue(user: User) -> bool:
    return allows(user, Act.REVIEW)


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
    return max(rules, key=lambda rule: len(rule.states), default=None)
