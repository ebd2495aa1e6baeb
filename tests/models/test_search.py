"""Finding by what is printed: numbers of documents in any spelling, words without accents, text inside documents."""

import unicodedata

import pytest

from tests.factories import make_directive, make_document
from tracker.models import Directive, Document

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "typed",
    [
        "49/2017/NĐ-CP",
        "49/2017/ND-CP",
        "49/2017/nđ-cp",
        "49-2017-ND-CP",
        "49/2017/NĐ–CP",
        "49 / 2017 / NĐ - CP",
        "Nghị định 49/2017/NĐ-CP",
        "nghi dinh so 49/2017",
        "49.2017.nd.cp",
        unicodedata.normalize("NFD", "49/2017/NĐ-CP"),
        "2017/NĐ-CP",
    ],
)
def test_a_state_number_is_found_in_any_spelling(typed):
    decree = make_document(kind="decree", number="49/2017/NĐ-CP", abstract="Quản lý thuê bao trả trước")
    directive = make_directive(document=decree)
    make_directive(document=make_document(number="59/2017/TT-BTC"))

    assert list(Document.objects.search(typed)) == [decree]
    assert list(Directive.objects.search(typed)) == [directive]


@pytest.mark.parametrize("typed", ["19-NQ/TU", "19/NQ-TU", "nghị quyết 19-nq/tu", "số 19 - NQ / TU"])
def test_a_party_number_is_found_whichever_way_round(typed):
    resolution = make_document(kind="resolution", number="19-NQ/TU")

    assert list(Document.objects.search(typed)) == [resolution]


@pytest.mark.parametrize("typed", ["15/6/2020", "8-1", "quý II", "100%", "///", "2020"])
def test_a_day_or_a_figure_finds_no_foreign_number(typed):
    make_document(number="118/TB-UBND", abstract="Kết luận")

    assert not Document.objects.search(typed).exists()


def test_the_text_of_a_document_is_searched_without_accents():
    article = make_document(text="Kiên quyết không để sim rác quay trở lại.")
    spoken = make_document(
        kind="spoken",
        number="",
        speaker="Trần Lê Đoài",
        occasion="Hội nghị",
        words="Đưa mạng 5G vào khai thác.",
    )

    assert list(Document.objects.search("SIM RAC quay")) == [article]
    assert list(Document.objects.search("dua mang 5g")) == [spoken]


def test_what_stands_in_a_documents_text_does_not_find_all_its_directives():
    article = make_document(text="Đưa mạng 5G vào khai thác; đẩy mạnh chữ ký số.")
    wanted = make_directive(document=article, title="Đưa mạng 5G vào khai thác")
    make_directive(document=article, title="Đẩy mạnh chữ ký số")

    assert list(Directive.objects.search("mang 5g")) == [wanted]


@pytest.mark.parametrize(
    ("field", "printed", "typed"),
    [
        ("lead_printed", "Các huyện, thành phố", "cac huyen, thanh pho"),
        ("cooperating_printed", "các ngành liên quan", "NGÀNH LIÊN QUAN"),
        ("deadline_printed", "hết quý II", "het quy ii"),
        ("output_expected", "Báo cáo tổng kết", "bao cao tong ket"),
        ("note", "Ưu tiên vùng ven biển", "uu tien vung"),
    ],
)
def test_everything_printed_of_a_directive_is_searched(field, printed, typed):
    directive = make_directive(**{field: printed})
    make_directive()

    assert list(Directive.objects.search(typed)) == [directive]
