"""Coming and going: log-in, lock, own password and settings, first page."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from tests.factories import PASSWORD, make_user
from tracker.models import User

pytestmark = pytest.mark.django_db
LOGIN = "/dang-nhap/"


def log_in(client, username, password=PASSWORD, **more):
    return client.post(LOGIN, {"username": username, "password": password, **more})


@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("staff", "my_work"),
        ("agency_head", "my_work"),
        ("officer", "my_work"),
        ("leader", "overview"),
        ("viewer", "overview"),
        ("admin", "user_list"),
    ],
)
def test_each_role_starts_where_its_work_is(client, role, page):
    client.force_login(make_user(role))

    response = client.get("/")

    assert response.url == reverse(page)


@pytest.mark.parametrize("typed", ["ha.nt", "HA.NT", "ha.nt@namdinh.gov.vn", " Ha.NT@namdinh.gov.vn "])
def test_log_in_by_account_name_or_e_mail_in_any_case(client, typed):
    user = make_user(username="ha.nt", email="ha.nt@namdinh.gov.vn")

    response = log_in(client, typed)

    assert response.url == "/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_wrong_name_and_wrong_password_get_the_same_words(client):
    make_user(username="ha.nt")

    wrong_password = log_in(client, "ha.nt", "x")
    wrong_name = log_in(client, "nobody", "x")

    sentence = "Tên đăng nhập hoặc mật khẩu chưa đúng."
    tries = "Còn 4 lần thử. Sau đó tài khoản tạm khoá 15 phút."
    for response in (wrong_password, wrong_name):
        page = response.content.decode()
        assert sentence in page
        assert tries in page
    assert 'value="ha.nt"' in wrong_password.content.decode()
    assert "_auth_user_id" not in client.session


def test_locked_account_gets_the_same_words(client):
    make_user(username="ha.nt", is_active=False)

    response = log_in(client, "ha.nt")

    assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in response.content.decode()


def test_five_wrong_passwords_lock_the_account_however_its_name_is_typed(client):
    make_user(username="ha.nt", email="ha.nt@namdinh.gov.vn")
    for typed in ["ha.nt", "HA.NT", "ha.nt@namdinh.gov.vn", "Ha.nt"]:
        assert log_in(client, typed, "x").status_code == 200

    fifth = log_in(client, "hA.nt", "x")
    right = log_in(client, "ha.nt")

    assert (fifth.status_code, right.status_code) == (429, 429)
    assert "Tài khoản đang tạm khoá" in right.content.decode()
    assert "_auth_user_id" not in client.session


def test_others_can_log_in_while_one_account_is_locked(client):
    for _ in range(5):
        log_in(client, make_user(username="ha.nt").username if _ == 0 else "ha.nt", "x")
    make_user(username="lan.vt")

    response = log_in(client, "lan.vt")

    assert response.url == "/"


def test_session_ends_with_the_browser_unless_twelve_hours_are_asked_for(client):
    make_user(username="ha.nt")

    log_in(client, "ha.nt")
    short = client.session.get_expire_at_browser_close()
    client.logout()
    log_in(client, "ha.nt", remember="on")

    assert short
    assert not client.session.get_expire_at_browser_close()
    assert client.session.get_expiry_age() <= 12 * 3600


def test_log_in_gives_the_session_a_new_key(client):
    make_user(username="ha.nt")
    client.get(LOGIN)
    session = client.session
    session["seen"] = 1
    session.save()
    before = session.session_key

    log_in(client, "ha.nt")

    assert client.session.session_key != before


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_log_in_never_leads_to_another_site(client, next_page):
    make_user(username="ha.nt")

    response = log_in(client, "ha.nt", next=next_page)

    assert response.url == "/"


def test_log_in_leads_to_the_page_that_was_asked_for(client):
    make_user(username="ha.nt")
    asked = client.get("/nhiem-vu/?q=5G")

    page = client.get(asked.url)
    response = log_in(client, "ha.nt", next="/nhiem-vu/?q=5G")

    assert 'name="next" value="/nhiem-vu/?q=5G"' in page.content.decode()
    assert response.url == "/nhiem-vu/?q=5G"


def test_fragment_of_an_ended_session_sends_the_whole_page_to_the_log_in(client):
    here = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://testserver/nhiem-vu/?q=a&b=c"}

    response = client.get(LOGIN, **here)

    assert response["HX-Redirect"] == "/dang-nhap/?next=%2Fnhiem-vu%2F%3Fq%3Da%26b%3Dc"


@pytest.mark.parametrize("typed", ["\x00", "a" * 10_000_000, "<script>", "ha\u202ent", "'; --", "💥"])
def test_odd_names_get_an_answer(client, typed):
    response = log_in(client, typed)

    assert response.status_code == 200
    assert "<title>Lỗi: Đăng nhập" in response.content.decode()


def test_password_typed_in_decomposed_letters_is_the_same_password(client):
    user = make_user(username="ha.nt")
    user.set_password("Cơ quan ấy")
    user.save()

    response = log_in(client, "ha.nt", "Co\u031b quan a\u0302\u0301y")

    assert response.url == "/"


def test_log_out_is_a_button_not_a_link(client):
    client.force_login(make_user())

    assert client.get("/dang-xuat/").status_code == 405
    response = client.post("/dang-xuat/")

    assert response.url == LOGIN
    assert "_auth_user_id" not in client.session


def test_own_password_is_changed_and_the_session_goes_on(client):
    user = make_user(must_change_password=True)
    client.force_login(user)

    response = client.post(
        "/doi-mat-khau/",
        {"old_password": PASSWORD, "new_password": "Sông Hồng 2020", "new_password_again": "Sông Hồng 2020"},
    )

    user.refresh_from_db()
    assert response.url == "/"
    assert user.check_password("Sông Hồng 2020")
    assert not user.must_change_password
    assert client.get("/ho-so/").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("x", "Sông Hồng 2020", "Sông Hồng 2020", "Mật khẩu hiện tại chưa đúng."),
        (PASSWORD, "Sông Hồng 2020", "Sông Hồng 2021", "Hai lần nhập mật khẩu mới khác nhau. Nhập lại."),
        (PASSWORD, PASSWORD, PASSWORD, "Chọn mật khẩu khác mật khẩu hiện tại."),
    ],
)
def test_a_refused_password_changes_nothing(client, old, new, again, sentence):
    user = make_user()
    client.force_login(user)

    response = client.post(
        "/doi-mat-khau/", {"old_password": old, "new_password": new, "new_password_again": again}
    )

    user.refresh_from_db()
    assert sentence in response.content.decode()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("new", ["123456789012", "ngan", "password123"])
def test_weak_passwords_are_refused(client, new):
    user = make_user()
    client.force_login(user)

    client.post("/doi-mat-khau/", {"old_password": PASSWORD, "new_password": new, "new_password_again": new})

    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_given_password_must_be_changed_before_anything_else(client):
    client.force_login(make_user("officer", must_change_password=True))

    for page in ("/", "/them/", "/ho-so/"):
        assert client.get(page).url == "/doi-mat-khau/"
    assert "Đặt mật khẩu riêng trước khi tiếp tục" in client.get("/doi-mat-khau/").content.decode()


def test_language_and_colours_are_kept_for_the_account(client):
    user = make_user(position="Chuyên viên")
    client.force_login(user)

    response = client.post("/ho-so/", {"language": "en", "theme": "dark", "full_name": "Someone Else"})

    user.refresh_from_db()
    page = client.get(response.url).content.decode()
    assert (user.language, user.theme) == ("en", "dark")
    assert user.full_name != "Someone Else"
    assert '<html lang="en" data-bs-theme="dark">' in page
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "Your settings have been saved."
    ]


def test_language_switch_returns_to_the_page_it_was_pressed_on(client):
    client.force_login(make_user())

    response = client.post("/ho-so/", {"language": "en", "theme": "auto", "next": "/them/?a=1"})

    assert response.url == "/them/?a=1"


@pytest.mark.parametrize("wrong", [{"language": "fr", "theme": "auto"}, {"language": "vi", "theme": "x"}, {}])
def test_unknown_settings_are_refused(client, wrong):
    user = make_user()
    client.force_login(user)

    response = client.post("/ho-so/", wrong)

    user.refresh_from_db()
    assert response.status_code == 200
    assert (user.language, user.theme) == ("vi", "auto")


def test_device_decides_the_colours_by_default(client):
    client.force_login(make_user())

    assert '<html lang="vi">' in client.get("/them/").content.decode()


@pytest.mark.parametrize("role", User.Role.values)
def test_every_place_of_the_menu_opens(client, role):
    client.force_login(make_user(role))
    page = client.get("/them/")
    places = [link.place for _, links in page.context["shell"].menu.sections for link in links]

    answers = {place.url_name: client.get(reverse(place.url_name)).status_code for place in places}

    assert answers == dict.fromkeys(answers, 200)


def test_health_needs_no_account(client):
    response = client.get("/suc-khoe/")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_health_counts_one_query(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/suc-khoe/")


@pytest.mark.parametrize("page", ["/them/", "/ho-so/", "/doi-mat-khau/"])
def test_the_frame_costs_few_queries(client, page, django_assert_max_num_queries):
    client.force_login(make_user("officer"))
    client.get(page)

    with django_assert_max_num_queries(4):
        client.get(page)
