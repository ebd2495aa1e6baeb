"""Files as offices send them, written for the tests: Word and Excel tables with all that makes them hard to read."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import docx
import openpyxl
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from tracker.appendices import Body, Directory

BODIES = [
    ("S01", "Sở Thông tin và Truyền thông", "Sở TT&TT"),
    ("S02", "Văn phòng UBND tỉnh", ""),
    ("S03", "Sở Nội vụ", ""),
    ("S04", "Sở Tư pháp", ""),
    ("S05", "Sở Kế hoạch và Đầu tư", "Sở KH và ĐT"),
    ("S06", "Sở Tài chính", ""),
    ("S07", "Sở Công Thương", ""),
    ("S12", "Sở Lao động - Thương binh và Xã hội", "Sở LĐ-TB và XH"),
    ("S13", "Sở Văn hóa, Thể thao và Du lịch", "Sở VH, TT và DL"),
    ("S15", "Sở Giáo dục và Đào tạo", "Sở GD và ĐT"),
    ("S16", "Sở Y tế", ""),
    ("B02", "Công an tỉnh", ""),
    ("B03", "Bộ Chỉ huy Quân sự tỉnh", ""),
    ("B11", "Tòa án nhân dân tỉnh", ""),
    ("P01", "Văn phòng Tỉnh ủy", ""),
    ("P04", "Ban Tuyên giáo Tỉnh ủy", ""),
    ("P12-09", "Huyện ủy Giao Thủy", ""),
    ("M01", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", "UBMTTQ tỉnh"),
    ("M04", "Hội Liên hiệp Phụ nữ tỉnh", ""),
    ("H01", "Thành phố Nam Định", "UBND thành phố Nam Định"),
    ("H09", "Huyện Giao Thủy", "UBND huyện Giao Thủy"),
    ("H10", "Huyện Hải Hậu", "UBND huyện Hải Hậu"),
    ("T01", "VNPT Nam Định (VinaPhone)", "VNPT Nam Định"),
    ("O04", "Phòng Bưu chính - Viễn thông", "Phòng BC-VT"),
    ("O07", "Trung tâm Công nghệ thông tin và Truyền thông", "Trung tâm CNTT&TT"),
    ("B20", "Đài Phát thanh - Truyền hình tỉnh Nam Định", "Đài PT-TH tỉnh"),
]
GROUPS = [("G01", "UBND các huyện, thành phố")]


def make_directory(*more: Body) -> Directory:
    named = [Body(pk, code, name, short) for pk, (code, name, short) in enumerate(BODIES, 1)]
    groups = [Body(100 + pk, code, name, is_group=True) for pk, (code, name) in enumerate(GROUPS)]
    return Directory([*named, *groups, *more])


def word_file(
    *tables: Sequence[Sequence[str]], merged: Iterable[tuple[int, int, int, int, int]] = ()
) -> bytes:
    """A .docx with these tables, a line of text above each. ``merged``: table, then first row and column, last ones."""
    document = docx.Document()
    made = []
    for number, rows in enumerate(tables, 1):
        document.add_paragraph(f"Phụ lục {number}")
        table = document.add_table(rows=len(rows), cols=max(map(len, rows)))
        for line, row in zip(table.rows, rows, strict=True):
            for cell, text in zip(line.cells, row, strict=False):
                cell.text = text
        made.append(table)
    for number, top, left, bottom, right in merged:
        cells = made[number]
        cells.cell(top, left).merge(cells.cell(bottom, right))
    return saved(document)


def counted_by_word(rows: Sequence[Sequence[str]]) -> bytes:
    """A .docx whose first column is numbered by Word itself, from the second row on: the cells hold no digit."""
    document = docx.Document()
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for line, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(line.cells, row, strict=True):
            cell.text = text
    for line in table.rows[1:]:
        style = document.styles["List Number"]
        paragraph = line.cells[0].paragraphs[0]
        number = style.element.pPr.numPr.numId.val
        properties = paragraph._p.get_or_add_pPr()
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>')
        )
    return saved(document)


def in_a_content_control(content: bytes) -> bytes:
    """The same .docx with its first table inside a content control, as forms of offices have it."""
    document = docx.Document(io.BytesIO(content))
    table = document.tables[0]._tbl
    control, inside = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    table.addprevious(control)
    control.append(inside)
    inside.append(table)
    return saved(document)


def with_a_tracked_deletion(content: bytes, cell: tuple[int, int], deleted: str) -> bytes:
    """The same .docx with words in one cell that a colleague has struck out under “track changes”."""
    document = docx.Document(io.BytesIO(content))
    paragraph = document.tables[0].cell(*cell).paragraphs[0]._p
    paragraph.append(
        parse_xml(
            f'<w:del {nsdecls("w")} w:id="1" w:author="A"><w:r><w:delText>{deleted}</w:delText></w:r></w:del>'
        )
    )
    assert paragraph.find(qn("w:del")) is not None
    return saved(document)


def excel_file(
    *sheets: tuple[str, Sequence[Sequence[Any]]], merged: Iterable[str] = (), formats: Any = ()
) -> bytes:
    """An .xlsx with these sheets. ``merged`` and ``formats`` (cell → number format) are of the last sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    for reference in merged:
        sheet.merge_cells(reference)
    for reference, shown in dict(formats).items():
        sheet[reference].number_format = shown
    return saved(book)


def saved(made: Any) -> bytes:
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The same archive with parts replaced or added; names are written with ``__`` for ``/`` and ``_`` for a dot."""
    target = io.BytesIO()
    wanted = {name.replace("__", "/").replace("_", "."): text for name, text in parts.items()}
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for part in source.infolist():
            if part.filename not in wanted:
                copy.writestr(part.filename, source.read(part))
        for name, text in wanted.items():
            copy.writestr(name, text)
    return target.getvalue()
