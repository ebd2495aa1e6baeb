"""How long the morning's digests take: 1,000 people, 100 agencies, 5,000 assignments. Run by ``make bench-digests``.

A throwaway database is filled and forgotten. Prints a table and writes bench/results/digests.json.
"""

import datetime as dt
import json
import os
import platform
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

from config import local

os.environ.pop("DATABASE_URL", None)
server = local.provide_for_tests()

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tracker.figures.digests import digest_of, digests, weeks
from tracker.models import (
    Agency,
    Assignment,
    Directive,
    DirectiveEvent,
    ExtensionRequest,
    Field,
    Notice,
    OutgoingMessage,
    ProgressReport,
    ReportingPeriod,
    Urging,
    UrgingRecipient,
    User,
)
from tracker.office_calendar import enter_holidays
from tracker.reminders import write_digests

DAY = dt.date(2020, 6, 15)
"""A Monday: three days' deadlines come together, and the leaders' week is told."""
SENDING_DAY = dt.date(2020, 6, 17)
"""The day by which agencies send: what is owed is read from how work stood when the figures closed, on the 14th."""
MORNING = dt.datetime(2020, 6, 15, 7, tzinfo=dt.timezone(dt.timedelta(hours=7)))
AGENCIES, PEOPLE, DIRECTIVES, ASSIGNMENTS = 100, 1000, 2000, 5000
LIMIT_SECONDS = 5.0
RUNS = 3
RESULTS = ROOT / "bench" / "results" / "digests.json"


def fill() -> None:
    """An office of a year and a half's work, always the same one."""
    chance = random.Random(2020)
    enter_holidays(2019)
    enter_holidays(2020)
    ReportingPeriod.generate(2020)
    agencies, officers, leaders = _people()
    _work(chance, agencies, officers, leaders)
    _requests(chance, officers)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _people() -> tuple[list[Agency], list[User], list[User]]:
    bodies = [
        Agency(
            code=f"B{number:03d}",
            name=f"Cơ quan {number}",
            kind="Sở",
            bloc=Agency.Bloc.STATE,
            is_department=number == 0,
        )
        for number in range(AGENCIES)
    ]
    agencies = Agency.objects.bulk_create(bodies)
    roles = [User.Role.LEADER] * 5 + [User.Role.OFFICER] * 30
    department = [_person(number, role, agencies[0]) for number, role in enumerate(roles)]
    outside = [
        _person(
            number,
            User.Role.AGENCY_HEAD if number % 8 == 0 else User.Role.STAFF,
            agencies[1 + number % (AGENCIES - 1)],
        )
        for number in range(len(roles), PEOPLE)
    ]
    people = User.objects.bulk_create([*department, *outside])
    return agencies, people[5:35], people[:5]


def _person(number: int, role: str, agency: Agency) -> User:
    return User(
        username=f"nguoi{number}",
        full_name=f"Nguyễn Văn {number}",
        email=f"nguoi{number}@namdinh.example",
        role=role,
        agency=agency,
        password="!",
    )


def _work(chance: random.Random, agencies: list[Agency], officers: list[User], leaders: list[User]) -> None:
    area = Field.objects.create(code="chung", name="Chung")
    directives = Directive.objects.bulk_create(
        Directive(
            code=f"NV-2020-{number:04d}",
            title=f"Nhiệm vụ số {number}",
            field=area,
            status=chance.choice(["new", "received", "in_progress", "in_progress", "in_progress"]),
            due_on=DAY + dt.timedelta(days=chance.randint(-60, 120)),
            deadline_kind="day",
            assigned_on=DAY - dt.timedelta(days=chance.randint(2, 90)),
            lead=chance.choice(agencies),
            tracking_officer=chance.choice(officers),
            directing_leader=chance.choice([*leaders, None]),
        )
        for number in range(DIRECTIVES)
    )
    pairs: dict[tuple[int, int], Assignment] = {}
    for directive in directives:
        pairs[directive.pk, directive.lead_id] = _assignment(directive, directive.lead, "lead", officers[0])
    while len(pairs) < ASSIGNMENTS:
        directive, agency = chance.choice(directives), chance.choice(agencies)
        pairs.setdefault(
            (directive.pk, agency.pk), _assignment(directive, agency, "cooperating", officers[0])
        )
    rows = Assignment.objects.bulk_create(pairs.values())
    DirectiveEvent.objects.bulk_create(_step(row) for row in rows)
    authors = {user.agency_id: user for user in User.objects.all()}
    ProgressReport.objects.bulk_create(
        _report(chance, row, authors[row.agency_id], leaders[0]) for row in rows if chance.random() < 0.8
    )


def _step(row: Assignment) -> DirectiveEvent:
    """The step by which it came to stand as it does: past days are read from the log."""
    at = MORNING - (DAY - row.assigned_on)
    return DirectiveEvent(
        directive=row.directive,
        assignment=row,
        kind="assigned",
        to_status=row.status,
        by=row.assigned_by,
        at=at,
    )


