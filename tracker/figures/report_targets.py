"""Part I of a report about indicators: a paragraph for each field, in the manner of such reports.

Where the figure of the very period has printed words of its source, those words are kept and their numbers linked.
"""

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from tracker import report_words as words
from tracker.figures.report_facts import FactBook, paragraph
from tracker.figures.report_scope import ReportScope
from tracker.figures.sentence import in_sentence
from tracker.figures.target_rows import IndicatorRow, better, goal_of
from tracker.figures.targets import Plan, year_plan
from tracker.judgement import Direction, Verdict, share_of_plan
from tracker.linked_text import Block, Run, Runs
from tracker.models import Indicator, Measurement, ReportingPeriod, Target
from tracker.report_words import fill, together
from tracker.target_words import at_most, lowered, target_text
from tracker.templatetags.display import percent, quantity
from tracker.vietnamese.dates import format_date

ValueKind = Indicator.ValueKind

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")


@dataclass(frozen=True)
class Goals:
    """The indicators that a report speaks of, and the printed words behind their figures."""

    plan: Plan
    rows: list[IndicatorRow]
    printed: dict[int, Measurement]
    """By figure, of those of the report's own period."""

    def words_of(self, row: IndicatorRow) -> Measurement | None:
        """The source's words where they say the very figure that is reported."""
        figure = self.printed.get(row.cell.figure_pk or 0)
        if figure is None or figure.value != row.actual or figure.value is None:
            return None
        return figure if _said(figure, row) in _NUMBER.findall(figure.printed_text) else None


def load_goals(scope: ReportScope) -> Goals:
    """The year's plan up to the report's period, with the figures of indicators without a target; eight queries."""
    plan = year_plan(scope.user, scope.today, scope.office, upto=scope.report_window)
    rows = [
        row
        for row in [*plan.rows, *plan.unplanned]
        if _concerns(row.indicator, scope) and has_something_to_say(row)
    ]
    rows.sort(key=lambda row: (row.indicator.field.position, row.indicator.position, row.indicator.pk))
    figures = [row.cell.figure_pk for row in rows if row.cell.figure_pk]
    own = Measurement.objects.filter(pk__in=figures, period=scope.report_window)
    return Goals(plan, rows, own.in_bulk())


def _concerns(indicator: Indicator, scope: ReportScope) -> bool:
    if scope.only_field and indicator.field_id != scope.only_field.pk:
        return False
    return scope.only_agency is None or indicator.owner_id == scope.only_agency.pk


def goal_in_year(row: IndicatorRow) -> Target | None:
    """What is to be reached in the report's own year: of an earlier report the later years' plans say nothing."""
    return row.target if row.target and row.target.due_on.year == row.year else None


def has_something_to_say(row: IndicatorRow) -> bool:
    """A goal of the year, or a figure; a list on which nobody is in use yet has none."""
    if goal_in_year(row):
        return True
    return bool(row.coverage.in_use) if row.coverage else row.actual is not None or bool(row.cell.words)


def about_targets(scope: ReportScope, book: FactBook, goals: Goals) -> list[Block]:
    """How many targets will be reached, then a paragraph for each field."""
    if not goals.rows:
        return [paragraph("targets.none", [{"t": words.NO_TARGETS}])]
    blocks = [paragraph("targets.forecast", runs) for runs in [_forecast(scope, book, goals)] if runs]
    for field, rows in groupby(goals.rows, key=lambda row: row.indicator.field):
        told = together(_sentences(scope, book, goals, list(rows)), " ")
        name = fill(words.FIELD, field=in_sentence(field.name))
        blocks.append(paragraph(f"targets.{field.code}", together([name, told], "")))
    return blocks


def indicator_address(row: IndicatorRow, window: ReportingPeriod) -> str:
    """The page of the indicator, up to the report's period."""
    return f"{row.indicator.get_absolute_url()}?{urlencode({'ky': window.code})}"


