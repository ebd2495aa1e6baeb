import datetime as dt
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import TODAY, make_agency, make_assignment, make_evidence, make_report, make_user
from tracker.models import Directive, ProgressReport, ReportStatus, Status

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def clerk():
    return make_user(full_name="Nguyễn Thu Hà")


@pytest.fixture
def assignment(clerk):
    found = make_assignment(clerk.agency)
    make_report(found, state="confirmed", percent=45, as_of_on=dt.date(2020, 5, 29), done="Kỳ tháng 5.")
    return found


def log_url(assignment) -> str:
    return reverse("progress_log", args=[assignment.pk])


def draft_url(assignment) -> str:
    return reverse("progress_save_draft", args=[assignment.pk])


def filled(**values) -> dict:
    """What a person types into the whole form."""
    typed = {
        "version": "1",
        "claim": "in_progress",
        "as_of_on": "16/6/2020",
        "percent": "70",
        "done": "Đã cấp tài khoản cho 45/50 cán bộ.",
        "obstacles": "",
        "proposal": "",
        "proposal_to": "officer",
        "next_steps": "",
        "decrease_reason": "",
        "completed_on": "",
        "output_document": "",
        "no_output_reason": "",
        "link": "",
    }
    return typed | values


def pdf(name: str = "Danh sách tài khoản.pdf", content: bytes = b"%PDF-1.4\n%%EOF\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def in_hand() -> ProgressReport:
    return ProgressReport.objects.in_hand().get()


def errors(response) -> list[str]:
    """The sentences of the error summary."""
    summary = response.text.partition('class="error-summary"')[2].partition("</ul>")[0]
    return re.findall(r"<li>(?:<a [^>]*>)?([^<]*)", summary)


def sent(client, user, assignment, **values):
    client.force_login(user)
    return client.post(log_url(assignment), filled(**values))


# Reading


def test_the_page_shows_last_time_what_is_expected_and_stores_nothing(client, clerk, assignment):
    client.force_login(clerk)

    response = client.get(log_url(assignment))

    assert "Kỳ trước 45%. Mức cần đạt đến nay 92%." in response.text
    assert "Kỳ tháng 5." in response.text
    assert not ProgressReport.objects.in_hand().exists()


def test_work_without_a_deadline_says_so_once(client, clerk):
    ongoing = make_assignment(
        clerk.agency, due_on=None, deadline_kind=Directive.DeadlineKind.ONGOING, status=Status.IN_PROGRESS
    )
    client.force_login(clerk)

    page = client.get(log_url(ongoing)).text

    head = page[page.index('class="page-head__sub"') :].partition("</p>")[0]
    assert head.lower().count("không hạn") == 1


def test_the_draft_in_hand_is_shown(client, clerk, assignment):
    make_report(assignment, by=clerk, done="Đang viết dở.", percent=60)
    client.force_login(clerk)

    response = client.get(log_url(assignment))

    assert "Đang viết dở.</textarea>" in response.text
    assert 'value="60"' in response.text


def test_a_returned_report_shows_who_returned_it_and_why(client, clerk, assignment):
    report = make_report(assignment, state="submitted", by=clerk)
    officer = make_user("officer", full_name="Lê Hồng Vân")
    report.send_back(by=officer, note="Thiếu phụ lục.", fix_by=dt.date(2020, 6, 18))
    client.force_login(clerk)

    response = client.get(log_url(assignment))

    assert "Lê Hồng Vân" in response.text
    assert "“Thiếu phụ lục.”" in response.text
    assert "Sửa và nộp lại trước hết thứ Năm 18/6." in response.text


def test_last_time_s_text_can_be_copied_without_script(client, clerk, assignment):
    client.force_login(clerk)

    response = client.get(log_url(assignment) + "?chep=1")

    assert "Kỳ tháng 5.</textarea>" in response.text
    assert not ProgressReport.objects.in_hand().exists()


def test_a_submitted_report_is_read_not_written(client, clerk, assignment):
    report = make_report(assignment, state="submitted", by=clerk)
    client.force_login(clerk)

    response = client.get(log_url(assignment))

    assert response.url == reverse("progress_detail", args=[report.pk])


@pytest.mark.parametrize("address", ["progress_log", "progress_save_draft", "progress_nothing_new"])
def test_who_may_not_report_is_refused_and_nothing_changes(client, assignment, address):
    url = reverse(address, args=[assignment.pk])
    answers = {}
    for name, user in {
        "stranger": make_user(),
        "viewer": make_user("viewer", agency=assignment.agency),
        "leader": make_user("leader"),
        "officer": make_user("officer"),
    }.items():
        client.force_login(user)
        answers[name] = client.post(url, filled()).status_code

    assert answers == {"stranger": 404, "viewer": 403, "leader": 403, "officer": 403}
    assert not ProgressReport.objects.in_hand().exists()


def test_paused_work_takes_no_report(client, clerk, assignment):
    assignment.directive.pause(by=make_user("leader"), reason="Chờ vốn.", review_on=dt.date(2020, 9, 1))

    response = sent(client, clerk, assignment)

    assert response.status_code == 403
    assert not ProgressReport.objects.in_hand().exists()


def test_a_co_operating_body_writes_its_own_part(client):
    lead, helper = make_agency(), make_user()
    directive = make_assignment(lead).directive
    directive.assign(by=make_user("officer"), cooperating=[helper.agency], today=TODAY)
    part = directive.assignments.get(agency=helper.agency)

    response = sent(client, helper, part, percent="30")

    assert response.url == reverse("my_work")
    assert (in_hand().assignment, in_hand().agency) == (part, helper.agency)


# Submitting


def test_a_report_is_submitted_and_waits_for_review(client, clerk, assignment):
    response = sent(
        client, clerk, assignment, obstacles="Thiết bị hỏng.", proposal="Cấp lại.", proposal_to="leader"
    )

    assert response.url == reverse("my_work")
    report = in_hand()
    assert (report.status, report.percent, report.percent_before) == (ReportStatus.SUBMITTED, 70, 45)
    assert (report.obstacles, report.proposal, report.proposal_to) == ("Thiết bị hỏng.", "Cấp lại.", "leader")
    assert report.events.get().by == clerk


def test_a_report_of_completion_waits_for_confirmation(client, clerk, assignment):
    sent(
        client,
        clerk,
        assignment,
        claim="completed",
        percent="100",
        completed_on="10/6/2020",
        output_document="12/BC-UBND ngày 10/6/2020",
    )

    assignment.refresh_from_db()
    assert assignment.status == Status.AWAITING
    assert in_hand().completed_on == dt.date(2020, 6, 10)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"done": "  "}, "Ghi kết quả trong kỳ, ít nhất một câu."),
        ({"as_of_on": "17/6/2020"}, "Ngày số liệu không thể ở tương lai."),
        ({"as_of_on": "1/1/10000"}, "Ghi ngày theo dạng ngày/tháng/năm, ví dụ 16/6/2020."),
        ({"as_of_on": ""}, "Ghi ngày mà báo cáo tính đến."),
        ({"percent": "101"}, "Mức hoàn thành là số nguyên từ 0 đến 100."),
        ({"percent": "-1"}, "Mức hoàn thành là số nguyên từ 0 đến 100."),
        ({"percent": "bảy mươi"}, "Mức hoàn thành là số nguyên từ 0 đến 100."),
        ({"percent": ""}, "Ghi mức hoàn thành, từ 0 đến 100."),
        ({"percent": "40"}, "Thấp hơn kỳ trước: ghi rõ lý do."),
        ({"claim": "pause"}, "Ghi lý do đề nghị tạm dừng."),
        ({"claim": "stop"}, "Ghi lý do xin dừng."),
        (
            {"claim": "completed", "percent": "100", "output_document": "12/BC"},
            "Ghi ngày hoàn thành: ngày của văn bản sản phẩm.",
        ),
        (
            {"claim": "completed", "percent": "100", "completed_on": "16/6/2020"},
            "Báo hoàn thành cần văn bản sản phẩm hoặc tệp minh chứng; nếu không có, ghi rõ vì sao.",
        ),
        ({"obstacles": "a\x00b"}, "Nội dung có ký tự ẩn không hợp lệ. Nhập lại phần này bằng bàn phím."),
        ({"next_steps": "a\u202eb"}, "Nội dung có ký tự ẩn không hợp lệ. Nhập lại phần này bằng bàn phím."),
        ({"link": "javascript:alert(1)"}, "Ghi đủ địa chỉ, ví dụ https://namdinh.gov.vn/tin."),
    ],
)
def test_what_stops_a_report_is_said_and_nothing_typed_is_lost(client, clerk, assignment, values, sentence):
    response = sent(client, clerk, assignment, **({"next_steps": "Tập huấn tiếp."} | values))

    assert errors(response) == [sentence]
    assert "<title>Lỗi:" in response.text
    assert 'aria-invalid="true"' in response.text
    report = in_hand()
    assert report.status == ReportStatus.DRAFT
    for name, text in filled(**values).items():
        if name in {"obstacles", "output_document"} and text and "\x00" not in text:
            assert text in response.text
    if "next_steps" not in values:
        assert (report.next_steps, "Tập huấn tiếp.</textarea>" in response.text) == ("Tập huấn tiếp.", True)


