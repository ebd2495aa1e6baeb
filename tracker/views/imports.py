"""Importing an appendix (nhập phụ lục): a file, its columns, every row looked at, and then all at once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from tracker import clock
from tracker.figures.imports import cut
from tracker.forms.imports import ROLE_NAMES, ApplyForm, ColumnsForm, ImportForm, RowForm
from tracker.importing import Checked, apply, begin, check_rows, read_again, touched, undo
from tracker.importing.beginning import tables_of
from tracker.importing.sheets import problem_sheet, template_sheet
from tracker.importing.undoing import Touched
from tracker.models import Document, Import, ImportRow, ImportStatus, RowChanged
from tracker.once import once
from tracker.permissions import can_import, can_undo_import, require

ROWS_A_PAGE = 25
MOST_NAMED = 10
"""Rows that the summary of errors names; the tab has all of them."""

_COLUMNS = {
    "content": "content",
    "lead": "bodies",
    "coordinate": "bodies",
    "deadline": "due",
    "target": "due",
    "unit": "due",
    "field": "field",
}
"""In which column of the page a cell of the appendix is shown; others stand beside what was found."""

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    require(can_import(request.user))
    found = Import.objects.visible_to(request.user).select_related("document", "created_by", "applied_by")
    page = Paginator(found, 25).get_page(request.GET.get("trang"))
    return render(request, "imports/list.html", {"page": page, "today": clock.today()})


@require_http_methods(["GET", "HEAD", "POST"])
@once
def import_create(request: HttpRequest) -> HttpResponse:
    """Step 1: the file or the pasted table, and the document that it belongs to."""
    require(can_import(request.user))
    about: dict[str, Any] = {"user": request.user, "today": clock.today()}
    if request.method != "POST":
        return _create_page(request, ImportForm(initial={"document": request.GET.get("vb", "")}, **about))
    form = ImportForm(request.POST, request.FILES, **about)
    if form.is_valid():
        try:
            with transaction.atomic():
                document = form.cleaned_data["document"]
                if form.cleaned_data["source_mode"] == "new":
                    document = Document.register(**form.new_document.content)
                batch = begin(form.tables, by=request.user, document=document, **form.content)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            return redirect("import_columns", batch.pk)
    return _create_page(request, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 2: what each column holds; another choice reads the rows anew."""
    batch = _find(request, pk)
    if batch.status != ImportStatus.CHECKING:
        return _settled(request, batch)
    tables = tables_of(batch)
    form = ColumnsForm(request.POST if request.method == "POST" else None, batch=batch)
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            if read_again(batch, tables, columns=form.columns, expected_version=version):
                messages.success(request, _("The rows have been read anew with these columns."))
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
            return _columns_page(request, form, batch, tables, status=409)
        return redirect(batch)
    return _columns_page(request, form, batch, tables, status=422 if form.errors else 200)


@require_safe
def import_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 3, and afterwards the result: every row with what was printed and what it means."""
    batch = _find(request, pk)
    if batch.status == ImportStatus.CHECKING:
        return _check_page(request, batch)
    return _result_page(request, batch)


@require_POST
@once
def import_row(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """One decision about one row."""
    batch = _find(request, pk)
    if batch.status != ImportStatus.CHECKING:
        return _settled(request, batch)
    line = get_object_or_404(ImportRow.objects.select_related("batch"), batch=batch, pk=row)
    form = RowForm(request.POST, row=line, roles=_roles(batch))
    if form.is_valid():
        try:
            _act(line, form)
        except RowChanged as refusal:
            form.add_error(None, refusal)
            line.refresh_from_db()
            return _check_page(request, batch, refused=(line, form), status=409)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            return redirect(_address(request, batch, line))
    return _check_page(request, batch, refused=(line, form), status=422)


@require_POST
@once
def import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 4: everything into the register, in one transaction."""
    batch = _find(request, pk)
    require(can_import(request.user))
    form = ApplyForm(request.POST)
    if form.is_valid():
        try:
            written = apply(
                batch,
                by=request.user,
                today=clock.today(),
                expected_version=form.cleaned_data["version"],
                assign=form.cleaned_data["assign"],
            )
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("The appendix has been written into the register."))
            return redirect(written)
    batch.refresh_from_db()
    if batch.status != ImportStatus.CHECKING:
        return _result_page(request, batch, status=409)
    return _check_page(request, batch, status=409)


