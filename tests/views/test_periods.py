"""The pages of reporting periods: the calendar, one period, making, dates, closing, reopening."""

import datetime as dt
import html
import re
import threading
import uuid
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_indicator,
    make_part,
    make_period,
    make_report,
    make_target,
    make_user,
)
from tracker.closing import close_period
from tracker.models import FrozenFigure, PeriodEvent, ReportingPeriod

pytestmark = pytest.mark.django_db
LIST = "/ky-bao-cao/"
BEFORE, LATER = NOON - dt.timedelta(hours=2), NOON + dt.timedelta(hours=2)


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def year():
    ReportingPeriod.generate(2020)


@pytest.fixture
def admin(client):
    return signed_in(client, "admin")


@pytest.fixture
def officer(client):
    return signed_in(client, "officer", full_name="Trần Minh Quang")


@pytest.fixture
def leader(client):
    return signed_in(client, "leader", full_name="Vũ Đức Hòa")


def signed_in(client, role, **fields):
    user = make_user(role, **fields)
    client.force_login(user)
    return user


def make_measurement(indicator, value=100, at=BEFORE, **content):
    return factories.make_measurement(indicator, value, at=at, **content)


def text_of(response):
    page = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def names_in(response):
    return re.findall(r'class="row-title"[^>]*>([^<]+)<', response.content.decode())


def address(name, code="2020-05"):
    return reverse(name, args=[code])


def sent(**fields):
    return {"form_token": str(uuid.uuid4()), **fields}


def dates(**changed):
    values = {
        "starts_on": "15/4/2020",
        "ends_on": "14/5/2020",
        "agencies_send_on": "17/5/2020",
        "department_sends_on": "20/5/2020",
        "reason": "UBND tỉnh yêu cầu",
        "version": "1",
    }
    return sent(**(values | changed))


def closed(code="2020-05", by=None, at=NOON):
    return close_period(make_period(code), by or make_user("officer"), "Báo cáo tháng 5/2020", at)


# The calendar


def test_the_calendar_shows_window_sending_days_state_and_who_closed(client, officer, year):
    closed(by=officer)

    page = text_of(client.get(LIST, {"loai": "month"}))

    assert (
        "Tháng 5/2020 15/4/2020 – 14/5/2020 17/5 20/5 Đã chốt Trần Minh Quang 16/6 12:00 · Báo cáo tháng 5/2020"
        in page
    )
    assert "Tháng 6/2020 15/5/2020 – 14/6/2020 17/6 20/6 Đến hạn chốt –" in page
    assert "Tháng 7/2020 15/6/2020 – 14/7/2020 17/7 20/7 Mở –" in page
    assert "Tháng 8/2020 15/7/2020 – 14/8/2020 17/8 20/8 Chưa bắt đầu –" in page


def test_each_tab_lists_as_many_periods_as_it_counts(client, officer, year):
    ReportingPeriod.generate(2020, kinds=["week"])

    page = client.get(LIST)
    tabs = re.findall(
        r'href="\?nam=2020(?:&amp;loai=(\w+))?"[^>]*>[^<]+<span class="n">(\d+)<', page.content.decode()
    )

    assert dict(tabs) == {
        "": "73",
        "week": "53",
        "month": "12",
        "quarter": "4",
        "half": "2",
        "nine_months": "1",
        "year": "1",
    }
    for kind, count in tabs:
        listed = client.get(LIST, {"loai": kind, "nam": "2020"})
        assert f'data-total="{count}"' in listed.content.decode()
        assert len(names_in(listed)) == min(int(count), 25)


@pytest.mark.parametrize("query", [{"nam": "abc"}, {"loai": "x\x00"}, {"nam": "99999"}, {"trang": "-3"}])
def test_an_odd_address_shows_the_usual_list(client, officer, year, query):
    response = client.get(LIST, query)

    assert response.status_code == 200
    assert "Kỳ báo cáo năm 2020" in text_of(response)


def test_the_calendar_without_any_period_says_what_to_do(client, officer):
    assert "Quản trị tạo các kỳ của một năm bằng một nút bấm." in text_of(client.get(LIST))


