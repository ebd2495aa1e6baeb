"""The year's plan and one target's page: their numbers are their lists, their sentences are true."""

import datetime as dt
import html
import re
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_department,
    make_directive,
    make_document,
    make_field,
    make_indicator,
    make_mark,
    make_measurement,
    make_part,
    make_period,
    make_roster,
    make_share,
    make_target,
    make_user,
)
from tests.views.plan_year import TELECOMS, make_plan_year
from tracker import closing
from tracker.figures.navigation import navigation_counts
from tracker.models import DataQuestion, PeriodPlan, ReportingPeriod, Target

pytestmark = pytest.mark.django_db

COUNTED = re.compile(r'<a\b[^>]*\bhref="([^"]+)"[^>]*\bdata-count="(\d+)"')


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def officer(client):
    user = make_user("officer")
    client.force_login(user)
    return user


def text_of(response) -> str:
    content = response.content.decode().split('id="noi-dung"')[1].split("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", content)).split())


def rows_of(response) -> int:
    return response.content.decode().count('class="c-full"><a class="row-title"')


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return text_of(response)


def telecoms(**fields):
    values = {
        "name": "Doanh thu viễn thông, internet",
        "baseline_value": D(1720),
        "baseline_year": 2019,
        "baseline_qualifier": "estimate",
    }
    indicator = make_indicator(**(values | fields))
    make_target(indicator, 1800)
    for month, value in enumerate(TELECOMS, 1):
        make_measurement(indicator, value, period=f"2020-{month:02d}")
    return indicator


# The list


def test_the_list_reads_as_the_paper(client, officer):
    make_plan_year()

    text = read(client, "/chi-tieu/")

    assert "12 chỉ tiêu năm 2020 · lũy kế đến hết tháng 5 · 7 dự báo đạt , 3 có nguy cơ , 2 khó đạt" in text
    assert "Doanh thu viễn thông, internet tỷ đồng ước 1.720 731,0 Số của cơ quan +2,0% quy đổi" in text
    assert "1.800 Nguy cơ 1.754" in text
    assert "−17,0%" in text
    assert "+4,8 điểm" in text
    assert "giữ vững" in text
    assert "6/13 46,2% theo danh sách" in text
    assert "Đạt: từ 100% kế hoạch; nguy cơ: từ 95% đến dưới 100%; khó đạt: dưới 95%." in text


def test_every_number_of_the_list_is_the_length_of_the_list_that_it_opens(client, officer):
    make_plan_year()
    page = client.get("/chi-tieu/?lv=")

    numbers = COUNTED.findall(page.content.decode())
    opened = {href: rows_of(client.get("/chi-tieu/" + html.unescape(href))) for href, _ in numbers}

    assert [int(count) for _, count in numbers] == [12, 7, 3, 2]
    assert list(opened.values()) == [12, 7, 3, 2]


def test_the_menu_counts_the_rows_of_the_list(client, officer):
    make_plan_year()
    make_share(is_suggested=True)
    make_target(make_indicator(retired_on=TODAY))
    make_target(make_indicator(), due_on=dt.date(2021, 12, 31))

    counts = navigation_counts(officer, TODAY)

    assert counts["indicator_list"][0] == rows_of(client.get("/chi-tieu/")) == 12


def test_the_menu_counts_for_an_agency_what_it_sees_once(client):
    agency = make_agency()
    parent = make_indicator()
    child = make_indicator(parent=parent, owner=agency, rule="parts")
    make_part(child, agency)
    make_part(child)
    make_target(parent)
    make_target(child)
    make_period("2020-05")
    clerk = make_user(agency=agency)
    client.force_login(clerk)

    response = client.get("/chi-tieu/")

    assert rows_of(response) == navigation_counts(clerk, TODAY)["indicator_list"][0] == 1
    assert child.name in text_of(response)


def test_filters_narrow_and_what_cannot_be_read_is_said(client, officer):
    make_plan_year()

    by_field = client.get("/chi-tieu/", {"lv": make_field().code})
    off = read(client, "/chi-tieu/?kl=off")
    odd = read(client, "/chi-tieu/?ky=2031-99&kl=perhaps&ss=\x00&ss=x")

    assert "Không có chỉ tiêu nào khớp bộ lọc" in text_of(by_field)
    assert "Khó đạt 29,0" in off
    assert "Doanh thu ngành in" not in off
    assert "Không có kỳ báo cáo “2031-99”." in odd
    assert "12 chỉ tiêu năm 2020" in odd


