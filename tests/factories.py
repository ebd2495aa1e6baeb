"""Rows for tests: plain functions, any field can be given. Dates lie in the demonstration year."""

import datetime as dt
import hashlib
import itertools
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from tracker.appendices import pasted_tables
from tracker.importing import begin
from tracker.models import (
    Agency,
    AgencyMembership,
    Assignment,
    Deputyship,
    Directive,
    DirectiveSource,
    Document,
    Evidence,
    ExtensionRequest,
    Field,
    Import,
    Indicator,
    IndicatorPart,
    Instruction,
    Measurement,
    Notice,
    Obstacle,
    OutgoingMessage,
    PeriodicReport,
    ProgressReport,
    ReportingPeriod,
    Roster,
    RosterBody,
    Status,
    Target,
    Urging,
    User,
)
from tracker.office_calendar import enter_holidays

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


def make_import(by: User, **fields: Any) -> Import:
    """An appendix of one directive, pasted and read, its rows not written yet."""
    head = "STT\tNội dung nhiệm vụ\tThời gian hoàn thành"
    values = {
        "kind": Import.Kind.DIRECTIVES,
        "year": 2020,
        "document": make_document(),
        "field": make_field(),
        "pasted": f"{head}\n1\tNhiệm vụ trong phụ lục {next(_numbers)}\t31/12/2020",
    } | fields
    return begin(pasted_tables(values["pasted"]), by=by, **values)


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
        "by": fields.get("by") or make_user("leader"),
        "at": NOON,
        "text": "Báo cáo tôi trước 24/6.",
    }
    directive = fields.pop("directive", None) or make_assignment().directive
    return Instruction.give(directive, **(values | fields))


def make_deputyship(person: User, deputy: User | None = None, **days: dt.date) -> Deputyship:
    """Somebody of the same agency reads for a week in place of a person."""
    deputy = deputy or make_user(agency=person.agency)
    week = {"starts_on": TODAY, "ends_on": TODAY + dt.timedelta(days=7)}
    return Deputyship.name(person, deputy, at=NOON, **(week | days))


def make_period(code: str = "2020-05") -> ReportingPeriod:
    """A reporting period by its code; the year's periods are made by the legal rule."""
    ReportingPeriod.generate(int(code[:4]))
    return ReportingPeriod.objects.get(code=code)


PAPER = {
    "sections": [
        {
            "key": "results",
            "title": "I. KẾT QUẢ THỰC HIỆN",
            "blocks": [
                {
                    "kind": "paragraph",
                    "key": "directives.total",
                    "runs": [{"t": "Tổng số "}, {"t": "48", "k": "directives.total"}, {"t": " nhiệm vụ."}],
                },
                {
                    "kind": "table",
                    "key": "fields",
                    "caption": "Bảng 1. Nhiệm vụ theo lĩnh vực",
                    "head": ["Lĩnh vực", "Tổng"],
                    "rows": [["Bưu chính", "48"]],
                    "keys": [["", "directives.total"]],
                    "align": "lr",
                    "widths": [3, 1],
                },
            ],
            "empty": False,
        },
        {
            "key": "recommendations",
            "title": "II. KIẾN NGHỊ",
            "blocks": [{"kind": "paragraph", "key": "none", "runs": [{"t": "Không có."}]}],
            "empty": True,
        },
    ],
    "appendices": [],
}
PAPER_APPENDIX = {
    "key": "directives",
    "title": "TỔNG HỢP KẾT QUẢ THỰC HIỆN NHIỆM VỤ",
    "head": ["TT", "Nội dung nhiệm vụ"],
    "rows": [{"group": "I. Bưu chính"}, *([str(number), f"Việc {number}"] for number in range(1, 31))],
    "align": "rl",
    "widths": [1, 9],
}
PAPER_FACTS = {"directives.total": {"text": "48", "url": "/nhiem-vu/", "says": "Tổng số nhiệm vụ"}}