def test_ten_megabytes_of_text_are_refused_with_a_sentence_and_kept_on_the_page(client, clerk, assignment):
    response = sent(client, clerk, assignment, done="Đã làm. " * 1_200_000)

    assert errors(response) == ["Viết tối đa 10000 ký tự; hiện có 9599999."]
    assert response.text.count("Đã làm. ") > 1_000_000
    assert in_hand().status == ReportStatus.DRAFT


def test_unknown_choices_are_refused_not_stored(client, clerk, assignment):
    response = sent(client, clerk, assignment, claim="finished", proposal="Cấp máy.", proposal_to="nobody")

    assert len(errors(response)) == 2
    assert (in_hand().claim, in_hand().status) == ("in_progress", ReportStatus.DRAFT)


def test_a_lower_percentage_with_its_reason_is_no_obstacle(client, clerk, assignment):
    response = sent(client, clerk, assignment, percent="40", decrease_reason="Thiết bị hỏng.")

    assert response.url == reverse("my_work")
    assert (in_hand().percent, in_hand().percent_before) == (40, 45)


def test_doubts_are_shown_and_do_not_stop(client, clerk):
    assignment = make_assignment(clerk.agency, due_on=dt.date(2020, 6, 10))
    make_report(assignment, state="confirmed", percent=70, as_of_on=dt.date(2020, 5, 29))
    client.force_login(clerk)

    client.post(draft_url(assignment), filled())
    page = client.get(log_url(assignment))
    response = client.post(log_url(assignment), filled(version="2"))

    for sentence in [
        "Mức hoàn thành bằng kỳ trước (70%)",
        "Chưa có minh chứng: người duyệt có thể hỏi lại",
        "Đã quá hạn: nên ghi bao giờ xong",
    ]:
        assert sentence in page.text
    assert response.url == reverse("my_work")