# How many will be reached


def _forecast(scope: ReportScope, book: FactBook, goals: Goals) -> Runs:
    """Nothing where no list of targets is cut as the report is, or nothing can be judged yet."""
    planned = [row for row in goals.rows if row in goals.plan.rows]
    if scope.only_agency or not any(row.verdict != Verdict.NONE for row in planned):
        return []
    runs = {
        str(verdict): _verdict_count(scope, book, planned, verdict, says)
        for verdict, says in _VERDICTS.items()
    }
    unknown = fill(words.UNKNOWN, none=runs["none"])
    has_unknown = any(row.verdict == Verdict.NONE for row in planned)
    year = scope.report_window.year
    is_over = scope.report_window.kind == ReportingPeriod.Kind.YEAR and year < scope.today.year
    return fill(
        words.OUTCOME if is_over else words.FORECAST,
        year=str(year),
        total=book.count("targets.total", len(planned), _plan_address(scope), "số chỉ tiêu của kế hoạch năm"),
        unknown=unknown if has_unknown else "",
        **{name: run for name, run in runs.items() if name != "none"},
    )


_VERDICTS = {
    Verdict.MET: "dự báo đạt kế hoạch năm",
    Verdict.RISK: "có nguy cơ không đạt",
    Verdict.OFF: "khó đạt",
    Verdict.NONE: "chưa đủ số liệu để đánh giá",
}


def _verdict_count(
    scope: ReportScope, book: FactBook, rows: list[IndicatorRow], verdict: Verdict, says: str
) -> Run:
    number = sum(row.verdict == verdict for row in rows)
    url = _plan_address(scope, kl=str(verdict))
    return book.count(f"targets.{verdict}", number, url, f"số chỉ tiêu {says}")


def _plan_address(scope: ReportScope, **filters: str) -> str:
    query = {"ky": scope.report_window.code} | filters
    if scope.only_field:
        query["lv"] = scope.only_field.code
    return f"{reverse('indicator_list')}?{urlencode(query)}"


# Sentences of a field


def _sentences(scope: ReportScope, book: FactBook, goals: Goals, rows: list[IndicatorRow]) -> list[Runs]:
    """Whole sentences; what the source printed as the rest of a sentence goes on with it."""
    texts = {row.indicator.pk: figure.printed_text for row in rows if (figure := goals.words_of(row))}
    told: list[tuple[Runs, bool]] = []
    for row in rows:
        text = texts.get(row.indicator.pk)
        if text is None:
            told.append((_sentence(scope, book, row), True))
        elif not _is_inside(text, row, texts):
            within = [one for one in rows if one is row or _is_part(texts.get(one.indicator.pk), text)]
            told.append((_linked(scope, book, goals, within, text.rstrip(" .")), text.endswith(".")))
    return _joined_sentences(told)


def _is_inside(text: str, row: IndicatorRow, texts: dict[int, str]) -> bool:
    """Another figure's printed sentence says this one too."""
    return any(pk != row.indicator.pk and _is_part(text, other) for pk, other in texts.items())


def _is_part(text: str | None, whole: str) -> bool:
    return text is not None and len(text) < len(whole) and text.rstrip(" .") in whole


def _joined_sentences(told: list[tuple[Runs, bool]]) -> list[Runs]:
    """Closed with a full stop each. A part that begins small goes on after a comma, with a number after a semicolon."""
    sentences: list[Runs] = []
    is_open = False
    for runs, is_closed in told:
        first = runs[0]["t"][:1]
        goes_on = is_open and not first.isupper()
        if goes_on:
            sentences[-1] = together([sentences[-1], runs], ", " if first.islower() else "; ")
        else:
            sentences.append(runs)
        is_open = not is_closed
    return [together([runs, "."], "") for runs in sentences]


