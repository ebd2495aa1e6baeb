"""Lists that were taken out for reading are refused when they come in as CSV; the other two and appendices are not."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import override_settings
from django.urls import reverse

from tests.exports.every_list import make_every_list
from tests.factories import TODAY, make_field, make_user
from tracker.appendices import open_tables
from tracker.exports.lists import LISTS
from tracker.importing.own_lists import is_for_reading
from tracker.models import Document, Import

pytestmark = pytest.mark.django_db

READ_IN = {"nhiem-vu", "chi-tieu"}
REFUSED = "Tệp này là bản xuất để đọc; chỉ nhập lại được danh sách nhiệm vụ và chỉ tiêu."


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Made once for all tests of this file; what a test adds is taken back after it."""
    with django_db_blocker.unblock(), override_settings(TRACKER_TODAY=TODAY), transaction.atomic():
        yield make_every_list()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


def taken_out(client, world, name: str) -> list[list[str]]:
    """The lines of the list's CSV file, the head first."""
    address = f"{reverse('export_list', args=[name])}?ma={world.indicator}"
    asked = client.post if LISTS[name].is_personal else client.get
    response = asked(address, {"ma": world.indicator, "dang": "csv"})
    assert response.status_code == 200
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def written(lines):
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode("utf-8-sig")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", LISTS)
def test_each_list_is_known_by_its_heads(client, world, name, language):
    role = "admin" if name in {"co-quan", "nguoi-dung", "thu-di"} else "officer"
    client.force_login(make_user(role, language=language))
    lines = taken_out(client, world, name)

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


def test_the_page_says_so_at_the_file(client, world):
    client.force_login(world.officer)

    response = upload(client, taken_out(client, world, "luot-giao"))

    assert response.status_code == 422
    assert response.context["form"].errors["file"] == [REFUSED]
    assert not Import.objects.exists()


def test_the_list_of_directives_still_comes_in(client, world):
    client.force_login(world.officer)

    assert upload(client, taken_out(client, world, "nhiem-vu")).status_code == 302
    assert Import.objects.count() == 1
