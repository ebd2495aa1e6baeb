"""The administrator's pages about users: the list, accounts, locks, passwords, the hand-over of work."""

import datetime as dt
import re
import threading

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import PASSWORD, make_agency, make_assignment, make_department, make_user
from tracker.models import AccountLink, AccountPause, User, UserHistory, WrongStep

pytestmark = pytest.mark.django_db
LIST = "/nguoi-dung/"
VISIT = timezone.now()


@pytest.fixture
def admin(client):
    user = make_user("admin", full_name="Đỗ Văn Lâm")
    client.force_login(user)
    return user


def page_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def names_in(response):
    return re.findall(r'class="row-title"[^>]*>([^<]+)<', response.content.decode())


def total(response):
    return int(re.search(r'data-total="(\d+)"', response.content.decode())[1])


def account(**fields):
    values = {
        "full_name": "Nguyễn Thu Hà",
        "position": "",
        "email": "",
        "phone": "",
        "agency": make_department().name,
        "role": "officer",
    }
    return values | fields


# The list


def test_the_list_is_sorted_by_given_name_in_the_vietnamese_alphabet(client, admin):
    for name in ("Vũ Đức Hòa", "Lê Ân", "Nguyễn Thu Hà", "Trần Đăng", "Bùi Dung"):
        make_user(full_name=name, last_login=VISIT)

    response = client.get(LIST)

    assert names_in(response) == [
        "Lê Ân",
        "Bùi Dung",
        "Trần Đăng",
        "Nguyễn Thu Hà",
        "Vũ Đức Hòa",
        "Đỗ Văn Lâm",
    ]


def test_each_tab_lists_as_many_accounts_as_it_counts(client, admin):
    now = timezone.now()
    for _number in range(2):
        make_user(last_login=now)
    make_user(last_login=now - dt.timedelta(days=91), created_at=now - dt.timedelta(days=99))
    for _number in range(3):
        make_user()
    make_user(is_active=False)

    tabs = dict(
        re.findall(
            r'href="\?xem=([a-z0-9-]+)"[^>]*>[^<]+<span class="n">(\d+)<', client.get(LIST).content.decode()
        )
    )

    assert tabs == {
        "dang-dung": "4",
        "chua-kich-hoat": "3",
        "da-khoa": "1",
        "khong-dung": "1",
        "can-ra-soat": "0",
    }
    for view, count in tabs.items():
        assert total(client.get(LIST, {"xem": view})) == int(count)


def test_the_number_of_accounts_opens_all_of_them(client, admin):
    make_user()
    make_user(is_active=False)

    page = page_of(client.get(LIST))

    assert "3 tài khoản" in page
    assert total(client.get(LIST, {"xem": "tat-ca"})) == 3


@pytest.mark.parametrize("typed", ["thu ha", "NGUYEN THU HÀ", "ha.nt", "ha.nt@namdinh"])
def test_search_without_accents_by_name_account_and_mail(client, admin, typed):
    make_user(full_name="Nguyễn Thu Hà", username="ha.nt", email="ha.nt@namdinh.gov.vn", last_login=VISIT)
    make_user(full_name="Bùi Thị Mai", last_login=VISIT)

    response = client.get(LIST, {"q": typed})

    assert names_in(response) == ["Nguyễn Thu Hà"]


def test_filter_by_agency_and_role(client, admin):
    agency = make_agency(code="H05")
    make_user("agency_head", agency=agency, full_name="Phạm Hùng", last_login=VISIT)
    make_user("staff", agency=agency, last_login=VISIT)
    make_user("agency_head", last_login=VISIT)

    response = client.get(LIST, {"cq": "H05", "vt": "agency_head"})

    assert names_in(response) == ["Phạm Hùng"]


@pytest.mark.parametrize("query", ["cq=XX", "vt=xx", "q=a%00b"])
def test_a_condition_that_cannot_be_read_is_left_out_and_said(client, admin, query):
    response = client.get(f"{LIST}?{query}")

    assert names_in(response) == ["Đỗ Văn Lâm"]
    assert "Có điều kiện trong địa chỉ không đọc được nên đã bỏ qua." in page_of(response)