def test_the_same_form_sent_twice_makes_one_report(client, clerk, assignment):
    token = str(uuid.uuid4())

    first = sent(client, clerk, assignment, form_token=token)
    second = sent(client, clerk, assignment, form_token=token)

    assert (first.url, second.url) == (reverse("my_work"), reverse("my_work"))
    assert in_hand().events.count() == 1


def test_a_corrected_form_with_the_same_token_is_accepted(client, clerk, assignment):
    token = str(uuid.uuid4())

    wrong = sent(client, clerk, assignment, form_token=token, percent="x")
    version = re.search(r'name="version" value="(\d+)"', wrong.text)[1]
    right = sent(client, clerk, assignment, form_token=token, version=version)

    assert right.url == reverse("my_work")
    assert in_hand().status == ReportStatus.SUBMITTED


def test_a_colleague_s_report_handed_in_meanwhile_is_named_and_the_text_kept(client, clerk, assignment):
    colleague = make_user(agency=clerk.agency, full_name="Trần Văn Bình")
    make_report(assignment, state="submitted", by=colleague, done="Bản của Bình.")

    response = sent(client, clerk, assignment, done="Bản của Hà.")

    assert "Trần Văn Bình đã nộp báo cáo này" in response.text
    assert "Bản của Hà.</textarea>" in response.text
    assert (in_hand().done, in_hand().status) == ("Bản của Bình.", ReportStatus.SUBMITTED)


