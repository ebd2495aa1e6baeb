"""The morning's digests: each rule says and stays silent, each to whom it concerns, and every count is its list's."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_calendar_2020,
    make_completed,
    make_department,
    make_indicator,
    make_measurement,
    make_part,
    make_period,
    make_report,
    make_user,
)
from tracker.figures.digests import digest_of, digests, weeks
from tracker.figures.overview import overview
from tracker.figures.periods import Period
from tracker.figures.scope import Scope
from tracker.models import (
    Configuration,
    Deputyship,
    ExtensionRequest,
    Notice,
    NoticePreference,
    ProgressReport,
    ReminderDay,
    Urging,
    User,
)
from tracker.reminders import write_digests

pytestmark = pytest.mark.django_db

Kind = Notice.Kind
RECENTLY = dt.date(2020, 6, 10)
"""Tuesday 16/6/2020 is the day of most tests; work given six days before has been silent for a short time."""


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY
    make_calendar_2020()


@pytest.fixture
def agency():
    return make_agency(code="H07")


@pytest.fixture
def clerk(agency):
    return make_user(agency=agency)


def day(number: int, month: int = 6) -> dt.date:
    return dt.date(2020, month, number)


def at(date: dt.date, hour: int = 9) -> dt.datetime:
    return dt.datetime.combine(date, dt.time(hour), tzinfo=NOON.tzinfo)


def work(agency, due_on, *, status="received", on=RECENTLY, **fields):
    return make_assignment(agency, due_on=due_on, status=status, on=on, **fields)


def told(user, date=TODAY) -> dict:
    """Kind → what it says to this person on a day, for themselves."""
    digest = digest_of(user, date)
    return {line.kind: line for line in digest.lines} if digest else {}


def rows(user, kind, date=TODAY) -> set:
    line = told(user, date).get(kind)
    return set(line.rows) if line else set()


# Deadlines


def test_a_deadline_is_told_seven_three_one_days_before_and_on_the_day(agency, clerk):
    near = [work(agency, day(number)) for number in (16, 17, 19, 23)]
    for number in (18, 20, 22, 24):
        work(agency, day(number))

    line = told(clerk)[Kind.DUE]

    assert line.rows == near
    assert line.words == {"count": 4, "rows": [row.pk for row in near], "first": "2020-06-16"}
    assert line.total == 7  # 24/6 comes tomorrow


def test_a_deadline_on_sunday_is_told_on_friday_and_then_as_missed_on_monday(agency, clerk):
    row = work(agency, day(14))

    assert [date for date in (10, 11, 12, 15) if rows(clerk, Kind.DUE, day(date))] == [11, 12]
    assert [date for date in (12, 15, 16) if rows(clerk, Kind.LATE, day(date)) == {row}] == [15]


def test_a_missed_deadline_is_told_after_one_three_seven_days_and_then_weekly(agency, clerk):
    late = [work(agency, due_on, on=day(1)) for due_on in (day(2), day(9), day(13), day(15))]
    for due_on in (day(8), day(10), day(12), day(14)):
        work(agency, due_on, on=day(1))

    line = told(clerk)[Kind.LATE]

    assert line.rows == late
    assert line.words["first"] == "2020-06-02"
    assert line.total == 8


def test_the_office_sets_the_days(agency, clerk):
    Configuration.objects.create(pk=1, remind_before=[2], remind_after=[4], remind_weekly=False)
    due, late = work(agency, day(18)), work(agency, day(12))
    work(agency, day(19))
    work(agency, day(2))

    assert (rows(clerk, Kind.DUE), rows(clerk, Kind.LATE)) == ({due}, {late})


def test_a_deadline_missed_together_with_its_reminder_is_told_as_missed_whatever_the_days_after(
    agency, clerk
):
    Configuration.objects.create(pk=1, remind_after=[5])
    ReminderDay.objects.create(day=day(12))
    work(agency, day(12), on=day(11))
    untold = work(agency, day(15), on=day(11))  # on Monday the 15th nothing was told

    assert rows(clerk, Kind.LATE) == {untold}


def test_a_person_wants_fewer_days_before_a_deadline(agency, clerk):
    NoticePreference.objects.create(user=clerk, remind_before=[1, 0])
    work(agency, day(23))
    tomorrow = work(agency, day(17))

    assert rows(clerk, Kind.DUE) == {tomorrow}


def test_who_has_chosen_nothing_is_told_on_the_days_of_the_office(agency, clerk):
    Configuration.objects.create(pk=1, remind_before=[14])
    row = work(agency, day(30))

    assert rows(clerk, Kind.DUE) == {row}


@pytest.mark.parametrize("end", ["awaiting", "completed", "paused", "declined", "withdrawn"])
def test_what_asks_nothing_of_the_agency_is_not_reminded_of(agency, clerk, end):
    row = make_assignment(agency, due_on=day(15), on=RECENTLY)
    if end == "awaiting":
        make_report(
            row,
            state="submitted",
            claim="completed",
            percent=100,
            completed_on=day(15),
            output_document="Báo cáo 1",
        )
    elif end == "completed":
        make_completed(row, on=day(15))
    elif end == "paused":
        row.directive.pause(by=make_user("leader"), reason="Chờ bộ", review_on=day(1, 7), at=NOON)
    elif end == "declined":
        row.decline(by=clerk, reason="Không đúng việc", at=NOON)
    else:
        row.directive.withdraw(by=make_user("officer"), reason="Trùng", at=NOON)

    assert told(clerk) == {}


def test_a_report_that_waits_does_not_stop_the_reminder_of_the_deadline(agency, clerk):
    row = work(agency, day(17))
    make_report(row, state="submitted", as_of_on=day(15))

    assert rows(clerk, Kind.DUE) == {row}


def test_work_of_another_agency_is_not_told(agency, clerk):
    work(make_agency(), day(17))

    assert told(clerk) == {}


# Silence, work that nobody has received


def test_silence_is_told_when_it_is_too_long_and_then_once_a_week(agency, clerk):
    row = work(agency, day(31, 12), on=day(15, 5))
    work(agency, day(31, 12), on=day(18, 5))

    mornings = [date for date in (12, 15, 16, 19, 22, 23) if rows(clerk, Kind.SILENT, day(date)) == {row}]

    # given on 15/5: on 15/6 it is 31 days
    assert mornings == [15, 22]
    assert told(clerk, day(15))[Kind.SILENT].words["first"] == "2020-05-15"


@pytest.mark.parametrize(
    ("content", "is_silent"), [({"nothing_new": True, "done": "Không"}, True), ({}, False)]
)
def test_only_an_entry_with_content_ends_a_silence(agency, clerk, content, is_silent):
    row = work(agency, day(31, 12), on=day(15, 5))
    make_report(row, state="submitted", as_of_on=day(12), at=at(day(12)), **content)

    assert bool(rows(clerk, Kind.SILENT, day(15))) is is_silent


def test_work_without_a_deadline_is_reminded_of_by_its_silence(agency, clerk):
    row = work(agency, None, deadline_kind="ongoing", on=day(15, 5))

    assert rows(clerk, Kind.SILENT, day(15)) == {row}


def test_an_assignment_nobody_has_received_is_told_after_two_working_days(agency, clerk):
    row = make_assignment(agency, due_on=day(31, 12), on=day(12))

    mornings = [
        date for date in (12, 15, 16, 17, 22, 23) if rows(clerk, Kind.NOT_RECEIVED, day(date)) == {row}
    ]

    # given on Friday: on Tuesday two working days have come
    assert mornings == [16, 23]
    row.receive(by=clerk, at=NOON)
    assert rows(clerk, Kind.NOT_RECEIVED) == set()


def test_where_nobody_can_receive_it_who_tracks_the_directive_is_told():
    officer, other = make_user("officer"), make_user("officer")
    orphan = make_assignment(make_agency(), due_on=day(31, 12), on=day(12), tracking_officer=officer)
    peopled = make_agency()
    make_user(agency=peopled)
    make_assignment(peopled, due_on=day(31, 12), on=day(12), tracking_officer=officer)

    line = told(officer)[Kind.NOT_RECEIVED]

    assert (line.rows, line.total) == ([orphan], 2)
    assert told(other) == {}


# The closing of figures


def test_the_closing_of_a_month_is_told_when_it_comes_near_and_on_the_day_of_sending(agency, clerk):
    make_period("2020-06")
    row = work(agency, day(31, 12), on=day(5))
    sent = work(agency, day(31, 12), on=day(1))
    make_report(sent, state="submitted", as_of_on=day(8), at=at(day(8)))

    mornings = [date for date in (9, 10, 11, 16, 17, 18) if rows(clerk, Kind.CLOSING, day(date)) == {row}]

    # figures close on 14/6, agencies send by 17/6
    assert mornings == [10, 17]
    words = told(clerk, day(17))[Kind.CLOSING].words
    assert words == {"count": 1, "rows": [row.pk], "period": "2020-06", "send_by": "2020-06-17"}


def owed(user, date) -> dict:
    """Period → the line on the figures that the person's agency enters by itself."""
    digest = digest_of(user, date)
    lines = digest.lines if digest else []
    return {line.about: line for line in lines if line.kind == Kind.CLOSING and line.about}


