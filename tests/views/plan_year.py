"""The plan of the demonstration year as the office reads it in June: twelve indicators, five months of figures."""

import datetime as dt
from decimal import Decimal

from tests.factories import (
    TODAY,
    make_agency,
    make_department,
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
from tracker.models import PeriodPlan, ReportingPeriod

POSTS = ("9.1", "9.8", "10.6", "10.8", "11.2")
TELECOMS = ("148.2", "143.5", "146.1", "144.6", "148.6")
FLOWS = [
    # field, name, unit, 2019, target, months
    ("bc", "Doanh thu bưu chính, chuyển phát", "tỷ đồng", 100, 120, POSTS),
    ("bc", "Doanh thu viễn thông, internet", "tỷ đồng", 1720, 1800, TELECOMS),
    (
        "bc",
        "Thuê bao điện thoại phát triển mới",
        "nghìn thuê bao",
        35,
        38,
        ("2.7", "2.5", "2.3", "2.2", "2.4"),
    ),
    ("in", "Doanh thu ngành in", "tỷ đồng", 190, 205, ("17.2", "16.4", "17.0", "17.1", "17.2")),
    ("in", "Doanh thu hoạt động xuất bản", "tỷ đồng", 40, 42, ("3.4", "3.5", "3.6", "3.7", "3.7")),
]
LEVELS = [
    (
        "bc",
        "Tổng số thuê bao điện thoại toàn mạng",
        "nghìn thuê bao",
        160,
        190,
        ("162", "165", "167", "169", "171.4"),
    ),
    ("cntt", "Thủ tục hành chính công mức độ 3, 4", "thủ tục", 720, 900, ("735", "750", "775", "790", "812")),
]
SHARES = [
    ("Tỷ lệ dịch vụ công mức độ 3, 4 trên tổng số", 42, 50, ("42.9", "43.7", "45.2", "46", "46.8")),
    ("Cán bộ sử dụng thư điện tử công vụ", 80, 90, ("81", "82", "83.4", "84.3", "85.5")),
    ("Cơ quan nhà nước dùng phần mềm quản lý văn bản và điều hành", 100, 100, ("100",) * 5),
    ("Cơ quan nhà nước, đơn vị sự nghiệp dùng chữ ký số", 100, 100, ("100",) * 5),
]


def make_plan_year():
    """Returns the telecoms indicator, the one that the pages explain."""
    make_period("2020-01")
    make_period("2019-12")
    division = make_agency(name="Phòng Bưu chính – Viễn thông", parent=make_department())
    author, reviewer = make_user(agency=division), make_user("leader")
    fields = {
        "bc": make_field(name="Bưu chính – Viễn thông", position=1),
        "in": make_field(name="Báo chí – Xuất bản – In", position=2),
        "cntt": make_field(name="Ứng dụng CNTT", position=3),
    }

    def enter(indicator, values, part=None):
        for month, value in enumerate(values, 1):
            make_measurement(
                indicator, value, period=f"2020-{month:02d}", part=part, by=author, reviewer=reviewer
            )

    made = {}
    about = {"owner": division, "baseline_year": 2019}
    for field, name, unit, before, goal, months in FLOWS:
        one = make_indicator(
            field=fields[field], name=name, unit=unit, baseline_value=Decimal(before), **about
        )
        make_target(one, goal)
        enter(one, months)
        made[name] = one
    for field, name, unit, before, goal, months in LEVELS:
        one = make_indicator(
            field=fields[field],
            name=name,
            unit=unit,
            baseline_value=Decimal(before),
            is_cumulative=False,
            **about,
        )
        make_target(one, goal)
        enter(one, months)
    for name, before, goal, months in SHARES:
        one = make_share(field=fields["cntt"], name=name, baseline_value=Decimal(before), **about)
        make_target(one, goal)
        enter(one, months)
    _party_agencies(fields["cntt"])
    telecoms = made["Doanh thu viễn thông, internet"]
    _operators(telecoms, enter)
    return telecoms


def _party_agencies(field):
    bodies = [make_agency(name=f"Huyện ủy {name}") for name in "ABCDEFGHIKLMN"]
    indicator = make_share(
        field=field,
        name="Cơ quan Đảng, hệ thống chính trị dùng phần mềm quản lý hồ sơ công việc và chữ ký số",
        rule="roster",
        owner=make_department(),
        definition="Có tài khoản của cả cơ quan và xử lý văn bản đi, đến trên phần mềm trong 30 ngày qua",
    )
    roster = make_roster(*bodies, indicator=indicator)
    for number, body in enumerate(roster.bodies.order_by("pk")[:6]):
        make_mark(body, since_on=dt.date(2020, 2, 3) + dt.timedelta(days=24 * number))


def _operators(telecoms, enter):
    """Four operators whose months add up to the whole."""
    telecoms.dimension, telecoms.baseline_qualifier = "operator", "estimate"
    telecoms.baseline_source = "Báo cáo tổng kết công tác TT&TT năm 2019"
    telecoms.save()
    months = ReportingPeriod.objects.filter(kind="month", year=2020)
    officer = make_user("officer")
    PeriodPlan.set_many(telecoms, by=officer, values=dict.fromkeys(months, Decimal(150)))
    shares = {
        "Doanh nghiệp 1": "0.4",
        "Doanh nghiệp 2": "0.35",
        "Doanh nghiệp 3": "0.2",
        "Đơn vị khác": "0.05",
    }
    for name, share in shares.items():
        part = make_part(telecoms, name=name, agency=telecoms.owner)
        part.agency = None
        part.save()
        values = [Decimal(value) * Decimal(share) for value in TELECOMS]
        enter(telecoms, values, part=part)
        plan = dict.fromkeys(months, Decimal(150) * Decimal(share))
        PeriodPlan.set_many(telecoms, by=officer, values=plan, part=part)


__all__ = ["TODAY", "make_plan_year"]
