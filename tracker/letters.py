"""The draft of an official letter that urges (công văn đôn đốc), for the office to number, sign and send.

Its words are Vietnamese whatever language the drafter reads: they are the words of an official paper. The number
and the day stay open; who signs is the leader who urged, or is left open where an officer did.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import override
from docx.document import Document as Paper
from docx.shared import Mm

from tracker import decree30
from tracker.figures.coverage import coverages
from tracker.models import Agency, Assignment, Target, Urging, UrgingRecipient, User
from tracker.vietnamese.dates import format_date

GOVERNING_BODY = "UBND tỉnh Nam Định"
PLACE = "Nam Định"
MOST_LINES_IN_THE_LETTER = 15
"""With more lines the table goes into an appendix."""

COLUMNS = ("TT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Thời hạn", "Tình trạng")
_UPRIGHT = (Mm(10), Mm(66), Mm(36), Mm(23), Mm(30))
_ACROSS = (Mm(12), Mm(116), Mm(54), Mm(28), Mm(42))
_OPEN = "…"

Grade = Urging.Grade

SUBJECTS = {
    Grade.REMIND: "nhắc thực hiện nhiệm vụ được giao",
    Grade.LETTER: "đôn đốc thực hiện nhiệm vụ được giao",
    Grade.EXPLAIN: "yêu cầu giải trình việc chậm thực hiện nhiệm vụ được giao",
    Grade.CRITICISE: "phê bình việc chậm thực hiện nhiệm vụ được giao",
    Grade.CALL_TO_ACCOUNT: "kiểm điểm trách nhiệm chậm thực hiện nhiệm vụ được giao",
}

DEMANDS = {
    Grade.REMIND: "{office} nhắc {whom} khẩn trương thực hiện các nhiệm vụ nêu trên, bảo đảm tiến độ, chất lượng "
    "và cập nhật kết quả đầy đủ, kịp thời.",
    Grade.LETTER: "{office} đề nghị {whom} tập trung chỉ đạo, hoàn thành dứt điểm các nhiệm vụ nêu trên; báo cáo rõ "
    "kết quả, khó khăn, vướng mắc (nếu có).",
    Grade.EXPLAIN: "{office} yêu cầu {whom} giải trình bằng văn bản, nêu rõ nguyên nhân, trách nhiệm của việc chậm "
    "thực hiện và thời hạn hoàn thành từng nhiệm vụ.",
    Grade.CRITICISE: "{office} phê bình {whom} đã để chậm các nhiệm vụ nêu trên; đề nghị nghiêm túc rút kinh nghiệm "
    "và hoàn thành dứt điểm trong thời gian sớm nhất.",
    Grade.CALL_TO_ACCOUNT: "{office} đề nghị {whom} tổ chức kiểm điểm trách nhiệm của tập thể, cá nhân có liên quan, "
    "kết luận rõ tính chất, mức độ, nguyên nhân và trách nhiệm; khẩn trương hoàn thành các nhiệm vụ nêu trên.",
}
"""What is asked for, by grade; Quyết định 42/2014/QĐ-TTg names what a review of responsibility has to conclude."""


@dataclass(frozen=True)
class Line:
    """One line of the table: what is concerned, who leads it, its deadline, how it stands now."""

    content: str
    lead: str
    due_on: dt.date | None
    state: str


def urging_letter(urging: Urging, *, today: dt.date) -> bytes:
    """The draft as a .docx, with how everything that was urged about stands on this day."""
    with override("vi"):
        office = Agency.objects.get(is_department=True)
        groups = _lines(urging, today)
        number = _number(office, urging.by)
        paper = decree30.new_paper(
            title=f"V/v {SUBJECTS[Grade(urging.grade)]}", author=office.name, at=timezone.now()
        )
        decree30.mark_as_draft(paper)
        decree30.write_heads(
            paper,
            decree30.Heads(
                governing_body=GOVERNING_BODY,
                body=office.name,
                number=f"Số: {number}",
                subject=f"V/v {SUBJECTS[Grade(urging.grade)]}",
                place_and_day=f"{PLACE}, {_open_day(today)}",
            ),
        )
        decree30.write_addressees(paper, [_name(agency) for agency in groups])
        _write_text(paper, urging, office, groups, today)
        decree30.write_end(paper, _copies(urging.by), *_signature(urging.by))
        if _is_long(groups):
            _write_appendix(paper, office, number, groups, today)
    return decree30.as_bytes(paper)


def file_name(urging: Urging) -> str:
    """``du-thao-cong-van-don-doc-12.docx``: a draft as long as its number is open."""
    return f"du-thao-cong-van-don-doc-{urging.pk}.docx"


# The lines


def _lines(urging: Urging, today: dt.date) -> dict[Agency, list[Line]]:
    """What each agency was urged about; from lists only what it still lacks. Without either, its line on record."""
    recipients = list(
        urging.recipients.select_related("agency").prefetch_related(
            "assignments__directive__lead", "assignments__agency"
        )
    )
    listed = _lines_of_lists(urging, today)
    return {one.agency: _lines_of(one, listed.get(one.agency_id, []), today) for one in recipients}


def _lines_of(recipient: UrgingRecipient, listed: list[Line], today: dt.date) -> list[Line]:
    found = [_line(row, today) for row in recipient.assignments.all()]
    return [*found, *listed] or [Line(recipient.lacks, _name(recipient.agency), None, "Đã đạt")]


def _line(row: Assignment, today: dt.date) -> Line:
    lead = row.directive.lead or row.agency
    return Line(
        f"{row.directive.official_title} ({row.directive.code})", _name(lead), row.due_on, _state(row, today)
    )


def _state(row: Assignment, today: dt.date) -> str:
    """``Đang thực hiện (40%), quá hạn 6 ngày``."""
    words = str(row.get_status_display())
    if not row.is_open:
        return words
    if row.percent:
        words = f"{words} ({row.percent}%)"
    return f"{words}, {_left(row.due_on, today)}" if row.due_on else words


def _left(due_on: dt.date, today: dt.date) -> str:
    days = (due_on - today).days
    if days < 0:
        return f"quá hạn {-days} ngày"
    return f"còn {days} ngày" if days else "đến hạn hôm nay"


def _lines_of_lists(urging: Urging, today: dt.date) -> dict[int, list[Line]]:
    """By agency what it still lacks on the lists that the urging is about."""
    indicators = list(urging.indicators.all())
    due = _due_days(indicators, timezone.localdate(urging.at))
    lines: dict[int, list[Line]] = {}
    for coverage in coverages(indicators, today).values():
        one = coverage.indicator
        for row in coverage.missing:
            left = f"Chưa đạt, {_left(due[one.pk], today)}" if one.pk in due else "Chưa đạt"
            line = Line(f"{one.name} ({one.code})", _name(row.agency), due.get(one.pk), left)
            lines.setdefault(row.agency.pk, []).append(line)
    return lines


def _due_days(indicators: Iterable[object], day: dt.date) -> dict[int, dt.date]:
    """By indicator the first day of a target from this day on, else the last one there was."""
    rows = Target.objects.filter(indicator__in=indicators).order_by("due_on")
    found: dict[int, dt.date] = {}
    for indicator, due_on in rows.values_list("indicator", "due_on"):
        if found.get(indicator, dt.date.min) < day:
            found[indicator] = due_on
    return found


def _is_long(groups: dict[Agency, list[Line]]) -> bool:
    return sum(map(len, groups.values())) > MOST_LINES_IN_THE_LETTER


# The words


def _write_text(
    paper: Paper, urging: Urging, office: Agency, groups: dict[Agency, list[Line]], today: dt.date
) -> None:
    whom = _name(next(iter(groups))) if len(groups) == 1 else "các cơ quan, đơn vị"
    words = {"office": office.name, "whom": whom}
    count = sum(map(len, groups.values()))
    where = "tại Phụ lục kèm theo" if _is_long(groups) else "theo bảng dưới đây"
    decree30.write_text(
        paper,
        f"Qua theo dõi, rà soát việc thực hiện các nhiệm vụ được giao đến {decree30.in_words(today)}, {office.name} "
        f"tổng hợp {count:02d} nội dung {whom} cần tập trung thực hiện, chi tiết {where}.",
    )
    if not _is_long(groups):
        _write_table(paper, groups, across=False)
        paper.add_paragraph()
    decree30.write_text(paper, urging.reason)
    decree30.write_text(paper, DEMANDS[Grade(urging.grade)].format(**words))
    if urging.answer_due_on:
        day = decree30.in_words(urging.answer_due_on)
        decree30.write_text(paper, f"Văn bản trả lời gửi về {office.name} chậm nhất {day}.")
    decree30.write_text(paper, "{office} đề nghị {whom} quan tâm, thực hiện./.".format(**words))


def _write_appendix(
    paper: Paper, office: Agency, number: str, groups: dict[Agency, list[Line]], today: dt.date
) -> None:
    decree30.add_appendix_pages(paper)
    decree30.write_title(
        paper,
        ["Phụ lục", "DANH SÁCH NHIỆM VỤ CẦN TẬP TRUNG THỰC HIỆN"],
        f"(Kèm theo Công văn số {number} {_open_day(today)} của {office.name})",
    )
    _write_table(paper, groups, across=True)


def _write_table(paper: Paper, groups: dict[Agency, list[Line]], *, across: bool) -> None:
    """The lines under the name of the agency that is urged, which need not be the one that leads."""
    table = decree30.add_table(paper, COLUMNS, _ACROSS if across else _UPRIGHT)
    number = 0
    for agency, lines in groups.items():
        if len(groups) > 1:
            decree30.add_group_row(table, _name(agency))
        for line in lines:
            number += 1
            day = format_date(line.due_on) if line.due_on else "–"
            texts = (str(number), line.content, line.lead, day, line.state)
            decree30.add_row(table, texts, centred=(0, 3))


def _name(agency: Agency) -> str:
    """As letters address it: the committee of a district (“UBND huyện Giao Thủy”), not the district itself."""
    is_district = agency.bloc == Agency.Bloc.DISTRICT
    return agency.short_name if is_district and agency.short_name else agency.name


def _number(office: Agency, drafter: User) -> str:
    """``        /STTTT-CNTT``: the number itself is given by the clerk."""
    initials = "".join(word[0] for word in office.name.split() if word != "và").upper()
    return f"{' ' * 8}/{initials}-{_unit(drafter)}"


def _unit(drafter: User) -> str:
    """The short sign of the drafting unit, ``CNTT``; open for people of the department itself."""
    unit = drafter.agency
    sign = unit.short_name.removeprefix("Phòng ").strip()
    return sign if unit.parent_id and sign else _OPEN


def _copies(drafter: User) -> list[str]:
    unit = _unit(drafter)
    filed = f"- Lưu: VT, {unit}" if unit == _OPEN else f"- Lưu: VT, {unit}."
    return ["- Như trên;", "- Lãnh đạo Sở (để báo cáo);", filed]


def _open_day(today: dt.date) -> str:
    return f"ngày     tháng     năm {today.year}"


def _signature(drafter: User) -> tuple[list[str], str]:
    """Office and name of who signs: the leader who urged, a deputy for the director; otherwise left open."""
    director = "Giám đốc"
    if drafter.role != User.Role.LEADER:
        return [director], ""
    if drafter.position.lower().startswith("phó"):
        return [f"KT. {director}", f"Phó {director}"], drafter.full_name
    return [director], drafter.full_name
