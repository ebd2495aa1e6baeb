"""The filters of the lists: what they find, and what they say about an address that cannot be read."""

import re

import pytest

from tests.factories import (
    TODAY,
    make_agency,
    make_assignment,
    make_directive,
    make_document,
    make_field,
    make_user,
)
from tests.views.register_year import make_year, rows, text_of
from tracker.tables.base import MOST_PAGES, ROWS_A_PAGE, CappedPaginator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def officer(client):
    user = make_user("officer")
    client.force_login(user)
    return user


@pytest.fixture
def a_year(officer):
    return make_year(officer)


def test_search_ignores_accents_and_finds_document_numbers(client, officer):
    directive = make_directive(title="Chữ ký số", document=make_document(number="49/2017/NĐ-CP"))
    make_directive()

    for text in ["chu ky so", "CHỮ KÝ", "chữ ký số", "49/2017/nd-cp", "49 / 2017 / ND-CP", directive.code]:
        found = client.get("/nhiem-vu/", {"q": text}).context["table"].records
        assert (text, [row.pk for row in found]) == (text, [directive.pk])


@pytest.mark.parametrize("text", ["%", "_", "50%", "a_b", "\\", "'; DROP TABLE", "(((", "*", "%00%"])
def test_signs_of_search_languages_are_plain_text(client, officer, text):
    plain = make_directive(title=f"Đạt {text} kế hoạch")
    make_directive(title="Việc khác")

    found = client.get("/nhiem-vu/", {"q": text}).context["table"].records

    assert [row.pk for row in found] == [plain.pk]


@pytest.mark.parametrize("text", ["H01", "h01", "UBND huyện Giao Thủy", "ubnd huyen giao thuy", "giao thuỷ"])
def test_the_lead_is_found_by_code_or_name(client, a_year, text):
    page = client.get("/nhiem-vu/", {"ct": text})

    assert page.context["total"] == 1
    assert 'value="UBND huyện Giao Thủy"' in page.content.decode()


def test_several_agencies_of_a_name_are_named(client, officer):
    make_agency(name="Huyện ủy Giao Thủy")
    make_agency(name="UBND huyện Giao Thủy")

    page = text_of(client.get("/nhiem-vu/", {"ct": "giao thuy"}))

    assert "Nhiều cơ quan khớp “giao thuy”: Huyện ủy Giao Thủy; UBND huyện Giao Thủy" in page


def test_the_page_holds_only_the_chosen_agency(client, officer):
    for _n in range(20):
        make_agency()

    page = client.get("/nhiem-vu/").content.decode()

    assert "Huyện ủy số" not in page


def test_assigned_in_any_role_or_in_one(client, officer):
    body, lead = make_agency(code="H05"), make_agency()
    directive = make_directive()
    directive.assign(by=officer, lead=lead, cooperating=[body], today=TODAY)
    make_assignment(body)

    assert rows(client, "/nhiem-vu/?cq=H05") == 2
    assert rows(client, "/nhiem-vu/?cq=H05&vt=cooperating") == 1
    assert rows(client, "/luot-giao/?cq=H05") == 2
    assert rows(client, "/luot-giao/?cq=H05&vt=lead") == 1


def test_the_directives_of_a_document(client, officer):
    document = make_document()
    mine = make_directive(document=document)
    make_directive()

    found = client.get(f"/nhiem-vu/?vb={document.pk}").context["table"].records

    assert [row.pk for row in found] == [mine.pk]


def test_a_filter_that_leaves_nothing_names_the_one_to_drop_and_the_count_then(client, a_year):
    page = client.get("/nhiem-vu/?tt=late&lv=vien-thong")

    text = text_of(page)
    assert "Không có nhiệm vụ nào khớp Bỏ bớt một điều kiện để thấy thêm." in text
    assert "Bỏ “Lĩnh vực: Viễn thông”: 1 dòng" in text
    assert "Bỏ “Trạng thái: Quá hạn”: 2 dòng" in text
    for one in page.context["to_drop"]:
        assert rows(client, f"/nhiem-vu/{one.without}") == one.count