def test_an_earlier_period_shows_what_stood_then(client, officer):
    telecoms()

    text = read(client, "/chi-tieu/?ky=2020-03")

    assert "lũy kế đến hết tháng 3" in text
    assert "437,8" in text


@pytest.mark.parametrize(
    ("against", "words"),
    [("year_end", "So cuối 2019"), ("previous", "Kỳ trước"), ("same_period", "Cùng kỳ")],
)
def test_the_comparison_is_named_in_its_column(client, officer, against, words):
    telecoms()

    response = client.get("/chi-tieu/", {"ss": against})

    assert f'<th role="columnheader" scope="col" class="num">{words}</th>' in response.content.decode()


def test_what_is_missing_waits_or_is_in_question_is_said_in_the_row(client, officer):
    indicator = make_share(name="Thư điện tử công vụ", owner=make_agency(name="Sở Nội vụ"))
    make_target(indicator, 90)
    make_measurement(indicator, "84.4", period="2020-04", certainty="estimate", qualifier="estimate")
    figure = make_measurement(indicator, 10, period="2020-05", state="submitted", explanation="")
    DataQuestion.objects.get_or_create(measurement=figure, kind="printed", answered_at=None)

    text = read(client, "/chi-tieu/")

    assert "thiếu 4 kỳ" in text
    assert "1 chờ duyệt, chưa tính" in text
    assert "ước 84,4 Có câu hỏi về số này chưa trả lời Số của cơ quan · ước" in text
    assert "tính đến 14/4/2020" in text
    assert "tự báo cáo" in text


def test_a_plan_without_any_figure_says_who_sends_and_by_when(client, officer):
    make_period("2020-05")
    make_target(make_indicator(owner=make_agency(name="Sở Công Thương")), 100)

    text = read(client, "/chi-tieu/")

    assert "Chưa có số liệu đến tháng 5: Sở Công Thương phải gửi trước hết Chủ nhật 17/5/2020." in text
    assert "hạn gửi 17/5/2020" in text
    assert "chưa có số liệu" in text


def test_nothing_is_an_error_without_periods_or_indicators(client, officer):
    empty = read(client, "/chi-tieu/")
    make_period("2020-05")

    assert "Chưa có kỳ báo cáo năm 2020" in empty
    assert "Năm 2020 chưa có chỉ tiêu nào" in read(client, "/chi-tieu/")


def test_a_rank_gains_places_and_a_target_of_zero_is_met(client, officer):
    rank = make_indicator(
        name="Xếp hạng ICT",
        unit="",
        value_kind="rank",
        direction="down",
        is_cumulative=False,
        baseline_value=D(40),
        baseline_year=2019,
    )
    make_target(rank, 35, operator=Target.Operator.AT_MOST)
    make_measurement(rank, 33)
    sims = make_indicator(
        name="Sim rác",
        unit="sim",
        direction="down",
        is_cumulative=False,
        baseline_value=D(0),
        baseline_year=2019,
    )
    make_target(sims, 0, operator=Target.Operator.AT_MOST)
    make_measurement(sims, 0)

    text = read(client, "/chi-tieu/")

    assert "tăng 7 bậc" in text
    assert "≤ 35" in text
    assert "≤ 0" in text
    assert "2 dự báo đạt" in text


def test_words_and_yes_or_no_are_written_as_such(client, officer):
    words = make_indicator(name="Đề án", unit="", value_kind="words", is_cumulative=False)
    make_target(words, None, words="Trình trước quý III")
    make_measurement(words, None, value_words="Đã trình UBND tỉnh")
    yes = make_indicator(name="Có cổng 5G", unit="", value_kind="yes_no", is_cumulative=False)
    make_target(yes, 1, operator=Target.Operator.EQUAL)
    make_measurement(yes, 1)

    text = read(client, "/chi-tieu/")

    assert "Đã trình UBND tỉnh" in text
    assert "Trình trước quý III" in text
    assert "mức phải đạt bằng lời" in text
    assert "Có cổng 5G · thiếu 4 kỳ – Có Số của cơ quan – Có Đạt" in text


