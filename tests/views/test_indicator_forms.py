"""Keeping indicators: entering, changing, setting targets, plans, parts, accepting and retiring."""

import datetime as dt
import html
import re
import uuid
from decimal import Decimal as D

import pytest

from tests.factories import (
    NOON,
    TODAY,
    make_agency,
    make_directive,
    make_document,
    make_field,
    make_indicator,
    make_measurement,
    make_part,
    make_period,
    make_share,
    make_target,
    make_user,
)
from tracker.models import Indicator, PeriodPlan, ReportingPeriod, Target

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def officer(client):
    user = make_user("officer")
    client.force_login(user)
    return user


def text_of(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def written(**changes):
    values = {
        "name": "Doanh thu viễn thông, internet",
        "name_en": "Telecoms and Internet revenue",
        "field": make_field().pk,
        "level": "province",
        "unit": "tỷ đồng",
        "unit_en": "billion VND",
        "value_kind": "money",
        "direction": "up",
        "is_cumulative": "on",
        "frequency": "month",
        "decimals": "1",
        "rule": "own",
        "position": "0",
        "baseline_value": "1.720 tỷ đồng",
        "baseline_value-seen": "1.720 tỷ đồng",
        "baseline_year": "2019",
        "baseline_qualifier": "estimate",
        "baseline_source": "Báo cáo tổng kết 2019",
        "form_token": str(uuid.uuid4()),
    }
    return values | changes


# Entering and changing


def test_an_indicator_is_entered_and_its_target_set_next(client, officer):
    owner, directive = make_agency(name="Sở Công Thương"), make_directive()

    response = client.post("/chi-tieu/tao/", written(owner="so cong thuong", directive=directive.code))

    made = Indicator.objects.get()
    assert response.url == f"/chi-tieu/{made.code}/muc/"
    assert (made.code, made.baseline_value, made.owner, made.directive, made.created_by) == (
        "CT-2020-001",
        D(1720),
        owner,
        directive,
        officer,
    )


def test_what_is_wrong_is_said_and_nothing_is_lost(client, officer):
    wrong = written(
        name="",
        value_kind="percent",
        numerator_name="Đã ký số",
        baseline_year="",
        decimals="9",
        rule="parts",
        owner="khong co ai",
    )

    response = client.post("/chi-tieu/tao/", wrong)

    text = text_of(response)
    assert response.status_code == 422
    assert "Nhiều nhất 6 chữ số thập phân." in text
    assert "Tỷ lệ, thứ hạng, có/không và lời văn không cộng dồn được." in text
    assert "Chọn các phần là gì." in text
    assert "Tỷ lệ có tử số và mẫu số" in text
    assert 'value="khong co ai"' in response.content.decode()
    assert 'value="Đã ký số"' in response.content.decode()
    assert not Indicator.objects.exists()


@pytest.mark.parametrize("odd", ["\x00", "9" * 400, "x" * 10_000, "-1", "NaN", "1e9"])
def test_absurd_input_is_refused_with_a_sentence(client, officer, odd):
    names = [
        "name",
        "unit",
        "decimals",
        "field",
        "position",
        "baseline_value",
        "baseline_year",
        "parent",
        "weight",
    ]

    response = client.post("/chi-tieu/tao/", written(**dict.fromkeys(names, odd)))

    assert response.status_code == 422


def test_the_second_of_two_people_sees_both_versions(client, officer):
    indicator = make_indicator(name="Tên cũ")
    indicator.edit(by=make_user("officer"), expected_version=1, name="Tên người kia")

    first = client.post(f"{indicator.get_absolute_url()}sua/", written(name="Tên của tôi", version="1"))
    again = re.search(r'name="version" value="(\d+)"', first.content.decode()).group(1)
    second = client.post(f"{indicator.get_absolute_url()}sua/", written(name="Tên của tôi", version=again))

    assert first.status_code == 409
    assert "Tên người kia" in text_of(first)
    assert second.status_code == 302
    indicator.refresh_from_db()
    assert indicator.name == "Tên của tôi"


def test_the_unit_stays_once_there_are_figures(client, officer):
    indicator = make_indicator()
    make_measurement(indicator)

    response = client.post(f"{indicator.get_absolute_url()}sua/", written(unit="triệu đồng", version="1"))

    assert response.status_code == 422
    assert Indicator.objects.get().unit == "tỷ đồng"


def test_an_indicator_is_never_put_below_itself(client, officer):
    above = make_indicator(name="Ở trên")
    below = make_indicator(name="Ở dưới", parent=above)

    response = client.post(f"{above.get_absolute_url()}sua/", written(parent=below.pk, version="1"))

    assert response.status_code == 422
    assert Indicator.objects.get(pk=above.pk).parent is None


# Targets


def target(**changes):
    values = {
        "due_on": "31/12/2020",
        "operator": "ge",
        "value": "1.800 tỷ đồng",
        "value-seen": "1.800 tỷ đồng",
    }
    return values | {"form_token": str(uuid.uuid4())} | changes


def test_a_target_is_set_by_a_document(client, officer):
    indicator, plan = make_indicator(), make_document(number="12/KH-UBND")

    response = client.post(f"{indicator.get_absolute_url()}muc/", target(document="12/KH-UBND"))

    made = Target.objects.get()
    assert response.status_code == 302
    assert (made.value, made.due_on, made.document, made.set_by) == (
        D(1800),
        dt.date(2020, 12, 31),
        plan,
        officer,
    )


def test_where_lower_is_better_the_operator_begins_at_most(client, officer):
    down, up = make_indicator(direction="down"), make_indicator()

    pages = [client.get(f"{one.get_absolute_url()}muc/").content.decode() for one in (down, up)]

    assert '<option value="le" selected>' in pages[0]
    assert '<option value="ge" selected>' in pages[1]


def test_a_second_target_of_a_day_says_why(client, officer):
    indicator = make_indicator()
    make_target(indicator, 1700)

    refused = client.post(f"{indicator.get_absolute_url()}muc/", target())
    taken = client.post(f"{indicator.get_absolute_url()}muc/", target(reason="Điều chỉnh giữa năm"))

    assert refused.status_code == 422
    assert "1.800 tỷ đồng" in refused.content.decode()
    assert taken.status_code == 302
    assert [one.revision for one in indicator.targets.all()] == [1, 2]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"operator": "range"}, "Khoảng có hai đầu: ghi đầu trên."),
        ({"operator": "range", "upper": "100"}, "Đầu trên của khoảng"),
        ({"value": ""}, "Ghi mức phải đạt"),
        ({"value": "một đống"}, "Ghi một số"),
        ({"due_on": "31/2/2020"}, "Lịch không có ngày này."),
        ({"document": "khong co"}, "khong co"),
    ],
)
def test_a_target_that_cannot_be_is_refused(client, officer, changes, sentence):
    indicator = make_indicator()

    response = client.post(f"{indicator.get_absolute_url()}muc/", target(**changes))

    assert response.status_code == 422
    assert sentence in text_of(response) or sentence in response.content.decode()
    assert not Target.objects.exists()


