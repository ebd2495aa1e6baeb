"""Spreadsheets of an import: the rows that have errors, and the empty template."""

import io

import xlsxwriter
from django.utils.translation import gettext as _

from tracker.importing.checked import Checked

HEADS = {
    "index": "STT",
    "code": "Mã",
    "content": "Nội dung nhiệm vụ",
    "lead": "Cơ quan chủ trì",
    "coordinate": "Cơ quan phối hợp",
    "deadline": "Thời gian hoàn thành",
    "product": "Sản phẩm / Kết quả",
    "note": "Ghi chú",
    "source_up": "Văn bản cấp trên giao",
    "source_party": "Văn bản chỉ đạo của cấp ủy",
    "watcher": "Chuyên viên theo dõi",
    "field": "Lĩnh vực",
    "unit": "Đơn vị tính",
    "target": "Kế hoạch",
}
"""Heads as official appendices print them; read again they are recognised."""

_TEMPLATES = {
    "directives": ["index", "content", "lead", "coordinate", "deadline", "product", "field", "note"],
    "indicators": ["index", "content", "unit", "target", "lead", "deadline", "field", "note"],
}
_WIDTHS = {"index": 6, "code": 14, "content": 60, "unit": 14}


def problem_sheet(rows: list[Checked], roles: list[str]) -> bytes:
    """The rows as they stand now, with a last column that says what is wrong."""
    heads = [HEADS[role] for role in roles] + [_("Error")]
    lines = [
        [one.read.cells.get(role, "") for role in roles]
        + ["; ".join(doubt.sentence for doubt in one.doubts if doubt.must)]
        for one in rows
    ]
    return _written(heads, lines, [_WIDTHS.get(role, 24) for role in roles] + [50])


def template_sheet(kind: str) -> bytes:
    """The official columns and two lines that say that they are examples."""
    roles = _TEMPLATES[kind]
    heads = [HEADS[role] if (kind, role) != ("indicators", "content") else "Tên chỉ tiêu" for role in roles]
    examples = [
        _("Ghi chú: example – delete this line. One task or indicator a line; numbers such as 1, 2, 2.1."),
        _("Ghi chú: example – delete this line. Deadlines such as 30/6/2020, quarter II/2020, yearly."),
    ]
    return _written(heads, [[text] for text in examples], [_WIDTHS.get(role, 24) for role in roles])


def _written(heads: list[str], lines: list[list[str]], widths: list[int]) -> bytes:
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head, bold)
        for at, line in enumerate(lines, 1):
            for column, text in enumerate(line):
                sheet.write_string(at, column, text, plain)
        sheet.freeze_panes(1, 0)
    return out.getvalue()
