"""Field-level history: written for every change by any way in, and unalterable."""

import datetime as dt
from decimal import Decimal

import pghistory
import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from tests.factories import (
    TODAY,
    make_agency,
    make_assignment,
    make_directive,
    make_evidence,
    make_extension,
    make_indicator,
    make_instruction,
    make_mark,
    make_measurement,
    make_obstacle,
    make_paper,
    make_part,
    make_period,
    make_report,
    make_roster,
    make_urging,
    make_user,
)
from tracker import history
from tracker.closing import close_period
from tracker.models import (
    Agency,
    CalendarDay,
    Configuration,
    Deputyship,
    Directive,
    DirectiveEvent,
    DirectiveHistory,
    Evidence,
    Field,
    FrozenFigure,
    Import,
    MeasurementEvent,
    PeriodEvent,
    PeriodicReportEvent,
    PeriodPlan,
    ReportEvent,
    ReportFile,
    RosterMark,
    Suggestion,
    Target,
    User,
)
from tracker.models import history as logs

pytestmark = pytest.mark.django_db

LOGS = [log for log in vars(logs).values() if isinstance(log, type) and hasattr(log, "pgh_tracked_model")]
STEPS = [
    DirectiveEvent,
    FrozenFigure,
    MeasurementEvent,
    PeriodEvent,
    PeriodicReportEvent,
    ReportEvent,
    ReportFile,
    RosterMark,
    Target,
]
"""Append-only by themselves: steps taken, targets set, numbers frozen, files of signed reports."""

ABOUT_EXTENSIONS = [kind for kind in DirectiveEvent.Kind.values if "exten" in kind or "propos" in kind]


def rows_in_every_log():
    """Changes of every noun that matters, so that each log has a row to attack."""
    assignment = make_assignment()
    make_evidence(make_report(assignment))
    make_instruction(directive=assignment.directive)
    Suggestion.objects.create(directive=assignment.directive, kind="measure", text="Số cơ quan.")
    make_report(state="confirmed")
    group = make_agency(is_group=True)
    group.memberships.create(member=make_agency())
    Configuration.objects.create(pk=1)
    rows_in_the_logs_of_deadlines()
    rows_in_the_logs_of_figures()
    make_paper("signed")
    Import.objects.create(kind="directives", year=2020, created_by=make_user("officer"))


def rows_in_the_logs_of_deadlines():
    """An extension with a file, an answered urging, a deputy, a day of the calendar."""
    request = make_extension(state="granted")
    make_urging(request.agency, about=[request.assignment])
    deputy = make_user(agency=request.agency)
    Deputyship.objects.create(person=request.author, deputy=deputy, starts_on=TODAY, ends_on=TODAY)
    CalendarDay.objects.create(day=TODAY, kind="off", name="Nghỉ")


def rows_in_the_logs_of_figures():
    """A confirmed figure with a question, a plan, a list of agencies, a closed period, an obstacle."""
    indicator = make_indicator(rule="parts")
    part = make_part(indicator)
    make_measurement(indicator, 100, period="2020-04", part=part)
    make_measurement(indicator, 300, part=part)
    period, leader = make_period("2020-05"), make_user("leader")
    PeriodPlan.set_many(indicator, by=leader, values={make_period("2020-06"): Decimal(150)})
    make_mark(make_roster(make_agency()).bodies.get())
    close_period(period, by=leader, closed_for="Báo cáo tháng 5/2020")
    make_obstacle()


def test_every_noun_that_matters_has_a_log():
    names = {log.pgh_tracked_model.__name__ for log in LOGS}

    assert names == {
        "Agency",
        "AgencyMembership",
        "Assignment",
        "CalendarDay",
        "Configuration",
        "DataQuestion",
        "Deputyship",
        "Directive",
        "DirectiveSource",
        "Document",
        "Evidence",
        "ExtensionRequest",
        "Field",
        "Import",
        "Indicator",
        "IndicatorPart",
        "Instruction",
        "Measurement",
        "Obstacle",
        "PeriodPlan",
        "PeriodicReport",
        "ProgressReport",
        "ReportingPeriod",
        "Roster",
        "RosterBody",
        "Suggestion",
        "Urging",
        "UrgingRecipient",
        "User",
    }


def refused(statement):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        return True
    return False


def test_no_log_can_be_changed_or_deleted_not_even_by_raw_sql():
    rows_in_every_log()
    logs = [*LOGS, *STEPS]
    before = {log: list(log.objects.order_by("pk").values()) for log in logs}

    broken = [
        (log.__name__, attack)
        for log in logs
        for attack in ("UPDATE {0} SET {1} = {1} + 100000", "DELETE FROM {0}")
        if not refused(attack.format(log._meta.db_table, log._meta.pk.column))
    ]

    assert broken == []
    assert [log.__name__ for log in logs if not before[log]] == []
    assert {log: list(log.objects.order_by("pk").values()) for log in logs} == before