def _linked(scope: ReportScope, book: FactBook, goals: Goals, rows: list[IndicatorRow], text: str) -> Runs:
    """Printed words with the figures, and the printed growth, of these indicators linked in them."""
    known: dict[str, Run] = {}
    for row in rows:
        figure: Any = goals.words_of(row)
        known.setdefault(_said(figure, row), _value(scope, book, row))
        if figure.printed_growth is not None:
            grown = percent(figure.printed_growth)
            known.setdefault(grown, _growth(scope, book, row, grown, figure.printed_basis))
    runs: Runs = []
    at = 0
    for match in _NUMBER.finditer(text):
        if match[0] in known:
            runs += [{"t": text[at : match.start()]}, known.pop(match[0])]
            at = match.end()
    return together([runs, text[at:]], "")


def _said(figure: Measurement, row: IndicatorRow) -> str:
    """The figure as a sentence prints it: “1.720”, “42%”."""
    return quantity(figure.value) + ("%" if row.indicator.is_percent else "")


# One indicator


def _sentence(scope: ReportScope, book: FactBook, row: IndicatorRow) -> Runs:
    """Without its full stop."""
    indicator = row.indicator
    if row.coverage:
        return _covered(scope, book, row)
    if row.cell.words and row.actual is None:
        return [{"t": f"{indicator.name}: {row.cell.words.rstrip(' .')}"}]
    if row.actual is None:
        return fill(words.NO_FIGURE, name=indicator.name)
    if indicator.value_kind == ValueKind.YES_NO:
        return [{"t": f"{indicator.name}: {'đã đạt' if row.actual else 'chưa đạt'}"}]
    head: Runs = [
        {"t": f"{indicator.name}{_to_date(row)} {words.REACHED[row.cell.qualifier]} "},
        _value(scope, book, row),
        {"t": _unit(indicator)},
    ]
    clauses = [
        clause for clause in (_against_plan(scope, book, row), _against_past(scope, book, row)) if clause
    ]
    notes = _notes(row)
    return together([together([head, *clauses]), f" ({'; '.join(notes)})" if notes else ""], "")


def _value(scope: ReportScope, book: FactBook, row: IndicatorRow) -> Run:
    text = at_most(row.actual, row.indicator.decimals) + ("%" if row.indicator.is_percent else "")
    says = f"{row.indicator.name}: số thực hiện đã duyệt, {scope.report_window.label_in_text}"
    return book.figure(f"{row.indicator.code}.value", text, _address(scope, row), says)


def _growth(scope: ReportScope, book: FactBook, row: IndicatorRow, text: str, basis: str) -> Run:
    says = f"{row.indicator.name}: mức tăng, giảm {basis}"
    return book.figure(f"{row.indicator.code}.growth", text, _address(scope, row), says)


def _address(scope: ReportScope, row: IndicatorRow) -> str:
    return indicator_address(row, scope.report_window)


def _unit(indicator: Indicator) -> str:
    return f" {indicator.unit}" if indicator.unit and not indicator.is_percent else ""


def _to_date(row: IndicatorRow) -> str:
    """Up to when a sum goes that has not got the whole year: “lũy kế 5 tháng”."""
    last = row.done_rows[-1].period if row.done_rows else None
    if last is None or not row.indicator.is_cumulative or last == row.rows[-1].period:
        return ""
    if last.kind == ReportingPeriod.Kind.MONTH:
        return f" lũy kế {last.number} tháng"
    return f" lũy kế đến hết {lowered(last)}"


