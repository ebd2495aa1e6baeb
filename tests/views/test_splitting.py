"""Splitting a text into directives: sentences on one side, what became of them on the other."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document as WordFile

from tests.factories import make_agency, make_assignment, make_directive, make_document, make_field, make_user
from tracker.models import Directive, DirectiveSource, Document

pytestmark = pytest.mark.django_db

MEETING = (
    "Đồng chí Phó Chủ tịch yêu cầu: mở rộng hạ tầng viễn thông; đưa mạng 5G vào khai thác sử dụng; "
    "kiên quyết không để sim rác quay trở lại. Phấn đấu hết quý II tất cả các cơ quan Đảng sử dụng chữ ký số.\n"
    "Tập trung đảm bảo an ninh thông tin mạng."
)


@pytest.fixture
def document():
    return make_document(text=MEETING)


@pytest.fixture
def officer(client):
    user = make_user("officer")
    client.force_login(user)
    return user


def page(document):
    return reverse("document_split", args=[document.pk])


def tick(client, document, *keys, **fields):
    data = {"cau": keys, "field": make_field().pk, "version": document.version} | fields
    return client.post(reverse("document_take", args=[document.pk]), data)


def test_every_sentence_of_the_text_stands_on_the_page(client, officer, document):
    response = client.get(page(document))

    split = response.context["split"]
    assert [len(paragraph) for paragraph in split.paragraphs] == [2, 1]
    assert split.cited == 0
    assert "Chưa có nhiệm vụ nào" in response.content.decode()


def test_ticked_clauses_become_directives_that_cite_their_whole_sentence(client, officer, document):
    response = tick(client, document, "0-1", "0-2", "1-0")

    assert response.url == page(document)
    made = list(Directive.objects.order_by("code"))
    assert [one.title for one in made] == [
        "Đưa mạng 5G vào khai thác sử dụng",
        "Kiên quyết không để sim rác quay trở lại",
        "Phấn đấu hết quý II tất cả các cơ quan Đảng sử dụng chữ ký số",
    ]
    assert [one.force for one in made] == ["assign", "resolute", "strive"]
    assert [(str(one.due_on), one.deadline_printed, one.deadline_inferred) for one in made[2:]] == [
        ("2020-06-30", "hết quý II", True)
    ]
    sources = DirectiveSource.objects.filter(document=document)
    assert {source.sentence for source in sources} == {
        MEETING.split(". ")[0] + ".",
        "Phấn đấu hết quý II tất cả các cơ quan Đảng sử dụng chữ ký số.",
    }


def test_each_directive_leads_to_its_sentence_and_back(client, officer, document):
    tick(client, document, "0-1", "2-0")

    html = client.get(page(document)).content.decode()
    split = client.get(page(document)).context["split"]

    for directive, piece in split.directives:
        assert f'id="nv-{directive.code}"' in html
        assert f'href="#nv-{directive.code}"' in html
        assert f'href="#c-{piece.sentence.number}"' in html
        assert directive in piece.directives
    assert [piece.sentence.number for _directive, piece in split.directives] == [0, 2]
    assert (split.cited, split.assigned, split.completed) == (2, 0, 0)


def test_how_many_are_assigned_and_done(client, officer, document):
    make_assignment(directive=make_directive(document=document))
    make_directive(document=document)

    response = client.get(page(document))

    assert (response.context["split"].assigned, len(response.context["split"].directives)) == (1, 2)
    assert "1/2 đã giao, 0 đã hoàn thành" in " ".join(response.content.decode().split())


def test_a_clause_that_is_a_directive_already_is_not_offered_again(client, officer, document):
    tick(client, document, "2-0")

    response = tick(client, document, "2-0")

    assert response.status_code == 422
    assert Directive.objects.count() == 1
    assert "thành nhiệm vụ" in response.context["form"].non_field_errors()[0]


def test_words_that_are_not_in_the_text_are_said_to_be_so(client, officer, document):
    make_directive(document=document)

    assert client.get(page(document)).context["split"].directives[0][1] is None


@pytest.mark.parametrize("keys", [(), ("9-9",), ("x",), ("0-0", "\x00")])
def test_nothing_or_rubbish_ticked_is_told_and_writes_nothing(client, officer, document, keys):
    response = tick(client, document, *keys)

    assert response.status_code == 422
    assert not Directive.objects.exists()


def test_ticks_stay_when_the_field_is_missing(client, officer, document):
    response = tick(client, document, "0-1", field="")

    assert response.status_code == 422
    assert 'value="0-1" checked' in response.content.decode()


def test_a_text_that_changed_meanwhile_is_read_again(client, officer, document):
    old = document.version
    document.edit(expected_version=old, text="Câu khác hẳn. " + MEETING)

    response = tick(client, document, "0-0", version=old)

    assert response.status_code == 409
    assert not Directive.objects.exists()


def test_a_spoken_direction_is_split_by_its_words(client, officer):
    spoken = make_document(
        kind="spoken", number="", speaker="Trần Lê Đoài", occasion="Hội nghị", words=MEETING, text=""
    )

    assert tick(client, spoken, "1-0").status_code == 302
    assert Directive.objects.get().kind == "spoken"


def test_a_directive_is_written_by_hand_from_a_sentence(client, officer, document):
    response = client.get(reverse("directive_create"), {"vb": document.pk, "cau": 1})

    form = response.context["form"]
    assert form["sentence"].value() == "Phấn đấu hết quý II tất cả các cơ quan Đảng sử dụng chữ ký số."
    assert form["force"].value() == "strive"
    assert form["deadline_printed"].value() == "hết quý II"
    assert document.number in response.content.decode()


@pytest.mark.parametrize("query", ["vb=x&cau=0", "vb=99999999999999&cau=0", "cau=0", "vb=0&cau=-1"])
def test_rubbish_in_the_address_starts_an_empty_form(client, officer, query):
    response = client.get(f"{reverse('directive_create')}?{query}")

    assert response.status_code == 200
    assert not response.context["form"]["sentence"].value()


def test_the_text_is_pasted_or_taken_from_a_word_file(client, officer):
    document = make_document()
    file = BytesIO()
    word = WordFile()
    word.add_paragraph("Điều 1. Triển khai chữ ký số.")
    word.add_paragraph("Điều 2. Báo cáo trước 15/6.")
    word.save(file)
    address = reverse("document_text", args=[document.pk])

    client.post(address, {"version": 1, "text": "Một  câu.\r\n\r\nHai câu."})
    pasted = Document.objects.get(pk=document.pk).text
    upload = SimpleUploadedFile("ket-luan.docx", file.getvalue())
    response = client.post(address, {"version": 2, "text": "", "upload": upload})

    assert pasted == "Một câu.\nHai câu."
    assert response.url == page(document)
    assert (
        Document.objects.get(pk=document.pk).text
        == "Điều 1. Triển khai chữ ký số.\nĐiều 2. Báo cáo trước 15/6."
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.docx", b"khong phai word"), ("a.pdf", b"%PDF-1.7 x"), ("a.exe", b"MZ"), ("a.docx", b"")],
)
def test_a_file_that_is_no_word_file_is_refused_and_the_text_stays(client, officer, name, content):
    document = make_document()

    response = client.post(
        reverse("document_text", args=[document.pk]),
        {"version": 1, "text": "Câu đã dán.", "upload": SimpleUploadedFile(name, content)},
    )

    assert response.status_code == 422
    assert response.context["form"].errors["upload"]
    assert "Câu đã dán." in response.content.decode()
    assert Document.objects.get(pk=document.pk).text == ""


def test_the_second_of_two_who_change_the_text_is_told(client, officer):
    document = make_document()
    document.edit(expected_version=1, text="Của người thứ nhất.")

    response = client.post(
        reverse("document_text", args=[document.pk]), {"version": 1, "text": "Của người thứ hai."}
    )

    assert response.status_code == 409
    assert "Của người thứ hai." in response.content.decode()
    assert Document.objects.get(pk=document.pk).text == "Của người thứ nhất."


@pytest.mark.parametrize(("role", "status"), [("leader", 302), ("viewer", 403), ("admin", 403)])
def test_who_enters_directives_splits(client, document, role, status):
    client.force_login(make_user(role, agency=make_agency(is_department=True)))

    assert client.get(page(document)).status_code == 200
    assert tick(client, document, "2-0").status_code == status


def test_another_agency_does_not_see_the_text(client, document):
    client.force_login(make_user("staff"))

    assert client.get(page(document)).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_directives(
    client, officer, document, django_assert_max_num_queries
):
    for number in range(30):
        directive = make_directive(title=f"Việc {number}")
        directive.sources.create(document=document, sentence=MEETING[:40], position=1)

    with django_assert_max_num_queries(10):
        response = client.get(page(document))

    assert len(response.context["split"].directives) == 30


def test_a_damaged_word_file_is_told_and_no_failure(client, officer):
    document = make_document()
    broken = BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types")
        archive.writestr("word/document.xml", "<w:document><khong dong")
        archive.writestr("_rels/.rels", "<Relationships")

    response = client.post(
        reverse("document_text", args=[document.pk]),
        {"version": 1, "text": "", "upload": SimpleUploadedFile("a.docx", broken.getvalue())},
    )

    assert response.status_code == 422
    assert response.context["form"].errors["upload"]
