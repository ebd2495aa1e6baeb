"""Party bodies that have to bring software and signatures into use: a matrix in which every verdict occurs."""

import datetime as dt
import html
import re
from decimal import Decimal
from types import SimpleNamespace

from tests.factories import (
    make_agency,
    make_assignment,
    make_department,
    make_document,
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
from tracker.models import Agency, Indicator, Target

END_OF_JUNE = dt.date(2020, 6, 30)
JUNE_5 = dt.date(2020, 6, 5)


def make_adoption():
    """Five bodies: both reached, only the software, only the signature, neither, exempt from both."""
    names = [
        "Văn phòng Tỉnh ủy",
        "Huyện ủy Mỹ Lộc",
        "Huyện ủy Giao Thủy",
        "Huyện ủy Ý Yên",
        "Hội Cựu chiến binh tỉnh",
    ]
    agencies = [make_agency(code=f"P0{place}", name=name) for place, name in enumerate(names)]
    Agency.objects.filter(pk=agencies[4].pk).update(bloc="front")
    parent = make_indicator(
        code="CT-2019-100",
        name="Cơ quan Đảng dùng phần mềm và chữ ký số",
        rule=Indicator.Rule.ALL_CHILDREN,
        owner=make_department(),
    )
    lists = []
    for place, name in enumerate(["Phần mềm quản lý hồ sơ công việc", "Chữ ký số"]):
        directive = make_assignment(agencies[0], code=f"NV-2020-90{place}").directive
        directive.assign(by=make_user("officer"), cooperating=agencies[1:], today=dt.date(2020, 1, 14))
        lists.append(
            make_share(
                code=f"CT-2019-10{place + 1}",
                name=name,
                rule=Indicator.Rule.ROSTER,
                owner=make_department(),
                parent=parent,
                directive=directive,
                position=place,
                definition=f"Từ 90% {name.lower()}.",
            )
        )
    software, signature = (make_roster(*agencies, indicator=one, due_on=END_OF_JUNE) for one in lists)
    world = SimpleNamespace(
        parent=parent, software=software, signature=signature, agencies=agencies, lists=lists
    )
    for place in (0, 1):
        make_mark(software.bodies.get(agency=agencies[place]), since_on=JUNE_5)
    for place in (0, 2):
        make_mark(signature.bodies.get(agency=agencies[place]), since_on=JUNE_5)
    for roster in (software, signature):
        body = roster.bodies.get(agency=agencies[4])
        make_mark(body, "exempt", JUNE_5, document=make_document(), note="Chưa có mạng nội bộ")
    _add_criteria(world)
    return world


def _add_criteria(world):
    """Installed (yes or no), files (per cent) for the software; leaders (x/y) for the signature."""
    software, signature = world.lists
    installed = make_indicator(
        name="Cài đặt",
        value_kind="yes_no",
        is_cumulative=False,
        unit="",
        rule="parts",
        parent=software,
        position=1,
    )
    files = make_share(name="Hồ sơ", rule="parts", parent=software, position=2)
    leaders = make_share(
        name="Lãnh đạo",
        rule="parts",
        parent=signature,
        numerator_name="Lãnh đạo có chứng thư",
        denominator_name="Lãnh đạo",
    )
    make_target(installed, 1, operator=Target.Operator.EQUAL, due_on=END_OF_JUNE)
    make_target(files, 90, operator=Target.Operator.AT_LEAST, due_on=END_OF_JUNE)
    make_target(leaders, 100, operator=Target.Operator.AT_LEAST, due_on=END_OF_JUNE)
    make_period("2020-06")
    world.criteria = SimpleNamespace(installed=installed, files=files, leaders=leaders)
    for agency, is_installed, share in zip(world.agencies[:3], [1, 1, 0], [100, 93, 60], strict=True):
        make_measurement(installed, is_installed, part=make_part(installed, agency), period="2020-06")
        make_measurement(
            files, share, part=make_part(files, agency), period="2020-06", as_of_on=dt.date(2020, 6, 10)
        )
    make_measurement(
        leaders,
        None,
        part=make_part(leaders, world.agencies[1]),
        period="2020-06",
        numerator=Decimal(1),
        denominator=Decimal(3),
        as_of_on=dt.date(2020, 6, 12),
    )


def text_of(response):
    """The words of a page, without its marks."""
    body = response.content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def rows_of(response):
    """The bodies in the table, in their order."""
    body = response.content.decode()
    found = re.findall(r'<tr><th scope="row">(.*?)</th>', body)
    return [html.unescape(re.sub(r"<[^>]+>", "", name)) for name in found]


def counted_links(response):
    """Address → the number that the page prints as a link to it."""
    body = response.content.decode()
    found = re.findall(r'href="([^"]+)" data-count="(\d+)"', body)
    return {
        html.unescape(address): int(number)
        for address, number in found
        if "tt=" in address or "ct=" in address
    }
