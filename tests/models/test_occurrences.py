"""Yearly work: one directive a year, opened once, each with its own deadline and result."""

import datetime as dt
import itertools
import threading

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils.translation import override

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_completed,
    make_directive,
    make_document,
    make_group,
    make_user,
)
from tracker.figures.completeness import _silence, judged
from tracker.figures.reminded import reminded
from tracker.figures.scope import Scope
from tracker.figures.warnings import watched
from tracker.figures.work import to_do
from tracker.models import (
    Configuration,
    Directive,
    DirectiveSource,
    Notice,
    ReportingPeriod,
    Status,
    WrongStep,
)
from tracker.models.directives import TITLE_LENGTH
from tracker.models.occurrences import waiting_for
from tracker.vietnamese.working_days import WorkingDays

pytestmark = pytest.mark.django_db
_numbers = itertools.count(1)


def make_yearly(agency=None, *, printed="Hằng năm", on=dt.date(2020, 1, 14), **fields):
    """Yearly work that is assigned; its code is none that the register gives."""
    values = {
        "code": f"HN-{next(_numbers)}",
        "due_on": None,
        "deadline_kind": Directive.DeadlineKind.YEARLY,
        "deadline_printed": printed,
    }
    return make_assignment(agency, on=on, **(values | fields)).directive


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def opened(directive, year=2020, *, today=TODAY):
    at = dt.datetime.combine(today, dt.time(8), tzinfo=NOON.tzinfo)
    return directive.open_year(year, by=make_user("officer"), today=today, at=at)


def test_a_year_has_the_words_sources_and_bodies_of_the_yearly_work():
    lead, helping, officer, leader = make_agency(), make_agency(), make_user("officer"), make_user("leader")
    person = make_user(agency=lead)
    yearly = make_directive(
        code="HN-0",
        title="Kiểm tra an toàn thông tin",
        title_en="Check information security",
        due_on=None,
        deadline_kind="yearly",
        deadline_printed="Hằng năm",
        tracking_officer=officer,
        directing_leader=leader,
        is_key=True,
    )
    second = DirectiveSource.cite(
        yearly, by=officer, document=make_document(), sentence="Nhắc lại.", gloss="Lời báo"
    )
    yearly.assign(by=officer, lead=lead, cooperating=[helping], person=person, today=TODAY)

    year = opened(yearly)

    assert (year.code, year.label) == ("NV-2020-001", "Kiểm tra an toàn thông tin (năm 2020)")
    with override("en"):
        assert year.label == "Check information security (year 2020)"
    assert (year.parent, year.occurrence_year) == (yearly, 2020)
    same = (
        "field",
        "kind",
        "force",
        "lead",
        "tracking_officer",
        "directing_leader",
        "is_key",
        "deadline_printed",
    )
    assert [getattr(year, name) for name in same] == [getattr(yearly, name) for name in same]
    assert [(row.document, row.sentence, row.gloss) for row in year.sources.all()] == [
        (row.document, row.sentence, row.gloss) for row in (yearly.sources.first(), second)
    ]
    assert set(year.assignments.values_list("agency", "role", "person", "due_on")) == {
        (lead.pk, "lead", person.pk, dt.date(2020, 12, 31)),
        (helping.pk, "cooperating", None, dt.date(2020, 12, 31)),
    }
    assert (year.status, year.assigned_on, year.original_due_on) == (Status.NEW, TODAY, dt.date(2020, 12, 31))


@pytest.mark.parametrize("length", [TITLE_LENGTH - 1, TITLE_LENGTH])
def test_the_longest_title_stays_as_printed_and_every_reader_sees_its_year(length):
    yearly = make_yearly(title="N" * length, title_en="E" * length)

    year = opened(yearly)

    year.full_clean()
    assert (year.title, year.title_en) == (yearly.title, yearly.title_en)
    assert year.label == f"{yearly.title} (năm 2020)"
    assert str(year) == f"{year.code} {'N' * 80} (năm 2020)"
    with override("en"):
        assert year.label == f"{yearly.title_en} (year 2020)"
    assert yearly.label == yearly.title


@pytest.mark.parametrize(
    ("printed", "year", "kind", "due_on"),
    [
        ("Hằng năm", 2020, "year_end", dt.date(2020, 12, 31)),
        ("trước 31/12 hằng năm", 2020, "year_end", dt.date(2020, 12, 31)),
        ("15/6 hằng năm", 2021, "day", dt.date(2021, 6, 15)),
        ("Quý III hằng năm", 2020, "day", dt.date(2020, 9, 30)),
        ("2020 và những năm tiếp theo", 2020, "year_end", dt.date(2020, 12, 31)),
    ],
)
def test_a_year_is_due_on_the_printed_day_or_at_its_end(printed, year, kind, due_on):
    found = opened(make_yearly(printed=printed), year)

    assert (found.deadline_kind, found.due_on, found.deadline_inferred) == (kind, due_on, True)


