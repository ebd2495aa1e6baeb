"""Targets beside directives: on the overview, on a directive's page, and in the clerk's report. Numbers are lists."""

import datetime as dt
import html
import re
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    TODAY,
    make_agency,
    make_assignment,
    make_department,
    make_directive,
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
from tests.views.test_decisions import sign_in
from tracker.figures.directive_targets import bodies_planned, planned_by
from tracker.figures.overview import overview
from tracker.figures.periods import Period
from tracker.figures.plan_beside import plan_beside, reporting_period
from tracker.figures.scope import Scope
from tracker.figures.sentence import lead_line
from tracker.figures.series import load_periods
from tracker.judgement import Verdict
from tracker.models import Indicator, Obstacle, PeriodPlan, Target
from tracker.target_drawings import coverage_steps

pytestmark = pytest.mark.django_db

COUNTED = re.compile(r'<a\b[^>]*\bhref="([^"]+)"[^>]*\bdata-count="(\d+)"')


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def text_of(response):
    words = re.sub(r"<[^>]+>", " ", html.unescape(response.content.decode()))
    return re.sub(r"\s+([.,;:)])", r"\1", re.sub(r"\s+", " ", words))


def panel(response, name="chi-tieu"):
    return re.search(rf'id="{name}".*?</section>', response.content.decode(), re.DOTALL)[0]


def flow(name, goal, *months, **fields):
    """A flow of the year with a figure for each of the first months."""
    indicator = make_indicator(name=name, **fields)
    make_target(indicator, goal)
    for number, value in enumerate(months, 1):
        make_measurement(indicator, value, period=f"2020-{number:02d}")
    return indicator


def make_plan():
    """Two expected to be reached, one at risk, two unlikely, one of which nothing is known."""
    return [
        flow("Doanh thu bưu chính", 240, 21, 21, 21, 21, 21),
        flow("Doanh thu xuất bản", 24, 2, 2, 2, 2, 2),
        flow("Doanh thu viễn thông, internet", 1800, 148.2, 143.5, 146.1, 144.6, 148.6),
        flow("Thuê bao điện thoại phát triển mới", 38, 2.5, 2.4, 2.4, 2.4, 2.4, unit="nghìn thuê bao"),
        flow("SIM rác", 100, 5, 5, 5, 5, 5),
        flow("Tổng số dịch vụ công", 300),
    ]


def the_scope(user=None, **cut):
    return Scope.of(user or make_user("leader"), TODAY, period=Period.parse(cut.pop("ky", "2020")), **cut)


# the overview: numbers and lists


def rows_behind(page):
    if "shown" in page.context:
        return page.context["shown"]
    return page.context["total"]


@pytest.mark.parametrize("role", ["leader", "officer", "viewer", "agency_head"])
@pytest.mark.parametrize("query", ["", "?ky=2020-q1", "?ky=2020-06&den=1/6/2020"])
def test_every_number_of_the_targets_opens_exactly_its_rows(client, role, query):
    plan = make_plan()
    owner = plan[0].owner
    Indicator.objects.filter(name__startswith="Doanh thu").update(owner=owner)
    sign_in(client, role, agency=owner if role == "agency_head" else make_department())
    page = client.get(reverse("overview") + query)

    found = {
        (html.unescape(address), int(number))
        for address, number in COUNTED.findall(page.content.decode())
        if "chi-tieu" in address
    }

    assert len(found) >= 2
    for address, number in found:
        opened = client.get(address)
        assert (address, rows_behind(opened)) == (address, number)
        assert len(re.findall(r'class="row-title"', opened.content.decode())) >= number


def test_the_fourth_answer_counts_the_targets_expected_to_be_reached(client):
    make_plan()
    sign_in(client)

    text = text_of(client.get(reverse("overview")))

    assert "Có đạt chỉ tiêu năm? 2/6 dự báo đạt 1 có nguy cơ · 2 khó đạt · 1 chưa đủ số liệu" in text


