"""Coming and going: logging in and out, one's own settings, the first page, the phone's menu."""

from typing import Any

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from tracker import lockout
from tracker.forms.session import LoginForm, ProfileForm
from tracker.navigation import HOME


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Name and password; wrong ones answer with the same words and the tries left."""
    if request.htmx:  # the session ended while a page was open: the whole page must go to the log-in
        here = urlencode({"next": request.htmx.current_url_abs_path or "/"})
        return HttpResponseClientRedirect(f"{resolve_url('login')}?{here}")
    if request.user.is_authenticated and request.method != "POST":
        return redirect(_next(request))

    form = LoginForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        auth.login(request, form.user)
        request.session.set_expiry(settings.SESSION_COOKIE_AGE if form.cleaned_data["remember"] else 0)
        return redirect(_next(request))
    return render(request, "registration/login.html", {"form": form, "next": _next(request)})


@login_not_required
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    messages.info(request, _("You have logged out."))
    return redirect("login")


def locked_out(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any]) -> HttpResponse:
    """Too many wrong guesses: locked until when. Trying meanwhile does not make it longer."""
    now = timezone.localtime()
    until = timezone.localtime(lockout.locked_until(credentials["username"]) or now)
    answer = render(request, "429.html", {"until": until, "now": now}, status=429)
    answer.headers["Retry-After"] = str(max(1, round((until - now).total_seconds())))
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Language and colours; the rest of a profile is kept by the administrator."""
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=request.user)
    if form.is_valid():
        form.save()
        with translation.override(request.user.language):
            messages.success(request, _("Your settings have been saved."))
        return redirect(_next(request, "profile"))
    return render(
        request,
        "registration/profile.html",
        {"form": form, "sessions": request.user.sessions.order_by("-seen_at", "session_key")},
    )


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The page where this role starts."""
    return redirect(HOME[request.user.role])


@require_safe
def more(request: HttpRequest) -> HttpResponse:
    """Every place of the menu on one page, for phones."""
    return render(request, "registration/more.html")


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For machines: 200 while the database answers, 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("no database\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def _next(request: HttpRequest, otherwise: str = "home") -> str:
    """Where to go afterwards: an address of this site, or the page named ``otherwise``."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else resolve_url(otherwise)