@pytest.mark.parametrize(
    ("day", "is_made", "is_said"),
    [
        (dt.date(2020, 9, 30), False, False),
        (dt.date(2020, 10, 1), False, True),
        (dt.date(2020, 12, 31), False, True),
        (dt.date(2020, 12, 31), True, False),
    ],
)
def test_in_the_last_quarter_the_page_says_that_next_year_lacks(
    client, officer, year, settings, day, is_made, is_said
):
    settings.TRACKER_TODAY = day
    if is_made:
        ReportingPeriod.generate(2021)

    assert ("Chưa tạo các kỳ của năm 2021" in text_of(client.get(LIST))) is is_said


def test_a_calendar_of_fifty_periods_costs_no_more_queries_than_one(client, officer, year):
    with CaptureQueriesContext(connection) as few:
        client.get(LIST, {"loai": "year"})
    for agency in (make_agency(), make_agency()):
        ReportingPeriod.generate(2020, kinds=["week"], agency=agency)

    with CaptureQueriesContext(connection) as many:
        client.get(LIST, {"loai": "week"})

    assert len(many) == len(few)


def test_the_calendar_is_in_everybody_s_menu(client, year):
    for role in ("staff", "agency_head", "officer", "leader", "admin", "viewer"):
        signed_in(client, role)

        assert f'href="{LIST}"' in client.get(LIST).content.decode()


# Making periods


def test_the_administrator_makes_next_year_with_one_button(client, admin, year):
    assert "Tạo kỳ năm 2021" in text_of(client.get(LIST))

    response = client.post(reverse("period_create") + "?loai=nam", sent(year="2021"), follow=True)

    assert "Đã tạo 20 kỳ báo cáo của năm 2021." in text_of(response)
    assert ReportingPeriod.objects.filter(year=2021).count() == 20
    assert "Tạo kỳ năm 2022" in text_of(response)


def test_pressing_the_button_twice_makes_them_once(client, admin):
    form = sent(year="2021")
    for _press in range(2):
        response = client.post(reverse("period_create") + "?loai=nam", form, follow=True)

    assert ReportingPeriod.objects.count() == 20
    assert response.status_code == 200


def test_weekly_windows_of_one_body_begin_on_its_own_day(client, admin):
    body = make_agency(name="Huyện ủy Hải Hậu", code="P05")

    response = client.post(
        reverse("period_create") + "?loai=tuan",
        sent(year="2020", agency="huyen uy hai hau", first_weekday="0"),
        follow=True,
    )

    assert "Đã tạo 53 kỳ báo cáo của năm 2020." in text_of(response)
    weeks = ReportingPeriod.objects.filter(agency=body)
    assert {period.starts_on.weekday() for period in weeks} == {0}
    assert "Huyện ủy Hải Hậu" in text_of(client.get(LIST, {"nam": "2020", "loai": "week"}))


@pytest.mark.parametrize("year_typed", ["1999", "2101", "abc", "", "9" * 400, "２０２１"])
def test_a_year_that_is_none_is_refused_and_stays_in_the_field(client, admin, year_typed):
    response = client.post(reverse("period_create") + "?loai=nam", sent(year=year_typed))

    if response.status_code == 302:  # full-width digits are digits too
        assert set(ReportingPeriod.objects.values_list("year", flat=True)) == {2021}
        return
    assert response.status_code == 422
    assert year_typed in response.content.decode()
    assert not ReportingPeriod.objects.exists()


def announcement(**changed):
    values = {
        "kind": "thematic",
        "name": "Chuyên đề chữ ký số",
        "starts_on": "1/1/2020",
        "ends_on": "10/6/2020",
        "agencies_send_on": "12/6/2020",
        "department_sends_on": "15/6/2020",
    }
    return sent(**(values | changed))


