"""What an import must not do: move parts, turn bounds round, lose words, or refuse to be undone without need."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import (
    TODAY,
    make_agency,
    make_directive,
    make_document,
    make_field,
    make_indicator,
    make_target,
    make_user,
)
from tracker.appendices import pasted_tables
from tracker.forms.imports import RowForm
from tracker.importing import apply, begin, check_rows, undo
from tracker.importing.undoing import Touched
from tracker.models import Directive, DirectiveSource, Import, Indicator, Target

pytestmark = pytest.mark.django_db

HEAD = "STT\tNội dung nhiệm vụ\tCơ quan chủ trì\tThời gian hoàn thành\n"
BODY = "Huyện ủy Giao Thủy\t31/12/2020"
PARTS = [
    f"1\tĐưa mạng 5G vào khai thác\t{BODY}",
    f"2\tSử dụng chữ ký số trong văn bản đi\t{BODY}",
    f"2.1\tCấp chữ ký số cho lãnh đạo\t{BODY}",
]


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def office():
    make_agency(name="Huyện ủy Giao Thủy")
    return {
        "officer": make_user("officer"),
        "document": make_document(),
        "field": make_field(name="Viễn thông"),
    }


def read(office, lines, head=HEAD, **fields):
    values = {
        "kind": Import.Kind.DIRECTIVES,
        "year": 2020,
        "document": office["document"],
        "field": office["field"],
        "pasted": head + "".join(f"{line}\n" for line in lines),
    } | fields
    return begin(pasted_tables(values["pasted"]), by=office["officer"], **values)


def read_target(office, target):
    head = "STT\tTên chỉ tiêu\tĐơn vị tính\tKế hoạch\n"
    return read(office, [f"1\tTỷ lệ hồ sơ trễ hạn\t%\t{target}"], head=head, kind=Import.Kind.INDICATORS)


def write(batch, office, **options):
    return apply(batch, by=office["officer"], today=TODAY, **options)


def work(batch):
    return [one for one in check_rows(batch, today=TODAY) if one.is_work]


def decide(batch, text, **decision):
    """One decision about the row that begins with this text."""
    [row] = [row for row in batch.rows.all() if row.cells.get("content", "").startswith(text)]
    if row_class := decision.get("row_class"):
        row.take_as(row_class, state=row.state)
    else:
        row.choose(decision["choice"], state=row.state)
    return row


def codes(one):
    return [doubt.code for doubt in one.doubts if doubt.must]


# Parts of a task that is left out


@pytest.mark.parametrize("decision", [{"choice": "skip"}, {"row_class": "heading"}, {"row_class": "noise"}])
def test_a_part_never_moves_to_another_task_when_its_own_is_left_out(office, decision):
    batch = read(office, PARTS)
    decide(batch, "Sử dụng", **decision)

    first, part = work(batch)
    written = write(batch, office)

    assert (codes(first), codes(part)) == ([], ["parent_left_out"])
    assert written.outcome["created"] == 1
    assert not Directive.objects.filter(title__startswith="Cấp").exists()


def test_a_part_of_a_left_out_task_is_written_once_it_is_a_task_of_its_own(office):
    batch = read(office, PARTS)
    decide(batch, "Sử dụng", choice="skip")
    decide(batch, "Cấp", row_class="task")

    write(batch, office)

    assert Directive.objects.get(title__startswith="Cấp").parent is None


def test_a_part_called_so_by_a_person_does_not_climb_over_a_left_out_task(office):
    batch = read(office, [*PARTS[:2], f"3\tCấp chữ ký số cho lãnh đạo\t{BODY}"])
    decide(batch, "Sử dụng", choice="skip")
    decide(batch, "Cấp", row_class="sub_item")

    _first, part = work(batch)

    assert codes(part) == ["parent_left_out"]


def test_a_part_goes_under_its_left_out_task_when_that_is_in_the_register(office):
    write(read(office, PARTS[:2]), office)
    batch = read(office, PARTS)
    decide(batch, "Sử dụng", choice="skip")

    write(batch, office)

    assert Directive.objects.get(title__startswith="Cấp").parent.title.startswith("Sử dụng")


def test_the_parts_of_a_task_that_is_joined_to_another_belong_to_that_one(office):
    batch = read(office, PARTS)
    decide(batch, "Sử dụng", choice="merge")

    write(batch, office)

    assert Directive.objects.get(title__startswith="Cấp").parent.title.startswith("Đưa mạng")


# Bounds


@pytest.mark.parametrize(
    ("direction", "printed", "operator", "must"),
    [
        ("up", "không quá 35%", "le", ["against"]),
        ("up", "≤ 35", "le", ["against"]),
        ("down", "tối thiểu 35", "ge", ["against"]),
        ("down", "35", "le", []),
        ("up", "35", "ge", []),
        ("down", "không quá 35%", "le", []),
    ],
)
def test_a_printed_bound_is_never_turned_round(office, direction, printed, operator, must):
    make_indicator(name="Tỷ lệ hồ sơ trễ hạn", unit="%", direction=direction)

    [one] = work(read_target(office, printed))

    assert (one.target["operator"], codes(one)) == (operator, must)


def test_the_same_bare_number_for_an_indicator_that_falls_is_no_new_version(office):
    indicator = make_indicator(name="Tỷ lệ hồ sơ trễ hạn", unit="%", direction="down")
    write(read_target(office, "35"), office)

    again = write(read_target(office, "35,0"), office)

    assert again.outcome["unchanged"] == 1
    assert [target.operator for target in indicator.targets.all()] == ["le"]


def test_a_rank_that_is_a_bare_number_is_to_be_reached_or_bettered(office):
    head = "STT\tTên chỉ tiêu\tĐơn vị tính\tKế hoạch\n"
    batch = read(office, ["1\tXếp hạng chuyển đổi số\tHạng\t10"], head=head, kind="indicators")

    [one] = work(batch)

    assert (one.target["operator"], codes(one)) == ("le", [])


# What a person says about a row


def row_of(batch, text):
    [row] = [row for row in batch.rows.all() if row.cells.get("content", "").startswith(text)]
    return row


def classes(row):
    return [value for value, _label in RowForm(row=row, roles=["content"]).fields["row_class"].choices]


def test_a_row_whose_words_stand_nowhere_else_cannot_be_called_the_rest_of_another(office):
    batch = read(office, [PARTS[0], "\tvà các xã\t\t"])

    assert "continuation" not in classes(row_of(batch, "Đưa"))
    assert "continuation" in classes(row_of(batch, "và các"))


def post(office, row, act, query="", **values):
    client = Client()
    client.force_login(office["officer"])
    data = {"state": row.state, "act": act, "row_class": row.row_class, **values}
    return client.post(
        reverse("import_row", args=[row.batch_id, row.pk]) + query,
        {f"{row.anchor}-{name}": value for name, value in data.items()},
    )


@pytest.mark.parametrize("act", ["skip", "merge", "as_new", "class"])
def test_cells_that_were_typed_are_kept_whatever_button_is_pressed(office, act):
    row = row_of(read(office, PARTS), "Sử dụng")

    answer = post(office, row, act, **{"o-deadline": "30/9/2020"})

    row.refresh_from_db()
    assert (answer.status_code, row.cells["deadline"]) == (302, "30/9/2020")
    assert act == "class" or row.choice == act


def test_a_row_is_split_as_it_was_typed(office):
    row = row_of(read(office, PARTS), "Sử dụng")

    post(office, row, "split", **{"o-content": "Việc một; việc hai", "split_at": "việc hai"})

    parts = [part.cells["content"] for part in row.batch.rows.filter(number=row.number).order_by("part")]
    assert parts == ["Việc một;", "việc hai"]


def test_a_refused_split_keeps_no_cells_and_shows_the_typed_ones(office):
    row = row_of(read(office, PARTS), "Sử dụng")

    answer = post(office, row, "split", **{"o-content": "Việc một", "split_at": "không có"})

    row.refresh_from_db()
    assert (answer.status_code, row.edited) == (422, {})
    assert "Việc một</textarea>" in answer.text


def test_parts_split_again_stay_in_the_order_of_the_text(office):
    batch = read(office, [f"1\tViệc A việc B việc C\t{BODY}"])
    row = row_of(batch, "Việc A")

    row.split("việc C", state=row.state)
    row.split("việc B", state=row.state)

    parts = [part.cells["content"] for part in batch.rows.filter(number=row.number).order_by("part")]
    assert parts == ["Việc A", "việc B", "việc C"]


# Pages of rows


@pytest.fixture
def long_import(office):
    return read(office, [f"{n}\tViệc số {n} trong năm\t{BODY}" for n in range(1, 71)])


def test_refused_words_are_shown_on_the_page_that_holds_their_row(office, long_import):
    row = row_of(long_import, "Việc số 65 ")

    answer = post(office, row, "split", "?xem=hop-le", **{"o-deadline": "quý IV", "split_at": "không có"})

    assert answer.status_code == 422
    assert 'value="quý IV"' in answer.text
    assert 'value="không có"' in answer.text


def test_refused_words_are_shown_even_when_their_row_is_not_in_the_tab(office, long_import):
    row = row_of(long_import, "Việc số 65 ")

    answer = post(office, row, "split", "?xem=loi", split_at="không có")

    assert 'value="không có"' in answer.text


def test_a_row_saved_on_the_second_page_leads_back_to_it(office, long_import):
    client = Client()
    client.force_login(office["officer"])
    row = row_of(long_import, "Việc số 35 ")
    address = reverse("import_row", args=[long_import.pk, row.pk])

    asked = {"xem": "hop-le", "trang": "2", "sua": row.pk}
    page = client.get(reverse("import_check", args=[long_import.pk]), asked).text
    answer = post(office, row, "save", "?xem=hop-le&trang=2", **{"o-deadline": "30/9/2020"})

    assert f"{address}?xem=hop-le&amp;trang=2" in page
    assert answer.url.endswith(f"?xem=hop-le&trang=2#{row.anchor}")


# Undoing


def test_parts_and_indicators_that_were_there_before_do_not_stop_undoing_a_change(office):
    write(read(office, PARTS[:1]), office)
    directive = Directive.objects.get()
    make_directive(parent=directive)
    make_indicator(directive=directive)
    changed = write(read(office, [PARTS[0].replace("31/12", "30/9")]), office)
    assert changed.outcome["updated"] == 1

    undo(changed, by=office["officer"], today=TODAY)

    directive.refresh_from_db()
    assert directive.due_on.isoformat() == "2020-12-31"


def test_a_part_that_was_added_afterwards_stops_undoing_a_new_directive(office):
    batch = write(read(office, PARTS[:1]), office)
    make_directive(parent=Directive.objects.get())

    with pytest.raises(Touched):
        undo(batch, by=office["officer"], today=TODAY)


def test_targets_that_were_there_before_do_not_stop_undoing_a_changed_field(office):
    write(read_target(office, "≤ 35"), office)
    other = read(
        office,
        ["1\tTỷ lệ hồ sơ trễ hạn\t%\t≤ 35\tGhi thêm"],
        head="STT\tTên chỉ tiêu\tĐơn vị tính\tKế hoạch\tGhi chú\n",
        kind=Import.Kind.INDICATORS,
    )
    changed = write(other, office)
    assert (changed.outcome["updated"], Indicator.objects.get().note) == (1, "Ghi thêm")

    undo(changed, by=office["officer"], today=TODAY)

    assert Indicator.objects.get().note == ""


def test_a_target_that_was_set_afterwards_stops_undoing(office):
    batch = write(read_target(office, "≤ 35"), office)
    make_target(Indicator.objects.get(), due_on=TODAY, operator="le", value=30)

    with pytest.raises(Touched):
        undo(batch, by=office["officer"], today=TODAY)
    assert Target.objects.count() == 2


def test_the_gloss_of_a_source_outlives_an_import_and_its_undoing(office):
    write(read(office, PARTS[:1]), office)
    source = DirectiveSource.objects.get()
    source.correct(by=office["officer"], sentence=source.sentence, gloss="Giải thích")
    batch = write(read(office, [PARTS[0].replace("Đưa mạng", "ĐƯA MẠNG")]), office)

    source.refresh_from_db()
    assert (source.sentence[:8], source.gloss) == ("ĐƯA MẠNG", "Giải thích")
    undo(batch, by=office["officer"], today=TODAY)
    source.refresh_from_db()
    assert (source.sentence[:8], source.gloss) == ("Đưa mạng", "Giải thích")
