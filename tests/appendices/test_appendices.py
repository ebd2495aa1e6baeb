"""Appendices in the styles of real provinces: each line's class, bodies and day, counted by hand."""

import datetime as dt
import io
import unicodedata

import openpyxl

from tests.appendices.files import (
    counted_by_word,
    excel_file,
    in_a_content_control,
    make_directory,
    saved,
    with_a_tracked_deletion,
    word_file,
)
from tracker.appendices import Kind, Reading, Row, Table, open_tables, pasted_tables, read_appendix

DIRECTORY = make_directory()
HEAD = ["TT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Sản phẩm", "Thời gian hoàn thành"]


def read(tables: list[Table], **options) -> Reading:
    return read_appendix(tables, directory=DIRECTORY, year=2020, **options)


def told(reading: Reading) -> list[tuple[str, str, str, str]]:
    """Class, number, codes of the leads and the day or kind of deadline of each line, as short words."""
    return [
        (
            row.row_class.value,
            row.index,
            " ".join(body.code for body in row.leads.found),
            str(row.deadline.due_on or row.deadline.kind) if row.is_work else "",
        )
        for row in reading.rows
    ]


def work(reading: Reading) -> list[Row]:
    return [row for row in reading.rows if row.is_work]


def codes(row: Row) -> list[tuple[str, bool]]:
    return [(doubt.code, doubt.must) for doubt in row.doubts]


def test_a_plan_in_word_over_two_pages_with_a_head_of_two_lines_and_signatures():
    rows = [
        ["PHỤ LỤC: NHIỆM VỤ TRỌNG TÂM NĂM 2020", "", "", "", "", ""],
        ["TT", "Nội dung nhiệm vụ", "Cơ quan thực hiện", "", "Sản phẩm", "Thời gian hoàn thành"],
        ["", "", "Chủ trì", "Phối hợp", "", ""],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        ["I", "LĨNH VỰC BƯU CHÍNH,", "", "", "", ""],
        ["", "VIỄN THÔNG", "", "", "", ""],
        [
            "1.",
            "Đưa mạng 5G vào khai thác",
            "Sở TT&TT",
            "VNPT; các sở, ngành liên quan",
            "Báo cáo",
            "Quý II/2020",
        ],
        ["2)", "Quản lý thuê bao trả trước, không để sim rác", "Sở TTTT", "Công an tỉnh", "", "Thường xuyên"],
        ["TT", "Nội dung nhiệm vụ", "Cơ quan thực hiện", "", "Sản phẩm", "Thời gian hoàn thành"],
        ["", "", "Chủ trì", "Phối hợp", "", ""],
        ["", "quay trở lại trên địa bàn tỉnh", "", "", "", ""],
        ["II", "ỨNG DỤNG CÔNG NGHỆ THÔNG TIN", "", "", "", ""],
        ["1", "Phần mềm quản lý hồ sơ công việc", "Văn phòng Tỉnh uỷ", "", "", "hết quý II"],
        ["1.1", "Chữ ký số", "", "", "", "31/11/2020"],
        ["a)", "Chữ ký số của cấp huyện", "UBND các huyện, TP", "", "", "12/2020"],
        ["", "Tổng cộng: 5 nhiệm vụ", "", "", "", ""],
        ["Nơi nhận:\n- Như trên;\n- Lưu: VT.", "", "", "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH", "", ""],
        ["", "", "", "Trần Lê Đoài", "", ""],
    ]
    content = word_file(rows, merged=[(0, 1, 2, 1, 3), (0, 1, 0, 2, 0), (0, 1, 1, 2, 1), (0, 4, 1, 4, 5)])

    reading = read(open_tables(content, "ke-hoach.docx"))

    assert reading.kind is Kind.DIRECTIVES
    assert reading.columns == [["index", "content", "lead", "coordinate", "product", "deadline"]]
    assert reading.counts == {"heading": 2, "task": 3, "sub_item": 2, "continuation": 2, "noise": 9}
    assert [one for one in told(reading) if one[0] != "noise"] == [
        ("heading", "I", "", ""),
        ("continuation", "", "", ""),
        ("task", "1", "S01", "2020-06-30"),
        ("task", "2", "S01", "ongoing"),
        ("continuation", "", "", ""),
        ("heading", "II", "", ""),
        ("task", "1", "P01", "2020-06-30"),
        ("sub_item", "1.1", "P01", "none"),
        ("sub_item", "a", "G01", "2020-12-31"),
    ]
    first, second, third, part, item = work(reading)
    assert first.heading == "LĨNH VỰC BƯU CHÍNH, VIỄN THÔNG"
    assert second.text == "Quản lý thuê bao trả trước, không để sim rác quay trở lại trên địa bàn tỉnh"
    assert (part.parent, item.parent) == (third.number, third.number)
    assert [body.code for body in first.cooperating.found] == ["T01"]
    assert codes(first) == [("unknown_body", False)]
    assert [(doubt.code, doubt.fix) for doubt in part.doubts] == [("deadline_impossible", "30/11/2020")]


