"""The paper of an official report on the screen: its numbers lead to their lists, those typed by hand are marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template

from tracker.linked_text import TYPED, squared
from tracker.papers.frame import Appendix

register = template.Library()

Facts = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Piece:
    """Words, or a number with where its rows are and what it counts."""

    text: str
    is_number: bool = False
    is_typed: bool = False
    url: str = ""
    says: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell of a printed table."""

    piece: Piece
    side: str


@register.inclusion_tag("periodic_reports/_block.html")
def paper_block(block: dict[str, Any], facts: Facts, most: int | None = None) -> dict[str, Any]:
    """A heading, a paragraph or a table with its first ``most`` rows."""
    if block["kind"] == "table":
        return {"block": block, **_shown(squared(block), facts, most)}
    return {"block": block, "pieces": [_piece(run["t"], run.get("k", ""), facts) for run in block["runs"]]}


@register.inclusion_tag("periodic_reports/_table.html")
def paper_appendix(appendix: Appendix, most: int | None = None) -> dict[str, Any]:
    """The table of an appendix, under the title that stands above it; no number of it is linked."""
    return {"label": appendix.title, **_shown(appendix.table, {}, most)}


def _shown(table: Mapping[str, Any], facts: Facts, most: int | None) -> dict[str, Any]:
    """The first rows of a squared table, and how many are left out."""
    pairs = zip(table["rows"][:most], table["keys"][:most], strict=True)
    rows = [_row(row, keys, table, facts) for row, keys in pairs]
    return {"table": table, "rows": rows, "more": len(table["rows"]) - len(rows)}


def _row(row: Any, keys: list[str], table: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    """Cells, or one text across the table."""
    if isinstance(row, Mapping):
        return {"group": row.get("group", ""), "across": len(table["head"])}
    cells = zip(row, keys, table["align"], strict=True)
    return {"cells": [Cell(_piece(text, key, facts), side) for text, key, side in cells]}


def _piece(text: str, key: str, facts: Facts) -> Piece:
    if key == TYPED:
        return Piece(text, is_number=True, is_typed=True)
    fact = facts.get(key, {})
    return Piece(text, bool(key), False, str(fact.get("url", "")), str(fact.get("says", "")))
