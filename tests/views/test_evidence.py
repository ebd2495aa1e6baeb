import logging
from pathlib import Path

import pytest
from django.urls import reverse

from tests.factories import TODAY, make_assignment, make_evidence, make_report, make_user
from tracker.models import Evidence

pytestmark = pytest.mark.django_db

CONTENT = b"%PDF-1.4\n1 0 obj\n%%EOF\n"


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def clerk():
    return make_user()


def evidence_of(clerk, state="draft", **fields) -> Evidence:
    report = make_report(make_assignment(clerk.agency), by=clerk)
    evidence = make_evidence(report, content=CONTENT, title="Báo cáo “quý II”.pdf", **fields)
    if state == "submitted":
        report.submit(by=clerk, today=TODAY)
    return evidence


def make_evidence_url(evidence) -> str:
    return reverse("evidence_download", args=[evidence.pk])


def download(client, user, evidence):
    client.force_login(user)
    return client.get(make_evidence_url(evidence))


def test_a_file_is_given_back_as_it_was_sent_under_its_vietnamese_name(client, clerk):
    response = download(client, clerk, evidence_of(clerk))

    assert b"".join(response.streaming_content) == CONTENT
    name = "B%C3%A1o%20c%C3%A1o%20%E2%80%9Cqu%C3%BD%20II%E2%80%9D.pdf"
    assert response["Content-Disposition"].lower() == f"attachment; filename*=utf-8''{name}".lower()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(len(CONTENT))


def test_a_browser_is_told_to_do_nothing_with_it(client, clerk):
    response = download(client, clerk, evidence_of(clerk))

    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"


def test_evidence_is_seen_by_those_who_see_its_report(client, clerk):
    draft, submitted = evidence_of(clerk), evidence_of(clerk, "submitted")
    people = {"clerk": clerk, "officer": make_user("officer"), "stranger": make_user()}

    answers = {
        name: (download(client, user, draft).status_code, download(client, user, submitted).status_code)
        for name, user in people.items()
    }

    assert answers == {"clerk": (200, 200), "officer": (404, 200), "stranger": (404, 404)}


def test_evidence_is_for_people_who_have_signed_in(client, clerk):
    response = client.get(make_evidence_url(evidence_of(clerk)))

    assert response.url.startswith(reverse("login"))


def test_a_link_is_no_file(client, clerk):
    report = make_report(make_assignment(clerk.agency), by=clerk)
    link = Evidence.attach_link(report, by=clerk, link="https://namdinh.gov.vn", title="Tin")

    assert download(client, clerk, link).status_code == 404


def test_a_changed_file_is_not_given_out(client, clerk, caplog):
    evidence = evidence_of(clerk)
    Path(evidence.file.path).write_bytes(CONTENT.replace(b"1", b"2"))

    with caplog.at_level(logging.ERROR, "tracker.files"):
        response = download(client, clerk, evidence)

    assert response.status_code == 409
    assert "trên máy chủ không còn đúng là tệp đã gửi nên không giao ra." in response.text
    assert caplog.messages == [f"{evidence.file.name} is changed"]


def test_a_missing_file_is_said_to_be_missing(client, clerk):
    evidence = evidence_of(clerk)
    Path(evidence.file.path).unlink()

    response = download(client, clerk, evidence)

    assert response.status_code == 410
    assert "không còn trên máy chủ. Nội dung báo cáo vẫn nguyên." in response.text


def remove(client, user, evidence, **values):
    client.force_login(user)
    return client.post(reverse("evidence_remove", args=[evidence.pk]), values)


def test_evidence_is_taken_off_while_the_report_can_be_changed(client, clerk):
    evidence = evidence_of(clerk)

    response = remove(client, clerk, evidence)

    assert response.url == reverse("progress_log", args=[evidence.report.assignment_id])
    assert not Evidence.objects.exists()


def test_what_stands_in_the_form_around_the_button_is_saved_with_it(client, clerk):
    evidence = evidence_of(clerk)
    version = evidence.report.version

    remove(client, clerk, evidence, done="Đang gõ.", percent="60", version=version, tiep="2")

    evidence.report.refresh_from_db()
    assert (evidence.report.done, evidence.report.percent) == ("Đang gõ.", 60)
    assert not Evidence.objects.exists()


def test_when_the_form_cannot_be_saved_the_evidence_stays(client, clerk):
    evidence = evidence_of(clerk)

    response = remove(client, clerk, evidence, done="Đang gõ.", percent="x", version="2")

    assert "Mức hoàn thành là số nguyên từ 0 đến 100." in response.text
    assert "Đang gõ.</textarea>" in response.text
    assert Evidence.objects.get() == evidence


def test_evidence_of_a_submitted_report_stays(client, clerk):
    evidence = evidence_of(clerk, "submitted")

    response = remove(client, clerk, evidence)

    assert response.status_code == 302
    assert Evidence.objects.get() == evidence


def test_only_the_agency_takes_evidence_off(client, clerk):
    draft, submitted = evidence_of(clerk), evidence_of(clerk, "submitted")
    viewer = make_user("viewer", agency=clerk.agency)

    answers = [
        remove(client, make_user(), draft).status_code,
        remove(client, make_user("officer"), submitted).status_code,
        remove(client, viewer, draft).status_code,
    ]

    assert answers == [404, 403, 403]
    assert Evidence.objects.count() == 2
