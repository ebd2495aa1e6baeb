"""Which files are opened, and the sentence for each that is not. Nobody gets an error page for a file."""

import io
import zipfile
from copy import deepcopy

import docx
import pytest
from django.utils.translation import override
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from tests.appendices.files import excel_file, repacked, saved, word_file
from tracker.appendices import Table, Unreadable, files, open_tables, pasted_tables

HEAD = ["TT", "Nội dung", "Chủ trì"]
WORD = word_file([HEAD, ["1", "Rà soát", "Sở Y tế"]])
EXCEL = excel_file(("Nhiệm vụ", [HEAD, [1, "Rà soát", "Sở Y tế"]]))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504

MACROS = "Tệp có macro nên không được mở; hãy lưu không kèm macro rồi gửi lại."
PASSWORD = "Tệp có mật khẩu; hãy bỏ mật khẩu rồi gửi lại."
OLD = "Đây là tệp kiểu cũ (trước năm 2007); hãy lưu thành .docx hoặc .xlsx rồi gửi lại."
KINDS = "Chỉ đọc được tệp .docx, .xlsx và .csv; hãy lưu tệp thành một trong các loại này."
NOT_WORD = "Nội dung không phải của tệp .docx; hãy lưu lại rồi gửi."
NOT_EXCEL = "Nội dung không phải của tệp .xlsx; hãy lưu lại rồi gửi."
NOT_CSV = "Nội dung không phải của tệp .csv; hãy lưu lại rồi gửi."
LETTERS = "Không đọc được chữ trong tệp này; hãy lưu thành “CSV UTF-8” hoặc .xlsx."
TOO_MUCH = "Tệp quá nhiều dữ liệu: mỗi lần đọc được nhiều nhất 20.000 dòng, 100 cột và 200.000 ô."
BOMB = "Tệp khi giải nén quá lớn nên không được mở."
DAMAGED = "Tệp bị hỏng, không đọc được; hãy mở ra, lưu lại rồi gửi."
DANGEROUS = "Tệp chứa chỉ dẫn mà bảng biểu không cần đến nên không được mở; hãy lưu lại rồi gửi."
NO_TABLE = "Không tìm thấy bảng nào."

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>'
)
FETCHES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><a>&a;</a>'
MACRO_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
    b'PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
)
LOST_TEXT = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="s"><v>99999</v></c></row></sheetData></worksheet>'
)
LOCKED_ZIP = bytearray(WORD)
LOCKED_ZIP[LOCKED_ZIP.rindex(b"PK\x01\x02") + 8] |= 1


def refusal(content: bytes, name: str) -> str:
    with override("vi"), pytest.raises(Unreadable) as refused:
        open_tables(content, name)
    return refused.value.sentence


