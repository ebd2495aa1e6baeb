"""Indicators and figures taken out: the year's plan, figures, questions, who has sent what, the adoption matrix."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from tracker.exports import sheet as cells
from tracker.exports.asking import Asked, filtered, period_words
from tracker.exports.sheet import Column, Sheet, from_records
from tracker.figures.completeness import CHOICES, Cell, Line
from tracker.figures.completeness import matrix as report_matrix
from tracker.figures.completeness_figures import Owed, cut_figures, figure_matrix, owed_figures
from tracker.figures.matrix import Matrix, Row, Tree
from tracker.figures.matrix import matrix as matrix_of
from tracker.figures.scope import Scope
from tracker.figures.target_rows import IndicatorRow, goal_of
from tracker.figures.targets import year_plan
from tracker.forms.completeness import CompletenessForm
from tracker.forms.figure_filters import FigureFilter, QuestionFilter
from tracker.forms.indicators import AGAINST, PlanCut
from tracker.forms.rosters import MatrixForm
from tracker.models import (
    BodyState,
    Configuration,
    DataQuestion,
    Field,
    Indicator,
    Measurement,
    Qualifier,
    ReportStatus,
    Target,
)
from tracker.tables.measurements import FigureTable, QuestionTable
from tracker.target_words import VERDICTS, target_text
from tracker.vietnamese.dates import format_date

_ENTERED_DECIMALS = Measurement._meta.get_field("value").decimal_places
_PLAIN = {Target.Operator.AT_LEAST, Target.Operator.ALL}
"""Targets that are printed as a number alone; every other has its sign or words beside it."""


def plan(asked: Asked) -> Sheet:
    """In the columns of the official appendix of indicators."""
    cut = PlanCut(asked.data)
    made = year_plan(
        asked.user, asked.today, Configuration.current(), upto=cut.value("ky"), against=cut.against
    )
    rows = cut.rows(made.rows)
    columns = [
        cells.index(_("No.")),
        cells.text(_("Indicator"), width=50),
        cells.text(_("Unit of measure"), width=14),
        cells.number(_("Plan")),
        cells.number(_("Actual")),
        cells.number(_("Against the plan (%)")),
        cells.text(_("Compared with"), width=24),
        cells.number(_("Earlier figure")),
        cells.number(_("Change (%, points, places)")),
        cells.text(_("Responsible agency"), width=26),
        cells.text(_("Code"), width=12),
        cells.number(_("Numerator")).off_paper(),
        cells.number(_("Denominator")).off_paper(),
        cells.number(_("Plan to date")).off_paper(),
        cells.number(_("Expected for the year")).off_paper(),
        cells.number(_("Expected against the plan (%)")).off_paper(),
        cells.text(_("Forecast"), width=16).off_paper(),
        cells.day(_("Figure as of")).off_paper(),
        cells.day(_("To be reached by")).off_paper(),
        cells.text(_("Field of work"), width=20).off_paper(),
    ]
    found = from_records(columns, rows, _plan_cells)
    filters = [
        (str(cut.fields[name].label), _plan_words(cut, name)) for name in cut.fields if cut.value(name)
    ]
    if made.upto and not cut.value("ky"):
        filters = [(_("Period"), made.upto.label), *filters]
    as_of = min(made.upto.ends_on, asked.today) if made.upto else asked.today
    return Sheet(
        _("Year plan of indicators"), columns, found, len(rows), as_of, filters=filters, is_importable=True
    )


def _plan_words(cut: PlanCut, name: str) -> str:
    value = cut.value(name)
    if name == "ky":
        return str(value.label)
    if name == "kl":
        return str(VERDICTS[value].text)
    if name == "ss":
        return str(dict(AGAINST)[value])
    return next((one.label for one in Field.objects.filter(code=value)), str(value))


def _plan_cells(row: IndicatorRow) -> list[Any]:
    indicator, cell, target = row.indicator, row.cell, row.target
    numerator, denominator = cell.numerator, cell.denominator
    if row.coverage:
        numerator, denominator = Decimal(row.coverage.in_use), Decimal(row.coverage.in_scope)
    return [
        indicator.name,
        indicator.unit,
        _goal(row),
        _shown(row.actual, indicator) if row.actual is not None else cell.words,
        _tenth(row.share),
        _compared(row),
        _shown(row.change.before, indicator),
        _tenth(row.change.difference),
        indicator.owner.name if indicator.owner else "",
        indicator.code,
        numerator,
        denominator,
        _shown(row.plan_to_date, indicator),
        _tenth(row.projected),
        _tenth(row.share_of_year),
        str(VERDICTS[row.verdict].text),
        row.as_of_on,
        target.due_on if target else None,
        indicator.field.label,
    ]


def _goal(row: IndicatorRow) -> Any:
    """The number of the plan; “≤ 35”, “40–60” and targets in words as they are said."""
    target = row.target
    if target is None:
        return None
    is_number = target.operator in _PLAIN and row.indicator.value_kind != Indicator.ValueKind.YES_NO
    goal = goal_of(target)
    return goal if is_number and goal is not None and not target.words else target_text(target, row.indicator)


def _shown(value: Decimal | None, indicator: Indicator) -> Decimal | None:
    """A figure as it was entered; what only a division gives so many decimals, as the pages show it."""
    if value is None or value == round(value, _ENTERED_DECIMALS):
        return value
    return value.quantize(Decimal(1).scaleb(-indicator.decimals), ROUND_HALF_UP)


def _tenth(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, 1)


def _compared(row: IndicatorRow) -> str:
    """With what the change compares; “quy đổi” where the year before had to be shared out."""
    if row.change.difference is None:
        return ""
    words = dict(AGAINST) | {"spread": _("Same period, converted")}
    return str(words.get(row.change.basis, ""))


def figures(asked: Asked) -> Sheet:
    filters = FigureFilter(asked.data, user=asked.user, today=asked.today)
    return filtered(_("Figures"), filters, measurement_columns(), with_part(filters.rows()), FigureTable)


def figures_of_one(asked: Asked) -> Sheet:
    """The figures of one indicator, which the address names in ``ma``; raises Indicator.DoesNotExist."""
    code = asked.data.get("ma", "")[:20].replace("\x00", "")
    indicator = Indicator.objects.visible_to(asked.user).get(code=code)
    filters = FigureFilter(asked.data, user=asked.user, today=asked.today)
    filters.indicator = indicator
    sheet = filtered(
        _("Figures of an indicator"), filters, measurement_columns(), with_part(filters.rows()), FigureTable
    )
    sheet.filters = [(_("Indicator"), f"{indicator.code} {indicator.name}"), *sheet.filters]
    return sheet


def measurement_columns() -> list[Column]:
    """One figure whole, with both numbers of a ratio."""
    return [
        cells.index(_("No.")),
        cells.text(_("Indicator"), "indicator__name", 44),
        cells.text(_("Unit of measure"), "indicator__unit", 14),
        cells.text(_("Part"), "part_words", 22),
        cells.text(_("Reporting period"), "period", 18, period_words()),
        cells.day(_("As of"), "as_of_on"),
        cells.number(_("Figure"), "value"),
        cells.number(_("Numerator"), "numerator"),
        cells.number(_("Denominator"), "denominator"),
        cells.text(_("Value in words"), "value_words", 24).off_paper(),
        cells.choice(_("Qualifier"), "qualifier", Qualifier.choices, 10).off_paper(),
        cells.choice(_("Certainty"), "certainty", Measurement.Certainty.choices, 12).off_paper(),
        cells.choice(_("Whose figure"), "role", Measurement.Role.choices, 20),
        cells.choice(_("Status"), "status", ReportStatus.choices),
        cells.text(_("Agency"), "agency__name", 26),
        cells.text(_("Exact words"), "printed_text", 40).off_paper(),
        cells.text(_("Explanation"), "explanation", 30).off_paper(),
        cells.text(_("Note"), "note", 24).off_paper(),
        cells.text(_("Written by"), "author__full_name", 20).off_paper(),
        cells.moment(_("Submitted at"), "submitted_at").off_paper(),
        cells.text(_("Reviewed by"), "reviewed_by__full_name", 20).off_paper(),
        cells.moment(_("Reviewed at"), "reviewed_at").off_paper(),
        cells.text(_("Code"), "indicator__code", 12).off_paper(),
    ]


def with_part(rows: Any, prefix: str = "") -> Any:
    """Annotate ``part_words``: the name of the part, or of the body that is the part."""
    own = NullIf(f"{prefix}part__name", Value(""))
    return rows.annotate(part_words=Coalesce(f"{prefix}part__agency__name", own, Value("")))


def questions(asked: Asked) -> Sheet:
    filters = QuestionFilter(asked.data, user=asked.user, today=asked.today)
    columns = [
        cells.index(_("No.")),
        cells.text(_("Indicator"), "measurement__indicator__name", 40),
        cells.text(_("Part"), "part_words", 22),
        cells.text(_("Reporting period"), "measurement__period", 18, period_words()),
        cells.number(_("Figure"), "measurement__value"),
        cells.choice(_("What is asked"), "kind", DataQuestion.Kind.choices, 28),
        cells.text(_("What is doubtful"), "detail", 40),
        cells.text(_("Who answers"), "measurement__agency__name", 26),
        cells.moment(_("Asked at"), "asked_at").off_paper(),
        cells.day(_("Answer by"), "answer_due_on"),
        cells.choice(_("Outcome"), "outcome", DataQuestion.Outcome.choices).off_paper(),
        cells.text(_("Answer"), "answer", 40),
        cells.text(_("Answered by"), "answered_by__full_name", 20).off_paper(),
        cells.moment(_("Answered at"), "answered_at").off_paper(),
        cells.text(_("Code"), "measurement__indicator__code", 12).off_paper(),
    ]
    rows = with_part(filters.rows().for_list(), "measurement__")
    return filtered(_("Questions about figures"), filters, columns, rows, QuestionTable)


def completeness(asked: Asked) -> Sheet:
    """One line an agency and period, as in the matrix; of the values listed below it one line a value."""
    form = CompletenessForm(asked.data, today=asked.today)
    scope = Scope.of(asked.user, asked.today)
    if not form.is_about_figures:
        made = report_matrix(scope, form.periods, bloc=form.bloc, agency=form.agency)
        return _matrix_sheet(_("Reports sent by agencies"), made.lines, form, asked)
    owed = owed_figures(scope, form.periods, bloc=form.bloc, agency=form.agency)
    if form.listed:
        return _owed_sheet(cut_figures(owed, *form.listed), form, asked)
    return _matrix_sheet(_("Figures sent by agencies"), figure_matrix(form.periods, owed).lines, form, asked)


def _matrix_sheet(title: str, lines: list[Line], form: CompletenessForm, asked: Asked) -> Sheet:
    columns = [
        cells.index(_("No.")),
        cells.text(_("Agency"), width=30),
        cells.text(_("Bloc"), width=20),
        cells.text(_("Reporting period"), width=18),
        cells.day(_("Agencies send by")),
        cells.number(_("Asked for")),
        cells.number(_("Sent on time")),
        cells.number(_("Sent late")),
        cells.number(_("Not sent")),
        cells.number(_("Not due yet")),
        cells.number(_("of those sent: nothing new")),
    ]

    def read(one: tuple[Line, Cell]) -> list[Any]:
        line, cell = one
        counts = (cell.counts[state] for state in ("on_time", "late", "missing", "pending"))
        period = cell.period
        return [
            line.agency.name,
            line.agency.get_bloc_display(),
            period.label,
            period.agencies_send_on,
            cell.asked,
            *counts,
            cell.nothing_new,
        ]

    records = [(line, cell) for line in lines for cell in line.cells]
    rows = from_records(columns, records, read)
    return Sheet(title, columns, rows, len(records), asked.today, filters=_completeness_words(form))


def _owed_sheet(owed: list[Owed], form: CompletenessForm, asked: Asked) -> Sheet:
    columns = [
        cells.index(_("No.")),
        cells.text(_("Indicator"), width=44),
        cells.text(_("Part"), width=24),
        cells.text(_("Agency"), width=28),
        cells.text(_("Reporting period"), width=18),
        cells.text(_("Status"), width=18),
        cells.moment(_("Submitted at")),
    ]

    def read(value: Owed) -> list[Any]:
        return [
            value.indicator.name,
            value.part.label if value.part else "",
            value.owner.name,
            value.period.label,
            str(value.handing.label),
            value.sent_at,
        ]

    rows = from_records(columns, owed, read)
    return Sheet(
        _("Figures sent by agencies"), columns, rows, len(owed), asked.today, _completeness_words(form)
    )


def _completeness_words(form: CompletenessForm) -> list[tuple[str, str]]:
    words = [
        (_("Kind of period"), str(dict(form.fields["loai"].choices)[form.kind])),  # type: ignore[attr-defined]
        (_("Year"), str(form.year)),
    ]
    if form.bloc:
        words.append((_("Bloc"), str(dict(form.fields["khoi"].choices)[form.bloc])))  # type: ignore[attr-defined]
    if form.agency:
        words.append((_("Agency"), form.agency.name))
    if form.is_about_figures and form.listed:
        period, choice = form.listed
        words += [(_("Reporting period"), period.label), (_("Status"), str(dict(CHOICES)[choice]))]
    return words


def adoption(asked: Asked) -> Sheet:
    """The bodies of a list × what each has to bring into use, both numbers of each share in columns of their own."""
    tree = Tree(asked.user)
    form = MatrixForm(asked.data, tree=tree, today=asked.today)
    form.is_valid()
    made = matrix_of(tree, form.choice, form.day, asked.today) if form.choice else None
    rows = [row for _group, part in made.grouped(form.wanted) for row in part] if made else []
    columns = [cells.index(_("No.")), cells.text(_("Agency"), width=34)]
    if made:
        columns += _matrix_columns(made)
    columns += [cells.text(_("Result"), width=24), cells.day(_("Updated on"))]
    filters = [(_("List of agencies"), made.subject.label)] if made else []
    if made and form.wanted:
        filters.append((_("Rows"), _rows_words(made, form.wanted)))
    found = from_records(columns, rows, _matrix_cells)
    return Sheet(_("Adoption matrix"), columns, found, len(rows), form.day, filters=filters)


def _matrix_columns(made: Matrix) -> list[Column]:
    columns = []
    for block in made.blocks:
        columns.append(cells.text(block.label, width=18))
        for criterion in block.criteria:
            columns.append(cells.number(criterion.head))
            if criterion.indicator.is_ratio:
                columns.append(cells.number(_("%(name)s: numerator") % {"name": criterion.head}).off_paper())
                columns.append(
                    cells.number(_("%(name)s: denominator") % {"name": criterion.head}).off_paper()
                )
    return columns


def _matrix_cells(row: Row) -> list[Any]:
    found: list[Any] = [row.agency.name]
    for place in row.places:
        found.append(_place_words(place.body))
        for cell in place.cells:
            figure = cell.figure
            found.append(figure.value if figure else None)
            if cell.criterion.indicator.is_ratio:
                found += [figure.numerator, figure.denominator] if figure else [None, None]
    return [*found, row.words, row.updated_on]


def _place_words(body: Any) -> str:
    """The body's state and since when; nothing where the list does not count it."""
    if body is None:
        return ""
    words = str(BodyState(body.state).label)
    return f"{words} ({format_date(body.since)})" if body.since else words


def _rows_words(made: Matrix, wanted: str) -> str:
    names = {name: str(label) for name, label, _count in made.chips}
    return names.get(wanted, wanted)