def test_figures_that_an_agency_owes_without_any_directive_are_told_as_its_page_counts_them(
    client, settings, agency, clerk
):
    make_period("2020-06")
    make_indicator(owner=agency)
    make_part(make_indicator(rule="parts"), agency)
    sent = make_indicator(owner=agency)
    make_measurement(sent, period="2020-06", state="submitted", by=clerk)
    make_indicator(owner=agency, frequency="year")
    make_indicator()
    client.force_login(clerk)

    mornings = [date for date in (9, 10, 11, 16, 17, 18) if owed(clerk, day(date))]
    settings.TRACKER_TODAY = day(17)
    (line,) = owed(clerk, day(17)).values()

    assert mornings == [10, 17]
    assert line.url == "/so-lieu/nhap/?ky=2020-06"
    assert client.get(line.url).context["month"].missing == line.total == len(line.rows) == 2
    expected = {"count": 2, "rows": [], "figures": True, "period": "2020-06", "send_by": "2020-06-17"}
    assert line.words == expected


def test_figures_of_each_period_about_to_close_have_a_line_and_those_of_a_report_none(agency, clerk):
    make_period("2020-06")
    make_period("2020-q2")
    make_indicator(owner=agency)
    make_indicator(owner=agency, frequency="quarter")
    inside = work(agency, day(31, 12), on=day(5))
    make_indicator(owner=agency, directive=inside.directive)

    lines = owed(clerk, day(10))

    assert {about: line.total for about, line in lines.items()} == {"2020-06": 1, "2020-q2": 1}
    write_digests(day(10), at=at(day(10)))
    told_of = Notice.objects.filter(kind=Kind.CLOSING, user=clerk)
    assert {one.cause: one.words["rows"] for one in told_of} == {
        "": [inside.pk],
        "2020-06": [],
        "2020-q2": [],
    }