def with_types(types: bytes) -> bytes:
    """The same Excel file, said to be one with macros inside."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(EXCEL)) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            copy.writestr(name, types if name == "[Content_Types].xml" else source.read(name))
    return target.getvalue()


def bomb() -> bytes:
    """A file of some kilobytes whose sheet unpacks to 30 MB of spaces."""
    return repacked(EXCEL, xl__worksheets__sheet1_xml=b"<worksheet>" + b" " * 30_000_000 + b"</worksheet>")


def overfull_bomb() -> bytes:
    """Many parts that are harmless one by one."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(EXCEL)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for part in source.infolist():
            copy.writestr(part.filename, source.read(part))
        for number in range(130):
            copy.writestr(f"xl/media/{number}.xml", b"<a>" + b"0123456789" * 90_000 + b"</a>")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.docx", "Tệp rỗng."),
        (EXCEL, "a.xlsm", MACROS),
        (WORD, "a.DOCM", MACROS),
        (repacked(EXCEL, xl__vbaProject_bin=b"x"), "a.xlsx", MACROS),
        (with_types(MACRO_TYPES), "a.xlsx", MACROS),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", PASSWORD),
        (bytes(LOCKED_ZIP), "a.docx", PASSWORD),
        (OLE + "Workbook".encode("utf-16-le"), "a.xls", OLD),
        (OLE + "WordDocument".encode("utf-16-le"), "a.docx", OLD),
        (b"%PDF-1.7", "a.pdf", KINDS),
        (WORD, "a.odt", KINDS),
        (WORD, "a", KINDS),
        (b"%PDF-1.7", "a.docx", NOT_WORD),
        (EXCEL, "a.docx", NOT_WORD),
        (WORD, "a.xlsx", NOT_EXCEL),
        (WORD, "a.csv", NOT_CSV),
        (EXCEL[:-60], "a.xlsx", NOT_EXCEL),
        (b"PK\x03\x04", "a.xlsx", NOT_EXCEL),
        (repacked(EXCEL, xl__worksheets__sheet1_xml=b"<worksheet><sheetData>"), "a.xlsx", NOT_EXCEL),
        (repacked(EXCEL, xl__workbook_xml=b"<workbook/>"), "a.xlsx", NO_TABLE),
        (repacked(EXCEL, xl__worksheets__sheet1_xml=LOST_TEXT), "a.xlsx", DAMAGED),
        (repacked(WORD, word__document_xml=LAUGHS), "a.docx", DANGEROUS),
        (repacked(WORD, word__document_xml=FETCHES), "a.docx", DANGEROUS),
        (repacked(WORD, word__numbering_xml=LAUGHS), "a.docx", DANGEROUS),
        (repacked(EXCEL, xl__sharedStrings_xml=LAUGHS), "a.xlsx", DANGEROUS),
        (repacked(EXCEL, xl__worksheets__sheet1_xml=FETCHES), "a.xlsx", DANGEROUS),
        (bomb(), "a.xlsx", BOMB),
        (overfull_bomb(), "a.xlsx", BOMB),
        ("Rà soát".encode("cp1258", "replace") + b"\xff", "a.csv", LETTERS),
        (b"\n\n;;\n", "a.csv", NO_TABLE),
        (saved(docx.Document()), "a.docx", NO_TABLE),
        (excel_file(("Trống", [])), "a.xlsx", NO_TABLE),
        (b"a;b\n" * 20_001, "a.csv", TOO_MUCH),
        (b"a;" * 101, "a.csv", TOO_MUCH),
        (excel_file(("Rộng", [[None] * 100 + ["x"]])), "a.xlsx", TOO_MUCH),
        ((b"a;" * 12 + b"\n") * 19_000, "a.csv", TOO_MUCH),
        (b'"' + b"a" * 1_100_000, "a.csv", TOO_MUCH),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else f"{len(value)} bytes",
)
def test_a_file_that_is_not_read_is_answered_with_a_sentence(content, name, sentence):
    assert refusal(content, name) == sentence


def test_a_file_of_100_mb_is_refused_before_it_is_looked_at():
    sentence = "Tệp có dung lượng 104,9 MB; tệp để đọc được phép lớn nhất 10 MB."

    assert refusal(b"PK" + b"\x00" * (100 * 1024 * 1024 - 2), "a.xlsx") == sentence


def test_the_limit_is_a_setting(settings):
    settings.IMPORT_MAX_MB = 1

    assert refusal(b"a" * 1_048_577, "a.csv").endswith("lớn nhất 1 MB.")


def test_a_pasted_text_has_the_same_limits(settings):
    settings.IMPORT_MAX_MB = 1

    with override("vi"), pytest.raises(Unreadable) as refused:
        pasted_tables("đ" * 600_000)

    assert refused.value.sentence == "Văn bản quá dài; hãy gửi thành tệp hoặc chia thành nhiều phần."


def test_one_long_text_in_many_cells_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(files, "_MOST_CHARACTERS", 50_000)
    content = excel_file(("Nhiệm vụ", [["TT", "Nội dung"], *([number, "a" * 1000] for number in range(60))]))

    assert refusal(content, "a.xlsx") == TOO_MUCH


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("TT;Nội dung\n1;A, B", [["TT", "Nội dung"], ["1", "A, B"]]),
        ("TT,Nội dung\n1,A", [["TT", "Nội dung"], ["1", "A"]]),
        ("TT\tNội dung\n1\tA; B", [["TT", "Nội dung"], ["1", "A; B"]]),
        ("sep=;\nTT;Nội dung\n1;A", [["TT", "Nội dung"], ["1", "A"]]),
        ('TT;Nội dung\n1;"dòng 1\r\ndòng 2 ""x"""', [["TT", "Nội dung"], ["1", 'dòng 1\ndòng 2 "x"']]),
        ("TT;Nội dung\n1;'=1+1\n2;'- việc", [["TT", "Nội dung"], ["1", "=1+1"], ["2", "- việc"]]),
        ("TT;Nội dung\r\r\n1;A", [["TT", "Nội dung"], [], ["1", "A"]]),
        ("TT;Nội dung\n1;A\x00B", [["TT", "Nội dung"], ["1", "AB"]]),
    ],
)
def test_text_with_any_separator_is_a_table(text, rows):
    assert open_tables(text.encode(), "a.csv") == [Table("", rows)]
    assert open_tables(b"\xff\xfe" + text.encode("utf-16-le"), "a.csv") == [Table("", rows)]


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows():
    text = 'TT;Nội dung\n1;"Năm an toàn giao thông\n2;Họp'

    assert open_tables(text.encode(), "a.csv")[0].rows == [
        ["TT", "Nội dung"],
        ["1", '"Năm an toàn giao thông'],
        ["2", "Họp"],
    ]


