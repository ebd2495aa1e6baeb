"""What holds work up: who reports it, what it needs, how it is listed, and that the clock goes on."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_completed,
    make_directive,
    make_obstacle,
    make_user,
)
from tests.views.register_year import text_of
from tracker.models import Obstacle, WrongStep

pytestmark = pytest.mark.django_db

MINISTRY = "Bộ Thông tin và Truyền thông"


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def officer(client):
    user = make_user("officer")
    client.force_login(user)
    return user


def words(**changes) -> dict:
    return {
        "description": "Chưa có giấy phép thử nghiệm 5G",
        "cause": "Doanh nghiệp chưa được cấp phép tần số",
        "solver": "",
        "solver_outside": MINISTRY,
        "needed_by": "30/6/2020",
    } | changes


def add(directive) -> str:
    return reverse("obstacle_add", args=[directive.code])


def test_an_obstacle_outside_the_province_is_reported(client, officer):
    directive = make_assignment().directive

    response = client.post(add(directive), words())

    obstacle = Obstacle.objects.get()
    assert response.url == f"{directive.get_absolute_url()}#vuong-mac"
    assert (obstacle.solver_label, obstacle.needed_by) == (MINISTRY, dt.date(2020, 6, 30))
    assert (obstacle.raised_by, obstacle.agency) == (officer, officer.agency)


def test_a_body_of_the_province_is_found_by_its_name(client, officer):
    body = make_agency(name="Sở Xây dựng")

    client.post(add(make_assignment().directive), words(solver="so xay dung", solver_outside=""))

    assert Obstacle.objects.get().solver == body


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"description": ""}, "Việc gì đang vướng"),
        ({"cause": " "}, "Nguyên nhân"),
        ({"solver_outside": ""}, "Ghi đúng một nơi phải giải quyết: trong tỉnh hoặc ngoài tỉnh."),
        ({"solver": "Sở Xây dựng"}, "Ghi đúng một nơi phải giải quyết: trong tỉnh hoặc ngoài tỉnh."),
        ({"solver": "không có", "solver_outside": ""}, "không có"),
        ({"needed_by": ""}, "Ghi ngày cần giải quyết xong."),
        ({"needed_by": "15/6/2020"}, "Chọn hôm nay hoặc ngày sau, trong vòng ba năm."),
        ({"needed_by": "16/6/2030"}, "Chọn hôm nay hoặc ngày sau, trong vòng ba năm."),
        ({"needed_by": "31/6/2020"}, "Không có ngày này"),
        ({"description": "x" * 1001}, "1000"),
        ({"cause": "a\x00b"}, "ký tự"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_lost(client, officer, changes, sentence):
    make_agency(name="Sở Xây dựng")

    response = client.post(add(make_assignment().directive), words(**changes))

    assert response.status_code == 422
    assert sentence.lower() in text_of(response).lower()
    assert "30/6/2020" in response.text or "needed_by" in changes
    assert not Obstacle.objects.exists()


def test_pressing_twice_reports_once(client, officer):
    directive = make_assignment().directive
    data = words(form_token="9b2f2d9e-7c0f-4f3c-9a6a-0d1f6d0a1b2c")

    client.post(add(directive), data)
    client.post(add(directive), data)

    assert Obstacle.objects.count() == 1


# Who

# role | of the lead | of a stranger
WHO = [
    ("staff", 200, 404),
    ("agency_head", 200, 404),
    ("viewer", 403, 404),
    ("officer", 200, 200),
    ("leader", 200, 200),
    ("admin", 403, 403),
]


@pytest.mark.parametrize(("role", "inside", "outside"), WHO)
def test_who_reports_an_obstacle(client, role, inside, outside):
    assignment = make_assignment()
    own = {} if role in {"officer", "leader", "admin"} else {"agency": assignment.agency}

    client.force_login(make_user(role, **own))
    of_the_lead = client.get(add(assignment.directive)).status_code
    client.force_login(make_user(role))
    of_a_stranger = client.get(add(assignment.directive)).status_code

    assert (of_the_lead, of_a_stranger) == (inside, outside)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("staff", 403),
        ("agency_head", 403),
        ("viewer", 403),
        ("officer", 200),
        ("leader", 200),
        ("admin", 403),
    ],
)
def test_who_says_that_it_is_solved(client, role, status):
    assignment = make_assignment()
    obstacle = make_obstacle(assignment.directive)
    own = {} if role in {"officer", "leader", "admin"} else {"agency": assignment.agency}
    client.force_login(make_user(role, **own))

    assert client.get(reverse("obstacle_solve", args=[obstacle.pk])).status_code == status


def test_an_agency_that_had_the_work_before_may_not(client, officer):
    assignment = make_assignment()
    assignment.transfer(by=officer, to=make_agency(), reason="Sáp nhập", today=TODAY)
    client.force_login(make_user(agency=assignment.agency))

    assert client.get(add(assignment.directive)).status_code == 403


def test_closed_work_is_held_up_by_nothing(client, officer):
    directive = make_completed().directive

    response = client.post(add(directive), words())

    assert response.status_code == 302
    assert not Obstacle.objects.exists()
    with pytest.raises(WrongStep):
        make_obstacle(directive)


# On the page of the directive


def test_the_obstacle_stands_beside_the_delay_and_the_clock_goes_on(client, officer):
    directive = make_assignment(due_on=dt.date(2020, 6, 10)).directive
    make_obstacle(directive, needed_by=dt.date(2020, 6, 13), at=NOON)

    text = text_of(client.get(directive.get_absolute_url()))

    assert f"vướng mắc do {MINISTRY} giải quyết, cần trước 13/6" in text
    assert "quá 3 ngày" in text
    assert "quá 6 ngày" in text
    assert "Vướng mắc không làm dừng thời hạn: hạn vẫn tính." in text


def test_a_directive_without_obstacles_offers_to_report_one_to_those_who_may(client, officer):
    directive = make_assignment().directive

    for_the_officer = client.get(directive.get_absolute_url()).text
    client.force_login(make_user("viewer", agency=officer.agency))
    for_a_viewer = client.get(directive.get_absolute_url()).text

    assert add(directive) in for_the_officer
    assert 'id="vuong-mac"' not in for_a_viewer


def test_a_solved_obstacle_says_how(client, officer):
    obstacle = make_obstacle()

    response = client.post(
        reverse("obstacle_solve", args=[obstacle.pk]), {"solution": "Đã có giấy phép số 12/GP-BTTTT"}
    )

    obstacle.refresh_from_db()
    assert response.url == obstacle.get_absolute_url()
    assert (obstacle.solved_by, obstacle.is_solved) == (officer, True)
    assert "Đã có giấy phép số 12/GP-BTTTT" in client.get(obstacle.directive.get_absolute_url()).text


def test_the_second_who_solves_it_is_told(client, officer):
    obstacle = make_obstacle()
    obstacle.solve(by=make_user("officer"), solution="Xong")

    response = client.post(
        reverse("obstacle_solve", args=[obstacle.pk]), {"solution": "Cũng xong"}, follow=True
    )

    assert "Vướng mắc này đã được tháo gỡ." in text_of(response)
    assert Obstacle.objects.get().solution == "Xong"


def test_the_verbs_refuse_what_is_incomplete():
    obstacle = make_obstacle()

    with pytest.raises(ValidationError):
        obstacle.solve(by=make_user("officer"), solution="  ")
    with pytest.raises(ValidationError):
        make_obstacle(solver_outside="")
    with pytest.raises(ValidationError):
        make_obstacle(solver=make_agency())


# The list


def a_list():
    make_obstacle(needed_by=dt.date(2020, 6, 15))
    make_obstacle(needed_by=TODAY)
    make_obstacle(needed_by=dt.date(2020, 7, 1))
    make_obstacle().solve(by=make_user("officer"), solution="Xong")


def test_every_state_counts_the_rows_that_it_opens(client, officer):
    a_list()

    states = client.get("/vuong-mac/").context["states"]

    assert [(state, count) for state, _word, count, _href in states] == [
        ("open", 3),
        ("overdue", 1),
        ("solved", 1),
        ("all", 4),
    ]
    for _state, _word, count, href in states:
        assert client.get(f"/vuong-mac/{href}").context["total"] == count


def test_the_counts_follow_the_other_filters(client, officer):
    a_list()
    one = make_obstacle()

    page = client.get(f"/vuong-mac/?nv={one.directive.code}")

    assert [count for _state, _word, count, _href in page.context["states"]] == [1, 0, 0, 1]


def test_an_agency_reads_the_obstacles_of_its_own_work(client):
    mine = make_assignment()
    make_obstacle(mine.directive)
    make_obstacle()
    client.force_login(make_user(agency=mine.agency))

    assert client.get("/vuong-mac/").context["total"] == 1


@pytest.mark.parametrize("query", ["?tt=x", "?trang=" + "9" * 5000, "?cq=%00", "?nv=" + "x" * 30, "?q=%00"])
def test_an_unreadable_address_is_answered(client, officer, query):
    a_list()

    assert client.get(f"/vuong-mac/{query}").status_code == 200


def test_nothing_holds_work_up(client, officer):
    assert "Không có vướng mắc nào" in text_of(client.get("/vuong-mac/"))


def test_the_number_of_queries_does_not_grow(client, officer):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get("/vuong-mac/")
        return len(found)

    a_list()
    few = queries()
    for _n in range(3):
        a_list()

    assert queries() == few <= 10


def test_an_unknown_obstacle_or_directive_is_not_found(client, officer):
    make_directive()

    assert client.get(reverse("obstacle_solve", args=[10**9])).status_code == 404
    assert client.get(reverse("obstacle_add", args=["NV-2020-999"])).status_code == 404