def test_figures_are_told_once_and_to_no_deputy_who_cannot_enter_them(agency, clerk):
    make_period("2020-06")
    make_indicator(owner=agency)
    helper, viewer = make_user(agency=agency), make_user("viewer", agency=agency)
    for deputy in (helper, viewer):
        Deputyship.objects.create(person=clerk, deputy=deputy, starts_on=day(10), ends_on=day(10))

    told_to = {one.user: one.for_person for one in digests([helper, viewer], day(10))}

    # as one of the agency's own people, not a second time in the other's place
    assert told_to == {helper: None}


def test_owed_figures_take_the_same_queries_for_any_number_of_agencies():
    make_period("2020-06")
    counts = []
    for number in (1, 12):
        people = [make_user() for _number in range(number)]
        for person in people:
            make_part(make_indicator(owner=person.agency, rule="parts"), person.agency)
            make_indicator(owner=person.agency)
        with CaptureQueriesContext(connection) as queries:
            assert [len(one.lines[0].rows) for one in digests(people, day(10))] == [2] * number
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_closed_figures_are_not_reminded_of(agency, clerk):
    period = make_period("2020-06")
    work(agency, day(31, 12), on=day(5))
    period.close(by=make_user("leader"), at=at(day(16)))

    assert told(clerk, day(17)) == {}


# Waiting for the department


