"""What is assigned, withdrawn or retired at once equals what is one by one: rows, history, steps, notices, mail."""

import datetime as dt
from collections import Counter

import pghistory
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    TODAY,
    make_agency,
    make_deputyship,
    make_directive,
    make_document,
    make_field,
    make_group,
    make_indicator,
    make_user,
)
from tracker.models import (
    AssignmentHistory,
    Directive,
    DirectiveHistory,
    Indicator,
    IndicatorHistory,
    Notice,
    OutgoingMessage,
    WrongStep,
)
from tracker.models.assigning import Gift, assign_all
from tracker.models.withdrawing import withdraw_all

pytestmark = pytest.mark.django_db

GONE = TODAY - dt.timedelta(days=1)
MOMENTS_AND_KEYS = {
    *("id", "pgh_id", "pgh_obj_id", "directive_id", "assignment_id", "notice_id", "code", "title"),
    *("search", "cause", "url", "at", "created_at", "pgh_created_at", "next_try_at"),
}


@pytest.fixture(autouse=True)
def request_on_a_day(settings):
    settings.TRACKER_TODAY = TODAY
    with pghistory.context(url="/"):
        yield


class Office:
    """A lead and a group with people who report, one of whom is away; an officer who assigns, another who tracks."""

    def __init__(self) -> None:
        self.lead, self.helper, self.other = (make_agency() for _number in range(3))
        self.group = make_group(self.lead, self.helper)
        self.empty, self.gone = make_group(), make_agency(valid_to=GONE)
        for body in (self.lead, self.helper, self.other):
            make_user("staff", agency=body, email=f"s{body.pk}@nd.vn")
        away = make_user("agency_head", agency=self.lead, email="away@nd.vn")
        make_deputyship(away, make_user("staff", agency=self.lead, email="deputy@nd.vn"))
        self.officer, self.tracks = make_user("officer"), make_user("officer", email="tracks@nd.vn")
        self.about = {"field": make_field(), "document": make_document()}

    def directive(self, lead, **fields):
        return make_directive(lead=lead, tracking_officer=self.tracks, **(self.about | fields))


@pytest.fixture
def office():
    return Office()


def rows(records):
    """All columns in the order of writing, but keys and moments; of the context of history rows why they changed."""
    return [
        {name: value for name, value in row.items() if name not in MOMENTS_AND_KEYS}
        | ({"pgh_context": row["pgh_context"].get("reason", "")} if "pgh_context" in row else {})
        for row in records.order_by("pk").values()
    ]


def left(directive):
    """Everything that stands of a directive, and of what was done with it."""
    notices = Notice.objects.filter(directive=directive).order_by("pk")
    told = notices.values_list("user", "kind", "for_person", "by", "day", "words", "assignment__agency")
    steps = directive.events.order_by("pk")
    return {
        "directive": rows(Directive.objects.filter(pk=directive.pk)),
        "assignments": rows(directive.assignments),
        "steps": list(zip(rows(steps), steps.values_list("assignment__agency"), strict=True)),
        "history": rows(DirectiveHistory.objects.filter(pgh_obj=directive.pk)),
        "history of assignments": {
            one.agency_id: rows(AssignmentHistory.objects.filter(pgh_obj=one.pk))
            for one in directive.assignments.all()
        },
        "told": Counter(map(str, told)),
        "read": Counter(notices.exclude(read_at=None).values_list("user", "kind")),
        "mail": Counter(
            OutgoingMessage.objects.filter(notice__in=notices).values_list("user", "kind", "day", "status")
        ),
    }


CASES = {
    "one body": lambda office: (office.lead, []),
    "with others": lambda office: (office.lead, [office.helper, office.other]),
    "a body named twice": lambda office: (office.lead, [office.lead, office.other, office.other]),
    "a group": lambda office: (office.group, []),
    "a group beside its member": lambda office: (office.lead, [office.group]),
    "members beside their group": lambda office: (office.group, [office.lead, office.other]),
    "nobody leads": lambda office: (None, [office.other]),
    "a lead that is gone": lambda office: (office.gone, []),
    "a helper that is gone": lambda office: (office.lead, [office.gone]),
    "a group without members": lambda office: (office.lead, [office.empty]),
}
FIELDS = [
    {},
    {"due_on": None, "deadline_kind": Directive.DeadlineKind.ONGOING},
    {"due_on": None, "deadline_kind": Directive.DeadlineKind.DAY},
]


