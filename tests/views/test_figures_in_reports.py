"""Figures inside the progress report: saved, checked, handed in, returned and confirmed with it."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    TODAY,
    make_assignment,
    make_indicator,
    make_measurement,
    make_part,
    make_period,
    make_share,
    make_target,
    make_user,
)
from tests.views.test_progress import filled
from tracker.figures.reviews import queue
from tracker.models import Measurement, ProgressReport, ReportStatus

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY
    make_period("2020-06")


@pytest.fixture
def clerk(client):
    user = make_user(full_name="Nguyễn Thu Hà")
    client.force_login(user)
    return user


@pytest.fixture
def assignment(clerk):
    return make_assignment(clerk.agency, status="in_progress")


@pytest.fixture
def signed(assignment):
    """Share of outgoing documents that are signed digitally, asked of each agency."""
    indicator = make_share(
        directive=assignment.directive,
        rule="parts",
        name="Văn bản đi đã ký số",
        numerator_name="Văn bản đã ký số",
        denominator_name="Văn bản đi",
    )
    make_part(indicator, assignment.agency)
    make_target(indicator, 90, due_on=dt.date(2020, 6, 30), operator="ge")
    return indicator


def key(indicator) -> str:
    return f"s{indicator.pk}_{indicator.parts.get().pk}"


def row(indicator, **values) -> dict:
    sent = {"version": "0", "shown": "", "certainty": "", "replace_by": "", "explanation": "", "note": ""}
    return {f"{key(indicator)}-{name}": value for name, value in (sent | values).items()}


def page_of(assignment) -> str:
    return reverse("progress_log", args=[assignment.pk])


def sent(client, assignment, *rows, **values):
    data = filled(as_of_on="14/6/2020", form_token=str(uuid.uuid4()), **values)
    for one in rows:
        data |= one
    return client.post(page_of(assignment), data)


def saved(client, assignment, *rows, headers=None, **values):
    data = filled(**({"as_of_on": "14/6/2020"} | values))
    for one in rows:
        data |= one
    return client.post(reverse("progress_save_draft", args=[assignment.pk]), data, headers=headers)


def before(indicator, numerator=41, denominator=58, period="2020-05"):
    """The confirmed figure of a period before."""
    numbers = {"numerator": Decimal(numerator), "denominator": Decimal(denominator)}
    return make_measurement(indicator, None, period=period, part=indicator.parts.get(), **numbers)


def figure() -> Measurement:
    return Measurement.objects.in_hand().get()


def line_of(page, indicator) -> str:
    return page[page.index(f'id="{key(indicator)}"') :].partition("</tr>")[0]


def test_the_section_stands_second_and_shows_last_period_and_what_must_be_reached(client, assignment, signed):
    before(signed)

    page = client.get(page_of(assignment)).text

    line = line_of(page, signed)
    heads = ["2. Số liệu chỉ tiêu trong kỳ", "3. Kết quả, vướng mắc, kiến nghị", "4. Minh chứng"]
    assert [page.index(head) for head in heads] == sorted(page.index(head) for head in heads)
    assert 'data-l="Tháng 5">41/58<span class="row-sub">70,7%' in line
    assert 'data-l="Kế hoạch">≥ 90%' in line
    assert "trên tổng văn bản đi" in line


def test_a_report_without_figures_keeps_its_three_sections(client, assignment):
    page = client.get(page_of(assignment)).text

    assert "2. Kết quả, vướng mắc, kiến nghị" in page
    assert "Số liệu chỉ tiêu trong kỳ" not in page


def test_figures_are_saved_with_the_draft_in_the_period_of_the_as_of_day(client, clerk, assignment, signed):
    response = saved(client, assignment, row(signed, numerator="32", denominator="58"))

    assert response.status_code == 302
    stored = figure()
    assert (stored.numerator, stored.value) == (32, Decimal("55.172414"))
    assert (stored.period.code, stored.as_of_on) == ("2020-06", dt.date(2020, 6, 14))
    assert (stored.report, stored.agency) == (ProgressReport.objects.in_hand().get(), clerk.agency)
    assert 'value="32"' in line_of(client.get(page_of(assignment)).text, signed)


def test_saving_by_itself_brings_the_comparison_and_the_checks(client, assignment, signed):
    before(signed)

    first = saved(client, assignment, row(signed, numerator="32", denominator="58"), headers=HTMX)
    second = saved(
        client,
        assignment,
        row(signed, numerator="32", denominator="58"),
        headers=HTMX,
        obstacles="Thiết bị ký số hỏng.",
    )

    text = " ".join(first.text.split())
    assert "−22%" in text
    assert "bằng 55,2%, −15,5 điểm" in text
    assert "Giảm so với tháng 5. Đúng thì ghi lý do ở mục 3." in text
    assert "Văn bản đi đã ký số" in text
    assert "giảm 22%: chưa ghi lý do" in text
    assert "giảm 22%: đã ghi lý do" in " ".join(second.text.split())


def test_an_impossible_number_stops_the_report_at_its_row_and_loses_nothing(client, assignment, signed):
    response = sent(client, assignment, row(signed, numerator="62", denominator="58"), done="Đã tập huấn.")

    page = response.text
    assert "Không thể lớn hơn tổng 58" in line_of(page, signed)
    assert 'value="62"' in line_of(page, signed)
    assert "Đã tập huấn.</textarea>" in page
    assert ProgressReport.objects.in_hand().get().status == ReportStatus.DRAFT
    assert figure().status == ReportStatus.DRAFT


def test_an_unreadable_number_and_a_missing_text_are_both_said(client, assignment, signed):
    response = sent(client, assignment, row(signed, numerator="ba mươi", denominator="58"), done="")

    summary = response.text.partition('class="error-summary"')[2].partition("</ul>")[0]
    assert "Ghi một số, ví dụ" in summary
    assert "Ghi kết quả trong kỳ, ít nhất một câu" in summary


def test_figures_follow_the_report_through_the_review(client, assignment, signed):
    sent(client, assignment, row(signed, numerator="50", denominator="58"))
    stored = Measurement.objects.get()
    assert stored.status == ReportStatus.SUBMITTED

    stored.report.send_back(by=make_user("officer"), note="Xem lại số văn bản.")
    stored.refresh_from_db()
    assert stored.status == ReportStatus.RETURNED
    again = row(signed, numerator="51", denominator="58", version=str(stored.version))
    sent(client, assignment, again, version=str(stored.report.version + 1))
    leader = make_user("leader")
    ProgressReport.objects.in_hand().get().confirm(by=leader)

    stored.refresh_from_db()
    assert (stored.status, stored.numerator, stored.reviewed_by) == (ReportStatus.CONFIRMED, 51, leader)


def test_rows_left_empty_are_left_out_and_never_0(client, assignment, signed):
    response = sent(client, assignment, row(signed, numerator="", denominator=""))

    assert response.status_code == 302
    assert not Measurement.objects.exists()


def test_when_the_day_moves_to_another_period_its_figures_move_along(client, assignment, signed):
    saved(client, assignment, row(signed, numerator="32", denominator="58"), as_of_on="14/6/2020")
    version = str(figure().version)
    typed = row(signed, numerator="32", denominator="58", version=version)
    report = ProgressReport.objects.in_hand().get()

    response = saved(
        client, assignment, typed, headers=HTMX, as_of_on="16/6/2020", version=str(report.version)
    )

    assert figure().period.code == "2020-07"
    assert "Thực hiện tháng 7" in response.text


def test_a_confirmed_figure_of_another_period_is_not_carried_into_the_new_one(client, assignment, signed):
    confirmed = before(signed, period="2020-06")
    shown = row(signed, numerator="41", denominator="58", shown=str(confirmed.pk))

    saved(client, assignment, shown, as_of_on="16/6/2020")

    assert not Measurement.objects.in_hand().exists()


def test_a_confirmed_figure_is_shown_and_only_a_change_makes_a_new_one(client, assignment, signed):
    confirmed = before(signed, period="2020-06")
    assert 'value="41"' in line_of(client.get(page_of(assignment)).text, signed)
    shown = {"shown": str(confirmed.pk), "denominator": "58", "explanation": "Đúng như đã ghi."}

    saved(client, assignment, row(signed, numerator="41", **shown))
    assert Measurement.objects.count() == 1
    report = ProgressReport.objects.in_hand().get()
    saved(client, assignment, row(signed, numerator="45", **shown), version=str(report.version))

    assert figure().numerator == 45


def test_the_short_report_in_the_row_leaves_the_figures_alone(client, assignment, signed):
    saved(client, assignment, row(signed, numerator="32", denominator="58"))
    report = ProgressReport.objects.in_hand().get()

    data = {"nhanh": "1", "percent": "75", "version": str(report.version)}
    client.post(reverse("progress_save_draft", args=[assignment.pk]), data)

    assert figure().numerator == 32
    report.refresh_from_db()
    assert report.percent == 75


def test_two_tabs_see_both_figures(client, clerk, assignment, signed):
    saved(client, assignment, row(signed, numerator="32", denominator="58"))
    colleague = make_user(agency=clerk.agency, full_name="Trần Văn Bình")
    stale = figure().version
    stored = figure()
    stored.save_draft(by=colleague, numerator=Decimal(40))
    report = ProgressReport.objects.in_hand().get()

    typed = row(signed, numerator="35", denominator="58", version=str(stale))
    response = saved(client, assignment, typed, version=str(report.version))

    assert response.status_code == 409
    assert "Trần Văn Bình đã lưu “40”, của bạn là “35”" in " ".join(response.text.split())
    assert figure().numerator == 40


def test_a_figure_that_waits_by_itself_is_not_written_here(client, clerk, assignment):
    indicator = make_indicator(directive=assignment.directive, owner=clerk.agency)
    alone = make_measurement(indicator, 5, period="2020-06", state="submitted", by=clerk)

    response = saved(client, assignment, {f"s{indicator.pk}-value": "7", f"s{indicator.pk}-version": "2"})

    alone.refresh_from_db()
    assert response.status_code == 302
    assert (alone.value, alone.report) == (5, None)
    assert alone.get_absolute_url() in client.get(page_of(assignment)).text


def test_a_draft_begun_by_itself_goes_along_with_the_report(client, clerk, assignment):
    indicator = make_indicator(directive=assignment.directive, owner=clerk.agency)
    alone = make_measurement(indicator, 5, period="2020-06", state="draft", by=clerk)
    typed = {f"s{indicator.pk}-value": "5", f"s{indicator.pk}-version": str(alone.version)}

    sent(client, assignment, typed)

    alone.refresh_from_db()
    assert alone.report == ProgressReport.objects.get(status=ReportStatus.SUBMITTED)
    assert alone.status == ReportStatus.SUBMITTED


def test_the_page_asks_as_much_of_the_database_for_one_figure_as_for_many(client, assignment, signed):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get(page_of(assignment))
        return len(caught)

    before(signed)
    client.get(page_of(assignment))
    few = queries()
    for number in range(12):
        more = make_share(directive=assignment.directive, rule="parts", name=f"Tiêu chí {number}")
        make_part(more, assignment.agency)
        make_measurement(more, 50, period="2020-05", part=more.parts.get())

    assert queries() == few


def test_nothing_new_does_not_hand_in_a_half_written_figure(client, assignment, signed):
    saved(client, assignment, row(signed, numerator="32", denominator=""), done="")

    response = client.post(reverse("progress_nothing_new", args=[assignment.pk]))

    assert response.url == page_of(assignment)
    assert figure().status == ReportStatus.DRAFT


# The reviewer


def handed_in(client, assignment, signed, **values):
    before(signed)
    sent(
        client,
        assignment,
        row(signed, numerator="32", denominator="58", **values),
        obstacles="Thiết bị hỏng.",
    )
    return ProgressReport.objects.get(status=ReportStatus.SUBMITTED)


def test_the_reviewer_reads_the_figures_beside_last_period_and_what_must_be_reached(
    client, assignment, signed
):
    report = handed_in(client, assignment, signed)
    officer = make_user("officer")
    client.force_login(officer)

    page = " ".join(client.get(reverse("review_detail", args=[report.pk])).text.split())

    assert "(trên 58)" in page
    assert '<td class="num">41/58</td><td class="num strong">32/58' in page
    assert "−22%" in page
    assert "≥ 90%" in page
    assert "Thiết bị hỏng." in page
    waiting = queue(officer, TODAY)
    assert ([one.pk for one in waiting.doubtful], waiting.plain) == ([report.pk], [])
    assert "Văn bản đi đã ký số" in client.get(reverse("review_queue")).text


def test_a_report_whose_figure_is_questioned_cannot_be_confirmed(client, assignment):
    indicator = make_indicator(directive=assignment.directive, rule="parts")
    make_part(indicator, assignment.agency)
    make_measurement(indicator, 100, period="2020-05", part=indicator.parts.get())
    sent(client, assignment, row(indicator, value="400"))
    report = ProgressReport.objects.get(status=ReportStatus.SUBMITTED)
    client.force_login(make_user("officer"))
    decision = {"form_token": str(uuid.uuid4()), "version": str(report.version)}

    response = client.post(reverse("review_confirm", args=[report.pk]), decision)

    report.refresh_from_db()
    assert response.status_code == 409
    assert "Còn câu hỏi" in response.text
    assert report.status == ReportStatus.SUBMITTED


def test_the_queue_asks_as_much_of_the_database_for_one_report_as_for_many(client, assignment, signed):
    handed_in(client, assignment, signed)
    client.force_login(make_user("officer"))

    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("review_queue"))
        return len(caught)

    client.get(reverse("review_queue"))
    few = queries()
    for _ in range(5):
        other = make_assignment(status="in_progress")
        author = make_user(agency=other.agency)
        indicator = make_indicator(directive=other.directive, owner=other.agency)
        report = ProgressReport.in_hand_of(other, by=author, today=TODAY)
        report.save_draft(by=author, done="Đã làm.", percent=60, as_of_on=dt.date(2020, 6, 14))
        one = Measurement.in_hand_of(indicator, make_period("2020-06"), by=author, report=report)
        one.save_draft(by=author, value=Decimal(70))
        report.submit(by=author, today=TODAY)

    assert queries() == few