def test_a_returned_report_is_corrected_and_submitted_again(client, clerk, assignment):
    report = make_report(assignment, state="returned", by=clerk)

    response = sent(client, clerk, assignment, version=str(report.version), done="Đã bổ sung phụ lục.")

    assert response.url == reverse("my_work")
    assert (in_hand().pk, in_hand().status) == (report.pk, ReportStatus.SUBMITTED)
    assert [event.status for event in report.events.order_by("pk")] == ["submitted", "returned", "submitted"]


# Evidence on the form


def test_files_and_links_are_kept_even_when_the_report_is_not_complete(client, clerk, assignment):
    response = sent(client, clerk, assignment, done="", files=[pdf()], link="namdinh.gov.vn/tin")

    evidence = list(in_hand().evidence.values_list("title", "link"))
    assert evidence == [
        ("Danh sách tài khoản.pdf", ""),
        ("https://namdinh.gov.vn/tin", "https://namdinh.gov.vn/tin"),
    ]
    assert "Danh sách tài khoản.pdf</a>" in response.text
    assert 'name="link" value=' not in response.text


def test_a_wrong_file_is_named_and_the_right_one_kept(client, clerk, assignment):
    response = sent(client, clerk, assignment, files=[pdf("bao-cao.exe", b"MZ"), pdf()])

    assert errors(response) == ["Tệp “bao-cao.exe” không được nhận; dùng PDF, Word, Excel hoặc ảnh"]
    assert [row.title for row in in_hand().evidence.all()] == ["Danh sách tài khoản.pdf"]


def test_the_same_file_sent_again_is_not_added_twice(client, clerk, assignment):
    sent(client, clerk, assignment, done="", files=[pdf()])
    sent(client, clerk, assignment, done="", files=[pdf()], version="2")

    assert in_hand().evidence.count() == 1


def test_completion_is_proven_by_a_file_alone(client, clerk, assignment):
    completed = {"claim": "completed", "percent": "100", "completed_on": "16/6/2020"}

    response = sent(client, clerk, assignment, files=[pdf()], **completed)

    assert response.url == reverse("my_work")
    assert in_hand().evidence.count() == 1


# Drafts


def test_a_draft_keeps_what_is_there_and_judges_nothing(client, clerk, assignment):
    client.force_login(clerk)

    response = client.post(draft_url(assignment), filled(done="", percent="10", obstacles="Thiếu máy."))

    assert response.url == log_url(assignment)
    report = in_hand()
    assert (report.status, report.percent, report.obstacles) == (ReportStatus.DRAFT, 10, "Thiếu máy.")
    assert (report.author, report.version) == (clerk, 2)


def test_a_draft_saved_by_itself_answers_with_time_version_and_checks(client, clerk, assignment):
    client.force_login(clerk)

    response = client.post(draft_url(assignment), filled(), headers=HTMX)

    report = in_hand()
    saved = f"{report.saved_at.astimezone(dt.timezone(dt.timedelta(hours=7))):%H:%M}"
    assert f"Đã lưu nháp {saved}" in response.text
    assert 'id="id_version" value="2" hx-swap-oob="true"' in response.text
    assert 'id="truoc-khi-nop" hx-swap-oob="true"' in response.text
    assert "<html" not in response.text


def test_a_draft_saved_by_itself_takes_files_and_shows_them(client, clerk, assignment):
    client.force_login(clerk)

    response = client.post(draft_url(assignment), filled(files=[pdf()]), headers=HTMX)

    assert 'id="minh-chung" hx-swap-oob="true"' in response.text
    assert "Danh sách tài khoản.pdf" in response.text


def test_a_draft_saved_by_itself_names_what_it_could_not_read(client, clerk, assignment):
    client.force_login(clerk)

    response = client.post(draft_url(assignment), filled(percent="x"), headers=HTMX)

    assert "chưa lưu được: Mức hoàn thành" in response.text
    assert (in_hand().percent, in_hand().done) == (45, "Đã cấp tài khoản cho 45/50 cán bộ.")