def test_twenty_five_a_page_and_absurd_pages_become_the_nearest(client, admin):
    for _number in range(29):
        make_user(last_login=VISIT)

    assert len(names_in(client.get(LIST))) == 25
    assert len(names_in(client.get(LIST, {"trang": "999999"}))) == 5
    assert len(names_in(client.get(LIST, {"trang": "x"}))) == 25


def test_a_long_list_costs_no_more_queries_than_a_short_one(client, admin):
    make_user(last_login=VISIT)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _number in range(29):
        make_user(last_login=VISIT)

    with CaptureQueriesContext(connection) as many:
        response = client.get(LIST)

    assert len(many) == len(few)
    assert len(many) <= 12
    assert len(response.content) <= 60_000


def test_agencies_that_nobody_reports_for_stand_on_top(client, admin):
    deserted = make_agency(name="Hội Nông dân tỉnh")
    make_assignment(deserted)
    make_assignment(deserted)
    make_user(agency=deserted, is_active=False)
    make_user("viewer", agency=deserted)
    cared_for = make_assignment().agency
    make_user(agency=cared_for)

    page = page_of(client.get(LIST))

    assert "1 cơ quan không còn người báo cáo" in page
    assert "Hội Nông dân tỉnh : tài khoản đã khoá hoặc chưa có, 2 việc đang không ai nhận." in page.replace(
        "tỉnh:", "tỉnh :"
    )
    assert total(client.get("/co-quan/", {"xem": "khong-nguoi"})) == 1


def test_htmx_gets_the_results_alone(client, admin):
    response = client.get(LIST, headers={"HX-Request": "true"})

    assert "<html" not in response.content.decode()
    assert names_in(response) == ["Đỗ Văn Lâm"]


# A new account


def test_a_new_account_gets_its_name_and_a_link_that_is_shown_once(client, admin):
    agency = make_agency(name="Huyện ủy Hải Hậu")

    response = client.post(reverse("user_create"), account(agency="huyen uy hai hau", role="staff"))

    person = User.objects.get(username="ha.nt")
    assert response.url == reverse("user_edit", args=[person.pk])
    assert (person.agency, person.role, person.must_change_password) == (agency, "staff", True)
    first, second = client.get(response.url), client.get(response.url)
    link = person.links.get()
    assert (link.purpose, link.made_by) == ("invite", admin)
    assert link.url in first.content.decode()
    assert link.token not in second.content.decode()


@pytest.mark.parametrize(("email", "mailed"), [("ha.nt@namdinh.gov.vn", True), ("", False)])
def test_with_mail_the_invitation_goes_to_whoever_has_an_address(client, admin, settings, email, mailed):
    settings.MAIL_IS_ON = True

    response = client.post(reverse("user_create"), account(email=email))

    link = User.objects.get(username="ha.nt").links.get()
    assert link.mail.exists() == mailed
    assert (link.token in client.get(response.url).content.decode()) != mailed


def test_namesakes_get_a_number(client, admin):
    make_user(username="Ha.NT")

    client.post(reverse("user_create"), account())

    assert User.objects.filter(username="ha.nt2").exists()


def test_the_same_form_sent_twice_makes_one_account(client, admin):
    data = account(form_token="5b0a2c26-1f1c-4d6e-9b4f-2f1d3c7b8a90")

    first = client.post(reverse("user_create"), data)
    second = client.post(reverse("user_create"), data)

    assert first.url == second.url
    assert User.objects.filter(full_name="Nguyễn Thu Hà").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("full_name", "", "Điền “Họ và tên”."),
        ("full_name", "Ha\u202enoi", "Nội dung có ký tự ẩn không hợp lệ."),
        ("role", "", "Chọn một vai trò."),
        ("role", "king", "king"),
        ("email", "a@", "Nhập địa chỉ email."),
        ("agency", "xyz", "“xyz”"),
        ("username", "hà nt", "Dùng chữ không dấu, số, dấu chấm và gạch nối."),
    ],
)
def test_what_cannot_be_an_account_is_said_and_the_input_stays(client, admin, field, value, sentence):
    before = User.objects.count()

    response = client.post(reverse("user_create"), account(position="Trưởng phòng", **{field: value}))

    assert response.status_code == 422
    assert User.objects.count() == before
    assert 'value="Trưởng phòng"' in response.content.decode()
    assert "Lỗi: " in response.content.decode()
    assert response.context["form"].errors.keys() == {field}
    assert sentence in page_of(response)


