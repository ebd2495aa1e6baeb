"""Reporting periods: their windows as stored, their names, how they stand, their dates, closing and reopening."""

import datetime as dt
import threading
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import translation

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_indicator,
    make_measurement,
    make_period,
    make_user,
)
from tests.vietnamese.test_calendar import WRITTEN_OUT
from tracker.models import PeriodEvent, ReportingPeriod, StaleVersion, WrongStep
from tracker.vietnamese.dates import format_date

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def a_period(code="2020-06"):
    return make_period(code)


def week(number=25, **changes):
    ReportingPeriod.generate(2020, kinds=["week"], **changes)
    return ReportingPeriod.objects.get(kind="week", number=number, agency=changes.get("agency"))


def announced(kind="thematic", **changes):
    values = {
        "name": "Chuyên đề chữ ký số",
        "year": 2020,
        "starts_on": dt.date(2020, 1, 1),
        "ends_on": dt.date(2020, 6, 10),
        "agencies_send_on": dt.date(2020, 6, 12),
        "department_sends_on": dt.date(2020, 6, 15),
    }
    return ReportingPeriod.announce(by=make_user("admin"), kind=kind, **(values | changes))


# Windows


def test_the_stored_windows_of_2019_to_2021_are_those_written_out_by_hand():
    for year in (2019, 2020, 2021):
        ReportingPeriod.generate(year)
        ReportingPeriod.generate(year, kinds=["week"])

    stored = {
        period.code: [
            format_date(day)
            for day in (
                period.starts_on,
                period.ends_on,
                period.agencies_send_on,
                period.department_sends_on,
            )
        ]
        for period in ReportingPeriod.objects.all()
    }
    expected = {
        code: days.split() for code, days in (line.split(":") for line in WRITTEN_OUT.strip().splitlines())
    }
    assert {code: stored[code] for code in expected} == expected
    assert len(stored) == 60 + 52 + 53 + 52


@pytest.mark.parametrize(
    ("day", "month", "quarter", "year"),
    [
        (dt.date(2019, 12, 14), "2019-12", "2019-q4", "2019"),
        (dt.date(2019, 12, 15), "2020-01", "2020-q1", "2020"),
        (dt.date(2020, 2, 29), "2020-03", "2020-q1", "2020"),
        (dt.date(2020, 6, 14), "2020-06", "2020-q2", "2020"),
        (dt.date(2020, 6, 15), "2020-07", "2020-q3", "2020"),
        (dt.date(2020, 12, 15), "2021-01", "2021-q1", "2021"),
    ],
)
def test_a_figure_belongs_where_its_as_of_day_lies(day, month, quarter, year):
    for made in (2019, 2020, 2021):
        ReportingPeriod.generate(made)

    found = [ReportingPeriod.for_day(kind, day).code for kind in ("month", "quarter", "year")]

    assert found == [month, quarter, year]


def test_the_event_of_8_january_2020_reports_the_year_2019():
    for year in (2019, 2020):
        ReportingPeriod.generate(year)
    event = dt.date(2020, 1, 8)

    closed = ReportingPeriod.objects.of_kind("year").filter(ends_on__lt=event).in_order().last()

    assert (closed.code, closed.label) == ("2019", "Năm 2019")
    assert ReportingPeriod.for_day("year", closed.ends_on) == closed


def test_a_day_without_a_period_is_refused_in_words():
    with pytest.raises(ValidationError) as refusal:
        ReportingPeriod.for_day("month", dt.date(2031, 1, 1))

    assert refusal.value.messages == [
        "Chưa có kỳ báo cáo nào chứa ngày này. Đề nghị quản trị tạo kỳ của năm đó."
    ]


def test_making_a_year_again_leaves_what_people_have_set():
    period = a_period()
    period.set_dates(
        by=make_user("admin"), expected_version=1, reason="Tết", department_sends_on=dt.date(2020, 6, 25)
    )

    made = ReportingPeriod.generate(2020)

    period.refresh_from_db()
    assert (made, period.department_sends_on) == (0, dt.date(2020, 6, 25))


def test_a_body_has_weekly_windows_of_its_own():
    body = make_agency(code="P05")

    ours, theirs = week(), week(agency=body, first_weekday=0)

    assert (ours.starts_on, ours.ends_on) == (dt.date(2020, 6, 11), dt.date(2020, 6, 17))
    assert (theirs.starts_on, theirs.ends_on) == (dt.date(2020, 6, 15), dt.date(2020, 6, 21))
    assert (ours.code, theirs.code) == ("2020-t25", "2020-t25-p05")
    assert ReportingPeriod.for_day("week", dt.date(2020, 6, 16)) == ours