def make_paper(
    status: str = "draft", *, by: User | None = None, leader: User | None = None, **fields: Any
) -> PeriodicReport:
    """An official report of the first half of 2020, brought to a state through the verbs."""
    officer, leader = by or make_user("officer"), leader or make_user("leader")
    number = fields.pop("number", str(next(_numbers)))
    values = {
        "period": fields.get("period") or make_period("2020-6t1"),
        "content": PAPER,
        "facts": PAPER_FACTS,
        "figures_on": dt.date(2020, 6, 14),
        "title": "Tình hình thực hiện nhiệm vụ 6 tháng đầu năm 2020",
        "governing_body": "UBND tỉnh Nam Định",
        "issuing_body": "Sở Thông tin và Truyền thông",
        "symbol": "BC-STTTT",
        "place": "Nam Định",
        "signer_post": "Giám đốc",
    }
    paper = PeriodicReport.draft(by=officer, **(values | fields))
    if status == "discarded":
        paper.discard(by=officer)
    if status in {"submitted", "returned", "approved", "signed", "sent"}:
        paper.submit(by=officer)
    if status == "returned":
        paper.send_back(by=leader, reason="Bổ sung nguyên nhân.")
    if status in {"approved", "signed", "sent"}:
        paper.approve(by=leader)
    if status in {"signed", "sent"}:
        paper.sign(
            by=officer,
            number=number,
            signed_on=TODAY,
            signer_name="Vũ Đức Hòa",
            today=TODAY,
            make_files=lambda _paper: dict.fromkeys(("docx", "pdf", "xlsx"), b"%PDF-1.4 signed"),
        )
    if status == "sent":
        paper.send(by=officer)
    return paper


def make_calendar_2020() -> None:
    """The public holidays of 2020 in the office's calendar: Tết was from 23/1 to 29/1."""
    enter_holidays(2020)


def make_indicator(**fields: Any) -> Indicator:
    """A monthly figure that adds up over the year, in tỷ đồng, owned by an agency."""
    number = next(_numbers)
    values = {
        "code": f"CT-2020-{number:03d}",
        "name": f"Chỉ tiêu số {number}",
        "unit": "tỷ đồng",
        "is_cumulative": True,
        "field": fields.get("field") or make_field(),
        "owner": fields.get("owner") or make_agency(),
    }
    return Indicator.objects.create(**(values | fields))


def make_share(**fields: Any) -> Indicator:
    """A level in per cent: the newest figure counts."""
    values = {"unit": "%", "value_kind": Indicator.ValueKind.PERCENT, "is_cumulative": False}
    return make_indicator(**(values | fields))


def make_target(indicator: Indicator, value: Any = 1800, **fields: Any) -> Target:
    values = {"due_on": dt.date(2020, 12, 31), "value": Decimal(str(value)) if value is not None else None}
    return Target.set(indicator, by=make_user("officer"), **(values | fields))


def make_part(indicator: Indicator, agency: Agency | None = None, **fields: Any) -> IndicatorPart:
    return IndicatorPart.objects.create(indicator=indicator, agency=agency or make_agency(), **fields)


def make_measurement(
    indicator: Indicator,
    value: Any = 100,
    *,
    period: str = "2020-05",
    part: IndicatorPart | None = None,
    state: str = "confirmed",
    by: User | None = None,
    reviewer: User | None = None,
    at: dt.datetime | None = None,
    role: str = Measurement.Role.OWN,
    **content: Any,
) -> Measurement:
    """A figure brought through the verbs; whatever it makes doubtful is explained by its author."""
    window = make_period(period)
    owner = (part.agency if part else None) or indicator.owner
    author = by or make_user(agency=owner)
    figure = Measurement.in_hand_of(indicator, window, by=author, part=part, role=role)
    amount = None if value is None else Decimal(str(value))
    values = {"value": amount, "explanation": "Đúng như đã ghi.", "as_of_on": window.ends_on}
    figure.save_draft(by=author, **(values | content))
    if state == "draft":
        return figure
    figure.submit(by=author, today=max(TODAY, window.ends_on), at=at)
    if state == "confirmed":
        figure.confirm(by=reviewer or make_user("leader"), at=at)
    elif state == "returned":
        figure.send_back(by=reviewer or make_user("leader"), note="Xem lại số liệu.", at=at)
    return figure


