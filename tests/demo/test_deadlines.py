"""Extensions, a correction, urgings, deputies and reminders of the demonstration year, as its pages show them."""

import collections
import datetime as dt

import pytest
from django.utils import timezone

from tracker.demonstration_acts import LAST_DAY
from tracker.figures.decisions import decisions
from tracker.figures.scope import Scope
from tracker.models import (
    Deputyship,
    Directive,
    DirectiveEvent,
    Evidence,
    ExtensionRequest,
    Notice,
    NoticePreference,
    OutgoingMessage,
    Urging,
    UrgingRecipient,
    User,
)

pytestmark = pytest.mark.django_db


def test_six_things_wait_for_the_director():
    director = User.objects.get(username="hoa.vd")

    found = decisions(Scope.of(director, LAST_DAY))

    assert sorted((str(one.matter), one.directive.code) for one in found) == [
        ("completion", "NV-2020-017"),
        ("extension", "NV-2020-011"),
        ("extension", "NV-2020-019"),
        ("proposal", "D10"),
        ("resume", "NV-2020-015"),
        ("stop", "NV-2020-021"),
    ]


def test_the_requests_for_more_time_have_come_to_every_end():
    found = ExtensionRequest.objects.order_by("asked_at").values_list(
        "assignment__directive__code", "agency__code", "status", "new_due_on", "is_after_deadline", "ordinal"
    )

    assert list(found) == [
        ("NV-2020-013", "O07", "granted", dt.date(2020, 6, 19), False, 1),
        ("NV-2020-020", "O02", "refused", dt.date(2020, 6, 30), False, 1),
        ("NV-2020-007", "O04", "proposed", dt.date(2020, 8, 31), True, 1),
        ("NV-2020-011", "O07", "asked", dt.date(2020, 7, 15), True, 1),
        ("NV-2020-019", "H04", "asked", dt.date(2020, 6, 30), True, 1),
    ]


def test_an_extension_and_a_correction_moved_the_deadline_and_left_the_original():
    extended, corrected = (Directive.objects.get(code=code) for code in ("NV-2020-013", "NV-2020-009"))

    assert (extended.original_due_on, extended.due_on) == (dt.date(2020, 5, 29), dt.date(2020, 6, 19))
    assert (corrected.original_due_on, corrected.due_on) == (dt.date(2020, 10, 30), dt.date(2020, 11, 30))
    assert (extended.extension_count, corrected.extension_count) == (1, 0)
    assert set(extended.assignments.values_list("due_on", flat=True)) == {extended.due_on}
    assert extended.deadline_printed == "trước ngày 29/5/2020"
    assert DirectiveEvent.objects.corrections().get().directive == corrected


def test_nobody_decided_for_their_own_agency():
    decided = ExtensionRequest.objects.exclude(decided_by=None).select_related("decided_by")

    assert {row.decided_by.role for row in decided} == {"leader"}
    assert not [row for row in decided if row.decided_by.agency_id == row.agency_id]


def test_urgings_of_three_grades_were_sent_and_some_answered():
    sent = {urging.grade: urging for urging in Urging.objects.order_by("-at")}
    nine = Urging.objects.get(indicators__code="CT-D09")

    assert collections.Counter(Urging.objects.values_list("grade", flat=True)) == {
        "remind": 2,
        "letter": 1,
        "explain": 1,
    }
    assert (nine.recipients.count(), timezone.localdate(nine.at)) == (9, dt.date(2020, 6, 11))
    assert nine.recipients.answered().count() == 2
    assert sent["letter"].document.number == "438/STTTT-TTBCXB"
    assert [row.agency.code for row in UrgingRecipient.objects.answer_overdue(LAST_DAY)] == ["H09"]
    assert not UrgingRecipient.objects.filter(assignments=None).exists()


def test_what_an_urging_says_of_an_agency_was_so():
    said = UrgingRecipient.objects.filter(lacks__startswith="Mới đạt").prefetch_related("assignments")

    for row in said:
        assert [one.percent for one in row.assignments.all()] == [int(row.lacks.split()[2].rstrip("%,"))], row


def test_proof_goes_with_a_request_and_an_answer():
    assert Evidence.objects.exclude(extension=None).get().extension.agency.code == "O07"
    assert Evidence.objects.exclude(urged=None).get().urged.agency.code == "H03"


def test_one_deputyship_is_over_and_one_is_in_force():
    over, present = Deputyship.objects.order_by("starts_on")

    assert (over.person.username, over.ends_on) == ("van.lh", dt.date(2020, 5, 29))
    assert list(Deputyship.objects.on(LAST_DAY)) == [present]
    assert (present.person.username, present.deputy.username) == ("cuong.vm", "yen.th")


def test_the_clerk_has_old_notices_read_and_new_ones_unread():
    clerk = User.objects.get(username="ha.nt")
    told = Notice.objects.filter(user=clerk).order_by("-at")

    unread = list(told.filter(read_at=None).values_list("kind", flat=True))
    assert unread == ["due", "returned"]
    assert {"confirmed", "urged", "late", "closing", "assigned"} <= set(told.values_list("kind", flat=True))
    assert NoticePreference.of(clerk).remind_before == [7, 3, 0]


def test_reminders_came_on_working_days_only_and_nothing_was_read_before_it_was_told():
    days = set(Notice.objects.filter(kind__in=Notice.DAILY).values_list("day", flat=True))

    assert days == {dt.date(2020, 6, number) for number in (8, 9, 10, 11, 12, 15, 16)}
    assert not Notice.objects.filter(at__gte=dt.datetime(2020, 6, 16, 17, tzinfo=dt.UTC)).exists()
    assert not [one for one in Notice.objects.exclude(read_at=None) if one.read_at <= one.at]


def test_demonstration_people_have_no_address_and_get_no_mail():
    assert not OutgoingMessage.objects.exists()
    assert Notice.objects.count() < 2000
