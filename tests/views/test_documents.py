"""The register of documents: entering, changing, reading, downloading."""

import datetime as dt
import html
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_completed,
    make_directive,
    make_document,
    make_user,
)
from tracker.models import Document, DocumentHistory

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def officer(client):
    user = make_user("officer")
    client.force_login(user)
    return user


def text_of(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def written(**changes):
    values = {
        "kind": "decree",
        "number": "49/2017/NĐ-CP",
        "issued_on": "24/4/2017",
        "issuer": "Chính phủ",
        "abstract": "Sửa đổi quy định về thuê bao di động",
        "version_kind": "signed",
        "form_token": str(uuid.uuid4()),
    }
    return values | changes


def spoken(**changes):
    values = {
        "kind": "spoken",
        "number": "",
        "issued_on": "8/1/2020",
        "abstract": "Phát biểu tại hội nghị tổng kết",
        "speaker": "Trần Lê Đoài",
        "speaker_post": "Phó Chủ tịch UBND tỉnh",
        "occasion": "Hội nghị tổng kết năm 2019",
        "words": "Kiên quyết không để sim rác quay trở lại.",
    }
    return written(**(values | changes))


def pdf(name="nghi-dinh-49.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


# Entering


def test_a_written_document_is_entered(client, officer):
    response = client.post("/van-ban/tao/", written())

    document = Document.objects.get()
    assert response.url == f"/van-ban/{document.pk}/"
    assert (document.number, document.issued_on) == ("49/2017/NĐ-CP", dt.date(2017, 4, 24))
    assert "Đã thêm văn bản." in text_of(client.get(response.url))


def test_a_spoken_direction_is_entered_with_its_words(client, officer):
    client.post("/van-ban/tao/", spoken())

    document = Document.objects.get()
    assert (document.speaker, document.words) == ("Trần Lê Đoài", "Kiên quyết không để sim rác quay trở lại.")


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("issued_on", "Ghi ngày phát biểu."),
        ("occasion", "Ghi dịp chỉ đạo"),
        ("speaker", "Ghi tên người phát biểu."),
        ("words", "Ghi nguyên văn"),
    ],
)
def test_a_spoken_direction_needs_who_when_where_and_words(client, officer, missing, sentence):
    response = client.post("/van-ban/tao/", spoken(**{missing: ""}))

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert f'href="#id_{missing}"' in response.content.decode()
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("49/2017/NĐ-CP", "49/2017/NĐ-CP"),
        (" 118 / TB - UBND ", "118/TB-UBND"),
        ("19-NQ/TU", "19-NQ/TU"),
        ("19-nq/tu", "19-NQ/TU"),
        ("1270/BC-TCTTTg", "1270/BC-TCTTTg"),
        ("", ""),
    ],
)
def test_numbers_of_the_state_and_of_the_party_are_read(client, officer, typed, stored):
    client.post("/van-ban/tao/", written(number=typed))

    assert Document.objects.get().number == stored


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("number", "số 49", "Ghi số như văn bản nhà nước"),
        ("number", "<b>1</b>", "Ghi số như văn bản nhà nước"),
        ("issued_on", "4/24/2017", "Lịch không có ngày này"),
        ("issued_on", "17/6/2020", "Ngày này chưa đến."),
        ("issued_on", "1/1/10000", "Ghi ngày theo dạng ngày/tháng/năm"),
        ("abstract", "", "Điền “Trích yếu, hoặc nội dung chính của chỉ đạo”."),
        ("abstract", "a\x00b", "có ký tự"),
        ("abstract", "x" * 2001, "2000"),
        ("kind", "poem", "poem"),
        ("link", "javascript:alert(1)", "URL"),
        ("replaced_number", "9/9999/XX", "Không có văn bản nào mang số này"),
    ],
)
def test_what_is_wrong_is_said_and_the_input_kept(client, officer, name, value, sentence):
    response = client.post("/van-ban/tao/", written(**{name: value}))

    assert response.status_code == 422
    assert sentence.lower() in text_of(response).lower()
    assert 'value="Chính phủ"' in response.content.decode()
    assert not Document.objects.exists()


def test_the_same_document_is_not_entered_twice(client, officer):
    client.post("/van-ban/tao/", written())

    response = client.post("/van-ban/tao/", written(abstract="Một lần nữa"))

    assert response.status_code == 422
    assert "Văn bản này đã có trong sổ." in text_of(response)
    assert Document.objects.count() == 1


def test_pressing_twice_enters_one_document(client, officer):
    form = written(number="")

    first = client.post("/van-ban/tao/", form)
    second = client.post("/van-ban/tao/", form)

    assert first.url == second.url
    assert Document.objects.count() == 1