def test_an_agency_name_that_fits_several_asks_which(client, admin):
    make_agency(name="Huyện ủy Hải Hậu")
    make_agency(name="UBND huyện Hải Hậu")

    response = client.post(reverse("user_create"), account(agency="hai hau"))

    assert response.status_code == 422
    assert "UBND huyện Hải Hậu" in str(response.context["form"].errors["agency"])


def test_the_name_suggests_the_account_and_the_link_brings_the_agency(client, admin):
    agency = make_agency(name="Huyện ủy Vụ Bản", code="P07")

    page = client.get(
        reverse("user_create"), {"full_name": "Bùi Thị Mai", "cq": agency.code}
    ).content.decode()

    assert 'value="mai.bt"' in page
    assert 'value="Huyện ủy Vụ Bản"' in page


@pytest.mark.parametrize(
    ("role", "may", "may_not"), [("staff", 15, 45), ("officer", 44, 16), ("viewer", 2, 58)]
)
def test_beside_the_form_stands_what_the_role_may_do(client, admin, role, may, may_not):
    page = client.get(reverse("user_create"), {"role": role}).content.decode()

    part = page[page.index('id="vai-tro-lam-duoc"') :]
    assert (part.count("ck-ok"), part.count("ic faint")) == (may, may_not)


# Changing an account


def test_the_form_shows_what_is_stored(client, admin):
    person = make_user(full_name="Nguyễn Thu Hà", agency=make_agency(name="Huyện ủy Hải Hậu"))

    page = client.get(person.get_absolute_url()).content.decode()

    for value in ("Nguyễn Thu Hà", "Huyện ủy Hải Hậu", person.username):
        assert f'value="{value}"' in page


def test_an_edit_is_saved_and_stands_in_the_journal(client, admin):
    old, new = make_agency(name="UBND huyện"), make_agency(name="Huyện ủy Hải Hậu")
    person = make_user(full_name="Nguyễn Thu Hà", agency=old, username="ha.nt")

    response = client.post(
        person.get_absolute_url(),
        account(agency=new.name, role="staff", username="ha.nt", version=person.version),
    )

    person.refresh_from_db()
    assert response.status_code == 302
    assert person.agency == new
    page = page_of(client.get(person.get_absolute_url()))
    assert "Cơ quan: UBND huyện → Huyện ủy Hải Hậu Đỗ Văn Lâm" in page


def test_the_second_of_two_administrators_sees_both_versions(client, admin):
    person = make_user(full_name="Nguyễn Thu Hà", username="ha.nt")
    read = person.version
    person.edit_account(by=admin, expected_version=read, position="Chánh Văn phòng")

    mine = account(
        agency=person.agency.name, role="staff", username="ha.nt", position="Phó phòng", version=read
    )
    response = client.post(person.get_absolute_url(), mine)

    person.refresh_from_db()
    assert response.status_code == 409
    assert person.position == "Chánh Văn phòng"
    page = page_of(response)
    assert "Chánh Văn phòng Phó phòng" in page
    again = client.post(person.get_absolute_url(), mine | {"version": person.version})
    person.refresh_from_db()
    assert (again.status_code, person.position) == (302, "Phó phòng")


def test_whoever_changes_agency_with_work_in_hand_is_asked_about_the_work(client, admin):
    assignment = make_assignment()
    person = make_user(agency=assignment.agency, username="ha.nt")
    assignment.put_in_charge(by=admin, person=person)

    response = client.post(
        person.get_absolute_url(), account(role="staff", username="ha.nt", version=person.version)
    )

    assert response.url == reverse("user_move_work", args=[person.pk])


def test_the_last_administrator_stays_administrator(client, admin):
    response = client.post(
        admin.get_absolute_url(),
        account(full_name=admin.full_name, username=admin.username, role="officer", version=admin.version),
    )

    admin.refresh_from_db()
    assert response.status_code == 422
    assert admin.role == "admin"
    assert "Đây là quản trị viên cuối cùng đang dùng" in page_of(response)


# Locks and passwords


