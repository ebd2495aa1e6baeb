"""Changing a directive, giving it to agencies, the steps of its life, and the history of all that."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    TODAY,
    make_agency,
    make_assignment,
    make_completed,
    make_directive,
    make_document,
    make_group,
    make_report,
    make_user,
)
from tests.views.test_directives import detail, text_of
from tracker.models import Assignment, Directive, DirectiveEvent, Status
from tracker.views.transitions import CHANGES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


def page_of(name, directive, *more):
    return reverse(name, args=[directive.code, *more])


# Changing


def words(directive, **fields):
    """What the form of change sends when nothing was touched."""
    values = {
        "title": directive.title,
        "field": directive.field_id,
        "kind": directive.kind,
        "force": directive.force,
        "without_date": "dated",
        "due_on": f"{directive.due_on:%d/%m/%Y}",
        "version": directive.version,
    }
    return values | fields


def test_an_officer_changes_the_words_of_the_register(client):
    directive = make_directive()
    client.force_login(make_user("officer"))

    response = client.post(
        page_of("directive_edit", directive),
        words(directive, title="Tên mới", due_on="15/7/2020", is_key="on"),
    )

    directive.refresh_from_db()
    assert response.url == detail(directive)
    assert (directive.title, directive.due_on, directive.is_key) == ("Tên mới", dt.date(2020, 7, 15), True)
    assert directive.version == 2


def test_the_form_of_change_starts_from_what_is_stored(client):
    parent = make_directive(code="NV-2020-900")
    directive = make_directive(title="Tên đang có", parent=parent, deadline_printed="trước 30/6/2020")
    client.force_login(make_user("officer"))

    page = client.get(page_of("directive_edit", directive)).content.decode()

    assert "Tên đang có</textarea>" in page
    assert 'value="30/6/2020"' in page
    assert 'value="NV-2020-900"' in page
    assert 'value="trước 30/6/2020"' in page
    assert f'{reverse("deadline_preview")}?nam=2020"' in page


def test_after_the_assignment_another_wording_needs_a_reason(client):
    directive = make_assignment().directive
    client.force_login(make_user("officer"))

    refused = client.post(page_of("directive_edit", directive), words(directive, title="Tên khác"))
    after_refusal = Directive.objects.get(pk=directive.pk)
    client.post(
        page_of("directive_edit", directive), words(directive, title="Tên khác", reason="Sửa lỗi in.")
    )
    after_reason = Directive.objects.get(pk=directive.pk)

    assert refused.status_code == 422
    assert "Đã giao rồi thì sửa nội dung phải ghi lý do." in text_of(refused)
    assert (after_refusal.title, after_reason.title) == (directive.title, "Tên khác")


def test_after_the_assignment_the_deadline_is_told_and_not_asked_for(client):
    directive = make_assignment(deadline_printed="hết quý II").directive
    client.force_login(make_user("officer"))

    page = client.get(page_of("directive_edit", directive))
    client.post(
        page_of("directive_edit", directive),
        words(directive, due_on="1/9/2020", deadline_printed="Quý III", without_date="none", note="Ghi chú"),
    )

    directive.refresh_from_db()
    assert "“hết quý II”" in text_of(page)
    assert 'name="due_on"' not in page.content.decode()
    assert reverse("deadline_correct", args=[directive.code]) in page.content.decode()
    assert (directive.due_on, directive.deadline_printed) == (dt.date(2020, 6, 30), "hết quý II")
    assert (directive.deadline_kind, directive.note) == ("day", "Ghi chú")


def test_a_leader_is_not_led_to_a_correction_that_officers_make(client):
    directive = make_assignment().directive
    client.force_login(make_user("leader"))

    page = client.get(page_of("directive_edit", directive)).content.decode()

    assert reverse("deadline_correct", args=[directive.code]) not in page


def test_who_comes_second_sees_both_versions_and_loses_nothing(client):
    directive = make_directive(title="Bản đầu")
    client.force_login(make_user("officer"))
    first = words(directive, title="Bản của người thứ nhất")
    second = words(directive, title="Bản của người thứ hai", note="Ghi chú của tôi")

    client.post(page_of("directive_edit", directive), first)
    refused = client.post(page_of("directive_edit", directive), second)
    stored = Directive.objects.get(pk=directive.pk).title
    version = re.search(r'name="version" value="(\d+)"', refused.content.decode())[1]
    kept = client.post(page_of("directive_edit", directive), second | {"version": version})

    page = text_of(refused)
    assert refused.status_code == 409
    assert "Bản của người thứ nhất" in page
    assert "Bản của người thứ hai" in page
    assert "Ghi chú của tôi" in page
    assert stored == "Bản của người thứ nhất"
    assert kept.status_code == 302
    assert Directive.objects.get(pk=directive.pk).title == "Bản của người thứ hai"


def test_a_directive_is_never_part_of_itself(client):
    grandparent = make_directive()
    parent = make_directive(parent=grandparent)
    child = make_directive(parent=parent)
    client.force_login(make_user("officer"))

    for above in (grandparent, parent, child):
        response = client.post(page_of("directive_edit", grandparent), words(grandparent, parent=above.code))

        assert response.status_code == 422
        assert "Nhiệm vụ không thể" in text_of(response)
    grandparent.refresh_from_db()
    assert grandparent.parent is None


@pytest.mark.parametrize("version", ["", "0", "x", "9" * 30])
def test_a_change_without_its_version_is_refused(client, version):
    directive = make_directive()
    client.force_login(make_user("officer"))

    response = client.post(page_of("directive_edit", directive), words(directive, title="x", version=version))

    directive.refresh_from_db()
    assert response.status_code == 422
    assert directive.title != "x"


# Assigning


def assign(client, directive, **fields):
    """Ask for the list, then agree to it; the first answer comes back too."""
    shown = client.post(page_of("directive_assign", directive), fields)
    agreed = re.search(r'name="agreed" value="([^"]*)"', shown.content.decode())
    if agreed is None:
        return shown, None
    return shown, client.post(page_of("directive_assign", directive), fields | {"agreed": agreed[1]})


def test_a_group_is_shown_as_its_members_before_anything_is_saved(client):
    districts = [make_agency(name=f"UBND huyện số {n}") for n in range(10)]
    make_group(*districts, name="UBND các huyện, thành phố")
    directive = make_directive()
    client.force_login(make_user("officer"))

    shown = client.post(page_of("directive_assign", directive), {"lead": "ubnd cac huyen, thanh pho"})

    page = text_of(shown)
    assert shown.status_code == 200
    assert "UBND các huyện, thành phố → 10 cơ quan" in page
    assert all(body.name in page for body in districts)
    assert Assignment.objects.count() == 0


def test_agreed_to_it_is_assigned_to_exactly_the_list_that_was_shown(client):
    lead, helper = make_agency(name="Sở Y tế"), make_agency(name="Sở Giáo dục và Đào tạo")
    person = make_user(agency=lead)
    directive = make_directive()
    client.force_login(make_user("officer"))

    _shown, done = assign(client, directive, lead="so y te", person=person.pk, cooperating=[helper.pk])

    rows = directive.assignments.order_by("role")
    assert done.url == detail(directive)
    assert [(row.agency, row.role) for row in rows] == [(helper, "cooperating"), (lead, "lead")]
    assert rows[1].person == person


def test_a_list_that_changed_meanwhile_is_shown_again(client):
    member, late_comer = make_agency(), make_agency()
    group = make_group(member)
    directive = make_directive()
    client.force_login(make_user("officer"))

    shown = client.post(page_of("directive_assign", directive), {"lead": group.name})
    agreed = re.search(r'name="agreed" value="([^"]*)"', shown.content.decode())[1]
    group.memberships.create(member=late_comer)
    again = client.post(page_of("directive_assign", directive), {"lead": group.name, "agreed": agreed})

    assert again.status_code == 200
    assert "2 cơ quan sẽ nhận nhiệm vụ" in text_of(again)
    assert Assignment.objects.count() == 0


def test_more_bodies_are_added_without_touching_the_lead(client):
    assignment = make_assignment()
    assignment.decline(by=make_user(agency=assignment.agency), reason="Không đúng chức năng.")
    helper = make_agency()
    client.force_login(make_user("officer"))

    assign(client, assignment.directive, cooperating=[helper.pk])

    assignment.refresh_from_db()
    assert assignment.status == Status.DECLINED
    assert assignment.directive.assignments.get(agency=helper).role == "cooperating"


def test_bodies_are_searched_without_a_script_and_ticks_are_kept(client):
    ticked, wanted = make_agency(name="Báo Nam Định"), make_agency(name="Tỉnh Đoàn")
    make_agency(name="Hội Nông dân tỉnh")
    directive = make_directive()
    client.force_login(make_user("officer"))

    page = client.post(
        page_of("directive_assign", directive),
        {"search": "tinh doan", "cooperating": [ticked.pk], "lead": "giữ lại", "tim": "1"},
    ).content.decode()

    boxes = re.findall(r'name="cooperating" value="(\d+)"[^>]*?( checked)?>', page)
    assert sorted(boxes) == sorted([(str(ticked.pk), " checked"), (str(wanted.pk), "")])
    assert 'value="giữ lại"' in page
    assert 'role="alert"' not in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"lead": ""}, "cơ quan chủ trì"),
        ({"lead": "Sở Không Có"}, "Không tìm thấy “Sở Không Có”"),
        ({"lead": "so"}, "khớp nhiều mục"),
        ({"lead": "so\0"}, "ký tự"),
        ({"cooperating": ["999999999999999999999"]}, "Chọn cơ quan trong danh sách."),
        ({"cooperating": ["x\0"]}, "ký tự rỗng"),
        ({"person": "999999999"}, "Người phụ trách"),
    ],
)
def test_wrong_bodies_get_a_sentence_and_nothing_is_assigned(client, wrong, sentence):
    make_agency(name="Sở Y tế"), make_agency(name="Sở Tài chính")
    directive = make_directive()
    client.force_login(make_user("officer"))

    response = client.post(page_of("directive_assign", directive), {"lead": "Sở Y tế"} | wrong)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert Assignment.objects.count() == 0


def test_the_person_in_charge_works_at_the_lead_agency(client):
    lead = make_agency(name="Sở Y tế")
    directive = make_directive()
    client.force_login(make_user("officer"))

    response = client.post(
        page_of("directive_assign", directive), {"lead": lead.name, "person": make_user().pk}
    )

    assert "cơ quan khác" in text_of(response)
    assert response.status_code == 422


def test_a_directive_without_a_source_or_a_deadline_is_not_assigned(client):
    lead = make_agency(name="Sở Y tế")
    sourceless, dateless = make_directive(), make_directive(due_on=None)
    sourceless.sources.all().delete()
    client.force_login(make_user("officer"))

    for directive in (sourceless, dateless):
        _shown, answer = assign(client, directive, lead=lead.name)

        assert answer.status_code == 422
    assert Assignment.objects.count() == 0


@pytest.mark.parametrize("role", ["staff", "agency_head", "viewer", "admin"])
def test_others_neither_change_nor_assign(client, role):
    assignment = make_assignment()
    directive = assignment.directive
    own = {} if role == "admin" else {"agency": assignment.agency}
    client.force_login(make_user(role, **own))
    form = words(directive, title="x", lead=make_agency().name, reason="x", agreed="x")

    for name in ("directive_edit", "directive_assign"):
        assert client.get(page_of(name, directive)).status_code == 403
        assert client.post(page_of(name, directive), form).status_code == 403

    directive.refresh_from_db()
    assert directive.title != "x"
    assert directive.assignments.count() == 1


# The steps of its life


def step(client, directive, slug, **fields):
    return client.post(page_of("directive_step", directive, slug), fields)


def test_a_directive_is_paused_and_goes_on_where_it_stood(client):
    directive = make_assignment(status=Status.RECEIVED).directive
    client.force_login(make_user("leader"))

    step(client, directive, "tam-dung", reason="Dịch bệnh.", review_on="1/7/2020")
    directive.refresh_from_db()
    paused = directive.status, directive.review_on, directive.assignments.get().status
    step(client, directive, "tiep-tuc")
    directive.refresh_from_db()

    assert paused == (Status.PAUSED, dt.date(2020, 7, 1), Status.PAUSED)
    assert (directive.status, directive.review_on) == (Status.RECEIVED, None)
    assert directive.assignments.get().status == Status.RECEIVED


def test_a_directive_is_stopped_only_with_the_stopping_document(client):
    directive = make_assignment().directive
    document = make_document(number="12/QĐ-UBND")
    client.force_login(make_user("leader"))

    refused = step(client, directive, "dung", reason="Hết kinh phí.")
    step(client, directive, "dung", document="12/qd-ubnd")

    directive.refresh_from_db()
    assert refused.status_code == 422
    assert "Văn bản cho dừng" in text_of(refused)
    assert directive.status == Status.STOPPED
    assert directive.events.filter(kind="stopped", document=document).exists()


def test_a_completed_directive_is_reopened_with_a_reason(client):
    directive = make_completed().directive
    client.force_login(make_user("leader"))

    step(client, directive, "mo-lai", reason="Chưa đủ.")

    directive.refresh_from_db()
    assert (directive.status, directive.completed_on) == (Status.IN_PROGRESS, None)
    assert directive.assignments.get().status == Status.IN_PROGRESS


def test_a_directive_is_withdrawn_and_restored(client):
    directive = make_assignment().directive
    client.force_login(make_user("officer"))

    step(client, directive, "thu-hoi", reason="Giao nhầm.")
    directive.refresh_from_db()
    withdrawn = directive.status
    step(client, directive, "khoi-phuc", reason="Giao đúng.")
    directive.refresh_from_db()

    assert withdrawn == Status.WITHDRAWN
    assert directive.status == Status.NEW


@pytest.mark.parametrize("slug", [slug for slug, change in CHANGES.items() if change.needs])
def test_each_step_says_what_follows_and_asks_for_what_it_needs(client, slug):
    directive = {
        "mo-lai": lambda: make_completed().directive,
        "khoi-phuc": lambda: withdrawn_directive(),
    }.get(slug, lambda: make_assignment().directive)()
    before = directive.status
    client.force_login(make_user("leader"))

    page = client.get(page_of("directive_step", directive, slug))
    refused = step(client, directive, slug)

    directive.refresh_from_db()
    assert str(CHANGES[slug].consequence) in text_of(page)
    assert refused.status_code == 422
    assert directive.status == before


def withdrawn_directive():
    directive = make_assignment().directive
    directive.withdraw(by=make_user("leader"), reason="Giao nhầm.")
    return directive


@pytest.mark.parametrize(
    "wrong", ["1/1/10000", "16/6/2020", "1/1/2020", "31/6/2020", "17/6/2022", "x\0", "", "x" * 100_000]
)
def test_a_pause_is_looked_at_again_on_a_day_after_today(client, wrong):
    directive = make_assignment().directive
    client.force_login(make_user("leader"))

    response = step(client, directive, "tam-dung", reason="Dịch bệnh.", review_on=wrong)

    directive.refresh_from_db()
    assert response.status_code == 422
    assert "Dịch bệnh." in text_of(response)
    assert directive.status == Status.NEW


def test_a_step_that_somebody_took_meanwhile_says_how_the_directive_stands(client):
    directive = make_assignment().directive
    leader = make_user("leader")
    directive.pause(by=leader, reason="Chờ.", review_on=dt.date(2020, 7, 1))
    client.force_login(leader)

    response = client.post(
        page_of("directive_step", directive, "tam-dung"),
        {"reason": "Chờ.", "review_on": "1/7/2020"},
        follow=True,
    )

    assert "trạng thái đang là “tạm dừng”" in text_of(response)
    assert DirectiveEvent.objects.filter(kind="paused", assignment=None).count() == 1


@pytest.mark.parametrize("role", ["staff", "agency_head", "viewer", "admin", "officer"])
@pytest.mark.parametrize("slug", ["tam-dung", "dung"])
def test_only_leaders_pause_and_stop(client, role, slug):
    assignment = make_assignment()
    own = {} if role in {"admin", "officer"} else {"agency": assignment.agency}
    client.force_login(make_user(role, **own))

    response = step(client, assignment.directive, slug, reason="x", review_on="1/7/2020")

    assignment.directive.refresh_from_db()
    assert response.status_code == 403
    assert assignment.directive.status == Status.NEW


def test_there_is_no_other_step(client):
    client.force_login(make_user("leader"))

    assert client.get(page_of("directive_step", make_directive(), "xoa")).status_code == 404


# History


def test_the_history_says_who_when_from_where_what_and_why(client):
    directive = make_directive()
    officer = make_user("officer", full_name="Trần Minh Quang")
    client.force_login(officer)
    address = page_of("directive_edit", directive)
    client.post(address, words(directive, due_on="15/7/2020", reason="Theo Công văn 12."))

    page = text_of(client.get(page_of("directive_history", directive)))

    assert "Hạn hoàn thành: 30/6/2020 → 15/7/2020" in page
    assert "Lý do: Theo Công văn 12." in page
    assert "Trần Minh Quang" in page
    assert f"{address} · 127.0.0.1" in page


def test_a_change_past_the_program_is_told_as_one(client):
    directive = make_directive(title="Tên cũ")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tracker_directive SET title = 'Tên sửa lén' WHERE id = %s", [directive.pk])
    client.force_login(make_user("leader"))

    page = text_of(client.get(page_of("directive_history", directive)))

    assert "trực tiếp trong cơ sở dữ liệu" in page
    assert "Tên cũ → Tên sửa lén" in page


def test_drafts_of_another_agency_stay_out_of_the_history(client):
    assignment = make_assignment()
    report = make_report(assignment, done="Bản nháp chưa gửi.")
    client.force_login(make_user("leader"))

    draft = text_of(client.get(page_of("directive_history", assignment.directive)))
    report.submit(by=report.author, today=TODAY)
    handed_in = text_of(client.get(page_of("directive_history", assignment.directive)))

    assert "báo cáo tiến độ" not in draft.lower().split("thay đổi", 1)[1]
    assert "báo cáo tiến độ" in handed_in.lower()


def test_the_history_takes_as_many_queries_for_many_changes_as_for_few(client):
    directive = make_assignment().directive
    client.force_login(make_user("officer"))
    address = page_of("directive_history", directive)
    client.get(address)

    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(30):
        directive.edit(by=make_user("officer"), expected_version=None, note=f"Ghi chú {number}")
    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert len(many) <= len(few) + 1
    assert len(many) <= 12


@pytest.mark.parametrize("asked", ["150", "999999", "-1", "x", "9" * 500, "٣"])
def test_older_changes_are_shown_on_demand(client, asked):
    directive = make_directive()
    for number in range(60):
        directive.edit(by=make_user("officer"), expected_version=None, note=f"Ghi chú {number}")
    client.force_login(make_user("leader"))

    first = client.get(page_of("directive_history", directive)).content.decode()
    more = client.get(page_of("directive_history", directive), {"so": asked}).content.decode()

    assert first.count("<tr role") == 51
    assert "Xem thêm" in first
    assert more.count("<tr role") == (63 if asked == "150" else 51)
