"""What a mail says: in the reader's language, as things stand when it goes out, safe whatever people typed."""

import datetime as dt
import re
from email.utils import parsedate_to_datetime

import pytest
from django.utils import translation

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_calendar_2020,
    make_mail,
    make_notice,
    make_user,
)
from tracker import notice_words
from tracker.mail import LONGEST_SUBJECT, NotNeeded, one_line, write
from tracker.models import Deputyship, Notice, NoticePreference, OutgoingMessage, Status
from tracker.models.outbox import CLOSED, INACTIVE, NO_ADDRESS, NOTHING_LEFT, REPLACED, TAKEN_BACK, UNWANTED

pytestmark = pytest.mark.django_db

Kind = OutgoingMessage.Kind
SITE = "https://tracker.example.gov.vn"


@pytest.fixture(autouse=True)
def site(settings):
    settings.TRACKER_SITE_URL = SITE
    make_calendar_2020()


@pytest.fixture
def clerk():
    return make_user(email="ha@nd.gov.vn", full_name="Nguyễn Thu Hà", agency=make_agency(code="H07"))


def work(clerk, due_on=dt.date(2020, 6, 15), **fields):
    """Given six days before, so that nothing but its deadline is told."""
    return make_assignment(clerk.agency, due_on=due_on, on=dt.date(2020, 6, 10), **fields)


def digest(clerk, day=TODAY, **fields):
    return OutgoingMessage.objects.create(user=clerk, kind=Kind.DIGEST, day=day, next_try_at=NOON, **fields)


def late(count=1):
    """What the application says of work that was due on the fifteenth."""
    words = {"count": count, "rows": [], "first": "2020-06-15"}
    return notice_words.title(Notice(kind=Notice.Kind.LATE, day=TODAY, words=words))


def html_of(mail):
    [(content, kind)] = [(part.content, part.mimetype) for part in mail.alternatives]
    assert kind == "text/html"
    return content


def why_not(message):
    with pytest.raises(NotNeeded) as reason:
        write(message, NOON)
    return str(reason.value)


def test_a_digest_says_what_to_do_names_it_and_links_to_its_list(clerk):
    work(clerk, title="Lập kế hoạch chuyển đổi số")
    work(clerk, title="Cài phần mềm văn phòng", due_on=dt.date(2020, 6, 17))

    mail = write(digest(clerk), NOON)

    assert mail.subject == f"Nhắc việc ngày 16/6/2020: {late()} và 1 mục khác"
    assert mail.to == ["ha@nd.gov.vn"]
    assert mail.body.startswith("Kính gửi Nguyễn Thu Hà,\n")
    for content in (mail.body, html_of(mail)):
        assert late() in content
        assert "Lập kế hoạch chuyển đổi số" in content
        assert "Cài phần mềm văn phòng" in content
    assert f"{SITE}/luot-giao/?cq=H07&tt=late\n" in mail.body
    assert f'href="{SITE}/luot-giao/?cq=H07&amp;tt=late"' in html_of(mail)


def test_every_link_is_absolute_and_nothing_is_fetched(clerk):
    work(clerk)

    page = html_of(write(digest(clerk), NOON))

    assert set(re.findall(r'(?:href|src)="([^"]*)"', page)) == {
        f"{SITE}/luot-giao/?cq=H07&amp;tt=late",
        f"{SITE}/thong-bao/#cach-nhan",
    }
    assert not re.search(r"<(img|link|script|style)|style=", page)


def test_a_longer_list_behind_the_link_is_said(clerk):
    work(clerk)
    work(clerk, due_on=dt.date(2020, 6, 12))  # four days late: told on other mornings

    assert "Danh sách có tất cả 2 dòng." in write(digest(clerk), NOON).body


def test_the_reader_s_language_decides(clerk):
    clerk.language = "en"
    clerk.save()
    work(clerk)

    mail = write(digest(clerk), NOON)

    with translation.override("en"):
        assert mail.subject == f"Reminders of 16/6/2020: {late()}"
    assert mail.body.startswith("Dear Nguyễn Thu Hà,\n")
    assert '<html lang="en">' in html_of(mail)


