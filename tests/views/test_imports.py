"""Importing an appendix through its pages, from the pasted table to undoing it."""

import pytest
from django.urls import reverse

from tests.factories import TODAY, make_agency, make_directive, make_document, make_field, make_user
from tracker.appendices import pasted_tables
from tracker.importing import apply, begin, check_rows, undo
from tracker.models import Directive, DirectiveSource, Import, Indicator

pytestmark = pytest.mark.django_db

HEAD = "STT\tNội dung nhiệm vụ\tCơ quan chủ trì\tThời gian hoàn thành\n"


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    settings.TRACKER_TODAY = TODAY


@pytest.fixture
def office():
    return {
        "officer": make_user("officer"),
        "document": make_document(),
        "field": make_field(name="Viễn thông"),
        "agency": make_agency(name="Huyện ủy Giao Thủy"),
    }


def read(office, lines, **fields):
    text = HEAD + "".join(f"{line}\n" for line in lines)
    values = {
        "kind": Import.Kind.DIRECTIVES,
        "year": 2020,
        "document": office["document"],
        "field": office["field"],
        "pasted": text,
    } | fields
    return begin(pasted_tables(values["pasted"]), by=office["officer"], **values)


def outcomes(batch):
    return [one.outcome for one in check_rows(batch, today=TODAY) if one.is_work]


TWO = [
    "1\tĐưa mạng 5G vào khai thác\tHuyện ủy Giao Thủy\t31/12/2020",
    "2\tSử dụng chữ ký số trong văn bản đi\tHuyện ủy Giao Thủy\t30/9/2020",
]


def write(batch, office, **options):
    return apply(batch, by=office["officer"], today=TODAY, **options)


def test_a_second_import_of_the_same_appendix_changes_nothing(office):
    write(read(office, TWO), office)

    again = write(read(office, TWO), office)

    assert again.outcome["unchanged"] == 2
    assert again.outcome["created"] == again.outcome["updated"] == 0
    assert Directive.objects.count() == DirectiveSource.objects.count() == 2


def test_a_corrected_appendix_shows_its_differences_and_writes_only_them(office):
    write(read(office, TWO), office)
    batch = read(office, [TWO[0], TWO[1].replace("30/9/2020", "31/10/2020")])

    changed = [one for one in check_rows(batch, today=TODAY) if one.differences]
    written = write(batch, office)

    assert [(each.role, each.old, each.new) for each in changed[0].differences] == [
        ("deadline", "30/9/2020", "31/10/2020")
    ]
    assert (written.outcome["updated"], written.outcome["unchanged"]) == (1, 1)
    assert Directive.objects.get(title__startswith="Sử dụng").due_on.isoformat() == "2020-10-31"


def test_the_deadline_of_an_assigned_directive_is_left_to_a_correction(office):
    write(read(office, TWO), office, assign=True)
    batch = read(office, [TWO[0], TWO[1].replace("30/9/2020", "31/10/2020")])

    written = write(batch, office)

    assert written.outcome["unchanged"] == 2
    assert Directive.objects.get(title__startswith="Sử dụng").due_on.isoformat() == "2020-09-30"


@pytest.mark.parametrize(
    ("line", "outcome", "doubts"),
    [
        (TWO[0], "unchanged", []),
        (TWO[0].replace("1\t", "7\t", 1), "created", ["same_text"]),
        (TWO[0].replace("5G", "4G"), "created", ["same_number"]),
        (TWO[0].replace("Đưa mạng 5G vào", "ĐƯA MẠNG 5G  vào"), "updated", []),
        ("9\tViệc khác hẳn\tHuyện ủy Giao Thủy\t31/12/2020", "created", []),
    ],
)
def test_identity_is_document_number_and_text(office, line, outcome, doubts):
    write(read(office, TWO), office)

    [one] = [one for one in check_rows(read(office, [line]), today=TODAY) if one.is_work]

    assert one.outcome == outcome
    assert [doubt.code for doubt in one.doubts] == doubts


def test_what_another_document_has_already_gets_one_more_source(office):
    known = make_directive(title="Đưa mạng 5G vào khai thác")

    batch = write(read(office, TWO[:1]), office)

    assert batch.outcome["updated"] == 1
    assert known.sources.filter(document=office["document"], printed_number="1").exists()
    undo(batch, by=office["officer"], today=TODAY)
    assert not known.sources.filter(document=office["document"]).exists()


def test_undoing_withdraws_what_was_created_and_a_touched_one_stops_it(office):
    batch = write(read(office, TWO), office)
    touched = Directive.objects.first()
    touched.edit(by=office["officer"], expected_version=None, note="đã xem")
    client_answers = post(office["officer"], "import_undo", [batch.pk])

    assert client_answers.status_code == 409
    assert touched.code in client_answers.content.decode()
    assert Directive.objects.filter(status="withdrawn").count() == 0