def test_a_press_of_the_button_while_the_page_saves_itself_is_no_conflict(client, clerk, assignment):
    client.force_login(clerk)

    client.post(draft_url(assignment), filled(done="Đang gõ"), headers=HTMX)
    response = client.post(log_url(assignment), filled(done="Đang gõ nốt."))

    assert response.url == reverse("my_work")
    assert in_hand().done == "Đang gõ nốt."


@pytest.mark.parametrize("address", [log_url, draft_url])
def test_two_people_at_once_the_second_sees_both_versions_and_loses_nothing(
    client, clerk, assignment, address
):
    colleague = make_user(agency=clerk.agency, full_name="Trần Văn Bình")
    client.force_login(colleague)
    client.post(draft_url(assignment), filled(done="Bản của Bình.", percent="65"))

    client.force_login(clerk)
    data = filled(done="Bản của Hà.", files=[pdf()], form_token=str(uuid.uuid4()))
    response = client.post(address(assignment), data)

    assert response.status_code == 409
    assert "Trần Văn Bình đã lưu báo cáo này" in response.text
    cells = re.findall(r'<td role="cell"[^>]*>([^<]*)</td>', response.text)
    assert cells == ["65%", "70%", "Bản của Bình.", "Bản của Hà."]
    assert "Bản của Hà.</textarea>" in response.text
    assert (in_hand().done, in_hand().status) == ("Bản của Bình.", ReportStatus.DRAFT)
    assert in_hand().evidence.count() == 1


def test_after_seeing_both_the_second_person_can_keep_either(client, clerk, assignment):
    colleague = make_user(agency=clerk.agency)
    client.force_login(colleague)
    client.post(draft_url(assignment), filled(done="Bản của Bình."))
    client.force_login(clerk)

    seen = client.post(draft_url(assignment), filled(done="Bản của Hà."))
    version = re.search(r'name="version" value="(\d+)"', seen.text)[1]
    client.post(draft_url(assignment), filled(done="Bản của Hà.", version=version))

    assert (in_hand().done, in_hand().author) == ("Bản của Hà.", clerk)


def test_a_draft_that_saves_itself_over_another_person_s_is_refused(client, clerk, assignment):
    colleague = make_user(agency=clerk.agency, full_name="Trần Văn Bình")
    client.force_login(colleague)
    client.post(draft_url(assignment), filled(done="Bản của Bình."))
    client.force_login(clerk)

    response = client.post(draft_url(assignment), filled(done="Bản của Hà."), headers=HTMX)

    assert response.status_code == 409
    assert "Trần Văn Bình đã sửa báo cáo này" in response.text
    assert "hx-swap-oob" not in response.text
    assert in_hand().done == "Bản của Bình."


# One after another


def test_one_after_another_says_where_one_is_and_goes_on(client, clerk):
    first, second, third = (make_assignment(clerk.agency) for _number in range(3))
    client.force_login(clerk)

    page = client.get(log_url(first) + "?tiep=1")
    after_first = client.post(log_url(first), filled(tiep="1"))
    second_page = client.get(after_first.url)
    after_second = client.post(log_url(second), filled(tiep="2"))
    third_page = client.get(after_second.url)
    after_third = client.post(log_url(third), filled(tiep="3"))

    assert "việc 1 trong 3" in page.text
    assert "Nộp và sang việc 2/3" in page.text
    assert after_first.url == log_url(second) + "?tiep=2"
    assert "việc 2 trong 3" in second_page.text
    assert after_second.url == log_url(third) + "?tiep=3"
    assert "việc 3 trong 3" in third_page.text
    assert "Nộp và sang" not in third_page.text
    assert after_third.url == reverse("my_work")


def test_a_task_can_be_left_for_later(client, clerk):
    first, second = make_assignment(clerk.agency), make_assignment(clerk.agency)
    client.force_login(clerk)

    page = client.get(log_url(first) + "?tiep=1")
    second_page = client.get(log_url(second) + "?tiep=1")

    assert f'href="{log_url(second)}?tiep=1"' in page.text
    assert "việc 2 trong 2" in second_page.text


