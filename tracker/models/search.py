"""Vietnamese search and sort as generated columns, through two SQL functions of ours."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Concat


class ViFold(Func):
    """Lower case, no tone marks, đ as d: what search compares."""

    function, output_field = "vi_fold", TextField()


class ViSortKey(Func):
    """A key that sorts by the Vietnamese alphabet in any locale."""

    function, output_field = "vi_sort_key", TextField(db_collation="C")


class GivenNameFirst(Func):
    """“Nguyễn Thu Hà” as “Hà Nguyễn Thu”: people are sorted by given name."""

    function, output_field = "regexp_replace", TextField()

    def __init__(self, name: Any) -> None:
        super().__init__(name, Value(r"^(.*)\s(\S+)$"), Value(r"\2 \1"))


def search_column(*names: str) -> models.GeneratedField:
    """The folded text of several columns."""
    parts: list[Any] = []
    for name in names:
        parts += [F(name), Value(" ")]
    return models.GeneratedField(
        expression=ViFold(Concat(*parts, output_field=TextField())), output_field=TextField(), db_persist=True
    )


class NumberKey(Func):
    """A document number without accents, case and separators, as ``vietnamese.document_numbers.number_key`` has it."""

    function, output_field = "regexp_replace", TextField()

    def __init__(self, name: Any) -> None:
        super().__init__(ViFold(name), Value("[^a-z0-9]"), Value(""), Value("g"))


def number_column(name: str) -> models.GeneratedField:
    """What a document's number is found by, in whatever spelling it is typed."""
    return models.GeneratedField(expression=NumberKey(F(name)), output_field=TextField(), db_persist=True)


def sort_column(expression: Any) -> models.GeneratedField:
    """The Vietnamese sort key of a column."""
    return models.GeneratedField(
        expression=ViSortKey(expression), output_field=TextField(db_collation="C"), db_persist=True
    )


def search_index(name: str, column: str = "search") -> GinIndex:
    return GinIndex(OpClass(F(column), name="gin_trgm_ops"), name=name)
