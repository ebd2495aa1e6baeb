"""Official papers as Decree 30/2020/NĐ-CP, Annex I, has them laid out: paper, heads, text, tables, signature.

Before 5/3/2020 Circular 01/2011/TT-BNV said nearly the same; a paper drafted here has the form in force, whatever
day it is about. What people typed is put in as text: characters that a Word file cannot hold are dropped.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Length, Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from tracker.vietnamese.text import compose, plain_bullets

FONT = "Times New Roman"
TEXT_POINTS, HEAD_POINTS, TABLE_POINTS = 14, 12, 12
TOP, BOTTOM, LEFT, RIGHT = Mm(20), Mm(20), Mm(30), Mm(15)
TEXT_WIDTH = Mm(165)
HEAD_WIDTHS = (Mm(75), Mm(90))
FIRST_LINE = Mm(12.7)
TEXT_LINE = 1.15

CENTRE, JUSTIFIED, LEFT_ALIGNED = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
    WD_ALIGN_PARAGRAPH.LEFT,
)
_FORBIDDEN = re.compile("[^\t\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Heads:
    """What stands above the text. ``number`` and ``place_and_day`` may leave room for what is filled in by hand."""

    governing_body: str
    body: str
    number: str
    subject: str
    place_and_day: str


def neutral(text: str) -> str:
    """Composed Unicode without controls and marks that turn the direction; line ends as ``\\n``, plain bullets."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return plain_bullets(compose(_DIRECTION.sub("", _FORBIDDEN.sub("", lines))))


