"""The filters above the lists of obstacles and of early warnings."""

from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker.figures.scope import Scope
from tracker.figures.warnings import EarlyWarning, watched
from tracker.forms.filter_fields import LONGEST_SEARCH, UNKNOWN, AgencyFilter
from tracker.forms.filters import ListFilter
from tracker.judgement import Level
from tracker.models import Field, Obstacle

LEVELS = {
    Level.ALARM: pgettext_lazy("early warning", "Alarm"),
    Level.RISK: pgettext_lazy("early warning", "At risk"),
    Level.CAUTION: pgettext_lazy("early warning", "Caution"),
    Level.SAFE: pgettext_lazy("early warning", "Safe"),
}


class ObstacleFilter(ListFilter):
    """The filters of the list of obstacles; without a state the open ones are shown."""

    OPEN, OVERDUE, SOLVED, ALL = "open", "overdue", "solved", "all"
    STATES = (
        (OPEN, pgettext_lazy("obstacle", "Open")),
        (OVERDUE, _("Overdue")),
        (SOLVED, pgettext_lazy("obstacle", "Solved")),
        (ALL, _("All")),
    )

    tt = filters.ChoiceFilter(label=_("Status"), method="leave", choices=STATES, error_messages=UNKNOWN)
    cq = AgencyFilter(label=_("Agency that must solve it"), field_name="solver", max_length=LONGEST_SEARCH)
    nv = filters.CharFilter(
        label=_("Code of the directive"), field_name="directive__code", lookup_expr="iexact", max_length=20
    )

    @property
    def SHOWN(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("tt", "cq", "nv") if self.user.sees_everything else ("tt", "nv")

    def start(self, values: dict[str, Any]) -> Any:
        rows = Obstacle.objects.visible_to(self.user)
        match values.get("tt") or self.OPEN:
            case self.OVERDUE:
                return rows.overdue(self.today)
            case self.SOLVED:
                return rows.solved()
            case self.ALL:
                return rows
        return rows.standing()


class WarningFilter(ListFilter):
    """The filters of the list of early warnings; without a level the safe directives are hidden."""

    ALL = "all"

    md = filters.ChoiceFilter(
        label=_("Level"),
        method="leave",
        choices=[*((level.value, label) for level, label in LEVELS.items()), (ALL, _("All"))],
        empty_label=_("All but safe"),
        error_messages=UNKNOWN,
    )
    lv = filters.ChoiceFilter(
        label=_("Field of work"), field_name="field__code", empty_label=_("All"), error_messages=UNKNOWN
    )
    cq = AgencyFilter(label=_("Agency"), method="of_agency", max_length=LONGEST_SEARCH)

    def prepare(self) -> None:
        self.filters["lv"].extra["choices"] = [(row.code, row.label) for row in Field.objects.all()]
        self.scope = Scope.of(self.user, self.today)

    @property
    def SHOWN(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("md", "lv", "cq") if self.user.sees_everything else ("md", "lv")

    @property
    def level(self) -> str:
        return self.form.cleaned_data.get("md") or ""

    def shown(self, found: list[EarlyWarning]) -> list[EarlyWarning]:
        """Of all levels the one asked for; without one what is not safe."""
        if self.level == self.ALL:
            return found
        return [one for one in found if (one.level == self.level if self.level else not one.is_safe)]

    def start(self, values: dict[str, Any]) -> Any:
        return watched(self.scope)

    def of_agency(self, rows: Any, name: str, agency: Any) -> Any:
        return rows.assigned_to(agency)
