"""What it costs to take out 10,000 directives as CSV and as Excel. Run by ``make bench-exports``.

A throwaway database is filled and forgotten. Prints a table and writes bench/results/exports.json. The processor time
is told in floors of the same run too (bench/floor.py). The memory is the highest that Python held while the file was
written, over what it held before.
"""

import datetime as dt
import gc
import json
import os
import platform
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

from config import local

os.environ.pop("DATABASE_URL", None)
server = local.provide_for_tests()

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from bench.floor import floor
from tracker.exports.asking import Asked
from tracker.exports.files import whole
from tracker.exports.information import About
from tracker.exports.lists import read_list
from tracker.models import Agency, Assignment, Directive, DirectiveSource, Document, Field, User

DAY = dt.date(2020, 6, 16)
ROWS, FEW = 10_000, 1_000
RUNS = 5
GOALS = {"csv": 150, "xlsx": 700}
"""Floors that ten thousand rows may cost."""
RESULTS = ROOT / "bench" / "results" / "exports.json"
LIMIT_MIB = 8.0
"""More memory for ten thousand rows than for a thousand would mean that rows are kept."""


def fill() -> User:
    """A register with a lead, two co-operating bodies and a source for each directive."""
    bodies = Agency.objects.bulk_create(
        Agency(code=f"B{n:03d}", name=f"Sở số {n}", kind="Sở", bloc="state", is_department=n == 0)
        for n in range(100)
    )
    user = User.objects.create(
        username="nguoi", full_name="Nguyễn Văn A", role="officer", agency=bodies[0], password="!"
    )
    area = Field.objects.create(code="chung", name="Chung")
    document = Document.objects.create(
        kind="decision", number="1/QĐ-UBND", issued_on=DAY, issuer="UBND tỉnh", abstract="Kế hoạch"
    )
    works = Directive.objects.bulk_create(
        Directive(
            code=f"NV-2020-{n:05d}",
            title=f"Nhiệm vụ số {n}: " + "xây dựng hạ tầng số, tập huấn cán bộ, báo cáo kết quả; " * 4,
            field=area,
            status="in_progress",
            deadline_printed="Quý III/2020",
            due_on=DAY + dt.timedelta(days=n % 300 - 100),
            deadline_kind="day",
            assigned_on=DAY - dt.timedelta(days=120),
            lead=bodies[n % 100],
            tracking_officer=user,
        )
        for n in range(ROWS)
    )
    DirectiveSource.objects.bulk_create(
        DirectiveSource(directive=work, document=document, sentence="Giao thực hiện") for work in works
    )
    Assignment.objects.bulk_create(
        Assignment(
            directive=work,
            agency=bodies[(n + step) % 100],
            role="lead" if step == 0 else "cooperating",
            status="in_progress",
            assigned_on=work.assigned_on,
            assigned_by=user,
            due_on=work.due_on,
        )
        for n, work in enumerate(works)
        for step in range(3)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return user


def take_out(user: User, form: str, query: str) -> int:
    asked = Asked(user, QueryDict(query), timezone.now(), DAY)
    with whole(read_list("nhiem-vu", asked), form, About.of(user, timezone.now())) as file:
        return file.seek(0, os.SEEK_END)


def measure(user: User, form: str, base: float) -> dict[str, Any]:
    """Seconds of our own process and of the wall, the best of some runs; memory for many rows and for few.

    ``base``: the floor in seconds.
    """
    seconds, own = [], []
    for _run in range(RUNS):
        start, used = time.perf_counter(), time.process_time()
        size = take_out(user, form, "")
        seconds.append(time.perf_counter() - start)
        own.append(time.process_time() - used)
    return {
        "bytes": size,
        "seconds": round(min(seconds), 3),
        "processor": round(min(own), 3),
        "floors": round(min(own) / base),
        "goal_floors": GOALS[form],
        "peak_mib": _peak(user, form, ""),
        "peak_mib_few": _peak(user, form, "q=NV-2020-00"),
    }


def _peak(user: User, form: str, query: str) -> float:
    gc.collect()
    tracemalloc.start()
    take_out(user, form, query)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return round(peak / 2**20, 2)


def main() -> int:
    call_command("migrate", verbosity=0)
    user = fill()
    load = os.getloadavg()[0]
    base = floor(user)
    results = {form: measure(user, form, base) for form in GOALS}
    print(f"{ROWS} directives; {RUNS} runs each; one floor is {base * 1000:.1f} ms\n")
    print(f"{'':8}{'seconds':>9}{'processor s':>13}{'floors':>8}{'goal':>6}{'MiB':>8}{f'MiB of {FEW}':>14}")
    for name, one in results.items():
        print(
            f"{name:8}{one['seconds']:>9.2f}{one['processor']:>13.2f}{one['floors']:>8}{one['goal_floors']:>6}"
            f"{one['peak_mib']:>8.2f}{one['peak_mib_few']:>14.2f}"
        )
    RESULTS.parent.mkdir(exist_ok=True)
    machine = {
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "load": round(load, 1),
        "python": platform.python_version(),
        "postgresql": connection.pg_version // 10000,
    }
    facts = {"machine": machine, "rows": ROWS, "floor_ms": round(base * 1000, 2), "formats": results}
    RESULTS.write_text(json.dumps(facts, indent=2) + "\n")
    grows = any(one["peak_mib"] - one["peak_mib_few"] > LIMIT_MIB for one in results.values())
    if grows:
        print(f"The memory grows with the rows by more than {LIMIT_MIB} MiB.")
    return 1 if grows else 0


if __name__ == "__main__":
    try:
        code = main()
    finally:
        connection.close()
        server.close()
    sys.exit(code)