def test_the_panel_shows_the_worst_first_and_the_safe_ones_in_a_line(client):
    make_plan()
    sign_in(client)

    page = client.get(reverse("overview"))

    shown = panel(page)
    names = re.findall(r'class="row-title" href="[^"]+">([^<]+)<', shown)
    assert names == ["SIM rác", "Thuê bao điện thoại phát triển mới", "Doanh thu viễn thông, internet"]
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown))
    assert "5 tháng · đáng lo trước" in text.replace("lũy kế ", "")
    assert "trên 38 (76,4%)" in text
    assert "1.754" in text
    assert "2 chỉ tiêu dự báo đạt: doanh thu bưu chính; doanh thu xuất bản." in text
    assert "1 chỉ tiêu chưa đủ số liệu để đánh giá." in text
    assert "Xem cả 6" in text
    assert text.count("kế hoạch chia đều") == 3


def test_without_targets_the_page_says_so_and_is_calm(client):
    make_period("2020-05")
    sign_in(client)

    text = text_of(client.get(reverse("overview")))

    assert "Có đạt chỉ tiêu năm? – chưa có chỉ tiêu" in text
    assert "Chưa có chỉ tiêu năm 2020. Mở danh sách chỉ tiêu" in text


def test_before_any_period_is_made_the_page_says_so(client):
    sign_in(client)

    assert "Chưa lập các kỳ báo cáo của năm." in text_of(client.get(reverse("overview")))


def test_targets_without_figures_are_not_counted_as_missed(client):
    flow("Doanh thu in", 205)
    make_period("2020-05")
    sign_in(client)

    text = text_of(client.get(reverse("overview")))

    assert "Có đạt chỉ tiêu năm? 1 chỉ tiêu chưa đánh giá được: chưa có số liệu đã duyệt" in text
    assert "Chưa chỉ tiêu nào đánh giá được" in text


def test_waiting_figures_stand_beside_waiting_reports_and_open_their_list(client):
    indicator = flow("Doanh thu in", 205, 17)
    make_measurement(indicator, 17, period="2020-02", state="submitted")
    make_measurement(indicator, 17, period="2020-03", state="submitted")
    sign_in(client)

    page = client.get(reverse("overview"))

    address = reverse("figure_queue")
    assert f'href="{address}" data-count="2">2 số liệu chờ duyệt, chưa tính' in page.content.decode()
    assert client.get(address).context["total"] == 2


def test_a_viewer_reads_how_many_figures_wait_in_the_list_of_figures(client):
    make_measurement(flow("Doanh thu in", 205), 17, period="2020-02", state="submitted")
    sign_in(client, "viewer", agency=make_department())

    page = client.get(reverse("overview"))

    address = reverse("figure_list") + "?tt=submitted"
    assert f'href="{address}" data-count="1"' in page.content.decode()
    assert client.get(address).context["total"] == 1


# period and day


@pytest.mark.parametrize(
    ("asked", "day", "expected"),
    [
        ("2020", TODAY, "2020-05"),
        ("2020-06", TODAY, "2020-06"),
        ("2020-06", dt.date(2020, 6, 14), "2020-05"),
        ("2020-q1", TODAY, "2020-q1"),
        ("2020-q3", TODAY, "2020-05"),
        ("2020", dt.date(2020, 3, 3), "2020-02"),
        ("2019", TODAY, "2019"),
    ],
)
def test_a_calendar_period_stands_for_a_reporting_period(asked, day, expected):
    make_period("2020-05")
    make_period("2019-05")
    periods = load_periods(int(asked[:4]))

    found = reporting_period(periods, Period.parse(asked), day, int(asked[:4]))

    assert found.code == expected


def test_on_a_past_day_the_page_says_which_figures_it_shows(client):
    make_plan()
    sign_in(client)

    text = text_of(client.get(reverse("overview") + "?den=20/3/2020"))

    assert (
        "Xem tại ngày 20/3/2020: chỉ tiêu tính đến tháng 3/2020, theo số liệu đã duyệt đến hôm nay." in text
    )


def test_the_plan_of_the_overview_is_the_plan_of_the_list(client):
    make_plan()
    user = sign_in(client)

    plan = plan_beside(the_scope(user))
    listed = client.get(reverse("indicator_list")).context["plan"]

    assert plan.upto == listed.upto
    assert [(row.indicator, row.verdict, row.projected) for row in plan.rows] == [
        (row.indicator, row.verdict, row.projected) for row in listed.rows
    ]