def test_ranges_all_words_and_yes_are_targets_too(client, officer):
    share, words = make_share(), make_indicator(value_kind="words", is_cumulative=False, unit="")
    yes = make_indicator(value_kind="yes_no", is_cumulative=False, unit="")

    client.post(f"{share.get_absolute_url()}muc/", target(operator="range", value="40", upper="60"))
    client.post(f"{share.get_absolute_url()}muc/", target(operator="all", value="", due_on="30/6/2020"))
    client.post(f"{words.get_absolute_url()}muc/", target(value="", words="Trình trước quý III"))
    client.post(f"{yes.get_absolute_url()}muc/", target(operator="eq", value="1"))

    assert [(one.value, one.upper) for one in share.targets.all()] == [(D(100), None), (D(40), D(60))]
    assert words.targets.get().words == "Trình trước quý III"
    assert yes.targets.get().value == 1


def test_a_doubtful_number_is_seen_in_words_before_it_is_saved(client, officer):
    indicator = make_indicator()

    asked = client.post(f"{indicator.get_absolute_url()}muc/", target(value="1.800", **{"value-seen": ""}))
    saved = client.post(
        f"{indicator.get_absolute_url()}muc/", target(value="1.800", **{"value-seen": "1.800"})
    )

    assert asked.status_code == 422
    assert "một nghìn tám trăm tỷ đồng" in text_of(asked)
    assert saved.status_code == 302


