"""People from a table: the template, a preview of every line, the writing, the links to hand over."""

import io
from collections import Counter
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker import clock, people_import
from tracker.exports.files import XLSX
from tracker.forms.people_import import PeopleConfirmForm, PeopleFileForm
from tracker.models import AccountLink, User
from tracker.once import once
from tracker.permissions import can_manage_users, require


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@once
def user_import(request: HttpRequest) -> HttpResponse:
    """A file first shows what it would do; the same page sent again with that does it."""
    require(can_manage_users(request.user))

    if request.method != "POST":
        return render(request, "users/import.html", _context(request, PeopleFileForm()))
    if "lines" in request.POST:
        return _write(request)
    form = PeopleFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "users/import.html", _context(request, form), status=422)
    return _preview(request, form, form.lines)


def _preview(request: HttpRequest, form: Any, lines: Any, status: int = 200) -> HttpResponse:
    entries = people_import.check(lines)
    counts = Counter(entry.state for entry in entries)
    context = _context(request, form) | {
        "entries": entries,
        "counts": counts,
        "to_write": counts["new"] + counts["changed"],
        "confirm": PeopleConfirmForm.of(request.user, lines),
    }
    return render(request, "users/import.html", context, status=status)


def _write(request: HttpRequest) -> HttpResponse:
    confirm = PeopleConfirmForm(request.user, request.POST)
    if not confirm.is_valid():
        return render(request, "users/import.html", _context(request, confirm), status=422)
    entries = people_import.check(confirm.cleaned_data["lines"])
    try:
        links = people_import.apply(entries, by=request.user, at=clock.now(), with_mail=settings.MAIL_IS_ON)
    except ValidationError as refusal:  # a colleague was faster, or nobody would be left to administrate
        form = PeopleFileForm({}, {})
        form.errors.clear()
        form.refuse(refusal)
        return _preview(request, form, confirm.cleaned_data["lines"], status=409)
    to_hand_over = [link.pk for link in links if not link.mail.exists()]
    request.session["imported_links"] = to_hand_over
    _tell(request, entries, len(links) - len(to_hand_over))
    return redirect("user_import")


def _tell(request: HttpRequest, entries: Iterable[people_import.Entry], mailed: int) -> None:
    counts = Counter(entry.state for entry in entries)
    texts = [
        ngettext("%(n)d account made.", "%(n)d accounts made.", counts["new"]) % {"n": counts["new"]},
        ngettext("%(n)d account changed.", "%(n)d accounts changed.", counts["changed"])
        % {"n": counts["changed"]},
    ]
    if mailed:
        text = ngettext("%(n)d one-time link goes by mail.", "%(n)d one-time links go by mail.", mailed)
        texts.append(text % {"n": mailed})
    messages.success(request, " ".join(texts))


@never_cache
@require_POST
def user_import_links(request: HttpRequest) -> HttpResponse:
    """The one-time links of the last import as a file, once."""
    require(can_manage_users(request.user))

    keys = request.session.pop("imported_links", [])
    links = AccountLink.objects.open().filter(pk__in=keys).select_related("user__agency").order_by("pk")
    if not links:
        messages.error(request, _("The file was handed out already. Make a new link on the account's page."))
        return redirect("user_import")
    heads = [_("Full name"), _("Agency"), _("Account name"), _("One-time link")]
    rows = [[link.user.full_name, link.user.agency.name, link.user.username, link.url] for link in links]
    return _workbook("lien-ket-mot-lan.xlsx", heads, rows)


@require_safe
def user_import_template(request: HttpRequest) -> HttpResponse:
    """An empty table with the heads that are read; roles can be chosen from a list."""
    require(can_manage_users(request.user))

    heads = [str(label) for label in people_import.LABELS.values()]
    return _workbook(
        "mau-nguoi-dung.xlsx", heads, [], choices={"role": [str(one) for one in User.Role.labels]}
    )


def _workbook(
    name: str, heads: list[str], rows: list[list[str]], choices: dict[str, list[str]] | None = None
) -> HttpResponse:
    """A sheet of texts: nothing in it is ever a formula or a link."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet, bold, text = (
        book.add_worksheet(),
        book.add_format({"bold": True}),
        book.add_format({"num_format": "@"}),
    )
    sheet.set_column(0, len(heads) - 1, 28, text)
    for at, head in enumerate(heads):
        sheet.write_string(0, at, head, bold)
    for line, row in enumerate(rows, start=1):
        for at, value in enumerate(row):
            sheet.write_string(line, at, value)
    for field, offered in (choices or {}).items():
        at = list(people_import.LABELS).index(field)
        sheet.data_validation(1, at, people_import.MOST_ROWS, at, {"validate": "list", "source": offered})
    book.close()
    response = HttpResponse(target.getvalue(), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _context(request: HttpRequest, form: Any) -> dict[str, Any]:
    return {
        "form": form,
        "file_form": form if isinstance(form, PeopleFileForm) else PeopleFileForm(),
        "links_to_hand_over": len(request.session.get("imported_links", [])),
        "mail_is_on": settings.MAIL_IS_ON,
        "crumbs": [(_("Users"), reverse("user_list")), (_("Read users in"), "")],
    }