@pytest.mark.parametrize("log", [*LOGS, *STEPS])
def test_no_log_can_be_emptied_outside_the_tests(log):
    table = log._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
            "WHERE tgrelid = %s::regclass AND NOT tgisinternal AND (tgtype & 32) = 32",
            [f'"{table}"'],
        )
        guards = [body for (body,) in cursor.fetchall()]

    assert len(guards) == 1
    assert "RAISE EXCEPTION" in guards[0]
    assert "current_database() NOT LIKE 'test!_%'" in guards[0]


def newest(directive):
    return DirectiveHistory.objects.filter(id=directive.pk).order_by("-pgh_id").first()


def test_a_change_through_a_page_names_the_person_and_the_place(client, settings):
    settings.TRACKER_TODAY = TODAY
    directive, officer = make_directive(), make_user("officer")
    client.force_login(officer)
    address = reverse("directive_edit", args=[directive.code])
    form = {
        "title": "Tên mới",
        "field": directive.field_id,
        "kind": "task",
        "force": "assign",
        "without_date": "dated",
        "due_on": "30/6/2020",
        "version": 1,
        "reason": "Đính chính.",
    }

    client.post(address, form)

    context = newest(directive).pgh_context
    assert newest(directive).title == "Tên mới"
    assert (context["user"], context["url"], context["address"]) == (officer.pk, address, "127.0.0.1")
    assert context["reason"] == "Đính chính."


