"""The second door: the same rights, the same verbs and the same history as the product's own pages."""

import datetime as dt
import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    make_agency,
    make_assignment,
    make_calendar_2020,
    make_department,
    make_directive,
    make_division,
    make_document,
    make_extension,
    make_field,
    make_import,
    make_indicator,
    make_measurement,
    make_obstacle,
    make_paper,
    make_period,
    make_report,
    make_roster,
    make_user,
)
from tracker.forms.deadlines import DATED
from tracker.forms.dictionaries import SETTINGS
from tracker.models import (
    Agency,
    AssignmentHistory,
    CalendarDay,
    CalendarDayHistory,
    Configuration,
    Directive,
    DirectiveEvent,
    DirectiveHistory,
    Document,
    Field,
    ProgressReport,
    ProgressReportHistory,
    ReportingPeriod,
    ReportStatus,
    Status,
    StatusTerm,
    Urging,
    User,
)

pytestmark = pytest.mark.django_db

# model | who reads | who adds | who changes
TABLE = """
user           | admin         | admin         | admin
agency         | admin officer | admin         | admin
field          | admin officer | admin         | admin
statusterm     | admin officer |               | admin
configuration  | admin officer |               | admin
calendarday    | admin officer | admin         | admin
document       | admin officer | admin officer | admin officer
directive      | admin officer | officer       | officer
assignment     | admin officer |               |
progressreport | admin officer |               |
measurement    | admin officer |               |
dataquestion   | admin officer |               |
reportingperiod | admin officer | admin        |
indicator      | admin officer | officer       | officer
roster         | admin officer |               |
rosterbody     | admin officer |               |
urging         | admin officer |               |
obstacle       | admin officer |               |
extensionrequest | admin officer |             |
periodicreport | admin officer |               |
import         | admin officer |               |
"""
LINES = [[part.strip() for part in line.split("|")] for line in TABLE.strip().splitlines()]


@pytest.fixture
def officer(client):
    user = make_user("officer", full_name="Trần Minh Quang")
    client.force_login(user)
    return user


@pytest.fixture(autouse=True)
def the_demonstration_day(settings):
    settings.TRACKER_TODAY = dt.date(2020, 6, 16)


def one_of_each():
    """A record of every class of the admin."""
    report = make_report(make_assignment(status=Status.RECEIVED), state="submitted")
    term = StatusTerm.objects.create(
        axis="x", code="x", name="Quá hạn", name_en="Overdue", official_use="yes"
    )
    Configuration.objects.get_or_create(pk=1)
    CalendarDay.objects.create(day="2020-04-02", kind="off", name="Giỗ Tổ Hùng Vương")
    assignment = report.assignment
    roster = make_roster(assignment.agency)
    measured = make_indicator()
    make_measurement(measured, 100, period="2020-04")
    figure = make_measurement(measured, 400, state="submitted", explanation="")
    return {
        "user": report.author,
        "agency": assignment.agency,
        "field": assignment.directive.field,
        "statusterm": term,
        "configuration": Configuration.objects.get(),
        "calendarday": CalendarDay.objects.get(),
        "document": assignment.directive.sources.get().document,
        "directive": assignment.directive,
        "assignment": assignment,
        "progressreport": report,
        "measurement": figure,
        "dataquestion": figure.questions.get(),
        "reportingperiod": make_period(),
        "indicator": roster.indicator,
        "roster": roster,
        "rosterbody": roster.bodies.get(),
        "obstacle": make_obstacle(assignment.directive),
        "extensionrequest": make_extension(assignment),
        "periodicreport": make_paper("signed"),
        "import": make_import(make_user("officer")),
        "urging": Urging.send(
            by=make_user("officer"),
            agencies={assignment.agency: "Chữ ký số"},
            reason="Hạn 30/6",
            indicators=[roster.indicator],
            directives=[],
        ),
    }