def test_a_year_of_53_weeks_has_53_windows_without_a_gap():
    made = ReportingPeriod.generate(2020, kinds=["week"])

    weeks = list(ReportingPeriod.objects.of_kind("week").in_order())
    assert made == len(weeks) == 53
    assert {(b.starts_on - a.ends_on).days for a, b in pairwise(weeks)} == {1}


# Names


@pytest.mark.parametrize(
    ("code", "label", "short", "english"),
    [
        ("2020-05", "Tháng 5/2020", "Tháng 5", "Month 5/2020"),
        ("2020-q2", "Quý II/2020", "Quý II", "Quarter II/2020"),
        ("2020-6t1", "6 tháng đầu năm 2020", "6 tháng đầu năm", "First six months of 2020"),
        ("2020-6t2", "6 tháng cuối năm 2020", "6 tháng cuối năm", "Last six months of 2020"),
        ("2020-9t", "9 tháng năm 2020", "9 tháng", "Nine months of 2020"),
        ("2020", "Năm 2020", "Năm 2020", "Year 2020"),
    ],
)
def test_the_name_of_every_kind(code, label, short, english):
    period = a_period(code)

    with translation.override("en"):
        in_english = period.label

    assert (period.label, period.short_label, in_english) == (label, short, english)


def test_a_week_and_a_thematic_period_have_names_too():
    assert week().label == "Tuần 25/2020"
    assert announced().label == announced().short_label == "Chuyên đề chữ ký số"


# How they stand


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2020, 5, 14), "Chưa bắt đầu"),
        (dt.date(2020, 5, 15), "Mở"),
        (dt.date(2020, 6, 9), "Mở"),
        (dt.date(2020, 6, 10), "Sắp chốt"),
        (dt.date(2020, 6, 14), "Sắp chốt"),
        (dt.date(2020, 6, 15), "Đến hạn chốt"),
    ],
)
def test_how_an_open_period_stands_on_a_day(day, words):
    period = a_period()

    assert period.state_on(day, 5).label == words


def test_how_a_closed_and_a_reopened_period_stand():
    period = a_period()
    period.close(by=make_user("officer"))
    closed = period.state_on(TODAY, 5).label

    period.reopen(by=make_user("leader"), reason="Bổ sung số liệu")

    assert (closed, period.state_on(TODAY, 5).label) == ("Đã chốt", "Mở lại")


# Dates


def test_dates_move_with_a_reason_until_the_period_is_closed():
    period, admin = a_period(), make_user("admin")

    period.set_dates(
        by=admin, expected_version=1, reason="UBND tỉnh yêu cầu sớm", ends_on=dt.date(2020, 6, 12)
    )
    period.close(by=make_user("officer"))

    assert period.ends_on == dt.date(2020, 6, 12)
    assert [event.reason for event in period.events.filter(step="dates_set")] == ["UBND tỉnh yêu cầu sớm"]
    with pytest.raises(WrongStep):
        period.set_dates(by=admin, expected_version=None, reason="Nữa", ends_on=dt.date(2020, 6, 13))


def test_dates_of_a_reopened_period_move_again():
    period = a_period()
    period.close(by=make_user("officer"))
    period.reopen(by=make_user("leader"), reason="Bổ sung")

    period.set_dates(
        by=make_user("admin"), expected_version=None, reason="Lùi", agencies_send_on=dt.date(2020, 6, 18)
    )

    assert period.agencies_send_on == dt.date(2020, 6, 18)


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ({"ends_on": dt.date(2020, 5, 1)}, "Ngày chốt trước ngày bắt đầu."),
        ({"agencies_send_on": dt.date(2020, 6, 1)}, "Cơ quan không thể gửi trước ngày chốt số liệu."),
        ({"department_sends_on": dt.date(2020, 6, 15)}, "Sở gửi sau các cơ quan."),
        (
            {"ends_on": dt.date(2020, 6, 16)},
            "Những ngày này đã thuộc kỳ “Tháng 7/2020” (15/6/2020–14/7/2020): sửa kỳ đó trước.",
        ),
    ],
)
def test_dates_that_do_not_fit_are_refused(dates, words):
    period = a_period()

    with pytest.raises(ValidationError) as refusal:
        period.set_dates(by=make_user("admin"), expected_version=1, reason="Thử", **dates)

    assert refusal.value.messages == [words]
    assert ReportingPeriod.objects.get(pk=period.pk).version == 1


