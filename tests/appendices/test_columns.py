"""Heads of columns: all the words that offices print, and tables without any."""

import pytest

from tests.appendices.files import make_directory
from tracker.appendices import Kind, Table, read_appendix
from tracker.appendices.columns import ENGLISH, HEADERS

DIRECTORY = make_directory()
INDICATORS_ONLY = {"unit", "target"}


def columns_of(*lines: list[str], kind: Kind | None = None) -> list[str]:
    rows = [*lines, ["1", *["Rà soát"] * (len(lines[0]) - 1)]]
    return read_appendix([Table("", rows)], directory=DIRECTORY, year=2020, kind=kind).columns[0]


@pytest.mark.parametrize(
    ("role", "head"),
    [
        (role, head)
        for names in (HEADERS, ENGLISH)
        for role, heads in names.items()
        for head in heads
        if role != "content"
    ],
)
@pytest.mark.parametrize(
    "shape", [str, str.upper, lambda head: f"{head}  (*)", lambda head: head.replace(" ", "\n")]
)
def test_each_printed_head_names_its_column(role, head, shape):
    kind = Kind.INDICATORS if role in INDICATORS_ONLY else Kind.DIRECTIVES

    assert columns_of(["Nội dung", shape(head)], kind=kind) == ["content", role]


@pytest.mark.parametrize("head", [*HEADERS["content"], *ENGLISH["content"]])
def test_each_printed_head_names_the_text(head):
    assert columns_of(["TT", head, "Ghi chú"]) == ["index", "content", "note"]


@pytest.mark.parametrize(
    ("head", "kind", "role"),
    [
        ("Đơn vị", Kind.DIRECTIVES, "lead"),
        ("Đơn vị", Kind.INDICATORS, "unit"),
        ("Kết quả", Kind.DIRECTIVES, "product"),
        ("Kết quả", Kind.INDICATORS, "target"),
        ("Mục tiêu 2026", Kind.INDICATORS, "target"),
        ("Giai đoạn 2026-2030", Kind.INDICATORS, "target"),
        ("Thời gian bắt đầu", Kind.DIRECTIVES, ""),
        ("Thực hiện 2019", Kind.INDICATORS, ""),
        ("So với cùng kỳ", Kind.INDICATORS, ""),
        ("Thời gian hoàn thành (tháng/năm)", Kind.DIRECTIVES, "deadline"),
        ("Cơ quan chủ trì tham mưu", Kind.DIRECTIVES, "lead"),
    ],
)
def test_a_head_may_depend_on_the_kind_of_appendix(head, kind, role):
    assert columns_of(["TT", "Nội dung", head, "Ghi chú"], kind=kind) == ["index", "content", role, "note"]


@pytest.mark.parametrize(
    ("above", "start", "end"),
    [
        ("Thời gian", "Bắt đầu", "Hoàn thành"),
        ("Thời gian", "Bắt đầu", "Kết thúc"),
        ("THỜI GIAN THỰC HIỆN", "BẮT ĐẦU", "KẾT THÚC"),
        ("Thời gian thực hiện", "Từ", "Đến"),
        ("Thời gian thực hiện", "Từ ngày", "Đến ngày"),
        ("Thời gian thực hiện", "Từ tháng…", "Đến tháng…"),
        ("Thời gian", "Khởi công", "Hoàn thành"),
        ("Thời gian", "Triển khai", "Hoàn thành"),
        ("Thời hạn", "Ngày giao", "Ngày hoàn thành"),
        ("Tiến độ", "Thời gian bắt đầu", "Thời gian hoàn thành"),
        ("", "Thời gian bắt đầu", "Thời gian kết thúc"),
        ("", "Ngày bắt đầu", "Ngày hoàn thành"),
        ("", "Từ ngày", "Đến ngày"),
    ],
)
@pytest.mark.parametrize("start_first", [True, False])
def test_of_a_start_and_an_end_the_end_is_the_deadline(above, start, end, start_first):
    both = [start, end] if start_first else [end, start]
    upper = ["TT", "Nội dung nhiệm vụ", "Chủ trì", above, "", "Ghi chú"]
    lines = [upper, ["", "", "", *both, ""]] if above else [[*upper[:3], *both, "Ghi chú"]]

    roles = columns_of(*lines)

    assert roles == [
        "index",
        "content",
        "lead",
        *(["", "deadline"] if start_first else ["deadline", ""]),
        "note",
    ]


@pytest.mark.parametrize(
    "head", ["Từ … đến …", "Từ ngày - đến ngày", "Thời gian (từ ngày… đến ngày…)", "Thời gian từ… đến…"]
)
def test_one_column_for_start_and_end_is_the_deadline(head):
    assert columns_of(["TT", "Nội dung", head]) == ["index", "content", "deadline"]


def test_cells_of_start_and_end_give_the_day_of_the_end():
    rows = [
        ["TT", "Nội dung nhiệm vụ", "Thời gian", ""],
        ["", "", "Bắt đầu", "Hoàn thành"],
        ["1", "Rà soát thủ tục", "01/3/2020", "30/6/2020"],
    ]

    reading = read_appendix([Table("", rows)], directory=DIRECTORY, year=2020)

    assert [str(row.deadline.due_on) for row in reading.rows if row.is_work] == ["2020-06-30"]


def test_the_kind_is_told_from_the_head():
    tasks = [Table("", [["TT", "Chỉ tiêu", "Đơn vị chủ trì", "Thời hạn"]])]
    indicators = [Table("", [["TT", "Chỉ tiêu", "ĐVT", "Kế hoạch"]])]

    assert read_appendix(tasks, directory=DIRECTORY, year=2020).kind is Kind.DIRECTIVES
    assert read_appendix(indicators, directory=DIRECTORY, year=2020).kind is Kind.INDICATORS


def test_a_title_above_the_head_and_notes_around_it_name_nothing():
    rows = [
        ["Nhiệm vụ trọng tâm năm 2020 của các cơ quan chủ trì", "", ""],
        ["(kèm theo Kế hoạch số 12/KH-UBND)", "", ""],
        ["STT", "Công việc", "Chủ trì"],
        ["1", "Rà soát", "Sở Y tế"],
    ]

    reading = read_appendix([Table("", rows)], directory=DIRECTORY, year=2020)

    assert reading.columns == [["index", "content", "lead"]]
    assert [row.row_class.value for row in reading.rows] == ["noise", "noise", "noise", "task"]


def test_a_table_that_is_no_appendix_is_left_out():
    rows = [
        ["UBND TỈNH NAM ĐỊNH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["Số: 12/KH-UBND", "Độc lập - Tự do - Hạnh phúc"],
    ]

    reading = read_appendix([Table("", rows)], directory=DIRECTORY, year=2020)

    assert (reading.columns, reading.counts["noise"], len(reading.rows)) == ([["", ""]], 2, 2)


def test_indicators_without_a_head_are_guessed_by_their_numbers():
    rows = [
        ["1", "Doanh thu bưu chính, chuyển phát", "tỷ đồng", "126"],
        ["2", "Doanh thu ngành in", "tỷ đồng", "206"],
    ]

    reading = read_appendix([Table("", rows)], directory=DIRECTORY, year=2020, kind=Kind.INDICATORS)

    assert reading.columns == [["index", "content", "unit", "target"]]
    assert [str(row.target and row.target.value) for row in reading.rows] == ["126", "206"]
