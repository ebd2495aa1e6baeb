"""Loads what is known before anybody works: fields, agencies, periods, holidays, and what the source article says.

Rows are only ever added, by their natural keys: what a person has changed stays as it is.
"""

import datetime as dt
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pghistory
from django.conf import settings
from django.db import models, transaction

from tracker import clock
from tracker.models import (
    Agency,
    AgencyMembership,
    Configuration,
    DataQuestion,
    Directive,
    DirectiveSource,
    Document,
    Field,
    Indicator,
    Measurement,
    ReportingPeriod,
    ReportStatus,
    Roster,
    Status,
    StatusTerm,
    Suggestion,
    Target,
)
from tracker.office_calendar import enter_holidays

RESULTS_YEAR = 2019
"""The year that the article reports on: nothing is printed of its months, so only the year itself is a period."""


def read_fixture(name: str) -> Any:
    return json.loads((settings.BASE_DIR / "fixtures" / name).read_text(encoding="utf-8"))


@transaction.atomic
def load_reference() -> int:
    """Fields, agencies and groups, status terms, reporting periods, holidays. Returns how many rows were added."""
    data = read_fixture("reference.json")
    with pghistory.context(command="load_reference"):
        added = _add(Field, data["fields"]) + _add(StatusTerm, data["status_terms"])
        new = _add_agencies(data["agencies"])
        members = [
            AgencyMembership(group=new[group], member=new[member])
            for group, codes in data["groups"].items()
            if group in new
            for member in codes
            if member in new
        ]
        AgencyMembership.objects.bulk_create(members)
        added += Configuration.objects.get_or_create(pk=1)[1]
        this_year = clock.today().year
        added += ReportingPeriod.generate(RESULTS_YEAR, kinds=["year"])
        added += sum(ReportingPeriod.generate(year) for year in (this_year, this_year + 1))
        added += sum(enter_holidays(year) for year in (this_year - 1, this_year, this_year + 1))
    return added + len(new) + len(members)


