"""What every number takes: whose eyes, as of which day, which period. Lists are cut from the same scope."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any, Self

from tracker.figures.periods import Period
from tracker.models import Assignment, Configuration, Directive, User


@dataclass(frozen=True)
class Scope:
    """One cut through the register; a number and the list it opens are made from the same one."""

    user: User
    as_of: dt.date
    today: dt.date
    period: Period | None
    due_soon_days: int
    stale_days: int = 30
    office: Configuration = field(default_factory=Configuration)
    """The office's settings, read once for the whole page."""
    by_original: bool = False
    """Judged by the original deadlines instead of the current ones, and in a period by where those lie."""

    @classmethod
    def of(
        cls, user: User, today: dt.date, *, as_of: dt.date | None = None, period: Period | None = None
    ) -> "Scope":
        """As of today unless an earlier day is asked for."""
        office = Configuration.current()
        day = min(as_of or today, today)
        return cls(user, day, today, period, office.due_soon_days, office.stale_days, office)

    @classmethod
    def of_office(cls, office: Configuration, today: dt.date) -> "Scope":
        """The whole register as the department reads it: counted once for many people, each of whom sees a part."""
        everybody = User(role=User.Role.LEADER)
        return cls(everybody, today, today, None, office.due_soon_days, office.stale_days, office)

    def on(self, day: dt.date) -> Self:
        """The same cut as of another day."""
        return replace(self, as_of=day)

    def in_period(self, period: Period | None) -> Self:
        """The same cut in another period; None takes the whole register."""
        return replace(self, period=period)

    def against_original(self) -> Self:
        """The same cut, judged by the deadlines fixed at the assignment."""
        return replace(self, by_original=True)

    @property
    def is_past(self) -> bool:
        """Past days know states and deadlines; percentages and notes are only kept as they are now."""
        return self.as_of < self.today

    def directives(self) -> Any:
        """Directives of the register that the person sees, with ``standing`` and ``cell``."""
        return self._cut(Directive.objects.visible_to(self.user))

    def assignments(self) -> Any:
        """Assignments that the person sees, with ``standing`` and ``cell``."""
        return self._cut(Assignment.objects.visible_to(self.user))

    def stood(self, rows: Any) -> Any:
        """All these directives or assignments as they stood on the day, also outside period and register."""
        rows = rows.as_of(self.as_of, self.today)
        return rows.against_original(self.as_of) if self.by_original else rows

    def _cut(self, rows: Any) -> Any:
        rows = self.stood(rows)
        if self.period:
            rows = rows.in_period(self.period.start, self.period.end, with_no_deadline=self.period.is_year)
        return rows.standing_on(self.as_of, self.due_soon_days)

    @property
    def query(self) -> dict[str, str]:
        """The scope as address parameters, so that a link opens exactly the rows of its number."""
        parameters = {}
        if self.period:
            parameters["ky"] = self.period.code
        if self.as_of != self.today:
            parameters["den"] = f"{self.as_of:%d/%m/%Y}"
        if self.by_original:
            parameters["han"] = "goc"
        return parameters
