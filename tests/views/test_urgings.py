"""Urging agencies that are behind: exactly those, on the record, nobody who has reached it meanwhile."""

import datetime as dt
import html
import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    TODAY,
    make_agency,
    make_assignment,
    make_mark,
    make_report,
    make_urging,
    make_user,
)
from tests.views.adoption import make_adoption, text_of
from tracker.models import CalendarDay, Urging

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def world():
    found = make_adoption()
    for agency in found.agencies:
        make_user(agency=agency)
    return found


@pytest.fixture
def officer(client):
    user = make_user("officer", full_name="Trần Minh Quang")
    client.force_login(user)
    return user


def preview(world):
    return f"{reverse('urging_create')}?ct={world.parent.code}"


def send(client, world, to=None, **fields):
    chosen = [agency.pk for agency in (world.agencies[1:4] if to is None else to)]
    content = {
        "agencies": chosen,
        "grade": "remind",
        "reason": "Hạn 30/6 còn 14 ngày.",
        "answer_due_on": "19/6/2020",
    }
    return client.post(preview(world), content | fields)


def test_the_preview_shows_exactly_who_gets_what(client, world, officer):
    page = text_of(client.get(preview(world)))

    assert "Đôn đốc cơ quan nào, về việc gì 3" in page
    assert "Huyện ủy Mỹ Lộc Chữ ký số: Lãnh đạo: 1/3 (cần 100%) chưa 14/6" in page
    assert (
        "Huyện ủy Giao Thủy Phần mềm quản lý hồ sơ công việc: Cài đặt: chưa; Hồ sơ: 60% (cần ≥ 90%) chưa 14/6"
        in page
    )
    assert (
        "Huyện ủy Ý Yên Phần mềm quản lý hồ sơ công việc: Cài đặt: chưa có số liệu; Hồ sơ: chưa có số liệu "
        "(cần ≥ 90%) Chữ ký số: Lãnh đạo: chưa có số liệu (cần 100%) chưa chưa báo cáo" in page
    )
    assert "Không đôn đốc: không chậm 2 Văn phòng Tỉnh ủy: Đạt cả hai Hội Cựu chiến binh tỉnh: Miễn" in page


def test_the_button_of_the_matrix_counts_those_in_the_preview(client, world, officer):
    matrix = client.get(reverse("adoption_matrix"))

    assert "Đôn đốc 3 cơ quan chưa đạt" in text_of(matrix)
    assert f"{preview(world)}" in matrix.content.decode()


def test_what_is_sent_is_on_the_record(client, world, officer):
    response = send(client, world)

    urging = Urging.objects.get()
    assert (urging.by, urging.answer_due_on, urging.reason) == (
        officer,
        dt.date(2020, 6, 19),
        "Hạn 30/6 còn 14 ngày.",
    )
    assert list(urging.indicators.order_by("pk")) == world.lists
    assert {one.pk for one in urging.directives.all()} == {one.directive_id for one in world.lists}
    assert [one.agency for one in urging.recipients.all()] == world.agencies[1:4]
    page = text_of(client.get(response.url))
    assert "Đã đôn đốc 3 cơ quan." in page
    assert "Huyện ủy Mỹ Lộc chưa mở Chữ ký số: Lãnh đạo: 1/3 (cần 100%) Chưa đạt" in page
    assert "trả lời trước 19/6/2020 còn 3 ngày" in page
    assert "16/6/2020" in text_of(client.get(reverse("urging_list")))


def test_only_what_the_chosen_agencies_lack_is_urged(client, world, officer):
    send(client, world, [world.agencies[1]])

    urging = Urging.objects.get()
    assert list(urging.indicators.all()) == [world.lists[1]]
    assert urging.recipients.count() == 1


def test_who_has_reached_it_meanwhile_falls_out_and_is_named(client, world, officer):
    client.get(preview(world))
    make_mark(world.signature.bodies.get(agency=world.agencies[1]))

    response = send(client, world)

    assert [one.agency for one in Urging.objects.get().recipients.all()] == world.agencies[2:4]
    page = text_of(client.get(response.url))
    assert "Đã đôn đốc 2 cơ quan." in page
    assert "Đã đạt trong lúc đó nên không đôn đốc: Huyện ủy Mỹ Lộc." in page