def test_a_locked_person_is_out_at_once_and_the_reason_stays(client, admin):
    person = make_user(full_name="Mai Văn Tùng")
    theirs = Client()
    theirs.force_login(person)

    client.post(reverse("user_lock", args=[person.pk]), {"reason": "Chuyển công tác từ 1/6/2020"})

    person.refresh_from_db()
    assert not person.is_active
    assert theirs.get("/viec-cua-toi/").url.startswith("/dang-nhap/")
    page = page_of(client.get(person.get_absolute_url()))
    assert "đang dùng → đã khoá – “Chuyển công tác từ 1/6/2020” Đỗ Văn Lâm" in page
    assert (
        UserHistory.objects.filter(pgh_obj=person).latest("pgh_id").pgh_context["reason"].startswith("Chuyển")
    )


def test_a_lock_needs_a_reason(client, admin):
    person = make_user()

    response = client.post(reverse("user_lock", args=[person.pk]), {"reason": " "})

    person.refresh_from_db()
    assert response.status_code == 422
    assert person.is_active
    assert "Ghi lý do khoá tài khoản." in page_of(response)


def test_nobody_locks_their_own_account(client, admin):
    make_user("admin")

    response = client.post(reverse("user_lock", args=[admin.pk]), {"reason": "Thử"})

    admin.refresh_from_db()
    assert response.status_code == 403
    assert admin.is_active
    with pytest.raises(WrongStep):
        admin.lock(by=admin, reason="Thử")


def test_the_last_administrator_is_not_locked_by_anybody():
    last, officer = make_user("admin"), make_user("officer")

    with pytest.raises(WrongStep, match="cuối cùng"):
        last.lock(by=officer, reason="Thử")


def test_unlock_gives_the_account_back(client, admin):
    person = make_user(is_active=False)

    client.post(reverse("user_unlock", args=[person.pk]))

    person.refresh_from_db()
    assert person.is_active


def test_an_account_that_is_in_use_already_can_be_unlocked(client, admin):
    person = make_user()

    response = client.post(reverse("user_unlock", args=[person.pk]))

    assert response.status_code == 302
    assert User.objects.get(pk=person.pk).is_active


def test_unlock_ends_the_pause_after_wrong_passwords(client, admin):
    person = make_user(username="ha.nt")
    guesser = Client()
    for _try in range(5):
        guesser.post("/dang-nhap/", {"username": "ha.nt", "password": "sai"})

    page = page_of(client.get(person.get_absolute_url()))
    client.post(reverse("user_unlock", args=[person.pk]))

    assert "Đang tạm khoá ít phút vì nhập sai mật khẩu quá nhiều lần" in page
    assert not AccountPause.objects.exists()
    assert guesser.post("/dang-nhap/", {"username": "ha.nt", "password": PASSWORD}).status_code == 302


def test_a_link_for_a_new_password_is_shown_once_and_ends_the_open_sessions(client, admin):
    person = make_user(last_login=VISIT)
    theirs = Client()
    theirs.force_login(person)

    response = client.post(reverse("user_make_link", args=[person.pk]))

    page = client.get(response.url).content.decode()
    person.refresh_from_db()
    assert person.links.get().url in page
    assert (person.has_usable_password(), person.must_change_password) == (False, True)
    assert theirs.get("/viec-cua-toi/").url.startswith("/dang-nhap/")
    again = client.get(response.url)
    assert person.links.get().token not in again.content.decode()
    assert "Đặt lại mật khẩu Đỗ Văn Lâm" in page_of(again)


def test_inviting_again_takes_back_the_link_before(client, admin):
    client.post(reverse("user_create"), account())
    person = User.objects.get(username="ha.nt")
    first = person.links.get()

    client.post(reverse("user_make_link", args=[person.pk]))

    assert Client().get(first.url).status_code == 410
    assert Client().get(person.links.open().get().url).status_code == 200