def test_a_programme_in_excel_grouped_by_agency_has_the_lead_in_its_headings():
    sheet = [
        ["ỦY BAN NHÂN DÂN TỈNH", None, None, None],
        ["CHƯƠNG TRÌNH CÔNG TÁC NĂM 2020", None, None, None],
        [None, None, None, None],
        ["Stt", "Tên nhiệm vụ", "Thời gian trình", "Ghi chú"],
        ["A", "SỞ NỘI VỤ", None, None],
        [1.0, "Đề án vị trí việc làm", dt.datetime(2020, 6, 15), None],
        [2.0, "Kế hoạch cải cách hành chính", "Tháng 10/2020", "Trình\u00a0HĐND  "],
        ["B", "Sở Văn hóa, Thể thao và Du lịch", None, None],
        [1.0, "Tuyên truyền đại hội đảng các cấp", "2020 và những năm tiếp theo", None],
        [None, "Ghi chú: các nhiệm vụ phát sinh giao sau", None, None],
    ]

    reading = read(open_tables(excel_file(("CTCT 2020", sheet)), "chuong-trinh.xlsx"))

    assert told(reading) == [
        ("noise", "", "", ""),
        ("noise", "", "", ""),
        ("noise", "", "", ""),
        ("heading", "A", "", ""),
        ("task", "1", "S03", "2020-06-15"),
        ("task", "2", "S03", "2020-10-31"),
        ("heading", "B", "", ""),
        ("task", "1", "S13", "range"),
        ("noise", "", "", ""),
    ]
    assert [row.number for row in work(reading)] == [6, 7, 9]
    assert [row.cells.get("note") for row in work(reading)] == [None, "Trình HĐND", None]
    assert [codes(row) for row in work(reading)] == [[], [], [("deadline_open_range", True)]]


def test_a_matrix_says_with_x_which_body_leads():
    sheet = [
        ["STT", "Nhiệm vụ", "Đơn vị thực hiện", None, None, "Thời hạn"],
        [None, None, "Sở Nội vụ", "Sở Tài chính", "UBND các huyện, thành phố", None],
        [1, "Rà soát thủ tục hành chính", "x", None, "X", "30-6-2020"],
        [2, "Bố trí kinh phí", "PH", "CT", None, "Hằng năm"],
    ]
    content = excel_file(("Phân công", sheet), merged=["C1:E1", "A1:A2", "B1:B2", "F1:F2"])

    reading = read(open_tables(content, "ma-tran.xlsx"))

    assert reading.columns == [["index", "content", "lead", "lead", "lead", "deadline"]]
    assert told(reading)[2:] == [("task", "1", "S03 G01", "2020-06-30"), ("task", "2", "S06", "yearly")]
    assert [row.cells["lead"] for row in work(reading)] == [
        "Sở Nội vụ\nUBND các huyện, thành phố",
        "Sở Tài chính",
    ]
    assert [body.code for body in work(reading)[1].cooperating.found] == ["S03"]


def test_indicators_with_dots_operators_ranges_and_words():
    rows = [
        ["TT", "Chỉ tiêu", "ĐVT", "Thực hiện 2019", "Kế hoạch 2020", "So với cùng kỳ", "Cơ quan theo dõi"],
        ["I", "Bưu chính, viễn thông", "", "", "", "", ""],
        ["1", "Doanh thu viễn thông, internet", "tỷ đồng", "1.720", "1.800", "", ""],
        ["2", "Thuê bao phát triển mới", "nghìn thuê bao", "35", "38.000", "", ""],
        ["3", "Cán bộ dùng thư điện tử công vụ", "%", "80%", "≥ 90%", "", ""],
        ["4", "Cơ quan dùng chữ ký số", "%", "100", "100%", "", ""],
        ["5", "Xếp hạng Chính phủ điện tử", "Hạng", "30", "≤ 3 Đông Nam Á; ≤ 50 Thế giới", "", ""],
        ["6", "Hồ sơ trực tuyến", "%", "42", "40 - 50", "", ""],
        ["7", "Điểm bưu điện văn hóa xã", "điểm", "", ">12", "", ""],
        ["", "Tổng số", "", "", "", "", ""],
    ]

    reading = read(open_tables(word_file(rows), "chi-tieu.docx"))

    assert reading.kind is Kind.INDICATORS
    assert reading.columns == [["index", "content", "unit", "", "target", "", ""]]
    assert reading.counts == {"heading": 1, "task": 7, "sub_item": 0, "continuation": 0, "noise": 2}
    assert [
        (row.target.operator, str(row.target.value), str(row.target.upper), row.target.unit, row.target.words)
        for row in work(reading)
    ] == [
        ("ge", "1800", "None", "tỷ đồng", ""),
        ("ge", "38000", "None", "nghìn thuê bao", ""),
        ("ge", "90", "None", "%", ""),
        ("ge", "100", "None", "%", ""),
        ("", "None", "None", "Hạng", "≤ 3 Đông Nam Á; ≤ 50 Thế giới"),
        ("range", "40", "50", "%", ""),
        ("gt", "12", "None", "điểm", ""),
    ]
    assert [[(doubt.code, doubt.fix) for doubt in row.doubts] for row in work(reading)[:3]] == [
        [("thousands", "1,8")],
        [("thousands", "38")],
        [],
    ]