def test_nobody_is_urged_when_everybody_chosen_has_reached_it(client, world, officer):
    make_mark(world.signature.bodies.get(agency=world.agencies[1]))

    response = send(client, world, [world.agencies[1]])

    assert response.status_code == 422
    assert "Không còn cơ quan nào chưa đạt: không đôn đốc ai." in text_of(response)
    assert not Urging.objects.exists()


def test_the_same_form_sent_twice_urges_once(client, world, officer):
    token = "6f1c2d0e-1111-4222-8333-444455556666"

    first = send(client, world, form_token=token)
    second = send(client, world, form_token=token)

    assert first.url == second.url
    assert Urging.objects.count() == 1


def test_when_all_are_in_use_there_is_nobody_to_urge(client, world, officer):
    for roster in (world.software, world.signature):
        for body in roster.bodies.all():
            make_mark(body)

    page = text_of(client.get(preview(world)))

    assert "Không còn cơ quan nào chưa đạt" in page
    assert "Đôn đốc" not in text_of(client.get(reverse("adoption_matrix")))


@pytest.mark.parametrize("query", ["", "ct=", "nv=", "cham=", "x=1"])
def test_an_address_that_names_nobody_leads_to_the_register_with_a_sentence(client, world, officer, query):
    response = client.get(f"{reverse('urging_create')}?{query}", follow=True)

    assert response.redirect_chain == [(reverse("directive_list"), 302)]
    assert "Chưa chọn ai để đôn đốc." in text_of(response)


@pytest.mark.parametrize(
    "query",
    [
        "nv=999999",
        "nv=x",
        "nv=" + "9" * 40,
        "nv=%00",
        "cham=1&ky=2020-13",
        "ct=x",
        "ct=%00",
        "ct=" + "9" * 40,
    ],
)
def test_what_the_address_cannot_mean_is_not_found(client, officer, query):
    assert client.get(f"{reverse('urging_create')}?{query}").status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"agencies": []},
        {"agencies": ["0", "-1", "x", "9" * 40]},
        {"grade": ""},
        {"grade": "fire"},
        {"grade": "criticise"},
        {"grade": "explain", "answer_due_on": ""},
        {"document": "không có văn bản nào như thế"},
        {"reason": ""},
        {"reason": "x\x00"},
        {"reason": "x" * 10_000},
        {"answer_due_on": "15/6/2020"},
        {"answer_due_on": "31/6/2020"},
    ],
)
def test_hostile_or_unfinished_input_is_refused_and_kept(client, world, officer, fields):
    response = send(client, world, **fields)

    assert response.status_code == 422
    assert not Urging.objects.exists()
    if "reason" not in fields:
        assert "Hạn 30/6 còn 14 ngày." in response.content.decode()


def test_what_was_ticked_stays_ticked_after_a_refusal(client, world, officer):
    response = send(client, world, [world.agencies[2]], reason="")

    page = response.content.decode()
    assert response.context["form"].ticked == {str(world.agencies[2].pk)}
    assert page.count('name="agencies"') == 3
    assert f'value="{world.agencies[2].pk}" checked' in page


# Who reads it


def test_an_urged_agency_reads_its_own_line_only(client, world, officer):
    address = send(client, world).url
    client.force_login(make_user(agency=world.agencies[1]))

    page = text_of(client.get(address))

    assert "Cơ quan được đôn đốc 1" in page
    assert "Chữ ký số: Lãnh đạo: 1/3" in page
    assert "Huyện ủy Giao Thủy" not in page


def test_an_agency_that_was_not_urged_finds_nothing(client, world, officer):
    address = send(client, world).url
    client.force_login(make_user(agency=world.agencies[0]))

    assert client.get(address).status_code == 404
    assert "Cơ quan bạn chưa bị đôn đốc" in text_of(client.get(reverse("urging_list")))


def test_the_urged_agency_sees_it_where_it_works_until_it_has_reached_it(client, world, officer):
    send(client, world)
    client.force_login(make_user(agency=world.agencies[1]))

    before = text_of(client.get(reverse("my_work")))
    Urging.objects.get().recipients.get(agency=world.agencies[1]).reply(
        by=make_user(agency=world.agencies[1]), answer="Đã đủ chứng thư số."
    )
    make_mark(world.signature.bodies.get(agency=world.agencies[1]))
    after = text_of(client.get(reverse("my_work")))

    assert "Nhắc việc: Đôn đốc của Trần Minh Quang, 16/6 · trả lời trước 19/6 còn 3 ngày" in before
    assert "Chữ ký số: Lãnh đạo: 1/3 (cần 100%)" in before
    assert "Đôn đốc" not in after


