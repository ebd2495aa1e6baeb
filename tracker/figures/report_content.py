"""What an official report says, written afresh from the data: its parts, its appendices and the facts behind them.

Every number comes from the figures that the pages show, cut as the report is; only confirmed figures count. A part
with nothing to say says so and is marked as empty.
"""

import datetime as dt
from typing import Any

from django.utils.translation import override

from tracker import report_words as words
from tracker.figures.register import Counted, count_by_field
from tracker.figures.report_appendices import appendix_of_directives, appendix_of_indicators
from tracker.figures.report_directives import about_directives, about_late, late_rows
from tracker.figures.report_facts import FactBook, heading
from tracker.figures.report_outlook import (
    empty,
    load_obstacles,
    next_work,
    recommendations,
    shortcomings,
)
from tracker.figures.report_scope import ReportScope
from tracker.figures.report_targets import Goals, about_targets, load_goals
from tracker.linked_text import Block, Content, Section, keys_in_use
from tracker.models import Obstacle, PeriodicReport, ReportPart, User


def write_report(user: User, report: PeriodicReport, *, today: dt.date) -> tuple[Content, dict[str, Any]]:
    """The text as of the report's day and the facts of its numbers; Vietnamese, whatever the drafter reads.

    Asks only for period, scope, parts and ``figures_on`` of the report, which need not be stored yet. The number of
    queries does not grow with the rows.
    """
    with override("vi"):
        writer = _Writer(user, report, today)
        sections = [section for section in writer.sections() if section]
        for number, section in enumerate(sections, 1):
            section["title"] = f"{words.roman(number)}. {section['title']}"
        content = {"sections": sections, "appendices": writer.appendices()}
        return content, {key: writer.book.facts[key] for key in keys_in_use(content)}


class _Writer:
    """One reading of the data for all parts of a report, so that they agree with each other."""

    def __init__(self, user: User, report: PeriodicReport, today: dt.date) -> None:
        self.parts = frozenset(report.parts)
        self.scope = ReportScope.about(
            user, report.period, report.agency, report.field, on=report.figures_on, today=today
        )
        # What lies ahead is seen from the very day, also when that is after the period.
        ahead = min(report.figures_on, today)
        self.ahead = self.scope if ahead == self.scope.as_of else self.scope.on(ahead)
        self.book = FactBook()
        self.tables = 0
        self.goals: Goals | None = load_goals(self.scope) if ReportPart.TARGETS in self.parts else None
        self.late: list[Any] | None = late_rows(self.scope) if ReportPart.LATE in self.parts else None
        self.fields: Counted = count_by_field(self.scope)
        self.obstacles: list[Obstacle] | None = (
            load_obstacles(self.scope) if ReportPart.OBSTACLES in self.parts else None
        )

    def sections(self) -> list[Section | None]:
        return [self._results(), self._shortcomings(), self._next(), self._recommendations()]

    def appendices(self) -> list[dict[str, Any]]:
        found = []
        if ReportPart.DIRECTIVES in self.parts and self.fields.total.total:
            found.append(appendix_of_directives(self.scope))
        if self.goals and self.goals.rows:
            found.append(appendix_of_indicators(self.goals))
        return found

    def _results(self) -> Section | None:
        chapters: list[tuple[str, str, list[Block]]] = []
        if self.goals:
            told = about_targets(self.scope, self.book, self.goals)
            chapters.append(("targets", words.TARGETS_HEADING, told))
        if ReportPart.DIRECTIVES in self.parts:
            told = about_directives(self.scope, self.book, self.fields, self._next_table())
            chapters.append(("directives", words.DIRECTIVES_HEADING, told))
            self.tables += _tables(told)
        if self.late is not None:
            told = about_late(self.scope, self.book, self.late, self._next_table())
            chapters.append(("late", words.LATE_HEADING, told))
            self.tables += _tables(told)
        blocks: list[Block] = []
        for number, (key, title, told) in enumerate(chapters, 1):
            blocks += [heading(f"{key}.heading", f"{number}. {title}"), *told]
        return _section("results", words.RESULTS, blocks, "") if chapters else None

    def _shortcomings(self) -> Section | None:
        if self.late is None and self.obstacles is None:
            return None
        blocks = shortcomings(self.scope, self.book, self.goals, self.late, self.obstacles)
        return _section("shortcomings", words.SHORTCOMINGS, blocks, words.NO_SHORTCOMINGS)

    def _next(self) -> Section | None:
        if ReportPart.NEXT not in self.parts:
            return None
        blocks = next_work(self.scope, self.ahead, self.book, self.fields, self._next_table())
        return _section("next", words.NEXT, blocks, words.NOTHING_NEXT)

    def _recommendations(self) -> Section | None:
        if self.obstacles is None:
            return None
        blocks = recommendations(self.scope, self.book, self.obstacles)
        return _section("recommendations", words.RECOMMENDATIONS, blocks, words.NO_RECOMMENDATIONS)

    def _next_table(self) -> int:
        return self.tables + 1


def _tables(blocks: list[Block]) -> int:
    return sum(block["kind"] == "table" for block in blocks)


def _section(key: str, title: str, blocks: list[Block], nothing: str) -> Section:
    return {"key": key, "title": title, "blocks": blocks or empty(key, nothing), "empty": not blocks}
