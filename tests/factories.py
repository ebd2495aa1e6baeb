"""Rows for tests: plain functions, any field can be given. Dates lie in the demonstration year."""

import datetime as dt
import hashlib
import itertools
import uuid
from typing import Any

from django.core.files.base import ContentFile

from tracker.models import (
    Agency,
    AgencyMembership,
    Assignment,
    Directive,
    DirectiveSource,
    Document,
    Evidence,
    Field,
    Instruction,
    ProgressReport,
    Status,
    User,
)

TODAY = dt.date(2020, 6, 16)
NOON = dt.datetime(2020, 6, 16, 12, tzinfo=dt.timezone(dt.timedelta(hours=7)))
PASSWORD = "Mat-khau-2020"
_numbers = itertools.count(1)


def make_agency(**fields: Any) -> Agency:
    number = next(_numbers)
    values = {
        "code": f"A{number}",
        "name": f"Huyện ủy số {number}",
        "kind": "Cơ quan Đảng",
        "bloc": Agency.Bloc.PARTY,
    }
    return Agency.objects.create(**(values | fields))


def make_department() -> Agency:
    found = Agency.objects.filter(is_department=True).first()
    return found or make_agency(
        code="S01",
        name="Sở Thông tin và Truyền thông",
        kind="Sở",
        bloc=Agency.Bloc.STATE,
        is_department=True,
    )


def make_division(**fields: Any) -> Agency:
    """A unit of the department."""
    values = {"kind": "Phòng thuộc Sở", "bloc": Agency.Bloc.INTERNAL, "parent": make_department()}
    return make_agency(**(values | fields))


def make_group(*members: Agency, **fields: Any) -> Agency:
    group = make_agency(**({"is_group": True, "name": "UBND các huyện, thành phố"} | fields))
    for member in members:
        AgencyMembership.objects.create(group=group, member=member)
    return group


def make_user(role: str = "staff", **fields: Any) -> User:
    number = next(_numbers)
    inside = role in {"officer", "leader", "admin"}
    values = {
        "username": f"user{number}",
        "full_name": f"Nguyễn Văn {number}",
        "role": role,
        "agency": fields.get("agency") or (make_department() if inside else make_agency()),
    }
    return User.objects.create_user(password=fields.pop("password", PASSWORD), **(values | fields))


def make_field(**fields: Any) -> Field:
    number = next(_numbers)
    return Field.objects.create(**({"code": f"linh-vuc-{number}", "name": f"Lĩnh vực {number}"} | fields))


def make_document(**fields: Any) -> Document:
    number = next(_numbers)
    values = {
        "kind": Document.Kind.PLAN,
        "number": f"{number}/KH-UBND",
        "issued_on": dt.date(2020, 1, 10),
        "issuer": "UBND tỉnh",
        "abstract": f"Kế hoạch số {number}",
    }
    return Document.objects.create(**(values | fields))


def make_directive(**fields: Any) -> Directive:
    """A registered directive with a source, given to nobody yet."""
    number = next(_numbers)
    document = fields.pop("document", None) or make_document()
    values = {
        "code": f"NV-2020-{number:03d}",
        "title": f"Nhiệm vụ số {number}",
        "field": fields.get("field") or make_field(),
        "due_on": dt.date(2020, 6, 30),
        "deadline_kind": Directive.DeadlineKind.DAY,
        "created_at": NOON - dt.timedelta(days=150),
    }
    directive = Directive.objects.create(**(values | fields))
    DirectiveSource.objects.create(directive=directive, document=document, sentence="Câu gốc của văn bản.")
    return directive


def make_assignment(
    agency: Agency | None = None, *, directive: Directive | None = None, by: User | None = None, **fields: Any
) -> Assignment:
    """A directive given to its lead through the verb. ``status`` moves it on through the verbs."""
    status = fields.pop("status", Status.NEW)
    on = fields.pop("on", dt.date(2020, 1, 14))
    directive = directive or make_directive(**fields)
    officer = by or make_user("officer")
    at = dt.datetime.combine(on, dt.time(8), tzinfo=NOON.tzinfo)
    agency = agency or make_agency()
    directive.assign(by=officer, lead=agency, today=on, at=at)
    assignment = directive.assignments.get(agency=agency)
    if status in {Status.RECEIVED, Status.IN_PROGRESS}:
        assignment.receive(by=make_user(agency=agency), at=at)
    if status == Status.IN_PROGRESS:
        make_report(assignment, state="confirmed", percent=10, as_of_on=on, at=at)
    assignment.refresh_from_db()
    return assignment


def make_report(
    assignment: Assignment | None = None,
    *,
    state: str = "draft",
    by: User | None = None,
    reviewer: User | None = None,
    at: dt.datetime | None = None,
    evidence: bool = False,
    **content: Any,
) -> ProgressReport:
    """The agency's report, brought through the verbs to ``draft``, ``submitted``, ``returned`` or ``confirmed``."""
    assignment = assignment or make_assignment()
    author = by or make_user(agency=assignment.agency)
    report = ProgressReport.in_hand_of(assignment, by=author, today=TODAY)
    report.save_draft(by=author, **({"done": "Đã làm xong phần việc của kỳ.", "percent": 50} | content))
    if evidence:
        make_evidence(report, by=author)
    if state == "draft":
        return report
    report.submit(by=author, today=TODAY, at=at or NOON)
    if state in {"returned", "confirmed"}:
        reviewer = reviewer or make_user("officer")
    if state == "returned":
        report.send_back(by=reviewer, note="Thiếu số liệu.", at=at or NOON)
    if state == "confirmed":
        report.confirm(by=reviewer, at=at or NOON)
    return report


def make_completed(assignment: Assignment | None = None, on: dt.date = TODAY, **fields: Any) -> Assignment:
    """An assignment whose completion has been reported and confirmed."""
    assignment = assignment or make_assignment(**fields)
    make_report(
        assignment,
        state="confirmed",
        claim=ProgressReport.Claim.COMPLETED,
        percent=100,
        completed_on=on,
        output_document="Báo cáo 12/BC",
        at=dt.datetime.combine(on, dt.time(16), tzinfo=NOON.tzinfo),
    )
    assignment.refresh_from_db()
    return assignment


def make_evidence(report: ProgressReport, by: User | None = None, **fields: Any) -> Evidence:
    content = fields.pop("content", b"%PDF-1.4\n%%EOF\n")
    values = {
        "file": ContentFile(content, name="minh-chung.pdf"),
        "title": "minh-chung.pdf",
        "stored_name": f"{uuid.uuid4().hex}.pdf",
        "content_type": "application/pdf",
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return Evidence.attach_file(report, by=by or report.author, **(values | fields))


def make_instruction(**fields: Any) -> Instruction:
    values = {
        "directive": fields.get("directive") or make_assignment().directive,
        "by": fields.get("by") or make_user("leader"),
        "at": NOON,
        "text": "Báo cáo tôi trước 24/6.",
    }
    return Instruction.objects.create(**(values | fields))