# Plans


def test_a_year_s_target_is_shared_out_and_saved_by_hand(client, officer):
    make_period("2020-01")
    indicator = make_indicator(decimals=1)
    make_target(indicator, 1000)
    address = f"{indicator.get_absolute_url()}ke-hoach/"

    filled = client.post(address, {"chia": "deu"})
    page = filled.content.decode()
    values = dict(re.findall(r'name="(ky-\d+)" value="([^"]*)"', page))
    unsaved = PeriodPlan.objects.count()
    saved = client.post(address, {**values, "seen": ""})

    assert filled.status_code == 200
    assert list(values.values()) == ["83,3"] * 11 + ["83,7"]
    assert unsaved == 0
    assert saved.status_code == 302
    assert sum(plan.value for plan in indicator.plans.all()) == 1000


def test_a_level_climbs_from_its_baseline_in_even_steps(client, officer):
    make_period("2020-01")
    indicator = make_share(baseline_value=D(80), baseline_year=2019)
    make_target(indicator, 92)

    page = client.post(f"{indicator.get_absolute_url()}ke-hoach/", {"chia": "deu"}).content.decode()

    assert re.findall(r'name="ky-\d+" value="([^"]*)"', page)[:3] == ["81", "82", "83"]


def test_a_plan_saved_meanwhile_is_shown_beside_and_nothing_is_lost(client, officer):
    make_period("2020-01")
    indicator = make_indicator()
    month = ReportingPeriod.objects.get(code="2020-01")
    PeriodPlan.set_many(indicator, by=officer, values={month: D(140)})
    address = f"{indicator.get_absolute_url()}ke-hoach/"

    first = client.post(address, {f"ky-{month.pk}": "150", "seen": ""})
    seen = re.search(r'name="seen" value="([^"]*)"', first.content.decode()).group(1)
    second = client.post(address, {f"ky-{month.pk}": "150", "seen": seen})

    assert first.status_code == 422
    assert "Người khác vừa sửa kế hoạch này" in text_of(first)
    assert "đang lưu: 140" in text_of(first)
    assert second.status_code == 302
    assert indicator.plans.get().value == 150


def test_a_closed_period_s_plan_stays(client, officer):
    make_period("2020-01")
    indicator = make_indicator()
    month = ReportingPeriod.objects.get(code="2020-01")
    month.close(by=make_user("leader"), at=NOON)

    page = client.get(f"{indicator.get_absolute_url()}ke-hoach/")
    client.post(f"{indicator.get_absolute_url()}ke-hoach/", {f"ky-{month.pk}": "150", "seen": ""})

    assert "đã chốt: giữ nguyên" in text_of(page)
    assert not indicator.plans.exists()


def test_each_part_has_a_plan_of_its_own(client, officer):
    make_period("2020-01")
    indicator = make_indicator()
    part = make_part(indicator, make_agency(name="Huyện ủy Ý Yên"))
    month = ReportingPeriod.objects.get(code="2020-01")
    address = f"{indicator.get_absolute_url()}ke-hoach/?nam=2020&phan={part.pk}"

    page = client.get(address)
    client.post(address, {f"ky-{month.pk}": "15", "seen": ""})

    assert "Huyện ủy Ý Yên" in text_of(page)
    assert indicator.plans.get().part == part