def test_what_excel_makes_of_numbers_days_and_formulas():
    sheet = [
        ["Số TT", "Nội dung công việc", "Đơn vị chủ trì", "Hạn xử lý", "Kết quả"],
        [11.0, "Xây dựng chính quyền điện tử", "STTTT", 44000, "=1+1"],
        [11.9, "Cổng dịch vụ công", "VPUB", dt.datetime(2020, 6, 1), None],
        [11.1, "Dịch vụ công mức độ 3, 4", "VP UBND tỉnh", "01/01/1970", 0.8],
        [12.0, "Phần mềm dùng chung", "=B2", dt.datetime(2020, 12, 31), None],
    ]
    content = excel_file(
        ("Giao việc", sheet), formats={"D3": "m/yyyy", "A4": "0.00", "E4": "0%", "D5": "dd/mm/yyyy"}
    )

    reading = read(open_tables(content, "giao-viec.xlsx"))

    assert told(reading)[1:] == [
        ("task", "11", "S01", "2020-06-18"),
        ("sub_item", "11.9", "S02", "2020-06-30"),
        ("sub_item", "11.10", "S02", "none"),
        ("task", "12", "", "2020-12-31"),
    ]
    first, _second, third, last = work(reading)
    assert [(doubt.code, doubt.must, doubt.fix) for doubt in first.doubts] == [
        ("formula", True, None),
        ("serial", False, "18/6/2020"),
    ]
    assert first.cells["product"] == "=1+1"
    assert third.cells["product"] == "80%"
    assert codes(third) == []
    assert codes(last) == [("formula", True)]


def test_a_list_with_semicolons_in_odd_order_with_letters_of_other_alphabets_and_broken_accents():
    composed = "Tăng cường quản lý báo chí"
    text = "\r\n".join(
        [
            "Thời hạn;Mã;STT;Cơ quan phối hợp;Nội dung;Cơ quan, đơn vị chủ trì",
            f"15/6;NV-2020-007;7;;{unicodedata.normalize('NFD', composed)};Sở\u00a0Thông tin và Truyền thông  ",
            "6/2020;;3;;Ðịnh hướng tuyên truyền;Ban Tuyên giáо",
            '"";;7;;"Nhiệm vụ có\nxuống dòng; và dấu chấm phẩy";Sở Nội vụ Sở Tài chính',
            f"Quý IV/2020;;1;;Nâng cao hiệu quả {'công tác ' * 218}năm 2020;Sở Y tế",
            "31/12/2020;;2;;;Sở Y tế",
        ]
    )

    reading = read(open_tables(b"\xef\xbb\xbf" + text.encode(), "danh-sach.csv"))

    assert reading.columns == [["deadline", "code", "index", "coordinate", "content", "lead"]]
    assert told(reading)[1:] == [
        ("task", "7", "S01", "2020-06-15"),
        ("task", "3", "P04", "2020-06-30"),
        ("task", "7", "S03 S06", "none"),
        ("task", "1", "S16", "2020-12-31"),
        ("task", "2", "S16", "2020-12-31"),
    ]
    first, second, third, long, empty = work(reading)
    assert (first.text, first.cells["code"]) == (composed, "NV-2020-007")
    assert second.text == "Định hướng tuyên truyền"
    assert [(doubt.code, doubt.role, doubt.fix) for doubt in second.doubts] == [
        ("lookalike", "content", "Định hướng tuyên truyền"),
        ("lookalike", "lead", "Ban Tuyên giáo"),
    ]
    assert third.text == "Nhiệm vụ có xuống dòng; và dấu chấm phẩy"
    assert third.cells["content"] == "Nhiệm vụ có\nxuống dòng; và dấu chấm phẩy"
    assert [(doubt.code, doubt.must, doubt.fix) for doubt in third.doubts] == [
        ("several_bodies", True, "Sở Nội vụ; Sở Tài chính")
    ]
    assert (len(long.text), codes(long)) == (1988, [])
    assert codes(empty) == [("no_text", True)]


