"""Sessions that their owner, or an administrator, ends."""

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tracker.models import User
from tracker.once import once
from tracker.permissions import can_manage_users, require


@require_POST
@once
def session_end(request: HttpRequest) -> HttpResponse:
    """One of one's own sessions, named by its handle. Whoever uses it has to log in again."""
    handle = request.POST.get("session", "")
    for session in request.user.sessions.all():
        if session.handle == handle:
            if session.session_key == request.session.session_key:
                return _log_out(request)
            session.delete()
    messages.success(request, _("The session has ended."))
    return redirect("profile")


@require_POST
@once
def session_end_all(request: HttpRequest) -> HttpResponse:
    """Log out everywhere, here too."""
    request.user.sessions.all().delete()
    return _log_out(request)


@require_POST
@once
def user_end_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """An administrator logs a person out everywhere; the password stays."""
    require(can_manage_users(request.user))
    person = get_object_or_404(User, pk=pk)

    person.sessions.all().delete()
    if person.pk == request.user.pk:
        return _log_out(request)
    messages.success(request, _("%(name)s is logged out everywhere.") % {"name": person.full_name})
    return redirect(person)


def _log_out(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    messages.info(request, _("You have logged out."))
    return redirect("login")
