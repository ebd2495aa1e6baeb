"""A register with several rows on every list that can be taken out."""

import datetime as dt
from types import SimpleNamespace

from tests.factories import (
    NOON,
    make_agency,
    make_assignment,
    make_department,
    make_document,
    make_extension,
    make_indicator,
    make_mail,
    make_measurement,
    make_obstacle,
    make_report,
    make_target,
    make_urging,
    make_user,
)
from tests.views.adoption import make_adoption
from tests.views.register_year import make_year
from tracker.models import DataQuestion, User


def make_every_list():
    """Who reads them all together, and an indicator with several figures."""
    officer, admin = make_user("officer", agency=make_department()), make_user("admin")
    late = make_year(officer)
    staff = make_user("staff", agency=late.agency)
    _add_work(officer, late)
    make_adoption()
    for number in range(3):
        make_mail(officer, subject=f"Thư số {3 - number}")
    make_agency(name="Phòng Văn hóa cũ", valid_to=dt.date(2019, 12, 31))
    indicator = _add_figures(late.agency)
    User.objects.update(last_login=NOON)
    return SimpleNamespace(
        officer=officer, staff=staff, admin=admin, agency=late.agency, indicator=indicator.code
    )


def _add_work(officer, late):
    for reason in ("Chưa báo cáo.", "Báo cáo thiếu số liệu."):
        make_urging(late.agency, by=officer, reason=reason)
    for words in ("Thiếu kinh phí", "Chưa có mặt bằng"):
        make_obstacle(late.directive, by=officer, description=words)
    make_extension(late)
    for state in ("asked", "granted"):
        make_extension(state=state)
    for number, day in enumerate((dt.date(2020, 7, 1), dt.date(2020, 8, 1)), start=1):
        work = make_assignment(late.agency, due_on=dt.date(2020, 9, 30))
        make_report(work, state="submitted", as_of_on=dt.date(2020, 6, 10 + number))
        work.directive.correct_deadline(day, by=officer, reason=f"Lần {number}.", source=make_document())


def _add_figures(agency):
    """Confirmed and waiting ones; doubts about two."""
    indicator, other = make_indicator(owner=agency), make_indicator(owner=agency)
    for one in (indicator, other):
        make_target(one)
    for period in ("2020-03", "2020-04"):
        make_measurement(indicator, period=period)
    for one in (indicator, other):
        figure = make_measurement(one, state="submitted")
        DataQuestion.objects.create(measurement=figure, kind="far", detail=f"Vì sao {one.code}?")
    return indicator
