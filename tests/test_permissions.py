"""Who may do what, typed here once more by hand and compared with the table in every combination."""

import itertools
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests.factories import NOON, make_agency, make_assignment, make_division, make_report, make_user
from tracker.models import (
    ExtensionStatus,
    ImportStatus,
    PaperStatus,
    PeriodStatus,
    ProgressReport,
    ReportStatus,
    Status,
    User,
)
from tracker.permissions import Act, Relation, allows, can_lock, printed_table

STATES = {
    "U": Status.UNASSIGNED,
    "N": Status.NEW,
    "R": Status.RECEIVED,
    "I": Status.IN_PROGRESS,
    "A": Status.AWAITING,
    "C": Status.COMPLETED,
    "P": Status.PAUSED,
    "S": Status.STOPPED,
    "T": Status.TRANSFERRED,
    "D": Status.DECLINED,
    "W": Status.WITHDRAWN,
    "d": ReportStatus.DRAFT,
    "s": ReportStatus.SUBMITTED,
    "r": ReportStatus.RETURNED,
    "c": ReportStatus.CONFIRMED,
    "o": PeriodStatus.OPEN,
    "k": PeriodStatus.CLOSED,
    "e": PeriodStatus.REOPENED,
    "a": ExtensionStatus.ASKED,
    "p": ExtensionStatus.PROPOSED,
    "g": ExtensionStatus.GRANTED,
    "f": ExtensionStatus.REFUSED,
    "n": ExtensionStatus.NOT_ACCEPTED,
    "t": ExtensionStatus.TAKEN_BACK,
    "v": PaperStatus.APPROVED,
    "y": PaperStatus.SIGNED,
    "z": PaperStatus.SENT,
    "h": ImportStatus.CHECKING,
    "i": ImportStatus.APPLIED,
    "u": ImportStatus.UNDONE,
    "x": ImportStatus.DISCARDED,
}
ALL = "".join(STATES)
ROLES = {"S": "staff", "H": "agency_head", "O": "officer", "L": "leader", "A": "admin", "V": "viewer"}

# act | roles | relation | states
EXPECTED = f"""
see_overview        | S H O L A V | any       | {ALL}
see_history         | S H O L A V | any       | {ALL}
register            | O L         | any       | {ALL}
edit                | O L         | any       | UNRIAPD
assign              | O L         | any       | UNRIAD
decide_suggestion   | O L         | any       | UNRIAPD
give_again          | O L         | any       | D
transfer            | O           | any       | NRIAPD
pause               | L           | any       | NRIAD
resume              | L           | any       | P
stop                | L           | any       | UNRIAPD
reopen              | L           | any       | C
withdraw            | O           | any       | UNRIAPD
withdraw            | L           | any       | UNRIAPDCS
restore             | O L         | any       | W
correct_deadline    | O           | any       | NRIAPD
open_year           | O L         | any       | NRIAD
instruct            | L           | any       | UNRIAPD
answer              | S H O       | addressed | {ALL}
receive             | S H O       | own       | N
decline             | S H O       | own       | N
put_in_charge       | H O         | own       | NRIAPD
ask_extension       | S H O       | own       | NRIP
take_back_extension | S H O       | own       | a
answer_proposal     | S H O       | own       | p
decide_extension    | O L         | others    | a
lift_extension_limit | L          | others    | a
report              | S H O       | own       | NRI
take_back           | S H O       | own       | s
review              | O L         | others    | s
confirm_unproven    | L           | others    | s
manage_indicators   | O L         | any       | {ALL}
enter_figure        | S H O       | own       | {ALL}
verify_figure       | O           | any       | {ALL}
take_back_figure    | S H O       | own       | s
review_figure       | O L         | others    | s
answer_question     | S H O       | own       | {ALL}
answer_question     | O L         | any       | {ALL}
mark_body           | O L         | others    | {ALL}
raise_obstacle      | S H         | own       | NRIAPD
raise_obstacle      | O L         | any       | UNRIAPD
solve_obstacle      | O L         | any       | {ALL}
urge                | O L         | any       | {ALL}
censure             | L           | any       | {ALL}
answer_urging       | S H O       | own       | {ALL}
close_period        | O L         | any       | oe
reopen_period       | L           | any       | k
manage_periods      | A           | any       | {ALL}
manage_mail         | A           | any       | {ALL}
draft_paper         | O           | any       | dr
submit_paper        | O           | any       | dr
take_back_paper     | O           | any       | s
approve_paper       | L           | written_by_others | s
return_paper        | L           | any       | sv
sign_paper          | O L         | any       | v
send_paper          | O           | any       | y
revise_paper        | O           | any       | yz
import              | O A         | any       | h
undo_import         | O A         | any       | i
manage_documents    | O A         | any       | {ALL}
manage_users        | A           | any       | {ALL}
manage_agencies     | A           | any       | {ALL}
manage_dictionaries | A           | any       | {ALL}
"""
LINES = [[part.strip() for part in line.split("|")] for line in EXPECTED.strip().splitlines()]

ME, SOMEBODY, HOME, AWAY = 1, 2, 10, 20
AGENCIES = (HOME, AWAY)
AUTHORS = (ME, SOMEBODY)
ADDRESSED = ("nobody", "me", "tracker", "lead")


def a_record(state, agency, author, addressed):
    return SimpleNamespace(
        status=state,
        agency_id=agency,
        author_id=author,
        writers=[author],
        addressee_id=ME if addressed == "me" else SOMEBODY,
        directive=SimpleNamespace(
            tracking_officer_id=ME if addressed == "tracker" else SOMEBODY,
            lead_id=HOME if addressed == "lead" else AWAY,
        ),
    )


