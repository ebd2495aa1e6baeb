"""The life of an official report: which steps there are, what each refuses, what the signature closes."""

import datetime as dt
import hashlib
from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from tests.factories import PAPER, TODAY, make_agency, make_division, make_paper, make_user
from tests.test_concurrency_reviews import at_once
from tracker.models import (
    Notice,
    PaperStatus,
    PeriodicReport,
    PeriodicReportEvent,
    PeriodicReportHistory,
    ReportFile,
    StaleVersion,
    WrongStep,
)
from tracker.models.lifecycle import because
from tracker.models.periodic_reports import NEXT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def sign(paper, **changed):
    values = {
        "by": make_user("officer"),
        "number": "45",
        "signed_on": TODAY,
        "signer_name": "Vũ Đức Hòa",
        "today": TODAY,
        "make_files": lambda _paper: {"docx": b"w", "pdf": b"p", "xlsx": b"x"},
    }
    paper.sign(**(values | changed))


STEPS = {
    PaperStatus.SUBMITTED: lambda paper: paper.submit(by=make_user("officer")),
    PaperStatus.DRAFT: lambda paper: paper.take_back(by=make_user("officer")),
    PaperStatus.RETURNED: lambda paper: paper.send_back(by=make_user("leader"), reason="Sửa."),
    PaperStatus.APPROVED: lambda paper: paper.approve(by=make_user("leader")),
    PaperStatus.SIGNED: sign,
    PaperStatus.SENT: lambda paper: paper.send(by=make_user("officer")),
    PaperStatus.DISCARDED: lambda paper: paper.discard(by=make_user("officer")),
}


@pytest.mark.parametrize("status", PaperStatus.values)
def test_only_the_steps_of_the_life_cycle_are_taken(status):
    paper = make_paper(status)
    taken = set()

    for target, step in STEPS.items():
        try:
            with transaction.atomic():
                step(paper)
                taken.add(target)
                assert paper.status == target
                transaction.set_rollback(True)
        except WrongStep:
            pass
        paper = PeriodicReport.objects.get(pk=paper.pk)

    assert taken == NEXT[PaperStatus(status)]


@pytest.mark.parametrize("status", PaperStatus.values)
def test_the_text_is_written_only_in_a_draft_or_a_returned_report(status):
    paper = make_paper(status)

    if status in {"draft", "returned"}:
        paper.write(by=make_user("officer"), expected_version=paper.version, title="Khác")
        assert paper.title == "Khác"
    else:
        with pytest.raises(WrongStep):
            paper.write(by=make_user("officer"), expected_version=paper.version, title="Khác")


def test_each_step_is_logged_with_who_and_why():
    officer, leader = make_user("officer"), make_user("leader")
    paper = make_paper("returned", by=officer, leader=leader)

    told = [(event.step, event.by, event.reason) for event in paper.events.order_by("pk")]

    assert told == [
        ("drafted", officer, ""),
        ("submitted", officer, ""),
        ("returned", leader, "Bổ sung nguyên nhân."),
    ]
    assert paper.events.first().by_agency == leader.agency


def test_who_wrote_in_a_report_does_not_approve_it():
    paper, turned = make_paper("draft"), make_user("officer")
    paper.write(by=turned, expected_version=paper.version, title="Sửa một chữ")
    paper.submit(by=make_user("officer"))
    turned.role = "leader"
    turned.save()

    with pytest.raises(WrongStep, match="Người soạn"):
        paper.approve(by=turned)
    paper.approve(by=make_user("leader"))


def test_what_changed_since_it_was_read_is_not_approved():
    paper = make_paper("submitted")
    read = paper.version
    paper.take_back(by=make_user("officer"))
    paper.write(by=make_user("officer"), expected_version=None, title="Khác")
    paper.submit(by=make_user("officer"))

    with pytest.raises(StaleVersion):
        PeriodicReport.objects.get(pk=paper.pk).approve(by=make_user("leader"), expected_version=read)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"signed_on": TODAY + dt.timedelta(days=1)}, "signed_on"),
        ({"signed_on": dt.date(2020, 6, 13)}, "signed_on"),
        ({"number": ""}, None),
        ({"number": "1" * 11}, "number"),
    ],
)
def test_a_wrong_signature_is_refused_and_nothing_is_stored(changed, field):
    paper = make_paper("approved")

    with pytest.raises((ValidationError, DatabaseError)) as refusal, transaction.atomic():
        sign(paper, **changed)

    if field:
        assert field in refusal.value.error_dict
    paper = PeriodicReport.objects.get(pk=paper.pk)
    assert (paper.status, paper.number, paper.files.count()) == ("approved", "", 0)


