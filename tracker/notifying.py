"""Who is told of which step (thông báo ngay): called where steps are logged, in the transaction of the step.

Who took the step is never told of it, whoever is told is told once, and deputies read along (``Notice.tell``). One act
on many agencies is told at once, in a fixed number of queries.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.urls import reverse

from tracker import clock, settling
from tracker.models import (
    OPEN,
    Assignment,
    Directive,
    DirectiveEvent,
    ExtensionRequest,
    ExtensionStatus,
    Instruction,
    Measurement,
    Notice,
    PeriodicReportEvent,
    ProgressReport,
    ReportStatus,
    Status,
    Telling,
    Urging,
    UrgingRecipient,
    User,
)
from tracker.models.extensions import UNDO_GRACE, UNDO_SECONDS
from tracker.permissions import can_approve_report, is_extension_decider

Kind = Notice.Kind
Asked = ExtensionStatus


class Told(NamedTuple):
    """A kind of notice, and to whom it goes."""

    kind: Notice.Kind
    whom: Callable[[Any], Iterable[User]]


# People


def _reporters(agencies: Iterable[int]) -> dict[int, list[User]]:
    """By agency who may report for it: staff, the head, an officer who works there."""
    found: dict[int, list[User]] = defaultdict(list)
    for person in User.objects.reporters().filter(agency__in=set(agencies)):
        found[person.agency_id].append(person)
    return found


def _works_in(person: User, agency: int) -> bool:
    """Still: rights follow the agency, and so does what a person is told."""
    return person.is_active and person.agency_id == agency


def _of_department(*people: User | None) -> list[User]:
    """Those who still read the whole register."""
    return [one for one in people if one and one.sees_everything]


def _in_charge(assignments: Iterable[Assignment]) -> list[User]:
    return [person for people in _in_charge_of(list(assignments)).values() for person in people]


def _in_charge_of(rows: Sequence[Assignment]) -> dict[int, list[User]]:
    """By assignment the person in charge; where nobody is, or no longer, everybody who may report."""
    found = {row.pk: [row.person] for row in rows if row.person and _works_in(row.person, row.agency_id)}
    open_to_all = [row for row in rows if row.pk not in found]
    reporters = _reporters(row.agency_id for row in open_to_all)
    return found | {row.pk: reporters[row.agency_id] for row in open_to_all}


def _author(record: Any) -> list[User]:
    """Who wrote it; their agency's people once they have left."""
    if _works_in(record.author, record.agency_id):
        return [record.author]
    return _reporters([record.agency_id])[record.agency_id]


def _people_of(directives: Iterable[Directive]) -> dict[int, list[User]]:
    """By directive the people of every agency that has it, and who tracks it."""
    found = {one.pk: _of_department(one.tracking_officer) for one in directives}
    held = Assignment.objects.filter(directive__in=found).exclude(status=Status.TRANSFERRED)
    rows = list(held.select_related("person"))
    people = _in_charge_of(rows)
    for row in rows:
        found[row.directive_id] += people[row.pk]
    return found


def _people_of_assignment(event: DirectiveEvent) -> list[User]:
    return _in_charge([event.assignment]) if event.assignment else []


def _assigners(event: DirectiveEvent) -> list[User]:
    """Who gave the assignment, and who tracks the directive."""
    assigner = event.assignment.assigned_by if event.assignment else None
    return _of_department(assigner, event.directive.tracking_officer)


def _asker(request: ExtensionRequest) -> list[User]:
    """Who asked, and the head of their agency."""
    heads = User.objects.active().filter(agency=request.agency_id, role=User.Role.AGENCY_HEAD)
    return [*_author(request), *heads]


def _deciders(request: ExtensionRequest) -> list[User]:
    """Who tracks and who directs the work, as far as they may decide; where neither may, the department's leaders."""
    directive = request.assignment.directive
    named = [one for one in (directive.tracking_officer, directive.directing_leader) if one]
    may = [one for one in named if is_extension_decider(one, request)]
    leaders = User.objects.active().filter(role=User.Role.LEADER)
    return may or [one for one in leaders if is_extension_decider(one, request)]


def _proposer(request: ExtensionRequest) -> list[User]:
    return _of_department(request.proposed_by)


def _answerers(instruction: Instruction) -> list[User]:
    """Whom the leader named; else the lead agency's people and who tracks the directive."""
    if instruction.addressee:
        return [instruction.addressee]
    directive = instruction.directive
    lead = [directive.lead_id] if directive.lead_id else []
    return [
        *(person for people in _reporters(lead).values() for person in people),
        *_of_department(directive.tracking_officer),
    ]


def _approvers(event: PeriodicReportEvent) -> list[User]:
    """The leaders who may approve the official report."""
    leaders = User.objects.active().filter(role=User.Role.LEADER)
    return [one for one in leaders if can_approve_report(one, event.report)]


