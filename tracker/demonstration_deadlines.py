"""Deadlines in the demonstration year: extensions, a correction, urgings with answers, deputies, reminders.

What happens stands in ``fixtures/demo_deadlines.json``. All of it is made up (dữ liệu minh hoạ).
"""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pghistory
from django.db.models import F

from tracker import clock
from tracker.demonstration_acts import LAST_DAY, Deed, acting, attach_samples, day, moment
from tracker.models import (
    Assignment,
    Deputyship,
    ExtensionRequest,
    Notice,
    NoticePreference,
    Urging,
    UrgingRecipient,
)
from tracker.permissions import (
    can_answer_urging,
    can_ask_extension,
    can_correct_deadline,
    can_decide_extension,
    can_urge_with,
    require,
)
from tracker.register_data import read_fixture
from tracker.reminders import write_digests

if TYPE_CHECKING:
    from tracker.demonstration import Year

READING = dt.timedelta(hours=1)
"""So long after a notice its reader opened it."""


class DeadlinesOfTheYear:
    """The acts on deadlines; ``year`` has the people, agencies, documents and directives."""

    def __init__(self, year: "Year") -> None:
        self.year = year
        self.data: dict[str, Any] = read_fixture("demo_deadlines.json")

    def acts(self) -> Iterator[tuple[dt.datetime, Deed]]:
        yield moment(self.data["mornings"]["first"], "06:00"), self._prefer
        for row in self.data["extensions"]:
            yield self._at(row, self._ask)
            if decision := row.get("decision"):
                yield self._at(decision | {"of": row}, self._decide)
        for row in self.data["corrections"]:
            yield self._at(row, self._correct)
        for row in self.data["urgings"]:
            yield self._at(row, self._urge)
            for answer in row.get("answers", ()):
                yield self._at(answer | {"directive": row["directive"]}, self._answer)
        for row in self.data["deputies"]:
            yield self._at(row, self._stand_in)
        yield from self._mornings()

    def _at(self, row: dict[str, Any], deed: Any) -> tuple[dt.datetime, Deed]:
        return moment(row["on"], row["at"]), self.year.act(deed, row)

    def _mornings(self) -> Iterator[tuple[dt.datetime, Deed]]:
        """The reminders of the last days; a notice that nobody opened for months tells nothing."""
        on, at = day(self.data["mornings"]["first"]), self.data["mornings"]["at"]
        while on <= LAST_DAY:
            yield moment(on, at), lambda: write_digests(clock.today(), at=clock.now())
            on += dt.timedelta(days=1)

    # Extensions and corrections

    def _ask(self, row: dict[str, Any]) -> None:
        by, assignment = self.year.people[row["by"]], self._assignment(row, row["agency"])
        require(can_ask_extension(by, assignment))
        with acting(by):
            request = ExtensionRequest.ask(
                assignment,
                by=by,
                new_due_on=day(row["new_due_on"]),
                reason=row["reason"],
                document=row.get("document", ""),
                today=clock.today(),
            )
            attach_samples(request, row, by=by, label=self.year.data["label"])

    def _decide(self, row: dict[str, Any]) -> None:
        by, asked = self.year.people[row["by"]], row["of"]
        request = ExtensionRequest.objects.waiting().get(assignment=self._assignment(asked, asked["agency"]))
        require(can_decide_extension(by, request))
        with acting(by):
            match row["do"]:
                case "grant":
                    request.grant(by=by, note=row["note"])
                case "refuse":
                    request.refuse(by=by, note=row["note"])
                case "propose":
                    request.propose(day(row["due_on"]), by=by, note=row["note"], today=clock.today())

    def _correct(self, row: dict[str, Any]) -> None:
        by, directive = self.year.people[row["by"]], self.year.directives[row["directive"]]
        directive.refresh_from_db()
        require(can_correct_deadline(by, directive))
        with acting(by):
            directive.correct_deadline(
                day(row["due_on"]), by=by, reason=row["reason"], source=self.year.documents[row["document"]]
            )

    # Urging

    def _urge(self, row: dict[str, Any]) -> None:
        by = self.year.people[row["by"]]
        require(can_urge_with(by, row["grade"]))
        agencies = {self.year.agencies[code]: lacks for code, lacks in row["agencies"].items()}
        with acting(by):
            Urging.send(
                by=by,
                grade=row["grade"],
                agencies=agencies,
                assignments={agency: [self._assignment(row, agency.code)] for agency in agencies},
                reason=row["reason"],
                indicators=[self.year.figures.indicators[row["indicator"]]] if "indicator" in row else [],
                directives=[self.year.directives[row["directive"]]],
                document=self.year.documents.get(row.get("document", "")),
                answer_due_on=day(row["answer_by"]) if "answer_by" in row else None,
            )

    def _answer(self, row: dict[str, Any]) -> None:
        by = self.year.people[row["by"]]
        recipient = UrgingRecipient.objects.unanswered().get(
            agency=self.year.agencies[row["agency"]],
            urging__directives=self.year.directives[row["directive"]],
        )
        require(can_answer_urging(by, recipient))
        with acting(by):
            attach_samples(recipient, row, by=by, label=self.year.data["label"])
            recipient.reply(by=by, answer=row["text"])

    def _assignment(self, row: dict[str, Any], code: str) -> Assignment:
        return self.year.assignment(row["directive"], code)

    # How people want to be told, and what they have read

    def _prefer(self) -> None:
        with pghistory.context(command="seed_demo"):
            for name, wish in self.data["preferences"].items():
                NoticePreference.objects.create(user=self.year.people[name], **wish)

    def _stand_in(self, row: dict[str, Any]) -> None:
        person = self.year.people[row["person"]]
        with acting(person):
            Deputyship.name(
                person,
                self.year.people[row["deputy"]],
                starts_on=day(row["from"]),
                ends_on=day(row["to"]),
                at=clock.now(),
            )

    def read_notices(self) -> None:
        """Whoever has ever logged in has opened what they were told until the day before the last."""
        until = moment(*self.data["read_until"].split("T"))
        Notice.objects.filter(at__lt=until, user__last_login__isnull=False).update(read_at=F("at") + READING)
