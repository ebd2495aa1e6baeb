"""Where people can go: the one menu behind the side, the phone's bar and the page "More"."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracker.models import User
from tracker.permissions import (
    Act,
    allows,
    can_import,
    can_manage_agencies,
    can_manage_mail,
    can_manage_users,
    can_see_review_queue,
)

Role = User.Role
_OVERSEERS = {Role.AGENCY_HEAD, Role.OFFICER, Role.LEADER, Role.VIEWER}


@dataclass(frozen=True)
class Place:
    """A page of the menu. ``pages`` begins the URL names of the pages that lie under it."""

    label: Promise | str
    url_name: str
    icon: str
    shown_to: Callable[[User], bool] = lambda user: True
    pages: tuple[str, ...] = ()
    needs_rows: bool = False
    """Shown only to those for whom there is something; how much is not said."""
    tells: bool = False
    """Its number stands on the phone's bar though nothing there is urgent."""
    asks: Callable[[User], bool] = lambda user: True
    """Whom what waits there asks to act; to others its number is not urgent."""

    def holds(self, url_name: str) -> bool:
        return url_name == self.url_name or url_name.startswith(self.pages)


def _oversees(user: User) -> bool:
    return user.role in _OVERSEERS


SECTIONS: tuple[tuple[Promise | str, tuple[Place, ...]], ...] = (
    (
        _("Management"),
        (
            Place(
                _("Overview"),
                "overview",
                "gauge",
                lambda user: user.role in _OVERSEERS and allows(user, Act.SEE_OVERVIEW),
            ),
            Place(_("Waiting for review"), "review_queue", "s-review", can_see_review_queue, ("review_",)),
            Place(
                _("Figures waiting for review"),
                "figure_queue",
                "ok",
                can_see_review_queue,
                needs_rows=True,
            ),
            Place(_("Warnings"), "warning_list", "warn", _oversees, ("obstacle_",)),
            Place(_("Reports sent by agencies"), "completeness", "check", _oversees),
            Place(
                _("Adoption matrix"),
                "adoption_matrix",
                "grid",
                pages=("roster_", "body_"),
                needs_rows=True,
            ),
            Place(_("Urgings"), "urging_list", "mega", _oversees, ("urging_",)),
            Place(_("Periodic reports"), "report_list", "report", _oversees, ("report_",)),
        ),
    ),
    (
        _("Work"),
        (
            Place(_("My work"), "my_work", "inbox", lambda user: allows(user, Act.REPORT), ("progress_",)),
            Place(
                _("Directives"), "directive_list", "list", pages=("directive_", "instruction_", "suggestion_")
            ),
            Place(_("Assignments"), "assignment_list", "branch", pages=("assignment_",)),
            Place(
                _("Extensions"),
                "extension_list",
                "cal",
                pages=("extension_", "correction_", "deadline_correct"),
                asks=lambda user: allows(user, Act.DECIDE_EXTENSION),
            ),
            Place(
                _("Indicators"),
                "indicator_list",
                "target",
                pages=(
                    "indicator_",
                    "target_",
                    "plan_",
                    "part_",
                    "measurement_",
                    "figure_list",
                    "figures_",
                    "question_",
                ),
            ),
            Place(_("Documents"), "document_list", "report", pages=("document_",)),
            Place(_("Reporting periods"), "period_list", "cal", pages=("period_",)),
            Place(_("Notices"), "notice_list", "bell", pages=("notice_", "notices_", "deputy_"), tells=True),
        ),
    ),
    (
        _("Data"),
        (Place(_("Import data"), "import_list", "upload", can_import, ("import_",)),),
    ),
    (
        _("Administration"),
        (
            Place(_("Users"), "user_list", "people", can_manage_users, ("user_",)),
            Place(_("Agencies"), "agency_list", "org", can_manage_agencies, ("agency_",)),
            Place(_("Outgoing mail"), "mail_list", "mail", can_manage_mail, ("mail_",)),
            Place(_("Registers and dictionaries"), "admin:index", "gear", lambda user: user.is_staff),
        ),
    ),
    (_("Help"), (Place(_("Help"), "help", "help"),)),
)

TAB_BAR: Mapping[str, tuple[str, str, str]] = {
    Role.STAFF: ("my_work", "directive_list", "notice_list"),
    Role.AGENCY_HEAD: ("my_work", "overview", "directive_list"),
    Role.OFFICER: ("my_work", "directive_list", "review_queue"),
    Role.LEADER: ("overview", "review_queue", "directive_list"),
    Role.ADMIN: ("user_list", "directive_list", "notice_list"),
    Role.VIEWER: ("overview", "directive_list", "document_list"),
}
"""The three places a role needs most; the fourth place of a phone's bar is the page "More"."""

HOME: Mapping[str, str] = {role: places[0] for role, places in TAB_BAR.items()}
"""Where a person starts."""


@dataclass(frozen=True)
class Link:
    """A place as shown to one person: how many things wait there, and whether they are urgent."""

    place: Place
    count: int | None = None
    is_hot: bool = False
    is_current: bool = False


@dataclass(frozen=True)
class Menu:
    sections: list[tuple[Promise | str, list[Link]]] = field(default_factory=list)
    tabs: list[Link] = field(default_factory=list)


def menu_for(user: User, counts: Mapping[str, tuple[int, bool]], current: str = "") -> Menu:
    """The menu of one person. ``counts``: URL name → number and whether it is urgent; ``current``: a URL name."""

    def link(place: Place) -> Link:
        count, is_hot = counts.get(place.url_name, (None, False))
        count = None if place.needs_rows else count
        return Link(place, count, bool(is_hot and count and place.asks(user)), place.holds(current))

    def is_shown(place: Place) -> bool:
        has_rows = counts.get(place.url_name, (0, False))[0] > 0
        return place.shown_to(user) and (has_rows or not place.needs_rows)

    sections: list[tuple[Promise | str, list[Link]]] = []
    for heading, places in SECTIONS:
        links = [link(place) for place in places if is_shown(place)]
        if links:
            sections.append((heading, links))
    by_name: dict[str, Any] = {shown.place.url_name: shown for _heading, links in sections for shown in links}
    return Menu(sections, [by_name[name] for name in TAB_BAR[user.role] if name in by_name])