def test_a_window_never_leaves_a_figure_outside():
    figure = make_measurement(make_indicator(), period="2020-05")

    with pytest.raises(ValidationError) as refusal:
        figure.period.set_dates(
            by=make_user("admin"), expected_version=None, reason="Sớm hơn", ends_on=dt.date(2020, 5, 10)
        )

    assert refusal.value.messages == ["1 số liệu của kỳ này tính đến ngày nằm ngoài khoảng mới."]


def test_a_reason_is_needed_and_an_old_version_is_told_so():
    period, admin = a_period(), make_user("admin")
    day = dt.date(2020, 6, 19)

    with pytest.raises(ValidationError) as silent:
        period.set_dates(by=admin, expected_version=1, reason=" ", department_sends_on=day)
    period.set_dates(by=admin, expected_version=1, reason="Một", department_sends_on=day)
    with pytest.raises(StaleVersion):
        period.set_dates(by=admin, expected_version=1, reason="Hai", department_sends_on=day)

    assert silent.value.message_dict == {"reason": ["Ghi lý do đổi ngày."]}


# Thematic and ad hoc


def test_thematic_and_ad_hoc_periods_are_numbered_apart():
    codes = [announced().code, announced(agency=make_agency()).code, announced("ad_hoc").code]

    assert codes == ["2020-cd1", "2020-cd2", "2020-dx1"]
    assert PeriodEvent.objects.filter(step="announced").count() == 3


@pytest.mark.parametrize("name", ["", "  "])
def test_a_thematic_period_needs_a_name(name):
    with pytest.raises(ValidationError) as refusal:
        announced(name=name.strip())

    assert refusal.value.messages == ["Kỳ chuyên đề hoặc đột xuất phải có tên."]


def test_periods_with_a_rule_are_not_announced():
    with pytest.raises(ValidationError) as refusal:
        announced("month")

    assert refusal.value.message_dict == {"kind": ["Kỳ loại này do hệ thống tạo theo quy định."]}


def test_another_body_does_not_see_one_body_s_own_windows():
    mine, other = make_agency(), make_agency()
    week(agency=mine)
    week(agency=other)

    seen = ReportingPeriod.objects.visible_to(make_user(agency=mine))

    assert set(seen.values_list("agency", flat=True)) == {mine.pk}
    assert ReportingPeriod.objects.visible_to(make_user("officer")).count() == 106


# Closing and reopening


def test_the_lock_says_who_when_and_for_which_report():
    period = a_period()

    period.close(by=make_user("officer", full_name="Trần Minh Quang"), closed_for="Báo cáo quý II", at=NOON)

    assert period.lock_sentence() == (
        "Trần Minh Quang đã chốt số liệu kỳ này lúc 12:00 ngày 16/6/2020 cho “Báo cáo quý II”."
    )


def test_reopening_needs_a_reason_and_counts_the_revision_up():
    period, leader = a_period(), make_user("leader")
    period.close(by=leader)

    with pytest.raises(ValidationError):
        period.reopen(by=leader, reason="")
    period.reopen(by=leader, reason="Thiếu số liệu của 3 huyện")

    assert (period.revision, period.status) == (2, "reopened")
    last = period.events.first()
    assert (last.step, last.revision, last.reason) == ("reopened", 2, "Thiếu số liệu của 3 huyện")


@pytest.mark.parametrize("step", ["close", "reopen"])
def test_a_step_is_taken_once(step):
    period, leader = a_period(), make_user("leader")
    period.close(by=leader)
    words = {"reason": "Lại"} if step == "reopen" else {}
    if step == "reopen":
        period.reopen(by=leader, **words)

    with pytest.raises(WrongStep):
        getattr(period, step)(by=leader, **words)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once_do_not_move_two_windows_over_the_same_days():
    june, july, admin = a_period("2020-06"), a_period("2020-07"), make_user("admin")
    june.set_dates(by=admin, expected_version=1, reason="Sớm", ends_on=dt.date(2020, 6, 10))
    moves = [
        (june, {"ends_on": dt.date(2020, 6, 14)}),
        (july, {"starts_on": dt.date(2020, 6, 11)}),
    ]
    refused, barrier = [], threading.Barrier(2)

    def move(period, dates):
        try:
            barrier.wait(timeout=30)
            period.set_dates(by=admin, expected_version=None, reason="Cùng lúc", **dates)
        except ValidationError as refusal:
            refused.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=move, args=one) for one in moves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    june.refresh_from_db()
    july.refresh_from_db()
    assert len(refused) == 1
    assert june.ends_on < july.starts_on
