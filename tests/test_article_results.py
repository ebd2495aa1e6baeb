"""The article's results of 2019, R01–R11 one by one, and what is only inferred for 2020."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from tests.factories import make_user
from tracker import clock
from tracker.figures.targets import one_target
from tracker.judgement import agrees, growth, implied_before
from tracker.models import (
    Agency,
    Configuration,
    DataQuestion,
    Document,
    Indicator,
    Measurement,
    MeasurementHistory,
    ReportingPeriod,
    Roster,
    RosterBody,
    Target,
)
from tracker.register_data import load_article, load_reference

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def register(django_db_setup, django_db_blocker):
    """Loaded once for all tests of this file, which only read, or undo what they change."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_reference()
        load_article()
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("code", ["R01", "R05", "R06", "R08", "R11"])
def test_the_year_2019_shows_its_printed_figure(code):
    leader = make_user("leader", agency=Agency.objects.get(is_department=True))
    year = ReportingPeriod.objects.get(code="2019")

    row, _tree = one_target(leader, indicator(code), dt.date(2020, 1, 9), Configuration(), upto=year)

    assert (row.actual, row.cell.role) == (figure(code).value, Measurement.Role.VERIFIED)


def test_the_list_of_2019_shows_the_eleven_results_without_a_target(client):
    client.force_login(make_user("officer", agency=Agency.objects.get(is_department=True)))

    page = client.get("/chi-tieu/?ky=2019").text

    part = page[page.index('id="chua-dat-muc"') :]
    assert part.count("/muc/") == 11
    assert "ước 1.720" in part
    assert "tỷ đồng · Sở thẩm định" in part


def indicator(code):
    return Indicator.objects.get(code=code)


def figure(code):
    return Measurement.objects.get(indicator__code=code)


RESULTS = [
    (
        "R01",
        "Doanh thu bưu chính, chuyển phát",
        "buu-chinh",
        "100",
        "tỷ đồng",
        "Doanh thu bưu chính, chuyển phát đạt 100 tỷ đồng, tăng 26% so với cùng kỳ.",
    ),
    ("R02", "Doanh thu ngành in", "in", "190", "tỷ đồng", "Doanh thu ngành in đạt 190 tỷ đồng, tăng 8,6%."),
    (
        "R03",
        "Doanh thu hoạt động xuất bản",
        "xuat-ban",
        "40",
        "tỷ đồng",
        "Doanh thu hoạt động xuất bản đạt 40 tỷ đồng.",
    ),
    (
        "R04",
        "Thuê bao điện thoại phát triển mới",
        "vien-thong",
        "35",
        "nghìn thuê bao",
        "Phát triển mới 35 nghìn thuê bao điện thoại, tăng 16% so với cùng kỳ năm ngoái",
    ),
    (
        "R05",
        "Tổng số thuê bao trên toàn mạng",
        "vien-thong",
        "160",
        "nghìn thuê bao",
        "nâng tổng số thuê bao trên toàn mạng ước đạt 160 nghìn thuê bao",
    ),
    (
        "R06",
        "Doanh thu viễn thông, internet",
        "vien-thong",
        "1720",
        "tỷ đồng",
        "Doanh thu viễn thông, internet ước đạt 1.720 tỷ đồng.",
    ),
    (
        "R07",
        "Thủ tục hành chính công mức độ 3, 4 được cung cấp",
        "cntt",
        "720",
        "thủ tục",
        "Cung cấp 720 thủ tục hành chính công mức độ 3, 4, chiếm 42% tổng số dịch vụ công.",
    ),
    (
        "R08",
        "Tỷ lệ dịch vụ công mức độ 3, 4 trên tổng số dịch vụ công",
        "cntt",
        "42",
        "%",
        "chiếm 42% tổng số dịch vụ công",
    ),
    (
        "R09",
        "Tỷ lệ cơ quan Nhà nước sử dụng phần mềm quản lý văn bản và điều hành",
        "cntt",
        "100",
        "%",
        "100% các cơ quan Nhà nước sử dụng phần mềm quản lý văn bản và điều hành",
    ),
    (
        "R10",
        "Tỷ lệ cán bộ sử dụng thư điện tử công vụ",
        "cntt",
        "80",
        "%",
        "80% cán bộ sử dụng thư điện tử công vụ",
    ),
    (
        "R11",
        "Tỷ lệ cơ quan Nhà nước, đơn vị sự nghiệp sử dụng chữ ký số và chứng thư số",
        "cntt",
        "100",
        "%",
        "100% các cơ quan Nhà nước, các đơn vị sự nghiệp đã sử dụng chữ ký số và chứng thư số",
    ),
]


