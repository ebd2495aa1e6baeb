"""The paper of an official report on the screen: its numbers lead to their lists, those typed by hand are marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django import template

from tracker.linked_text import TYPED

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
def paper_block(block: dict[str, Any], facts: Facts) -> dict[str, Any]:
    """A heading, a paragraph or a table."""
    if block["kind"] == "table":
        return {"block": block, "table": block, "rows": _rows(block, facts)}
    return {"block": block, "pieces": [_piece(run["t"], run.get("k", ""), facts) for run in block["runs"]]}


@register.inclusion_tag("periodic_reports/_table.html")
def paper_appendix(appendix: dict[str, Any], facts: Facts) -> dict[str, Any]:
    """The table of an appendix, under the title that stands above it."""
    return {"table": appendix, "rows": _rows(appendix, facts), "label": appendix["title"]}


def _rows(table: dict[str, Any], facts: Facts) -> list[dict[str, Any]]:
    """Rows of cells, or one text across the table."""
    align = table.get("align") or "l" * len(table["head"])
    rows = []
    for row, keys in zip_longest(table["rows"], table.get("keys", []), fillvalue=()):
        if isinstance(row, Mapping):
            rows.append({"group": row["group"], "across": len(table["head"])})
            continue
        cells = zip_longest(row, keys[: len(row)], align[: len(row)], fillvalue="")
        rows.append({"cells": [Cell(_piece(text, key, facts), side) for text, key, side in cells]})
    return rows


def _piece(text: str, key: str, facts: Facts) -> Piece:
    if key == TYPED:
        return Piece(text, is_number=True, is_typed=True)
    fact = facts.get(key, {})
    return Piece(text, bool(key), False, str(fact.get("url", "")), str(fact.get("says", "")))
