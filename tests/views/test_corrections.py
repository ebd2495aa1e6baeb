"""Corrected deadlines: who may, what is needed, two people at once, several directives at once, their list."""

import datetime as dt
import uuid
from types import SimpleNamespace

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
    make_extension,
    make_field,
    make_group,
    make_user,
)
from tests.views.register_year import text_of
from tracker.corrections import MOST, correct_many
from tracker.models import Directive, DirectiveEvent, WrongStep

pytestmark = pytest.mark.django_db

JUNE, JULY, SEPTEMBER = dt.date(2020, 6, 30), dt.date(2020, 7, 31), dt.date(2020, 9, 30)


@pytest.fixture(autouse=True)
def on_the_sixteenth(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def officer(client):
    user = make_user("officer")
    client.force_login(user)
    return user


@pytest.fixture
def source():
    return make_document(number="118/TB-UBND")


def address(directive):
    return reverse("deadline_correct", args=[directive.code])


def many(*directives):
    return reverse("deadline_correct_many") + "?" + "&".join(f"nv={row.pk}" for row in directives)


def words(**changes):
    return {
        "form_token": uuid.uuid4(),
        "due_on": "30/9/2020",
        "reason": "Phụ lục ghi 30/9.",
        "source": "118/TB-UBND",
    } | changes


def dates(record):
    record.refresh_from_db()
    return record.due_on, record.original_due_on


# One directive


def test_a_corrected_deadline_moves_the_work_and_leaves_what_was_printed(client, officer, source):
    assignment = make_assignment(due_on=JUNE, deadline_printed="hết quý II")
    directive = assignment.directive

    response = client.post(address(directive), words(), follow=True)

    assert response.redirect_chain[-1][0] == directive.get_absolute_url()
    assert dates(directive) == dates(assignment) == (SEPTEMBER, JUNE)
    assert (directive.deadline_printed, directive.extension_count) == ("hết quý II", 0)
    step = DirectiveEvent.objects.corrections().get()
    assert (step.by, step.reason, step.document) == (officer, "Phụ lục ghi 30/9.", source)
    page = text_of(response)
    assert "Đã đính chính: hạn là 30/9/2020." in page
    assert "Đính chính hạn 30/6 → 30/9/2020" in page
    assert "hạn gốc 30/6/2020" in page
    assert "văn bản 118/TB-UBND" in page


def test_a_deadline_that_never_was_is_taken_away(client, officer, source):
    directive = make_assignment(due_on=JUNE).directive

    client.post(address(directive), words(due_on="", has_none="on"))

    assert dates(directive) == (None, JUNE)
    assert "Không hạn" in text_of(client.get(directive.get_absolute_url()))


def test_the_first_source_is_offered_and_the_page_leads_here(client, officer):
    document = make_document(number="7/KH-UBND")
    directive = make_assignment(document=document).directive

    assert address(directive) in client.get(directive.get_absolute_url()).text
    assert 'value="7/KH-UBND"' in client.get(address(directive)).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"due_on": ""}, "Ghi hạn đúng, hoặc đánh dấu là nhiệm vụ không có hạn."),
        ({"has_none": "on"}, "Ghi hạn đúng, hoặc đánh dấu là nhiệm vụ không có hạn."),
        ({"due_on": "31/6/2020"}, "Không có ngày này"),
        ({"due_on": "9/30/2020"}, "Không có ngày này"),
        ({"due_on": "30/6/2020"}, "Hạn hiện nay đã là ngày này."),
        ({"due_on": "1/1/2021"}, "Không được sau hạn của nhiệm vụ lớn"),
        ({"reason": " "}, "Ghi rõ sai ở đâu."),
        ({"reason": "a\x00b"}, "ký tự"),
        ({"reason": "x" * 1001}, "1000"),
        ({"source": ""}, "Văn bản làm căn cứ"),
        ({"source": "không có"}, "không có"),
        ({"version": "9" * 20}, "Trang đã cũ. Tải lại trang rồi làm tiếp."),
        ({"version": "x"}, "Trang đã cũ. Tải lại trang rồi làm tiếp."),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_moves(client, officer, source, changes, sentence):
    parent = make_directive(due_on=dt.date(2020, 12, 31))
    directive = make_assignment(directive=make_directive(due_on=JUNE, parent=parent)).directive

    response = client.post(address(directive), words(**changes))

    assert response.status_code == 422
    assert sentence.lower() in text_of(response).lower()
    assert "118/TB-UBND" in response.text or "source" in changes
    assert dates(directive) == (JUNE, JUNE)