def test_a_pasted_table_without_a_head_is_understood_by_what_its_columns_hold():
    text = "\n".join(
        [
            "1\tNghiêm túc thực hiện Nghị định 49/2017/NĐ-CP\tPhòng BC-VT\t30/11/2020",
            "2\tSử dụng chữ ký số trong văn bản đi của các cơ quan\tHuyện uỷ Giao Thuỷ\thết quý II",
            "3\tTập trung đảm bảo an ninh thông tin mạng\tTrung tâm CNTT&TT\tThường xuyên",
        ]
    )

    reading = read(pasted_tables(text))

    assert reading.columns == [["index", "content", "lead", "deadline"]]
    assert told(reading) == [
        ("task", "1", "O04", "2020-11-30"),
        ("task", "2", "P12-09", "2020-06-30"),
        ("task", "3", "O07", "ongoing"),
    ]


def test_a_word_table_counted_by_word_inside_a_form_with_a_tracked_deletion():
    rows = [
        ["STT", "Nhiệm vụ được giao", "Cơ quan, đơn vị chủ trì", "Thời hạn hoàn thành"],
        ["", "Triển khai tuyên truyền đại hội đảng bộ", "Ban Tuyên giáo", "2020"],
        ["", "Phối hợp với các ngành liên quan", "Sở VH,TT&DL, Sở LĐ-TB&XH", "Quý III năm 2020"],
    ]
    content = in_a_content_control(with_a_tracked_deletion(counted_by_word(rows), (2, 1), " chưa duyệt"))

    reading = read(open_tables(content, "chi-dao.docx"))

    assert told(reading) == [
        ("noise", "", "", ""),
        ("task", "1", "P04", "2020-12-31"),
        ("task", "2", "S13 S12", "2020-09-30"),
    ]
    assert work(reading)[1].text == "Phối hợp với các ngành liên quan"


def test_cells_merged_downwards_and_a_table_that_goes_on_without_a_head():
    first = [
        HEAD,
        ["1", "Kế hoạch chuyển đổi số", "Sở Tài chính", "", "Kế hoạch", "30/6"],
        ["", "", "Sở Y tế", "", "", ""],
        ["2", "Bưu chính công ích", "Sở Y tế", "", "", "31/12"],
    ]
    second = [
        ["3", "Kinh tế số", "Sở Công Thương", "", "", "6/2020"],
        ["4", "Đô thị thông minh", "", "", "", ""],
    ]
    content = word_file(first, second, merged=[(0, 1, 1, 2, 1), (0, 1, 0, 2, 0)])

    reading = read(open_tables(content, "ke-hoach.docx"))

    assert told(reading) == [
        ("noise", "", "", ""),
        ("task", "1", "S06 S16", "2020-06-30"),
        ("continuation", "1", "", ""),
        ("task", "2", "S16", "2020-12-31"),
        ("task", "3", "S07", "2020-06-30"),
        ("task", "4", "", "none"),
    ]
    assert [row.table for row in work(reading)] == [0, 0, 1, 1]
    assert [row.number for row in work(reading)] == [2, 4, 5, 6]
    assert codes(work(reading)[-1]) == [("no_lead", False)]


def test_a_list_of_our_own_is_read_by_its_codes_and_its_first_sheet_left_out():
    about = [["Danh sách", "Nhiệm vụ"], ["Tính đến", "16/6/2020"]]
    listed = [
        ["TT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Thời gian hoàn thành", "Mã", "Hạn", "Trạng thái"],
        [
            1,
            "Tổng kết Nghị định 49/2017/NĐ-CP",
            "Sở Tư pháp",
            "",
            "NV-2020-001",
            dt.datetime(2020, 6, 1),
            "Mới",
        ],
    ]

    reading = read(open_tables(excel_file(("Thông tin", about), ("Nhiệm vụ", listed)), "nhiem-vu.xlsx"))

    assert reading.columns == [["index", "content", "lead", "deadline", "code", "", ""]]
    assert told(reading) == [("noise", "", "", ""), ("task", "1", "S04", "none")]
    assert work(reading)[0].cells["code"] == "NV-2020-001"


