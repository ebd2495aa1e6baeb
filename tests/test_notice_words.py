"""Every kind of notice in both languages: its sentence, what stands under it, its button."""

import datetime as dt

import pytest
from django.utils import translation

from tests.factories import NOON, TODAY
from tracker.models import Agency, Assignment, Directive, Notice, User
from tracker.notice_words import LONGEST_QUOTE, action, detail, heading, title

Kind = Notice.Kind

DEPARTMENT = Agency(
    pk=1, code="S01", name="Sở Thông tin và Truyền thông", short_name="Sở TT&TT", name_en="DIC"
)
COMMITTEE = Agency(pk=2, code="H05", name="Huyện ủy Hải Hậu", name_en="Hải Hậu Party Committee")
LEADER = User(pk=3, full_name="Vũ Trọng Hoà", position="Giám đốc Sở", agency=DEPARTMENT)
CLERK = User(pk=4, full_name="Nguyễn Thu Hà", agency=COMMITTEE)
DIRECTIVE = Directive(
    pk=5, code="NV-2020-014", title="Tập huấn an toàn thông tin", title_en="Security training"
)
ASSIGNMENT = Assignment(pk=6, directive=DIRECTIVE, agency=COMMITTEE)
WEEK = {"late": 5, "late_agencies": 3, "decisions": 2, "at_risk": 0, "waiting": 11}