def test_the_second_of_two_officers_sees_both_dates_and_may_keep_theirs(client, officer, source):
    directive = make_assignment(due_on=JUNE).directive
    read = directive.version
    directive.correct_deadline(JULY, by=make_user("officer"), reason="Nhầm.", source=source)

    response = client.post(address(directive), words(version=read))
    kept = client.post(address(directive), words(version=response.context["form"].data["version"]))

    assert response.status_code == 409
    page = text_of(response)
    assert "Hạn 31/7/2020 30/9/2020" in page
    assert "Phụ lục ghi 30/9." in response.text
    assert kept.status_code == 302
    assert dates(directive)[0] == SEPTEMBER


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("staff", 403),
        ("agency_head", 403),
        ("leader", 403),
        ("admin", 403),
        ("viewer", 403),
        ("officer", 200),
    ],
)
def test_only_officers_correct(client, source, role, status):
    assignment = make_assignment(due_on=JUNE)
    inside = role in {"staff", "agency_head", "viewer"}
    client.force_login(make_user(role, **({"agency": assignment.agency} if inside else {})))

    assert client.get(address(assignment.directive)).status_code == status
    answer = client.post(address(assignment.directive), words())
    assert answer.status_code == (302 if status == 200 else 403)
    assert dates(assignment)[0] == (SEPTEMBER if status == 200 else JUNE)


def test_another_agency_does_not_even_learn_of_it(client, source):
    directive = make_assignment(due_on=JUNE).directive
    client.force_login(make_user())

    assert client.get(address(directive)).status_code == 404
    assert client.post(address(directive), words()).status_code == 404


@pytest.mark.parametrize("make", [make_directive, lambda **fields: make_completed(**fields).directive])
def test_before_the_assignment_and_after_the_end_there_is_nothing_to_correct(client, officer, source, make):
    directive = make(due_on=JUNE)

    response = client.post(address(directive), words(), follow=True)

    assert "Hiện không làm được việc này" in text_of(response)
    assert dates(directive)[0] == JUNE


def test_a_member_s_own_deadline_after_an_extension_stays(client, officer, source):
    directive = make_directive(due_on=JUNE)
    directive.assign(by=officer, lead=make_group(make_agency(), make_agency()), today=TODAY)
    own, shared = directive.assignments.order_by("pk")
    make_extension(own, state="granted")

    client.post(address(directive), words())

    assert dates(own)[0] == dt.date(2020, 7, 15)
    assert dates(shared)[0] == SEPTEMBER


@pytest.fixture
def with_later_work(officer):
    """Due in September; below it one part in July and one in June, and three bodies that help: one until 31/8."""
    days = (dt.date(2020, 8, 31), SEPTEMBER, JUNE)
    helping = [make_agency(name=f"Đơn vị giúp đến {day:%d/%m}") for day in days]
    whole = make_directive(due_on=SEPTEMBER)
    whole.assign(by=officer, lead=make_agency(), cooperating=helping, today=TODAY)
    for agency, day in zip(helping, days, strict=True):
        whole.assignments.filter(agency=agency).update(due_on=day)
    part = make_assignment(directive=make_directive(due_on=JULY, parent=whole)).directive
    early = make_assignment(directive=make_directive(due_on=JUNE, parent=whole)).directive
    done = make_completed(directive=make_directive(due_on=JULY, parent=whole)).directive
    own = whole.assignments.get(agency=helping[0])
    return SimpleNamespace(whole=whole, part=part, early=early, done=done, own=own)


def test_an_earlier_day_is_saved_only_after_what_is_due_later_was_shown(client, source, with_later_work):
    world, data = with_later_work, words(due_on="30/6/2020")

    shown = client.post(address(world.whole), data)
    before = dates(world.whole)[0]
    go_on = client.post(address(world.whole), data | {"agreed": shown.context["form"].list_shown})

    page = text_of(shown)
    assert shown.status_code == 200
    assert [(row.directive, row.agency) for row in shown.context["later"]] == [
        (world.part, None),
        (world.whole, world.own.agency),
    ]
    assert f"{world.part.code} {world.part.label}: hạn 31/7/2020" in page
    assert f"{world.whole.code} {world.own.agency.label}: hạn 31/8/2020" in page
    assert f'href="{world.part.get_absolute_url()}"' in shown.text
    assert "Phụ lục ghi 30/9." in shown.text
    assert before == SEPTEMBER
    assert go_on.status_code == 302
    assert dates(world.whole)[0] == JUNE
    assert (dates(world.part)[0], dates(world.own)[0]) == (JULY, dt.date(2020, 8, 31))


def test_agreeing_to_other_later_work_than_there_is_shows_it_again(client, source, with_later_work):
    world = with_later_work
    shown = client.post(address(world.whole), words(due_on="30/6/2020"))
    agreed = shown.context["form"].list_shown
    world.part.withdraw(by=make_user("officer"), reason="Trùng.")

    response = client.post(address(world.whole), words(due_on="30/6/2020", agreed=agreed))

    assert response.status_code == 200
    assert [row.agency for row in response.context["later"]] == [world.own.agency]
    assert dates(world.whole)[0] == SEPTEMBER


