"""One's own notices: by day, with their acts; how to be told; who reads in one's place. Nobody reads another's."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_deputyship,
    make_division,
    make_notice,
    make_report,
    make_user,
)
from tests.views.adoption import text_of
from tracker.figures.notices import ON_A_PAGE
from tracker.models import (
    Configuration,
    Deputyship,
    ExtensionRequest,
    Notice,
    NoticePreference,
    OutgoingMessage,
    Urging,
)

pytestmark = pytest.mark.django_db

Kind = Notice.Kind
LIST = reverse("notice_list")


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def clerk(client):
    user = make_user(agency=make_agency(name="Huyện ủy Hải Hậu"), full_name="Nguyễn Thu Hà")
    client.force_login(user)
    return user


def tell(user, kind=Kind.ASSIGNED, days_ago=0, **fields):
    at = NOON - dt.timedelta(days=days_ago)
    return make_notice(user, **({"kind": kind, "at": at, "day": at.date(), "words": {}} | fields))


def remind(user, kind, rows, **words):
    """A morning's notice about these rows."""
    words |= {"count": len(rows), "rows": [row.pk for row in rows]}
    return Notice.objects.create(user=user, kind=kind, day=TODAY, at=NOON, words=words, url="/viec-cua-toi/")


def shown(response):
    """The keys of the page's notices, in their order."""
    return [notice.pk for _heading, rows in response.context["days"] for notice in rows]


# The page


def test_the_newest_stand_first_under_their_days(client, clerk):
    told = [tell(clerk, days_ago=days) for days in (0, 1, 2, 9, 40)]

    response = client.get(LIST)

    assert shown(response) == [one.pk for one in told]
    assert [heading for heading, _rows in response.context["days"]] == [
        "Hôm nay, 16/6",
        "Hôm qua, 15/6",
        "Tuần trước",
        "Tháng 6/2020",
        "Tháng 5/2020",
    ]


def test_what_has_not_been_read_is_said_in_words_and_counted_everywhere(client, clerk):
    tell(clerk)
    tell(clerk, read_at=NOON)

    page = client.get(LIST)

    text, html = text_of(page), page.content.decode()
    assert "Thông báo 1 chưa đọc" in text
    assert text.count("Chưa đọc:") == 1
    assert 'aria-label="Thông báo, 1 chưa đọc"' in html
    assert page.context["shell"].menu.tabs[-1].count == 1


def test_without_any_notice_the_page_says_so(client, clerk):
    page = client.get(LIST)

    assert "Chưa có thông báo" in text_of(page)
    assert 'aria-label="Thông báo"' in page.content.decode()
    assert "Đánh dấu đã đọc cả" not in text_of(page)


def test_each_tab_holds_what_its_number_says(client, clerk):
    words = {"note": "x", "text": "x", "percent": 50, "step": "paused"}
    read = {"read_at": NOON}
    for kind in (Kind.RETURNED, Kind.CONFIRMED, Kind.INSTRUCTED, Kind.CHANGED):
        tell(clerk, kind, words=words)
        tell(clerk, kind, words=words, **read)
    tell(make_user())

    page = client.get(LIST)

    counts = {tab.value: count for tab, count in page.context["tabs"]}
    assert counts == {"": 8, "can-lam": 2, "duyet": 4, "nhac": 0, "chi-dao": 4}
    for word, count in counts.items():
        assert len(shown(client.get(LIST, {"loai": word}))) == count, word
    assert "Không có thông báo nào ở mục này" in text_of(client.get(LIST, {"loai": "nhac"}))


def test_older_ones_follow_on_further_pages_without_gap_or_repetition(client, clerk):
    told = [tell(clerk, at=NOON).pk for _number in range(2 * ON_A_PAGE + 3)]

    seen, page, pages = [], client.get(LIST), 0
    while page:
        seen += shown(page)
        older = page.context["page"].older
        pages += 1
        page = client.get(LIST, {"truoc": older}) if older else None

    assert seen == sorted(told, reverse=True)
    assert pages == 3


