"""What the frame of every page shows. Nothing is counted before a whole page is written."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest

from tracker import clock
from tracker.figures.navigation import navigation_counts
from tracker.navigation import Menu, menu_for


@dataclass
class Shell:
    """The frame around a page."""

    request: HttpRequest

    @property
    def is_demo(self) -> bool:
        return settings.TRACKER_DEMO

    @cached_property
    def today(self) -> dt.date:
        return clock.today()

    @cached_property
    def now(self) -> dt.datetime:
        return clock.now()

    @cached_property
    def counts(self) -> Mapping[str, tuple[int, bool]]:
        """URL name → number and whether it is urgent; a page that asks for numbers anyway has asked for these along."""
        return getattr(self.request, "menu_counts", None) or navigation_counts(self.request.user, self.today)

    @cached_property
    def menu(self) -> Menu:
        """The person's menu with its counts; empty for a visitor."""
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            return Menu()
        match = self.request.resolver_match
        return menu_for(user, self.counts, match.url_name or "" if match else "")

    @property
    def unread(self) -> int:
        """How many notices the person has not read."""
        return self.counts["notice_list"][0]


def shell(request: HttpRequest) -> dict[str, Shell]:
    return {"shell": Shell(request)}
