"""What is taken out of the register and read in again changes nothing, whatever stands in the texts."""

import io
import unicodedata

import pytest
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone, translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.factories import (
    TODAY,
    make_agency,
    make_assignment,
    make_directive,
    make_field,
    make_indicator,
    make_period,
    make_target,
    make_user,
)
from tracker.appendices import Unreadable, open_tables
from tracker.exports.asking import Asked
from tracker.exports.files import FORMATS, write_file
from tracker.exports.information import About
from tracker.exports.lists import read_list
from tracker.importing import apply, begin, check_rows
from tracker.models import Directive, DirectiveEvent, Indicator, Target

pytestmark = pytest.mark.django_db

TITLES = [
    '=HYPERLINK("http://x.vn";"bấm")',
    "+84 gọi số này, 'nháy' và \"ngoặc kép\"; chấm phẩy",
    "- Rà soát các xã\n- Báo cáo kết quả",
    "@everyone @SUM(1+1)*cmd|' /C calc'!A0",
    "'Xin chào' là tên đề án",
    "''=1+1",
    unicodedata.normalize("NFD", "Sử dụng chữ ký số ở các huyện ủy"),
    "Tổng cộng các việc còn lại",
    "Xây dựng trung tâm dữ liệu " * 40,
]


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


def file_of(name, form, user, language="vi"):
    with translation.override(language):
        asked = Asked(user, QueryDict(""), timezone.now(), TODAY)
        out = io.BytesIO()
        write_file(read_list(name, asked), form, About.of(user, asked.now), out)
    return out.getvalue()


def read_in(name, form, user, kind, language="vi"):
    tables = open_tables(file_of(name, form, user, language), f"{name}.{FORMATS[form].ending}")
    return begin(tables, by=user, kind=kind, year=2020)


def some_directives():
    lead = make_agency(name="Huyện ủy Giao Thủy")
    field = make_field(name="Viễn thông")
    for title in TITLES:
        make_directive(title=title, lead=lead, field=field, note="=1+1", deadline_printed="31/12/2020")
    make_assignment(lead, title="Đã giao cho huyện", deadline_printed="hết quý II")


def counts():
    return [model.objects.count() for model in (Directive, DirectiveEvent, Indicator, Target)]


def is_unchanged(batch, user):
    """Every row is what the register has already, and writing them all writes nothing."""
    before = counts()
    rows = [one for one in check_rows(batch, today=TODAY) if one.is_work]
    changed = [one for one in rows if one.outcome != "unchanged" or one.differences]
    assert [(one.outcome, one.reason, one.differences) for one in changed] == []
    written = apply(batch, by=user, today=TODAY)
    assert (written.outcome["unchanged"], counts()) == (len(rows), before)
    return {one.match.code for one in rows}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("form", ["xlsx", "csv", "csv-phay", "docx"])
def test_directives_that_were_taken_out_come_back_unchanged(form, language):
    some_directives()
    officer = make_user("officer")

    batch = read_in("nhiem-vu", form, officer, "directives", language)

    assert is_unchanged(batch, officer) == set(Directive.objects.values_list("code", flat=True))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("form", ["xlsx", "csv", "csv-phay"])
def test_indicators_that_were_taken_out_come_back_unchanged(form, language):
    make_period()
    owner = make_agency(name="Sở Thông tin và Truyền thông")
    for name in TITLES:
        make_target(make_indicator(name=name[:300], owner=owner, unit="trạm"), 1720)
    make_target(
        make_indicator(name="Tỷ lệ hộ dùng cáp quang", unit="%", value_kind="percent", is_cumulative=False),
        "62.5",
    )
    officer = make_user("officer")

    batch = read_in("chi-tieu", form, officer, "indicators", language)

    assert is_unchanged(batch, officer) == set(Indicator.objects.values_list("code", flat=True))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", ["luot-giao", "van-ban", "bao-cao", "ky-bao-cao", "don-doc"])
def test_a_list_that_is_for_reading_is_refused_by_name(name, language):
    some_directives()
    make_period()

    with pytest.raises(Unreadable) as refusal:
        open_tables(file_of(name, "xlsx", make_user("officer"), language), "danh-sach.xlsx")

    assert "để đọc" in refusal.value.sentence


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.sampled_from("=+-@'\"\nàĐ1a"),
    rest=st.text(alphabet="=+-@'\";,\n\t ạĐ1ab\u0301", min_size=1, max_size=40),
    form=st.sampled_from(["xlsx", "csv", "csv-phay", "docx"]),
)
@example(first="'", rest="'=1", form="csv")
def test_any_title_comes_back_unchanged(first, rest, form):
    title = f"{first}{rest} việc".strip()
    with transaction.atomic():
        officer = make_user("officer")
        made = make_directive(title=title, deadline_printed="31/12/2020")

        assert is_unchanged(read_in("nhiem-vu", form, officer, "directives"), officer) == {made.code}
        transaction.set_rollback(True)