def test_suggested_indicators_stand_apart_and_are_taken_in_with_one_button(client, officer):
    make_period("2020-05")
    suggested = make_share(name="Tỷ lệ văn bản ký số", is_suggested=True, suggestion_note="Suy ra từ bài báo")
    make_target(suggested, 90)

    before = client.get("/chi-tieu/")
    client.post(f"/chi-tieu/{suggested.code}/buoc/nhan/")

    assert "Gợi ý từ bài báo, chưa tính 1" in text_of(before)
    assert rows_of(before) == 0
    assert "Nhận vào kế hoạch" in text_of(before)
    assert rows_of(client.get("/chi-tieu/")) == 1


def test_a_viewer_reads_but_finds_no_button(client):
    telecoms()
    make_share(is_suggested=True)
    client.force_login(make_user("viewer", agency=make_department()))

    text = read(client, "/chi-tieu/")

    assert "Tạo chỉ tiêu" not in text
    assert "Nhập số liệu" not in text
    assert "Nhận vào kế hoạch" not in text


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_is_read_in_ten_queries_and_sixty_kilobytes(client, officer, count):
    field = make_field()
    reviewer, author = make_user("leader"), make_user(agency=make_agency())
    for number in range(count - 1):
        name = f"Doanh thu viễn thông, internet và dịch vụ số {number}"
        indicator = make_indicator(
            field=field, name=name, owner=author.agency, baseline_value=D(1720), baseline_year=2019
        )
        make_target(indicator)
        for month in (4, 5):
            make_measurement(indicator, 150, period=f"2020-{month:02d}", by=author, reviewer=reviewer)
    parent = make_share(rule="all_children", owner=author.agency)
    make_target(parent, 100)
    for _ in range(2):
        roster = make_roster(author.agency, indicator=make_share(rule="roster", parent=parent))
        make_mark(roster.bodies.get())
    client.get("/chi-tieu/")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get("/chi-tieu/")

    assert rows_of(response) == count
    assert len(queries) <= 10, [query["sql"][:150] for query in queries]
    assert len(response.content) <= 60_000


# One target


def test_one_target_says_what_the_rest_of_the_year_has_to_bring(client, officer):
    indicator = make_plan_year()

    text = read(client, indicator.get_absolute_url())

    assert "Lũy kế 5 tháng 731,0 tỷ đồng Số của cơ quan" in text
    assert "So kế hoạch đến kỳ (750,0) 97,5% thiếu 19,0" in text
    assert "So cùng kỳ 2019 quy đổi (716,7) +2,0% thêm 14,3" in text
    assert "1.800 năm 2019: ước 1.720" in text
    assert "1.754 Nguy cơ 97,5%" in text
    sentence = (
        "Muốn đạt 1.800, bảy tháng còn lại phải bình quân 152,7 tỷ đồng/tháng ; năm tháng qua là 146,2."
    )
    assert sentence in text
    assert "Chưa tháng nào đạt 150; từ tháng 6 phải đạt 152,7." in text
    assert "Đến hết tháng 5: 731,0, thiếu 19,0 so với kế hoạch. Giữ nhịp này, cả năm khoảng 1.754." in text
    assert "731,0 ÷ 5 × 12 tháng = 1.754,4" in text
    assert "các phần cộng lại 731,0, khớp" in text
    assert "Tháng 6 150,0 – – – 900 hạn gửi 17/6" in text


def test_the_parts_are_held_against_the_whole(client, officer):
    indicator = make_indicator(dimension="district")
    first, second = make_part(indicator), make_part(indicator)
    make_measurement(indicator, 100)
    make_measurement(indicator, 60, part=first)
    partial = read(client, indicator.get_absolute_url())
    make_measurement(indicator, 42, part=second)

    text = read(client, indicator.get_absolute_url())

    assert "đã có 1/2 huyện – đủ các phần mới đối chiếu tổng" in partial
    assert "các phần cộng lại 102,0, số chung 100,0: lệch 2,0" in text


