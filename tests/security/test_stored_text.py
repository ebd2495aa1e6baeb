"""Markup in every text that people write, file names and import cells too, is never markup on a page."""

import json

import pytest
from django.apps import apps
from django.db import DataError, IntegrityError, InternalError, connection, models, transaction

from tests.test_urls import LINES, NAMES, address, may, signed_in, world  # noqa: F401

pytestmark = pytest.mark.django_db

PAYLOAD = "<img src=x onerror=alert(1)>"
ESCAPED = "&lt;img src=x onerror=alert(1)&gt;"
NEVER = ("<img src=x", "<IMG SRC=X")

KEPT = {
    "AccountLink": {"seed"},
    "User": {"password", "username", "language"},
    "Directive": {"code"},
    "Indicator": {"code"},
    "ReportingPeriod": {"code"},
    "Export": {"query", "list_name", "format", "language"},
    "MailMessage": {"language"},
    "Import": {"language"},
    "ImportRow": {"row_class"},
}
"""Columns that hold a key of ours and no words of anybody."""


def words_of(model) -> list[models.Field]:
    """Its columns of free text."""
    return [
        field
        for field in model._meta.local_concrete_fields
        if type(field) in {models.CharField, models.TextField}
        and not field.choices
        and not field.primary_key
        and not field.name.endswith("sha256")
        and field.name not in KEPT.get(model.__name__, set())
    ]


def told(model, change: str, values) -> bool:
    """Whether the change of all rows is one that the table's own rules allow."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'UPDATE "{model._meta.db_table}" SET {change}', values)  # noqa: S608
    except (DataError, IntegrityError, InternalError):
        return False
    return True


def poison():
    """Past all triggers, put the payload before all that people have written; the columns that took it."""
    taken = set()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for model in apps.get_app_config("tracker").get_models():
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{model._meta.db_table}" DISABLE TRIGGER USER')
        for field in words_of(model):
            room = field.max_length or 10_000
            if told(model, f'"{field.column}" = left(%s || "{field.column}", {room})', [PAYLOAD]):
                taken.add((model.__name__, field.name))
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.JSONField) and poison_json(model, field):
                taken.add((model.__name__, field.name))
    return taken


def poison_json(model, field) -> bool:
    changed = False
    for key, value in list(model._default_manager.values_list("pk", field.name)):
        text = json.dumps(with_payload(value), ensure_ascii=False)
        with connection.cursor() as cursor:
            cursor.execute(
                f'UPDATE "{model._meta.db_table}" SET "{field.column}" = %s '  # noqa: S608
                f'WHERE "{model._meta.pk.column}" = %s',
                [text, key],
            )
        changed = changed or PAYLOAD in text
    return changed


def with_payload(value):
    """Every phrase in it, which keys and codes are not: those have no blank."""
    if isinstance(value, dict):
        return {key: with_payload(one) for key, one in value.items()}
    if isinstance(value, list):
        return [with_payload(one) for one in value]
    return f"{PAYLOAD} {value}" if isinstance(value, str) and " " in value else value


@pytest.fixture
def poisoned(world):  # noqa: F811
    return world | {"taken": poison()}


@pytest.mark.parametrize("role", ["officer", "staff", "admin"])
def test_no_page_shows_the_markup_of_anybody(poisoned, role):
    client = signed_in(poisoned["people"][role])
    raw, escaped = set(), set()

    for name in NAMES:
        if "G" not in LINES[name][0] or not may(name, role):
            continue
        response = client.get(address(name, poisoned))
        assert response.status_code in {200, 302}, name
        if response.streaming or not response["Content-Type"].startswith("text/html"):
            continue
        page = response.content.decode()
        if any(markup in page for markup in NEVER):
            raw.add(name)
        if ESCAPED in page:
            escaped.add(name)

    assert raw == set()
    assert len(escaped) > 20, "hardly any page shows what was written, so nothing was tried"


def test_the_payload_reaches_what_people_write(poisoned):
    """The test above tries little if the tables take the payload in few places."""
    assert {
        ("Directive", "title"),
        ("User", "full_name"),
        ("Agency", "name"),
        ("Document", "abstract"),
        ("Document", "file_name"),
        ("Evidence", "title"),
        ("Obstacle", "description"),
        ("ImportRow", "printed"),
        ("PeriodicReport", "content"),
    } <= poisoned["taken"]