SENTENCES = [
    (Kind.ASSIGNED, {}, "Giao mới: Tập huấn an toàn thông tin", "Newly assigned: Security training"),
    (
        Kind.RETURNED,
        {"note": "Thiếu số tin."},
        "Bị trả lại: Tập huấn an toàn thông tin – “Thiếu số tin.”",
        "Returned: Security training – “Thiếu số tin.”",
    ),
    (
        Kind.CONFIRMED,
        {"percent": 90},
        "Đã duyệt: Tập huấn an toàn thông tin, mức hoàn thành 90%",
        "Confirmed: Security training, 90% complete",
    ),
    (
        Kind.FIGURE_RETURNED,
        {"note": "Sai đơn vị", "name": "Doanh thu", "name_en": "Revenue", "period": ["month", 2020, 5]},
        "Số liệu bị trả lại: Doanh thu, tháng 5/2020 – “Sai đơn vị”",
        "Figure returned: Revenue, month 5/2020 – “Sai đơn vị”",
    ),
    (
        Kind.FIGURE_CONFIRMED,
        {"name": "Doanh thu", "name_en": "", "period": ["quarter", 2020, 2], "period_name": ""},
        "Đã duyệt số liệu: Doanh thu, quý II/2020",
        "Figure confirmed: Doanh thu, quarter II/2020",
    ),
    (
        Kind.DECLINED,
        {},
        "Huyện ủy Hải Hậu từ chối nhận: Tập huấn an toàn thông tin",
        "Hải Hậu Party Committee declines: Security training",
    ),
    (
        Kind.CHANGED,
        {"step": "deadline_corrected", "before": "2020-05-31", "after": "2020-06-30"},
        "Đính chính hạn 31/5 → 30/6: Tập huấn an toàn thông tin",
        "Deadline corrected, 31/5 → 30/6: Security training",
    ),
    (
        Kind.PAPER_SUBMITTED,
        {"title": "Tình hình 6 tháng đầu năm 2020", "number": ""},
        "Báo cáo chờ đồng chí duyệt: Tình hình 6 tháng đầu năm 2020",
        "An official report waits for your approval: Tình hình 6 tháng đầu năm 2020",
    ),
    (
        Kind.PAPER_RETURNED,
        {"title": "Tình hình 6 tháng đầu năm 2020", "number": "", "note": "Bổ sung phần II."},
        "Báo cáo bị trả lại: Tình hình 6 tháng đầu năm 2020 – “Bổ sung phần II.”",
        "Official report returned: Tình hình 6 tháng đầu năm 2020 – “Bổ sung phần II.”",
    ),
    (
        Kind.PAPER_APPROVED,
        {"title": "Tình hình 6 tháng đầu năm 2020", "number": ""},
        "Báo cáo đã được duyệt: Tình hình 6 tháng đầu năm 2020",
        "Official report approved: Tình hình 6 tháng đầu năm 2020",
    ),
    (
        Kind.PAPER_SIGNED,
        {"title": "Tình hình 6 tháng đầu năm 2020", "number": "45/BC-STTTT"},
        "Báo cáo đã ký, số 45/BC-STTTT: Tình hình 6 tháng đầu năm 2020",
        "Official report signed, number 45/BC-STTTT: Tình hình 6 tháng đầu năm 2020",
    ),
    (
        Kind.INSTRUCTED,
        {"text": "làm việc với 7 cơ quan chưa đạt"},
        "Giám đốc Sở giao: làm việc với 7 cơ quan chưa đạt",
        "Giám đốc Sở instructs: làm việc với 7 cơ quan chưa đạt",
    ),
    (
        Kind.ANSWERED,
        {"answer": "Đã gọi."},
        "Đã trả lời chỉ đạo: Tập huấn an toàn thông tin – “Đã gọi.”",
        "Your instruction is answered: Security training – “Đã gọi.”",
    ),
    (
        Kind.URGED,
        {"grade": "remind", "lacks": "Tập huấn – quá hạn 5 ngày"},
        "Đôn đốc: Tập huấn – quá hạn 5 ngày",
        "Urged: Tập huấn – quá hạn 5 ngày",
    ),
    (
        Kind.URGING_ANSWERED,
        {"answer": "Xong 19/6."},
        "Sở TT&TT đã trả lời đôn đốc – “Xong 19/6.”",
        "DIC has answered the urging – “Xong 19/6.”",
    ),
    (
        Kind.EXTENSION_ASKED,
        {"before": "2020-05-31", "after": "2020-07-15"},
        "Huyện ủy Hải Hậu xin gia hạn 31/5 → 15/7: Tập huấn an toàn thông tin",
        "Hải Hậu Party Committee asks for an extension, 31/5 → 15/7: Security training",
    ),
    (
        Kind.EXTENSION_DECIDED,
        {"granted": True, "day": "2020-07-15", "note": ""},
        "Đồng ý gia hạn đến 15/7: Tập huấn an toàn thông tin",
        "Extension approved until 15/7: Security training",
    ),
    (
        Kind.DATE_PROPOSED,
        {"proposed": "2020-07-01", "asked": "2020-07-15", "note": "Họp 2/7"},
        "Đề xuất hạn 1/7 thay cho 15/7: Tập huấn an toàn thông tin – “Họp 2/7”",
        "1/7 proposed as deadline instead of 15/7: Security training – “Họp 2/7”",
    ),
    (
        Kind.PROPOSAL_ANSWERED,
        {"accepted": True, "day": "2020-07-01", "note": ""},
        "Huyện ủy Hải Hậu nhận hạn 1/7: Tập huấn an toàn thông tin",
        "Hải Hậu Party Committee accepts the deadline 1/7: Security training",
    ),
    (
        Kind.DEPUTY,
        {"starts_on": "2020-06-22", "ends_on": "2020-06-26"},
        "Đồng chí nhận thông báo thay Vũ Trọng Hoà từ 22/6 đến hết 26/6",
        "You read the messages of Vũ Trọng Hoà from 22/6 to 26/6",
    ),
    (
        Kind.EXPORT_MADE,
        {"list": "nhiem-vu", "rows": 23456, "failed": False},
        "Tệp đã sẵn sàng: Nhiệm vụ, 23.456 dòng",
        "The file is ready: Directives, 23,456 rows",
    ),
    (
        Kind.EXPORT_MADE,
        {"list": "nhiem-vu", "rows": 0, "failed": True},
        "Không tạo được tệp: Nhiệm vụ",
        "The file could not be made: Directives",
    ),
    (
        Kind.DUE,
        {"count": 4, "first": "2020-06-19"},
        "4 việc sắp đến hạn, sớm nhất thứ Sáu 19/6",
        "4 tasks are due, the first on Friday 19/6",
    ),
    (
        Kind.LATE,
        {"count": 1, "first": "2020-06-10"},
        "1 việc quá hạn, lâu nhất từ thứ Tư 10/6",
        "1 task is overdue, since Wednesday 10/6",
    ),
    (
        Kind.SILENT,
        {"count": 2, "first": "2020-05-01"},
        "2 việc lâu không có báo cáo, lâu nhất từ thứ Sáu 1/5",
        "2 tasks have had no report for long, the oldest since Friday 1/5",
    ),
    (
        Kind.NOT_RECEIVED,
        {"count": 1, "first": "2020-06-08"},
        "1 lượt giao chưa được tiếp nhận, lâu nhất từ thứ Hai 8/6",
        "1 assignment of Monday 8/6 has not been received",
    ),
    (
        Kind.TO_REVIEW,
        {"count": 5, "days": 6},
        "5 báo cáo chờ duyệt, lâu nhất 6 ngày làm việc",
        "5 reports wait for review, the longest for 6 working days",
    ),
    (
        Kind.TO_DECIDE,
        {"count": 2},
        "2 đề nghị gia hạn chờ đồng chí xử lý",
        "2 requests for an extension wait for you",
    ),
    (
        Kind.CLOSING,
        {"count": 4, "period": "2020-06", "send_by": "2020-06-19"},
        "4 việc đến kỳ báo cáo, nộp trước hết thứ Sáu 19/6",
        "4 tasks have to be reported on by Friday 19/6",
    ),
    (
        Kind.ANSWER_DUE,
        {"count": 1, "first": "2020-06-19"},
        "1 đôn đốc phải trả lời, sớm nhất thứ Sáu 19/6",
        "1 answer to an urging is due on Friday 19/6",
    ),
    (
        Kind.ESCALATED,
        {"count": 8, "agencies": 3},
        "8 việc quá hạn kéo dài, ở 3 cơ quan",
        "8 tasks are long overdue, in 3 agencies",
    ),
    (
        Kind.WEEK,
        WEEK,
        "Tổng hợp tuần: 5 nhiệm vụ quá hạn; 3 cơ quan chậm; 2 việc chờ đồng chí quyết định; 11 báo cáo chờ duyệt",
        "The week: 5 directives overdue; 3 agencies behind; 2 decisions wait for you; 11 reports wait for review",
    ),
]


