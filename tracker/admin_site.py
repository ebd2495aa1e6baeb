"""Django's admin as a second door to the same registers: our log-in page, our permissions, our verbs."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _


class TrackerAdminConfig(AdminConfig):
    default_site = "tracker.admin_site.TrackerAdminSite"


class TrackerAdminSite(AdminSite):
    """Open to administrators and officers (``User.is_staff``)."""

    site_title = _("Directive tracking")
    site_header = _("Registers and dictionaries")
    index_title = _("Registers and dictionaries")
    site_url = "/"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and request.user.is_staff

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one log-in page. Whoever is logged in and still sent here has no business in the admin."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        here = urlencode({"next": request.GET.get("next") or reverse("admin:index")})
        return redirect(f"{reverse('login')}?{here}")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        from tracker.views.session import logout

        return logout(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("password_change")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("profile")