@pytest.mark.parametrize("day", ["31/8/2020", "1/11/2020"])
def test_a_day_after_which_nothing_is_due_needs_no_second_press(client, source, with_later_work, day):
    response = client.post(address(with_later_work.whole), words(due_on=day))

    assert response.status_code == 302


# Several at once


def agreed(client, directives, **changes):
    """What the page shows first, and then the answer to agreeing with exactly that."""
    shown = client.post(many(*directives), words(**changes))
    form = shown.context["form"]
    return shown, client.post(many(*directives), words(agreed=form.list_shown, **changes))


def test_first_it_is_shown_what_moves_then_all_of_it_moves(client, officer, source):
    first, second = make_assignment(due_on=JUNE), make_assignment(due_on=JULY)
    done = make_completed(due_on=JUNE).directive
    same = make_assignment(due_on=SEPTEMBER).directive
    rows = [first.directive, second.directive, done, same]

    chosen = client.get(many(*rows))
    shown, answer = agreed(client, rows)

    page = text_of(shown)
    assert "Đã chọn 4 nhiệm vụ" in text_of(chosen)
    assert shown.status_code == 200
    assert "2 hạn sẽ đổi" in page
    assert "30/6 → 30/9/2020" in page
    assert "31/7 → 30/9/2020" in page
    assert f"{done.code} {done.title}: trạng thái đang là “hoàn thành”" in page
    assert f"{same.code} {same.title}: hạn hiện nay đã là ngày này" in page
    assert answer.url == reverse("correction_list")
    assert [dates(row)[0] for row in (first, second, done, same)] == [SEPTEMBER, SEPTEMBER, JUNE, SEPTEMBER]
    steps = DirectiveEvent.objects.corrections()
    assert {(step.directive, step.reason, step.document) for step in steps} == {
        (row, "Phụ lục ghi 30/9.", source) for row in rows[:2]
    }


def test_the_preview_of_several_names_what_would_be_due_later(client, source, with_later_work):
    world = with_later_work

    alone, _answer = agreed(client, [world.whole], due_on="15/6/2020")

    page = text_of(alone)
    assert "giữ nguyên hạn" in page
    for row in (world.early, world.part):
        assert f'href="{row.get_absolute_url()}"' in alone.text
    assert f"{world.own.agency.label}: hạn 31/8/2020" in page
    assert world.done.code not in page


def test_parts_that_move_along_are_not_named_as_later(client, source, with_later_work):
    world = with_later_work

    together = client.post(many(world.whole, world.part), words(due_on="30/6/2020"))

    (whole,) = [move for move in together.context["form"].moving if move.directive == world.whole]
    assert [(row.directive, row.agency) for row in whole.later] == [(world.whole, world.own.agency)]


def test_looking_moves_nothing(client, officer, source):
    assignment = make_assignment(due_on=JUNE)

    client.post(many(assignment.directive), words())

    assert dates(assignment)[0] == JUNE


@pytest.mark.parametrize("change", ["another date", "somebody was faster"])
def test_agreeing_to_something_else_than_what_is_there_shows_it_again(client, officer, source, change):
    assignment = make_assignment(due_on=JUNE)
    directive = assignment.directive
    shown = client.post(many(directive), words())
    data = words(agreed=shown.context["form"].list_shown)
    if change == "another date":
        data |= {"due_on": "31/10/2020"}
    else:
        directive.correct_deadline(JULY, by=make_user("officer"), reason="Nhầm.", source=source)

    response = client.post(many(directive), data)

    assert response.status_code == 200
    assert "đã khác lúc bạn xem" in text_of(response)
    assert dates(assignment)[0] == (JUNE if change == "another date" else JULY)


def test_a_part_moves_with_the_whole_and_not_beyond_it_alone(client, officer, source):
    whole = make_assignment(due_on=JULY).directive
    part = make_assignment(directive=make_directive(due_on=JUNE, parent=whole)).directive

    alone = client.post(many(part), words())
    _shown, together = agreed(client, [part, whole])

    assert alone.status_code == 422
    assert "sau hạn của nhiệm vụ lớn" in text_of(alone)
    assert together.status_code == 302
    assert (dates(whole)[0], dates(part)[0]) == (SEPTEMBER, SEPTEMBER)


def test_where_the_whole_cannot_move_its_parts_stay_too(client, officer, source):
    top = make_assignment(due_on=JULY).directive
    whole = make_assignment(directive=make_directive(due_on=JULY, parent=top)).directive
    part = make_assignment(directive=make_directive(due_on=JUNE, parent=whole)).directive

    response = client.post(many(whole, part), words())

    assert "0 hạn sẽ đổi" in text_of(response)
    assert response.status_code == 422


