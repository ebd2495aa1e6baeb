"""Which passwords are good enough: each rule with passwords that it refuses and that it lets pass."""

import datetime as dt
import unicodedata

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories import make_agency, make_department, make_user
from tracker import passwords
from tracker.models import FormerPassword, User

pytestmark = pytest.mark.django_db

GOOD = ["Sông Hồng 2020", "Mưa rơi 7 ngày.", "x7!Kp-9wQz-tR4m", "con Mèo ăn 3 cá!"]
SHORT_OF_KINDS = "Mật khẩu còn thiếu: "
IN_A_ROW = "nằm liền nhau khi đếm hoặc trên bàn phím"
REPEATED = "Mật khẩu lặp lại cùng những ký tự liền nhau."
KNOWN = "Mật khẩu có tên mà người khác biết về bạn hoặc cơ quan"
COMMON = "Mật khẩu này thuộc loại phổ biến nhất"


def person():
    agency = make_agency(name="Huyện ủy Hải Hậu", short_name="HU Hải Hậu", code="P07")
    return make_user(
        full_name="Nguyễn Thu Hà",
        username="ha.nguyen",
        email="thuha88@namdinh.gov.vn",
        phone="0912 345 678",
        agency=agency,
    )


def refusals(password, user=None):
    try:
        validate_password(password, user)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return ""


@pytest.mark.parametrize("password", GOOD)
def test_good_passwords_pass(password):
    assert refusals(password, person()) == ""


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("Sông Hồng 20!", "Mật khẩu có 13 ký tự, cần ít nhất 14."),
        ("", "Mật khẩu có 0 ký tự, cần ít nhất 14."),
        ("sông hồng đỏ 27", SHORT_OF_KINDS + "một chữ hoa."),
        ("SÔNG HỒNG ĐỎ 27", SHORT_OF_KINDS + "một chữ thường."),
        ("SôngHồngChảy27", SHORT_OF_KINDS + "một dấu hoặc dấu cách."),
        ("sônghồngchảymãi", SHORT_OF_KINDS + "một chữ hoa, một chữ số, một dấu hoặc dấu cách."),
        ("Mưa rơi aaaa 7 ngày", REPEATED),
        ("Mưa 7 xyzxyz đá", REPEATED),
        ("Mưa 7 ababab đá", REPEATED),
        ("Mưa rơi 1234 ngày", "“1234” " + IN_A_ROW),
        ("Mưa rơi 8765 ngày", "“8765” " + IN_A_ROW),
        ("Mưa 7 ngày abcde", "“abcde” " + IN_A_ROW),
        ("Mưa 7 ngày Qwerty", "“qwerty” " + IN_A_ROW),
        ("Mưa 7 ngày lkjhg", "“lkjhg” " + IN_A_ROW),
        ("1qaz2wsx Mưa rơi", "“1qaz2wsx” " + IN_A_ROW),
        ("Mùa xuân Thu Hà 9", KNOWN),
        ("Trời thuha88 Mưa", KNOWN),
        ("Trời HaNguyen 7 !", KNOWN),
        ("Ra 0912.345.678 Biển", KNOWN),
        ("Về Hải Hậu 7 ngày, huyện ủy hải hậu", KNOWN),
        ("Trời NamĐịnh 7 !", KNOWN),
        ("Trời N@md1nh 7 !", KNOWN),
        ("Trời M@tKhau 7 !", KNOWN),
        ("Sunshine!!2020.", COMMON),
        ("Sunsh1ne!!2020.", COMMON),
        ("Việt Nam!!!2020".replace(" ", ""), COMMON),
        ("Ab1 " + "ăn cơm với cá kho " * 12, "Mật khẩu quá dài: nhiều nhất 200 ký tự."),
    ],
)
def test_weak_passwords_are_refused_with_their_reason(password, sentence):
    assert sentence in refusals(password, person())


def test_years_and_words_that_only_look_like_rows_pass():
    assert refusals("Property 2012 – nhà!", person()) == ""


