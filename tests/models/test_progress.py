import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_completed,
    make_directive,
    make_evidence,
    make_group,
    make_report,
    make_user,
)
from tracker.models import Directive, ProgressReport, ReportStatus, StaleVersion, Status, WrongStep

pytestmark = pytest.mark.django_db


def test_submitting_the_first_report_receives_and_starts_the_assignment():
    assignment = make_assignment()

    make_report(assignment, state="submitted")

    assignment.refresh_from_db()
    assert assignment.status == Status.IN_PROGRESS
    steps = list(assignment.events.order_by("pk").values_list("kind", flat=True))
    assert steps == ["assigned", "received", "started"]


def test_a_confirmed_report_counts_and_a_submitted_one_does_not():
    assignment = make_assignment()

    report = make_report(assignment, state="submitted", percent=65)
    assignment.refresh_from_db()
    before = (assignment.percent, assignment.directive.percent)
    report.confirm(by=make_user("officer"), at=NOON)

    assignment.refresh_from_db()
    assert before == (0, 0)
    assert (assignment.percent, assignment.progress_on) == (65, TODAY)
    directive = Directive.objects.get(pk=assignment.directive_id)
    assert (directive.percent, directive.progress_on) == (65, TODAY)


def test_confirmed_completion_closes_assignment_and_directive_on_the_day_of_the_output_document():
    assignment = make_completed(on=dt.date(2020, 6, 10))

    directive = Directive.objects.get(pk=assignment.directive_id)
    assert (assignment.status, assignment.completed_on) == (Status.COMPLETED, dt.date(2020, 6, 10))
    assert (directive.status, directive.completed_on) == (Status.COMPLETED, dt.date(2020, 6, 10))


def test_returned_completion_is_open_again_and_counted_as_a_return():
    assignment = make_assignment()

    make_report(
        assignment,
        state="returned",
        claim="completed",
        percent=100,
        completed_on=TODAY,
        output_document="12/BC",
    )

    assignment.refresh_from_db()
    assert (assignment.status, assignment.return_count) == (Status.IN_PROGRESS, 1)
    assert assignment.directive.status == Status.IN_PROGRESS


def test_a_group_is_fanned_out_and_complete_only_when_every_member_is():
    members = [make_agency() for _ in range(3)]
    directive = make_directive()
    directive.assign(by=make_user("officer"), lead=make_group(*members), today=TODAY)
    assignments = list(directive.assignments.all())

    for assignment in assignments[:2]:
        make_completed(assignment)
    directive.refresh_from_db()
    between = (directive.status, directive.percent)
    make_completed(assignments[2])

    directive.refresh_from_db()
    assert {row.agency_id for row in assignments} == {member.pk for member in members}
    assert between == (Status.IN_PROGRESS, 66)
    assert (directive.status, directive.percent) == (Status.COMPLETED, 100)


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"done": ""}, "done"),
        ({"as_of_on": TODAY + dt.timedelta(days=1)}, "as_of_on"),
        ({"claim": "completed", "percent": 100, "output_document": "12/BC"}, "completed_on"),
        ({"claim": "completed", "percent": 100, "completed_on": TODAY}, "output_document"),
        ({"claim": "completed", "percent": 90, "completed_on": TODAY, "output_document": "1"}, "percent"),
        ({"claim": "pause"}, "obstacles"),
    ],
)
def test_an_incomplete_report_is_refused_at_its_field_and_stays_a_draft(content, field):
    report = make_report(**content)

    with pytest.raises(ValidationError) as refusal:
        report.submit(by=report.author, today=TODAY)

    assert list(refusal.value.message_dict) == [field]
    report.refresh_from_db()
    assert report.status == ReportStatus.DRAFT


def test_a_lower_percentage_needs_a_reason():
    assignment = make_assignment()
    make_report(assignment, state="confirmed", percent=60)
    report = make_report(assignment, percent=50)

    with pytest.raises(ValidationError) as refusal:
        report.submit(by=report.author, today=TODAY)
    report.save_draft(by=report.author, decrease_reason="Thiết bị hỏng.")
    report.submit(by=report.author, today=TODAY)

    assert list(refusal.value.message_dict) == ["decrease_reason"]
    assert (report.status, report.percent_before) == (ReportStatus.SUBMITTED, 60)


def test_an_older_report_does_not_overwrite_the_latest_progress():
    assignment = make_assignment()
    make_report(assignment, state="confirmed", percent=60, as_of_on=dt.date(2020, 6, 10))

    make_report(assignment, state="confirmed", percent=30, as_of_on=dt.date(2020, 5, 10))

    assignment.refresh_from_db()
    assert (assignment.percent, assignment.progress_on) == (60, dt.date(2020, 6, 10))


def test_completion_by_a_file_of_evidence_alone_is_enough_to_submit():
    report = make_report(claim="completed", percent=100, completed_on=TODAY)
    make_evidence(report)

    report.submit(by=report.author, today=TODAY)

    assert report.status == ReportStatus.SUBMITTED


def test_a_stale_draft_is_refused_and_shows_the_stored_one():
    report = make_report()
    seen = report.version
    report.save_draft(by=report.author, expected_version=seen, done="Bản của người thứ nhất.")

    with pytest.raises(StaleVersion) as refusal:
        report.save_draft(by=report.author, expected_version=seen, done="Bản của người thứ hai.")

    assert refusal.value.current.done == "Bản của người thứ nhất."


def test_a_confirmed_report_is_read_only_even_to_raw_updates():
    report = make_report(state="confirmed")

    with pytest.raises(DatabaseError), transaction.atomic():
        ProgressReport.objects.filter(pk=report.pk).update(done="Sửa lén.")

    report.refresh_from_db()
    assert report.done == "Đã làm xong phần việc của kỳ."


def test_taking_back_a_report_of_completion_opens_the_assignment():
    report = make_report(
        state="submitted", claim="completed", percent=100, completed_on=TODAY, output_document="12/BC"
    )

    report.take_back(by=report.author, at=NOON)

    assert report.status == ReportStatus.DRAFT
    report.assignment.refresh_from_db()
    assert report.assignment.status == Status.IN_PROGRESS
    with pytest.raises(WrongStep):
        report.confirm(by=make_user("officer"))