def test_a_number_is_given_once_a_year_and_symbol():
    make_paper("signed", number="45")

    with pytest.raises(ValidationError) as refusal:
        sign(make_paper("approved"))
    assert "Số 45/BC-STTTT của năm này đã cấp cho" in refusal.value.message_dict["number"][0]
    sign(make_paper("approved", symbol="BC/STTTT"))
    next_year = make_paper("approved")
    sign(next_year, signed_on=dt.date(2021, 1, 5), today=dt.date(2021, 1, 5))

    assert next_year.full_number == "45/BC-STTTT"


def test_the_files_are_kept_as_they_were_made_with_the_number():
    paper, seen = make_paper("approved"), []

    sign(paper, make_files=lambda signed: seen.append(signed.full_number) or {"pdf": b"%PDF"})

    kept = ReportFile.objects.get(report=paper)
    assert seen == ["45/BC-STTTT"]
    assert (kept.file.read(), kept.size) == (b"%PDF", 4)
    assert kept.sha256 == hashlib.sha256(b"%PDF").hexdigest()


def test_a_report_whose_files_cannot_be_made_is_not_signed():
    paper = make_paper("approved")

    def fail(_paper):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        sign(paper, make_files=fail)

    assert PeriodicReport.objects.get(pk=paper.pk).status == "approved"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("content", "'{}'::jsonb"),
        ("facts", "'{}'::jsonb"),
        ("title", "'khác'"),
        ("number", "'99'"),
        ("signed_on", "'2020-06-15'"),
        ("signer_name", "'khác'"),
        ("recipients", "'khác'"),
        ("figures_on", "'2020-06-01'"),
    ],
)
@pytest.mark.parametrize("status", ["signed", "sent"])
def test_not_even_raw_sql_changes_a_signed_report(status, column, value):
    paper = make_paper(status)

    with (
        pytest.raises(DatabaseError, match="Cannot update"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"UPDATE tracker_periodicreport SET {column} = {value} WHERE id = %s",  # noqa: S608
            [paper.pk],
        )


@pytest.mark.parametrize("model", [PeriodicReportEvent, ReportFile])
def test_steps_and_files_are_never_changed_or_deleted(model):
    paper = make_paper("signed")
    rows = model.objects.filter(report=paper)

    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(report=make_paper())
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()


def test_a_new_revision_begins_with_the_signed_text_and_leaves_the_signed_report():
    officer = make_user("officer")
    signed = make_paper("sent", number="12")

    revision = signed.revise(by=officer, reason="Sai số liệu huyện Hải Hậu")

    assert (revision.status, revision.revision, revision.corrects) == ("draft", 2, signed)
    assert (revision.content, revision.title, revision.number) == (PAPER, signed.title, "")
    assert revision.writers == [officer.pk]
    assert PeriodicReport.objects.get(pk=signed.pk).status == "sent"
    assert signed.events.first().reason == "Sai số liệu huyện Hải Hậu"


def test_a_report_has_one_new_revision_until_that_is_given_up():
    signed, officer = make_paper("signed"), make_user("officer")
    first = signed.revise(by=officer, reason="Sai số")

    with pytest.raises(ValidationError, match="đã có bản sửa đổi"):
        signed.revise(by=officer, reason="Sai số")
    first.discard(by=officer)

    assert signed.revise(by=officer, reason="Sai số").revision == 2


@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "approved", "discarded"])
def test_what_is_not_signed_has_no_new_revision(status):
    with pytest.raises(WrongStep):
        make_paper(status).revise(by=make_user("officer"), reason="Sai số")


@pytest.mark.parametrize("reason", ["", "   "])
def test_returning_and_correcting_need_a_reason(reason):
    with pytest.raises(ValidationError) as returned:
        make_paper("submitted").send_back(by=make_user("leader"), reason=reason)
    with pytest.raises(ValidationError) as revised:
        make_paper("signed").revise(by=make_user("officer"), reason=reason)

    assert "reason" in returned.value.error_dict
    assert "reason" in revised.value.error_dict


