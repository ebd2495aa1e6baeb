"""One directive: its page, entering, changing, assigning, the steps of its life, its history."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    TODAY,
    make_agency,
    make_assignment,
    make_directive,
    make_document,
    make_evidence,
    make_field,
    make_group,
    make_instruction,
    make_report,
    make_user,
)
from tracker.models import Assignment, Directive, Document, Status, Suggestion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def detail(directive):
    return reverse("directive_detail", args=[directive.code])


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_page_shows_the_source_word_for_word_and_the_rule_of_the_deadline(client):
    directive = make_directive(
        deadline_printed="hết quý II", deadline_kind="quarter_end", deadline_inferred=True
    )
    source = directive.sources.get()
    source.gloss = "về thắt chặt quản lý"
    source.save()
    client.force_login(make_user("leader"))

    page = text_of(client.get(detail(directive)))

    assert "“Câu gốc của văn bản.”" in page
    assert "lời của báo về thắt chặt quản lý" in page
    assert "“hết quý II” → 30/6/2020 suy ra" in page
    assert "30/6/2020. Năm được suy ra" in page


def full_directive(parts):
    """A directive whose every list has ``parts`` lines."""
    group = make_group(*[make_agency() for _ in range(parts)])
    directive = make_directive(parent=make_directive())
    officer, leader = make_user("officer"), make_user("leader")
    directive.assign(by=officer, lead=group, today=dt.date(2020, 1, 14))
    for assignment in directive.assignments.all():
        make_report(assignment, state="confirmed", percent=30, evidence=True)
        make_report(assignment, state="submitted", percent=40, evidence=True)
        make_instruction(directive=directive, by=leader)
        Suggestion.objects.create(directive=directive, kind="measure", text="Số cơ quan.")
        make_directive(parent=directive)
    return directive


@pytest.mark.parametrize("parts", [1, 30])
def test_the_page_takes_twelve_queries_whatever_hangs_on_the_directive(client, parts):
    directive = full_directive(parts)
    client.force_login(make_user("leader"))
    client.get(detail(directive))

    with CaptureQueriesContext(connection) as queries:
        response = client.get(detail(directive))

    assert response.status_code == 200
    assert len(queries) <= 12