@pytest.mark.parametrize("nonsense", ["x", "-1", "9" * 300, "\x00", "٣", "999999999"])
def test_an_unknown_place_shows_the_newest(client, clerk, nonsense):
    told = tell(clerk)

    page = client.get(LIST, {"truoc": nonsense, "loai": nonsense})

    assert shown(page) == [told.pk]


def test_the_number_of_queries_does_not_grow_with_the_notices(client, clerk):
    counts = []
    for number in (1, 29):
        for _one in range(number):
            assignment = make_assignment(clerk.agency)
            tell(clerk, directive=assignment.directive, assignment=assignment, by=make_user("officer"))
        make_deputyship(clerk)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 8


# Opening


def test_the_button_marks_as_read_and_leads_on(client, clerk):
    assignment = make_assignment(clerk.agency)
    notice = Notice.objects.get(user=clerk)

    response = client.post(notice.get_absolute_url())

    notice.refresh_from_db()
    assert response.url == assignment.directive.get_absolute_url()
    assert notice.read_at is not None


def test_read_again_the_first_time_stands(client, clerk):
    notice = tell(clerk, read_at=NOON - dt.timedelta(hours=1))

    client.post(notice.get_absolute_url())

    notice.refresh_from_db()
    assert notice.read_at == NOON - dt.timedelta(hours=1)


def test_looking_does_not_mark_as_read(client, clerk):
    make_assignment(clerk.agency)
    notice = Notice.objects.get(user=clerk)

    page = client.get(notice.get_absolute_url())

    notice.refresh_from_db()
    assert "Giao mới: " in text_of(page)
    assert notice.read_at is None


@pytest.mark.parametrize("role", ["staff", "agency_head", "officer", "leader", "admin", "viewer"])
def test_nobody_reads_another_person_s_notice(client, role):
    notice = tell(make_user())
    client.force_login(make_user(role, agency=notice.user.agency))

    answers = {client.get(notice.get_absolute_url()), client.post(notice.get_absolute_url())}

    notice.refresh_from_db()
    assert {answer.status_code for answer in answers} == {404}
    assert notice.read_at is None


def test_a_deputy_has_a_notice_of_their_own(client, clerk):
    deputy = make_user(agency=clerk.agency)
    make_deputyship(clerk, deputy)
    report = make_report(make_assignment(clerk.agency), state="returned", by=clerk)
    client.force_login(deputy)

    page = client.get(LIST)

    told = deputy.notices.get(kind=Kind.RETURNED)
    client.post(told.get_absolute_url())
    assert "nhận thay Nguyễn Thu Hà" in text_of(page)
    assert clerk.notices.get(kind=Kind.RETURNED).read_at is None
    assert told.assignment == report.assignment


def test_of_work_that_was_withdrawn_the_notice_still_leads_to_it(client, clerk):
    assignment = make_assignment(clerk.agency)
    assignment.directive.withdraw(by=make_user("officer"), reason="Trùng")
    notice = clerk.notices.get(kind=Kind.ASSIGNED)

    response = client.post(notice.get_absolute_url(), follow=True)

    assert response.status_code == 200


def test_of_work_that_is_no_longer_theirs_a_sentence_says_so(client, clerk):
    make_assignment(clerk.agency)
    notice = clerk.notices.get()
    type(clerk).objects.filter(pk=clerk.pk).update(agency=make_agency())

    response = client.post(notice.get_absolute_url(), follow=True)

    assert response.status_code == 200
    assert "Đồng chí không còn được xem nội dung này" in text_of(response)
    assert notice.url not in response.content.decode()
    assert len(shown(client.get(LIST))) == 1


def test_everything_is_marked_as_read_at_once(client, clerk):
    others = tell(make_user())
    for _number in range(3):
        tell(clerk)

    page = text_of(client.post(reverse("notices_mark_read"), follow=True))

    others.refresh_from_db()
    assert "Đã đánh dấu đã đọc 3 thông báo." in page
    assert "Đã đọc hết" in page
    assert not clerk.notices.unread().exists()
    assert others.read_at is None


# What a morning's notice is about


