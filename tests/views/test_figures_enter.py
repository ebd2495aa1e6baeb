"""A clerk's month: all figures of a period on one page, one figure by itself, and who may write which."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    TODAY,
    make_agency,
    make_assignment,
    make_department,
    make_indicator,
    make_measurement,
    make_part,
    make_period,
    make_share,
    make_target,
    make_user,
)
from tracker.figures.entry import entries_due
from tracker.models import Indicator, Measurement, PeriodPlan, ReportingPeriod, ReportStatus

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
MONTH = "/so-lieu/nhap/"


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY
    make_period("2020-06")


@pytest.fixture
def clerk(client):
    user = make_user(full_name="Nguyễn Thu Hà")
    client.force_login(user)
    return user


def revenue(clerk, **fields) -> Indicator:
    return make_indicator(**({"owner": clerk.agency, "name": "Doanh thu viễn thông"} | fields))


def key(indicator, part=None) -> str:
    return f"s{indicator.pk}" + (f"_{part.pk}" if part else "")


def row(indicator, part=None, **values) -> dict:
    """What the page sends for one figure."""
    sent = {"version": "0", "shown": "", "certainty": "", "replace_by": "", "explanation": "", "note": ""}
    return {f"{key(indicator, part)}-{name}": value for name, value in (sent | values).items()}


def send(client, *rows, **more):
    data = {"ky": "2020-06", "form_token": str(uuid.uuid4())} | more
    for one in rows:
        data |= one
    return client.post(MONTH, data)


def only() -> Measurement:
    return Measurement.objects.in_hand().get()


# What is asked


def test_the_page_opens_the_period_that_is_sent_next(client, clerk):
    revenue(clerk)

    page = client.get(MONTH)

    assert page.context["period"].code == "2020-06"
    assert "Doanh thu viễn thông" in page.text
    assert "gửi trước hết thứ Tư 17/6" in page.text


def test_each_figure_stands_beside_the_period_before_and_the_plan(client, clerk):
    indicator = revenue(clerk)
    make_measurement(indicator, "148.6", period="2020-05")
    PeriodPlan.set_many(indicator, by=make_user("officer"), values={make_period("2020-06"): Decimal(150)})

    page = client.get(MONTH).text

    line = page[page.index(f'id="{key(indicator)}"') :].partition("</tr>")[0]
    assert 'data-l="Tháng 5">148,6' in line
    assert 'data-l="Kế hoạch">150' in line


def test_a_missing_figure_is_a_dash_and_older_ones_are_not_carried_forward(client, clerk):
    indicator = revenue(clerk)
    make_measurement(indicator, 148, period="2020-04")

    page = client.get(MONTH).text

    line = page[page.index(f'id="{key(indicator)}"') :].partition("</tr>")[0]
    assert 'data-l="Tháng 5">–' in line
    assert "148" not in line


def test_only_the_own_indicators_and_parts_are_asked_for(client, clerk):
    mine, theirs = revenue(clerk), make_indicator(name="Của cơ quan khác")
    counted = make_indicator(owner=clerk.agency, rule="roster", name="Đếm theo danh sách")
    shared = make_indicator(owner=make_department(), rule="parts", name="Thuê bao")
    part = make_part(shared, clerk.agency)
    make_part(shared, make_agency())

    entries = client.get(MONTH).context["month"].entries

    assert [(entry.indicator, entry.part) for entry in entries] == [(mine, None), (shared, part)]
    assert theirs not in {entry.indicator for entry in entries}
    assert counted not in {entry.indicator for entry in entries}


def test_figures_under_a_directive_are_entered_in_its_report_and_linked(client, clerk):
    assignment = make_assignment(clerk.agency, status="in_progress")
    make_part(make_share(directive=assignment.directive, rule="parts"), clerk.agency)

    page = client.get(MONTH)

    assert page.context["month"].entries == []
    assert reverse("progress_log", args=[assignment.pk]) in page.text


def test_a_part_that_is_no_longer_in_force_is_not_asked_for(client, clerk):
    shared = make_indicator(rule="parts")
    make_part(shared, clerk.agency, valid_to=dt.date(2020, 5, 31))
    make_part(shared, clerk.agency, name="mới", valid_from=dt.date(2020, 6, 1))

    entries = client.get(MONTH).context["month"].entries

    assert [entry.part.name for entry in entries] == ["mới"]


def test_nothing_to_enter_says_so(client, clerk):
    page = client.get(MONTH)

    assert page.status_code == 200
    assert "Cơ quan không có số liệu phải nhập riêng" in page.text


@pytest.mark.parametrize("role", ["leader", "admin", "viewer"])
def test_who_enters_no_figures_has_no_such_page(client, role):
    client.force_login(make_user(role))

    assert client.get(MONTH).status_code == 403
    assert client.post(MONTH).status_code == 403
    assert client.post(reverse("figures_save_draft")).status_code == 403


# Saving


def test_a_draft_keeps_what_was_typed_and_looking_stores_nothing(client, clerk):
    indicator = revenue(clerk)
    client.get(MONTH)
    assert not Measurement.objects.exists()

    response = client.post(
        reverse("figures_save_draft"), {"ky": "2020-06"} | row(indicator, value="152,4", note="Số nhanh")
    )

    assert response.status_code == 302
    figure = only()
    assert (figure.value, figure.note, figure.status) == (Decimal("152.4"), "Số nhanh", "draft")
    assert (figure.period.code, figure.agency, figure.author) == ("2020-06", clerk.agency, clerk)
    assert "152,4" in client.get(MONTH).text


def test_a_draft_saved_by_itself_answers_with_the_comparison_and_the_new_version(client, clerk):
    indicator = revenue(clerk)
    make_measurement(indicator, 150, period="2020-05")

    response = client.post(
        reverse("figures_save_draft"), {"ky": "2020-06"} | row(indicator, value="120"), headers=HTMX
    )

    assert "−20%" in response.text
    assert "Giảm so với tháng 5. Đúng thì ghi lý do ở mục “Thêm”." in " ".join(response.text.split())
    assert f'name="{key(indicator)}-version"' in response.text
    assert f'value="{only().version}"' in response.text


def test_a_word_before_the_number_is_kept(client, clerk):
    indicator = revenue(clerk)

    send(client, row(indicator, value="ước 152,4"))

    figure = Measurement.objects.get()
    assert (figure.value, figure.qualifier) == (Decimal("152.4"), "estimate")


def test_a_number_that_could_be_read_two_ways_is_asked_about_once(client, clerk):
    indicator = revenue(clerk)

    first = send(client, row(indicator, value="1.720"))
    typed = row(indicator, value="1.720") | {f"{key(indicator)}-value-seen": "1.720"}
    second = send(client, typed)

    assert first.status_code == 422
    assert "một nghìn bảy trăm hai mươi tỷ đồng" in first.text
    assert 'value="1.720"' in first.text
    assert second.status_code == 302
    assert Measurement.objects.get().value == 1720


def test_an_emptied_draft_is_thrown_away_and_0_is_a_figure(client, clerk):
    indicator = revenue(clerk)
    send_draft = reverse("figures_save_draft")
    client.post(send_draft, {"ky": "2020-06"} | row(indicator, value="0"))
    assert only().value == 0

    client.post(send_draft, {"ky": "2020-06"} | row(indicator, value="", version=str(only().version)))

    assert not Measurement.objects.exists()


# Handing in


def test_all_figures_are_handed_in_at_once(client, clerk):
    first, second, left = revenue(clerk), revenue(clerk), revenue(clerk)

    response = send(client, row(first, value="152"), row(second, value="8,5"), row(left, value=""))

    assert response.status_code == 302
    page = client.get(response.url)
    assert "Đã nộp 2 số liệu." in page.text
    assert page.text.count("Chờ duyệt") >= 2
    assert set(Measurement.objects.values_list("status", flat=True)) == {ReportStatus.SUBMITTED}
    assert Measurement.objects.count() == 2


def test_pressing_twice_hands_in_once(client, clerk):
    indicator, token = revenue(clerk), str(uuid.uuid4())

    answers = [send(client, row(indicator, value="152"), form_token=token) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Measurement.objects.get().events.count() == 1


def test_one_wrong_figure_keeps_all_of_them_back_and_loses_none(client, clerk):
    right, wrong = revenue(clerk), revenue(clerk, name="Doanh thu in")

    response = send(client, row(right, value="152"), row(wrong, value="một trăm", note="Sẽ bổ sung"))

    assert response.status_code == 422
    assert "Doanh thu in: Ghi một số, ví dụ 1.720,5 hoặc 160 nghìn." in response.text
    assert 'value="một trăm"' in response.text
    assert "Sẽ bổ sung</textarea>" in response.text
    assert Measurement.objects.get(indicator=right).status == ReportStatus.DRAFT


def test_nothing_written_cannot_be_handed_in(client, clerk):
    indicator = revenue(clerk)

    response = send(client, row(indicator, value=""))

    assert response.status_code == 422
    assert "Chưa có số liệu nào để nộp." in response.text
    assert not Measurement.objects.exists()


@pytest.mark.parametrize(
    ("fields", "typed", "sentence"),
    [
        ({"value_kind": "rank", "unit": ""}, {"value": "3,5"}, "Thứ hạng là số nguyên từ 1"),
        ({"value_kind": "percent", "unit": "%"}, {"value": "140"}, "Tỷ lệ nằm trong khoảng"),
        ({}, {"value": "1_000"}, "Ghi một số"),
        ({}, {"value": "1e9"}, "Ghi một số"),
        ({}, {"value": "NaN"}, "Ghi một số"),
        ({}, {"value": "１２"}, "Ghi một số"),
        ({}, {"value": "9" * 30}, "Số quá lớn"),
        ({}, {"value": "12\x00"}, "Ghi một số"),
        ({}, {"value": "12", "note": "x" * 2001}, "Viết tối đa 2000 ký tự"),
        ({}, {"value": "12", "replace_by": "31/2/2020"}, "Lịch không có ngày này"),
    ],
)
def test_wrong_input_of_every_kind_gets_a_sentence_and_stays(client, clerk, fields, typed, sentence):
    indicator = revenue(clerk, **fields)

    response = send(client, row(indicator, **typed))

    assert response.status_code == 422
    assert sentence in response.text
    assert not Measurement.objects.exclude(status=ReportStatus.DRAFT).exists()


def test_a_ratio_asks_for_both_numbers_and_refuses_more_than_the_whole(client, clerk):
    signed = make_share(
        owner=clerk.agency,
        name="Văn bản đi đã ký số",
        numerator_name="Văn bản đã ký số",
        denominator_name="Văn bản đi",
    )
    one = send(client, row(signed, numerator="62", denominator=""))
    version = only().version

    two = send(client, row(signed, numerator="62", denominator="58", version=str(version)))
    three = send(client, row(signed, numerator="32", denominator="58", version=str(only().version)))

    assert "Văn bản đi đã ký số: Ghi đủ hai số của tỷ lệ." in one.text
    assert "Văn bản đi đã ký số: Không thể lớn hơn tổng 58." in two.text
    assert 'value="62"' in two.text
    assert three.status_code == 302
    assert Measurement.objects.get().value == Decimal("55.172414")


def test_yes_and_no_and_words(client, clerk):
    done = revenue(clerk, value_kind="yes_no", unit="")
    told = revenue(clerk, value_kind="words", unit="")

    send(client, row(done, value="0"), row(told, value_words="Đã trình dự thảo"))

    assert Measurement.objects.get(indicator=done).value == 0
    assert Measurement.objects.get(indicator=told).value_words == "Đã trình dự thảo"
    assert "Không" in client.get(Measurement.objects.get(indicator=done).get_absolute_url()).text


def test_a_figure_far_from_its_history_becomes_a_question_unless_explained(client, clerk):
    silent, explained = revenue(clerk), revenue(clerk)
    make_measurement(silent, 148, period="2020-05")
    make_measurement(explained, 148, period="2020-05")

    send(client, row(silent, value="400"), row(explained, value="400", explanation="Hợp đồng lớn"))

    asked = Measurement.objects.get(indicator=silent, period__code="2020-06").questions.get()
    answered = Measurement.objects.get(indicator=explained, period__code="2020-06").questions.get()
    assert asked.answered_at is None
    assert (answered.outcome, answered.answer, answered.answered_by) == ("kept", "Hợp đồng lớn", clerk)


# A correction, a closed period, two people


def test_a_confirmed_figure_is_shown_and_only_a_change_makes_a_new_one(client, clerk):
    indicator = revenue(clerk)
    confirmed = make_measurement(indicator, 150, period="2020-06", explanation="")
    shown = {"value": "150", "shown": str(confirmed.pk)}

    same = send(client, row(indicator, **shown))
    changed = send(client, row(indicator, **(shown | {"value": "151"})))

    assert same.status_code == 422
    assert changed.status_code == 302
    assert Measurement.objects.filter(indicator=indicator).count() == 2
    assert Measurement.objects.get(status=ReportStatus.SUBMITTED).value == 151


def test_a_closed_period_takes_figures_and_says_what_becomes_of_them(client, clerk):
    indicator = revenue(clerk)
    ReportingPeriod.objects.get(code="2020-05").close(by=make_user("leader", full_name="Vũ Đức Hòa"))

    page = client.get(MONTH, {"ky": "2020-05"}).text
    response = send(client, row(indicator, value="148"), ky="2020-05")

    assert "Vũ Đức Hòa" in page
    assert "Kỳ đã chốt: số này tính vào kỳ sau, hoặc khi lãnh đạo mở lại kỳ." in page
    assert response.status_code == 302
    assert Measurement.objects.get().period.code == "2020-05"


def test_two_tabs_see_both_figures(client, clerk):
    indicator = revenue(clerk)
    colleague = make_user(agency=clerk.agency, full_name="Trần Văn Bình")
    draft = make_measurement(indicator, 140, period="2020-06", state="draft", by=colleague)

    response = send(client, row(indicator, value="152", version=str(draft.version - 1)))

    assert response.status_code == 409
    text = " ".join(response.text.split())
    assert "Trần Văn Bình đã lưu “140”, của bạn là “152”" in text
    draft.refresh_from_db()
    assert (draft.value, draft.status) == (140, ReportStatus.DRAFT)
    again = send(client, row(indicator, value="152", version=str(draft.version)))
    assert again.status_code == 302


def test_a_submitted_figure_is_not_written_again(client, clerk):
    indicator = revenue(clerk)
    figure = make_measurement(indicator, 140, period="2020-06", state="submitted", by=clerk)

    response = send(client, row(indicator, value="152", version=str(figure.version)))

    figure.refresh_from_db()
    assert response.status_code == 422
    assert figure.value == 140


@pytest.mark.parametrize("code", ["2020-13", "\x00", "9" * 300, "2030-01"])
def test_an_unknown_period_opens_the_usual_one(client, clerk, code):
    revenue(clerk)

    assert client.get(MONTH, {"ky": code}).context["period"].code == "2020-06"


def test_the_number_of_queries_does_not_grow_with_the_figures(client, clerk):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(MONTH)
        return len(caught)

    def add(number):
        for _ in range(number):
            indicator = revenue(clerk)
            make_target(indicator)
            make_measurement(indicator, 148, period="2020-05")
            make_part(indicator, clerk.agency)

    add(1)
    client.get(MONTH)
    few = queries()
    add(12)

    assert queries() == few
    assert few <= 20


# What is left


def test_what_is_left_is_one_number_and_one_list(client, clerk):
    first, second = revenue(clerk), revenue(clerk)
    make_measurement(first, 150, period="2020-06", state="submitted", by=clerk)
    make_measurement(second, 8, period="2020-06", state="draft", by=clerk)

    due = entries_due(clerk, TODAY)
    page = client.get(reverse("my_work")).text

    period = ReportingPeriod.objects.get(code="2020-06")
    assert [entry.indicator for entry in due[period]] == [second]
    assert "Còn 1 số liệu kỳ tháng 6/2020" in " ".join(page.split())
    assert f"{MONTH}?ky=2020-06" in page
    assert client.get(MONTH).context["month"].missing == 1


# One figure


def enter_url(indicator, **asked) -> str:
    address = reverse("measurement_enter", args=[indicator.code])
    return address + "?" + "&".join(f"{name}={value}" for name, value in asked.items())


def whole(**values) -> dict:
    """What the page of one figure sends."""
    sent = {
        "form_token": str(uuid.uuid4()),
        "version": "0",
        "value": "152",
        "as_of_on": "14/6/2020",
        "qualifier": "",
        "certainty": "",
        "replace_by": "",
        "explanation": "",
        "note": "",
        "printed_growth": "",
        "printed_basis": "",
        "printed_text": "",
        "document": "",
        "link": "",
    }
    return sent | values


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("Bảng số liệu.pdf", b"%PDF-1.4\n%%EOF\n")


def test_one_figure_is_entered_with_everything(client, clerk):
    indicator = revenue(clerk)

    response = client.post(
        enter_url(indicator, ky="2020-06"),
        whole(
            value="152,4",
            certainty="estimate",
            replace_by="20/7/2020",
            printed_growth="8,6",
            printed_basis="so với cùng kỳ",
            printed_text="ước đạt 152,4 tỷ đồng, tăng 8,6%",
            link="https://namdinh.gov.vn/tin",
            files=pdf(),
        ),
    )

    figure = Measurement.objects.get()
    assert response.url == figure.get_absolute_url()
    assert (figure.status, figure.printed_growth, figure.certainty) == (
        "submitted",
        Decimal("8.6"),
        "estimate",
    )
    assert figure.replace_by == dt.date(2020, 7, 20)
    assert sorted(figure.evidence.values_list("title", flat=True)) == [
        "Bảng số liệu.pdf",
        "https://namdinh.gov.vn/tin",
    ]
    page = client.get(figure.get_absolute_url()).text
    assert "một trăm năm mươi hai phẩy bốn tỷ đồng" in page
    assert "“ước đạt 152,4 tỷ đồng, tăng 8,6%”" in page


def test_the_as_of_day_moves_the_figure_to_its_period(client, clerk):
    indicator = revenue(clerk)

    client.post(enter_url(indicator, ky="2020-06"), whole(as_of_on="10/5/2020", luu="1"))

    assert only().period.code == "2020-05"


def test_a_figure_of_the_future_is_refused(client, clerk):
    indicator = revenue(clerk)

    response = client.post(enter_url(indicator, ky="2020-06"), whole(as_of_on="20/6/2020"))

    assert response.status_code == 422
    assert "Ngày số liệu không thể ở tương lai" in response.text
    assert 'value="152"' in response.text


def test_evidence_is_taken_off_a_draft_by_its_own_agency_alone(client, clerk):
    indicator = revenue(clerk)
    client.post(enter_url(indicator, ky="2020-06"), whole(luu="1", files=pdf()))
    figure = only()
    evidence = figure.evidence.get()
    remove = reverse("evidence_remove", args=[evidence.pk])

    client.force_login(make_user())
    assert client.post(remove).status_code == 404
    client.force_login(make_user(agency=clerk.agency))
    assert client.get(evidence.get_absolute_url()).status_code == 200
    assert client.post(remove).status_code == 302
    assert not figure.evidence.exists()


def test_evidence_of_a_submitted_figure_stays(client, clerk):
    indicator = revenue(clerk)
    client.post(enter_url(indicator, ky="2020-06"), whole(files=pdf()))
    evidence = Measurement.objects.get().evidence.get()

    assert client.post(reverse("evidence_remove", args=[evidence.pk])).status_code == 403
    client.force_login(make_user("viewer"))
    assert client.get(evidence.get_absolute_url()).status_code == 404
    client.force_login(make_user("officer"))
    assert client.get(evidence.get_absolute_url()).status_code == 200
    assert client.post(reverse("evidence_remove", args=[evidence.pk])).status_code == 403


def test_another_agency_does_not_enter_this_one_s_figures(client, clerk):
    indicator = revenue(clerk)
    part = make_part(indicator, make_agency())

    assert client.get(enter_url(indicator, ky="2020-06", phan=part.pk)).status_code == 403
    client.force_login(make_user())
    assert client.get(enter_url(indicator, ky="2020-06")).status_code == 404
    client.force_login(make_user("officer"))
    assert client.get(enter_url(indicator, ky="2020-06")).status_code == 403


@pytest.mark.parametrize("role", ["verified", "published"])
def test_the_department_enters_verified_and_published_figures(client, clerk, role):
    indicator = revenue(clerk)
    address = enter_url(indicator, ky="2020-06", vai=role)
    assert client.get(address).status_code == 403
    client.force_login(make_user("officer"))

    response = client.post(address, whole(value="149"))

    figure = Measurement.objects.get()
    assert response.status_code == 302
    assert (figure.role, figure.value, figure.agency) == (role, 149, make_department())


def test_another_body_s_draft_is_nobody_else_s_business(client, clerk):
    indicator = revenue(clerk)
    other = make_user("officer", agency=make_agency(kind="Phòng thuộc Sở", parent=make_department()))
    make_measurement(indicator, 149, period="2020-06", role="verified", state="draft", by=other)
    client.force_login(make_user("officer"))

    assert client.get(enter_url(indicator, ky="2020-06", vai="verified")).status_code == 403


@pytest.mark.parametrize(
    "asked", [{"ky": "khong-co"}, {"phan": "x"}, {"phan": "9" * 30}, {"vai": "x"}, {"ky": "2021-01"}]
)
def test_an_absurd_address_is_not_found(client, clerk, asked):
    make_period("2021-01")

    assert client.get(enter_url(revenue(clerk), **asked)).status_code == 404


def test_a_figure_is_taken_back_by_its_agency_until_it_is_reviewed(client, clerk):
    figure = make_measurement(revenue(clerk), 140, period="2020-06", state="submitted", by=clerk)
    address = reverse("measurement_take_back", args=[figure.pk])

    client.force_login(make_user())
    assert client.post(address).status_code == 404
    client.force_login(make_user("officer"))
    assert client.post(address).status_code == 403
    client.force_login(clerk)
    response = client.post(address)

    figure.refresh_from_db()
    assert response.url.startswith(reverse("measurement_enter", args=[figure.indicator.code]))
    assert figure.status == ReportStatus.DRAFT
