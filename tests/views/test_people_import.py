"""People from a table: what is read, what the preview says of each line, what is written and handed over."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import make_agency, make_user
from tracker.models import AccountLink, Agency, User, UserHistory

pytestmark = pytest.mark.django_db
HEADS = "Họ và tên,Tên đăng nhập,Thư công vụ,Điện thoại,Cơ quan,Vai trò,Chức vụ"
URL = "/nguoi-dung/nhap/"


@pytest.fixture
def admin(client):
    user = make_user("admin", full_name="Đỗ Văn Lâm", username="lam.dv")
    client.force_login(user)
    make_agency(name="Huyện ủy Hải Hậu", code="P07")
    return user


def csv(*lines, heads=HEADS):
    return SimpleUploadedFile("ds.csv", "\n".join([heads, *lines]).encode("utf-8-sig"))


def preview(client, *lines, **more):
    return client.post(URL, {"file": csv(*lines, **more)})


def confirm(client, page, **more):
    signed = re.search(r'name="lines" value="([^"]+)"', page.content.decode())[1]
    return client.post(URL, {"lines": signed, **more})


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def states(response):
    return [entry.state for entry in response.context["entries"]]


HA = "Nguyễn Thu Hà,,ha.nt@namdinh.gov.vn,0912 345 678,Huyện uỷ Hải Hậu,Cán bộ cơ quan,Chuyên viên"


def test_the_preview_writes_nothing_and_the_confirmation_writes_it(client, admin):
    page = preview(client, HA)
    before = User.objects.count()

    response = confirm(client, page)

    person = User.objects.get(username="ha.nt")
    assert (states(page), before, response.url) == (["new"], 1, URL)
    assert (person.agency.code, person.role, person.position) == ("P07", "staff", "Chuyên viên")
    assert person.links.get().made_by == admin
    assert UserHistory.objects.get(pgh_obj=person).pgh_context["user"] == admin.pk


def test_the_same_table_again_changes_nothing(client, admin):
    confirm(client, preview(client, HA))
    before = User.objects.get(username="ha.nt").version

    page = preview(client, HA)
    confirm(client, page)

    assert states(page) == ["same"]
    assert "Không có gì để ghi." in text_of(page)
    assert User.objects.get(username="ha.nt").version == before
    assert AccountLink.objects.count() == 1


def test_what_differs_is_shown_and_changed_and_empty_cells_leave_what_is_stored(client, admin):
    make_user(
        username="ha.nt",
        full_name="Nguyễn Thu Hà",
        phone="0911",
        position="Chuyên viên",
        agency=Agency.objects.get(code="P07"),
    )

    page = preview(client, "Nguyễn Thu Hà,ha.nt,,,Huyện ủy Hải Hậu,Lãnh đạo cơ quan,Phó Chánh Văn phòng")
    confirm(client, page)

    person = User.objects.get(username="ha.nt")
    assert states(page) == ["changed"]
    assert "Chức vụ: Chuyên viên → Phó Chánh Văn phòng" in text_of(page)
    assert (person.phone, person.position, person.role) == ("0911", "Phó Chánh Văn phòng", "agency_head")
    assert not AccountLink.objects.exists()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (",x,,,Huyện ủy Hải Hậu,Cán bộ cơ quan,", "Điền “Họ và tên”."),
        ("Bùi Mai,,,,Sở Không Có,Cán bộ cơ quan,", "“Sở Không Có”"),
        ("Bùi Mai,,,,,Cán bộ cơ quan,", "Cơ quan"),
        ("Bùi Mai,,,,Huyện ủy Hải Hậu,Vua,", "Vua"),
        ("Bùi Mai,,a@,,Huyện ủy Hải Hậu,Cán bộ cơ quan,", "email"),
        ("Bùi Mai,bùi mai,,,Huyện ủy Hải Hậu,Cán bộ cơ quan,", "Dùng chữ không dấu"),
        ("Trần Khoá,khoa.t,,,Huyện ủy Hải Hậu,Cán bộ cơ quan,", "Tài khoản này đang khoá"),
    ],
)
def test_a_wrong_line_says_why_and_is_left_out_while_the_others_are_written(client, admin, line, sentence):
    make_user(username="khoa.t", is_active=False)

    page = preview(client, line, HA)
    confirm(client, page)

    assert states(page) == ["wrong", "new"]
    assert sentence in " ".join(page.context["entries"][0].problems)
    assert sentence in text_of(page).replace("&quot;", '"')
    assert User.objects.filter(username="ha.nt").exists()
    assert User.objects.count() == 3


def test_namesakes_of_one_table_get_numbers_and_what_stands_twice_is_refused(client, admin):
    make_user(username="ha.nt")
    lines = [
        "Nguyễn Thu Hà,,,,Huyện ủy Hải Hậu,Cán bộ cơ quan,Văn phòng",
        "Nguyễn Thị Hà,,,,Huyện ủy Hải Hậu,Cán bộ cơ quan,Ban Tổ chức",
        "Lê An,an.l,,,Huyện ủy Hải Hậu,Cán bộ cơ quan,",
        "Lê Ân,AN.L,,,Huyện ủy Hải Hậu,Cán bộ cơ quan,",
    ]

    page = preview(client, *lines)
    confirm(client, page)

    assert states(page) == ["new", "new", "new", "wrong"]
    assert "Trùng tên đăng nhập với dòng 4." in text_of(page)
    assert {"ha.nt2", "ha.nt3", "an.l"} <= set(User.objects.values_list("username", flat=True))


def test_the_last_administrator_stays_one_and_nothing_at_all_is_written(client, admin):
    page = preview(client, HA, "Đỗ Văn Lâm,lam.dv,,,Huyện ủy Hải Hậu,viewer,")

    response = confirm(client, page)

    assert response.status_code == 409
    assert "Đây là quản trị viên cuối cùng đang dùng" in text_of(response)
    assert list(User.objects.values_list("username", "role")) == [("lam.dv", "admin")]


def test_the_links_are_downloaded_once(client, admin):
    confirm(client, preview(client, HA))
    link = AccountLink.objects.get()

    page = client.get(URL)
    first = client.post(reverse("user_import_links"))
    second = client.post(reverse("user_import_links"))

    rows = list(openpyxl.load_workbook(io.BytesIO(first.content)).active.iter_rows(values_only=True))
    assert "1 liên kết một lần cần đưa tận tay" in text_of(page)
    assert link.token not in page.content.decode()
    assert rows[1] == ("Nguyễn Thu Hà", "Huyện ủy Hải Hậu", "ha.nt", link.url)
    assert second.url == URL
    assert "Tệp đã được tải rồi." in text_of(client.get(URL))


def test_with_mail_whoever_has_an_address_gets_a_letter(client, admin, settings):
    settings.MAIL_IS_ON = True

    confirm(client, preview(client, HA, "Lê An,,,,Huyện ủy Hải Hậu,Cán bộ cơ quan,"))

    mailed = [link.user.username for link in AccountLink.objects.all() if link.mail.exists()]
    assert mailed == ["ha.nt"]
    assert "1 liên kết một lần cần đưa tận tay" in text_of(client.get(URL))


def test_the_template_is_read_when_it_is_filled_in(client, admin):
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("user_import_template")).content))
    book.active.append(["Nguyễn Thu Hà", "", "", "", "Huyện ủy Hải Hậu", "Cán bộ cơ quan", "Chuyên viên"])
    target = io.BytesIO()
    book.save(target)

    page = client.post(URL, {"file": SimpleUploadedFile("ds.xlsx", target.getvalue())})

    confirm(client, page)

    assert states(page) == ["new"]
    assert User.objects.get(username="ha.nt").position == "Chuyên viên"


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (None, "Chọn tệp."),
        (SimpleUploadedFile("ds.csv", b"a,b\n1,2"), "Không thấy bảng có các cột"),
        (csv(), "Bảng không có người nào."),
        (csv(*["Lê An,,,,Huyện ủy Hải Hậu,Cán bộ cơ quan,"] * 201), "nhiều nhất 200"),
        (SimpleUploadedFile("ds.xlsx", b"PK\x03\x04zzzz"), "Tệp"),
        (SimpleUploadedFile("ds.exe", b"MZ"), ".xlsx"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(client, admin, file, sentence):
    if file:
        file.seek(0)

    response = client.post(URL, {"file": file} if file else {})

    assert response.status_code == 422
    assert sentence in text_of(response)


@pytest.mark.parametrize("lines", ["", "x", "eyJhIjoxfQ:1:zz", "\x00"])
def test_a_confirmation_that_was_changed_writes_nothing(client, admin, lines):
    response = client.post(URL, {"lines": lines})

    assert response.status_code == 422
    assert User.objects.count() == 1


def test_nobody_confirms_what_another_administrator_read(client, admin):
    page = preview(client, HA)
    client.force_login(make_user("admin"))

    response = confirm(client, page)

    assert response.status_code == 422
    assert "chọn lại tệp" in text_of(response)
