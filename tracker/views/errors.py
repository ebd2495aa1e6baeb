"""Refusals and failures: what happened, what to do, and a code that support finds in the log."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from tracker import clock
from tracker.context_processors import Shell

log = logging.getLogger("tracker.errors")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(_without_queries(request, "400.html", 400), status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "403.html", 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "404.html", 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return HttpResponse(_without_queries(request, "403_csrf.html", 403), status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_without_queries(request, "500.html", 500), status=500)


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """With the person's own navigation where there is a person."""
    user = getattr(request, "user", None)
    frame = "base.html" if user is not None and user.is_authenticated else "bare.html"
    return render(request, template, {"code": _code(request, status), "frame": frame}, status=status)


def _without_queries(request: HttpRequest, template: str, status: int) -> str:
    """The database may be what failed: no person, no counts."""
    return render_to_string(template, {"code": _code(request, status), "shell": Shell(request)})


def _code(request: HttpRequest, status: int) -> str:
    code = f"{status}-{clock.now():%d%m%y-%H%M%S}"
    # Escaped: an address may hold a line end, and the rest of it would pass for a line of its own.
    log.warning("%s %s %s", code, request.method, request.path.encode("unicode_escape").decode())
    return code
