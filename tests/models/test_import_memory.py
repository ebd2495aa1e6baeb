"""What was decided about the rows of a document is remembered when it is imported again, and the page says so."""

import pytest
from django.urls import reverse

from tests.factories import TODAY, make_agency, make_document, make_field, make_user
from tracker.appendices import pasted_tables
from tracker.importing import apply, begin, read_again
from tracker.models import Import

pytestmark = pytest.mark.django_db

HEAD = "STT\tNội dung nhiệm vụ\tCơ quan chủ trì\tThời gian hoàn thành"
TASK = "1\tĐưa mạng 5G vào khai thác\tHuyện ủy Giao Thủy\t31/12/2020"
REST = "\ttại khu công nghiệp Bảo Minh\t\t"
AS_A_TASK = "\ttại khu công nghiệp Bảo Minh\tHuyện ủy Giao Thủy\t31/12/2020"


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def office():
    make_agency(name="Huyện ủy Giao Thủy")
    return {"officer": make_user("officer"), "document": make_document(), "field": make_field()}


def read(office, *lines, **fields):
    text = "\n".join([HEAD, *lines])
    about = {"kind": Import.Kind.DIRECTIVES, "year": 2020, "pasted": text, "document": office["document"]}
    about |= {"field": office["field"]} | fields
    return begin(pasted_tables(text), by=office["officer"], **about)


def row(batch, number):
    return batch.rows.get(number=number, part=0)


def put_right(batch, number, **cells):
    one = row(batch, number)
    one.put_right(cells, state=one.state)


def columns_page(client, office, batch):
    client.force_login(office["officer"])
    return client.get(reverse("import_columns", args=[batch.pk])).text


def written(office, batch):
    return apply(batch, by=office["officer"], today=TODAY)


def test_what_was_the_rest_of_a_row_is_read_anew_once_it_is_a_task(office):
    first = read(office, TASK, REST)
    assert row(first, 3).row_class == "continuation"
    rest = row(first, 3)
    rest.choose("skip", state=rest.state)
    written(office, first)

    again = read(office, AS_A_TASK, TASK)

    assert (row(again, 2).row_class, row(again, 2).choice) == ("task", "take")
    assert again.outcome["taken_over"] == 0


def test_the_class_that_a_person_has_chosen_is_taken_over(office):
    first = read(office, TASK, AS_A_TASK)
    heading = row(first, 3)
    heading.take_as("heading", state=heading.state)
    put_right(first, 3, deadline="30/9/2020")
    written(office, first)

    again = read(office, TASK, AS_A_TASK)

    assert row(again, 3).row_class == "heading"
    assert row(again, 3).edited == {"deadline": "30/9/2020"}


def test_the_page_of_columns_says_what_was_taken_over_and_from_where(client, office):
    first = read(office, TASK, file_name="phu-luc-1.docx")
    put_right(first, 2, deadline="30/9/2020")
    written(office, first)

    again = read(office, TASK)
    page = columns_page(client, office, again)

    assert "1 chỗ đã sửa ở lần nhập trước “phu-luc-1.docx”" in page
    assert "Đã có dòng được sửa" not in page
    put_right(again, 2, deadline="31/10/2020")
    again.refresh_from_db()
    page = columns_page(client, office, again)
    assert "“phu-luc-1.docx”" in page
    assert "Đã có dòng được sửa" in page


def test_a_first_import_says_nothing_of_an_earlier_one_until_a_row_is_put_right(client, office):
    batch = read(office, TASK)
    page = columns_page(client, office, batch)
    assert "lần nhập trước" not in page
    assert "Đã có dòng được sửa" not in page

    put_right(batch, 2, deadline="30/9/2020")
    batch.refresh_from_db()
    assert "Đã có dòng được sửa" in columns_page(client, office, batch)

    batch.refresh_from_db()
    other = [["index", "content", "coordinate", "deadline"]]
    read_again(batch, pasted_tables(batch.pasted), columns=other, expected_version=batch.version)
    batch.refresh_from_db()
    assert "Đã có dòng được sửa" not in columns_page(client, office, batch)
