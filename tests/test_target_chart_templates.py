"""The pictures of targets and the tables under them say the same."""

import datetime as dt
import re
from decimal import Decimal

from django.template import engines

from tests.test_target_charts import MONTHS, PERIODS, PLAN, REVENUE, SOFTWARE, SUMS, revenue_months
from tracker.target_charts import bullet, coverage_curve, cumulative_line, month_line, sparkline

TODAY = dt.date(2020, 6, 16)


def rendered(name, **context):
    return engines["django"].get_template(f"charts/{name}.html").render(context)


def cells(html, row):
    """The numbers of the table's row that begins with this name."""
    found = re.search(rf'<th scope="row" class="nowrap">{row}</th>(.*?)</tr>', html)
    return re.findall(r'<td class="num">(.*?)</td>', found[1])


def test_the_bullet_is_drawn_with_dots_whatever_the_language():
    drawn = bullet(Decimal("731.0"), Decimal(750), Decimal(1720), Decimal(1800), Decimal(1754))

    html = rendered("_bullet", bullet=drawn)

    assert '<svg class="bullet" aria-hidden="true">' in html
    assert '<rect class="b-act" width="39.05%"/>' in html
    assert '<line class="b-proj" x1="39.05%" x2="93.7%"' in html
    assert '<svg x="91.88%"><path class="b-ly"' in html
    assert '<line class="b-tgt" x1="96.15%" x2="96.15%"' in html


def test_a_bullet_draws_only_what_is_known():
    html = rendered("_bullet", bullet=bullet(None, None, None, Decimal(0), None))

    assert '<line class="b-tgt" x1="0.0%"' in html
    assert not re.search("b-act|b-plan|b-ly|b-proj|b-cap", html)
    assert rendered("_bullet", bullet=None).strip() == ""


def test_the_legend_names_the_year_before():
    html = rendered("_bullet_legend", before=2019)

    assert re.findall("</svg>(.*?)</li>", html) == [
        "Thực hiện",
        "Kế hoạch đến kỳ",
        "Cả năm 2019",
        "Kế hoạch năm",
        "Dự báo cuối năm",
    ]


def test_a_sparkline_is_hidden_from_the_screen_reader():
    html = rendered("_sparkline", sparkline=sparkline(REVENUE, Decimal(150)))

    assert '<svg width="92" height="24" aria-hidden="true">' in html
    assert 'y1="4.3" y2="4.3"' in html
    assert '<circle class="dot" cx="87.0" cy="7.6" r="3.5"/>' in html
    assert rendered("_sparkline", sparkline=None).strip() == ""


def test_the_months_in_a_picture_and_in_a_table():
    html = rendered(
        "_month_line",
        chart=revenue_months(),
        uid="tm",
        title="Doanh thu viễn thông",
        caption="Chưa tháng nào đạt 150.",
        unit="tỷ đồng",
        before_label="bình quân 2019",
    )

    assert "<figcaption>Chưa tháng nào đạt 150. Trục tung bắt đầu từ 135 tỷ đồng.</figcaption>" in html
    assert 'role="img" aria-labelledby="tm-t tm-d"><title id="tm-t">Doanh thu viễn thông</title>' in html
    assert '<desc id="tm-d">T1: 148,2; 2: 143,5; 3: 146,1; 4: 144,6; 5: 148,6; tỷ đồng</desc>' in html
    assert '<circle class="dot" cx="4.17%" cy="34.0%" r="5"/>' in html
    assert '>152,7<tspan class="hide-sm"> phải có</tspan>' in html
    assert '>150<tspan class="hide-sm"> kế hoạch</tspan>' in html
    assert '>143,3<tspan class="hide-sm"> bình quân 2019</tspan>' in html
    assert cells(html, "Thực hiện") == ["148,2", "143,5", "146,1", "144,6", "148,6", *["–"] * 7]
    assert cells(html, "Kế hoạch") == ["150"] * 12
    assert cells(html, "Nhịp phải có") == ["–"] * 5 + ["152,7"] * 7
    assert cells(html, "Bình quân 2019") == ["143,3"] * 12


def test_an_axis_from_zero_needs_no_warning():
    chart = month_line(MONTHS, [Decimal(1), Decimal(5)], [], None, None, None)

    html = rendered("_month_line", chart=chart, uid="a", title="Tên", caption="Câu.", unit="tin")

    assert "<figcaption>Câu.</figcaption>" in html
    assert "Nhịp phải có" not in html
    assert 'class="today"' not in html


def test_the_legend_names_only_lines_that_are_drawn():
    everything = rendered("_month_line_legend", chart=revenue_months(), before_label="bình quân 2019")
    bare = rendered("_month_line_legend", chart=month_line(MONTHS, REVENUE, [], None, None, None))

    assert re.findall("</svg>(.*?)</li>", everything) == [
        "Thực hiện",
        "Kế hoạch",
        "Bình quân 2019",
        "Nhịp phải có",
    ]
    assert re.findall("</svg>(.*?)</li>", bare) == ["Thực hiện"]


def test_the_sum_in_a_picture_and_in_a_table():
    chart = cumulative_line(
        MONTHS, SUMS, [Decimal(150) * n for n in range(1, 13)], Decimal(1754), Decimal(1800), 46.08
    )

    html = rendered("_cumulative_line", chart=chart, uid="lk", title="Lũy kế", caption="Câu.", unit="tỷ đồng")

    assert "Đã thực hiện 731, kế hoạch năm 1.800, dự báo cả năm 1.754 tỷ đồng.</desc>" in html
    assert 'role="img" aria-labelledby="lk-t lk-d"' in html
    assert 'text-anchor="end">~1.754</text>' in html
    assert '<line class="today" x1="46.08%" x2="46.08%"' in html
    assert cells(html, "Thực hiện") == ["148,2", "291,7", "437,8", "582,4", "731", *["–"] * 8]
    assert cells(html, "Kế hoạch")[-3:] == ["1.650", "1.800", "1.800"]
    assert cells(html, "Dự báo") == ["1.754"]


def test_the_steps_in_a_picture_and_in_a_table():
    html = rendered(
        "_coverage_curve",
        chart=coverage_curve(SOFTWARE, PLAN, 26, 92.17, PERIODS),
        uid="c1",
        title="Phần mềm",
        caption="Đạt 17/26.",
        today=TODAY,
    )

    assert '<desc id="c1-d">Đến 16/6/2020: 17/26 đã dùng.</desc>' in html
    assert cells(html, "Đạt") == ["3", "5", "8", "11", "14", "–", "17"]
    assert cells(html, "Kế hoạch") == ["5", "10", "14", "18", "21", "26", "–"]
    assert cells(html, "Trong danh sách") == ["26"]


def test_every_place_in_an_attribute_is_written_with_a_dot():
    common = {"uid": "x", "title": "Tên", "caption": "Câu", "unit": "tỷ", "today": TODAY}
    curve = coverage_curve(SOFTWARE, PLAN, 26, 92.17, PERIODS)
    total = cumulative_line(MONTHS, SUMS, [], Decimal("1754.4"), Decimal(1800), 46.08)

    html = (
        rendered("_month_line", chart=revenue_months(), **common)
        + rendered("_cumulative_line", chart=total, **common)
        + rendered("_coverage_curve", chart=curve, **common)
    )

    places = re.findall(r'\b(?:x|y|x1|x2|y1|y2|cx|cy|dx|dy|width|height)="([^"]*)"', html)
    assert len(places) > 100
    assert all(re.fullmatch(r"-?\d+(\.\d+)?%?", place) for place in places)
    assert "style=" not in html
    assert not re.search(r"None|nan", html)
