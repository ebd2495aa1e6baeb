from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from docx.document import Document as Paper
from docx.shared import Length, Mm

from tracker import decree30
from tracker.models import PeriodicReport
from tracker.papers.frame import KIND, Frame, appendices_of, frame_of, sections_of, table_of, words_of

UPRIGHT_MM, ACROSS_MM = 165, 252


def report_docx(report: PeriodicReport) -> bytes:
    """The report as a .docx: heads, title, the text, signature, and each appendix on pages across."""
    frame = frame_of(report)
    paper = decree30.new_paper(title=report.title, author=report.issuing_body, at=timezone.now())
    if frame.is_draft:
        decree30.mark_as_draft(paper)
    _write_heads(paper, frame)
    decree30.write_document_title(paper, KIND, frame.title, frame.notes)
    for section in sections_of(report):
        decree30.write_heading(paper, section["title"])
        for block in section["blocks"]:
            _write_block(paper, block)
    decree30.write_end(paper, frame.recipients, frame.office, frame.signer)
    for appendix in appendices_of(report):
        decree30.add_appendix_pages(paper)
        decree30.write_title(paper, [appendix.label, appendix.title], frame.attached_to)
        _write_table(paper, appendix.table, ACROSS_MM)
    return decree30.as_bytes(paper)


def _write_heads(paper: Paper, frame: Frame) -> None:
    heads = decree30.Heads(
        governing_body=frame.governing_body,
        body=frame.issuing_body,
        number=frame.number,
        subject="",
        place_and_day=frame.place_and_day,
    )
    if frame.is_party:
        decree30.write_party_heads(paper, heads)
    else:
        decree30.write_heads(paper, heads)


def _write_block(paper: Paper, block: Mapping[str, Any]) -> None:
    match block["kind"]:
        case "heading":
            decree30.write_heading(paper, words_of(block["runs"]), is_minor=True)
        case "table":
            if block.get("caption"):
                decree30.write_caption(paper, block["caption"])
            _write_table(paper, table_of(block), UPRIGHT_MM)
            paper.add_paragraph()
        case _:
            decree30.write_text(paper, words_of(block["runs"]))


def _write_table(paper: Paper, table: Mapping[str, Any], width_mm: int) -> None:
    ruled = decree30.add_table(paper, table["head"], _widths(table["widths"], width_mm))
    align = table["align"]
    centred = [place for place, letter in enumerate(align) if letter == "c"]
    ends = [place for place, letter in enumerate(align) if letter == "r"]
    for row in table["rows"]:
        if isinstance(row, Mapping):
            decree30.add_group_row(ruled, row["group"])
        else:
            decree30.add_row(ruled, row, centred=centred, ends=ends)


def _widths(shares: Sequence[float], width_mm: int) -> list[Length]:
    """Shares of the page's width."""
    return [Mm(width_mm * share / sum(shares)) for share in shares]