@require_POST
@once
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _find(request, pk)
    require(can_undo_import(request.user, batch))
    try:
        undo(batch, by=request.user, today=clock.today())
    except Touched as refusal:
        return _result_page(request, batch, status=409, in_use=refusal.records)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return _result_page(request, batch, status=409)
    messages.success(request, _("The import has been undone."))
    return redirect(batch)


@require_POST
@once
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _find(request, pk)
    if batch.status != ImportStatus.CHECKING:
        return _settled(request, batch)
    batch.discard(by=request.user)
    messages.success(request, _("The import has been given up; nothing was written."))
    return redirect("import_list")


@require_safe
def import_problem_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that cannot be imported yet, with why, to be put right in a spreadsheet and imported again."""
    batch = _find(request, pk)
    if batch.status != ImportStatus.CHECKING:
        return _settled(request, batch)
    rows = [one for one in check_rows(batch, today=clock.today()) if one.is_problem]
    content = problem_sheet(rows, _roles(batch))
    return _sheet(content, _("rows-with-errors.xlsx"))


@require_safe
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty appendix with the official columns and two examples, which are read as nothing to import."""
    require(can_import(request.user))
    if kind not in Import.Kind.values:
        raise Http404
    return _sheet(template_sheet(kind), _("template-%(kind)s.xlsx") % {"kind": kind})