def test_the_directive_s_page_shows_what_was_urged(client, world, officer):
    send(client, world)
    directive = world.lists[1].directive

    page = text_of(client.get(directive.get_absolute_url()))

    assert "Nhắc việc : Đã đôn đốc 3 cơ quan" in page


@pytest.mark.parametrize(
    ("role", "status"),
    [("leader", 200), ("admin", 403), ("viewer", 403), ("staff", 403), ("agency_head", 403)],
)
def test_only_watchers_urge(client, world, role, status):
    agency = world.agencies[1] if role in {"staff", "agency_head"} else make_user("admin").agency
    client.force_login(make_user(role, agency=agency))

    assert client.get(preview(world)).status_code == status


# From the register and from one directive


MAY_31 = dt.date(2020, 5, 31)


def of_directives(*directives, **more):
    return (
        f"{reverse('urging_create')}?{urlencode({'nv': [one.pk for one in directives], **more}, doseq=True)}"
    )


def led_by(name, **fields):
    """A directive led by a new agency in which somebody works."""
    agency = make_agency(name=name)
    make_user(agency=agency)
    return make_assignment(agency, **fields)


def previewed(client, address):
    """Agency → the words it would read."""
    return {row.agency.name: row.told for row in client.get(address).context["preview"].behind}


def test_of_ticked_directives_each_agency_that_is_behind_gets_its_own_work(client, officer):
    late = led_by("UBND huyện Ý Yên", due_on=MAY_31, status="in_progress", title="Rà soát thuê bao")
    also = led_by("Sở Nội vụ", due_on=dt.date(2020, 6, 19), status="in_progress", title="Tập huấn")
    also.directive.assign(by=officer, cooperating=[late.agency], today=dt.date(2020, 6, 15))
    calm = led_by("Sở Tài chính", due_on=dt.date(2020, 12, 20), status="in_progress")
    other = led_by("Công an tỉnh", due_on=MAY_31)

    page = client.get(of_directives(late.directive, also.directive, calm.directive))

    assert {row.agency.name: row.told for row in page.context["preview"].behind} == {
        "UBND huyện Ý Yên": [
            f"{late.directive.code} Rà soát thuê bao: quá 16 ngày (hạn 31/5/2020)",
            f"{also.directive.code} Tập huấn: còn 3 ngày (hạn 19/6/2020), chưa báo cáo trong kỳ",
        ],
        "Sở Nội vụ": [f"{also.directive.code} Tập huấn: còn 3 ngày (hạn 19/6/2020), chưa báo cáo trong kỳ"],
    }
    assert "Sở Tài chính: trong hạn" in text_of(page)
    assert other.agency.name not in text_of(page)


def test_what_was_previewed_is_what_is_sent(client, officer):
    late = led_by("UBND huyện Ý Yên", due_on=MAY_31, status="in_progress")
    two = led_by("Sở Nội vụ", due_on=MAY_31, status="in_progress")
    address = of_directives(late.directive, two.directive, loc="?tt=late")
    shown = previewed(client, address)

    sent = {
        "agencies": [late.agency.pk, two.agency.pk],
        "grade": "letter",
        "reason": "Quá hạn.",
        "answer_due_on": "",
    }
    client.post(address, sent)

    urging = Urging.objects.get()
    assert {one.agency.name: [one.lacks] for one in urging.recipients.all()} == shown
    assert [list(one.assignments.all()) for one in urging.recipients.order_by("agency__name")] == [
        [two],
        [late],
    ]
    assert set(urging.directives.all()) == {late.directive, two.directive}
    assert (urging.grade, urging.answer_due_on) == ("letter", None)