@pytest.mark.parametrize("query", ["phan=0", "phan=abc", "phan=99999999999999"])
def test_a_part_that_is_not_there_is_not_found(client, officer, query):
    assert client.get(f"{make_indicator().get_absolute_url()}ke-hoach/?{query}").status_code == 404


@pytest.mark.parametrize("year", ["abc", "99999", "1", "２０２０", "2031"])
def test_a_year_without_periods_or_no_year_is_no_error(client, officer, year):
    assert client.get(f"{make_indicator().get_absolute_url()}ke-hoach/?nam={year}").status_code == 200


# Parts


def test_parts_are_added_by_name_and_end_on_a_day(client, officer):
    make_agency(code="H01", name="UBND huyện Giao Thủy")
    indicator = make_indicator()
    old = make_part(indicator, make_agency(name="Huyện ủy Ý Yên"))

    response = client.post(
        f"{indicator.get_absolute_url()}phan/",
        {"agencies": "giao thuy\n", "names": "Doanh nghiệp 1\nDoanh nghiệp 2", f"den-{old.pk}": "30/6/2020"},
    )

    parts = list(indicator.parts.all())
    assert response.status_code == 302
    assert sorted(part.label for part in parts if part.valid_to is None) == [
        "Doanh nghiệp 1",
        "Doanh nghiệp 2",
        "UBND huyện Giao Thủy",
    ]
    old.refresh_from_db()
    assert old.valid_to == dt.date(2020, 6, 30)


def test_parts_that_cannot_be_are_refused_and_the_lines_stay(client, officer):
    indicator = make_indicator()
    agency = make_agency(name="Huyện ủy Ý Yên")
    old = make_part(indicator, agency, valid_from=dt.date(2020, 5, 1))
    make_measurement(indicator, part=old)

    response = client.post(
        f"{indicator.get_absolute_url()}phan/",
        {"agencies": "huyen uy y yen\nkhong co", "names": "x" * 300, f"den-{old.pk}": "1/4/2020"},
    )
    late = client.post(f"{indicator.get_absolute_url()}phan/", {f"den-{old.pk}": "10/5/2020"})

    text = text_of(response)
    assert response.status_code == 422
    assert "khong co" in text
    assert "Tên dài nhất 200 ký tự." in text
    assert "Có số liệu sau ngày này." in text_of(late)
    assert indicator.parts.get().valid_to is None


# Steps


def test_an_indicator_is_retired_with_a_reason(client, officer):
    indicator = make_indicator()
    address = f"{indicator.get_absolute_url()}buoc/thoi/"

    refused = client.post(address, {"on": "16/6/2020", "reason": " "})
    done = client.post(address, {"on": "16/6/2020", "reason": "Không còn được giao"})
    again = client.post(address, {"on": "16/6/2020", "reason": "Lần nữa"})

    indicator.refresh_from_db()
    assert (refused.status_code, done.status_code, again.status_code) == (422, 302, 422)
    assert indicator.retired_on == TODAY
    assert "Chỉ tiêu này đã thôi theo dõi." in text_of(again)
    assert "Đã thôi theo dõi từ 16/6/2020" in text_of(client.get(indicator.get_absolute_url()))


def test_a_suggestion_is_accepted_once(client, officer):
    indicator = make_share(is_suggested=True)
    address = f"{indicator.get_absolute_url()}buoc/nhan/"

    asked = client.get(address)
    done = client.post(address)
    again = client.post(address)

    indicator.refresh_from_db()
    assert asked.status_code == 200
    assert (done.status_code, again.status_code) == (302, 422)
    assert indicator.is_suggested is False


def test_an_unknown_step_is_not_found(client, officer):
    assert client.get(f"{make_indicator().get_absolute_url()}buoc/xoa/").status_code == 404


def test_pressing_twice_enters_one_indicator(client, officer):
    sent = written()

    first, second = client.post("/chi-tieu/tao/", sent), client.post("/chi-tieu/tao/", sent)

    assert first.url == second.url
    assert Indicator.objects.count() == 1