def test_a_reminder_shows_exactly_its_rows_as_they_stand_now(client, clerk):
    late, done, other = (make_assignment(clerk.agency, due_on=dt.date(2020, 6, 10)) for _number in range(3))
    notice = remind(clerk, Kind.LATE, [late, done], first="2020-06-10")
    done.directive.withdraw(by=make_user("officer"), reason="Trùng")

    response = client.post(notice.get_absolute_url(), follow=True)

    page = text_of(response)
    assert response.redirect_chain == [(notice.get_absolute_url(), 302)]
    assert "2 việc quá hạn, lâu nhất từ thứ Tư 10/6" in page
    assert {row.pk for row in response.context["rows"]} == {late.pk, done.pk}
    assert "Quá hạn" in page
    done.refresh_from_db()
    assert done.get_status_display() in page
    assert other.directive.title not in page


def test_rows_that_are_no_longer_seen_are_counted_apart(client, clerk):
    mine, foreign = make_assignment(clerk.agency), make_assignment()
    notice = remind(clerk, Kind.DUE, [mine, foreign], first="2020-06-19")

    page = client.get(notice.get_absolute_url())

    assert [row.pk for row in page.context["rows"]] == [mine.pk]
    assert "1 việc khác không còn thuộc phạm vi đồng chí được xem." in text_of(page)


def test_an_officer_s_reminders_list_reports_requests_and_answers(client):
    officer = make_user("officer")
    agency = make_agency(name="Huyện ủy Hải Hậu")
    make_user(agency=agency)
    client.force_login(officer)
    assignment = make_assignment(agency)
    report = make_report(assignment, state="submitted")
    request = ExtensionRequest.ask(
        make_assignment(agency),
        by=make_user(agency=agency),
        new_due_on=dt.date(2020, 7, 15),
        reason="Thiếu máy",
        today=TODAY,
        at=NOON,
    )
    urging = Urging.send(
        by=officer,
        agencies={agency: "Chữ ký số"},
        reason="Hạn 30/6",
        indicators=[],
        directives=[],
        answer_due_on=dt.date(2020, 6, 15),
    )
    told = {
        remind(officer, Kind.TO_REVIEW, [report], days=6): f"{reverse('review_detail', args=[report.pk])}",
        remind(officer, Kind.TO_DECIDE, [request]): request.get_absolute_url(),
        remind(
            officer, Kind.ANSWER_DUE, [urging.recipients.get()], first="2020-06-15"
        ): urging.get_absolute_url(),
    }

    for notice, where in told.items():
        page = client.get(notice.get_absolute_url()).content.decode()

        assert f'href="{where}"' in page, notice.kind
        assert "Huyện ủy Hải Hậu" in page, notice.kind


def test_the_rows_of_a_reminder_take_a_fixed_number_of_queries(client, clerk):
    counts = []
    for number in (1, 12):
        rows = [make_assignment(clerk.agency) for _number in range(number)]
        notice = remind(clerk, Kind.DUE if number == 1 else Kind.LATE, rows, first="2020-06-19")
        with CaptureQueriesContext(connection) as queries:
            client.get(notice.get_absolute_url())
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_week_leads_to_the_overview(client):
    leader = make_user("leader")
    client.force_login(leader)
    week = {"late": 5, "late_agencies": 3, "decisions": 2, "at_risk": 0, "waiting": 0}
    notice = Notice.objects.create(
        user=leader, kind=Kind.WEEK, day=TODAY, at=NOON, words=week, url="/tong-quan/"
    )

    assert client.post(notice.get_absolute_url()).url == "/tong-quan/"


# How to be told


def test_the_choices_are_kept(client, clerk):
    response = client.post(
        reverse("notice_preferences"), {"mail_decided": "on", "remind_before": ["7", "0"]}, follow=True
    )

    kept = NoticePreference.of(clerk)
    assert (kept.mail_at_once, kept.mail_digest, kept.mail_decided) == (False, False, True)
    assert kept.remind_before == [7, 0]
    assert "Đã lưu" in text_of(response)
    assert client.get(LIST).content.decode().count("checked") == 3