@pytest.mark.parametrize("role", ["officer", "leader"])
def test_reports_that_wait_too_long_are_told_to_who_reviews(role):
    reviewer = make_user(role)
    waited = make_report(work(make_agency(), day(31, 12), on=day(1)), state="submitted", at=at(day(10)))
    make_report(work(make_agency(), day(31, 12), on=day(1)), state="submitted", at=at(day(11)))

    line = told(reviewer)[Kind.TO_REVIEW]

    # from Wednesday 10/6 to Tuesday 16/6: the fourth working day
    assert (line.rows, line.total, line.words["days"]) == ([waited], 2, 4)
    assert rows(reviewer, Kind.TO_REVIEW, day(17)).isdisjoint({waited})
    assert rows(reviewer, Kind.TO_REVIEW, day(23)) == {waited}


def test_nobody_is_reminded_to_review_the_own_agency_s_report():
    officer = make_user("officer")
    make_report(work(make_department(), day(31, 12), on=day(1)), state="submitted", at=at(day(10)))

    assert Kind.TO_REVIEW not in told(officer)


def ask(assignment, on, until, by=None):
    return ExtensionRequest.ask(
        assignment,
        by=by or make_user(agency=assignment.agency),
        new_due_on=until,
        reason="Chờ bộ hướng dẫn",
        today=on,
        at=at(on),
    )


def test_a_request_for_more_time_is_told_to_who_tracks_and_directs_the_work(agency):
    tracking, directing = make_user("officer"), make_user("leader")
    others = [make_user("officer"), make_user("leader")]
    row = work(agency, day(30), tracking_officer=tracking, directing_leader=directing)

    request = ask(row, day(15), day(31, 7))

    for person in (tracking, directing):
        assert told(person)[Kind.TO_DECIDE].rows == [request]
        assert told(person)[Kind.TO_DECIDE].words == {"count": 1, "rows": [request.pk]}
        assert told(person, day(17)) == {}
        assert rows(person, Kind.TO_DECIDE, day(23)) == {request}
    assert [told(person) for person in others] == [{}, {}]


def test_where_nobody_is_named_the_leaders_decide(agency):
    leaders, officer = [make_user("leader"), make_user("leader")], make_user("officer")
    request = ask(work(agency, day(30)), day(15), day(31, 7))

    assert [rows(leader, Kind.TO_DECIDE) for leader in leaders] == [{request}, {request}]
    assert told(officer) == {}


def test_one_more_extension_than_the_office_allows_is_the_leader_s(agency):
    officer, leader = make_user("officer"), make_user("leader")
    row = work(agency, day(30), tracking_officer=officer)
    ask(row, day(11), day(5, 7)).grant(by=leader, at=at(day(11)))
    row.refresh_from_db()
    second = ask(row, day(15), day(31, 7))

    assert rows(leader, Kind.TO_DECIDE) == {second}
    assert Kind.TO_DECIDE not in told(officer)


def test_a_proposed_date_waits_for_the_lead_s_people(agency, clerk):
    officer = make_user("officer")
    row = work(agency, day(30), tracking_officer=officer)
    request = ask(row, day(11), day(31, 7))
    request.propose(day(10, 7), by=officer, today=day(15), at=at(day(15)))

    assert rows(clerk, Kind.TO_DECIDE) == {request}
    assert told(make_user()) == {}
    assert Kind.TO_DECIDE not in told(officer)


# Answers to an urging


def urge(agency, answer_due_on, by=None, at=NOON):
    urging = Urging.send(
        by=by or make_user("officer"),
        agencies={agency: "Chưa gửi báo cáo"},
        reason="Chậm",
        indicators=[],
        directives=[],
        answer_due_on=answer_due_on,
        at=at,
    )
    return urging.recipients.get()


def test_the_answer_to_an_urging_is_told_the_day_before_on_the_day_and_when_it_is_missed(agency, clerk):
    asked = urge(agency, day(18))

    mornings = [
        date for date in (16, 17, 18, 19, 22, 23, 25) if rows(clerk, Kind.ANSWER_DUE, day(date)) == {asked}
    ]

    # 21/6 is a Sunday
    assert mornings == [17, 18, 19, 22, 25]
    asked.reply(by=clerk, answer="Đã gửi báo cáo.")
    assert rows(clerk, Kind.ANSWER_DUE, day(19)) == set()