def test_a_thematic_period_is_entered_with_its_own_window(client, admin):
    response = client.post(reverse("period_create") + "?loai=rieng", announcement(), follow=True)

    assert "Đã lập kỳ Chuyên đề chữ ký số." in text_of(response)
    period = ReportingPeriod.objects.get()
    assert (period.code, period.year, period.ends_on) == ("2020-cd1", 2020, dt.date(2020, 6, 10))
    assert period.events.get().by == admin


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "Điền “Tên”"),
        ({"name": "   "}, "Điền “Tên”"),
        ({"ends_on": "1/1/2019"}, "Ngày chốt trước ngày bắt đầu."),
        ({"ends_on": "31/6/2020"}, "Lịch không có ngày này."),
        ({"agencies_send_on": "1/6/2020"}, "Cơ quan không thể gửi trước ngày chốt số liệu."),
        ({"agency": "Không có"}, "Không có"),
        ({"name": "x" * 201}, "201"),
        ({"kind": "month"}, "“month” không có trong danh sách."),
    ],
)
def test_a_thematic_period_that_does_not_fit_is_refused_with_the_input_kept(client, admin, changed, words):
    response = client.post(reverse("period_create") + "?loai=rieng", announcement(**changed))

    assert response.status_code == 422
    assert words in text_of(response)
    assert 'value="12/6/2020"' in response.content.decode() or "agencies_send_on" in changed
    assert not ReportingPeriod.objects.exists()


@pytest.mark.parametrize(("arguments", "year_made"), [([], 2021), (["2023"], 2023)])
def test_the_command_makes_a_year_and_by_default_the_next(arguments, year_made, capsys):
    call_command("make_periods", *arguments)
    call_command("make_periods", *arguments)

    assert set(ReportingPeriod.objects.values_list("year", flat=True)) == {year_made}
    assert capsys.readouterr().out.splitlines() == [
        f"20 periods of {year_made} made.",
        f"The periods of {year_made} are there.",
    ]


def test_the_command_refuses_a_year_outside_the_calendar():
    with pytest.raises(CommandError):
        call_command("make_periods", "1999")


# One period


def test_the_page_of_a_period_says_window_days_and_lock(client, leader, year):
    closed(by=make_user("officer", full_name="Trần Minh Quang"))

    page = text_of(client.get(address("period_detail")))

    assert (
        "Trần Minh Quang đã chốt số liệu kỳ này lúc 12:00 ngày 16/6/2020 cho “Báo cáo tháng 5/2020”." in page
    )
    assert "Số liệu từ ngày 15/4/2020" in page
    assert "Ngày chốt số liệu 14/5/2020 thứ Năm" in page
    assert "Sở gửi trước 20/5/2020 thứ Tư" in page


def test_what_differs_today_is_said_beside_the_closed_number_and_opens_its_figures(client, leader):
    indicator = make_indicator(code="CT-2020-900", name="Số hộ có cáp quang")
    make_measurement(indicator, 40)
    closed()
    make_measurement(indicator, 41, at=LATER)

    response = client.get(address("period_detail"))

    assert "hôm nay: 41,0; đã chốt: 40,0 ; do 1 số liệu duyệt sau ngày chốt" in text_of(response)
    link = re.search(r'href="([^"]+#sau-chot)"', response.content.decode())[1]
    opened = client.get(html.unescape(link).split("#")[0]).content.decode()
    assert opened[opened.index('id="sau-chot"') :].count("queue__t") == 1


def test_both_revisions_stand_side_by_side_and_each_can_be_opened(client, leader):
    indicator = make_indicator(code="CT-2020-900")
    make_measurement(indicator, "148.6")
    period = closed(at=NOON)
    period.reopen(by=leader, reason="Bổ sung số liệu 3 huyện", at=NOON)
    make_measurement(indicator, 149, at=LATER)
    close_period(period, leader, "Báo cáo bổ sung", LATER)

    page = text_of(client.get(address("period_detail")))
    first = text_of(client.get(address("period_detail"), {"ban": "1"}))

    assert "Bản 1 đã chốt 16/6/2020: 148,6 · Bản 2: 149,0" in page
    assert "Số liệu đã chốt, bản 2" in page
    assert "Bổ sung số liệu 3 huyện" in page
    assert "Số liệu đã chốt, bản 1" in first
    assert "hôm nay: 149,0; đã chốt: 148,6" in first


@pytest.mark.parametrize(
    "query", [{"ban": "x"}, {"ban": "9" * 30}, {"ct": "\x00"}, {"xem": "la", "trang": "z"}]
)
def test_odd_parameters_show_the_usual_page(client, leader, query):
    make_measurement(make_indicator(), 40)
    closed()

    response = client.get(address("period_detail"), query)

    assert response.status_code == 200
    assert "Số liệu đã chốt, bản 1" in text_of(response)


