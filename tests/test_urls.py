"""Every address × every role × every method, against one table. A new address without a line here fails."""

import contextlib
import hashlib
import io

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests.factories import (
    NOON,
    PAPER,
    PAPER_APPENDIX,
    TODAY,
    make_agency,
    make_assignment,
    make_deputyship,
    make_division,
    make_document,
    make_evidence,
    make_extension,
    make_import,
    make_indicator,
    make_instruction,
    make_mail,
    make_measurement,
    make_obstacle,
    make_paper,
    make_report,
    make_roster,
    make_user,
)
from tracker import clock
from tracker.importing import apply
from tracker.models import AccountLink, Export, ProgressReport, ReportingPeriod, Status, Suggestion, Urging
from tracker.urls import urlpatterns

pytestmark = pytest.mark.django_db

ROLES = {"S": "staff", "H": "agency_head", "O": "officer", "L": "leader", "A": "admin", "V": "viewer"}
EVERYBODY = "S H O L A V"
ANYBODY = "also without an account"

# name | methods | who | what it is asked about. Who is not named gets 403; "hidden" means 404 instead.
TABLE = f"""
home                     | G  | {EVERYBODY} |
login                    | GP | {ANYBODY}   |
logout                   | P  | {ANYBODY}   |
password_change          | GP | {EVERYBODY} |
password_forgotten       | GP | {ANYBODY}   |
account_link             | GP | {ANYBODY}   | account_link
profile                  | GP | {EVERYBODY} |
session_end              | P  | {EVERYBODY} |
session_end_all          | P  | {EVERYBODY} |
more                     | G  | {EVERYBODY} |
health                   | G  | {ANYBODY}   |
quantity_preview         | G  | {EVERYBODY} |
document_list            | G  | {EVERYBODY} |
document_create          | GP | O A         |
document_detail          | G  | {EVERYBODY} | document
document_edit            | GP | O A         | document
document_file            | G  | {EVERYBODY} | document
document_split           | G  | {EVERYBODY} | document
document_take            | P  | O L         | document
document_text            | GP | O A         | document
directive_list           | G  | {EVERYBODY} |
directive_create         | GP | O L         |
deadline_preview         | G  | O L         |
deadline_correct_many    | GP | O           |
directive_detail         | G  | {EVERYBODY} | directive
directive_edit           | GP | O L         | directive
directive_assign         | GP | O L         | directive
directive_step           | GP | L           | pause
directive_history        | G  | {EVERYBODY} | directive
deadline_correct         | GP | O           | directive
occurrence_open          | P  | O L         | directive
correction_list          | G  | {EVERYBODY} |
source_add               | GP | O L         | directive
source_correct           | GP | O L         | source
instruction_add          | GP | L           | directive
obstacle_add             | GP | S H O L     | directive
obstacle_list            | G  | {EVERYBODY} |
obstacle_solve           | GP | O L         | obstacle
warning_list             | G  | {EVERYBODY} |
instruction_answer       | GP | S H O       | instruction
suggestion_decide        | P  | O L         | suggestion
assignment_list          | G  | {EVERYBODY} |
assignment_receive       | P  | S H         | new_assignment
assignment_decline       | GP | S H         | new_assignment
assignment_give_again    | GP | O L         | declined
assignment_transfer      | GP | O           | new_assignment
assignment_put_in_charge | GP | H           | new_assignment
extension_ask            | GP | S H         | new_assignment
extension_list           | G  | {EVERYBODY} |
extension_detail         | G  | {EVERYBODY} | extension
extension_decide         | GP | O L         | extension
extension_answer         | GP | S H         | extension
extension_take_back      | P  | S H         | extension
extension_undo           | P  | O L         | extension
agency_choices           | G  | O L A V     |
progress_list            | G  | {EVERYBODY} |
my_work                  | G  | {EVERYBODY} |
progress_log             | GP | S H         | new_assignment
progress_save_draft      | P  | S H         | new_assignment
progress_nothing_new     | P  | S H         | new_assignment
progress_detail          | G  | {EVERYBODY} | report
progress_withdraw        | P  | S H         | report
evidence_download        | G  | {EVERYBODY} | evidence
evidence_remove          | P  | S H hidden  | draft_evidence
completeness             | G  | {EVERYBODY} |
figure_list              | G  | {EVERYBODY} |
figures_enter            | GP | S H O       |
figures_save_draft       | P  | S H O       |
measurement_list         | G  | {EVERYBODY} | indicator
measurement_enter        | GP | S H         | indicator
measurement_detail       | G  | {EVERYBODY} | figure
measurement_take_back    | P  | S H         | figure
measurement_confirm      | P  | O L         | figure
measurement_send_back    | GP | O L         | figure
question_list            | G  | {EVERYBODY} |
question_answer          | GP | S H O L     | question
figure_queue             | G  | O L         |
review_queue             | G  | O L         |
review_confirm_many      | GP | O L         |
review_detail            | G  | O L         | report
review_confirm           | P  | O L         | report
review_send_back         | GP | O L         | report
overview                 | G  | {EVERYBODY} |
agency_summary           | G  | {EVERYBODY} |
indicator_list           | G  | {EVERYBODY} |
indicator_create         | GP | O L         |
indicator_detail         | G  | {EVERYBODY} | indicator
indicator_edit           | GP | O L         | indicator
target_set               | GP | O L         | indicator
plan_edit                | GP | O L         | indicator
part_edit                | GP | O L         | indicator
indicator_step           | GP | O L         | retire
decision_take            | GP | O L         | decision
period_list              | G  | {EVERYBODY} |
period_create            | GP | A           |
period_detail            | G  | {EVERYBODY} | period
period_dates             | GP | A           | period
period_close             | GP | O L         | period
period_reopen            | GP | L           | period
report_list              | G  | {EVERYBODY} |
report_create            | GP | O           |
report_detail            | G  | {EVERYBODY} | paper
report_history           | G  | O L A V     | paper
report_appendix          | G  | {EVERYBODY} | paper_appendix
report_section_edit      | GP | O           | paper_section
report_frame_edit        | GP | O           | paper
report_refresh           | GP | O           | paper
report_step              | GP | O           | paper_step
report_file              | G  | {EVERYBODY} | paper_file
adoption_matrix          | G  | {EVERYBODY} |
roster_edit              | GP | O L         | roster
body_mark                | GP | O L         | body
urging_list              | G  | {EVERYBODY} |
urging_create            | GP | O L         |
urging_detail            | G  | {EVERYBODY} | urging
urging_answer            | GP | S H         | urging
urging_document          | P  | O L         | urging
urging_letter            | G  | O L         | urging
import_list              | G  | O A         |
import_create            | GP | O A         |
import_template          | G  | O A         | template
import_check             | G  | O A         | import
import_columns           | GP | O A         | import
import_row               | P  | O A         | import_row
import_problem_rows      | G  | O A         | import
import_apply             | P  | O A         | import
import_undo              | P  | O A         | written_import
import_discard           | P  | O A         | import
user_list                | G  | A           |
user_create              | GP | A           |
user_import              | GP | A           |
user_import_template     | G  | A           |
user_import_links        | P  | A           |
user_review              | P  | A           |
user_edit                | GP | A           | user
user_lock                | GP | A           | user
user_unlock              | P  | A           | user
user_end_sessions        | P  | A           | user
user_make_link           | P  | A           | user
user_move_work           | GP | A           | user
agency_list              | G  | A           |
agency_create            | GP | A           |
agency_edit              | GP | A           | agency
mail_list                | G  | A           |
mail_send_again          | P  | A           | mail
notice_list              | G  | {EVERYBODY} |
notices_mark_read        | P  | {EVERYBODY} |
notice_preferences       | P  | {EVERYBODY} |
deputy_add               | P  | {EVERYBODY} |
deputy_end               | P  | S hidden    | deputy
notice_open              | GP | S hidden    | notice
export_list              | GP | {EVERYBODY} | list
export_files             | G  | {EVERYBODY} |
export_download          | G  | S hidden    | export
help                     | G  | {EVERYBODY} |
"""
LINES = {
    name: (methods, who, about)
    for name, methods, who, about in (
        [part.strip() for part in line.split("|")] for line in TABLE.strip().splitlines()
    )
}
NAMES = sorted(LINES)
FORMS = [name for name in NAMES if "P" in LINES[name][0]]
ABOUT_A_RECORD = [name for name in NAMES if LINES[name][2]]
OF_OFFICES = ("account_link", "user_", "agency_", "mail_", "import_", "export_list")
"""What a role may do at all, or everybody: no agency has such a record of its own."""