def _writers(event: PeriodicReportEvent) -> list[User]:
    return _of_department(*User.objects.active().filter(pk__in=event.report.writers))


# The table: step → what is told to whom

OF_DIRECTIVES = frozenset(
    ("paused", "resumed", "stopped", "withdrawn", "restored", "reopened", "deadline_corrected")
)
"""Steps of a directive as a whole, told as a change to all its people; those of its assignments tell nothing more."""

OF_ASSIGNMENTS = {
    "declined": Told(Kind.DECLINED, _assigners),
    "answered": Told(Kind.ASSIGNED, _people_of_assignment),
    "transferred": Told(Kind.CHANGED, _people_of_assignment),
}

OF_EXTENSIONS = {
    ("", Asked.ASKED): Told(Kind.EXTENSION_ASKED, _deciders),
    (Asked.ASKED, Asked.GRANTED): Told(Kind.EXTENSION_DECIDED, _asker),
    (Asked.ASKED, Asked.REFUSED): Told(Kind.EXTENSION_DECIDED, _asker),
    (Asked.ASKED, Asked.PROPOSED): Told(Kind.DATE_PROPOSED, _asker),
    (Asked.PROPOSED, Asked.GRANTED): Told(Kind.PROPOSAL_ANSWERED, _proposer),
    (Asked.PROPOSED, Asked.NOT_ACCEPTED): Told(Kind.PROPOSAL_ANSWERED, _proposer),
}

OF_PAPERS = {
    "submitted": Told(Kind.PAPER_SUBMITTED, _approvers),
    "returned": Told(Kind.PAPER_RETURNED, _writers),
    "approved": Told(Kind.PAPER_APPROVED, _writers),
    "signed": Told(Kind.PAPER_SIGNED, _writers),
}
"""Official reports. What is taken back has told nobody."""

OF_REPORTS: dict[str, Notice.Kind] = {
    ReportStatus.RETURNED: Kind.RETURNED,
    ReportStatus.CONFIRMED: Kind.CONFIRMED,
}
OF_FIGURES: dict[str, Notice.Kind] = {
    ReportStatus.RETURNED: Kind.FIGURE_RETURNED,
    ReportStatus.CONFIRMED: Kind.FIGURE_CONFIRMED,
}
"""To the author. A figure inside a report goes with its report."""


# Called by the verbs


def assigned(given: list[Assignment], *, by: User, at: dt.datetime | None) -> None:
    """Agencies have been given directives, in one act: of each directive every agency reads its own assignment."""
    by_directive: dict[int, list[Assignment]] = defaultdict(list)
    for row in given:
        by_directive[row.directive_id].append(row)
    people = _in_charge_of(given)
    tellings = [
        Telling(
            [person for row in rows for person in people[row.pk]],
            Kind.ASSIGNED,
            cause=f"assigned:{rows[0].pk}",
            url=rows[0].directive.get_absolute_url(),
            directive=rows[0].directive,
            own={row.agency_id: {"assignment": row, "words": _words_of(row)} for row in rows},
        )
        for rows in by_directive.values()
    ]
    Notice.tell_all(tellings, by=by, at=at or clock.now())


def put_in_charge(assignment: Assignment, *, by: User, at: dt.datetime | None) -> None:
    """Somebody does the work from now on, or nobody by name; who was named before is not told so any longer."""
    cause = f"in-charge:{assignment.pk}"
    Notice.take_back(cause)
    _tell(
        [assignment.person] if assignment.person else [],
        Kind.ASSIGNED,
        cause=cause,
        url=assignment.directive.get_absolute_url(),
        by=by,
        at=at,
        directive=assignment.directive,
        assignment=assignment,
        words=_words_of(assignment) | {"in_charge": True},
    )


def handed_over(person: User, taken: Mapping[User, int], *, by: User, at: dt.datetime) -> None:
    """The open work of a person has been given to others in one act: each is told how much of it at once."""
    for heir, count in taken.items():
        words = {"handed_over": count, "from": person.full_name}
        cause = f"handed-over:{person.pk}:{at:%H%M%S%f}"
        _tell([heir], Kind.ASSIGNED, cause=cause, url=reverse("my_work"), by=by, at=at, words=words)


def stepped(event: DirectiveEvent) -> None:
    """A step of a directive or of one of its assignments has been logged."""
    if event.assignment_id is None:
        directives_stepped([event])
        return
    settling.assignments_stepped([event])
    rule = OF_ASSIGNMENTS.get(event.kind)
    if rule is None:
        return
    words = {"reason": event.reason}
    if event.kind == "answered" and event.assignment:
        words = _words_of(event.assignment) | words | {"again": True}
    _tell(
        rule.whom(event),
        rule.kind,
        cause=f"step:{event.pk}",
        url=event.directive.get_absolute_url(),
        by=event.by,
        at=event.at,
        directive=event.directive,
        assignment=event.assignment,
        words=words | _words_of_change(event) if rule.kind == Kind.CHANGED else words,
    )