def test_the_yearly_work_has_no_deadline_and_tells_that_a_year_was_opened():
    yearly = make_yearly()

    year = opened(yearly)

    yearly.refresh_from_db()
    assert (yearly.due_on, yearly.status) == (None, Status.NEW)
    assert list(yearly.events.filter(kind="year_opened").values_list("reason", flat=True)) == [year.code]


def test_opening_a_year_again_gives_the_same():
    yearly = make_yearly()
    first = opened(yearly)

    assert opened(yearly) == first
    assert (yearly.children.count(), yearly.events.filter(kind="year_opened").count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_who_open_a_year_at_the_same_time_open_it_once():
    yearly, officer = make_yearly(), make_user("officer")
    start, codes = threading.Barrier(2), []

    def act():
        try:
            start.wait(timeout=10)
            codes.append(Directive.objects.get(pk=yearly.pk).open_year(2020, by=officer, today=TODAY).code)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert len(codes) == 2
    assert len(set(codes)) == 1
    assert yearly.children.count() == 1


def test_an_unfinished_year_stays_open_and_late_beside_the_next():
    yearly = make_yearly(printed="15/6 hằng năm")
    opened(yearly)

    opened(yearly, 2021, today=dt.date(2021, 1, 4))

    scope = Scope.of(make_user("leader"), dt.date(2021, 1, 4))
    found = (
        scope.directives().order_by("occurrence_year").values_list("occurrence_year", "standing", "due_on")
    )
    assert list(found) == [
        (2020, "late", dt.date(2020, 6, 15)),
        (2021, "todo", dt.date(2021, 6, 15)),
        (None, "todo", None),
    ]


def test_each_year_has_its_own_result():
    yearly = make_yearly()
    first = opened(yearly)
    second = opened(yearly, 2021)

    make_completed(first.assignments.get())

    yearly.refresh_from_db()
    second.refresh_from_db()
    first.refresh_from_db()
    assert [row.status for row in (first, second, yearly)] == [Status.COMPLETED, Status.NEW, Status.NEW]


def test_a_group_is_fanned_out_to_its_members_of_the_day():
    old, new = make_agency(), make_agency()
    group = make_group(old)
    yearly = make_directive(code="HN-0", due_on=None, deadline_kind="yearly")
    yearly.assign(by=make_user("officer"), lead=group, today=dt.date(2020, 1, 14))
    group.set_members([new], today=TODAY)

    year = opened(yearly)

    assert list(year.assignments.values_list("agency", "via_group")) == [(new.pk, group.pk)]


def test_a_body_that_has_merged_is_followed_and_one_that_is_gone_left_out():
    heir = make_agency()
    lead, helping, gone = make_agency(), make_agency(), make_agency()
    yearly = make_yearly(lead)
    yearly.assign(by=make_user("officer"), cooperating=[helping, gone], today=dt.date(2020, 1, 14))
    for body, into in ((lead, heir), (helping, heir), (gone, None)):
        body.valid_to, body.merged_into = dt.date(2020, 5, 31), into
        body.save()

    year = opened(Directive.objects.get(pk=yearly.pk))

    assert list(year.assignments.values_list("agency", "role")) == [(heir.pk, "lead")]
    assert year.lead == heir


def test_work_whose_lead_is_gone_cannot_be_given_and_leaves_nothing_behind():
    lead = make_agency()
    yearly = make_yearly(lead)
    lead.valid_to = dt.date(2020, 5, 31)
    lead.save()

    with pytest.raises(ValidationError, match="cơ quan không còn"):
        opened(Directive.objects.get(pk=yearly.pk))

    assert not yearly.children.exists()


def test_a_person_who_has_left_is_not_put_in_charge_again():
    yearly = make_yearly()
    row = yearly.assignments.get()
    row.put_in_charge(by=make_user("officer"), person=make_user(agency=row.agency, is_active=False))

    assert opened(yearly).assignments.get().person is None


@pytest.mark.parametrize(
    ("change", "year"),
    [
        ({"deadline_kind": "ongoing"}, 2020),
        ({"deadline_kind": "none"}, 2020),
        ({}, 2019),
        ({"deadline_printed": "10/1 hằng năm"}, 2020),
        ({}, 2101),
    ],
)
def test_other_work_and_years_before_the_assignment_are_not_opened(change, year):
    yearly = make_yearly()
    Directive.objects.filter(pk=yearly.pk).update(**change)

    with pytest.raises(WrongStep):
        opened(yearly, year)

    assert not yearly.children.exists()


@pytest.mark.parametrize("step", ["unassigned", "paused", "withdrawn"])
def test_what_is_not_running_opens_no_year(step):
    leader = make_user("leader")
    yearly = make_directive(due_on=None, deadline_kind="yearly") if step == "unassigned" else make_yearly()
    if step == "paused":
        yearly.pause(by=leader, reason="Chờ kinh phí.", review_on=dt.date(2020, 7, 1))
    if step == "withdrawn":
        yearly.withdraw(by=leader, reason="Nhập nhầm.")

    with pytest.raises(WrongStep):
        opened(yearly)

    assert not waiting_for(2020).exists()


# The daily run


def test_the_daily_run_opens_this_year_once_in_the_name_of_who_assigned_the_work(capsys):
    officer = make_user("officer")
    yearly = make_assignment(by=officer, code="HN-0", due_on=None, deadline_kind="yearly").directive
    make_assignment(due_on=None, deadline_kind="ongoing")

    call_command("open_years")
    call_command("open_years")

    year = yearly.children.get()
    assert (year.occurrence_year, year.created_by, year.due_on) == (2020, officer, dt.date(2020, 12, 31))
    assert year.assignments.get().assigned_by == officer
    assert capsys.readouterr().out.splitlines() == ["1 opened for 2020.", "0 opened for 2020."]
    assert Directive.objects.exclude(occurrence_year=None).count() == 1


def test_one_that_cannot_be_given_does_not_hold_up_the_others(capsys):
    lead = make_agency()
    broken, sound = make_yearly(lead), make_yearly()
    lead.valid_to = dt.date(2020, 5, 31)
    lead.save()

    call_command("open_years")

    told = capsys.readouterr()
    assert told.err.startswith(f"{broken.code}: ")
    assert told.out == "1 opened for 2020.\n"
    assert sound.children.count() == 1


def test_work_given_after_the_years_day_waits_for_the_next_year():
    yearly = make_yearly(printed="10/1 hằng năm")

    call_command("open_years")
    call_command("open_years", year=2021)

    assert list(yearly.children.values_list("occurrence_year", "due_on")) == [(2021, dt.date(2021, 1, 10))]


@pytest.mark.parametrize("year", [1999, 2022])
def test_only_this_year_and_the_next_are_opened_by_the_run(year):
    with pytest.raises(CommandError):
        call_command("open_years", year=year)


# What is asked of the bodies


def asked(clerk, day=TODAY):
    """The directives on which each list of the product asks the agency for a word."""
    scope = Scope.of(make_user("leader"), day)
    rows = scope.assignments()
    calendar, office = WorkingDays(), Configuration.current()
    period = ReportingPeriod.in_hand(day)
    lists = {
        "my work": to_do(clerk, day, 14),
        "the period": judged(scope, period).filter(handing__in=["missing", "pending"]),
        "silence": reminded(Notice.Kind.SILENT, rows, office, day, calendar),
        "not received": reminded(Notice.Kind.NOT_RECEIVED, rows, office, day, calendar),
    }
    found = {name: set(rows.values_list("directive__code", flat=True)) for name, rows in lists.items()}
    return found | {"warnings": set(watched(scope).values_list("code", flat=True))}


def test_once_a_year_is_opened_the_year_is_reported_on_and_not_the_yearly_work_as_well():
    clerk = make_user()
    yearly = make_yearly(clerk.agency)
    before = asked(clerk)

    year = opened(yearly, today=dt.date(2020, 2, 3))

    assert set(map(frozenset, before.values())) == {frozenset({yearly.code})}
    assert set(map(frozenset, asked(clerk).values())) == {frozenset({year.code})}


def test_a_period_that_closed_before_the_year_was_opened_asked_for_the_yearly_work():
    clerk = make_user()
    yearly = make_yearly(clerk.agency)
    ReportingPeriod.generate(2020)
    may = ReportingPeriod.objects.get(code="2020-05")
    scope = Scope.of(make_user("leader"), TODAY)

    opened(yearly)

    assert list(judged(scope, may).values_list("directive__code", "handing")) == [(yearly.code, "missing")]
    assert _silence(scope, [clerk.agency_id]) == {clerk.agency_id: (0, False)}