def test_a_document_names_the_one_it_replaces(client, officer):
    old = make_document(number="12/2016/NĐ-CP")

    client.post("/van-ban/tao/", written(replaced_number="12/2016/nđ-cp"))

    document = Document.objects.get(number="49/2017/NĐ-CP")
    assert document.replaces == old
    assert "Được thay bởi Nghị định 49/2017/NĐ-CP" in text_of(client.get(f"/van-ban/{old.pk}/"))


# Files


def test_a_file_is_kept_under_another_name_and_given_back_under_its_own(client, officer):
    client.post("/van-ban/tao/", written(upload=pdf("Nghị định 49.pdf")))
    document = Document.objects.get()

    response = client.get(f"/van-ban/{document.pk}/tep/")

    assert b"".join(response.streaming_content) == PDF
    assert "Nghị định 49.pdf" not in document.file.name
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert (document.file_name, document.file_size) == ("Nghị định 49.pdf", len(PDF))


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.exe", b"MZ"), ("a.pdf", b"<script>"), ("a.svg", b"<svg/>"), ("a.pdf", b""), ("a.php.pdf", PDF)],
)
def test_a_wrong_file_is_refused(client, officer, name, content):
    response = client.post("/van-ban/tao/", written(upload=pdf(name, content)))

    assert response.status_code == 422
    assert not Document.objects.exists()


def test_the_file_stays_unless_another_is_chosen(client, officer):
    client.post("/van-ban/tao/", written(upload=pdf()))
    document = Document.objects.get()

    client.post(f"/van-ban/{document.pk}/sua/", written(abstract="Mới", version=document.version))
    kept = Document.objects.get()
    other = PDF + b"2"
    client.post(f"/van-ban/{document.pk}/sua/", written(version=kept.version, upload=pdf("b.pdf", other)))

    assert (kept.abstract, kept.file_name) == ("Mới", "nghi-dinh-49.pdf")
    changed = Document.objects.get()
    assert (changed.file_name, changed.file_size) == ("b.pdf", len(other))


def test_a_file_that_was_changed_on_the_disk_is_not_given_out(client, officer):
    client.post("/van-ban/tao/", written(upload=pdf()))
    document = Document.objects.get()
    with open(document.file.path, "r+b") as stored:
        stored.write(b"X")

    response = client.get(f"/van-ban/{document.pk}/tep/")

    assert response.status_code == 409
    assert b"PDF-1.4" not in response.content


def test_a_document_without_a_file_has_no_address_for_one(client, officer):
    assert client.get(f"/van-ban/{make_document().pk}/tep/").status_code == 404


# Changing


def test_a_change_is_saved_and_kept_in_the_history(client, officer):
    document = make_document(abstract="Cũ")

    client.post(f"/van-ban/{document.pk}/sua/", written(abstract="Mới", version=1))

    document.refresh_from_db()
    assert (document.abstract, document.version) == ("Mới", 2)
    history = DocumentHistory.objects.filter(pgh_obj=document).order_by("pgh_id")
    assert [row.abstract for row in history] == ["Cũ", "Mới"]


def test_the_second_of_two_editors_sees_both_versions_and_loses_nothing(client, officer):
    document = make_document()
    client.post(f"/van-ban/{document.pk}/sua/", written(abstract="Của người thứ nhất", version=1))

    refused = client.post(f"/van-ban/{document.pk}/sua/", written(abstract="Của người thứ hai", version=1))

    page = text_of(refused)
    assert refused.status_code == 409
    assert "Có người khác vừa lưu văn bản này trong lúc bạn sửa" in page
    assert "Của người thứ nhất" in page
    assert ">Của người thứ hai</textarea>" in refused.content.decode().replace("\n", "")
    document.refresh_from_db()
    assert document.abstract == "Của người thứ nhất"

    version = re.search(r'name="version" value="(\d+)"', refused.content.decode())[1]
    client.post(f"/van-ban/{document.pk}/sua/", written(abstract="Của người thứ hai", version=version))

    document.refresh_from_db()
    assert document.abstract == "Của người thứ hai"


def test_a_document_does_not_replace_itself(client, officer):
    document = make_document(number="49/2017/NĐ-CP")

    response = client.post(
        f"/van-ban/{document.pk}/sua/", written(replaced_number="49/2017/NĐ-CP", version=1)
    )

    assert "Văn bản không thay thế chính nó." in text_of(response)


# Reading


