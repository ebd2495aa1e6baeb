"""What stands beside the rows: which list, cut by what, as of when, taken out by whom, how to read it in again."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.appendices.reading import FOR_READING
from tracker.exports.sheet import Sheet
from tracker.models import User
from tracker.vietnamese.dates import format_date
from tracker.vietnamese.quantities import format_quantity


@dataclass(frozen=True)
class About:
    """Who takes the list out, and when, by the clock of the office."""

    by: str
    agency: str
    at: dt.datetime

    @classmethod
    def of(cls, user: User, at: dt.datetime) -> "About":
        return cls(user.full_name, user.agency.name, at)


def lines(sheet: Sheet, about: About, rows: int, cut: int = 0) -> list[tuple[str, str]]:
    """The first sheet, line by line: what it is called, what is so. ``cut``: texts longer than a cell holds."""
    told = [
        (_("List"), sheet.title),
        *filters_in_words(sheet),
        (_("As of"), format_date(sheet.as_of)),
        (_("Number of rows"), format_quantity(Decimal(rows))),
        (_("Taken out by"), f"{about.by}, {about.agency}"),
        (_("Taken out at"), f"{about.at:%H:%M %d/%m/%Y}"),
    ]
    if cut:
        said = ngettext(
            "%(n)s text is longer than a cell of Excel holds and says so where it ends; CSV has the whole text.",
            "%(n)s texts are longer than a cell of Excel holds and say so where they end; CSV has the whole text.",
            cut,
        )
        told.append((_("Long texts"), said % {"n": format_quantity(Decimal(cut))}))
    told.append((_("Reading it in again"), _how_to_import(sheet)))
    return told


def filters_in_words(sheet: Sheet) -> list[tuple[str, str]]:
    """What the rows were cut by, each filter in one line; one line too when nothing was."""
    if not sheet.filters:
        return [(_("Filter"), _("none: the whole list"))]
    return [(_("Filter: %(name)s") % {"name": name}, words) for name, words in sheet.filters]


def _how_to_import(sheet: Sheet) -> str:
    if sheet.is_importable:
        return _(
            "Under “Data import” choose this file. The column of codes says which row is which: rows that were not "
            "changed stay as they are. Do not change codes or heads of columns."
        )
    return str(FOR_READING)