def make_roster(
    *agencies: Agency, indicator: Indicator | None = None, due_on: dt.date | None = None
) -> Roster:
    """A list of bodies that all have to be in use by a day (30/6/2020)."""
    indicator = indicator or make_share(rule=Indicator.Rule.ROSTER, owner=make_department())
    due_on = due_on or dt.date(2020, 6, 30)
    make_target(indicator, 100, due_on=due_on, operator=Target.Operator.ALL)
    roster = Roster.objects.create(indicator=indicator)
    for agency in agencies:
        roster.add(agency)
    return roster


def make_mark(body: RosterBody, state: str = "in_use", since_on: dt.date = TODAY, **fields: Any) -> Any:
    values = {"by": make_user("officer"), "note": "Có văn bản xác nhận.", "today": max(since_on, TODAY)}
    return body.set_state(state, since_on=since_on, **(values | fields))


def make_obstacle(directive: Directive | None = None, *, by: User | None = None, **fields: Any) -> Obstacle:
    """The 5G licence that the ministry has to give, needed by 30/6/2020."""
    values = {
        "description": "Chưa có giấy phép thử nghiệm 5G",
        "cause": "Doanh nghiệp chưa được cấp phép tần số",
        "solver_outside": "Bộ Thông tin và Truyền thông",
        "needed_by": dt.date(2020, 6, 30),
    }
    directive = directive or make_assignment().directive
    return Obstacle.raise_on(directive, by=by or make_user("officer"), **(values | fields))


def make_notice(user: User, **fields: Any) -> Notice:
    """Something told to a person at once, about work that tells nobody anything itself."""
    number = next(_numbers)
    directive = fields.pop("directive", None) or make_directive()
    values = {
        "kind": Notice.Kind.ASSIGNED,
        "day": TODAY,
        "at": NOON,
        "cause": f"buoc:{number}",
        "directive": directive,
        "url": directive.get_absolute_url(),
    }
    return Notice.objects.create(user=user, **(values | fields))


def make_mail(user: User, **fields: Any) -> OutgoingMessage:
    """A mail about a notice of its own, due now."""
    notice = fields.pop("notice", None) or make_notice(user)
    values = {
        "kind": OutgoingMessage.Kind.AT_ONCE,
        "day": TODAY,
        "cause": f"{notice.kind}:{notice.cause}",
        "notice": notice,
        "next_try_at": NOON,
    }
    return OutgoingMessage.objects.create(user=user, **(values | fields))


def make_extension(
    assignment: Assignment | None = None,
    *,
    state: str = "asked",
    by: User | None = None,
    decider: User | None = None,
    at: dt.datetime | None = None,
    **fields: Any,
) -> ExtensionRequest:
    """The lead asks for 15/7/2020; brought through the verbs to ``asked``, ``proposed``, ``granted`` or ``refused``."""
    assignment = assignment or make_assignment(status=Status.RECEIVED)
    values = {
        "new_due_on": dt.date(2020, 7, 15),
        "reason": "Ba hệ thống phải thay thiết bị.",
        "today": TODAY,
        "at": at or NOON,
    }
    author = by or make_user(agency=assignment.agency)
    request = ExtensionRequest.ask(assignment, by=author, **(values | fields))
    decider = decider or make_user("leader")
    if state == "granted":
        request.grant(by=decider, note="Đồng ý.", at=at or NOON)
    elif state == "refused":
        request.refuse(by=decider, note="Chưa đủ căn cứ.", at=at or NOON)
    elif state == "proposed":
        request.propose(
            dt.date(2020, 7, 10), by=decider, note="Sớm hơn năm ngày.", today=TODAY, at=at or NOON
        )
    return request


def make_urging(
    *agencies: Agency, about: Iterable[Assignment] = (), by: User | None = None, **fields: Any
) -> Urging:
    """These agencies urged about their own assignments among ``about``."""
    work = list(about)
    values = {
        "agencies": dict.fromkeys(agencies, "NV-2020-001: quá 16 ngày"),
        "assignments": {agency: [row for row in work if row.agency_id == agency.pk] for agency in agencies},
        "directives": list({row.directive for row in work}),
        "indicators": [],
        "reason": "Quá hạn, chưa báo cáo.",
        "at": NOON,
    }
    return Urging.send(by=by or make_user("officer"), **(values | fields))
