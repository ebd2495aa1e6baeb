"""The demonstration year: played once, by people who may do what they do, and labelled as made up."""

import collections
import datetime as dt
import io
import zipfile

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from tracker.demonstration import seed_demonstration
from tracker.demonstration_acts import LAST_DAY
from tracker.figures.scope import Scope
from tracker.models import (
    Assignment,
    Configuration,
    Directive,
    DirectiveEvent,
    Document,
    Evidence,
    Instruction,
    Measurement,
    MeasurementEvent,
    ProgressReport,
    ReportEvent,
    ReportStatus,
    RosterMark,
    Target,
    User,
)
from tracker.permissions import TABLE, Act, Relation

pytestmark = pytest.mark.django_db


def register():
    leader = User.objects.filter(role="leader").first()
    return Scope.of(leader, LAST_DAY).directives()


def test_a_second_run_does_nothing():
    def counts():
        return [
            model.objects.count()
            for model in (User, Directive, Assignment, ProgressReport, DirectiveEvent, Measurement, Target)
        ]

    before = counts()

    assert seed_demonstration() == 0
    assert counts() == before


def test_a_second_run_leaves_a_persons_changes_alone():
    with transaction.atomic():
        User.objects.filter(username="ha.nt").update(full_name="Nguyễn Thu Hà (mới)", is_active=False)

        call_command("load_reference")
        call_command("seed_demo")

        changed = User.objects.get(username="ha.nt")
        assert (changed.full_name, changed.is_active) == ("Nguyễn Thu Hà (mới)", False)
        transaction.set_rollback(True)


def test_how_the_register_stands_on_16_june():
    standings = collections.Counter(register().values_list("standing", flat=True))

    assert standings == {
        "late": 6,
        "soon": 7,
        "paused": 2,
        "todo": 11,
        "ontime": 2,
        "nodue": 16,
        "donelate": 2,
        "done": 4,
        "stopped": 1,
    }


def test_twelve_reports_wait_for_review_and_one_of_them_asks_to_stop():
    assert ProgressReport.objects.waiting().count() == 12
    wish = ProgressReport.objects.wishes().get()
    assert (wish.claim, wish.assignment.directive.code) == ("stop", "NV-2020-021")


def test_yearly_work_has_this_years_result_below_it():
    yearly = Directive.objects.get(deadline_kind="yearly", code__startswith="NV-")
    year = yearly.children.get()

    assert (yearly.code, yearly.due_on, yearly.deadline_printed) == ("NV-2020-027", None, "Hằng năm")
    assert (year.code, year.occurrence_year, year.due_on) == ("NV-2020-028", 2020, dt.date(2020, 12, 31))
    assert year.label == f"{yearly.title} (năm 2020)"
    assert set(year.assignments.values_list("agency__code", "status", "percent")) == {
        ("O07", "in_progress", 30),
        ("O03", "received", 0),
    }


def test_every_role_has_an_account_and_one_account_is_locked():
    assert set(User.objects.active().values_list("role", flat=True)) == set(User.Role)
    assert list(User.objects.filter(is_active=False).values_list("username", flat=True)) == ["tung.mv"]


def test_all_accounts_have_the_documented_password():
    assert all(user.check_password("Minh-hoa-2020") for user in User.objects.all()[:3])
    assert User.objects.values("password").distinct().count() == 1


def test_two_agencies_with_work_have_nobody_to_report():
    busy = set(Assignment.objects.open().values_list("agency__name", flat=True))
    reporting = set(User.objects.reporters().values_list("agency__name", flat=True))

    assert busy - reporting == {"Hội Nông dân tỉnh", "Hội Cựu chiến binh tỉnh"}


def test_groups_are_fanned_out():
    lead = Assignment.objects.leading().filter(directive__lead__code="G01")
    party = Assignment.objects.cooperating().filter(directive__code="D09")

    assert lead.count() == 10
    assert party.count() == 26


def test_late_work_gathers_in_few_agencies():
    leader = User.objects.filter(role="leader").first()
    late = Scope.of(leader, LAST_DAY).assignments().filter(standing="late")

    by_agency = collections.Counter(late.values_list("agency__code", flat=True))
    assert by_agency.most_common(2) == [("H04", 3), ("H09", 3)]
    assert len(by_agency) <= 12


def test_nothing_lies_in_the_future():
    midnight = dt.datetime(2020, 6, 16, 17, tzinfo=dt.UTC)

    assert not DirectiveEvent.objects.filter(at__gte=midnight).exists()
    assert not ReportEvent.objects.filter(at__gte=midnight).exists()
    assert not ProgressReport.objects.filter(as_of_on__gt=LAST_DAY).exists()
    assert not Evidence.objects.filter(added_at__gte=midnight).exists()
    assert not MeasurementEvent.objects.filter(at__gte=midnight).exists()
    assert not Measurement.objects.filter(as_of_on__gt=LAST_DAY).exists()
    assert not RosterMark.objects.filter(since_on__gt=LAST_DAY).exists()


def test_nobody_reviewed_a_report_of_their_own_agency():
    reviewed = ProgressReport.objects.exclude(reviewed_by=None).select_related("reviewed_by")

    assert reviewed.count() > 150
    assert not [report for report in reviewed if report.reviewed_by.agency_id == report.agency_id]