def notice(kind, words, **fields):
    """A notice that is nowhere stored; the morning's speak of no single directive."""
    values = {"by": LEADER, "directive": DIRECTIVE, "assignment": ASSIGNMENT}
    about = {} if kind in Notice.DAILY else values
    return Notice(user=CLERK, kind=kind, day=TODAY, at=NOON, words=words, url="/x/", **(about | fields))


def test_every_kind_has_its_sentence_here():
    assert {kind for kind, *_rest in SENTENCES} == set(Kind)


@pytest.mark.parametrize(
    ("kind", "words", "vietnamese", "english"), SENTENCES, ids=lambda value: str(value)[:16]
)
def test_the_sentence_in_both_languages(kind, words, vietnamese, english):
    told = notice(kind, words)

    with translation.override("vi"):
        assert title(told) == vietnamese
    with translation.override("en"):
        assert title(told) == english


@pytest.mark.parametrize(
    ("kind", "words", "sentence"),
    [
        (Kind.ASSIGNED, {"again": True}, "Giao lại: Tập huấn an toàn thông tin"),
        (Kind.ASSIGNED, {"in_charge": True}, "Đồng chí được giao phụ trách: Tập huấn an toàn thông tin"),
        (
            Kind.ASSIGNED,
            {"handed_over": 2, "from": "Nguyễn Thu Hà"},
            "Đồng chí nhận bàn giao 2 việc từ Nguyễn Thu Hà",
        ),
        (
            Kind.CHANGED,
            {"step": "extended", "before": "2020-05-31", "after": "2020-06-30"},
            "Gia hạn 31/5 → 30/6: Tập huấn an toàn thông tin",
        ),
        (
            Kind.CONFIRMED,
            {"percent": 100, "completed": True},
            "Đã xác nhận hoàn thành: Tập huấn an toàn thông tin",
        ),
        (Kind.CHANGED, {"step": "paused"}, "Tạm dừng: Tập huấn an toàn thông tin"),
        (Kind.CHANGED, {"step": "resumed"}, "Tiếp tục thực hiện: Tập huấn an toàn thông tin"),
        (Kind.CHANGED, {"step": "stopped"}, "Dừng thực hiện: Tập huấn an toàn thông tin"),
        (Kind.CHANGED, {"step": "withdrawn"}, "Thu hồi: Tập huấn an toàn thông tin"),
        (Kind.CHANGED, {"step": "restored"}, "Khôi phục: Tập huấn an toàn thông tin"),
        (Kind.CHANGED, {"step": "reopened"}, "Mở lại: Tập huấn an toàn thông tin"),
        (Kind.CHANGED, {"step": "transferred"}, "Chuyển cơ quan khác: Tập huấn an toàn thông tin"),
        (
            Kind.CHANGED,
            {"step": "deadline_corrected", "before": "2020-06-30", "after": ""},
            "Đính chính hạn 30/6 → không hạn: Tập huấn an toàn thông tin",
        ),
        (
            Kind.EXTENSION_DECIDED,
            {"granted": False, "day": "", "note": "Đã gia hạn một lần"},
            "Không đồng ý gia hạn: Tập huấn an toàn thông tin – “Đã gia hạn một lần”",
        ),
        (
            Kind.PROPOSAL_ANSWERED,
            {"accepted": False, "day": "2020-07-01", "note": "Chưa kịp"},
            "Huyện ủy Hải Hậu không nhận hạn 1/7: Tập huấn an toàn thông tin – “Chưa kịp”",
        ),
        (Kind.URGED, {"grade": "criticise", "lacks": "quá hạn"}, "Phê bình: quá hạn"),
        (
            Kind.CLOSING,
            {"figures": True, "count": 3, "rows": [], "period": "2020-06", "send_by": "2020-06-17"},
            "3 số liệu đến kỳ nhập, nộp trước hết thứ Tư 17/6",
        ),
    ],
)
def test_what_has_happened_exactly_is_said(kind, words, sentence):
    assert title(notice(kind, words)) == sentence


