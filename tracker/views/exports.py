"""Taking lists out as files (xuất): at once, in the background when they are large, and the files that are ready."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tracker import clock
from tracker.exports.asking import Asked
from tracker.exports.files import FORMATS, file_name, parts, whole
from tracker.exports.information import About, filters_in_words
from tracker.exports.lists import LISTS, NoSuchList, open_list, read_list
from tracker.exports.sheet import Column, Kind, Sheet
from tracker.exports.word import printed
from tracker.htmx import render_page
from tracker.models import Export
from tracker.once import keep_writes, once
from tracker.permissions import require
from tracker.views.evidence import send_file

SHOWN = 50
"""Of each kind of line on the page of files."""
WHOLE = 14
"""Letters of a column whose words are never broken on paper, as a code would be at its hyphens."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@once
def export_list(request: HttpRequest, name: str) -> HttpResponseBase:
    """The rows that the list shows, as a file. What must be written down first is asked for by a button."""
    asked = Asked(request.user, _query(request), clock.now(), clock.today())
    try:
        listing, sheet = open_list(name, request.user), read_list(name, asked)
    except NoSuchList as reason:
        raise Http404 from reason
    wanted = (request.POST if request.method == "POST" else request.GET).get("dang", "")
    chosen = FORMATS.get(wanted)
    is_large = sheet.total > settings.TRACKER_EXPORT_AT_ONCE
    is_too_long = chosen is not None and chosen.most is not None and sheet.total > chosen.most
    is_noted = listing.is_personal or is_large
    if chosen is None or is_too_long or (is_noted and request.method != "POST"):
        return _offer(request, name, sheet, wanted if chosen else "", is_large=is_large, too_long=is_too_long)
    if request.method != "POST":
        return _answer(request, sheet, wanted)

    facts = {"by": request.user, "list_name": name, "query": asked.data.urlencode(), "format": wanted}
    facts |= {"language": get_language(), "rows": sheet.total, "at": asked.now}
    if is_large:
        Export.put(**facts, is_personal=listing.is_personal)
        messages.success(request, _("The file is being prepared. You are told when it is ready."))
        return redirect("export_files")
    if listing.is_personal:
        Export.note(**facts)
    return keep_writes(_answer(request, sheet, wanted))


@never_cache
@require_safe
def export_files(request: HttpRequest) -> HttpResponse:
    """One's own files that are made or being made; for administrators also who took personal data out."""
    own = Export.objects.filter(by=request.user).prepared().for_list()
    lines = [_line(one) for one in own[:SHOWN]]
    noted = Export.objects.visible_to(request.user).filter(is_personal=True).for_list()
    context = {
        "lines": lines,
        "is_waiting": any(export.is_in_hand for export, _title in lines),
        "noted": [_line(one) for one in noted[:SHOWN]] if request.user.role == "admin" else [],
        "today": clock.today(),
    }
    return render_page(request, "exports/list.html", "exports/_files.html", context)


@never_cache
@require_safe
def export_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A finished file, for who asked for it and still has the right to its list."""
    own = Export.objects.filter(by=request.user).prepared().exclude(file="")
    export = get_object_or_404(own, pk=pk)
    try:
        require(export.is_still_of(request.user))
        listing = open_list(export.list_name, request.user)
    except NoSuchList as reason:
        raise Http404 from reason
    form = FORMATS[export.format]
    return send_file(
        request,
        export.file,
        name=f"{listing.title} {export.at:%Y-%m-%d}.{form.ending}",
        content_type=form.content_type,
        size=export.file_size,
        sha256=export.file_sha256,
    )


def _query(request: HttpRequest) -> QueryDict:
    """The list's own filters and order, without the format and the page."""
    query = request.GET.copy()
    for name in ("dang", "trang"):
        query.pop(name, None)
    return query


def _answer(request: HttpRequest, sheet: Sheet, wanted: str) -> Any:
    """The file itself, or the page for the printer."""
    about = About.of(request.user, clock.now())
    if wanted == "in":
        return _page_for_printer(request, sheet, about)
    name, kind = file_name(sheet, wanted), FORMATS[wanted].content_type
    if kind.startswith("text/"):
        response: HttpResponseBase = StreamingHttpResponse(parts(sheet, wanted), content_type=kind)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    else:
        response = FileResponse(
            whole(sheet, wanted, about), as_attachment=True, filename=name, content_type=kind
        )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _page_for_printer(request: HttpRequest, sheet: Sheet, about: About) -> HttpResponse:
    shown = sheet.on_paper()
    kinds = [_kind_of(column) for column in shown.columns]
    context = {
        "sheet": shown,
        "filters": filters_in_words(sheet),
        "about": about,
        "rows": [
            [(kind, printed(value)) for kind, value in zip(kinds, row, strict=True)] for row in shown.rows()
        ],
    }
    return render(request, "exports/print.html", context)


def _kind_of(column: Column) -> str:
    """How a cell stands on paper: figures on the right, codes and days in one line."""
    if column.kind in {Kind.NUMBER, Kind.INDEX}:
        return "num"
    return "nowrap" if column.width <= WHOLE else ""


def _offer(
    request: HttpRequest, name: str, sheet: Sheet, wanted: str, *, is_large: bool, too_long: bool
) -> HttpResponse:
    """What can be had: the formats, or a button where taking it out is written down or takes a while."""
    listing, query = LISTS[name], _query(request)
    context = {
        "name": name,
        "listing": listing,
        "sheet": sheet,
        "filters": filters_in_words(sheet),
        "query": query.urlencode(),
        "back": _page_of(name, query),
        "formats": FORMATS,
        "wanted": wanted,
        "most": FORMATS[wanted].most if wanted else None,
        "is_large": is_large,
        "is_too_long": too_long,
    }
    return render(request, "exports/offer.html", context, status=422 if too_long else 200)


def _page_of(name: str, query: QueryDict) -> str:
    """The page of the list with the same filters."""
    own = query.copy()
    arguments = own.pop("ma", []) if name == "so-lieu-chi-tieu" else []
    address = reverse(LISTS[name].page, args=arguments[-1:])
    return f"{address}?{own.urlencode()}" if own else address


def _line(export: Export) -> tuple[Export, Any]:
    listing = LISTS.get(export.list_name)
    return export, listing.title if listing else export.list_name
