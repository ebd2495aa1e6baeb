"""A list as a Word file: a ruled table on landscape A4 whose head stands on every page (Decree 30/2020/NĐ-CP)."""

from docx.enum.section import WD_ORIENT
from docx.shared import Mm

from tracker import decree30
from tracker.exports.csv import in_words
from tracker.exports.information import About, lines
from tracker.exports.sheet import Kind, Sheet, Value

MOST_ROWS = 2000
"""More is read by nobody on paper, and takes Word minutes to open."""

_TEXT_WIDTH = 252
_MIDDLE = {Kind.INDEX, Kind.DATE, Kind.MOMENT}


def write_word(sheet: Sheet, about: About) -> bytes:
    """The columns that fit on a page, all rows."""
    sheet = sheet.on_paper()
    paper = decree30.new_paper(title=sheet.title, author=about.by, at=about.at)
    page = paper.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    told = [f"{name}: {words}" for name, words in lines(sheet, about, sheet.total)[1:-1]]
    decree30.write_title(paper, [sheet.title.upper()], "; ".join(told))
    whole = sum(column.width for column in sheet.columns)
    widths = [Mm(_TEXT_WIDTH * column.width / whole) for column in sheet.columns]
    table = decree30.add_table(paper, [column.title for column in sheet.columns], widths)
    centred = [place for place, column in enumerate(sheet.columns) if column.kind in _MIDDLE]
    ends = [place for place, column in enumerate(sheet.columns) if column.kind is Kind.NUMBER]
    for row in sheet.rows():
        decree30.add_row(table, [printed(value) for value in row], centred, ends)
    return decree30.as_bytes(paper)


def printed(value: Value) -> str:
    """What stands in a cell on paper."""
    if value is None:
        return ""
    return value if isinstance(value, str) else in_words(value)
