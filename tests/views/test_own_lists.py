"""Lists that were taken out for reading are refused when they come in as CSV; the other two and appendices are not."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.exports.test_lists import on_the_sixteenth, taken_out, year  # noqa: F401
from tests.factories import make_field, make_user
from tracker.appendices import open_tables
from tracker.exports.lists import LISTS
from tracker.importing.own_lists import is_for_reading
from tracker.models import Document, Import

pytestmark = pytest.mark.django_db

READ_IN = {"nhiem-vu", "chi-tieu"}
REFUSED = "Tệp này là bản xuất để đọc; chỉ nhập lại được danh sách nhiệm vụ và chỉ tiêu."


def written(lines):
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode("utf-8-sig")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", LISTS)
def test_each_list_is_known_by_its_heads(client, year, name, language):  # noqa: F811
    role = "admin" if name in {"co-quan", "nguoi-dung", "thu-di"} else "officer"
    client.force_login(make_user(role, language=language))
    lines = taken_out(client, name)

    assert is_for_reading(open_tables(written(lines), "danh-sach.csv")) is (name not in READ_IN)


@pytest.mark.parametrize(
    "heads",
    [
        ["TT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Thời gian hoàn thành"],
        ["TT", "Mã nhiệm vụ", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Kết quả", "Ngày cập nhật"],
        ["TT", "Cơ quan", "Nội dung nhiệm vụ", "Kết quả", "Thời gian hoàn thành"],
        ["TT", "Chỉ tiêu", "Đơn vị tính", "Kế hoạch", "Kỳ báo cáo"],
    ],
)
def test_an_appendix_with_heads_like_ours_is_none_of_them(heads):
    assert not is_for_reading(open_tables(written([heads, ["1"] * len(heads)]), "phu-luc.csv"))


def upload(client, lines):
    document = Document.objects.first()
    data = {"kind": "directives", "year": 2020, "source_mode": "known", "document": document.label}
    data["file"] = SimpleUploadedFile("danh-sach.csv", written(lines))
    return client.post(reverse("import_create"), data | {"field": make_field().pk})


def test_the_page_says_so_at_the_file(client, year):  # noqa: F811
    client.force_login(year[0])

    response = upload(client, taken_out(client, "luot-giao"))

    assert response.status_code == 422
    assert response.context["form"].errors["file"] == [REFUSED]
    assert not Import.objects.exists()


def test_the_list_of_directives_still_comes_in(client, year):  # noqa: F811
    client.force_login(year[0])

    assert upload(client, taken_out(client, "nhiem-vu")).status_code == 302
    assert Import.objects.count() == 1