# the sentence


def said(user=None, **cut):
    parts = lead_line(overview(the_scope(user, **cut)))
    return "".join(part.text for part in parts), {part.target: part.text for part in parts if part.target}


def test_the_sentence_names_the_greatest_worry():
    make_plan()

    text, links = said()

    assert text.endswith("Dự báo cả năm đạt 2/6 chỉ tiêu; đáng lo nhất là SIM rác.")
    assert links == {"met": "2/6 chỉ tiêu", "worst": "SIM rác"}


def test_the_sentence_is_short_when_every_target_is_safe():
    flow("Doanh thu bưu chính", 240, 21, 21, 21, 21, 21)

    assert said()[0].endswith("Dự báo cả năm đạt 1/1 chỉ tiêu.")


def test_the_sentence_says_of_how_many_too_little_is_known():
    flow("Doanh thu bưu chính", 240, 21, 21, 21, 21, 21)
    flow("Doanh thu in", 205)

    assert said()[0].endswith("Dự báo cả năm đạt 1/2 chỉ tiêu; 1 chỉ tiêu chưa đủ số liệu.")


def test_without_any_judged_target_the_sentence_speaks_of_the_deadlines():
    flow("Doanh thu in", 205)
    make_assignment(due_on=dt.date(2020, 6, 1))

    assert said()[0].endswith("So với kế hoạch năm, số hoàn thành chậm 1 nhiệm vụ.")


def test_a_past_year_is_told_in_the_past():
    indicator = make_indicator(name="Doanh thu in", frequency="year")
    make_target(indicator, 190, due_on=dt.date(2019, 12, 31))
    make_measurement(indicator, 190, period="2019", as_of_on=dt.date(2019, 12, 14))

    assert said(ky="2019")[0].endswith("Năm 2019 đạt 1/1 chỉ tiêu.")


def test_brackets_in_a_name_do_not_break_the_links():
    flow("Thuê bao [di động](x)", 38, 1)

    text, links = said()

    assert links["worst"] == "thuê bao (di động)(x)"
    assert text.endswith("đáng lo nhất là thuê bao (di động)(x).")


# limits


@pytest.mark.parametrize("role", ["leader", "agency_head"])
def test_the_overview_takes_as_many_queries_for_twelve_targets_as_for_one(client, role):
    owner = make_agency()
    sign_in(client, role, **({"agency": owner} if role == "agency_head" else {}))
    bodies = [make_agency() for _ in range(3)]
    make_roster(owner, *bodies)
    flow("Doanh thu in", 205, 17, 17, owner=owner)
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("overview"))
    for number in range(11):
        flow(f"Doanh thu {number}", 2050, 17, 17, owner=owner)
    make_roster(owner, *bodies)

    with CaptureQueriesContext(connection) as twelve:
        page = client.get(reverse("overview"))

    assert len(one) == len(twelve) <= 12
    assert len(page.content) <= 60_000


# the page of a directive


def make_measured_directive(bodies=4):
    """A directive with a list of agencies, of which each gives a share; the first two are in use."""
    agencies = [make_agency(name=f"Huyện ủy {number}") for number in range(bodies)]
    directive = make_directive(due_on=dt.date(2020, 6, 30))
    officer = make_user("officer")
    directive.assign(by=officer, lead=agencies[0], cooperating=agencies[1:], today=dt.date(2020, 1, 14))
    make_period("2020-05")
    roster = make_roster(*agencies, indicator=make_share(name="Phần mềm", rule="roster", directive=directive))
    criterion = make_share(name="Hồ sơ trên phần mềm", rule="parts", parent=roster.indicator)
    make_target(criterion, 90, due_on=dt.date(2020, 6, 30))
    parts = [make_part(criterion, agency) for agency in agencies]
    listed = list(roster.bodies.order_by("pk"))
    make_mark(listed[0], since_on=dt.date(2020, 3, 2))
    make_mark(listed[1], since_on=dt.date(2020, 6, 2))
    make_measurement(criterion, 95, part=parts[0])
    make_measurement(criterion, 40, part=parts[2])
    return directive, roster, parts


