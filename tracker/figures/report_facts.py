"""The facts of a report: each number with where its rows are and what it counts."""

from typing import Any

from tracker.linked_text import Block, Run, Runs
from tracker.templatetags.display import quantity


class FactBook:
    """Collects the facts while the text is written; ``facts`` is what a report keeps beside it."""

    def __init__(self) -> None:
        self.facts: dict[str, dict[str, Any]] = {}

    def count(self, key: str, number: int, url: str, says: str) -> Run:
        """How many rows a list has: ``url`` opens exactly that many."""
        self.facts[key] = {"text": quantity(number), "url": url, "says": says, "count": number}
        return {"t": quantity(number), "k": key}

    def figure(self, key: str, text: str, url: str, says: str) -> Run:
        """A number that is no count of rows: an amount, a percentage, days; ``url`` opens what it comes from."""
        self.facts[key] = {"text": text, "url": url, "says": says}
        return {"t": text, "k": key}


def heading(key: str, text: str) -> Block:
    return {"kind": "heading", "key": key, "runs": [{"t": text}]}


def paragraph(key: str, runs: Runs) -> Block:
    return {"kind": "paragraph", "key": key, "runs": runs}


def table(
    key: str, caption: str, head: list[str], rows: list[list[str | Run]], align: str, widths: list[int]
) -> Block:
    """Cells are texts; ``keys`` has beside each the key of its fact, or nothing. ``widths`` are shares of the page."""
    return {
        "kind": "table",
        "key": key,
        "caption": caption,
        "head": head,
        "rows": [[cell if isinstance(cell, str) else cell["t"] for cell in row] for row in rows],
        "keys": [["" if isinstance(cell, str) else cell.get("k", "") for cell in row] for row in rows],
        "align": align,
        "widths": widths,
    }