def test_submit_only_goes_back_to_the_list(client, clerk):
    first, _second = make_assignment(clerk.agency), make_assignment(clerk.agency)

    response = sent(client, clerk, first, tiep="1", thoi="1")

    assert response.url == reverse("my_work")


@pytest.mark.parametrize("place", ["", "0", "x", "-1", "99999999999999999999", "²", "1000"])
def test_an_absurd_place_in_the_row_is_ignored(client, clerk, assignment, place):
    client.force_login(clerk)

    response = client.get(log_url(assignment), {"tiep": place})

    assert response.status_code == 200
    assert "việc 1 trong" not in response.text


# One report


def test_a_report_is_read_with_its_steps_and_files(client, clerk, assignment):
    report = make_report(assignment, state="submitted", by=clerk, evidence=True, done="Đã tập huấn.")
    report.send_back(by=make_user("officer"), note="Thiếu số liệu.")
    client.force_login(clerk)

    response = client.get(reverse("progress_detail", args=[report.pk]))

    assert "Đã tập huấn." in response.text
    assert "minh-chung.pdf" in response.text
    assert response.text.index("Trả lại") < response.text.index("Nộp báo cáo")
    assert "Thiếu số liệu." in response.text


def test_a_draft_is_seen_inside_its_agency_only(client, clerk, assignment):
    report = make_report(assignment, by=clerk)
    address = reverse("progress_detail", args=[report.pk])
    answers = []
    for user in [clerk, make_user("officer"), make_user()]:
        client.force_login(user)
        answers.append(client.get(address).status_code)

    assert answers == [200, 404, 404]


def test_a_submitted_report_is_taken_back(client, clerk, assignment):
    report = make_report(assignment, state="submitted", by=clerk)
    client.force_login(clerk)

    response = client.post(reverse("progress_withdraw", args=[report.pk]))

    assert response.url == log_url(assignment)
    report.refresh_from_db()
    assert report.status == ReportStatus.DRAFT


def test_what_has_been_reviewed_stays_reviewed(client, clerk, assignment):
    report = make_report(assignment, state="confirmed", by=clerk)
    client.force_login(clerk)

    response = client.post(reverse("progress_withdraw", args=[report.pk]), follow=True)

    assert "Báo cáo này đã được xử lý." in response.text
    report.refresh_from_db()
    assert report.status == ReportStatus.CONFIRMED


def test_only_the_agency_takes_its_report_back(client, clerk, assignment):
    report = make_report(assignment, state="submitted", by=clerk)
    answers = []
    for user in [make_user(), make_user("officer"), make_user("viewer", agency=clerk.agency)]:
        client.force_login(user)
        answers.append(client.post(reverse("progress_withdraw", args=[report.pk])).status_code)

    assert answers == [404, 403, 403]
    report.refresh_from_db()
    assert report.status == ReportStatus.SUBMITTED


@pytest.mark.parametrize("claim", ["completed", "pause", "stop"])
def test_nothing_new_does_not_hand_in_a_draft_that_claims_something_else(client, clerk, assignment, claim):
    make_report(assignment, by=clerk, done="", claim=claim)
    client.force_login(clerk)

    response = client.post(reverse("progress_nothing_new", args=[assignment.pk]))

    assert response.url == log_url(assignment)
    assert ProgressReport.objects.in_hand().get().status == ReportStatus.DRAFT


@pytest.mark.parametrize("name", ["progress_save_draft", "progress_nothing_new", "progress_withdraw"])
def test_looking_at_an_address_that_writes_changes_nothing(client, clerk, assignment, name):
    client.force_login(clerk)

    assert client.get(reverse(name, args=[assignment.pk])).status_code == 405


def test_the_number_of_queries_does_not_grow_with_files_and_steps(client, clerk, assignment):
    report = make_report(assignment, by=clerk)
    make_evidence(report)
    client.force_login(clerk)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        return len(found)

    form, detail = log_url(assignment), reverse("progress_detail", args=[report.pk])
    few = queries(form), queries(detail)
    for _number in range(30):
        make_evidence(report)
        report.submit(by=clerk, today=TODAY)
        report.take_back(by=clerk)

    assert (queries(form), queries(detail)) == few
    assert max(few) <= 12
