"""The adoption matrix, keeping lists of named bodies, saying how far one is."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    TODAY,
    make_agency,
    make_document,
    make_mark,
    make_measurement,
    make_part,
    make_roster,
    make_share,
    make_user,
)
from tests.views.adoption import JUNE_5, counted_links, make_adoption, rows_of, text_of
from tracker.figures.coverage import coverages
from tracker.figures.matrix import Tree, matrix
from tracker.figures.navigation import navigation_counts
from tracker.models import Agency, BodyState, Indicator, Roster, RosterBody, RosterMark
from tracker.navigation import menu_for

pytestmark = pytest.mark.django_db

MATRIX = "/ma-tran/"


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def world():
    return make_adoption()


@pytest.fixture
def officer(client):
    user = make_user("officer")
    client.force_login(user)
    return user


def read(user, day=TODAY):
    tree = Tree(user)
    return matrix(tree, tree.choices[0], day, TODAY)


# The matrix


def test_the_page_says_the_goal_the_counts_the_pace_and_each_verdict(client, world, officer):
    page = text_of(client.get(MATRIX))

    assert "Mục tiêu: 4/4 cơ quan đạt cả hai nội dung, hạn 30/6/2020 còn 14 ngày" in page
    assert "NV-2020-900" in page
    assert "Đạt cả hai 1/4 25% miễn 1" in page
    assert "Đạt phần mềm quản lý hồ sơ công việc 2/4 50%" in page
    assert "Chưa đạt nội dung nào 1 cơ quan" in page
    assert "Nhịp cần có 1,5/tuần hiện nay 0,2/tuần" in page
    assert "Huyện ủy Mỹ Lộc Rồi 93% 1/3 Còn chữ ký số 14/6" in page
    assert "Huyện ủy Giao Thủy Chưa 60% – Còn phần mềm quản lý hồ sơ công việc 14/6" in page
    assert "Huyện ủy Ý Yên – – – Chưa đạt chưa báo cáo" in page
    assert "Hội Cựu chiến binh tỉnh – – – Miễn 5/6" in page
    assert "Đạt chữ ký số: Từ 90% chữ ký số." in page


def test_bodies_stand_in_their_groups(client, world, officer):
    response = client.get(MATRIX)

    page = text_of(response)
    assert "Cơ quan tham mưu, giúp việc và đơn vị sự nghiệp của Tỉnh ủy · 1" in page
    assert "Huyện ủy, Thành ủy · 3" in page
    assert "Mặt trận Tổ quốc và các tổ chức chính trị – xã hội · 1" in page
    assert rows_of(response) == [agency.name for agency in world.agencies]


def test_every_number_opens_as_many_rows_as_it_says_and_is_that_of_the_coverage(client, world, officer):
    links = counted_links(client.get(MATRIX))

    opened = {address: len(rows_of(client.get(MATRIX + address))) for address in links}
    found = coverages([world.parent, *world.lists], TODAY)
    assert len(links) == 8
    assert opened == links
    assert links[f"?ct={world.parent.code}&tt=dat"] == found[world.parent.pk].in_use == 1
    assert links[f"?ct={world.parent.code}&tt=chua-dat"] == len(found[world.parent.pk].missing) == 3
    for one in world.lists:
        assert links[f"?ct={world.parent.code}&tt=dat-{one.code}"] == found[one.pk].in_use == 2


def test_a_past_day_keeps_its_day_in_every_address(client, world, officer):
    response = client.get(MATRIX, {"den": "4/6/2020"})

    links = counted_links(response)
    assert "Mục tiêu: 5/5 cơ quan đạt cả hai nội dung" in text_of(response)
    assert all(address.endswith("&den=04/06/2020") for address in links)
    assert {address: len(rows_of(client.get(MATRIX + address))) for address in links} == links
    assert "Đôn đốc 5 cơ quan chưa đạt" not in text_of(response)


def test_one_list_alone_can_be_read(client, world, officer):
    response = client.get(MATRIX, {"ct": world.lists[1].code})

    page = text_of(response)
    assert "Mục tiêu: 4/4 cơ quan đã dùng, hạn 30/6/2020" in page
    assert "Cài đặt" not in page
    assert "Huyện ủy Giao Thủy – Đạt 5/6" in page


def test_a_list_without_criteria_shows_each_state(client, officer):
    used, begun, idle = (make_agency(name=name, code=name) for name in ("AA", "BB", "CC"))
    roster = make_roster(used, begun, idle)
    make_mark(roster.bodies.get(agency=used), since_on=JUNE_5)
    make_mark(roster.bodies.get(agency=begun), "in_progress", JUNE_5)

    page = text_of(client.get(MATRIX))

    assert "AA Đã dùng từ 5/6 Đạt 5/6" in page
    assert "BB Đang làm từ 5/6 Chưa đạt 5/6" in page
    assert "CC Chưa thực hiện Chưa đạt chưa báo cáo" in page


def test_silence_is_judged_by_the_period_in_hand_and_reports_that_wait_count(client, world, officer):
    silent = f"?ct={world.parent.code}&tt=chua-bao-cao"
    before = rows_of(client.get(MATRIX + silent))
    criterion = world.criteria.files
    make_measurement(
        criterion, 40, part=make_part(criterion, world.agencies[3]), period="2020-06", state="submitted"
    )

    after = rows_of(client.get(MATRIX + silent))

    assert before == ["Huyện ủy Ý Yên"]
    assert after == []
    assert "Chưa báo cáo tháng 6: 0" in text_of(client.get(MATRIX))


def test_a_figure_of_the_department_goes_first_and_is_named(client, world, officer):
    files = world.criteria.files
    part = files.parts.get(agency=world.agencies[1])
    make_measurement(files, 88, part=part, period="2020-06", role="verified", by=make_user("officer"))

    page = text_of(client.get(MATRIX))

    assert "Huyện ủy Mỹ Lộc Rồi 88%¹ 1/3" in page
    assert "¹ số Sở kiểm tra" in page
    assert "là số tự báo cáo" in page


def test_another_body_reads_its_own_row_and_no_totals(client, world):
    client.force_login(make_user(agency=world.agencies[1]))

    response = client.get(MATRIX)

    assert rows_of(response) == ["Huyện ủy Mỹ Lộc"]
    assert counted_links(response) == {}
    assert "Huyện ủy Giao Thủy" not in text_of(response)
    assert "Đôn đốc" not in text_of(response)


def test_who_is_on_no_list_reads_so_and_has_no_place_in_the_menu(client, world):
    stranger = make_user()
    client.force_login(stranger)

    page = text_of(client.get(MATRIX))

    places = [
        {
            link.place.url_name
            for _, links in menu_for(user, navigation_counts(user, TODAY)).sections
            for link in links
        }
        for user in (
            stranger,
            make_user(agency=world.agencies[0]),
            make_user("viewer", agency=make_user("admin").agency),
        )
    ]
    assert "Chưa có danh sách cơ quan nào liên quan đến bạn" in page
    assert ["adoption_matrix" in shown for shown in places] == [False, True, True]


def test_a_suggested_list_says_so_and_shows_watchers_the_way(client, world, officer):
    Roster.objects.filter(pk=world.software.pk).update(is_suggested=True)

    response = client.get(MATRIX)

    assert "Danh sách gợi ý, cần xác nhận" in text_of(response)
    assert reverse("roster_edit", args=[world.lists[0].code]) in response.content.decode()


def test_an_empty_list_has_no_share(client, officer):
    make_roster()

    page = text_of(client.get(MATRIX))

    assert "—" in page
    assert "0%" not in page.split("Tỷ lệ")[0]


def test_a_parent_with_a_child_that_is_no_list_is_not_read_as_one(world):
    Indicator.objects.filter(pk=world.lists[1].pk).update(rule="own")

    choices = Tree(make_user("officer")).choices

    assert [choice.indicator for choice in choices] == [world.lists[0]]


@pytest.mark.parametrize(
    "query",
    [
        {"ct": "\x00"},
        {"ct": "CT-1999-001"},
        {"tt": "không có"},
        {"tt": "dat-CT-1999-001"},
        {"den": "30/2/2020"},
        {"den": "17/6/2020"},
        {"den": "9" * 300, "ct": "9" * 300, "tt": "9" * 300},
    ],
)
def test_what_cannot_be_read_is_said_and_everything_is_shown(client, world, officer, query):
    response = client.get(MATRIX, query)

    assert response.status_code == 200
    assert "Một phần bộ lọc không đọc được" in text_of(response)
    assert len(rows_of(response)) == 5


def test_parameters_given_twice_take_the_last(client, world, officer):
    response = client.get(f"{MATRIX}?tt=dat&tt=mien&ct=x&ct={world.parent.code}")

    assert rows_of(response) == ["Hội Cựu chiến binh tỉnh"]


def test_the_page_is_light_and_asks_the_database_little_whatever_the_rows(
    client, world, officer, django_assert_max_num_queries
):
    for place in range(21):
        agency = make_agency(name=f"Huyện ủy số {place}", code=f"Q{place:02}")
        world.software.add(agency)
        world.signature.add(agency)
        for criterion in vars(world.criteria).values():
            ratio = {"numerator": Decimal(1), "denominator": Decimal(3)} if criterion.is_ratio else {}
            make_measurement(
                criterion, None if ratio else 1, part=make_part(criterion, agency), period="2020-06", **ratio
            )
    client.get(MATRIX)

    with django_assert_max_num_queries(10):
        response = client.get(MATRIX)

    assert len(rows_of(response)) == 26
    assert len(response.content) < 60_000


# Keeping a list


def edit(client, roster, step, **fields):
    return client.post(reverse("roster_edit", args=[roster.indicator.code]), {"viec": step} | fields)


def test_a_body_is_added_from_a_day_and_counted_from_then(client, world, officer):
    agency = make_agency(name="Báo Nam Định")

    response = edit(
        client, world.software, "them", agency="bao nam dinh", from_day="10/6/2020", reason="CV 5"
    )

    body = RosterBody.objects.get(agency=agency)
    assert response.status_code == 302
    assert (body.roster, body.valid_from, body.reason) == (world.software, dt.date(2020, 6, 10), "CV 5")
    page = text_of(client.get(response.url))
    assert "Từ 10/6/2020: 5 cơ quan (trước đó 4): thêm Báo Nam Định (CV 5)." in page


def test_the_first_body_begins_the_list(client, officer):
    indicator = make_share(rule=Indicator.Rule.ROSTER)
    agency = make_agency(name="Báo Nam Định")
    address = reverse("roster_edit", args=[indicator.code])
    empty = client.get(address)

    client.post(address, {"viec": "them", "agency": agency.code})

    assert "Danh sách chưa có cơ quan nào" in text_of(empty)
    assert [body.agency for body in Roster.objects.get(indicator=indicator).bodies.all()] == [agency]


def test_a_body_on_the_list_already_or_a_group_is_refused_and_nothing_typed_is_lost(client, world, officer):
    group = make_agency(name="Các huyện ủy", is_group=True)

    again = edit(client, world.software, "them", agency="Huyện ủy Ý Yên", reason="Công văn số 7")
    whole = edit(client, world.software, "them", agency=group.code)

    assert (again.status_code, whole.status_code) == (422, 422)
    assert "Cơ quan này đã có trong danh sách." in text_of(again)
    assert 'value="Công văn số 7"' in again.content.decode()
    assert world.software.bodies.count() == 5


def test_a_body_that_ends_counts_until_its_last_day(client, world, officer):
    body = world.software.bodies.get(agency=world.agencies[3])

    response = edit(client, world.software, "ket-thuc", body=body.pk, on="10/6/2020", reason="Giải thể")

    assert response.status_code == 302
    found = {day: coverages([world.lists[0]], dt.date(2020, 6, day))[world.lists[0].pk] for day in (10, 11)}
    assert (found[10].in_scope, found[11].in_scope) == (4, 3)
    page = text_of(client.get(response.url))
    assert "Hôm nay không tính 1" in page
    assert "đến hết 10/6/2020 Giải thể" in page


def test_bodies_merge_on_a_day_with_a_reason(client, world, officer):
    old = world.software.bodies.filter(agency__in=world.agencies[1:3])
    new = make_agency(name="Huyện ủy Mỹ Giao")

    fields = {"old": [body.pk for body in old], "agency": new.code, "on": "1/7/2020"}
    refused = edit(client, world.software, "hop-nhat", **fields)
    response = edit(client, world.software, "hop-nhat", **fields, reason="QĐ 1-QĐ/TU")

    assert refused.status_code == 422
    assert (
        "Từ 1/7/2020: 3 cơ quan (trước đó 4): Huyện ủy Mỹ Lộc và Huyện ủy Giao Thủy hợp nhất thành "
        "Huyện ủy Mỹ Giao (QĐ 1-QĐ/TU)." in text_of(client.get(response.url))
    )


def test_a_suggested_list_is_confirmed_once(client, world, officer):
    Roster.objects.filter(pk=world.software.pk).update(is_suggested=True)

    first = edit(client, world.software, "chap-nhan")
    second = edit(client, world.software, "chap-nhan")

    world.software.refresh_from_db()
    assert (first.status_code, second.status_code) == (302, 422)
    assert (world.software.is_suggested, world.software.accepted_by) == (False, officer)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"viec": "\x00"},
        {"viec": "ket-thuc", "body": "9" * 40, "on": "x", "reason": "\x00"},
        {"viec": "hop-nhat", "old": ["-1", "abc"], "agency": "9" * 400, "on": "31/2/2020"},
        {"viec": "them", "agency": "a" * 10_000, "from_day": "1/1/0001", "reason": "x" * 10_000},
    ],
)
def test_hostile_changes_are_refused_in_a_sentence(client, world, officer, sent):
    response = client.post(reverse("roster_edit", args=[world.lists[0].code]), sent)

    assert response.status_code == 422
    assert world.software.bodies.count() == 5


def test_a_page_for_an_indicator_that_is_not_counted_from_a_list_does_not_exist(client, world, officer):
    assert client.get(reverse("roster_edit", args=[world.criteria.files.code])).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("officer", 200),
        ("leader", 200),
        ("admin", 403),
        ("viewer", 403),
        ("staff", 403),
        ("agency_head", 403),
    ],
)
def test_only_watchers_keep_lists_and_mark_bodies(client, world, role, status):
    agency = world.agencies[1] if role in {"staff", "agency_head"} else make_user("admin").agency
    client.force_login(make_user(role, agency=agency))
    body = world.software.bodies.get(agency=world.agencies[1])

    found = {
        client.get(address).status_code
        for address in (body.get_absolute_url(), world.software.get_absolute_url())
    }

    assert found == {status}


# Marking a body


def mark(client, body, **fields):
    return client.post(body.get_absolute_url(), {"since_on": "12/6/2020"} | fields)


def test_a_body_in_use_names_its_evidence_and_its_day(client, world, officer):
    body = world.software.bodies.get(agency=world.agencies[3])

    bare = mark(client, body, state="in_use")
    response = mark(client, body, state="in_use", note="Biên bản kiểm tra 12/6")

    said = body.marks.get()
    assert (bare.status_code, response.status_code) == (422, 302)
    assert "Nêu minh chứng" in text_of(bare)
    assert (said.state, said.since_on, said.by) == (BodyState.IN_USE, dt.date(2020, 6, 12), officer)
    assert "Biên bản kiểm tra 12/6" in text_of(client.get(response.url))


def test_an_exemption_needs_reason_and_document(client, world, officer):
    body = world.software.bodies.get(agency=world.agencies[3])
    document = make_document(number="77/STTTT-CNTT")

    bare = mark(client, body, state="exempt", note="Không có mạng")
    response = mark(client, body, state="exempt", note="Không có mạng", document="77/STTTT-CNTT")

    assert (bare.status_code, response.status_code) == (422, 302)
    assert body.marks.get().document == document


def test_a_mark_is_taken_back_by_a_new_one_and_the_history_keeps_both(client, world, officer):
    body = world.software.bodies.get(agency=world.agencies[0])

    mark(client, body, state="not_started", note="Máy chủ hỏng")

    page = text_of(client.get(body.get_absolute_url()))
    assert "Chưa thực hiện từ 12/6/2020" in page
    assert "Đã dùng từ 5/6/2020" in page
    assert coverages([world.lists[0]], TODAY)[world.lists[0].pk].in_use == 1


def test_nobody_marks_their_own_agency(client, world):
    Agency.objects.filter(pk=world.agencies[3].pk).update(bloc="internal")
    client.force_login(make_user("officer", agency=world.agencies[3]))
    body = world.software.bodies.get(agency=world.agencies[3])

    response = mark(client, body, state="in_use", note="Tự đánh giá")

    assert response.status_code == 403
    assert body.marks.count() == 0


@pytest.mark.parametrize(
    "sent",
    [
        {"state": "done"},
        {"state": "in_use", "since_on": "17/6/2020", "note": "Sắp xong"},
        {"state": "in_use", "since_on": "\x00", "note": "\x00"},
        {"state": "in_use", "note": "x" * 100_000},
        {"state": "exempt", "note": "x", "document": "không có văn bản này"},
    ],
)
def test_hostile_marks_are_refused_in_a_sentence(client, world, officer, sent):
    body = world.software.bodies.get(agency=world.agencies[3])

    assert mark(client, body, **sent).status_code == 422
    assert RosterMark.objects.filter(body=body).count() == 0


def test_the_pages_of_a_list_ask_the_database_the_same_for_few_and_for_many_bodies(client, world, officer):
    pages = [
        reverse("roster_edit", args=[world.lists[0].code]),
        f"{reverse('urging_create')}?ct={world.parent.code}",
        MATRIX,
    ]

    def count(address):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    few = [count(address) for address in pages]
    for place in range(8):
        agency = make_agency(name=f"Huyện ủy thứ {place}")
        for roster in (world.software, world.signature):
            make_mark(roster.add(agency), "in_progress", document=make_document())

    assert [count(address) for address in pages] == few