def page(model, name, *args):
    return reverse(f"admin:tracker_{model}_{name}", args=args)


def step(record, name):
    return page(record._meta.model_name, "step", record.pk, name)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_every_class_has_its_line():
    kept = {model._meta.model_name for model in admin.site._registry if model._meta.app_label == "tracker"}

    assert kept == {line[0] for line in LINES}


@pytest.mark.parametrize("is_demo", [True, False])
def test_the_admin_says_too_that_its_data_are_samples(client, settings, is_demo):
    settings.TRACKER_DEMO = is_demo
    client.force_login(make_user("admin"))

    response = client.get(reverse("admin:index"))

    assert ("Dữ liệu minh hoạ." in response.content.decode()) is is_demo
    assert 'rel="icon"' in response.content.decode()


def test_the_admin_speaks_the_office_s_vietnamese(client):
    client.force_login(make_user("admin"))

    page_text = client.get(reverse("admin:index")).content.decode()

    assert "Khung nhìn" not in page_text
    assert 'class="viewlink"' in page_text
    assert ">Xem</a>" in page_text


@pytest.mark.parametrize("role", User.Role.values)
def test_who_reads_adds_and_changes_what(client, role):
    records = one_of_each()
    client.force_login(make_user(role))

    for model, reads, adds, changes in LINES:
        record = records[model]
        listed = client.get(page(model, "changelist"), follow=True).status_code
        opened = client.get(page(model, "change", record.pk), follow=True)
        added = client.get(page(model, "add"), follow=True).status_code
        sent = client.post(page(model, "change", record.pk), follow=True).status_code

        assert (listed == 200) == (role in reads.split()), model
        assert (opened.status_code == 200) == (role in reads.split()), model
        assert (added == 200) == (role in adds.split()), model
        assert (sent == 200) == (role in changes.split()), model
        assert ('name="_save"' in opened.content.decode()) == (role in changes.split()), model


