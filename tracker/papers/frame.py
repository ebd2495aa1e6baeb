"""What stands around the text of an official report, in the words of an official paper: always Vietnamese.

The State's form follows Decree 30/2020/NĐ-CP, Annex I; the Party's its own: the Party's name instead of the state's,
kind and body of the number the other way round, ``T/M`` for ``TM.``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from tracker.decree30 import in_words, neutral
from tracker.linked_text import squared
from tracker.models import PeriodicReport
from tracker.report_words import roman
from tracker.vietnamese.dates import format_date

STATE_NAME, STATE_MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
PARTY_NAME = "ĐẢNG CỘNG SẢN VIỆT NAM"
KIND = "BÁO CÁO"
_PARTY_AUTHORITY = {"TM.": "T/M", "KT.": "K/T", "TL.": "T/L", "TUQ.": "T/UQ"}


@dataclass(frozen=True)
class Frame:
    """Everything above and below the text of a report, ready to be printed. Empty: not printed."""

    is_party: bool
    is_draft: bool
    governing_body: str
    issuing_body: str
    number: str
    place_and_day: str
    title: str
    notes: tuple[str, ...]
    recipients: tuple[str, ...]
    office: tuple[str, ...]
    signer: str
    attached_to: str
    """Below the title of each appendix: the paper it belongs to."""


def frame_of(report: PeriodicReport) -> Frame:
    """Number and day stay open for the clerk as long as the report is not signed."""
    is_party = report.form == PeriodicReport.Form.PARTY
    joint = "-" if is_party else "/"
    number = f"{report.number or ' ' * 8}{joint}{report.symbol}"
    if report.signed_on:
        day = in_words(report.signed_on)
    else:
        day = f"ngày     tháng     năm {report.figures_on.year}"
    return Frame(
        is_party=is_party,
        is_draft=not report.is_frozen,
        governing_body=neutral(report.governing_body).upper(),
        issuing_body=neutral(report.issuing_body).upper(),
        number=f"{'Số' if is_party else 'Số:'} {number}",
        place_and_day=f"{neutral(report.place)}, {day}",
        title=neutral(report.title),
        notes=tuple(_notes(report)),
        recipients=tuple(_recipients(report.recipients)),
        office=tuple(_office(report, is_party=is_party)),
        signer=neutral(report.signer_name),
        attached_to=f"(Kèm theo Báo cáo số {number} {day} của {neutral(report.issuing_body)})",
    )


def _notes(report: PeriodicReport) -> Iterator[str]:
    """As of which day, whether the data are a demonstration, and which report this one takes the place of."""
    as_of = f"ố liệu đến ngày {format_date(report.figures_on)})"
    yield f"(Dữ liệu minh hoạ – s{as_of}" if settings.TRACKER_DEMO else f"(S{as_of}"
    before = report.corrects
    if before is not None and before.signed_on:
        yield f"(Thay thế Báo cáo số {before.full_number} ngày {format_date(before.signed_on)})"


def _recipients(text: str) -> Iterator[str]:
    """One line each with its dash, “Lưu: VT” at the end even where nobody wrote it."""
    lines = [line.strip().lstrip("-–").strip() for line in neutral(text).split("\n")]
    lines = [line for line in lines if line]
    if not any(line.lower().startswith("lưu") for line in lines):
        lines.append("Lưu: VT.")
    return (f"- {line}" for line in lines)


def _office(report: PeriodicReport, *, is_party: bool) -> Iterator[str]:
    """``KT. GIÁM ĐỐC`` above ``PHÓ GIÁM ĐỐC``, or the office alone."""
    if report.authority:
        authority = _PARTY_AUTHORITY[report.authority] if is_party else report.authority
        yield f"{authority} {neutral(report.authority_of).upper()}".strip()
    yield neutral(report.signer_post).upper()


# The text


def words_of(runs: list[Mapping[str, Any]]) -> str:
    """A paragraph's words without where its numbers come from."""
    return neutral("".join(run["t"] for run in runs)).replace("\n", " ")


def table_of(table: Mapping[str, Any]) -> dict[str, Any]:
    """A table ready to be printed: as many cells in each row as columns, texts without what no paper can hold."""
    made = squared(table)
    rows = [
        {"group": neutral(row.get("group", ""))} if isinstance(row, Mapping) else list(map(neutral, row))
        for row in made["rows"]
    ]
    return {**made, "head": list(map(neutral, made["head"])), "rows": rows}


def sections_of(report: PeriodicReport) -> list[Mapping[str, Any]]:
    return list(report.content.get("sections", []))


@dataclass(frozen=True)
class Appendix:
    """An appendix ready to be printed."""

    label: str
    title: str
    table: Mapping[str, Any]


def appendix_label(number: int, count: int) -> str:
    """“Phụ lục II”, or “Phụ lục” where it is the only one."""
    return f"Phụ lục {roman(number)}" if count > 1 else "Phụ lục"


def appendices_of(report: PeriodicReport) -> list[Appendix]:
    stored = report.content.get("appendices", [])
    return [
        Appendix(
            label=appendix_label(number, len(stored)),
            title=neutral(one["title"]),
            table=table_of(one),
        )
        for number, one in enumerate(stored, 1)
    ]