def directives_stepped(events: Sequence[DirectiveEvent]) -> None:
    """Steps of directives as a whole have been logged, all of one act."""
    told = [event for event in events if event.kind in OF_DIRECTIVES]
    if not told:
        return
    people = _people_of([event.directive for event in told])
    tellings = [
        Telling(
            people[event.directive_id],
            Kind.CHANGED,
            cause=f"step:{event.pk}",
            url=event.directive.get_absolute_url(),
            directive=event.directive,
            words={"reason": event.reason} | _words_of_change(event),
        )
        for event in told
    ]
    Notice.tell_all(tellings, by=told[0].by, at=told[0].at)


def extension_moved(request: ExtensionRequest, before: str) -> None:
    """A request for an extension stands elsewhere than ``before``. A decision that is undone has told nobody."""
    settling.extension_moved(request, before, request.answered_at or request.decided_at)
    if request.status == Asked.ASKED and before:
        Notice.take_back(f"extension:{request.pk}:{request.version - 1}")
        return
    rule = OF_EXTENSIONS.get((before, Asked(request.status)))
    if rule is None:
        return
    is_decision = before == Asked.ASKED
    is_answer = before == Asked.PROPOSED
    by, at = request.author, request.asked_at
    if is_decision and request.decided_by and request.decided_at:
        by, at = request.decided_by, request.decided_at
    if is_answer and request.answered_by and request.answered_at:
        by, at = request.answered_by, request.answered_at
    about = {
        "cause": f"extension:{request.pk}:{request.version}",
        "by": by,
        "at": at,
        "directive": request.assignment.directive,
        "hold_seconds": UNDO_SECONDS + UNDO_GRACE if is_decision else 0,
    }
    _tell(
        rule.whom(request),
        rule.kind,
        url=request.get_absolute_url(),
        assignment=request.assignment,
        words=_WORDS_OF_EXTENSIONS[rule.kind](request),
        **about,
    )
    if request.status == Asked.GRANTED and request.assignment.carries_the_directive:
        _tell_followers(request, about)


def _tell_followers(request: ExtensionRequest, about: dict[str, Any]) -> None:
    """The co-operating agencies whose deadline moves with the directive's; called before it moves."""
    directive = request.assignment.directive
    same = directive.assignments.cooperating().filter(due_on=request.moved_from, status__in=OPEN)
    following = list(same.select_related("person"))
    days = {"before": _iso(request.moved_from), "after": _iso(request.granted_due_on)}
    _tell(
        _in_charge(following),
        Kind.CHANGED,
        url=directive.get_absolute_url(),
        words={"step": "extended"} | days,
        own={row.agency_id: {"assignment": row} for row in following},
        **about,
    )


def report_moved(report: ProgressReport, *, by: User, at: dt.datetime | None, note: str) -> None:
    """A progress report has been returned or confirmed. One handed in waits in the queue; nobody is told at once."""
    settling.report_moved(report, at)
    kind = OF_REPORTS.get(report.status)
    if kind is None:
        return
    is_returned = kind == Kind.RETURNED
    words: dict[str, Any] = {"note": note}
    if is_returned:
        words["fix_by"] = _iso(report.fix_by)
    else:
        is_completion = report.claim == ProgressReport.Claim.COMPLETED
        words = {"reason": note, "percent": report.percent, "completed": is_completion}
    _tell(
        _author(report),
        kind,
        cause=f"report:{report.pk}:{report.version}",
        url=reverse("progress_log", args=[report.assignment_id])
        if is_returned
        else report.get_absolute_url(),
        by=by,
        at=at,
        directive=report.assignment.directive,
        assignment=report.assignment,
        words=words,
    )


def figure_moved(figure: Measurement, *, by: User, at: dt.datetime | None, note: str) -> None:
    """A figure handed in by itself has been returned or confirmed."""
    settling.figure_moved(figure, at)
    kind = OF_FIGURES.get(figure.status)
    if kind is None or figure.report_id:
        return
    indicator, period = figure.indicator, figure.period
    words = {
        "note" if kind == Kind.FIGURE_RETURNED else "reason": note,
        "name": indicator.name,
        "name_en": indicator.name_en,
        "period": [period.kind, period.year, period.number],
        "period_name": period.name,
        "figure": figure.pk,
    }
    url = figure.get_absolute_url()
    cause = f"figure:{figure.pk}:{figure.version}"
    _tell(_author(figure), kind, cause=cause, url=url, by=by, at=at, words=words)