def test_work_closed_between_computing_and_sending_is_not_reminded_of(clerk):
    closed, open_still = work(clerk, title="Việc đã xong"), work(clerk, title="Việc còn lại")
    message = digest(clerk)
    assert "Việc đã xong" in write(message, NOON).body

    closed.directive.withdraw(by=make_user("leader"), reason="Văn bản bị bãi bỏ")
    body = write(message, NOON).body

    assert "Việc đã xong" not in body
    assert "Việc còn lại" in body
    open_still.directive.withdraw(by=make_user("leader"), reason="Văn bản bị bãi bỏ")
    assert why_not(message) == NOTHING_LEFT


def test_of_two_mornings_only_the_newer_goes_out(clerk):
    work(clerk)
    old, new = digest(clerk, TODAY - dt.timedelta(days=1)), digest(clerk)

    assert why_not(old) == REPLACED
    assert write(new, NOON).to == ["ha@nd.gov.vn"]


def test_a_deputy_reads_in_one_mail_in_whose_place(clerk):
    work(clerk)
    work(clerk, dt.date(2020, 6, 17))
    deputy = make_user(email="an@nd.gov.vn", agency=clerk.agency)
    NoticePreference.objects.create(user=deputy, remind_before=[])
    Deputyship.objects.create(person=clerk, deputy=deputy, starts_on=TODAY, ends_on=TODAY)

    mail = write(digest(deputy), NOON)

    own, _heading, other = mail.body.partition("\nThay Nguyễn Thu Hà\n")
    assert (own.count(late()), other.count(late()), other.count("\n* ")) == (1, 0, 1)
    assert "<h2>Thay Nguyễn Thu Hà</h2>" in html_of(mail)


def test_a_leader_gets_the_week_in_numbers(clerk):
    work(clerk)
    leader = make_user("leader", email="hoa@nd.gov.vn")
    monday = dt.date(2020, 6, 22)
    message = OutgoingMessage.objects.create(user=leader, kind=Kind.WEEKLY, day=monday, next_try_at=NOON)

    mail = write(message, NOON)

    assert mail.subject == "Tổng hợp tuần, ngày 22/6/2020"
    words = {"late": 1, "late_agencies": 1, "decisions": 0, "at_risk": 0, "waiting": 0}
    assert notice_words.title(Notice(kind=Notice.Kind.WEEK, day=monday, words=words)) in mail.body
    assert f"{SITE}/tong-quan/" in mail.body


def test_a_deputy_of_leaders_of_two_agencies_gets_the_week_of_both_in_one_message(clerk):
    monday = dt.date(2020, 6, 15)
    deputy = make_user("officer", email="van@nd.gov.vn")
    away = [make_user("leader"), make_user("leader", agency=make_agency(bloc="internal"))]
    for leader in away:
        Deputyship.objects.create(person=leader, deputy=deputy, starts_on=monday, ends_on=monday)
    work(clerk, due_on=dt.date(2020, 6, 8))
    message = OutgoingMessage.objects.create(user=deputy, kind=Kind.WEEKLY, day=monday, next_try_at=NOON)

    mail = write(message, NOON)

    for leader in away:
        assert mail.body.count(f"Thay {leader.full_name}") == 1


# At once


def test_a_notice_becomes_a_mail_of_its_own(clerk):
    officer = make_user("officer", full_name="Trần Minh Quang")
    assignment = work(clerk, title="Lập kế hoạch")
    notice = make_notice(clerk, directive=assignment.directive, by=officer, words={"due_on": "2020-06-19"})

    mail = write(make_mail(clerk, notice=notice), NOON)

    assert mail.subject == notice_words.title(notice)
    assert "Lập kế hoạch" in mail.subject
    assert "Trần Minh Quang" in mail.body
    assert f"{SITE}{assignment.directive.get_absolute_url()}" in mail.body