def test_an_open_period_shows_today_s_numbers_as_such(client, leader):
    make_measurement(make_indicator(), 40)

    page = text_of(client.get(address("period_detail")))

    assert "Số liệu đến hôm nay" in page
    assert "Số liệu đã chốt" not in page


def test_the_parts_of_an_indicator_open_on_demand(client, leader):
    indicator = make_indicator(rule="parts", code="CT-2020-901")
    for value in (3, 4, 5):
        make_measurement(indicator, value, part=make_part(indicator))
    closed()

    page = client.get(address("period_detail"))
    opened = client.get(address("period_detail"), {"ct": "CT-2020-901"}).content.decode()

    assert "3 phần" in text_of(page)
    assert page.content.decode().count('class="sub"') == 0
    assert opened.count('class="sub"') == 3


@pytest.mark.parametrize(("shown", "expected"), [("cho-duyet", 2), ("tra-lai", 3), ("thieu", 4)])
def test_each_number_of_figures_before_a_closing_opens_exactly_its_rows(client, officer, shown, expected):
    parts = make_indicator(rule="parts")
    make_target(parts)
    for state, count in (("submitted", 2), ("returned", 3), ("draft", 4)):
        for _number in range(count):
            make_measurement(parts, 5, part=make_part(parts), state=state)
    make_measurement(parts, 5, part=make_part(parts))

    page = client.get(address("period_detail")).content.decode()
    number = re.search(rf"xem={shown}#ds\"[^>]*>(\d+)<", page)[1]
    listed = client.get(address("period_detail"), {"xem": shown}).content.decode()

    assert int(number) == expected
    rows = listed[listed.index('<ul class="queue" data-total') :]
    assert f'data-total="{number}"' in rows
    assert rows[: rows.index("</ul>")].count("<li>") == expected
    assert f"xem={shown}#ds" in client.get(address("period_close")).content.decode()


def test_each_number_of_reports_before_a_closing_opens_exactly_its_rows(client, officer, year):
    for _number in range(3):
        make_report(
            make_assignment(status="in_progress"),
            state="submitted",
            as_of_on=dt.date(2020, 5, 10),
            at=NOON,
        )
    for _number in range(2):
        make_assignment(status="in_progress")

    page = client.get(address("period_detail")).content.decode()

    for words, expected in (("Báo cáo tiến độ chờ duyệt", 3), ("Báo cáo tiến độ chưa gửi", 2)):
        link, number = re.search(rf'{words}</dt><dd><a href="([^"]+)">(\d+)<', page).groups()
        assert int(number) == expected
        assert f"{expected} " in text_of(client.get(html.unescape(link)))
        assert len(names_in(client.get(html.unescape(link)))) == expected


def test_an_agency_reads_its_own_numbers_and_no_others_readiness(client):
    mine, other = make_indicator(name="Chỉ tiêu của tôi"), make_indicator(name="Chỉ tiêu cơ quan khác")
    for indicator in (mine, other):
        make_measurement(indicator, 5)
    closed()
    client.force_login(make_user(agency=mine.owner))

    page = text_of(client.get(address("period_detail"), {"xem": "thieu"}))

    assert "Chỉ tiêu của tôi" in page
    assert "Chỉ tiêu cơ quan khác" not in page
    assert "Trước khi chốt số liệu" not in page


def test_one_body_s_own_weeks_are_hidden_from_another(client):
    body = make_agency()
    ReportingPeriod.generate(2020, kinds=["week"], agency=body)
    code = ReportingPeriod.objects.first().code

    client.force_login(make_user(agency=body))
    own = client.get(address("period_detail", code)).status_code
    client.force_login(make_user())
    hidden = client.get(address("period_detail", code)).status_code

    assert (own, hidden) == (200, 404)


def test_twenty_indicators_cost_no_more_queries_than_two(client, leader):
    def fill(count):
        for _number in range(count):
            indicator = make_indicator(rule="parts")
            make_measurement(indicator, 5, part=make_part(indicator))
            make_measurement(indicator, 5, part=make_part(indicator), state="submitted")

    fill(2)
    with CaptureQueriesContext(connection) as few:
        client.get(address("period_detail"))
    fill(18)

    with CaptureQueriesContext(connection) as many:
        client.get(address("period_detail"))

    assert len(many) == len(few)


