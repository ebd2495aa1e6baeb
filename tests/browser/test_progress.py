"""Reporting progress in a real browser: in the row, in the whole form, without script, on a phone."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from tests.factories import (
    PASSWORD,
    TODAY,
    make_agency,
    make_assignment,
    make_directive,
    make_report,
    make_user,
)
from tracker.models import ProgressReport, ReportStatus

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY
    settings.TRACKER_DEMO = True


@pytest.fixture
def clerk():
    agency = make_agency(name="Huyện ủy Hải Hậu")
    return make_user(full_name="Nguyễn Thu Hà", position="Văn phòng Huyện ủy Hải Hậu", agency=agency)


def given(clerk, title: str, due_on: dt.date | None = dt.date(2020, 6, 30), **content):
    """An assignment with the report of May confirmed."""
    directive = make_directive(
        title=title, due_on=due_on, output_expected="≥ 90% hồ sơ công việc xử lý trên phần mềm"
    )
    assignment = make_assignment(clerk.agency, directive=directive)
    officer = make_user("officer", full_name="Lê Hồng Vân")
    last = {"percent": 55, "done": "Đã cài đặt phần mềm, cấp tài khoản cho 38/50 cán bộ.", **content}
    make_report(assignment, state="confirmed", as_of_on=dt.date(2020, 5, 14), reviewer=officer, **last)
    return assignment


@pytest.fixture
def work(clerk):
    """One assignment of each kind; the first to be reported in the row is given back."""
    returned = given(clerk, "Theo dõi thông tin trên báo chí, mạng xã hội viết về tỉnh")
    officer = make_user("officer", agency=make_agency(name="Phòng TT-BC-XB"))
    report = make_report(returned, state="submitted", by=clerk, percent=60)
    note = "Thiếu số tin sai sự thật đã xử lý trong kỳ. Đề nghị bổ sung phụ lục."
    report.send_back(by=officer, note=note, fix_by=dt.date(2020, 6, 18))
    given(clerk, "Tuyên truyền bảo vệ chủ quyền biển, đảo – đợt 1", dt.date(2020, 6, 10), percent=80)
    due = given(
        clerk, "Sử dụng phần mềm quản lý hồ sơ công việc, chữ ký số trong cơ quan Đảng", dt.date(2020, 6, 19)
    )
    given(clerk, "Tập huấn an toàn thông tin cho cán bộ chuyên trách", dt.date(2020, 6, 19), percent=90)
    make_assignment(
        clerk.agency, directive=make_directive(title="Nâng tỷ lệ cán bộ sử dụng thư điện tử công vụ")
    )
    make_report(
        given(clerk, "Chấn chỉnh kỷ luật, kỷ cương hành chính"), state="submitted", by=clerk, percent=60
    )
    return due


def sign_in(page, user) -> None:
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(user.username)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/viec-cua-toi/")


def in_hand(assignment) -> ProgressReport:
    return ProgressReport.objects.in_hand().get(assignment=assignment)


def test_a_report_is_written_in_its_row(page, clerk, work, axe):
    sign_in(page, clerk)
    row = page.locator(f"#viec-{work.pk}")

    row.get_by_role("link", name="Báo cáo").click()
    row.get_by_label("Tăng 5%").click()
    row.get_by_label("Kết quả trong kỳ").fill("Đã cấp tài khoản cho 45/50 cán bộ.")
    row.get_by_label("Kết quả trong kỳ").blur()
    expect(row.get_by_role("status")).to_contain_text("Đã lưu nháp")
    axe(page)
    row.get_by_role("button", name="Nộp báo cáo").click()

    expect(page.get_by_text("Đã nộp báo cáo")).to_be_visible()
    report = in_hand(work)
    assert (report.status, report.percent) == (ReportStatus.SUBMITTED, 60)
    assert report.events.count() == 1


def test_the_whole_form_keeps_a_draft_by_itself_and_is_corrected_and_submitted(page, clerk, work, axe):
    sign_in(page, clerk)
    page.goto(f"/luot-giao/{work.pk}/bao-cao/")
    page.get_by_label("Mức hoàn thành").fill("40")
    page.get_by_label("Kết quả trong kỳ").fill("Đã tập huấn hai lớp.")
    page.get_by_label("Chọn tệp hoặc kéo vào đây").set_input_files(
        {"name": "Danh sách tài khoản T6.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    )

    expect(page.get_by_role("link", name="Danh sách tài khoản T6.pdf")).to_be_visible()
    expect(page.get_by_text("Có minh chứng (1)")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Nộp báo cáo").click()
    expect(page.get_by_role("alert")).to_be_focused()
    axe(page)
    page.get_by_label("Vì sao thấp hơn kỳ trước").fill("Thiết bị hỏng.")
    page.get_by_role("button", name="Nộp báo cáo").click()

    expect(page.get_by_text("Đã nộp báo cáo")).to_be_visible()
    report = in_hand(work)
    assert (report.status, report.percent, report.evidence.count()) == (ReportStatus.SUBMITTED, 40, 1)


def test_two_people_at_once_see_both_versions(open_page, clerk, work, axe):
    colleague = make_user(agency=clerk.agency, full_name="Trần Văn Bình")
    mine, theirs = open_page(), open_page()
    for page, user in [(mine, clerk), (theirs, colleague)]:
        sign_in(page, user)
        page.goto(f"/luot-giao/{work.pk}/bao-cao/")
    theirs.get_by_label("Kết quả trong kỳ").fill("Bản của Bình.")
    theirs.get_by_role("button", name="Lưu nháp").click()
    expect(theirs.get_by_text("Đã lưu nháp.")).to_be_visible()

    mine.get_by_label("Kết quả trong kỳ").fill("Bản của Hà.")
    mine.get_by_role("button", name="Lưu nháp").click()

    expect(mine.get_by_role("alert")).to_contain_text("Trần Văn Bình đã lưu báo cáo này")
    axe(mine)
    mine.get_by_role("button", name="Giữ bản của tôi").click()
    expect(mine.get_by_text("Đã lưu nháp.")).to_be_visible()
    assert in_hand(work).done == "Bản của Hà."


def test_everything_works_without_script_on_a_phone(open_page, clerk, work):
    page = open_page(width=360, height=760, javascript=False)
    sign_in(page, clerk)

    page.locator(f"#viec-{work.pk}").get_by_role("link", name="Báo cáo").click()
    page.locator(f"#viec-{work.pk}").get_by_label("Kết quả trong kỳ").fill("Đã tập huấn.")
    page.get_by_role("button", name="Nộp báo cáo").click()
    page.get_by_role("link", name="Báo cáo lần lượt").click()
    page.get_by_label("Kết quả trong kỳ").fill("Đã bổ sung phụ lục.")
    page.get_by_role("button", name="Nộp và sang việc 2/4").click()

    expect(page.get_by_text("việc 2 trong 4")).to_be_visible()
    assert in_hand(work).status == ReportStatus.SUBMITTED


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("dark", [False, True])
def test_the_pages_are_accessible_and_fit(open_page, clerk, work, axe, width, dark):
    page = open_page(width=width, dark=dark)
    sign_in(page, clerk)
    report = ProgressReport.objects.waiting().get()
    addresses = [
        f"/viec-cua-toi/?mo={work.pk}",
        f"/luot-giao/{work.pk}/bao-cao/?tiep=1",
        f"/bao-cao/{report.pk}/",
    ]

    for address in addresses:
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (360, True)])
def test_an_officer_s_page_is_accessible_and_fits(open_page, axe, width, dark):
    officer = make_user("officer")
    for number in range(7):
        directive = make_directive(
            title=f"Nhiệm vụ quá hạn thứ {number}",
            due_on=dt.date(2020, 6, number + 1),
            tracking_officer=officer,
        )
        make_assignment(directive=directive)
    page = open_page(width=width, dark=dark)

    sign_in(page, officer)
    page.get_by_text("Các việc còn lại").click()

    expect(page.get_by_role("link", name="Nhiệm vụ quá hạn thứ 6")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