def test_each_period_says_where_its_figures_stand(client, officer):
    indicator = make_indicator()
    make_target(indicator)
    make_measurement(indicator, 10, period="2020-04", state="returned")
    make_measurement(indicator, 11, period="2020-05", state="submitted")

    response = client.get(indicator.get_absolute_url())
    text = text_of(response)

    assert "Tháng 3 – – – – – chưa nộp, hạn 17/3" in text
    assert "1 bị trả lại" in text
    assert "1 chờ duyệt" in text
    for href, count in COUNTED.findall(response.content.decode()):
        listed = client.get(html.unescape(href)).content.decode()
        assert f"{count} số liệu" in listed


def test_a_closed_period_keeps_its_number_and_shows_today_s_beside(client, officer):
    indicator = telecoms()
    leader = make_user("leader")
    period = ReportingPeriod.objects.get(code="2020-05")
    closing.close_period(period, by=leader, closed_for="Báo cáo tháng 5", at=NOON)
    make_measurement(indicator, "149.0")

    text = read(client, indicator.get_absolute_url())

    assert "đã chốt 148,6 · hiện nay 149,0" in text


def test_the_page_of_2019_shows_the_exact_words_and_the_implied_value(client, officer):
    indicator = make_indicator(
        name="Doanh thu bưu chính, chuyển phát", baseline_value=D(100), baseline_year=2019
    )
    make_target(indicator, 120)
    make_measurement(
        indicator,
        100,
        period="2019",
        as_of_on=dt.date(2019, 12, 14),
        printed_growth=D(26),
        printed_basis="so với cùng kỳ",
        printed_text="Doanh thu bưu chính, chuyển phát đạt 100 tỷ đồng, tăng 26% so với cùng kỳ.",
    )

    text = read(client, f"{indicator.get_absolute_url()}?ky=2019")

    assert "“Doanh thu bưu chính, chuyển phát đạt 100 tỷ đồng, tăng 26% so với cùng kỳ.”" in text
    assert "in 26% (so với cùng kỳ); chưa có số 2018 để tính" in text
    assert "suy ra năm 2018: 100 ÷ (1 + 26%) = 79,37; không nguồn nào in số này" in text
    assert "Năm 2019" in text


def test_printed_and_computed_growth_are_held_against_each_other(client, officer):
    indicator = make_indicator()
    make_measurement(indicator, 100, period="2019", as_of_on=dt.date(2019, 12, 14))
    make_measurement(indicator, 126, period="2020", as_of_on=TODAY, printed_growth=D(25))

    text = read(client, indicator.get_absolute_url())

    assert "in 25%; tính được 26% (từ 100) không khớp" in text


def test_targets_keep_their_versions(client, officer):
    indicator = telecoms()
    plan = make_document(number="12/KH-UBND")
    make_target(indicator, 1750, document=plan)
    make_target(indicator, 900, due_on=dt.date(2020, 6, 30))

    response = client.get(indicator.get_absolute_url())

    assert "<s>1.800</s>" in response.content.decode()
    assert "Kế hoạch 12/KH-UBND" in text_of(response)
    assert "đến 30/6/2020 900" in text_of(response)


def test_children_and_the_rule_of_the_whole_are_said_openly(client, officer):
    make_period("2020-05")
    agency = make_agency()
    parent = make_share(name="Cả hai", rule="all_children")
    make_target(parent, 100, operator=Target.Operator.ALL)
    children = [make_share(rule="roster", parent=parent, name=name) for name in ("Phần mềm", "Chữ ký số")]
    other = make_agency()
    rosters = [make_roster(agency, other, indicator=child) for child in children]
    make_mark(rosters[0].bodies.get(agency=agency), since_on=dt.date(2020, 3, 1))
    make_share(name="Chỉ là gợi ý", parent=parent, is_suggested=True)

    listed = read(client, "/chi-tieu/")
    text = read(client, parent.get_absolute_url())

    assert "gồm 2 chỉ tiêu con" in listed
    assert "0/2 cơ quan, 0%" in text
    assert "Cách tính số chung: tất cả chỉ tiêu thành phần đều đạt." in text
    assert "Phần mềm % 1/2 50%" in text
    assert "Gợi ý từ bài báo, chưa tính: Chỉ là gợi ý" in text


