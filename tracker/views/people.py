"""Users (người dùng) as administrators keep them: accounts, roles, locks, one-time links, the hand-over of work."""

import contextlib
from typing import Any

from axes.utils import reset
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker import clock, lockout, passwords
from tracker.figures.people import (
    account_counts,
    account_journal,
    account_views,
    agencies_nobody_reports_for,
    open_work_of,
    tracked_by,
)
from tracker.forms.people import (
    AccountEditForm,
    AccountForm,
    LockForm,
    MoveWorkForm,
    PeopleFilter,
    ReviewForm,
    free_account_name,
    offered,
)
from tracker.handover import hand_over
from tracker.htmx import render_page
from tracker.models import AccountLink, Agency, Deputyship, StaleVersion, User, WrongStep
from tracker.once import once
from tracker.permissions import can_lock, can_manage_users, printed_table, require
from tracker.tables.people import UserTable
from tracker.views.registers import asked

TABS = [
    ("dang-dung", gettext_lazy("In use")),
    ("chua-kich-hoat", gettext_lazy("Never logged in")),
    ("da-khoa", gettext_lazy("Locked")),
    ("khong-dung", gettext_lazy("Not used for long")),
    ("can-ra-soat", gettext_lazy("To review")),
]


@require_safe
def user_list(request: HttpRequest) -> HttpResponse:
    require(can_manage_users(request.user))

    filters = PeopleFilter(request.GET)
    people, now = filters.cut(User.objects.all()), clock.now()
    views = account_views(people, now)
    view = request.GET.get("xem")
    view = view if view in views else TABS[0][0]
    silent, counts = agencies_nobody_reports_for(), account_counts(request.user, people, now)
    table = UserTable.show(views[view], **asked(request), total=counts[view])
    context = {
        "table": table,
        "page": table.page,
        "filters": filters,
        "view": view,
        "tabs": [(key, label, counts[key]) for key, label in TABS],
        "unused_days": settings.TRACKER_UNUSED_ACCOUNT_DAYS,
        "password_days": passwords.days_left(request.user, now),
        "warning_days": passwords.WARNING_DAYS,
        "account_count": User.objects.count(),
        "silent": silent,
        "silent_work": sum(agency.open_work for agency in silent),
        "agency_count": Agency.objects.filter(pk__in=User.objects.values("agency")).count(),
    }
    return render_page(request, "users/list.html", "users/_results.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@once
def user_create(request: HttpRequest) -> HttpResponse:
    """A new account; its one-time link is mailed, or shown once on the page that opens next."""
    require(can_manage_users(request.user))

    if request.method != "POST":
        form = AccountForm(initial=_suggested(request))
        return render(request, "users/create.html", _around(request, form))
    form = AccountForm(request.POST)
    if form.is_valid():
        try:
            person = User.open_account(by=request.user, **form.content)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The account %(name)s has been made.") % {"name": person.username})
            hand_link(request, person, by_mail=True)
            return redirect(person)
    return render(request, "users/create.html", _around(request, form), status=422)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@once
def user_edit(request: HttpRequest, pk: int) -> HttpResponse:
    person = _find(request, pk)

    if request.method != "POST":
        form = AccountEditForm(instance=person, initial=_asked_role(request))
        return render(request, "users/edit.html", _page(request, person, form))
    before = person.agency_id
    form = AccountEditForm(request.POST, instance=_find(request, pk))
    if not form.is_valid():
        return render(request, "users/edit.html", _page(request, person, form), status=422)
    try:
        person.edit_account(by=request.user, expected_version=form.cleaned_data["version"], **form.content)
    except StaleVersion as refusal:
        conflict = form.go_on_from(refusal.current)
        form.refuse(refusal)
        context = _page(request, _find(request, pk), form) | {"conflict": conflict}
        return render(request, "users/edit.html", context, status=409)
    except ValidationError as refusal:
        form.refuse(refusal)
        return render(request, "users/edit.html", _page(request, _find(request, pk), form), status=422)
    messages.success(request, _("The changes to %(name)s have been saved.") % {"name": person.full_name})
    return redirect(_after_edit(request, person, before))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def user_lock(request: HttpRequest, pk: int) -> HttpResponse:
    """Lock with a reason; the open work goes to others in the same step."""
    person = _find(request, pk)
    require(can_lock(request.user, person))

    form = LockForm(request.POST if request.method == "POST" else None, person=person, **_in_hand(person))
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            moved = _lock(person, request.user, form)
        except ValidationError as refusal:
            form.refuse(refusal)
            status = 409
        else:
            messages.success(request, _("The account %(name)s is locked.") % {"name": person.username})
            if moved:
                messages.success(request, _moved(moved))
            return redirect(person)
    context = _subject(request, person) | {"form": form}
    return render(request, "users/lock.html", context, status=status)


@require_POST
@once
def user_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a locked account again, or end the pause after too many wrong passwords."""
    person = _find(request, pk)

    reset(username=person.username)
    with contextlib.suppress(
        WrongStep
    ):  # in use already: this button ends the pause, or a colleague was faster
        person.unlock(by=request.user)
    messages.success(request, _("%(name)s can log in again.") % {"name": person.full_name})
    return redirect(person)


@require_POST
@once
def user_review(request: HttpRequest) -> HttpResponse:
    """Agency and role of these accounts are still right: from the list, or from one account's page."""
    require(can_manage_users(request.user))

    form = ReviewForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was marked: choose at least one account that is in use."))
        return redirect(reverse("user_list") + "?xem=can-ra-soat")
    people, now = list(form.cleaned_data["person"].order_by("pk")), clock.now()
    for person in people:
        person.mark_reviewed(by=request.user, at=now)
    text = ngettext("%(n)d account marked as reviewed.", "%(n)d accounts marked as reviewed.", len(people))
    messages.success(request, text % {"n": len(people)})
    return redirect(people[0] if "back" in request.POST else reverse("user_list") + "?xem=can-ra-soat")


@never_cache
@require_POST
@once
def user_make_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A new one-time link. Whatever password the account has no longer counts, and its sessions end."""
    person = _find(request, pk)
    require(request.user.pk != person.pk)

    try:
        hand_link(request, person, by_mail="mail" in request.POST)
    except WrongStep as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(person)
    person.clear_password(by=request.user)
    reset(username=person.username)
    return redirect(person)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def user_move_work(request: HttpRequest, pk: int) -> HttpResponse:
    """All open work of one person to others, in one step."""
    person = _find(request, pk)
    work, tracked = list(open_work_of(person)), list(tracked_by(person))

    form = MoveWorkForm(request.POST if request.method == "POST" else None, person=person, **_in_hand(person))
    if form.is_valid():
        messages.success(request, _moved(_hand_over(person, request.user, form)))
        return redirect(person)
    context = _subject(request, person) | {"form": form, "work": work, "tracked": tracked}
    return render(request, "users/move_work.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _lock(person: User, by: User, form: LockForm) -> int:
    """Both or neither: nobody keeps work in a locked account because the second half failed."""
    moved = _hand_over(person, by, form)
    person.lock(by=by, reason=form.cleaned_data["reason"])
    return moved


def _hand_over(person: User, by: User, form: MoveWorkForm) -> int:
    return sum(hand_over(person, by=by, to=form.recipients, tracking_to=form.cleaned_data.get("tracking")))


def _in_hand(person: User) -> dict[str, Any]:
    """The agencies whose work the person has in hand, and whether directives are tracked."""
    agencies = {row.agency_id: row.agency for row in open_work_of(person)}
    return {"agencies": agencies.values(), "tracks": tracked_by(person).exists()}


def _moved(number: int) -> str:
    return ngettext("%(n)d piece of work moved.", "%(n)d pieces of work moved.", number) % {"n": number}


def _find(request: HttpRequest, pk: int) -> User:
    """Accounts are seen by administrators only: for others the page is forbidden, not absent."""
    require(can_manage_users(request.user))
    return get_object_or_404(User, pk=pk)


# What the pages show


def _around(request: HttpRequest, form: AccountForm) -> dict[str, Any]:
    """What stands beside the form: the agencies to choose from and what the chosen role may do."""
    role = form["role"].value() or User.Role.STAFF
    role = role if role in User.Role.values else User.Role.STAFF
    return {
        "form": form,
        "agencies": offered(Agency.objects.in_force(clock.today()).bodies().by_name()),
        "role": User.Role(role),
        "deeds": deeds(role),
        "crumbs": [(_("Users"), reverse("user_list")), (_("Add a user"), "")],
    }


def _page(request: HttpRequest, person: User, form: AccountEditForm) -> dict[str, Any]:
    return _around(request, form) | _subject(request, person)


def _subject(request: HttpRequest, person: User) -> dict[str, Any]:
    """The person whom a page is about, with what can be done to the account."""
    return {
        "person": person,
        "work_count": open_work_of(person).count(),
        "tracked_count": tracked_by(person).count(),
        "journal": account_journal(person),
        "may_lock": can_lock(request.user, person),
        "is_paused": _is_paused(person),
        "shown_link": _take_link(request, person),
        "open_link": person.links.open().first(),
        "deputyships": _deputyships(person),
        "can_be_mailed": can_be_mailed(person),
        "crumbs": [(_("Users"), reverse("user_list")), (person.full_name, "")],
    }


def _deputyships(person: User) -> Any:
    """Who reads the person's messages, and whose the person reads, now or from a coming day."""
    named = Deputyship.objects.concerning(person).not_over(clock.today())
    return named.select_related("person", "deputy").order_by("starts_on", "pk")


def deeds(role: str) -> tuple[list[str], list[str]]:
    """What a role may do and what not, straight from the permission table."""
    place = User.Role.values.index(role)
    lines = [(str(line.act.label), line.rules[place] is not None) for line in printed_table()]
    return [label for label, may in lines if may], [label for label, may in lines if not may]


def _suggested(request: HttpRequest) -> dict[str, Any]:
    """What the address already says of the new person: name (for the account name), agency, role."""
    full_name = request.GET.get("full_name", "")[:120].replace("\x00", "")
    agency = Agency.objects.filter(code=request.GET.get("cq", "").replace("\x00", "")).first()
    initial = {"role": User.Role.STAFF} | _asked_role(request)
    return initial | {"full_name": full_name, "username": free_account_name(full_name), "agency": agency}


def _asked_role(request: HttpRequest) -> dict[str, str]:
    role = request.GET.get("role")
    return {"role": role} if role in User.Role.values else {}


def _after_edit(request: HttpRequest, person: User, before: int) -> str:
    """Whoever changed agency with work in hand: first say who takes that over."""
    if person.agency_id == before or not open_work_of(person).exists():
        return person.get_absolute_url()
    messages.warning(
        request, _("Work of the former agency is still in this person's name: choose who takes it over.")
    )
    return reverse("user_move_work", args=[person.pk])


def _is_paused(person: User) -> bool:
    """Shut out for some minutes after too many wrong passwords."""
    return lockout.locked_until(person.username) is not None


# A link to hand over is shown once: the session keeps only which one, never the link itself.


def hand_link(request: HttpRequest, person: User, *, by_mail: bool) -> AccountLink:
    """Make a one-time link and mail it where that is wanted and possible; else the next page shows it."""
    by_mail = by_mail and can_be_mailed(person)
    link = AccountLink.make(person, by=request.user, at=clock.now(), by_mail=by_mail)
    if by_mail:
        messages.success(
            request, _("A letter with a one-time link goes to %(mail)s.") % {"mail": person.email}
        )
    else:
        request.session["shown_link"] = link.pk
    return link


def can_be_mailed(person: User) -> bool:
    return settings.MAIL_IS_ON and bool(person.email)


def _take_link(request: HttpRequest, person: User) -> AccountLink | None:
    link = AccountLink.objects.open().filter(user=person, pk=request.session.get("shown_link")).first()
    if link:
        del request.session["shown_link"]
    return link
