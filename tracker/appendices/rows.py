"""What one row means: its bodies, deadline and target, and what a person should look at."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from tracker.appendices.cells import clean, in_our_letters, one_line, read_number
from tracker.appendices.directory import Bodies, Directory
from tracker.appendices.reading import ROLES, Doubt, Kind, Role, Row, RowClass, TargetReading
from tracker.appendices.targets import read_target
from tracker.vietnamese.dates import FIRST_YEAR, LAST_YEAR, format_date
from tracker.vietnamese.deadlines import Deadline, read_deadline

_LONGEST: dict[Kind, dict[Role, int]] = {
    Kind.DIRECTIVES: {"content": 2000, "lead": 300, "coordinate": 500, "product": 1000, "note": 2000},
    Kind.INDICATORS: {"content": 500, "unit": 60, "target": 500, "note": 2000},
}
"""How many characters the register takes of each."""


def interpret(
    cells: Mapping[Role, str],
    *,
    kind: Kind,
    directory: Directory,
    year: int,
    row_class: RowClass,
    number: int = 0,
    heading: str = "",
    above: Row | None = None,
    **place: Any,
) -> Row:
    """A row with what its cells mean. ``heading`` and ``above`` give the lead where the row itself names none."""
    printed = {role: text for role in ROLES if (text := clean(cells.get(role, "")))}
    said = {role: in_our_letters(text) for role, text in printed.items()}
    index = read_number(said.get("index", ""))
    row: dict[str, Any] = {
        "number": number,
        "row_class": row_class,
        "cells": printed,
        "index": index.text if index else one_line(said.get("index", "")),
        "text": one_line(said.get("content", "")),
        "heading": heading,
        "parent": above.number if above else None,
        "table": 0,
    } | place
    if row_class not in {RowClass.TASK, RowClass.SUB_ITEM}:
        return Row(**row)
    uncomputed = _uncomputed(said)
    doubts = [*_letters(printed, said), *_missing_text(row["text"], kind), *_lengths(said, kind), *uncomputed]
    said = {role: text for role, text in said.items() if role not in {doubt.role for doubt in uncomputed}}
    leads, cooperating = directory.read(said.get("lead", "")), directory.read(said.get("coordinate", ""))
    for role, bodies in (("lead", leads), ("coordinate", cooperating)):
        doubts += _bodies(role, bodies, said) + _not_in_force(role, bodies, directory, year)
    if "lead" not in printed:
        leads, more = _lead_from(above, heading, directory, kind, row_class)
        doubts += more
    deadline, more = _deadline(said.get("deadline", ""), year)
    doubts += more
    target: TargetReading | None = None
    if kind is Kind.INDICATORS:
        target, more = read_target(said.get("target", ""), said.get("unit", ""))
        doubts += more
    return Row(
        **row,
        leads=leads,
        cooperating=cooperating,
        deadline=deadline,
        target=target,
        doubts=tuple(doubts),
    )


# the text


def _letters(printed: Mapping[Role, str], said: Mapping[Role, str]) -> list[Doubt]:
    sentence = _("Letters of another alphabet that look like Vietnamese ones were replaced.")
    label = _("Keep it so")
    return [
        Doubt("lookalike", role, False, sentence, label, text)
        for role, text in said.items()
        if text != printed[role]
    ]


def _missing_text(text: str, kind: Kind) -> list[Doubt]:
    if text:
        return []
    sentences = {
        Kind.DIRECTIVES: _("The text of the task is missing."),
        Kind.INDICATORS: _("The name of the indicator is missing."),
    }
    return [Doubt("no_text", "content", True, sentences[kind])]


def _lengths(said: Mapping[Role, str], kind: Kind) -> list[Doubt]:
    return [
        Doubt(
            "too_long",
            role,
            True,
            _("The text has %(count)s characters; at most %(most)s can be kept.")
            % {"count": len(one_line(said[role])), "most": most},
        )
        for role, most in _LONGEST[kind].items()
        if len(one_line(said.get(role, ""))) > most
    ]


_FORMULA = re.compile(r"=[A-Z$']+[\d(!$:A-Z]|=…")  # “=80” is a target
_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)")


def _uncomputed(said: Mapping[Role, str]) -> list[Doubt]:
    """Formulas are taken as their values; one without a value cannot be."""
    sentence = _("This formula has no value: write the value into the cell, or save the file in Excel first.")
    return [
        Doubt("formula", role, True, sentence)
        for role, text in said.items()
        if re.match(r"=\S" if role != "target" else _FORMULA, text) or _ERROR.fullmatch(text)
    ]


# the bodies


def _bodies(role: Role, bodies: Bodies, said: Mapping[Role, str]) -> list[Doubt]:
    """Bodies that must lead have to be known; those that help are kept as printed too."""
    must = role == "lead"
    doubts = []
    for words in bodies.unknown:
        body = bodies.suggestions.get(words)
        doubts.append(
            Doubt(
                "unknown_body",
                role,
                must,
                _("There is no agency “%(words)s” in the list.") % {"words": words},
                _("Use “%(name)s”") % {"name": body.name} if body else "",
                _replaced(said[role], words, body.name) if body else None,
            )
        )
    if bodies.needs_choice:
        names = "; ".join(body.name for body in bodies.found)
        sentence = _("Several agencies may be meant without a separator between them: %(names)s.")
        label = _("Take them as %(names)s") % {"names": names}
        doubts.append(Doubt("several_bodies", role, must, sentence % {"names": names}, label, names))
    return doubts


def _not_in_force(role: Role, bodies: Bodies, directory: Directory, year: int) -> list[Doubt]:
    """Bodies that do not exist in the year, with the one that goes on with the work of each."""
    sentence = _("“%(name)s” does not exist in %(year)s.")
    doubts = []
    for body in bodies.found:
        if body.exists_in(year):
            continue
        label, fix = "", None
        later = directory.successor(body, year)
        if later and not bodies.unknown and not bodies.needs_choice:
            label = _("Use “%(name)s”") % {"name": later.name}
            named = [later if one is body else one for one in bodies.found]
            fix = "; ".join(one.name for one in dict.fromkeys(named))
        doubts.append(
            Doubt("not_in_force", role, False, sentence % {"name": body.name, "year": year}, label, fix)
        )
    return doubts


def _replaced(text: str, words: str, name: str) -> str:
    """The cell with one name put right; a name may be broken over lines."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    return re.sub(pattern, lambda _match: name, text, count=1)