def test_an_answer_missing_for_a_week_is_told_to_who_urged_and_to_the_leaders(agency):
    officer, other, leader = make_user("officer"), make_user("officer"), make_user("leader")
    asked = urge(agency, day(9), by=officer)

    assert [rows(person, Kind.ANSWER_DUE) for person in (officer, leader)] == [{asked}, {asked}]
    assert told(other) == {}
    assert told(leader, day(15)) == {}


# Escalation


def test_after_three_days_the_head_of_the_agency_is_told_and_each_row_once(agency, clerk):
    head = make_user("agency_head", agency=agency)
    row, fresh = work(agency, day(12), on=day(1)), work(agency, day(14), on=day(1))

    assert (rows(head, Kind.ESCALATED, day(15)), rows(head, Kind.LATE, day(15))) == ({row}, {fresh})
    assert rows(clerk, Kind.LATE, day(15)) == {row, fresh}
    assert told(head, day(15))[Kind.ESCALATED].words == {"count": 1, "rows": [row.pk], "agencies": 1}
    assert rows(head, Kind.ESCALATED, day(22)) == {row}


def test_after_a_week_the_directing_leader_is_told_or_all_leaders_where_none_is_named(agency):
    directing, other = make_user("leader"), make_user("leader")
    directed = work(agency, day(9), on=day(1), directing_leader=directing)
    gone = make_user("leader", is_active=False)
    free = work(make_agency(), day(9), on=day(1))
    left = work(make_agency(), day(9), on=day(1), directing_leader=gone)
    work(agency, day(10), on=day(1))

    assert rows(directing, Kind.ESCALATED) == {directed, free, left}
    assert rows(other, Kind.ESCALATED) == {free, left}
    line = told(other)[Kind.ESCALATED]
    assert (line.words["agencies"], line.total) == (2, 4)
    assert rows(other, Kind.ESCALATED, day(17)).isdisjoint({free, left})
    assert rows(other, Kind.ESCALATED, day(23)) >= {free, left}


# Who is told


@pytest.mark.parametrize("role", ["admin", "viewer"])
def test_administrators_and_viewers_are_told_nothing(role):
    person = make_user(role, agency=make_department())
    work(make_department(), day(17))
    work(make_agency(), day(9), on=day(1))
    make_report(work(make_agency(), day(31, 12), on=day(1)), state="submitted", at=at(day(10)))

    assert told(person) == {}


def test_a_locked_account_is_told_nothing(agency):
    person = make_user(agency=agency, is_active=False)
    work(agency, day(17))

    assert digests([person], TODAY) == []


def test_nobody_is_told_anything_on_a_day_off(agency, clerk):
    work(agency, dt.date(2020, 5, 1), on=day(1, 4))

    assert digests([clerk], dt.date(2020, 5, 1)) == []
    assert digests([clerk], day(13)) == []


def test_a_deputy_reads_of_who_is_away_what_the_own_digest_does_not_say(agency, clerk):
    head = make_user("agency_head", agency=agency)
    Deputyship.objects.create(person=head, deputy=clerk, starts_on=day(15), ends_on=day(16))
    NoticePreference.objects.create(user=clerk, remind_before=[1])
    late = work(agency, day(9), on=day(1))
    near, nearer = work(agency, day(19)), work(agency, day(17))

    own, other = digests([clerk], TODAY)

    assert (own.user, own.for_person) == (clerk, None)
    assert [(line.kind, line.rows) for line in own.lines] == [(Kind.LATE, [late]), (Kind.DUE, [nearer])]
    assert (other.user, other.for_person) == (clerk, head)
    assert [(line.kind, line.rows) for line in other.lines] == [(Kind.DUE, [near])]
    words = other.lines[0].words
    assert (words["count"], words["rows"], words["first"]) == (1, [near.pk], "2020-06-19")
    assert [one.for_person for one in digests([clerk], day(18))] == [None]


def test_two_who_stand_in_for_one_another_are_told_once_each(agency, clerk):
    other = make_user(agency=agency)
    for person, deputy in ((clerk, other), (other, clerk)):
        Deputyship.objects.create(person=person, deputy=deputy, starts_on=day(15), ends_on=day(16))
    work(agency, day(17))

    assert [(one.user, one.for_person) for one in digests([clerk, other], TODAY)] == [
        (clerk, None),
        (other, None),
    ]


