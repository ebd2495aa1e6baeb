"""Loads what is known before anybody works: fields, agencies, status terms, and what the source article says.

Rows are only ever added, by their natural keys: what a person has changed stays as it is.
"""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

import pghistory
from django.conf import settings
from django.db import models, transaction

from tracker import clock
from tracker.models import (
    Agency,
    AgencyMembership,
    Configuration,
    Directive,
    DirectiveSource,
    Document,
    Field,
    Status,
    StatusTerm,
    Suggestion,
)


def read_fixture(name: str) -> Any:
    return json.loads((settings.BASE_DIR / "fixtures" / name).read_text(encoding="utf-8"))


@transaction.atomic
def load_reference() -> int:
    """Fields, agencies with their groups, and status terms. Returns how many rows were added."""
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
    """The article's documents, directives D01–D12 and C01–C12, with what is inferred as suggestions only."""
    data = read_fixture("article.json")
    known = set(Directive.objects.values_list("code", flat=True))
    fresh = [row for row in data["directives"] if row["code"] not in known]
    if not fresh:
        return 0
    at = dt.datetime.fromisoformat(data["registered_at_in_demo"]) if settings.TRACKER_DEMO else clock.now()
    with pghistory.context(command="load_article"):
        documents = _add_documents(data["documents"])
        directives = {row["code"]: _add_directive(row, documents, at) for row in fresh}
        for row in fresh:
            if parent := directives.get(row.get("parent", "")):
                directives[row["code"]].parent = parent
                directives[row["code"]].save(update_fields=["parent"])
    return len(fresh)


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