@pytest.mark.parametrize("role", ["admin", "officer"])
def test_nothing_is_ever_deleted(client, role):
    records = one_of_each()
    records.pop("calendarday")  # see below: the calendar is filled again, and its history stays
    client.force_login(make_user(role))

    for model, record in records.items():
        response = client.post(page(model, "delete", record.pk), {"post": "yes"})
        chosen = {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"}
        client.post(page(model, "changelist"), chosen)

        assert response.status_code == 403
        assert type(record).objects.filter(pk=record.pk).exists()


def test_there_is_no_way_round_the_verbs():
    for model, keeper in admin.site._registry.items():
        if model._meta.app_label == "tracker":
            assert (keeper.list_editable, list(keeper.inlines), keeper.actions) == ((), [], None)


@pytest.mark.parametrize("model", ["directive", "document", "assignment", "progressreport", "agency"])
def test_a_list_of_thirty_costs_no_more_queries_than_one_of_one(client, officer, model):
    make_report(state="submitted")
    with CaptureQueriesContext(connection) as few:
        client.get(page(model, "changelist"))
    for _number in range(24):
        make_report(make_assignment(by=officer), state="submitted", reviewer=officer)

    with CaptureQueriesContext(connection) as many:
        client.get(page(model, "changelist"))

    assert len(many) == len(few)


def test_search_without_accents(client, officer):
    make_directive(title="Đẩy mạnh chữ ký số")
    make_directive(title="Phát triển thuê bao")

    found = text_of(client.get(page("directive", "changelist"), {"q": "chu ky so"}))

    assert "Đẩy mạnh chữ ký số" in found
    assert "Phát triển thuê bao" not in found


# Directives


def directive_data(**changed):
    document = Document.objects.filter(number="12/KH-UBND").first() or make_document(number="12/KH-UBND")
    values = {
        "title": "Đẩy mạnh chữ ký số",
        "field": make_field().pk,
        "kind": "task",
        "force": "assign",
        "deadline_printed": "hết quý II",
        "without_date": DATED,
        "source_mode": "known",
        "document": document.number,
        "sentence": "Đẩy mạnh chữ ký số trong các cơ quan.",
    }
    return values | changed


def test_a_directive_is_entered_by_the_verb(client, officer):
    response = client.post(page("directive", "add"), directive_data())

    assert response.status_code == 302, response.context["errors"]
    directive = Directive.objects.get()
    assert (directive.code, directive.created_by) == ("NV-2020-001", officer)
    assert directive.due_on == dt.date(2020, 6, 30)
    assert directive.sources.get().document.number == "12/KH-UBND"
    assert directive.events.get().kind == DirectiveEvent.Kind.REGISTERED


def test_forged_fields_change_nothing(client, officer):
    forged = {
        "status": "completed",
        "percent": "100",
        "completed_on": "2020-06-01",
        "code": "NV-1",
        "lead": "1",
    }

    client.post(page("directive", "add"), directive_data(**forged))

    directive = Directive.objects.get()
    assert (directive.status, directive.percent, directive.completed_on) == (Status.UNASSIGNED, 0, None)
    assert (directive.code, directive.lead) == ("NV-2020-001", None)


def test_a_change_is_written_with_the_same_history_as_on_its_page(client, officer):
    def change(directive, where):
        data = directive_data(
            title="Tên mới", version=directive.version, reason="Sửa lỗi", field=directive.field_id
        )
        return client.post(where, data | {"due_on": "30/6/2020", "deadline_printed": ""})

    def written(directive):
        row = DirectiveHistory.objects.filter(pgh_obj=directive).latest("pgh_id")
        event = directive.events.latest("pk")
        shared = {
            name: getattr(row, name) for name in ("title", "version", "due_on", "deadline_kind", "status")
        }
        return shared, row.pgh_context["user"], (event.kind, event.by, event.reason)

    one, other = make_directive(), make_directive()

    first = change(one, page("directive", "change", one.pk))
    second = change(other, reverse("directive_edit", args=[other.code]))

    assert (first.status_code, second.status_code) == (302, 302)
    assert written(one) == written(other)


def test_the_second_of_two_editors_is_told_and_keeps_the_words(client, officer):
    directive = make_directive(title="Tên cũ")
    read = directive.version
    directive.edit(by=officer, expected_version=read, title="Tên của người khác")

    response = client.post(
        page("directive", "change", directive.pk),
        directive_data(title="Tên của tôi", version=read, field=directive.field_id),
    )

    directive.refresh_from_db()
    assert directive.title == "Tên của người khác"
    assert "bản đang lưu “Tên của người khác”, bản của bạn “Tên của tôi”" in text_of(response)


def test_assigning_shows_who_gets_it_and_then_assigns(client, officer):
    directive, agency = make_directive(), make_agency(name="Huyện ủy Hải Hậu")
    where = step(directive, "giao")

    shown = client.post(where, {"lead": "huyen uy hai hau"})
    agreed = re.search(r'name="agreed" value="([^"]+)"', shown.content.decode())[1]
    done = client.post(where, {"lead": "huyen uy hai hau", "agreed": agreed})

    assert "Sẽ giao cho: Huyện ủy Hải Hậu." in text_of(shown)
    assert done.status_code == 302
    assignment = directive.assignments.get()
    assert (assignment.agency, assignment.assigned_by, assignment.status) == (agency, officer, Status.NEW)


@pytest.mark.parametrize("name", ["tam-dung", "dung", "mo-lai", "tiep-tuc", "khoi-phuc"])
def test_steps_that_the_role_or_the_state_forbids_are_refused(client, officer, name):
    directive = make_assignment().directive

    response = client.post(step(directive, name), {"reason": "Thử"})

    directive.refresh_from_db()
    assert response.status_code == 403
    assert directive.status == Status.NEW


def test_withdrawing_needs_a_reason_and_is_logged(client, officer):
    directive = make_assignment().directive

    refused = client.post(step(directive, "thu-hoi"), {"reason": ""})
    done = client.post(step(directive, "thu-hoi"), {"reason": "Trùng nhiệm vụ"})

    directive.refresh_from_db()
    event = directive.events.filter(assignment=None).latest("pk")
    assert (refused.status_code, done.status_code) == (422, 302)
    assert (directive.status, event.by, event.reason) == (Status.WITHDRAWN, officer, "Trùng nhiệm vụ")


# Progress and review


def test_an_officer_reports_for_the_own_agency_only(client, officer):
    own, foreign = make_assignment(make_department()), make_assignment()
    data = {
        "claim": "in_progress",
        "as_of_on": "15/6/2020",
        "percent": "40",
        "done": "Đã xong bước một.",
        "version": "1",
    }

    refused = client.post(step(foreign, "bao-cao"), data)
    done = client.post(step(own, "bao-cao"), data)

    report = ProgressReport.objects.get()
    assert (refused.status_code, done.status_code) == (403, 302)
    assert (report.assignment, report.author, report.status) == (own, officer, ReportStatus.SUBMITTED)
    assert [event.status for event in report.events.all()] == [ReportStatus.SUBMITTED]


def test_an_incomplete_report_is_kept_as_a_draft(client, officer):
    own = make_assignment(make_department())

    response = client.post(
        step(own, "bao-cao"),
        {"claim": "completed", "as_of_on": "15/6/2020", "percent": "40", "done": "Đang làm."},
    )

    report = ProgressReport.objects.get()
    assert (report.status, report.done) == (ReportStatus.DRAFT, "Đang làm.")
    assert "Đã lưu bản nháp. Báo cáo chưa được nộp." in text_of(response)


@pytest.mark.parametrize("state", ["duyet", "tra-lai"])
def test_a_review_leaves_the_same_traces_as_on_its_page(client, officer, state):
    names = {"duyet": "review_confirm", "tra-lai": "review_send_back"}

    def decide(report, where):
        data = {"version": report.version, "note": "Thiếu số liệu quý I", "fix_by": "18/6/2020"}
        assert client.post(where, data).status_code == 302
        event = report.events.latest("pk")
        history = ProgressReportHistory.objects.filter(pgh_obj=report).latest("pgh_id")
        progress = AssignmentHistory.objects.filter(pgh_obj=report.assignment_id).latest("pgh_id")
        return (
            (event.status, event.by, event.note),
            (history.status, history.reviewed_by_id, history.fix_by, history.pgh_context["user"]),
            (progress.percent, progress.return_count),
        )

    one, other = make_report(state="submitted"), make_report(state="submitted")

    in_the_admin = decide(one, step(one, state))
    on_its_page = decide(other, reverse(names[state], args=[other.pk]))

    assert in_the_admin == on_its_page


def test_unread_words_are_not_confirmed(client, officer):
    report = make_report(state="submitted")

    response = client.post(step(report, "duyet"), {"version": report.version - 1})

    report.refresh_from_db()
    assert (response.status_code, report.status) == (422, ReportStatus.SUBMITTED)


def test_completion_without_evidence_is_left_to_a_leader(client, officer):
    report = make_report(
        make_assignment(status=Status.RECEIVED),
        state="submitted",
        claim=ProgressReport.Claim.COMPLETED,
        percent=100,
        completed_on=dt.date(2020, 6, 1),
        no_output_reason="Chưa ký",
    )

    assert client.post(step(report, "duyet"), {"version": report.version}).status_code == 403


def test_a_draft_of_another_agency_does_not_exist_here(client, officer):
    draft = make_report()

    assert client.get(page("progressreport", "change", draft.pk)).status_code == 302
    assert draft.assignment.directive.code not in text_of(client.get(page("progressreport", "changelist")))


def test_the_same_step_sent_twice_acts_once(client, officer):
    report = make_report(state="submitted")
    data = {"version": report.version, "form_token": "5b0a2c26-1f1c-4d6e-9b4f-2f1d3c7b8a90"}

    first, second = client.post(step(report, "duyet"), data), client.post(step(report, "duyet"), data)

    assert (first.status_code, second.status_code) == (302, 302)
    assert report.events.filter(status=ReportStatus.CONFIRMED).count() == 1


# People, agencies, dictionaries


@pytest.fixture
def keeper(client):
    user = make_user("admin", full_name="Đỗ Văn Lâm")
    client.force_login(user)
    return user


def test_an_account_is_opened_by_the_verb_and_its_link_shown_once(client, keeper):
    data = {"full_name": "Nguyễn Thu Hà", "agency": make_department().name, "role": "officer"}

    response = client.post(page("user", "add"), data | {"is_active": "", "password": "x"})

    person = User.objects.get(username="ha.nt")
    assert response.url == person.get_absolute_url()
    assert (person.is_active, person.has_usable_password()) == (True, False)
    assert person.links.get().url in client.get(response.url).content.decode()


def test_stored_passwords_cannot_be_searched(client, keeper):
    assert client.get(page("user", "changelist"), {"password__startswith": "md5"}).status_code == 400


def test_the_last_administrator_stays_one_here_too(client, keeper):
    data = {"full_name": keeper.full_name, "agency": keeper.agency.name, "username": keeper.username}

    response = client.post(
        page("user", "change", keeper.pk), data | {"role": "viewer", "version": keeper.version}
    )

    keeper.refresh_from_db()
    assert keeper.role == "admin"
    assert "quản trị viên cuối cùng" in text_of(response)


def test_ending_an_agency_with_open_work_asks_here_too(client, keeper):
    agency = make_assignment().agency
    data = {"name": agency.name, "kind": agency.kind, "bloc": agency.bloc, "certainty": "high"}

    response = client.post(page("agency", "change", agency.pk), data | {"valid_to": "30/6/2020"})

    agency.refresh_from_db()
    assert agency.valid_to is None
    assert "Cơ quan này còn 1 việc đang mở" in text_of(response)


def test_fields_terms_and_settings_are_kept_here(client, keeper):
    client.post(
        page("field", "add"), {"code": "buu-chinh", "name": "Bưu chính", "position": 1, "is_active": "on"}
    )
    Configuration.objects.get_or_create(pk=1)
    settings = {name: getattr(Configuration(), name) for name in SETTINGS} | {"due_soon_days": 10}
    client.post(page("configuration", "change", 1), settings)
    term = StatusTerm.objects.create(axis="x", code="x", name="a", name_en="a", official_use="yes")
    changed = {"name": "Quá hạn", "name_en": "Overdue", "official_use": "yes", "code": "khác"}
    client.post(page("statusterm", "change", term.pk), changed)

    term.refresh_from_db()
    assert Field.objects.get(code="buu-chinh").name == "Bưu chính"
    assert Configuration.current().due_soon_days == 10
    assert (term.name, term.code) == ("Quá hạn", "x")


CALENDAR = {"kind": "made_up", "name": "Làm bù", "name_en": ""}


def test_a_make_up_day_is_entered_and_a_weekday_refused(client, keeper):
    refused = client.post(page("calendarday", "add"), CALENDAR | {"day": "19/6/2020"})
    done = client.post(page("calendarday", "add"), CALENDAR | {"day": "20/6/2020"})

    assert "19/6/2020 không phải thứ Bảy hay Chủ nhật, vốn là ngày làm việc" in text_of(refused)
    assert done.status_code == 302
    row = CalendarDay.objects.get()
    assert (row.day, row.kind, row.is_forecast) == (dt.date(2020, 6, 20), "made_up", False)
    assert CalendarDayHistory.objects.get().pgh_context["user"] == keeper.pk


@pytest.mark.parametrize("day", ["31/2/2020", "", "2/4/2020", "1/1/99999"])
def test_a_day_that_cannot_be_is_refused(client, keeper, day):
    CalendarDay.objects.create(day="2020-04-02", kind="off", name="Giỗ Tổ Hùng Vương")

    response = client.post(page("calendarday", "add"), CALENDAR | {"kind": "off", "day": day})

    assert "day" in response.context["adminform"].form.errors
    assert CalendarDay.objects.count() == 1


def test_the_calendar_is_read_by_year_with_weekday_and_name(client, officer):
    make_calendar_2020()

    listed = text_of(client.get(page("calendarday", "changelist"), {"day__year": 2020, "day__month": 1}))

    assert "23/01/2020 thứ Năm Ngày nghỉ 29 Tết" in listed
    assert "Quốc khánh" not in listed


def test_only_administrators_remove_a_day_and_its_history_stays(client, keeper):
    make_calendar_2020()
    row = CalendarDay.objects.get(day="2020-09-02")
    where = page("calendarday", "delete", row.pk)

    client.force_login(make_user("officer"))
    refused = client.post(where, {"post": "yes"}).status_code
    client.force_login(keeper)
    done = client.post(where, {"post": "yes"}).status_code

    log = CalendarDayHistory.objects.filter(day=row.day).order_by("pgh_id")
    assert (refused, done) == (403, 302)
    assert [line.pgh_label for line in log] == ["insert", "delete"]
    assert log.last().pgh_context["user"] == keeper.pk


def settings_data(**changed):
    Configuration.objects.get_or_create(pk=1)
    values = {name: getattr(Configuration(), name) for name in SETTINGS}
    return values | {"remind_before": "7, 3, 1, 0", "remind_after": "1, 3, 7"} | changed


def test_days_of_reminding_are_one_line_of_numbers(client, keeper):
    changed = {"remind_before": "0; 10 3,5", "remind_after": "", "digest_at": "6:45", "weekly_digest_on": 4}
    Configuration.objects.get_or_create(pk=1)

    shown = client.get(page("configuration", "change", 1)).content.decode()
    done = client.post(page("configuration", "change", 1), settings_data(**changed))

    kept = Configuration.current()
    assert done.status_code == 302
    assert 'value="7, 3, 1, 0"' in shown
    assert 'value="07:00"' in shown
    assert (kept.remind_before, kept.remind_after) == ([10, 5, 3, 0], [])
    assert (kept.digest_at, kept.weekly_digest_on) == (dt.time(6, 45), 4)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("remind_before", "7, 61", "Nhập các số nguyên từ 0 đến 60, cách nhau bằng dấu phẩy."),
        ("remind_before", "bảy", "Nhập các số nguyên từ 0 đến 60, cách nhau bằng dấu phẩy."),
        ("remind_before", "7, 7", "Mỗi số ngày chỉ ghi một lần."),
        ("remind_before", "1 2 3 4 5 6 7 8 9 10 11", "Nhập nhiều nhất 10 số."),
        ("remind_after", "0, 3", "Nhập các số nguyên từ 1 đến 365, cách nhau bằng dấu phẩy."),
        ("remind_after", "-1", "Nhập các số nguyên từ 1 đến 365, cách nhau bằng dấu phẩy."),
        ("digest_at", "25:00", "Nhập giờ dạng giờ:phút, ví dụ 7:00."),
        ("leader_after_days", "2", "Người đứng đầu cơ quan được báo trước lãnh đạo chỉ đạo."),
        ("weekly_digest_on", "6", "6"),
        ("extension_limit", "-1", "0"),
    ],
)
def test_settings_that_make_no_sense_are_refused_in_words(client, keeper, name, value, sentence):
    response = client.post(page("configuration", "change", 1), settings_data(**{name: value}))

    assert response.status_code == 200
    assert sentence in text_of(response)
    assert getattr(Configuration.current(), name) == getattr(Configuration(), name)