OUTSIDE_THE_AGENCY = [name for name in ABOUT_A_RECORD if not name.startswith(OF_OFFICES)]
"""Addresses of records that another agency does not see."""


@pytest.fixture
def world():
    """One agency with work in every stage, a person of every role who sees it, and a stranger who does not."""
    agency, division = make_agency(), make_division()
    people = {
        role: make_user(role, **({"agency": agency} if role in {"staff", "agency_head"} else {}))
        for role in ROLES.values()
        if role != "viewer"
    } | {"viewer": make_user("viewer", agency=division), "stranger": make_user("staff")}
    document = _document_with_a_file()
    running = make_assignment(
        agency, status=Status.IN_PROGRESS, document=document, tracking_officer=people["officer"]
    )
    report = make_report(running, state="submitted", by=people["staff"])
    new = make_assignment(agency)
    declined = make_assignment(agency)
    declined.decline(by=people["staff"], reason="Không thuộc nhiệm vụ")
    draft = make_report(make_assignment(agency, status=Status.RECEIVED), by=people["staff"])
    done = make_report(
        make_assignment(agency, status=Status.IN_PROGRESS),
        state="submitted",
        by=people["staff"],
        claim=ProgressReport.Claim.COMPLETED,
        percent=100,
        completed_on=TODAY,
        output_document="12/BC",
    )
    indicator = make_indicator(owner=agency)
    measured = make_indicator(owner=agency)
    make_measurement(measured, 100, period="2020-04")
    figure = make_measurement(measured, 400, state="submitted", by=people["staff"], explanation="")
    suggestion = Suggestion.objects.create(directive=running.directive, kind="measure", text="Đo bằng tỷ lệ")
    roster = make_roster(agency)
    reading = make_import(people["officer"])
    written = apply(make_import(people["officer"]), by=people["officer"], today=TODAY)
    return {
        "people": people,
        "document": [document.pk],
        "directive": [running.directive.code],
        "pause": [running.directive.code, "tam-dung"],
        "source": [running.directive.sources.get().pk],
        "obstacle": [make_obstacle(running.directive).pk],
        "instruction": [make_instruction(directive=running.directive, at=NOON).pk],
        "suggestion": [suggestion.pk],
        "new_assignment": [new.pk],
        "declined": [declined.pk],
        "extension": [make_extension(running, by=people["staff"]).pk],
        "report": [report.pk],
        "evidence": [_evidence(report).pk],
        "draft_evidence": [make_evidence(draft).pk],
        "decision": ["completion", done.pk],
        "indicator": [indicator.code],
        "figure": [figure.pk],
        "question": [figure.questions.get().pk],
        "retire": [indicator.code, "thoi"],
        "period": [_week_of(agency).code],
        "roster": [roster.indicator.code],
        "body": [roster.bodies.get().pk],
        **_papers(agency),
        "list": ["nhiem-vu"],
        "export": [_export_of(people["staff"]).pk],
        "urging": [_urging_of(roster, people["officer"]).pk],
        "deputy": [make_deputyship(people["staff"]).pk],
        "notice": [people["staff"].notices.order_by("pk")[0].pk],
        "template": ["directives"],
        "import": [reading.pk],
        "import_row": [reading.pk, reading.rows.order_by("-number")[0].pk],
        "written_import": [written.pk],
        "user": [people["stranger"].pk],
        "account_link": [_open_link().token],
        "agency": [agency.pk],
        "mail": [make_mail(people["staff"], status="given_up").pk],
    }