def _sheet(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _find(request: HttpRequest, pk: int) -> Import:
    require(can_import(request.user))
    seen = Import.objects.visible_to(request.user)
    return get_object_or_404(
        seen.select_related("document", "field", "created_by", "applied_by", "undone_by"), pk=pk
    )


def _settled(request: HttpRequest, batch: Import) -> HttpResponse:
    """To the result of an import whose rows cannot be changed any more, with a sentence that says so."""
    messages.error(request, _("This import has been written, undone or given up in the meantime."))
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(batch.get_absolute_url())
    return redirect(batch)


def _roles(batch: Import) -> list[str]:
    """The roles that its columns have, with those that a row may need, in the official order."""
    used = {role for columns in batch.columns for role in columns} | {
        "content",
        "lead",
        "deadline",
        "field",
        "code",
    }
    used |= {"target", "unit"} if batch.kind == Import.Kind.INDICATORS else set()
    return [role for role in ROLE_NAMES if role in used]


def _act(line: ImportRow, form: RowForm) -> None:
    """What the pressed button says; cells that were typed along with it are kept."""
    act, state = form.cleaned_data["act"] or "save", form.cleaned_data["state"]
    line.put_right(form.cells, state=state)
    if act == "split":
        line.split(form.cleaned_data["split_at"], state=line.state)
    elif act == "class":
        line.take_as(form.cleaned_data["row_class"] or line.row_class, state=line.state)
    elif act in ImportRow.Choice.values:
        line.choose(act, state=line.state)


def _address(request: HttpRequest, batch: Import, line: ImportRow) -> str:
    asked = {name: request.GET[name] for name in ("xem", "trang") if request.GET.get(name)}
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{reverse('import_check', args=[batch.pk])}{query}#{line.anchor}"


def _create_page(request: HttpRequest, form: ImportForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "steps": _steps(1),
        "documents": form.fields["document"].queryset[:50],
        "crumbs": [(_("Imports"), reverse("import_list")), (_("Choose a file"), "")],
    }
    return render(request, "imports/create.html", context, status=status)


def _columns_page(
    request: HttpRequest, form: ColumnsForm, batch: Import, tables: list[Any], status: int = 200
) -> HttpResponse:
    shown = [
        {"title": table.title, "rows": table.rows[:5], "columns": form.of_table(at)}
        for at, table in enumerate(tables)
        if at < len(batch.columns) and batch.columns[at]
    ]
    context = {
        "form": form,
        "batch": batch,
        "tables": shown,
        "taken_from": batch.taken_from,
        "steps": _steps(2),
        "crumbs": [(_("Imports"), reverse("import_list")), (batch.label, "")],
    }
    return render(request, "imports/columns.html", context, status=status)


def _check_page(
    request: HttpRequest,
    batch: Import,
    refused: tuple[ImportRow, RowForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    batch.refresh_from_db()
    rows = check_rows(batch, today=clock.today())
    tabs, shown, found = cut(rows, request.GET.get("xem", ""), status=batch.status)
    asked: Any = request.GET.get("trang")
    if refused:
        if refused[0].pk not in (places := _places(found)):
            tabs, shown, found = cut(rows, "tat-ca", status=batch.status)
            places = _places(found)
        asked = places[refused[0].pk] // ROWS_A_PAGE + 1
    page = Paginator(found, ROWS_A_PAGE).get_page(asked)
    roles = _roles(batch)
    ready = sum(one.is_written for one in rows)
    problems = [one for one in rows if one.is_problem]
    context = {
        "batch": batch,
        "tabs": tabs,
        "shown": shown,
        "page": page,
        "lines": [_line(one, roles, refused, request.GET.get("sua", "")) for one in page],
        "refused": refused[1] if refused else None,
        "problems": [(one, one.reason) for one in problems[:MOST_NAMED]],
        "problem_count": len(problems),
        "doubtful_count": sum(one.is_doubtful for one in rows),
        "ready": ready,
        "apply": ApplyForm(initial={"version": batch.version}),
        "role_names": ROLE_NAMES,
        "steps": _steps(3),
        "row_count": len(rows),
        "crumbs": [(_("Imports"), reverse("import_list")), (batch.label, "")],
    }
    return render(request, "imports/check.html", context, status=status)


def _places(found: list[Checked]) -> dict[int, int]:
    """Where each row stands in the list."""
    return {one.row.pk: place for place, one in enumerate(found)}


def _line(
    one: Checked, roles: list[str], refused: tuple[ImportRow, RowForm] | None, opened: str
) -> dict[str, Any]:
    """A row with only the cells that must be put right, by the column they stand in; all of them when opened."""
    if refused and refused[0].pk == one.row.pk:
        form = refused[1]
        form.data = form.data.copy()
        form.data[form.add_prefix("state")] = one.row.state
        return {"one": one, "form": form, "is_open": True}
    if opened == str(one.row.pk):
        return {"one": one, "form": RowForm(row=one.row, roles=roles), "is_open": True}
    asked = {doubt.role for doubt in one.doubts if doubt.must} if one.is_problem else set()
    if not asked & set(roles):
        return {"one": one}
    form = RowForm(row=one.row, roles=[role for role in roles if role in asked])
    inputs: dict[str, list[Any]] = {}
    for role in form.roles:
        field = form[f"o-{role}"]
        field.field.widget.attrs |= {
            "form": f"f-{one.row.anchor}",
            "aria-invalid": "true",
            "aria-describedby": f"e-{one.row.anchor}",
        }
        inputs.setdefault(_COLUMNS.get(role, "other"), []).append(field)
    return {"one": one, "form": form, "inputs": inputs}


def _result_page(
    request: HttpRequest, batch: Import, status: int = 200, in_use: list[Any] | None = None
) -> HttpResponse:
    rows = list(batch.rows.select_related("directive", "indicator").order_by("number", "part"))
    tabs, shown, found = cut(rows, request.GET.get("xem", ""), status=batch.status)
    may_undo = (
        can_undo_import(request.user, batch)
        and batch.undo_until is not None
        and clock.now() <= batch.undo_until
    )
    if in_use is None and may_undo:
        in_use = touched(batch)
    context = {
        "batch": batch,
        "tabs": tabs,
        "shown": shown,
        "page": Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("trang")),
        "may_undo": may_undo and not in_use,
        "in_use": in_use or [],
        "steps": _steps(4) if batch.status == ImportStatus.APPLIED else [],
        "crumbs": [(_("Imports"), reverse("import_list")), (batch.label, "")],
    }
    return render(request, "imports/result.html", context, status=status)


def _steps(now: int) -> list[tuple[int, str, str]]:
    """The four steps: number, words, and whether it is done, the present one, or to come."""
    words = [_("Choose a file"), _("Match the columns"), _("Check every row"), _("Write into the register")]
    return [
        (number, text, "ok" if number < now else "now" if number == now else "")
        for number, text in enumerate(words, 1)
    ]