def test_all_or_nothing(officer, source):
    good, bad = make_assignment(due_on=JUNE).directive, make_assignment(due_on=JUNE).directive
    read = {good.pk: good.version, bad.pk: bad.version}
    bad.withdraw(by=officer, reason="Trùng.")

    with pytest.raises(WrongStep, match=bad.code):
        correct_many(read, SEPTEMBER, by=officer, reason="Nhầm.", source=source)

    assert dates(good)[0] == JUNE


def test_what_an_address_cannot_mean_leads_back_with_a_sentence(client, officer):
    row = make_assignment(due_on=JUNE).directive
    queries = ["", "?nv=", "?nv=x", "?nv=%00", "?nv=" + "9" * 40, "?nv=²", "?nv=999999999"]
    queries.append("?" + "&".join(f"nv={key}" for key in range(1, MOST + 2)))

    for query in queries:
        response = client.get(reverse("deadline_correct_many") + query, follow=True)

        assert response.redirect_chain[-1][0] == reverse("directive_list"), query
        assert "Đánh dấu ít nhất một" in text_of(response)
    assert client.get(many(row) + "&nv=999999999&nv=x").context["directives"] == [row]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"due_on": ""}, "Ghi hạn đúng"),
        ({"due_on": "31/6/2020"}, "Không có ngày này"),
        ({"reason": ""}, "Ghi rõ sai ở đâu."),
        ({"source": "x y z"}, "x y z"),
    ],
)
def test_what_is_wrong_with_several_is_said_before_anything_is_shown(
    client, officer, source, changes, sentence
):
    assignment = make_assignment(due_on=JUNE)

    response = client.post(many(assignment.directive), words(**changes))

    assert response.status_code == 422
    assert sentence.lower() in text_of(response).lower()
    assert "hạn sẽ đổi" not in text_of(response)


@pytest.mark.parametrize("role", ["staff", "agency_head", "leader", "admin", "viewer"])
def test_only_officers_correct_several(client, role):
    assignment = make_assignment(due_on=JUNE)
    client.force_login(make_user(role))

    assert client.get(many(assignment.directive)).status_code == 403
    assert client.post(many(assignment.directive), words()).status_code == 403


def test_the_queries_of_the_preview_do_not_grow(client, officer, source):
    rows = [make_assignment(due_on=JUNE).directive for _ in range(8)]

    def cost(chosen):
        with CaptureQueriesContext(connection) as seen:
            client.post(many(*chosen), words())
        return len(seen)

    assert cost(rows) == cost(rows[:2])


# The list


def test_corrections_are_listed_apart_from_extensions(client, officer, source):
    field = make_field(code="vien-thong", name="Viễn thông")
    directive = make_assignment(due_on=JUNE, field=field).directive
    make_extension(state="granted")
    directive.correct_deadline(SEPTEMBER, by=officer, reason="Phụ lục ghi 30/9.", source=source)

    page = client.get(reverse("correction_list"))
    overview = client.get(reverse("extension_list"))

    assert [step.directive for step in page.context["page"]] == [directive]
    text = text_of(page)
    assert "30/6 → 30/9/2020" in text
    assert "Phụ lục ghi 30/9." in text
    assert "118/TB-UBND" in text
    assert officer.full_name in text
    assert overview.context["corrected"] == 1
    for query in ({"lv": "vien-thong"}, {"nv": directive.code}, {"q": directive.title}):
        assert client.get(reverse("correction_list"), query).context["total"] == 1
    assert client.get(reverse("correction_list"), {"q": "không khớp"}).context["total"] == 0


def test_an_agency_sees_the_corrections_of_its_own_work(client, source):
    officer = make_user("officer")
    mine, other = make_assignment(due_on=JUNE), make_assignment(due_on=JUNE)
    for row in (mine, other):
        row.directive.correct_deadline(SEPTEMBER, by=officer, reason="Nhầm.", source=source)
    client.force_login(make_user(agency=mine.agency))

    page = client.get(reverse("correction_list"))

    assert [step.directive for step in page.context["page"]] == [mine.directive]


def test_the_list_is_paged_and_its_queries_do_not_grow(client, officer, source):
    def correct():
        row = make_assignment(due_on=JUNE).directive
        row.correct_deadline(SEPTEMBER, by=officer, reason="Nhầm.", source=source)

    def cost():
        with CaptureQueriesContext(connection) as seen:
            response = client.get(reverse("correction_list"))
        return len(seen), response

    correct()
    few, _page = cost()
    for _ in range(27):
        correct()
    much, page = cost()

    assert much == few
    assert len(page.context["page"]) == 25
    assert Directive.objects.filter(due_on=SEPTEMBER).count() == 28