def _open_link():
    """Of a person of their own: who opens it changes nothing about anybody else."""
    return AccountLink.make(make_user(), by=None, at=clock.now(), by_mail=False)


def _week_of(agency):
    """A week of one agency's own, which another agency does not see."""
    ReportingPeriod.generate(2020, kinds=["week"], agency=agency)
    return agency.own_periods.get(number=10)


def _papers(agency):
    """A signed report about the agency itself: what is not signed, only the department sees."""
    signed = make_paper("signed", agency=agency, content=PAPER | {"appendices": [PAPER_APPENDIX]})
    return {
        "paper": [signed.pk],
        "paper_appendix": [signed.pk, 1],
        "paper_section": [signed.pk, "results"],
        "paper_step": [signed.pk, "sua-doi"],
        "paper_file": [signed.pk, "pdf"],
    }


def _export_of(user):
    """A file that was made for this person."""
    asked = Export.put(by=user, list_name="nhiem-vu", query="", format="csv", language="vi", rows=1, at=NOON)
    taken = Export.claim(NOON)
    taken.finish(io.BytesIO(b"TT"), name="nhiem-vu.csv", rows=1, at=NOON)
    return asked


def _urging_of(roster, officer):
    lacks = {body.agency: "Chữ ký số" for body in roster.bodies.all()}
    return Urging.send(
        by=officer, agencies=lacks, reason="Hạn 30/6", indicators=[roster.indicator], directives=[]
    )