def test_documents_are_entered_with_the_register_s_own_checks(client, keeper):
    data = {"kind": "plan", "version_kind": "signed", "abstract": "Kế hoạch", "issuer": "UBND tỉnh"}

    refused = client.post(page("document", "add"), data | {"number": "sai số"})
    done = client.post(page("document", "add"), data | {"number": "12/KH-UBND"})

    assert (refused.status_code, done.status_code) == (200, 302)
    assert [document.number for document in Document.objects.all()] == ["12/KH-UBND"]


def test_an_agency_made_here_is_the_same_as_on_its_page(client, keeper):
    client.post(
        page("agency", "add"),
        {"code": "X1", "name": "Ban Quản lý", "kind": "Ban", "bloc": "state", "certainty": "medium"},
    )

    assert Agency.objects.get(code="X1").certainty == "medium"


def test_everything_is_in_vietnamese(client, keeper):
    make_division()

    for where in (
        reverse("admin:index"),
        page("user", "changelist"),
        page("user", "add"),
        page("agency", "add"),
    ):
        words = text_of(client.get(where))

        assert not re.search(
            r"\b(Add|Change|Delete|Save|View|Welcome|Filter|Select|Search|Home|None)\b", words
        )


# Reporting periods


def test_a_period_is_entered_moved_and_closed_by_the_verbs(client, officer):
    client.force_login(make_user("admin"))
    data = {
        "kind": "ad_hoc",
        "name": "Báo cáo đột xuất bão số 1",
        "starts_on": "1/6/2020",
        "ends_on": "10/6/2020",
        "agencies_send_on": "11/6/2020",
        "department_sends_on": "12/6/2020",
    }

    added = client.post(page("reportingperiod", "add"), data)
    period = ReportingPeriod.objects.get()
    moved = client.post(
        step(period, "ngay"), data | {"ends_on": "9/6/2020", "reason": "Sớm một ngày", "version": "1"}
    )
    client.force_login(officer)
    closed = client.post(step(period, "chot"), {"closed_for": "Báo cáo nhanh"})

    assert (added.status_code, moved.status_code, closed.status_code) == (302, 302, 302)
    period.refresh_from_db()
    assert (period.code, period.ends_on, period.closed_by) == ("2020-dx1", dt.date(2020, 6, 9), officer)
    assert [event.step for event in period.events.all()] == ["closed", "dates_set", "announced"]


