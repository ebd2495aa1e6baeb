"""Yearly work on its page: its years with their results, and the button that opens this year."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import TODAY, make_assignment, make_completed, make_report, make_user
from tests.models.test_occurrences import make_yearly, opened
from tests.views.test_directives import detail, text_of
from tracker.models import Directive

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def button(directive):
    return reverse("occurrence_open", args=[directive.code])


def test_an_officer_opens_the_year_and_is_led_to_it(client):
    yearly, officer = make_yearly(), make_user("officer")
    client.force_login(officer)

    page = client.get(detail(yearly))
    done = client.post(button(yearly))

    year = yearly.children.get()
    assert "Mở năm 2020" in text_of(page)
    assert "Chưa mở năm nào." in text_of(page)
    assert done.url == detail(year)
    assert (year.occurrence_year, year.created_by) == (2020, officer)
    assert f"{year.code} là nhiệm vụ của năm 2020." in text_of(client.get(done.url))


def test_pressing_the_button_twice_or_after_somebody_else_opens_one_year(client):
    yearly = make_yearly()
    client.force_login(make_user("leader"))
    form = {"form_token": "7d444840-9dc0-11d1-b245-5ffdce74fad2"}

    answers = [
        client.post(button(yearly), form),
        client.post(button(yearly), form),
        client.post(button(yearly)),
    ]

    year = yearly.children.get()
    assert [answer.url for answer in answers] == [detail(year)] * 3


@pytest.mark.parametrize("role", ["staff", "agency_head", "admin", "viewer"])
def test_nobody_else_opens_a_year_or_is_offered_to(client, role):
    row = make_yearly().assignments.get()
    client.force_login(make_user(role, **({} if role == "admin" else {"agency": row.agency})))

    assert client.post(button(row.directive)).status_code == 403
    assert button(row.directive) not in client.get(detail(row.directive)).content.decode()
    assert not row.directive.children.exists()


def test_yearly_work_of_others_is_not_there(client):
    yearly = make_yearly()
    client.force_login(make_user("staff"))

    assert client.post(button(yearly)).status_code == 404


def test_work_that_is_not_yearly_or_paused_says_so_and_opens_nothing(client):
    plain, paused = make_assignment().directive, make_yearly()
    paused.pause(by=make_user("leader"), reason="Chờ.", review_on=dt.date(2020, 7, 1))
    client.force_login(make_user("officer"))

    told = [text_of(client.post(button(one), follow=True)) for one in (plain, paused)]

    assert "Chỉ nhiệm vụ hằng năm mới có kết quả từng năm." in told[0]
    assert "đang tạm dừng" in told[1]
    assert not Directive.objects.exclude(occurrence_year=None).exists()


def test_the_page_lists_the_years_with_deadline_standing_and_result(client):
    yearly = make_yearly(printed="15/6 hằng năm", on=dt.date(2018, 1, 15))
    done, unfinished = opened(yearly, 2018), opened(yearly, 2019)
    present = opened(yearly, 2020)
    make_completed(done.assignments.get(), on=dt.date(2018, 6, 12))
    make_report(
        unfinished.assignments.get(),
        state="confirmed",
        percent=60,
        done="Đã kiểm tra 6/10 huyện.",
        as_of_on=TODAY,
    )
    client.force_login(make_user("officer"))

    for shown in (yearly, present):
        page = text_of(client.get(detail(shown)))
        panel = page[page.index("Kết quả từng năm") :]

        assert "Năm 2018: " + done.code in panel
        assert "hạn 15/6/2018 · hoàn thành 12/6/2018" in panel
        assert "hạn 15/6/2019 quá 367 ngày · 60% · Đã kiểm tra 6/10 huyện." in panel
        assert f"tiếp tục từ {unfinished.code}, chưa hoàn thành" in panel
        assert f"tiếp tục từ {done.code}" not in panel
        assert panel.index("Năm 2020") < panel.index("Năm 2019") < panel.index("Năm 2018")


def test_the_years_are_told_apart_from_other_parts_and_in_the_timeline(client):
    yearly = make_yearly()
    part = make_assignment(parent=yearly).directive
    year = opened(yearly)
    client.force_login(make_user("officer"))

    response = client.get(detail(yearly))

    assert response.context["dossier"].children == [part]
    assert response.context["dossier"].years == [year]
    assert "Mở nhiệm vụ của năm" in text_of(response)
    assert "Mở năm 2020" not in text_of(response)


def test_yearly_work_is_behind_with_nothing_once_its_year_is_opened(client):
    yearly = make_yearly()
    client.force_login(make_user("officer"))
    before = text_of(client.get(detail(yearly)))

    opened(yearly)
    page = text_of(client.get(detail(yearly)))

    assert ["Chưa báo cáo" in before, "Đã báo cáo trong kỳ" in before] == [True, True]
    assert [words in page for words in ("Chưa báo cáo", "Đã báo cáo trong kỳ", "Đôn đốc 1 cơ quan")] == [
        False
    ] * 3


def test_the_rule_of_a_years_deadline_is_told(client):
    year = opened(make_yearly(printed="15/9 hằng năm"))
    client.force_login(make_user("officer"))

    page = text_of(client.get(detail(year)))

    assert "“15/9 hằng năm” → 15/9/2020" in page
    assert "Hằng năm, trước hết ngày 15/9: mỗi năm một kết quả." in page


def test_many_years_cost_no_more_queries_than_one(client):
    few, many = make_yearly(on=dt.date(2010, 1, 15)), make_yearly(on=dt.date(2010, 1, 15))
    opened(few)
    for number in range(2010, 2021):
        opened(many, number)
    client.force_login(make_user("officer"))
    client.get(detail(few))

    def queries(directive):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(detail(directive))
        return len(seen)

    assert queries(few) == queries(many)