def test_what_is_not_asked_of_the_role_stays(client):
    leader = make_user("leader")
    NoticePreference.objects.create(user=leader, remind_before=[3], mail_weekly=False)
    client.force_login(leader)
    page = text_of(client.get(LIST))

    client.post(reverse("notice_preferences"), {"mail_weekly": "on"})

    kept = NoticePreference.of(leader)
    assert "Tổng hợp tuần dành cho lãnh đạo" in page
    assert "Nhắc trước hạn" not in page
    assert (kept.mail_weekly, kept.remind_before) == (True, [3])


def test_the_days_offered_are_the_office_s(client, clerk):
    Configuration.objects.update_or_create(
        pk=1, defaults={"remind_before": [10, 0], "digest_at": dt.time(6, 45)}
    )

    page = text_of(client.get(LIST))

    assert "Nhắc trước hạn 10 ngày Ngày đến hạn" in page
    assert "Nhắc hạn: gộp một thư lúc 06:45 mỗi ngày làm việc" in page
    assert "Tổng hợp tuần" not in page


@pytest.mark.parametrize("day", ["5", "x", "\x00", "9" * 300])
def test_a_day_that_is_not_offered_is_refused_and_nothing_lost(client, clerk, day):
    page = client.post(reverse("notice_preferences"), {"remind_before": [day], "mail_decided": "on"})

    assert page.status_code == 422
    assert not NoticePreference.objects.exists()
    assert "Chưa lưu" in text_of(page)
    assert page.context["preferences"]["mail_decided"].value()


def test_without_an_address_the_page_says_that_no_mail_comes(client, clerk):
    assert "Tài khoản chưa có thư công vụ" in text_of(client.get(LIST))

    type(clerk).objects.filter(pk=clerk.pk).update(email="ha.nt@namdinh.gov.vn")

    assert "Tài khoản chưa có thư công vụ" not in text_of(client.get(LIST))


@pytest.mark.parametrize(
    ("kind", "wish", "is_mailed"),
    [
        (Kind.RETURNED, {}, True),
        (Kind.RETURNED, {"mail_at_once": False}, False),
        (Kind.CONFIRMED, {}, False),
        (Kind.CONFIRMED, {"mail_decided": True}, True),
    ],
)
def test_mail_follows_the_choices_and_the_page_tells_everything(kind, wish, is_mailed):
    user = make_user(email="ha.nt@namdinh.gov.vn")
    NoticePreference.objects.create(user=user, **wish)

    Notice.tell([user], kind, cause="report:1:2", url="/x/", at=NOON)

    assert user.notices.count() == 1
    assert OutgoingMessage.objects.filter(user=user).count() == is_mailed


# Deputies


def add(client, **fields):
    days = {"starts_on": "16/6/2020", "ends_on": "20/6/2020"}
    return client.post(reverse("deputy_add"), days | fields, follow=True)


@pytest.mark.parametrize("typed", ["tran van binh", "Trần Văn Bình", "BINH.TV", "Trần Văn Bình (binh.tv)"])
def test_a_deputy_is_named_by_what_one_types_and_told(client, clerk, typed):
    deputy = make_user(agency=clerk.agency, full_name="Trần Văn Bình", username="binh.tv")

    page = text_of(add(client, deputy=typed))

    named = Deputyship.objects.get()
    assert (named.person, named.deputy) == (clerk, deputy)
    assert (named.starts_on, named.ends_on) == (TODAY, dt.date(2020, 6, 20))
    assert "Trần Văn Bình từ 16/6/2020 đến hết 20/6/2020" in page
    told = deputy.notices.get()
    assert (told.kind, told.by) == (Kind.DEPUTY, clerk)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Điền “Họ tên người nhận thay”."),
        ({"deputy": "Phạm Thị Lan"}, "Không tìm thấy ai tên “Phạm Thị Lan” có cùng phạm vi xem."),
        ({"deputy": "ten.khac"}, "Không tìm thấy ai tên “ten.khac” có cùng phạm vi xem."),
        ({"deputy": "x" * 301}, "Dùng tối đa 300 ký tự."),
        ({"deputy": "a\x00b"}, "ký tự"),
        ({"deputy": "binh.tv", "ends_on": "31/2/2020"}, "Lịch không có ngày này."),
        ({"deputy": "binh.tv", "ends_on": "15/6/2020"}, "Ngày cuối đã qua."),
        ({"deputy": "binh.tv", "starts_on": "21/6/2020"}, "Ngày cuối không được trước ngày đầu."),
        ({"deputy": "binh.tv", "ends_on": "1/1/2022"}, "trong vòng một năm"),
        ({"deputy": "binh.tv", "ends_on": ""}, "Điền “Đến hết ngày”."),
    ],
)
def test_what_does_not_fit_is_said_at_the_field_and_nothing_is_kept(client, clerk, fields, sentence):
    make_user(agency=clerk.agency, full_name="Trần Văn Bình", username="binh.tv")
    make_user(full_name="Người khác", username="ten.khac")

    page = add(client, **fields)

    assert page.status_code == 422
    assert sentence in text_of(page)
    assert not Deputyship.objects.exists()