def _add(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> int:
    known = set(model._default_manager.values_list("code", flat=True))
    new = [model(**row) for row in rows if row["code"] not in known]
    model._default_manager.bulk_create(new)
    return len(new)


def _add_agencies(rows: list[dict[str, Any]]) -> dict[str, Agency]:
    """Agencies in two steps, since they name each other as parent and successor."""
    links = ("parent", "merged_into")
    known = {agency.code: agency for agency in Agency.objects.all()}
    fresh = [row for row in rows if row["code"] not in known]
    new = [Agency(**{name: value for name, value in row.items() if name not in links}) for row in fresh]
    by_code = known | {agency.code: agency for agency in Agency.objects.bulk_create(new)}
    for row in fresh:
        if any(name in row for name in links):
            agency = by_code[row["code"]]
            for name in links:
                setattr(agency, name, by_code[row[name]] if name in row else None)
            agency.save(update_fields=links)
    return {row["code"]: by_code[row["code"]] for row in fresh}


@transaction.atomic
def load_article() -> int:
    """The article's documents, directives D01–D12 and C01–C12 and results R01–R11; what is inferred as suggestions.

    Run after ``load_reference``. Returns how many directives and indicators were added.
    """
    data = read_fixture("article.json")
    directives = _missing(Directive, data["directives"])
    results = _missing(Indicator, data["indicators"])
    suggested = _missing(Indicator, data["suggested_indicators"])
    if not (directives or results or suggested):
        return 0
    at = dt.datetime.fromisoformat(data["registered_at_in_demo"]) if settings.TRACKER_DEMO else clock.now()
    with pghistory.context(command="load_article"):
        documents = _add_documents(data["documents"])
        _add_directives(directives, documents, at)
        period = ReportingPeriod.objects.get(kind="year", year=RESULTS_YEAR)
        for row in results:
            _add_result(row, data, period, documents["article"], at)
        for row in suggested:
            _add_suggested(row, documents, at)
    return len(directives) + len(results) + len(suggested)


def _missing(model: type[models.Model], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = set(model._default_manager.values_list("code", flat=True))
    return [row for row in rows if row["code"] not in known]


def _add_directives(rows: list[dict[str, Any]], documents: dict[str, Document], at: dt.datetime) -> None:
    directives = {row["code"]: _add_directive(row, documents, at) for row in rows}
    for row in rows:
        if parent := directives.get(row.get("parent", "")):
            directives[row["code"]].parent = parent
            directives[row["code"]].save(update_fields=["parent"])


def _add_documents(rows: dict[str, dict[str, Any]]) -> dict[str, Document]:
    documents: dict[str, Document] = {}
    for key, row in rows.items():
        values = row | ({"reported_in": documents[row["reported_in"]]} if "reported_in" in row else {})
        natural = {name: row.get(name, "") for name in ("kind", "number", "abstract")}
        documents[key] = Document.objects.filter(**natural).first() or Document.objects.create(**values)
    return documents


def _add_directive(row: dict[str, Any], documents: dict[str, Document], at: dt.datetime) -> Directive:
    apart = {"sources", "suggestions", "parent", "field", "lead"}
    lead = Agency.objects.get(code=row["lead"]) if "lead" in row else None
    directive = Directive.objects.create(
        field=Field.objects.get(code=row["field"]),
        lead=lead,
        created_at=at,
        **{name: value for name, value in row.items() if name not in apart},
    )
    directive.log("registered", by=None, at=at, to=Status.UNASSIGNED)
    for position, source in enumerate(row["sources"]):
        DirectiveSource.objects.create(
            directive=directive,
            document=documents[source["document"]],
            sentence=source["sentence"],
            gloss=source.get("gloss", ""),
            position=position,
        )
    for suggestion in row["suggestions"]:
        agency = Agency.objects.get(code=suggestion["agency"]) if "agency" in suggestion else None
        Suggestion.objects.create(
            directive=directive, kind=suggestion["kind"], text=suggestion["text"], agency=agency
        )
    return directive


def _add_result(
    row: dict[str, Any],
    data: dict[str, Any],
    period: ReportingPeriod,
    article: Document,
    at: dt.datetime,
) -> None:
    """An indicator with its printed figure of 2019, which is its baseline too."""
    printed = row["figure"]
    indicator = Indicator.objects.create(
        field=Field.objects.get(code=row["field"]),
        created_at=at,
        figures_from=data["results_source"],
        baseline_value=Decimal(printed["value"]),
        baseline_year=period.year,
        baseline_source=data["results_source"],
        baseline_qualifier=printed.get("qualifier", ""),
        **{name: value for name, value in row.items() if name not in {"field", "figure"}},
    )
    figure = add_printed_figure(indicator, printed, data["results_note"], period, article, at)
    if doubt := printed.get("question"):
        DataQuestion.objects.create(
            measurement=figure, kind=DataQuestion.Kind.PRINTED, detail=doubt, asked_at=at
        )


def add_printed_figure(
    indicator: Indicator,
    printed: dict[str, Any],
    note: str,
    period: ReportingPeriod,
    document: Document,
    at: dt.datetime,
) -> Measurement:
    """A figure exactly as a document prints it: confirmed, with the document in place of author and reviewer.

    The only way to a confirmed figure past the verbs (docs/decisions/0007-printed-figures.md). Nothing is corrected
    or worked out: a share keeps its printed value also where its denominator was not printed.
    """
    amounts = ("value", "numerator", "printed_growth")
    return Measurement.objects.create(
        indicator=indicator,
        period=period,
        as_of_on=period.ends_on,
        role=Measurement.Role.VERIFIED,
        status=ReportStatus.CONFIRMED,
        document=document,
        note=f"{printed.get('note', '')} {note}".strip(),
        saved_at=at,
        **{name: Decimal(printed[name]) for name in amounts if name in printed},
        **{
            name: printed.get(name, "")
            for name in ("qualifier", "certainty", "printed_basis", "printed_text")
        },
    )


def _add_suggested(row: dict[str, Any], documents: dict[str, Document], at: dt.datetime) -> None:
    """An indicator that no document states: it counts once a person has accepted it, list of bodies and all."""
    apart = {"field", "directive", "target", "roster"}
    indicator = Indicator.objects.create(
        field=Field.objects.get(code=row["field"]),
        directive=Directive.objects.get(code=row["directive"]),
        is_suggested=True,
        created_at=at,
        **{name: value for name, value in row.items() if name not in apart},
    )
    target = row["target"]
    Target.set(
        indicator,
        by=None,
        due_on=dt.date.fromisoformat(target["due_on"]),
        operator=target["operator"],
        value=Decimal(target["value"]),
        words=target.get("words", ""),
        printed=target["printed"],
        document=documents[target["document"]],
        is_suggested=True,
        set_at=at,
        reason=target["reason"],
    )
    if "roster" in row:
        roster = Roster.objects.create(indicator=indicator, is_suggested=True)
        agencies = Agency.objects.in_bulk(row["roster"]["bodies"], field_name="code")
        for code in row["roster"]["bodies"]:
            roster.add(agencies[code], reason=row["roster"]["reasons"].get(code, ""))