def test_a_closed_period_offers_no_step(client, officer):
    period = make_period()
    period.close(by=officer)

    for user in (officer, make_user("admin")):
        client.force_login(user)

        assert client.get(step(period, "chot")).status_code == 403
        assert client.post(step(period, "ngay"), {"reason": "Thử"}).status_code == 403


def test_a_figure_is_confirmed_by_the_same_verb(client, officer):
    figure = make_measurement(make_indicator(), 150, state="submitted")

    response = client.post(step(figure, "duyet"), {"version": figure.version, "note": "Đúng."})

    figure.refresh_from_db()
    assert response.status_code == 302
    assert (figure.status, figure.reviewed_by, figure.review_note) == ("confirmed", officer, "Đúng.")


def test_a_figure_with_an_open_question_is_answered_and_then_confirmed(client, officer):
    indicator = make_indicator()
    make_measurement(indicator, 100, period="2020-04")
    figure = make_measurement(indicator, 400, state="submitted", explanation="")

    before = client.post(step(figure, "duyet"), {"version": figure.version}).status_code
    answer = {"outcome": "kept", "answer": "Có hợp đồng lớn."}
    answered = client.post(step(figure.questions.get(), "tra-loi"), answer).status_code
    after = client.post(step(figure, "duyet"), {"version": figure.version}).status_code

    assert (before, answered, after) == (403, 302, 302)