def test_a_deputy_is_told_only_what_the_own_account_can_open():
    leader, admin = make_user("leader"), make_user("admin")
    Deputyship.objects.create(person=leader, deputy=admin, starts_on=TODAY, ends_on=TODAY)
    make_report(work(make_agency(), day(31, 12), on=day(1)), state="submitted", at=at(day(10)))
    late = work(make_agency(), day(9), on=day(1))

    (digest,) = digests([admin], TODAY)

    assert digest.for_person == leader
    assert [(line.kind, line.rows) for line in digest.lines] == [(Kind.ESCALATED, [late])]


# Numbers and lists


@pytest.fixture
def busy(agency):
    """An office in which every line has something to say on 17/6; the people who are told."""
    make_period("2020-06")
    officer, leader = make_user("officer"), make_user("leader")
    clerk, head = make_user(agency=agency), make_user("agency_head", agency=agency)
    for due_on in (day(18), day(16), day(10), day(14), day(30)):
        work(agency, due_on, on=day(15, 5), tracking_officer=officer, directing_leader=leader)
    make_assignment(agency, due_on=day(31, 12), on=day(15))
    make_assignment(make_agency(), due_on=day(31, 12), on=day(15), tracking_officer=officer)
    work(agency, day(31, 12), on=day(17, 5))
    for other in (make_agency(), make_department()):
        waits = work(other, day(1), on=day(15, 5), tracking_officer=officer)
        make_report(waits, state="submitted", as_of_on=day(9), at=at(day(11)))
        urge(other, day(10), by=officer, at=at(day(1)))
    urge(agency, day(18), by=leader)
    done = work(make_agency(), day(31, 12), on=RECENTLY)
    make_report(
        done,
        state="submitted",
        claim=ProgressReport.Claim.COMPLETED,
        percent=100,
        completed_on=TODAY,
        output_document="Báo cáo 12/BC",
    )
    asked = work(agency, day(20, 7), on=RECENTLY, tracking_officer=officer)
    ask(asked, day(16), day(31, 8), by=clerk)
    proposed = work(agency, day(21, 7), on=RECENTLY, tracking_officer=officer)
    request = ask(proposed, day(15), day(31, 8), by=clerk)
    request.propose(day(20, 8), by=leader, today=day(16), at=at(day(16)))
    return {"clerk": clerk, "head": head, "officer": officer, "leader": leader}


def length(client, url: str) -> int:
    """How many rows the list at an address has."""
    context = client.get(url).context
    return len(context["queue"].reports) if "queue" in context else context["page"].paginator.count


def test_every_line_counts_its_rows_and_opens_a_list_of_the_length_it_says(client, settings, busy):
    settings.TRACKER_TODAY = day(17)
    seen = set()

    for person in busy.values():
        client.force_login(person)
        for line in digest_of(person, day(17)).lines:
            seen.add(line.kind)
            assert line.words["count"] == len(line.rows) == len(line.words["rows"])
            assert length(client, line.url) == line.total, (person.role, line.kind, line.url)

    assert seen == Notice.DAILY - {Kind.WEEK}


def test_the_list_behind_a_reminder_holds_the_rows_that_are_told(client, settings, busy):
    settings.TRACKER_TODAY = day(17)
    client.force_login(busy["clerk"])

    for line in digest_of(busy["clerk"], day(17)).lines:
        if line.url.startswith("/luot-giao/"):
            assert set(line.rows) <= {
                one.record for one in client.get(line.url).context["page"].object_list
            }, line.kind


def test_what_was_closed_after_the_reminders_were_worked_out_is_gone_when_they_are_sent(agency, clerk):
    one, other = work(agency, day(17)), work(agency, day(17))
    assert rows(clerk, Kind.DUE) == {one, other}

    make_completed(one, on=TODAY)
    assert rows(clerk, Kind.DUE) == {other}

    make_completed(other, on=TODAY)
    assert digest_of(clerk, TODAY) is None


