"""A periodic report as files: Word in the form of Decree 30/2020/NĐ-CP or the Party's, PDF, appendices in Excel.

Everything comes from the report as it is stored, nothing from live data: the files of a signed report are made once.
"""

from tracker.models import PeriodicReport
from tracker.papers.excel import report_xlsx
from tracker.papers.pdf import MissingGlyph, Place, report_pdf
from tracker.papers.word import report_docx

__all__ = ["MissingGlyph", "Place", "files_of", "report_docx", "report_pdf", "report_xlsx"]


def files_of(report: PeriodicReport) -> dict[str, bytes]:
    """The three files of a report by format."""
    return {"docx": report_docx(report), "pdf": report_pdf(report), "xlsx": report_xlsx(report)}
