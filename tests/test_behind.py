"""Who is behind, and with what: each reason, what is left out and why, the words that go on record."""

import datetime as dt

import pytest
from django.utils.translation import override

from tests.factories import (
    TODAY,
    make_agency,
    make_assignment,
    make_completed,
    make_directive,
    make_report,
    make_user,
)
from tracker.figures.behind import LONGEST_LINE, Behind, Lack, Measure
from tracker.figures.dossier import Dossier
from tracker.figures.matrix import Tree
from tracker.figures.scope import Scope
from tracker.figures.urging_previews import preview_of_directives, preview_of_overdue
from tracker.models import CalendarDay, Configuration

pytestmark = pytest.mark.django_db

MAY_31 = dt.date(2020, 5, 31)
JUNE_19 = dt.date(2020, 6, 19)
IN_DECEMBER = dt.date(2020, 12, 20)


@pytest.fixture
def scope():
    return Scope.of(make_user("officer"), TODAY)


def of(scope, *rows):
    """The preview of these assignments' directives."""
    return preview_of_directives([row.directive for row in rows], scope, Tree(scope.user))


def words_of(scope, row):
    """What one assignment is behind with, without its name; or why it is left out."""
    preview = of(scope, row)
    if not preview.behind:
        return preview.spared[0].spared
    return preview.behind[0].line.removeprefix(f"{row.directive.code} {row.directive.title}: ")


CASES = {
    "overdue": (
        lambda: make_assignment(due_on=MAY_31, status="in_progress"),
        "quá 16 ngày (hạn 31/5/2020)",
    ),
    "due today": (
        lambda: make_assignment(due_on=TODAY, status="in_progress"),
        "hôm nay đến hạn (hạn 16/6/2020), chưa báo cáo trong kỳ",
    ),
    "due soon, silent": (
        lambda: make_assignment(due_on=JUNE_19, status="in_progress"),
        "còn 3 ngày (hạn 19/6/2020), chưa báo cáo trong kỳ",
    ),
    "due soon, not received": (
        lambda: make_assignment(due_on=JUNE_19, on=dt.date(2020, 6, 1)),
        "còn 3 ngày (hạn 19/6/2020), chưa báo cáo trong kỳ; giao ngày 1/6/2020, chưa tiếp nhận",
    ),
    "not received in time": (
        lambda: make_assignment(due_on=IN_DECEMBER, on=dt.date(2020, 6, 12)),
        "giao ngày 12/6/2020, chưa tiếp nhận",
    ),
    "given yesterday": (
        lambda: make_assignment(due_on=IN_DECEMBER, on=dt.date(2020, 6, 15)),
        "chưa thực hiện",
    ),
    "in time": (lambda: make_assignment(due_on=IN_DECEMBER, status="in_progress"), "trong hạn"),
    "no deadline": (
        lambda: make_assignment(due_on=None, deadline_kind="ongoing", status="in_progress"),
        "không hạn",
    ),
    "completed": (lambda: make_completed(due_on=JUNE_19), "hoàn thành đúng hạn"),
}


@pytest.mark.parametrize("case", CASES)
def test_each_way_of_being_behind_or_not_has_its_words(scope, case):
    make, expected = CASES[case]
    row = make()

    with override("vi"):
        assert words_of(scope, row) == expected


def test_a_returned_report_is_behind_until_it_is_handed_in_again(scope):
    row = make_assignment(due_on=IN_DECEMBER, status="in_progress")
    report = make_report(row, state="returned")

    before = words_of(scope, row)
    report.refresh_from_db()
    report.submit(by=report.author, today=TODAY)

    assert before == "báo cáo bị trả lại, chưa nộp lại"
    assert words_of(scope, row) == "đã nộp báo cáo, chờ duyệt"


def test_who_has_reported_for_the_period_is_not_behind_though_the_deadline_is_near(scope):
    row = make_assignment(due_on=JUNE_19, status="in_progress")
    make_report(row, state="confirmed", as_of_on=dt.date(2020, 6, 15), percent=60)

    assert words_of(scope, row) == "sắp đến hạn, đã báo cáo đến ngày 15/6/2020"


@pytest.mark.parametrize(
    ("state", "words"),
    [("awaiting", "đã báo cáo hoàn thành, chờ xác nhận"), ("paused", "lãnh đạo cho tạm dừng")],
)
def test_overdue_work_that_rests_is_said_to_rest(scope, state, words):
    row = make_assignment(due_on=MAY_31, status="in_progress")
    if state == "paused":
        row.directive.pause(by=make_user("leader"), reason="Chờ kinh phí", review_on=JUNE_19)
    else:
        make_report(
            row, state="submitted", claim="completed", percent=100, completed_on=TODAY, output_document="1"
        )

    preview = of(scope, row)

    assert preview.behind[0].line.endswith(f"quá 16 ngày (hạn 31/5/2020); {words}")
    assert not preview.behind[0].is_theirs


@pytest.mark.parametrize(("off", "is_behind"), [([], True), ([15], True), ([12, 15], False), ([16], True)])
def test_days_off_do_not_count_against_who_has_to_receive(scope, off, is_behind):
    for day in off:
        CalendarDay.objects.create(day=dt.date(2020, 6, day), kind="off", name="Nghỉ")
    row = make_assignment(due_on=IN_DECEMBER, on=dt.date(2020, 6, 11))
    same = Dossier.find(row.directive.code, scope)

    assert bool(of(scope, row).behind) is is_behind
    assert bool(same.behind) is is_behind


def test_the_days_until_work_is_received_are_the_office_s():
    office = Configuration(not_received_days=5)

    measure = Measure.of(TODAY, office)

    assert measure.received_until == dt.date(2020, 6, 9)


def test_the_page_of_a_directive_counts_those_of_its_preview(scope):
    directive = make_directive(due_on=MAY_31)
    bodies = [make_agency() for _number in range(4)]
    directive.assign(by=scope.user, lead=bodies[0], cooperating=bodies[1:], today=dt.date(2020, 1, 14))
    make_completed(directive.assignments.get(agency=bodies[1]))

    preview = preview_of_directives([directive], scope, Tree(scope.user))

    assert len(preview.behind) == Dossier.find(directive.code, scope).behind == 3
    assert [row.agency for row in preview.spared] == [bodies[1]]


def test_all_overdue_work_is_grouped_by_agency_the_most_first(scope):
    busy, other = make_agency(), make_agency()
    for agency in (other, busy, busy):
        make_assignment(agency, due_on=MAY_31, status="in_progress")
    make_assignment(other, due_on=IN_DECEMBER, status="in_progress")

    preview = preview_of_overdue(scope)

    assert [(row.agency, len(row.lacks)) for row in preview.behind] == [(busy, 2), (other, 1)]
    assert preview.spared == []


def test_the_words_are_vietnamese_whoever_sends_them(scope):
    row = make_assignment(due_on=MAY_31, status="in_progress")

    with override("en"):
        preview = of(scope, row)

    assert preview.behind[0].line.endswith("quá 16 ngày (hạn 31/5/2020)")
    assert preview.reason.startswith("“Nhiệm vụ số")


def test_a_line_that_would_be_too_long_says_how_much_is_left_out():
    row = Behind(make_agency(), [Lack("x" * 190, None) for _number in range(9)])

    with override("en"):
        assert row.told == ["x" * 190] * 4 + ["và 5 nội dung khác"]
        assert len(row.line) <= LONGEST_LINE