def test_the_first_use_says_what_to_do(client, officer):
    page = client.get("/nhiem-vu/")

    assert "Chưa có nhiệm vụ nào" in text_of(page)


def test_a_past_day_hides_what_is_only_known_as_it_is_now(client, a_year):
    page = client.get("/nhiem-vu/?den=31/5/2020")

    assert "Tiến độ" not in [str(heading["text"]) for heading in page.context["table"].headings]
    assert "bar__n" not in page.content.decode()
    assert "quá" not in page.content.decode().split("<tbody")[1]


# Bad input

STRANGE = [
    ("tt", "foo", "“foo” không có trong danh sách"),
    ("o", "opened", "“opened” không có trong danh sách"),
    ("lv", "x" * 500, "không có trong danh sách"),
    ("ky", "2020-q9", "“2020-q9” không có trong danh sách"),
    ("ky", "9999", "“9999” không có trong danh sách"),
    ("den", "1/1/10000", "Ghi ngày theo dạng ngày/tháng/năm"),
    ("den", "31/2/2020", "Lịch không có ngày này"),
    ("den", "1/1/1900", "Năm phải từ 2000 đến 2100"),
    ("den", "17/6/2020", "Chưa đến ngày này"),
    ("ct", "không có ai", "Không có cơ quan nào tên “không có ai”"),
    ("cq", "'; --", "Không có cơ quan nào tên"),
    ("vt", "boss", "“boss” không có trong danh sách"),
    ("q", "x" * 5000, "200 ký tự"),
    ("q", "a\u202eb", "ký tự ẩn"),
]


@pytest.mark.parametrize(("name", "value", "sentence"), STRANGE)
def test_what_cannot_be_read_is_said_and_left_out(client, a_year, name, value, sentence):
    page = client.get("/nhiem-vu/", {name: value})

    assert page.status_code == 200
    assert sentence in text_of(page)
    assert page.context["total"] == 10


@pytest.mark.parametrize(("name", "value"), [("q", "x" * 300), ("den", "1/1/10000"), ("ct", "không có ai")])
def test_what_was_typed_stays_in_its_field(client, officer, name, value):
    page = client.get("/nhiem-vu/", {name: value}).content.decode()

    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page.split('id="loc"')[1])[0]
    assert f'value="{value}"' in field
    assert 'aria-invalid="true"' in field


@pytest.mark.parametrize("address", ["/nhiem-vu/", "/luot-giao/", "/bao-cao/", "/van-ban/"])
@pytest.mark.parametrize(
    "value", ["\x00", "9" * 400, "-1", "null", "𝟏", "1/1/10000", "<script>", "\u202e", "%", "a" * 20_000]
)
def test_no_value_breaks_a_list(client, officer, address, value):
    names = ["q", "tt", "o", "lv", "cq", "ct", "vt", "ky", "den", "vb", "xem", "nv", "loai", "sx", "trang"]

    response = client.get(address, dict.fromkeys(names, value))

    assert response.status_code == 200
    assert b"<script>" not in response.content.split(b"<main")[1]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("1", 1),
        ("2", 2),
        ("3", 2),
        ("999999999999999999999", 2),
        ("0", 1),
        ("-7", 1),
        ("x", 1),
        ("", 1),
        ("1e9", 1),
    ],
)
def test_a_page_that_does_not_exist_is_the_nearest_one(client, officer, asked, shown):
    field = make_field()
    for _n in range(ROWS_A_PAGE + 1):
        make_directive(field=field)

    page = client.get("/nhiem-vu/", {"trang": asked})

    assert page.context["page"].number == shown
    assert len(page.context["table"].records) == (ROWS_A_PAGE if shown == 1 else 1)


def test_pages_have_a_cap():
    paginator = CappedPaginator(range(10**6), ROWS_A_PAGE, total=10**6)

    page = paginator.page(10**9)

    assert page.number == MOST_PAGES
    assert paginator.is_capped


def test_undeclared_parameters_are_not_read(client, a_year):
    page = client.get("/nhiem-vu/", {"status": "completed", "tracking_officer__password__startswith": "p"})

    assert page.context["total"] == 10