def test_arabic_numbers_head_sections_when_only_their_parts_have_bodies():
    rows = [
        HEAD,
        ["1", "Về báo chí", "", "", "", ""],
        ["1.1", "Quản lý báo chí", "Sở TT&TT", "", "", "Thường xuyên"],
        ["1.2", "Thông tin đối ngoại", "Sở TT&TT", "", "", "Thường xuyên"],
    ]

    reading = read([Table("", rows)])

    assert [row.row_class.value for row in reading.rows] == ["noise", "heading", "task", "task"]
    assert work(reading)[1].heading == "Về báo chí"


def test_names_broken_over_two_rows_are_put_together():
    rows = [
        HEAD,
        ["1", "Tổ chức các ngày", "Sở Văn hóa, Thể", "Sở Nội vụ", "", "30/4"],
        ["", "lễ lớn", "thao và Du lịch", "Sở Y tế", "", ""],
    ]

    reading = read([Table("", rows)])

    task = work(reading)[0]
    assert task.cells["lead"] == "Sở Văn hóa, Thể thao và Du lịch"
    assert task.cells["coordinate"] == "Sở Nội vụ\nSở Y tế"
    assert codes(task) == []
    assert task.text == "Tổ chức các ngày lễ lớn"


def test_a_person_says_which_column_is_which():
    rows = [["Việc", "Ai"], ["Rà soát thủ tục", "Sở Tư pháp"]]

    reading = read([Table("", rows)], columns=[["content", "lead"]])

    assert [row.text for row in work(reading)] == ["Việc", "Rà soát thủ tục"]
    assert told(reading)[1] == ("task", "", "S04", "none")


def test_only_the_column_of_the_year_is_the_target():
    rows = [
        ["TT", "Chỉ tiêu", "Đơn vị tính", "Kế hoạch 2019", "Kế hoạch năm 2020"],
        ["1", "A", "%", "70", "80"],
    ]

    reading = read([Table("", rows)])

    assert reading.columns == [["index", "content", "unit", "", "target"]]


def test_hidden_sheets_are_not_read():
    book = openpyxl.load_workbook(
        io.BytesIO(excel_file(("Ẩn", [HEAD, ["1", "Cũ"]]), ("Nhiệm vụ", [HEAD, ["1", "Mới"]])))
    )
    book["Ẩn"].sheet_state = "hidden"

    assert [table.title for table in open_tables(saved(book), "a.xlsx")] == ["Nhiệm vụ"]


def test_work_that_begins_like_a_signature_and_work_below_a_signature_is_not_lost():
    rows = [
        HEAD,
        ["1", "Rà soát thủ tục", "Sở Y tế", "", "", "Quý I"],
        ["", "Ký ban hành quy chế mới", "Sở Nội vụ", "", "", "Quý II"],
        ["", "(Ký tên, đóng dấu)", "", "", "", ""],
        ["", "Trần Lê Đoài", "", "", "", ""],
        ["", "Báo cáo kết quả", "Sở Tài chính", "", "", "Quý III"],
    ]

    reading = read([Table("", rows)])

    assert told(reading)[1:] == [
        ("task", "1", "S16", "2020-03-31"),
        ("task", "", "S03", "2020-06-30"),
        ("noise", "", "", ""),
        ("noise", "", "", ""),
        ("task", "", "S06", "2020-09-30"),
    ]


def test_a_body_that_only_helps_is_not_taken_as_lead_without_asking():
    reading = read([Table("", [HEAD, ["1", "Họp", "Sở TT&TT (chủ trì); Sở Tài chính (phối hợp)"]])])

    row = reading.rows[-1]
    assert [body.code for body in row.leads.found] == ["S01"]
    assert codes(row) == [("unknown_body", True)]


def test_part_of_an_indicator_without_a_number_keeps_its_own_target():
    rows = [
        ["STT", "Chỉ tiêu", "Đơn vị tính", "Kế hoạch 2020"],
        ["1", "Thu nhập bình quân", "Triệu đồng", "65 - 70"],
        ["", "Trong đó: nông thôn", "Triệu đồng", "45"],
        ["-", "Thành thị", "Triệu đồng", "80"],
    ]

    reading = read([Table("", rows)])

    assert [(row.text, row.target.value, row.target.upper) for row in work(reading)] == [
        ("Thu nhập bình quân", 65, 70),
        ("Trong đó: nông thôn", 45, None),
        ("Thành thị", 80, None),
    ]
    assert codes(work(reading)[1]) == [("no_number", False)]