def in_words(day: dt.date) -> str:
    """``ngày 05 tháng 02 năm 2020``: days below 10 and the months 1 and 2 have a leading zero."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def new_paper(*, title: str, author: str, at: dt.datetime) -> Paper:
    """An empty A4 page upright, with its margins, fonts and page number (Annex I, part I)."""
    paper = Document()
    _set_letters(paper)
    section = paper.sections[0]
    _set_page(section, Mm(210), Mm(297))
    _number_pages(section)
    told = paper.core_properties
    told.title, told.author, told.last_modified_by = neutral(title), neutral(author), neutral(author)
    told.comments, told.language = "", "vi-VN"
    told.created = told.modified = at.astimezone(dt.UTC).replace(tzinfo=None)
    return paper


def as_bytes(paper: Paper) -> bytes:
    stream = BytesIO()
    paper.save(stream)
    return stream.getvalue()


def mark_as_draft(paper: Paper) -> None:
    """“DỰ THẢO” above the first page; it goes when the paper gets its number."""
    line = paper.sections[0].first_page_header.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    write(line, "DỰ THẢO", points=13, bold=True)


def add_appendix_pages(paper: Paper) -> Section:
    """From here on A4 across, with page numbers of their own."""
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    _set_page(section, Mm(297), Mm(210))
    section.first_page_header.is_linked_to_previous = False
    _add(section._sectPr, "w:pgNumType", before=("w:cols", "w:titlePg", "w:docGrid"), start="1")
    return section


def write_heads(paper: Paper, heads: Heads) -> None:
    """Issuing body on the left, name of the state and motto on the right; below them number, subject and day."""
    table = _frame(paper, HEAD_WIDTHS, 2)
    (body, state), (number, day) = (row.cells for row in table.rows)
    lines = _lines(body, 2)
    write(lines[0], heads.governing_body.upper(), points=HEAD_POINTS)
    write(lines[1], heads.body.upper(), points=HEAD_POINTS, bold=True)
    _rule_below(body, HEAD_WIDTHS[0], Mm(28))
    lines = _lines(state, 2)
    write(lines[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", points=HEAD_POINTS, bold=True)
    write(lines[1], "Độc lập - Tự do - Hạnh phúc", points=HEAD_POINTS + 1, bold=True)
    _rule_below(state, HEAD_WIDTHS[1], Mm(56))
    _write_number_and_day(number, day, heads)


def write_party_heads(paper: Paper, heads: Heads) -> None:
    """The Party's form: the bodies over an asterisk on the left, the Party's name underlined on the right."""
    table = _frame(paper, HEAD_WIDTHS, 2)
    (body, party), (number, day) = (row.cells for row in table.rows)
    lines = _lines(body, 3)
    write(lines[0], heads.governing_body.upper(), points=HEAD_POINTS)
    write(lines[1], heads.body.upper(), points=HEAD_POINTS, bold=True)
    write(lines[2], "*")
    write(_lines(party, 1)[0], "ĐẢNG CỘNG SẢN VIỆT NAM", points=15, bold=True, underline=True)
    _write_number_and_day(number, day, heads)


def _write_number_and_day(number: _Cell, day: _Cell, heads: Heads) -> None:
    lines = _lines(number, 2 if heads.subject else 1)
    write(lines[0], heads.number, points=13)
    if heads.subject:
        write(lines[1], heads.subject, points=HEAD_POINTS)
        lines[1].paragraph_format.space_before = Pt(6)
    write(_lines(day, 1)[0], heads.place_and_day, points=13, italic=True)


def write_document_title(paper: Paper, kind: str, abstract: str, notes: Iterable[str] = ()) -> None:
    """The kind of document over what it is about, in the middle, with a line below."""
    for text, looks in ((kind, {"bold": True}), (abstract, {"bold": True})):
        line = paper.add_paragraph()
        line.alignment = CENTRE
        line.paragraph_format.space_before = Pt(12 if text == kind else 0)
        write(line, text, **looks)
    for note in notes:
        line = paper.add_paragraph()
        line.alignment = CENTRE
        write(line, note, italic=True)
    _rule_under(paper.add_paragraph(), TEXT_WIDTH, Mm(50))


def write_heading(paper: Paper, text: str, *, is_minor: bool = False) -> None:
    """The title of a part of the text, which stays with what follows; navigable as a heading of Word."""
    line = paper.add_heading(level=2 if is_minor else 1)
    line.paragraph_format.first_line_indent = FIRST_LINE
    line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(6), Pt(6)
    write(line, text)


def write_caption(paper: Paper, text: str) -> None:
    """Above a table on the right."""
    line = paper.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    line.paragraph_format.keep_with_next = True
    write(line, text, points=13, italic=True)


def write_addressees(paper: Paper, names: Sequence[str]) -> None:
    """“Kính gửi”: one name behind it, several below it, each on its own line."""
    first = paper.add_paragraph()
    first.paragraph_format.space_before = first.paragraph_format.space_after = Pt(12)
    if len(names) == 1:
        first.alignment = CENTRE
        write(first, f"Kính gửi: {names[0]}.")
        return
    first.paragraph_format.left_indent = Mm(35)
    first.paragraph_format.space_after = Pt(0)
    write(first, "Kính gửi:")
    for number, name in enumerate(names, 1):
        line = paper.add_paragraph()
        line.paragraph_format.left_indent = Mm(52)
        write(line, f"- {name}{'.' if number == len(names) else ';'}")
    line.paragraph_format.space_after = Pt(12)


def write_text(paper: Paper, text: str) -> None:
    """One paragraph for each line of the text, justified, its first line indented."""
    for part in neutral(text).split("\n"):
        if part.strip():
            line = paper.add_paragraph()
            line.alignment = JUSTIFIED
            line.paragraph_format.first_line_indent = FIRST_LINE
            line.paragraph_format.space_after = Pt(6)
            line.paragraph_format.line_spacing = TEXT_LINE
            write(line, part.strip())


def write_title(paper: Paper, lines: Iterable[str], note: str) -> None:
    """The title of an appendix with the paper it belongs to below it."""
    for text in lines:
        line = paper.add_paragraph()
        line.alignment = CENTRE
        write(line, text, bold=True)
    line = paper.add_paragraph()
    line.alignment = CENTRE
    line.paragraph_format.space_after = Pt(12)
    write(line, note, italic=True)


def add_table(paper: Paper, head: Sequence[str], widths: Sequence[Length]) -> Table:
    """A ruled table whose head row stands on every page."""
    table = paper.add_table(rows=1, cols=len(head))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _fix_widths(table, widths)
    _add(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader", val="true")
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        write_cell(cell, text, bold=True, alignment=CENTRE)
    return table


def add_row(
    table: Table, texts: Sequence[str], centred: Iterable[int] = (), ends: Iterable[int] = ()
) -> None:
    """One row, not broken between pages; the columns set in the middle, and those of figures, set on the right."""
    row = table.add_row()
    _add(row._tr.get_or_add_trPr(), "w:cantSplit", val="true")
    sides = dict.fromkeys(centred, CENTRE) | dict.fromkeys(ends, WD_ALIGN_PARAGRAPH.RIGHT)
    for number, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        write_cell(cell, text, alignment=sides.get(number, LEFT_ALIGNED))


def add_group_row(table: Table, text: str) -> None:
    """A row across the whole table that heads those below it and stays with them."""
    cells = table.add_row().cells
    merged = cells[0].merge(cells[-1])
    write_cell(merged, text, bold=True)
    merged.paragraphs[0].paragraph_format.keep_with_next = True


def write_end(paper: Paper, recipients: Sequence[str], office: Sequence[str], name: str) -> None:
    """Who receives a copy on the left; on the right who signs, with room for signature and seal."""
    table = _frame(paper, (Mm(80), Mm(85)), 1)
    left, right = table.rows[0].cells
    first = left.paragraphs[0]
    write(first, "Nơi nhận:", points=12, bold=True, italic=True)
    for text in recipients:
        write(left.add_paragraph(), text, points=11)
    for line, text in zip(_lines(right, len(office)), office, strict=True):
        write(line, text.upper(), bold=True)
    for _blank in range(4):
        right.add_paragraph()
    line = right.add_paragraph()
    line.alignment = CENTRE
    write(line, name, bold=True)


def write(line: Paragraph, text: str, *, points: float | None = None, **looks: bool) -> None:
    run = line.add_run(neutral(text))
    if points:
        run.font.size = Pt(points)
    for name, value in looks.items():
        setattr(run.font, name, value)


def write_cell(cell: _Cell, text: str, *, bold: bool = False, alignment: Any = LEFT_ALIGNED) -> None:
    line = cell.paragraphs[0]
    line.alignment = alignment
    line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(2)
    write(line, text, points=TABLE_POINTS, bold=bold)


def _set_letters(paper: Paper) -> None:
    """Font, size and language of everything that says nothing else, and no space between paragraphs."""
    defaults = paper.styles.element.find(qn("w:docDefaults"))
    defaults.clear()
    looks = _add(_add(defaults, "w:rPrDefault"), "w:rPr")
    _add(looks, "w:rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=FONT)
    _add(looks, "w:sz", val=str(2 * TEXT_POINTS))
    _add(looks, "w:szCs", val=str(2 * TEXT_POINTS))
    _add(looks, "w:lang", val="vi-VN", eastAsia="vi-VN")
    for name in ("Heading 1", "Heading 2"):
        looks = paper.styles[name].element.get_or_add_rPr()
        looks.clear()
        _add(looks, "w:rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=FONT)
        _add(looks, "w:b")
        _add(looks, "w:sz", val=str(2 * TEXT_POINTS))


def _set_page(section: Section, width: Length, height: Length) -> None:
    section.page_width, section.page_height = width, height
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.header_distance = section.footer_distance = Mm(10)


def _number_pages(section: Section) -> None:
    """In the middle of the top margin, on every page but the first."""
    section.different_first_page_header_footer = True
    line = section.header.paragraphs[0]
    line.alignment = CENTRE
    field = _add(line._p, "w:fldSimple", instr=" PAGE ")
    _add(_add(field, "w:r"), "w:t").text = "2"


def _frame(paper: Paper, widths: Sequence[Length], rows: int) -> Table:
    """A table without lines that only places things side by side."""
    table = paper.add_table(rows=rows, cols=len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _fix_widths(table, widths)
    margins = _add(table._tbl.tblPr, "w:tblCellMar", before=("w:tblLook",))
    for side in ("left", "right"):
        _add(margins, f"w:{side}", w="0", type="dxa")
    return table


def _fix_widths(table: Table, widths: Sequence[Length]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def _lines(cell: _Cell, count: int) -> list[Paragraph]:
    """So many centred lines in a cell, the first of which is there already."""
    lines = [cell.paragraphs[0], *(cell.add_paragraph() for _number in range(count - 1))]
    for line in lines:
        line.alignment = CENTRE
    return lines


def _rule_below(cell: _Cell, width: Length, length: Length) -> None:
    """A line of its own under the text of a cell, in the middle."""
    _rule_under(cell.add_paragraph(), width, length)


def _rule_under(line: Paragraph, width: Length, length: Length) -> None:
    margin = Length((width - length) // 2)
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = margin
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    line.paragraph_format.line_spacing = Pt(4)
    line.paragraph_format.space_after = Pt(6)
    border = _add(line._p.get_or_add_pPr(), "w:pBdr", before=("w:spacing", "w:ind", "w:jc"))
    _add(border, "w:top", val="single", sz="6", space="1", color="000000")


def _add(parent: Any, tag: str, before: Sequence[str] = (), **attributes: str) -> Any:
    """A child at the end, or ahead of those that the schema wants behind it."""
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    behind = {qn(name) for name in before}
    follower = next((child for child in parent if child.tag in behind), None)
    if follower is None:
        parent.append(element)
    else:
        follower.addprevious(element)
    return element