# Dates


def test_the_administrator_moves_a_closing_day_with_a_reason(client, admin, year):
    response = client.post(address("period_dates"), dates(ends_on="12/5/2020"), follow=True)

    assert "Đã sửa ngày." in text_of(response)
    assert "UBND tỉnh yêu cầu" in text_of(response)
    assert make_period().ends_on == dt.date(2020, 5, 12)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"reason": ""}, "Điền “Lý do sửa ngày”"),
        ({"ends_on": "16/5/2020"}, "Những ngày này đã thuộc kỳ “Tháng 6/2020”"),
        ({"agencies_send_on": "10/5/2020"}, "Cơ quan không thể gửi trước ngày chốt số liệu."),
        ({"ends_on": "\x00"}, "Ghi ngày theo dạng ngày/tháng/năm"),
        ({"department_sends_on": ""}, "Điền “Sở gửi trước”"),
    ],
)
def test_dates_that_do_not_fit_are_refused_with_the_input_kept(client, admin, year, changed, words):
    response = client.post(address("period_dates"), dates(**changed))

    assert response.status_code == 422
    assert words in text_of(response)
    assert 'value="15/4/2020"' in response.content.decode()
    assert make_period().version == 1


def test_two_administrators_at_once_see_both_versions(client, admin, year):
    make_period().set_dates(
        by=make_user("admin"),
        expected_version=1,
        reason="Trước",
        department_sends_on=dt.date(2020, 5, 25),
    )

    response = client.post(address("period_dates"), dates(department_sends_on="22/5/2020"))

    assert response.status_code == 409
    assert "Sở gửi trước 25/5/2020 22/5/2020" in text_of(response)
    again = re.search(r'name="version" value="(\d+)"', response.content.decode())[1]
    client.post(address("period_dates"), dates(department_sends_on="22/5/2020", version=again))
    assert make_period().department_sends_on == dt.date(2020, 5, 22)


def test_dates_of_a_closed_period_stay(client, admin, year):
    closed(by=make_user("officer", full_name="Trần Minh Quang"))

    response = client.post(address("period_dates"), dates(ends_on="12/5/2020"), follow=True)

    assert "Trần Minh Quang đã chốt số liệu kỳ này" in text_of(response)
    assert make_period().ends_on == dt.date(2020, 5, 14)


# Closing and reopening


def test_closing_names_the_report_and_freezes_the_numbers(client, officer):
    make_measurement(make_indicator(), 40)

    offered = client.get(address("period_close"))
    response = client.post(address("period_close"), sent(closed_for="Báo cáo 12/BC"), follow=True)

    assert 'value="Báo cáo tháng 5/2020"' in offered.content.decode()
    assert "Đã chốt số liệu tháng 5/2020." in text_of(response)
    assert "cho “Báo cáo 12/BC”" in text_of(response)
    assert FrozenFigure.objects.get().value == 40


@pytest.mark.parametrize("words", ["", "   ", "x" * 301, "a\x00b"])
def test_closing_for_no_report_is_refused(client, officer, year, words):
    response = client.post(address("period_close"), sent(closed_for=words))

    assert response.status_code == 422
    assert not make_period().is_closed


def test_a_window_that_still_runs_is_not_closed_and_the_page_says_how(client, officer, year):
    offered = client.get(address("period_close", "2020-07"))
    response = client.post(address("period_close", "2020-07"), sent(closed_for="Báo cáo"))

    assert "Số liệu tính đến 14/7/2020 vẫn thuộc kỳ này" in text_of(offered)
    assert response.status_code == 409
    assert "Muốn chốt sớm hơn, quản trị sửa ngày chốt trước, có lý do." in text_of(response)
    assert not make_period("2020-07").is_closed


def test_the_second_to_close_reads_who_was_first(client, leader, year):
    closed(by=make_user("officer", full_name="Trần Minh Quang"))

    response = client.post(address("period_close"), sent(closed_for="Báo cáo"), follow=True)

    assert "Trần Minh Quang đã chốt số liệu kỳ này lúc 12:00 ngày 16/6/2020" in text_of(response)
    assert PeriodEvent.objects.filter(step="closed").count() == 1


