import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker import clock
from tracker.agency_directory import agency_directory
from tracker.appendices import Kind, Reading, Row, Unreadable, open_tables, read_appendix
from tracker.importing.own_lists import importable
from tracker.vietnamese.dates import FIRST_YEAR, LAST_YEAR, format_date
from tracker.vietnamese.quantities import format_quantity


class Command(BaseCommand):
    help = (
        "Show how an appendix (.docx, .xlsx, .csv) is read: its rows by class, with bodies, deadlines, targets and "
        "doubts. Nothing is ever written: an import is checked and confirmed by a person, on its page."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--kind", choices=[kind.value for kind in Kind], help="told from the head when left out"
        )
        parser.add_argument(
            "--year", type=int, help="completes deadlines that name no year; this year when left out"
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument(
            "--dry-run", action="store_true", help="accepted for clarity: the command only reads"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        year = options["year"] or clock.today().year
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise CommandError(f"The year lies between {FIRST_YEAR} and {LAST_YEAR}.")
        try:
            tables = importable(open_tables(options["file"].read_bytes(), options["file"].name))
        except OSError as fault:
            raise CommandError(f"{options['file']}: {fault.strerror}") from fault
        except Unreadable as refusal:
            raise CommandError(refusal.sentence) from refusal
        kind = Kind(options["kind"]) if options["kind"] else None
        reading = read_appendix(tables, directory=agency_directory(), year=year, kind=kind)
        if options["format"] == "json":
            self.stdout.write(json.dumps(reading.as_json(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(_as_text(reading))


def _as_text(reading: Reading) -> str:
    counts = ", ".join(f"{row_class} {count}" for row_class, count in reading.counts.items())
    lines = [f"{reading.kind.value}, {reading.year}: {counts}", ""]
    for row in reading.rows:
        lines.append(_line(row))
        lines += [f"{'':18}{'!' if doubt.must else '?'} {doubt.sentence}" for doubt in row.doubts]
    return "\n".join([*lines, "", "Nothing was written."])


def _line(row: Row) -> str:
    facts = [
        ", ".join(body.code for body in row.leads.found),
        ", ".join(body.code for body in row.cooperating.found),
        format_date(row.deadline.due_on) if row.deadline.due_on else row.deadline.kind,
        _target(row),
    ]
    shown = " | ".join(fact for fact in facts if fact) if row.is_work else ""
    return f"{row.number:5} {row.row_class.value:12} {row.index:8} {row.text[:90]:90} {shown}".rstrip()


def _target(row: Row) -> str:
    target = row.target
    if target is None:
        return ""
    ends = " - ".join(format_quantity(end) for end in (target.value, target.upper) if end is not None)
    return " ".join(filter(None, [target.operator, ends, target.unit, target.words]))
