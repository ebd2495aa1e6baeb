"""Notices (thông báo): what one person is told, how they want to be told, and who reads in their place."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker import clock
from tracker.figures.navigation import badges, navigation_lists
from tracker.figures.notices import Tab, is_reachable, notice_page, rows_told
from tracker.figures.scope import Scope
from tracker.forms.notices import DeputyForm, PreferenceForm
from tracker.models import Configuration, Deputyship, Notice, NoticePreference
from tracker.notice_words import heading, title
from tracker.once import once

LONGEST_KEY = 18
"""Digits of a key in an address; more is no key."""


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """One's own, by day, the newest first; below them how to be told, and by whom while away."""
    return _page(request)


@require_http_methods(["GET", "HEAD", "POST"])
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """The button marks the notice as read and leads on; doing it twice is the same. A look alone changes nothing."""
    own = Notice.objects.visible_to(request.user)
    notice = get_object_or_404(own.for_list(), pk=pk)
    scope = Scope.of(request.user, clock.today())
    is_shown_here = bool(notice.words.get("rows"))

    if request.method == "POST":
        own.filter(pk=pk).mark_read(clock.now())
        return redirect(notice if is_shown_here or not is_reachable(notice, request.user) else notice.url)
    rows = rows_told(notice, scope)
    context = {
        "notice": notice,
        "rows": rows,
        "missing": len(notice.words.get("rows", [])) - len(rows),
        "is_reachable": is_reachable(notice, request.user),
        "today": scope.today,
        "crumbs": [(_("Notices"), reverse("notice_list")), (title(notice), "")],
    }
    return render(request, "notices/detail.html", context)


@require_POST
def notices_mark_read(request: HttpRequest) -> HttpResponse:
    """Everything that is unread at this moment; doing it twice is the same."""
    count = Notice.objects.visible_to(request.user).mark_read(clock.now())
    text = ngettext("%(n)s notice marked as read.", "%(n)s notices marked as read.", count)
    messages.success(request, text % {"n": count} if count else _("Everything had been read already."))
    return redirect("notice_list")


@require_POST
def notice_preferences(request: HttpRequest) -> HttpResponse:
    """Kept as a whole; saving the same twice is the same."""
    form = _preference_form(request, request.POST)
    if not form.is_valid():
        return _page(request, preferences=form)
    form.save()
    messages.success(request, _("Your settings have been saved."))
    return redirect(f"{reverse('notice_list')}#cach-nhan")


@require_POST
@once
def deputy_add(request: HttpRequest) -> HttpResponse:
    """Name who reads one's messages; the deputy is told."""
    form = DeputyForm(request.POST, user=request.user, today=clock.today())
    if form.is_valid():
        chosen = {name: form.cleaned_data[name] for name in ("deputy", "starts_on", "ends_on")}
        try:
            named = Deputyship.name(request.user, **chosen, at=clock.now())
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            text = _("%(name)s reads your messages in those days.") % {"name": named.deputy.full_name}
            messages.success(request, text)
            return redirect(f"{reverse('notice_list')}#nhan-thay")
    return _page(request, deputy=form)


@require_POST
@once
def deputy_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The person is back earlier, or does not go."""
    named = get_object_or_404(Deputyship.objects.of(request.user).select_related("deputy"), pk=pk)
    named.end(clock.today())
    messages.success(request, _("%(name)s no longer reads your messages.") % {"name": named.deputy.full_name})
    return redirect(f"{reverse('notice_list')}#nhan-thay")


def _page(
    request: HttpRequest, *, preferences: PreferenceForm | None = None, deputy: DeputyForm | None = None
) -> HttpResponse:
    user, today = request.user, clock.today()
    tab = Tab.named(request.GET.get("loai"))
    menu = navigation_lists(user, today)
    page, along = notice_page(user, tab, before=_key(request.GET.get("truoc")), along=menu)
    request.menu_counts = badges(along)  # type: ignore[attr-defined]
    named = Deputyship.objects.concerning(user).not_over(today).select_related("person", "deputy")
    refused = preferences or deputy
    context = {
        "page": page,
        "days": [
            (label, list(rows)) for label, rows in groupby(page.rows, lambda one: heading(one.day, today))
        ],
        "tab": tab,
        "tabs": [(one, page.counts[one]) for one in Tab],
        "preferences": preferences or _preference_form(request),
        "deputy": deputy or DeputyForm(user=user, today=today, initial={"starts_on": today}),
        "named": [one for one in named if one.person_id == user.pk],
        "standing_in": [one for one in named if one.deputy_id == user.pk],
        "today": today,
        "form": refused,
    }
    return render(request, "notices/list.html", context, status=422 if refused else 200)


def _preference_form(request: HttpRequest, data: Any = None) -> PreferenceForm:
    wish, office = NoticePreference.of(request.user), Configuration.current()
    return PreferenceForm(data, instance=wish, office=office, user=request.user)


def _key(text: str | None) -> int | None:
    """The key in an address; nonsense is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY else None