def test_who_reported_meanwhile_falls_out_and_is_named(client, officer):
    quick = led_by("Sở Nội vụ", due_on=dt.date(2020, 6, 19), status="in_progress")
    slow = led_by("UBND huyện Ý Yên", due_on=MAY_31, status="in_progress")
    moved = led_by("Sở Y tế", due_on=MAY_31, status="in_progress")
    address = of_directives(quick.directive, slow.directive, moved.directive)
    assert set(previewed(client, address)) == {"Sở Nội vụ", "UBND huyện Ý Yên", "Sở Y tế"}

    make_report(quick, state="submitted")
    moved.transfer(by=officer, to=make_agency(), reason="Chuyển việc", today=TODAY)
    chosen = [one.agency.pk for one in (quick, slow, moved)]
    response = client.post(
        address, {"agencies": chosen, "grade": "remind", "reason": "Quá hạn.", "answer_due_on": ""}
    )

    assert [one.agency for one in Urging.objects.get().recipients.all()] == [slow.agency]
    assert "Đã đạt trong lúc đó nên không đôn đốc: Sở Nội vụ và Sở Y tế." in text_of(client.get(response.url))


def test_work_that_waits_for_the_department_is_shown_and_not_ticked(client, officer):
    done = led_by("Sở Nội vụ", due_on=MAY_31, status="in_progress")
    make_report(
        done, state="submitted", claim="completed", percent=100, completed_on=TODAY, output_document="1/BC"
    )

    page = client.get(of_directives(done.directive))

    assert "đã báo cáo hoàn thành, chờ xác nhận" in text_of(page)
    assert page.context["form"].ticked == set()
    assert page.content.decode().count(" checked") == 1  # the grade


def test_an_agency_in_which_nobody_can_report_is_flagged(client, officer):
    late = make_assignment(make_agency(name="Sở Cũ"), due_on=MAY_31)

    page = text_of(client.get(of_directives(late.directive)))

    assert "Sở Cũ cơ quan không còn người báo cáo" in page


def test_earlier_urgings_about_the_same_are_counted_and_the_next_grade_is_suggested(client, officer):
    late = led_by("Sở Nội vụ", due_on=MAY_31, status="in_progress")
    other = make_assignment(late.agency, due_on=MAY_31, status="in_progress")
    for on, about in ((9, late), (11, late), (12, other)):
        make_urging(late.agency, about=[about], by=officer, at=dt.datetime(2020, 6, on, 3, tzinfo=dt.UTC))

    page = text_of(client.get(of_directives(late.directive)))

    assert "đã nhắc 2 lần, lần cuối 11/6" in page
    assert "1 cơ quan đã được nhắc từ 2 lần trở lên về cùng việc: mức tiếp theo là “Công văn đôn đốc”" in page


def test_one_directive_is_urged_about_its_work_and_about_its_lists(client, world, officer):
    directive = world.lists[1].directive

    found = previewed(client, of_directives(directive))

    assert found["Huyện ủy Mỹ Lộc"][-1] == "Chữ ký số: Lãnh đạo: 1/3 (cần 100%)"
    assert all("Phần mềm" not in words for words in found["Huyện ủy Ý Yên"])


def test_the_button_of_a_directive_counts_those_in_the_preview(client, world, officer):
    for directive in (world.lists[0].directive, led_by("Sở Nội vụ", due_on=MAY_31).directive):
        behind = len(previewed(client, of_directives(directive)))

        page = client.get(directive.get_absolute_url())

        assert f"Đôn đốc {behind} cơ quan chưa đạt" in text_of(page)
        assert f'btn-primary" href="{of_directives(directive)}"' in page.content.decode()


@pytest.mark.parametrize("role", ["admin", "viewer", "staff"])
def test_nobody_else_is_offered_to_urge_on_the_page_of_a_directive(client, role):
    late = make_assignment(due_on=MAY_31)
    agency = late.agency if role == "staff" else make_user("officer").agency
    client.force_login(make_user(role, agency=agency))

    assert "urging_create" not in client.get(late.directive.get_absolute_url()).content.decode()
    assert "Đôn đốc" not in text_of(client.get(late.directive.get_absolute_url()))


def test_nothing_ticked_leads_back_to_the_filtered_register(client, officer):
    response = client.get(f"{reverse('urging_create')}?{urlencode({'loc': '?tt=late&trang=2'})}")

    assert response.url == f"{reverse('directive_list')}?tt=late&trang=2"
    assert "Chưa đánh dấu nhiệm vụ nào" in text_of(client.get(reverse("directive_list")))


