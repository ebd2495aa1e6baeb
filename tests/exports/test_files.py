"""What the files hold: true numbers and days, whole texts, nothing that runs, and who may have them."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document as WordFile
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.factories import (
    TODAY,
    make_agency,
    make_assignment,
    make_directive,
    make_indicator,
    make_period,
    make_target,
    make_user,
)
from tracker.exports import making
from tracker.exports.harmless import as_written, harmless
from tracker.models import Export, Notice

pytestmark = pytest.mark.django_db

LIST = "/xuat/nhiem-vu/"
FORMULA = '=HYPERLINK("http://x.vn";"bấm")'


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def officer(client):
    user = make_user("officer")
    client.force_login(user)
    return user


def content(response) -> bytes:
    assert response.status_code == 200
    return b"".join(response)


def cells_of(client, query: str = "") -> list[tuple]:
    book = load_workbook(io.BytesIO(content(client.get(f"{LIST}?dang=xlsx&{query}"))))
    return [tuple(row) for row in book.worksheets[1].iter_rows(values_only=True)]


@given(st.text())
def test_a_harmless_cell_reads_back_as_it_was(text):
    assert as_written(harmless(text)) == text


@given(st.sampled_from("=+-@\t\r＝＋－＠"), st.text(alphabet="'=1a"))
def test_no_cell_begins_like_a_formula(first, rest):
    assert harmless(first + rest).startswith("'")


def test_excel_holds_days_numbers_and_whole_texts(client, officer):
    title = "Xây dựng trung tâm dữ liệu " * 60
    assignment = make_assignment(
        make_agency(name="UBND huyện Giao Thủy"),
        title=title.strip(),
        deadline_printed="hết quý II",
        due_on=dt.date(2020, 6, 30),
    )

    head, row = cells_of(client)

    found = dict(zip(head, row, strict=True))
    assert found["Nội dung nhiệm vụ"] == assignment.directive.title
    assert found["Thời gian hoàn thành"] == "hết quý II"
    assert found["Ngày đến hạn"] == dt.datetime(2020, 6, 30)
    assert found["Cơ quan chủ trì"] == "UBND huyện Giao Thủy"
    assert (found["TT"], found["Mức độ hoàn thành (%)"]) == (1, 0)


def test_excel_says_first_what_it_holds(client, officer):
    make_assignment(due_on=dt.date(2020, 5, 1))

    book = load_workbook(io.BytesIO(content(client.get(f"{LIST}?dang=xlsx&tt=late"))))

    told = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert book.sheetnames[0] == "Thông tin"
    assert told["Bộ lọc: Trạng thái"] == "Quá hạn"
    assert told["Số dòng"] == "1"
    assert told["Người xuất"].startswith(officer.full_name)
    assert told["Tính đến"] == "16/6/2020"


def test_nothing_in_excel_is_a_formula_or_a_link(client, officer):
    make_directive(title=FORMULA, note="http://x.vn")

    file = content(client.get(f"{LIST}?dang=xlsx"))

    parts = zipfile.ZipFile(io.BytesIO(file))
    sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/" in name]
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
    assert FORMULA in cells_of(client)[1]


def test_csv_begins_with_the_mark_and_holds_no_formula(client, officer):
    make_directive(title=FORMULA)

    text = content(client.get(f"{LIST}?dang=csv-phay")).decode()

    assert text.startswith("\ufeffTT;Nội dung nhiệm vụ;")
    assert "1;\"'=HYPERLINK(" in text


def test_word_has_the_rows_under_a_head_that_is_repeated(client, officer):
    make_directive(title="Tập huấn an toàn thông tin")

    paper = WordFile(io.BytesIO(content(client.get(f"{LIST}?dang=docx"))))

    table = paper.tables[0]
    assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
    assert table.rows[1].cells[1].text == "Tập huấn an toàn thông tin"
    assert paper.sections[0].page_width > paper.sections[0].page_height


def test_a_table_too_long_for_word_is_refused_with_a_sentence(client, officer, monkeypatch):
    from tracker.exports import files

    monkeypatch.setitem(files.FORMATS, "docx", files.Format("Word", "docx", files.DOCX, most=1))
    make_directive()
    make_directive()

    response = client.get(f"{LIST}?dang=docx")

    assert response.status_code == 422
    assert "Word và bản in chỉ nhận đến 1 dòng" in response.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_rows(client, officer):
    counts = []
    for _round in range(2):
        for _one in range(10):
            make_assignment()
        with CaptureQueriesContext(connection) as queries:
            content(client.get(f"{LIST}?dang=csv"))
        counts.append(len(queries))

    assert counts[0] == counts[1]


# Files made in the background


@pytest.fixture
def large(settings):
    settings.TRACKER_EXPORT_AT_ONCE = 0


def ask(client, form: str = "csv") -> Export:
    response = client.post(LIST, {"dang": form})
    assert response.status_code == 302
    assert response.url == reverse("export_files")
    return Export.objects.latest("pk")


def test_a_large_list_is_offered_and_asking_alone_writes_nothing(client, officer, large):
    make_directive()

    response = client.get(f"{LIST}?dang=xlsx")

    assert response.status_code == 200
    assert not Export.objects.exists()


def test_a_large_file_is_made_told_and_fetched(client, officer, large):
    make_directive(title="Tập huấn")
    export = ask(client)

    call_command("make_exports", verbosity=0)

    export.refresh_from_db()
    assert (export.status, export.rows_done) == (Export.Status.READY, 1)
    assert Notice.objects.get(user=officer, kind=Notice.Kind.EXPORT_MADE).url == reverse("export_files")
    assert "Tập huấn" in content(client.get(reverse("export_download", args=[export.pk]))).decode()


def test_asked_for_twice_it_is_made_once(client, officer, large):
    make_directive()

    assert ask(client) == ask(client)


def test_nobody_else_fetches_the_file(client, officer, large):
    make_directive()
    export = ask(client)
    call_command("make_exports", verbosity=0)
    client.force_login(make_user("admin"))

    assert client.get(reverse("export_download", args=[export.pk])).status_code == 404


def test_who_works_elsewhere_meanwhile_gets_no_file(client, officer, large):
    make_directive()
    made, waiting = ask(client), None
    call_command("make_exports", verbosity=0)
    waiting = ask(client, "xlsx")
    officer.agency = make_agency()
    officer.role = "staff"
    officer.save()
    call_command("make_exports", verbosity=0)

    waiting.refresh_from_db()
    assert waiting.status == Export.Status.FAILED
    assert client.get(reverse("export_download", args=[made.pk])).status_code == 403


def test_a_file_left_behind_by_a_dead_process_is_made_anew(client, officer, large):
    make_directive()
    export = ask(client)
    taken = Export.claim(export.at)
    assert Export.claim(export.at) is None

    assert Export.claim(export.at + dt.timedelta(minutes=16)) == taken
    taken.finish(io.BytesIO(b"late"), name="a.csv", rows=1, at=export.at)

    export.refresh_from_db()
    assert export.status == Export.Status.MAKING


class Killed(BaseException):
    """What nobody catches, as nobody catches the end of a process."""


def test_a_file_whose_maker_dies_is_given_up_after_three_attempts(client, officer, large, monkeypatch):
    make_directive()
    export = ask(client)

    def die(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(making, "write_file", die)
    for _attempt in range(3):
        with pytest.raises(Killed):
            making.make_waiting()
        assert making.make_waiting() == 0
        Export.objects.update(started_at=F("started_at") - dt.timedelta(minutes=16))
    assert not Notice.objects.exists()
    making.make_waiting()
    making.make_waiting()

    export.refresh_from_db()
    assert (export.status, export.attempts) == (Export.Status.FAILED, 3)
    assert Notice.objects.get(user=officer, kind=Notice.Kind.EXPORT_MADE).words["failed"]
    page = client.get(reverse("export_files")).content.decode()
    assert "Không tạo được tệp sau ba lần thử" in page


def test_a_file_that_fails_for_a_reason_is_not_tried_again(client, officer, large, monkeypatch):
    make_directive()
    export = ask(client)
    monkeypatch.setattr(making, "write_file", lambda *_: 1 // 0)

    assert (making.make_waiting(), making.make_waiting()) == (1, 0)

    export.refresh_from_db()
    assert (export.status, export.attempts) == (Export.Status.FAILED, 1)
    assert "Không tạo được tệp. Đề nghị xuất lại" in client.get(reverse("export_files")).content.decode()


def test_files_go_after_seven_days(client, officer, large):
    make_directive()
    export = ask(client)
    call_command("make_exports", verbosity=0)
    export.refresh_from_db()
    later = export.finished_at + dt.timedelta(days=8)

    assert (Export.expire(later), Export.expire(later)) == (1, 0)
    assert client.get(reverse("export_download", args=[export.pk])).status_code == 404


# Personal data


def test_taking_out_the_users_is_written_down_each_time(client):
    admin = make_user("admin")
    client.force_login(admin)
    address = f"{reverse('export_list', args=['nguoi-dung'])}?xem=tat-ca"

    assert client.get(f"{address}&dang=csv").status_code == 200
    assert not Export.objects.exists()
    for _time in range(2):
        content(client.post(address, {"dang": "csv"}))

    noted = Export.objects.filter(is_personal=True, by=admin, query="xem=tat-ca", rows_total=1)
    assert noted.count() == 2
    client.force_login(make_user("admin"))
    assert admin.full_name in client.get(reverse("export_files")).content.decode()


def test_a_number_with_more_digits_than_excel_keeps_is_written_as_text():
    from tracker.exports.excel import write_excel
    from tracker.exports.information import About
    from tracker.exports.sheet import Sheet, from_records, number, text

    columns = [text("A"), number("B")]
    value = Decimal("12345678901234567.5")
    rows = from_records(columns, [1], lambda _one: ["x" * 40_000, value])
    target = io.BytesIO()

    write_excel(Sheet("S", columns, rows, 1, TODAY), About("A", "B", dt.datetime(2020, 6, 16)), target)

    cell, written = load_workbook(target).worksheets[1][2]
    assert len(cell.value) == 32_767
    assert written.value == "12.345.678.901.234.567,5"


def test_a_plan_shared_out_evenly_is_a_number_with_the_decimals_that_its_indicator_shows(client, officer):
    make_period()
    make_target(make_indicator(name="Số trạm", unit="trạm", decimals=1), "1000.123456")

    file = content(client.get("/xuat/chi-tieu/?dang=xlsx"))
    head, row = load_workbook(io.BytesIO(file)).worksheets[1].iter_rows(max_row=2, values_only=True)
    said = dict(zip(head, row, strict=True))

    assert (said["Kế hoạch"], said["Kế hoạch đến kỳ"]) == (1000.123456, 416.7)