def test_a_list_of_agencies_shows_who_is_missing_and_the_pace_needed(client, officer):
    make_period("2020-05")
    roster = make_roster(*[make_agency(name=f"Huyện ủy {letter}") for letter in "ABCD"])
    make_mark(roster.bodies.order_by("pk")[0], since_on=dt.date(2020, 6, 2))

    text = read(client, roster.indicator.get_absolute_url())

    assert "1/4 cơ quan, 25%" in text
    assert "Muốn đủ 4 cơ quan trước 30/6/2020, mỗi tuần còn lại phải thêm 1,5 cơ quan" in text
    assert "1 cơ quan đã dùng + 0,25 cơ quan/tuần × 2 tuần = 1,5/4" in text
    assert "Huyện ủy D" in text


def test_questions_and_the_related_directive_are_on_the_page(client, officer):
    directive = make_directive(title="Đưa mạng 5G vào khai thác")
    indicator = make_indicator(directive=directive)
    make_measurement(indicator, 100, period="2020-04")
    figure = make_measurement(indicator, 900, period="2020-05", state="submitted", explanation="")

    text = read(client, indicator.get_absolute_url())

    assert "Đưa mạng 5G vào khai thác" in text
    assert "Tháng 5/2020 – 900 (so với 100)" in text
    assert "Câu hỏi về số liệu 1 chưa trả lời" in text
    assert figure.questions.count() == 1


def test_an_agency_sees_its_own_part_and_enters_it(client):
    indicator = make_indicator(rule="parts", dimension="agency")
    make_target(indicator)
    mine = make_part(indicator, make_agency(name="Huyện ủy Ý Yên"))
    make_part(indicator, make_agency(name="Huyện ủy Hải Hậu"))
    make_measurement(indicator, 30, part=mine)
    client.force_login(make_user(agency=mine.agency))

    text = read(client, indicator.get_absolute_url())

    assert "Huyện ủy Ý Yên" in text
    assert "Huyện ủy Hải Hậu" not in text
    assert "Nhập số liệu tháng 6" in text
    assert "Quản lý" not in text


@pytest.mark.parametrize("code", ["CT-2020-999", "khong-co"])
def test_what_is_not_there_is_not_found(client, officer, code):
    assert client.get(f"/chi-tieu/{code}/").status_code == 404


def test_an_indicator_of_others_does_not_exist_for_an_agency(client):
    indicator = make_indicator()
    client.force_login(make_user())

    assert client.get(indicator.get_absolute_url()).status_code == 404


def test_without_periods_the_page_says_so(client, officer):
    assert "Chưa có kỳ báo cáo" in read(client, make_indicator().get_absolute_url())


def test_one_target_is_read_in_a_fixed_number_of_queries(client, officer):
    small, large = telecoms(), telecoms()
    for _ in range(5):
        make_measurement(large, 10, part=make_part(large))
        make_target(large, 1800, reason="Điều chỉnh")
    months = ReportingPeriod.objects.filter(kind="month", year=2020)
    PeriodPlan.set_many(large, by=officer, values=dict.fromkeys(months, D(150)))
    client.get(small.get_absolute_url())

    counts = []
    for indicator in (small, large):
        with CaptureQueriesContext(connection) as queries:
            client.get(indicator.get_absolute_url())
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_english_readers_read_verdicts_sentences_and_points_in_english(client):
    client.force_login(make_user("leader", language="en"))
    indicator = telecoms(name_en="Telecoms and Internet revenue", unit_en="billion VND")
    share = make_share(name_en="Officials using e-mail", baseline_value=D(80), baseline_year=2019)
    make_target(share, 90)
    make_measurement(share, "85.5")
    off = make_indicator(name_en="New subscribers")
    make_target(off, 38)
    make_measurement(off, 1, period="2020-01")

    listed = read(client, "/chi-tieu/")
    text = read(client, indicator.get_absolute_url())

    assert "3 indicators of 2020" in listed
    assert "1 expected to be met , 1 at risk , 1 unlikely" in listed
    assert "Telecoms and Internet revenue billion VND estimated 1,720 731.0" in listed
    assert "+5.5 points" in listed
    assert all(word in listed for word in ("On course", "At risk", "Unlikely"))
    assert "To reach 1,800, the 7 months left must bring on average 152.7" in text