@pytest.mark.parametrize(("code", "name", "field", "value", "unit", "words"), RESULTS)
def test_each_result_as_printed(code, name, field, value, unit, words):
    of, found = indicator(code), figure(code)

    assert (of.name, of.field.code, of.unit) == (name, field, unit)
    assert found.value == Decimal(value)
    assert found.printed_text == words


def test_there_are_eleven_results_and_all_count():
    codes = Indicator.objects.in_use().order_by("code").values_list("code", flat=True)

    assert list(codes) == [f"R{number:02d}" for number in range(1, 12)]


@pytest.mark.parametrize("code", [row[0] for row in RESULTS])
def test_each_result_is_the_departments_figure_of_2019_and_nobody_else_stands_behind_it(code):
    found = figure(code)

    assert (found.period.code, found.as_of_on) == ("2019", dt.date(2019, 12, 14))
    assert "14/12/2019 suy ra" in found.note
    assert (found.status, found.role) == ("confirmed", "verified")
    assert (found.author, found.agency, found.reviewed_by, found.reviewed_at) == (None, None, None, None)
    assert found.document == Document.objects.get(kind="press")
    made = MeasurementHistory.objects.get(pgh_obj=found.pk)
    assert made.pgh_context["command"] == "load_article"


@pytest.mark.parametrize("code", [row[0] for row in RESULTS])
def test_only_two_results_are_estimates(code):
    expected = "estimate" if code in {"R05", "R06"} else ""

    found = figure(code)

    assert (found.qualifier, found.certainty) == (expected, expected)


@pytest.mark.parametrize(
    ("code", "printed", "basis", "before"),
    [
        ("R01", "26", "so với cùng kỳ", "79.37"),
        ("R02", "8.6", "không in căn cứ; hiểu là so với cùng kỳ", "174.95"),
        ("R04", "16", "so với cùng kỳ năm ngoái", "30.17"),
    ],
)
def test_printed_growth_and_the_figure_of_2018_that_it_implies(code, printed, basis, before):
    found = figure(code)

    assert (found.printed_growth, found.printed_basis) == (Decimal(printed), basis)
    assert implied_before(found.value, found.printed_growth) == Decimal(before)
    assert agrees(Decimal(printed), growth(found.value, Decimal(before)))


@pytest.mark.parametrize("code", ["R03", "R05", "R06", "R07", "R08", "R09", "R10", "R11"])
def test_no_growth_is_printed_for_the_others(code):
    found = figure(code)

    assert (found.printed_growth, found.printed_basis) == (None, "")
    assert implied_before(found.value, found.printed_growth) is None


def test_the_share_of_online_services_has_a_numerator_and_no_printed_denominator():
    share = figure("R08")

    assert indicator("R08").is_ratio
    assert (share.numerator, share.denominator) == (figure("R07").value, None)
    assert "không in mẫu số" in share.note
    assert round(share.numerator / (share.value / 100)) == 1714


def test_three_and_four_are_two_levels():
    assert "không phải số 3,4" in figure("R07").note


def test_the_improbable_number_of_subscribers_is_asked_about_and_not_corrected():
    question = DataQuestion.objects.get()

    assert question.measurement == figure("R05")
    assert (question.kind, question.outcome, question.answered_at) == ("printed", "", None)
    assert "quá thấp" in question.detail
    assert "không sửa" in question.detail
    assert question.measurement.value == 160


@pytest.mark.parametrize(
    ("code", "kind", "adds_up"),
    [
        ("R01", "money", True),
        ("R02", "money", True),
        ("R03", "money", True),
        ("R04", "number", True),
        ("R05", "number", False),
        ("R06", "money", True),
        ("R07", "number", False),
        ("R08", "percent", False),
        ("R09", "percent", False),
        ("R10", "percent", False),
        ("R11", "percent", False),
    ],
)
def test_what_adds_up_over_the_year(code, kind, adds_up):
    of = indicator(code)

    assert (of.value_kind, of.is_cumulative, of.direction, of.frequency) == (kind, adds_up, "up", "month")