@pytest.mark.parametrize(
    ("kind", "words", "under"),
    [
        (
            Kind.ASSIGNED,
            {"due_on": "2020-06-30", "cooperating": True},
            "Vũ Trọng Hoà · NV-2020-014 · phối hợp · hạn 30/6",
        ),
        (Kind.RETURNED, {"note": "x", "fix_by": "2020-06-18"}, "Sở TT&TT · NV-2020-014 · sửa trước 18/6"),
        (
            Kind.CHANGED,
            {"step": "paused", "review_on": "2020-09-01", "reason": "Dịch bệnh"},
            "Vũ Trọng Hoà · NV-2020-014 · xem xét lại ngày 1/9 · “Dịch bệnh”",
        ),
        (
            Kind.CHANGED,
            {"step": "stopped", "document": "12/QĐ-UBND", "reason": ""},
            "Vũ Trọng Hoà · NV-2020-014 · 12/QĐ-UBND",
        ),
        (
            Kind.EXTENSION_ASKED,
            {"before": "2020-05-31", "after": "2020-07-15", "after_deadline": True, "reason": "Thiếu máy"},
            "Vũ Trọng Hoà · NV-2020-014 · xin gia hạn sau khi quá hạn · “Thiếu máy”",
        ),
        (Kind.LATE, {"count": 1, "first": "2020-06-10"}, "Nhắc tự động"),
    ],
)
def test_under_it_stands_who_said_it_about_what_until_when(kind, words, under):
    assert detail(notice(kind, words), TODAY) == under


def test_a_deputy_reads_in_whose_place():
    told = notice(Kind.LATE, {"count": 1, "first": "2020-06-10"}, for_person=LEADER)

    assert detail(told, TODAY) == "Nhắc tự động · nhận thay Vũ Trọng Hoà"


def test_a_day_of_another_year_is_written_with_its_year():
    told = notice(Kind.EXTENSION_DECIDED, {"granted": True, "day": "2021-01-15", "note": ""})

    assert title(told) == "Đồng ý gia hạn đến 15/1/2021: Tập huấn an toàn thông tin"


def test_long_words_of_people_are_cut_and_stay_on_one_line():
    told = notice(Kind.RETURNED, {"note": "Thiếu\nsố liệu. " * 200})

    quote = title(told).partition(" – ")[2]
    assert quote.startswith("“Thiếu số liệu. Thiếu")
    assert quote.endswith("…”")
    assert len(quote) == LONGEST_QUOTE + 2


@pytest.mark.parametrize(
    ("kind", "words", "label"),
    [
        (Kind.RETURNED, {}, "Sửa"),
        (Kind.FIGURE_RETURNED, {}, "Sửa"),
        (Kind.EXTENSION_ASKED, {}, "Quyết định"),
        (Kind.DATE_PROPOSED, {}, "Trả lời"),
        (Kind.URGED, {"answer_due_on": "2020-06-19"}, "Trả lời"),
        (Kind.URGED, {"answer_due_on": ""}, "Xem"),
        (Kind.INSTRUCTED, {"answer_due_on": "2020-06-19"}, "Trả lời"),
        (Kind.LATE, {}, "Báo cáo"),
        (Kind.TO_REVIEW, {}, "Duyệt"),
        (Kind.CONFIRMED, {}, "Xem"),
    ],
)
def test_the_button_says_what_comes_next(kind, words, label):
    assert action(notice(kind, words)) == (label, "/x/")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2020, 6, 16), "Hôm nay, 16/6"),
        (dt.date(2020, 6, 15), "Hôm qua, 15/6"),
        (dt.date(2020, 6, 14), "Tuần trước"),
        (dt.date(2020, 6, 8), "Tuần trước"),
        (dt.date(2020, 6, 7), "Tháng 6/2020"),
        (dt.date(2019, 12, 31), "Tháng 12/2019"),
    ],
)
def test_days_stand_under_headings(day, words):
    assert heading(day, TODAY) == words


def test_on_a_friday_the_days_since_monday_are_this_week():
    friday = dt.date(2020, 6, 19)

    assert [heading(dt.date(2020, 6, day), friday) for day in (19, 18, 17, 15, 14)] == [
        "Hôm nay, 19/6",
        "Hôm qua, 18/6",
        "Tuần này",
        "Tuần này",
        "Tuần trước",
    ]