def test_a_table_pasted_with_bars_or_tabs():
    assert pasted_tables("1\tRà soát; báo cáo\n2\tHọp") == [
        Table("", [["1", "Rà soát; báo cáo"], ["2", "Họp"]])
    ]
    assert pasted_tables("1|Rà soát; báo cáo\n2|Họp")[0].rows == [["1", "Rà soát; báo cáo"], ["2", "Họp"]]


def test_the_tables_of_a_word_file_have_the_line_above_as_their_title():
    content = word_file([HEAD, ["1", "A", "B"]], [HEAD, ["2", "C", "D"]])

    assert open_tables(content, "a.docx") == [
        Table("Phụ lục 1", [HEAD, ["1", "A", "B"]]),
        Table("Phụ lục 2", [HEAD, ["2", "C", "D"]]),
    ]


def test_a_table_inside_a_frame_of_one_cell_is_read_as_the_table_it_is():
    document = docx.Document()
    frame = document.add_table(rows=1, cols=1).cell(0, 0)
    frame.paragraphs[0].text = "Phụ lục"
    inner = frame.add_table(rows=2, cols=3)
    for line, row in zip(inner.rows, [HEAD, ["1", "A", "B"]], strict=True):
        for cell, text in zip(line.cells, row, strict=True):
            cell.text = text

    assert open_tables(saved(document), "a.docx") == [Table("Phụ lục", [HEAD, ["1", "A", "B"]])]


def test_a_table_in_a_text_box_is_read_once():
    document = docx.Document(io.BytesIO(WORD))
    table = document.tables[0]._tbl
    box = parse_xml(
        f'<w:r {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        "<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><w:txbxContent/></w:drawing></mc:Choice>"
        "<mc:Fallback><w:pict><w:txbxContent/></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    for content in box.iter(qn("w:txbxContent")):
        content.append(deepcopy(table))
    table.addprevious(document.add_paragraph("Phụ lục")._p)
    table.getprevious().append(box)
    table.getparent().remove(table)

    assert [table.rows for table in open_tables(saved(document), "a.docx")] == [
        [HEAD, ["1", "Rà soát", "Sở Y tế"]]
    ]


def test_links_are_text_and_formulas_their_last_value():
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        b'<c r="A1" t="str"><f>HYPERLINK("http://a","VNPT")</f><v>VNPT</v></c>'
        b'<c r="B1"><f>SUM(1,2)</f><v>3</v></c><c r="C1"><f>SUM(1,2)</f></c><c r="D1"><v>0.85</v></c></row></sheetData>'
        b'<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="ZZ9:ZZ20"/></mergeCells></worksheet>'
    )

    tables = open_tables(repacked(EXCEL, xl__worksheets__sheet1_xml=sheet), "a.xlsx")

    assert tables[0].rows == [["VNPT", "3", "=SUM(1,2)", "0,85"]]


def test_a_sheet_that_says_a_wrong_size_is_read_whole_and_rows_far_below_are_found():
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1"/><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>TT</t></is></c><c r="B1" t="inlineStr"><is><t>A</t></is></c></row>'
        b'<row r="90000"><c r="B90000" t="inlineStr"><is><t>B</t></is></c></row></sheetData></worksheet>'
    )

    rows = open_tables(repacked(EXCEL, xl__worksheets__sheet1_xml=sheet), "a.xlsx")[0].rows

    assert (rows[0], rows[-1], len(rows)) == (["TT", "A"], ["", "B"], 90_000)
