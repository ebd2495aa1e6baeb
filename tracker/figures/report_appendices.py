"""The two appendices of a report in the official column order: all work, all indicators."""

from itertools import groupby
from typing import Any

from django.db.models import F

from tracker import report_words as words
from tracker.figures.report_directives import lead_of, name_of
from tracker.figures.report_scope import ReportScope
from tracker.figures.report_targets import (
    Goals,
    change_words,
    goal_in_year,
    has_something_to_say,
    of_year_plan,
)
from tracker.figures.target_rows import IndicatorRow
from tracker.models import Assignment, Indicator, Standing
from tracker.target_words import at_most, qualified, target_text
from tracker.templatetags.display import NOTHING, quantity
from tracker.vietnamese.dates import format_date

Appendix = dict[str, Any]


def appendix_of_directives(scope: ReportScope) -> Appendix:
    """Every directive of the report under its field; two queries."""
    rows = list(
        scope.directives()
        .select_related("field", "lead")
        .order_by("field__position", "field_id", F("due_then").asc(nulls_last=True), "pk")
    )
    helping = _cooperating([row.pk for row in rows])
    lines: list[Any] = []
    number = 0
    for place, (field, part) in enumerate(groupby(rows, key=lambda row: row.field), 1):
        lines.append({"group": f"{words.roman(place)}. {field.name}"})
        for row in part:
            number += 1
            lines.append([str(number), *_directive(row, helping.get(row.pk, []))])
    return {
        "key": "directives",
        "title": words.DIRECTIVES_APPENDIX,
        "head": words.DIRECTIVES_HEAD,
        "widths": [4, 26, 13, 13, 11, 11, 13, 9],
        "align": "rlllllll",
        "rows": lines,
    }


def _cooperating(keys: list[int]) -> dict[int, list[str]]:
    """By directive the bodies that help, in the order in which they were named; a group under its own name."""
    found: dict[int, list[str]] = {}
    helping = Assignment.objects.active().filter(directive__in=keys, role=Assignment.Role.COOPERATING)
    for row in helping.select_related("agency", "via_group").order_by("pk"):
        named = found.setdefault(row.directive_id, [])
        name = name_of(row.via_group or row.agency)
        if name not in named:
            named.append(name)
    return found


def _directive(row: Any, helping: list[str]) -> list[str]:
    return [
        row.official_title,
        lead_of(row),
        "; ".join(helping) or row.cooperating_printed,
        row.output_expected,
        _deadline(row),
        _result(row),
        _remark(row),
    ]


def _deadline(row: Any) -> str:
    """The printed words with the day that they mean."""
    day = format_date(row.due_then) if row.due_then else ""
    printed = row.deadline_printed.strip()
    if not printed or not day:
        return printed or day or str(row.get_deadline_kind_display())
    return printed if day in printed else f"{printed} ({day})"


def _result(row: Any) -> str:
    """How it stood on the day, and the newest confirmed result of work that goes on."""
    state = words.STANDINGS[row.standing]
    if row.standing in {Standing.DONE, Standing.DONELATE} and row.completed_then:
        return f"{state} ({format_date(row.completed_then)})"
    note = " ".join(row.progress_note.split())
    return f"{state}; {note}" if note else state


def _remark(row: Any) -> str:
    extended = f"Gia hạn {row.extension_count} lần" if row.extension_count else ""
    return "; ".join(filter(None, [extended, row.note]))


# Indicators


def appendix_of_indicators(goals: Goals) -> Appendix:
    """Every indicator of the report under its field, its parts below it."""
    lines: list[Any] = []
    number = 0
    for place, (field, part) in enumerate(groupby(goals.rows, key=lambda row: row.indicator.field), 1):
        lines.append({"group": f"{words.roman(place)}. {field.name}"})
        for row in part:
            number += 1
            lines.append([str(number), *_indicator(row)])
            for below, child in enumerate(filter(has_something_to_say, row.children), 1):
                lines.append([f"{number}.{below}", *_indicator(child)])
    return {
        "key": "indicators",
        "title": words.INDICATORS_APPENDIX,
        "head": words.INDICATORS_HEAD,
        "widths": [6, 38, 12, 10, 12, 11, 11],
        "align": "rllrrrr",
        "rows": lines,
    }


def _indicator(row: IndicatorRow) -> list[str]:
    indicator = row.indicator
    share = of_year_plan(row)
    moved = change_words(row)
    return [
        indicator.name,
        indicator.unit,
        target_text(goal_in_year(row), indicator),
        _actual(row),
        NOTHING if share is None else quantity(share, 1),
        NOTHING if moved is None else " ".join(filter(None, moved[:2])),
    ]


def _actual(row: IndicatorRow) -> str:
    """The figure with the word printed before it, both numbers of a coverage; what is missing is said."""
    if row.actual is None:
        return row.cell.words or words.NO_DATA
    if row.indicator.value_kind == Indicator.ValueKind.YES_NO:
        return "đạt" if row.actual else "chưa đạt"
    text = at_most(row.actual, row.indicator.decimals)
    if row.coverage:
        return f"{text} ({row.coverage.in_use}/{row.coverage.in_scope})"
    return qualified(text, row.cell.qualifier)