def _lead_from(
    above: Row | None, heading: str, directory: Directory, kind: Kind, row_class: RowClass
) -> tuple[Bodies, list[Doubt]]:
    """A part has the lead of its task, a task that of a heading which is nothing but a body's name."""
    if above and above.leads.found:
        return above.leads, []
    last = heading.rpartition("\n")[2]
    if last and directory.knows(in_our_letters(last)):
        return directory.read(in_our_letters(last)), []
    if kind is Kind.INDICATORS or row_class is RowClass.SUB_ITEM:
        return Bodies(), []
    return Bodies(), [Doubt("no_lead", "lead", False, _("No lead agency is printed."))]


# the deadline

_SERIAL = re.compile(r"([3-7]\d{4})(?:\.\d+)?", re.ASCII)
_FIRST_SERIAL = dt.date(1899, 12, 30)
_PRINTED_DAY = re.compile(
    r"(?<!\d)(\d{1,2})(?P<mark>[/.-])(\d{1,2})(?:(?P=mark)(\d{4}|\d{2}))?(?!\d)", re.ASCII
)


def _deadline(text: str, year: int) -> tuple[Deadline, list[Doubt]]:
    words = one_line(text)
    if day := _stored_day(words):
        printed = format_date(day)
        sentence = _("“%(text)s” is how a spreadsheet stores the day %(day)s.")
        label = _("Use %(text)s") % {"text": printed}
        doubt = Doubt("serial", "deadline", False, sentence % {"text": words, "day": printed}, label, printed)
        return read_deadline(printed, year), [doubt]
    read = read_deadline(words, year)
    if not read.question_code:
        return read, []
    fix = _mended(words, read.question_code)
    label = _("Use %(text)s") % {"text": fix} if fix else ""
    return read, [Doubt(f"deadline_{read.question_code}", "deadline", True, read.question, label, fix)]


def _stored_day(words: str) -> dt.date | None:
    match = _SERIAL.fullmatch(words)
    day = _FIRST_SERIAL + dt.timedelta(days=int(match[1])) if match else None
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _mended(words: str, question: str) -> str | None:
    """“31/11” as 30/11, “6/30/2020” as 30/6/2020, “30/6/20” as 30/6/2020; None when nothing is near at hand.

    “Tháng 3, 6, 9” most often is work that comes back.
    """
    if question == "several":
        mended = f"Định kỳ: {words}"
        return None if read_deadline(mended, FIRST_YEAR).question_code else mended
    match = _PRINTED_DAY.search(words)
    if match is None:
        return None
    day, month, written = int(match[1]), int(match[3]), match[4] or ""
    if question == "short_year" and len(written) == 2:
        written = f"20{written}"
    elif question != "impossible":
        return None
    elif month > 12 >= day:
        day, month = month, day
    elif 28 < day <= 31 and 1 <= month <= 12:
        day = _last_day(month, int(written) if len(written) == 4 else None, day)
    mark = match["mark"]
    mended = f"{day}{mark}{month}{mark}{written}" if written else f"{day}{mark}{month}"
    mended = words[: match.start()] + mended + words[match.end() :]
    return mended if mended != words and not read_deadline(mended, FIRST_YEAR).question_code else None


def _last_day(month: int, year: int | None, day: int) -> int:
    """The last day of the month that is not after ``day``; in a leap year if none is printed."""
    while day > 28:
        try:
            return dt.date(year or FIRST_YEAR, month, day).day
        except ValueError:
            day -= 1
    return day