@pytest.mark.parametrize("code", [row[0] for row in RESULTS])
def test_the_baseline_is_the_result_with_its_source(code):
    of, found = indicator(code), figure(code)

    assert (of.baseline_value, of.baseline_year) == (found.value, 2019)
    assert of.baseline_qualifier == found.qualifier
    assert of.baseline_source.startswith("Báo Nam Định")


def test_of_2019_only_the_year_is_a_period_and_the_coming_year_has_its_windows():
    today = clock.today()

    of_2019 = ReportingPeriod.objects.filter(year=2019)

    assert list(of_2019.values_list("code", "ends_on")) == [("2019", dt.date(2019, 12, 14))]
    for year in (today.year, today.year + 1):
        assert ReportingPeriod.objects.of_kind("month").filter(year=year).count() == 12


def test_the_article_sets_no_target_in_numbers():
    assert not Target.objects.filter(indicator__code__startswith="R").exists()
    assert not Target.objects.filter(is_suggested=False).exists()


def test_state_agencies_are_not_the_baseline_of_party_agencies():
    for code, result in (("CT-D09", "R09"), ("CT-D10", "R11")):
        of = indicator(code)
        assert of.baseline_value is None
        assert f"{result} không phải mức xuất phát" in of.suggestion_note


def test_what_is_inferred_is_suggested_and_counted_nowhere():
    suggested = Indicator.objects.filter(is_suggested=True).order_by("code")

    assert list(suggested.values_list("code", "directive__code", "rule")) == [
        ("CT-D05", "D05", "own"),
        ("CT-D07", "D07", "own"),
        ("CT-D09", "D09", "roster"),
        ("CT-D10", "D10", "roster"),
    ]
    assert not suggested.filter(suggestion_note="").exists()
    assert not Indicator.objects.in_use().exclude(code__startswith="R").exists()


@pytest.mark.parametrize("code", ["CT-D09", "CT-D10"])
def test_all_party_agencies_by_the_end_of_the_second_quarter(code):
    target = Target.objects.get(indicator__code=code)

    assert (target.operator, target.value, target.words) == ("all", 100, "tất cả")
    assert target.due_on == dt.date(2020, 6, 30)
    assert "hết quý II" in target.printed
    assert target.reason == "Ngày 30/6/2020 suy ra từ “hết quý II”."


def test_no_junk_cards_at_all_is_inferred():
    of = indicator("CT-D07")
    target = of.targets.get()

    assert (of.direction, target.operator, target.value) == ("down", "le", 0)
    assert "suy ra" in of.suggestion_note


@pytest.mark.parametrize("code", ["CT-D09", "CT-D10"])
def test_the_suggested_list_names_the_26_bodies_of_2020(code):
    roster = Roster.objects.get(indicator__code=code)
    bodies = RosterBody.objects.filter(roster=roster).in_scope(dt.date(2020, 6, 16))

    expected = [f"P{number:02d}" for number in (*range(1, 9), 10, 11)]
    expected += [f"P12-{number:02d}" for number in range(1, 11)]
    expected += [f"M{number:02d}" for number in range(1, 7)]
    assert sorted(bodies.values_list("agency__code", flat=True)) == sorted(expected)
    assert roster.is_suggested
    merging = bodies.filter(agency__merged_into__code="P09")
    assert all("hợp nhất" in body.reason for body in merging)
    assert merging.count() == 2


def test_whether_three_more_party_committees_count_is_asked_openly():
    note = indicator("CT-D09").suggestion_note

    assert "Đảng ủy Công an tỉnh, Đảng ủy Quân sự tỉnh, Đảng ủy Tổng Công ty cổ phần Dệt may" in note


def test_loading_twice_changes_nothing():
    before = [
        list(model.objects.order_by("pk").values())
        for model in (Indicator, Measurement, Target, RosterBody, DataQuestion)
    ]
    events = MeasurementHistory.objects.count()

    assert load_reference() + load_article() == 0

    after = [
        list(model.objects.order_by("pk").values())
        for model in (Indicator, Measurement, Target, RosterBody, DataQuestion)
    ]
    assert after == before
    assert MeasurementHistory.objects.count() == events


def test_what_people_have_changed_stays():
    with transaction.atomic():
        Indicator.objects.filter(code="R01").update(name="Doanh thu bưu chính", decimals=2)

        load_article()

        assert (indicator("R01").name, indicator("R01").decimals) == ("Doanh thu bưu chính", 2)
        transaction.set_rollback(True)