def test_undoing_an_untouched_import_withdraws_all(office):
    batch = write(read(office, TWO), office)

    answer = post(office["officer"], "import_undo", [batch.pk])

    assert answer.status_code == 302
    assert set(Directive.objects.values_list("status", flat=True)) == {"withdrawn"}
    assert outcomes(read(office, TWO)) == ["created", "created"]


def test_an_indicator_is_created_once_and_a_new_target_is_a_new_version(office):
    def table(target):
        return f"STT\tTên chỉ tiêu\tĐơn vị tính\tKế hoạch\n1\tTỷ lệ hồ sơ trực tuyến\t%\t{target}\n"

    write(read(office, [], kind="indicators", pasted=table("≥ 80")), office)
    same = write(read(office, [], kind="indicators", pasted=table("≥ 80")), office)
    other = write(read(office, [], kind="indicators", pasted=table("≥ 85")), office)

    assert same.outcome["unchanged"] == other.outcome["updated"] == 1
    assert [int(target.value) for target in Indicator.objects.get().targets.all()] == [80, 85]
    undo(other, by=office["officer"], today=TODAY)
    assert int(Indicator.objects.get().targets.order_by("-revision")[0].value) == 80


def post(user, name, args, **data):
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client.post(reverse(name, args=args), data)


def test_the_walk_from_a_pasted_table_to_the_register(client, office):
    client.force_login(office["officer"])
    text = HEAD + "".join(f"{line}\n" for line in [TWO[0], TWO[1].replace("30/9/2020", "31/9/2020")])
    fields = {
        "pasted": text,
        "kind": "directives",
        "year": "2020",
        "source_mode": "known",
        "document": office["document"].number,
        "field": office["field"].pk,
    }

    answer = client.post(reverse("import_create"), fields)
    batch = Import.objects.get()
    assert answer.url == reverse("import_columns", args=[batch.pk])
    columns = client.get(answer.url)
    assert columns.status_code == 200
    page = client.get(reverse("import_check", args=[batch.pk]))
    assert "31/9" in page.content.decode()
    row = batch.rows.get(number=3)
    fixed = client.post(
        reverse("import_row", args=[batch.pk, row.pk]),
        {
            f"{row.anchor}-state": row.state,
            f"{row.anchor}-act": "fix",
            f"{row.anchor}-o-deadline": "30/9/2020",
        },
    )
    assert fixed.status_code == 302
    batch.refresh_from_db()
    client.post(reverse("import_apply", args=[batch.pk]), {"version": batch.version})
    batch.refresh_from_db()

    assert batch.outcome["created"] == 2
    assert client.get(batch.get_absolute_url()).status_code == 200
    assert client.get(reverse("import_list")).status_code == 200


def test_a_form_of_an_older_state_of_the_row_is_refused(client, office):
    client.force_login(office["officer"])
    batch = read(office, TWO)
    row = batch.rows.get(number=2)
    old = row.state
    row.choose("skip", state=old)

    answer = client.post(
        reverse("import_row", args=[batch.pk, row.pk]),
        {f"{row.anchor}-state": old, f"{row.anchor}-act": "merge"},
    )

    row.refresh_from_db()
    assert (answer.status_code, row.choice) == (409, "skip")


def test_of_bodies_without_a_separator_each_is_offered_and_all_together(client, office):
    client.force_login(office["officer"])
    make_agency(name="Huyện ủy Hải Hậu")
    row = "1\tViệc một\tHuyện ủy Giao Thủy Huyện ủy Hải Hậu\t31/12/2020"
    batch = read(office, [row])

    page = client.get(reverse("import_check", args=[batch.pk])).content.decode()

    for name in ("Huyện ủy Giao Thủy", "Huyện ủy Hải Hậu", "Huyện ủy Giao Thủy; Huyện ủy Hải Hậu"):
        assert f'name="d2-0-o-lead" value="{name}"' in page
    assert "Dùng “Huyện ủy Hải Hậu”" in page


def test_a_decision_about_a_row_comes_back_to_its_page(client, office):
    client.force_login(office["officer"])
    batch = read(office, [f"{n}\tViệc số {n}\tHuyện ủy Giao Thủy\t31/12/2020" for n in range(1, 61)])
    row = batch.rows.get(number=60)
    address = reverse("import_row", args=[batch.pk, row.pk]) + "?xem=tat-ca&trang=3"

    opened = f"?xem=tat-ca&trang=3&sua={row.pk}"
    page = client.get(reverse("import_check", args=[batch.pk]) + opened).content.decode()
    choice = {f"{row.anchor}-state": row.state, f"{row.anchor}-act": "skip"}
    answer = client.post(address, choice)

    assert address.replace("&", "&amp;") in page
    assert answer.url.endswith(f"?xem=tat-ca&trang=3#{row.anchor}")


def test_splitting_and_joining_rows(office):
    batch = read(office, ["1\tViệc một; việc hai\tHuyện ủy Giao Thủy\t31/12/2020", TWO[1]])
    row = batch.rows.get(number=2)

    row.split("việc hai", state=row.state)
    third = batch.rows.get(number=3)
    third.choose("merge", state=third.state)

    work = [one for one in check_rows(batch, today=TODAY) if one.is_work]
    assert [one.read.text for one in work] == ["Việc một;", "việc hai Sử dụng chữ ký số trong văn bản đi"]