def test_midnight_of_another_zone_changes_nothing():
    reviewer = make_user("officer")
    # 23:30 in Nam Định on 10/6 is the afternoon of 10/6 in London and the morning in New York
    moment = dt.datetime(2020, 6, 10, 23, 30, tzinfo=NOON.tzinfo)
    early = make_report(work(make_agency(), day(31, 12), on=day(1)), state="submitted", at=moment)
    after = moment + dt.timedelta(hours=1)
    make_report(work(make_agency(), day(31, 12), on=day(1)), state="submitted", at=after)

    for zone in ("Asia/Ho_Chi_Minh", "UTC", "America/New_York", "Pacific/Kiritimati"):
        with timezone.override(zone):
            assert rows(reviewer, Kind.TO_REVIEW) == {early}, zone


def queries_for(people) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(digests(people, day(17))) == len(people)
    return len(queries)


def test_the_number_of_queries_depends_neither_on_people_nor_on_rows(agency, busy):
    few = queries_for(list(busy.values()))
    for _number in range(14):
        other = make_agency()
        for role in ("staff", "staff", "agency_head"):
            make_user(role, agency=other)
        work(other, day(16), on=day(10, 5))
        urge(other, day(18))
    for _number in range(8):
        make_user("leader")
        ask(work(agency, day(16), on=day(10, 5)), day(16), day(31, 7))

    everybody = [one.user for one in digests(User.objects.active(), day(17))]
    many = queries_for(everybody)

    assert len(everybody) > 60
    assert many == few <= 19


# The week


def test_the_week_tells_leaders_the_numbers_of_the_overview(client, settings, busy):
    settings.TRACKER_TODAY = day(22)
    leader = busy["leader"]

    (week,) = weeks([leader], day(22))
    (line,) = week.lines

    page = overview(Scope.of(leader, day(22), period=Period.parse("2020")))
    client.force_login(leader)
    shown = client.get(line.url).context["page"]
    assert line.words == {
        "late": shown.late,
        "late_agencies": len(shown.late_agencies),
        "decisions": len(shown.decisions),
        "at_risk": len(shown.plan.unsafe),
        "waiting": shown.waiting,
    }
    assert line.words["late"] == page.late == 6
    assert line.words["decisions"] > 0
    assert line.words["waiting"] == 2


def test_the_week_comes_on_the_office_s_day_to_leaders_alone(busy):
    people = list(busy.values())

    assert [one.user for one in weeks(people, day(22))] == [busy["leader"]]
    assert [weeks(people, day(number)) for number in (16, 17, 18, 19, 20, 21)] == [[]] * 6


def test_the_week_moves_to_the_next_working_day(busy):
    Configuration.objects.create(pk=1, weekly_digest_on=4)

    assert weeks([busy["leader"]], dt.date(2020, 5, 1)) == []
    assert [one.user for one in weeks([busy["leader"]], dt.date(2020, 5, 4))] == [busy["leader"]]


def test_a_week_without_anything_is_not_told():
    assert weeks([make_user("leader")], day(22)) == []


def test_a_deputy_of_a_leader_reads_the_week_and_a_leader_reads_it_once(busy):
    officer, leader, other = busy["officer"], busy["leader"], make_user("leader")
    for deputy in (officer, other):
        Deputyship.objects.create(person=leader, deputy=deputy, starts_on=day(22), ends_on=day(22))

    found = {one.user: one.for_person for one in weeks([leader, officer, other], day(22))}

    assert found == {leader: None, other: None, officer: leader}


def test_a_deputy_of_leaders_of_two_agencies_reads_the_week_of_both_and_of_each_agency_once(busy):
    officer, leader = busy["officer"], busy["leader"]
    elsewhere, beside = make_user("leader", agency=make_agency(bloc="internal")), make_user("leader")
    for person in (elsewhere, leader, beside):
        Deputyship.objects.create(person=person, deputy=officer, starts_on=day(22), ends_on=day(22))

    assert [one.for_person for one in weeks([officer], day(22))] == [elsewhere, leader]
    assert [one.for_person for one in weeks([elsewhere, leader, beside], day(22))] == [None] * 3


def test_more_leaders_ask_no_more_of_the_database(busy):
    make_user("leader")
    with CaptureQueriesContext(connection) as few:
        assert len(weeks(list(User.objects.filter(role="leader")), day(22))) == 2
    for _number in range(5):
        make_user("leader")

    with CaptureQueriesContext(connection) as many:
        assert len(weeks(list(User.objects.filter(role="leader")), day(22))) == 7

    assert len(many) == len(few)