def _document_with_a_file():
    content = b"%PDF-1.4\n%%EOF\n"
    document = make_document(
        file_name="ke-hoach.pdf", file_size=len(content), file_sha256=hashlib.sha256(content).hexdigest()
    )
    document.file.save("ke-hoach.pdf", ContentFile(content))
    return document


def _evidence(report):
    """Added before the report was handed in; here afterwards, since only its download matters."""
    ProgressReport.objects.filter(pk=report.pk).update(status="draft")
    content = b"%PDF-1.4\n%%EOF\n"
    evidence = make_evidence(
        ProgressReport.objects.get(pk=report.pk), sha256=hashlib.sha256(content).hexdigest()
    )
    ProgressReport.objects.filter(pk=report.pk).update(status="submitted")
    return evidence


def address(name, world):
    about = LINES[name][2]
    return reverse(name, args=world[about] if about else [])


def traces():
    """How many rows each of our tables has and a sum over all that they hold; any write changes it."""
    tables = [model._meta.db_table for model in apps.get_app_config("tracker").get_models()]
    parts = [
        f"SELECT '{table}', count(*), coalesce(sum(hashtext(t::text)::bigint), 0) FROM \"{table}\" t"  # noqa: S608
        for table in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return sorted(cursor.fetchall())


def signed_in(user, **options):
    client = Client(**options)
    client.force_login(user)
    return client


def without_log_ins(found):
    """Logging in is no act of the pages: it has a session, and its time stands in the row of the person."""
    return [row for row in found if row[0] not in {"tracker_user", "tracker_usersession"}]


@contextlib.contextmanager
def undone():
    """Whatever is written inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _unknown(part):
    if isinstance(part, int):
        return 10**9
    if part.startswith("2020-t"):
        return "2031-t10"
    if part.startswith(("NV-", "CT-")):
        return "NV-2020-999"
    is_token = len(part) > 40
    return "khong-co" if part in {"nhiem-vu", "directives"} or is_token else part


def may(name, role):
    who = LINES[name][1]
    letter = next(letter for letter, known in ROLES.items() if known == role)
    return who == ANYBODY or letter in who.split()


def refusal(name):
    return 404 if "hidden" in LINES[name][1] else 403


def test_every_address_has_its_line():
    assert sorted(pattern.name for pattern in urlpatterns) == NAMES


def test_without_an_account_everything_leads_to_the_log_in(client, world):
    before = traces()
    wrong = {}

    for name in NAMES:
        for method in (client.get, client.post, client.put, client.delete):
            response = method(address(name, world))
            leads = response.status_code == 302 and response.url.startswith("/dang-nhap/")
            if not leads and LINES[name][1] != ANYBODY:
                wrong[name] = response.status_code
            if LINES[name][1] == ANYBODY and response.status_code not in {200, 302, 405, 422}:
                wrong[name] = response.status_code

    assert wrong == {}
    assert traces() == before


@pytest.mark.parametrize("role", ROLES.values())
def test_looking_shows_what_the_role_may_see_and_never_writes(world, role):
    client = signed_in(world["people"][role])
    before = traces()
    wrong = {}

    for name in NAMES:
        if "G" not in LINES[name][0]:
            continue
        status = client.get(address(name, world)).status_code
        if status not in ({200, 302} if may(name, role) else {refusal(name)}):
            wrong[name] = status

    assert wrong == {}
    assert traces() == before


@pytest.mark.parametrize("role", ROLES.values())
def test_only_the_methods_that_an_address_has(world, role):
    client = signed_in(world["people"][role])
    before = traces()
    wrong = {}

    for name in NAMES:
        methods = LINES[name][0]
        calls = {"PUT": client.put, "DELETE": client.delete, "PATCH": client.patch}
        if "G" not in methods:
            calls |= {"GET": client.get, "HEAD": client.head}
        if "P" not in methods:
            calls["POST"] = client.post
        for method, call in calls.items():
            status = call(address(name, world)).status_code
            if status != 405:
                wrong[name, method] = status

    assert wrong == {}
    assert traces() == before


@pytest.mark.parametrize("role", ROLES.values())
def test_sending_is_refused_to_those_who_may_not(world, role):
    client = signed_in(world["people"][role])
    before = traces()
    wrong = {}

    for name in NAMES:
        if "P" not in LINES[name][0] or may(name, role):
            continue
        status = client.post(address(name, world)).status_code
        if status != refusal(name):
            wrong[name] = status

    assert wrong == {}
    assert traces() == before


@pytest.mark.parametrize("role", ROLES.values())
def test_an_empty_form_is_answered_in_order(world, role):
    client = signed_in(world["people"][role])
    wrong = {}

    for name in FORMS:
        if may(name, role):
            with undone():
                status = client.post(address(name, world)).status_code
            if status not in {200, 302, 409, 422}:
                wrong[name] = status

    assert wrong == {}


def test_a_form_from_another_site_is_refused(world):
    before = traces()
    wrong = {}

    for name in FORMS:
        role = next(role for role in ROLES.values() if may(name, role))
        client = signed_in(world["people"][role], enforce_csrf_checks=True)
        status = client.post(address(name, world)).status_code
        if status != 403:
            wrong[name] = status

    assert wrong == {}
    assert without_log_ins(traces()) == without_log_ins(before)


def test_a_record_that_does_not_exist_is_not_found(world):
    wrong = {}

    for name in ABOUT_A_RECORD:
        methods, _who, about = LINES[name]
        unknown = [_unknown(part) for part in world[about]]
        role = next(role for role in ROLES.values() if may(name, role))
        client = signed_in(world["people"][role])
        calls = ([client.get] if "G" in methods else []) + ([client.post] if "P" in methods else [])
        found = {call(reverse(name, args=unknown)).status_code for call in calls}
        if found != {404}:
            wrong[name] = found

    assert wrong == {}


def test_another_agency_does_not_even_learn_that_a_record_exists(world):
    client = signed_in(world["people"]["stranger"])
    before = traces()
    wrong = {}

    for name in OUTSIDE_THE_AGENCY:
        methods = LINES[name][0]
        calls = ([client.get] if "G" in methods else []) + ([client.post] if "P" in methods else [])
        found = {call(address(name, world)).status_code for call in calls}
        if found != {404}:
            wrong[name] = found

    assert wrong == {}
    assert traces() == before


NONSENSE = {
    "q": "\x00' OR 1=1 --",
    "trang": "99999999999999999999",
    "sx": "password",
    "ky": "2020-13",
    "den": "30/2/2020",
    "tt": "không có",
    "o": "x",
    "lv": "x",
    "cq": "\x00",
    "ct": "x",
    "vt": "x",
    "xem": "x",
    "role": "x",
    "full_name": "\x00",
    "next": "https://example.com/",
    "tiep": "-1",
    "mo": "abc",
    "loai": "x",
    "vai": "own\x00",
    "phan": "-1",
    "uoc": "x",
    "hoi": "x",
    "sau": "x",
    "nv": "\x00",
}


@pytest.mark.parametrize("role", ROLES.values())
def test_a_nonsensical_address_is_never_a_failure(world, role):
    client = signed_in(world["people"][role])
    wrong = {}

    for name in NAMES:
        if "G" in LINES[name][0] and may(name, role):
            for value in (NONSENSE, dict.fromkeys(NONSENSE, "9" * 300)):
                status = client.get(address(name, world), value).status_code
                if status not in {200, 302, 400, 404}:
                    wrong[name] = status

    assert wrong == {}


# The admin: every pattern of it, whatever is registered.


def admin_addresses(world):
    """Name → address of every pattern of the admin, with a record of each class."""
    found = {"index": reverse("admin:index"), "app_list": reverse("admin:app_list", args=["tracker"])}
    agency = ContentType.objects.get_for_model(apps.get_model("tracker", "agency"))
    found["view_on_site"] = reverse("admin:view_on_site", args=[agency.pk, world["agency"][0]])
    found |= {name: reverse(f"admin:{name}") for name in ("jsi18n", "autocomplete")}
    for model, keeper in admin.site._registry.items():
        if model._meta.app_label != "tracker":
            continue
        stem = f"tracker_{model._meta.model_name}"
        record = model._default_manager.order_by("pk").first()
        found[f"{stem}_changelist"] = reverse(f"admin:{stem}_changelist")
        found[f"{stem}_add"] = reverse(f"admin:{stem}_add")
        for page in ("change", "history", "delete"):
            found[f"{stem}_{page}"] = reverse(f"admin:{stem}_{page}", args=[record.pk if record else 1])
        for step in keeper.steps:
            found[f"{stem}_{step.name}"] = reverse(f"admin:{stem}_step", args=[record.pk, step.name])
    return found


def test_the_admin_without_an_account_leads_to_the_log_in(client, world):
    for where in admin_addresses(world).values():
        response = client.get(where, follow=True)

        assert response.request["PATH_INFO"] == "/dang-nhap/"


@pytest.mark.parametrize("role", ["staff", "agency_head", "leader", "viewer"])
def test_the_admin_is_closed_to_other_roles(world, role):
    client = signed_in(world["people"][role])
    before = traces()

    for where in admin_addresses(world).values():
        assert client.get(where, follow=True).status_code == 403, where
        assert client.post(where).status_code in {302, 403}, where
    assert traces() == before


@pytest.mark.parametrize("role", ["officer", "admin"])
def test_looking_into_the_admin_never_fails_and_never_writes(world, role):
    client = signed_in(world["people"][role])
    before = traces()

    for name, where in admin_addresses(world).items():
        for value in ({}, {"q": "\x00x", "p": "-5", "o": "99.x", "status__exact": "x", "e": "1"}):
            status = client.get(where, value).status_code

            assert status in {200, 302, 400, 403, 404}, (name, status)
    assert traces() == before


def test_the_admin_uses_our_log_in_and_password_pages(world):
    client = signed_in(world["people"]["officer"])

    assert Client().get(reverse("admin:login")).url == "/dang-nhap/?next=%2Fquan-tri%2F"
    assert client.get(reverse("admin:login")).url == reverse("admin:index")
    assert client.get(reverse("admin:password_change")).url == reverse("password_change")
    assert client.post(reverse("admin:logout")).url == reverse("login")
    assert client.get(reverse("admin:index")).status_code == 302