def detail(directive):
    return reverse("directive_detail", args=[directive.code])


def test_a_directive_shows_how_many_agencies_have_reached_it(client):
    directive, _roster, _parts = make_measured_directive()
    sign_in(client)

    page = client.get(detail(directive))

    text = text_of(page)
    assert "Phần mềm — đạt 2/4 cơ quan (50%), kế hoạch đến 16/6 là 4" in text
    assert "Cơ quan đã đạt 2/4 50%" in text
    assert "Kế hoạch đến 16/6 92,3% thiếu 42,3 điểm" in text
    assert "Dự báo đến 30/6 2/4 giữ nhịp này" in text
    assert '<a href="#chi-tieu">' in page.content.decode()


def test_the_numbers_of_a_directive_open_their_rows_of_the_matrix(client):
    directive, _roster, _parts = make_measured_directive()
    sign_in(client)

    found = COUNTED.findall(panel(client.get(detail(directive))))

    assert [int(number) for _address, number in found] == [2, 2]
    for address, number in found:
        groups = client.get(html.unescape(address)).context["groups"]
        assert sum(len(rows) for _name, rows in groups) == int(number)


def test_the_agencies_table_shows_what_each_has_reached(client):
    directive, _roster, _parts = make_measured_directive()
    sign_in(client)

    page = client.get(detail(directive))

    found = {
        row.agency.name: [criterion.criterion.in_words(criterion.figure) for criterion in cells]
        for row, _asked, _further, cells in page.context["rows"]
    }
    assert found == {
        "Huyện ủy 0": ["95%"],
        "Huyện ủy 1": ["chưa có số liệu"],
        "Huyện ủy 2": ["40%"],
        "Huyện ủy 3": ["chưa có số liệu"],
    }
    text = text_of(page)
    assert "Hồ sơ trên phần mềm cần ≥ 90%" in text
    assert "95% số của cơ quan" in text


def test_an_agency_reads_its_own_figures_only(client):
    directive, _roster, parts = make_measured_directive()
    sign_in(client, "staff", agency=parts[2].agency)

    page = client.get(detail(directive))

    text = text_of(page)
    assert "40%" in text
    assert "95%" not in text
    assert "Huyện ủy 2: chưa" in text
    assert "ma-tran" not in panel(page)


def test_a_directive_counted_by_two_lists_shows_both_and_speaks_of_both_together(client):
    agencies = [make_agency() for _ in range(4)]
    directive = make_assignment(agencies[0]).directive
    make_period("2020-05")
    both = make_share(name="Cả hai nội dung", rule="all_children", directive=directive)
    make_target(both, 100, due_on=dt.date(2020, 6, 30), operator=Target.Operator.ALL)
    rosters = [
        make_roster(*agencies, indicator=make_share(name=name, rule="roster", parent=both))
        for name in ("Phần mềm", "Chữ ký số")
    ]
    first, second = (list(roster.bodies.order_by("pk")) for roster in rosters)
    for body in (*first[:3], second[0]):
        make_mark(body, since_on=dt.date(2020, 4, 1))
    sign_in(client)

    page = client.get(detail(directive))

    text = text_of(page)
    assert page.content.decode().count('<figure class="chart">') == 2
    assert "Đạt tất cả nội dung 1/4 25%" in text
    assert "Phần mềm — đạt 3/4 cơ quan (75%)" in text
    assert "Chữ ký số — đạt 1/4 cơ quan (25%)" in text


def test_a_number_stands_with_its_bullet_and_verdict(client):
    directive = make_assignment().directive
    flow("Doanh thu viễn thông", 1800, 148.2, 143.5, 146.1, 144.6, 148.6, directive=directive)
    sign_in(client)

    page = client.get(detail(directive))

    text = text_of(page)
    assert "Lũy kế 5 tháng 731,0 tỷ đồng" in text
    assert "Dự báo đến 31/12 1.754 trên 1.800" in text
    assert 'class="bullet"' in panel(page)
    assert "Nguy cơ" in text


def test_a_directive_without_targets_shows_no_panel(client):
    directive = make_assignment().directive
    sign_in(client)

    assert 'id="chi-tieu"' not in client.get(detail(directive)).content.decode()