def test_a_password_may_have_sixty_four_characters_and_counts_whole():
    user, long = person(), "Mỗi sáng tôi pha 2 tách cà phê rồi đi bộ quanh hồ cùng chú chó!!"
    assert len(long) == 64

    user.choose_password(long, at=timezone.now())

    assert refusals(long[:-1] + "?", user) == ""
    assert user.check_password(long)
    assert not user.check_password(long[:-1])


def test_the_same_letters_composed_or_not_are_the_same_password():
    user = person()

    user.choose_password(unicodedata.normalize("NFD", GOOD[0]), at=timezone.now())

    assert user.check_password(unicodedata.normalize("NFC", GOOD[0]))
    assert user.check_password(unicodedata.normalize("NFD", GOOD[0]))


@pytest.mark.parametrize(
    ("setting", "value", "password"),
    [
        ("TRACKER_PASSWORD_LENGTH", 13, "Sông Hồng 20!"),
        ("TRACKER_PASSWORD_KINDS", 1, "sông hồng chảy mãi"),
        ("TRACKER_PASSWORD_KINDS", 3, "sông hồng chảy 27"),
    ],
)
def test_length_and_kinds_are_settings(settings, setting, value, password):
    assert refusals(password)

    setattr(settings, setting, value)

    assert refusals(password) == ""


def test_behind_a_second_factor_eight_characters_of_any_kind_do(monkeypatch):
    user = person()
    monkeypatch.setattr(passwords, "user_has_device", lambda user: True)

    assert refusals("mưa rơi7", user) == ""
    assert "cần ít nhất 8" in refusals("mưa rơi", user)
    assert "Ít nhất 8 ký tự" in passwords.rules(user)[0]


def test_the_present_and_the_last_ten_passwords_are_refused():
    user = make_user()
    older = [f"Mưa rơi {number * 7919} ngày" for number in range(12)]
    for password in older:
        user.choose_password(password, at=timezone.now())

    assert "Chọn mật khẩu khác mật khẩu hiện tại." in refusals(older[11], user)
    assert "Bạn từng dùng mật khẩu này: chọn mật khẩu khác." in refusals(older[1], user)
    assert refusals(older[0], user) == ""
    assert FormerPassword.objects.filter(user=user).count() == 10


def test_the_rules_are_read_before_typing():
    assert passwords.rules(person()) == [
        "Ít nhất 14 ký tự, trong đó có: một chữ thường, một chữ hoa, một chữ số, một dấu hoặc dấu cách.",
        "Không lặp (aaaa, abcabc), không đếm (1234, abcde), không theo hàng phím (qwerty).",
        "Không có tên, tên đăng nhập, số điện thoại, cơ quan của bạn hoặc “namdinh”.",
        "Không phải mật khẩu phổ biến thêm năm hoặc dấu phía sau.",
        "Không trùng 10 mật khẩu gần nhất của bạn.",
    ]


@pytest.mark.parametrize(
    ("role", "age", "left"), [("admin", 0, 59), ("admin", 59, 0), ("admin", 60, -1), ("officer", 400, None)]
)
def test_only_an_administrators_password_gets_too_old(role, age, left):
    now = timezone.now()
    user = make_user(role)
    user.password_changed_at = now - dt.timedelta(days=age)

    assert passwords.days_left(user, now) == left
    assert passwords.is_too_old(user, now) == (left == -1)


def test_zero_days_means_never_too_old(settings):
    settings.TRACKER_ADMIN_PASSWORD_DAYS = 0
    user = make_user("admin")

    assert not passwords.is_too_old(user, timezone.now() + dt.timedelta(days=9999))


def test_createsuperuser_obeys_the_same_rules(monkeypatch):
    make_department()

    def create(username, password):
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", password)
        call_command("createsuperuser", interactive=False, username=username, full_name="Đỗ Văn Lâm")

    with pytest.raises(CommandError, match="cần ít nhất 14"):
        create("lam.dv", "ngan")
    create("lam.dv", GOOD[0])

    assert User.objects.get().check_password(GOOD[0])