def test_a_notice_of_work_closed_meanwhile_or_taken_back_goes_nowhere(clerk):
    closed, undone = make_mail(clerk), make_mail(clerk)
    closed.notice.directive.withdraw(by=make_user("leader"), reason="Bãi bỏ")
    undone.notice.delete()

    closed, undone = OutgoingMessage.objects.order_by("pk")

    assert why_not(closed) == CLOSED
    assert why_not(undone) == TAKEN_BACK


def test_a_decision_about_closed_work_is_still_told(clerk):
    NoticePreference.objects.create(user=clerk, mail_decided=True)
    done = work(clerk, status=Status.COMPLETED)
    notice = make_notice(
        clerk, kind=Notice.Kind.CONFIRMED, directive=done.directive, words={"percent": 100, "completed": True}
    )

    assert write(make_mail(clerk, notice=notice), NOON).to == ["ha@nd.gov.vn"]


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"is_active": False}, INACTIVE),
        ({"email": ""}, NO_ADDRESS),
        ({"email": "ha@nd.gov.vn\nBcc: moi-nguoi@nd.gov.vn"}, NO_ADDRESS),
        ({"email": "không phải địa chỉ"}, NO_ADDRESS),
    ],
)
def test_who_cannot_be_written_to_is_not(clerk, changes, outcome):
    message = make_mail(clerk)
    for name, value in changes.items():
        setattr(message.user, name, value)

    assert why_not(message) == outcome


@pytest.mark.parametrize(
    ("kind", "wish"),
    [(Kind.AT_ONCE, "mail_at_once"), (Kind.DIGEST, "mail_digest"), (Kind.WEEKLY, "mail_weekly")],
)
def test_who_does_not_want_it_any_more_does_not_get_it(clerk, kind, wish):
    message = make_mail(clerk, kind=kind)
    NoticePreference.objects.create(user=clerk, **{wish: False})

    assert why_not(message) == UNWANTED


# Safety


def test_hostile_titles_stay_text(clerk):
    work(clerk, title="<script>alert(1)</script>\r\nBcc: moi-nguoi@nd.gov.vn")
    assignment = work(clerk, title="<b>Đậm</b>\r\nSubject: khác")
    notice = make_notice(clerk, directive=assignment.directive)

    reminder, told = write(digest(clerk), NOON), write(make_mail(clerk, notice=notice), NOON)

    for mail in (reminder, told):
        sent = mail.message()

        assert "<script>" not in html_of(mail)
        assert "<b>Đậm</b>" not in html_of(mail)
        assert sent["Bcc"] is None
        assert len(sent.get_all("Subject")) == 1
        assert "\n" not in mail.subject
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Bcc:" in html_of(reminder)


def test_a_subject_is_one_short_line_of_visible_signs():
    assert one_line(" a\r\n\tb\x00c\u202ed\u200b ") == "a b c d"
    assert one_line("Việc " * 100).endswith("…")
    assert len(one_line("x" * 1000)) == LONGEST_SUBJECT


def test_the_headers_say_when_by_whom_and_that_nobody_wrote_it(clerk, settings):
    settings.DEFAULT_FROM_EMAIL = "Theo dõi nhiệm vụ <tracker@nd.gov.vn>"
    settings.MAIL_REPLY_TO = ["hotro@nd.gov.vn"]
    message = make_mail(clerk)

    first, second = write(message, NOON), write(message, NOON + dt.timedelta(hours=1))
    sent = first.message()

    assert sent["Message-ID"] == f"<tracker-{message.pk}-20200616@tracker.example.gov.vn>"
    assert sent["Message-ID"] == second.message()["Message-ID"]
    assert parsedate_to_datetime(sent["Date"]) == NOON
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["Reply-To"] == "hotro@nd.gov.vn"
    assert "tracker@nd.gov.vn" in sent["From"]
    assert "Vui lòng không trả lời" not in first.body


def test_sample_data_are_called_so(clerk, settings):
    message = make_mail(clerk)
    assert "Dữ liệu minh hoạ" not in write(message, NOON).body

    settings.TRACKER_DEMO = True
    mail = write(message, NOON)

    assert "Dữ liệu minh hoạ." in mail.body
    assert "Dữ liệu minh hoạ." in html_of(mail)
    assert "Vui lòng không trả lời thư này." in mail.body
