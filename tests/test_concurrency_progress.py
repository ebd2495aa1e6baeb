"""Two people, or one person twice, in the same moment: real threads on the real database."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client
from django.urls import reverse

from tests.factories import TODAY, make_assignment, make_report, make_user
from tracker.models import ProgressReport, ReportEvent, ReportStatus, WrongStep

pytestmark = pytest.mark.django_db(transaction=True)

FORM = {
    "version": "1",
    "claim": "in_progress",
    "as_of_on": "16/6/2020",
    "percent": "70",
    "done": "Đã tập huấn hai lớp.",
}


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do all of these in the same moment, each on its own connection; give back results or refusals."""
    start = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=10)
            results[place] = act()
        except ValidationError as refusal:
            results[place] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def submitting(client: Client, assignment, **values: str) -> Callable[[], Any]:
    address = reverse("progress_log", args=[assignment.pk])
    return lambda: client.post(address, FORM | {"form_token": str(uuid.uuid4())} | values)


def refusals(results: list[Any]) -> list[type]:
    return [type(result) for result in results if isinstance(result, ValidationError)]


@pytest.mark.parametrize("attempt", range(3))
def test_a_double_click_makes_one_report(attempt):
    clerk = make_user()
    assignment = make_assignment(clerk.agency)
    token = str(uuid.uuid4())

    answers = at_once(
        submitting(signed_in(clerk), assignment, form_token=token),
        submitting(signed_in(clerk), assignment, form_token=token),
    )

    assert [answer.url for answer in answers] == [reverse("my_work")] * 2
    report = ProgressReport.objects.get()
    assert [event.status for event in report.events.all()] == [ReportStatus.SUBMITTED]


@pytest.mark.parametrize("attempt", range(3))
def test_two_colleagues_who_submit_at_once_make_one_report_and_the_second_keeps_the_text(attempt):
    clerk = make_user()
    colleague = make_user(agency=clerk.agency)
    assignment = make_assignment(clerk.agency)

    answers = at_once(
        submitting(signed_in(clerk), assignment, done="Bản thứ nhất."),
        submitting(signed_in(colleague), assignment, done="Bản thứ hai."),
    )

    report = ProgressReport.objects.get()
    assert [event.status for event in report.events.all()] == [ReportStatus.SUBMITTED]
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    told = next(answer for answer in answers if answer.status_code == 200)
    lost = {"Bản thứ nhất.": "Bản thứ hai.", "Bản thứ hai.": "Bản thứ nhất."}[report.done]
    assert f"{lost}</textarea>" in told.text
    assert f"{report.author.full_name} đã nộp báo cáo này" in told.text


@pytest.mark.parametrize("attempt", range(3))
def test_taking_back_and_confirming_at_once_exactly_one_wins(attempt):
    report = make_report(state="submitted")
    officer = make_user("officer")
    mine, theirs = ProgressReport.objects.get(), ProgressReport.objects.get()

    results = at_once(
        lambda: mine.take_back(by=report.author),
        lambda: theirs.confirm(by=officer),
    )

    assert refusals(results) == [WrongStep]
    report.refresh_from_db()
    after = ReportEvent.objects.exclude(status=ReportStatus.SUBMITTED).get()
    assert after.status == report.status
    assert report.status in {ReportStatus.DRAFT, ReportStatus.CONFIRMED}


@pytest.mark.parametrize("attempt", range(3))
def test_two_reviewers_at_once_make_exactly_one_decision(attempt):
    report = make_report(state="submitted")
    officer, leader = make_user("officer"), make_user("leader")
    mine, theirs = ProgressReport.objects.get(), ProgressReport.objects.get()

    results = at_once(
        lambda: mine.confirm(by=officer),
        lambda: theirs.send_back(by=leader, note="Thiếu số liệu."),
    )

    assert refusals(results) == [WrongStep]
    report.refresh_from_db()
    decision = ReportEvent.objects.exclude(status=ReportStatus.SUBMITTED).get()
    assert (decision.status, decision.by) == (report.status, report.reviewed_by)


def test_two_colleagues_who_save_a_draft_at_once_share_one_report():
    clerk = make_user()
    colleague = make_user(agency=clerk.agency)
    assignment = make_assignment(clerk.agency)
    address = reverse("progress_save_draft", args=[assignment.pk])
    first, second = signed_in(clerk), signed_in(colleague)

    answers = at_once(
        lambda: first.post(address, FORM | {"done": "Bản thứ nhất."}),
        lambda: second.post(address, FORM | {"done": "Bản thứ hai."}),
    )

    assert ProgressReport.objects.count() == 1
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    told = next(answer for answer in answers if answer.status_code == 409)
    assert "Bản thứ nhất." in told.text
    assert "Bản thứ hai." in told.text