def is_expected(act, role, code, agency, author, addressed):
    stands = {
        "any": True,
        "own": agency == HOME,
        "others": agency == AWAY and author == SOMEBODY,
        "written_by_others": author == SOMEBODY,
        "addressed": addressed != "nobody",
    }
    return any(
        name == act
        and role in {ROLES[letter] for letter in roles.split()}
        and code in states
        and stands[relation]
        for name, roles, relation, states in LINES
    )


@pytest.mark.parametrize("act", Act.values)
def test_every_combination_of_act_role_relation_and_state(act):
    wrong = []
    for role, code, agency, author, addressed in itertools.product(
        User.Role.values, STATES, AGENCIES, AUTHORS, ADDRESSED
    ):
        user = User(pk=ME, role=role, agency_id=HOME)
        record = a_record(STATES[code], agency, author, addressed)
        expected = is_expected(act, role, code, agency, author, addressed)
        if allows(user, act, record) != expected:
            wrong.append((role, STATES[code], agency, author, addressed, expected))

    assert wrong == []


def test_every_act_is_expected_by_somebody():
    assert {line[0] for line in LINES} == set(Act.values)


@pytest.mark.parametrize("act", Act.values)
def test_without_a_record_the_role_alone_counts(act):
    roles = {
        ROLES[letter]
        for name, letters, _relation, _states in LINES
        if name == act
        for letter in letters.split()
    }

    allowed = {role for role in User.Role.values if allows(User(pk=ME, role=role, agency_id=HOME), act)}

    assert allowed == roles


def test_a_locked_account_may_do_nothing():
    for role, act in itertools.product(User.Role.values, Act.values):
        assert not allows(User(pk=ME, role=role, agency_id=HOME, is_active=False), act)


def test_an_administrator_never_touches_results():
    may = {act for act in Act.values if allows(User(pk=ME, role="admin", agency_id=HOME), act)}

    assert may == {
        "see_overview",
        "see_history",
        "import",
        "undo_import",
        "manage_periods",
        "manage_mail",
        "manage_documents",
        "manage_users",
        "manage_agencies",
        "manage_dictionaries",
    }


def test_nobody_locks_themselves_out():
    me = User(pk=ME, role="admin", agency_id=HOME)

    assert not can_lock(me, me)
    assert can_lock(me, User(pk=SOMEBODY, role="admin", agency_id=HOME))


def test_the_printed_table_has_a_line_an_act_and_a_cell_a_role():
    lines = printed_table()

    assert [line.act for line in lines] == list(Act)
    for line in lines:
        printed = {role: rule for role, rule in zip(User.Role.values, line.rules, strict=True) if rule}
        assert all(rule.relation == _relation(line.act, role) for role, rule in printed.items())
        assert set(printed) == {
            ROLES[letter] for name, letters, _r, _s in LINES if name == line.act for letter in letters.split()
        }


def _relation(act, role):
    """The widest relation that is expected for the role: any record before its own."""
    relations = [
        relation
        for name, letters, relation, _states in LINES
        if name == act and role in {ROLES[letter] for letter in letters.split()}
    ]
    return Relation("any" if "any" in relations else relations[0])


# Nobody confirms their own entry or one of their own agency's, whatever door they take.


def own_entries():
    """An officer's own report from a former agency, and a colleague's report of the officer's own agency."""
    division = make_division()
    officer = make_user("officer", agency=division)
    former = make_assignment(make_agency())
    mine = make_report(former, state="submitted", by=make_user(agency=former.agency))
    ProgressReport.objects.filter(pk=mine.pk).update(author=officer)
    ours = make_report(make_assignment(division), state="submitted", by=make_user("staff", agency=division))
    return officer, [mine, ours]


def confirm_on_its_page(client, report):
    return client.post(reverse("review_confirm", args=[report.pk]), {"version": report.version})


def return_on_its_page(client, report):
    data = {"version": report.version, "note": "Thiếu số liệu", "fix_by": "18/6/2020"}
    return client.post(reverse("review_send_back", args=[report.pk]), data)


def confirm_in_bulk(client, report):
    return client.post(reverse("review_confirm_many"), {"reports": [f"{report.pk}-{report.version}"]})


def confirm_in_the_admin(client, report):
    address = reverse("admin:tracker_progressreport_step", args=[report.pk, "duyet"])
    return client.post(address, {"version": report.version})


def return_in_the_admin(client, report):
    address = reverse("admin:tracker_progressreport_step", args=[report.pk, "tra-lai"])
    return client.post(address, {"version": report.version, "note": "Thiếu", "fix_by": "18/6/2020"})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "door",
    [confirm_on_its_page, return_on_its_page, confirm_in_bulk, confirm_in_the_admin, return_in_the_admin],
)
@pytest.mark.parametrize("which", [0, 1], ids=["own-entry", "own-agency"])
def test_nobody_reviews_their_own(client, door, which):
    officer, reports = own_entries()
    report = reports[which]
    report.refresh_from_db()
    client.force_login(officer)

    response = door(client, report)

    report.refresh_from_db()
    assert response.status_code == 403
    assert (report.status, report.reviewed_by) == (ReportStatus.SUBMITTED, None)


@pytest.mark.django_db
def test_the_database_itself_refuses_a_review_by_the_author():
    report = make_report(state="submitted")

    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressReport.objects.filter(pk=report.pk).update(
            status=ReportStatus.CONFIRMED, reviewed_by=report.author, reviewed_at=NOON
        )