def test_a_retired_or_suggested_indicator_is_no_measure_of_a_directive(client):
    directive = make_assignment().directive
    make_target(make_indicator(directive=directive, is_suggested=True), 5)
    make_target(make_indicator(directive=directive, retired_on=TODAY), 5)
    make_period("2020-05")
    sign_in(client)

    assert client.get(detail(directive)).context["targets"] is None


@pytest.mark.parametrize(("role", "most"), [("leader", 14), ("staff", 15)])
@pytest.mark.parametrize("bodies", [3, 20])
def test_the_page_of_a_measured_directive_takes_a_fixed_number_of_queries(client, role, most, bodies):
    directive, _roster, parts = make_measured_directive(bodies)
    sign_in(client, role, **({"agency": parts[0].agency} if role == "staff" else {}))
    client.get(detail(directive))

    with CaptureQueriesContext(connection) as queries:
        client.get(detail(directive))

    assert len(queries) <= most


def test_the_projection_of_a_list_follows_its_recent_pace():
    directive, _roster, _parts = make_measured_directive()

    (row,) = [row for row in plan_beside(the_scope()).rows if row.coverage]

    assert row.indicator.directive == directive
    assert (row.projection.value, row.verdict) == (D("2.5"), Verdict.OFF)


# beside the targets


def test_unsolved_obstacles_are_counted_and_open_their_list(client):
    directive = make_assignment().directive
    officer = make_user("officer")
    for day in (TODAY - dt.timedelta(days=1), TODAY):
        Obstacle.raise_on(
            directive,
            by=officer,
            description="Chưa có giấy phép thử nghiệm 5G.",
            cause="Bộ chưa cấp phép.",
            solver_outside="Bộ Thông tin và Truyền thông",
            needed_by=day,
        )
    sign_in(client)

    page = client.get(reverse("overview"))

    address = reverse("obstacle_list") + "?tt=overdue"
    assert f'href="{address}" data-count="1">1 vướng mắc quá hạn giải quyết' in page.content.decode()
    assert client.get(address).context["page"].paginator.count == 1


def test_early_warnings_are_about_today(client):
    make_assignment(due_on=TODAY - dt.timedelta(days=1))
    sign_in(client)

    assert 'id="canh-bao"' in client.get(reverse("overview")).content.decode()
    assert 'id="canh-bao"' not in client.get(reverse("overview") + "?den=1/6/2020").content.decode()


# the report of an agency


def test_the_report_says_what_has_to_be_reached(client):
    agency = make_agency()
    assignment = make_assignment(agency, status="received")
    shares = {"rule": "parts", "directive": assignment.directive}
    documents = make_share(numerator_name="Hồ sơ trên phần mềm", denominator_name="hồ sơ", **shares)
    signers = make_share(numerator_name="lãnh đạo có chứng thư số", denominator_name="lãnh đạo", **shares)
    steps = make_indicator(name="Đã tập huấn", value_kind="yes_no", is_cumulative=False, **shares)
    for indicator, goal in ((documents, 90), (signers, 100), (steps, 1)):
        make_target(indicator, goal, due_on=dt.date(2020, 6, 30))
    parts = [make_part(indicator, agency) for indicator in (documents, signers, steps)]
    make_measurement(signers, None, part=parts[1], numerator=D(1), denominator=D(3))
    sign_in(client, "staff", agency=agency)

    text = text_of(client.get(reverse("progress_log", args=[assignment.pk])))

    assert "Yêu cầu đạt ≥ 90% hồ sơ trên phần mềm 3/3 lãnh đạo có chứng thư số Đã tập huấn" in text


# the picture of a list


def test_the_planned_line_of_a_list_goes_through_the_plan_of_each_period():
    _directive, roster, _parts = make_measured_directive()
    values = {make_period("2020-05"): D(50)}
    PeriodPlan.set_many(roster.indicator, by=make_user("officer"), values=values)

    (row,) = [row for row in plan_beside(the_scope()).rows if row.coverage]

    assert (bodies_planned(row), planned_by(row)) == (2, dt.date(2020, 5, 14))
    assert [period.planned for period in coverage_steps(row).periods] == [0, 1, 1, 2, 3, 4]