def test_a_spoken_direction_says_who_when_and_on_which_occasion(client, officer):
    article = make_document(kind="press", number="", issuer="Báo Nam Định", abstract="Tổng kết năm 2019")
    document = make_document(
        kind="spoken",
        number="",
        issued_on=dt.date(2020, 1, 8),
        speaker="Trần Lê Đoài",
        speaker_post="Phó Chủ tịch UBND tỉnh",
        occasion="Hội nghị tổng kết năm 2019",
        words="Đẩy mạnh tuyên truyền.",
        note="Bài báo không nêu địa điểm.",
        reported_in=article,
    )

    page = text_of(client.get(f"/van-ban/{document.pk}/"))

    for words in [
        "Chỉ đạo bằng lời: Trần Lê Đoài",
        "Đẩy mạnh tuyên truyền.",
        "Phó Chủ tịch UBND tỉnh",
        "8/1/2020",
        "Hội nghị tổng kết năm 2019",
        "Địa điểm không nêu",
        "Bài báo không nêu địa điểm.",
        "Báo Nam Định",
    ]:
        assert words in page


def test_so_many_of_so_many_completed_is_the_list(client, officer):
    document = make_document()
    make_completed(document=document)
    make_assignment(document=document)
    make_directive(document=document)
    withdrawn = make_assignment(document=document).directive
    withdrawn.withdraw(by=officer, reason="Trùng", at=NOON)
    make_directive()

    page = client.get(f"/van-ban/{document.pk}/")
    listed = client.get(f"/nhiem-vu/?vb={document.pk}")
    register = client.get("/van-ban/")

    assert "1/3 hoàn thành" in text_of(page)
    assert page.content.decode().count('class="row-title"') == 3
    assert listed.context["total"] == 3
    counted = re.search(rf'vb={document.pk}" data-count="3">(\d+)/(\d+)', register.content.decode())
    assert counted.groups() == ("1", "3")


@pytest.mark.parametrize(
    "text", ["49/2017/NĐ-CP", "49/2017/nd-cp", "49 /2017/ NĐ - CP", "thue bao", "chính phủ"]
)
def test_a_document_is_found_in_any_spelling(client, officer, text):
    wanted = make_document(number="49/2017/NĐ-CP", issuer="Chính phủ", abstract="Quản lý thuê bao")
    make_document()

    found = client.get("/van-ban/", {"q": text}).context["table"].records

    assert [row.pk for row in found] == [wanted.pk]


def test_documents_of_a_kind(client, officer):
    decree = make_document(kind="decree")
    make_document(kind="plan")

    found = client.get("/van-ban/?loai=decree").context["table"].records

    assert [row.pk for row in found] == [decree.pk]


# Who may


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("officer", 200),
        ("admin", 200),
        ("leader", 403),
        ("viewer", 403),
        ("staff", 403),
        ("agency_head", 403),
    ],
)
def test_who_may_enter_and_change_documents(client, role, status):
    body = make_agency()
    user = make_user(role, agency=body) if role in {"viewer", "staff", "agency_head"} else make_user(role)
    document = make_document()
    make_assignment(body, document=document)
    client.force_login(user)

    assert client.get("/van-ban/tao/").status_code == status
    assert client.get(f"/van-ban/{document.pk}/sua/").status_code == status
    shown = client.get(f"/van-ban/{document.pk}/").content.decode()
    assert (f"/van-ban/{document.pk}/sua/" in shown) is (status == 200)


def test_what_is_refused_stays_unchanged(client):
    body = make_agency()
    document = make_document(abstract="Cũ")
    make_assignment(body, document=document)
    client.force_login(make_user("staff", agency=body))

    created = client.post("/van-ban/tao/", written())
    changed = client.post(f"/van-ban/{document.pk}/sua/", written(version=1))

    document.refresh_from_db()
    assert (created.status_code, changed.status_code) == (403, 403)
    assert document.abstract == "Cũ"


@pytest.mark.parametrize("part", ["", "sua/", "tep/"])
def test_a_document_of_others_is_not_there(client, officer, part):
    client.post("/van-ban/tao/", written(upload=pdf()))
    document = Document.objects.get()
    client.force_login(make_user("staff"))

    assert client.get(f"/van-ban/{document.pk}/{part}").status_code == 404


def test_another_agency_sees_the_sources_of_its_own_directives(client, officer):
    body, document = make_agency(), make_document()
    make_assignment(body, document=document)
    make_assignment(document=document)
    make_document()
    client.force_login(make_user("staff", agency=body))

    listed = client.get("/van-ban/").context["table"].records

    assert [(row.pk, row.directive_count) for row in listed] == [(document.pk, 1)]


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_thirty_rows_take_as_many_queries_as_one(client, officer):
    document = make_document()
    make_assignment(document=document)
    list_one, page_one = queries(client, "/van-ban/"), queries(client, f"/van-ban/{document.pk}/")
    for _n in range(29):
        make_directive()
        make_assignment(document=document)

    assert queries(client, "/van-ban/") == list_one <= 8
    assert queries(client, f"/van-ban/{document.pk}/") == page_one <= 12
