"""The life of an import: what is written at once equals what is written one by one, giving up, undoing, re-reading."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import TODAY, make_agency, make_document, make_field, make_group, make_user
from tracker import clock
from tracker.appendices import pasted_tables
from tracker.importing import apply, begin, check_rows, read_again, undo
from tracker.importing.undoing import Touched
from tracker.models import (
    Agency,
    Directive,
    DirectiveEvent,
    DirectiveHistory,
    DirectiveSource,
    DirectiveSourceHistory,
    Import,
    ImportStatus,
    StaleVersion,
    WrongStep,
)

pytestmark = pytest.mark.django_db

HEAD = "STT\tNội dung nhiệm vụ\tCơ quan chủ trì\tThời gian hoàn thành"


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def officer():
    return make_user("officer")


@pytest.fixture
def source():
    make_agency(name="Huyện ủy Giao Thủy")
    return {"document": make_document(), "field": make_field(name="Viễn thông")}


def read(officer, source, lines, head=HEAD):
    text = "\n".join([head, *lines])
    fields = {"kind": Import.Kind.DIRECTIVES, "year": 2020, "pasted": text, **source}
    return begin(pasted_tables(text), by=officer, **fields)


def tasks(number, word="Việc"):
    return [f"{n}\t{word} số {n}\tHuyện ủy Giao Thủy\t31/12/2020" for n in range(1, number + 1)]


def write(batch, officer, **options):
    return apply(batch, by=officer, today=TODAY, **options)


def stored(model, *left_out, **where):
    """All columns of the newest row but its key, its moments and what ``left_out`` names."""
    [row] = model.objects.filter(**where).order_by("-pk")[:1].values()
    unlike = {"id", "at", "created_at", "pgh_id", "pgh_created_at", "pgh_obj_id", *left_out}
    return {name: value for name, value in row.items() if name not in unlike}


def test_what_is_written_at_once_equals_what_register_and_cite_leave(officer, source):
    values = {
        "title": "Việc số 1",
        "field": source["field"],
        "lead": Agency.objects.get(name="Huyện ủy Giao Thủy"),
        "lead_printed": "Huyện ủy Giao Thủy",
        "deadline_printed": "31/12/2020",
        "deadline_kind": Directive.DeadlineKind.DAY,
        "due_on": dt.date(2020, 12, 31),
    }
    batch = read(officer, source, tasks(1))
    write(batch, officer)
    bulk = batch.rows.get(outcome="created").directive
    one = Directive.register(by=officer, year=2020, **values)
    said = {"sentence": "Việc số 1", "printed_number": "1"}
    reason = bulk.events.get(kind="edited").reason
    DirectiveSource.cite(one, by=officer, document=source["document"], reason=reason, **said)

    own = {"code", "search", "directive_id", "id"}
    for model, of, key in [
        (Directive, "pk", own),
        (DirectiveSource, "directive", own),
        (DirectiveHistory, "pgh_obj", own),
        (DirectiveSourceHistory, "directive", own),
    ]:
        assert stored(model, *key, **{of: bulk.pk}) == stored(model, *key, **{of: one.pk})
    for kind in ("registered", "edited"):
        assert stored(DirectiveEvent, *own, directive=bulk, kind=kind) == stored(
            DirectiveEvent, *own, directive=one, kind=kind
        )
    assert bulk.events.count() == one.events.count() == 2
    assert int(one.code[-3:]) == int(bulk.code[-3:]) + 1


def test_more_rows_ask_no_more_of_the_database(officer, source):
    write(read(officer, source, tasks(1, "Mở đầu")), officer)
    steps = {"begin": [], "check": [], "apply": [], "again": [], "undo": []}
    for number, word in ((20, "Việc"), (200, "Phần việc")):
        lines = tasks(number, word)
        with CaptureQueriesContext(connection) as asked:
            batch = read(officer, source, lines)
        steps["begin"].append(len(asked))
        with CaptureQueriesContext(connection) as asked:
            check_rows(batch, today=TODAY)
        steps["check"].append(len(asked))
        with CaptureQueriesContext(connection) as asked:
            written = write(batch, officer, assign=True)
        steps["apply"].append(len(asked))
        with CaptureQueriesContext(connection) as asked:
            write(read(officer, source, lines), officer)
        steps["again"].append(len(asked))
        with CaptureQueriesContext(connection) as asked:
            undone = undo(written, by=officer, today=TODAY)
        steps["undo"].append(len(asked))
        assert written.outcome["created"] == written.outcome["assigned"] == number
        assert undone.outcome["withdrawn"] == number

    few = {name: counts[0] for name, counts in steps.items()}
    assert {name: counts[1] for name, counts in steps.items()} == few


def test_who_cannot_have_a_row_leaves_it_unassigned_and_the_row_says_why(officer, source):
    make_group(name="Khối các tổ công tác")
    lines = [*tasks(1), tasks(2)[1].replace("Huyện ủy Giao Thủy", "Khối các tổ công tác")]

    written = write(read(officer, source, lines), officer, assign=True)

    given, left = (written.rows.get(directive__title=f"Việc số {number}") for number in (1, 2))
    assert written.outcome["assigned"] == 1
    assert (given.directive.status, given.outcome_reason) == ("new", "")
    assert left.directive.status == "unassigned"
    assert left.outcome_reason.startswith("Chưa giao: Đến ngày này nhóm")
    assert [row.version_after == row.directive.version for row in (given, left)] == [True, True]


def test_parts_become_children_of_their_task_and_a_heading_gives_the_field(officer, source):
    other = make_field(name="Chuyển đổi số")
    lines = ["I\tChuyển đổi số\t\t", *tasks(1), "1.1\tPhần một\tHuyện ủy Giao Thủy\t30/9/2020"]

    write(read(officer, source, lines), officer)

    part = Directive.objects.get(title="Phần một")
    assert part.parent.title == "Việc số 1"
    assert part.field == part.parent.field == other
    assert part.code > part.parent.code


def test_a_deadline_outside_the_century_is_refused_with_its_row(officer, source):
    from tracker.models.registering import Entry, register_all

    fields = {"title": "Việc", "field": source["field"], "due_on": dt.date(1999, 12, 31)}

    with pytest.raises(ValidationError, match=r"7: .*2000"):
        register_all([Entry(fields, [], name="7")], by=officer, year=2020, reason="")
    assert not Directive.objects.exists()


def test_known_documents_of_the_higher_level_become_sources_and_others_stay_in_the_note(officer, source):
    known = make_document(number="749/QĐ-TTg")
    head = f"{HEAD}\tVăn bản cấp trên giao\tGhi chú"
    line = f"{tasks(1)[0]}\tQuyết định số 749/QĐ-TTg; Công văn 12/XX-YY\tgấp"

    write(read(officer, source, [line], head), officer)

    directive = Directive.objects.get()
    sources = [(one.document, one.position) for one in directive.sources.all()]
    assert sources == [(source["document"], 0), (known, 1)]
    assert directive.note == "gấp\nVăn bản cấp trên giao: Công văn 12/XX-YY"
    assert directive.events.filter(kind="edited", document=known).count() == 1


def test_what_is_given_up_writes_nothing_and_cannot_be_written_any_more(officer, source):
    batch = read(officer, source, tasks(2))

    batch.discard(by=officer)

    assert (batch.status, batch.undone_by) == (ImportStatus.DISCARDED, officer)
    with pytest.raises(WrongStep):
        write(batch, officer)
    assert not Directive.objects.exists()


@pytest.mark.parametrize(("hours", "is_undone"), [(23, True), (25, False)])
def test_an_import_is_undone_within_a_day_only(officer, source, monkeypatch, hours, is_undone):
    batch = write(read(officer, source, tasks(2)), officer)
    later = clock.now() + dt.timedelta(hours=hours)
    monkeypatch.setattr(clock, "now", lambda: later)

    if is_undone:
        undo(batch, by=officer, today=TODAY)
    else:
        with pytest.raises(ValidationError, match="24"):
            undo(batch, by=officer, today=TODAY)

    batch.refresh_from_db()
    assert batch.status == (ImportStatus.UNDONE if is_undone else ImportStatus.APPLIED)
    assert Directive.objects.filter(status="withdrawn").count() == (2 if is_undone else 0)


def test_what_people_have_touched_is_not_undone_at_all(officer, source):
    batch = write(read(officer, source, tasks(2)), officer)
    touched = Directive.objects.get(title="Việc số 2")
    touched.edit(by=officer, expected_version=None, note="đã xem")

    with pytest.raises(Touched) as refusal:
        undo(batch, by=officer, today=TODAY)

    assert refusal.value.records == [touched]
    assert not Directive.objects.filter(status="withdrawn").exists()


def test_other_columns_read_the_rows_anew_and_an_older_page_does_not(officer, source):
    batch = read(officer, source, tasks(2))
    row = batch.rows.get(number=2)
    row.put_right({"content": "Sửa tay"}, state=row.state)
    batch.refresh_from_db()
    tables, seen = pasted_tables(batch.pasted), batch.version
    swapped = [["index", "content", "coordinate", "deadline"]]

    assert read_again(batch, tables, columns=swapped, expected_version=seen)
    with pytest.raises(StaleVersion):
        read_again(batch, tables, columns=[["index", "content", "", ""]], expected_version=seen)

    row = batch.rows.get(number=2)
    assert (row.edited, row.printed["coordinate"]) == ({}, "Huyện ủy Giao Thủy")
    assert "lead" not in row.printed