def _report(chance: random.Random, row: Assignment, author: User, reviewer: User) -> ProgressReport:
    report = ProgressReport(
        assignment=row,
        agency=row.agency,
        author=author,
        status="submitted",
        as_of_on=DAY - dt.timedelta(days=chance.randint(1, 60)),
        submitted_at=MORNING - dt.timedelta(days=chance.randint(1, 12)),
        percent=50,
        done="Đã làm xong phần việc của kỳ.",
    )
    if chance.random() < 0.75:
        report.status, report.reviewed_by, report.reviewed_at = "confirmed", reviewer, MORNING
    return report


def _assignment(directive: Directive, agency: Agency, role: str, by: User) -> Assignment:
    return Assignment(
        directive=directive,
        agency=agency,
        role=role,
        status=directive.status,
        assigned_on=directive.assigned_on,
        assigned_by=by,
        original_due_on=directive.due_on,
        due_on=directive.due_on,
    )


def _requests(chance: random.Random, officers: list[User]) -> None:
    leading = list(Assignment.objects.filter(role="lead").select_related("agency").order_by("pk"))
    authors = {user.agency_id: user for user in User.objects.all()}
    ExtensionRequest.objects.bulk_create(
        ExtensionRequest(
            assignment=row,
            agency=row.agency,
            author=authors[row.agency_id],
            asked_at=MORNING - dt.timedelta(days=chance.randint(1, 20)),
            due_on_before=row.due_on,
            new_due_on=row.due_on + dt.timedelta(days=30),
            reason="Chờ hướng dẫn",
        )
        for row in chance.sample(leading, 300)
    )
    urgings = Urging.objects.bulk_create(
        Urging(by=officers[0], reason="Chậm", answer_due_on=DAY + dt.timedelta(days=number - 10))
        for number in range(20)
    )
    agencies = list(Agency.objects.order_by("pk"))
    UrgingRecipient.objects.bulk_create(
        UrgingRecipient(urging=urging, agency=agency, lacks="Chưa báo cáo")
        for urging in urgings
        for agency in chance.sample(agencies, 20)
    )


def measure(work: Callable[[], object]) -> dict[str, float]:
    """The best and the worst of some runs in seconds, the seconds of our own process, and how many queries one asks."""
    seconds, own = [], []
    for _run in range(RUNS):
        start, used = time.perf_counter(), time.process_time()
        with CaptureQueriesContext(connection) as queries:
            work()
        seconds.append(time.perf_counter() - start)
        own.append(time.process_time() - used)
    times = {"best": min(seconds), "worst": max(seconds), "processor": min(own)}
    return {"queries": len(queries)} | {name: round(value, 3) for name, value in times.items()}


def written_anew() -> None:
    """Work everything out and write it down, as in the morning; then take it back."""
    with transaction.atomic():
        write_digests(DAY, at=MORNING)
        transaction.set_rollback(True)


def main() -> int:
    call_command("migrate", verbosity=0)
    fill()
    people = list(User.objects.order_by("pk"))
    load = os.getloadavg()[0]
    results = {
        "one agency's people": measure(lambda: digests(people[100:110], DAY)),
        "one person, when the mail is sent": measure(lambda: digest_of(people[500], DAY)),
        "everybody's digests": measure(lambda: digests(people, DAY)),
        "everybody's, on the day of sending": measure(lambda: digests(people, SENDING_DAY)),
        "the leaders' week": measure(lambda: weeks(people, DAY)),
        "all of it, written down": measure(written_anew),
    }
    print(f"{len(people)} people, {AGENCIES} agencies, {ASSIGNMENTS} assignments; {RUNS} runs each\n")
    print(f"{'':36}{'queries':>8}{'best s':>9}{'worst s':>9}{'processor s':>13}")
    for name, one in results.items():
        print(f"{name:36}{one['queries']:>8}{one['best']:>9.2f}{one['worst']:>9.2f}{one['processor']:>13.2f}")
    with transaction.atomic():
        written = write_digests(DAY, at=MORNING)
    lines = Notice.objects.filter(user=people[500]).count()
    told = OutgoingMessage.objects.values("user").distinct().count()
    print(
        f"\n{written.notices} notices and {written.messages} mails for {told} people; {lines} lines for one clerk"
    )
    RESULTS.parent.mkdir(exist_ok=True)
    facts = {
        "machine": {
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "load": round(load, 1),
            "python": platform.python_version(),
            "postgresql": connection.pg_version // 10000,
        },
        "people": len(people),
        "agencies": AGENCIES,
        "assignments": ASSIGNMENTS,
        "notices": written.notices,
        "mails": written.messages,
        "seconds": results,
    }
    RESULTS.write_text(json.dumps(facts, indent=2) + "\n")
    slow = any(one["best"] > LIMIT_SECONDS for name, one in results.items() if name.startswith("everybody's"))
    if slow:
        print(f"Slower than {LIMIT_SECONDS} s.")
    return 1 if slow else 0


if __name__ == "__main__":
    try:
        code = main()
    finally:
        connection.close()
        server.close()
    sys.exit(code)
