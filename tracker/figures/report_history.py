"""Who changed what in an official report: its frame field by field, its text paragraph by paragraph, old → new."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Q

from tracker import history
from tracker.history import History, Line
from tracker.linked_text import Content, plain
from tracker.models import PeriodicReport, PeriodicReportHistory
from tracker.papers.frame import appendix_label
from tracker.templatetags.display import NOTHING


def of_report(report: PeriodicReport, most: int) -> History:
    """The newest ``most`` changes of a report; two queries and one for each kind of record that is named."""
    return history.read({PeriodicReportHistory: Q(id=report.pk)}, most, {"content": _text_lines})


def _text_lines(old: Content | None, new: Content) -> list[Line]:
    """What was rewritten, added or left out, by section and appendix in their order."""
    before, after = dict(_parts(old or {})), dict(_parts(new))
    return [
        Line(title, was or NOTHING, now or NOTHING)
        for title in {**after, **before}
        for was, now in _differences(before.get(title, []), after.get(title, []))
    ]


def _parts(content: Content) -> Iterator[tuple[str, list[str]]]:
    """Each part's title with its paragraphs and the rows of its tables, one text each."""
    for section in content.get("sections", []):
        yield section["title"], [text for block in section["blocks"] for text in _texts(block)]
    appendices = content.get("appendices", [])
    for number, appendix in enumerate(appendices, 1):
        yield appendix_label(number, len(appendices)), list(_rows(appendix["rows"]))


def _texts(block: dict[str, Any]) -> Iterator[str]:
    if block["kind"] == "table":
        yield block.get("caption", "")
        yield from _rows(block["rows"])
    else:
        yield plain(block["runs"])


def _rows(rows: Iterable[Any]) -> Iterator[str]:
    for row in rows:
        yield " | ".join(map(str, row.values() if isinstance(row, dict) else row))


def _differences(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Texts that differ, side by side; neighbours of unequal number stay together."""
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "replace" and j - i == m - k:
            yield from zip(old[i:j], new[k:m], strict=True)
        elif tag != "equal":
            yield "\n".join(old[i:j]), "\n".join(new[k:m])