def test_pressing_close_twice_closes_once(client, officer, year):
    form = sent(closed_for="Báo cáo")

    answers = [client.post(address("period_close"), form).status_code for _press in range(2)]

    assert answers == [302, 302]
    assert PeriodEvent.objects.filter(step="closed").count() == 1


def test_a_leader_reopens_with_a_reason_as_revision_2(client, leader, year):
    closed()

    silent = client.post(address("period_reopen"), sent(reason=""))
    response = client.post(address("period_reopen"), sent(reason="Thiếu 3 huyện"), follow=True)

    assert silent.status_code == 422
    assert "Đã mở lại số liệu thành bản 2." in text_of(response)
    assert "Đang mở lại, bản 2" in text_of(response)
    assert make_period().revision == 2


def test_an_open_period_cannot_be_reopened(client, leader, year):
    response = client.post(address("period_reopen"), sent(reason="Thử"), follow=True)

    assert "Số liệu kỳ này đang mở." in text_of(response)
    assert make_period().revision == 1


# Who may

WHO = """
period_create | admin
period_dates  | admin
period_close  | officer leader
period_reopen | leader
"""


@pytest.mark.parametrize("line", WHO.strip().splitlines())
def test_who_may_change_what(client, line):
    name, allowed = (part.strip() for part in line.split("|"))
    closed() if name == "period_reopen" else make_period()
    here = reverse(name) if name == "period_create" else address(name)

    for role in ("staff", "agency_head", "officer", "leader", "admin", "viewer"):
        signed_in(client, role)
        answers = {client.get(here).status_code, client.post(here, sent()).status_code}

        assert answers == ({200, 422} if role in allowed.split() else {403}), role


def test_buttons_are_shown_to_those_who_may_press_them(client, year):
    for role, words in (
        ("officer", {"Chốt số liệu"}),
        ("leader", {"Chốt số liệu"}),
        ("admin", {"Sửa ngày"}),
        ("viewer", set()),
    ):
        signed_in(client, role)
        page = client.get(address("period_detail")).content.decode()
        head = page[page.index("page-head__actions") : page.index("metric-line")]

        shown = {word for word in ("Chốt số liệu", "Sửa ngày", "Mở lại số liệu") if f"{word}</a>" in head}
        assert shown == words, role


@pytest.mark.parametrize("name", ["period_detail", "period_dates", "period_close", "period_reopen"])
@pytest.mark.parametrize("code", ["2031-05", "khong-co", "9" * 300])
def test_a_period_that_is_not_there_is_404(client, name, code):
    for role in ("leader", "admin"):
        signed_in(client, role)

        assert client.get(address(name, code)).status_code == 404


# The deadline and the closing side by side


def test_the_directive_and_the_report_say_when_the_figures_close(client, year):
    assignment = make_assignment(due_on=dt.date(2020, 6, 30), status="in_progress")
    client.force_login(make_user(agency=assignment.agency))

    directive = text_of(client.get(assignment.directive.get_absolute_url()))
    report = text_of(client.get(reverse("progress_log", args=[assignment.pk])))

    assert "chốt số liệu quý II: 14/6/2020" in directive
    assert "chốt số liệu quý II: 14/6/2020" in report


# At the same moment


@pytest.mark.django_db(transaction=True)
def test_two_people_who_close_at_once_close_once():
    make_measurement(make_indicator(), 40)
    answers, barrier = [], threading.Barrier(2)

    def press(user):
        browser = Client()
        browser.force_login(user)
        try:
            barrier.wait(timeout=30)
            answers.append(browser.post(address("period_close"), sent(closed_for="Báo cáo")))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=[make_user(role)]) for role in ("officer", "leader")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    # The second reads who was first: in the form, or when the first had already finished, on the period's page.
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses in (Counter({302: 1, 409: 1}), Counter({302: 2}))
    if 409 in statuses:
        refused = next(answer for answer in answers if answer.status_code == 409)
        assert "đã chốt số liệu kỳ này lúc" in text_of(refused)
    assert PeriodEvent.objects.filter(step="closed").count() == 1
    assert FrozenFigure.objects.count() == 1