def test_every_step_was_taken_by_a_role_that_may_take_it():
    acts = {
        "registered": Act.REGISTER,
        "assigned": Act.ASSIGN,
        "received": Act.RECEIVE,
        "declined": Act.DECLINE,
        "paused": Act.PAUSE,
        "stopped": Act.STOP,
        "withdrawn": Act.WITHDRAW,
        "reported_done": Act.REPORT,
        "confirmed": Act.REVIEW,
        "answered": Act.GIVE_AGAIN,
        "extension_asked": Act.ASK_EXTENSION,
        "extended": Act.DECIDE_EXTENSION,
        "extension_refused": Act.DECIDE_EXTENSION,
        "date_proposed": Act.DECIDE_EXTENSION,
        "deadline_corrected": Act.CORRECT_DEADLINE,
    }
    allowed = {
        kind: {role for rule in TABLE if rule.act == act for role in rule.roles} for kind, act in acts.items()
    }

    steps = (
        DirectiveEvent.objects.filter(kind__in=acts)
        .exclude(by=None)
        .values_list("kind", "by__role")
        .distinct()
    )
    assert {(kind, role) for kind, role in steps if role not in allowed[kind]} == set()
    assert {kind for kind, _role in steps} == set(acts)
    assert Relation.OTHERS in {rule.relation for rule in TABLE if rule.act == Act.REVIEW}


def test_progress_kept_on_assignments_is_that_of_their_newest_confirmed_report():
    for assignment in Assignment.objects.prefetch_related("reports"):
        confirmed = [report for report in assignment.reports.all() if report.status == ReportStatus.CONFIRMED]
        newest = max(confirmed, key=lambda report: (report.as_of_on, report.pk), default=None)

        expected = (newest.percent, newest.as_of_on) if newest else (0, None)
        assert (assignment.percent, assignment.progress_on) == expected


def test_status_kept_on_directives_is_that_of_their_last_step():
    last = {}
    for directive, status in (
        DirectiveEvent.objects.filter(assignment=None)
        .exclude(to_status="")
        .order_by("at", "pk")
        .values_list("directive", "to_status")
    ):
        last[directive] = status

    assert last == dict(Directive.objects.values_list("pk", "status"))


def test_what_is_made_up_says_so():
    samples = Directive.objects.filter(code__startswith="NV-")
    article = Directive.objects.exclude(code__startswith="NV-")

    assert (samples.count(), article.count()) == (28, 24)
    assert set(samples.values_list("note", flat=True)) == {"Dữ liệu minh hoạ"}
    assert not article.filter(note__contains="minh hoạ").exists()
    sources = Document.objects.filter(sources__directive__in=samples).exclude(sources__directive__in=article)
    assert all("Dữ liệu minh hoạ" in document.note for document in sources)


def test_the_articles_facts_are_untouched():
    row = Directive.objects.get(code="D09")

    assert (row.lead.code, row.due_on, row.deadline_printed) == ("S01", dt.date(2020, 6, 30), "hết quý II")
    assert row.original_due_on == dt.date(2020, 6, 30)


def test_leaders_gave_instructions_and_some_are_answered():
    assert Instruction.objects.unanswered().count() == 2
    assert Instruction.objects.exclude(answered_at=None).count() == 2


def test_evidence_files_are_what_their_names_say(settings, year):
    settings.MEDIA_ROOT = year

    for evidence in Evidence.objects.exclude(file=""):
        content = evidence.file.read()
        if evidence.title.endswith(".xlsx"):
            assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(content)).namelist()
        else:
            assert content.startswith(b"%PDF-")
            assert content.endswith(b"%%EOF\n")


def test_whom_to_ask_for_help_is_set():
    assert Configuration.current().support == "Phòng CNTT"


def test_the_accounts_are_printed_with_what_each_may_do(capsys):
    call_command("demo_accounts")

    printed = capsys.readouterr().out
    assert "Minh-hoa-2020" in printed
    assert "quang.tm" in printed
    assert "manage users" in printed
    assert "All 68 demonstration accounts" in printed


def test_whoever_acted_had_logged_in():
    hoa, ha = (User.objects.get(username=name) for name in ("hoa.vd", "ha.nt"))

    assert dt.date(2020, 1, 1) < timezone.localdate(hoa.last_login) <= LAST_DAY
    assert ReportEvent.objects.filter(by=ha).exists()
    assert ha.last_login is not None
    assert User.objects.filter(last_login=None).count() < 15


def test_quiet_months_were_answered_by_a_note_and_nothing_else_rests_on_it():
    notes = ProgressReport.objects.filter(nothing_new=True)

    newest = ProgressReport.objects.confirmed().order_by("assignment_id", "-as_of_on", "-pk")
    assert notes.count() > 400
    assert not [report for report in newest.distinct("assignment_id") if report.nothing_new]
    assert set(notes.values_list("done", flat=True)) == {"Không phát sinh mới trong kỳ."}
    assert ReportEvent.objects.filter(report__in=notes).count() == 2 * notes.count()
