"""Two people decide at the same moment, with real threads on real PostgreSQL: one decision counts."""

import threading
import uuid
from collections import Counter

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from tests.factories import TODAY, make_report, make_user
from tracker.models import ReportEvent, ReportStatus

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def at_once(*acts):
    """Run the acts in threads that start together; their answers in the order of the acts."""
    answers, barrier = [None] * len(acts), threading.Barrier(len(acts))

    def run(place, act):
        try:
            barrier.wait(timeout=30)
            answers[place] = act()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def decision(user, name, report, **data):
    """A person's decision, ready to be sent from a session of their own."""
    client = Client()
    client.force_login(user)
    sent = {"form_token": uuid.uuid4(), "version": report.version, **data}
    return lambda: client.post(reverse(name, args=[report.pk]), sent)


@pytest.mark.parametrize("second", ["review_confirm", "review_send_back"])
@pytest.mark.parametrize("first", ["review_confirm", "review_send_back"])
def test_two_reviewers_at_once_decide_once(first, second):
    report = make_report(
        state="submitted", claim="completed", percent=100, completed_on=TODAY, output_document="12/BC"
    )
    words = {"note": "Sửa lại.", "fix_by": "18/6/2020"}

    answers = at_once(
        decision(make_user("officer"), first, report, **words),
        decision(make_user("leader"), second, report, **words),
    )

    assert Counter(answer.status_code for answer in answers) == {302: 1, 409: 1}
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert "Báo cáo này đã được xử lý." in refused.content.decode()
    decided = ReportEvent.objects.filter(report=report).exclude(status=ReportStatus.SUBMITTED)
    report.refresh_from_db()
    assert [step.status for step in decided] == [report.status]
    assert decided.get().by == report.reviewed_by
    report.assignment.refresh_from_db()
    assert (report.assignment.status == "completed") == (report.status == ReportStatus.CONFIRMED)
    assert report.assignment.return_count == (report.status == ReportStatus.RETURNED)


def test_a_form_sent_twice_at_once_acts_once():
    report = make_report(state="submitted")
    officer, token = make_user("officer"), uuid.uuid4()
    send = [decision(officer, "review_confirm", report, form_token=token) for _ in range(2)]

    answers = at_once(*send)

    assert [answer.status_code for answer in answers] == [302, 302]
    assert ReportEvent.objects.filter(report=report, status=ReportStatus.CONFIRMED).count() == 1


def test_two_people_confirming_the_same_many_do_not_block_each_other():
    reports = [make_report(state="submitted", evidence=True) for _ in range(4)]
    listed = [f"{report.pk}-{report.version}" for report in reports]

    def send(user, order):
        client = Client()
        client.force_login(user)
        data = {"form_token": uuid.uuid4(), "reports": order}
        return lambda: client.post(reverse("review_confirm_many"), data)

    answers = at_once(send(make_user("officer"), listed), send(make_user("leader"), listed[::-1]))

    assert [answer.status_code for answer in answers] == [302, 302]
    confirmed = ReportEvent.objects.filter(status=ReportStatus.CONFIRMED).values_list("report", flat=True)
    assert sorted(confirmed) == [report.pk for report in reports]
