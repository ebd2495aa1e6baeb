"""What a periodic report says: true sentences, numbers that open exactly their rows, parts that say they are empty."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_assignment,
    make_completed,
    make_department,
    make_directive,
    make_extension,
    make_field,
    make_indicator,
    make_mark,
    make_measurement,
    make_obstacle,
    make_period,
    make_report,
    make_roster,
    make_share,
    make_target,
    make_urging,
    make_user,
)
from tests.views.test_decisions import sign_in
from tests.views.test_overview import make_register, rows_behind
from tracker.figures import report_directives
from tracker.figures.register import Counted, Row
from tracker.figures.report_content import write_report
from tracker.linked_text import keys_in_use, plain, runs_of, typed
from tracker.models import Agency, Cell, PeriodicReport, ReportingPeriod
from tracker.models.periodic_reports import all_parts
from tracker.register_data import load_article, load_reference

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def a_report(code="2020-6t1", *, on=TODAY, **fields):
    """A report that is not stored: enough to write it."""
    period = ReportingPeriod.objects.filter(code=code).first() or make_period(code)
    return PeriodicReport(**({"period": period, "figures_on": on, "parts": all_parts()} | fields))


def written(report=None, *, user=None, today=TODAY):
    return write_report(user or make_user("officer"), report or a_report(), today=today)


def text_of(content, key=None):
    return "\n".join(
        plain(block["runs"])
        for section in content["sections"]
        if key in {None, section["key"]}
        for block in section["blocks"]
        if "runs" in block
    )


def table_of(content, key):
    return next(
        block
        for section in content["sections"]
        for block in section["blocks"]
        if block["kind"] == "table" and block["key"] == key
    )


def make_year():
    """A register with something in every sentence of a report."""
    slow, quick = make_register()
    late = slow.assignments.get(due_on=dt.date(2020, 5, 31))
    make_obstacle(late.directive)
    make_urging(slow, about=[late])
    extended = make_assignment(quick, due_on=dt.date(2020, 7, 30), status="received")
    make_extension(extended, state="granted", new_due_on=dt.date(2020, 8, 30))
    asking = make_assignment(quick, due_on=dt.date(2020, 7, 31), status="received")
    make_extension(asking, new_due_on=dt.date(2020, 8, 31))
    reported = make_report(
        make_assignment(quick, due_on=dt.date(2020, 10, 1)),
        state="confirmed",
        as_of_on=dt.date(2020, 6, 10),
        proposal="Đề nghị cấp thêm kinh phí.",
    )
    assert reported.status == "confirmed"
    revenue = make_indicator(name="Doanh thu ngành in", field=late.directive.field)
    make_target(revenue, 205)
    for month in range(1, 6):
        make_measurement(revenue, 17, period=f"2020-{month:02d}")
    make_target(make_share(name="Tỷ lệ thư điện tử"), 90)
    return slow, quick


# numbers and their lists


@pytest.mark.parametrize(
    ("scope", "code", "on"),
    [
        ("everything", "2020-6t1", TODAY),
        ("everything", "2020-q2", dt.date(2020, 6, 3)),
        ("field", "2020-05", TODAY),
        ("agency", "2020-6t1", TODAY),
        ("agency", "2020", TODAY),
    ],
)
def test_every_count_opens_a_list_of_exactly_that_many_rows(client, code, on, scope):
    slow, _quick = make_year()
    officer = sign_in(client, "officer", agency=make_department())
    fields = {"field": slow.assignments.first().directive.field} if scope == "field" else {}
    fields |= {"agency": slow} if scope == "agency" else {}

    _content, facts = written(a_report(code, on=on, **fields), user=officer)

    counts = {(fact["url"], fact["count"]) for fact in facts.values() if "count" in fact}
    assert len(counts) > 20
    for url, count in counts:
        page = client.get(url)
        assert (url, page.status_code) == (url, 200)
        rows = (
            rows_behind(page)
            if "table" in page.context or "shown" in page.context
            else {page.context["total"]}
        )
        assert (url, rows) == (url, {count})


def test_every_linked_number_says_what_it_counts_and_opens_a_page(client):
    make_year()
    officer = sign_in(client, "officer", agency=make_department())

    content, facts = written(user=officer)

    assert set(keys_in_use(content)) == set(facts)
    assert typed(content) == []
    for run in runs_of(content):
        if "k" in run:
            assert (facts[run["k"]]["text"], bool(facts[run["k"]]["says"])) == (run["t"], True)
    for url in {fact["url"] for fact in facts.values() if "count" not in fact}:
        assert (url, client.get(url).status_code) == (url, 200)


def test_words_beside_the_numbers_hold_no_figure_without_a_link():
    make_year()

    content, _facts = written()

    # What is left are days, years, periods, codes of people's texts and the numbers of headings and tables.
    left = [run["t"] for run in runs_of(content) if "k" not in run]
    known = r"ngày \d+/\d+/\d{4}|tháng \d+|năm \d{4}|Bảng \d+|\d tháng|^\d\. |5G|số \d+|vực \d+"
    assert [text for text in left if re.search(r"\d", re.sub(known, "", text))] == []


def test_the_report_asks_as_many_queries_for_fifty_directives_as_for_five():
    field, officer = make_field(), make_user("officer")
    indicators = [make_indicator(field=field) for _ in range(2)]
    report = a_report()

    def add(count):
        for number in range(count):
            day = TODAY + dt.timedelta(days=number - count // 2)
            directive = make_assignment(due_on=day, field=field, by=officer).directive
            make_obstacle(directive, by=officer)
        for indicator in [make_indicator(field=field) for _ in range(count // 5)]:
            make_target(indicator, 100)
            make_measurement(indicator, 10)

    for indicator in indicators:
        make_target(indicator, 100)
        make_measurement(indicator, 10)
    add(5)
    with CaptureQueriesContext(connection) as five:
        written(report, user=officer)
    add(45)

    with CaptureQueriesContext(connection) as fifty:
        written(report, user=officer)

    assert len(fifty) == len(five) <= 24


# the article


@pytest.fixture
def article():
    load_reference()
    load_article()


ARTICLE = [
    "Doanh thu bưu chính, chuyển phát đạt 100 tỷ đồng, tăng 26% so với cùng kỳ.",
    "Doanh thu ngành in đạt 190 tỷ đồng, tăng 8,6%.",
    "Doanh thu hoạt động xuất bản đạt 40 tỷ đồng.",
    (
        "Phát triển mới 35 nghìn thuê bao điện thoại, tăng 16% so với cùng kỳ năm ngoái, nâng "
        "tổng số thuê bao trên toàn "
        "mạng ước đạt 160 nghìn thuê bao."
    ),
    "Doanh thu viễn thông, internet ước đạt 1.720 tỷ đồng.",
    "Cung cấp 720 thủ tục hành chính công mức độ 3, 4, chiếm 42% tổng số dịch vụ công.",
    (
        "100% các cơ quan Nhà nước sử dụng phần mềm quản lý văn bản và điều hành; 80% cán bộ sử "
        "dụng thư điện tử công vụ; "
        "100% các cơ quan Nhà nước, các đơn vị sự nghiệp đã sử dụng chữ ký số và chứng thư số."
    ),
]


def test_the_report_of_2019_says_the_results_word_for_word_with_every_number_linked(article):
    content, facts = written(a_report("2019", on=dt.date(2020, 1, 9)), today=dt.date(2020, 1, 9))

    text = text_of(content, "results")
    assert [sentence for sentence in ARTICLE if sentence not in text] == []
    linked = {key: fact["text"] for key, fact in facts.items() if key.startswith("R")}
    assert linked == {
        "R01.value": "100",
        "R01.growth": "26%",
        "R02.value": "190",
        "R02.growth": "8,6%",
        "R03.value": "40",
        "R04.value": "35",
        "R04.growth": "16%",
        "R05.value": "160",
        "R06.value": "1.720",
        "R07.value": "720",
        "R08.value": "42%",
        "R09.value": "100%",
        "R10.value": "80%",
        "R11.value": "100%",
    }
    assert facts["R06.value"]["url"] == "/chi-tieu/R06/?ky=2019"


def test_the_plan_of_2020_is_no_plan_of_2019(article):
    from tracker.models import Indicator

    make_target(Indicator.objects.get(code="R01"), 120)

    content, _facts = written(a_report("2019", on=dt.date(2020, 1, 9)), today=dt.date(2020, 1, 9))

    rows = [row for row in content["appendices"][0]["rows"] if isinstance(row, list)]
    assert [row[1:6] for row in rows if row[1] == "Doanh thu bưu chính, chuyển phát"] == [
        ["Doanh thu bưu chính, chuyển phát", "tỷ đồng", "–", "100", "–"]
    ]


# sentences about indicators


def sentence(indicator, code="2020-6t1"):
    content, _facts = written(a_report(code, field=indicator.field, parts=["targets"]))
    return text_of(content).splitlines()[-1].partition(": ")[2]


def test_a_sum_names_its_months_its_share_of_the_plan_and_its_growth():
    revenue = make_indicator(name="Doanh thu bưu chính, chuyển phát")
    make_target(revenue, 120)
    for month, value in enumerate(["10.1", "9.8", "10.4", "10.6", "10.6"], 1):
        make_measurement(revenue, value, period=f"2020-{month:02d}")
        make_measurement(revenue, 9, period=f"2019-{month:02d}")

    assert sentence(revenue) == (
        "Doanh thu bưu chính, chuyển phát lũy kế 5 tháng đạt 51,5 tỷ đồng, bằng 42,9% kế hoạch "
        "năm, tăng 14,4% so với "
        "cùng kỳ năm 2019."
    )


@pytest.mark.parametrize(
    ("qualifier", "words"),
    [
        ("estimate", "ước đạt 190 tỷ đồng"),
        ("nearly", "đạt gần 190 tỷ đồng"),
        ("over", "đạt hơn 190 tỷ đồng"),
        ("about", "đạt khoảng 190 tỷ đồng"),
    ],
)
def test_the_word_before_a_figure_is_kept(qualifier, words):
    revenue = make_indicator(name="Doanh thu ngành in")
    make_measurement(revenue, 190, qualifier=qualifier)

    assert sentence(revenue) == f"Doanh thu ngành in lũy kế 5 tháng {words}."


def test_a_level_says_from_which_day_it_is_and_points_are_no_per_cent():
    share = make_share(name="Tỷ lệ dịch vụ công", baseline_value=42, baseline_year=2019)
    make_target(share, 50)
    make_measurement(share, "46.8")

    assert sentence(share) == (
        "Tỷ lệ dịch vụ công đạt 46,8%, kế hoạch năm 50%, tăng 4,8 điểm % so với cuối năm 2019 "
        "(tự báo cáo; số liệu đến "
        "ngày 14/5/2020)."
    )
    assert sentence(share, "2020-05").endswith("cuối năm 2019 (tự báo cáo).")


def test_a_rank_gains_places():
    rank = make_indicator(
        name="Xếp hạng ICT Index", value_kind="rank", unit="", is_cumulative=False, direction="down",
        baseline_value=40, baseline_year=2019,
    )  # fmt: skip
    make_measurement(rank, 33)

    assert sentence(rank, "2020-05") == "Xếp hạng ICT Index đạt 33, tăng 7 bậc so với cuối năm 2019."


def test_a_missing_figure_is_said_and_never_zero():
    revenue = make_indicator(name="Doanh thu ngành in")
    make_target(revenue, 205)
    make_measurement(revenue, 17, state="submitted")

    assert sentence(revenue) == "Doanh thu ngành in: chưa có số liệu."


def test_a_coverage_carries_both_numbers_and_its_goal():
    bodies = [make_agency() for _ in range(3)]
    roster = make_roster(*bodies)
    make_mark(roster.bodies.first(), since_on=dt.date(2020, 6, 1))

    indicator = roster.indicator

    assert sentence(indicator) == (
        f"{indicator.name}: 1/3 cơ quan, đơn vị (33,3%), mục tiêu 100% đến ngày 30/6/2020."
    )


# work


def test_the_four_cells_and_the_share_are_said_with_their_denominator():
    make_register()

    content, _facts = written(a_report(parts=["directives"]))

    assert text_of(content).splitlines()[1:3] == [
        (
            "Tính đến ngày 16/6/2020, tổng số nhiệm vụ được giao theo dõi trong năm 2020 là 13 nhiệm "
            "vụ; trong đó: đã hoàn "
            "thành 2 nhiệm vụ (16,7% trên tổng số, không tính nhiệm vụ đã dừng), gồm đúng hạn 1, quá "
            "hạn 1, không quy định "
            "thời hạn 0; chưa hoàn thành 10 nhiệm vụ, gồm trong hạn 4, quá hạn 5, không quy định "
            "thời hạn 1; dừng thực "
            "hiện 1 nhiệm vụ."
        ),
        (
            "Trong số 7 nhiệm vụ đến hạn, có 1 nhiệm vụ hoàn thành đúng hạn (14,3%); nếu tính theo "
            "hạn giao ban đầu là 1/7 "
            "nhiệm vụ (14,3%)."
        ),
    ]


def test_the_table_by_field_adds_up_in_both_directions():
    make_register()

    table = table_of(written()[0], "fields")

    numbers = [[int(cell) for cell in row[1:]] for row in table["rows"]]
    assert [sum(column) for column in zip(*numbers[:-1], strict=True)] == numbers[-1]
    assert all(row[0] == sum(row[1:]) for row in numbers)
    assert len(table["head"]) == len(table["align"]) == len(table["widths"]) == len(table["rows"][0])


def test_a_table_that_does_not_add_up_is_not_printed():
    field = make_field()
    wrong = Counted([Row(key=1, code=field.code, name=field.name, total=3)], Row(total=3))
    scope = report_directives.ReportScope.about(
        make_user("officer"), make_period("2020-6t1"), None, None, on=TODAY, today=TODAY
    )

    block = report_directives.table_by_field(scope, report_directives.FactBook(), wrong, 1)

    assert (block["kind"], "các ô cộng lại không bằng tổng số" in plain(block["runs"])) == ("paragraph", True)


def test_what_is_overdue_is_told_with_days_reason_and_last_urging():
    slow, _quick = make_year()

    table = table_of(written()[0], "late")

    assert [row[2:] for row in table["rows"] if row[3] == "31/5/2020"] == [
        [
            slow.name,
            "31/5/2020",
            "16",
            "Chưa có giấy phép thử nghiệm 5G; nguyên nhân: Doanh nghiệp chưa được cấp phép tần số",
            "Nhắc việc, 16/6/2020",
        ]
    ]
    assert {tuple(row[5:]) for row in table["rows"] if row[3] != "31/5/2020"} == {
        ("Cơ quan chủ trì chưa báo cáo nguyên nhân", "Chưa đôn đốc")
    }


def test_the_delay_is_told_by_lead_the_most_first():
    make_register()

    assert (
        "Còn 5 nhiệm vụ quá hạn chưa hoàn thành, tại: UBND huyện Ý Yên (3), Huyện ủy Hải Hậu (2)."
        in text_of(written()[0], "shortcomings")
    )


def test_silence_is_a_shortcoming_only_after_the_day_for_sending():
    make_period("2020-6t1")
    make_assignment()

    early, _facts = written(today=dt.date(2020, 6, 17))
    late, _facts = written(today=dt.date(2020, 6, 18))

    assert "lượt giao" not in text_of(early, "shortcomings")
    assert (
        "Kỳ báo cáo 6 tháng đầu năm 2020, 1/1 lượt giao phải báo cáo chưa được cơ quan, đơn vị "
        "gửi báo cáo tiến độ." in text_of(late, "shortcomings")
    )


def test_obstacles_name_their_cause_and_who_is_asked():
    directive = make_assignment(due_on=dt.date(2020, 9, 1)).directive
    make_obstacle(directive)
    solved = make_obstacle(make_assignment(due_on=dt.date(2020, 9, 1)).directive, description="Đã xong rồi")
    solved.solve(by=make_user("officer"), solution="Đã cấp.", at=NOON)

    content, _facts = written()

    assert text_of(content, "shortcomings").splitlines() == [
        "Khó khăn, vướng mắc và nguyên nhân:",
        (
            f"- Nhiệm vụ {directive.code} “{directive.title}”: Chưa có giấy phép thử nghiệm 5G. "
            f"Nguyên nhân: Doanh nghiệp "
            "chưa được cấp phép tần số."
        ),
    ]
    assert text_of(content, "recommendations").splitlines() == [
        (
            "Đề nghị Bộ Thông tin và Truyền thông xem xét, giải quyết trước ngày 30/6/2020: chưa có "
            "giấy phép thử nghiệm "
            f"5G; nguyên nhân: doanh nghiệp chưa được cấp phép tần số (nhiệm vụ {directive.code})."
        )
    ]


def test_proposals_and_wishes_for_more_time_are_recommendations():
    _slow, quick = make_year()

    text = text_of(written()[0], "recommendations")

    assert "Đề nghị cấp có thẩm quyền xem xét 1 đề nghị gia hạn thời hạn thực hiện nhiệm vụ." in text
    assert f"{quick.name} đề xuất: đề nghị cấp thêm kinh phí (nhiệm vụ NV-2020-" in text


def test_the_next_window_is_the_legal_one():
    for day in (dt.date(2020, 6, 14), dt.date(2020, 6, 15), dt.date(2020, 12, 14), dt.date(2020, 12, 15)):
        make_assignment(due_on=day)
    make_assignment(due_on=None, deadline_kind="ongoing")
    make_completed(make_assignment(due_on=dt.date(2020, 9, 1)), on=dt.date(2020, 6, 1))

    content, _facts = written()

    assert [row[3] for row in table_of(content, "next")["rows"]] == ["15/6/2020", "14/12/2020"]
    assert text_of(content, "next").splitlines() == [
        "Tập trung chỉ đạo, hoàn thành dứt điểm 2 nhiệm vụ quá hạn nêu trên.",
        (
            "Trong kỳ tới (6 tháng cuối năm 2020, từ ngày 15/6/2020 đến ngày 14/12/2020) có 2 nhiệm "
            "vụ đến hạn, cụ thể tại "
            "Bảng 3."
        ),
        "Tiếp tục thực hiện 1 nhiệm vụ thường xuyên, không quy định thời hạn.",
    ]


# the whole


def test_an_empty_register_gives_parts_that_say_they_are_empty():
    content, facts = written()

    assert [(section["title"], section["empty"]) for section in content["sections"]] == [
        ("I. KẾT QUẢ THỰC HIỆN NHIỆM VỤ", False),
        ("II. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN", True),
        ("III. PHƯƠNG HƯỚNG, NHIỆM VỤ KỲ TỚI", True),
        ("IV. KIẾN NGHỊ, ĐỀ XUẤT", True),
    ]
    assert [plain(section["blocks"][0]["runs"]) for section in content["sections"][1:]] == [
        "Trong kỳ không có tồn tại, hạn chế cần báo cáo.",
        "Không có nhiệm vụ đến hạn trong kỳ tới.",
        "Không có kiến nghị, đề xuất.",
    ]
    assert (content["appendices"], facts) == ([], {})


def test_parts_that_were_left_out_are_not_written_and_the_others_are_numbered():
    make_year()

    content, _facts = written(a_report(parts=["directives", "next"]))

    assert [section["title"][:4].strip() for section in content["sections"]] == ["I. K", "II."]
    assert [
        plain(block["runs"]) for block in content["sections"][0]["blocks"] if block["kind"] == "heading"
    ] == ["1. Kết quả thực hiện các nhiệm vụ được giao"]
    assert [one["key"] for one in content["appendices"]] == ["directives"]


def test_the_appendix_holds_all_work_in_the_official_columns():
    field, helper = make_field(name="Bưu chính"), make_agency(name="Bưu điện tỉnh")
    lead = make_agency(name="Huyện Ý Yên", short_name="UBND huyện Ý Yên", bloc=Agency.Bloc.DISTRICT)
    directive = make_directive(
        field=field, title="Rà soát điểm phục vụ.", due_on=dt.date(2020, 6, 30), deadline_printed="hết quý II",
        output_expected="Báo cáo",
    )  # fmt: skip
    directive.assign(
        by=make_user("officer"), lead=lead, cooperating=[helper], today=dt.date(2020, 2, 3), at=NOON
    )

    (appendix,) = written()[0]["appendices"]

    assert appendix["head"][:2] + appendix["head"][-2:] == ["TT", "Nội dung nhiệm vụ", "Kết quả", "Ghi chú"]
    assert appendix["rows"] == [
        {"group": "I. Bưu chính"},
        [
            "1",
            "Rà soát điểm phục vụ.",
            "UBND huyện Ý Yên",
            "Bưu điện tỉnh",
            "Báo cáo",
            "hết quý II (30/6/2020)",
            "Đang thực hiện, sắp đến hạn",
            "",
        ],
    ]
    assert {len(appendix[name]) for name in ("head", "widths", "align")} == {8}


def test_a_report_is_written_in_vietnamese_for_english_readers_too():
    from django.utils.translation import override

    make_register()
    with override("en"):
        english, _facts = written()

    assert english == written()[0]


def test_a_past_day_is_told_as_it_stood():
    make_completed(make_assignment(due_on=dt.date(2020, 6, 1)), on=dt.date(2020, 6, 5))

    then = written(a_report(on=dt.date(2020, 6, 3), parts=["late"]))[1]
    now = written(a_report(parts=["late"]))[1]

    assert (then["tasks.late"]["text"], now) == ("1", {})


def test_the_cells_have_names_of_their_own():
    assert {str(cell) for cell in report_directives.CELLS} == {
        str(cell) for cell in Cell if cell != Cell.OUTSIDE
    }