def test_bulk_changes_and_raw_sql_are_written_too():
    directive = make_directive()

    Directive.objects.filter(pk=directive.pk).update(note="một")
    directive.note = "hai"
    Directive.objects.bulk_update([directive], ["note"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tracker_directive SET note = 'ba' WHERE id = %s", [directive.pk])

    notes = DirectiveHistory.objects.filter(id=directive.pk).order_by("pgh_id")
    assert list(notes.values_list("pgh_label", "note")) == [
        ("insert", ""),
        ("update", "một"),
        ("update", "hai"),
        ("update", "ba"),
    ]


def test_what_is_taken_away_stays_in_the_log():
    evidence = make_evidence(make_report())
    key = evidence.pk

    evidence.remove()

    labels = (
        logs.EvidenceHistory.objects.filter(id=key).order_by("pgh_id").values_list("pgh_label", flat=True)
    )
    assert list(labels) == ["insert", "delete"]
    assert not Evidence.objects.filter(pk=key).exists()


def test_a_reason_stands_at_its_own_change_and_at_no_other():
    directive, leader = make_assignment().directive, make_user("leader")

    with pghistory.context(user=leader.pk):
        directive.pause(by=leader, reason="Dịch bệnh.", review_on=dt.date(2020, 7, 1))
        paused = newest(directive)
        Directive.objects.filter(pk=directive.pk).update(note="không lý do")

    assert paused.pgh_context["reason"] == "Dịch bệnh."
    assert not newest(directive).pgh_context.get("reason")


def test_passwords_and_log_in_times_are_not_in_the_history():
    columns = {column.name for column in logs.UserHistory._meta.concrete_fields}

    assert not columns & {"password", "last_login"}


# In words


def told(directive, user=None, most=50):
    return history.of_directive(directive, user or make_user("leader"), most)


def test_each_changed_field_is_told_with_its_old_and_new_value():
    old, new = Field.objects.create(code="in", name="In"), Field.objects.create(code="xb", name="Xuất bản")
    directive = make_directive(field=old)
    officer = make_user("officer")

    directive.edit(
        by=officer,
        expected_version=1,
        field=new,
        due_on=dt.date(2020, 7, 15),
        is_key=True,
        force="strive",
        tracking_officer=officer,
    )

    change = told(directive).changes[0]
    assert {(line.label, line.old, line.new) for line in change.lines} == {
        ("Lĩnh vực", "In", "Xuất bản"),
        ("Hạn hoàn thành", "30/6/2020", "15/7/2020"),
        ("Nhiệm vụ trọng tâm", "không", "có"),
        ("Mức độ yêu cầu", "Giao", "Phấn đấu"),
        ("Chuyên viên theo dõi", "–", officer.full_name),
    }


def test_the_parts_of_a_directive_are_told_with_it_and_those_of_others_are_not():
    assignment = make_assignment(make_agency(name="Huyện ủy Ý Yên"))
    make_evidence(make_report(assignment), title="bien-ban.pdf")
    assignment.reports.get().submit(by=assignment.reports.get().author, today=TODAY)
    make_instruction(directive=assignment.directive)
    make_assignment(make_agency(name="Sở khác"))

    changes = told(assignment.directive).changes

    new = {(change.noun, change.what) for change in changes if change.is_new}
    assert ("lượt giao", "Huyện ủy Ý Yên") in new
    assert ("minh chứng", "bien-ban.pdf") in new
    assert "Sở khác" not in {change.what for change in changes}
    assert {change.noun for change in changes if change.is_new} >= {"nhiệm vụ", "lượt giao", "minh chứng"}


def test_another_agency_s_part_is_not_told():
    directive = make_directive()
    mine, other = make_agency(), make_agency(name="Sở khác")
    directive.assign(by=make_user("officer"), lead=mine, cooperating=[other], today=TODAY)
    helper = make_user(agency=other)

    theirs = {change.what for change in told(directive, helper).changes}

    assert "Sở khác" in theirs
    assert mine.label not in theirs


def test_only_so_many_changes_are_told_and_whether_more_are_left():
    directive = make_directive()
    for number in range(5):
        directive.edit(by=make_user("officer"), expected_version=None, note=str(number))

    few, all_of_them = told(directive, most=3), told(directive, most=50)

    assert (len(few.changes), few.has_more) == (3, True)
    assert (len(all_of_them.changes), all_of_them.has_more) == (7, False)


def test_agencies_and_people_have_their_own_logs():
    agency, user = make_agency(name="Tên cũ"), make_user()

    Agency.objects.filter(pk=agency.pk).update(name="Tên mới")
    User.objects.filter(pk=user.pk).update(role="viewer")

    names = logs.AgencyHistory.objects.filter(id=agency.pk).order_by("pgh_id")
    roles = logs.UserHistory.objects.filter(id=user.pk).order_by("pgh_id")
    assert list(names.values_list("name", flat=True)) == ["Tên cũ", "Tên mới"]
    assert list(roles.values_list("role", flat=True)) == ["staff", "viewer"]


# Deadlines, urging, settings


def log_of(record):
    """The labels of a record's log with the person of each change, the oldest first."""
    log = getattr(logs, f"{type(record).__name__}History")
    return list(log.objects.filter(id=record.pk).order_by("pgh_id"))


def test_an_extension_is_told_with_the_days_it_moved():
    request = make_extension(state="granted")

    changes = told(request.assignment.directive).changes

    granted = next(change for change in changes if change.noun == "đề nghị gia hạn" and not change.is_new)
    moved = next(change for change in changes if change.noun == "lượt giao" and not change.is_new)
    assert granted.what == request.agency.label
    days = {(line.old, line.new) for line in granted.lines}
    assert {("–", "15/7/2020"), ("–", "30/6/2020")} <= days
    assert ("30/6/2020", "15/7/2020") in {(line.old, line.new) for line in moved.lines}


def test_another_agency_s_extension_is_not_told():
    directive = make_directive()
    mine, other = make_agency(), make_agency()
    directive.assign(by=make_user("officer"), lead=mine, cooperating=[other], today=TODAY)
    request = make_extension(directive.assignments.get(agency=mine))

    ours, theirs = told(directive, request.author), told(directive, make_user(agency=other))

    nouns = [{change.noun for change in seen.changes} for seen in (ours, theirs)]
    assert ["đề nghị gia hạn" in found for found in nouns] == [True, False]


def test_the_answer_to_an_urging_leaves_what_was_sent_in_the_log():
    agency = make_agency()
    recipient = make_urging(agency).recipients.get()

    recipient.reply(by=make_user(agency=agency), answer="Đã báo cáo ngày 17/6.")

    assert [(row.pgh_label, row.lacks, row.answer) for row in log_of(recipient)] == [
        ("insert", "NV-2020-001: quá 16 ngày", ""),
        ("update", "NV-2020-001: quá 16 ngày", "Đã báo cáo ngày 17/6."),
    ]


def test_a_deputyship_that_was_ended_stays_in_the_log():
    person = make_user()
    row = Deputyship.objects.create(
        person=person, deputy=make_user(agency=person.agency), starts_on=TODAY, ends_on=TODAY
    )
    kept = log_of(row)

    row.delete()

    gone = list(logs.DeputyshipHistory.objects.filter(id=kept[0].id).order_by("pgh_id"))
    assert [change.pgh_label for change in gone] == ["insert", "delete"]
    assert {(change.person_id, change.starts_on) for change in gone} == {(person.pk, TODAY)}


def test_each_change_of_the_reminders_is_in_the_log_of_the_settings():
    office = Configuration.objects.create(pk=1)
    changes = {
        "extension_limit": 2,
        "remind_before": [10, 0],
        "remind_after": [2],
        "remind_weekly": False,
        "not_received_days": 4,
        "head_after_days": 5,
        "leader_after_days": 9,
        "digest_at": dt.time(6, 30),
        "weekly_digest_on": 4,
    }

    Configuration.objects.filter(pk=1).update(**changes)

    first, second = log_of(office)
    assert {name: getattr(first, name) for name in changes} == {
        name: getattr(Configuration(), name) for name in changes
    }
    assert {name: getattr(second, name) for name in changes} == changes


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        ("asked", ["extension_asked"]),
        ("granted", ["extension_asked", "extended"]),
        ("refused", ["extension_asked", "extension_refused"]),
        ("proposed", ["extension_asked", "date_proposed"]),
    ],
)
def test_each_step_of_an_extension_is_a_line_that_nothing_alters(state, steps):
    request = make_extension(state=state)

    lines = request.assignment.directive.events.filter(kind__in=ABOUT_EXTENSIONS).order_by("pk")
    assert list(lines.values_list("kind", flat=True)) == steps
    with pytest.raises(DatabaseError), transaction.atomic():
        lines.update(due_on_after=TODAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        lines._raw_delete(lines.db)
