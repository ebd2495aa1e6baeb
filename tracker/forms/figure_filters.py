"""The filters above the lists of figures and of the questions about them."""

from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from tracker.forms.filter_fields import WindowFilter, field_filter
from tracker.forms.filters import LONGEST_SEARCH, UNKNOWN, AgencyFilter, ListFilter
from tracker.models import DataQuestion, Indicator, Measurement, ReportingPeriod, ReportStatus
from tracker.vietnamese.text import fold

YES = [("1", _("Yes"))]


def _choice(label: Any, field_name: str, choices: Any) -> filters.ChoiceFilter:
    return filters.ChoiceFilter(
        label=label, field_name=field_name, choices=choices, empty_label=_("All"), error_messages=UNKNOWN
    )


class FigureFilter(ListFilter):
    """The filters of the list of figures; with ``indicator`` of the figures of one."""

    indicator: Indicator | None = None

    tt = _choice(_("Status"), "status", ReportStatus.choices)
    ky = _choice(_("Period"), "period__code", [])
    cq = AgencyFilter(label=_("Agency"), field_name="agency", max_length=LONGEST_SEARCH)
    vai = _choice(_("Whose figure"), "role", Measurement.Role.choices)
    ct = filters.CharFilter(
        label=_("Code of the indicator"),
        field_name="indicator__code",
        lookup_expr="iexact",
        max_length=20,
    )
    lv = field_filter("indicator__field__code")
    kbc = WindowFilter(label=_("Periods within"), method="within", max_length=40)
    uoc = filters.ChoiceFilter(
        label=_("Estimates never replaced"), method="never_replaced", choices=YES, error_messages=UNKNOWN
    )
    hoi = filters.ChoiceFilter(
        label=_("With an open question"), method="questioned", choices=YES, error_messages=UNKNOWN
    )

    def prepare(self) -> None:
        periods = ReportingPeriod.objects.of_all().filter(
            starts_on__lte=self.today, year__gte=self.today.year - 1
        )
        found = list(periods.order_by("-ends_on", "-starts_on"))
        asked = self.data.get("ky", "")[:40].replace("\x00", "")
        if asked and asked not in {period.code for period in found}:
            found += ReportingPeriod.objects.of_all().filter(code=asked)
        self.filters["ky"].extra["choices"] = [(period.code, period.label) for period in found]

    @property
    def SHOWN(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("tt", "ky", "cq", "vai") if self.user.sees_everything else ("tt", "ky")

    def start(self, values: dict[str, Any]) -> Any:
        rows = Measurement.objects.visible_to(self.user)
        return rows.filter(indicator=self.indicator) if self.indicator else rows

    def matching(self, rows: Any, name: str, text: str) -> Any:
        return rows.filter(indicator__search__contains=fold(text))

    def never_replaced(self, rows: Any, name: str, value: str) -> Any:
        return rows.estimates_never_replaced(self.today)

    def questioned(self, rows: Any, name: str, value: str) -> Any:
        return rows.with_open_question()

    def within(self, rows: Any, name: str, window: ReportingPeriod) -> Any:
        return rows.filter(period__in=ReportingPeriod.objects.within(window))


class QuestionFilter(ListFilter):
    """The filters of the list of questions."""

    OPEN, ANSWERED = "open", "answered"

    tt = filters.ChoiceFilter(
        label=_("Status"),
        method="in_state",
        choices=[(OPEN, _("Still to be answered")), (ANSWERED, _("Answered"))],
        empty_label=_("All"),
        error_messages=UNKNOWN,
    )
    loai = _choice(_("What is asked"), "kind", DataQuestion.Kind.choices)
    cq = AgencyFilter(label=_("Agency"), field_name="measurement__agency", max_length=LONGEST_SEARCH)
    ct = filters.CharFilter(
        label=_("Code of the indicator"),
        field_name="measurement__indicator__code",
        lookup_expr="iexact",
        max_length=20,
    )

    @property
    def SHOWN(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("tt", "loai", "cq") if self.user.sees_everything else ("tt", "loai")

    def start(self, values: dict[str, Any]) -> Any:
        return DataQuestion.objects.visible_to(self.user)

    def matching(self, rows: Any, name: str, text: str) -> Any:
        return rows.filter(measurement__indicator__search__contains=fold(text))

    def in_state(self, rows: Any, name: str, state: str) -> Any:
        return rows.filter(answered_at__isnull=state == self.OPEN)