def test_who_sees_which_reports():
    agency, division = make_agency(), make_division()
    states = {status: make_paper(status, agency=agency) for status in PaperStatus.values}
    make_paper("signed")

    seen = {
        person: PeriodicReport.objects.visible_to(user).count()
        for person, user in {
            "officer": make_user("officer"),
            "leader": make_user("leader"),
            "division": make_user("viewer", agency=division),
            "head": make_user("agency_head", agency=agency),
            "stranger": make_user("agency_head"),
        }.items()
    }

    everything = len(states) + 1
    assert seen == {
        "officer": everything,
        "leader": everything,
        "division": everything,
        "head": 2,
        "stranger": 0,
    }


def test_leaders_hear_of_a_submitted_report_and_its_writers_of_what_became_of_it():
    writer, other = make_user("officer"), make_user("officer")
    leader, second = make_user("leader"), make_user("leader")
    paper = make_paper(by=writer)
    paper.write(by=other, expected_version=None, title="Khác")
    paper.submit(by=writer)
    told = {notice.user for notice in Notice.objects.filter(kind="paper_submitted")}
    paper.send_back(by=leader, reason="Bổ sung phần II.")
    returned = Notice.objects.filter(kind="paper_returned")

    assert {leader, second} <= told
    assert writer not in told
    assert {notice.user for notice in returned} == {writer, other}
    assert {notice.words["note"] for notice in returned} == {"Bổ sung phần II."}
    assert {notice.url for notice in returned} == {paper.get_absolute_url()}


def test_a_report_that_was_taken_back_asks_no_leader_any_more():
    leader, paper = make_user("leader"), make_paper("submitted")
    asked = leader.notices.filter(kind="paper_submitted")
    assert asked.count() == 1

    paper.take_back(by=make_user("officer"))

    assert asked.count() == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("45/BC-STTTT", True),
        ("45-bc-stttt", True),
        ("nhiem vu 6 thang", True),
        ("tình hình", True),
        ("46/BC", False),
    ],
)
def test_a_report_is_found_by_its_number_and_title(text, found):
    paper = make_paper("signed", number="45")

    assert (paper in PeriodicReport.objects.search(text)) is found


def test_the_reason_of_a_step_stands_in_the_history():
    paper = make_paper("returned")

    last = PeriodicReportHistory.objects.filter(pgh_obj=paper).order_by("pgh_id").last()

    assert last.status == "returned"
    assert last.pgh_context["reason"] == "Bổ sung nguyên nhân."
    with because(""):
        paper.submit(by=make_user("officer"))
    last = PeriodicReportHistory.objects.filter(pgh_obj=paper).order_by("pgh_id").last()
    assert last.pgh_context["reason"] == ""


# At the same moment, with real threads


def outcome(act):
    """“done”, or why not."""
    try:
        act()
    except StaleVersion:
        return "stale"
    except WrongStep:
        return "too late"
    return "done"


@pytest.mark.django_db(transaction=True)
def test_two_leaders_at_once_approve_once():
    paper = make_paper("submitted")
    leaders = [make_user("leader"), make_user("leader")]
    papers = [PeriodicReport.objects.get(pk=paper.pk) for _leader in leaders]

    answers = at_once(
        *(
            lambda one=one, by=by: outcome(lambda: one.approve(by=by))
            for one, by in zip(papers, leaders, strict=True)
        )
    )

    assert Counter(answers) == {"done": 1, "too late": 1}
    assert paper.events.filter(step="approved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_edit_and_a_submission_at_once_never_change_a_submitted_text():
    paper = make_paper()
    writer, officer = make_user("officer"), make_user("officer")
    first, second = (PeriodicReport.objects.get(pk=paper.pk) for _person in range(2))
    version = paper.version

    answers = at_once(
        lambda: outcome(lambda: first.write(by=writer, expected_version=version, title="Khác")),
        lambda: outcome(lambda: second.submit(by=officer, expected_version=version)),
    )

    stored = PeriodicReport.objects.get(pk=paper.pk)
    # Whoever came second is told; a submitted text is the one that was read.
    assert answers.count("done") == 1
    assert (stored.status, stored.title == "Khác") in {("draft", True), ("submitted", False)}


@pytest.mark.django_db(transaction=True)
def test_two_signatures_at_once_do_not_get_one_number():
    papers = [make_paper("approved"), make_paper("approved")]

    def act(paper):
        try:
            sign(paper)
        except (ValidationError, DatabaseError) as refusal:
            return type(refusal).__name__
        return "done"

    answers = at_once(*(lambda one=one: act(one) for one in papers))

    assert answers.count("done") == 1
    assert PeriodicReport.objects.filter(number="45").count() == 1