def test_more_than_two_hundred_directives_at_once_are_refused(client, officer):
    response = client.get(f"{reverse('urging_create')}?{urlencode({'nv': range(1, 202)}, doseq=True)}")

    assert response.url == reverse("directive_list")


def test_the_register_offers_boxes_to_those_who_may_use_them(client, officer):
    late = make_assignment(due_on=MAY_31)
    box = f'name="nv" value="{late.directive.pk}"'

    mine = client.get(reverse("directive_list")).content.decode()
    past = client.get(f"{reverse('directive_list')}?den=1/6/2020").content.decode()
    client.force_login(make_user(agency=late.agency))
    theirs = client.get(reverse("directive_list")).content.decode()

    assert [box in page for page in (mine, past, theirs)] == [True, False, False]
    assert "Đổi hạn" in mine


def test_a_leader_urges_from_the_register_and_corrects_no_deadline_there(client):
    make_assignment(due_on=MAY_31)
    client.force_login(make_user("leader"))

    page = client.get(reverse("directive_list")).content.decode()

    assert reverse("urging_create") in page
    assert reverse("deadline_correct_many") not in page


# From the overview


@pytest.mark.parametrize("period", ["2020", "2020-q2", "2020-05"])
def test_button_preview_and_list_of_overdue_agencies_agree(client, period):
    for due_on in (MAY_31, dt.date(2020, 6, 15), dt.date(2020, 6, 30)):
        for _number in range(2):
            make_assignment(due_on=due_on, status="in_progress")
    client.force_login(make_user("leader"))

    overview = client.get(f"{reverse('overview')}?ky={period}").content.decode()
    address, number = re.search(r'href="(/don-doc/soan/[^"]+)" data-count="(\d+)"', overview).groups()
    shown = client.get(html.unescape(address)).context["preview"].behind
    listed = client.get(f"{reverse('assignment_list')}?ky={period}&tt=late").context["table"].records

    assert int(number) == len(shown) == len({row.agency_id for row in listed}) > 0
    assert {row.agency for row in shown} == {row.agency for row in listed}


def test_on_a_past_day_nobody_is_reminded(client):
    make_assignment(due_on=MAY_31)
    client.force_login(make_user("leader"))

    assert "/don-doc/soan/" not in client.get(f"{reverse('overview')}?den=10/6/2020").content.decode()


@pytest.mark.parametrize("origin", ["nv", "cham"])
def test_a_preview_takes_as_many_queries_for_many_as_for_one(client, officer, origin):
    def queries(directives):
        address = of_directives(*directives) if origin == "nv" else f"{reverse('urging_create')}?cham=1"
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    work = [make_assignment(due_on=MAY_31, status="in_progress").directive]
    one = queries(work)
    for _number in range(11):
        work.append(make_assignment(due_on=MAY_31, status="in_progress").directive)

    assert queries(work) == one <= 16


# The grades


@pytest.mark.parametrize(
    ("role", "grade", "status"),
    [
        ("officer", "explain", 302),
        ("officer", "criticise", 422),
        ("officer", "call_to_account", 422),
        ("leader", "criticise", 302),
        ("leader", "call_to_account", 302),
    ],
)
def test_criticism_is_a_leader_s(client, role, grade, status):
    late = led_by("Sở Nội vụ", due_on=MAY_31, status="in_progress")
    client.force_login(make_user(role))

    response = client.post(
        of_directives(late.directive),
        {"agencies": [late.agency.pk], "grade": grade, "reason": "Quá hạn.", "answer_due_on": "19/6/2020"},
    )

    assert response.status_code == status
    assert Urging.objects.count() == (status == 302)
    if status == 422:
        assert "Chỉ lãnh đạo được phê bình hoặc yêu cầu kiểm điểm cơ quan." in text_of(response)


def test_the_answer_is_proposed_three_working_days_ahead(client, officer):
    late = make_assignment(due_on=MAY_31)
    CalendarDay.objects.create(day=dt.date(2020, 6, 18), kind="off", name="Nghỉ")

    page = client.get(of_directives(late.directive)).content.decode()

    assert 'value="22/6/2020"' in page
    assert page.count(" disabled") == 2
    assert "Chỉ lãnh đạo Sở được chọn mức này" in page
    assert "Gửi rồi không thu lại được." in page