def test_nobody_makes_a_link_for_a_locked_account_or_for_the_own_one(client, admin):
    person = make_user(is_active=False)

    response = client.post(reverse("user_make_link", args=[person.pk]))

    assert "Tài khoản này đang khoá: mở khoá trước." in page_of(client.get(response.url))
    assert client.post(reverse("user_make_link", args=[admin.pk])).status_code == 403
    assert not AccountLink.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_account_name_given_twice_at_once_is_taken_for_the_second():
    administrators, answers = [make_user("admin"), make_user("admin")], []
    sent = account(username="ha.nt") | {"agency": make_agency(name="Huyện ủy Hải Hậu").name}
    start = threading.Barrier(2)

    def create(by):
        client = Client()
        try:
            client.force_login(by)
            start.wait(timeout=30)
            answers.append(client.post(reverse("user_create"), sent).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=create, args=[by]) for by in administrators]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [302, 422]
    assert User.objects.filter(username="ha.nt").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_lock_each_other_at_once_leave_one():
    first, second = make_user("admin"), make_user("admin")
    start, refused = threading.Barrier(2), []

    def lock(person, by):
        start.wait()
        try:
            person.lock(by=by, reason="Thử")
        except WrongStep as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=lock, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert User.objects.filter(role="admin", is_active=True).count() == 1
    assert len(refused) == 1


# Moving work


def test_all_open_work_moves_in_one_step(client, admin):
    agency = make_agency()
    person, heir = make_user("officer", agency=agency), make_user("officer", agency=agency)
    assignments = [make_assignment(agency, tracking_officer=person) for _number in range(2)]
    for assignment in assignments:
        assignment.put_in_charge(by=admin, person=person)

    page = page_of(client.get(person.get_absolute_url()))
    response = client.post(
        reverse("user_move_work", args=[person.pk]), {f"agency_{agency.pk}": heir.pk, "tracking": heir.pk}
    )

    assert "Chuyển 4 việc cho người khác" in page
    assert response.status_code == 302
    for assignment in assignments:
        assignment.refresh_from_db()
        assignment.directive.refresh_from_db()
        assert (assignment.person, assignment.directive.tracking_officer) == (heir, heir)


def test_work_may_go_to_the_whole_agency_but_not_to_another_one(client, admin):
    assignment = make_assignment()
    person = make_user(agency=assignment.agency)
    assignment.put_in_charge(by=admin, person=person)
    where, field = reverse("user_move_work", args=[person.pk]), f"agency_{assignment.agency.pk}"

    refused = client.post(where, {field: make_user().pk})
    assignment.refresh_from_db()
    still = assignment.person
    client.post(where, {field: ""})

    assignment.refresh_from_db()
    assert (refused.status_code, still, assignment.person) == (422, person, None)


def test_locking_moves_the_open_work_in_the_same_step(client, admin):
    agency = make_agency()
    person, heir = make_user("officer", agency=agency), make_user("officer", agency=agency)
    assignment = make_assignment(agency, tracking_officer=person)
    assignment.put_in_charge(by=admin, person=person)
    url = reverse("user_lock", args=[person.pk])

    page = page_of(client.get(url))
    client.post(url, {"reason": "Nghỉ hưu", f"agency_{agency.pk}": heir.pk, "tracking": heir.pk})

    person.refresh_from_db()
    assignment.refresh_from_db()
    assignment.directive.refresh_from_db()
    assert "2 việc đang mở đứng tên người này" in page
    assert not person.is_active
    assert (assignment.person, assignment.directive.tracking_officer) == (heir, heir)


def test_a_refused_lock_moves_nothing(client, admin):
    agency = make_agency()
    person, heir = make_user("staff", agency=agency), make_user("staff", agency=agency)
    assignment = make_assignment(agency)
    assignment.put_in_charge(by=admin, person=person)
    person.lock(by=admin, reason="Đồng nghiệp nhanh hơn")

    response = client.post(
        reverse("user_lock", args=[person.pk]), {"reason": "Nghỉ hưu", f"agency_{agency.pk}": heir.pk}
    )

    assignment.refresh_from_db()
    assert response.status_code == 409
    assert assignment.person == person


def test_an_account_is_locked_also_when_nobody_can_take_over_what_it_tracks(client, admin):
    person = make_user("officer")
    assignment = make_assignment(tracking_officer=person)

    client.post(reverse("user_lock", args=[person.pk]), {"reason": "Nghỉ hưu"})

    person.refresh_from_db()
    assignment.directive.refresh_from_db()
    assert not person.is_active
    assert assignment.directive.tracking_officer == person