def _against_plan(scope: ReportScope, book: FactBook, row: IndicatorRow) -> Runs:
    """“bằng 42,9% kế hoạch năm”; of a share, a rank, a bound what is to be reached instead."""
    target, indicator = goal_in_year(row), row.indicator
    if target is None:
        return []
    is_year = (target.due_on.month, target.due_on.day) == (12, 31)
    share = of_year_plan(row)
    if share is None or indicator.is_percent or indicator.value_kind == ValueKind.RANK:
        goal = target_text(target, indicator) + (
            "%" if indicator.is_percent and target.value is not None else ""
        )
        template = words.GOAL_OF_YEAR if is_year else words.GOAL_BY_DAY
        run = book.figure(
            f"{indicator.code}.goal", goal, _address(scope, row), f"{indicator.name}: mức phải đạt"
        )
        return fill(template, goal=run, day=format_date(target.due_on))
    text, goal = percent(share), quantity(goal_of(target))
    says = f"{indicator.name}: thực hiện {at_most(row.actual, indicator.decimals)} trên kế hoạch {goal}"
    run = book.figure(f"{indicator.code}.share", text, _address(scope, row), says)
    return fill(
        words.SHARE_OF_YEAR if is_year else words.SHARE_BY_DAY, share=run, day=format_date(target.due_on)
    )


def of_year_plan(row: IndicatorRow) -> Any:
    """What was done in per cent of the whole target; None of a range, a bound or words, which have no share."""
    target = goal_in_year(row)
    if target is None or target.operator == Target.Operator.RANGE or not row.is_whole:
        return None
    way = better(row.indicator, target)
    return share_of_plan(row.actual, goal_of(target), way) if way == Direction.UP else None


def _against_past(scope: ReportScope, book: FactBook, row: IndicatorRow) -> Runs:
    moved = change_words(row)
    if not moved:
        return []
    verb, text, basis = moved
    if not text:
        return [{"t": f"{verb} {basis}"}]
    number, _space, unit = text.partition(" ")
    return fill("{verb} {n}{unit} {basis}", verb=verb, n=_growth(scope, book, row, number, basis),
                unit=f" {unit}" if unit else "", basis=basis)  # fmt: skip


def change_words(row: IndicatorRow) -> tuple[str, str, str] | None:
    """“tăng”, “12,3%”, “so với cùng kỳ năm 2019”; points of per cent and places are no per cent."""
    change = row.change
    if change.difference is None:
        return None
    name = change.basis
    if (name == "spread" and len(row.done_rows) == len(row.rows)) or (
        name == "year_end" and row.indicator.is_cumulative
    ):
        name = "year"  # a whole year against a whole year
    basis = words.BASES[name].format(year=row.year - 1)
    size = abs(change.difference)
    if round(size, 1) == 0:
        return "giữ nguyên", "", basis
    verb = "tăng" if change.difference > 0 else "giảm"
    if change.kind == "rank":
        return verb, f"{quantity(size)} bậc", basis
    return verb, f"{at_most(size, 1)} điểm %" if change.kind == "points" else f"{at_most(size, 1)}%", basis


def _notes(row: IndicatorRow) -> list[str]:
    notes = []
    if row.is_self_reported:
        notes.append(words.SELF_REPORTED)
    if row.is_carried and row.as_of_on:
        notes.append(words.CARRIED.format(day=format_date(row.as_of_on)))
    return notes


def _covered(scope: ReportScope, book: FactBook, row: IndicatorRow) -> Runs:
    """“12/26 cơ quan, đơn vị (46,2%)”, the goal, and each day on which the number of bodies became another one."""
    coverage: Any = row.coverage
    code, name, url = row.indicator.code, row.indicator.name, _address(scope, row)
    day = format_date(coverage.day)
    runs = fill(
        words.COVERAGE,
        name=name,
        in_use=book.figure(
            f"{code}.in_use", quantity(coverage.in_use), url, f"{name}: số cơ quan đã đạt, {day}"
        ),
        in_scope=book.figure(
            f"{code}.in_scope", quantity(coverage.in_scope), url, f"{name}: số cơ quan phải đạt, {day}"
        ),
        percent=_value(scope, book, row),
    )
    told = [change.sentence.rstrip(" .") for change in coverage.changes if change.day <= coverage.day]
    against = _against_plan(scope, book, row)
    return together(
        [together([runs, *([against] if against else [])]), "".join(f". {text}" for text in told)], ""
    )