def test_the_same_person_twice_in_the_same_days_is_refused(client, clerk):
    deputy = make_user(agency=clerk.agency, username="binh.tv")
    make_deputyship(clerk, deputy)

    page = add(client, deputy="binh.tv")

    assert page.status_code == 422
    assert "Người này đã được cử nhận thay trong một số ngày nói trên." in text_of(page)
    assert Deputyship.objects.count() == 1


def test_nobody_stands_in_for_themselves(client, clerk):
    page = add(client, deputy=clerk.username)

    assert page.status_code == 422
    assert not Deputyship.objects.exists()


def test_in_the_department_everybody_who_sees_the_same_may_stand_in(client):
    leader = make_user("leader", username="hoa.vd")
    inside = make_user("staff", agency=make_division(), username="lan.pt")
    make_user("staff", username="ngoai.cq")
    make_user("officer", username="da.khoa", is_active=False)
    client.force_login(leader)

    offered = client.get(LIST).context["deputy"].offered

    assert offered == [f"{inside.full_name} (lan.pt)"]
    assert add(client, deputy="lan.pt").status_code == 200
    assert Deputyship.objects.get().deputy == inside


def test_pressed_twice_one_deputy_is_named(client, clerk):
    make_user(agency=clerk.agency, username="binh.tv")
    token = "7b0a4d8e-8f0b-4f0e-9d55-0d6d5c7f6a11"

    for _time in range(2):
        assert add(client, deputy="binh.tv", form_token=token).status_code == 200

    assert Deputyship.objects.count() == 1


def test_back_earlier_nobody_reads_from_today_on(client, clerk):
    named = make_deputyship(clerk, starts_on=TODAY - dt.timedelta(days=3))

    client.post(reverse("deputy_end", args=[named.pk]))

    named.refresh_from_db()
    assert named.ends_on == TODAY - dt.timedelta(days=1)
    assert not Deputyship.objects.on(TODAY).exists()


def test_what_has_not_begun_is_taken_away_with_its_notice(client, clerk):
    named = make_deputyship(clerk, starts_on=TODAY + dt.timedelta(days=3))

    client.post(reverse("deputy_end", args=[named.pk]))

    assert not Deputyship.objects.exists()
    assert not named.deputy.notices.exists()


def test_only_who_named_a_deputy_ends_it(client):
    named = make_deputyship(make_user())

    for user in (named.deputy, make_user("admin")):
        client.force_login(user)
        assert client.post(reverse("deputy_end", args=[named.pk])).status_code == 404

    named.refresh_from_db()
    assert named.ends_on == TODAY + dt.timedelta(days=7)


def test_a_deputy_reads_for_whom_they_stand_in(client):
    named = make_deputyship(make_user(full_name="Nguyễn Thu Hà"))
    client.force_login(named.deputy)

    assert "Đồng chí đang nhận thay Nguyễn Thu Hà từ 16/6/2020 đến hết 23/6/2020" in text_of(client.get(LIST))
