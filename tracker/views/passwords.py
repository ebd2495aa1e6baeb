"""Choosing a password: one's own, behind a one-time link, and the letter for whoever has forgotten it."""

import pghistory
from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from tracker import clock, passwords
from tracker.forms.passwords import ForgottenForm, NewPasswordForm, PasswordForm
from tracker.models import AccountLink, User


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    """One's own new password; every other session of the account ends."""
    now = clock.now()
    form = PasswordForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save(at=now)
        auth.update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password has been changed. You are logged out everywhere else."))
        return redirect("home")
    context = {"form": form, "is_too_old": passwords.is_too_old(request.user, now)}
    status = 422 if form.errors else 200
    return render(request, "registration/password_change.html", context, status=status)


@login_not_required
@sensitive_post_parameters()
@sensitive_variables("token")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a one-time link. Looking at it uses nothing up; the new password does."""
    return _secret(_account_link(request, AccountLink.objects.of_token(token)))


def _account_link(request: HttpRequest, link: AccountLink | None) -> HttpResponse:
    now = clock.now()
    if link is None or link.state(now) != AccountLink.State.OPEN:
        return _closed(request, link)
    form = NewPasswordForm(link.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            with pghistory.context(user=link.user_id, url=reverse("login")):  # never the token
                link.use(form.cleaned_data["new_password"], at=now)
        except ValidationError:  # another tab was faster
            link.refresh_from_db()
            return _closed(request, link)
        auth.logout(request)
        messages.success(request, _("Your password is set. Log in with it now."))
        return redirect("login")
    context = {"form": form, "link": link, "person": link.user}
    status = 422 if form.errors else 200
    return render(request, "registration/password_set.html", context, status=status)


def _closed(request: HttpRequest, link: AccountLink | None) -> HttpResponse:
    """Why the link opens nothing, and what to do: 404 for an unknown one, 410 for one that was good once."""
    context = {"state": link.state(clock.now()) if link else "", "mail_is_on": settings.MAIL_IS_ON}
    return render(request, "registration/link_closed.html", context, status=410 if link else 404)


def _secret(response: HttpResponse) -> HttpResponse:
    """The address holds a secret and is named to nobody. ``no-referrer`` would make browsers hide the form's origin
    too, and the form would be refused as forged."""
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


@login_not_required
@sensitive_post_parameters("username")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """A link by mail. Known and unknown names get the same words; without mail the page says whom to ask."""
    is_sent = False
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    if settings.MAIL_IS_ON and form.is_valid():
        is_sent = True
        if account := form.account:
            AccountLink.ask(account, at=clock.now())
    context = {
        "form": form,
        "is_sent": is_sent,
        "mail_is_on": settings.MAIL_IS_ON,
        "hours": settings.TRACKER_RESET_LINK_HOURS,
        "administrators": User.objects.active().filter(role=User.Role.ADMIN).by_given_name(),
    }
    status = 422 if form.errors else 200
    return render(request, "registration/password_forgotten.html", context, status=status)