@pytest.mark.parametrize("fields", FIELDS, ids=["a day", "without a day", "a day that is missing"])
@pytest.mark.parametrize("case", CASES)
def test_what_is_assigned_at_once_equals_what_is_assigned_alone(office, case, fields):
    lead, helping = CASES[case](office)
    alone, at_once = (office.directive(lead, **fields) for _number in range(2))
    refusal = ""
    try:
        alone.assign(by=office.officer, cooperating=helping, today=TODAY)
    except ValidationError as refused:
        refusal = " ".join(refused.messages)

    gift = Gift(at_once, helping)
    assign_all([gift], by=office.officer, today=TODAY)

    assert gift.refusal == refusal
    assert left(at_once) == left(alone)
    assert gift.directive.version == Directive.objects.get(pk=at_once.pk).version
    assert bool(refusal) == (not left(alone)["told"])


@pytest.mark.parametrize("state", ["without a source", "assigned", "withdrawn"])
def test_what_cannot_be_assigned_stays_as_it_is_beside_what_can(office, state):
    wrong, right = office.directive(office.lead), office.directive(office.lead)
    if state == "without a source":
        wrong.sources.all().delete()
    elif state == "assigned":
        wrong.assign(by=office.officer, today=TODAY)
    else:
        wrong.withdraw(by=office.officer, reason="nhầm")
    before = left(wrong)
    gifts = [Gift(wrong), Gift(right)]

    assign_all(gifts, by=office.officer, today=TODAY)

    assert [bool(gift.refusal) for gift in gifts] == [True, False]
    assert left(wrong) == before
    assert right.assignments.count() == 1


@pytest.mark.parametrize("state", ["nobody has it", "assigned", "paused", "refused"])
def test_what_is_withdrawn_at_once_equals_what_is_withdrawn_alone(office, state):
    found = [office.directive(office.group) for _number in range(2)]
    refusing = make_user("staff", agency=office.helper)
    for directive in found:
        if state != "nobody has it":
            directive.assign(by=office.officer, cooperating=[office.other], today=TODAY)
            directive.assignments.get(agency=office.other).put_in_charge(
                by=office.officer, person=office.other.people.get()
            )
        if state == "paused":
            directive.pause(by=office.officer, reason="chờ", review_on=TODAY)
        if state == "refused":
            directive.assignments.get(agency=office.helper).decline(by=refusing, reason="không phải việc")
    alone, at_once = found

    alone.withdraw(by=office.officer, reason="nhập nhầm")
    withdraw_all([at_once], by=office.officer, reason="nhập nhầm")

    assert left(at_once) == left(alone)
    assert left(alone)["told"]
    assert Directive.objects.get(pk=at_once.pk).status == "withdrawn"


def test_one_that_is_withdrawn_already_stops_all(office):
    first, second = (office.directive(office.lead) for _number in range(2))
    second.withdraw(by=office.officer, reason="nhầm")

    with pytest.raises(WrongStep):
        withdraw_all([first, second], by=office.officer, reason="nhập nhầm")

    first.refresh_from_db()
    assert first.status == "unassigned"


def test_indicators_retired_at_once_equal_one_retired_alone(office):
    alone, *others = [make_indicator(field=office.about["field"], owner=office.lead) for _number in range(3)]
    about = {"by": office.officer, "on": TODAY, "reason": "nhập nhầm"}

    alone.retire(**about)
    Indicator.retire_all(others, **about)

    for model, key in ((Indicator, "pk"), (IndicatorHistory, "pgh_obj")):
        expected, *found = [rows(model.objects.filter(**{key: one.pk})) for one in (alone, *others)]
        assert [[row | {"name": ""} for row in each] for each in found] == [
            [row | {"name": ""} for row in expected]
        ] * 2
    with pytest.raises(WrongStep):
        Indicator.retire_all([make_indicator(), alone], **about)


def test_more_directives_ask_no_more_of_the_database(office):
    asked = {"assign": [], "withdraw": []}
    for number in (3, 30):
        found = [office.directive(office.lead) for _number in range(number)]
        with CaptureQueriesContext(connection) as queries:
            assign_all([Gift(one, [office.group]) for one in found], by=office.officer, today=TODAY)
        asked["assign"].append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            withdraw_all(found, by=office.officer, reason="nhập nhầm")
        asked["withdraw"].append(len(queries))
        assert all(one.assignments.count() == 2 for one in found)

    assert asked["assign"][0] == asked["assign"][1] < 30
    assert asked["withdraw"][0] == asked["withdraw"][1] < 30
