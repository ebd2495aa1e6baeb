"""Early warning of directives (cảnh báo sớm): progress against elapsed time, and silence; each with one sentence.

The office's rule. Work with a deadline: the percentage reported against the share of the time that has passed, with
the office's limits in percentage points. All work: days since the last report with content (“nothing new” has none),
else since it was given: longer than the office's days of silence cần chú ý, twice as long nguy cơ, three times báo
động. What is overdue is at least nguy cơ. The worst of these is the level. Ongoing work, and work without a confirmed
report, warns by its silence alone; yearly work not at all once a year of it is opened, since the year warns. Only
running work warns: not what is paused, declined or waits for confirmation.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tracker.figures.scope import Scope
from tracker.figures.work import NOTE_A_PERIOD, REPORTABLE
from tracker.judgement import Level, warning_level
from tracker.models import Assignment, ProgressReport
from tracker.models.occurrences import asks_itself

WORST_FIRST = (Level.ALARM, Level.RISK, Level.CAUTION, Level.SAFE)


class Rule(models.TextChoices):
    """What a level comes from."""

    PROGRESS = "progress", gettext_lazy("Progress against the time passed")
    SILENCE = "silence", gettext_lazy("Silence")
    BOTH = "both", gettext_lazy("Progress and silence")
    OVERDUE = "overdue", gettext_lazy("Overdue")


@dataclass(frozen=True)
class EarlyWarning:
    """One directive's level with the sentence that explains it and the rule behind it."""

    directive: Any
    level: Level
    sentence: str
    rule: Rule
    behind: int | None
    """Percentage points behind the time passed; negative when ahead; None when nothing can be said."""
    silent_days: int

    @property
    def is_safe(self) -> bool:
        return self.level == Level.SAFE


def watched(scope: Scope) -> Any:
    """The running directives that the person sees today, with ``last_content``."""
    rows = scope.on(scope.today).in_period(None).directives()
    running = rows.filter(asks_itself(scope.today), status__in=REPORTABLE, assigned_on__isnull=False)
    return running.select_related("field", "lead").annotate(last_content=last_content())


def last_content() -> Subquery:
    """SQL for the as-of day of the lead's newest report, waiting or confirmed, that is more than “nothing new”."""
    reports = ProgressReport.objects.with_content().filter(
        assignment__directive=OuterRef("pk"), assignment__role=Assignment.Role.LEAD
    )
    return Subquery(reports.order_by("-as_of_on").values("as_of_on")[:1])


def warnings(scope: Scope, rows: Any = None) -> list[EarlyWarning]:
    """Of each directive in ``rows`` (by default all that are watched), the worst first; one query."""
    found = [warning_of(row, scope) for row in (watched(scope) if rows is None else rows)]
    return sorted(found, key=_urgency)


def top_warnings(scope: Scope, n: int, rows: Any = None) -> list[EarlyWarning]:
    """The ``n`` worst that are not safe, of ``rows`` as in ``warnings``."""
    return [one for one in warnings(scope, rows) if not one.is_safe][:n]


def warning_of(directive: Any, scope: Scope) -> EarlyWarning:
    """The warning of one running directive that has ``last_content``."""
    today = scope.today
    ongoing = directive.deadline_kind in NOTE_A_PERIOD
    expected = None if ongoing else directive.expected_percent(today)
    reported = directive.percent if directive.progress_on else None
    behind = None if expected is None or reported is None else expected - reported
    silent_days = max((today - (directive.last_content or directive.assigned_on)).days, 0)
    overdue_days = 0 if ongoing or directive.due_on is None else max((today - directive.due_on).days, 0)
    by_progress = _by_progress(expected, reported, scope)
    by_silence = _by_silence(silent_days, scope.stale_days)
    level = min(by_progress, by_silence, key=WORST_FIRST.index)
    rule = _rule(by_progress, by_silence, expected is None or reported is None)
    if overdue_days and level in {Level.SAFE, Level.CAUTION}:
        level, rule = Level.RISK, Rule.OVERDUE
    parts = [
        _about_progress(expected, reported),
        _about_deadline(overdue_days),
        _about_silence(silent_days, directive.last_content),
    ]
    sentence = "; ".join(filter(None, parts)) + "."
    return EarlyWarning(directive, level, sentence[0].upper() + sentence[1:], rule, behind, silent_days)


def _by_progress(expected: int | None, reported: int | None, scope: Scope) -> Level:
    if expected is None or reported is None:
        return Level.SAFE
    office = scope.office
    points = (office.caution_points, office.risk_points, office.alarm_points)
    return warning_level(Decimal(expected), Decimal(reported), points) or Level.SAFE


def _by_silence(days: int, stale_days: int) -> Level:
    for times, level in ((3, Level.ALARM), (2, Level.RISK), (1, Level.CAUTION)):
        if days > stale_days * times:
            return level
    return Level.SAFE


def _rule(by_progress: Level, by_silence: Level, is_silence_alone: bool) -> Rule:
    if is_silence_alone or WORST_FIRST.index(by_silence) < WORST_FIRST.index(by_progress):
        return Rule.SILENCE
    return Rule.BOTH if by_progress == by_silence != Level.SAFE else Rule.PROGRESS


def _about_progress(expected: int | None, reported: int | None) -> str:
    if expected is None:
        return ""
    words = {"passed": f"{expected}%", "done": f"{reported}%"}
    if reported is None:
        return _("%(passed)s of the time has passed, no progress is confirmed yet") % words
    if expected > reported:
        points = ngettext(
            "%(passed)s of the time has passed, only %(done)s is done: %(points)s point behind",
            "%(passed)s of the time has passed, only %(done)s is done: %(points)s points behind",
            expected - reported,
        )
        return points % (words | {"points": expected - reported})
    return _("%(passed)s of the time has passed, %(done)s is done: not behind") % words


def _about_deadline(days: int) -> str:
    return ngettext("overdue by %(n)s day", "overdue by %(n)s days", days) % {"n": days} if days else ""


def _about_silence(days: int, last: dt.date | None) -> str:
    if last is None:
        return ngettext(
            "nothing has been reported in the %(n)s day since it was given",
            "nothing has been reported in the %(n)s days since it was given",
            days,
        ) % {"n": days}
    if not days:
        return _("something new was reported today")
    return ngettext("nothing new for %(n)s day", "nothing new for %(n)s days", days) % {"n": days}


def _urgency(one: EarlyWarning) -> tuple[Any, ...]:
    behind = one.behind if one.behind is not None else -1000
    return WORST_FIRST.index(one.level), -behind, -one.silent_days, one.directive.pk