def instructed(instruction: Instruction) -> None:
    directive = instruction.directive
    _tell(
        _answerers(instruction),
        Kind.INSTRUCTED,
        cause=f"instruction:{instruction.pk}",
        url=f"{directive.get_absolute_url()}#chi-dao",
        by=instruction.by,
        at=instruction.at,
        directive=directive,
        words={"text": instruction.text, "answer_due_on": _iso(instruction.answer_due_on)},
    )


def instruction_answered(instruction: Instruction) -> None:
    settling.instruction_answered(instruction)
    directive = instruction.directive
    _tell(
        _of_department(instruction.by),
        Kind.ANSWERED,
        cause=f"answer:{instruction.pk}",
        url=f"{directive.get_absolute_url()}#chi-dao",
        by=instruction.answered_by,
        at=instruction.answered_at,
        directive=directive,
        words={"answer": instruction.answer},
    )


def urged(urging: Urging, recipients: Iterable[UrgingRecipient]) -> None:
    """Each urged agency's people read what their own agency lacks."""
    common = {"grade": urging.grade, "answer_due_on": _iso(urging.answer_due_on), "urging": urging.pk}
    own = {one.agency_id: {"words": common | {"lacks": one.lacks}} for one in recipients}
    people = [person for each in _reporters(own).values() for person in each]
    url, cause = urging.get_absolute_url(), f"urging:{urging.pk}"
    _tell(people, Kind.URGED, cause=cause, url=url, by=urging.by, at=urging.at, own=own)


def urging_answered(recipient: UrgingRecipient) -> None:
    settling.urging_answered(recipient)
    urging = recipient.urging
    _tell(
        _of_department(urging.by),
        Kind.URGING_ANSWERED,
        cause=f"urging-answer:{recipient.pk}",
        url=urging.get_absolute_url(),
        by=recipient.answered_by,
        at=recipient.answered_at,
        words={"answer": recipient.answer, "urging": urging.pk},
    )


def paper_moved(event: PeriodicReportEvent) -> None:
    """A step of an official report: leaders hear of one submitted, its writers of what became of it."""
    report = event.report
    if event.step == "taken_back":
        Notice.take_back(f"paper:{report.pk}:{report.version - 1}")
        return
    if event.step in {"submitted", "approved", "returned", "discarded"}:
        settling.paper_moved(report, event.at)
    rule = OF_PAPERS.get(event.step)
    if rule is None:
        return
    _tell(
        rule.whom(event),
        rule.kind,
        cause=f"paper:{report.pk}:{report.version}",
        url=report.get_absolute_url(),
        by=event.by,
        at=event.at,
        words={
            "title": report.title,
            "number": report.full_number if report.number else "",
            "note": event.reason,
        },
    )


def _tell(people: Iterable[User], kind: str, *, at: dt.datetime | None, **about: Any) -> None:
    Notice.tell(people, kind, at=at or clock.now(), **about)


# What a sentence needs besides the directive


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _words_of(assignment: Assignment) -> dict[str, Any]:
    return {"due_on": _iso(assignment.due_on), "cooperating": not assignment.is_lead}


def _words_of_change(event: DirectiveEvent) -> dict[str, Any]:
    words = {"step": event.kind}
    directive: Directive = event.directive
    if event.kind == "paused":
        words["review_on"] = _iso(directive.review_on)
    if event.kind == "deadline_corrected":
        words |= {"before": _iso(event.due_on_before), "after": _iso(event.due_on_after)}
    if event.document:
        words["document"] = event.document.number or event.document.abstract
    return words


def _words_of_request(request: ExtensionRequest) -> dict[str, Any]:
    days = {"before": _iso(request.due_on_before), "after": _iso(request.new_due_on)}
    return days | {"reason": request.reason, "after_deadline": request.is_after_deadline}


def _words_of_decision(request: ExtensionRequest) -> dict[str, Any]:
    is_granted = request.status == Asked.GRANTED
    return {"granted": is_granted, "day": _iso(request.granted_due_on), "note": request.decision_note}


def _words_of_proposal(request: ExtensionRequest) -> dict[str, Any]:
    days = {"proposed": _iso(request.proposed_due_on), "asked": _iso(request.new_due_on)}
    return days | {"note": request.proposal_note}


def _words_of_answer(request: ExtensionRequest) -> dict[str, Any]:
    is_accepted = request.status == Asked.GRANTED
    return {"accepted": is_accepted, "day": _iso(request.proposed_due_on), "note": request.answer_note}


_WORDS_OF_EXTENSIONS: dict[Notice.Kind, Callable[[ExtensionRequest], dict[str, Any]]] = {
    Kind.EXTENSION_ASKED: _words_of_request,
    Kind.EXTENSION_DECIDED: _words_of_decision,
    Kind.DATE_PROPOSED: _words_of_proposal,
    Kind.PROPOSAL_ANSWERED: _words_of_answer,
}
