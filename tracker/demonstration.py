"""One believable year up to 16/6/2020 (dữ liệu minh hoạ), played through the models' own verbs in order of time.

What happens stands in ``fixtures/demo.json``; names, plans and progress there are made up. Every act asks
``tracker.permissions`` first, so that the year could have happened in the product itself.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pghistory
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from tracker import clock
from tracker.demonstration_acts import LAST_DAY, Deed, acting, attach_samples, day, moment
from tracker.demonstration_deadlines import DeadlinesOfTheYear
from tracker.demonstration_figures import FiguresOfTheYear
from tracker.demonstration_notes import write_notes
from tracker.demonstration_reports import ReportsOfTheYear
from tracker.models import (
    Agency,
    Assignment,
    CalendarDay,
    Configuration,
    Directive,
    DirectiveEvent,
    DirectiveSource,
    Document,
    Evidence,
    Field,
    Instruction,
    MeasurementEvent,
    ProgressReport,
    ReportEvent,
    Status,
    Suggestion,
    User,
)
from tracker.permissions import (
    Act,
    can_answer,
    can_assign,
    can_confirm,
    can_decide_suggestion,
    can_decline,
    can_instruct,
    can_open_year,
    can_receive,
    can_register,
    can_report,
    can_review,
    can_take_step,
    require,
)
from tracker.register_data import read_fixture

FIRST_DAY = dt.date(2020, 1, 2)
SUBSTITUTES = ("van.lh", "huy.pq")
"""Who reviews where the tracking officer works in the agency that reports."""


@transaction.atomic
def seed_demonstration() -> int:
    """Play the year once, all or nothing. Returns how many acts were played; 0 when it is already there."""
    data = read_fixture("demo.json")
    if User.objects.filter(username=data["people"][0]["username"]).exists():
        return 0
    return Year(data).play()


class Year:
    """The year's cast and its acts."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.agencies = {agency.code: agency for agency in Agency.objects.all()}
        self.fields = {field.code: field for field in Field.objects.all()}
        self.directives = {directive.code: directive for directive in Directive.objects.all()}
        self.office = CalendarDay.objects.working_days(FIRST_DAY, dt.date(2020, 12, 31))
        self.people: dict[str, User] = {}
        self.documents: dict[str, Document] = {}

    def play(self) -> int:
        """Everything that happened, one act after another, each with the clock at its moment."""
        with clock.standing_at(moment(FIRST_DAY, "08:00")):
            self._hire()
            self._file_documents()
        self.figures = FiguresOfTheYear(self)
        self.deadlines = DeadlinesOfTheYear(self)
        parts = (self.figures, self.deadlines, ReportsOfTheYear(self))
        acts = sorted(
            [*self._acts(), *(act for part in parts for act in part.acts())], key=lambda act: act[0]
        )
        for at, act in acts:
            with clock.standing_at(at):
                act()
        write_notes(self)
        self._lock_who_left()
        self._note_log_ins()
        self.deadlines.read_notices()
        return len(acts)

    def _hire(self) -> None:
        # One hash for all: hashing sixty passwords one by one would take longer than the rest of the year.
        password = make_password(self.data["password"])
        with pghistory.context(command="seed_demo"):
            for row in self.data["people"]:
                self.people[row["username"]] = User.objects.create(
                    **row | {"agency": self.agencies[row["agency"]], "is_active": True},
                    password=password,
                    created_at=clock.now(),
                    password_changed_at=clock.now(),
                )
            Configuration.objects.filter(pk=1, support="").update(support="Phòng CNTT")

    def _lock_who_left(self) -> None:
        left = [row["username"] for row in self.data["people"] if not row.get("is_active", True)]
        with pghistory.context(command="seed_demo"):
            User.objects.filter(username__in=left).update(is_active=False)

    def _note_log_ins(self) -> None:
        """Whoever acted was logged in then; the others have an account that was never used."""
        acted = [
            Subquery(log.objects.filter(by=OuterRef("pk")).order_by("-at").values("at")[:1])
            for log in (DirectiveEvent, ReportEvent, MeasurementEvent)
        ]
        User.objects.filter(username__in=self.people).update(last_login=Greatest(*acted))

    def _file_documents(self) -> None:
        self.documents = {
            "article": Document.objects.get(kind=Document.Kind.PRESS, issuer="Báo Nam Định"),
            "speech": Document.objects.get(kind=Document.Kind.SPOKEN, issued_on=dt.date(2020, 1, 8)),
            "decree": Document.objects.get(number="49/2017/NĐ-CP"),
        }
        with pghistory.context(command="seed_demo"):
            for key, row in self.data["documents"].items():
                self.documents[key] = Document.objects.create(**row)

    def _acts(self) -> Iterator[tuple[dt.datetime, Deed]]:
        for row in self.data["directives"]:
            yield moment(row["registered_on"], "08:30"), self.act(self._register, row)
        for row in self.data["decided_suggestions"]:
            yield moment(row["on"], "08:50"), self.act(self._decide_suggestion, row)
        for row in self.data["assignments"]:
            yield moment(row["on"], "09:00"), self.act(self._assign, row)
            if row.get("received", True):
                received = self.office.after(day(row["on"]))
                yield moment(received, "08:15"), self.act(self._receive, row)
        for row in self.data["reports"]:
            yield from self._acts_of_report(row)
        for row in self.data["steps"]:
            yield moment(row["on"], "10:30"), self.act(self._step, row)
            if "opens" in row:
                received = self.office.after(day(row["on"]))
                yield moment(received, "08:15"), self.act(self._receive, {"directive": row["opens"]})
        for row in self.data["instructions"]:
            yield moment(row["on"], "11:00"), self.act(self._instruct, row)

    def _acts_of_report(self, row: dict[str, Any]) -> Iterator[tuple[dt.datetime, Deed]]:
        state = row.get("state", "confirmed")
        written = moment(row.get("submitted", row["on"]), row.get("at", "15:10"))
        yield written, self.act(self._report, row)
        if state in {"confirmed", "returned"}:
            usual = self.office.after(timezone.localdate(written))
            reviewed = day(row["reviewed"]) if "reviewed" in row else min(usual, LAST_DAY)
            yield moment(reviewed, row.get("review_at", "16:30")), self.act(self._review, row)

    def act(self, verb: Callable[[dict[str, Any]], None], row: dict[str, Any]) -> Deed:
        return lambda: verb(row)

    # The acts

    def _register(self, row: dict[str, Any]) -> None:
        by = self.people[row["tracking_officer"]]
        require(can_register(by))
        with acting(by):
            directive = Directive.register(
                by=by,
                year=2020,
                title=row["title"],
                field=self.fields[row["field"]],
                force=row["force"],
                parent=self.directives.get(row.get("parent", "")),
                tracking_officer=by,
                directing_leader=self.people[row["directing_leader"]],
                deadline_printed=row["deadline_printed"],
                deadline_kind=row["deadline_kind"],
                due_on=day(row["due_on"]) if row["due_on"] else None,
                output_expected=row.get("output_expected", ""),
                is_key=row.get("is_key", False),
                note=self.data["label"],
            )
            DirectiveSource.objects.create(
                directive=directive, document=self.documents[row["document"]], sentence=row["sentence"]
            )
        self.directives[row["key"]] = directive

    def _decide_suggestion(self, row: dict[str, Any]) -> None:
        by, directive = self.people[row["by"]], self.directives[row["directive"]]
        require(can_decide_suggestion(by, directive))
        with acting(by):
            for suggestion in Suggestion.objects.filter(directive=directive, kind=row["kind"]):
                suggestion.decide(by=by, accepted=row["accepted"])

    def _assign(self, row: dict[str, Any]) -> None:
        by, directive = self.people[row["by"]], self.directives[row["directive"]]
        require(can_assign(by, directive))
        with acting(by):
            if "officer" in row:
                people = {
                    "tracking_officer": self.people[row["officer"]],
                    "directing_leader": self.people[row["leader"]],
                }
                directive.edit(by=by, expected_version=None, **people)
            directive.assign(
                by=by,
                lead=self.agencies[row["lead"]],
                cooperating=[self.agencies[code] for code in row["cooperating"]],
                today=clock.today(),
            )

    def _receive(self, row: dict[str, Any]) -> None:
        waiting = self.directives[row["directive"]].assignments.filter(status=Status.NEW)
        for assignment in waiting.select_related("directive", "agency").order_by("pk"):
            by = self.reporter(assignment.agency.code)
            if by is None:
                continue
            require(can_receive(by, assignment))
            with acting(by):
                assignment.receive(by=by)

    def _report(self, row: dict[str, Any]) -> None:
        assignment = self.assignment(row["directive"], row["agency"])
        by = self.people[row["by"]] if "by" in row else self.reporter(row["agency"])
        require(can_report(by, assignment))
        with acting(by):
            report = ProgressReport.in_hand_of(assignment, by=by, today=clock.today())
            report.save_draft(by=by, as_of_on=day(row["on"]), **_content(row))
            attach_samples(report, row, by=by, label=self.data["label"])
            if link := row.get("evidence_link"):
                Evidence.attach_link(report, by=by, link=link, title=link)
            self.figures.enter_inside(report, row, by)
            if row.get("state") != "draft":
                report.submit(by=by, today=clock.today())

    def _review(self, row: dict[str, Any]) -> None:
        assignment = self.assignment(row["directive"], row["agency"])
        report = ProgressReport.objects.waiting().get(assignment=assignment)
        report.assignment = assignment
        by = self.people[row["reviewer"]] if "reviewer" in row else self.reviewer(assignment)
        with acting(by):
            if row.get("state") == "returned":
                require(can_review(by, report))
                report.send_back(by=by, note=row["note"], fix_by=day(row["fix_by"]))
            else:
                require(can_confirm(by, report, has_evidence=report.evidence.exists()))
                report.confirm(by=by, note=row.get("note", ""))

    def _step(self, row: dict[str, Any]) -> None:
        by, directive = self.people[row["by"]], self.directives[row["directive"]]
        directive.refresh_from_db()
        with acting(by):
            match row["step"]:
                case "pause":
                    require(can_take_step(by, Act.PAUSE, directive))
                    directive.pause(by=by, reason=row["reason"], review_on=day(row["review_on"]))
                case "stop":
                    require(can_take_step(by, Act.STOP, directive))
                    document = self.documents[row["document"]]
                    directive.stop(by=by, document=document, reason=row["reason"])
                case "withdraw":
                    require(can_take_step(by, Act.WITHDRAW, directive))
                    directive.withdraw(by=by, reason=row["reason"])
                case "open_year":
                    require(can_open_year(by, directive))
                    year = directive.open_year(clock.today().year, by=by, today=clock.today())
                    self.directives[row["opens"]] = year
                case "give_again":
                    assignment = self.assignment(row["directive"], row["agency"])
                    require(can_take_step(by, Act.GIVE_AGAIN, assignment))
                    assignment.give_again(by=by, answer=row["reason"])
                case "decline":
                    assignment = self.assignment(row["directive"], row["agency"])
                    require(can_decline(by, assignment))
                    assignment.decline(by=by, reason=row["reason"])

    def _instruct(self, row: dict[str, Any]) -> None:
        by, directive = self.people[row["by"]], self.directives[row["directive"]]
        require(can_instruct(by, directive))
        with acting(by):
            instruction = Instruction.give(
                directive,
                by=by,
                at=clock.now(),
                text=row["text"],
                addressee=self.people.get(row.get("addressee", "")),
                answer_due_on=day(row["answer_by"]) if "answer_by" in row else None,
            )
        if answer := row.get("answer"):
            who = self.people[answer["by"]]
            require(can_answer(who, instruction))
            with acting(who):
                instruction.reply(by=who, answer=answer["text"], at=moment(answer["on"], "16:00"))

    # The cast

    def assignment(self, directive: str, agency: str) -> Assignment:
        rows = Assignment.objects.active().select_related("directive", "agency")
        return rows.get(directive=self.directives[directive], agency=self.agencies[agency])

    def reporter(self, code: str) -> User | None:
        """Whoever of an agency stands first among those who may report; two agencies have nobody."""
        roles = {User.Role.STAFF, User.Role.OFFICER, User.Role.AGENCY_HEAD}
        left = {row["username"] for row in self.data["people"] if not row.get("is_active", True)}
        there = [person for person in self.people.values() if person.agency.code == code]
        return next((one for one in there if one.role in roles and one.username not in left), None)

    def reviewer(self, assignment: Assignment) -> User:
        officer = assignment.directive.tracking_officer
        candidates = [officer, *(self.people[name] for name in SUBSTITUTES)]
        return next(one for one in candidates if one and one.agency_id != assignment.agency_id)


def _content(row: dict[str, Any]) -> dict[str, Any]:
    content = {name: row[name] for name in ProgressReport.CONTENT if name in row}
    if "completed_on" in content:
        content["completed_on"] = day(content["completed_on"])
    return content