def test_rows_with_errors_are_taken_along_as_a_spreadsheet(client, office):
    client.force_login(office["officer"])
    batch = read(office, [TWO[0].replace("31/12", "31/11"), TWO[1]])

    answer = client.get(reverse("import_problem_rows", args=[batch.pk]))
    written = write(batch, office)

    assert answer.content[:2] == b"PK"
    assert (written.outcome["created"], Directive.objects.count()) == (1, 1)


@pytest.mark.parametrize("kind", ["directives", "indicators"])
def test_the_template_is_read_as_an_appendix_without_rows(client, office, kind):
    from tracker.appendices import open_tables

    client.force_login(office["officer"])
    content = client.get(reverse("import_template", args=[kind])).content

    batch = begin(open_tables(content, "mau.xlsx"), by=office["officer"], kind=kind, year=2020)

    assert [one for one in check_rows(batch, today=TODAY) if one.is_work] == []


def test_a_wrong_file_is_refused_at_its_field(client, office):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client.force_login(office["officer"])
    fields = {"kind": "directives", "year": "2020", "source_mode": "known"}

    answer = client.post(
        reverse("import_create"), fields | {"file": SimpleUploadedFile("a.xls", b"\xd0\xcf")}
    )

    assert answer.status_code == 422
    assert not Import.objects.exists()


def test_checking_asks_no_more_of_the_database_for_more_rows(office):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (2, 40):
        batch = read(office, [f"{n}\tViệc số {n}\tHuyện ủy Giao Thủy\t31/12/2020" for n in range(1, number)])
        with CaptureQueriesContext(connection) as queries:
            check_rows(batch, today=TODAY)
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_the_same_import_only_one_does(office):
    from tests.test_concurrency_progress import at_once, refusals

    batch = read(office, TWO)

    results = at_once(lambda: write(batch, office), lambda: write(batch, office))

    assert len(refusals(results)) == 1
    assert Directive.objects.count() == 2


def test_a_new_document_is_entered_whatever_was_typed_as_a_known_one(client, office):
    client.force_login(office["officer"])
    fields = {"pasted": HEAD + f"{TWO[0]}\n", "kind": "directives", "year": "2020", "source_mode": "new"}
    fields |= {"document": "không có văn bản này", "field": office["field"].pk, "vb-abstract": "Kế hoạch mới"}
    fields |= {
        "vb-kind": "plan",
        "vb-number": "777/KH-UBND",
        "vb-issued_on": "15/3/2020",
        "vb-version_kind": "signed",
    }

    answer = client.post(reverse("import_create"), fields)

    assert answer.status_code == 302
    assert Import.objects.get().document.number == "777/KH-UBND"


@pytest.mark.parametrize("name", ["import_row", "import_columns", "import_discard"])
def test_a_form_of_an_import_that_was_written_meanwhile_leads_to_its_result(client, office, name):
    client.force_login(office["officer"])
    batch = write(read(office, TWO), office)
    arguments = [batch.pk, batch.rows.first().pk] if name == "import_row" else [batch.pk]

    answer = client.post(reverse(name, args=arguments), follow=True)
    swapped = client.post(reverse(name, args=arguments), headers={"HX-Request": "true"})

    assert answer.redirect_chain[-1][0] == batch.get_absolute_url()
    assert "Lần nhập này vừa được ghi, hoàn tác hoặc bỏ" in answer.text
    assert swapped["HX-Redirect"] == batch.get_absolute_url()
    batch.refresh_from_db()
    assert batch.status == "applied"


def test_after_undoing_the_pages_say_what_was_taken_back(client, office):
    client.force_login(office["officer"])
    write(read(office, TWO[:1]), office)
    batch = write(read(office, [TWO[0].replace("31/12", "30/9"), TWO[1]]), office)
    undo(batch, by=office["officer"], today=TODAY)

    page = client.get(batch.get_absolute_url())

    assert {tab.word: (str(tab.label), tab.count) for tab in page.context["tabs"]}["tao"] == ("Đã thu hồi", 1)
    assert {tab.word: (str(tab.label), tab.count) for tab in page.context["tabs"]}["sua"][1] == 1
    assert ">Đã thu hồi<" in page.text
    assert "Tạo mới" not in page.text
    assert "Đã hoàn tác: thu hồi 1, trả lại như trước 1" in client.get(reverse("import_list")).text


def test_a_cell_of_a_row_is_not_called_optional(client, office):
    client.force_login(office["officer"])
    batch = read(office, TWO)
    row = batch.rows.get(number=2)

    page = client.get(batch.get_absolute_url(), {"xem": "tat-ca", "sua": row.pk}).text

    assert "d2-0-o-deadline" in page
    assert "(nếu có)" not in page
